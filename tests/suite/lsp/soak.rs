//! Random edits with requests of every kind between them. Nothing may crash, every request is
//! answered, memory stays flat, and in the end the diagnostics are those of a fresh check.
//!
//! `cargo test` runs a short version; the full one is 20,000 edits over 50 templates:
//! `cargo test --release --test suite soak -- --ignored`.

use super::client::{Client, capabilities, codes};
use super::fixture::offset;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Numbers that are random enough and the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }

    fn pick<'t, T: ?Sized>(&mut self, from: &[&'t T]) -> &'t T {
        from[self.below(from.len())]
    }
}

const PIECES: [&str; 24] = [
    "\n",
    "\r\n",
    " ",
    "  ",
    ":",
    "- ",
    "'",
    "\"",
    "{",
    "}",
    "[",
    "]",
    "#",
    "!Ref ",
    "!Sub '${",
    "Fn::GetAtt",
    "ä",
    "😀",
    "Time",
    "Properties:\n      ",
    "${self:",
    "&a ",
    "*a",
    "\t",
];

const REQUESTS: [&str; 15] = [
    "textDocument/hover",
    "textDocument/completion",
    "textDocument/definition",
    "textDocument/references",
    "textDocument/documentHighlight",
    "textDocument/prepareRename",
    "textDocument/rename",
    "textDocument/documentSymbol",
    "textDocument/documentLink",
    "textDocument/foldingRange",
    "textDocument/prepareCallHierarchy",
    "textDocument/codeAction",
    "textDocument/inlayHint",
    "textDocument/codeLens",
    "textDocument/diagnostic",
];

/// The failing and passing examples of the policies: small templates of all dialects.
fn templates(count: usize) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    let mut random = Random(7);
    let policies = &*dewline::policies::ALL;
    while found.len() < count {
        let policy = policies[random.below(policies.len())];
        let examples = policy.meta.examples();
        let Some(example) = examples.get(random.below(examples.len())) else { continue };
        let number = found.len();
        let name = match example.dialect.as_str() {
            "serverless" => format!("t{number}/serverless.yml"),
            _ => format!("t{number}/template.yaml"),
        };
        found.push((name, example.text.clone()));
    }
    found
}

/// Resident memory of the server, KiB.
fn memory(client: &Client) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{}/status", client.process())).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

fn boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn position(text: &str, at: usize) -> Value {
    let line = text[..at].matches('\n').count();
    let start = text[..at].rfind('\n').map_or(0, |found| found + 1);
    json!({ "line": line, "character": at - start })
}

fn soak(edits: usize, count: usize) {
    let files = templates(count);
    let on_disk: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let client = Client::with(&on_disk, capabilities(), json!({}));
    let mut random = Random(42);
    let mut texts: Vec<(String, Vec<String>, i32)> =
        files.iter().map(|(name, text)| (name.clone(), vec![text.clone()], 1)).collect();
    for (name, history, _) in &texts {
        client.open(name, &history[0]);
    }
    let mut asked: Vec<i64> = Vec::new();
    let mut answered: BTreeMap<&str, usize> = BTreeMap::new();
    let mut warm = None;
    for round in 0..edits {
        let at = random.below(texts.len());
        let (name, history, version) = &mut texts[at];
        *version += 1;
        let text = history.last().unwrap().clone();
        let (start, end, new) = match random.below(10) {
            // Undo.
            0 | 1 if history.len() > 1 => {
                history.pop();
                let back = history.last().unwrap().clone();
                client.replace(name, *version, &back);
                continue;
            }
            // A deletion, or a replacement of a stretch.
            2..=4 => {
                let start = boundary(&text, random.below(text.len() + 1));
                let end = boundary(&text, (start + random.below(30)).min(text.len()));
                let new = if random.below(3) == 0 { random.pick(&PIECES) } else { "" };
                (start, end.max(start), new)
            }
            _ => {
                let start = boundary(&text, random.below(text.len() + 1));
                (start, start, random.pick(&PIECES))
            }
        };
        let range = json!({ "start": position(&text, start), "end": position(&text, end) });
        assert_eq!(offset(&text, &range["start"]), start);
        let next = [&text[..start], new, &text[end..]].concat();
        client.change(name, *version, json!([{ "range": range, "text": new }]));
        history.push(next.clone());
        if history.len() > 12 {
            // Back to where it began, so that templates stay templates.
            history.truncate(1);
            *version += 1;
            client.replace(name, *version, &history[0]);
        }
        let now = history.last().unwrap();
        for _ in 0..random.below(3) {
            let method = random.pick(&REQUESTS);
            let at = boundary(now, random.below(now.len() + 1));
            let place = position(now, at);
            let params = json!({
                "textDocument": { "uri": client.uri(name) },
                "position": place,
                "range": { "start": { "line": 0, "character": 0 }, "end": place },
                "newName": "Renamed",
                "context": { "includeDeclaration": true, "diagnostics": [], "triggerKind": 1 },
            });
            asked.push(client.ask(method, params));
            *answered.entry(method).or_default() += 1;
            if random.below(20) == 0 {
                client.notify("$/cancelRequest", json!({ "id": asked.last() }));
            }
        }
        if asked.len() > 30 {
            let answers = client.answers_to(&asked);
            for answer in answers.values() {
                // What cannot be answered is refused with one of these reasons, and nothing breaks.
                let code = answer["error"]["code"].as_i64();
                assert!(matches!(code, None | Some(-32800 | -32801 | -32803)), "{answer}");
            }
            asked.clear();
            client.forget_notifications();
        }
        if round == edits / 4 {
            warm = memory(&client);
        }
    }
    client.answers_to(&asked);
    assert!(REQUESTS.iter().all(|method| answered.contains_key(method)), "{answered:?}");
    if let (Some(warm), Some(end)) = (warm, memory(&client)) {
        println!("memory: {warm} KiB after warm-up, {end} KiB at the end, {edits} edits");
        assert!(end < warm + warm / 4 + 8192, "memory grows: {warm} KiB, then {end} KiB");
    }
    // In the end every text is checked anew by the command line.
    for (name, history, version) in &mut texts {
        let text = history.last().unwrap();
        client.write(name, text);
        *version += 1;
        client.replace(name, *version, text);
        let shown = client.diagnostics_when(name, |params| params["version"] == *version);
        let fresh = std::process::Command::new(env!("CARGO_BIN_EXE_dewline"))
            .args(["check", name, "--format", "json", "--exit-zero"])
            .current_dir(client.folder.path())
            .output()
            .unwrap();
        let report: Value = serde_json::from_slice(&fresh.stdout).unwrap_or_else(|_| json!({ "findings": [] }));
        let mut expected: Vec<String> = report["findings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|finding| finding["policy"].as_str().unwrap().to_owned())
            .collect();
        let mut found = codes(&shown);
        expected.sort();
        found.sort();
        assert_eq!(found, expected, "{name}:\n{text}");
    }
}

#[test]
fn random_edits_leave_the_server_sound() {
    soak(400, 8);
}

#[test]
#[ignore = "takes minutes; see the module's documentation"]
fn twenty_thousand_random_edits_leave_the_server_sound() {
    soak(20_000, 50);
}
