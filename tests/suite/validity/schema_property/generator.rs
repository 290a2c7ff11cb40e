//! Resources that look like what a schema asks for, with mistakes among them.

use dewline::schema::{Field, NodeId, Table, Types};
use serde_json::{Map, Value, json};

/// Levels of maps and lists below the properties.
const MAX_DEPTH: u32 = 7;

/// Where choices come from: a seed, or the bytes of a fuzzer.
pub trait Choices {
    /// A number below `limit`, which is not 0.
    fn below(&mut self, limit: u64) -> u64;
}

/// Numbers from a seed.
pub struct Seeded(pub u64);

impl Choices for Seeded {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) % limit
    }
}

/// A value for `node`, wrong in some places.
pub fn value(table: Table, id: NodeId, choices: &mut dyn Choices, depth: u32) -> Value {
    if choices.below(40) == 0 {
        return odd(choices);
    }
    let node = table.node(id);
    if let Some(other) = node.child(Field::Ref) {
        return value(table, other, choices, depth);
    }
    let forms: Vec<NodeId> =
        [Field::AnyOf, Field::OneOf, Field::AllOf].into_iter().flat_map(|field| node.children(field)).collect();
    if !forms.is_empty() && !node.has(Field::Properties) && !node.has(Field::Items) {
        let at = choices.below(forms.len() as u64) as usize;
        return value(table, forms[at], choices, depth);
    }
    let types = node.types();
    let is = |kind: u8| !types.is_any() && types.any(kind);
    if is(Types::OBJECT) || types.is_any() && node.has(Field::Properties) {
        return map(table, id, choices, depth);
    }
    if is(Types::ARRAY) || types.is_any() && node.has(Field::Items) {
        return list(table, id, choices, depth);
    }
    scalar(table, id, choices)
}

fn map(table: Table, id: NodeId, choices: &mut dyn Choices, depth: u32) -> Value {
    let node = table.node(id);
    let required: Vec<&str> = node.list(Field::Required).map(|list| list.texts().collect()).unwrap_or_default();
    let mut made = Map::new();
    for (name, child) in node.named(Field::Properties) {
        let name = table.text(name);
        // Tags have rules of their own, which are not part of the type's schema.
        let wanted = if required.contains(&name) { choices.below(20) > 0 } else { choices.below(4) == 0 };
        if wanted && depth < MAX_DEPTH && name != "Tags" {
            made.insert(name.to_owned(), value(table, child, choices, depth + 1));
        }
    }
    for (_, child) in node.named(Field::PatternProperties) {
        if choices.below(2) == 0 && depth < MAX_DEPTH {
            made.insert(format!("key{}", choices.below(9)), value(table, child, choices, depth + 1));
        }
    }
    if choices.below(12) == 0 {
        made.insert(format!("Nope{}", choices.below(9)), odd(choices));
    }
    Value::Object(made)
}

fn list(table: Table, id: NodeId, choices: &mut dyn Choices, depth: u32) -> Value {
    let node = table.node(id);
    let least = node.number(Field::MinItems).unwrap_or(0.0).clamp(0.0, 4.0) as u64;
    let count = if depth >= MAX_DEPTH { 0 } else { least + choices.below(3) };
    let prefix: Vec<NodeId> = node.children(Field::PrefixItems).collect();
    let item = |at: u64| prefix.get(at as usize).copied().or(node.child(Field::Items));
    let mut items: Vec<Value> = Vec::new();
    for at in 0..count {
        items.push(match item(at) {
            Some(_) if at > 0 && choices.below(6) == 0 => items[0].clone(),
            Some(child) => value(table, child, choices, depth + 1),
            None => odd(choices),
        });
    }
    Value::Array(items)
}

fn scalar(table: Table, id: NodeId, choices: &mut dyn Choices) -> Value {
    let node = table.node(id);
    if let Some(list) = node.list(Field::Enum).or(node.list(Field::EnumIgnoreCase)) {
        let all: Vec<&str> = list.texts().collect();
        let text = all[choices.below(all.len().max(1) as u64) as usize].to_owned();
        return if choices.below(10) == 0 { json!(text.to_lowercase()) } else { json!(text) };
    }
    let types = node.types();
    if !types.is_any() && !types.any(Types::STRING) {
        if types.any(Types::BOOLEAN) {
            return [json!(true), json!("false"), json!(false), json!("TRUE")][choices.below(4) as usize].clone();
        }
        let least = node.number(Field::Minimum).unwrap_or(0.0);
        let most = node.number(Field::Maximum).unwrap_or(least + 100.0).min(1e12);
        let number = (least + (most - least) * (choices.below(12) as f64 - 1.0) / 10.0).floor() as i64;
        return if choices.below(3) == 0 { json!(number.to_string()) } else { json!(number) };
    }
    let kind = node.string(Field::Format).map(|id| table.text(id)).unwrap_or_default();
    let samples = [
        "sg-12345678",
        "vpc-12345678",
        "subnet-0123456789abcdef0",
        "ami-12345678",
        "my-bucket",
        "/app/log",
        "alias/key",
        "arn:aws:iam::123456789012:role/r",
        "arn:aws:kms:eu-west-1:123456789012:key/k",
        "arn:aws:sns:eu-west-1:123456789012:topic",
        "arn:aws:lambda:eu-west-1:123456789012:function:f",
        "10.0.0.0/16",
        "a.b",
        "..bad",
    ];
    if kind.starts_with("AWS::") || choices.below(4) == 0 {
        return json!(samples[choices.below(samples.len() as u64) as usize]);
    }
    let least = node.number(Field::MinLength).unwrap_or(1.0).clamp(0.0, 60.0) as u64;
    let length = (least + choices.below(12)).saturating_sub(choices.below(2));
    json!((0..length).map(|_| (b'a' + choices.below(26) as u8) as char).collect::<String>())
}

/// Something that fits few places.
fn odd(choices: &mut dyn Choices) -> Value {
    let all = [
        json!("nope"),
        json!(""),
        json!(-7),
        json!(1.5),
        json!(true),
        json!([]),
        json!({}),
        json!(["a", "a"]),
        json!({"Key": "a", "Nope": "b"}),
        json!("12"),
        json!("x".repeat(3000)),
    ];
    all[choices.below(all.len() as u64) as usize].clone()
}
