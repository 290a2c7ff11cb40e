//! Application load balancers.

use super::incomplete;
use crate::template::lowering::Lowering;
use crate::template::problem::{Problem, ProblemKind};
use crate::template::serverless::naming;
use crate::template::serverless::output::{Output, Resource, permission};
use crate::template::serverless::service::{Event, Service, get, is_object, is_unknown, text, truthy};
use crate::template::value::{Maker, Value};

struct Rule<'s> {
    event: Event<'s>,
    balancer: String,
    listener: String,
    priority: String,
}

/// Target groups, listener rules and permissions.
pub fn events(service: &Service, out: &mut Output, cx: &mut Lowering<'_>) {
    let mut rules: Vec<Rule<'_>> = Vec::new();
    for event in service.events("alb").filter(|event| is_object(event.value)) {
        let Some((balancer, listener)) = event.get("listenerArn").and_then(listener) else {
            incomplete(&event, Some("ALB_INVALID_LISTENER_ARN"), "has no usable `listenerArn`", cx);
            continue;
        };
        let priority = event.get("priority").and_then(text).unwrap_or_default();
        let rule = Rule { event, balancer, listener, priority };
        let clash = rules.iter().find(|known| {
            let same_function = known.event.function.key == rule.event.function.key;
            known.priority == rule.priority && (known.listener == rule.listener) != same_function
        });
        if let Some(known) = clash {
            cx.report(
                Problem::new(
                    ProblemKind::FrameworkConfiguration,
                    rule.event.origin,
                    format!("the priority {} of this load balancer rule is in use already", rule.priority),
                )
                .help("give every rule of a listener, and of a function, a priority of its own")
                .code("ALB_PRIORITY_ALREADY_IN_USE")
                .related(known.event.origin, "first used here"),
            );
        }
        rules.push(rule);
    }
    for rule in &rules {
        target_group(service, rule, out);
    }
    for rule in &rules {
        listener_rule(service, rule, out, cx);
    }
    for rule in &rules {
        permissions(service, rule, out);
    }
}

/// The ids of the load balancer and the listener.
fn listener(arn: &Value) -> Option<(String, String)> {
    if let Some(id) = get(arn, &["Ref"]).and_then(text) {
        return Some((id.clone(), id));
    }
    let written = arn.as_str()?;
    if is_unknown(arn) {
        let name = naming::alphanumeric(written);
        return Some((name.clone(), name));
    }
    let mut parts = written.strip_prefix("arn:")?.split_once(":listener/app/")?.1.split('/');
    let (_, balancer, listener) = (parts.next()?, parts.next()?, parts.next()?);
    Some((balancer.to_owned(), listener.to_owned()))
}

impl Rule<'_> {
    fn multi_value(&self) -> bool {
        self.event.truthy("multiValueHeaders").is_some()
    }

    fn target_group(&self) -> String {
        let many = if self.multi_value() { "MultiValue" } else { "" };
        format!("{}Alb{many}TargetGroup{}", naming::normalized(&self.event.function.key), self.balancer)
    }

    fn register_permission(&self) -> String {
        format!("{}LambdaPermissionRegisterTarget", naming::normalized(&self.event.function.key))
    }
}

fn target_group(service: &Service, rule: &Rule<'_>, out: &mut Output) {
    let (event, function, maker) = (&rule.event, rule.event.function, rule.event.maker());
    let tag = |many: &str| format!("{}-{}-{}-{many}{}", service.name, function.key, rule.balancer, service.stage);
    let name = event.truthy("targetGroupName").cloned().unwrap_or_else(|| {
        let prefix = service.setting(&["alb", "targetGroupPrefix"]).and_then(text).unwrap_or_default();
        let many = if rule.multi_value() { "multi-value-" } else { "" };
        maker.str(naming::cut(&format!("{prefix}{}", naming::md5(&tag(many))), 32))
    });
    let many = event.truthy("multiValueHeaders").cloned().unwrap_or_else(|| maker.bool(false));
    let mut depends = vec![rule.register_permission()];
    depends.extend(function.alias_id().map(str::to_owned));
    let mut resource = Resource::new(rule.target_group(), "AWS::ElasticLoadBalancingV2::TargetGroup", maker)
        .set("TargetType", maker.str("lambda"))
        .set("Targets", maker.list([maker.map([("Id", service.target(function, maker))])]))
        .set("Name", name)
        .set("Tags", maker.list([maker.map([("Key", maker.str("Name")), ("Value", maker.str(tag("")))])]))
        .set(
            "TargetGroupAttributes",
            maker.list([maker.map([("Key", maker.str("lambda.multi_value_headers.enabled")), ("Value", many)])]),
        )
        .after_all(depends);
    for (name, value) in health_check(event) {
        resource = resource.set(name, value);
    }
    out.put(resource);
}

