use super::*;
use crate::source::SourceFile;

fn problems(text: &str) -> Vec<(String, String, String)> {
    let file = Arc::new(SourceFile::new("dewline.usage.yaml", text));
    let shown = |span: Span| text[span.start as usize..span.end as usize].to_owned();
    match read(&file) {
        Ok(_) => Vec::new(),
        Err(found) => {
            found.into_iter().map(|one| (shown(one.span), one.message, one.help.unwrap_or_default())).collect()
        }
    }
}

#[test]
fn a_whole_file() {
    let hours: Vec<String> = (0..24).map(|hour| if hour < 8 { "0" } else { "2" }.to_owned()).collect();
    let text = format!(
        "version: 1\nregion: eu-west-1\nprofiles: {{office: [{}]}}\n\
         resource_usage:\n  Api:\n    monthly_requests: {{low: 1e5, expected: 1000000, high: 2.0e+6, profile: office}}\n    \
         routes: {{GET /orders: {{share: 0.8}}}}\n  Get:\n    request_duration_ms: 80\n    calls: {{Table: {{reads: 2}}, Queue: 0.1}}\n  \
         Flow: {{choices: {{Check: {{Ok: 0.9}}}}, items: {{Each: 20}}}}\n\
         resource_type_default_usage: {{AWS::Lambda::Function: {{log_kb_per_request: 2}}}}\n\
         assume: {{error_rate: 0}}\nslo: {{Api: {{p95_ms: 500, cold_start_probability: 0.01}}}}\n\
         budget: {{monthly_usd: 200, per_path: {{Api: 80}}, increase_percent: 25}}\n",
        hours.join(", ")
    );
    let usage = read(&Arc::new(SourceFile::new("u.yaml", &*text))).unwrap();
    let requests = usage.own("Api", Key::MonthlyRequests).unwrap();
    assert_eq!(requests.range, Range { low: 1e5, expected: 1e6, high: 2e6 });
    let profile = requests.profile.as_ref().unwrap();
    assert!((profile.peak() - 1.5).abs() < 1e-12 && profile.week().count() == 168);
    assert!((profile.hours().iter().sum::<f64>() - 24.0).abs() < 1e-9);
    assert_eq!(usage.route("Api", "GET /orders").unwrap().amounts[&Key::RouteShare].range, Range::exact(0.8));
    let calls = usage.calls("Get", "Table").unwrap();
    assert_eq!(calls.reads.as_ref().unwrap().range, Range::exact(2.0));
    assert_eq!(calls.writes.as_ref().unwrap().range, Range::exact(0.0));
    let function = "AWS::Lambda::Function";
    assert_eq!(usage.range("Get", function, Key::LogKbPerRequest), Some(Range::exact(2.0)));
    assert_eq!(usage.range("Get", function, Key::ErrorRate), Some(Range::exact(0.0)));
    assert_eq!(usage.range("Get", function, Key::MonthlyRequests), None, "a rate is never assumed");
    assert_eq!(usage.resources["Flow"].items["Each"].range, Range::exact(20.0));
    assert_eq!(usage.slo["Api"].p95_ms, Some(500.0));
    assert!((usage.budget.per_path["Api"].value - 80.0).abs() < 1e-9);
}

#[test]
fn mistakes_are_located_and_answered() {
    let of = |text: &str| {
        let found = problems(&format!("resource_usage:\n  F:\n    {text}\n"));
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        found.into_iter().next().unwrap()
    };
    for (text, place, message, help) in [
        ("monthly_request: 5", "monthly_request", "no key `monthly_request`", "`monthly_requests`"),
        ("request-duration-ms: 5", "request-duration-ms", "no key", "`request_duration_ms`"),
        ("monthly_requests: -5", "-5", "is negative", "write 5"),
        ("monthly_requests: 3M", "3M", "without a unit", "write 3000000"),
        ("request_duration_ms: 2.5s", "2.5s", "milliseconds", "write 2500"),
        ("storage_gb: 512 MB", "512 MB", "GB", "write 0.5"),
        ("storage_gb: 5s", "5s", "GB", "in GB"),
        ("error_rate: 5", "5", "cannot be above 1", "write 0.05 for 5 %"),
        ("error_rate: 5%", "5%", "share", "write 0.05"),
        ("monthly_requests: many", "many", "must be a number", "plain number"),
        ("monthly_requests: [1]", "[1]", "not a list", "number"),
        ("monthly_requests: .inf", ".inf", "not a finite number", "plain number"),
        (
            "monthly_requests: {low: 9, expected: 5, high: 7}",
            "9",
            "`low` of `monthly_requests` is above `high`",
            "order",
        ),
        ("monthly_requests: {low: 6, expected: 5, high: 7}", "6", "above `expected`", "order"),
        ("monthly_requests: {low: 1, expected: 5, high: 4}", "4", "`high` of `monthly_requests` is below", "order"),
        ("monthly_requests: {low: 1, high: 4}", "{low: 1, high: 4}", "no expected value", "one number"),
        ("monthly_requests: {expected: 4, profile: night}", "night", "no profile `night`", "define it"),
        ("monthly_requests: {expected: 4, hihg: 9}", "hihg", "no key `hihg`", "`high`"),
        ("choices: {A: {B: 0.7, C: 0.7}}", "{B: 0.7, C: 0.7}", "add up to 1.400", "one next"),
    ] {
        let (at, said, next) = of(text);
        assert_eq!(at, place, "{text}");
        assert!(said.contains(message), "{text}: {said}");
        assert!(next.contains(help), "{text}: {next}");
    }
}

#[test]
fn profiles_have_the_hours_of_a_day_or_a_week() {
    for (count, help) in [(23, "add 1 for"), (25, "remove 1"), (167, "add 1 for"), (170, "remove 2")] {
        let list = vec!["1"; count].join(", ");
        let found = problems(&format!("profiles: {{p: [{list}]}}\n"));
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].1.contains(&format!("has {count} numbers")) && found[0].2.contains(help), "{found:?}");
    }
    let zero = vec!["0"; 24].join(", ");
    assert!(problems(&format!("profiles: {{p: [{zero}]}}\n"))[0].1.contains("no traffic"));
    let negative = format!("-1, {}", vec!["1"; 23].join(", "));
    assert!(problems(&format!("profiles: {{p: [{negative}]}}\n"))[0].1.contains("is negative"));
}

#[test]
fn odd_files_are_problems_not_panics() {
    for text in ["", "resource_usage:\n", "resource_usage:\n  F:\n    monthly_requests:\n", "{}"] {
        assert!(problems(text).is_empty(), "{text}");
    }
    for text in [
        "resource_usage: 5",
        "- a",
        "a: [",
        "x",
        "version: 2",
        "region: [a]",
        "resource_usage: {F: 3}",
        "budget: {total: 5}",
        "slo: {A: {p95: 5}}",
        "resource_usage: {F: {}}\nresource_usage: {}\n",
        "assume: {calls: 5}",
        "profiles: {p: 5}",
    ] {
        assert!(!problems(text).is_empty(), "{text}");
    }
}
