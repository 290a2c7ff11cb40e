//! `dewline graph`: the resource graph as a picture or as data.

use super::deployment::Deployment;
use super::files::{self, DiskFiles};
use crate::graph::{Certainty, EdgeKind, EdgeRef, Graph, NodeKind, NodeRef};
use crate::report::picture::{Edge, Node, Picture};
use crate::source::{Files, Sources};
use crate::template::{Template, load};
use std::process::ExitCode;

/// How to print.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// Graphviz.
    Dot,
    /// Mermaid, which review tools draw in Markdown.
    Mermaid,
    /// Nodes and edges.
    Json,
}

/// Arguments of `graph`.
#[derive(clap::Args)]
pub struct Arguments {
    /// The template.
    file: String,
    /// How to print.
    #[arg(long, value_enum, default_value = "mermaid")]
    format: Format,
    /// Also what only connects others, and what nothing is connected to.
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    deployment: Deployment,
}

/// Runs the verb.
pub fn run(arguments: &Arguments) -> ExitCode {
    let files = DiskFiles::new(&files::project_root_of(&arguments.file));
    let file = match files.read(&arguments.file) {
        Ok(file) => file,
        Err(error) => return super::fail(format!("{}: {error}", arguments.file), "name a template that can be read"),
    };
    let inputs = arguments.deployment.inputs();
    let Some(loaded) = load::load(file, &files, &inputs) else {
        return super::fail(
            format!("{} is not a template", arguments.file),
            "name a SAM, CloudFormation or serverless.yml file",
        );
    };
    let graph = Graph::new(Template::new(loaded.dialect, loaded.root, loaded.problems, inputs));
    let picture = picture(&graph, &loaded.sources, arguments.all);
    super::print(&match arguments.format {
        Format::Dot => picture.dot(),
        Format::Mermaid => picture.mermaid(),
        Format::Json => format!("{:#}\n", picture.json()),
    })
}

/// Nodes and edges worth seeing; with `all`, every one.
fn picture(graph: &Graph, sources: &Sources, all: bool) -> Picture {
    let edges: Vec<EdgeRef<'_>> = graph.edges().filter(|edge| all || is_major(*edge)).collect();
    let touched = |node: NodeRef<'_>| edges.iter().any(|edge| edge.source() == node || edge.target() == node);
    let nodes: Vec<NodeRef<'_>> = graph.nodes().filter(|node| all || touched(*node)).collect();
    let index = |node: NodeRef<'_>| nodes.iter().position(|known| *known == node).unwrap_or_default();
    Picture {
        nodes: nodes.iter().map(|node| shown(*node, sources)).collect(),
        edges: edges
            .iter()
            .map(|edge| Edge {
                from: index(edge.source()),
                to: index(edge.target()),
                kind: edge.kind().name(),
                verb: edge.kind().verb(),
                certainty: match edge.certainty() {
                    Certainty::Declared => "declared",
                    Certainty::Granted => "granted",
                    Certainty::Hinted => "hinted",
                },
                via: edge.via().map(|via| via.id().to_owned()),
            })
            .collect(),
    }
}

/// Whether an edge carries events, calls or observation between things people name.
fn is_major(edge: EdgeRef<'_>) -> bool {
    let quiet =
        matches!(edge.kind(), EdgeKind::DependsOn | EdgeKind::Protects | EdgeKind::Qualifies | EdgeKind::Assumes);
    let minor = |node: NodeRef<'_>| {
        matches!(
            node.kind(),
            NodeKind::Connector | NodeKind::Stage | NodeKind::Version | NodeKind::Network | NodeKind::Other
        )
    };
    !(quiet || minor(edge.source()) || minor(edge.target()))
}

fn shown(node: NodeRef<'_>, sources: &Sources) -> Node {
    let span = node.origin().span();
    let file = sources.get(span.file);
    Node {
        name: node.name().to_owned(),
        kind: node.kind().noun(),
        ty: node.resource().map(|resource| resource.ty().to_owned()).unwrap_or_default(),
        path: file.path().to_owned(),
        line: file.position(span.start).line,
    }
}