fn health_check(event: &Event<'_>) -> Vec<(&'static str, Value)> {
    let Some(check) = event.truthy("healthCheck") else {
        return vec![("HealthCheckEnabled", event.maker().bool(false))];
    };
    let maker = Maker::new(check.origin);
    let setting = |name: &str, default: Value| get(check, &[name]).cloned().unwrap_or(default);
    let matcher = get(check, &["matcher", "httpCode"]).filter(|code| truthy(code)).cloned();
    vec![
        ("HealthCheckEnabled", maker.bool(true)),
        ("HealthCheckPath", setting("path", maker.str("/"))),
        ("HealthCheckIntervalSeconds", setting("intervalSeconds", maker.int(35))),
        ("HealthCheckTimeoutSeconds", setting("timeoutSeconds", maker.int(30))),
        ("HealthyThresholdCount", setting("healthyThresholdCount", maker.int(5))),
        ("UnhealthyThresholdCount", setting("unhealthyThresholdCount", maker.int(5))),
        ("Matcher", maker.map([("HttpCode", matcher.unwrap_or_else(|| maker.str("200")))])),
    ]
}

const COGNITO: [(&str, &str); 3] =
    [("userPoolArn", "UserPoolArn"), ("userPoolClientId", "UserPoolClientId"), ("userPoolDomain", "UserPoolDomain")];
const OIDC: [(&str, &str); 5] = [
    ("authorizationEndpoint", "AuthorizationEndpoint"),
    ("clientId", "ClientId"),
    ("issuer", "Issuer"),
    ("tokenEndpoint", "TokenEndpoint"),
    ("userInfoEndpoint", "UserInfoEndpoint"),
];
const SHARED: [(&str, &str); 4] = [
    ("requestExtraParams", "AuthenticationRequestExtraParams"),
    ("scope", "Scope"),
    ("sessionCookieName", "SessionCookieName"),
    ("sessionTimeout", "SessionTimeout"),
];

