//! Graphs of small CloudFormation templates.

mod coverage;
mod flow;

use super::{Auth, Certainty, EdgeKind, Graph, IntegrationKind, Qualifier, RoleOf, Setting, Template};
use crate::source::{NoFiles, SourceFile};
use crate::template::Inputs;
use std::sync::Arc;

/// The graph of a CloudFormation template with these resources.
pub(super) fn graph(resources: &str) -> Graph {
    let text = format!("AWSTemplateFormatVersion: '2010-09-09'\n{resources}");
    let inputs = Inputs::default();
    let file = Arc::new(SourceFile::new("template.yaml", text));
    let loaded = crate::template::load::load(file, &NoFiles, &inputs).expect("a template");
    Graph::new(Template::new(loaded.dialect, loaded.root, loaded.problems, inputs).with_definitions(loaded.definitions))
}

/// `source verb target` for all edges of a kind.
pub(super) fn edges(graph: &Graph, kind: EdgeKind) -> Vec<String> {
    let edges = graph.edges().filter(|edge| edge.kind() == kind);
    edges.map(|edge| format!("{} {} {}", edge.source().name(), kind.verb(), edge.target().name())).collect()
}

const REST: &str = r#"
Resources:
  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: shop, EndpointConfiguration: {Types: [REGIONAL]}}}
  Orders: {Type: AWS::ApiGateway::Resource, Properties: {RestApiId: !Ref Api, ParentId: !GetAtt Api.RootResourceId, PathPart: orders}}
  One: {Type: AWS::ApiGateway::Resource, Properties: {RestApiId: !Ref Api, ParentId: !Ref Orders, PathPart: '{id}'}}
  Get:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !Ref One
      HttpMethod: GET
      AuthorizationType: CUSTOM
      AuthorizerId: !Ref Gate
      Integration:
        Type: AWS_PROXY
        TimeoutInMillis: 5000
        Uri: !Sub arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${F.Arn}:live/invocations
  Start:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !Ref Orders
      HttpMethod: POST
      ApiKeyRequired: true
      Integration:
        Type: AWS
        Uri: !Sub arn:${AWS::Partition}:apigateway:${AWS::Region}:states:action/StartSyncExecution
        RequestTemplates: {application/json: !Sub '{"stateMachineArn": "${Flow}", "input": "$util.escapeJavaScript($input.body)"}'}
  Gate:
    Type: AWS::ApiGateway::Authorizer
    Properties:
      RestApiId: !Ref Api
      Type: TOKEN
      AuthorizerUri: !Join ['', ['arn:aws:apigateway:', !Ref AWS::Region, ':lambda:path/2015-03-31/functions/', !GetAtt G.Arn, /invocations]]
  F: {Type: AWS::Lambda::Function, Properties: {Runtime: python3.13}}
  G: {Type: AWS::Lambda::Function, Properties: {Runtime: python3.13}}
  Flow: {Type: AWS::StepFunctions::StateMachine, Properties: {StateMachineType: EXPRESS}}
"#;

#[test]
fn rest_methods_are_routes() {
    let graph = graph(REST);
    let routes: Vec<_> = graph.routes().collect();
    let names: Vec<_> = routes.iter().map(|route| route.name().to_string()).collect();
    assert_eq!(names, ["GET /orders/{id}", "POST /orders"]);
    assert_eq!(routes[0].auth().value(), Some(Auth::Custom));
    assert_eq!(routes[0].timeout_ms().value(), Some(5000));
    assert_eq!(routes[0].qualifier(), Qualifier::Alias(None));
    assert_eq!(routes[0].target(), graph.node("F"));
    assert_eq!(routes[0].authorizer(), graph.node("Gate"));
    assert_eq!(routes[1].auth().value(), Some(Auth::None));
    assert_eq!(routes[1].api_key_required().value(), Some(true));
    assert!(matches!(routes[1].timeout_ms(), Setting::Default(29_000, _)));
    assert_eq!(routes[1].integration(), IntegrationKind::Service);
    assert_eq!(routes[1].action(), Some("states:StartSyncExecution"));
    assert_eq!(edges(&graph, EdgeKind::InvokesSync), ["Get invokes F", "Start invokes Flow", "Gate invokes G"]);
}

