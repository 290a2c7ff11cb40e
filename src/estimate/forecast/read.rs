//! Observed calls as people export them: tables of time and count, and CloudWatch's metric JSON.

use super::time;
use crate::document::{Document, Kind, NodeRef};
use crate::source::{FileId, SourceFile, Span};
use std::sync::Arc;

/// Something wrong in a file of observed calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadProblem {
    /// Where.
    pub span: Span,
    /// What is wrong, one sentence without a full stop.
    pub message: String,
    /// The next step.
    pub help: &'static str,
}

const FORM: &str = "write lines of time,count, or export with `aws cloudwatch get-metric-data` and a period of 3600";
/// Points of one file.
const MAX_POINTS: usize = 2_000_000;

type Points = Vec<(i64, f64)>;

/// Reads points of seconds since 1970 and calls.
///
/// # Errors
/// The first thing that is no such point.
pub fn read(file: &Arc<SourceFile>) -> Result<Points, LoadProblem> {
    let text = file.text();
    let points = if text.trim_start().starts_with(['{', '[']) { json(file)? } else { table(text)? };
    match points.len() {
        0 => Err(problem(Span::default(), "there are no points in it".to_owned(), FORM)),
        n if n > MAX_POINTS => {
            Err(problem(Span::default(), format!("it has {n} points"), "sum the calls by the hour first"))
        }
        _ => Ok(points),
    }
}

fn problem(span: Span, message: String, help: &'static str) -> LoadProblem {
    LoadProblem { span, message, help }
}

fn table(text: &str) -> Result<Points, LoadProblem> {
    let mut points = Vec::new();
    let mut columns: Option<(usize, usize)> = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let line = line.trim_end();
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        let span = Span::new(FileId(0), start as u32, (start + line.len()) as u32);
        let cells = cells(line);
        let (time_at, count_at) = match columns {
            Some(columns) => columns,
            None => {
                let head = head(&cells);
                columns = Some(head.unwrap_or((0, 1)));
                if head.is_some() {
                    continue;
                }
                (0, 1)
            }
        };
        let (Some(when), Some(count)) = (cells.get(time_at), cells.get(count_at)) else {
            return Err(problem(span, "the line has no time and count".to_owned(), FORM));
        };
        let Some(seconds) = time::parse(when) else {
            let help = "write e.g. 2026-11-23T05:00:00Z, or seconds since 1970";
            return Err(problem(span, format!("`{when}` is not a time"), help));
        };
        let Some(calls) = calls(count) else {
            return Err(problem(span, format!("`{count}` is not a count"), "write a number that is not negative"));
        };
        points.push((seconds, calls));
    }
    Ok(points)
}

fn calls(text: &str) -> Option<f64> {
    text.parse::<f64>().ok().filter(|calls| calls.is_finite() && *calls >= 0.0 && *calls < 1e15)
}

fn cells(line: &str) -> Vec<String> {
    let separator = [',', ';', '\t'].into_iter().find(|mark| line.contains(*mark)).unwrap_or(' ');
    line.split(separator).map(|cell| cell.trim().trim_matches(['"', '\'', '\u{feff}']).trim().to_owned()).collect()
}

/// The columns that a heading names; none where the line is no heading.
fn head(cells: &[String]) -> Option<(usize, usize)> {
    if cells.first().is_some_and(|cell| time::parse(cell).is_some()) {
        return None;
    }
    let find = |words: &[&str]| {
        cells.iter().position(|cell| {
            let cell = cell.to_ascii_lowercase();
            words.iter().any(|word| cell.contains(word))
        })
    };
    let when = find(&["time", "date", "hour"])?;
    let count = find(&["count", "invocations", "calls", "requests", "value", "sum"]);
    Some((when, count.unwrap_or(usize::from(when == 0))))
}

fn json(file: &Arc<SourceFile>) -> Result<Points, LoadProblem> {
    let document = Document::parse(FileId(0), file);
    if let Some(error) = document.errors().first() {
        return Err(problem(error.span, error.message.clone(), FORM));
    }
    let Some(root) = document.root() else { return Ok(Vec::new()) };
    if let Some(results) = root.get("MetricDataResults") {
        let results: Vec<NodeRef<'_>> = results.children().collect();
        return pairs(one_of(root, &results)?);
    }
    // What `get-metric-statistics` prints, or a plain list of objects.
    let rows = root.get("Datapoints").unwrap_or(root);
    if rows.kind() != Kind::Seq {
        return Err(problem(root.span(), "it has neither MetricDataResults nor Datapoints".to_owned(), FORM));
    }
    let get = |row: NodeRef<'_>, names: &[&str]| {
        names.iter().find_map(|name| row.get(name)).map(|node| node.text().to_owned())
    };
    rows.children()
        .map(|row| {
            let when = get(row, &["Timestamp", "timestamp", "time"]).and_then(|when| time::parse(&when));
            let count = get(row, &["Sum", "count", "value"]).and_then(|count| calls(&count));
            when.zip(count).ok_or_else(|| {
                problem(row.span(), "it has no Timestamp and Sum".to_owned(), "export with `--statistics Sum`")
            })
        })
        .collect()
}

