//! A second validator, written plainly: it allocates, looks everything up anew and knows no
//! intrinsic function. What it says about plain data is what the program must say.

use dewline::schema::{Field, Node, NodeId, Patterns, Table};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// Keys and numbers of items from the root.
pub type Path = Vec<String>;

/// The schema table, and the places at which something is wrong.
pub struct Reference {
    table: Table,
    patterns: Patterns,
}

impl Reference {
    pub fn new() -> Self {
        Self { table: Table::embedded(), patterns: Patterns::default() }
    }

    /// The places below `path` at which `value` is not what `node` asks for.
    pub fn errors(&self, node: NodeId, value: &Value, path: &Path) -> BTreeSet<Path> {
        let mut wrong = BTreeSet::new();
        let node = self.table.node(node);
        if let Some(other) = node.child(Field::Ref) {
            wrong.extend(self.errors(other, value, path));
        }
        if node.has(Field::Never) || node.has(Field::Type) && !has_type(node, value) {
            wrong.insert(path.clone());
            return wrong;
        }
        match value {
            Value::Array(items) => self.list(node, items, path, &mut wrong),
            Value::Object(map) => self.map(node, map, value, path, &mut wrong),
            Value::Null => {}
            _ => self.scalar(node, value, path, &mut wrong),
        }
        for child in node.children(Field::AllOf) {
            wrong.extend(self.errors(child, value, path));
        }
        let fits = |child: NodeId| self.errors(child, value, path).is_empty();
        if node.has(Field::AnyOf) && !node.children(Field::AnyOf).any(fits) {
            wrong.insert(path.clone());
        }
        if node.has(Field::OneOf) && node.children(Field::OneOf).filter(|child| fits(*child)).count() != 1 {
            wrong.insert(path.clone());
        }
        if let Some(condition) = node.child(Field::If) {
            let branch = if fits(condition) { Field::Then } else { Field::Else };
            wrong.extend(node.child(branch).map(|child| self.errors(child, value, path)).unwrap_or_default());
        }
        if node.child(Field::Not).is_some_and(fits) {
            wrong.insert(path.clone());
        }
        wrong
    }

    fn list(&self, node: &'static Node, items: &[Value], path: &Path, wrong: &mut BTreeSet<Path>) {
        let count = items.len() as f64;
        let distinct = items.iter().enumerate().filter(|(at, item)| !items[..*at].contains(item)).count();
        let mut bad = node.number(Field::MaxItems).is_some_and(|most| count > most)
            || node.number(Field::MinItems).is_some_and(|least| count < least)
            || node.number(Field::MaxUniqueItems).is_some_and(|most| distinct as f64 > most)
            || node.has(Field::Unique) && distinct < items.len();
        if let Some(keys) = node.list(Field::UniqueKeys) {
            let all: Vec<Option<Vec<&Value>>> =
                items.iter().map(|item| keys.texts().map(|key| item.get(key)).collect()).collect();
            bad |= all.iter().enumerate().any(|(at, id)| id.is_some() && all[..at].contains(id));
        }
        let prefix: Vec<NodeId> = node.children(Field::PrefixItems).collect();
        for (at, item) in items.iter().enumerate() {
            if let Some(child) = prefix.get(at).copied().or(node.child(Field::Items)) {
                wrong.extend(self.errors(child, item, &below(path, &at.to_string())));
            }
        }
        if let Some(child) = node.child(Field::Contains) {
            bad |= !items.iter().any(|item| self.errors(child, item, path).is_empty());
        }
        if bad {
            wrong.insert(path.clone());
        }
    }

