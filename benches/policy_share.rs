//! What the policies add to the time of reading templates and building their graphs.
//!
//! `DEWLINE_SHARED=… cargo bench --bench policy_share` prints the share over the reference list of
//! templates, and the policies that take the most; without `DEWLINE_SHARED` it says so and ends.

#![allow(clippy::unwrap_used, clippy::print_stdout)] // a measurement prints and may fail

#[path = "../tests/suite/folder.rs"]
mod folder;

use dewline::facts::date::Date;
use dewline::graph::Graph;
use dewline::policies;
use dewline::policy::{Context, Known, Options, Policy};
use dewline::source::{Files, Sources};
use dewline::template::dialect::may_be_template;
use dewline::template::validate::{Subject, validate};
use dewline::template::{Inputs, ProblemKind, Template, load};
use folder::Folder;
use std::collections::BTreeMap;
use std::hint::black_box;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// Rounds; the quickest of each part counts.
const ROUNDS: usize = 5;

#[derive(Clone, Default)]
struct Round {
    looking: Duration,
    reading: Duration,
    validating: Duration,
    building: Duration,
    /// All policies, timed as a whole: reading the clock for each takes a tenth of what they take.
    tier: Duration,
    /// Each policy, timed in a second run over the same graph.
    policies: BTreeMap<&'static str, Duration>,
}

fn main() {
    let Some(shared) = std::env::var_os("DEWLINE_SHARED") else {
        println!("skipped: DEWLINE_SHARED is not set");
        return;
    };
    let corpus = Folder(PathBuf::from(shared).join("corpus"));
    let list = std::fs::read_to_string(corpus.0.join("bench/many500.lst")).unwrap();
    let rounds: Vec<Round> = (0..ROUNDS).map(|_| round(&corpus, list.lines())).collect();
    let least = |part: &dyn Fn(&Round) -> Duration| rounds.iter().map(part).min().unwrap();
    let (reading, building) = (least(&|one| one.reading), least(&|one| one.building));
    println!(
        "looking whether a file may be a template takes {:?} a file",
        least(&|one| one.looking) / list.lines().count() as u32
    );
    let (validating, all) = (least(&|one| one.validating), least(&|one| one.tier));
    println!("reading {reading:?}, validating {validating:?}, building graphs {building:?}, policies {all:?}");
    let share = |base: Duration| all.as_secs_f64() / base.as_secs_f64() * 100.0;
    println!("policies add {:.1} % to reading and building", share(reading + building));
    println!("policies add {:.1} % with validation counted too", share(reading + building + validating));
    let mut each: Vec<(Duration, &str)> =
        rounds[0].policies.keys().map(|name| (least(&|one| one.policies[name]), *name)).collect();
    each.sort_unstable();
    for (time, name) in each.iter().rev().take(15) {
        println!("{time:>12.1?}  {name}");
    }
}

fn round<'l>(corpus: &Folder, paths: impl Iterator<Item = &'l str>) -> Round {
    let (inputs, options) = (Inputs::default(), Options::default());
    let mut round = Round::default();
    for path in paths {
        let Ok(file) = corpus.read(path) else { continue };
        let start = Instant::now();
        black_box(may_be_template(file.text()));
        round.looking += start.elapsed();
        let start = Instant::now();
        let Some(loaded) = load::load(file, corpus, &inputs) else { continue };
        round.reading += start.elapsed();
        let start = Instant::now();
        let subject = Subject {
            dialect: loaded.dialect,
            written: loaded.written.as_ref().unwrap_or(&loaded.root),
            expanded: &loaded.root,
            broken: loaded.problems.iter().any(|problem| problem.kind == ProblemKind::Syntax),
            today: "2026-11-23",
        };
        let mut problems = validate(subject, &inputs);
        round.validating += start.elapsed();
        problems.extend(loaded.problems);
        let start = Instant::now();
        let template = Template::new(loaded.dialect, loaded.root, problems, inputs.clone());
        let graph = Graph::new(template.with_definitions(loaded.definitions));
        round.building += start.elapsed();
        let start = Instant::now();
        let known = Known::new(&graph, None);
        policies::ALL.iter().for_each(|policy| run(policy, &known, &loaded.sources, &options));
        round.tier += start.elapsed();
        let known = Known::new(&graph, None);
        for policy in policies::ALL.iter() {
            let start = Instant::now();
            run(policy, &known, &loaded.sources, &options);
            let taken = start.elapsed();
            *round.policies.entry(policy.meta.name).or_default() += taken;
        }
    }
    round
}

fn run<'a>(policy: &'static Policy, known: &'a Known<'a>, sources: &'a Sources, options: &'a Options) {
    let today = Date { year: 2026, month: 11, day: 23 };
    let mut cx = Context::new(known, sources, today, &policy.meta, options);
    (policy.check)(&mut cx);
    black_box(cx.finish());
}
