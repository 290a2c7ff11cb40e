//! `dewline graph`: the resource graph as a picture.

use super::deployment::Deployment;
use super::problem::Problem;
use super::single;
use super::terminal;
use crate::graph::{Certainty, EdgeKind, Graph, NodeKind};
use crate::report::picture::{Edge, Node, Picture};
use crate::source::Sources;
use std::collections::HashMap;
use std::path::PathBuf;
use std::process::ExitCode;

/// Arguments of `graph`.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// The template.
    file: PathBuf,
    /// How to print it.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Show connections, permissions and resources without any edge, too.
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    deployment: Deployment,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// Graphviz.
    #[default]
    Dot,
    /// Mermaid, for Markdown.
    Mermaid,
    /// Data.
    Json,
}

/// Runs the verb.
pub fn run(arguments: &Arguments, color: terminal::Color) -> ExitCode {
    match graph(arguments) {
        Ok(code) => code,
        Err(problem) => problem.print(color),
    }
}

fn graph(arguments: &Arguments) -> Result<ExitCode, Problem> {
    let analysis = single::analyze(&arguments.file, &arguments.deployment)?;
    let picture = picture(&analysis.graph, &analysis.sources, arguments.all);
    Ok(terminal::print(ExitCode::SUCCESS, |out| match arguments.format {
        Format::Dot => write!(out, "{}", picture.dot()),
        Format::Mermaid => write!(out, "{}", picture.mermaid()),
        Format::Json => {
            serde_json::to_writer_pretty(&mut *out, &picture.json())?;
            writeln!(out)
        }
    }))
}

fn picture(graph: &Graph, sources: &Sources, all: bool) -> Picture {
    let is_shown = |kind: NodeKind| all || !matches!(kind, NodeKind::Connector | NodeKind::Role);
    let edges: Vec<_> = graph
        .edges()
        .filter(|edge| is_shown(edge.source().kind()) && is_shown(edge.target().kind()))
        .filter(|edge| all || !matches!(edge.kind(), EdgeKind::DependsOn | EdgeKind::Assumes))
        .collect();
    let has_edge = |index| edges.iter().any(|edge| edge.source().index() == index || edge.target().index() == index);
    let mut places = HashMap::new();
    let mut picture = Picture::default();
    for node in graph.nodes().filter(|node| is_shown(node.kind()) && (all || has_edge(node.index()))) {
        let origin = node.origin().span();
        let source = sources.get(origin.file);
        places.insert(node.index(), picture.nodes.len());
        picture.nodes.push(Node {
            name: crate::template::unknown::shown(node.name()).into_owned(),
            kind: node.kind().noun(),
            ty: node.resource().map(|resource| resource.ty().to_owned()).unwrap_or_default(),
            path: source.path().to_owned(),
            line: source.position(origin.start).line,
        });
    }
    for edge in edges {
        let (Some(from), Some(to)) = (places.get(&edge.source().index()), places.get(&edge.target().index())) else {
            continue;
        };
        let certainty = match edge.certainty() {
            Certainty::Declared => "declared",
            Certainty::Granted => "granted",
            Certainty::Hinted => "hinted",
        };
        let via = edge.via().map(|resource| resource.id().to_owned());
        picture.edges.push(Edge {
            from: *from,
            to: *to,
            kind: edge.kind().name(),
            verb: edge.kind().verb(),
            certainty,
            via,
        });
    }
    picture
}
