//! The language server. Protocol types stay in this module.
//!
//! The main loop owns the texts and never computes. Every change makes a new immutable text;
//! a request takes a snapshot of all texts and is answered on a thread of its own, from the
//! analysis that belongs to the snapshot and is made once. An answer about an older text is
//! dropped where it would mark the wrong places.

mod capabilities;
mod client;
mod context;
mod dispatch;
mod documents;
mod due;
mod edits;
mod host;
mod insight;
mod jobs;
mod log;
mod main_loop;
mod notifications;
mod options;
mod place;
mod positions;
mod publish;
mod requests;
mod snapshot;
mod uri;
mod watch;

pub use host::{ConfigurationProblem, Host, PathEstimate, Project, ResourceEstimate};
pub use log::Log;
pub use options::Options;

use lsp_server::Connection;
use lsp_types::InitializeParams;
use positions::Encoding;
use std::sync::Arc;

/// Why the server stopped other than by being asked to.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// The client broke the protocol or the pipe.
    #[error("the connection to the editor broke: {0}")]
    Connection(String),
    /// The operating system gave no thread.
    #[error("no thread could be started: {0}")]
    Thread(#[from] std::io::Error),
}

impl From<lsp_server::ProtocolError> for ServerError {
    fn from(error: lsp_server::ProtocolError) -> Self {
        Self::Connection(error.to_string())
    }
}

/// Serves one editor over standard input and output until it says `exit`.
pub fn run(host: Arc<dyn Host>, log: Log) -> Result<(), ServerError> {
    let (connection, threads) = Connection::stdio();
    serve(&connection, host, log)?;
    drop(connection);
    threads.join().map_err(|error| ServerError::Connection(error.to_string()))
}

/// Serves one editor over `connection`.
pub fn serve(connection: &Connection, host: Arc<dyn Host>, log: Log) -> Result<(), ServerError> {
    let (id, parameters) = connection.initialize_start()?;
    let parameters: InitializeParams = serde_json::from_value(parameters).unwrap_or_default();
    let encoding = Encoding::negotiate(&parameters);
    let answer = serde_json::json!({
        "capabilities": capabilities::capabilities(encoding),
        "serverInfo": { "name": "dewline", "version": env!("CARGO_PKG_VERSION") },
    });
    connection.initialize_finish(id, answer)?;
    main_loop::Server::new(connection, host, log, parameters, encoding)?.run()
}