    fn map(
        &self,
        node: &'static Node,
        map: &Map<String, Value>,
        value: &Value,
        path: &Path,
        wrong: &mut BTreeSet<Path>,
    ) {
        for (key, item) in map {
            let place = below(path, key);
            let mut known = false;
            for (name, child) in node.named(Field::Properties) {
                if self.table.text(name) == key {
                    known = true;
                    wrong.extend(self.errors(child, item, &place));
                }
            }
            for (pattern, child) in node.named(Field::PatternProperties) {
                if self.patterns.matches(self.table, pattern, key) {
                    known = true;
                    wrong.extend(self.errors(child, item, &place));
                }
            }
            if !known && node.has(Field::Closed) {
                wrong.insert(place.clone());
            }
            if let Some(child) = node.child(Field::Additional).filter(|_| !known) {
                wrong.extend(self.errors(child, item, &place));
            }
            if node.child(Field::Names).is_some_and(|names| !self.is_name(names, key)) {
                wrong.insert(place);
            }
        }
        let count = map.len() as f64;
        let mut bad = node.list(Field::Required).is_some_and(|names| names.texts().any(|name| !map.contains_key(name)))
            || node.number(Field::MaxProperties).is_some_and(|most| count > most)
            || node.number(Field::MinProperties).is_some_and(|least| count < least);
        for (cause, others) in node.dependents(Field::DependentRequired) {
            bad |= map.contains_key(cause) && others.texts().any(|other| !map.contains_key(other));
        }
        for (cause, others) in node.dependents(Field::DependentExcluded) {
            for other in others.texts().filter(|other| map.contains_key(cause) && map.contains_key(*other)) {
                wrong.insert(below(path, other));
            }
        }
        for (field, exactly) in [(Field::RequiredXor, true), (Field::RequiredOr, false)] {
            let Some(list) = node.list(field) else { continue };
            let given: Vec<&str> = list.texts().filter(|name| map.contains_key(*name)).collect();
            bad |= given.is_empty();
            if exactly && given.len() > 1 {
                wrong.extend(given.iter().map(|name| below(path, name)));
            }
        }
        if bad {
            wrong.insert(path.clone());
        }
        for (name, child) in node.named(Field::Dependencies) {
            if self.has(map, name) {
                wrong.extend(self.errors(child, value, path));
            }
        }
    }

    fn has(&self, map: &Map<String, Value>, name: dewline::schema::StringId) -> bool {
        map.contains_key(self.table.text(name))
    }

    fn is_name(&self, node: NodeId, key: &str) -> bool {
        let node = self.table.node(node);
        let forbidden = node.child(Field::Not).and_then(|not| self.table.node(not).list(Field::Enum));
        !forbidden.is_some_and(|list| list.texts().any(|name| name == key))
            && node.list(Field::Enum).is_none_or(|list| list.texts().any(|name| name == key))
            && node.number(Field::MaxLength).is_none_or(|most| key.chars().count() as f64 <= most)
            && node.string(Field::Pattern).is_none_or(|pattern| self.patterns.matches(self.table, pattern, key))
    }

    fn scalar(&self, node: &'static Node, value: &Value, path: &Path, wrong: &mut BTreeSet<Path>) {
        let text = text_of(value).unwrap_or_default();
        let boolean = text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false");
        let exact = |entry: &str| entry == text || boolean && entry.eq_ignore_ascii_case(&text);
        let mut bad = match (node.list(Field::Enum), node.list(Field::EnumIgnoreCase)) {
            (Some(list), _) => !list.texts().any(exact),
            (None, Some(list)) => !list.texts().any(|entry| entry.eq_ignore_ascii_case(&text)),
            (None, None) => false,
        };
        if let Value::String(text) = value {
            let length = text.chars().count() as f64;
            bad |= node.number(Field::MaxLength).is_some_and(|most| length > most)
                || node.number(Field::MinLength).is_some_and(|least| length < least)
                || node.string(Field::Pattern).is_some_and(|id| !self.patterns.matches(self.table, id, text))
                || node.string(Field::Format).is_some_and(|id| !is_of_kind(self.table.text(id), text));
        }
        if let Some(number) = text.trim().parse::<f64>().ok().filter(|_| !value.is_boolean()) {
            bad |= node.number(Field::Minimum).is_some_and(|limit| number < limit)
                || node.number(Field::Maximum).is_some_and(|limit| number > limit)
                || node.number(Field::ExclusiveMinimum).is_some_and(|limit| number <= limit)
                || node.number(Field::ExclusiveMaximum).is_some_and(|limit| number >= limit)
                || node.number(Field::MultipleOf).is_some_and(|step| step != 0.0 && number % step != 0.0);
        }
        if bad {
            wrong.insert(path.clone());
        }
    }
}

