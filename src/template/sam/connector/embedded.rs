//! Connectors that stand in the resource they start from.

use crate::template::sam::property;
use crate::template::sam::refusal::{self, Failure, Outcome, Refusal, Refusals};
use crate::template::sam::resource::{Node, check_id};
use crate::template::sam::specification::resources::CONNECTOR;
use crate::template::value::{Entry, Kind, Maker, Map, Text, Value};

const TYPE: &str = "AWS::Serverless::Connector";

/// Makes embedded connectors resources of their own.
pub fn extract(resources: &mut Map, refusals: &mut Refusals) {
    let mut found = Vec::new();
    for entry in resources.iter_mut() {
        let id = entry.key.clone();
        let Some(connectors) = entry.value.as_map_mut().and_then(|resource| resource.remove("Connectors")) else {
            continue;
        };
        let origin = connectors.origin;
        let Kind::Map(connectors) = connectors.kind else {
            let text = format!("Attribute '{id}.Connectors' should be a map.");
            refusals.push(Refusal::resource(&id, origin, &text));
            continue;
        };
        found.extend(connectors.into_iter().map(|connector| (id.clone(), connector)));
    }
    let mut made = Vec::new();
    for (source, connector) in found {
        match read(&source, connector, resources) {
            Ok(entry) => made.push(entry),
            Err(failure) => refusals.add(failure),
        }
    }
    for entry in made {
        resources.insert_at(entry.key, entry.key_origin, entry.value);
    }
}

fn read(source: &Text, connector: Entry, resources: &Map) -> Outcome<Entry> {
    let Entry { key: name, key_origin, mut value } = connector;
    let id = Text::from(format!("{source}{name}"));
    let make = Maker::new(key_origin);
    let origin = value.origin;
    let Some(map) = value.as_map_mut() else {
        return refusal::resource(&id, origin, format!("{source}.{id} should be a map."));
    };
    map.insert("Type", make.str(TYPE));
    let properties = map.get_mut("Properties");
    let place = properties.as_ref().map_or(origin, |properties| properties.origin);
    let Some(properties) = properties.and_then(Value::as_map_mut) else {
        let text = format!("Attribute 'Connectors.{name}.Properties' should be a map.");
        return refusal::resource(source, place, text);
    };
    let mut from = Map::new();
    from.insert("Id", make.str(source.clone()));
    if let Some(reference) = properties.remove("SourceReference") {
        let place = reference.origin;
        let Kind::Map(reference) = reference.kind else {
            let text = format!("Property 'Connectors.{name}.Properties.SourceReference' should be a map.");
            return refusal::resource(source, place, text);
        };
        if reference.contains_key("Id") {
            return refusal::resource(&name, place, "'Id' shouldn't be defined in 'SourceReference'.");
        }
        for entry in reference {
            from.insert_at(entry.key, entry.key_origin, entry.value);
        }
    }
    properties.insert("Source", Value::new(Kind::Map(from), make.origin()));
    check_id(&id, key_origin)?;
    let node = Node::read(&id, key_origin, &value)?;
    property::check(&id, TYPE, node.properties_origin, &node.properties, CONNECTOR, false)?;
    if resources.contains_key(&id) {
        return Err(Failure::Refused(Box::new(Refusal::duplicate(source, key_origin, &id, TYPE))));
    }
    Ok(Entry { key: id, key_origin, value })
}
