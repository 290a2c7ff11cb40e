//! What could be done about the cold starts of a function, what it costs, and what it brings.

use super::arrivals::Arrivals;
use super::cold::{self, Load, Pings, Warm};
use super::init::{Init, Start};
use super::latency::{Laws, Mode, Part, Time};
use super::model::Model;
use super::usage::Slo;
use crate::facts::prices::{HOURS_PER_MONTH, Prices};
use crate::graph::NodeRef;
use serde::Serialize;

/// One way to meet cold starts.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Strategy {
    /// `nothing`, `pings`, `provisioned`, `provisioned-by-hour`, `snapshot`, `package`, `memory`, `arm64`.
    pub kind: &'static str,
    /// In words, with its numbers.
    pub text: String,
    /// The function's compute, requests and warm capacity, a month; none where a price is missing.
    pub monthly: Option<f64>,
    /// Share of calls that start cold.
    pub cold_share: f64,
    /// 99th percentile of a call, ms, cold starts included.
    pub p99_ms: f64,
    /// Whether it keeps the objectives that hold for the function; none where there are none.
    pub meets_slo: Option<bool>,
    /// What is assumed.
    pub assumptions: Vec<String>,
    /// Environments that are kept: provisioned, or pinged at once.
    pub environments: Option<u32>,
    /// Environments of each hour, for a schedule.
    pub schedule: Vec<u32>,
    /// Initialisation under this strategy, p50 and p99 ms.
    pub init_ms: Option<(f64, f64)>,
}

/// The function that strategies are for.
pub(super) struct About<'a, 'g> {
    pub node: NodeRef<'g>,
    pub arrivals: &'a Arrivals,
    /// Load without a rate.
    pub shape: Load,
    pub life: f64,
    pub law: Part,
    pub laws: &'a Laws,
    pub init: Option<Init>,
    pub observed: Option<f64>,
    /// Cold share to size warm capacity for.
    pub target: f64,
    /// Environments to keep in each hour of the week, where a forecast tells them.
    pub plan: Option<&'a [u32]>,
}

/// Cold share that provisioned concurrency is sized for where no objective names one.
const TARGET: f64 = 1e-4;
/// Seconds between pings: safely below the lowest idle expiry.
const PING_S: f64 = 240.0;
/// Seconds that a ping keeps its environment.
const PING_DURATION_S: f64 = 0.01;
/// Megabytes of a package below which less of it brings next to nothing.
const SMALL_MB: f64 = 1.0;
/// Days that a snapshot is kept and charged: all of them.
const SECONDS: f64 = HOURS_PER_MONTH * 3600.0;

/// 99th percentile of a call with cold starts.
pub(super) fn call_p99(laws: &Laws, law: Part, init: Option<Part>, share: f64) -> f64 {
    let start = Time::Start(init.unwrap_or(Part { p50: 0.0, p99: 0.0 }), Some(share));
    laws.of(&Time::Series(vec![start, Time::Part(law)]), Mode::Mixed).percentile(0.99)
}

