//! Tests of the expansion as a whole, above all of where its results come from.

use super::expand;
use crate::document::{Document, Schema};
use crate::source::{NoFiles, SourceFile, Sources};
use crate::template::lowering::{Inputs, Lowering};
use crate::template::problem::Problem;
use crate::template::value::{Entry, Kind, Value};
use crate::template::{json, lower};
use std::sync::Arc;

struct Expanded {
    text: String,
    root: Value,
    problems: Vec<Problem>,
}

impl Expanded {
    fn of(text: &str) -> Self {
        Self::with(text, &Inputs::default())
    }

    fn with(text: &str, inputs: &Inputs) -> Self {
        let file = Arc::new(SourceFile::from_bytes("template.yaml", text.as_bytes().to_vec()));
        let mut sources = Sources::default();
        let id = sources.add(Arc::clone(&file));
        let document = Document::parse(id, &file);
        let mut cx = Lowering::new(&NoFiles, inputs, sources);
        let written = lower::document(&document, Schema::Yaml11, &mut cx.problems);
        let root = expand(written, &mut cx);
        Self { text: text.to_owned(), root, problems: cx.problems }
    }

    fn at(&self, path: &[&str]) -> &Value {
        self.root.at(path).unwrap_or_else(|| panic!("{path:?} in {}", json::to_json(&self.root)))
    }

    fn entry(&self, id: &str) -> &Entry {
        self.at(&["Resources"]).as_map().and_then(|map| map.entry(id)).unwrap_or_else(|| panic!("{id}"))
    }

    fn source(&self, value: &Value) -> &str {
        let span = value.origin.span();
        &self.text[span.start as usize..span.end as usize]
    }

    fn line(&self, origin: crate::template::value::Origin) -> usize {
        self.text[..origin.span().start as usize].matches('\n').count() + 1
    }

    fn messages(&self) -> Vec<&str> {
        self.problems.iter().map(|problem| problem.message.as_str()).collect()
    }
}

const ORDERS: &str = "\
Globals:
  Function:
    Timeout: 7
    Environment:
      Variables:
        STAGE: test
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Handler: orders.handler
      Runtime: python3.13
      Environment:
        Variables:
          TABLE: orders
      Policies:
        - Statement:
            - Effect: Allow
              Action: s3:GetObject
              Resource: '*'
        - SQSPollerPolicy:
            QueueName: jobs
      Events:
        List:
          Type: Api
          Properties:
            Path: /orders
            Method: get
";

#[test]
fn a_function_becomes_its_resources() {
    let expanded = Expanded::of(ORDERS);
    assert_eq!(expanded.messages(), Vec::<&str>::new());
    let resources = expanded.at(&["Resources"]).as_map().expect("resources");
    let ids: Vec<&str> = resources.keys().filter(|id| !id.contains("Deployment")).collect();
    assert_eq!(
        ids,
        ["Orders", "OrdersRole", "OrdersListPermissionProd", "ServerlessRestApi", "ServerlessRestApiProdStage"]
    );
    assert!(expanded.root.get("Globals").is_none());
    let orders = json::to_json(expanded.at(&["Resources", "Orders", "Properties", "Environment"]));
    assert_eq!(orders, serde_json::json!({"Variables": {"STAGE": "test", "TABLE": "orders"}}));
}

#[test]
fn merged_globals_keep_their_place_and_are_not_generated() {
    let expanded = Expanded::of(ORDERS);
    let timeout = expanded.at(&["Resources", "Orders", "Properties", "Timeout"]);
    assert_eq!((expanded.source(timeout), expanded.line(timeout.origin)), ("7", 3));
    assert!(!timeout.origin.is_generated());
    let variables = ["Resources", "Orders", "Properties", "Environment", "Variables"];
    let variables = expanded.at(&variables).as_map().expect("variables");
    let stage = variables.entry("STAGE").expect("STAGE");
    assert_eq!((expanded.line(stage.key_origin), stage.key_origin.is_generated()), (6, false));
    assert_eq!(variables.entry("TABLE").map(|entry| expanded.line(entry.key_origin)), Some(15));
}

