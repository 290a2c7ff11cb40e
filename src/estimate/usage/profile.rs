//! How traffic is spread over the hours of a day or a week.

/// Hours of a day.
pub const DAY: usize = 24;
/// Hours of a week.
pub const WEEK: usize = 168;

/// Relative traffic by the hour: of a day, or of a week that begins on Monday at 00:00 UTC.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    hours: Vec<f64>,
}

impl Profile {
    /// A profile of 24 or 168 numbers, none negative, not all zero.
    pub fn new(numbers: Vec<f64>) -> Option<Self> {
        let sum: f64 = numbers.iter().sum();
        let valid = matches!(numbers.len(), DAY | WEEK)
            && numbers.iter().all(|number| number.is_finite() && *number >= 0.0)
            && sum > 0.0
            && sum.is_finite();
        let mean = sum / numbers.len() as f64;
        valid.then(|| Self { hours: numbers.into_iter().map(|number| number / mean).collect() })
    }

    /// The factor of each hour; their mean is 1.
    pub fn hours(&self) -> &[f64] {
        &self.hours
    }

    /// The factors of the 168 hours of a week.
    pub fn week(&self) -> impl Iterator<Item = f64> + '_ {
        self.hours.iter().copied().cycle().take(WEEK)
    }

    /// The largest factor.
    pub fn peak(&self) -> f64 {
        self.hours.iter().copied().fold(0.0, f64::max)
    }
}
