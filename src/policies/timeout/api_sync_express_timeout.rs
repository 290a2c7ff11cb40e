use super::super::{machines, measure};
use crate::policy;
use crate::policy::{Context, Place};

policy! {
    /// A workflow may run longer than the API that waits for it.
    ///
    /// `StartSyncExecution` makes a REST or HTTP API wait for the end of an express workflow. The worst
    /// case of the workflow is the path of states that takes the longest: waits, and tasks until their own
    /// limit or the timeout of the function they call. Retries and loops are not counted.
    ///
    /// ## Why it matters
    ///
    /// A REST API gives up after 29 seconds and an HTTP API after 30. The client gets 504, while the
    /// workflow runs on to its own end and is billed; a client that tries again starts it a second time.
    ///
    /// ## How to fix
    ///
    /// Lower the timeouts along the path, or set `TimeoutSeconds` of the machine below the API's limit so
    /// that the two end together; for longer work start the execution and let the client ask for its result.
    ///
    /// ## When to suppress
    ///
    /// When the long path is one that requests through this API never take.
    ///
    /// ## Source
    ///
    /// AWS Step Functions developer guide, "Synchronous and asynchronous express workflows"; Amazon API
    /// Gateway quotas (integration timeout 29 s REST, 30 s HTTP); read 2026-11.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Flow:
    ///     Type: AWS::Serverless::StateMachine
    ///     Properties: {Type: EXPRESS, Definition: {StartAt: Pause, States: {Pause: {Type: Wait, Seconds: 60, End: true}}}}
    ///   Api: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: shop, ProtocolType: HTTP}}
    ///   Call:
    ///     Type: AWS::ApiGatewayV2::Integration
    ///     Properties: {ApiId: !Ref Api, IntegrationType: AWS_PROXY, IntegrationSubtype: StepFunctions-StartSyncExecution, PayloadFormatVersion: '1.0', RequestParameters: {StateMachineArn: !Ref Flow}}
    ///   Order: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref Api, RouteKey: POST /orders, Target: !Sub 'integrations/${Call}'}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Flow:
    ///     Type: AWS::Serverless::StateMachine
    ///     Properties: {Type: EXPRESS, Definition: {StartAt: Pause, States: {Pause: {Type: Wait, Seconds: 6, End: true}}}}
    ///   Api: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: shop, ProtocolType: HTTP}}
    ///   Call:
    ///     Type: AWS::ApiGatewayV2::Integration
    ///     Properties: {ApiId: !Ref Api, IntegrationType: AWS_PROXY, IntegrationSubtype: StepFunctions-StartSyncExecution, PayloadFormatVersion: '1.0', RequestParameters: {StateMachineArn: !Ref Flow}}
    ///   Order: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref Api, RouteKey: POST /orders, Target: !Sub 'integrations/${Call}'}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Flow:
    ///       Type: AWS::StepFunctions::StateMachine
    ///       Properties: {RoleArn: !GetAtt Role.Arn, StateMachineType: EXPRESS, Definition: {StartAt: Pause, States: {Pause: {Type: Wait, Seconds: 60, End: true}}}}
    ///     Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: shop}}
    ///     Order:
    ///       Type: AWS::ApiGateway::Method
    ///       Properties: {RestApiId: !Ref Api, ResourceId: !GetAtt Api.RootResourceId, HttpMethod: POST, AuthorizationType: AWS_IAM, Integration: {Type: AWS, IntegrationHttpMethod: POST, Uri: !Sub 'arn:aws:apigateway:${AWS::Region}:states:action/StartSyncExecution', Credentials: !GetAtt Role.Arn, RequestTemplates: {application/json: !Sub '{"stateMachineArn": "${Flow}", "input": "{}"}'}}}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Flow:
    ///       Type: AWS::StepFunctions::StateMachine
    ///       Properties: {RoleArn: !GetAtt Role.Arn, StateMachineType: EXPRESS, Definition: {StartAt: Pause, TimeoutSeconds: 25, States: {Pause: {Type: Wait, Seconds: 60, End: true}}}}
    ///     Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: shop}}
    ///     Order:
    ///       Type: AWS::ApiGateway::Method
    ///       Properties: {RestApiId: !Ref Api, ResourceId: !GetAtt Api.RootResourceId, HttpMethod: POST, AuthorizationType: AWS_IAM, Integration: {Type: AWS, IntegrationHttpMethod: POST, Uri: !Sub 'arn:aws:apigateway:${AWS::Region}:states:action/StartSyncExecution', Credentials: !GetAtt Role.Arn, RequestTemplates: {application/json: !Sub '{"stateMachineArn": "${Flow}", "input": "{}"}'}}}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Flow:
    ///     Type: AWS::StepFunctions::StateMachine
    ///     Properties: {RoleArn: !GetAtt Role.Arn, StateMachineType: EXPRESS, Definition: {StartAt: Pause, States: {Pause: {Type: Wait, Seconds: 60, End: true}}}}
    ///   Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: shop}}
    ///   Order:
    ///     Type: AWS::ApiGateway::Method
    ///     Properties: {RestApiId: !Ref Api, ResourceId: !GetAtt Api.RootResourceId, HttpMethod: POST, AuthorizationType: AWS_IAM, Integration: {Type: AWS, IntegrationHttpMethod: POST, Uri: !Sub 'arn:aws:apigateway:${AWS::Region}:states:action/StartSyncExecution', Credentials: !GetAtt Role.Arn, RequestTemplates: {application/json: !Sub '{"stateMachineArn": "${Flow}", "input": "{}"}'}}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Flow:
    ///     Type: AWS::StepFunctions::StateMachine
    ///     Properties: {RoleArn: !GetAtt Role.Arn, StateMachineType: EXPRESS, Definition: {StartAt: Pause, TimeoutSeconds: 25, States: {Pause: {Type: Wait, Seconds: 60, End: true}}}}
    ///   Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: shop}}
    ///   Order:
    ///     Type: AWS::ApiGateway::Method
    ///     Properties: {RestApiId: !Ref Api, ResourceId: !GetAtt Api.RootResourceId, HttpMethod: POST, AuthorizationType: AWS_IAM, Integration: {Type: AWS, IntegrationHttpMethod: POST, Uri: !Sub 'arn:aws:apigateway:${AWS::Region}:states:action/StartSyncExecution', Credentials: !GetAtt Role.Arn, RequestTemplates: {application/json: !Sub '{"stateMachineArn": "${Flow}", "input": "{}"}'}}}
    /// ```
    pub(super) static POLICY = "api-sync-express-timeout" {
        category: Timeout, severity: High, profile: Recommended, fix: None, since: "0.1.0", risks: ["SAS-08"], check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    let mut seen = Vec::new();
    for route in cx.graph.routes() {
        if route.action() != Some("states:StartSyncExecution") || route.streams().value() == Some(true) {
            continue;
        }
        let (Some(target), Some(patience), Some(api)) = (route.target(), route.timeout_ms().value(), route.api())
        else {
            continue;
        };
        let Some((machine, resource)) = machines::known(cx.graph).find(|(machine, _)| machine.node() == target) else {
            continue;
        };
        if route.resource().is_some_and(|resource| resource.exists() == Some(false))
            || seen.contains(&(target.index(), api.node().index()))
        {
            continue;
        }
        let steps = machines::longest(cx.graph, &machine.definition().scope);
        let path = machines::total(&steps);
        let limit = machine.definition().timeout;
        let seconds = limit.value().map_or(path, |limit| limit.min(path));
        if seconds.saturating_mul(1000) <= patience || (!limit.is_absent() && limit.value().is_none()) {
            continue;
        }
        seen.push((target.index(), api.node().index()));
        let (id, api, patience) = (resource.id(), api.node().name(), measure::seconds(patience));
        let mut report = cx
            .report(
                Place::within(resource, machine.definition().origin),
                format!(
                    "{id} may run {seconds} s ({}), but {api} gives up after {patience} s ({})",
                    machines::text(&steps),
                    route.name()
                ),
            )
            .help(format!("lower the timeouts along the path, or set TimeoutSeconds of {id} below {patience}"))
            .related(route.origin(), format!("{} waits {patience} s for {id}", route.name()));
        for step in steps.iter().take(3) {
            let place = step.state.timeout.origin().or(step.state.wait.origin()).unwrap_or(step.state.place);
            report = report
                .related(Place::within(resource, place), format!("{} may take {} s", step.state.name, step.seconds));
        }
    }
}