/// All strategies that are possible, the cheapest first.
pub(super) fn strategies(model: &Model<'_, '_>, about: &About<'_, '_>, prices: &Prices) -> Vec<Strategy> {
    let bill = Bill { prices, region: model.region(), about, start: Start::at_hand(about.node) };
    let target = about.target;
    let life = Some(about.life);
    let warm = |provisioned, pings| Warm { provisioned, pings, life };
    let cold = |warm: Warm, kept: &[u32]| about.arrivals.cold(about.shape, warm, kept).0;
    let base = cold(warm(0, None), &[]);
    let mut found = Vec::new();
    let arm = bill.start.arm;
    let memory = f64::from(bill.start.memory_mb);
    let init = about.init.clone();
    let as_is = Machine { init: init.as_ref(), memory_mb: memory, arm };

    let usual = about.observed.unwrap_or(base.probability);
    found.push(bill.strategy("nothing", "nothing".into(), usual, as_is, 0.0));

    let width = (base.pool.ceil().max(1.0) as u32).max(about.arrivals.burst);
    let pings = Pings { interval: PING_S, width, duration: PING_DURATION_S };
    let share = cold(warm(0, Some(pings)), &[]).probability.min(usual);
    let rounds = SECONDS / PING_S * f64::from(width);
    let ping_cost = bill
        .cost(meter("duration", arm), rounds * PING_DURATION_S * memory / 1024.0)
        .and_then(|duration| Some(duration + bill.cost("lambda.requests".into(), rounds)?));
    let text = format!("{width} pings every {PING_S:.0} s");
    let mut strategy = bill.strategy("pings", text, share, as_is, ping_cost.unwrap_or(f64::NAN));
    strategy.environments = Some(width);
    strategy.assumptions.push("a ping takes 10 ms; deployments and scaling still start cold".to_owned());
    found.push(strategy);

    let loads = about.arrivals.loads(about.shape);
    let hourly = about.plan.map_or_else(|| cold::kept_by_hour(&loads, 3600.0, target), <[u32]>::to_vec);
    let most = hourly.iter().copied().max().unwrap_or(0).max(u32::from(!about.arrivals.intervals.is_empty()));
    if most > 0 && !about.node.property(&["SnapStart", "ApplyOn"]).text().is_some_and(|on| on == "PublishedVersions") {
        let share = cold(warm(most, None), &vec![most; if hourly.len() > 1 { hourly.len() } else { 0 }]).probability;
        let extra = bill.provisioned(f64::from(most), arm, memory, |load| cold::spill(load.offered(), most));
        let text = format!("provisioned concurrency of {most}");
        let mut strategy = bill.strategy("provisioned", text, share.min(usual), as_is, extra);
        strategy.environments = Some(most);
        strategy.assumptions.push(format!("sized for a cold share of at most {}", percent(target)));
        found.push(strategy);
        let mean = hourly.iter().map(|kept| f64::from(*kept)).sum::<f64>() / hourly.len() as f64;
        if hourly.len() > 1 && mean < f64::from(most) {
            let share = cold(warm(0, None), &hourly).probability;
            let mut hour = 0;
            let extra = bill.provisioned(mean, arm, memory, |load| {
                hour += 1;
                cold::spill(load.offered(), hourly[(hour - 1) % hourly.len()])
            });
            let least = hourly.iter().copied().min().unwrap_or(0);
            let by = if about.plan.is_some() { "forecast" } else { "hour" };
            let text = format!("provisioned concurrency by the {by}, {least} to {most}");
            let mut strategy = bill.strategy("provisioned-by-hour", text, share.min(usual), as_is, extra);
            strategy.assumptions.push(format!("sized for a cold share of at most {} in each hour", percent(target)));
            strategy.schedule = hourly;
            found.push(strategy);
        }
    }

    if snapshots(&bill.start) && !bill.start.snapshot {
        let snapshot = Start { snapshot: true, ..bill.start.clone() }.init();
        let free = bill.start.runtime.as_deref().is_some_and(|runtime| runtime.starts_with("java"));
        let gigabytes = memory / 1024.0;
        let restores = about.arrivals.total() * SECONDS * usual;
        let extra = if free {
            0.0
        } else {
            let cache = bill.cost("lambda.snapstart-cache".into(), gigabytes * SECONDS);
            let restore = bill.cost("lambda.snapstart-restore".into(), gigabytes * restores);
            cache.zip(restore).map_or(f64::NAN, |(cache, restore)| cache + restore)
        };
        let mut strategy =
            bill.strategy("snapshot", "SnapStart".into(), usual, Machine { init: snapshot.as_ref(), ..as_is }, extra);
        strategy.assumptions.push("one version is kept; restoring is rough, see its init".to_owned());
        found.push(strategy);
    }
    if let Some(megabytes) = bill.start.zipped_mb.filter(|size| *size >= SMALL_MB && !bill.start.image) {
        let smaller = Start { zipped_mb: Some(megabytes / 2.0), ..bill.start.clone() };
        if let Some(init) = smaller.init().filter(|_| about.observed.is_none() && !bill.start.snapshot) {
            let text = format!("a package of {:.1} instead of {megabytes:.1} MB", megabytes / 2.0);
            let mut strategy = bill.strategy("package", text, usual, Machine { init: Some(&init), ..as_is }, 0.0);
            strategy
                .assumptions
                .push("half of the package can be left out; the law of package sizes is rough".to_owned());
            found.push(strategy);
        }
    }
    if memory < 1769.0 {
        let larger = Start { memory_mb: (bill.start.memory_mb * 2).min(10_240), ..bill.start.clone() };
        let init = if about.observed.is_some() { init.clone() } else { larger.init() };
        let more = f64::from(larger.memory_mb);
        let text = format!("{more:.0} MB of memory");
        let mut strategy =
            bill.strategy("memory", text, usual, Machine { init: init.as_ref(), memory_mb: more, arm }, 0.0);
        strategy.assumptions.push("calls take as long as before, so the cost is an upper bound".to_owned());
        found.push(strategy);
    }
    if !arm {
        let other = Start { arm: true, ..bill.start.clone() };
        if let Some(init) = other.init().filter(|_| about.observed.is_none()) {
            let mut strategy =
                bill.strategy("arm64", "arm64".into(), usual, Machine { init: Some(&init), arm: true, ..as_is }, 0.0);
            strategy.assumptions.push("the code and its libraries run on arm64, calls take as long".to_owned());
            found.push(strategy);
        }
    }
    let known = |strategy: &Strategy| strategy.monthly.unwrap_or(f64::INFINITY);
    found.sort_by(|a, b| known(a).total_cmp(&known(b)).then_with(|| a.kind.cmp(b.kind)));
    found
}

