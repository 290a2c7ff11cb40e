//! `.env` files: `NAME=value` lines with quotes, comments and references to other names.

use std::collections::BTreeMap;

/// The variables that `text` sets. References (`$NAME`, `${NAME}`, `${NAME:-default}`) are
/// filled from `outer` first, then from the file itself.
pub fn parse(text: &str, outer: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let line = line.trim();
        let line = line.strip_prefix("export ").unwrap_or(line);
        let Some((name, value)) = line.split_once('=') else { continue };
        let name = name.trim();
        if name.is_empty() || name.starts_with('#') {
            continue;
        }
        let mut value = value.trim().to_owned();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\'' | '`'));
        if let Some(quote) = quote {
            // A quoted value may run over several lines.
            while !value[1..].contains(quote) {
                let Some(next) = lines.next() else { break };
                value.push('\n');
                value.push_str(next);
            }
            let end = value[1..].find(quote).map_or(value.len(), |at| at + 1);
            value = value[1..end].to_owned();
            if quote == '"' {
                value = value.replace("\\n", "\n").replace("\\r", "\r");
            }
        } else if let Some(at) = value.find('#') {
            value = value[..at].trim_end().to_owned();
        }
        let value = if quote == Some('\'') { value } else { expand(&value, outer, &found) };
        found.insert(name.to_owned(), value);
    }
    found
}

fn expand(value: &str, outer: &BTreeMap<String, String>, found: &BTreeMap<String, String>) -> String {
    let mut out = String::new();
    let mut rest = value;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        if out.ends_with('\\') {
            out.pop();
            out.push('$');
            rest = &rest[at + 1..];
            continue;
        }
        let after = &rest[at + 1..];
        let (reference, behind) = if let Some(inner) = after.strip_prefix('{') {
            match inner.find('}') {
                Some(end) => (&inner[..end], &inner[end + 1..]),
                None => (inner, ""),
            }
        } else {
            let end = after.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(after.len());
            (&after[..end], &after[end..])
        };
        if reference.is_empty() {
            out.push('$');
        } else {
            let (name, default) = reference.split_once(":-").unwrap_or((reference, ""));
            out.push_str(outer.get(name).or_else(|| found.get(name)).map_or(default, String::as_str));
        }
        rest = behind;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines() {
        let outer = BTreeMap::from([("HOME".to_owned(), "/h".to_owned())]);
        let found = parse(
            "A=1\n# no\nexport B = 'x $A'\nC=\"y ${A}\\n\"\nD=$HOME/${MISSING:-d} # tail\nE=\"two\nlines\"\nF=\\$A\nbroken\n=x\nG='open",
            &outer,
        );
        let pairs: Vec<_> = found.iter().map(|(k, v)| format!("{k}={v}")).collect();
        assert_eq!(pairs, ["A=1", "B=x $A", "C=y 1\n", "D=/h/d", "E=two\nlines", "F=$A", "G=open"]);
    }
}
