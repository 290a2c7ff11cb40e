//! `workspace/executeCommand`: what actions and lenses ask for.

use super::code_action::EXPLAIN;
use super::code_lens::SHOW;
use crate::policies;
use crate::report::docs;
use crate::server::dispatch::{Answer, Refusal};
use crate::server::snapshot::Snapshot;
use lsp_types::ExecuteCommandParams;
use serde_json::Value;

/// Every command.
pub(in crate::server) const COMMANDS: [&str; 2] = [EXPLAIN, SHOW];

pub(in crate::server) fn execute(_: &Snapshot, params: ExecuteCommandParams) -> Answer<Option<Value>> {
    match params.command.as_str() {
        EXPLAIN => {
            let name = params.arguments.first().and_then(Value::as_str).unwrap_or_default();
            let policy = policies::find(name);
            let policy = policy.ok_or_else(|| Refusal::new(format!("there is no policy named `{name}`")))?;
            Ok(Some(docs::page(&policy.meta).into()))
        }
        // Showing places is for the editor to do; one that cannot is told where they are.
        SHOW => Ok(params.arguments.into_iter().nth(2)),
        other => Err(Refusal::new(format!("there is no command `{other}`"))),
    }
}
