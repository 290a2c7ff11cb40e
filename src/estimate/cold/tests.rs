use super::*;

#[test]
fn rare_calls_follow_the_exponential() {
    let load = Load::new(0.0005, 0.2, 600.0);
    let answer = cold(load, Warm::default());
    assert!((answer.probability - (-0.3f64).exp()).abs() < 1e-4, "{answer:?}");
    assert!((erlang(load, 0).probability - answer.probability).abs() < 1e-4);
}

#[test]
fn schedules_outlast_the_expiry_or_not() {
    let alone = |interval| periodic(interval, Load::new(0.0, 0.1, 360.0));
    assert!(alone(300.0) < 1e-6 && alone(400.0) > 0.999);
    // Other calls in between keep an environment.
    let beside = periodic(3600.0, Load::new(0.01, 0.1, 360.0));
    assert!((beside - (-3.6f64).exp()).abs() < 0.01, "{beside}");
}

#[test]
fn more_warm_environments_never_make_more_cold_starts() {
    let load = Load::new(2.0, 0.5, 600.0);
    let kept = |provisioned| cold(load, Warm { provisioned, ..Warm::default() }).probability;
    assert!((0..12).all(|width| kept(width + 1) <= kept(width)));
    let fewest = kept_for(load, 1e-4);
    assert!(kept(fewest) <= 1e-4 && kept(fewest - 1) > 1e-4, "{fewest}");
    assert!((spill(1.0, 1) - 0.5).abs() < 1e-12);
    let pinged = |width| {
        let pings = Some(Pings { interval: 300.0, width, duration: 0.0 });
        cold(Load::new(0.02, 3.0, 360.0), Warm { pings, ..Warm::default() }).probability
    };
    assert!((0..5).all(|width| pinged(width + 1) <= pinged(width)));
}

#[test]
fn pings_that_come_too_seldom_help_little() {
    let load = Load::new(0.001, 0.2, 360.0);
    let with = |interval| {
        cold(load, Warm { pings: Some(Pings { interval, width: 1, duration: 0.0 }), ..Warm::default() }).probability
    };
    let without = cold(load, Warm::default()).probability;
    assert!(with(300.0) < 0.001 && (0.4..0.6).contains(&(with(720.0) / without)), "{}", with(720.0) / without);
}

#[test]
fn bursts_need_as_many_environments() {
    let rare = cold(Load::new(0.01, 0.1, 300.0).in_bursts(10), Warm::default());
    assert!((rare.probability - (-0.3f64).exp()).abs() < 0.02, "{rare:?}");
    let single = cold(Load::new(5.0, 0.2, 300.0), Warm::default());
    let bursts = cold(Load::new(5.0, 0.2, 300.0).in_bursts(10), Warm::default());
    assert!(bursts.probability > single.probability && bursts.pool > single.pool);
}

#[test]
fn large_pools_have_both_forms() {
    let load = Load::new(30_000.0, 1.0, 360.0);
    let (exact, closed) = (exact(load, Warm::default()), erlang(load, 0));
    assert!((exact.pool / closed.pool - 1.0).abs() < 0.01, "{exact:?} {closed:?}");
    assert!((0.5..2.0).contains(&(exact.probability / closed.probability)), "{exact:?} {closed:?}");
    let larger = Load::new(2.0 * LARGE_POOL, 1.0, 360.0);
    assert_eq!(cold(larger, Warm::default()), erlang(larger, 0));
}

#[test]
fn growth_of_the_pool_is_cold() {
    let loads: Vec<Load> = [0.1, 10.0].iter().map(|rate| Load::new(*rate, 0.5, 360.0)).collect();
    let day = profile(&loads, 3600.0, &[], Warm::default());
    let alone = cold(loads[1], Warm::default());
    assert!(day.hours[1].cold > day.hours[1].calls * alone.probability + 5.0, "{day:?}");
    assert!(day.hours[0].cold < day.hours[0].calls * cold(loads[0], Warm::default()).probability, "{day:?}");
    // The same load all day is the steady state.
    let flat = profile(&[loads[1]; 24], 3600.0, &[], Warm::default());
    assert!((flat.probability() / alone.probability - 1.0).abs() < 0.02, "{} {alone:?}", flat.probability());
    // Provisioned concurrency by the hour.
    let kept = profile(&loads, 3600.0, &[3, 17], Warm::default());
    assert!(kept.probability() < 0.1 * day.probability(), "{} {}", kept.probability(), day.probability());
}

#[test]
fn odd_input_is_harmless() {
    let pings = Some(Pings { interval: 0.0, width: 3, duration: 1.0 });
    for rate in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e-300, 1e12] {
        for service in [0.0, 1e-9, 900.0, f64::NAN] {
            for burst in [0, 1, 7, u32::MAX] {
                let load = Load::new(rate, service, 360.0).in_bursts(burst).varying(f64::NAN);
                for warm in [Warm::default(), Warm { provisioned: 2, pings, life: Some(7200.0) }] {
                    let answer = cold(load, warm);
                    assert!((0.0..=1.0).contains(&answer.probability), "{rate} {service} {answer:?}");
                    assert!(answer.pool >= 0.0, "{rate} {service} {answer:?}");
                }
                let share = profile(&[load, load], 3600.0, &[1], Warm::default()).probability();
                assert!((0.0..=1.0).contains(&share), "{rate} {service} {share}");
            }
        }
    }
}
