//! Who may call an endpoint.

use super::Api;
use crate::template::lowering::Lowering;
use crate::template::problem::{Problem, ProblemKind};
use crate::template::serverless::naming;
use crate::template::serverless::output::{Output, Resource, invocation_uri};
use crate::template::serverless::service::{Event, Service, get, is_unknown, text, truthy};
use crate::template::value::{Maker, Origin, Value};

/// An authorizer as one endpoint uses it.
pub struct Authorizer {
    /// Its kind, as written.
    pub kind: Option<String>,
    /// Its name.
    pub name: String,
    /// The function or user pool behind it.
    pub arn: Option<Value>,
    /// An authorizer that exists elsewhere.
    pub id: Option<Value>,
    /// The alias of its function.
    pub alias: Option<String>,
    /// Whether the permission to call it is given elsewhere.
    pub external: bool,
    ttl: Option<Value>,
    source: Option<Value>,
    validation: Option<Value>,
    /// Scopes a token must have.
    pub scopes: Option<Value>,
    origin: Origin,
}

impl Authorizer {
    fn kind_is(&self, kind: &str) -> bool {
        self.kind.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(kind))
    }

    /// Whether it is a Cognito user pool.
    pub fn is_cognito(&self) -> bool {
        self.kind_is("COGNITO_USER_POOLS") || self.arn.as_ref().and_then(Value::as_str).is_some_and(is_pool)
    }
}

fn is_pool(arn: &str) -> bool {
    arn.strip_prefix("arn:").and_then(|rest| rest.split_once(':')).is_some_and(|(partition, rest)| {
        partition.bytes().all(|b| b.is_ascii_alphabetic() || b == b'-') && rest.starts_with("cognito-idp")
    })
}

/// The authorizer that an event asks for.
pub fn read(service: &Service, written: &Value, event: Event<'_>, cx: &mut Lowering<'_>) -> Option<Authorizer> {
    let mut found = Authorizer {
        kind: None,
        name: String::new(),
        arn: None,
        id: None,
        alias: None,
        external: false,
        ttl: None,
        source: None,
        validation: None,
        scopes: None,
        origin: written.origin,
    };
    let setting = |name: &str| get(written, &[name]).filter(|value| truthy(value));
    let mut function = None;
    if let Some(name) = written.as_str() {
        if name.eq_ignore_ascii_case("AWS_IAM") {
            found.kind = Some("AWS_IAM".into());
        } else if name.contains(':') || is_unknown(written) {
            found.name = name_of(name);
            found.arn = Some(written.clone());
        } else {
            name.clone_into(&mut found.name);
            function = Some(written);
        }
    } else {
        let kind = setting("type").and_then(text);
        let arn = setting("arn");
        if let (Some(kind), Some(id)) = (&kind, setting("authorizerId")) {
            found.kind = Some(kind.clone());
            found.id = Some(id.clone());
        } else if kind.as_deref().is_some_and(|kind| kind.eq_ignore_ascii_case("AWS_IAM")) {
            found.kind = Some("AWS_IAM".into());
        } else if let Some(arn) = arn {
            found.arn = Some(arn.clone());
            match (written.get("name").and_then(Value::as_str), arn.as_str()) {
                (Some(name), _) => name.clone_into(&mut found.name),
                (None, Some(arn)) => found.name = name_of(arn),
                (None, None) => {
                    missing_name(written, event, cx);
                    return None;
                }
            }
        } else if let Some(name) = setting("name") {
            found.name = text(name).unwrap_or_default();
            function = Some(name);
        } else {
            missing_name(written, event, cx);
            return None;
        }
        found.kind = found.kind.or(kind);
        let ttl = written.get("resultTtlInSeconds").filter(|value| value.as_int().is_some() || is_unknown(value));
        found.ttl = Some(ttl.cloned().unwrap_or_else(|| Maker::new(written.origin).int(300)));
        found.scopes = setting("scopes").cloned();
        found.source = get(written, &["identitySource"]).cloned();
        found.validation = setting("identityValidationExpression").filter(|value| value.as_str().is_some()).cloned();
        found.external = setting("managedExternally").is_some();
    }
    if let Some(name) = function {
        let maker = Maker::new(name.origin);
        if let Some(function) = service.function(&found.name) {
            found.arn = Some(service.target(function, maker));
            found.alias = function.alias_id().map(str::to_owned);
        } else {
            cx.report(
                Problem::new(
                    ProblemKind::FrameworkConfiguration,
                    name.origin,
                    format!("the authorizer `{}` is no function of this service", found.name),
                )
                .help("name a function of `functions`, or give the `arn` of the authorizer")
                .code("FUNCTION_MISSING_IN_SERVICE")
                .resource(naming::function(&event.function.key)),
            );
            found.arn = Some(maker.get_att(naming::function(&found.name), "Arn"));
        }
    }
    let no_source = found.kind_is("REQUEST") && found.ttl.as_ref().and_then(Value::as_int) == Some(0);
    if !no_source && !found.source.as_ref().is_some_and(truthy) {
        found.source = Some(Maker::new(written.origin).str("method.request.header.Authorization"));
    }
    Some(found)
}

