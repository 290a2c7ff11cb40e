//! The graph as a picture inside the page: columns along the way of events, boxes coloured by
//! cost.

use super::html::text;
use super::money::money;
use crate::estimate::Estimate;
use crate::report::picture::Picture;
use std::collections::BTreeMap;
use std::fmt::Write;

/// Boxes of a picture; of a larger graph the dearest are drawn.
const MOST: usize = 80;
const BOX: (f64, f64) = (156.0, 46.0);
const GAP: (f64, f64) = (48.0, 18.0);
/// From what costs nothing to what costs most; dark ink is read on all of them.
const COLOURS: [&str; 6] = ["#eef1f4", "#fdebc8", "#fbd38d", "#f6ad55", "#ed8b4a", "#e0705a"];

/// The picture as SVG; nothing for a graph without boxes.
pub fn graph(estimate: &Estimate, picture: &Picture) -> String {
    let (costs, unit) = costs(estimate);
    let cost = |index: usize| costs.get(picture.nodes[index].name.as_str()).copied().unwrap_or(0.0);
    let mut drawn: Vec<usize> = (0..picture.nodes.len()).collect();
    if drawn.len() > MOST {
        drawn.sort_by(|a, b| cost(*b).total_cmp(&cost(*a)).then(a.cmp(b)));
        drawn.truncate(MOST);
        drawn.sort_unstable();
    }
    if drawn.is_empty() {
        return String::new();
    }
    let place: BTreeMap<usize, usize> = drawn.iter().enumerate().map(|(place, index)| (*index, place)).collect();
    let arrows: Vec<(usize, usize, bool)> = picture
        .edges
        .iter()
        .filter_map(|edge| Some((*place.get(&edge.from)?, *place.get(&edge.to)?, edge.certainty == "declared")))
        .filter(|(from, to, _)| from != to)
        .collect();
    let columns = columns(drawn.len(), &arrows);
    let spots = spots(&columns);
    let wide = columns.len() as f64 * (BOX.0 + GAP.0) - GAP.0 + 4.0;
    let tallest = columns.iter().map(Vec::len).max().unwrap_or(1) as f64;
    let high = tallest * (BOX.1 + GAP.1) - GAP.1 + 4.0;
    // It shrinks to the page, as far as its text can still be read.
    let least = wide * 0.75;
    let mut out = format!(
        "<p class=\"soft\">{unit}; darker boxes cost more. Dashed ways are granted or hinted at, not declared.</p>\n\
         <div class=\"scroll\"><svg width=\"{wide:.0}\" height=\"{high:.0}\" viewBox=\"0 0 {wide:.0} {high:.0}\" style=\"max-width:100%;min-width:{least:.0}px;height:auto\" role=\"img\" \
         aria-label=\"The graph of the application, coloured by cost\">\n"
    );
    for (from, to, declared) in &arrows {
        let ((x1, y1), (x2, y2)) = (spots[*from], spots[*to]);
        // A way back leaves and arrives on the same sides, around the boxes.
        let (x1, x2) = (x1 + BOX.0, x2);
        let bend = ((x2 - x1).abs() / 2.0).max(40.0);
        let (y1, y2) = (y1 + BOX.1 / 2.0, y2 + BOX.1 / 2.0);
        let dash = if *declared { "" } else { " stroke-dasharray=\"4 3\"" };
        let _ = writeln!(
            out,
            "<path d=\"M{x1:.0} {y1:.0}C{:.0} {y1:.0} {:.0} {y2:.0} {:.0} {y2:.0}m-5 -3l5 3l-5 3\" fill=\"none\" \
             stroke=\"var(--soft)\"{dash}/>",
            x1 + bend,
            x2 - bend,
            x2 - 1.0
        );
    }
    let most = drawn.iter().map(|index| cost(*index)).fold(0.0, f64::max);
    for (at, index) in drawn.iter().enumerate() {
        let ((x, y), node, cost) = (spots[at], &picture.nodes[*index], cost(*index));
        let (name, kind) = (text(&fit(&node.name)), text(node.kind));
        let amount = if cost > 0.0 { format!(", {}", text(&money(cost, estimate.currency))) } else { String::new() };
        let _ = writeln!(
            out,
            "<g><title>{}{amount}</title><rect x=\"{x:.0}\" y=\"{y:.0}\" width=\"{:.0}\" height=\"{:.0}\" rx=\"6\" \
             fill=\"{}\" stroke=\"#8894a0\"/><text x=\"{:.0}\" y=\"{:.0}\" text-anchor=\"middle\" style=\"fill:#1c2530\">{name}</text>\
             <text x=\"{:.0}\" y=\"{:.0}\" text-anchor=\"middle\" style=\"fill:#3d4853;font-size:11px\">{kind}{amount}</text></g>",
            text(&node.name),
            BOX.0,
            BOX.1,
            colour(cost, most),
            x + BOX.0 / 2.0,
            y + 20.0,
            x + BOX.0 / 2.0,
            y + 36.0
        );
    }
    out += "</svg></div>\n";
    if picture.nodes.len() > drawn.len() {
        let _ =
            writeln!(out, "<p class=\"soft\">{} cheaper ones are not drawn.</p>", picture.nodes.len() - drawn.len());
    }
    out
}

