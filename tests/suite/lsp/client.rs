//! A client that drives the real binary over standard input and output.

use serde_json::{Value, json};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// Nothing takes longer, even on a machine that is busy with other things.
const PATIENCE: Duration = Duration::from_secs(20);

/// The server with the folder it serves.
pub struct Client {
    pub folder: tempfile::TempDir,
    child: Child,
    stdin: RefCell<ChildStdin>,
    messages: Receiver<Value>,
    /// Answers to requests of the server, by method.
    pub answers: RefCell<BTreeMap<String, Value>>,
    /// Requests and notifications of the server that nobody has looked at yet.
    waiting: RefCell<Vec<Value>>,
    next: Cell<i64>,
    /// The answer to `initialize`.
    pub initialized: Value,
}

/// What a client of today can do, without pull diagnostics.
pub fn capabilities() -> Value {
    json!({
        "general": { "positionEncodings": ["utf-16", "utf-8"] },
        "workspace": {
            "configuration": true,
            "workspaceFolders": true,
            "didChangeConfiguration": { "dynamicRegistration": true },
            "didChangeWatchedFiles": { "dynamicRegistration": true },
            "workspaceEdit": { "documentChanges": true, "resourceOperations": ["create", "rename", "delete"] },
            "diagnostic": { "refreshSupport": true },
            "inlayHint": { "refreshSupport": true },
            "codeLens": { "refreshSupport": true },
        },
        "textDocument": {
            "publishDiagnostics": {
                "relatedInformation": true, "codeDescriptionSupport": true, "dataSupport": true,
                "tagSupport": { "valueSet": [1, 2] },
            },
            "completion": { "completionItem": { "snippetSupport": true } },
            "documentSymbol": { "hierarchicalDocumentSymbolSupport": true },
            "codeAction": { "codeActionLiteralSupport": { "codeActionKind": { "valueSet": ["quickfix", "refactor", "source.fixAll"] } } },
            "definition": { "linkSupport": true },
        },
        "window": { "showDocument": { "support": true } },
    })
}

impl Client {
    /// A client in a folder with these files; nothing is open yet.
    pub fn start(files: &[(&str, &str)]) -> Self {
        Self::with(files, capabilities(), json!({}))
    }