/// The only metric, or the only one that says it is about invocations.
fn one_of<'d>(root: NodeRef<'d>, results: &[NodeRef<'d>]) -> Result<NodeRef<'d>, LoadProblem> {
    let says = |result: &&NodeRef<'d>| {
        let label = result.get("Label").or_else(|| result.get("Id")).map_or("", NodeRef::text);
        label.to_ascii_lowercase().contains("invocations")
    };
    let named: Vec<_> = results.iter().filter(says).collect();
    match (results, named.as_slice()) {
        ([one], _) => Ok(*one),
        (_, [one]) => Ok(**one),
        _ => Err(problem(
            root.span(),
            format!("it has {} metrics", results.len()),
            "export the Invocations of one function alone",
        )),
    }
}

fn pairs(result: NodeRef<'_>) -> Result<Points, LoadProblem> {
    let list = |name: &str| result.get(name).filter(|list| list.kind() == Kind::Seq);
    let (Some(times), Some(values)) = (list("Timestamps"), list("Values")) else {
        return Err(problem(result.span(), "the metric has no Timestamps and Values".to_owned(), FORM));
    };
    if times.children().len() != values.children().len() {
        let message = format!("{} Timestamps stand against {} Values", times.children().len(), values.children().len());
        return Err(problem(result.span(), message, "export the metric again"));
    }
    times
        .children()
        .zip(values.children())
        .map(|(when, count)| {
            let seconds = time::parse(when.text());
            let seconds = seconds.ok_or_else(|| problem(when.span(), "it is not a time".to_owned(), FORM))?;
            let calls = calls(count.text());
            let calls = calls.ok_or_else(|| problem(count.span(), "it is not a count".to_owned(), FORM))?;
            Ok((seconds, calls))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(text: &str) -> Result<Points, LoadProblem> {
        read(&Arc::new(SourceFile::new("load", text)))
    }

    #[test]
    fn tables() {
        let expected = Ok(vec![(1_767_268_800, 5.0), (1_767_272_400, 7.0)]);
        assert_eq!(points("2026-01-01T12:00:00Z,5\n2026-01-01T13:00:00Z,7\n"), expected);
        assert_eq!(points("count;time\r\n5;2026-01-01 12:00\r\n7;2026-01-01 13:00\r\n"), expected);
        assert_eq!(points("# calls\n\"Time\",\"Invocations\"\n\"1767268800\",\"5\"\n1767272400,7"), expected);
        let broken = points("time,count\n2026-01-01T12:00:00Z,5\nnoon,7\n").unwrap_err();
        assert_eq!((broken.span.start, broken.message.as_str()), (34, "`noon` is not a time"));
        assert!(points("2026-01-01T12:00:00Z,-5\n").unwrap_err().message.contains("not a count"));
        assert!(points("2026-01-01T12:00:00Z\n").is_err() && points("").is_err());
    }

    #[test]
    fn metrics() {
        let one = r#"{"Id": "a", "Label": "Invocations", "Timestamps": ["2026-01-01T12:00:00+00:00"], "Values": [5.0], "StatusCode": "Complete"}"#;
        let other = one.replace("Invocations", "Errors");
        assert_eq!(
            points(&format!(r#"{{"MetricDataResults": [{one}], "Messages": []}}"#)),
            Ok(vec![(1_767_268_800, 5.0)])
        );
        assert_eq!(points(&format!(r#"{{"MetricDataResults": [{other}, {one}]}}"#)), Ok(vec![(1_767_268_800, 5.0)]));
        assert!(
            points(&format!(r#"{{"MetricDataResults": [{other}, {other}]}}"#))
                .unwrap_err()
                .message
                .contains("2 metrics")
        );
        let statistics = r#"{"Label": "Invocations", "Datapoints": [{"Timestamp": "2026-01-01T12:00:00Z", "Sum": 5.0, "Unit": "Count"}]}"#;
        assert_eq!(points(statistics), Ok(vec![(1_767_268_800, 5.0)]));
        assert!(points(r#"{"MetricDataResults": [{"Timestamps": ["x"], "Values": [1]}]}"#).is_err());
        assert!(points("{\"MetricDataResults\": [").is_err());
        assert!(points("{}").is_err());
    }
}
