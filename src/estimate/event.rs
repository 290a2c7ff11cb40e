//! What one event at a site comes to.

use super::bill::Line;
use super::model::Model;
use super::traffic::solve::{Arc, Order};
use super::variables::Point;

/// An event at one site, without what happens further on.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Event {
    /// Ways on.
    pub arcs: Vec<Arc>,
    /// What it costs.
    pub lines: Vec<Line>,
    /// What one more event costs where cost does not grow in proportion.
    pub margin: Vec<Line>,
}

impl Event {
    /// An event at `site`, at `point`.
    pub fn at(model: &Model<'_, '_>, cause: usize, point: &Point) -> Self {
        let site = &model.sites[cause];
        let line = |payer, meter, units| Line { cause, payer, meter, units };
        let mut lines: Vec<Line> =
            site.charges.iter().map(|one| line(one.payer, one.meter, (one.quantity)(point))).collect();
        let mut arcs = Vec::new();
        for way in &site.ways {
            let factor = (way.factor)(point).max(0.0);
            lines.extend(way.charges.iter().map(|one| line(one.payer, one.meter, factor * (one.quantity)(point))));
            if way.carries {
                arcs.push(Arc { to: way.to, factor, known: way.known });
            }
        }
        let margin = site.by_load.iter().flat_map(|by_load| by_load(point, None));
        let margin = margin.map(|(meter, units)| line(cause, meter, units)).collect();
        Self { arcs, lines, margin }
    }

    /// Events at all sites.
    pub fn all(model: &Model<'_, '_>, point: &Point) -> Vec<Self> {
        (0..model.sites.len()).map(|site| Self::at(model, site, point)).collect()
    }

    /// What it costs, once more for each.
    pub fn costs(&self) -> impl Iterator<Item = &Line> {
        self.lines.iter().chain(&self.margin)
    }
}

/// The order in which traffic goes through the sites.
pub(super) fn order(model: &Model<'_, '_>) -> Order {
    let to = model.sites.iter().map(|site| site.ways.iter().filter(|way| way.carries).map(|way| way.to).collect());
    Order::new(&to.collect::<Vec<Vec<usize>>>())
}