#[test]
fn operations_of_an_openapi_body_are_routes() {
    let graph = graph(
        r"
Parameters: {Stage: {Type: String}}
Conditions: {Prod: !Equals [!Ref Stage, prod]}
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Body:
        swagger: '2.0'
        securityDefinitions:
          Pool:
            type: apiKey
            name: Authorization
            x-amazon-apigateway-authtype: cognito_user_pools
            x-amazon-apigateway-authorizer: {type: cognito_user_pools, providerARNs: [!GetAtt Users.Arn]}
          api_key: {type: apiKey, name: x-api-key, in: header}
        paths:
          /orders:
            get:
              security: [{Pool: []}, {api_key: []}]
              x-amazon-apigateway-integration:
                type: aws_proxy
                uri: !Sub arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${F.Arn}/invocations
            post: !If
              - Prod
              - x-amazon-apigateway-integration:
                  type: aws_proxy
                  responseTransferMode: STREAM
                  uri: !Sub arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${F.Arn}/invocations
              - !Ref AWS::NoValue
            x-amazon-apigateway-any-method:
              security: !Ref Stage
  Users: {Type: AWS::Cognito::UserPool}
  F: {Type: AWS::Lambda::Function}
",
    );
    let routes: Vec<_> = graph.routes().collect();
    let names: Vec<_> = routes.iter().map(|route| route.name().to_string()).collect();
    assert_eq!(names, ["GET /orders", "POST /orders", "ANY /orders"]);
    assert_eq!(routes[0].auth().value(), Some(Auth::Cognito));
    assert_eq!(routes[0].api_key_required().value(), Some(true));
    assert_eq!(routes[1].streams().value(), Some(true));
    assert_eq!(routes[1].auth().value(), Some(Auth::None));
    assert_eq!(routes[2].auth().value(), None, "an unknown requirement is no missing one");
    assert_eq!(routes[2].integration(), IntegrationKind::Missing);
    assert_eq!(edges(&graph, EdgeKind::InvokesSync), ["GET /orders invokes F", "POST /orders invokes F"]);
    assert_eq!(routes[0].resource().map(super::super::template::model::Resource::id), Some("Api"));
}

#[test]
fn http_routes_go_through_integrations() {
    let graph = graph(
        r"
Resources:
  Api: {Type: AWS::ApiGatewayV2::Api, Properties: {ProtocolType: HTTP, Name: shop}}
  Route: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref Api, RouteKey: GET /a, Target: !Join [/, [integrations, !Ref I]]}}
  I: {Type: AWS::ApiGatewayV2::Integration, Properties: {ApiId: !Ref Api, IntegrationType: AWS_PROXY, IntegrationUri: !Ref Live}}
  Put: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref Api, RouteKey: $default, Target: !Sub 'integrations/${Q}', AuthorizationType: AWS_IAM}}
  Q: {Type: AWS::ApiGatewayV2::Integration, Properties: {ApiId: !Ref Api, IntegrationType: AWS_PROXY, IntegrationSubtype: SQS-SendMessage, RequestParameters: {QueueUrl: !Ref Queue}}}
  Queue: {Type: AWS::SQS::Queue}
  F: {Type: AWS::Lambda::Function}
  Live: {Type: AWS::Lambda::Alias, Properties: {FunctionName: !Ref F, Name: live, FunctionVersion: '1'}}
",
    );
    let routes: Vec<_> = graph.routes().collect();
    assert_eq!(routes[0].target(), graph.node("F"));
    assert!(matches!(routes[0].qualifier(), Qualifier::Alias(Some(_))));
    assert!(matches!(routes[0].timeout_ms(), Setting::Default(30_000, _)));
    assert_eq!(routes[0].integration_resource().map(super::super::template::model::Resource::id), Some("I"));
    assert_eq!(routes[1].path(), Some("$default"));
    assert_eq!(routes[1].auth().value(), Some(Auth::Iam));
    assert_eq!(edges(&graph, EdgeKind::Publishes), ["Put publishes to Queue"]);
}

