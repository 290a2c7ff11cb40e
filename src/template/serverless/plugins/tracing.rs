//! `serverless-plugin-tracing`: X-Ray by function.

use crate::template::serverless::naming;
use crate::template::serverless::output::Output;
use crate::template::serverless::service::Service;
use crate::template::value::{Maker, Value};

fn is(value: Option<&Value>, wanted: bool) -> bool {
    let word = if wanted { "true" } else { "false" };
    value.is_some_and(|value| value.as_bool() == Some(wanted) || value.as_str() == Some(word))
}

/// Sets the tracing mode of every function.
pub fn tracing(service: &Service, out: &mut Output) {
    let shared = service.setting(&["tracing"]);
    for function in &service.functions {
        let own = function.get("tracing");
        let on = is(own, true) || is(shared, true) && !is(own, false);
        let cause = own.or(shared).map_or(function.origin, |value| value.origin);
        let maker = Maker::new(cause);
        if let Some(properties) = out.properties(&naming::function(&function.key)) {
            let mode = maker.str(if on { "Active" } else { "PassThrough" });
            properties.insert("TracingConfig", maker.map([("Mode", mode)]));
        }
    }
}
