//! What CloudFormation's schemas do not say about functions.

use super::Validation;
use super::checker::Place;
use super::object::each_at;
use crate::template::value::Value;
use crate::template::{ProblemKind, Repair};

impl<'v> Validation<'_, 'v> {
    /// A runtime that AWS no longer takes on the day of the deployment.
    pub(super) fn runtime(&mut self, properties: &'v Value, place: Place<'v>) {
        let mut found = Vec::new();
        each_at(properties, place, "Runtime", &mut |value, _| found.push(value));
        for value in found {
            let Some(name) = value.as_str() else { continue };
            let Some(dates) = self.table.runtime(name) else { continue };
            let passed = |date: &str| !date.is_empty() && date <= self.today;
            let (what, date) = if passed(dates.update_blocked) {
                ("neither created nor updated", dates.update_blocked)
            } else if passed(dates.create_blocked) {
                ("created", dates.create_blocked)
            } else {
                continue;
            };
            let not = if what == "created" { "not be " } else { "be " };
            let help = match dates.successor {
                "" => "move to a supported runtime".to_owned(),
                successor => format!("move to `{successor}`"),
            };
            let message = format!("functions with the runtime `{name}` can {not}{what} any more (since {date})");
            let before = self.problems.len();
            self.report(ProblemKind::RetiredRuntime, value.origin, message, &help);
            let successor = Some(dates.successor).filter(|successor| !successor.is_empty());
            self.repair(before, Repair::respell(value.origin, name, successor));
        }
    }
}
