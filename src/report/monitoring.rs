//! How far monitoring covers the templates of a run.

use super::{Run, Style};
use serde_json::{Value, json};
use std::io;

/// A resource with the signals that ought to be watched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Monitored {
    /// Its logical id.
    pub resource: String,
    /// What it is: `function`, `REST API`.
    pub kind: &'static str,
    /// Its signals, alarms first.
    pub signals: Vec<Signal>,
}

/// One signal, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signal {
    /// What it is: `errors`.
    pub name: &'static str,
    /// What watches it: `alarm`, `dashboard`, `trace` or `log`.
    pub means: &'static str,
    /// The metrics any of which an alarm may watch.
    pub metrics: &'static [&'static str],
    /// Whether something watches it; `None` where that cannot be told.
    pub watched: Option<bool>,
    /// What does.
    pub by: Vec<String>,
    /// Alarms that would, if anybody received them.
    pub unheard: Vec<String>,
}

/// How many signals are watched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub watched: usize,
    unwatched: usize,
    unknown: usize,
}

impl Tally {
    pub(super) fn of<'s>(signals: impl Iterator<Item = &'s Signal>) -> Self {
        signals.fold(Self::default(), |mut tally, signal| {
            match signal.watched {
                Some(true) => tally.watched += 1,
                Some(false) => tally.unwatched += 1,
                None => tally.unknown += 1,
            }
            tally
        })
    }

    /// The signals of which something is known.
    pub(super) fn known(self) -> usize {
        self.watched + self.unwatched
    }

    /// 0 to 1; `None` where nothing is known.
    fn share(self) -> Option<f64> {
        (self.known() > 0).then(|| (self.watched as f64 / self.known() as f64 * 1e4).round() / 1e4)
    }

    pub(super) fn json(self) -> Value {
        json!({
            "share": self.share(), "watched": self.watched, "unwatched": self.unwatched, "unknown": self.unknown,
        })
    }

    pub(super) fn percent(self) -> String {
        self.share().map_or("?".to_owned(), |share| format!("{:.0} %", share * 100.0))
    }
}

const MEANS: [&str; 4] = ["alarm", "dashboard", "trace", "log"];

fn all(run: &Run) -> impl Iterator<Item = &Signal> {
    run.files.iter().flat_map(|file| &file.monitored).flat_map(|one| &one.signals)
}

/// The measure as data: in all, by means, and for each resource.
pub(super) fn json(run: &Run) -> Value {
    let resources = run.files.iter().flat_map(|file| file.monitored.iter().map(move |one| (file, one)));
    let resources: Vec<Value> = resources
        .map(|(file, one)| {
            let signals: Vec<Value> = one
                .signals
                .iter()
                .map(|signal| {
                    json!({
                        "name": signal.name, "means": signal.means, "metrics": signal.metrics,
                        "watched": signal.watched, "by": signal.by, "unheard": signal.unheard,
                    })
                })
                .collect();
            let mut value = json!({ "path": file.path, "resource": one.resource, "kind": one.kind });
            extend(&mut value, Tally::of(one.signals.iter()).json());
            value["signals"] = signals.into();
            value
        })
        .collect();
    let mut value = Tally::of(all(run)).json();
    value["means"] = MEANS
        .iter()
        .map(|means| ((*means).to_owned(), Tally::of(all(run).filter(|signal| signal.means == *means)).json()))
        .collect();
    value["resources"] = resources.into();
    value
}

fn extend(value: &mut Value, more: Value) {
    if let (Value::Object(value), Value::Object(more)) = (value, more) {
        value.extend(more);
    }
}

/// The measure for people: the share in all, and one line a resource, the least watched first.
pub(super) fn write(run: &Run, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    let total = Tally::of(all(run));
    if total.known() + total.unknown == 0 {
        return Ok(());
    }
    let parts: Vec<String> = MEANS
        .into_iter()
        .map(|means| (means, Tally::of(all(run).filter(move |signal| signal.means == means))))
        .filter(|(_, tally)| tally.known() > 0)
        .map(|(means, tally)| format!("{means}s {} of {}", tally.watched, tally.known()))
        .collect();
    let unknown = if total.unknown > 0 { format!("; {} cannot be told", total.unknown) } else { String::new() };
    writeln!(
        out,
        "{}: {} of {} signals are watched ({}){unknown}",
        style.bold("monitoring"),
        total.watched,
        total.known(),
        total.percent()
    )?;
    if !parts.is_empty() {
        writeln!(out, "{}", style.dim(&format!("  {}", parts.join(", "))))?;
    }
    let mut rows: Vec<_> =
        run.files.iter().flat_map(|file| file.monitored.iter().map(move |one| (file, one))).collect();
    let share = |signals: &[Signal]| Tally::of(signals.iter()).share().unwrap_or(2.0);
    rows.sort_by(|a, b| share(&a.1.signals).total_cmp(&share(&b.1.signals)));
    for (file, one) in rows {
        let tally = Tally::of(one.signals.iter());
        let missing = |wanted: Option<bool>| one.signals.iter().filter(move |signal| signal.watched == wanted);
        let names = |signals: Vec<&Signal>| {
            let name = |signal: &Signal| match signal.unheard.as_slice() {
                [] => signal.name.to_owned(),
                [alarm, ..] => format!("{} (nobody receives {alarm})", signal.name),
            };
            signals.into_iter().map(name).collect::<Vec<_>>().join(", ")
        };
        let mut line = format!("{:>5}  {} {} in {}", tally.percent(), one.kind, one.resource, file.path);
        let open = names(missing(Some(false)).collect());
        if !open.is_empty() {
            line += &style.dim(&format!("; not watched: {open}"));
        }
        writeln!(out, "{line}")?;
    }
    writeln!(out)
}
