//! Permissions of functions (`AWS::Lambda::Permission`).

use super::super::{Eval, Graph, NodeKind, NodeRef, Qualifier, Resource, Target, Text};

/// A permission to call a function.
#[derive(Clone, Copy, Debug)]
pub struct Permission<'g> {
    graph: &'g Graph,
    resource: Resource<'g>,
}

impl<'g> Permission<'g> {
    /// The resource.
    pub fn resource(self) -> Resource<'g> {
        self.resource
    }

    /// The function and which version of it; outside or unknown where it is no function of
    /// the template.
    pub fn function(self) -> Target<'g> {
        self.graph.target_of(&self.resource.property(&["FunctionName"]), Some(NodeKind::Function))
    }

    /// Which version of the function.
    pub fn qualifier(self) -> Qualifier {
        if let Target::Node(_, qualifier) = self.function() { qualifier } else { Qualifier::Unknown }
    }

    /// Who may call: a service, an account, `*`.
    pub fn principal(self) -> Eval<'g> {
        self.resource.property(&["Principal"])
    }

    /// The known principal.
    pub fn principal_text(self) -> Option<Text> {
        self.principal().text()
    }

    /// The known action.
    pub fn action(self) -> Option<Text> {
        self.resource.property(&["Action"]).text()
    }

    /// On behalf of what: the resource `SourceArn` names.
    pub fn source(self) -> Target<'g> {
        self.graph.target_of(&self.source_arn(), None)
    }

    /// `SourceArn`
    pub fn source_arn(self) -> Eval<'g> {
        self.resource.property(&["SourceArn"])
    }

    /// `SourceAccount`
    pub fn source_account(self) -> Eval<'g> {
        self.resource.property(&["SourceAccount"])
    }

    /// Whether any of the properties that narrow the caller is there (`None`: maybe).
    pub fn is_narrowed(self) -> Option<bool> {
        let mut surely_not = true;
        for name in ["SourceArn", "SourceAccount", "PrincipalOrgID", "EventSourceToken"] {
            match self.resource.property(&[name]) {
                Eval::Absent => {}
                Eval::Unknown(_) => surely_not = false,
                _ => return Some(true),
            }
        }
        surely_not.then_some(false)
    }
}

impl Graph {
    /// All permissions of functions, in template order.
    pub fn permissions(&self) -> impl Iterator<Item = Permission<'_>> {
        self.resources_of("AWS::Lambda::Permission").map(|resource| Permission { graph: self, resource })
    }

    /// The permissions of one function, of all its versions and aliases.
    pub fn permissions_of<'g>(&'g self, function: NodeRef<'g>) -> impl Iterator<Item = Permission<'g>> {
        self.permissions().filter(move |permission| permission.function().node() == Some(function))
    }

    /// Whether `service` (`events.amazonaws.com`) may call `function`, for `source` where one
    /// is given: `None` when a permission is not known well enough, or may stand elsewhere.
    pub fn may_invoke<'g>(&'g self, service: &str, function: NodeRef<'g>, source: Option<NodeRef<'g>>) -> Option<bool> {
        let mut unknown = self.is_open();
        for permission in self.permissions() {
            match permission.function() {
                Target::Node(node, _) if node == function => {}
                Target::Unknown => {
                    unknown = true;
                    continue;
                }
                _ => continue,
            }
            if permission.resource.exists() == Some(false) {
                unknown = true;
                continue;
            }
            match permission.principal_text() {
                Some(principal) if principal == service || principal == "*" => {}
                Some(_) => continue,
                None => {
                    unknown = true;
                    continue;
                }
            }
            match (permission.source(), source) {
                (Target::Absent, _) | (_, None) => return Some(true),
                (Target::Node(node, _), Some(source)) if node == source => return Some(true),
                (Target::Unknown | Target::Outside(_), _) => unknown = true,
                _ => {}
            }
        }
        (!unknown).then_some(false)
    }
}
