//! Values that stand outside of the resource that uses them: in `Globals`, in a parameter, in
//! the custom section of a service file.

use crate::finding::{Finding, Related};
use crate::graph::{Resource, Template};
use crate::source::Span;
use crate::template::value::{Kind, Value};

/// The resources an author wrote, as the bytes from the logical id to the end of the body.
pub(super) struct Written {
    blocks: Vec<(Span, Span)>,
}

impl Written {
    pub(super) fn of(template: &Template) -> Self {
        let written = template.resources().filter(|resource| !resource.origin().is_generated());
        let blocks = written.map(|resource| {
            let (name, body) = (resource.origin().span(), resource.body().origin.span());
            (name, Span::new(name.file, name.start, body.end.max(name.end)))
        });
        Self { blocks: blocks.collect() }
    }

    /// Names the resource that a finding is about where the finding is shown outside of it.
    pub(super) fn complete(&self, finding: &mut Finding, template: &Template) {
        if finding.resource.is_none() {
            self.users(finding, template);
            return;
        }
        let Some(resource) = finding.resource.as_deref().and_then(|id| template.resource(id)) else { return };
        let user = author(resource);
        // An included file has no resources of its own to tell places apart by.
        if user.file != finding.span.file || !self.blocks.iter().any(|(_, block)| block.encloses(user)) {
            return;
        }
        let is_inside = self.blocks.iter().any(|(_, block)| block.encloses(finding.span));
        if !is_inside && finding.related.iter().all(|related| related.span != user) {
            finding.related.push(Related { span: user, message: format!("used by {}", resource.id()) });
        }
    }

    /// Names resources that use what a finding is about that is about no resource.
    fn users(&self, finding: &mut Finding, template: &Template) {
        let span = finding.span;
        if self.blocks.iter().any(|(_, block)| block.encloses(span)) {
            return;
        }
        let users = template.resources().filter(|resource| !resource.origin().is_generated());
        let users = users.filter(|resource| resource.properties().is_some_and(|value| holds(value, span)));
        let users = users.filter(|resource| resource.origin().span().file == span.file).take(NAMED);
        finding.related.extend(
            users.map(|resource| Related {
                span: resource.origin().span(),
                message: format!("used by {}", resource.id()),
            }),
        );
    }
}

/// Users of a value that are named.
const NAMED: usize = 3;

/// Whether `value` or a part of it is written as `span`.
fn holds(value: &Value, span: Span) -> bool {
    if !value.origin.is_generated() && value.origin.span() == span {
        return true;
    }
    match &value.kind {
        Kind::List(items) => items.iter().any(|item| holds(item, span)),
        Kind::Map(map) => map.values().any(|value| holds(value, span)),
        _ => false,
    }
}

/// Where the author names `resource`, or the resource that it was made for.
fn author(resource: Resource<'_>) -> Span {
    let named = resource.origin();
    if named.is_generated() { resource.body().origin.span() } else { named.span() }
}
