//! The main loop: it owns the texts, takes messages in order, and hands work to the threads.

use super::dispatch::{Call, Pending};
use super::documents::{Documents, Text};
use super::due::Due;
use super::host::Host;
use super::jobs::{Event, Job, Threads};
use super::log::Log;
use super::options::Options;
use super::positions::Encoding;
use super::publish::Published;
use super::snapshot::{Client, Closed, Snapshot};
use super::{ServerError, uri, watch};
use crate::source::SourceFile;
use crossbeam_channel::{RecvTimeoutError, never, select};
use lsp_server::{Connection, Message, Notification, Request, RequestId, Response};
use lsp_types::{InitializeParams, PublishDiagnosticsParams};
use serde_json::Value;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// The state behind the loop.
pub(super) struct Server<'c> {
    pub(super) connection: &'c Connection,
    threads: Threads,
    pub(super) documents: Documents,
    pub(super) host: Arc<dyn Host>,
    pub(super) client: Arc<Client>,
    pub(super) options: Arc<Options>,
    pub(super) folders: Arc<Vec<String>>,
    pub(super) log: Arc<Log>,
    pending: Pending,
    published: Published,
    due: Due,
    /// Configuration problems the user was told.
    pub(super) told: Vec<String>,
    pub(super) next_request: i32,
    generation: u64,
    closed: Arc<Mutex<Closed>>,
}

impl<'c> Server<'c> {
    pub fn new(
        connection: &'c Connection,
        host: Arc<dyn Host>,
        log: Log,
        parameters: InitializeParams,
        encoding: Encoding,
    ) -> Result<Self, ServerError> {
        let log = Arc::new(log);
        let folders = folders(&parameters);
        log.line(|| {
            let client = parameters.client_info.as_ref().map_or("a client without name", |info| &info.name);
            format!(
                "dewline {} serves {client}, columns in {encoding:?}, folders {folders:?}",
                env!("CARGO_PKG_VERSION")
            )
        });
        let mut server = Self {
            connection,
            threads: Threads::start()?,
            documents: Documents::default(),
            host,
            client: Arc::new(Client { capabilities: parameters.capabilities, encoding }),
            options: Arc::default(),
            folders: Arc::new(folders),
            log,
            pending: Pending::default(),
            published: Published::default(),
            due: Due::default(),
            told: Vec::new(),
            next_request: 0,
            generation: 0,
            closed: Arc::default(),
        };
        server.take_options(&parameters.initialization_options.unwrap_or(Value::Null));
        Ok(server)
    }

    /// Serves until the client says `exit` or hangs up.
    pub fn run(mut self) -> Result<(), ServerError> {
        if let Some(request) = watch::registrations(&self.client.capabilities) {
            self.send(Message::Request(request));
        }
        self.ask_for_options();
        loop {
            // Checks wait until everything that arrived is taken.
            if self.connection.receiver.is_empty() {
                self.submit_due();
            }
            let wait = self.due.next().map(|at| at.saturating_duration_since(Instant::now()));
            let timeout = wait.map_or_else(never, crossbeam_channel::after);
            select! {
                recv(self.connection.receiver) -> message => match message {
                    Ok(message) => if self.message(message)? { return Ok(()); },
                    Err(_) => return Ok(()),
                },
                recv(self.threads.events) -> event => if let Ok(event) = event { self.event(event); },
                recv(timeout) -> _ => {}
            }
        }
    }

    /// Takes one message; whether it was the last.
    fn message(&mut self, message: Message) -> Result<bool, ServerError> {
        match message {
            Message::Request(request) => {
                self.log.line(|| format!("<- {} #{}", request.method, request.id));
                if self.is_shutdown(&request)? {
                    return Ok(true);
                }
                let call = Call::new(request, self.snapshot(), &self.pending, &self.connection.sender);
                self.threads.submit(Job::Call(Box::new(call)));
            }
            Message::Notification(notification) => {
                self.log.line(|| format!("<- {}", notification.method));
                if notification.method == "exit" {
                    return Ok(true);
                }
                self.notification(notification);
            }
            Message::Response(response) => self.response(response),
        }
        Ok(false)
    }

