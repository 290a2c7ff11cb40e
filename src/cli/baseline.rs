//! Findings that were there before: written to a file, and left out of later runs.

use super::problem::Problem;
use super::project::Projects;
use super::{files, terminal};
use crate::config::baseline::Baseline;
use crate::report::Run;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::ExitCode;

/// Entries of a baseline that are named when nothing matches them any more.
const STALE_SHOWN: usize = 10;

/// Takes out what the baseline holds: the one at `named`, else that of the configuration.
pub fn apply(named: Option<&Path>, projects: &mut Projects, run: &mut Run, current: &Path) -> Result<(), Problem> {
    let path = match named {
        Some(path) => Some(path.to_owned()),
        None => {
            let configured = projects.configured(current)?;
            configured.and_then(|known| Some(known.folder.join(known.config.baseline.as_ref()?)))
        }
    };
    let Some(path) = path else { return Ok(()) };
    let shown = files::shown(&path, current);
    let help = "write it with `--write-baseline FILE`";
    let file = files::read(&shown, &path)
        .map_err(|error| Problem::new(&shown, format!("the baseline cannot be read: {error}"), help))?;
    let baseline = Baseline::read(file.text()).map_err(|error| Problem::new(&shown, error.to_string(), help))?;
    let mut matching = baseline.matching();
    let checked: BTreeSet<String> = run.files.iter().map(|file| run.repository_path(&file.path)).collect();
    // What a file held that was checked, or that is there no more, may have moved to another.
    let root = files::repository(current).unwrap_or(current);
    let may_have_moved = |path: &str| checked.contains(path) || !root.join(path).exists();
    let mut baselined = 0;
    for moved in [false, true] {
        let paths: Vec<String> = run.files.iter().map(|file| run.repository_path(&file.path)).collect();
        for (file, path) in run.files.iter_mut().zip(paths) {
            let before = file.findings.len();
            file.findings.retain(|finding| {
                let fingerprint = &finding.fingerprint;
                !if moved { matching.elsewhere(fingerprint, may_have_moved) } else { matching.at(&path, fingerprint) }
            });
            baselined += before - file.findings.len();
        }
    }
    run.baselined += baselined;
    let stale: Vec<_> = matching.unused().filter(|known| may_have_moved(&known.path)).collect();
    if !stale.is_empty() {
        let entries = if stale.len() == 1 { "1 entry is" } else { &format!("{} entries are", stale.len()) };
        let paths = "`--write-baseline` on the same paths";
        terminal::note(&format!("{shown}: {entries} no longer found; {paths} writes it without them"));
        for known in stale.iter().take(STALE_SHOWN) {
            terminal::note(&format!("  {}: {}: {}", known.path, known.policy, known.message));
        }
        if stale.len() > STALE_SHOWN {
            terminal::note(&format!("  and {} more", stale.len() - STALE_SHOWN));
        }
    }
    Ok(())
}

/// Writes all findings to a baseline.
pub fn write(path: &Path, run: &Run, color: terminal::Color) -> Result<ExitCode, Problem> {
    let findings = run.findings().map(|(file, finding)| (run.repository_path(&file.path), finding));
    let baseline = Baseline::new(findings);
    std::fs::write(path, baseline.text()).map_err(|error| Problem::cannot_write(path, &error))?;
    let findings = if baseline.len() == 1 { "finding" } else { "findings" };
    terminal::note(&format!("{}: {} {findings} written", path.display(), baseline.len()));
    for failure in &run.failures {
        Problem::Failure(failure.clone()).print(color);
    }
    Ok(ExitCode::from(if run.failures.is_empty() { 0 } else { terminal::ERROR }))
}