fn below(path: &Path, step: &str) -> Path {
    path.iter().cloned().chain([step.to_owned()]).collect()
}

fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(value) => Some(value.to_string()),
        _ => None,
    }
}

/// Kinds of identifiers, one part after the other.
fn is_of_kind(kind: &str, text: &str) -> bool {
    let id = |prefix: &str, digits: &str| {
        let rest = text.strip_prefix(prefix).unwrap_or("-");
        [8, 17].contains(&rest.len()) && rest.chars().all(|c| digits.contains(c))
    };
    let arn = |service: &str, starts: &[&str], global: bool| {
        let parts: Vec<&str> = text.splitn(6, ':').collect();
        let [head, partition, of, region, account, resource] = parts[..] else { return false };
        head == "arn"
            && partition.starts_with("aws")
            && of == service
            && region.is_empty() == global
            && account.len() == 12
            && account.bytes().all(|byte| byte.is_ascii_digit())
            && starts.iter().any(|start| resource.len() > start.len() && resource.starts_with(start))
    };
    let made_of = |more: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || more.contains(c));
    let hex = "0123456789abcdefABCDEF";
    match kind {
        "AWS::EC2::SecurityGroup.Id" | "AWS::EC2::SecurityGroup.GroupId" => id("sg-", hex),
        "AWS::EC2::VPC.Id" => id("vpc-", hex),
        "AWS::EC2::Subnet.Id" => id("subnet-", hex),
        "AWS::EC2::Image.Id" => id("ami-", "0123456789abcdefghijklmnopqrstuvwxyz") || text.starts_with("resolve:ssm:"),
        "AWS::EC2::SecurityGroup.Name" => !text.is_empty() && made_of(" ._-:/()#,@[]+=&;{}!$*"),
        "AWS::Logs::LogGroup.Name" => !text.is_empty() && text.len() <= 512 && made_of(".-_/#"),
        "AWS::S3::Bucket.Name" => {
            let inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
            text.len() > 2
                && text.len() < 64
                && text.starts_with(inner)
                && text.ends_with(inner)
                && text.chars().all(|c| inner(c) || c == '.' || c == '-')
                && !text.contains("..")
                && !text.contains(".-")
                && !text.contains("-.")
        }
        "AWS::KMS::Alias.AliasName" => {
            text.strip_prefix("alias/").is_some_and(|name| !name.is_empty()) && made_of(":/_-")
        }
        "AWS::IAM::Role.Arn" => arn("iam", &["role/"], true),
        "AWS::KMS::Key.Arn" => arn("kms", &["key/", "alias/"], false),
        "AWS::SNS::Topic.Arn" => arn("sns", &[""], false),
        "AWS::ACM::Certificate.Arn" => arn("acm", &["certificate/"], false),
        "AWS::Lambda::Function.Arn" => arn("lambda", &["function:"], false),
        _ => true,
    }
}

fn has_type(node: &Node, value: &Value) -> bool {
    use dewline::schema::Types;
    let types = node.types();
    let text = text_of(value).unwrap_or_default();
    match value {
        Value::Null => types.any(Types::NULL),
        Value::Array(_) => types.any(Types::ARRAY),
        Value::Object(_) => types.any(Types::OBJECT),
        _ if types.any(Types::STRING) => true,
        Value::Bool(_) => types.any(Types::BOOLEAN),
        Value::Number(number) if number.is_i64() || number.is_u64() => types.any(Types::INTEGER | Types::NUMBER),
        Value::Number(number) => {
            types.any(Types::NUMBER) || types.any(Types::INTEGER) && number.as_f64().is_some_and(|n| n.fract() == 0.0)
        }
        Value::String(_) => {
            types.any(Types::BOOLEAN) && ["true", "false", "True", "False", "TRUE", "FALSE"].contains(&&*text)
                || types.any(Types::INTEGER) && text.trim().parse::<i128>().is_ok()
                || types.any(Types::NUMBER) && text.trim().parse::<f64>().is_ok()
        }
    }
}
