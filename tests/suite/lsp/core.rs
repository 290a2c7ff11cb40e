//! Texts, diagnostics, configuration, folders, cancellation.

use super::client::{Client, capabilities, codes, has};
use serde_json::{Value, json};

const CFN: &str = "Resources:
  Worker:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: nodejs22.x
      Handler: a.b
      Timeout: 1000
      Role: arn:aws:iam::111122223333:role/r
      Code: {S3Bucket: b, S3Key: k}
";
const SAM: &str = "Transform: AWS::Serverless-2016-10-31
Resources:
  Worker:
    Type: AWS::Serverless::Function
    Properties: {Handler: a.b, Runtime: nodejs24.x, CodeUri: ., Timeout: 1000}
";
const SLS: &str = "service: shop
provider: {name: aws, runtime: nodejs20.x}
functions:
  worker: {handler: a.b, timeout: 1000}
";

#[test]
fn the_server_tells_its_name_and_version() {
    let client = Client::start(&[]);
    assert_eq!(client.initialized["serverInfo"], json!({ "name": "dewline", "version": env!("CARGO_PKG_VERSION") }));
    let refusal = client.refusal("textDocument/nothing", json!({}));
    assert_eq!(refusal["code"], -32601);
    let refusal = client.refusal("textDocument/diagnostic", json!({ "textDocument": 7 }));
    assert_eq!(refusal["code"], -32602);
}

#[test]
fn diagnostics_are_pushed_for_all_dialects_and_for_broken_text() {
    let client = Client::start(&[]);
    for (name, text) in [("a b/template.yaml", CFN), ("sam.yaml", SAM), ("serverless.yml", SLS)] {
        client.open(name, text);
        let found = client.diagnostics(name);
        assert!(has(&found, "function-timeout-range"), "{found}");
    }
    let broken = CFN.replace("Code: {S3Bucket: b, S3Key: k}", "Code: {S3Bucket: b, S3Key: 'k}");
    client.open("broken.yaml", &broken);
    let found = client.diagnostics("broken.yaml");
    assert!(has(&found, "syntax-error") && has(&found, "function-timeout-range"), "{found}");
    client.open("other.yaml", "hello: world\n");
    assert!(codes(&client.diagnostics("other.yaml")).is_empty());
}

#[test]
fn a_diagnostic_carries_what_the_client_needs() {
    let client = Client::start(&[]);
    let text = "Transform: AWS::Serverless-2016-10-31
Resources:
  Api:
    Type: AWS::Serverless::Api
    Properties: {StageName: prod}
  Slow:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs24.x
      Handler: a.b
      CodeUri: .
      Timeout: 60
      Events:
        Get: {Type: Api, Properties: {Path: /, Method: get, RestApiId: !Ref Api}}
Parameters:
  Unused: {Type: String}
";
    client.open("template.yaml", text);
    let found = client.diagnostics("template.yaml");
    let list = found["diagnostics"].as_array().unwrap();
    let slow = list.iter().find(|d| d["code"] == "rest-api-timeout-exceeded").unwrap();
    assert_eq!(slow["source"], "dewline");
    assert_eq!(slow["severity"], 1);
    assert_eq!(slow["range"]["start"]["line"], 11);
    assert!(slow["relatedInformation"].as_array().is_some_and(|related| !related.is_empty()), "{slow}");
    assert_eq!(slow["data"]["policy"], "rest-api-timeout-exceeded");
    let unused = list.iter().find(|d| d["code"] == "unused-parameter").unwrap();
    assert_eq!(unused["tags"], json!([1]));
}

