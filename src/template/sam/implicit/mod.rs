//! APIs that events imply, and the empty documents of APIs that have none.

mod routes;

use super::api::{document, openapi, swagger};
use super::intrinsics;
use super::order;
use super::property::{Expect, Owner};
use super::python::{self, Lookup};
use super::refusal::{self, Failure, Outcome, Refusal};
use super::structure;
use crate::template::value::{Kind as ValueKind, Maker, Map, Origin, Text, Value};
use routes::{add_route_settings, common_condition};

/// The mark of a document that events write into.
pub const MANAGED: &str = "__MANAGE_SWAGGER";

/// REST or HTTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `AWS::Serverless::Api`
    Rest,
    /// `AWS::Serverless::HttpApi`
    Http,
}

impl Kind {
    fn short_type(self) -> &'static str {
        if self == Self::Rest { "Api" } else { "HttpApi" }
    }

    fn event(self) -> &'static str {
        self.short_type()
    }

    fn id_property(self) -> &'static str {
        if self == Self::Rest { "RestApiId" } else { "ApiId" }
    }

    fn implicit_id(self) -> &'static str {
        if self == Self::Rest { "ServerlessRestApi" } else { "ServerlessHttpApi" }
    }

    fn skeleton(self, make: Maker) -> Value {
        if self == Self::Rest { swagger::skeleton(make) } else { openapi::skeleton(make) }
    }

    fn is_valid(self, body: &Value) -> bool {
        if self == Self::Rest { swagger::is_valid(body) } else { openapi::is_valid(body) }
    }
}

fn resources_mut(root: &mut Value) -> Option<&mut Map> {
    root.get_mut("Resources")?.as_map_mut()
}

/// Gives APIs without a document an empty one that events are written into.
pub fn add_bodies(root: &mut Value) {
    for entry in resources_mut(root).into_iter().flat_map(Map::iter_mut) {
        let kind = match structure::short_type(&entry.value) {
            Some("Api") => Kind::Rest,
            Some("HttpApi") => Kind::Http,
            _ => continue,
        };
        let make = Maker::new(entry.key_origin);
        let Some(resource) = entry.value.as_map_mut() else { continue };
        if kind == Kind::Http {
            resource.get_or_insert_with("Properties", || make.map::<Text>([]));
        }
        let Some(properties) = resource.get_mut("Properties").and_then(Value::as_map_mut) else { continue };
        if properties.truthy("DefinitionBody").is_none() && properties.truthy("DefinitionUri").is_none() {
            properties.insert("DefinitionBody", kind.skeleton(make));
            properties.insert(MANAGED, make.bool(true));
        }
    }
}

/// `OpenAPI` 3 asked for in `OpenApiVersion` changes the documents that are managed here.
pub fn fix_openapi_versions(root: &mut Value) {
    for entry in resources_mut(root).into_iter().flat_map(Map::iter_mut) {
        if structure::short_type(&entry.value) != Some("Api") {
            continue;
        }
        let Some(properties) = entry.value.get_mut("Properties").and_then(Value::as_map_mut) else { continue };
        if !properties.contains_key(MANAGED) {
            continue;
        }
        let Some(version) = properties.get_mut("OpenApiVersion").filter(|version| document::is_openapi_3(version))
        else {
            continue;
        };
        if version.as_str().is_none() {
            version.kind = ValueKind::Str(python::display(version).into());
        }
        let version = version.clone();
        if let Some(body) = properties.get_mut("DefinitionBody").and_then(Value::as_map_mut) {
            body.insert("openapi", version);
            if body.truthy("swagger").is_some() {
                body.remove("swagger");
            }
        }
    }
}

/// What events of one API say, for the attributes of the API.
#[derive(Debug, Default)]
struct Seen {
    /// Path, method, condition of each route.
    routes: Vec<(Text, Text, Option<Text>)>,
    deletion: Vec<Text>,
    replacement: Vec<Text>,
    first: Option<Origin>,
}

