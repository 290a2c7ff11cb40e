//! Findings that a template asks cfn-lint to leave out.
//!
//! Templates that were checked with cfn-lint say in `Metadata`, of the template or of a
//! resource, which of its rules do not apply. Where a policy says what such a rule says, the
//! request is honoured.

use crate::finding::Finding;
use crate::policies::cfn_lint_rules;
use crate::source::Span;
use crate::template::value::{Map, Value};

/// The requests of one template.
#[derive(Debug, Default)]
pub(super) struct Ignored {
    everywhere: Vec<String>,
    /// By logical id, with the bytes of the resource.
    resources: Vec<(String, Span, Vec<String>)>,
}

impl Ignored {
    /// Reads the template as its author wrote it.
    pub(super) fn of(written: &Value) -> Self {
        let resources = written.get("Resources").and_then(Value::as_map).into_iter().flat_map(Map::iter);
        let resources =
            resources.map(|entry| (entry.key.to_string(), entry.value.span(), rules(entry.value.get("Metadata"))));
        Self {
            everywhere: rules(written.get("Metadata")),
            resources: resources.filter(|(.., rules)| !rules.is_empty()).collect(),
        }
    }

    /// Takes out the findings that are not asked for.
    pub(super) fn apply(&self, findings: &mut Vec<Finding>) {
        if !self.everywhere.is_empty() || !self.resources.is_empty() {
            findings.retain(|finding| !self.covers(finding));
        }
    }

    fn covers(&self, finding: &Finding) -> bool {
        let own = cfn_lint_rules(&finding.policy);
        let names = |asked: &[String]| {
            asked.iter().any(|asked| own.iter().any(|rule| rule.starts_with(&**asked) || asked.starts_with(rule)))
        };
        names(&self.everywhere)
            || self.resources.iter().any(|(id, span, asked)| {
                (finding.resource.as_deref() == Some(id) || span.encloses(finding.span)) && names(asked)
            })
    }
}

fn rules(metadata: Option<&Value>) -> Vec<String> {
    let list = metadata.and_then(|metadata| metadata.at(&["cfn-lint", "config", "ignore_checks"]));
    let items = list.and_then(Value::as_list).unwrap_or_default().iter().filter_map(Value::as_str);
    items.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned).collect()
}
