//! The contract between the graph and a policy.
//!
//! A policy is one file: a [`policy!`](crate::policy!) declaration whose doc comment is the
//! product documentation, and a function that reads a [`Context`] and reports. Everything
//! else (explain, docs pages, SARIF metadata, hover, example tests) derives from [`Meta`].

mod context;
mod known;
mod meta;
mod options;
pub mod own;
mod remedy;

pub use crate::source::{closest, distance};
pub use context::{Context, Draft, Place, Report};
pub use known::{Costs, Known};
pub use meta::{Example, FixKind, Made, Meta, Profile};
pub use options::{OptionDefault, OptionSpec, OptionValue, Options};
pub use remedy::{Change, Remedy};

/// A policy: its description and its check.
#[derive(Debug)]
pub struct Policy {
    /// What reports, documentation and selection need.
    pub meta: Meta,
    /// The check. Pure: reads the context, reports into it.
    pub check: fn(&mut Context<'_>),
}

/// Declares a policy. The doc comment is the documentation:
///
/// - the first line says in one sentence what is wrong (the defect, not the rule);
/// - `## Why it matters`, `## How to fix`, `## When to suppress`, `## Source` follow;
/// - fenced examples ` ```yaml,sam,fail ` / ` ```yaml,serverless,pass ` run as tests.
#[macro_export]
macro_rules! policy {
    ($(#[doc = $doc:literal])+ $vis:vis static $ident:ident = $name:literal {
        category: $category:ident, severity: $severity:ident, profile: $profile:ident, fix: $fix:ident,
        since: $since:literal, $(risks: [$($risk:literal),* $(,)?],)? $(options: $options:expr,)? check: $check:path $(,)?
    }) => {
        $(#[doc = $doc])+
        $vis static $ident: $crate::policy::Policy = $crate::policy::Policy {
            meta: $crate::policy::Meta {
                name: $name,
                category: $crate::finding::Category::$category,
                severity: $crate::finding::Severity::$severity,
                profile: $crate::policy::Profile::$profile,
                fix: $crate::policy::FixKind::$fix,
                since: $since,
                risks: &[$($($risk),*)?],
                options: { #[allow(unused_mut, unused_assignments, unused_variables)] { let options: &'static [$crate::policy::OptionSpec] = &[]; $(let options: &'static [$crate::policy::OptionSpec] = $options;)? options } },
                docs: concat!($($doc, "\n"),+),
                file: file!(),
                made: $crate::policy::Made::BuiltIn,
            },
            check: $check,
        };
    };
}
