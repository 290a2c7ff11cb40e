//! Services that mean harm: they end, in bounded time and space, with a problem at a place.

use super::*;
use std::fmt::Write as _;
use std::time::Instant;

/// The problems of a service with `custom`, found in less than the time a person notices.
fn bounded(custom: &str) -> Loaded {
    let started = Instant::now();
    let text = format!("service: svc\nprovider: {{name: aws}}\ncustom:\n{custom}functions: {{f: {{handler: h}}}}\n");
    let loaded = expand(&text);
    // A build without optimisation on a busy machine takes its time; what has no end takes longer.
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
    for problem in &loaded.problems {
        assert!(!loaded.written(problem.origin.span()).is_empty(), "{}", problem.message);
        assert!(problem.help.is_some(), "{}", problem.message);
    }
    loaded
}

fn said(loaded: &Loaded, words: &str) -> bool {
    loaded.problems.iter().any(|problem| problem.message.contains(words))
}

#[test]
fn references_to_itself() {
    let loaded = bounded("  a: ${self:custom.a}\n  b: {c: '${self:custom.b}'}\n  all: ${self:}\n  s: ${self:custom}\n");
    assert!(said(&loaded, "refers to itself"), "{:?}", loaded.problems);
    assert!(said(&loaded, "refer to each other"), "{:?}", loaded.problems);
}

#[test]
fn texts_that_double() {
    let mut custom = String::from("  v0: 0123456789abcdef\n");
    for level in 1..60 {
        let _ = writeln!(custom, "  v{level}: '${{self:custom.v{0}}}${{self:custom.v{0}}}'", level - 1);
    }
    let loaded = bounded(&custom);
    assert!(said(&loaded, "grow without end"), "{:?}", loaded.problems);
    assert_eq!(loaded.problems.len(), 1);
}

#[test]
fn lists_that_double() {
    let mut custom = String::from("  v0: [a, b]\n");
    for level in 1..60 {
        let _ = writeln!(custom, "  v{level}: ['${{self:custom.v{0}}}', '${{self:custom.v{0}}}']", level - 1);
    }
    assert!(said(&bounded(&custom), "grow without end"));
}

#[test]
fn fallbacks_that_branch() {
    let mut custom = String::new();
    for level in 0..40 {
        let (a, b) = (level + 1, level + 2);
        let _ = writeln!(custom, "  v{level}: '${{self:custom.v{a}, self:custom.v{b}, self:custom.v{a}}}'");
    }
    assert!(said(&bounded(&custom), "has no value"));
}

#[test]
fn chains_without_end() {
    let mut custom = String::new();
    for link in 0..5000 {
        let _ = writeln!(custom, "  v{link}: ${{self:custom.v{}}}", link + 1);
    }
    assert!(said(&bounded(&custom), "in a row"));
}

#[test]
fn variables_within_variables() {
    let nested = format!("  a: '{}x{}'\n", "${self:".repeat(5000), "}".repeat(5000));
    assert!(said(&bounded(&nested), "nested too deeply"));
    let open = format!("  a: '{}'\n", "${".repeat(20_000));
    bounded(&open);
    let commas = format!("  a: '${{self:b{}}}'\n", ",self:b".repeat(20_000));
    assert!(said(&bounded(&commas), "has no value"));
}

#[test]
fn files_outside_the_project() {
    for path in ["../../etc/passwd", "/etc/passwd", "../other/serverless.yml", "./../../x.yml", "/proc/self/environ"] {
        let loaded = bounded(&format!("  a: ${{file({path})}}\n"));
        assert_eq!(loaded.kinds(), [ProblemKind::OutsideProject], "{path}");
        assert!(loaded.problems[0].message.contains("leads outside the project"));
    }
}

/// A file of any size.
struct Large;

impl Files for Large {
    fn read(&self, path: &str) -> Result<Arc<SourceFile>, ReadError> {
        Ok(Arc::new(SourceFile::new(path, "a: b\n".repeat(10 << 18))))
    }

    fn exists(&self, _: &str) -> bool {
        true
    }

    fn size(&self, _: &str) -> Option<u64> {
        Some(10 << 20)
    }
}

#[test]
fn included_files_of_ten_megabytes() {
    let text = "service: svc\nprovider: {name: aws}\ncustom: ${file(large.yml)}\n";
    let started = Instant::now();
    let loaded =
        load(Arc::new(SourceFile::new("app/serverless.yml", text)), &Large, &Inputs::default()).expect("a service");
    assert_eq!(loaded.kinds(), [ProblemKind::Include]);
    assert!(loaded.problems[0].message.contains("larger than 8 MiB"), "{}", loaded.problems[0].message);
    assert!(started.elapsed().as_secs() < 10);
}
