//! Severities and categories.

use std::fmt;
use std::str::FromStr;

/// How bad a finding is. Ordered from `Info` up to `Critical`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// A small cost or risk.
    Low,
    /// Will hurt under some conditions.
    Medium,
    /// Will hurt.
    High,
    /// Loses data, money or secrets, or cannot be deployed.
    Critical,
}

impl Severity {
    /// All severities, the worst first.
    pub const ALL: [Self; 5] = [Self::Critical, Self::High, Self::Medium, Self::Low, Self::Info];

    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Severity {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|severity| severity.name() == name).ok_or(())
    }
}

/// What a policy guards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Category {
    /// Who may do what, and what leaks.
    Security,
    /// Cold starts and the means against them.
    WarmUp,
    /// Who waits for whom, and who gives up first.
    Timeout,
    /// Alarms, logs, traces.
    Monitoring,
    /// Lost events, endless loops, missing retries.
    Reliability,
    /// Money.
    Cost,
    /// Quotas and ranges of the services.
    Limits,
    /// Whether the template can be read and deployed at all.
    Validity,
}

impl Category {
    /// All categories, in the order of documentation.
    pub const ALL: [Self; 8] = [
        Self::Security,
        Self::WarmUp,
        Self::Timeout,
        Self::Monitoring,
        Self::Reliability,
        Self::Cost,
        Self::Limits,
        Self::Validity,
    ];

    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Security => "security",
            Self::WarmUp => "warm-up",
            Self::Timeout => "timeout",
            Self::Monitoring => "monitoring",
            Self::Reliability => "reliability",
            Self::Cost => "cost",
            Self::Limits => "limits",
            Self::Validity => "validity",
        }
    }
}

impl fmt::Display for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Category {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|category| category.name() == name).ok_or(())
    }
}