/// Whether the runtime can start from snapshots (Java 11, Python 3.12, .NET 8 and later).
fn snapshots(start: &Start) -> bool {
    let Some(runtime) = start.runtime.as_deref().filter(|_| !start.image) else { return false };
    let version = |prefix: &str| runtime.strip_prefix(prefix).and_then(|rest| rest.parse::<u32>().ok());
    version("java").is_some_and(|version| version >= 11)
        || version("python3.").is_some_and(|version| version >= 12)
        || version("dotnet").is_some_and(|version| version >= 8)
}

/// The smallest cold share that an objective of the usage file asks for at an entry. A percentile
/// asks for half of the share beyond it: warm calls may be late as well.
pub(super) fn target(model: &Model<'_, '_>, node: NodeRef<'_>) -> f64 {
    let usage = model.variables.usage();
    let asks = |slo: &Slo| {
        let late = [(slo.p50_ms, 0.25), (slo.p95_ms, 0.025), (slo.p99_ms, 0.005), (slo.p999_ms, 0.0005)];
        let late = late.into_iter().filter(|(limit, _)| limit.is_some()).map(|(_, share)| share);
        late.chain(slo.cold_start_probability).reduce(f64::min)
    };
    let own = usage.slo.iter().filter(|(entry, _)| model.graph.node(entry).is_none_or(|entry| entry == node));
    own.filter_map(|(_, slo)| asks(slo))
        .reduce(f64::min)
        .or_else(|| usage.slo.values().filter_map(asks).reduce(f64::min))
        .unwrap_or(TARGET)
}

fn percent(share: f64) -> String {
    let digits = if share < 0.0001 {
        4
    } else if share < 0.01 {
        2
    } else {
        1
    };
    format!("{:.digits$} %", share * 100.0)
}

/// The meter of a function's architecture.
fn meter(what: &str, arm: bool) -> String {
    format!("lambda.{what}.{}", if arm { "arm" } else { "x86" })
}

/// What a strategy runs the function on.
#[derive(Clone, Copy)]
struct Machine<'a> {
    init: Option<&'a Init>,
    memory_mb: f64,
    arm: bool,
}

struct Bill<'a, 'g> {
    prices: &'a Prices,
    region: &'a str,
    about: &'a About<'a, 'g>,
    start: Start,
}

impl Bill<'_, '_> {
    fn cost(&self, meter: String, quantity: f64) -> Option<f64> {
        self.prices.cost(&meter, self.region, quantity).ok()
    }

    /// Warm capacity of `kept` environments on average, with the calls it serves charged at the
    /// lower price of provisioned duration.
    fn provisioned(&self, kept: f64, arm: bool, memory: f64, mut spill: impl FnMut(&Load) -> f64) -> f64 {
        let gigabytes = memory / 1024.0;
        let loads = self.about.arrivals.loads(self.about.shape);
        let hours = loads.len() as f64;
        let served: f64 = loads.iter().map(|load| load.offered() * (1.0 - spill(load))).sum::<f64>() / hours;
        let seconds = served * SECONDS * gigabytes;
        let find = || {
            let capacity = self.cost(meter("provisioned", arm), kept * SECONDS * gigabytes)?;
            let lower = self.cost(meter("provisioned-duration", arm), seconds)?;
            let usual = self.cost(meter("duration", arm), seconds)?;
            Some(capacity + lower - usual)
        };
        find().unwrap_or(f64::NAN)
    }

    fn strategy(
        &self,
        kind: &'static str,
        text: String,
        cold_share: f64,
        machine: Machine<'_>,
        extra: f64,
    ) -> Strategy {
        let Machine { init, memory_mb, arm } = machine;
        let calls = self.about.arrivals.total() * SECONDS;
        let gigabytes = memory_mb / 1024.0;
        let init_s = init.map_or(0.0, |init| init.part().mean() / 1000.0);
        let seconds = calls * (self.about.shape.service + cold_share * init_s);
        let compute = self
            .cost(meter("duration", arm), seconds * gigabytes)
            .and_then(|duration| Some(duration + self.cost("lambda.requests".to_owned(), calls)?));
        Strategy {
            kind,
            text,
            monthly: compute.map(|compute| compute + extra).filter(|cost| cost.is_finite()),
            cold_share,
            p99_ms: call_p99(self.about.laws, self.about.law, init.map(Init::part), cold_share),
            meets_slo: None,
            assumptions: Vec::new(),
            environments: None,
            schedule: Vec::new(),
            init_ms: init.map(|init| (init.p50_ms, init.p99_ms)),
        }
    }
}
