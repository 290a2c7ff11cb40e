//! Literal credentials in text.

use regex_lite::Regex;
use std::sync::LazyLock;

/// Credentials that are recognised by their form. Long code is looked through for a fixed part of
/// each first, which is much quicker than the form itself.
static FORMS: LazyLock<Vec<Form>> = LazyLock::new(|| {
    let forms: [(&str, &[&str], &str); 11] = [
        ("an AWS access key", &["AKIA", "ASIA"], r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
        ("a private key", &["-----BEGIN "], r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----"),
        (
            "a GitHub token",
            &["ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"],
            r"\b(?:gh[pousr]_[0-9A-Za-z]{36}|github_pat_[0-9A-Za-z_]{50,})\b",
        ),
        ("a GitLab token", &["glpat-"], r"\bglpat-[0-9A-Za-z_-]{20}\b"),
        ("a Slack token", &["xox"], r"\bxox[abeprs]-[0-9A-Za-z-]{20,}"),
        (
            "a Slack webhook",
            &["hooks.slack.com"],
            r"https://hooks\.slack\.com/services/T[0-9A-Z]{6,}/B[0-9A-Z]{6,}/[0-9A-Za-z]{20,}",
        ),
        ("a Stripe key", &["k_live_"], r"\b[rs]k_live_[0-9A-Za-z]{20,}\b"),
        ("a Google API key", &["AIza"], r"\bAIza[0-9A-Za-z_-]{35}"),
        ("a SendGrid key", &["SG."], r"\bSG\.[0-9A-Za-z_-]{20,24}\.[0-9A-Za-z_-]{40,}"),
        ("an npm token", &["npm_"], r"\bnpm_[0-9A-Za-z]{36}\b"),
        (URL, &["://"], r"\b[a-z][a-z0-9+.-]*://[^\s:/@${}<>]+:[^\s/@${}<>]{3,}@[^\s/]"),
    ];
    let read = |(name, parts, form): (&'static str, &'static [&'static str], &str)| {
        Some(Form { name, parts, form: Regex::new(form).ok()? })
    };
    forms.into_iter().filter_map(read).collect()
});

const URL: &str = "a URL with a password";

struct Form {
    name: &'static str,
    /// One of them is part of whatever has the form.
    parts: &'static [&'static str],
    form: Regex,
}

impl Form {
    fn may_be_in(&self, text: &str) -> bool {
        if self.name == URL {
            let mut hosts =
                text.match_indices("://").filter_map(|(at, _)| text[at + 3..].split(['/', ' ', '\n']).next());
            return hosts.any(|host| host.contains('@'));
        }
        self.parts.iter().any(|part| text.contains(part))
    }
}

/// What people write where a secret will stand.
const PLACEHOLDERS: [&str; 19] = [
    "example",
    "changeme",
    "change-me",
    "change_me",
    "placeholder",
    "replace",
    "your",
    "dummy",
    "fake",
    "sample",
    "todo",
    "xxx",
    "***",
    "<",
    "{",
    "test",
    "secret",
    "password",
    "local",
];

/// Endings of names whose value is a secret.
const NAMES: [&str; 12] = [
    "PASSWORD",
    "PASSWD",
    "PASSPHRASE",
    "SECRET",
    "TOKEN",
    "APIKEY",
    "API_KEY",
    "ACCESS_KEY",
    "SECRET_KEY",
    "PRIVATE_KEY",
    "AUTH_KEY",
    "CREDENTIALS",
];

/// The kind of credential that stands in `text`, recognised by its form alone.
pub(super) fn known_form(text: &str) -> Option<&'static str> {
    FORMS.iter().filter(|form| form.may_be_in(text)).find_map(|Form { name, form, .. }| {
        let found = form.find(text)?.as_str();
        let lower = found.to_ascii_lowercase();
        (!lower.contains("example") && !lower.contains(":password@") && !lower.contains(":pass@")).then_some(*name)
    })
}

/// The kind of credential that `value` is when it is called `name`.
pub(super) fn named(name: &str, value: &str) -> Option<&'static str> {
    known_form(value).or_else(|| (is_secret_name(name) && looks_random(value)).then_some("a secret"))
}

fn is_secret_name(name: &str) -> bool {
    let mut upper = String::with_capacity(name.len() + 4);
    let mut last_lower = false;
    for c in name.chars() {
        if c.is_uppercase() && last_lower {
            upper.push('_');
        }
        last_lower = c.is_lowercase() || c.is_ascii_digit();
        upper.push(if matches!(c, '-' | '.' | '/') { '_' } else { c.to_ascii_uppercase() });
    }
    NAMES.iter().any(|ending| upper.ends_with(ending))
}

/// Whether `value` has the mix of characters that generated secrets and passwords have, and
/// words do not.
fn looks_random(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    if value.len() < 8
        || value.len() > 512
        || value.chars().any(char::is_whitespace)
        || value.starts_with(['/', '$', '!'])
        || lower.starts_with("arn:")
        || lower.starts_with("http")
        || lower.contains("resolve:")
        || PLACEHOLDERS.iter().any(|word| lower.contains(word))
    {
        return false;
    }
    let digits = value.chars().filter(char::is_ascii_digit).count();
    let letters = value.chars().filter(|c| c.is_alphabetic()).count();
    digits > 0 && letters > 1 && entropy(value) >= 2.8
}

/// Bits a character, by the frequencies within the text.
fn entropy(text: &str) -> f64 {
    let mut chars: Vec<char> = text.chars().collect();
    let length = chars.len() as f64;
    chars.sort_unstable();
    chars.chunk_by(|a, b| a == b).map(|run| run.len() as f64 / length).map(|share| -share * share.log2()).sum()
}
