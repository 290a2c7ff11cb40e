//! Pictures of graphs: Graphviz, Mermaid, JSON.

use serde_json::{Value, json};
use std::fmt::Write;

/// What a picture shows, in order.
#[derive(Clone, Debug, Default)]
pub struct Picture {
    /// The boxes.
    pub nodes: Vec<Node>,
    /// The arrows; ends are indices of nodes.
    pub edges: Vec<Edge>,
}

/// A box.
#[derive(Clone, Debug)]
pub struct Node {
    /// Logical id, or what the outside thing is called.
    pub name: String,
    /// The noun of its kind.
    pub kind: &'static str,
    /// Resource type; empty for what lies outside the template.
    pub ty: String,
    /// Where it is written.
    pub path: String,
    /// Line, from 1.
    pub line: u32,
    /// Logical ids of the nested stacks it is in, joined by `/`; empty outside of any.
    pub stack: String,
}

/// An arrow.
#[derive(Clone, Debug)]
pub struct Edge {
    /// Index of the node it starts at.
    pub from: usize,
    /// Index of the node it leads to.
    pub to: usize,
    /// The stable name of its kind.
    pub kind: &'static str,
    /// The verb of its kind.
    pub verb: &'static str,
    /// `declared`, `granted` or `hinted`.
    pub certainty: &'static str,
    /// Logical id of the resource that declares it, when it is neither end.
    pub via: Option<String>,
}

impl Picture {
    /// Graphviz's language.
    pub fn dot(&self) -> String {
        let mut text = "digraph template {\n  rankdir=LR;\n  node [shape=box, style=rounded, fontname=\"sans-serif\"];\n  edge [fontname=\"sans-serif\", fontsize=10];\n".to_owned();
        for (stack, nodes) in self.by_stack() {
            if !stack.is_empty() {
                let _ = writeln!(text, "  subgraph \"cluster_{0}\" {{\n  label=\"{0}\";", quoted(stack));
            }
            for (index, node) in nodes {
                let shape = match node.kind {
                    "queue" | "topic" | "event bus" | "data stream" | "stream" => ", shape=cds",
                    "table" | "bucket" => ", shape=cylinder",
                    "outside resource" => ", style=\"rounded,dashed\"",
                    _ => "",
                };
                let label = format!("{}\\n{}", quoted(&node.name), node.kind);
                let _ = writeln!(text, "  n{index} [label=\"{label}\"{shape}];");
            }
            if !stack.is_empty() {
                text += "  }\n";
            }
        }
        for edge in &self.edges {
            let style = if edge.certainty == "declared" { "" } else { ", style=dashed" };
            let _ = writeln!(text, "  n{} -> n{} [label=\"{}\"{style}];", edge.from, edge.to, edge.verb);
        }
        text + "}\n"
    }

    /// The nodes of every stack, stacks in the order in which they first occur.
    fn by_stack(&self) -> Vec<(&str, Vec<(usize, &Node)>)> {
        let mut stacks: Vec<(&str, Vec<(usize, &Node)>)> = Vec::new();
        for (index, node) in self.nodes.iter().enumerate() {
            match stacks.iter_mut().find(|(stack, _)| *stack == node.stack) {
                Some((_, nodes)) => nodes.push((index, node)),
                None => stacks.push((&node.stack, vec![(index, node)])),
            }
        }
        stacks
    }

    /// Mermaid's flowchart language.
    pub fn mermaid(&self) -> String {
        let mut text = "flowchart LR\n".to_owned();
        for (stack, nodes) in self.by_stack() {
            if !stack.is_empty() {
                let id: String = stack.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
                let _ = writeln!(text, "  subgraph s_{id}[\"{}\"]", entities(stack));
            }
            for (index, node) in nodes {
                let label = format!("{}<br/>{}", entities(&node.name), node.kind);
                let (open, close) = match node.kind {
                    "table" | "bucket" => ("[(\"", "\")]"),
                    "queue" | "topic" | "event bus" | "stream" => ("([\"", "\"])"),
                    "outside resource" => ("{{\"", "\"}}"),
                    _ => ("[\"", "\"]"),
                };
                let _ = writeln!(text, "  n{index}{open}{label}{close}");
            }
            if !stack.is_empty() {
                text += "  end\n";
            }
        }
        for edge in &self.edges {
            let arrow = if edge.certainty == "declared" { "-->" } else { "-.->" };
            let _ = writeln!(text, "  n{} {arrow}|{}| n{}", edge.from, edge.verb, edge.to);
        }
        text
    }

    /// Nodes and edges as JSON data.
    pub fn json(&self) -> Value {
        let name = |index: usize| self.nodes.get(index).map(|node| node.name.as_str());
        let nodes: Vec<Value> = self
            .nodes
            .iter()
            .map(|node| {
                let mut shown = json!({
                    "name": node.name, "kind": node.kind, "type": node.ty, "path": node.path, "line": node.line
                });
                if let (Some(shown), false) = (shown.as_object_mut(), node.stack.is_empty()) {
                    shown.insert("stack".to_owned(), json!(node.stack));
                }
                shown
            })
            .collect();
        let edges: Vec<Value> = self
            .edges
            .iter()
            .map(|edge| {
                json!({ "from": name(edge.from), "to": name(edge.to), "kind": edge.kind, "certainty": edge.certainty, "via": edge.via })
            })
            .collect();
        json!({ "version": 1, "nodes": nodes, "edges": edges })
    }
}

fn quoted(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace(['\n', '\r'], " ")
}

fn entities(text: &str) -> String {
    let text = text.replace('&', "#amp;").replace('"', "#quot;").replace('<', "#lt;").replace('>', "#gt;");
    text.replace(['\n', '\r'], " ")
}
