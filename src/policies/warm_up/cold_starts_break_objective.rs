use super::{objectives, warm};
use crate::policy;
use crate::policy::Context;

policy! {
    /// Cold starts make an entry miss an objective that it keeps while its functions are warm.
    ///
    /// Objectives are those under `slo` in `dewline.usage.yaml`, which must give the rate of the entry and
    /// the durations of the functions that its caller waits for.
    ///
    /// ## Why it matters
    ///
    /// The share of calls that start cold times the length of a start is what a percentile feels. Of rare
    /// traffic nearly every call starts cold, whatever the average says.
    ///
    /// ## How to fix
    ///
    /// The help names the cheapest means that keeps the objective by the model: pings, provisioned
    /// concurrency (fixed or by the hour), SnapStart, another architecture or memory. `dewline estimate`
    /// has the whole table.
    ///
    /// ## When to suppress
    ///
    /// When the objective is for the busy hours only.
    ///
    /// ## Source
    ///
    /// The models of `docs/cold-starts.md` and `docs/estimates.md`, with their errors; as of 2026-11.
    ///
    /// ## Examples
    ///
    /// The usage file beside the examples:
    ///
    /// ```yaml,file:dewline.usage.yaml
    /// version: 1
    /// resource_usage:
    ///   Orders: {monthly_requests: 3000}
    ///   HttpApi: {monthly_requests: 3000}
    ///   Rare: {request_duration_p50_ms: 20, request_duration_p99_ms: 60, init_duration_ms: 2500}
    ///   Kept: {request_duration_p50_ms: 20, request_duration_p99_ms: 60, init_duration_ms: 50, init_duration_p99_ms: 90}
    ///   RareLambdaFunction: {request_duration_p50_ms: 20, request_duration_p99_ms: 60, init_duration_ms: 2500}
    ///   KeptLambdaFunction: {request_duration_p50_ms: 20, request_duration_p99_ms: 60, init_duration_ms: 50, init_duration_p99_ms: 90}
    /// slo:
    ///   Orders: {p95_ms: 500}
    ///   HttpApi: {p95_ms: 500}
    /// ```
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Orders: {Type: AWS::Serverless::HttpApi}
    ///   Rare:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Events: {Get: {Type: HttpApi, Properties: {ApiId: !Ref Orders, Path: /orders, Method: get}}}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Orders: {Type: AWS::Serverless::HttpApi}
    ///   Kept:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Events: {Get: {Type: HttpApi, Properties: {ApiId: !Ref Orders, Path: /orders, Method: get}}}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   rare: {handler: app.main, events: [{httpApi: GET /orders}]}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   kept: {handler: app.main, events: [{httpApi: GET /orders}]}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Rare:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    ///   Orders: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: orders, ProtocolType: HTTP}}
    ///   Call: {Type: AWS::ApiGatewayV2::Integration, Properties: {ApiId: !Ref Orders, IntegrationType: AWS_PROXY, IntegrationUri: !GetAtt Rare.Arn, PayloadFormatVersion: "2.0"}}
    ///   Get: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref Orders, RouteKey: GET /orders, Target: !Sub "integrations/${Call}"}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Kept:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    ///   Orders: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: orders, ProtocolType: HTTP}}
    ///   Call: {Type: AWS::ApiGatewayV2::Integration, Properties: {ApiId: !Ref Orders, IntegrationType: AWS_PROXY, IntegrationUri: !GetAtt Kept.Arn, PayloadFormatVersion: "2.0"}}
    ///   Get: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref Orders, RouteKey: GET /orders, Target: !Sub "integrations/${Call}"}}
    /// ```
    pub(super) static POLICY = "cold-starts-break-objective" {
        category: WarmUp, severity: Medium, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    for objective in objectives::objectives(cx) {
        let Some(mixed) = objective.response.mixed else { continue };
        if objectives::missed(objective.slo, &objective.response.warm).is_some() {
            continue;
        }
        // The function on the way that starts cold most often.
        let on_the_way =
            |name: &str| objective.latency.steps.iter().any(|step| step.kind == "start" && step.name == name);
        let functions = objective.estimate.cold_starts.iter().filter(|cold| on_the_way(&cold.function));
        let Some(worst) = functions.max_by(|a, b| a.share.expected.total_cmp(&b.share.expected)) else { continue };
        let share = worst.share.expected;
        let asked = objective.slo.cold_start_probability.filter(|most| share > *most);
        let entry = objective.latency.entry.clone();
        let message = match (objectives::missed(objective.slo, &mixed), asked) {
            (Some((which, limit, value)), _) => format!(
                "{entry} takes {value:.0} ms at its {which} because {} of the calls of {} start cold; the objective is \
                 {limit:.0} ms",
                warm::percent(share),
                worst.function
            ),
            (None, Some(most)) => format!(
                "{} of the calls of {} start cold; the objective of {entry} is {}",
                warm::percent(share),
                worst.function,
                warm::percent(most)
            ),
            (None, None) => continue,
        };
        let best = worst.strategies.iter().find(|one| one.meets_slo == Some(true) && one.monthly.is_some());
        let help = match best {
            Some(best) => format!(
                "the cheapest that keeps it: {}, with {} cold; `dewline estimate` compares the prices",
                best.text,
                warm::percent(best.cold_share)
            ),
            None => {
                format!("no single means for {} keeps it; shorten its init, or change the objective", worst.function)
            }
        };
        cx.report(objective.place.clone(), message).help(help);
    }
}
