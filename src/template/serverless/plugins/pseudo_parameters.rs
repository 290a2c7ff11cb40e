//! `serverless-pseudo-parameters`: `#{AWS::Region}` in any text becomes a `Fn::Sub`.

use crate::template::serverless::service::{Service, get, truthy};
use crate::template::value::{Kind, Maker, Value};

/// Replaces references in the whole template.
pub fn replace(service: &Service, template: &mut Value) {
    let any = get(&service.config, &["custom", "pseudoParameters", "allowReferences"]).is_none_or(truthy);
    walk(template, None, any, 0);
}

fn walk(value: &mut Value, key: Option<&str>, any: bool, depth: usize) {
    if depth > 300 {
        return;
    }
    match &mut value.kind {
        Kind::Map(map) => {
            for entry in map.iter_mut() {
                let key = entry.key.clone();
                walk(&mut entry.value, Some(&key), any, depth + 1);
            }
        }
        Kind::List(items) => items.iter_mut().for_each(|item| walk(item, None, any, depth + 1)),
        Kind::Str(text) if text.contains("#{") => {
            let Some(replaced) = references(text, any) else { return };
            let maker = Maker::new(value.origin);
            *value = if key == Some("Fn::Sub") {
                Value::new(Kind::Str(replaced.into()), value.origin)
            } else {
                maker.sub(replaced)
            };
        }
        _ => {}
    }
}

/// `text` with its references in the form of `Fn::Sub`; `None` when it has none.
fn references(text: &str, any: bool) -> Option<String> {
    let mut out = String::new();
    let mut rest = text;
    let mut found = false;
    while let Some(at) = rest.find("#{") {
        out.push_str(&rest[..at]);
        let inner = &rest[at + 2..];
        match inner.find('}') {
            Some(end) if end > 0 && (any || inner[..end].starts_with("AWS::")) => {
                out.push_str("${");
                out.push_str(&inner[..=end]);
                rest = &inner[end + 1..];
                found = true;
            }
            _ => {
                out.push_str("#{");
                rest = inner;
            }
        }
    }
    out.push_str(rest);
    found.then_some(out)
}

#[cfg(test)]
mod tests {
    use super::references;

    #[test]
    fn forms() {
        assert_eq!(references("arn:#{AWS::Region}:x/#{Table}", true).as_deref(), Some("arn:${AWS::Region}:x/${Table}"));
        assert_eq!(references("a #{Table} b", false), None);
        assert_eq!(references("a #{ b", true), None);
        assert_eq!(references("a #{}", true), None);
    }
}
