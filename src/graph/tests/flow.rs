//! Deliveries, definitions, cycles, networks.

use super::super::{Certainty, DefectKind, EdgeKind, Limit, Pattern, Qualifier, SourceKind, path_text};
use super::{edges, graph};

#[test]
fn topics_buckets_rules_and_pipes_deliver() {
    let graph = graph(
        r#"
Parameters: {Away: {Type: String}}
Resources:
  F: {Type: AWS::Lambda::Function}
  G: {Type: AWS::Lambda::Function, Properties: {FunctionName: gee}}
  Queue: {Type: AWS::SQS::Queue, Properties: {RedrivePolicy: !Sub '{"deadLetterTargetArn": "${Dead.Arn}", "maxReceiveCount": 3}'}}
  Dead: {Type: AWS::SQS::Queue}
  Topic: {Type: AWS::SNS::Topic, Properties: {Subscription: [{Protocol: lambda, Endpoint: !GetAtt F.Arn}]}}
  Sub:
    Type: AWS::SNS::Subscription
    Properties: {TopicArn: !Ref Topic, Protocol: sqs, Endpoint: !GetAtt Queue.Arn, FilterPolicy: {a: [b]}, RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn}}
  Bucket:
    Type: AWS::S3::Bucket
    Properties:
      NotificationConfiguration:
        LambdaConfigurations:
          - {Event: 's3:ObjectCreated:*', Function: !GetAtt G.Arn, Filter: {S3Key: {Rules: [{Name: prefix, Value: in/}]}}}
        EventBridgeConfiguration: {EventBridgeEnabled: true}
  Rule:
    Type: AWS::Events::Rule
    Properties:
      EventPattern: {source: [aws.s3], detail: {bucket: {name: [!Ref Bucket]}}}
      Targets:
        - {Id: a, Arn: 'arn:aws:lambda:eu-west-1:123456789012:function:gee:live', DeadLetterConfig: {Arn: !GetAtt Dead.Arn}}
        - {Id: b, Arn: !Ref Away}
  Pipe: {Type: AWS::Pipes::Pipe, Properties: {Source: !GetAtt Queue.Arn, Target: !GetAtt F.Arn}}
"#,
    );
    assert_eq!(edges(&graph, EdgeKind::InvokesAsync), ["Topic triggers F", "Bucket triggers G", "Rule triggers G"]);
    assert_eq!(
        edges(&graph, EdgeKind::DeadLettersTo),
        ["Queue dead-letters to Dead", "Topic dead-letters to Dead", "Rule dead-letters to Dead"]
    );
    assert_eq!(
        edges(&graph, EdgeKind::Publishes),
        ["Topic publishes to Queue", "Bucket publishes to Rule", "Rule publishes to Away"]
    );
    assert_eq!(edges(&graph, EdgeKind::Polls), ["Queue feeds Pipe"]);
    assert_eq!(edges(&graph, EdgeKind::InvokesSync), ["Pipe invokes F"]);
    let all: Vec<_> = graph.deliveries().collect();
    let letters: Vec<_> = all.iter().map(|delivery| delivery.has_dead_letter()).collect();
    assert_eq!(letters, [Some(false), Some(true), Some(false), Some(true), Some(false), Some(false)]);
    assert_eq!(all[1].is_filtered(), Some(true));
    assert_eq!(all[2].prefix(), Some("in/"));
    assert_eq!(all[3].qualifier(), Qualifier::Alias(None));
}

