//! `dewline/status`: what the server is and does, for people who look into a problem.

use crate::server::dispatch::Answer;
use crate::server::snapshot::Snapshot;
use serde_json::{Value, json};

/// The request.
pub(in crate::server) enum Status {}

impl lsp_types::request::Request for Status {
    type Params = Option<Value>;
    type Result = Value;
    const METHOD: &'static str = "dewline/status";
}

pub(in crate::server) fn status(snapshot: &Snapshot, _: Option<Value>) -> Answer<Value> {
    let documents: Vec<Value> = snapshot
        .documents
        .iter()
        .map(|text| {
            let checked = text.checked.get();
            let template = checked.and_then(Option::as_ref).map(|checked| {
                let analysis = checked.analysis();
                let included: Vec<&str> = analysis.sources.iter().skip(1).map(|(_, file)| file.path()).collect();
                json!({
                    "dialect": analysis.dialect.name(),
                    "findings": checked.findings().len(),
                    "suppressed": analysis.suppressed,
                    "resources": analysis.graph.template().resources().count(),
                    "included": included,
                    "configuration": checked.project.configuration,
                    "waitsForGuard": checked.waits_for_guard(),
                    "milliseconds": checked.took.as_secs_f64() * 1000.0,
                })
            });
            json!({
                "uri": text.uri,
                "version": text.version,
                "bytes": text.file.text().len(),
                "checked": checked.is_some(),
                "template": template,
            })
        })
        .collect();
    let problems =
        snapshot.folders.first().map(|folder| snapshot.host.project(&format!("{folder}/template.yaml")).problems);
    let problems: Vec<String> =
        problems.iter().flat_map(|problems| problems.iter()).map(|problem| problem.message.clone()).collect();
    Ok(json!({
        "name": "dewline",
        "version": env!("CARGO_PKG_VERSION"),
        "upMilliseconds": snapshot.log.elapsed(),
        "encoding": format!("{:?}", snapshot.client.encoding).to_lowercase(),
        "folders": &*snapshot.folders,
        "configurationProblems": problems,
        "documents": documents,
    }))
}
