//! Counts of calls by the hour.

/// Calls of each hour, one after the other.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// The first hour, since 1970, UTC.
    pub start: i64,
    /// Calls of each hour.
    pub counts: Vec<f64>,
    /// Hours between the first and the last without any point: they count as without calls.
    pub silent: usize,
}

/// Why points make no series.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SeriesError {
    /// Fewer than three days.
    #[error("{0} whole hours of load are too few to forecast from")]
    Short(usize),
    /// Points further apart than an hour.
    #[error("its points are {0} minutes apart")]
    Coarse(i64),
    /// No calls at all.
    #[error("there are no calls in it")]
    Empty,
}

/// The longest history that is looked at: what was longer ago says little about next week.
pub const LONGEST: usize = 26 * 168;
/// Hours that are needed at least: two days to learn from, one to be tested on.
pub const SHORTEST: usize = 72;

impl Series {
    /// Sums points (seconds since 1970, calls) by the hour. Hours at either end that the points
    /// cover only in part are left out.
    pub fn new(mut points: Vec<(i64, f64)>) -> Result<Self, SeriesError> {
        points.sort_by_key(|point| point.0);
        let step = points.windows(2).map(|pair| pair[1].0 - pair[0].0).filter(|step| *step > 0).min();
        let (Some(first), Some(last), Some(step)) = (points.first(), points.last(), step) else {
            return Err(SeriesError::Short(points.len().min(1)));
        };
        if step > 3600 {
            return Err(SeriesError::Coarse(step / 60));
        }
        let (start, end) = (first.0.div_euclid(3600), last.0.div_euclid(3600));
        let partly_first = first.0 - start * 3600 >= step;
        let partly_last = last.0 + step < (end + 1) * 3600;
        let start = start + i64::from(partly_first);
        let end = end + i64::from(!partly_last);
        let start = start.max(end - LONGEST as i64);
        let hours = usize::try_from(end - start).unwrap_or(0);
        if hours < SHORTEST {
            return Err(SeriesError::Short(hours));
        }
        let mut counts = vec![0.0; hours];
        let mut seen = vec![false; hours];
        for (time, count) in points {
            let hour = time.div_euclid(3600) - start;
            if let Some(at) = usize::try_from(hour).ok().filter(|at| *at < hours) {
                counts[at] += count;
                seen[at] = true;
            }
        }
        if counts.iter().all(|count| *count <= 0.0) {
            return Err(SeriesError::Empty);
        }
        Ok(Self { start, counts, silent: seen.iter().filter(|seen| !**seen).count() })
    }

    /// The hour after the last.
    pub fn end(&self) -> i64 {
        self.start + self.counts.len() as i64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_summed_by_the_hour() {
        let quarter = |i: i64| (1_767_268_800 + i * 900, 2.0);
        // From the second quarter of an hour to the third of another: both are left out.
        let series = Series::new((1..4 * 80 + 3).map(quarter).collect()).unwrap();
        assert_eq!((series.counts.len(), series.silent), (79, 0));
        assert!(series.counts.iter().all(|count| (*count - 8.0).abs() < 1e-9));
        let gap: Vec<_> = (0..100).filter(|i| *i != 50).map(|i| (1_767_268_800 + i * 3600, 1.0)).collect();
        let series = Series::new(gap).unwrap();
        assert_eq!((series.counts.len(), series.silent, series.counts[50] as i64), (100, 1, 0));
    }

    #[test]
    fn what_is_no_load() {
        let days = |i: i64| (i * 86_400, 1.0);
        assert_eq!(Series::new((0..100).map(days).collect()), Err(SeriesError::Coarse(1440)));
        let hours = |i: i64| (i * 3600, 0.0);
        assert_eq!(Series::new((0..100).map(hours).collect()), Err(SeriesError::Empty));
        assert_eq!(Series::new((0..20).map(hours).collect()), Err(SeriesError::Short(20)));
        assert_eq!(Series::new(Vec::new()), Err(SeriesError::Short(0)));
    }
}