#[test]
fn edits_are_applied_in_the_negotiated_encoding() {
    for (offered, expected) in [
        (json!(["utf-8"]), "utf-8"),
        (json!(["utf-16", "utf-8"]), "utf-8"),
        (json!(["utf-16"]), "utf-16"),
        (json!(["utf-32"]), "utf-32"),
        (Value::Null, "utf-16"),
    ] {
        let mut able = capabilities();
        able["general"]["positionEncodings"] = offered;
        let client = Client::with(&[], able, json!({}));
        assert_eq!(client.initialized["capabilities"]["positionEncoding"], expected);
        let text = CFN.replace("Timeout: 1000", "Description: '😀ä', Timeout: 30").replace(
            "    Properties:\n      Runtime: nodejs22.x\n      Handler: a.b\n      ",
            "    Properties: {Runtime: nodejs22.x, Handler: a.b, ",
        );
        let text =
            text.replace("\n      Role: ", ", Role: ").replace("\n      Code: ", ", Code: ").replace("k}\n", "k}}\n");
        client.open("t.yaml", &text);
        assert!(!has(&client.diagnostics("t.yaml"), "function-timeout-range"), "{text}");
        let (number, line) = text.lines().enumerate().find(|(_, line)| line.contains("Timeout")).unwrap();
        let before = &line[..line.find("30").unwrap()];
        let from = match expected {
            "utf-8" => before.len(),
            "utf-16" => before.encode_utf16().count(),
            _ => before.chars().count(),
        };
        let at = |character: usize| json!({ "line": number, "character": character });
        client.change("t.yaml", 2, json!([{ "range": { "start": at(from), "end": at(from + 2) }, "text": "3000" }]));
        let found = client.diagnostics("t.yaml");
        assert_eq!(found["version"], 2);
        let list = found["diagnostics"].as_array().unwrap();
        let one = list.iter().find(|d| d["code"] == "function-timeout-range").unwrap();
        assert_eq!(one["range"], json!({ "start": at(from), "end": at(from + 4) }));
    }
}

#[test]
fn an_included_file_shows_what_its_template_says_of_it() {
    let service = "service: shop
provider: {name: aws, runtime: nodejs20.x}
functions: ${file(functions.yml)}
";
    let functions = "worker: {handler: a.b, timeout: 1000}\n";
    let client = Client::start(&[("serverless.yml", service), ("functions.yml", functions)]);
    // The template is not open: it is found because it includes the open file.
    client.open("functions.yml", functions);
    let found = client.diagnostics_when("functions.yml", |params| has(params, "function-timeout-range"));
    assert_eq!(found["diagnostics"][0]["range"]["start"]["line"], 0);
    client.replace("functions.yml", 2, &functions.replace("1000", "10"));
    client.diagnostics_when("functions.yml", |params| !has(params, "function-timeout-range"));
    // An open template reads the text the editor has, not the one on disk.
    client.open("serverless.yml", service);
    client.diagnostics("serverless.yml");
    client.replace("functions.yml", 3, functions);
    client.diagnostics_when("functions.yml", |params| has(params, "function-timeout-range"));
    client.close("functions.yml");
    client.write("functions.yml", &functions.replace("1000", "20"));
    let change = json!({ "changes": [{ "uri": client.uri("functions.yml"), "type": 2 }] });
    client.notify("workspace/didChangeWatchedFiles", change);
    client.diagnostics_when("functions.yml", |params| !has(params, "function-timeout-range"));
}

fn pulling() -> Value {
    let mut able = capabilities();
    able["textDocument"]["diagnostic"] = json!({ "dynamicRegistration": false, "relatedDocumentSupport": true });
    able
}

#[test]
fn diagnostics_can_be_pulled() {
    let service = SLS.replace("  worker: {handler: a.b, timeout: 1000}", "  ${file(functions.yml)}");
    let functions = "worker: {handler: a.b, timeout: 1000}\n";
    let files = [("serverless.yml", service.as_str()), ("functions.yml", functions), ("b/template.yaml", CFN)];
    let client = Client::with(&files, pulling(), json!({}));
    client.open("b/template.yaml", CFN);
    let ask = |previous: Value| {
        let document = json!({ "uri": client.uri("b/template.yaml") });
        client.request("textDocument/diagnostic", json!({ "textDocument": document, "previousResultId": previous }))
    };
    let first = ask(Value::Null);
    assert_eq!(first["kind"], "full");
    assert!(has(&first, "function-timeout-range"));
    assert_eq!(ask(first["resultId"].clone())["kind"], "unchanged");
    client.replace("b/template.yaml", 2, &CFN.replace("1000", "10"));
    assert!(!has(&ask(first["resultId"].clone()), "function-timeout-range"));
    let all = client.request("workspace/diagnostic", json!({ "previousResultIds": [] }));
    let items = all["items"].as_array().unwrap();
    let of = |name: &str| items.iter().find(|item| item["uri"] == client.uri(name)).unwrap();
    assert!(has(of("functions.yml"), "function-timeout-range"), "{all}");
    assert!(!has(of("b/template.yaml"), "function-timeout-range"));
    let known: Vec<Value> = items.iter().map(|item| json!({ "uri": item["uri"], "value": item["resultId"] })).collect();
    let again = client.request("workspace/diagnostic", json!({ "previousResultIds": known }));
    assert!(again["items"].as_array().unwrap().iter().all(|item| item["kind"] == "unchanged"), "{again}");
}