#[test]
fn roles_grant_what_their_statements_name() {
    let graph = graph(
        r"
Parameters: {Other: {Type: String}}
Resources:
  F: {Type: AWS::Lambda::Function, Properties: {Role: !GetAtt Role.Arn}}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: [lambda.amazonaws.com]}, Action: sts:AssumeRole}]}
      ManagedPolicyArns: [arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]
      Policies:
        - PolicyName: a
          PolicyDocument:
            Statement:
              - {Effect: Allow, Action: ['dynamodb:Get*', dynamodb:PutItem], Resource: [!GetAtt Table.Arn, !Sub '${Table.Arn}/index/*']}
              - Effect: Allow
                Action: s3:*
                Resource: !Sub arn:${AWS::Partition}:s3:::${Bucket}/*
                Condition: {StringEquals: {aws:SourceAccount: !Ref AWS::AccountId}}
  Extra:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: extra
      Roles: [!Ref Role]
      PolicyDocument: {Statement: {Effect: Allow, Action: sqs:SendMessage, Resource: !GetAtt Queue.Arn}}
  Table: {Type: AWS::DynamoDB::Table}
  Bucket: {Type: AWS::S3::Bucket}
  Queue: {Type: AWS::SQS::Queue}
",
    );
    assert_eq!(edges(&graph, EdgeKind::Reads), ["F reads Table", "F reads Bucket"]);
    assert_eq!(edges(&graph, EdgeKind::Writes), ["F writes Table", "F writes Bucket"]);
    assert_eq!(edges(&graph, EdgeKind::Publishes), ["F publishes to Queue"]);
    assert!(
        graph
            .edges()
            .filter(|edge| edge.kind() == EdgeKind::Reads)
            .all(|edge| { edge.certainty() == Certainty::Granted && edge.via().is_some_and(|via| via.id() == "Role") })
    );
    let RoleOf::Role(role) = graph.role_of(graph.node("F").expect("node")) else { panic!("the role is known") };
    assert_eq!(role.trust()[0].for_service("lambda.amazonaws.com"), Some(true));
    assert_eq!(role.allows("logs:PutLogEvents", None), Some(true));
    assert_eq!(role.allows("dynamodb:DeleteItem", graph.node("Table")), Some(false));
    assert_eq!(role.allows("sqs:SendMessage", graph.node("Queue")), Some(true));
    assert_eq!(role.statements()[1].narrowed_by(&["AWS:SourceAccount"]), Some(true));
    assert_eq!(role.statements()[0].narrowed_by(&["aws:SourceAccount"]), Some(false));
}

#[test]
fn alarms_are_found_by_their_dimensions() {
    let graph = graph(
        r"
Parameters: {Stage: {Type: String}, Name: {Type: String}}
Conditions: {Prod: !Equals [!Ref Stage, prod]}
Resources:
  F: {Type: AWS::Lambda::Function}
  G: {Type: AWS::Lambda::Function, Properties: {FunctionName: !Sub 'g-${Stage}'}}
  H: {Type: AWS::Lambda::Function}
  Topic: {Type: AWS::SNS::Topic}
  Errors:
    Type: AWS::CloudWatch::Alarm
    Condition: Prod
    Properties:
      Namespace: AWS/Lambda
      MetricName: Errors
      Dimensions: [{Name: FunctionName, Value: !Ref F}]
      AlarmActions: [!Ref Topic]
  Rate:
    Type: AWS::CloudWatch::Alarm
    Properties:
      Metrics:
        - {Id: e, MetricStat: {Metric: {Namespace: AWS/Lambda, MetricName: Errors, Dimensions: [{Name: FunctionName, Value: !Sub 'g-${Stage}'}]}, Period: 60, Stat: Sum}}
        - {Id: r, Expression: e / 2}
  Either: {Type: AWS::CloudWatch::CompositeAlarm, Properties: {AlarmRule: !Sub 'ALARM(${Errors}) OR ALARM(${Rate.Arn})'}}
",
    );
    let node = |id: &str| graph.node(id).expect("node");
    assert_eq!(graph.alarms_on(node("F"), &["Errors"]), Some(true));
    assert_eq!(graph.alarms_on(node("G"), &["Errors"]), Some(true));
    assert_eq!(graph.alarms_on(node("G"), &["Throttles"]), Some(false));
    assert_eq!(graph.alarms_on(node("H"), &["Errors"]), Some(false));
    assert_eq!(graph.alarm_notifies(node("Errors")), Some(true));
    assert_eq!(graph.alarm_notifies(node("Rate")), Some(false));
    assert_eq!(
        edges(&graph, EdgeKind::AlarmsOn),
        ["Errors watches F", "Rate watches G", "Either watches Errors", "Either watches Rate"]
    );
}

#[test]
fn an_alarm_watches_all_apis_that_share_a_name() {
    let graph = graph(
        r"
Resources:
  A: {Type: AWS::ApiGateway::RestApi, Properties: {Name: shop}}
  B: {Type: AWS::ApiGateway::RestApi, Properties: {Name: shop}}
  C: {Type: AWS::ApiGateway::RestApi, Properties: {Name: other}}
  Errors: {Type: AWS::CloudWatch::Alarm, Properties: {Namespace: AWS/ApiGateway, MetricName: 5XXError, Dimensions: [{Name: ApiName, Value: shop}]}}
",
    );
    assert_eq!(edges(&graph, EdgeKind::AlarmsOn), ["Errors watches A", "Errors watches B"]);
    assert_eq!(graph.alarms_on(graph.node("C").expect("node"), &["5XXError"]), Some(false));
}

#[test]
fn an_alarm_on_something_unknown_may_be_on_anything() {
    let graph = graph(
        r"
Parameters: {Name: {Type: String}}
Resources:
  F: {Type: AWS::Lambda::Function}
  A: {Type: AWS::CloudWatch::Alarm, Properties: {Namespace: AWS/Lambda, MetricName: Errors, Dimensions: [{Name: FunctionName, Value: !Ref Name}]}}
",
    );
    let node = graph.node("F").expect("node");
    assert_eq!(graph.alarms_on(node, &["Errors"]), None);
    assert_eq!(graph.alarms_on(node, &["Throttles"]), Some(false));
}
