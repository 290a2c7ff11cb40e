//! "Did you mean": names within a small edit distance.

/// Up to `limit` of `names` that are close to `name`, the closest first, then by name.
pub fn closest<'n>(name: &str, names: impl IntoIterator<Item = &'n str>, limit: usize) -> Vec<&'n str> {
    let allowed = (name.chars().count() / 3).max(1);
    let lower = name.to_lowercase();
    let letters = Letters::of(&lower);
    let mut scored: Vec<(usize, &str)> = names
        .into_iter()
        .filter_map(|candidate| {
            let folded = candidate.to_lowercase();
            let is_far = letters.least_distance(&Letters::of(&folded)) > allowed;
            let distance = if is_far { allowed + 1 } else { distance(&lower, &folded) };
            let contains = name.len() > 3 && candidate.contains(name);
            (distance <= allowed || contains)
                .then_some((if contains { distance.min(allowed) } else { distance }, candidate))
        })
        .collect();
    scored.sort_unstable();
    scored.dedup();
    scored.into_iter().take(limit).map(|(_, name)| name).collect()
}

/// How often each letter of ASCII stands in a text. What two texts have more of is at least how far
/// they are from each other, and known far sooner.
struct Letters([u8; 128]);

impl Letters {
    fn of(text: &str) -> Self {
        let mut counts = [0_u8; 128];
        for byte in text.bytes().filter(u8::is_ascii) {
            let count = &mut counts[usize::from(byte)];
            *count = count.saturating_add(1);
        }
        Self(counts)
    }

    /// The least edit distance that texts with these letters have.
    fn least_distance(&self, other: &Self) -> usize {
        let more = |one: &Self, other: &Self| -> usize {
            one.0.iter().zip(&other.0).map(|(one, other)| usize::from(one.saturating_sub(*other))).sum()
        };
        more(self, other).max(more(other, self))
    }
}

/// Edit distance with transpositions of neighbours counted once.
pub fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let cost = usize::from(a[i - 1] != b[j - 1]);
            let mut best = (last[j] + 1).min(row[j - 1] + 1).min(last[j - 1] + cost);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(before[j - 2] + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::{Letters, closest, distance};

    const NAMES: [&str; 12] = [
        "getobject",
        "getobjectacl",
        "GetObjects",
        "putobject",
        "listbucket",
        "gtobject",
        "größe",
        "grösse",
        "",
        "a",
        "tegobject",
        "deleteobjectversion",
    ];

    #[test]
    fn letters_never_say_farther_than_the_distance() {
        for one in NAMES {
            for other in NAMES {
                let least = Letters::of(one).least_distance(&Letters::of(other));
                assert!(least <= distance(one, other), "{one} {other}");
            }
        }
    }

    #[test]
    fn near_names_come_first() {
        assert_eq!(closest("getobject", NAMES, 3), ["getobject", "GetObjects", "gtobject"]);
        assert_eq!(closest("grosse", NAMES, 1), ["grösse"]);
        assert!(closest("zzzz", NAMES, 3).is_empty());
    }
}