fn name_of(arn: &str) -> String {
    let last = arn.rsplit(':').next().unwrap_or_default();
    last.rsplit('-').next().unwrap_or_default().to_owned()
}

fn missing_name(written: &Value, event: Event<'_>, cx: &mut Lowering<'_>) {
    if written.origin.is_incomplete() {
        return;
    }
    cx.report(
        Problem::new(
            ProblemKind::FrameworkConfiguration,
            written.origin,
            format!("an authorizer of the function `{}` has no name", event.function.key),
        )
        .help("give the authorizer a `name` beside its `arn`")
        .code("API_GATEWAY_MISSING_AUTHORIZER_NAME"),
    );
}

/// The authorizers of the API.
pub fn authorizers(api: &Api<'_>, out: &mut Output) {
    for authorizer in api.endpoints.iter().filter_map(|endpoint| endpoint.authorizer.as_ref()) {
        let Some(arn) = authorizer.arn.clone().filter(truthy) else { continue };
        let maker = Maker::new(authorizer.origin);
        let mut resource = Resource::new(id(authorizer), "AWS::ApiGateway::Authorizer", maker)
            .opt("AuthorizerResultTtlInSeconds", authorizer.ttl.clone())
            .opt("IdentitySource", authorizer.source.clone())
            .set("Name", maker.str(authorizer.name.as_str()))
            .set("RestApiId", api.id(maker))
            .opt("IdentityValidationExpression", authorizer.validation.clone())
            .after(authorizer.alias.as_deref());
        if authorizer.is_cognito() {
            resource = resource.set("Type", maker.str("COGNITO_USER_POOLS")).set("ProviderARNs", maker.list([arn]));
        } else {
            let kind = authorizer.kind.as_deref().map_or_else(|| "TOKEN".to_owned(), str::to_uppercase);
            resource = resource.set("AuthorizerUri", invocation_uri(maker, [arn])).set("Type", maker.str(kind));
        }
        out.merge(resource);
    }
}

/// The id of an authorizer.
pub fn id(authorizer: &Authorizer) -> String {
    format!("{}ApiGatewayAuthorizer", naming::normalized(&authorizer.name))
}

/// The properties of a method that say who may call it, and what it has to wait for.
pub fn method(authorizer: Option<&Authorizer>, maker: Maker) -> (Vec<(&'static str, Value)>, Option<String>) {
    let Some(authorizer) = authorizer else { return (vec![("AuthorizationType", maker.str("NONE"))], None) };
    let maker = Maker::new(authorizer.origin);
    if authorizer.kind.as_deref() == Some("AWS_IAM") {
        return (vec![("AuthorizationType", maker.str("AWS_IAM"))], None);
    }
    let scopes = || {
        let scopes = authorizer.scopes.clone().filter(|scopes| scopes.as_list().is_none_or(|list| !list.is_empty()));
        scopes.map(|scopes| ("AuthorizationScopes", scopes))
    };
    if let (Some(kind), Some(id)) = (&authorizer.kind, &authorizer.id) {
        let custom = authorizer.kind_is("TOKEN") || authorizer.kind_is("REQUEST");
        let kind = if custom { "CUSTOM" } else { kind.as_str() };
        let mut properties = vec![("AuthorizationType", maker.str(kind)), ("AuthorizerId", id.clone())];
        if authorizer.kind_is("COGNITO_USER_POOLS") {
            properties.extend(scopes());
        }
        return (properties, None);
    }
    let id = id(authorizer);
    let kind = if authorizer.is_cognito() { "COGNITO_USER_POOLS" } else { "CUSTOM" };
    let mut properties = vec![("AuthorizationType", maker.str(kind)), ("AuthorizerId", maker.reference(id.as_str()))];
    if authorizer.is_cognito() {
        properties.extend(scopes());
    }
    (properties, Some(id))
}
