use super::super::read;
use crate::policy;
use crate::policy::{Context, Place, Remedy};

policy! {
    /// A schedule expression cannot be read by EventBridge.
    ///
    /// ## Why it matters
    ///
    /// EventBridge refuses a malformed `rate` or `cron` expression, and the deployment fails. What
    /// goes wrong most: `rate(1 minutes)` and `rate(5 minute)`, a cron expression with five fields
    /// instead of six, and `*` in both day fields where one must be `?`.
    ///
    /// ## How to fix
    ///
    /// Write `rate(1 minute)` or `rate(5 minutes)`; write cron with six fields (minute, hour, day of
    /// month, month, day of week, year) and `?` in one of the day fields.
    ///
    /// ## When to suppress
    ///
    /// Never: EventBridge refuses the expression.
    ///
    /// ## Source
    ///
    /// Amazon EventBridge user guide, "Cron expressions" and "Rate expressions", EventBridge Scheduler user
    /// guide, "Schedule types"; cfn-lint E3027; as of 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Events: {Nightly: {Type: Schedule, Properties: {Schedule: "rate(5 minute)"}}}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Events: {Nightly: {Type: Schedule, Properties: {Schedule: "rate(5 minutes)"}}}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, events: [{schedule: "cron(0 2 * * *)"}]}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, events: [{schedule: "cron(0 2 * * ? *)"}]}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Nightly:
    ///     Type: AWS::Events::Rule
    ///     Properties: {ScheduleExpression: 'cron(0 2 * * * *)', Targets: [{Id: f, Arn: !GetAtt Orders.Arn}]}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Nightly:
    ///     Type: AWS::Events::Rule
    ///     Properties: {ScheduleExpression: 'cron(0 2 ? * MON-FRI *)', Targets: [{Id: f, Arn: !GetAtt Orders.Arn}]}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Nightly:
    ///     Type: AWS::Events::Rule
    ///     Properties: {ScheduleExpression: 'every 5 minutes', Targets: [{Id: f, Arn: !GetAtt Orders.Arn}]}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Nightly:
    ///     Type: AWS::Events::Rule
    ///     Properties: {ScheduleExpression: 'rate(1 hour)', Targets: [{Id: f, Arn: !GetAtt Orders.Arn}]}
    /// ```
    pub(super) static POLICY = "schedule-expression" {
        category: Limits, severity: High, profile: Recommended, fix: Sometimes, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    for (ty, scheduler) in [("AWS::Events::Rule", false), ("AWS::Scheduler::Schedule", true)] {
        for resource in cx.graph.existing(ty) {
            let path = ["ScheduleExpression"];
            let wrong = |text: &str| !text.is_empty() && fault(text, scheduler).is_some();
            let Some(text) = read::text(resource, &path, wrong) else { continue };
            let Some((why, help)) = fault(&text, scheduler) else { continue };
            cx.report(
                Place::property(resource, &path),
                format!("{} has the schedule `{text}`, but {why}", resource.id()),
            )
            .help(help)
            .remedy(
                mended(&text, scheduler)
                    .map(|better| Remedy::safe(format!("Write {better}")).put(resource, &path, better)),
            );
        }
    }
}

/// What is wrong with the expression, and the next step.
fn fault(text: &str, scheduler: bool) -> Option<(&'static str, String)> {
    let inner = |name: &str| text.strip_prefix(name)?.strip_prefix('(')?.strip_suffix(')');
    if let Some(rate) = inner("rate") {
        rate_fault(rate, scheduler)
    } else if let Some(cron) = inner("cron") {
        cron_fault(cron)
    } else if scheduler && inner("at").is_some() {
        None
    } else {
        let help = "write rate(5 minutes) or cron(0 2 * * ? *)".to_owned();
        Some(("an expression is rate(…) or cron(…)", help))
    }
}

fn rate_fault(rate: &str, scheduler: bool) -> Option<(&'static str, String)> {
    let mut words = rate.split_whitespace();
    let (Some(number), Some(unit), None) = (words.next(), words.next(), words.next()) else {
        return Some(("a rate is a number and a unit", "write rate(5 minutes)".to_owned()));
    };
    let singular = unit.strip_suffix('s').unwrap_or(unit);
    if !matches!(singular, "minute" | "hour" | "day") {
        return Some(("the unit is minutes, hours or days", "write rate(5 minutes)".to_owned()));
    }
    let Some(number) = number.parse::<u32>().ok().filter(|number| *number > 0) else {
        return Some(("the number must be a positive integer", format!("write rate(1 {singular})")));
    };
    if scheduler {
        return None;
    }
    match (number, singular == unit) {
        (1, false) => Some(("the unit of 1 is singular", format!("write rate(1 {singular})"))),
        (2.., true) => Some(("the unit of more than 1 is plural", format!("write rate({number} {singular}s)"))),
        _ => None,
    }
}

fn cron_fault(cron: &str) -> Option<(&'static str, String)> {
    // The service lets a comma stand behind a field.
    let fields: Vec<&str> = cron.split_whitespace().map(|field| field.trim_end_matches(',')).collect();
    let [_, _, day, _, weekday, _] = fields.as_slice() else {
        let help = "write minute, hour, day of month, month, day of week and year, e.g. cron(0 2 * * ? *)".to_owned();
        return Some(("cron of EventBridge has six fields", help));
    };
    if *day != "?" && *weekday != "?" {
        return Some((
            "one of the two day fields must be `?`",
            "put ? in the day field that does not matter".to_owned(),
        ));
    }
    (*day == "?" && *weekday == "?")
        .then(|| ("only one of the two day fields can be `?`", "put * in one of the day fields".to_owned()))
}

/// The expression that was meant, where only one can be.
fn mended(text: &str, scheduler: bool) -> Option<String> {
    let inner = |name: &str| text.strip_prefix(name)?.strip_prefix('(')?.strip_suffix(')');
    let better = if let Some(rate) = inner("rate") {
        let (number, unit) = rate.trim().split_once(' ')?;
        let (number, unit) = (number.parse::<u32>().ok()?, unit.trim());
        let singular = unit.strip_suffix('s').unwrap_or(unit);
        format!("rate({number} {singular}{})", if number == 1 { "" } else { "s" })
    } else {
        let mut fields: Vec<&str> = inner("cron")?.split_whitespace().collect();
        let (day, weekday) = (*fields.get(2)?, *fields.get(4)?);
        match (day, weekday) {
            (_, "*") => fields[4] = "?",
            ("*", _) => fields[2] = "?",
            ("?", "?") => fields[2] = "*",
            _ => return None,
        }
        format!("cron({})", fields.join(" "))
    };
    fault(&better, scheduler).is_none().then_some(better)
}
