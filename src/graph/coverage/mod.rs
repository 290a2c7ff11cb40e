//! How far monitoring covers a template: for every resource the signals that ought to be
//! watched, and what watches them.
//!
//! A metric is watched by an alarm that somebody receives: a metric alarm, one with metric math
//! or anomaly detection, or a child of a composite alarm. Beside the metrics stand a dashboard
//! that shows the resource, its traces and its log.

mod dashboards;
mod receivers;
mod settings;
mod signals;

use super::{EdgeKind, Graph, NodeKind, NodeRef};
pub use signals::{Signal, signals_of};

/// What watches a signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Means {
    /// An alarm on a metric.
    Alarm,
    /// A dashboard that shows the resource.
    Dashboard,
    /// Traces.
    Trace,
    /// A log that is written, and kept for a time that somebody chose.
    Log,
}

impl Means {
    /// All of them, in the order of reports.
    pub const ALL: [Self; 4] = [Self::Alarm, Self::Dashboard, Self::Trace, Self::Log];

    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Alarm => "alarm",
            Self::Dashboard => "dashboard",
            Self::Trace => "trace",
            Self::Log => "log",
        }
    }
}

/// One signal of a resource, and what became of it.
#[derive(Clone, Debug)]
pub struct Watched<'g> {
    /// The signal.
    pub signal: Signal,
    /// Whether something watches it; `None` where that cannot be told from the template.
    pub watched: Option<bool>,
    /// The alarms, dashboards and log groups that do.
    pub by: Vec<NodeRef<'g>>,
    /// Alarms that would, if anybody received them.
    pub unheard: Vec<NodeRef<'g>>,
}

/// The signals of one resource.
#[derive(Clone, Debug)]
pub struct Coverage<'g> {
    /// The resource.
    pub node: NodeRef<'g>,
    /// Its signals, alarms first.
    pub signals: Vec<Watched<'g>>,
}

impl<'g> Coverage<'g> {
    /// The signals that `means` watches.
    pub fn by(&self, means: Means) -> impl Iterator<Item = &Watched<'g>> {
        self.signals.iter().filter(move |one| one.signal.means == means)
    }
}

impl Graph {
    /// The coverage of every resource that has signals, in template order. Functions that only
    /// answer custom resources run while somebody watches a deployment, and are left out.
    pub fn coverage(&self) -> Vec<Coverage<'_>> {
        let dashboards = dashboards::Dashboards::of(self);
        self.nodes().filter_map(|node| self.covered(node, &dashboards)).collect()
    }

    /// The coverage of one resource; `None` where it has no signals.
    pub fn coverage_of<'g>(&'g self, node: NodeRef<'g>) -> Option<Coverage<'g>> {
        self.covered(node, &dashboards::Dashboards::of(self))
    }

    fn covered<'g>(&'g self, node: NodeRef<'g>, dashboards: &dashboards::Dashboards<'g>) -> Option<Coverage<'g>> {
        let resource = node.resource().filter(|resource| resource.exists() != Some(false))?;
        // Other providers have metrics of their own.
        if self.template().elsewhere().is_some() {
            return None;
        }
        if node.kind() == NodeKind::Function
            && (resource.ty() != "AWS::Lambda::Function" || self.answers_custom_resources(node))
        {
            return None;
        }
        let signals = signals_of(self, node);
        let signals: Vec<Watched<'g>> = signals
            .into_iter()
            .map(|signal| match signal.means {
                Means::Alarm => self.by_alarms(node, signal),
                Means::Dashboard => {
                    let (watched, by) = dashboards.show(self, node);
                    Watched { signal, watched, by, unheard: Vec::new() }
                }
                Means::Trace => {
                    Watched { signal, watched: settings::traced(self, node), by: Vec::new(), unheard: Vec::new() }
                }
                Means::Log => {
                    let (watched, by) = settings::logged(self, node);
                    Watched { signal, watched, by, unheard: Vec::new() }
                }
            })
            .collect();
        (!signals.is_empty()).then_some(Coverage { node, signals })
    }

    /// Alarms on the resource, or on an alias that callers of a function use.
    fn by_alarms<'g>(&'g self, node: NodeRef<'g>, signal: Signal) -> Watched<'g> {
        let mut one = Watched { signal, watched: Some(false), by: Vec::new(), unheard: Vec::new() };
        let nodes = std::iter::once(node).chain(node.sources(EdgeKind::Qualifies));
        for node in nodes {
            let (alarms, unknown) = self.watchers(node, signal.metrics);
            for (alarm, received) in alarms {
                match received {
                    Some(true) if !one.by.contains(&alarm) => one.by.push(alarm),
                    Some(false) if !one.unheard.contains(&alarm) => one.unheard.push(alarm),
                    Some(_) => {}
                    None => one.watched = None,
                }
            }
            if unknown {
                one.watched = None;
            }
        }
        if !one.by.is_empty() {
            one.watched = Some(true);
        }
        one
    }

    fn answers_custom_resources(&self, function: NodeRef<'_>) -> bool {
        let mut custom = self.nodes_of(NodeKind::Custom);
        custom.any(|node| self.referred(&node.property(&["ServiceToken"])) == Some(function))
    }
}