    pub fn with(files: &[(&str, &str)], capabilities: Value, options: Value) -> Self {
        let folder = tempfile::tempdir().unwrap();
        // The repository around a template is its project.
        std::fs::create_dir(folder.path().join(".git")).unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let mut child = Command::new(env!("CARGO_BIN_EXE_dewline"))
            .args(["lsp", "--stdio", "--log", "server.log"])
            .current_dir(folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        let stdin = RefCell::new(child.stdin.take().unwrap());
        let (sender, messages) = channel();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        std::thread::spawn(move || {
            while let Some(message) = read(&mut out) {
                if sender.send(message).is_err() {
                    break;
                }
            }
        });
        let mut client = Self {
            folder,
            child,
            stdin,
            messages,
            answers: RefCell::default(),
            waiting: RefCell::default(),
            next: Cell::new(0),
            initialized: Value::Null,
        };
        let root = uri(client.folder.path());
        client.initialized = client.request(
            "initialize",
            json!({
                "processId": null,
                "clientInfo": { "name": "test", "version": "1" },
                "rootUri": root,
                "workspaceFolders": [{ "uri": root, "name": "w" }],
                "capabilities": capabilities,
                "initializationOptions": options,
            }),
        );
        client.notify("initialized", json!({}));
        client
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn uri(&self, name: &str) -> String {
        uri(&self.path(name))
    }

    pub fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
    }

    /// The process of the server.
    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// Drops what the server told and nobody looked at.
    pub fn forget_notifications(&self) {
        self.waiting.borrow_mut().clear();
    }

    pub fn log(&self) -> String {
        std::fs::read_to_string(self.path("server.log")).unwrap()
    }

    fn send(&self, message: &Value) {
        let text = message.to_string();
        let mut stdin = self.stdin.borrow_mut();
        write!(stdin, "Content-Length: {}\r\n\r\n{text}", text.len()).unwrap();
        stdin.flush().unwrap();
    }

    pub fn notify(&self, method: &str, params: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    /// Sends a request and answers its id.
    pub fn ask(&self, method: &str, params: Value) -> i64 {
        self.next.set(self.next.get() + 1);
        let id = self.next.get();
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        id
    }

    /// The whole answer to the request of an id.
    pub fn answer_to(&self, id: i64) -> Value {
        loop {
            let message = self.receive();
            if message.get("method").is_some() {
                self.waiting.borrow_mut().push(message);
            } else if message["id"] == id {
                return message;
            } else {
                panic!("an answer nobody waits for: {message}");
            }
        }
    }

    /// The answers to several requests, by id, in whatever order they come.
    pub fn answers_to(&self, ids: &[i64]) -> BTreeMap<i64, Value> {
        let mut answers = BTreeMap::new();
        while answers.len() < ids.len() {
            let message = self.receive();
            if message.get("method").is_some() {
                self.waiting.borrow_mut().push(message);
            } else {
                let id = message["id"].as_i64().unwrap();
                assert!(ids.contains(&id), "an answer nobody waits for: {message}");
                assert!(answers.insert(id, message).is_none(), "answered twice: {id}");
            }
        }
        answers
    }

    /// The result of a request, which must have one.
    pub fn request(&self, method: &str, params: Value) -> Value {
        let id = self.ask(method, params);
        let answer = self.answer_to(id);
        assert!(answer.get("error").is_none(), "{method}: {answer}");
        answer["result"].clone()
    }

    /// The error of a request, which must have one.
    pub fn refusal(&self, method: &str, params: Value) -> Value {
        let id = self.ask(method, params);
        let answer = self.answer_to(id);
        assert!(answer.get("error").is_some(), "{method}: {answer}");
        answer["error"].clone()
    }

    /// The next message; requests of the server are answered on the way.
    fn receive(&self) -> Value {
        let message = self.messages.recv_timeout(PATIENCE).expect("the server says nothing");
        if let (Some(id), Some(method)) = (message.get("id"), message.get("method").and_then(Value::as_str)) {
            let answer = self.answers.borrow().get(method).cloned().unwrap_or(Value::Null);
            self.send(&json!({ "jsonrpc": "2.0", "id": id, "result": answer }));
        }
        message
    }

    /// The next message of the server for which `wanted` holds; those before it stay.
    pub fn wait_for(&self, wanted: impl Fn(&Value) -> bool) -> Value {
        let known = self.waiting.borrow().iter().position(&wanted);
        if let Some(at) = known {
            return self.waiting.borrow_mut().remove(at);
        }
        loop {
            let message = self.receive();
            assert!(message.get("method").is_some(), "an answer nobody waits for: {message}");
            if wanted(&message) {
                return message;
            }
            self.waiting.borrow_mut().push(message);
        }
    }

    /// The parameters of the next notification or request of `method`.
    pub fn next(&self, method: &str) -> Value {
        self.wait_for(|message| message["method"] == method)["params"].clone()
    }

    pub fn open(&self, name: &str, text: &str) {
        let document = json!({ "uri": self.uri(name), "languageId": "yaml", "version": 1, "text": text });
        self.notify("textDocument/didOpen", json!({ "textDocument": document }));
    }

    /// Replaces the whole text.
    pub fn replace(&self, name: &str, version: i32, text: &str) {
        self.change(name, version, json!([{ "text": text }]));
    }

    pub fn change(&self, name: &str, version: i32, changes: Value) {
        let document = json!({ "uri": self.uri(name), "version": version });
        self.notify("textDocument/didChange", json!({ "textDocument": document, "contentChanges": changes }));
    }

    pub fn close(&self, name: &str) {
        self.notify("textDocument/didClose", json!({ "textDocument": { "uri": self.uri(name) } }));
    }

    /// The next diagnostics of a file.
    pub fn diagnostics(&self, name: &str) -> Value {
        let uri = self.uri(name);
        self.wait_for(|message| {
            message["method"] == "textDocument/publishDiagnostics" && message["params"]["uri"] == uri
        })["params"]
            .clone()
    }

    /// The next diagnostics of a file that satisfy `wanted`.
    pub fn diagnostics_when(&self, name: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        let uri = self.uri(name);
        self.wait_for(|message| {
            message["method"] == "textDocument/publishDiagnostics"
                && message["params"]["uri"] == uri
                && wanted(&message["params"])
        })["params"]
            .clone()
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("{}", self.log());
            let _ = self.child.kill();
            let _ = self.child.wait();
            return;
        }
        self.request("shutdown", Value::Null);
        self.notify("exit", Value::Null);
        assert!(self.child.wait().unwrap().success());
    }
}

fn read(out: &mut impl BufRead) -> Option<Value> {
    let mut length = None;
    loop {
        let mut line = String::new();
        if out.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if line.trim().is_empty() {
            break;
        }
        length = line.strip_prefix("Content-Length: ").map(|n| n.trim().parse().unwrap()).or(length);
    }
    let mut body = vec![0; length?];
    out.read_exact(&mut body).ok()?;
    Some(serde_json::from_slice(&body).unwrap())
}

pub fn uri(path: &Path) -> String {
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    format!("file://{}", path.display().to_string().replace(' ', "%20"))
}

/// The policies of diagnostics, in order.
pub fn codes(params: &Value) -> Vec<String> {
    let list = params.get("diagnostics").or_else(|| params.get("items")).and_then(Value::as_array).unwrap();
    list.iter().map(|diagnostic| diagnostic["code"].as_str().unwrap_or("-").to_owned()).collect()
}

pub fn has(params: &Value, code: &str) -> bool {
    codes(params).iter().any(|found| found == code)
}