/// Finds the API events of `kind`, writes their routes into the documents of their APIs and
/// makes the implicit API when there is one.
pub fn run(root: &mut Value, kind: Kind, keeps_order: bool) -> Outcome<()> {
    let mut resources = match root.get_mut("Resources") {
        Some(Value { kind: ValueKind::Map(map), .. }) => std::mem::take(map),
        _ => return Ok(()),
    };
    let mut state = State { kind, keeps_order, seen: Vec::new(), conditions: Vec::new(), errors: Vec::new() };
    let globals = root.get("Globals").cloned();
    let outcome = state.run(&mut resources, globals.as_ref());
    if let Some(place) = root.get_mut("Resources") {
        place.kind = ValueKind::Map(resources);
    }
    if let Some(map) = root.as_map_mut() {
        for (name, definition) in state.conditions {
            let origin = definition.origin;
            let conditions = map.get_or_insert_with("Conditions", || Maker::new(origin).map::<Text>([]));
            if let Some(conditions) = conditions.as_map_mut() {
                conditions.insert(name, definition);
            }
        }
    }
    outcome?;
    if state.errors.is_empty() { Ok(()) } else { Err(Failure::Document(state.errors)) }
}

struct State {
    kind: Kind,
    keeps_order: bool,
    seen: Vec<(Text, Seen)>,
    conditions: Vec<(String, Value)>,
    errors: Vec<Refusal>,
}

impl State {
    fn run(&mut self, resources: &mut Map, globals: Option<&Value>) -> Outcome<()> {
        let id = self.kind.implicit_id();
        let has_events = |resource: &Value| {
            matches!(structure::short_type(resource), Some("Function" | "StateMachine"))
                && self.api_events(resource).next().is_some()
        };
        let owners: Vec<Text> =
            resources.iter().filter(|entry| has_events(&entry.value)).map(|entry| entry.key.clone()).collect();
        if owners.is_empty() {
            return Ok(());
        }
        let first = owners.first().and_then(|owner| resources.get(owner)).and_then(|owner| {
            self.api_events(owner).next().and_then(|event| owner.at(&["Properties", "Events"])?.as_map()?.entry(&event))
        });
        let make = Maker::new(first.map_or(Origin::default(), |entry| entry.key_origin));
        let existing = resources.entry(id).cloned();
        let mut properties = Map::new();
        if self.kind == Kind::Rest {
            properties.insert("StageName", make.str("Prod"));
        }
        properties.insert("DefinitionBody", self.kind.skeleton(make));
        properties.insert(MANAGED, make.bool(true));
        let full = make.str(format!("AWS::Serverless::{}", self.kind.short_type()));
        let properties = Value::new(ValueKind::Map(properties), make.origin());
        resources.insert(id, make.map([("Type", full), ("Properties", properties)]));

        let mut outcome = Ok(());
        let tried: &[&str] =
            if self.kind == Kind::Rest { &["ServerlessRestApi"] } else { &["ServerlessRestApi", "ServerlessHttpApi"] };
        let ordered =
            order::of_resources(resources, tried, self.keeps_order).into_iter().filter(|id| owners.contains(id));
        for owner in ordered.collect::<Vec<_>>() {
            if let Err(failure) = self.owner(&owner, resources, globals) {
                match failure {
                    Failure::Refused(refusal) if refusal.subject == refusal::Subject::Event => {
                        self.errors.push(Refusal::resource(&owner, refusal.origin, &refusal.message));
                    }
                    other => outcome = outcome.and(Err(Failure::Document(other.into_refusals()))),
                }
            }
        }
        self.conclude(resources, make)?;
        let is_empty = resources
            .get(id)
            .and_then(|api| api.at(&["Properties", "DefinitionBody", "paths"]))
            .and_then(Value::as_map)
            .is_none_or(Map::is_empty);
        if is_empty {
            resources.remove(id);
            if let Some(existing) = existing {
                resources.insert_at(existing.key, existing.key_origin, existing.value);
            }
        }
        outcome
    }

    fn api_events(&self, owner: &Value) -> impl Iterator<Item = Text> + use<> {
        let wanted = self.kind.event();
        let events = owner.at(&["Properties", "Events"]).and_then(Value::as_map);
        let names: Vec<Text> = events
            .into_iter()
            .flatten()
            .filter(|entry| entry.value.is("Type", wanted))
            .map(|entry| entry.key.clone())
            .collect();
        names.into_iter()
    }

