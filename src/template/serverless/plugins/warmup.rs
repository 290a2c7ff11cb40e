//! `serverless-plugin-warmup`: scheduled functions that keep others warm.

use crate::template::lowering::{Lowering, Warmed};
use crate::template::serverless::merge::assign;
use crate::template::serverless::naming::{self, upper_first};
use crate::template::serverless::output::allow;
use crate::template::serverless::role::trust;
use crate::template::serverless::service::{Function, Service, get, text};
use crate::template::value::{Entry, Kind, Maker, Map, Text, Value};

const SETTINGS: [&str; 18] = [
    "name",
    "roleName",
    "role",
    "tags",
    "vpc",
    "events",
    "architecture",
    "package",
    "memorySize",
    "timeout",
    "environment",
    "tracing",
    "logRetentionInDays",
    "enabled",
    "concurrency",
    "verbose",
    "prewarm",
    "payload",
];

/// Adds a function, and a role in the author's resources, for every warmer that warms something.
pub fn configure(service: &mut Service, cx: &mut Lowering<'_>) {
    let Some(warmers) = get(&service.config, &["custom", "warmup"]).and_then(Value::as_map).cloned() else { return };
    // Old versions had one warmer, whose settings stood where the warmers stand now.
    let old = warmers.keys().any(|key| SETTINGS.contains(&key));
    let warmers: Vec<Entry> = if old {
        let origin = warmers.iter().next().map_or(service.provider_origin, |entry| entry.key_origin);
        vec![Entry { key: "default".into(), key_origin: origin, value: Value::new(Kind::Map(warmers), origin) }]
    } else {
        warmers.into_iter().collect()
    };
    for warmer in warmers {
        let targets: Vec<Value> = service
            .functions
            .iter()
            .filter(|function| enabled(service, function, &warmer, old))
            .map(|function| function.name.clone())
            .collect();
        if !targets.is_empty() {
            let warmed = service.functions.iter().filter(|function| enabled(service, function, &warmer, old));
            cx.warmed.extend(warmed.map(|function| Warmed {
                warmer: naming::function(&key_of(&warmer.key)).into(),
                function: naming::function(&function.key).into(),
                alias: alias(function, &warmer, old),
                origin: warmer.key_origin,
            }));
            add(service, &warmer, &targets);
        }
    }
}

/// What the function itself says of its warmer.
fn own<'s>(function: &'s Function, warmer: &Entry, old: bool) -> Option<&'s Value> {
    let own = function.get("warmup")?;
    if old { Some(own) } else { get(own, &[&*warmer.key]) }
}

/// The alias that the warmer calls: without one, the unpublished version.
fn alias(function: &Function, warmer: &Entry, old: bool) -> Option<Text> {
    let own = own(function, warmer, old).and_then(|own| get(own, &["alias"]));
    let alias = own.or_else(|| get(&warmer.value, &["alias"])).and_then(text)?;
    Some(alias).filter(|alias| !alias.is_empty() && alias != "$LATEST").map(Text::from)
}

/// The key of the function that is made for a warmer.
fn key_of(warmer: &str) -> String {
    format!("warmUpPlugin{}", upper_first(warmer))
}

fn enabled(service: &Service, function: &Function, warmer: &Entry, old: bool) -> bool {
    let setting = match own(function, warmer, old) {
        Some(own) if own.as_map().is_some() => get(own, &["enabled"]).or_else(|| get(&warmer.value, &["enabled"])),
        Some(own) => Some(own),
        None => get(&warmer.value, &["enabled"]),
    };
    let is_stage = |value: &Value| value.as_str() == Some(&service.stage);
    setting.is_some_and(|value| match &value.kind {
        Kind::Bool(on) => *on,
        Kind::Str(word) => word == "true" || is_stage(value),
        Kind::List(stages) => stages.iter().any(is_stage),
        _ => false,
    })
}

