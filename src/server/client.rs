//! What the server asks of the client and tells its user: settings, refreshes, messages.

use super::main_loop::Server;
use super::options::Options;
use lsp_server::{Message, Notification, Request, Response};
use lsp_types::{MessageType, ShowMessageParams};
use serde_json::{Value, json};
use std::sync::Arc;

impl Server<'_> {
    /// Tells the client that diagnostics it asked for are out of date.
    pub(super) fn refresh_diagnostics(&mut self) {
        let workspace = self.client.capabilities.workspace.as_ref();
        let refresh = workspace.and_then(|workspace| workspace.diagnostic.as_ref());
        if self.pulls() && refresh.is_some_and(|refresh| refresh.refresh_support == Some(true)) {
            self.ask("refresh", "workspace/diagnostic/refresh", Value::Null);
        }
    }

    pub(super) fn ask(&mut self, name: &str, method: &str, params: Value) {
        self.next_request += 1;
        let id = format!("dewline-{name}-{}", self.next_request);
        self.send(Message::Request(Request { id: id.into(), method: method.to_owned(), params }));
    }

    /// Asks the client for its settings, where it can be asked.
    pub(super) fn ask_for_options(&mut self) {
        let workspace = self.client.capabilities.workspace.as_ref();
        if workspace.is_some_and(|workspace| workspace.configuration == Some(true)) {
            self.ask("configuration", "workspace/configuration", json!({ "items": [{ "section": "dewline" }] }));
        }
    }

    pub(super) fn response(&mut self, response: Response) {
        if response.id.to_string().contains("dewline-configuration-")
            && let Some(section) = response.response_result.as_ref().ok().and_then(|result| result.get(0))
            && !section.is_null()
        {
            let section = section.clone();
            self.take_options(&section);
        }
    }

    /// Takes settings of the client.
    pub(super) fn take_options(&mut self, value: &Value) {
        match Options::read(value) {
            Ok(options) if options == *self.options && self.next_request > 0 => {}
            Ok(options) => {
                self.options = Arc::new(options);
                self.reconfigure();
            }
            Err(error) => self.tell(&format!("a setting of dewline cannot be read: {error}")),
        }
    }

    pub(super) fn reconfigure(&mut self) {
        self.outdate();
        self.host.configure(&self.options, &self.folders);
        if !self.documents.is_empty() {
            self.check_all();
        }
    }

    /// Tells the user, once, what is wrong with the configuration of a file.
    pub(super) fn tell_configuration(&mut self, path: &str) {
        let project = self.host.project(path);
        for problem in project.problems.iter() {
            let place = problem.path.as_ref().map(|path| format!("{path}: ")).unwrap_or_default();
            let text = format!("{place}{}", problem.message);
            if !self.told.contains(&text) {
                self.tell(&text);
                self.told.push(text);
            }
        }
    }

    fn tell(&self, message: &str) {
        self.log.line(|| format!("-> message: {message}"));
        let params = ShowMessageParams { typ: MessageType::WARNING, message: message.to_owned() };
        self.send(Message::Notification(Notification::new("window/showMessage".to_owned(), params)));
    }
}