#[test]
fn the_nearest_configuration_counts_and_is_watched() {
    let files = [
        ("one/dewline.yaml", "ignore: [function-timeout-range]\n"),
        ("one/template.yaml", CFN),
        ("two/template.yaml", CFN),
    ];
    let client = Client::start(&files);
    for (name, expected) in [("one/template.yaml", false), ("two/template.yaml", true)] {
        client.open(name, CFN);
        assert_eq!(has(&client.diagnostics(name), "function-timeout-range"), expected, "{name}");
    }
    client.write("one/dewline.yaml", "ignore: []\n");
    let change = json!({ "changes": [{ "uri": client.uri("one/dewline.yaml"), "type": 2 }] });
    client.notify("workspace/didChangeWatchedFiles", change);
    client.diagnostics_when("one/template.yaml", |params| has(params, "function-timeout-range"));
    // While it is broken, the user is told once, and the templates keep their answers.
    client.write("one/dewline.yaml", "profil: strict\n");
    client.notify("textDocument/didSave", json!({ "textDocument": { "uri": client.uri("one/dewline.yaml") } }));
    let told = client.next("window/showMessage");
    assert!(told["message"].as_str().unwrap().contains("profil"), "{told}");
    client.diagnostics_when("one/template.yaml", |params| has(params, "function-timeout-range"));
    // Open, it shows its own mistakes.
    client.open("one/dewline.yaml", "profil: strict\n");
    let found = client.diagnostics("one/dewline.yaml");
    assert!(found["diagnostics"][0]["message"].as_str().unwrap().contains("profil"), "{found}");
}

#[test]
fn the_client_configures_the_server() {
    let client = Client::with(&[], capabilities(), json!({ "ignore": ["function-timeout-range"] }));
    client.open("template.yaml", CFN);
    assert!(!has(&client.diagnostics("template.yaml"), "function-timeout-range"));
    let settings = json!({ "settings": { "dewline": { "select": ["function-timeout-range"] } } });
    client.notify("workspace/didChangeConfiguration", settings);
    let found = client.diagnostics_when("template.yaml", |params| has(params, "function-timeout-range"));
    assert_eq!(codes(&found), ["function-timeout-range"]);
    // A client that only says that something changed is asked.
    client.answers.borrow_mut().insert("workspace/configuration".into(), json!([{ "ignore": ["all"] }]));
    client.notify("workspace/didChangeConfiguration", json!({ "settings": null }));
    client.diagnostics_when("template.yaml", |params| codes(params).is_empty());
    client.answers.borrow_mut().insert("workspace/configuration".into(), json!([{ "select": ["no-such-policy"] }]));
    client.notify("workspace/didChangeConfiguration", json!({ "settings": null }));
    let told = client.wait_for(|message| message["method"] == "window/showMessage");
    assert!(told.to_string().contains("no-such-policy"), "{told}");
    let registered = client.next("client/registerCapability").to_string();
    assert!(registered.contains("workspace/didChangeWatchedFiles") && registered.contains("samconfig.toml"));
}

