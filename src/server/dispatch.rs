//! From a method to its handler: cancellation, stale answers, panics, exactly one answer.

use super::documents::Text;
use super::requests as handlers;
use super::snapshot::Snapshot;
use crossbeam_channel::Sender;
use lsp_server::{ErrorCode, Message, Request, RequestId, Response};
use lsp_types::request as methods;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Instant;

/// Why a request has no result.
#[derive(Debug)]
pub(super) struct Refusal {
    pub code: ErrorCode,
    pub message: String,
}

impl Refusal {
    /// The request cannot be met, and `message` tells the user why.
    pub fn new(message: impl Into<String>) -> Self {
        Self { code: ErrorCode::RequestFailed, message: message.into() }
    }
}

pub(super) type Answer<T> = Result<T, Refusal>;

/// What an answer is worth once the text has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stale {
    /// The client can still use it.
    Useful,
    /// It would mark the wrong places: the client is told to ask again.
    Useless,
}

/// Requests that were not answered yet.
#[derive(Clone, Default)]
pub(super) struct Pending(Arc<Mutex<BTreeMap<String, Arc<AtomicBool>>>>);

impl Pending {
    fn add(&self, id: &RequestId) -> Arc<AtomicBool> {
        let flag = Arc::new(AtomicBool::new(false));
        if let Ok(mut known) = self.0.lock() {
            known.insert(id.to_string(), Arc::clone(&flag));
        }
        flag
    }

    fn remove(&self, id: &RequestId) {
        if let Ok(mut known) = self.0.lock() {
            known.remove(&id.to_string());
        }
    }

    /// Marks a request as no longer wanted.
    pub fn cancel(&self, id: &RequestId) {
        if let Some(flag) = self.0.lock().ok().and_then(|known| known.get(&id.to_string()).cloned()) {
            flag.store(true, Ordering::Relaxed);
        }
    }
}

/// One request on its way.
pub(super) struct Call {
    pub request: Request,
    snapshot: Snapshot,
    /// The text it asks about.
    text: Option<Arc<Text>>,
    cancelled: Arc<AtomicBool>,
    pending: Pending,
    sender: Sender<Message>,
    answered: bool,
}

impl Call {
    pub fn new(request: Request, snapshot: Snapshot, pending: &Pending, sender: &Sender<Message>) -> Self {
        let uri = request.params.pointer("/textDocument/uri").or_else(|| request.params.pointer("/item/uri"));
        let uri = uri.and_then(|uri| uri.as_str()?.parse().ok());
        let text = uri.and_then(|uri| snapshot.documents.get(&super::uri::path_of(&uri)).cloned());
        let cancelled = pending.add(&request.id);
        Self { request, snapshot, text, cancelled, pending: pending.clone(), sender: sender.clone(), answered: false }
    }

    /// Whether the request walks through the whole workspace.
    pub fn is_slow(&self) -> bool {
        matches!(self.request.method.as_str(), "workspace/diagnostic" | "workspace/symbol")
    }

    /// Works the request off.
    pub fn run(mut self) {
        let started = Instant::now();
        let method = self.request.method.clone();
        if self.is_cancelled() {
            return self.refuse(ErrorCode::RequestCanceled, "the request was cancelled");
        }
        self.route(&method);
        let (log, id) = (Arc::clone(&self.snapshot.log), self.request.id.clone());
        log.line(|| format!("answered {method} #{id} in {:.1} ms", started.elapsed().as_secs_f64() * 1000.0));
    }