fn authenticate(config: &Value, order: i64) -> Value {
    let maker = Maker::new(config.origin);
    let cognito = config.get("type").and_then(Value::as_str) == Some("cognito");
    let own: &[(&str, &str)] = if cognito { &COGNITO } else { &OIDC };
    let copy = |(name, property): &(&str, &'static str)| Some((*property, get(config, &[name])?.clone()));
    let mut entries: Vec<(&str, Value)> =
        own.iter().filter_map(|(name, property)| Some((*property, get(config, &[name])?.clone()))).collect();
    entries.extend(SHARED.iter().filter_map(copy));
    let unauthenticated = get(config, &["onUnauthenticatedRequest"]).filter(|value| truthy(value)).cloned();
    entries.push(("OnUnauthenticatedRequest", unauthenticated.unwrap_or_else(|| maker.str("deny"))));
    if !cognito {
        entries.push(match get(config, &["clientSecret"]).filter(|value| truthy(value)) {
            Some(secret) => ("ClientSecret", secret.clone()),
            None => ("UseExistingClientSecret", maker.bool(true)),
        });
    }
    let (kind, property) = if cognito {
        ("authenticate-cognito", "AuthenticateCognitoConfig")
    } else {
        ("authenticate-oidc", "AuthenticateOidcConfig")
    };
    maker.map([("Type", maker.str(kind)), ("Order", maker.int(order)), (property, maker.map(entries))])
}

fn listener_rule(service: &Service, rule: &Rule<'_>, out: &mut Output, cx: &mut Lowering<'_>) {
    let (event, maker) = (&rule.event, rule.event.maker());
    let mut actions = Vec::new();
    let mut order = 0;
    for name in event.truthy("authorizer").and_then(Value::as_list).unwrap_or_default() {
        let key = text(name).unwrap_or_default();
        match service.setting(&["alb", "authorizers", &key]) {
            Some(config) => {
                order += 1;
                actions.push(authenticate(config, order));
            }
            None => cx.report(
                Problem::new(
                    ProblemKind::FrameworkConfiguration,
                    name.origin,
                    format!("the load balancer authorizer `{key}` is not defined"),
                )
                .help("define it in `provider.alb.authorizers`")
                .code("ALB_MISSING_AUTHORIZER"),
            ),
        }
    }
    let mut forward = vec![("Type", maker.str("forward")), ("TargetGroupArn", maker.reference(rule.target_group()))];
    if order > 0 {
        forward.push(("Order", maker.int(order + 1)));
    }
    actions.push(maker.map(forward));
    out.put(
        Resource::new(
            format!("{}AlbListenerRule{}", naming::normalized(&event.function.key), rule.priority),
            "AWS::ElasticLoadBalancingV2::ListenerRule",
            maker,
        )
        .set("Actions", maker.list(actions))
        .set("Conditions", conditions(event))
        .opt("ListenerArn", event.get("listenerArn").cloned())
        .opt("Priority", event.get("priority").cloned()),
    );
}

fn conditions(event: &Event<'_>) -> Value {
    let Some(written) = event.get("conditions") else { return event.maker().list([]) };
    let maker = Maker::new(written.origin);
    let list = |name: &str| {
        let value = get(written, &[name]).filter(|value| truthy(value))?;
        Some(if value.as_list().is_some() { value.clone() } else { maker.list([value.clone()]) })
    };
    let mut all = Vec::new();
    if let Some(values) = list("path") {
        all.push(maker.map([("Field", maker.str("path-pattern")), ("Values", values)]));
    }
    let nested = |field: &str, property: &'static str, config: Value| {
        maker.map([("Field", maker.str(field)), (property, config)])
    };
    if let Some(values) = list("host") {
        all.push(nested("host-header", "HostHeaderConfig", maker.map([("Values", values)])));
    }
    if let Some(values) = list("method") {
        all.push(nested("http-request-method", "HttpRequestMethodConfig", maker.map([("Values", values)])));
    }
    for header in list("header").as_ref().and_then(Value::as_list).unwrap_or_default() {
        let mut entries = Vec::new();
        entries.extend(get(header, &["name"]).map(|name| ("HttpHeaderName", name.clone())));
        entries.extend(get(header, &["values"]).map(|values| ("Values", values.clone())));
        all.push(nested("http-header", "HttpHeaderConfig", maker.map(entries)));
    }
    if let Some(query) = get(written, &["query"]).and_then(Value::as_map) {
        let values = query.iter().map(|entry| {
            let maker = Maker::new(entry.key_origin);
            maker.map([("Key", maker.str(entry.key.clone())), ("Value", entry.value.clone())])
        });
        all.push(nested("query-string", "QueryStringConfig", maker.map([("Values", maker.list(values))])));
    }
    if let Some(values) = list("ip") {
        all.push(nested("source-ip", "SourceIpConfig", maker.map([("Values", values)])));
    }
    maker.list(all)
}

fn permissions(service: &Service, rule: &Rule<'_>, out: &mut Output) {
    let (function, maker) = (rule.event.function, rule.event.maker());
    let permit = |id: String| {
        let principal = maker.str("elasticloadbalancing.amazonaws.com");
        let resource = permission(id, maker, service.target(function, maker), principal);
        match function.alias_id() {
            Some(alias) => resource.after_all([alias]),
            None => resource,
        }
    };
    out.merge(
        permit(format!("{}LambdaPermissionAlb", naming::normalized(&function.key)))
            .set("SourceArn", maker.reference(rule.target_group())),
    );
    out.merge(permit(rule.register_permission()));
}