    fn owner(&mut self, owner: &Text, resources: &mut Map, globals: Option<&Value>) -> Outcome<()> {
        let Some(value) = resources.get(owner).cloned() else { return Ok(()) };
        let mut events: Vec<Text> = self.api_events(&value).collect();
        if self.keeps_order {
            let written = value.at(&["Properties", "Events"]).and_then(Value::as_map);
            let all = order::of_names(written.into_iter().flat_map(Map::keys));
            events = all.into_iter().filter(|name| events.contains(name)).collect();
        }
        // The reference collects them in a dictionary of its own, which has that order always.
        for event in order::of_names(events.iter().map(Text::as_str)) {
            let taken = resources
                .get_mut(owner)
                .and_then(|owner| owner.get_mut("Properties"))
                .and_then(|properties| properties.get_mut("Events"))
                .and_then(|events| events.get_mut(&event));
            let Some(taken) = taken else { continue };
            let mut written = std::mem::replace(taken, Value::new(ValueKind::Null, taken.origin));
            let key_origin = value
                .at(&["Properties", "Events"])
                .and_then(Value::as_map)
                .and_then(|events| events.entry(&event))
                .map_or(written.origin, |entry| entry.key_origin);
            let outcome = self.event(&value, &event, key_origin, &mut written, resources, globals);
            let place = resources
                .get_mut(owner)
                .and_then(|owner| owner.get_mut("Properties"))
                .and_then(|properties| properties.get_mut("Events"))
                .and_then(|events| events.get_mut(&event));
            if let Some(place) = place {
                *place = written;
            }
            outcome?;
        }
        Ok(())
    }

    fn event(
        &mut self,
        owner: &Value,
        id: &str,
        key_origin: Origin,
        event: &mut Value,
        resources: &mut Map,
        globals: Option<&Value>,
    ) -> Outcome<()> {
        let origin = event.origin;
        let make = Maker::new(key_origin);
        let properties = event.get("Properties");
        if self.kind == Kind::Rest && !properties.is_some_and(python::truthy) {
            return Ok(());
        }
        if let Some(properties) = properties.filter(|properties| properties.as_map().is_none()) {
            return refusal::event(id, properties.origin, "Properties should be a map.");
        }
        let Some(map) = event.as_map_mut() else { return Ok(()) };
        let properties = map.get_or_insert_with("Properties", || make.map::<Text>([]));
        let Some(properties) = properties.as_map_mut() else { return Ok(()) };
        let id_property = self.kind.id_property();
        if !properties.contains_key(id_property) {
            self.propagate_tags(owner, resources, globals);
            properties.insert(id_property, make.reference(self.kind.implicit_id()));
        }
        if self.kind == Kind::Http && properties.truthy("Path").is_none() && properties.truthy("Method").is_none() {
            properties.insert("Path", make.str(openapi::DEFAULT_PATH));
            properties.insert("Method", make.str(document::ANY_METHOD));
        }
        let owner_event = Owner::Event(id);
        for name in ["Path", "Method"] {
            if properties.some(name).is_none() {
                return owner_event.refuse(origin, format!("Property '{name}' is required."));
            }
        }
        let (Some(api), Some(path), Some(method)) =
            (properties.get(id_property), properties.get("Path"), properties.get("Method"))
        else {
            return Ok(());
        };
        let api_origin = api.origin;
        let api = intrinsics::referenced(api).expect_str(owner_event, id_property)?.to_owned();
        let path_text = path.expect_str(owner_event, "Path")?;
        let method_text = method.expect_str(owner_event, "Method")?;
        self.remember(&api, path_text, method_text, owner, key_origin);
        let route = document::Route {
            path: path_text,
            path_origin: path.origin,
            method: method_text,
            method_origin: method.origin,
        };
        let known = resources.get(&api);
        let is_http_for_rest =
            self.kind == Kind::Rest && known.is_some_and(|known| known.is("Type", "AWS::Serverless::HttpApi"));
        let Some(target) = resources.get_mut(&api).filter(|_| !is_http_for_rest) else {
            return refusal::event(
                id,
                api_origin,
                format!(
                    "{id_property} must be a valid reference to an 'AWS::Serverless::{}' resource in same template.",
                    self.kind.short_type()
                ),
            );
        };
        let Some(api_properties) = target.get_mut("Properties").and_then(Value::as_map_mut) else { return Ok(()) };
        let managed = api_properties.truthy(MANAGED).is_some();
        if let Some(body) = api_properties.get_mut("DefinitionBody").filter(|body| managed && self.kind.is_valid(body))
        {
            document::add_path(body, route)?;
        }
        if self.kind == Kind::Http && properties.contains_key("RouteSettings") {
            add_route_settings(id, &api, properties, route, owner, api_properties)?;
        }
        Ok(())
    }

