//! Paths of Guard's report to places in the expanded template.

use crate::template::unknown;
use crate::template::value::{Kind, Origin, Value};

/// Where a path leads.
pub(super) struct Place<'v> {
    /// The value there, or the deepest on the way.
    pub value: &'v Value,
    /// Where it is best shown.
    pub origin: Origin,
    /// The resource it belongs to.
    pub resource: Option<String>,
    /// Whether the path was followed to its end.
    pub is_exact: bool,
    /// Whether it goes through a list.
    pub in_list: bool,
}

/// Follows a path such as `/Resources/F/Properties/Tags/0/Key`, as far as it can be followed: a
/// missing property is shown at the map that lacks it. Keys may hold slashes themselves.
pub(super) fn place<'v>(tree: &'v Value, path: &str) -> Place<'v> {
    let mut place = Place { value: tree, origin: tree.origin, resource: None, is_exact: true, in_list: false };
    let mut rest = path.trim_start_matches('/');
    let mut depth = 0;
    let mut in_resources = false;
    while !rest.is_empty() {
        let next = match &place.value.kind {
            Kind::Map(map) => {
                let fits =
                    |key: &str| rest.strip_prefix(key).is_some_and(|more| more.is_empty() || more.starts_with('/'));
                let entry = map.iter().filter(|entry| fits(&entry.key)).max_by_key(|entry| entry.key.len());
                entry.map(|entry| {
                    // Sections, resources and maps are best shown at their names.
                    let named = depth < 2 || entry.value.as_map().is_some();
                    let origin = if named { entry.key_origin } else { entry.value.origin };
                    (&entry.value, origin, &*entry.key)
                })
            }
            Kind::List(items) => {
                place.in_list = true;
                let key = rest.split('/').next().unwrap_or(rest);
                let item = key.parse().ok().and_then(|index: usize| items.get(index));
                item.map(|item| (item, item.origin, key))
            }
            _ => None,
        };
        let Some((value, origin, key)) = next else {
            place.is_exact = false;
            break;
        };
        if depth == 0 {
            in_resources = key == "Resources";
        } else if depth == 1 && in_resources {
            place.resource = Some(key.to_owned());
        }
        let length = key.len();
        (place.value, place.origin) = (value, origin);
        rest = rest.get(length..).unwrap_or_default().trim_start_matches('/');
        depth += 1;
    }
    place
}

/// Whether a value, or a part of it, is a function that could not be evaluated, or a text of
/// which a part is not known.
pub(super) fn holds_unknown(value: &Value) -> bool {
    value.intrinsic().is_some()
        || match &value.kind {
            Kind::Str(text) => unknown::is_unknown(text) || text.contains("{{resolve:"),
            Kind::List(items) => items.iter().any(holds_unknown),
            Kind::Map(map) => map.values().any(holds_unknown),
            _ => false,
        }
}
