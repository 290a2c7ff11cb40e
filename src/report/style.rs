//! How a terminal wants text.

use crate::finding::Severity;

/// What the reader's terminal can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Whether colours are shown.
    pub color: bool,
    /// Whether box drawing characters are shown.
    pub unicode: bool,
    /// Whether OSC 8 hyperlinks are followed.
    pub links: bool,
    /// Columns of a line.
    pub width: usize,
}

impl Style {
    /// Plain text, as files want it.
    pub const PLAIN: Self = Self { color: false, unicode: true, links: false, width: 100 };

    /// `text` in the colour of `severity`.
    pub fn severity(&self, severity: Severity, text: &str) -> String {
        let code = match severity {
            Severity::Critical => "1;35",
            Severity::High => "1;31",
            Severity::Medium => "1;33",
            Severity::Low => "33",
            Severity::Info => "36",
        };
        self.sgr(code, text)
    }

    /// `text` in bold.
    pub fn bold(&self, text: &str) -> String {
        self.sgr("1", text)
    }

    /// `text` stepped back.
    pub fn dim(&self, text: &str) -> String {
        self.sgr("2", text)
    }

    /// `text` as something that is right.
    pub fn good(&self, text: &str) -> String {
        self.sgr("32", text)
    }

    /// `text` as something that is wrong.
    pub fn bad(&self, text: &str) -> String {
        self.sgr("31", text)
    }

    fn sgr(&self, code: &str, text: &str) -> String {
        if self.color { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }

    /// `text` as a link to `url`.
    pub fn link(&self, url: Option<&str>, text: &str) -> String {
        match url.filter(|_| self.links) {
            Some(url) => format!("\x1b]8;;{url}\x1b\\{text}\x1b]8;;\x1b\\"),
            None => text.to_owned(),
        }
    }
}
