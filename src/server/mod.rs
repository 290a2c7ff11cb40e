//! The language server: main loop and dispatch. Protocol types stay in this module.

mod documents;
mod positions;
mod publish;

use crate::engine::Settings;
use crate::source::Files;
use documents::Documents;
use lsp_server::{Connection, ErrorCode, Message, Notification, Request, Response};
use lsp_types::{
    DidChangeTextDocumentParams, DidCloseTextDocumentParams, DidOpenTextDocumentParams, InitializeParams,
    PositionEncodingKind, ServerCapabilities, TextDocumentSyncCapability, TextDocumentSyncKind,
};
use positions::Encoding;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Why the server stopped other than by being asked to.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// The client broke the protocol or the pipe.
    #[error("the connection to the editor broke: {0}")]
    Connection(String),
}

impl From<lsp_server::ProtocolError> for ServerError {
    fn from(error: lsp_server::ProtocolError) -> Self {
        Self::Connection(error.to_string())
    }
}

/// Serves one editor over standard input and output until it says `exit`.
pub fn run(disk: &dyn Files, settings: &Settings) -> Result<(), ServerError> {
    let (connection, threads) = Connection::stdio();
    serve(&connection, disk, settings)?;
    drop(connection);
    threads.join().map_err(|error| ServerError::Connection(error.to_string()))
}

/// Serves one editor over `connection`.
pub fn serve(connection: &Connection, disk: &dyn Files, settings: &Settings) -> Result<(), ServerError> {
    let (id, parameters) = connection.initialize_start()?;
    let parameters: InitializeParams = serde_json::from_value(parameters).unwrap_or_default();
    let encoding = Encoding::negotiate(&parameters);
    let capabilities = ServerCapabilities {
        position_encoding: Some(match encoding {
            Encoding::Utf8 => PositionEncodingKind::UTF8,
            Encoding::Utf16 => PositionEncodingKind::UTF16,
            Encoding::Utf32 => PositionEncodingKind::UTF32,
        }),
        text_document_sync: Some(TextDocumentSyncCapability::Kind(TextDocumentSyncKind::INCREMENTAL)),
        ..ServerCapabilities::default()
    };
    let answer = serde_json::json!({
        "capabilities": capabilities,
        "serverInfo": { "name": "dewline", "version": env!("CARGO_PKG_VERSION") },
    });
    connection.initialize_finish(id, answer)?;
    let mut server = Server { connection, settings, documents: Documents::new(disk), encoding };
    while let Ok(message) = connection.receiver.recv() {
        match message {
            Message::Request(request) => {
                if connection.handle_shutdown(&request)? {
                    return Ok(());
                }
                server.request(&request);
            }
            Message::Notification(notification) => server.notification(notification),
            Message::Response(_) => {}
        }
    }
    Ok(())
}

struct Server<'s> {
    connection: &'s Connection,
    settings: &'s Settings,
    documents: Documents<'s>,
    encoding: Encoding,
}

impl Server<'_> {
    fn send(&self, message: Message) {
        // A client that hung up is noticed when the next message is received.
        let _ = self.connection.sender.send(message);
    }

    fn request(&self, request: &Request) {
        let message = format!("`{}` is not supported", request.method);
        self.send(Message::Response(Response::new_err(request.id.clone(), ErrorCode::MethodNotFound as i32, message)));
    }

    fn notification(&mut self, notification: Notification) {
        match notification.method.as_str() {
            "textDocument/didOpen" => {
                let Ok(parameters) = serde_json::from_value::<DidOpenTextDocumentParams>(notification.params) else {
                    return;
                };
                let document = parameters.text_document;
                self.documents.open(&document.uri, document.version, document.text);
                self.publish(&document.uri);
            }
            "textDocument/didChange" => {
                let Ok(parameters) = serde_json::from_value::<DidChangeTextDocumentParams>(notification.params) else {
                    return;
                };
                let uri = parameters.text_document.uri;
                self.documents.change(
                    &uri,
                    parameters.text_document.version,
                    parameters.content_changes,
                    self.encoding,
                );
                // Only the newest text is worth an answer.
                if self.connection.receiver.is_empty() {
                    self.publish_stale();
                }
            }
            "textDocument/didClose" => {
                let Ok(parameters) = serde_json::from_value::<DidCloseTextDocumentParams>(notification.params) else {
                    return;
                };
                self.documents.close(&parameters.text_document.uri);
                self.send(publish::cleared(parameters.text_document.uri));
            }
            _ => {}
        }
        if self.connection.receiver.is_empty() {
            self.publish_stale();
        }
    }

    fn publish_stale(&mut self) {
        for uri in self.documents.take_stale() {
            self.publish(&uri);
        }
    }

    /// Analyses an open document and sends its diagnostics. A defect in a policy costs this
    /// answer, not the server.
    fn publish(&mut self, uri: &lsp_types::Uri) {
        self.documents.mark_fresh(uri);
        let Some(open) = self.documents.get(uri) else { return };
        let analysis = catch_unwind(AssertUnwindSafe(|| {
            crate::engine::analyze(std::sync::Arc::clone(&open.file), &self.documents, self.settings)
        }));
        let Ok(analysis) = analysis else { return };
        self.send(publish::diagnostics(uri.clone(), open.version, analysis.as_ref(), self.encoding));
    }
}
