//! What a policy reads, and how it reports.

use super::known::{Costs, Known};
use super::meta::Meta;
use super::options::Options;
use super::remedy::Remedy;
use crate::estimate::{Estimate, Usage};
use crate::facts::date::Date;
use crate::finding::Severity;
use crate::graph::{Flow, Graph, NodeRef, Origin, PolicyDocument, Resource, Template};
use crate::source::{Sources, Span};

/// The view a policy has of one template.
pub struct Context<'a> {
    /// The graph of the template.
    pub graph: &'a Graph,
    /// The texts, for fixes.
    pub sources: &'a Sources,
    /// The day the check is for.
    pub today: Date,
    meta: &'static Meta,
    options: &'a Options,
    known: &'a Known<'a>,
    drafts: Vec<Draft>,
}

/// A finding before severity overrides, suppression and sorting.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The policy's description.
    pub meta: &'static Meta,
    /// Severity where the policy decides case by case.
    pub severity: Option<Severity>,
    /// What is wrong.
    pub message: String,
    /// Where.
    pub place: Place,
    /// A label under the place.
    pub label: Option<String>,
    /// The next step.
    pub help: Option<String>,
    /// Other places.
    pub related: Vec<(Span, String)>,
    /// What would mend it.
    pub remedy: Option<Remedy>,
}

/// Where a finding is shown, and which resource it is about.
#[derive(Clone, Debug)]
pub struct Place {
    /// The bytes to mark.
    pub origin: Origin,
    /// The logical id.
    pub resource: Option<String>,
}

impl From<Origin> for Place {
    fn from(origin: Origin) -> Self {
        Self { origin, resource: None }
    }
}

impl From<Resource<'_>> for Place {
    fn from(resource: Resource<'_>) -> Self {
        Self { origin: resource.origin(), resource: Some(resource.id().to_owned()) }
    }
}

impl From<NodeRef<'_>> for Place {
    fn from(node: NodeRef<'_>) -> Self {
        Self { origin: node.origin(), resource: node.logical_id().map(str::to_owned) }
    }
}

impl Place {
    /// The property of `resource` at `path`, the deepest part of it that is written.
    pub fn property(resource: Resource<'_>, path: &[&str]) -> Self {
        Self { origin: resource.place(path), resource: Some(resource.id().to_owned()) }
    }

    /// `origin`, as a part of `resource`.
    pub fn within(resource: Resource<'_>, origin: Origin) -> Self {
        Self { origin, resource: Some(resource.id().to_owned()) }
    }
}

impl<'a> Context<'a> {
    /// A context for one policy.
    pub fn new(
        known: &'a Known<'a>,
        sources: &'a Sources,
        today: Date,
        meta: &'static Meta,
        options: &'a Options,
    ) -> Self {
        Self { graph: known.graph(), sources, today, meta, options, known, drafts: Vec::new() }
    }

    /// The ways events take between resources of the template, as far as they are declared.
    pub fn flows(&self) -> &'a [Flow<'a>] {
        self.known.flows()
    }

    /// All policy documents of resources that may exist, in template order.
    pub fn policy_documents(&self) -> &'a [PolicyDocument<'a>] {
        self.known.policy_documents()
    }

    /// The usage file beside the template; none where there is none, or one with mistakes.
    pub fn usage(&self) -> Option<&'a Usage> {
        self.known.usage()
    }

    /// The estimate that follows from the usage file; none without one.
    pub fn estimate(&self) -> Option<&'a Estimate> {
        self.known.estimate()
    }

    /// What the template costs, with the usage file or without; reckoned when it is first asked.
    pub fn costs(&self) -> Costs<'a> {
        Costs::new(self.known)
    }

    /// The template behind the graph.
    pub fn template(&self) -> &'a Template {
        self.graph.template()
    }

    /// The number configured for the policy under `name`, or its default.
    pub fn option_int(&self, name: &str) -> i64 {
        self.options.int(self.meta.options, name)
    }

    /// The boolean configured for the policy under `name`, or its default.
    pub fn option_bool(&self, name: &str) -> bool {
        self.options.bool(self.meta.options, name)
    }

    /// The list configured for the policy under `name`, or its default.
    pub fn option_list(&self, name: &str) -> Vec<String> {
        self.options.list(self.meta.options, name)
    }

    /// Reports a finding at `place`; the answer takes help, related places and a fix.
    pub fn report(&mut self, place: impl Into<Place>, message: impl Into<String>) -> Report<'_> {
        self.drafts.push(Draft {
            meta: self.meta,
            severity: None,
            message: message.into(),
            place: place.into(),
            label: None,
            help: None,
            related: Vec::new(),
            remedy: None,
        });
        let last = self.drafts.len() - 1;
        Report(&mut self.drafts[last])
    }

    /// A logical id that the template does not have: `base`, or `base` with a number.
    pub fn fresh_id(&self, base: &str) -> String {
        self.template().fresh_id(base)
    }

    /// What was reported.
    pub fn finish(self) -> Vec<Draft> {
        self.drafts
    }
}

/// Adds to a finding just reported.
pub struct Report<'d>(&'d mut Draft);

impl Report<'_> {
    /// The next step.
    pub fn help(self, help: impl Into<String>) -> Self {
        self.0.help = Some(help.into());
        self
    }

    /// A label under the place.
    pub fn label(self, label: impl Into<String>) -> Self {
        self.0.label = Some(label.into());
        self
    }

    /// Another place that matters, in the order of the path through the graph.
    pub fn related(self, place: impl Into<Place>, message: impl Into<String>) -> Self {
        let span = place.into().origin.span();
        if span != self.0.place.origin.span() {
            self.0.related.push((span, message.into()));
        }
        self
    }

    /// A severity of its own.
    pub fn severity(self, severity: Severity) -> Self {
        self.0.severity = Some(severity);
        self
    }

    /// The logical id the finding is about.
    pub fn resource(self, id: impl Into<String>) -> Self {
        self.0.place.resource = Some(id.into());
        self
    }

    /// What would mend it.
    pub fn remedy(self, remedy: impl Into<Option<Remedy>>) -> Self {
        self.0.remedy = remedy.into();
        self
    }
}
