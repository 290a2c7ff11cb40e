//! The embedded table against facts that are known from elsewhere.

use super::{Field, Patterns, Table, Types};

#[test]
fn types_are_found_and_sorted() {
    let table = Table::embedded();
    let names: Vec<&str> = table.resource_types().map(super::ResourceType::name).collect();
    assert!(names.len() > 1800, "{}", names.len());
    assert!(names.is_sorted());
    for name in ["AWS::Lambda::Function", "AWS::Serverless::Function", names[0], names[names.len() - 1]] {
        assert_eq!(table.resource_type(name).map(super::ResourceType::name), Some(name));
    }
    assert!(table.resource_type("AWS::Lambda::Functions").is_none());
    assert!(table.resource_type("").is_none());
}

#[test]
fn a_property_has_its_limits() {
    let table = Table::embedded();
    let function = table.node(table.resource_type("AWS::Lambda::Function").unwrap().properties());
    assert!(function.has(Field::Closed));
    let required: Vec<&str> = function.list(Field::Required).unwrap().texts().collect();
    assert_eq!(required, ["Code", "Role"]);
    let memory = table.node(function.property("MemorySize").unwrap());
    assert!(memory.types().any(Types::INTEGER) && !memory.types().any(Types::STRING));
    assert_eq!((memory.number(Field::Minimum), memory.number(Field::Maximum)), (Some(128.0), Some(32768.0)));
    let runtime = table.node(function.property("Runtime").unwrap());
    assert!(runtime.list(Field::Enum).unwrap().has("python3.13"));
    assert!(function.property("Runtme").is_none());
}

#[test]
fn attributes_and_availability_are_known() {
    let table = Table::embedded();
    let function = table.resource_type("AWS::Lambda::Function").unwrap();
    assert!(function.read_only().has("Arn"));
    assert!(function.create_only().has("FunctionName"));
    assert_eq!(function.available_in("eu-west-1"), Some(true));
    assert_eq!(function.available_in("mars-north-1"), None);
    assert_eq!(table.parameter_type("CommaDelimitedList"), Some(true));
    assert_eq!(table.parameter_type("Text"), None);
    assert_eq!(table.runtime("python2.7").map(|dates| dates.deprecated), Some("2021-07-15"));
    assert!(table.takes_snapshots("AWS::RDS::DBInstance") && !table.takes_snapshots("AWS::SQS::Queue"));
    assert!(table.packaged("AWS::Lambda::Function").unwrap().has("Code"));
    assert!(table.rules("AWS::Lambda::Function").any(|rule| rule.source == "E3685"));
}

#[test]
fn every_node_can_be_read() {
    let table = Table::embedded();
    let mut seen = vec![false; table.node_count()];
    let mut stack: Vec<_> = table.resource_types().map(super::ResourceType::properties).collect();
    while let Some(id) = stack.pop() {
        if std::mem::replace(&mut seen[id.0 as usize], true) {
            continue;
        }
        let node = table.node(id);
        let single = [
            Field::Ref,
            Field::Items,
            Field::Additional,
            Field::If,
            Field::Then,
            Field::Else,
            Field::Not,
            Field::Names,
            Field::Contains,
        ];
        stack.extend(single.into_iter().filter_map(|field| node.child(field)));
        for field in [Field::AllOf, Field::AnyOf, Field::OneOf, Field::PrefixItems] {
            stack.extend(node.children(field));
        }
        for field in [Field::Dependencies, Field::PatternProperties, Field::Properties] {
            for (name, child) in node.named(field) {
                assert!(!table.text(name).is_empty() || field != Field::Properties);
                stack.push(child);
            }
        }
    }
    assert!(seen.iter().filter(|seen| **seen).count() > 20_000);
}

/// Patterns the engine cannot express are left unchecked; a refresh must not add many.
#[test]
fn few_patterns_are_left_unchecked() {
    let table = Table::embedded();
    let patterns = Patterns::default();
    let mut all = std::collections::BTreeSet::new();
    for index in 0..table.node_count() {
        all.extend(table.node(super::NodeId(index as u32)).string(Field::Pattern));
    }
    let unchecked: Vec<&str> = all
        .iter()
        .filter(|pattern| !patterns.can_check(table, **pattern))
        .map(|pattern| table.text(*pattern))
        .collect();
    let other: Vec<&&str> = unchecked.iter().filter(|text| !text.contains("(?")).collect();
    assert!(all.len() > 2_500, "{}", all.len());
    assert!(unchecked.len() <= UNCHECKED, "{} of {}: {unchecked:#?}", unchecked.len(), all.len());
    assert!(other.len() <= OTHER, "{}: {other:#?}", other.len());
}

/// Patterns that are not checked, and those of them that do not look around.
const UNCHECKED: usize = 179;
const OTHER: usize = 33;
