//! The simulated and measured cases of the reference data, and the model's answers to them.

use dewline::estimate::cold::{Cold, Load, Pings, Warm, cold, profile};
use dewline::estimate::latency::{Laws, Mode, Part, Time};
use std::path::PathBuf;

/// One case with what the reference says and what the model says.
#[derive(Debug)]
pub struct Case {
    pub id: String,
    /// What is special about it.
    pub kind: &'static str,
    /// Whether the reference routes to the environment used last, as the model does.
    pub comparable: bool,
    pub measured: f64,
    /// Half width of the reference's 95 % interval.
    pub interval: f64,
    pub measured_pool: f64,
    pub model: Cold,
}

impl Case {
    pub fn error(&self) -> f64 {
        self.model.probability / self.measured - 1.0
    }

    pub fn pool_error(&self) -> f64 {
        self.model.pool / self.measured_pool - 1.0
    }

    pub fn in_interval(&self) -> bool {
        (self.model.probability - self.measured).abs() <= self.interval
    }
}

fn folder() -> Option<PathBuf> {
    let Some(folder) = std::env::var_os("DEWLINE_SHARED") else {
        eprintln!("skipped: DEWLINE_SHARED is not set");
        return None;
    };
    Some(PathBuf::from(folder).join("facts/cost"))
}

fn table(name: &str) -> Option<Vec<Vec<String>>> {
    let text = std::fs::read_to_string(folder()?.join(name)).unwrap();
    let lines = text.lines().skip(1).filter(|line| !line.starts_with('#'));
    Some(lines.map(|line| line.split('\t').map(str::to_owned).collect()).collect())
}

/// Simulated cases: steady, other laws, recycling, profiles, provisioned, pings, bursts.
pub fn simulated() -> Option<Vec<Case>> {
    let rows = table("latency_cases.tsv")?;
    Some(rows.iter().map(|row| simulated_case(row)).collect())
}

fn simulated_case(row: &[String]) -> Case {
    let number = |index: usize| row[index].parse::<f64>().unwrap_or(0.0);
    let burst = number(14).max(1.0);
    let variation = match row[9].as_str() {
        "exp" => 1.0,
        "det" => 0.0,
        law => law.trim_start_matches("logn").parse().unwrap(),
    };
    let load = Load::new(number(3) * burst, number(5), number(7)).in_bursts(burst as u32).varying(variation);
    let pings = (number(12) > 0.0).then(|| Pings { interval: number(12), width: number(13) as u32, duration: 0.01 });
    let warm = Warm { provisioned: number(11) as u32, pings, life: Some(number(8)).filter(|life| *life > 0.0) };
    let mut model = if row[4].is_empty() {
        cold(load, warm)
    } else {
        let loads: Vec<Load> = row[4].split(',').map(|rate| Load { rate: rate.parse().unwrap(), ..load }).collect();
        let day = profile(&loads, 3600.0, &[], warm);
        Cold { probability: day.probability(), pool: day.pool().0 }
    };
    // The reference counts the pool without provisioned environments.
    model.pool -= f64::from(warm.provisioned);
    let kind = match row[2].as_str() {
        "A" | "C" => "steady",
        "B" => "other service laws",
        "D" => "recycling",
        "E" => "hourly profile",
        "F" => "provisioned concurrency",
        "G" => "pings",
        "H" => "bursts",
        other => panic!("group {other}"),
    };
    Case {
        id: row[0].clone(),
        kind,
        comparable: matches!(row[10].as_str(), "newest" | "mru"),
        measured: number(17),
        interval: number(18),
        measured_pool: number(19),
        model,
    }
}

/// Measurements on AWS in 2020; the interval is two standard errors.
pub fn measured() -> Option<Vec<Case>> {
    let rows = table("aws_measured_2020.tsv")?;
    let case = |row: &Vec<String>| {
        let number = |index: usize| row[index].parse::<f64>().unwrap();
        Case {
            id: row[1].clone(),
            kind: "measured on AWS",
            comparable: true,
            measured: number(6),
            interval: 2.0 * number(7),
            measured_pool: number(8),
            model: cold(Load::new(number(2), number(3), number(5)), Warm::default()),
        }
    };
    Some(rows.iter().map(case).collect())
}

/// One percentile of a composed path.
#[derive(Debug)]
pub struct Composed {
    pub id: String,
    pub name: String,
    pub percentile: f64,
    pub expected: f64,
    pub model: f64,
}

impl Composed {
    pub fn error(&self) -> f64 {
        self.model / self.expected - 1.0
    }
}

/// Paths composed of log-normal parts.
pub fn composed() -> Option<Vec<Composed>> {
    let rows = table("compose_cases.tsv")?;
    let numbers = |text: &str| -> Vec<f64> {
        let digits = |c: char| c.is_ascii_digit() || matches!(c, '.' | 'e' | '-');
        text.split(|c: char| !digits(c)).filter_map(|part| part.parse().ok()).collect()
    };
    let (mut found, laws) = (Vec::new(), Laws::default());
    for cells in &rows {
        let parts: Vec<Part> = numbers(&cells[3]).chunks(2).map(|pair| Part { p50: pair[0], p99: pair[1] }).collect();
        let colds: Vec<(f64, Part)> =
            numbers(&cells[4]).chunks(3).map(|c| (c[0], Part { p50: c[1], p99: c[2] })).collect();
        let starts = colds.iter().map(|(share, part)| Time::Start(*part, Some(*share)));
        let path = Time::Series(parts.iter().copied().map(Time::Part).chain(starts).collect());
        let law = laws.of(&path, Mode::Mixed);
        for (percentile, cell) in [(0.5, 6), (0.95, 8), (0.99, 9), (0.999, 10)] {
            found.push(Composed {
                id: cells[0].clone(),
                name: cells[2].clone(),
                percentile,
                expected: cells[cell].parse().unwrap(),
                model: law.percentile(percentile),
            });
        }
    }
    Some(found)
}

pub fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.map(f64::abs).collect();
    values.sort_by(f64::total_cmp);
    let upper = values.len() / 2;
    f64::midpoint(values[upper], values[(values.len() - 1) / 2])
}
