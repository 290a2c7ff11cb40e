//! Times of many inputs, summed up.

use std::time::Duration;

/// Prints how many `what` took how long.
pub fn print(what: &str, mut times: Vec<Duration>) {
    times.sort_unstable();
    let last = times.len().saturating_sub(1);
    let at = |share: f64| {
        let time = times.get(((times.len() as f64 * share) as usize).min(last));
        time.copied().unwrap_or_default().as_secs_f64() * 1e3
    };
    println!(
        "{} {what}: median {:.3} ms, 90 % below {:.3} ms, at most {:.3} ms",
        times.len(),
        at(0.5),
        at(0.9),
        at(1.0)
    );
}
