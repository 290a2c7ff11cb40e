//! How long reading and expanding a real SAM template takes.
//!
//! `DEWLINE_SHARED=… cargo bench --bench sam_expansion`; the target is a median of 0.5 ms.

#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::cast_sign_loss)] // a measurement prints and may fail

mod times;

use dewline::source::{NoFiles, SourceFile};
use dewline::template::Inputs;
use dewline::template::load::load;
use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Runs of each template, of which the fastest counts.
const RUNS: usize = 5;

fn main() {
    let Ok(shared) = std::env::var("DEWLINE_SHARED") else {
        println!("skipped: DEWLINE_SHARED is not set");
        return;
    };
    let folder = Path::new(&shared).join("oracle/sam/dev/real/input");
    let mut times: Vec<Duration> = Vec::new();
    for entry in std::fs::read_dir(folder).expect("templates").flatten() {
        let bytes = std::fs::read(entry.path()).expect("a template");
        let file = Arc::new(SourceFile::from_bytes("template.yaml", bytes));
        let run = || {
            let start = Instant::now();
            black_box(load(Arc::clone(&file), &NoFiles, &Inputs::default()));
            start.elapsed()
        };
        times.extend((0..RUNS).map(|_| run()).min());
    }
    times::print("templates read and expanded", times);
}
