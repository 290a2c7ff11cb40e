//! What the transform refuses, in the words of the reference, each at its place.

use crate::template::problem::{Problem, ProblemKind};
use crate::template::value::{Origin, Text};

/// What a refusal is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A resource.
    Resource,
    /// An event of a function or a state machine.
    Event,
    /// The template as a whole.
    Template,
    /// A logical id that stands twice.
    Duplicate,
}

/// One thing the transform refuses.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// What it is about.
    pub subject: Subject,
    /// The whole message.
    pub message: String,
    /// Where it is.
    pub origin: Origin,
    /// What it is sorted by among others.
    order: String,
}

/// Why a resource is not expanded.
#[derive(Clone, Debug)]
pub enum Failure {
    /// One refusal; other resources go on.
    Refused(Box<Refusal>),
    /// The reference gives up on the whole document at this point.
    Document(Vec<Refusal>),
}

/// The result of a step of the expansion.
pub type Outcome<T> = Result<T, Failure>;

impl Refusal {
    fn new(subject: Subject, order: &str, origin: Origin, message: String) -> Self {
        Self { subject, message, origin, order: order.to_owned() }
    }

    /// A refusal of the resource `id`.
    pub fn resource(id: &str, origin: Origin, text: &str) -> Self {
        Self::new(Subject::Resource, id, origin, format!("Resource with id [{id}] is invalid. {text}"))
    }

    /// A refusal of the event `id`.
    pub fn event(id: &str, origin: Origin, text: &str) -> Self {
        Self::new(Subject::Event, id, origin, format!("Event with id [{id}] is invalid. {text}"))
    }

    /// A refusal of the template.
    pub fn template(origin: Origin, text: &str) -> Self {
        let message = format!("Structure of the SAM template is invalid. {text}");
        Self::new(Subject::Template, &message.clone(), origin, message)
    }

    /// A refusal of the section `name`.
    pub fn section(name: &str, origin: Origin, text: &str) -> Self {
        Self::new(Subject::Template, name, origin, format!("'{name}' section is invalid. {text}"))
    }

    /// The resource `made` that `id` would make exists already.
    pub fn duplicate(id: &str, origin: Origin, made: &str, kind: &str) -> Self {
        let message = format!(
            "Transforming resource with id [{id}] attempts to create a new resource with id [{made}] and type \"{kind}\". A resource with that id already exists within this template. Please use a different id for that resource."
        );
        Self::new(Subject::Duplicate, id, origin, message)
    }

    fn problem(self) -> Problem {
        let problem = Problem::new(ProblemKind::TransformRefused, self.origin, self.message)
            .help("AWS refuses the whole template for this; nothing is deployed until it is corrected");
        match self.subject {
            Subject::Resource | Subject::Duplicate => problem.resource(Text::from(self.order)),
            Subject::Event | Subject::Template => problem,
        }
    }
}

impl Failure {
    /// The refusals.
    pub fn into_refusals(self) -> Vec<Refusal> {
        match self {
            Self::Refused(refusal) => vec![*refusal],
            Self::Document(refusals) => refusals,
        }
    }

    /// A refused event as a refusal of the resource it belongs to.
    #[must_use]
    pub fn event_of(self, id: &str) -> Self {
        match self {
            Self::Refused(refusal) if refusal.subject == Subject::Event => {
                Self::Refused(Box::new(Refusal::resource(id, refusal.origin, &refusal.message)))
            }
            other => other,
        }
    }
}

/// Refuses the resource `id`.
pub fn resource<T>(id: &str, origin: Origin, text: impl AsRef<str>) -> Outcome<T> {
    Err(Failure::Refused(Box::new(Refusal::resource(id, origin, text.as_ref()))))
}

/// Refuses the event `id`.
pub fn event<T>(id: &str, origin: Origin, text: impl AsRef<str>) -> Outcome<T> {
    Err(Failure::Refused(Box::new(Refusal::event(id, origin, text.as_ref()))))
}

/// Refuses the template, other resources being looked at all the same.
pub fn template<T>(origin: Origin, text: impl AsRef<str>) -> Outcome<T> {
    Err(Failure::Refused(Box::new(Refusal::template(origin, text.as_ref()))))
}

/// Refuses the template at once.
pub fn document<T>(origin: Origin, text: impl AsRef<str>) -> Outcome<T> {
    Err(Failure::Document(vec![Refusal::template(origin, text.as_ref())]))
}

/// The refusals of one template.
#[derive(Debug, Default)]
pub struct Refusals {
    found: Vec<Refusal>,
    document: Option<Vec<Refusal>>,
}

impl Refusals {
    /// Notes a failure.
    pub fn add(&mut self, failure: Failure) {
        match failure {
            Failure::Refused(refusal) => self.found.push(*refusal),
            // Where the reference gives up, it names only what made it give up.
            Failure::Document(refusals) => {
                self.document.get_or_insert(refusals);
            }
        }
    }

    /// Notes a refusal.
    pub fn push(&mut self, refusal: Refusal) {
        self.found.push(refusal);
    }

    /// The refusals as problems, in the order the reference prints them.
    pub fn into_problems(self) -> Vec<Problem> {
        let mut refusals: Vec<Refusal> = Vec::new();
        for refusal in self.document.unwrap_or(self.found) {
            match refusals.iter_mut().find(|known| known.message == refusal.message) {
                Some(known) => *known = refusal,
                None => refusals.push(refusal),
            }
        }
        refusals.sort_by(|a, b| a.order.cmp(&b.order));
        refusals.into_iter().map(Refusal::problem).collect()
    }
}

/// The message of a template that was refused for `messages`, as the reference composes it.
pub fn error_message<'a>(messages: impl IntoIterator<Item = &'a str>) -> String {
    let messages: Vec<&str> = messages.into_iter().collect();
    let head =
        format!("Invalid Serverless Application Specification document. Number of errors found: {}.", messages.len());
    std::iter::once(head.as_str()).chain(messages).collect::<Vec<_>>().join(" ")
}
