//! The log for debugging: one line an event, with milliseconds since the start.

use std::io::Write;
use std::sync::Mutex;
use std::time::Instant;

/// Where the server writes what it does; silent unless asked for.
pub struct Log {
    started: Instant,
    out: Option<Mutex<Box<dyn Write + Send>>>,
}

impl Log {
    /// A log that writes to `out`.
    pub fn new(out: Option<Box<dyn Write + Send>>) -> Self {
        Self { started: Instant::now(), out: out.map(Mutex::new) }
    }

    /// Milliseconds since the start.
    pub(super) fn elapsed(&self) -> u64 {
        self.started.elapsed().as_millis() as u64
    }

    /// Writes a line; `text` is made only when somebody reads it.
    pub(super) fn line(&self, text: impl FnOnce() -> String) {
        let Some(out) = &self.out else { return };
        let line = format!("{:>8} ms  {}\n", self.elapsed(), text());
        // A log that cannot be written is no reason to stop.
        if let Ok(mut out) = out.lock() {
            let _ = out.write_all(line.as_bytes()).and_then(|()| out.flush());
        }
    }
}
