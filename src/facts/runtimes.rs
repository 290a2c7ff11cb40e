//! Lambda runtimes and their lifecycle.

use super::date::Date;
use super::table::{present, rows};
use std::sync::LazyLock;

/// The languages that Lambda has managed runtimes for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    /// Node.js.
    NodeJs,
    /// Python.
    Python,
    /// Java.
    Java,
    /// .NET and .NET Core.
    DotNet,
    /// Ruby.
    Ruby,
    /// The former managed Go runtime.
    Go,
    /// An operating system to bring a runtime to (`provided.*`).
    Provided,
}

impl Family {
    /// The name people write.
    pub fn name(self) -> &'static str {
        match self {
            Self::NodeJs => "Node.js",
            Self::Python => "Python",
            Self::Java => "Java",
            Self::DotNet => ".NET",
            Self::Ruby => "Ruby",
            Self::Go => "Go",
            Self::Provided => "OS-only",
        }
    }

    /// Whether source text runs as it is, so that code may stand inside a template.
    pub fn is_interpreted(self) -> bool {
        matches!(self, Self::NodeJs | Self::Python | Self::Ruby)
    }

    fn from_cell(cell: &str) -> Option<Self> {
        Some(match cell {
            "nodejs" => Self::NodeJs,
            "python" => Self::Python,
            "java" => Self::Java,
            "dotnet" => Self::DotNet,
            "ruby" => Self::Ruby,
            "go" => Self::Go,
            "provided" => Self::Provided,
            _ => return None,
        })
    }

    /// The family of a runtime name, also of one that the table does not know.
    pub fn of(name: &str) -> Option<Self> {
        let known = ["nodejs", "python", "java", "dotnet", "ruby", "go", "provided"];
        known.into_iter().find(|prefix| name.starts_with(prefix)).and_then(Self::from_cell)
    }
}

/// One runtime. A date that no source states is `None`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Runtime {
    /// The name as `Runtime:` takes it, e.g. `python3.13`.
    pub name: &'static str,
    /// The language.
    pub family: Family,
    /// The operating system: `AL1`, `AL2` or `AL2023`.
    pub os: Option<&'static str>,
    /// First day of general availability.
    pub released: Option<Date>,
    /// Security patches end on this day.
    pub deprecation: Option<Date>,
    /// From this day no function can be created with it.
    pub block_create: Option<Date>,
    /// From this day no function can be updated with it.
    pub block_update: Option<Date>,
    /// The newest runtime to move to.
    pub successor: Option<&'static str>,
}

/// Where a runtime stands in its life on a given day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Patched, and no end within 180 days.
    Supported,
    /// Patched, the announced end is at most 180 days away.
    Ending,
    /// Not patched any more.
    Deprecated,
    /// Functions can no longer be created.
    CreateBlocked,
    /// Functions can no longer be updated.
    UpdateBlocked,
    /// The name is known and nothing else.
    Unknown,
}

/// AWS announces the end of a runtime at least this many days before.
pub const NOTICE_DAYS: i64 = 180;

impl Runtime {
    /// Where it stands on `today`.
    pub fn stage(&self, today: Date) -> Stage {
        let past = |date: Option<Date>| date.is_some_and(|date| date <= today);
        if past(self.block_update) {
            Stage::UpdateBlocked
        } else if past(self.block_create) {
            Stage::CreateBlocked
        } else if past(self.deprecation) {
            Stage::Deprecated
        } else if let Some(end) = self.deprecation {
            if today.days_until(end) <= NOTICE_DAYS { Stage::Ending } else { Stage::Supported }
        } else {
            Stage::Unknown
        }
    }
}

static RUNTIMES: LazyLock<Vec<Runtime>> = LazyLock::new(|| {
    rows(include_str!("data/runtimes.tsv"))
        .filter_map(|row| {
            let [name, family, os, released, deprecation, block_create, block_update, successor] = row.cells();
            let date = |cell: &str| cell.parse().ok();
            Some(Runtime {
                name,
                family: Family::from_cell(family)?,
                os: present(os),
                released: date(released),
                deprecation: date(deprecation),
                block_create: date(block_create),
                block_update: date(block_update),
                successor: present(successor),
            })
        })
        .collect()
});

