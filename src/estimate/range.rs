//! A number that is not known exactly.

/// Low, expected and high value of one quantity.
#[derive(Clone, Copy, Debug, PartialEq, Default, serde::Serialize)]
pub struct Range {
    /// As little as is plausible.
    pub low: f64,
    /// What to reckon with.
    pub expected: f64,
    /// As much as is plausible.
    pub high: f64,
}

impl Range {
    /// A number known exactly.
    pub fn exact(value: f64) -> Self {
        Self { low: value, expected: value, high: value }
    }

    /// A range; bounds that do not enclose the expected value are moved to it.
    pub fn new(low: f64, expected: f64, high: f64) -> Self {
        Self { low: low.min(expected), expected, high: high.max(expected) }
    }

    /// Whether all three are the same.
    pub fn is_exact(self) -> bool {
        self.high <= self.low
    }

    /// All three by a function that does not decrease.
    #[must_use]
    pub fn map(self, f: impl Fn(f64) -> f64) -> Self {
        Self { low: f(self.low), expected: f(self.expected), high: f(self.high) }
    }

    /// Sum, bound by bound.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        let Self { low, expected, high } = other;
        Self { low: self.low + low, expected: self.expected + expected, high: self.high + high }
    }

    /// One of the three.
    pub fn at(self, bound: Bound) -> f64 {
        match bound {
            Bound::Low => self.low,
            Bound::Expected => self.expected,
            Bound::High => self.high,
        }
    }
}

/// Which of the three values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// [`Range::low`]
    Low,
    /// [`Range::expected`]
    Expected,
    /// [`Range::high`]
    High,
}