/// What is shown in the boxes: a month where some traffic is known, else a million requests of
/// every entry.
fn costs(estimate: &Estimate) -> (BTreeMap<&str, f64>, &'static str) {
    let mut costs: BTreeMap<&str, f64> = BTreeMap::new();
    if estimate.entries.is_empty() || estimate.entries.iter().any(|entry| entry.monthly.is_some()) {
        costs.extend(estimate.resources.iter().map(|one| (&*one.name, one.monthly.expected)));
        return (costs, "Cost a month");
    }
    for (name, cost) in estimate.entries.iter().flat_map(|entry| &entry.resources) {
        *costs.entry(name).or_default() += cost;
    }
    (costs, "Cost of a million requests of every entry")
}

fn colour(cost: f64, most: f64) -> &'static str {
    if cost <= 0.0 || most <= 0.0 {
        return COLOURS[0];
    }
    // A step darker for every factor of four.
    let steps = (most / cost).ln() / 4.0f64.ln();
    let darkest = COLOURS.len() - 1;
    COLOURS[(darkest - (steps as usize).min(darkest - 1)).clamp(1, darkest)]
}

/// `name` in a box.
fn fit(name: &str) -> String {
    const LETTERS: usize = 20;
    if name.chars().count() <= LETTERS {
        return name.to_owned();
    }
    name.chars().take(LETTERS - 1).chain(['…']).collect()
}

/// Boxes by column: each as far right as its longest way there, ways that close a loop left out.
fn columns(count: usize, arrows: &[(usize, usize, bool)]) -> Vec<Vec<usize>> {
    let mut ways: Vec<Vec<usize>> = vec![Vec::new(); count];
    let mut sources: Vec<Vec<usize>> = vec![Vec::new(); count];
    for (from, to, _) in arrows {
        if !ways[*from].contains(to) {
            ways[*from].push(*to);
        }
    }
    // Depth first, in postorder; a way to a box that is still open closes a loop.
    let mut state = vec![0u8; count];
    let mut order = Vec::with_capacity(count);
    let entered: Vec<bool> = (0..count).map(|at| arrows.iter().any(|(_, to, _)| *to == at)).collect();
    let starts = (0..count).filter(|at| !entered[*at]).chain((0..count).filter(|at| entered[*at]));
    for start in starts {
        if state[start] != 0 {
            continue;
        }
        state[start] = 1;
        let mut path = vec![(start, 0)];
        while let Some((at, next)) = path.last_mut() {
            let at = *at;
            if let Some(&to) = ways[at].get(*next) {
                *next += 1;
                if state[to] != 1 {
                    sources[to].push(at);
                }
                if state[to] == 0 {
                    state[to] = 1;
                    path.push((to, 0));
                }
            } else {
                state[at] = 2;
                order.push(at);
                path.pop();
            }
        }
    }
    let mut column = vec![0; count];
    for at in order.iter().rev() {
        column[*at] = sources[*at].iter().map(|from| column[*from] + 1).max().unwrap_or(0);
    }
    let mut columns: Vec<Vec<usize>> = vec![Vec::new(); column.iter().max().map_or(0, |last| last + 1)];
    for (at, place) in column.iter().enumerate() {
        columns[*place].push(at);
    }
    // Each column in the order of where its ways come from.
    let mut rank = vec![0.0; count];
    for column in &mut columns {
        let centre = |at: &usize| {
            let from = &sources[*at];
            if from.is_empty() { f64::MAX } else { from.iter().map(|one| rank[*one]).sum::<f64>() / from.len() as f64 }
        };
        column.sort_by(|a, b| centre(a).total_cmp(&centre(b)).then(a.cmp(b)));
        for (place, at) in column.iter().enumerate() {
            rank[*at] = place as f64;
        }
    }
    columns
}

/// Left upper corners; columns are centred.
fn spots(columns: &[Vec<usize>]) -> Vec<(f64, f64)> {
    let tallest = columns.iter().map(Vec::len).max().unwrap_or(0) as f64;
    let mut spots = vec![(0.0, 0.0); columns.iter().map(Vec::len).sum()];
    for (x, column) in columns.iter().enumerate() {
        let top = (tallest - column.len() as f64) * (BOX.1 + GAP.1) / 2.0;
        for (y, at) in column.iter().enumerate() {
            spots[*at] = (2.0 + x as f64 * (BOX.0 + GAP.0), 2.0 + top + y as f64 * (BOX.1 + GAP.1));
        }
    }
    spots
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_stand_behind_what_leads_to_them() {
        // 0 → 1 → 2, 0 → 2, and a loop 2 → 1.
        let columns = columns(4, &[(0, 1, true), (1, 2, true), (0, 2, true), (2, 1, true)]);
        assert_eq!(columns, [vec![0, 3], vec![1], vec![2]]);
        let spots = spots(&columns);
        assert!(spots[1].0 > spots[0].0 && spots[2].0 > spots[1].0);
        assert!(spots[0].1 < spots[1].1 && spots[1].1 < spots[3].1, "columns are centred");
    }

    #[test]
    fn dearer_boxes_are_darker() {
        assert_eq!(colour(0.0, 5.0), COLOURS[0]);
        assert_eq!(colour(5.0, 5.0), COLOURS[5]);
        assert_eq!(colour(1.0, 5.0), COLOURS[4]);
        assert_eq!(colour(1e-9, 5.0), COLOURS[1]);
    }
}