#[test]
fn generated_resources_name_what_caused_them() {
    let expanded = Expanded::of(ORDERS);
    for (id, line) in [
        ("OrdersRole", 16),
        ("OrdersListPermissionProd", 24),
        ("ServerlessRestApi", 24),
        ("ServerlessRestApiProdStage", 24),
    ] {
        let entry = expanded.entry(id);
        assert!(entry.value.origin.is_generated() && entry.key_origin.is_generated(), "{id}");
        assert_eq!(expanded.line(entry.key_origin), line, "{id}");
    }
    assert_eq!(expanded.line(expanded.entry("OrdersRole").value.origin), 8, "the author's logical id");
    let orders = expanded.entry("Orders");
    assert!(!orders.value.origin.is_generated() && !orders.key_origin.is_generated());
    assert!(expanded.at(&["Resources", "Orders", "Type"]).origin.is_generated());
}

#[test]
fn policies_of_a_role_stand_where_they_are_written() {
    let expanded = Expanded::of(ORDERS);
    let policies = expanded.at(&["Resources", "OrdersRole", "Properties", "Policies"]).as_list().expect("policies");
    let [inline, template] = policies else { panic!("two policies") };
    let document = inline.get("PolicyDocument").expect("document");
    assert_eq!((expanded.line(document.origin), document.origin.is_generated()), (17, false));
    assert!(inline.get("PolicyName").is_some_and(|name| name.origin.is_generated()));
    let statement = template.at(&["PolicyDocument", "Statement"]).and_then(Value::as_list).expect("statement");
    assert!(statement.iter().all(|statement| statement.origin.is_generated() && expanded.line(statement.origin) == 21));
    fn texts<'v>(value: &'v Value, out: &mut Vec<&'v Value>) {
        match &value.kind {
            Kind::Str(_) => out.push(value),
            Kind::List(items) => items.iter().for_each(|item| texts(item, out)),
            Kind::Map(map) => map.values().for_each(|value| texts(value, out)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    texts(template, &mut found);
    let name = found.into_iter().find(|text| text.as_str() == Some("jobs")).expect("the parameter");
    assert_eq!((expanded.line(name.origin), name.origin.is_generated()), (22, false));
}

#[test]
fn routes_stand_where_events_name_them() {
    let expanded = Expanded::of(ORDERS);
    let paths = ["Resources", "ServerlessRestApi", "Properties", "Body", "paths"];
    let path = expanded.at(&paths).as_map().and_then(|map| map.entry("/orders")).expect("path");
    assert_eq!(expanded.line(path.key_origin), 27);
    let method = path.value.as_map().and_then(|map| map.entry("get")).expect("method");
    assert_eq!(expanded.line(method.key_origin), 28);
}

#[test]
fn refusals_are_collected_and_the_rest_is_expanded() {
    let expanded = Expanded::of(
        "\
Resources:
  First:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
  Second:
    Type: AWS::Serverless::SimpleTable
    Properties:
      PrimaryKey: {Name: id, Type: Text}
  Third:
    Type: AWS::Serverless::Function
    Properties:
      Handler: a.b
      Runtime: python3.13
      Events:
        Bad:
          Type: S3
          Properties: {Bucket: elsewhere, Events: 's3:ObjectCreated:*'}
        Good:
          Type: Schedule
          Properties: {Schedule: rate(1 day)}
",
    );
    assert_eq!(
        expanded.messages(),
        [
            "Resource with id [First] is invalid. Runtime and Handler needs to be present when PackageType is of type `Zip`",
            "Resource with id [Second] is invalid. Invalid 'Type' \"Text\".",
            "Resource with id [Third] is invalid. Event with id [Bad] is invalid. S3 events must reference an S3 bucket in the same template.",
        ]
    );
    let lines: Vec<usize> = expanded.problems.iter().map(|problem| expanded.line(problem.origin)).collect();
    assert_eq!(lines, [5, 9, 18]);
    assert_eq!(expanded.at(&["Resources", "Third", "Type"]).as_str(), Some("AWS::Lambda::Function"));
    assert_eq!(expanded.at(&["Resources", "ThirdGood", "Type"]).as_str(), Some("AWS::Events::Rule"));
    assert!(super::error_message(expanded.messages()).starts_with(
        "Invalid Serverless Application Specification document. Number of errors found: 3. Resource with id [First]"
    ));
}

#[test]
fn local_code_is_refused_unless_it_is_localized() {
    let template = "\
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties: {Handler: a.b, Runtime: python3.13, CodeUri: ./src}
";
    assert!(Expanded::of(template).problems.is_empty());
    let strict = Expanded::with(template, &Inputs { localize: false, ..Inputs::default() });
    assert_eq!(strict.problems.len(), 1);
    assert!(strict.messages()[0].contains("'CodeUri' is not a valid S3 Uri"));
}

#[test]
fn a_document_made_by_a_macro_is_not_refused() {
    let expanded = Expanded::of(
        "\
Resources:
  A:
    Type: AWS::Serverless::Api
    Properties:
      StageName: live
      Cors: \"'*'\"
      DefinitionBody:
        Fn::Transform: {Name: AWS::Include, Parameters: {Location: s3://b/k}}
",
    );
    assert_eq!(expanded.messages(), Vec::<&str>::new());
    assert!(expanded.root.at(&["Resources", "A", "Properties", "Body", "Fn::Transform"]).is_some());
}

#[test]
fn parameters_come_from_the_user_before_defaults() {
    let template = "\
Parameters:
  Alias: {Type: String, Default: blue}
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties: {Handler: a.b, Runtime: python3.13, AutoPublishAlias: !Ref Alias}
";
    assert_eq!(Expanded::of(template).at(&["Resources", "FAliasblue", "Type"]).as_str(), Some("AWS::Lambda::Alias"));
    let parameters = [("Alias".to_owned(), "green".to_owned())].into();
    let green = Expanded::with(template, &Inputs { parameters, ..Inputs::default() });
    assert!(green.root.at(&["Resources", "FAliasgreen"]).is_some());
}

#[test]
fn no_shape_of_any_property_breaks_the_expansion() {
    use super::specification::{events, resources};
    let values = ["null", "7", "text", "[]", "[1, {a: b}]", "{}", "{Ref: X}", "{a: {b: [c]}, d: 1}", "true"];
    let types = [
        ("Function", resources::FUNCTION),
        ("WebFunction", resources::WEB_FUNCTION),
        ("StateMachine", resources::STATE_MACHINE),
        ("Api", resources::API),
        ("HttpApi", resources::HTTP_API),
        ("WebSocketApi", resources::WEB_SOCKET_API),
        ("SimpleTable", resources::SIMPLE_TABLE),
        ("Application", resources::APPLICATION),
        ("LayerVersion", resources::LAYER_VERSION),
        ("CapacityProvider", resources::CAPACITY_PROVIDER),
        ("MicrovmImage", resources::MICROVM_IMAGE),
        ("NetworkConnector", resources::NETWORK_CONNECTOR),
        ("GraphQLApi", resources::GRAPHQL_API),
        ("Connector", resources::CONNECTOR),
    ];
    let base = "Handler: a.b, Runtime: python3.13, InlineCode: x, StageName: s, Routes: {}, Location: s3://b/k";
    let mut expansions = 0;
    for (kind, properties) in types {
        for property in properties {
            for value in values {
                let others: Vec<&str> = base
                    .split(", ")
                    .filter(|pair| {
                        let name = pair.split(':').next().unwrap_or_default();
                        name != property.name && properties.iter().any(|known| known.name == name)
                    })
                    .collect();
                let text = format!(
                    "Resources: {{A: {{Type: 'AWS::Serverless::{kind}', Properties: {{{}, {}: {value}}}}}}}",
                    others.join(", "),
                    property.name
                );
                let text = text.replace("{, ", "{");
                expansions += usize::from(Expanded::of(&text).root.get("Resources").is_some());
            }
        }
    }
    for (kind, properties) in [
        ("Api", events::API),
        ("HttpApi", events::HTTP_API),
        ("S3", events::S3),
        ("SNS", events::SNS),
        ("Cognito", events::COGNITO),
        ("MQ", events::MQ),
        ("SelfManagedKafka", events::SELF_MANAGED_KAFKA),
        ("ScheduleV2", events::SCHEDULE_V2),
    ] {
        for property in properties {
            for value in values {
                let text = format!(
                    "Resources: {{A: {{Type: 'AWS::Serverless::Function', Properties: {{Handler: a, Runtime: b, Events: {{E: {{Type: {kind}, Properties: {{{}: {value}}}}}}}}}}}}}",
                    property.name
                );
                expansions += usize::from(Expanded::of(&text).root.get("Resources").is_some());
            }
        }
    }
    assert!(expansions > 2000, "{expansions}");
}
