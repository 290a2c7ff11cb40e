//! Which of many mismatches tell the author something: where a value may have several shapes,
//! those of the shape that was meant.

use super::check::Mismatch;
use std::collections::{BTreeMap, BTreeSet};

/// The mismatches worth showing, with their messages as the framework words them.
pub fn select(mut all: Vec<Mismatch>) -> Vec<Mismatch> {
    let mut kept: BTreeSet<usize> = (0..all.len()).collect();
    events(&all, &mut kept);
    let formats = shapes(&all, &mut kept);
    let mut seen = BTreeSet::new();
    for (at, mismatch) in all.iter_mut().enumerate() {
        if matches!(mismatch.keyword, "anyOf" | "oneOf") {
            mismatch.message = if mismatch.keyword == "anyOf" && is_event(&mismatch.instance) {
                "unsupported function event".into()
            } else {
                match formats.get(&at).map(String::as_str) {
                    Some("const") => "unsupported value".into(),
                    Some(ty) => format!("unsupported {ty} format"),
                    None => "unsupported configuration format".into(),
                }
            };
        }
        mismatch.message = format!("at {}: {}", place(&mismatch.instance), mismatch.message);
        if kept.contains(&at) && !seen.insert(mismatch.message.clone()) {
            kept.remove(&at);
        }
    }
    let mut at = 0;
    all.retain(|_| {
        at += 1;
        kept.contains(&(at - 1))
    });
    all
}

/// A path as the framework shows it.
fn place(instance: &str) -> String {
    match instance.strip_prefix('/') {
        Some(path) => format!("'{}'", path.replace('/', ".")),
        None => "root".into(),
    }
}