    fn propagate_tags(&self, owner: &Value, resources: &mut Map, globals: Option<&Value>) {
        let section = structure::short_type(owner).and_then(|kind| globals?.get(kind));
        let find = |name: &str| {
            owner
                .get("Properties")
                .and_then(|properties| properties.truthy(name))
                .or_else(|| section.and_then(|section| section.truthy(name)))
        };
        let (Some(_), Some(tags)) = (find("PropagateTags"), find("Tags").and_then(Value::as_map)) else { return };
        let api = resources.get_mut(self.kind.implicit_id()).and_then(|api| api.get_mut("Properties"));
        let Some(properties) = api.and_then(Value::as_map_mut) else { return };
        let make = tags.iter().next().map_or(Maker::new(owner.origin), |entry| Maker::new(entry.key_origin));
        if let Some(known) = properties.get_or_insert_with("Tags", || make.map::<Text>([])).as_map_mut() {
            for entry in tags {
                known.insert_at(entry.key.clone(), entry.key_origin, entry.value.clone());
            }
        }
        properties.insert("PropagateTags", make.bool(true));
    }

    fn remember(&mut self, api: &str, path: &str, method: &str, owner: &Value, origin: Origin) {
        if !self.seen.iter().any(|(known, _)| known == api) {
            self.seen.push((api.into(), Seen::default()));
        }
        let Some((_, seen)) = self.seen.iter_mut().find(|(known, _)| known == api) else { return };
        let condition = owner.text("Condition").map(Text::from);
        match seen.routes.iter_mut().find(|(p, m, _)| p == path && m == method) {
            Some(route) => route.2 = condition,
            None => seen.routes.push((path.into(), method.into(), condition)),
        }
        seen.deletion.extend(owner.text("DeletionPolicy").map(Text::from));
        seen.replacement.extend(owner.text("UpdateReplacePolicy").map(Text::from));
        seen.first.get_or_insert(origin);
    }

    /// Sets the attributes of the implicit API and puts paths under conditions.
    fn conclude(&mut self, resources: &mut Map, make: Maker) -> Outcome<()> {
        let id = self.kind.implicit_id();
        if let Some((_, seen)) = self.seen.iter().find(|(api, _)| api == id) {
            let make = seen.first.map_or(make, Maker::new);
            let name = format!("{id}Condition");
            let condition = common_condition(seen.routes.iter().map(|(.., condition)| condition.as_ref()));
            if let (Some(condition), Some(api)) = (condition, resources.get_mut(id).and_then(Value::as_map_mut)) {
                api.insert("Condition", make.str(condition.name(&name)));
                self.conditions.extend(condition.definitions(make, &name));
            }
            let policy = |given: &[Text], ranked: &[&'static str]| {
                ranked.iter().find(|policy| given.iter().any(|given| given == **policy)).copied()
            };
            let deletion = policy(&seen.deletion, &["Retain", "Delete"]);
            let replacement = policy(&seen.replacement, &["Retain", "Snapshot", "Delete"]);
            if let Some(api) = resources.get_mut(id).and_then(Value::as_map_mut) {
                if let Some(deletion) = deletion {
                    api.insert("DeletionPolicy", make.str(deletion));
                }
                if let Some(replacement) = replacement {
                    api.insert("UpdateReplacePolicy", make.str(replacement));
                }
            }
        }
        for entry in resources.iter_mut() {
            if structure::short_type(&entry.value) != Some(self.kind.short_type()) {
                continue;
            }
            let Some(properties) = entry.value.get_mut("Properties").and_then(Value::as_map_mut) else { continue };
            if properties.truthy(MANAGED).is_none() {
                continue;
            }
            let Some((_, seen)) = self.seen.iter().find(|(api, _)| *api == entry.key) else { continue };
            let make = seen.first.map_or(make, Maker::new);
            let Some(body) = properties.get_mut("DefinitionBody") else { continue };
            for path in document::path_names(body) {
                let routes = seen.routes.iter().filter(|(known, ..)| *known == path);
                let Some(condition) = common_condition(routes.map(|(.., condition)| condition.as_ref())) else {
                    continue;
                };
                let readable = path.replace('/', "SLASH").replace('{', "OB").replace('}', "CB");
                let name = format!("{}{readable}PathCondition", entry.key);
                document::make_path_conditional(body, &path, condition.name(&name), make)?;
                self.conditions.extend(condition.definitions(make, &name));
            }
        }
        Ok(())
    }
}
