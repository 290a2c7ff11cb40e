use super::*;
use std::io::Write;

fn observe(text: &str) -> Observed {
    let mut observed = Observed::default();
    read(text.as_bytes(), "a.log", "orders", &mut observed).unwrap();
    observed
}

const REPORT: &str =
    "REPORT RequestId: 8f5e\tDuration: 12.50 ms\tBilled Duration: 13 ms\tMemory Size: 512 MB\tMax Memory Used: 88 MB\t";

fn only(observed: &Observed) -> Summary {
    assert_eq!(observed.functions.len(), 1, "{:?}", observed.functions.keys());
    observed.functions["orders"].summary().unwrap()
}

#[test]
fn text_with_and_without_times() {
    let lines = format!(
        "START RequestId: 8f5e Version: $LATEST\n2026-03-01T10:00:00.000Z\t8f5e\tINFO\thello\nEND RequestId: 8f5e\n\
         2026-03-01T10:00:00.250Z {REPORT}\n\
         2026-03-01T11:30:00 2026/03/01/[$LATEST]ab {REPORT}Init Duration: 140.25 ms\t\n\
         REPORT RequestId: broken\n"
    );
    let observed = observe(&lines);
    let summary = only(&observed);
    assert_eq!((summary.calls, observed.malformed), (2, 1));
    assert!((summary.cold_share - 0.5).abs() < 1e-12);
    assert!((summary.duration_ms[1] - 12.5).abs() < 0.05, "{summary:?}");
    assert!((summary.init_ms.unwrap()[1] - 140.25).abs() < 0.5);
    assert_eq!((summary.memory_mb, summary.memory_used_mb), (512, 88));
    assert!((summary.monthly.unwrap() - 2.0 / 1.5 * 730.0).abs() < 2.0, "{summary:?}");
    assert!(observed.first_malformed.unwrap().contains("without a duration"));
}

#[test]
fn every_form_of_json() {
    let message = serde_json::to_string(&format!("{REPORT}\n")).unwrap();
    let event = format!(
        "{{\"logStreamName\": \"s\", \"timestamp\": 1772359200000, \"message\": {message}, \"ingestionTime\": 1}}"
    );
    let platform = "{\"time\":\"2026-03-01T10:00:00.000Z\",\"type\":\"platform.report\",\"record\":{\"requestId\":\"8\",\
        \"metrics\":{\"durationMs\":12.5,\"billedDurationMs\":13,\"memorySizeMB\":512,\"maxMemoryUsedMB\":88},\"status\":\"success\"}}";
    let escaped = serde_json::to_string(platform).unwrap();
    for (form, text) in [
        (
            "get-log-events",
            format!("{{\n \"events\": [\n  {event},\n  {event}\n ],\n \"nextForwardToken\": \"f/1\"\n}}\n"),
        ),
        ("one line", format!("{{\"events\": [{event}, {event}]}}")),
        ("lines of events", format!("{event}\n{event}\n")),
        (
            "subscription",
            format!(
                "{{\"messageType\":\"DATA_MESSAGE\",\"logGroup\":\"/aws/lambda/orders\",\"logEvents\":[{event},{event}]}}"
            ),
        ),
        (
            "insights",
            format!(
                "{{\"results\": [[{{\"field\": \"@timestamp\", \"value\": \"2026-03-01 10:00:00.000\"}}, {{\"field\": \"@message\", \"value\": {message}}}],\
                 [{{\"field\": \"@message\", \"value\": {message}}}]], \"status\": \"Complete\"}}"
            ),
        ),
        ("platform", format!("{platform}\n{platform}\n")),
        ("platform in events", format!("{{\"events\": [{{\"message\": {escaped}}}, {{\"message\": {escaped}}}]}}")),
    ] {
        let observed = observe(&text);
        assert_eq!(observed.malformed, 0, "{form}: {:?}", observed.first_malformed);
        let summary = only(&observed);
        assert_eq!(summary.calls, 2, "{form}");
        assert!((summary.duration_ms[1] - 12.5).abs() < 0.05 && summary.memory_used_mb == 88, "{form} {summary:?}");
    }
}

#[test]
fn log_groups_tell_functions_apart() {
    let part = |name: &str| {
        let message = serde_json::to_string(REPORT).unwrap();
        format!(
            "{{\"logGroup\":\"/aws/lambda/{name}\",\"logEvents\":[{{\"id\":\"1\",\"timestamp\":1,\"message\":{message}}}]}}"
        )
    };
    let observed = observe(&format!("{}{}", part("orders"), part("users")));
    assert_eq!(observed.functions.keys().collect::<Vec<_>>(), ["orders", "users"]);
}

