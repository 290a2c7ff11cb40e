//! One file in, findings out: the pipeline behind the command line and the language server.
//!
//! The engine never touches the file system or the clock; files come from a
//! [`Files`](crate::source::Files) provider and the date from [`Settings`].

mod analyze;
mod cfn_lint;
mod consequences;
mod fold;
mod selection;
mod settings;
mod shared_values;
mod suppress;

pub use crate::template::dialect::may_be_template;
pub use analyze::{Analysis, Staged, analyze};
pub use selection::{Selected, SelectedRule, Selection, SelectionError, SelectionRequest, is_selector, names_matching};
pub use settings::Settings;