#[test]
fn definitions_are_read_in_all_forms() {
    let graph = graph(
        r#"
Resources:
  F: {Type: AWS::Lambda::Function}
  Queue: {Type: AWS::SQS::Queue}
  Text:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      StateMachineType: EXPRESS
      DefinitionString: !Sub |
        {"StartAt": "A", "TimeoutSeconds": ${Limit}, "States": {
          "A": {"Type": "Task", "Resource": "${F.Arn}", "TimeoutSeconds": 10, "Next": "B",
                "Retry": [{"ErrorEquals": ["States.ALL"], "MaxAttempts": 1}], "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Gone"}]},
          "B": {"Type": "Task", "Resource": "arn:${AWS::Partition}:states:::sqs:sendMessage.waitForTaskToken",
                "Parameters": {"QueueUrl": "${Queue}"}, "End": true},
          "C": {"Type": "Pass", "End": true}}}
  Object:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      DefinitionSubstitutions: {Fn: !GetAtt F.Arn, Wait: 30}
      Definition:
        StartAt: Each
        States:
          Each:
            Type: Map
            ItemProcessor:
              ProcessorConfig: {Mode: DISTRIBUTED}
              StartAt: Call
              States:
                Call: {Type: Task, Resource: 'arn:aws:states:::lambda:invoke', Arguments: {FunctionName: '${Fn}:live'}, TimeoutSeconds: '${Wait}', HeartbeatSecondsPath: $.beat, End: true}
            Next: Last
          Last: {Type: Wait, Seconds: 5}
  Away: {Type: AWS::StepFunctions::StateMachine, Properties: {DefinitionS3Location: {Bucket: b, Key: k}}}
"#,
    );
    let machines: Vec<_> = graph.state_machines().collect();
    let text = machines[0].definition();
    assert_eq!(machines[0].express().value(), Some(true));
    assert!(text.known);
    assert!(matches!(text.timeout, Limit::Dynamic(_)));
    let a = text.scope.state("A").expect("state");
    assert_eq!(a.timeout.value(), Some(10));
    assert_eq!(a.retry[0].max_attempts, Some(1));
    let b = text.scope.state("B").and_then(|state| state.task.as_ref()).expect("task");
    assert_eq!((b.pattern, &*b.action), (Pattern::Token, "sqs:sendMessage"));
    let defects: Vec<_> = text.defects.iter().map(|defect| (defect.kind, defect.state.as_deref())).collect();
    assert_eq!(defects, [(DefectKind::Target, Some("A")), (DefectKind::Unreachable, Some("C"))]);
    let object = machines[1].definition();
    let names: Vec<_> = object.states().iter().map(|state| state.name.to_string()).collect();
    assert_eq!(names, ["Each", "Call", "Last"]);
    assert_eq!(object.states()[0].distributed, Some(true));
    let call = object.states()[1];
    assert_eq!(call.timeout.value(), Some(30));
    assert!(matches!(call.heartbeat, Limit::Dynamic(_)));
    assert_eq!(call.task.as_ref().map(|task| task.qualifier), Some(Qualifier::Alias(None)));
    assert_eq!(object.defects.iter().map(|defect| defect.kind).collect::<Vec<_>>(), [DefectKind::End]);
    assert!(!machines[2].definition().known);
    assert_eq!(edges(&graph, EdgeKind::InvokesSync), ["Text invokes F", "Object invokes F"]);
    assert_eq!(edges(&graph, EdgeKind::Publishes), ["Text publishes to Queue"]);
}

#[test]
fn cycles_of_events_are_found() {
    let graph = graph(
        r"
Resources:
  F: {Type: AWS::Lambda::Function, Properties: {Role: !GetAtt Role.Arn, Environment: {Variables: {NEXT: !Ref G}}}}
  G: {Type: AWS::Lambda::Function}
  Queue: {Type: AWS::SQS::Queue}
  M: {Type: AWS::Lambda::EventSourceMapping, Properties: {EventSourceArn: !GetAtt Queue.Arn, FunctionName: !Ref F}}
  Role:
    Type: AWS::IAM::Role
    DependsOn: G
    Properties:
      Policies: [{PolicyName: a, PolicyDocument: {Statement: [{Effect: Allow, Action: 'sqs:*', Resource: !GetAtt Queue.Arn}]}}]
",
    );
    let cycles: Vec<_> = graph.cycles().iter().map(|cycle| path_text(cycle)).collect();
    assert_eq!(cycles, ["F → Queue → F"]);
    let hinted: Vec<_> =
        graph.node("G").expect("node").sync_callers().map(super::super::edge::EdgeRef::certainty).collect();
    assert_eq!(hinted, [Certainty::Hinted]);
    let role = graph.node("Role").and_then(super::super::node::NodeRef::resource).expect("role");
    let named: Vec<_> = graph.references(role).iter().map(|one| (one.target.name(), one.attribute)).collect();
    assert_eq!(named, [("G", None), ("Queue", Some("Arn"))]);
    let mapping = graph.mappings().next().expect("mapping");
    assert_eq!(mapping.source_kind(), SourceKind::Queue);
}

