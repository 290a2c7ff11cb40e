//! The language server, driven over an in-memory connection.

#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)] // a test may fail

use dewline::engine::{Selection, SelectionRequest, Settings};
use dewline::facts::date::Date;
use dewline::server;
use dewline::source::{Files, ReadError, SourceFile};
use dewline::template::Inputs;
use lsp_server::{Connection, Message, Notification, Request};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

struct NoFiles;

impl Files for NoFiles {
    fn read(&self, _: &str) -> Result<Arc<SourceFile>, ReadError> {
        Err(ReadError::Missing)
    }
    fn exists(&self, _: &str) -> bool {
        false
    }
    fn size(&self, _: &str) -> Option<u64> {
        None
    }
}

struct Client {
    connection: Connection,
    server: Option<std::thread::JoinHandle<()>>,
}

impl Client {
    fn start(encodings: &[&str]) -> (Self, Value) {
        let (server, connection) = Connection::memory();
        let thread = std::thread::spawn(move || {
            let settings = Settings {
                selection: Selection::new(&SelectionRequest::default()).unwrap(),
                today: Date { year: 2026, month: 11, day: 23 },
                inputs: Inputs::default(),
                guard: Vec::new(),
                require_reason: false,
            };
            server::serve(&server, &NoFiles, &settings).unwrap();
        });
        let client = Self { connection, server: Some(thread) };
        let capabilities = json!({ "general": { "positionEncodings": encodings } });
        client.send(Message::Request(Request::new(
            1.into(),
            "initialize".into(),
            json!({ "capabilities": capabilities }),
        )));
        let Message::Response(answer) = client.receive() else { panic!("no answer") };
        client.notify("initialized", json!({}));
        (client, serde_json::to_value(answer).unwrap())
    }

    fn send(&self, message: Message) {
        self.connection.sender.send(message).unwrap();
    }

    fn notify(&self, method: &str, parameters: Value) {
        self.send(Message::Notification(Notification::new(method.into(), parameters)));
    }

    fn receive(&self) -> Message {
        self.connection.receiver.recv_timeout(Duration::from_secs(20)).unwrap()
    }

    fn open(&self, uri: &str, text: &str) -> Value {
        let document = json!({ "uri": uri, "languageId": "yaml", "version": 1, "text": text });
        self.notify("textDocument/didOpen", json!({ "textDocument": document }));
        self.diagnostics()
    }

    fn diagnostics(&self) -> Value {
        loop {
            if let Message::Notification(notification) = self.receive()
                && notification.method == "textDocument/publishDiagnostics"
            {
                return notification.params;
            }
        }
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        self.send(Message::Request(Request::new(99.into(), "shutdown".into(), json!(null))));
        self.notify("exit", json!(null));
        if let Some(server) = self.server.take() {
            let ended = server.join();
            assert!(std::thread::panicking() || ended.is_ok());
        }
    }
}

fn codes(parameters: &Value) -> Vec<&str> {
    let diagnostics = parameters["diagnostics"].as_array().unwrap();
    diagnostics.iter().map(|diagnostic| diagnostic["code"].as_str().unwrap()).collect()
}

#[test]
fn diagnostics_are_pushed_for_all_dialects_and_for_broken_text() {
    let (client, answer) = Client::start(&["utf-16"]);
    assert!(answer.to_string().contains("utf-16"));
    let cfn = "Resources:\n  Ä: &a {Type: 'AWS::Lambda::Function', Properties: {Timeout: 1000, Role: r, Code: {S3Bucket: b, S3Key: k}}}\n";
    let answer = client.open("file:///w/a%20b/template.yaml", cfn);
    assert!(codes(&answer).contains(&"function-timeout-range"), "{answer}");
    let sam = "Transform: AWS::Serverless-2016-10-31\nResources:\n  F: {Type: 'AWS::Serverless::Function', Properties: {Handler: a.b, Runtime: nodejs24.x, CodeUri: ., Timeout: 1000}}\n";
    assert!(codes(&client.open("file:///w/sam.yaml", sam)).contains(&"function-timeout-range"));
    let sls =
        "service: shop\nprovider: {name: aws, runtime: nodejs20.x}\nfunctions:\n  f: {handler: a.b, timeout: 1000}\n";
    assert!(codes(&client.open("file:///w/serverless.yml", sls)).contains(&"function-timeout-range"));
    let broken =
        "Resources:\n  Fn:\n    Type: AWS::Lambda::Function\n    Properties:\n      Timeout: 1000\n      Role: 'r\n";
    let answer = client.open("file:///w/broken.yaml", broken);
    assert!(codes(&answer).contains(&"syntax-error") && codes(&answer).contains(&"function-timeout-range"), "{answer}");
    assert_eq!(codes(&client.open("file:///w/other.yaml", "hello: world\n")), Vec::<&str>::new());
}

#[test]
fn edits_are_applied_in_the_negotiated_encoding() {
    for encoding in ["utf-8", "utf-16"] {
        let (client, answer) = Client::start(&[encoding]);
        assert!(answer.to_string().contains(encoding));
        let text = "Resources:\n  F: {Type: 'AWS::Lambda::Function', Properties: {Role: r, Code: {ZipFile: x},\n    Description: '😀', Timeout: 30}}\n";
        assert!(!codes(&client.open("file:///w/t.yaml", text)).contains(&"function-timeout-range"));
        let at = |character: u32| json!({ "line": 2, "character": character });
        let line = text.lines().nth(2).unwrap();
        let before = &line[..line.find("30").unwrap()];
        let from = if encoding == "utf-8" { before.len() } else { before.encode_utf16().count() } as u32;
        let change = json!({ "range": { "start": at(from), "end": at(from + 2) }, "text": "3000" });
        client.notify(
            "textDocument/didChange",
            json!({ "textDocument": { "uri": "file:///w/t.yaml", "version": 2 }, "contentChanges": [change] }),
        );
        let answer = client.diagnostics();
        assert_eq!(answer["version"], 2);
        let found = answer["diagnostics"]
            .as_array()
            .unwrap()
            .iter()
            .find(|d| d["code"] == "function-timeout-range")
            .cloned()
            .unwrap();
        assert_eq!(found["range"], json!({ "start": at(from), "end": at(from + 4) }));
    }
}
