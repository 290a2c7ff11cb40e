//! The tree of paths.

use super::Api;
use super::endpoint::Endpoint;
use crate::template::serverless::naming;
use crate::template::serverless::output::{Output, Resource};
use crate::template::serverless::service::{Service, get, text, truthy};
use crate::template::value::{Maker, Origin, Value};

/// The paths that this stack makes, and those that exist elsewhere.
pub struct Resources {
    nodes: Vec<Node>,
    existing: Vec<(String, Value)>,
}

struct Node {
    path: String,
    parent: Option<String>,
    part: String,
    origin: Origin,
}

fn trim(path: &str) -> &str {
    let path = path.strip_prefix('/').unwrap_or(path);
    path.strip_suffix('/').unwrap_or(path)
}

impl Resources {
    /// The paths of `endpoints`.
    pub fn new(service: &Service, endpoints: &[Endpoint<'_>]) -> Self {
        let paths: Vec<_> = endpoints.iter().map(|endpoint| (endpoint.path.as_str(), endpoint.written)).collect();
        Self::of_paths(service, &paths)
    }

    /// The resources of `paths`, each with the place it is written.
    pub fn of_paths(service: &Service, paths: &[(&str, Origin)]) -> Self {
        let mut existing = Vec::new();
        if let Some(known) = service.setting(&["apiGateway", "restApiResources"]) {
            for entry in known.as_map().into_iter().flatten() {
                existing.push((trim(&entry.key).to_owned(), entry.value.clone()));
            }
            for item in known.as_list().unwrap_or_default() {
                if let (Some(path), Some(id)) = (get(item, &["path"]).and_then(text), get(item, &["resourceId"])) {
                    existing.push((trim(&path).to_owned(), id.clone()));
                }
            }
        }
        let mut nodes: Vec<Node> = Vec::new();
        for (full, origin) in paths.iter().filter(|(path, _)| !path.is_empty()) {
            let parts: Vec<&str> = full.split('/').collect();
            let mut prefixes = Vec::new();
            let mut path = String::new();
            for part in &parts {
                if !path.is_empty() {
                    path.push('/');
                }
                path.push_str(part);
                prefixes.push((path.clone(), (*part).to_owned()));
            }
            // Nothing is made above the nearest path that exists already.
            let from = prefixes
                .iter()
                .rposition(|(path, _)| existing.iter().any(|(known, _)| known == path))
                .map_or(0, |at| at + 1);
            for (at, (path, part)) in prefixes.iter().enumerate().skip(from) {
                if nodes.iter().any(|node| node.path == *path) {
                    continue;
                }
                let parent = at.checked_sub(1).and_then(|at| prefixes.get(at)).map(|(path, _)| path.clone());
                nodes.push(Node { path: path.clone(), parent, part: part.clone(), origin: *origin });
            }
        }
        Self { nodes, existing }
    }

    /// Adds the paths of this stack.
    pub fn compile(&self, api: &Api<'_>, out: &mut Output) {
        for node in &self.nodes {
            let maker = Maker::new(node.origin);
            let parent = self.reference(api, node.parent.as_deref().unwrap_or_default(), maker);
            out.merge(
                Resource::new(
                    format!("ApiGatewayResource{}", naming::path(&node.path)),
                    "AWS::ApiGateway::Resource",
                    maker,
                )
                .set("ParentId", parent)
                .set("PathPart", maker.str(node.part.as_str()))
                .set("RestApiId", api.id(maker)),
            );
        }
    }

    /// The id of the resource at `path`, as a value.
    pub fn reference(&self, api: &Api<'_>, path: &str, maker: Maker) -> Value {
        if let Some((_, id)) = self.existing.iter().find(|(known, _)| known == path) {
            return id.clone();
        }
        if !path.is_empty() {
            return maker.reference(format!("ApiGatewayResource{}", naming::path(path)));
        }
        let root = api.service.setting(&["apiGateway", "restApiRootResourceId"]).filter(|id| truthy(id));
        root.cloned().unwrap_or_else(|| maker.get_att("ApiGatewayRestApi", "RootResourceId"))
    }

    /// The logical id of a method.
    #[allow(clippy::unused_self)] // ids belong to the tree of paths
    pub fn method_id(&self, path: &str, method: &str) -> String {
        let name = if path.is_empty() { String::new() } else { naming::path(path) };
        format!("ApiGatewayMethod{name}{}", naming::method(method))
    }
}