#[test]
fn functions_in_a_vpc_reach_what_routes_and_endpoints_allow() {
    let graph = graph(
        r"
Parameters: {Given: {Type: String}}
Resources:
  F: {Type: AWS::Lambda::Function, Properties: {VpcConfig: {SubnetIds: [!Ref Bare], SecurityGroupIds: [sg]}}}
  N: {Type: AWS::Lambda::Function, Properties: {VpcConfig: {SubnetIds: [!Ref Natted], SecurityGroupIds: [sg]}}}
  U: {Type: AWS::Lambda::Function, Properties: {VpcConfig: {SubnetIds: [!Ref Given], SecurityGroupIds: [sg]}}}
  O: {Type: AWS::Lambda::Function}
  Vpc: {Type: AWS::EC2::VPC}
  Bare: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc}}
  Natted: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc}}
  Table: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Vpc}}
  Joined: {Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {SubnetId: !Ref Natted, RouteTableId: !Ref Table}}
  Out: {Type: AWS::EC2::Route, Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/0, NatGatewayId: !Ref Nat}}
  Nat: {Type: AWS::EC2::NatGateway}
  Sqs: {Type: AWS::EC2::VPCEndpoint, Properties: {VpcId: !Ref Vpc, VpcEndpointType: Interface, ServiceName: !Sub 'com.amazonaws.${AWS::Region}.sqs'}}
",
    );
    let reaches = |id: &str, service: &str| graph.reaches_service(graph.node(id).expect("node"), service);
    assert_eq!(reaches("F", "s3"), Some(false));
    assert_eq!(reaches("F", "sqs"), Some(true));
    assert_eq!(reaches("N", "s3"), Some(true));
    assert_eq!(reaches("U", "s3"), None);
    assert_eq!(reaches("O", "s3"), Some(true));
}

#[test]
fn services_may_call_where_a_policy_or_permission_says_so() {
    let graph = graph(
        r"
Resources:
  F: {Type: AWS::Lambda::Function}
  G: {Type: AWS::Lambda::Function}
  Rule: {Type: AWS::Events::Rule}
  Other: {Type: AWS::Events::Rule}
  P: {Type: AWS::Lambda::Permission, Properties: {FunctionName: !Ref F, Action: lambda:InvokeFunction, Principal: events.amazonaws.com, SourceArn: !GetAtt Rule.Arn}}
  Topic: {Type: AWS::SNS::Topic}
  Queue: {Type: AWS::SQS::Queue}
  Shut: {Type: AWS::SQS::Queue}
  Policy:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: [!Ref Queue]
      PolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: sns.amazonaws.com}, Action: 'sqs:Send*', Resource: '*', Condition: {ArnEquals: {'aws:SourceArn': !Ref Topic}}}]
",
    );
    let node = |id: &str| graph.node(id).expect("node");
    let events = "events.amazonaws.com";
    assert_eq!(graph.may_invoke(events, node("F"), Some(node("Rule"))), Some(true));
    assert_eq!(graph.may_invoke(events, node("F"), Some(node("Other"))), Some(false));
    assert_eq!(graph.may_invoke(events, node("G"), None), Some(false));
    let sns =
        |queue: &str| graph.lets_service(node(queue), "sns.amazonaws.com", "sqs:SendMessage", Some(node("Topic")));
    assert_eq!(sns("Queue"), Some(true));
    assert_eq!(sns("Shut"), Some(false));
}
