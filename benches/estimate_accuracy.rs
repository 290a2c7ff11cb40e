//! Prints the error of every reference case, and how long one answer takes:
//! `DEWLINE_SHARED=… cargo bench --bench estimate_accuracy`.

#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)] // a benchmark prints

#[path = "../tests/suite/estimate/forecasts/loads.rs"]
mod loads;
#[path = "../tests/suite/estimate/cold_starts/reference.rs"]
mod reference;

use dewline::estimate::cold::{Load, Warm, cold};
use reference::{Case, median};
use std::time::Instant;

fn main() {
    println!("| case | kind | reference | 95 % ± | model | error | pool error |");
    println!("|---|---|---|---|---|---|---|");
    let simulated = reference::simulated().unwrap_or_default();
    let measured = reference::measured().unwrap_or_default();
    for case in simulated.iter().chain(&measured) {
        let other = if case.comparable { "" } else { " (random routing)" };
        println!(
            "| {} | {}{other} | {:.3e} | {:.1e} | {:.3e} | {:+.1} % | {:+.2} % |",
            case.id,
            case.kind,
            case.measured,
            case.interval,
            case.model.probability,
            case.error() * 100.0,
            case.pool_error() * 100.0
        );
    }
    println!("\n| kind | cases | median error | worst | within 12 % or the interval | pool, median |");
    println!("|---|---|---|---|---|---|");
    let kinds = [
        "steady",
        "other service laws",
        "recycling",
        "hourly profile",
        "provisioned concurrency",
        "pings",
        "bursts",
        "measured on AWS",
    ];
    for kind in kinds {
        let of: Vec<&Case> =
            simulated.iter().chain(&measured).filter(|case| case.kind == kind && case.comparable).collect();
        if of.is_empty() {
            continue;
        }
        let worst = of.iter().map(|case| case.error().abs()).fold(0.0, f64::max);
        let held = of.iter().filter(|case| case.error().abs() <= 0.12 || case.in_interval()).count();
        println!(
            "| {kind} | {} | {:.1} % | {:.1} % | {held} | {:.2} % |",
            of.len(),
            median(of.iter().map(|case| case.error())) * 100.0,
            worst * 100.0,
            median(of.iter().map(|case| case.pool_error())) * 100.0
        );
    }
    println!("\n| path | percentile | reference, ms | model, ms | error |");
    println!("|---|---|---|---|---|");
    for case in reference::composed().unwrap_or_default() {
        println!(
            "| {} {} | {} | {:.1} | {:.1} | {:+.2} % |",
            case.id,
            case.name,
            case.percentile * 100.0,
            case.expected,
            case.model,
            case.error() * 100.0
        );
    }
    println!("\n| load | error, of that of the week before | inside the 90 % interval | short, of 5 % allowed |");
    println!("|---|---|---|---|");
    for (kind, name) in loads::KINDS.iter().enumerate() {
        let found = loads::outcome(kind, 12);
        println!(
            "| {name} | {:.0} % | {:.1} % | {:.1} % |",
            found.ratio * 100.0,
            found.inside * 100.0,
            found.short * 100.0
        );
    }
    println!("\n| calls in progress | one answer |");
    println!("|---|---|");
    for offered in [1.0, 100.0, 1000.0, 10_000.0] {
        let rounds = 200;
        let start = Instant::now();
        for _ in 0..rounds {
            std::hint::black_box(cold(std::hint::black_box(Load::new(offered, 1.0, 360.0)), Warm::default()));
        }
        println!("| {offered} | {:.3} ms |", start.elapsed().as_secs_f64() * 1000.0 / f64::from(rounds));
    }
}
