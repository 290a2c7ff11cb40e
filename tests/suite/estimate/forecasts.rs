//! The forecast of loads whose law is known: its error, its intervals, and odd loads.

mod loads;

use dewline::estimate::forecast::WEEK;
use loads::{MONDAY, load, outcome, told};

#[test]
fn three_loads_of_known_law() {
    // Of independent counts even the true means would have 0.7 of the naive error.
    // Where noise lasts for hours, three weeks are few independent hours: their share of hours inside
    // spreads by 6 %.
    for (kind, limit, inside) in [(0, 0.75, 0.88), (1, 0.80, 0.88), (2, 0.90, 0.83)] {
        let found = outcome(kind, 3);
        eprintln!("load {kind}: {found:?}");
        assert!(found.ratio < limit, "load {kind}: {found:?}");
        assert!(found.inside > inside, "load {kind}: {found:?}");
        assert!(found.short <= 0.05, "load {kind}: {found:?}");
    }
}

#[test]
fn the_backtest_tells_the_last_week() {
    let counts = load(0, 8, 3);
    let forecast = told(&counts);
    let test = &forecast.backtest;
    assert!(forecast.weekly && forecast.folds == 6 && test.actual == counts[7 * WEEK..]);
    assert!(test.error < test.naive, "{} {}", test.error, test.naive);
    assert!(test.inside.unwrap() > 0.8 && test.short(0.05).unwrap() < 0.1);
    assert_eq!(test.prediction.start, MONDAY + 7 * 168);
    // The week that comes is told the same when it is told again.
    assert_eq!(told(&counts), forecast);
}

#[test]
fn a_timetable_is_repeated() {
    // Every week the same jagged hours, of which one in fifty changes.
    let counts: Vec<f64> = (0..8 * WEEK)
        .map(|hour| {
            let (slot, changed) = (hour % WEEK * 7919 % 83, hour * 104_729 % 50 == 0);
            slot as f64 + if changed { 9.0 } else { 0.0 }
        })
        .collect();
    let forecast = told(&counts);
    let test = &forecast.backtest;
    assert!(test.error <= test.naive * 1.01, "{} {}", test.error, test.naive);
    assert!(
        forecast.assumptions.iter().any(|text| text.contains("as it was a cycle before")),
        "{:?}",
        forecast.assumptions
    );
}

#[test]
fn short_loads_know_only_days() {
    let counts = load(1, 2, 5);
    let forecast = told(&counts);
    assert!(!forecast.weekly && forecast.next.hours() == WEEK);
    assert!(forecast.assumptions.iter().any(|text| text.contains("three weeks")));
    // Three days leave one to be tested on and nothing to make an interval of.
    let few = told(&counts[..72]);
    assert!(few.folds == 1 && few.backtest.inside.is_none());
    assert!(few.next.quantile(14, 0.95) >= few.next.median(14));
    assert!(few.next.beyond(14, 1e9) < 0.1 && few.next.beyond(14, 0.0) > 0.9);
}

#[test]
fn odd_loads_are_told_without_complaint() {
    for counts in [vec![5.0; 600], [vec![0.0; 599], vec![1e6]].concat(), [vec![1e12; 300], vec![0.0; 300]].concat()] {
        let forecast = told(&counts);
        for at in 0..WEEK {
            let (low, high) = (forecast.next.quantile(at, 0.05), forecast.next.quantile(at, 0.95));
            assert!(low.is_finite() && high.is_finite() && low <= high && low >= 0.0);
        }
    }
}

#[test]
fn a_load_that_never_changes_is_told_as_it_is() {
    let counts: Vec<f64> =
        (0..4 * WEEK).map(|hour| if (8..20).contains(&(hour % 24)) { 3000.0 } else { 1000.0 }).collect();
    let forecast = told(&counts);
    // What reckoning is off by puts nothing outside the interval.
    assert_eq!(forecast.backtest.inside, Some(1.0));
    assert_eq!(forecast.backtest.short(0.05), Some(0.0));
    let (low, expected, high) = forecast.monthly();
    for calls in [low, expected, high] {
        assert!((calls - 2000.0 * 730.0).abs() < 1.0, "{calls}");
    }
}