#[test]
fn compressed_logs() {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(format!("{REPORT}\n").as_bytes()).unwrap();
    let mut observed = Observed::default();
    read(&*packed.finish().unwrap(), "a.gz", "orders", &mut observed).unwrap();
    assert_eq!(only(&observed).calls, 1);
}

#[test]
fn failures_are_counted_once_and_grouped() {
    let timeout = "2026-03-01T10:00:03.000Z 8f5e Task timed out after 3.00 seconds\n";
    let late = format!("{}\tStatus: timeout\n", REPORT.trim_end());
    let invoke = |id: u32| {
        format!(
            "2026-03-01T10:00:00.000Z\t8f5e\tERROR\tInvoke Error \t{{\"errorType\":\"TypeError\",\"errorMessage\":\"no order {id} for key\",\"stack\":[\"TypeError: x\",\"    at handler (/var/task/app.js:7:9)\"]}}\n{REPORT}\n"
        )
    };
    let python =
        "[ERROR] KeyError: 'id'\rTraceback (most recent call last):\r  File \"/var/task/app.py\", line 3, in handler\n";
    let text = format!(
        "{timeout}{late}{}{}{python}{REPORT}\nRequestId: 8 Error: Runtime exited with error: signal: killed\n{REPORT}\n",
        invoke(17),
        invoke(4211)
    );
    let observed = observe(&text);
    let summary = only(&observed);
    assert_eq!((summary.calls, summary.timeouts, summary.out_of_memory), (5, 1, 1));
    assert!((summary.errors_per_thousand - 1000.0).abs() < 1e-9, "{summary:?}");
    let groups = observed.functions["orders"].errors.by_count();
    assert_eq!(groups[0].pattern, "TypeError: no order * for key");
    assert_eq!(groups[0].count, 2);
    assert_eq!(groups[0].stack.as_deref(), Some("at handler (/var/task/app.js:7:9)"));
    let key = groups.iter().find(|group| group.pattern.contains("KeyError")).unwrap();
    assert!(key.stack.as_deref().unwrap().contains("app.py"), "{key:?}");
}

#[test]
fn snapshots_and_failed_inits() {
    let text = format!(
        "RESTORE_REPORT Restore Duration: 321.31 ms\n{REPORT}Restore Duration: 321.31 ms\tBilled Restore Duration: 90 ms\n\
         INIT_REPORT Init Duration: 10008.12 ms\tPhase: init\tStatus: timeout\n"
    );
    let observed = observe(&text);
    let summary = only(&observed);
    assert!(summary.restored && (summary.init_ms.unwrap()[1] - 321.31).abs() < 1.0);
    assert_eq!((summary.failed_inits, summary.calls), (1, 1));
}

#[test]
fn broken_input_is_counted_and_the_rest_is_read() {
    let long = "x".repeat(3 * 1024 * 1024);
    let text = format!("{{\"events\": [{{\"message\": oops\n{long}\n{{\"a\": }}\n\u{fffd}\u{0}\n{REPORT}\n[1, 2\n");
    let observed = observe(&text);
    assert_eq!(only(&observed).calls, 1);
    assert!(observed.malformed >= 3, "{}", observed.malformed);
    for odd in ["", "\n\n", "{", "[", "{\"message\":", "[[[[", "REPORT RequestId: a Duration: NaN ms", "\u{1f}\u{8b}"] {
        observe(odd);
    }
    let mut observed = Observed::default();
    // A compressed file that ends too early is an error of the file.
    assert!(read(&[0x1f, 0x8b, 8, 0, 0][..], "a.gz", "f", &mut observed).is_err());
}

#[test]
fn the_usage_file_is_read_back() {
    let mut text = String::new();
    for hour in 0..24 * 15 {
        for _ in 0..if hour % 24 == 9 { 5 } else { 1 } {
            let time = 1_772_409_600_000i64 + hour * 3_600_000;
            let message = serde_json::to_string(REPORT).unwrap();
            text.push_str(&format!("{{\"timestamp\":{time},\"message\":{message}}}\n"));
        }
    }
    let observed = observe(&text);
    let written = usage_file(None, &place(None, &observed), true);
    let file = std::sync::Arc::new(crate::source::SourceFile::new("u.yaml", &*written));
    let usage = crate::estimate::usage::read(&file).unwrap_or_else(|problems| panic!("{problems:?}\n{written}"));
    let requests = usage.own("orders", crate::estimate::usage::Key::MonthlyRequests).unwrap();
    assert!((requests.range.expected / (28.0 * 730.0 / 24.0) - 1.0).abs() < 0.01, "{written}");
    assert_eq!(requests.profile.as_ref().unwrap().hours().len(), 168);
    assert!((requests.profile.as_ref().unwrap().peak() - 5.0 * 24.0 / 28.0).abs() < 0.01);
}
