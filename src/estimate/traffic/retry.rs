//! Calls that fail and are made again.

/// Calls made for one event when each fails with probability `q` and up to `retries` more are
/// made: `1 + q + … + q^retries`.
pub fn attempts(q: f64, retries: u32) -> f64 {
    let q = q.clamp(0.0, 1.0);
    if q >= 1.0 {
        return f64::from(retries) + 1.0;
    }
    (1.0 - q.powi(retries as i32 + 1)) / (1.0 - q)
}

/// Share of events that fail every time.
pub fn exhausted(q: f64, retries: u32) -> f64 {
    q.clamp(0.0, 1.0).powi(retries as i32 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_lost_between_success_and_exhaustion() {
        for (q, retries) in [(0.0, 2), (0.1, 0), (0.1, 2), (0.5, 185), (1.0, 2)] {
            // Every call but the last of an exhausted event succeeds or is followed by another.
            let succeeded = attempts(q, retries) * (1.0 - q);
            assert!((succeeded + exhausted(q, retries) - 1.0).abs() < 1e-12, "{q} {retries}");
        }
        assert!((attempts(0.5, 2) - 1.75).abs() < 1e-12);
        assert!((attempts(1.0, 2) - 3.0).abs() < 1e-12);
    }
}
