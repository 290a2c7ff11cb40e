//! What the framework warns about, in its words and at the author's place.

use super::*;

/// Messages about the service `rest`, each with the text it points at.
fn said(rest: &str) -> Vec<(String, String)> {
    let loaded = expand(&format!("service: svc\n{rest}"));
    let said = loaded.problems.iter().filter(|problem| problem.kind == ProblemKind::FrameworkConfiguration);
    said.map(|problem| (problem.message.clone(), loaded.written(problem.origin.span()).to_owned())).collect()
}

fn function(settings: &str) -> String {
    format!("provider: {{name: aws}}\nfunctions: {{f: {{handler: h, {settings}}}}}\n")
}

#[test]
fn messages() {
    let cases = [
        (function("memory: 128"), "at 'functions.f': unrecognized property 'memory'", "memory"),
        (function("timeout: 901"), "at 'functions.f.timeout': must be <= 900", "901"),
        (function("timeout: soon"), "at 'functions.f.timeout': must be integer", "soon"),
        (function("events: [{cron: x}]"), "at 'functions.f.events.0': unsupported function event", "{cron: x}"),
        (
            function("events: [{sqs: {batchSize: 5}}]"),
            "at 'functions.f.events.0.sqs': must have required property 'arn'",
            "{batchSize: 5}",
        ),
        (
            function("events: [{schedule: daily}]"),
            "at 'functions.f.events.0.schedule': must match pattern \"^rate\\((?:1 (?:minute|hour|day)|(?:1\\d+|[2-9]\\d*) \
             (?:minute|hour|day)s)\\)$|^cron\\(\\S+ \\S+ \\S+ \\S+ \\S+ \\S+\\)$\"",
            "daily",
        ),
        (
            function("events: [{http: {path: /a, method: get}, cors: true}]"),
            "at 'functions.f.events.0': unrecognized property 'cors'",
            "cors",
        ),
        (
            function("tracing: On"),
            "at 'functions.f.tracing': must be equal to one of the allowed values [Active, PassThrough]",
            "On",
        ),
        ("provider: {name: aws}\nfunction: {}\n".into(), "at root: unrecognized property 'function'", "function"),
        (
            "provider: {name: aws}\nfunctions: {'a b': {handler: h}}\n".into(),
            "at 'functions': name 'a b' must be alphanumeric",
            "'a b'",
        ),
    ];
    for (text, message, place) in cases {
        assert_eq!(said(&text), [(message.to_owned(), place.to_owned())], "{text}");
    }
}

#[test]
fn a_key_of_another_spelling_is_suggested() {
    let loaded = expand(&format!("service: svc\n{}", function("memorysize: 128")));
    assert_eq!(loaded.problems[0].help.as_deref(), Some("did you mean `memorySize`?"));
}

#[test]
fn unknown_values_null_and_convertible_ones_fit() {
    for settings in [
        "timeout: '${env:T}'",
        "memorySize: '512'",
        "description: null",
        "events: [{sqs: '${ssm:/queue}'}, {stream: '${cf:stack.Out}'}]",
        "vpc: '${file(vpc.js)}'",
        "layers: '${ssm:/layer}'",
        "runtime: nodejs99.x",
    ] {
        assert!(said(&function(settings)).is_empty(), "{settings}: {:?}", said(&function(settings)));
    }
}

#[test]
fn the_mode_is_the_authors() {
    let wrong = function("memory: 1");
    assert!(said(&format!("configValidationMode: off\n{wrong}")).is_empty());
    let loaded = expand(&format!("service: svc\nconfigValidationMode: error\n{wrong}"));
    assert_eq!(loaded.problems[0].code, Some("INVALID_NON_SCHEMA_COMPLIANT_CONFIGURATION"));
}

#[test]
fn settings_of_plugins_are_known() {
    let text = |plugin: &str, key: &str| format!("plugins: [{plugin}]\n{}", function(&format!("{key}: {{}}")));
    assert!(said(&text("serverless-plugin-warmup", "warmup")).is_empty());
    assert_eq!(said(&text("serverless-offline", "warmup")).len(), 1);
    assert!(said(&text("some-plugin-of-mine", "anything")).is_empty());
}
