//! What the client tells: texts, settings, folders, files on disk.

use super::main_loop::Server;
use super::{uri, watch};
use lsp_server::Notification;
use lsp_types::{
    DidChangeConfigurationParams, DidChangeTextDocumentParams, DidChangeWatchedFilesParams,
    DidChangeWorkspaceFoldersParams, DidCloseTextDocumentParams, DidOpenTextDocumentParams, DidSaveTextDocumentParams,
};
use serde::de::DeserializeOwned;

impl Server<'_> {
    pub(super) fn notification(&mut self, notification: Notification) {
        match notification.method.as_str() {
            "textDocument/didOpen" => {
                let Some(params) = self.read::<DidOpenTextDocumentParams>(notification) else { return };
                let document = params.text_document;
                self.open(document.uri, document.version, document.text);
            }
            "textDocument/didChange" => {
                let Some(params) = self.read::<DidChangeTextDocumentParams>(notification) else { return };
                let path = uri::path_of(&params.text_document.uri);
                let version = params.text_document.version;
                self.documents.change(&path, version, params.content_changes, self.encoding());
                self.changed(&path);
                self.mark_due(&path);
            }
            "textDocument/didSave" => {
                let Some(params) = self.read::<DidSaveTextDocumentParams>(notification) else { return };
                self.file_changed(&uri::path_of(&params.text_document.uri));
            }
            "textDocument/didClose" => {
                let Some(params) = self.read::<DidCloseTextDocumentParams>(notification) else { return };
                let path = uri::path_of(&params.text_document.uri);
                self.outdate();
                self.documents.remove(&path);
                self.unpublish(&path);
                self.changed(&path);
                self.drop_idle_parents();
            }
            "workspace/didChangeConfiguration" => {
                let Some(params) = self.read::<DidChangeConfigurationParams>(notification) else { return };
                if params.settings.is_null() {
                    self.ask_for_options();
                } else {
                    self.take_options(&params.settings);
                }
            }
            "workspace/didChangeWorkspaceFolders" => {
                let Some(params) = self.read::<DidChangeWorkspaceFoldersParams>(notification) else { return };
                let path =
                    |folder: &lsp_types::WorkspaceFolder| uri::path_of(&folder.uri).trim_end_matches('/').to_owned();
                let removed: Vec<String> = params.event.removed.iter().map(path).collect();
                let mut folders: Vec<String> =
                    self.folders.iter().filter(|folder| !removed.contains(folder)).cloned().collect();
                folders.extend(params.event.added.iter().map(path));
                self.set_folders(folders);
            }
            "workspace/didChangeWatchedFiles" => {
                let Some(params) = self.read::<DidChangeWatchedFilesParams>(notification) else { return };
                for change in params.changes {
                    self.file_changed(&uri::path_of(&change.uri));
                }
            }
            "$/cancelRequest" => self.cancel(&notification.params),
            _ => {}
        }
    }

    /// A file on disk is another one now.
    fn file_changed(&mut self, path: &str) {
        self.outdate();
        if watch::is_rule(path) {
            self.host.reload();
            return self.check_all();
        }
        self.reread(path);
        // An open text hides its file.
        if self.documents.get(path).is_none_or(|text| text.version.is_none()) {
            self.changed(path);
        }
    }
}

impl Server<'_> {
    fn read<P: DeserializeOwned>(&self, notification: Notification) -> Option<P> {
        let Notification { method, params } = notification;
        serde_json::from_value(params).inspect_err(|error| self.log(|| format!("{method} is malformed: {error}"))).ok()
    }
}
