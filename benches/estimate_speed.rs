//! How long the estimate of an application of 500 resources takes: `cargo bench --bench
//! estimate_speed`. The cost should take no
//! more than 20 ms.

#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)] // a benchmark prints

#[path = "../tests/suite/estimate/estimating/mod.rs"]
mod estimating;

use dewline::estimate::{Estimate, Options, cost, estimate};
use dewline::facts::prices::Prices;
use dewline::graph::Graph;
use estimating::Application;
use estimating::random::{Random, application, usage};
use std::time::{Duration, Instant};

const RESOURCES: usize = 500;
const ROUNDS: usize = 15;

fn main() {
    let (mut functions, mut own) = (10, None);
    while own.as_ref().is_none_or(|own: &Application| own.graph.template().resources().count() < RESOURCES) {
        functions += 5;
        own = Some(Application::new(&application(&mut Random::new(7), functions, false), "us-east-1"));
    }
    let own = own.unwrap();
    let first = own.estimate("", "us-east-1", false);
    let mut names: Vec<String> =
        first.entries.iter().filter(|entry| !entry.scheduled).map(|entry| entry.resource.clone()).collect();
    names.dedup();
    println!(
        "{} resources, {functions} functions, {} entries",
        own.graph.template().resources().count(),
        first.entries.len()
    );
    let mut random = Random::new(8);
    for (title, text) in [("no rate", String::new()), ("all rates", usage(&names, |_| random.share() * 1e6))] {
        let usage = own.usage(&text);
        let options =
            Options { region: "us-east-1".into(), usage: &usage, free_tier: false, prices: Prices::embedded() };
        let runs: [(&str, fn(&Graph, &Options<'_>) -> Estimate); 2] =
            [("cost", cost), ("cost, cold starts and latency", estimate)];
        for (what, run) in runs {
            let mut times: Vec<Duration> = (0..ROUNDS)
                .map(|_| {
                    let start = Instant::now();
                    std::hint::black_box(run(&own.graph, &options));
                    start.elapsed()
                })
                .collect();
            times.sort_unstable();
            println!("{title}, {what}: median {:.1?}, least {:.1?}", times[ROUNDS / 2], times[0]);
        }
    }
}
