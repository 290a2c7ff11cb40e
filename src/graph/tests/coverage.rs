//! What watches what.

use super::graph;
use crate::graph::Graph;
use std::fmt::Write;

/// `Resource: signal=yes,…` for the alarms and other means of all resources.
fn shown(graph: &Graph) -> String {
    let mut text = String::new();
    for one in graph.coverage() {
        let signals: Vec<String> = one
            .signals
            .iter()
            .map(|signal| {
                let verdict = match (signal.watched, signal.unheard.is_empty()) {
                    (Some(true), _) => "yes",
                    (Some(false), true) => "no",
                    (Some(false), false) => "unheard",
                    (None, _) => "?",
                };
                format!("{}={verdict}", signal.signal.name)
            })
            .collect();
        let _ = writeln!(text, "{}: {}", one.node.name(), signals.join(" "));
    }
    text
}

const F: &str = "
Resources:
  F: {Type: AWS::Lambda::Function, Properties: {Runtime: nodejs24.x}}
";

fn with(more: &str) -> String {
    shown(&graph(&format!("{F}{more}")))
}

#[test]
fn an_alarm_counts_when_somebody_receives_it() {
    let alarm = |metric: &str, more: &str| {
        format!(
            "  A: {{Type: AWS::CloudWatch::Alarm, Properties: {{Namespace: AWS/Lambda, MetricName: {metric}, \
             Dimensions: [{{Name: FunctionName, Value: !Ref F}}]{more}}}}}\n"
        )
    };
    let rest = "dashboard=no traces=no log retention=no\n";
    assert_eq!(with(""), format!("F: errors=no throttles=no duration=no {rest}"));
    let told = ", AlarmActions: ['arn:aws:sns:eu-west-1:123456789012:on-call']";
    assert_eq!(with(&alarm("Errors", told)), format!("F: errors=yes throttles=no duration=no {rest}"));
    assert_eq!(with(&alarm("Errors", "")), format!("F: errors=unheard throttles=no duration=no {rest}"));
    let off = format!("{told}, ActionsEnabled: false");
    assert_eq!(with(&alarm("Throttles", &off)), format!("F: errors=no throttles=unheard duration=no {rest}"));
    // Subscribers of a topic may be added by hand.
    let topic = "  T: {Type: AWS::SNS::Topic}\n";
    let to_topic = format!("{}{topic}", alarm("Errors", ", AlarmActions: [!Ref T]"));
    assert!(with(&to_topic).starts_with("F: errors=? throttles=no"));
    let subscribed =
        "  S: {Type: AWS::SNS::Subscription, Properties: {TopicArn: !Ref T, Protocol: email, Endpoint: a@b.c}}\n";
    assert!(with(&format!("{to_topic}{subscribed}")).starts_with("F: errors=yes throttles=no"));
}

#[test]
fn metric_math_composite_and_anomaly_alarms_count() {
    let math = "  A:
    Type: AWS::CloudWatch::Alarm
    Properties:
      AlarmActions: ['arn:aws:sns:eu-west-1:123456789012:on-call']
      Metrics:
        - {Id: e, ReturnData: false, MetricStat: {Period: 60, Stat: Sum, Metric: {Namespace: AWS/Lambda, MetricName: Errors, Dimensions: [{Name: FunctionName, Value: !Ref F}]}}}
        - {Id: r, Expression: e / 10}
";
    assert!(with(math).starts_with("F: errors=yes"));
    let anomaly = math.replace("e / 10", "'ANOMALY_DETECTION_BAND(e, 2)'").replace("Errors", "Duration");
    assert!(with(&anomaly).starts_with("F: errors=no throttles=no duration=yes"));
    let silent = "  A: {Type: AWS::CloudWatch::Alarm, Properties: {AlarmName: broken, Namespace: AWS/Lambda, MetricName: Errors, \
                  Dimensions: [{Name: FunctionName, Value: !Ref F}]}}\n";
    let composite = "  C: {Type: AWS::CloudWatch::CompositeAlarm, Properties: {AlarmRule: 'ALARM(broken)'ACTIONS}}\n";
    let told = composite.replace("ACTIONS", ", AlarmActions: ['arn:aws:sns:eu-west-1:123456789012:x']");
    assert!(with(&format!("{silent}{told}")).starts_with("F: errors=yes"));
    assert!(with(&format!("{silent}{}", composite.replace("ACTIONS", ""))).starts_with("F: errors=unheard"));
    // A metric over the whole account watches every function.
    let account = "  A: {Type: AWS::CloudWatch::Alarm, Properties: {Namespace: AWS/Lambda, MetricName: Throttles, AlarmActions: [x]}}\n";
    assert!(with(account).starts_with("F: errors=no throttles=yes"));
}

