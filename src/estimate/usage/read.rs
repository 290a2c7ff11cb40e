//! From text to a usage file.

use super::keys::{Key, Unit};
use super::profile::Profile;
use super::{Amount, Budget, Calls, Limit, ResourceUsage, Slo, Usage};
use crate::document::settings::{
    SettingsProblem, SettingsProblems, any_of, is_null, pairs, parse_settings, scalar, settings_root,
};
use crate::document::{Kind, NodeRef, Scalar};
use crate::estimate::range::Range;
use crate::source::{SourceFile, closest};
use std::collections::BTreeMap;
use std::sync::Arc;

const TOP: [&str; 8] =
    ["version", "region", "profiles", "resource_usage", "resource_type_default_usage", "assume", "slo", "budget"];
const SLO: [&str; 5] = ["p50_ms", "p95_ms", "p99_ms", "p999_ms", "cold_start_probability"];
const BUDGET: [&str; 4] = ["monthly_usd", "per_path", "increase_usd", "increase_percent"];
/// Keys of a resource that hold no quantity.
const NESTED: [&str; 4] = ["routes", "calls", "choices", "items"];

/// Reads the usage file `file`. What it says is not yet compared with a template; see
/// [`super::check`].
///
/// # Errors
/// Every problem of the file, by place. There is no half-read file.
pub fn read(file: &Arc<SourceFile>) -> Result<Usage, Vec<SettingsProblem>> {
    let (document, problems) = parse_settings(file);
    let mut reader = Reader { problems, profiles: BTreeMap::new() };
    let mut usage = Usage::default();
    if let Some(root) = settings_root(&document, &reader.problems) {
        reader.root(root, &mut usage);
    }
    reader.problems.or(usage)
}

struct Reader {
    problems: SettingsProblems,
    profiles: BTreeMap<String, Arc<Profile>>,
}

impl Reader {
    fn root(&mut self, root: NodeRef<'_>, usage: &mut Usage) {
        let pairs = self.map(root, "the usage file", "write keys and values, e.g. `resource_usage:`");
        // Profiles are known before the quantities that name them.
        for (name, value) in pairs.iter().filter(|(name, _)| name.text() == "profiles") {
            self.profiles(*name, *value);
        }
        for (name, value) in pairs {
            match name.text() {
                "version" => {
                    if self.number(value, "version", Unit::Count).is_some_and(|number| (number - 1.0).abs() > 1e-9) {
                        let help = "write `version: 1`, or remove it".to_owned();
                        self.problems.add(value.span(), "only version 1 of the usage file is known", help);
                    }
                }
                "region" => usage.region = self.text(value, "region"),
                "profiles" => {}
                "resource_usage" => {
                    let help = "write logical ids and below them quantities, e.g. `monthly_requests: 100000`";
                    for (id, value) in self.map(value, "`resource_usage`", help) {
                        let resource = self.resource(id, value, true);
                        usage.resources.insert(id.text().to_owned(), resource);
                    }
                }
                "resource_type_default_usage" => {
                    let help = "write resource types and below them quantities";
                    for (ty, value) in self.map(value, "`resource_type_default_usage`", help) {
                        usage.type_spans.insert(ty.text().to_owned(), ty.span());
                        usage.types.insert(ty.text().to_owned(), self.amounts(value, ty.text(), &[]));
                    }
                }
                "assume" => usage.assume = self.amounts(value, "assume", &[]),
                "slo" => usage.slo = self.slos(value),
                "budget" => usage.budget = self.budget(value),
                _ => self.unknown(name, &TOP),
            }
        }
    }

    fn unknown(&mut self, name: NodeRef<'_>, known: &[&str]) {
        let normal = name.text().replace('-', "_").to_lowercase();
        let close = closest(&normal, known.iter().copied(), 3);
        let help = match (close.as_slice(), known.len()) {
            ([], 0..=10) => format!("it must be one of {}", any_of(known)),
            ([], _) => "`dewline estimate --init-usage` writes the keys of a template".to_owned(),
            (close, _) => format!("did you mean {}?", any_of(close)),
        };
        self.problems.add(name.span(), format!("there is no key `{}` here", name.text()), help);
    }

    fn wrong(&mut self, value: NodeRef<'_>, name: &str, expected: &str, help: impl Into<String>) {
        self.problems.add_wrong(value, name, expected, help);
    }

