//! The configuration against the framework's own schema, with its own messages.

mod check;
mod messages;
mod pattern;
mod table;
mod values;

pub use check::{coerce_function, coerce_statements};

use super::service::text;
use crate::template::lowering::Lowering;
use crate::template::problem::{Problem, ProblemKind};
use crate::template::value::Value;
use table::Table;

/// Sections of other generations and of the vendor's dashboard, which shape no template.
const ELSEWHERE: [&str; 9] = ["app", "build", "console", "dashboard", "licenseKey", "org", "stages", "state", "tenant"];

/// Gives `config` the types that the schema asks for and reports what does not fit.
/// `foreign` says whether a key may be one that a plugin brings.
pub fn apply(config: &mut Value, foreign: impl Fn(&str, &str) -> bool, cx: &mut Lowering<'_>) {
    let mode = config.get("configValidationMode").and_then(text);
    let mismatches = check::check(config);
    if mode.as_deref() == Some("off") {
        return;
    }
    let refused = mode.as_deref() == Some("error");
    for mismatch in messages::select(mismatches) {
        if let Some((key, _)) = &mismatch.extra
            && (foreign(&mismatch.instance, key) || (mismatch.instance.is_empty() && ELSEWHERE.contains(&key.as_str())))
        {
            continue;
        }
        if mismatch.instance == "/service" && config.get("service").is_some_and(|service| service.get("name").is_some())
        {
            cx.report(
                Problem::new(
                    ProblemKind::FrameworkConfiguration,
                    mismatch.origin,
                    "`service` is a map; since version 3 the framework takes the name alone",
                )
                .help("write `service: my-name`, and move the other keys to `provider`")
                .code("SERVICE_OBJECT_NOTATION"),
            );
            continue;
        }
        let help = match &mismatch.extra {
            Some((key, node)) => {
                let names = Table::get().node(*node).properties.iter().map(|(name, _)| name.as_str());
                match crate::template::validate::nearest(key, names) {
                    Some(name) => format!("did you mean `{name}`?"),
                    None => "remove it, or add the plugin that knows it; the framework ignores it".to_owned(),
                }
            }
            None if mismatch.keyword == "required" => "add it".to_owned(),
            None => "change the value; the framework checks it against its configuration schema".to_owned(),
        };
        let problem = Problem::new(ProblemKind::FrameworkConfiguration, mismatch.origin, mismatch.message).help(help);
        cx.report(if refused { problem.code("INVALID_NON_SCHEMA_COMPLIANT_CONFIGURATION") } else { problem });
    }
}