    /// Answers `shutdown` and waits for `exit`, however long the client takes.
    fn is_shutdown(&self, request: &Request) -> Result<bool, ServerError> {
        if request.method != "shutdown" {
            return Ok(false);
        }
        self.send(Message::Response(Response::new_ok(request.id.clone(), ())));
        loop {
            match self.connection.receiver.recv_timeout(Duration::from_secs(30)) {
                Ok(Message::Notification(notification)) if notification.method == "exit" => return Ok(true),
                Ok(Message::Request(request)) => {
                    let code = lsp_server::ErrorCode::InvalidRequest as i32;
                    let refused = Response::new_err(request.id, code, "the server is shutting down".to_owned());
                    self.send(Message::Response(refused));
                }
                Ok(_) => {}
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                    return Err(ServerError::Connection("`exit` did not follow `shutdown`".to_owned()));
                }
            }
        }
    }

    pub(super) fn send(&self, message: Message) {
        // A client that hung up is noticed when the next message is received.
        let _ = self.connection.sender.send(message);
    }

    pub(super) fn snapshot(&self) -> Snapshot {
        Snapshot {
            documents: self.documents.clone(),
            host: Arc::clone(&self.host),
            client: Arc::clone(&self.client),
            options: Arc::clone(&self.options),
            folders: Arc::clone(&self.folders),
            log: Arc::clone(&self.log),
            generation: self.generation,
            closed: Arc::clone(&self.closed),
        }
    }

    /// Notes that something beside the open texts is another one now.
    pub(super) fn outdate(&mut self) {
        self.generation += 1;
    }

    pub(super) fn cancel(&self, params: &Value) {
        let id = match params.get("id") {
            Some(Value::Number(number)) => number.as_i64().map(|id| RequestId::from(id as i32)),
            Some(Value::String(text)) => Some(RequestId::from(text.clone())),
            _ => None,
        };
        if let Some(id) = id {
            self.pending.cancel(&id);
        }
    }

    pub(super) fn log(&self, text: impl FnOnce() -> String) {
        self.log.line(text);
    }

    pub(super) fn encoding(&self) -> Encoding {
        self.client.encoding
    }

    pub(super) fn set_folders(&mut self, folders: Vec<String>) {
        self.folders = Arc::new(folders);
        self.reconfigure();
    }

    /// Whether the client asks for diagnostics itself.
    pub(super) fn pulls(&self) -> bool {
        self.client.capabilities.text_document.as_ref().is_some_and(|text| text.diagnostic.is_some())
    }

    /// Has a text checked as soon as typing pauses.
    pub(super) fn mark_due(&mut self, path: &str) {
        self.due.mark(path);
    }

    /// Has a text checked at once.
    pub(super) fn mark_due_now(&mut self, path: &str) {
        self.due.mark_now(path);
    }

    fn submit_due(&mut self) {
        for path in self.due.take_ready() {
            if let Some(text) = self.documents.get(&path) {
                self.threads.submit(Job::Diagnose(Arc::clone(text), self.snapshot()));
            }
        }
    }

    fn event(&mut self, event: Event) {
        match event {
            Event::Diagnosed { text, diagnostics, is_template, waits_for_guard } => {
                if text.is_superseded() {
                    return;
                }
                if is_template && waits_for_guard {
                    self.threads.submit(Job::Guard(Arc::clone(&text), self.snapshot()));
                }
                if !is_template && text.version.is_some() && !self.is_included(&text.path) {
                    self.threads.submit(Job::FindParents(Arc::clone(&text), self.snapshot()));
                }
                let changed = self.published.update(&text.path, diagnostics);
                if !self.pulls() {
                    changed.iter().for_each(|path| self.publish(path));
                }
                self.tell_configuration(&text.path);
            }
            Event::Guarded(text) => {
                if !text.is_superseded() {
                    self.threads.submit(Job::Diagnose(text, self.snapshot()));
                    self.refresh_diagnostics();
                }
            }
            Event::Parents(files) => {
                for file in files {
                    let path = file.path().to_owned();
                    if let (None, Some(uri)) = (self.documents.get(&path), uri::of_path(&path)) {
                        self.documents.insert(Text::new(uri, None, file));
                        self.mark_due_now(&path);
                    }
                }
                self.refresh_diagnostics();
            }
        }
    }

    fn is_included(&self, path: &str) -> bool {
        self.documents.iter().any(|text| {
            let checked = text.checked.get().and_then(Option::as_ref);
            checked
                .is_some_and(|checked| checked.analysis().sources.iter().skip(1).any(|(_, file)| file.path() == path))
        })
    }

    pub(super) fn publish(&self, path: &str) {
        let Some(uri) = self.snapshot().uri(path) else { return };
        let version = self.documents.get(path).and_then(|text| text.version);
        let diagnostics = self.published.of(path);
        self.log.line(|| format!("-> {} diagnostics for {path}", diagnostics.len()));
        let params = PublishDiagnosticsParams { uri, diagnostics, version };
        let method = "textDocument/publishDiagnostics".to_owned();
        self.send(Message::Notification(Notification::new(method, params)));
    }

    /// Forgets what a template had to say, and tells the client.
    pub(super) fn unpublish(&mut self, path: &str) {
        let changed = self.published.update(path, Vec::new());
        if !self.pulls() {
            changed.iter().for_each(|path| self.publish(path));
        }
    }

    /// Drops templates that are known only for an open file that is no longer open.
    pub(super) fn drop_idle_parents(&mut self) {
        let is_open = |path: &str| self.documents.get(path).is_some_and(|text| text.version.is_some());
        let idle = self.documents.iter().filter(|text| {
            let checked = text.checked.get().and_then(Option::as_ref);
            let includes =
                checked.is_some_and(|c| c.analysis().sources.iter().skip(1).any(|(_, file)| is_open(file.path())));
            text.version.is_none() && text.checked.get().is_some() && !includes
        });
        let idle: Vec<String> = idle.map(|text| text.path.clone()).collect();
        for path in idle {
            self.documents.remove(&path);
            self.unpublish(&path);
        }
    }

    /// Reads a text that is known only from disk again.
    pub(super) fn reread(&mut self, path: &str) {
        let Some(text) = self.documents.get(path).filter(|text| text.version.is_none()) else { return };
        let file = self.host.project(path).files.read(path);
        match file {
            Ok(file) => {
                let uri = text.uri.clone();
                self.documents.insert(Text::new(uri, None, file));
                self.mark_due(path);
            }
            Err(_) => {
                self.documents.remove(path);
                self.unpublish(path);
            }
        }
    }

    /// Has everything checked again.
    pub(super) fn check_all(&mut self) {
        self.told.clear();
        for path in self.documents.renew_all() {
            self.mark_due(&path);
        }
        self.refresh_diagnostics();
        let workspace = self.client.capabilities.workspace.clone().unwrap_or_default();
        if workspace.inlay_hint.is_some_and(|hint| hint.refresh_support == Some(true)) {
            self.ask("refresh", "workspace/inlayHint/refresh", Value::Null);
        }
        if workspace.code_lens.is_some_and(|lens| lens.refresh_support == Some(true)) {
            self.ask("refresh", "workspace/codeLens/refresh", Value::Null);
        }
    }

    pub(super) fn open(&mut self, uri: lsp_types::Uri, version: i32, text: String) {
        let path = uri::path_of(&uri);
        self.outdate();
        let file = Arc::new(SourceFile::new(path.clone(), text));
        self.documents.insert(Text::new(uri, Some(version), file));
        self.changed(&path);
        self.mark_due_now(&path);
    }

    /// Has the templates checked that read the file at `path`.
    pub(super) fn changed(&mut self, path: &str) {
        for reader in self.documents.renew_readers(path) {
            self.mark_due(&reader);
        }
    }
}

/// The folders of the workspace.
fn folders(parameters: &InitializeParams) -> Vec<String> {
    let named = parameters.workspace_folders.iter().flatten().map(|folder| uri::path_of(&folder.uri));
    let mut folders: Vec<String> = named.map(|folder| folder.trim_end_matches('/').to_owned()).collect();
    if folders.is_empty() {
        #[allow(deprecated)] // older clients name one folder only
        let root = parameters.root_uri.as_ref().map(uri::path_of);
        folders.extend(root.map(|root| root.trim_end_matches('/').to_owned()));
    }
    folders
}
