//! One limit of what may be spent, and what came of it.

use super::usage::Limit;
use crate::source::Span;
use serde::Serialize;

/// What came of a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum BudgetState {
    /// The expected cost is not above the limit.
    Within,
    /// It is above the limit.
    Exceeded,
    /// There is nothing to compare with: a rate is missing, or the currency is another one.
    Unknown,
}

/// One limit of the usage file with what was found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BudgetCheck {
    /// Its key in the usage file.
    pub limit: &'static str,
    /// The path it is for; none for the whole.
    pub path: Option<String>,
    /// Dollars a month, or percent.
    pub allowed: f64,
    /// What is expected, in the same unit, where that is known.
    pub expected: Option<f64>,
    /// What came of it.
    pub state: BudgetState,
    /// The resource that costs most of it.
    pub resource: Option<String>,
    /// Where the limit is written.
    #[serde(skip)]
    pub span: Span,
}

impl BudgetCheck {
    pub(super) fn new(limit: &'static str, path: Option<&str>, allowed: Limit, expected: Option<f64>) -> Self {
        let state = match expected {
            None => BudgetState::Unknown,
            Some(expected) if expected > allowed.value => BudgetState::Exceeded,
            Some(_) => BudgetState::Within,
        };
        let path = path.map(str::to_owned);
        Self { limit, path, allowed: allowed.value, expected, state, resource: None, span: allowed.span }
    }

    pub(super) fn at(mut self, resource: Option<&str>) -> Self {
        self.resource = resource.map(str::to_owned);
        self
    }

    /// Whether the limit is exceeded.
    pub fn is_exceeded(&self) -> bool {
        self.state == BudgetState::Exceeded
    }
}