fn add(service: &mut Service, warmer: &Entry, targets: &[Value]) {
    let maker = Maker::new(warmer.key_origin);
    let (key, config) = (&*warmer.key, &warmer.value);
    let setting = |name: &str| get(config, &[name]).cloned();
    let name =
        setting("name").unwrap_or_else(|| maker.str(format!("{}-{}-warmup-plugin-{key}", service.name, service.stage)));
    let shown = text(&name).unwrap_or_default();
    let mut function = Map::new();
    function.insert("description", maker.str(format!("Serverless WarmUp Plugin (warmer \"{key}\")")));
    let events = setting("events").filter(|events| events.as_list().is_some());
    let every = || maker.list([maker.map([("schedule", maker.str("rate(5 minutes)"))])]);
    function.insert("events", events.unwrap_or_else(every));
    let folder = setting("folderName").as_ref().and_then(text).unwrap_or_else(|| format!(".warmup/{key}"));
    function.insert("handler", maker.str(format!("{folder}/index.warmUp")));
    function.insert("memorySize", setting("memorySize").unwrap_or_else(|| maker.int(128)));
    function.insert("timeout", setting("timeout").unwrap_or_else(|| maker.int(10)));
    function.insert("name", name.clone());
    function.insert("runtime", maker.str("nodejs24.x"));
    function.insert("package", maker.map([("individually", maker.bool(true))]));
    // The functions' own variables are no concern of the warmer.
    let mut environment = Map::new();
    for entry in service.setting(&["environment"]).and_then(Value::as_map).into_iter().flatten() {
        environment.insert(entry.key.clone(), maker.null());
    }
    if let Some(own) = config.get("environment").and_then(Value::as_map) {
        environment = Map::new();
        assign(&mut environment, own);
    }
    if !environment.is_empty() {
        function.insert("environment", Value::new(Kind::Map(environment), maker.origin()));
    }
    for name in ["tracing", "logRetentionInDays", "tags", "architecture"] {
        if let Some(value) = setting(name) {
            function.insert(name, value);
        }
    }
    match setting("vpc") {
        Some(vpc) if vpc.as_bool() == Some(false) => {
            let lists = ["securityGroupIds", "subnetIds"].map(|name| (name, maker.list([])));
            function.insert("vpc", maker.map(lists));
        }
        Some(vpc) => {
            function.insert("vpc", vpc);
        }
        None => {}
    }
    let role_id = format!("WarmUpPlugin{}Role", upper_first(key));
    let role = setting("role").unwrap_or_else(|| {
        let resource = role(service, key, &shown, setting("roleName"), targets, maker);
        add_resource(service, &role_id, resource, maker);
        maker.str(role_id.as_str())
    });
    function.insert("role", role);
    function.insert("layers", maker.list([]));
    let mut config = Value::new(Kind::Map(function), maker.origin());
    crate::template::serverless::schema::coerce_function(&mut config);
    service.functions.push(Function { key: key_of(key).into(), origin: maker.origin(), config, name, alias: None });
}

fn role(service: &Service, key: &str, function: &str, name: Option<Value>, targets: &[Value], maker: Maker) -> Value {
    let lower = key.to_lowercase();
    let log = |suffix: &str| super::super::role::log_arn(maker, &format!("/aws/lambda/{function}"), suffix);
    let invoked = targets.iter().map(|target| {
        let name = text(target).unwrap_or_default();
        maker.sub(format!("arn:${{AWS::Partition}}:lambda:${{AWS::Region}}:${{AWS::AccountId}}:function:{name}*"))
    });
    let network = [
        "ec2:CreateNetworkInterface",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DetachNetworkInterface",
        "ec2:DeleteNetworkInterface",
    ];
    let statements = [
        allow(maker, &["logs:CreateLogGroup", "logs:CreateLogStream"], vec![log(":*")]),
        allow(maker, &["logs:PutLogEvents"], vec![log(":*:*")]),
        allow(maker, &["lambda:InvokeFunction"], invoked.collect()),
        maker.map([
            ("Effect", maker.str("Allow")),
            ("Action", maker.list(network.map(|action| maker.str(action)))),
            ("Resource", maker.str("*")),
        ]),
    ];
    let joined = |parts: Vec<Value>| maker.join("-", parts);
    let word = |text: &str| maker.str(text);
    let name = name.unwrap_or_else(|| {
        joined(vec![
            word(&service.name),
            word(&service.stage),
            maker.reference("AWS::Region"),
            word(&lower),
            word("role"),
        ])
    });
    let policy_name =
        joined(vec![word(&service.name), word(&service.stage), word("warmer"), word(&lower), word("policy")]);
    let document = maker.map([("Version", maker.str("2012-10-17")), ("Statement", maker.list(statements))]);
    maker.map([
        ("Type", maker.str("AWS::IAM::Role")),
        (
            "Properties",
            maker.map([
                ("Path", maker.str("/")),
                ("RoleName", name),
                ("AssumeRolePolicyDocument", assumed(maker)),
                ("Policies", maker.list([maker.map([("PolicyName", policy_name), ("PolicyDocument", document)])])),
            ]),
        ),
    ])
}

/// The trust of the shared role, with its action as plain text.
fn assumed(maker: Maker) -> Value {
    let mut document = trust(maker);
    for statement in document.get_mut("Statement").and_then(Value::as_list_mut).into_iter().flatten() {
        if let Some(statement) = statement.as_map_mut() {
            statement.insert("Action", maker.str("sts:AssumeRole"));
        }
    }
    document
}

fn add_resource(service: &mut Service, id: &str, resource: Value, maker: Maker) {
    let empty = || Value::new(Kind::Map(Map::new()), maker.origin());
    let Some(config) = service.config.as_map_mut() else { return };
    if config.get("resources").is_some_and(|value| value.as_map().is_none()) {
        config.insert("resources", empty());
    }
    let resources = config.get_or_insert_with("resources", empty);
    if let Some(map) = resources.as_map_mut() {
        if map.get("Resources").is_some_and(|value| value.as_map().is_none()) {
            map.insert("Resources", empty());
        }
        if let Some(all) = map.get_or_insert_with("Resources", empty).as_map_mut() {
            all.insert(id, resource);
        }
    }
}
