//! How long reading and expanding a real Serverless Framework service takes.
//!
//! `DEWLINE_SHARED=… cargo bench --bench serverless_expansion`; the target is a median of 1 ms.

#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::cast_sign_loss)] // a measurement prints and may fail

#[path = "../tests/suite/folder.rs"]
mod folder;
mod times;

use dewline::source::SourceFile;
use dewline::template::Inputs;
use dewline::template::load::load;
use folder::Folder;
use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Runs of each service, of which the fastest counts.
const RUNS: usize = 5;

fn main() {
    let Ok(shared) = std::env::var("DEWLINE_SHARED") else {
        println!("skipped: DEWLINE_SHARED is not set");
        return;
    };
    let root = Path::new(&shared).join("oracle/serverless/dev");
    let manifest = std::fs::read_to_string(root.join("manifest.json")).expect("manifest");
    let manifest: serde_json::Value = serde_json::from_str(&manifest).expect("manifest is JSON");
    let mut times: Vec<Duration> = Vec::new();
    for case in manifest["cases"].as_array().expect("cases") {
        let text = |key: &str| case[key].as_str().unwrap_or_default();
        if text("tier") != "core" {
            continue;
        }
        let folder = root.join("cases").join(text("id")).join("input");
        let Ok(bytes) = std::fs::read(folder.join(text("file"))) else { continue };
        let file = Arc::new(SourceFile::from_bytes(text("file"), bytes));
        let files = Folder(folder);
        let run = || {
            let start = Instant::now();
            black_box(load(Arc::clone(&file), &files, &Inputs::default()));
            start.elapsed()
        };
        times.extend((0..RUNS).map(|_| run()).min());
    }
    times::print("services read and expanded", times);
}
