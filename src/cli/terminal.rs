//! What the terminal can show.

use crate::report::Style;
use std::io::IsTerminal;

/// When to use colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Color {
    /// On a terminal, unless the environment says otherwise.
    Auto,
    /// Also into files and pipes.
    Always,
    /// Never.
    Never,
}

fn set(name: &str) -> bool {
    std::env::var_os(name).is_some_and(|value| !value.is_empty() && value != "0")
}

/// How text on standard output may look.
pub fn style(color: Color) -> Style {
    let terminal = std::io::stdout().is_terminal();
    let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    let color = match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto if std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()) => false,
        Color::Auto => set("FORCE_COLOR") || set("CLICOLOR_FORCE") || (terminal && !dumb),
    };
    let width = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok()).unwrap_or(100);
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
    let utf8 = locale.is_none_or(|locale| locale.to_uppercase().replace('-', "").contains("UTF8"));
    Style {
        color,
        unicode: !dumb && (!terminal || utf8),
        links: color && terminal && !dumb,
        width: usize::clamp(width, 40, 200),
    }
}
