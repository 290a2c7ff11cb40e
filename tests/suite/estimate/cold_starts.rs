//! The models of cold starts and latency against reference data and against a simulation.

mod reference;
mod simulator;

use dewline::estimate::cold::{Cold, Load, Pings, Warm, cold, profile};
use reference::median;
use simulator::{Law, Random};

#[test]
fn simulated_cases() {
    let Some(cases) = reference::simulated() else { return };
    assert!(cases.len() >= 61);
    for case in cases.iter().filter(|case| case.comparable) {
        let error = case.error().abs();
        let limit = if case.kind == "hourly profile" { 0.08 } else { 0.12 };
        // 203 events where longer runs of the same configuration expect 160: see
        // `a_rare_event_of_the_reference`.
        if case.id != "G01" {
            assert!(error <= limit || case.in_interval(), "{case:?} is off by {:.1} %", error * 100.0);
        }
    }
    let steady = || cases.iter().filter(|case| case.comparable && case.kind == "steady");
    let (error, pool) =
        (median(steady().map(reference::Case::error)), median(steady().map(reference::Case::pool_error)));
    assert!(error <= 0.01 && pool <= 0.005, "{error} {pool}");
}

#[test]
fn a_rare_event_of_the_reference() {
    let load = Load::new(0.001, 0.5, 360.0);
    let warm = Warm { pings: Some(Pings { interval: 300.0, width: 1, duration: 0.01 }), ..Warm::default() };
    let simulated = simulator::run(load, Law::Exponential, warm, &[], 1_500_000.0, 71);
    let model = cold(load, warm);
    assert!((model.probability / simulated.probability - 1.0).abs() < 0.12, "{model:?} {simulated:?}");
}

#[test]
fn measured_on_aws() {
    let Some(cases) = reference::measured() else { return };
    let error = median(cases.iter().map(reference::Case::error));
    let pool = median(cases.iter().map(reference::Case::pool_error));
    assert!(error <= 0.11 && pool <= 0.03, "{error} {pool}");
}

#[test]
fn composed_paths() {
    let Some(cases) = reference::composed() else { return };
    assert!(cases.len() >= 32);
    for case in &cases {
        let limit = if case.percentile > 0.99 { 0.05 } else { 0.02 };
        assert!(case.error().abs() <= limit, "{} {}: {case:?}", case.id, case.name);
    }
}

/// One configuration of the comparison with the simulation.
fn configuration(random: &mut Random) -> (Load, Law, Warm, Vec<f64>) {
    let law =
        random.pick(&[Law::Exponential, Law::Exponential, Law::Constant, Law::LogNormal(1.5), Law::LogNormal(3.0)]);
    let (rate, service) = (random.scale(0.002, 3.0), random.scale(0.1, 3.0));
    let expiry = random.pick(&[300.0, 360.0, 600.0]);
    let load = Load::new(rate, service, expiry).varying(law.variation());
    let mut warm = Warm::default();
    let mut rates = Vec::new();
    let load = match random.pick(&[0, 0, 1, 1, 2, 3, 4, 5]) {
        1 => load.in_bursts(random.pick(&[2, 3, 5, 10])),
        2 => {
            warm.provisioned = random.pick(&[1, 2, 3]);
            load
        }
        3 => {
            warm.pings = Some(Pings { interval: 0.8 * expiry, width: random.pick(&[1, 2, 3]), duration: 0.01 });
            load
        }
        4 => {
            warm.life = Some(7200.0);
            load
        }
        5 => {
            let phase = random.uniform() * 24.0;
            let swing = random.uniform() * 0.95;
            let hour = |hour: u32| 1.0 + swing * ((f64::from(hour) + phase) * std::f64::consts::TAU / 24.0).sin();
            rates = (0..24).map(|h| rate * hour(h)).collect();
            load
        }
        _ => load,
    };
    (load, law, warm, rates)
}

#[test]
fn two_hundred_random_configurations() {
    let (mut errors, mut pools, mut far) = (Vec::new(), Vec::new(), Vec::new());
    for seed in 0..200 {
        let mut random = Random::new(seed * 7919 + 5);
        let (load, law, warm, rates) = configuration(&mut random);
        let model = if rates.is_empty() {
            cold(load, warm)
        } else {
            let loads: Vec<Load> = rates.iter().map(|rate| Load { rate: *rate, ..load }).collect();
            let day = profile(&loads, 3600.0, &[], warm);
            Cold { probability: day.probability(), pool: day.pool().0 }
        };
        let calls = (600.0 / model.probability.max(1e-6)).clamp(4_000.0, 150_000.0);
        let simulated = simulator::run(load, law, warm, &rates, calls, seed + 1000);
        let difference = (model.probability - simulated.probability).abs();
        // Few events spread wider than their batches show.
        let spread = simulated.error.max((simulated.cold as f64 + 3.0).sqrt() / simulated.calls as f64);
        let pool = model.pool - f64::from(warm.provisioned);
        let case =
            format!("seed {seed}: {load:?} {law:?} {warm:?} profile {} {model:?} {simulated:?}", !rates.is_empty());
        if difference > 0.1 * simulated.probability + 3.5 * spread {
            far.push(case.clone());
        }
        if (pool - simulated.pool).abs() > 0.05 * simulated.pool + 0.05 {
            far.push(format!("pool, {case}"));
        }
        if simulated.cold >= 300 {
            errors.push(difference / simulated.probability);
        }
        pools.push((pool - simulated.pool) / simulated.pool.max(0.05));
    }
    assert!(far.is_empty(), "{} are off:\n{}", far.len(), far.join("\n"));
    let (error, pool) = (median(errors.iter().copied()), median(pools.into_iter()));
    eprintln!(
        "{} with 300 cold starts or more: median error {:.1} %, pool {:.2} %",
        errors.len(),
        error * 100.0,
        pool * 100.0
    );
    assert!(errors.len() > 60 && error < 0.04 && pool < 0.01, "{} {error} {pool}", errors.len());
}
