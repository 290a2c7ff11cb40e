//! What an intrinsic function gives: its types and, for references, the schema of its value.

use super::call::Call;
use super::compose::words;
use super::index::Index;
use crate::schema::{NodeId, Table, Types};
use crate::template::value::Value;

/// What a call gives.
#[derive(Clone, Copy, Debug)]
pub(super) struct Output<'v> {
    /// Types, as bits; `None` when they are not known.
    pub types: Option<u8>,
    /// Whether the type must be met as it is, without conversion.
    strict: bool,
    /// The schema of the value.
    pub node: Option<NodeId>,
    /// The resource it comes from.
    pub target: &'v str,
}

impl Output<'_> {
    fn of(types: u8) -> Self {
        Output { types: Some(types), strict: false, node: None, target: "" }
    }

    fn unknown() -> Self {
        Output { types: None, strict: false, node: None, target: "" }
    }

    /// Whether a place that accepts `accepted` takes it.
    pub fn fits(&self, accepted: u8) -> bool {
        let Some(types) = self.types else { return true };
        if self.strict {
            return accepted & (Types::BOOLEAN | Types::INTEGER) != 0 || accepted & types != 0;
        }
        let widened = if types & Types::SCALAR == 0 { types } else { types | Types::SCALAR };
        accepted & widened != 0
    }

    /// The types in words.
    pub fn words(&self) -> &'static str {
        match self.types {
            Some(types) if self.strict && types == Types::INTEGER => "an integer",
            Some(types) if self.strict && types == Types::BOOLEAN => "a boolean",
            Some(types) if self.strict && types == Types::NUMBER => "a number",
            Some(types) => words(types),
            None => "a value",
        }
    }
}

/// What `call` gives.
pub(super) fn output<'v>(index: &Index<'v>, table: Table, call: Call<'v>) -> Output<'v> {
    match call.name {
        "Ref" => call.argument().as_str().map_or(Output::unknown(), |id| reference(index, table, id)),
        "Fn::GetAtt" => get_att_parts(index, call.argument())
            .map_or(Output::unknown(), |(id, attribute)| attribute_output(index, table, id, attribute)),
        "Fn::Base64" | "Fn::Join" | "Fn::Sub" | "Fn::ToJsonString" | "Fn::ImportValue" => Output::of(Types::STRING),
        "Fn::Length" => Output::of(Types::INTEGER),
        "Fn::Cidr" | "Fn::GetAZs" | "Fn::Split" => Output::of(Types::ARRAY),
        "Fn::FindInMap" => Output::of(Types::SCALAR | Types::ARRAY),
        _ => Output::unknown(),
    }
}

fn reference<'v>(index: &Index<'v>, table: Table, id: &'v str) -> Output<'v> {
    if let Some(parameter) = index.parameters.get(id) {
        let list = parameter.value.get("Type").and_then(Value::as_str).and_then(|name| table.parameter_type(name));
        return match list {
            Some(true) => Output::of(Types::ARRAY),
            Some(false) => Output::of(Types::SCALAR),
            None => Output::unknown(),
        };
    }
    if let Some(resource) = index.resources.get(id) {
        let node = resource.schema.and_then(|kind| {
            let mut identifier = kind.primary_identifier().texts();
            let path = identifier.next().filter(|_| identifier.next().is_none())?;
            kind.node_at(path)
        });
        return Output { types: Some(Types::STRING), strict: false, node, target: id };
    }
    match id {
        "AWS::NotificationARNs" => Output::of(Types::ARRAY),
        "AWS::NoValue" => Output::unknown(),
        _ if super::index::is_pseudo_parameter(id) => Output::of(Types::SCALAR),
        _ => Output::unknown(),
    }
}

/// The logical id and attribute of a `Fn::GetAtt`, when both are text. SAM's generated
/// resources have ids with a dot (`Function.Version`).
pub(super) fn get_att_parts<'v>(index: &Index<'v>, argument: &'v Value) -> Option<(&'v str, &'v str)> {
    if let Some(text) = argument.as_str() {
        return text.split_once('.');
    }
    let [id, attribute] = argument.as_list()? else { return None };
    let _ = index;
    Some((id.as_str()?, attribute.as_str()?))
}

pub(super) fn attribute_output<'v>(index: &Index<'v>, table: Table, id: &'v str, attribute: &'v str) -> Output<'v> {
    let Some(kind) = index.resources.get(id).and_then(|resource| resource.schema) else { return Output::unknown() };
    if matches!(
        kind.name(),
        "AWS::CloudFormation::CustomResource" | "AWS::CloudFormation::Stack" | "AWS::Serverless::Application"
    ) {
        return Output::unknown();
    }
    let Some(node) = kind.node_at(attribute) else { return Output::unknown() };
    // The one attribute whose property is a number and whose value is text.
    let text = kind.name() == "AWS::DocDB::DBCluster" && attribute == "Port";
    let types = table.node(node).types();
    let bits: u8 = [Types::BOOLEAN, Types::INTEGER, Types::NUMBER, Types::STRING, Types::ARRAY, Types::OBJECT]
        .into_iter()
        .filter(|bit| types.any(*bit))
        .sum();
    let types = if text { Some(Types::STRING) } else { (!types.is_any()).then_some(bits) };
    let free = kind.name() == "AWS::SSM::Parameter" && attribute == "Value";
    Output { types, strict: true, node: Some(node).filter(|_| !free), target: id }
}