    /// The pairs of a map; nothing, and a problem, for anything else. An empty value is an
    /// empty map: a file being filled in has many.
    fn map<'d>(&mut self, value: NodeRef<'d>, name: &str, help: &str) -> Vec<(NodeRef<'d>, NodeRef<'d>)> {
        let value = value.target().unwrap_or(value);
        pairs(value).unwrap_or_else(|| {
            if !is_null(value) {
                self.wrong(value, name, "a map", help);
            }
            Vec::new()
        })
    }

    fn text(&mut self, value: NodeRef<'_>, name: &str) -> Option<String> {
        match scalar(value) {
            Scalar::Str(text) => Some(text.to_owned()),
            _ => {
                self.wrong(value, &format!("`{name}`"), "text", "write one word behind the key");
                None
            }
        }
    }

    fn profiles(&mut self, name: NodeRef<'_>, value: NodeRef<'_>) {
        let help = "write names and below each a list of 24 or 168 numbers";
        for (name, value) in self.map(value, &format!("`{}`", name.text()), help) {
            if let Some(profile) = self.hours(name.text(), value) {
                self.profiles.insert(name.text().to_owned(), Arc::new(profile));
            }
        }
    }

    fn hours(&mut self, name: &str, value: NodeRef<'_>) -> Option<Profile> {
        if value.kind() != Kind::Seq {
            self.wrong(value, &format!("the profile `{name}`"), "a list of 24 or 168 numbers", "write one an hour");
            return None;
        }
        let count = value.children().len();
        let known = self.problems.len();
        let numbers: Vec<f64> = value
            .children()
            .filter_map(|item| self.number(item.target().unwrap_or(item), &format!("an hour of `{name}`"), Unit::Count))
            .collect();
        if self.problems.len() > known {
            return None;
        }
        if !matches!(count, 24 | 168) {
            let near = if count < 96 { (24, "a day") } else { (168, "a week from Monday 00:00 UTC") };
            let change = if count < near.0 {
                format!("add {} for the hours of {}", near.0 - count, near.1)
            } else {
                format!("remove {} to have the {} hours of {}", count - near.0, near.0, near.1)
            };
            let message = format!("the profile `{name}` has {count} numbers; it must have 24 or 168");
            self.problems.add(value.span(), message, change);
            return None;
        }
        let profile = Profile::new(numbers);
        if profile.is_none() {
            let help = "give some hour traffic, or leave the profile out".to_owned();
            self.problems.add(value.span(), format!("the profile `{name}` has no traffic in any hour"), help);
        }
        profile
    }

    fn resource(&mut self, id: NodeRef<'_>, value: NodeRef<'_>, whole: bool) -> ResourceUsage {
        let nested: &[&str] = if whole { &NESTED } else { &[] };
        let mut resource =
            ResourceUsage { span: id.span(), amounts: self.amounts(value, id.text(), nested), ..Default::default() };
        let target = value.target().unwrap_or(value);
        for (name, value) in target.pairs().filter(|(name, _)| nested.contains(&name.text())) {
            let value = value.target().unwrap_or(value);
            match name.text() {
                "routes" => {
                    for (route, value) in self.map(value, "`routes`", "write routes such as `GET /orders:`") {
                        resource.routes.insert(route.text().to_owned(), self.resource(route, value, false));
                    }
                }
                "calls" => {
                    for (id, value) in self.map(value, "`calls`", "write logical ids and calls, e.g. `Orders: 2`") {
                        if let Some(calls) = self.calls(id, value) {
                            resource.calls.insert(id.text().to_owned(), calls);
                        }
                    }
                }
                "choices" => {
                    let help = "write choice states and below them the probability of each next state";
                    for (state, value) in self.map(value, "`choices`", help) {
                        let next = self.choice(state, value);
                        resource.choices.insert(state.text().to_owned(), next);
                    }
                }
                _ => {
                    for (state, value) in self.map(value, "`items`", "write map states and their items") {
                        if let Some(amount) = self.amount(value, state.text(), Unit::Count) {
                            resource.items.insert(state.text().to_owned(), amount);
                        }
                    }
                }
            }
        }
        resource
    }

    fn choice(&mut self, state: NodeRef<'_>, value: NodeRef<'_>) -> BTreeMap<String, Amount> {
        let help = "write next states and their probability, e.g. `Refund: 0.1`";
        let mut next = BTreeMap::new();
        for (name, value) in self.map(value, &format!("`{}`", state.text()), help) {
            if let Some(amount) = self.amount(value, name.text(), Unit::Share) {
                next.insert(name.text().to_owned(), amount);
            }
        }
        let sum: f64 = next.values().map(|amount| amount.range.expected).sum();
        if sum > 1.0 + 1e-6 {
            let message = format!("the probabilities of `{}` add up to {sum:.3}, more than 1", state.text());
            self.problems.add(value.span(), message, "a state goes on to one next state");
        }
        next
    }

    fn calls(&mut self, id: NodeRef<'_>, value: NodeRef<'_>) -> Option<Calls> {
        let split = value.kind() == Kind::Map && value.pairs().any(|(key, _)| matches!(key.text(), "reads" | "writes"));
        if !split {
            let amount = self.amount(value, id.text(), Unit::Count)?;
            return Some(Calls { span: id.span(), reads: Some(amount.clone()), writes: Some(amount) });
        }
        let mut calls = Calls { span: id.span(), reads: None, writes: None };
        for (name, value) in value.pairs() {
            let value = value.target().unwrap_or(value);
            match name.text() {
                "reads" => calls.reads = self.amount(value, "reads", Unit::Count),
                "writes" => calls.writes = self.amount(value, "writes", Unit::Count),
                _ => self.unknown(name, &["reads", "writes"]),
            }
        }
        // What is left out of a named pair does not happen.
        let none = Amount { range: Range::exact(0.0), profile: None, span: id.span() };
        calls.reads.get_or_insert_with(|| none.clone());
        calls.writes.get_or_insert(none);
        Some(calls)
    }

    fn amounts(&mut self, value: NodeRef<'_>, of: &str, nested: &[&str]) -> BTreeMap<Key, Amount> {
        let mut amounts = BTreeMap::new();
        let help = "write quantities below it, e.g. `monthly_requests: 100000`";
        for (name, value) in self.map(value, &format!("`{of}`"), help) {
            let Some(key) = Key::of(name.text()) else {
                if !nested.contains(&name.text()) {
                    let names: Vec<&str> =
                        Key::ALL.iter().map(|key| key.name()).chain(nested.iter().copied()).collect();
                    self.unknown(name, &names);
                }
                continue;
            };
            // A question that is not answered yet.
            if is_null(value) {
                continue;
            }
            if let Some(amount) = self.amount(value, key.name(), key.unit()) {
                amounts.insert(key, amount);
            }
        }
        amounts
    }

    fn amount(&mut self, value: NodeRef<'_>, name: &str, unit: Unit) -> Option<Amount> {
        let span = value.span();
        if value.kind() != Kind::Map {
            let number = self.number(value, name, unit)?;
            return Some(Amount { range: Range::exact(number), profile: None, span });
        }
        let (mut bounds, mut profile) = ([None; 3], None);
        let known = self.problems.len();
        for (key, value) in value.pairs() {
            let value = value.target().unwrap_or(value);
            match key.text() {
                "low" => bounds[0] = self.number(value, "low", unit).map(|number| (number, value.span())),
                "expected" => bounds[1] = self.number(value, "expected", unit).map(|number| (number, value.span())),
                "high" => bounds[2] = self.number(value, "high", unit).map(|number| (number, value.span())),
                "profile" => profile = self.profile(value),
                _ => self.unknown(key, &["low", "expected", "high", "profile"]),
            }
        }
        if self.problems.len() > known {
            return None;
        }
        let Some((expected, _)) = bounds[1] else {
            let help = format!("write `{name}: {{low: 1, expected: 2, high: 4}}` or one number");
            self.problems.add(span, format!("`{name}` has no expected value"), help);
            return None;
        };
        let (low, high) = (bounds[0].unwrap_or((expected, span)), bounds[2].unwrap_or((expected, span)));
        let order =
            [("low", low, "high", high.0), ("low", low, "expected", expected), ("high", high, "expected", expected)];
        for (one, (value, span), other, limit) in order {
            let fails = if one == "low" { value > limit } else { value < limit };
            if fails {
                let relation = if one == "low" { "above" } else { "below" };
                let message = format!("`{one}` of `{name}` is {relation} `{other}`: {value} against {limit}");
                self.problems.add(span, message, "write low, expected and high in ascending order");
                return None;
            }
        }
        Some(Amount { range: Range { low: low.0, expected, high: high.0 }, profile, span })
    }

    fn profile(&mut self, value: NodeRef<'_>) -> Option<Arc<Profile>> {
        if value.kind() == Kind::Seq {
            return self.hours("profile", value).map(Arc::new);
        }
        let name = self.text(value, "profile")?;
        let found = self.profiles.get(&name).cloned();
        if found.is_none() {
            let names: Vec<&str> = self.profiles.keys().map(String::as_str).collect();
            let close = closest(&name, names.iter().copied(), 2);
            let help = match (close.as_slice(), names.as_slice()) {
                ([], []) => "define it under `profiles`, as a list of 24 or 168 numbers".to_owned(),
                ([], names) => format!("profiles are {}", any_of(names)),
                (close, _) => format!("did you mean {}?", any_of(close)),
            };
            self.problems.add(value.span(), format!("there is no profile `{name}`"), help);
        }
        found
    }

    /// A number in `unit`, finite and not negative; no more than 1 for a share.
    fn number(&mut self, value: NodeRef<'_>, name: &str, unit: Unit) -> Option<f64> {
        let name = if name.contains(' ') { name.to_owned() } else { format!("`{name}`") };
        let number = match scalar(value) {
            Scalar::Int(number) => number as f64,
            Scalar::Float(number) => number,
            Scalar::Str(text) => match plain(text) {
                Some(number) => number,
                None => {
                    let (message, help) = with_unit(&name, text, unit);
                    self.problems.add(value.span(), message, help);
                    return None;
                }
            },
            _ => {
                self.wrong(value, &name, "a number", format!("write a number in {}", unit.noun()));
                return None;
            }
        };
        if !number.is_finite() {
            self.problems.add(value.span(), format!("{name} is not a finite number"), "write a plain number");
        } else if number < 0.0 {
            let help = format!("write {} or a number from 0 up", -number);
            self.problems.add(value.span(), format!("{name} is negative"), help);
        } else if unit == Unit::Share && number > 1.0 {
            let help = if number <= 100.0 {
                format!("write {} for {number} %", number / 100.0)
            } else {
                "write a share from 0 to 1".to_owned()
            };
            self.problems.add(value.span(), format!("{name} is a share and cannot be above 1"), help);
        } else {
            return Some(number);
        }
        None
    }

    fn slos(&mut self, value: NodeRef<'_>) -> BTreeMap<String, Slo> {
        let mut slos = BTreeMap::new();
        for (entry, value) in self.map(value, "`slo`", "write entries and below them e.g. `p95_ms: 500`") {
            let mut slo = Slo { span: entry.span(), ..Slo::default() };
            for (name, value) in self.map(value, &format!("`{}`", entry.text()), "write e.g. `p95_ms: 500`") {
                match name.text() {
                    "p50_ms" => slo.p50_ms = self.number(value, "p50_ms", Unit::Milliseconds),
                    "p95_ms" => slo.p95_ms = self.number(value, "p95_ms", Unit::Milliseconds),
                    "p99_ms" => slo.p99_ms = self.number(value, "p99_ms", Unit::Milliseconds),
                    "p999_ms" => slo.p999_ms = self.number(value, "p999_ms", Unit::Milliseconds),
                    "cold_start_probability" => {
                        slo.cold_start_probability = self.number(value, "cold_start_probability", Unit::Share);
                    }
                    _ => self.unknown(name, &SLO),
                }
            }
            slos.insert(entry.text().to_owned(), slo);
        }
        slos
    }

    fn budget(&mut self, value: NodeRef<'_>) -> Budget {
        let mut budget = Budget::default();
        for (name, value) in self.map(value, "`budget`", "write e.g. `monthly_usd: 200`") {
            match name.text() {
                "monthly_usd" => budget.monthly_usd = self.limit(value, "monthly_usd"),
                "increase_usd" => budget.increase_usd = self.limit(value, "increase_usd"),
                "increase_percent" => budget.increase_percent = self.limit(value, "increase_percent"),
                "per_path" => {
                    for (entry, value) in self.map(value, "`per_path`", "write entries and dollars a month") {
                        if let Some(limit) = self.limit(value, entry.text()) {
                            budget.per_path.insert(entry.text().to_owned(), limit);
                        }
                    }
                }
                _ => self.unknown(name, &BUDGET),
            }
        }
        budget
    }

    fn limit(&mut self, value: NodeRef<'_>, name: &str) -> Option<Limit> {
        let value_of = self.number(value, name, Unit::Dollars)?;
        Some(Limit { value: value_of, span: value.span() })
    }
}

/// Text that is a number in a notation YAML 1.1 does not know: `1e6`, `1.5e+3`.
fn plain(text: &str) -> Option<f64> {
    let starts = text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.'));
    text.trim().parse().ok().filter(|_| starts)
}

/// Message and help for a number written with a unit, or for no number at all.
fn with_unit(name: &str, text: &str, unit: Unit) -> (String, String) {
    let text = text.trim();
    let end = text.rfind(|c: char| c.is_ascii_digit() || c == '.').map_or(0, |at| at + 1);
    let (number, written) = (text[..end].trim_start_matches('$'), text[end..].trim());
    let message = format!("{name} is {} and written without a unit, not `{text}`", unit.noun());
    match number.parse::<f64>() {
        Ok(number) => match unit.per(written) {
            Some(factor) => {
                let converted = (number * factor * 1e6).round() / 1e6;
                (message, format!("write {converted}"))
            }
            None => (message, format!("give the number in {}", unit.noun())),
        },
        Err(_) => (format!("{name} must be a number, not `{text}`"), format!("write a number in {}", unit.noun())),
    }
}
