//! `dewline graph`: the resource graph as a picture.

use super::deployment::Deployment;
use super::problem::Problem;
use super::single;
use super::terminal;
use crate::graph::{Certainty, EdgeKind, Graph, NodeKind, NodeRef};
use crate::report::picture::{Edge, Node, Picture};
use crate::source::Sources;
use crate::template::unknown;
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
    match graph(arguments, color) {
        Ok(code) => code,
        Err(problem) => problem.print(color),
    }
}

fn graph(arguments: &Arguments, color: terminal::Color) -> Result<ExitCode, Problem> {
    let analysis = single::analyze(&arguments.file, &arguments.deployment, color)?;
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

/// The picture of a graph; connections, permissions and what has no edge are left out unless `all`.
pub fn picture(graph: &Graph, sources: &Sources, all: bool) -> Picture {
    let mut drawing = Drawing { sources, all, picture: Picture::default(), places: HashMap::new() };
    drawing.draw(graph, "", &[]);
    drawing.picture
}

/// A picture in the making. Nodes are known by the path of stacks they are in and their index.
struct Drawing<'a> {
    sources: &'a Sources,
    all: bool,
    picture: Picture,
    places: HashMap<(String, usize), usize>,
}

impl Drawing<'_> {
    fn is_shown(&self, kind: NodeKind) -> bool {
        self.all || !matches!(kind, NodeKind::Connector | NodeKind::Role)
    }

    /// Draws `graph`, which is nested in `outer`, the innermost last, under the path `stack`.
    fn draw(&mut self, graph: &Graph, stack: &str, outer: &[(&Graph, &str)]) {
        let mut around = outer.to_vec();
        around.push((graph, stack));
        for (id, child) in graph.children() {
            let path = if stack.is_empty() { id.to_owned() } else { format!("{stack}/{id}") };
            self.draw(child, &path, &around);
        }
        let composed = graph.template().elsewhere().is_some();
        let edges: Vec<_> = graph
            .edges()
            .filter(|edge| self.is_shown(edge.source().kind()) && self.is_shown(edge.target().kind()))
            .filter(|edge| self.all || composed || !matches!(edge.kind(), EdgeKind::DependsOn | EdgeKind::Assumes))
            .collect();
        let has_edge =
            |index| edges.iter().any(|edge| edge.source().index() == index || edge.target().index() == index);
        // A function of another provider has no role or log group that would show it.
        let alone = |node: &NodeRef<'_>| composed && node.kind() == NodeKind::Function;
        let shown =
            |node: &NodeRef<'_>| self.is_shown(node.kind()) && (self.all || has_edge(node.index()) || alone(node));
        let nodes: Vec<_> = graph.nodes().filter(shown).collect();
        for node in nodes {
            self.end(graph, stack, node, outer);
        }
        for edge in edges {
            let ends = [edge.source(), edge.target()].map(|node| self.end(graph, stack, node, outer));
            let certainty = match edge.certainty() {
                Certainty::Declared => "declared",
                Certainty::Granted => "granted",
                Certainty::Hinted => "hinted",
            };
            self.picture.edges.push(Edge {
                from: ends[0],
                to: ends[1],
                kind: edge.kind().name(),
                verb: edge.kind().verb(),
                certainty,
                via: edge.via().map(|resource| resource.id().to_owned()),
            });
        }
    }

    /// Where an end of an edge is drawn: an output of a nested stack at the resource inside it,
    /// what a parent passed at the parent's resource.
    fn end(&mut self, graph: &Graph, stack: &str, node: NodeRef<'_>, outer: &[(&Graph, &str)]) -> usize {
        let inside = node.through_stacks();
        if !std::ptr::eq(inside.graph(), graph) {
            if let Some(path) = path_of(graph, stack, inside.graph()) {
                return self.place(&path, inside);
            }
        } else if node.kind() == NodeKind::External
            && let Some((parent, path)) = outer.last()
            && let Some(name) = node.name().strip_prefix("../")
            && let Some(passed) = parent.node(name.split('.').next().unwrap_or(name))
        {
            return self.place(path, passed);
        }
        self.place(stack, node)
    }

    fn place(&mut self, stack: &str, node: NodeRef<'_>) -> usize {
        let key = (stack.to_owned(), node.index().index());
        if let Some(place) = self.places.get(&key) {
            return *place;
        }
        let origin = node.origin().span();
        let source = self.sources.get(origin.file);
        self.picture.nodes.push(Node {
            name: unknown::shown(node.name()).into_owned(),
            kind: node.kind().noun(),
            ty: node.resource().map(|resource| resource.ty().to_owned()).unwrap_or_default(),
            path: source.path().to_owned(),
            line: source.position(origin.start).line,
            stack: stack.to_owned(),
        });
        let place = self.picture.nodes.len() - 1;
        self.places.insert(key, place);
        place
    }
}

/// The path of stacks to `wanted`, which is nested in `graph`.
fn path_of(graph: &Graph, stack: &str, wanted: &Graph) -> Option<String> {
    graph.children().find_map(|(id, child)| {
        let path = if stack.is_empty() { id.to_owned() } else { format!("{stack}/{id}") };
        if std::ptr::eq(child, wanted) { Some(path) } else { path_of(child, &path, wanted) }
    })
}