#[test]
fn folders_come_and_go() {
    let client = Client::with(&[("a/template.yaml", CFN), ("b/template.yaml", CFN)], pulling(), json!({}));
    let folder = |name: &str| json!({ "uri": client.uri(name), "name": name });
    let root = json!({ "uri": client.uri("."), "name": "w" });
    let paths = || {
        let all = client.request("workspace/diagnostic", json!({ "previousResultIds": [] }));
        all["items"].as_array().unwrap().iter().map(|item| item["uri"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(paths().len(), 2);
    let change = json!({ "event": { "added": [folder("a")], "removed": [root] } });
    client.notify("workspace/didChangeWorkspaceFolders", change);
    assert_eq!(paths(), [client.uri("a/template.yaml")]);
    let change = json!({ "event": { "added": [folder("b")], "removed": [folder("a")] } });
    client.notify("workspace/didChangeWorkspaceFolders", change);
    assert_eq!(paths(), [client.uri("b/template.yaml")]);
}

#[test]
fn organisation_rules_join_when_they_arrive() {
    let rule = "# severity: high\nrule worker_has_description {\n  Resources.*[ Type == 'AWS::Lambda::Function' ] { Properties.Description exists }\n}\n";
    let suppressed = CFN.replace("  Worker:", "  # dewline: ignore[worker-has-description] not here\n  Worker:");
    let client = Client::start(&[("dewline.yaml", "guard: [rules.guard]\n"), ("rules.guard", rule)]);
    client.open("template.yaml", CFN);
    client.diagnostics_when("template.yaml", |params| has(params, "worker-has-description"));
    client.open("suppressed.yaml", &suppressed);
    // Before the rules have run, their suppression is not called unused.
    let first = client.diagnostics("suppressed.yaml");
    let second = client.diagnostics("suppressed.yaml");
    for found in [first, second] {
        assert!(!has(&found, "unused-suppression") && !has(&found, "worker-has-description"), "{found}");
    }
}

#[test]
fn known_findings_of_a_baseline_are_not_shown() {
    let client = Client::start(&[("template.yaml", CFN)]);
    let made = std::process::Command::new(env!("CARGO_BIN_EXE_dewline"))
        .args(["check", "template.yaml", "--write-baseline", "baseline.json"])
        .current_dir(client.folder.path())
        .output()
        .unwrap();
    assert!(made.status.success(), "{made:?}");
    client.write("dewline.yaml", "baseline: baseline.json\n");
    client.open("template.yaml", CFN);
    assert!(codes(&client.diagnostics("template.yaml")).is_empty());
    client.replace("template.yaml", 2, &CFN.replace("nodejs22.x", "nodejs8.10"));
    let found = client.diagnostics_when("template.yaml", |params| !codes(params).is_empty());
    assert!(!has(&found, "function-timeout-range"), "{found}");
}

#[test]
fn a_cancelled_request_is_answered_as_such() {
    let client = Client::with(&[], pulling(), json!({}));
    let mut large = String::from("Resources:\n");
    for number in 0..400 {
        large += &CFN["Resources:\n".len()..].replace("Worker", &format!("Worker{number}"));
    }
    client.open("large.yaml", &large);
    let document = json!({ "textDocument": { "uri": client.uri("large.yaml") } });
    let first = client.ask("textDocument/diagnostic", document.clone());
    let second = client.ask("textDocument/diagnostic", document.clone());
    client.notify("$/cancelRequest", json!({ "id": second }));
    let answers = client.answers_to(&[first, second]);
    assert_eq!(answers[&second]["error"]["code"], -32800, "{}", answers[&second]);
    assert!(answers[&first].get("result").is_some());
    // An answer about an older text is dropped.
    let stale = client.ask("textDocument/diagnostic", document.clone());
    client.replace("large.yaml", 2, &format!("{large}\n# end\n"));
    client.replace("large.yaml", 3, &large);
    let stale = client.answer_to(stale);
    assert!(stale["error"]["code"] == -32801 || stale.get("result").is_some(), "{stale}");
    assert!(client.request("textDocument/diagnostic", document)["items"].is_array());
}

#[test]
fn status_and_log_tell_what_the_server_does() {
    let client = Client::start(&[("dewline.yaml", "profile: strict\n")]);
    client.open("template.yaml", CFN);
    client.diagnostics("template.yaml");
    let status = client.request("dewline/status", Value::Null);
    assert_eq!(status["version"], env!("CARGO_PKG_VERSION"));
    let document = &status["documents"][0];
    assert_eq!(document["template"]["dialect"], "cloudformation");
    assert!(document["template"]["configuration"].as_str().unwrap().ends_with("dewline.yaml"), "{status}");
    let log = client.log();
    assert!(log.contains("textDocument/didOpen") && log.contains("checked "), "{log}");
}
