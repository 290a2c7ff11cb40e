//! What the standard streams can show, and the environment variables that say so.

use crate::report::Style;
use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

/// When to use colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Color {
    /// On a terminal, unless the environment says otherwise.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The exit code of usage, configuration and internal errors.
pub const ERROR: u8 = 2;

fn set(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// How to write to a stream that is a terminal or not.
fn style(color: Color, is_terminal: bool) -> Style {
    let is_dumb = set("TERM").is_some_and(|term| term == "dumb");
    let forced = ["FORCE_COLOR", "CLICOLOR_FORCE"].iter().any(|name| set(name).is_some_and(|value| value != "0"));
    let color = match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto if set("NO_COLOR").is_some() => false,
        Color::Auto if forced => true,
        Color::Auto => is_terminal && !is_dumb && set("CLICOLOR").is_none_or(|value| value != "0"),
    };
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].iter().find_map(|name| set(name)).unwrap_or_default().to_lowercase();
    let columns = set("COLUMNS").and_then(|columns| columns.parse().ok());
    let measured = || is_terminal.then(terminal_size::terminal_size).flatten().map(|(width, _)| width.0 as usize);
    Style {
        color,
        unicode: (locale.contains("utf-8") || locale.contains("utf8")) && !is_dumb,
        links: is_terminal && color && supports_hyperlinks::on(supports_hyperlinks::Stream::Stdout),
        width: columns.or_else(measured).unwrap_or(100).clamp(40, 160),
    }
}

/// How to write to standard output.
pub fn stdout(color: Color) -> Style {
    style(color, io::stdout().is_terminal())
}

/// How to write to standard error.
pub fn stderr(color: Color) -> Style {
    Style { links: false, ..style(color, io::stderr().is_terminal()) }
}

/// Writes to standard output through `write`. A reader that went away is no error: the run
/// ends quietly with the code it would have had.
pub fn print(code: ExitCode, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> ExitCode {
    let mut out = io::BufWriter::new(io::stdout().lock());
    match write(&mut out).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            note(&format!("error: standard output cannot be written: {error}"));
            ExitCode::from(ERROR)
        }
        _ => code,
    }
}

/// Writes one line to standard error.
pub fn note(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}
