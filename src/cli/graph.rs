//! `dewline graph`: the resource graph as a picture or as data.

use super::files::DiskFiles;
use super::inputs::Deployment;
use crate::graph::{Certainty, EdgeKind, Graph, NodeKind, NodeRef};
use crate::source::Files;
use crate::template::{Template, load};
use serde_json::json;
use std::fmt::Write;
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
    let files = DiskFiles::for_file(&arguments.file);
    let file = match files.read(&arguments.file) {
        Ok(file) => file,
        Err(error) => return super::fail(format!("{}: {error}", arguments.file), "name a template"),
    };
    let inputs = arguments.deployment.inputs();
    let Some(loaded) = load::load(file, &files, &inputs) else {
        return super::fail(format!("{} is not a template", arguments.file), "name a SAM, CloudFormation or serverless.yml file");
    };
    let graph = Graph::new(Template::new(loaded.dialect, loaded.root, loaded.problems, inputs));
    let picture = Picture::new(&graph, arguments.all);
    super::print(&match arguments.format {
        Format::Dot => picture.dot(),
        Format::Mermaid => picture.mermaid(),
        Format::Json => picture.json(),
    })
}

/// What is drawn.
struct Picture<'g> {
    nodes: Vec<NodeRef<'g>>,
    edges: Vec<crate::graph::EdgeRef<'g>>,
}

impl<'g> Picture<'g> {
    fn new(graph: &'g Graph, all: bool) -> Self {
        let quiet = |kind: EdgeKind| matches!(kind, EdgeKind::DependsOn | EdgeKind::Protects | EdgeKind::Contains | EdgeKind::Qualifies);
        let minor = |node: NodeRef<'_>| matches!(node.kind(), NodeKind::Connector | NodeKind::Stage | NodeKind::Version | NodeKind::Network | NodeKind::Other);
        let edges: Vec<_> = graph
            .edges()
            .filter(|edge| all || !(quiet(edge.kind()) || minor(edge.source()) || minor(edge.target())))
            .collect();
        let touched = |node: &NodeRef<'g>| edges.iter().any(|edge| edge.source() == *node || edge.target() == *node);
        let nodes = graph.nodes().filter(|node| all || (touched(node) && !minor(*node))).collect();
        Self { nodes, edges }
    }

    fn id(node: NodeRef<'_>) -> String {
        format!("n{}", node.index().index())
    }

    fn dot(&self) -> String {
        let mut out = "digraph template {\n  rankdir=LR;\n  node [shape=box, fontname=\"sans-serif\"];\n  edge [fontname=\"sans-serif\", fontsize=10];\n".to_owned();
        let quote = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"");
        for node in &self.nodes {
            let _ = writeln!(out, "  {} [label=\"{}\\n{}\"];", Self::id(*node), quote(node.name()), node.kind().noun());
        }
        for edge in &self.edges {
            let style = if edge.certainty() == Certainty::Declared { "solid" } else { "dashed" };
            let _ = writeln!(out, "  {} -> {} [label=\"{}\", style={style}];", Self::id(edge.source()), Self::id(edge.target()), edge.kind().verb());
        }
        out + "}\n"
    }

    fn mermaid(&self) -> String {
        let mut out = "flowchart LR\n".to_owned();
        let quote = |text: &str| text.replace('"', "#quot;").replace(['\n', '\r'], " ");
        for node in &self.nodes {
            let _ = writeln!(out, "  {}[\"{}<br/><small>{}</small>\"]", Self::id(*node), quote(node.name()), node.kind().noun());
        }
        for edge in &self.edges {
            let arrow = if edge.certainty() == Certainty::Declared { "-->" } else { "-.->" };
            let _ = writeln!(out, "  {} {arrow}|{}| {}", Self::id(edge.source()), edge.kind().verb(), Self::id(edge.target()));
        }
        out
    }

    fn json(&self) -> String {
        let nodes: Vec<_> = self
            .nodes
            .iter()
            .map(|node| json!({ "id": Self::id(*node), "kind": node.kind().noun(), "name": node.name(), "resource": node.logical_id() }))
            .collect();
        let edges: Vec<_> = self
            .edges
            .iter()
            .map(|edge| {
                let certainty = match edge.certainty() {
                    Certainty::Declared => "declared",
                    Certainty::Granted => "granted",
                    Certainty::Hinted => "hinted",
                };
                json!({
                    "from": Self::id(edge.source()),
                    "to": Self::id(edge.target()),
                    "kind": edge.kind().verb(),
                    "certainty": certainty,
                    "via": edge.via().map(|via| via.id()),
                })
            })
            .collect();
        format!("{:#}\n", json!({ "nodes": nodes, "edges": edges }))
    }
}