#[test]
fn dashboards_traces_and_logs_count() {
    let dashboard =
        |body: &str| format!("  D: {{Type: AWS::CloudWatch::Dashboard, Properties: {{DashboardBody: {body}}}}}\n");
    let widget =
        r#"!Sub '{"widgets": [{"properties": {"metrics": [["AWS/Lambda", "Errors", "FunctionName", "${F}"]]}}]}'"#;
    assert!(with(&dashboard(widget)).contains("dashboard=yes"));
    assert!(with(&dashboard("'{\"widgets\": []}'")).contains("dashboard=no"));
    let search = r#"'{"expression": "SEARCH(''{AWS/Lambda,FunctionName} Errors'', ''Sum'')"}'"#;
    assert!(with(&dashboard(search)).contains("dashboard=?"));
    let all = "
Resources:
  F: {Type: AWS::Lambda::Function, Properties: {FunctionName: orders, TracingConfig: {Mode: Active}, ReservedConcurrentExecutions: 5}}
  L: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: /aws/lambda/orders, RetentionInDays: 30}}
  D: {Type: AWS::CloudWatch::Dashboard, Properties: {DashboardBody: '{\"metrics\": [[\"AWS/Lambda\", \"Errors\", \"FunctionName\", \"orders\"]]}'}}
  M: {Type: AWS::StepFunctions::StateMachine, Properties: {LoggingConfiguration: {Level: ERROR}, TracingConfiguration: {Enabled: true}}}
  Q: {Type: AWS::SQS::Queue, Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 3}}}
  Dead: {Type: AWS::SQS::Queue}
  T: {Type: AWS::DynamoDB::Table}
  S: {Type: AWS::Kinesis::Stream}
";
    assert_eq!(
        shown(&graph(all)),
        "F: errors=no throttles=no duration=no concurrency=no dashboard=yes traces=yes log retention=yes\n\
         M: failures=no time-outs=no throttles=no dashboard=no traces=yes log=yes\n\
         Q: age or depth=no dashboard=no\n\
         Dead: depth=no dashboard=no\n\
         T: throttles=no system errors=no dashboard=no\n\
         S: throttles=no iterator age=no dashboard=no\n"
    );
}

#[test]
fn every_stage_of_an_api_counts() {
    let api = "
Resources:
  A: {Type: AWS::ApiGateway::RestApi, Properties: {Name: shop}}
  One: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref A, StageName: one, TracingEnabled: true, AccessLogSetting: {DestinationArn: x}}}
  Two: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref A, StageName: two, TracingEnabled: true}}
";
    assert_eq!(shown(&graph(api)), "A: 5xx=no latency=no dashboard=no traces=yes access log=no\n");
    let http = "
Resources:
  A: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: shop, ProtocolType: HTTP}}
  One: {Type: AWS::ApiGatewayV2::Stage, Properties: {ApiId: !Ref A, StageName: one, AccessLogSettings: {DestinationArn: x}}}
  Alarm: {Type: AWS::CloudWatch::Alarm, Properties: {Namespace: AWS/ApiGateway, MetricName: 5xx, AlarmActions: [x], Dimensions: [{Name: ApiId, Value: !Ref A}]}}
";
    assert_eq!(shown(&graph(http)), "A: 5xx=yes latency=no dashboard=no access log=yes\n");
}
