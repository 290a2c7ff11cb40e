//! Merging: how values of the author are laid over generated ones.

use crate::template::value::{Entry, Kind, Map, Value};

/// Lays `source` over `target`: maps by key, lists by position, everything else replaced.
pub fn merge(target: &mut Value, source: Value) {
    merge_at(target, source, 0);
}

fn merge_at(target: &mut Value, source: Value, depth: usize) {
    if depth > 300 {
        return;
    }
    match (&mut target.kind, source.kind) {
        (Kind::Map(known), Kind::Map(new)) => {
            if source.origin.is_incomplete() {
                target.origin = target.origin.incomplete();
            }
            merge_maps(known, new, depth);
        }
        (Kind::List(known), Kind::List(new)) => {
            for (index, value) in new.into_iter().enumerate() {
                match known.get_mut(index) {
                    Some(known) => merge_at(known, value, depth + 1),
                    None => known.push(value),
                }
            }
        }
        (_, kind) => *target = Value::new(kind, source.origin),
    }
}

fn merge_maps(known: &mut Map, new: Map, depth: usize) {
    for Entry { key, key_origin, value } in new {
        match known.get_mut(&key) {
            Some(known) => merge_at(known, value, depth + 1),
            None => {
                known.insert_at(key, key_origin, value);
            }
        }
    }
}

/// Lays the entries of `new` over `known`.
pub fn merge_into(known: &mut Map, new: Map) {
    merge_maps(known, new, 0);
}

/// Lays the entries of `new` over `known`, whole values at a time.
pub fn assign(known: &mut Map, new: &Map) {
    for entry in new {
        known.remove(&entry.key);
        known.insert_at(entry.key.clone(), entry.key_origin, entry.value.clone());
    }
}

/// One map of a list of maps, merged in order; any other value as it is.
pub fn collapse(value: Value) -> Value {
    let origin = value.origin;
    match value.kind {
        Kind::List(items) => {
            let mut all = Value::new(Kind::Map(Map::new()), origin);
            for item in items {
                match item.kind {
                    Kind::Map(_) => merge(&mut all, item),
                    Kind::Null => {}
                    // Something that is not known: there may be more than is seen.
                    _ => all.origin = all.origin.incomplete(),
                }
            }
            all
        }
        kind => Value::new(kind, origin),
    }
}

/// Makes one map of sections that may be written as lists of maps.
pub fn sections(config: &mut Value) {
    for key in ["functions", "resources"] {
        if let Some(value) = config.get_mut(key) {
            let taken = std::mem::replace(&mut value.kind, Kind::Null);
            *value = collapse(Value::new(taken, value.origin));
        }
    }
}

/// Removes entries that are `null`, at any depth.
pub fn strip_nulls(value: &mut Value) {
    match &mut value.kind {
        Kind::Map(map) => {
            map.retain(|entry| !entry.value.is_null());
            for entry in map.iter_mut() {
                strip_nulls(&mut entry.value);
            }
        }
        Kind::List(items) => items.iter_mut().for_each(strip_nulls),
        _ => {}
    }
}
