//! Services for other providers than AWS.

use super::*;

fn of(name: &str, functions: &str) -> Loaded {
    let loaded =
        expand(&format!("service: svc\nprovider: {{name: {name}, runtime: nodejs18}}\nfunctions:\n{functions}"));
    assert_eq!(loaded.kinds(), [ProblemKind::UnsupportedProvider]);
    loaded
}

/// Ids and kinds of all parts.
fn parts(loaded: &Loaded) -> Vec<(String, String)> {
    let parts = loaded.resources().iter();
    parts
        .map(|part| (part.key.to_string(), part.value.get("Type").and_then(Value::as_str).unwrap_or("").into()))
        .collect()
}

#[test]
fn functions_and_triggers() {
    for (name, functions, expected) in [
        ("google", "  f: {handler: http, events: [{http: path}]}\n", vec!["f Function", "fHttp1 Route"]),
        (
            "google",
            "  f: {handler: on, events: [{event: {eventType: google.pubsub.topic.publish, resource: projects/p/topics/t}}]}\n",
            vec!["f Function", "fEvent1 Topic"],
        ),
        (
            "azure",
            "  f:\n    handler: h\n    events:\n      - http: true\n        x-azure-settings: {authLevel: anonymous}\n      - http: true\n        x-azure-settings: {direction: out, name: res}\n      - serviceBus: jobs\n      - timer: true\n",
            vec!["f Function", "fHttp1 Route", "fServiceBus2 Queue", "fTimer3 Schedule"],
        ),
        (
            "openwhisk",
            "  f: {handler: h, events: [{schedule: 'cron(* * * * *)'}, {trigger: t}]}\n",
            vec!["f Function", "fSchedule1 Schedule", "fTrigger2 Event"],
        ),
        ("spotinst", "  f: {handler: h, access: public}\n", vec!["f Function", "fHttp Route"]),
        ("spotinst", "  f: {handler: h, access: private}\n", vec!["f Function"]),
        (
            "nobody-knows",
            "  f:\n  g: {}\n  h: {events: [{someEvent: {a: b}}, odd, 3, null]}\n",
            vec!["f Function", "g Function", "h Function", "hSomeEvent1 Event", "hOdd2 Event"],
        ),
    ] {
        let loaded = of(name, functions);
        let found: Vec<String> =
            parts(&loaded).into_iter().map(|(id, ty)| format!("{id} {}", &ty["Elsewhere::".len()..])).collect();
        assert_eq!(found, expected, "{name} {functions}");
    }
}

#[test]
fn settings_are_the_functions_or_the_providers() {
    let loaded = expand(
        "service: svc\nprovider: {name: google, runtime: python37, timeout: 60s, environment: {A: x}}\n\
         functions:\n  f: {handler: h, runtime: python312, environment: {B: y}}\n  g: {handler: h, memorySize: 512}\n",
    );
    let property = |id: &str, path: &[&str]| loaded.root.at(&[&["Resources", id, "Properties"], path].concat());
    let text = |id: &str, path: &[&str]| property(id, path).map(|value| json::to_json(value).to_string());
    assert_eq!(text("f", &["Runtime"]).as_deref(), Some("\"python312\""));
    assert_eq!(text("g", &["Runtime"]).as_deref(), Some("\"python37\""));
    assert_eq!(text("g", &["Timeout"]).as_deref(), Some("\"60s\""));
    assert_eq!(text("f", &["Environment", "Variables"]).as_deref(), Some(r#"{"A":"x","B":"y"}"#));
    assert_eq!(text("f", &["MemorySize"]), None);
    assert_eq!(text("g", &["MemorySize"]).as_deref(), Some("512"));
    // A provider without such a setting leaves nothing out.
    let azure = of("azure", "  f: {handler: h}\n");
    assert!(azure.shown(&["Resources", "f", "Properties", "Timeout"]).starts_with("\"<<"));
}

#[test]
fn sequences_call_their_steps() {
    let loaded = of("openwhisk", "  a: {handler: h}\n  b: {handler: h}\n  both: {sequence: [a, /ns/pkg/b]}\n");
    assert_eq!(loaded.shown(&["Resources", "both", "Properties", "Calls"]), r#"[{"Ref":"a"},{"Ref":"b"}]"#);
}

#[test]
fn functions_that_code_makes_are_left_open() {
    let files = [("app/functions.js", "")];
    let text = "service: svc\nprovider: {name: google}\nfunctions: ${file(functions.js)}\n";
    let loaded = expand_with(text, &files, &Inputs::default());
    assert!(loaded.at(&["Resources"]).origin.is_incomplete());
}