    fn route(&mut self, method: &str) {
        use Stale::{Useful, Useless};
        match method {
            "textDocument/diagnostic" => {
                self.on::<methods::DocumentDiagnosticRequest>(Useless, handlers::diagnostic::document);
            }
            "workspace/diagnostic" => {
                self.on_cancellable::<methods::WorkspaceDiagnosticRequest>(handlers::diagnostic::workspace);
            }
            "textDocument/hover" => self.on::<methods::HoverRequest>(Useful, handlers::hover::hover),
            "textDocument/completion" => self.on::<methods::Completion>(Useful, handlers::completion::completion),
            "textDocument/codeAction" => {
                self.on::<methods::CodeActionRequest>(Useless, handlers::code_action::actions);
            }
            "textDocument/inlayHint" => self.on::<methods::InlayHintRequest>(Useless, handlers::inlay_hint::hints),
            "textDocument/codeLens" => self.on::<methods::CodeLensRequest>(Useless, handlers::code_lens::lenses),
            "workspace/executeCommand" => self.on::<methods::ExecuteCommand>(Useful, handlers::command::execute),
            "textDocument/definition" => self.on::<methods::GotoDefinition>(Useful, handlers::definition::definition),
            "textDocument/references" => self.on::<methods::References>(Useful, handlers::references::references),
            "textDocument/documentHighlight" => {
                self.on::<methods::DocumentHighlightRequest>(Useless, handlers::references::highlight);
            }
            "textDocument/prepareRename" => {
                self.on::<methods::PrepareRenameRequest>(Useless, handlers::rename::prepare);
            }
            "textDocument/rename" => self.on::<methods::Rename>(Useless, handlers::rename::rename),
            "textDocument/documentSymbol" => {
                self.on::<methods::DocumentSymbolRequest>(Useless, handlers::symbols::document);
            }
            "workspace/symbol" => self.on_cancellable::<methods::WorkspaceSymbolRequest>(handlers::symbols::workspace),
            "textDocument/documentLink" => self.on::<methods::DocumentLinkRequest>(Useless, handlers::links::links),
            "textDocument/foldingRange" => {
                self.on::<methods::FoldingRangeRequest>(Useless, handlers::folding::folding);
            }
            "textDocument/prepareCallHierarchy" => {
                self.on::<methods::CallHierarchyPrepare>(Useful, handlers::call_hierarchy::prepare);
            }
            "callHierarchy/incomingCalls" => {
                self.on::<methods::CallHierarchyIncomingCalls>(Useful, handlers::call_hierarchy::incoming);
            }
            "callHierarchy/outgoingCalls" => {
                self.on::<methods::CallHierarchyOutgoingCalls>(Useful, handlers::call_hierarchy::outgoing);
            }
            "dewline/status" => self.on::<handlers::status::Status>(Useful, handlers::status::status),
            _ => {
                let message = format!("`{method}` is not supported");
                self.refuse(ErrorCode::MethodNotFound, &message);
            }
        }
    }

    fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    fn on<R: methods::Request>(&mut self, stale: Stale, handler: fn(&Snapshot, R::Params) -> Answer<R::Result>)
    where
        R::Params: DeserializeOwned,
    {
        self.answer(stale, |call, params| handler(&call.snapshot, params));
    }

    fn on_cancellable<R: methods::Request>(
        &mut self,
        handler: fn(&Snapshot, R::Params, &AtomicBool) -> Answer<R::Result>,
    ) where
        R::Params: DeserializeOwned,
    {
        self.answer(Stale::Useful, |call, params| handler(&call.snapshot, params, &call.cancelled));
    }

    fn answer<P: DeserializeOwned, T: serde::Serialize>(
        &mut self,
        stale: Stale,
        handler: impl FnOnce(&Self, P) -> Answer<T>,
    ) {
        let params = match serde_json::from_value(self.request.params.take()) {
            Ok(params) => params,
            Err(error) => return self.refuse(ErrorCode::InvalidParams, &error.to_string()),
        };
        let made = catch_unwind(AssertUnwindSafe(|| handler(self, params)));
        if self.is_cancelled() {
            return self.refuse(ErrorCode::RequestCanceled, "the request was cancelled");
        }
        if stale == Stale::Useless && self.text.as_ref().is_some_and(|text| text.is_superseded()) {
            return self.refuse(ErrorCode::ContentModified, "the text has changed since");
        }
        match made {
            Ok(Ok(result)) => {
                let response = Response::new_ok(self.request.id.clone(), result);
                self.send(response);
            }
            Ok(Err(refusal)) => self.refuse(refusal.code, &refusal.message),
            Err(_) => {
                let method = self.request.method.clone();
                self.snapshot.log.line(|| format!("the handler of {method} failed"));
                self.refuse(ErrorCode::InternalError, "dewline failed on this request; this is a defect of it");
            }
        }
    }

    fn refuse(&mut self, code: ErrorCode, message: &str) {
        self.send(Response::new_err(self.request.id.clone(), code as i32, message.to_owned()));
    }

    fn send(&mut self, response: Response) {
        self.answered = true;
        self.pending.remove(&self.request.id);
        // A client that hung up is noticed where messages are received.
        let _ = self.sender.send(Message::Response(response));
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        if !self.answered {
            self.refuse(ErrorCode::ServerCancelled, "the server is shutting down");
        }
    }
}
