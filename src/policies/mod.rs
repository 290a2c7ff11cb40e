//! The registry: one line a policy, one file a policy.

mod callers;
mod calls;
mod cfn_lint;
mod cost;
mod elsewhere;
mod flows;
mod grants;
mod limits;
mod machines;
mod mappings;
mod measure;
mod monitoring;
mod new_alarm;
mod open_policies;
mod open_routes;
mod parameters;
mod pings;
mod practice;
mod read;
mod reliability;
mod remedies;
mod secret_properties;
mod secrets;
mod security;
mod statements;
mod timeout;
mod validity;
mod warm_up;
mod written;

use crate::policy::Policy;
pub use cfn_lint::{CFN_LINT, WITHOUT_POLICY, cfn_lint_rules};
pub use elsewhere::holds as holds_elsewhere;
pub use new_alarm::add_alarm;
pub use practice::Practice;
use std::sync::LazyLock;

/// Every policy, by category in the order of documentation, then by name.
pub static ALL: LazyLock<Vec<&'static Policy>> = LazyLock::new(|| {
    [
        security::ALL,
        warm_up::ALL,
        timeout::ALL,
        monitoring::ALL,
        reliability::ALL,
        cost::ALL,
        limits::ALL,
        validity::ALL,
    ]
    .concat()
});

/// The policy of a name.
pub fn find(name: &str) -> Option<&'static Policy> {
    ALL.iter().copied().find(|policy| policy.meta.name == name)
}
