//! When the versions of languages stop getting security fixes, whoever runs them.

use super::date::Date;
use super::table::rows;
use std::sync::LazyLock;

/// One version of a language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Version {
    /// The language as runtimes are named after it: `nodejs`, `python`, …
    pub language: &'static str,
    /// The version, as far as the support depends on it: `18`, `3.9`.
    pub version: &'static str,
    /// The last day of security fixes.
    pub end: Date,
}

impl Version {
    /// The name people write.
    pub fn name(&self) -> String {
        let language = match self.language {
            "nodejs" => "Node.js",
            "python" => "Python",
            "go" => "Go",
            "ruby" => "Ruby",
            "php" => "PHP",
            _ => ".NET",
        };
        format!("{language} {}", self.version)
    }
}

static VERSIONS: LazyLock<Vec<Version>> = LazyLock::new(|| {
    rows(include_str!("data/languages.tsv"))
        .filter_map(|row| {
            let [language, version, end] = row.cells();
            Some(Version { language, version, end: end.parse().ok()? })
        })
        .collect()
});

/// All versions, by language.
pub fn all() -> &'static [Version] {
    &VERSIONS
}

/// The version that a runtime of any provider is named after: `nodejs18`, `python3.9`, `go111`,
/// `Nodejs8.9`, `php:7.4`. `None` where the name says no version, or one that nobody here knows.
pub fn of_runtime(runtime: &str) -> Option<&'static Version> {
    let name = runtime.to_lowercase();
    let start = name.find(|c: char| c.is_ascii_digit())?;
    let language = match name[..start].trim_end_matches([':', '-', ' ', '|', '~']) {
        "node" | "nodejs" => "nodejs",
        "python" => "python",
        "go" | "golang" => "go",
        "ruby" => "ruby",
        "php" => "php",
        "dotnet" | "dotnetcore" => "dotnet",
        _ => return None,
    };
    let digits: String = name[start..].chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
    let mut parts = digits.trim_end_matches('.').split('.');
    let (major, minor) = (parts.next()?, parts.next());
    // `python37` and `go111` leave the dot out. Node.js versions have two digits of their own.
    let written = match (language, minor) {
        ("nodejs", _) => major.to_owned(),
        ("dotnet", Some(minor)) if minor != "0" => format!("{major}.{minor}"),
        ("dotnet", _) => major.to_owned(),
        (_, Some(minor)) => format!("{major}.{minor}"),
        (_, None) => {
            let (first, rest) = major.split_at_checked(1)?;
            format!("{first}.{rest}")
        }
    };
    VERSIONS.iter().find(|version| version.language == language && version.version == written)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_whole() {
        let lines = include_str!("data/languages.tsv").lines().filter(|line| !line.starts_with('#')).count();
        assert_eq!(all().len(), lines - 1, "a row was dropped");
    }

    #[test]
    fn runtimes_of_many_providers() {
        for (runtime, expected) in [
            ("nodejs18", Some("Node.js 18")),
            ("nodejs20.x", Some("Node.js 20")),
            ("Nodejs8.9", Some("Node.js 8")),
            ("nodejs8.3", Some("Node.js 8")),
            ("node12", Some("Node.js 12")),
            ("nodejs:10", Some("Node.js 10")),
            ("python2.7", Some("Python 2.7")),
            ("python37", Some("Python 3.7")),
            ("python310", Some("Python 3.10")),
            ("go111", Some("Go 1.11")),
            ("ruby2.4.1", Some("Ruby 2.4")),
            ("ruby26", Some("Ruby 2.6")),
            ("php:7.4", Some("PHP 7.4")),
            ("dotnetcore3.1", Some(".NET 3.1")),
            ("dotnet6", Some(".NET 6")),
            ("dotnet8.0", Some(".NET 8")),
            ("swift", None),
            ("python:3", None),
            ("docker", None),
            ("nodejs99", None),
            ("java11", None),
        ] {
            assert_eq!(of_runtime(runtime).map(Version::name).as_deref(), expected, "{runtime}");
        }
    }
}
