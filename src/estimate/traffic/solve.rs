//! Visits of every site for traffic that enters somewhere: a linear system, solved along the
//! order of the graph, loops in rounds.

use std::collections::{BTreeMap, BTreeSet};

/// After so many rounds a loop ends: Lambda's detection of recursive calls stops after about
/// 16 invocations (`lambda/latest/dg/invocation-recursion.html`, read 2026).
pub const ROUNDS: usize = 16;

/// A way from one site to another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Arc {
    /// Where it leads.
    pub to: usize,
    /// Events at the target for one at the source.
    pub factor: f64,
    /// Whether it may close a loop: its factor is known, not assumed.
    pub known: bool,
}

/// The structure of a network, found once.
#[derive(Clone, Debug, Default)]
pub struct Order {
    /// Strongly connected groups of sites, sources first.
    groups: Vec<Vec<usize>>,
    group_of: Vec<usize>,
    looped: Vec<bool>,
}

/// What entering traffic comes to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Visits {
    /// Events at each site that is reached.
    pub events: BTreeMap<usize, f64>,
    /// Loops that were reached, each as the sites along it.
    pub loops: Vec<Vec<usize>>,
    /// Whether a loop would have gone on beyond [`ROUNDS`].
    pub cut: bool,
}

impl Visits {
    /// Events at one site.
    pub fn at(&self, site: usize) -> f64 {
        self.events.get(&site).copied().unwrap_or(0.0)
    }
}

impl Order {
    /// The order of `arcs`, by site.
    pub fn new(arcs: &[Vec<usize>]) -> Self {
        let mut tarjan = Tarjan {
            arcs,
            index: vec![usize::MAX; arcs.len()],
            low: vec![0; arcs.len()],
            on_stack: vec![false; arcs.len()],
            stack: Vec::new(),
            next: 0,
            groups: Vec::new(),
        };
        for site in 0..arcs.len() {
            if tarjan.index[site] == usize::MAX {
                tarjan.visit(site);
            }
        }
        let mut groups = tarjan.groups;
        groups.reverse();
        let mut group_of = vec![0; arcs.len()];
        for (index, group) in groups.iter_mut().enumerate() {
            group.sort_unstable();
            for site in group {
                group_of[*site] = index;
            }
        }
        let looped = groups.iter().map(|group| group.len() > 1 || arcs[group[0]].contains(&group[0])).collect();
        Self { groups, group_of, looped }
    }

    /// Carries `entering` events through the network, whose arcs from a site `arcs` tells.
    pub fn carry<'a>(&self, entering: &[(usize, f64)], arcs: impl Fn(usize) -> &'a [Arc]) -> Visits {
        let mut visits = Visits::default();
        let mut open: BTreeSet<usize> = BTreeSet::new();
        for (site, events) in entering {
            *visits.events.entry(*site).or_default() += events;
            open.insert(self.group_of[*site]);
        }
        while let Some(group) = open.pop_first() {
            if self.looped[group] {
                self.rounds(group, &arcs, &mut visits);
            }
            for site in &self.groups[group] {
                let Some(events) = visits.events.get(site).copied() else { continue };
                for arc in arcs(*site) {
                    if self.group_of[arc.to] != group && events * arc.factor != 0.0 {
                        *visits.events.entry(arc.to).or_default() += events * arc.factor;
                        open.insert(self.group_of[arc.to]);
                    }
                }
            }
        }
        visits
    }

    /// Lets what entered a group go around in it. Arcs whose factor is only assumed do not
    /// lead back to where traffic came from.
    fn rounds<'a>(&self, group: usize, arcs: &impl Fn(usize) -> &'a [Arc], visits: &mut Visits) {
        let members = &self.groups[group];
        let entered: Vec<usize> = members.iter().copied().filter(|site| visits.at(*site) > 0.0).collect();
        let back = self.back_arcs(group, &entered, arcs, visits);
        let mut current: Vec<(usize, f64)> = entered.iter().map(|site| (*site, visits.at(*site))).collect();
        let start: f64 = current.iter().map(|(_, events)| events).sum();
        // A round may pass every member before it comes back.
        for _ in 0..ROUNDS * members.len() {
            let mut next: BTreeMap<usize, f64> = BTreeMap::new();
            for (site, events) in &current {
                for arc in arcs(*site) {
                    let stays = self.group_of[arc.to] == group;
                    if stays && (arc.known || !back.contains(&(*site, arc.to))) && arc.factor > 0.0 {
                        *next.entry(arc.to).or_default() += events * arc.factor;
                    }
                }
            }
            current = next.into_iter().collect();
            for (site, events) in &current {
                *visits.events.entry(*site).or_default() += events;
            }
            if current.iter().map(|(_, events)| events).sum::<f64>() <= start * 1e-12 {
                return;
            }
        }
        visits.cut = true;
    }

    /// Arcs that lead back to a site on the way, found depth first; each closes a loop.
    fn back_arcs<'a>(
        &self,
        group: usize,
        entered: &[usize],
        arcs: &impl Fn(usize) -> &'a [Arc],
        visits: &mut Visits,
    ) -> BTreeSet<(usize, usize)> {
        let mut back = BTreeSet::new();
        let mut done = BTreeSet::new();
        for start in entered {
            let mut path = vec![(*start, 0)];
            while let Some((site, next)) = path.last_mut() {
                let (site, at) = (*site, *next);
                let Some(arc) = arcs(site).get(at) else {
                    done.insert(site);
                    path.pop();
                    continue;
                };
                *next += 1;
                if self.group_of[arc.to] != group || arc.factor <= 0.0 || done.contains(&arc.to) {
                    continue;
                }
                if let Some(from) = path.iter().position(|(known, _)| *known == arc.to) {
                    back.insert((site, arc.to));
                    let mut names: Vec<usize> = path[from..].iter().map(|(site, _)| *site).collect();
                    names.push(arc.to);
                    if !visits.loops.contains(&names) {
                        visits.loops.push(names);
                    }
                } else {
                    path.push((arc.to, 0));
                }
            }
        }
        back
    }
}

struct Tarjan<'a> {
    arcs: &'a [Vec<usize>],
    index: Vec<usize>,
    low: Vec<usize>,
    on_stack: Vec<bool>,
    stack: Vec<usize>,
    next: usize,
    groups: Vec<Vec<usize>>,
}

impl Tarjan<'_> {
    /// Iterative, so that a long chain does not exhaust the stack.
    fn visit(&mut self, root: usize) {
        let mut calls = vec![(root, 0)];
        while let Some((site, at)) = calls.last_mut() {
            let site = *site;
            if *at == 0 {
                self.index[site] = self.next;
                self.low[site] = self.next;
                self.next += 1;
                self.stack.push(site);
                self.on_stack[site] = true;
            }
            if let Some(&to) = self.arcs[site].get(*at) {
                *at += 1;
                if self.index[to] == usize::MAX {
                    calls.push((to, 0));
                } else if self.on_stack[to] {
                    self.low[site] = self.low[site].min(self.index[to]);
                }
                continue;
            }
            calls.pop();
            if let Some((parent, _)) = calls.last() {
                self.low[*parent] = self.low[*parent].min(self.low[site]);
            }
            if self.low[site] == self.index[site] {
                let mut group = Vec::new();
                while let Some(member) = self.stack.pop() {
                    self.on_stack[member] = false;
                    group.push(member);
                    if member == site {
                        break;
                    }
                }
                self.groups.push(group);
            }
        }
    }
}