/// Whether a path leads to an item of a function's `events`.
fn is_event(instance: &str) -> bool {
    let parts: Vec<&str> = instance.split('/').collect();
    matches!(parts.as_slice(), ["", "functions", _, "events", at] if at.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Of an event, keeps what concerns its own kind: the kind whose key is there.
fn events(all: &[Mismatch], kept: &mut BTreeSet<usize>) {
    let mut by_event: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, mismatch) in all.iter().enumerate().filter(|(_, mismatch)| is_event(&mismatch.instance)) {
        by_event.entry(&mismatch.instance).or_default().push(at);
    }
    for (event, own) in by_event {
        let is_root = |at: &usize| matches!(all[*at].keyword, "anyOf" | "oneOf");
        let Some(root) = own.iter().copied().find(is_root) else { continue };
        let stem = all[root].schema.len() + 1;
        let kind = |at: usize| {
            let schema = all[at].schema.as_str();
            let rest = schema.get(stem..).unwrap_or_default();
            schema.get(..stem + rest.find('/').unwrap_or(rest.len())).unwrap_or_default()
        };
        let mut kinds: Vec<(&str, bool)> = Vec::new();
        for at in own.iter().copied().filter(|at| *at != root) {
            let missing = all[at].keyword == "required";
            match kinds.iter_mut().find(|(known, _)| *known == kind(at)) {
                Some((_, any)) => *any |= missing,
                None => kinds.push((kind(at), missing)),
            }
        }
        let meant = kinds.iter().find(|(_, missing)| !missing).map(|(kind, _)| *kind);
        let deeper = |at: &usize| all[*at].instance.starts_with(event) && all[*at].instance != event;
        match meant {
            Some(meant) => kept.retain(|at| {
                !all[*at].instance.starts_with(event)
                    || (all[*at].instance == event && kind(*at) == meant && *at != root)
            }),
            None if kept.iter().any(deeper) => own.iter().for_each(|at| {
                kept.remove(at);
            }),
            None => own.iter().filter(|at| **at != root).for_each(|at| {
                kept.remove(at);
            }),
        }
    }
}

/// The paths of all `anyOf` and `oneOf` that `schema` leads through.
fn choices(schema: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let bytes = schema.as_bytes();
    for (at, _) in schema.match_indices("/anyOf").chain(schema.match_indices("/oneOf")) {
        let end = at + "/anyOf".len();
        let rest = &schema[end..];
        let digits = rest.strip_prefix('/').map_or(0, |rest| rest.bytes().take_while(u8::is_ascii_digit).count());
        if end == bytes.len() || (digits > 0 && rest.as_bytes().get(digits + 1) == Some(&b'/')) {
            found.push(&schema[..end]);
        }
    }
    found.sort_by_key(|path| path.len());
    found
}

/// Of values that may have several shapes, keeps the mismatches of the shape that comes
/// closest, or says that none does. Answers the one type that all shapes share, by mismatch.
fn shapes(all: &[Mismatch], kept: &mut BTreeSet<usize>) -> BTreeMap<usize, String> {
    let mut groups: Vec<(&str, Vec<usize>)> = Vec::new();
    for at in kept.iter().copied() {
        for path in choices(&all[at].schema) {
            match groups.iter_mut().find(|(known, _)| *known == path) {
                Some((_, members)) => members.push(at),
                None => groups.push((path, vec![at])),
            }
        }
    }
    let mut formats = BTreeMap::new();
    for (path, mut members) in groups {
        members.sort_by(|a, b| all[*a].instance.cmp(&all[*b].instance));
        let mut by_value: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        let mut current = members.first().map_or("", |at| all[*at].instance.as_str());
        for at in members {
            let instance = all[at].instance.as_str();
            let inside = instance.strip_prefix(current).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
            if !inside {
                current = instance;
            }
            by_value.entry(current).or_default().push(at);
        }
        for members in by_value.into_values().filter(|members| members.len() > 1) {
            choose(all, path, &members, kept, &mut formats);
        }
    }
    formats
}

fn choose(
    all: &[Mismatch],
    path: &str,
    members: &[usize],
    kept: &mut BTreeSet<usize>,
    formats: &mut BTreeMap<usize, String>,
) {
    let mut root = None;
    let mut variants: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for at in members {
        match all[*at].schema.get(path.len() + 1..) {
            None => root = root.or(Some(*at)),
            Some(rest) => {
                let number = rest.split('/').next().and_then(|number| number.parse().ok()).unwrap_or(usize::MAX);
                variants.entry(number).or_default().push(*at);
            }
        }
    }
    let Some(root) = root else { return };
    let mut variants: Vec<Vec<usize>> = variants.into_values().collect();
    if variants.is_empty() {
        return;
    }
    let mut drop = |variant: &[usize]| {
        for at in variant {
            kept.remove(at);
        }
    };
    if variants.len() > 1 {
        variants.retain(|variant| {
            let [only] = variant.as_slice() else { return true };
            let tail = all[*only].schema.get(path.len() + 1..).unwrap_or_default();
            let at_root = tail.split_once('/').is_some_and(|(_, keyword)| keyword == "type");
            if at_root {
                drop(variant);
            }
            !at_root
        });
        if variants.len() > 1 {
            let depth = |variant: &[usize]| {
                variant.iter().map(|at| all[*at].instance.matches('/').count()).max().unwrap_or_default()
            };
            let deepest = variants.iter().map(|variant| depth(variant)).max().unwrap_or_default();
            variants.retain(|variant| {
                let deep = depth(variant) == deepest;
                if !deep {
                    drop(variant);
                }
                deep
            });
        }
    }
    match variants.as_slice() {
        [] => {}
        [_] => {
            kept.remove(&root);
        }
        several => {
            // The last shape's types name the format, as they do in the framework.
            for variant in several {
                let types: BTreeSet<Option<&str>> = variant.iter().map(|at| all[*at].ty.as_deref()).collect();
                drop(variant);
                if let (1, Some(ty)) = (types.len(), types.first()) {
                    match ty {
                        Some(ty) => formats.insert(root, (*ty).to_owned()),
                        None => formats.remove(&root),
                    };
                }
            }
        }
    }
}
