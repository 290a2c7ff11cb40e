//! Command-line cases as files: `tests/cli/*.case`.
//!
//! A case is a list of sections, each headed by a line that starts with `--- `:
//! `file PATH` writes a file, `run ARGUMENTS` runs dewline (arguments split at blanks),
//! `code N`, `stdout` and `stderr` say what must come out (`stdout has` and `stderr has`: which
//! lines must be among it), `stdin` is what goes in, `written PATH has` looks into a file.
//! `DEWLINE_UPDATE=1` writes what came out into the cases.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

#[derive(Clone, Debug)]
struct Section {
    head: String,
    body: String,
}

fn sections(text: &str) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    for line in text.lines() {
        match (line.strip_prefix("--- "), sections.last_mut()) {
            (Some(head), _) => sections.push(Section { head: head.to_owned(), body: String::new() }),
            (None, Some(section)) => {
                section.body += line;
                section.body.push('\n');
            }
            (None, None) => sections.push(Section { head: String::new(), body: format!("{line}\n") }),
        }
    }
    sections
}

struct Ran {
    stdout: String,
    stderr: String,
    code: String,
}

fn dewline(arguments: &str, folder: &Path, stdin: &str) -> Ran {
    let mut child = Command::new(env!("CARGO_BIN_EXE_dewline"))
        .args(arguments.split_whitespace())
        .current_dir(folder)
        .env_clear()
        .env("LANG", "C.UTF-8")
        .env("COLUMNS", "100")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Whoever does not read standard input may have closed it.
    let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
    let output = child.wait_with_output().unwrap();
    let text = |bytes: &[u8]| {
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        text.replace(&folder.to_string_lossy().into_owned(), "[FOLDER]").replace(env!("CARGO_PKG_VERSION"), "[VERSION]")
    };
    let code = output.status.code().map_or("signal".to_owned(), |code| code.to_string());
    Ran { stdout: text(&output.stdout), stderr: text(&output.stderr), code }
}

/// Runs one case; answers what is wrong, and the case with what came out.
fn run(path: &Path) -> (Vec<String>, String) {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().canonicalize().unwrap();
    // The cases are a repository of their own, wherever the temporary folder lies.
    std::fs::create_dir(root.join(".git")).unwrap();
    let all = sections(&std::fs::read_to_string(path).unwrap());
    let mut ran = Ran { stdout: String::new(), stderr: String::new(), code: String::new() };
    let (mut wrong, mut actual, mut command) = (Vec::new(), String::new(), String::new());
    for (index, Section { head, body }) in all.iter().enumerate() {
        let mut came = body.clone();
        let mut shown = head.clone();
        if let Some(name) = head.strip_prefix("file ") {
            let file = root.join(name);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, body).unwrap();
        } else if let Some(arguments) = head.strip_prefix("run ") {
            let stdin = all.get(index + 1).filter(|next| next.head == "stdin").map_or("", |next| &next.body);
            command = arguments.to_owned();
            ran = dewline(arguments, &root, stdin);
        } else if head.starts_with("code ") {
            shown = format!("code {}", ran.code);
        } else if head == "stdout" {
            came.clone_from(&ran.stdout);
        } else if head == "stderr" {
            came.clone_from(&ran.stderr);
        } else if head.ends_with(" has") {
            let text = match head.strip_prefix("written ") {
                Some(rest) => std::fs::read_to_string(root.join(rest.trim_end_matches(" has"))).unwrap_or_default(),
                None if head == "stdout has" => ran.stdout.clone(),
                None => ran.stderr.clone(),
            };
            for line in body.lines().filter(|line| !text.lines().any(|other| other.trim() == line.trim())) {
                wrong.push(format!("`{command}`: {head} no line `{line}` in\n{text}"));
            }
        } else if !head.is_empty() && head != "stdin" {
            wrong.push(format!("a section cannot be `{head}`"));
        }
        if came != *body || shown != *head {
            wrong.push(format!("`{command}`: {head} is\n{came}({shown}), not\n{body}"));
        }
        if !shown.is_empty() {
            let _ = writeln!(actual, "--- {shown}");
        }
        actual += &came;
    }
    (wrong, actual)
}

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli");
    let mut cases: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.retain(|path| path.extension().is_some_and(|extension| extension == "case"));
    cases.sort();
    cases
}

#[test]
fn commands_answer_as_their_cases_say() {
    let mut all = Vec::new();
    for path in cases() {
        let (wrong, actual) = run(&path);
        if std::env::var_os("DEWLINE_UPDATE").is_some() {
            std::fs::write(&path, actual).unwrap();
        }
        all.extend(wrong.into_iter().map(|wrong| format!("{}: {wrong}", path.display())));
    }
    assert!(all.is_empty(), "{} wrong (DEWLINE_UPDATE=1 accepts them):\n{}", all.len(), all.join("\n"));
}

#[cfg(unix)]
#[test]
fn what_cannot_be_read_costs_no_other_file_its_findings() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().canonicalize().unwrap();
    let template = |timeout: u32| {
        format!("Resources:\n  F:\n    Type: AWS::Lambda::Function\n    Properties:\n      Timeout: {timeout}\n")
    };
    std::fs::write(root.join("good.yaml"), template(1000)).unwrap();
    // A folder under the name of a file, a pipe that nobody writes to, and bytes that are no text.
    assert!(Command::new("mkfifo").arg(root.join("pipe.yaml")).status().unwrap().success());
    std::fs::write(root.join("bytes.yaml"), [b"Resources:\n  A: \"".as_slice(), &[0xff, 0xfe], b"\"\n"].concat())
        .unwrap();
    let ran = dewline("check good.yaml pipe.yaml bytes.yaml --format concise", &root, "");
    assert!(ran.stdout.contains("good.yaml:5:16: high[function-timeout-range]"), "{}", ran.stdout);
    assert!(ran.stdout.contains("bytes.yaml:2:7:"), "{}", ran.stdout);
    assert!(ran.stderr.contains("pipe.yaml: it cannot be read: it is not a regular file"), "{}", ran.stderr);
    assert_eq!(ran.code, "2");
}

#[cfg(unix)]
#[test]
fn links_do_not_lead_out_of_the_project() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().canonicalize().unwrap();
    std::fs::create_dir_all(root.join("app/.git")).unwrap();
    std::fs::write(root.join("secret.yml"), "token: abc\n").unwrap();
    std::os::unix::fs::symlink(root.join("secret.yml"), root.join("app/link.yml")).unwrap();
    let service = |path: &str| {
        format!("service: s\nprovider: {{name: aws}}\ncustom: ${{file({path})}}\nfunctions: {{f: {{handler: a.b}}}}\n")
    };
    for path in ["../secret.yml", "link.yml"] {
        std::fs::write(root.join("app/serverless.yml"), service(path)).unwrap();
        let ran = dewline("check --select path-outside-project --format concise", &root.join("app"), "");
        assert!(ran.stdout.contains("serverless.yml:3:9: medium[path-outside-project]"), "{path}: {}", ran.stdout);
    }
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_dewline"))
        .args(["explain", "--all", "--format", "json"])
        .current_dir(folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}