/// The day the lifecycle dates were last checked against AWS's page.
pub const AS_OF: &str = "2026-10-20";

/// All runtimes, sorted by name.
pub fn all() -> &'static [Runtime] {
    &RUNTIMES
}

/// The runtime called `name`.
pub fn get(name: &str) -> Option<&'static Runtime> {
    RUNTIMES.binary_search_by(|runtime| runtime.name.cmp(name)).ok().and_then(|index| RUNTIMES.get(index))
}

/// The newest runtime of `family` that is supported on `today` for more than half a year.
pub fn newest(family: Family, today: Date) -> Option<&'static Runtime> {
    RUNTIMES
        .iter()
        .filter(|runtime| runtime.family == family && runtime.stage(today) == Stage::Supported)
        .filter(|runtime| runtime.released.is_some_and(|released| released <= today))
        .max_by_key(|runtime| (runtime.deprecation, runtime.released))
}

/// Whether `SnapStart` is offered: Java from 11, Python from 3.12, .NET from 8 (AWS Lambda
/// developer guide, "Improving startup performance with Lambda `SnapStart`"; from knowledge of the page).
pub fn has_snap_start(name: &str) -> bool {
    let version = |prefix: &str| {
        let rest = name.strip_prefix(prefix)?;
        let digits: String = rest.chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
        let mut parts = digits.trim_end_matches('.').split('.');
        let major: u32 = parts.next()?.parse().ok()?;
        let minor: u32 = parts.next().map_or(Some(0), |part| part.parse().ok())?;
        Some((major, minor))
    };
    if name.starts_with("dotnetcore") {
        return false;
    }
    version("java").is_some_and(|version| version >= (11, 0))
        || version("python").is_some_and(|version| version >= (3, 12))
        || version("dotnet").is_some_and(|version| version >= (8, 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_whole_and_sorted() {
        let lines = include_str!("data/runtimes.tsv").lines().filter(|line| !line.starts_with('#')).count();
        assert_eq!(all().len(), lines - 1, "a row was dropped");
        assert!(all().windows(2).all(|pair| pair[0].name < pair[1].name));
        for runtime in all() {
            if let Some(successor) = runtime.successor {
                assert!(get(successor).is_some(), "{successor} of {}", runtime.name);
                assert_eq!(Family::of(runtime.name), Some(runtime.family));
            }
        }
    }

    #[test]
    fn stages_follow_the_day() {
        let day = |text: &str| text.parse().unwrap();
        let node20 = get("nodejs20.x").unwrap();
        assert_eq!(node20.stage(day("2025-10-31")), Stage::Supported);
        assert_eq!(node20.stage(day("2025-11-01")), Stage::Ending);
        assert_eq!(node20.stage(day("2026-04-30")), Stage::Deprecated);
        assert_eq!(node20.stage(day("2027-02-01")), Stage::CreateBlocked);
        assert_eq!(node20.stage(day("2027-03-03")), Stage::UpdateBlocked);
        assert_eq!(get("python3.15").unwrap().stage(day("2026-11-23")), Stage::Unknown);
        assert!(get("cobol").is_none());
        assert_eq!(newest(Family::NodeJs, day("2026-11-23")).unwrap().name, "nodejs24.x");
    }

    #[test]
    fn snap_start_by_version() {
        for name in ["java11", "java17", "java21", "java25", "python3.12", "python3.14", "dotnet8", "dotnet10"] {
            assert!(has_snap_start(name), "{name}");
        }
        for name in ["java8.al2", "python3.9", "python3.11", "dotnet6", "dotnetcore3.1", "nodejs22.x", "go1.x"] {
            assert!(!has_snap_start(name), "{name}");
        }
    }
}
