//! Which files the client is asked to watch, and what a change of one means.

use super::uri;
use crate::config;
use lsp_server::Request;
use lsp_types::{ClientCapabilities, RegistrationParams};
use lsp_types::{DidChangeWatchedFilesRegistrationOptions, FileSystemWatcher, GlobPattern, Registration};

/// Everything a template may include or a configuration may name.
const PATTERNS: [&str; 6] = [
    "**/*.{yaml,yml,json,template}",
    "**/.dewline.{yaml,yml}",
    "**/*.guard",
    "**/samconfig.toml",
    "**/.env*",
    "**/*.{txt,graphql,vtl}",
];

/// The requests by which the server asks to be told of changes.
pub(super) fn registrations(client: &ClientCapabilities) -> Option<Request> {
    let workspace = client.workspace.as_ref()?;
    let mut registrations = Vec::new();
    if workspace.did_change_watched_files.as_ref().is_some_and(|watch| watch.dynamic_registration == Some(true)) {
        let watchers = PATTERNS
            .map(|pattern| FileSystemWatcher { glob_pattern: GlobPattern::String(pattern.to_owned()), kind: None });
        let options = DidChangeWatchedFilesRegistrationOptions { watchers: watchers.into() };
        registrations.push(registration("workspace/didChangeWatchedFiles", serde_json::to_value(options).ok()));
    }
    if workspace.did_change_configuration.as_ref().is_some_and(|change| change.dynamic_registration == Some(true)) {
        let section = serde_json::json!({ "section": "dewline" });
        registrations.push(registration("workspace/didChangeConfiguration", Some(section)));
    }
    let params = RegistrationParams { registrations };
    (!params.registrations.is_empty())
        .then(|| Request::new("dewline-register".to_owned().into(), "client/registerCapability".to_owned(), params))
}

fn registration(method: &str, options: Option<serde_json::Value>) -> Registration {
    Registration { id: format!("dewline-{method}"), method: method.to_owned(), register_options: options }
}

/// Whether what the file says decides how others are checked.
pub(super) fn is_rule(path: &str) -> bool {
    let name = uri::name_of(path);
    let is_named = config::FILE_NAMES.contains(&name) || name == "samconfig.toml" || name == ".gitignore";
    is_named || name.starts_with("dewline.usage.") || name.ends_with(".guard") || name.contains("baseline")
}
