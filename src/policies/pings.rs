//! Schedules that keep functions warm by calling them.

pub(super) use super::flows::Way;
use super::flows::{self, Flow};
use crate::graph::{NodeKind, Part};
use crate::policy::Context;
use crate::template::json;

/// One schedule that pings a function.
pub(super) struct Ping<'g> {
    /// What declares it, with its target.
    pub flow: &'g Flow<'g>,
    /// The schedule as it is written.
    pub expression: String,
    /// Minutes between pings.
    pub minutes: i64,
}

/// Words that say what an input or a handler is for, without separators.
const WORDS: [&str; 4] = ["warmup", "warmer", "keepwarm", "keepalive"];

/// Every schedule whose input, or whose function's handler, says that it is for warming.
pub(super) fn pings<'a>(cx: &Context<'a>) -> Vec<Ping<'a>> {
    let mut found = Vec::new();
    for flow in flows::flows(cx) {
        if !matches!(flow.way, Way::RuleTarget | Way::Schedule) || flow.target.kind() != NodeKind::Function {
            continue;
        }
        let Some(function) = flow.target.resource() else { continue };
        let expression = flow.owner.property(&["ScheduleExpression"]);
        let Some((expression, minutes)) = expression.text().and_then(|text| Some((text.to_string(), minutes(&text)?)))
        else {
            continue;
        };
        let input = if flow.way == Way::Schedule { &["Target", "Input"][..] } else { &["Input"] };
        let handler = function.property(&["Handler"]).text();
        if says_warm(&flow.settings, input) || handler.is_some_and(|handler| is_warm(&handler)) {
            found.push(Ping { flow, expression, minutes });
        }
    }
    found
}

fn says_warm(settings: &Part<'_>, path: &[&str]) -> bool {
    let input = settings.get(path);
    let text = input.text().map(|text| text.to_string());
    text.or_else(|| input.known().map(|value| json::to_json(value).to_string())).is_some_and(|text| is_warm(&text))
}

fn is_warm(text: &str) -> bool {
    let plain: String = text.chars().filter(|c| !matches!(c, '-' | '_' | ' ')).collect::<String>().to_ascii_lowercase();
    WORDS.iter().any(|word| plain.contains(word))
}

/// How many minutes pass between two times of a schedule, where that is plain to see.
fn minutes(expression: &str) -> Option<i64> {
    let (kind, rest) = expression.trim().split_once('(')?;
    let inner = rest.strip_suffix(')')?.trim();
    if kind == "rate" {
        let (number, unit) = inner.split_once(' ')?;
        let number: i64 = number.parse().ok()?;
        let unit = match unit.trim() {
            unit if unit.starts_with("minute") => 1,
            unit if unit.starts_with("hour") => 60,
            _ => return None,
        };
        return Some(number * unit).filter(|number| *number > 0);
    }
    let mut fields = inner.split_whitespace();
    let (minute, hour) = (fields.next()?, fields.next()?);
    match (kind, minute.split_once('/')) {
        ("cron", Some(("*" | "0", step))) if hour == "*" || hour.contains('-') => {
            step.parse().ok().filter(|step| *step > 0)
        }
        ("cron", None) if minute == "*" => Some(1),
        _ => None,
    }
}
