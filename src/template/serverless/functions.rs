//! Functions with their versions and aliases.

use super::generation::Generation;
use super::naming;
use super::output::{Output, Resource, allow};
use super::service::{Alias, Function, Service, get, is_object, is_unknown, text, truthy};
use super::{destinations, url, versions};
use crate::template::json;
use crate::template::lowering::Lowering;
use crate::template::problem::{Problem, ProblemKind};
use crate::template::value::{Kind, Maker, Map, Value};

/// Adds every function. Aliases are noted in the service, so that events go to them.
pub fn functions(service: &mut Service, out: &mut Output, cx: &mut Lowering<'_>) {
    for index in 0..service.functions.len() {
        let alias = compile(service, index, out, cx);
        if let Some(function) = service.functions.get_mut(index) {
            function.alias = alias;
        }
    }
    for function in &service.functions {
        url::url(service, function, out);
        destinations::invoke_config(service, function, out, cx);
    }
}

/// `[{Key, Value}]` of maps; later maps win.
pub fn tag_list<'m>(maker: Maker, maps: impl IntoIterator<Item = &'m Map>) -> Value {
    let mut all = Map::new();
    for map in maps {
        for entry in map {
            match all.get_mut(&entry.key) {
                Some(known) => *known = entry.value.clone(),
                None => {
                    all.insert_at(entry.key.clone(), entry.key_origin, entry.value.clone());
                }
            }
        }
    }
    maker.list(all.into_iter().map(|entry| {
        let key = Maker::new(entry.key_origin).str(entry.key);
        let maker = Maker::new(entry.key_origin);
        maker.map([("Key", key), ("Value", entry.value)])
    }))
}

/// `value` as JSON text.
pub fn json_text(value: &Value) -> String {
    json::to_json(value).to_string()
}

fn compile(service: &Service, index: usize, out: &mut Output, cx: &mut Lowering<'_>) -> Option<Alias> {
    let function = service.functions.get(index)?;
    let maker = function.maker();
    let id = naming::function(&function.key);
    let image = function.truthy("image");
    let handler = function.truthy("handler");
    check_code(function, handler, image, cx);

    let mut resource = Resource::new(id.as_str(), "AWS::Lambda::Function", maker);
    let mut depends: Vec<Value> = Vec::new();
    if let Some(image) = image.filter(|_| handler.is_none()) {
        resource = image_code(service, function, image, resource, maker);
    } else {
        resource = zip_code(service, function, handler, resource, maker);
    }
    let edge = function.events("cloudFront").next().is_some();
    let number = |names: [&str; 2], default: i64, edge_default: i64| {
        function
            .truthy(names[0])
            .or_else(|| service.setting(&[names[1]]).filter(|value| truthy(value) && !edge))
            .cloned()
            .unwrap_or_else(|| maker.int(if edge { edge_default } else { default }))
    };
    resource = resource
        .set("FunctionName", function.name.clone())
        .set("MemorySize", number(["memorySize", "memorySize"], 1024, 128))
        .set("Timeout", number(["timeout", "timeout"], 6, 5));
    let own_or_shared =
        |name: &str| function.truthy(name).or_else(|| service.setting(&[name]).filter(|value| truthy(value)));
    resource = resource
        .opt("Architectures", own_or_shared("architecture").map(|value| maker.list([value.clone()])))
        .opt("Description", function.truthy("description").cloned());
    if let Some(condition) = function.truthy("condition") {
        resource = resource.attribute("Condition", condition.clone());
    }
    if let Some(ids) = function.truthy("dependsOn") {
        match &ids.kind {
            Kind::List(items) => depends.extend(items.iter().cloned()),
            _ => depends.push(ids.clone()),
        }
    }
    resource = tags(service, function, resource, maker);
    if let Some(size) = function.truthy("ephemeralStorageSize") {
        resource = resource.set("EphemeralStorage", maker.map([("Size", size.clone())]));
    }
    if let Some(target) = function.truthy("onError") {
        resource = resource.set("DeadLetterConfig", maker.map([("TargetArn", target.clone())]));
        if target.as_str().is_some() {
            let maker = Maker::new(target.origin);
            out.state(allow(maker, &["sns:Publish"], vec![target.clone()]));
        }
    }
    // `service: {name: …, awsKmsKeyArn: …}` is how older versions name the key.
    let older = || get(&service.config, &["service", "awsKmsKeyArn"]).filter(|key| truthy(key));
    if let Some(key) = own_or_shared("kmsKeyArn").or_else(older) {
        resource = resource.set("KmsKeyArn", key.clone());
        if key.as_str().is_some() {
            out.state_once(allow(Maker::new(key.origin), &["kms:Decrypt"], vec![key.clone()]));
        }
    }
    let tracing =
        function.truthy("tracing").or_else(|| service.setting(&["tracing", "lambda"]).filter(|value| truthy(value)));
    if let Some(tracing) = tracing {
        let mode = match tracing.kind {
            Kind::Bool(_) => Value::new(Kind::Str("Active".into()), tracing.origin),
            _ => tracing.clone(),
        };
        let maker = Maker::new(tracing.origin);
        resource = resource.set("TracingConfig", maker.map([("Mode", mode)]));
        out.state_once(allow(maker, &["xray:PutTraceSegments", "xray:PutTelemetryRecords"], vec![maker.str("*")]));
    }
    if !edge {
        resource = environment(service, function, resource, maker);
    }
    resource = role(service, function, resource, &mut depends, maker);
    let has_vpc;
    (resource, has_vpc) = if edge { (resource, false) } else { vpc(service, function, resource, maker) };
    if let Some(config) = function.truthy("fileSystemConfig") {
        resource = file_system(function, config, has_vpc, resource, out, cx);
    }
    if let Some(reserved) = function.get("reservedConcurrency").filter(|v| truthy(v) || v.as_int() == Some(0)) {
        resource = resource.set("ReservedConcurrentExecutions", reserved.clone());
    }
    if function.truthy("disableLogs").is_none() {
        depends.insert(0, maker.str(naming::log_group(&function.key)));
    }
    if let Some(layers) = own_or_shared("layers") {
        resource = resource.set("Layers", layers.clone());
    }
    if !depends.is_empty() {
        resource = resource.attribute("DependsOn", maker.list(depends));
    }
    if edge {
        resource = resource.attribute("DeletionPolicy", maker.str("Retain"));
    }
    let snap = function.truthy("snapStart");
    out.put(resource);
    let alias = versions::version(service, function, edge, out, cx);
    if let (Some(snap), Some(properties)) = (snap, out.properties(&id)) {
        let maker = Maker::new(snap.origin);
        properties.insert("SnapStart", maker.map([("ApplyOn", maker.str("PublishedVersions"))]));
    }
    alias
}

fn check_code(function: &Function, handler: Option<&Value>, image: Option<&Value>, cx: &mut Lowering<'_>) {
    let (message, code) = match (handler, image) {
        (None, None) if function.config.origin.is_incomplete() => return,
        (None, None) => (
            format!("the function `{}` has neither `handler` nor `image`", function.key),
            "FUNCTION_NEITHER_HANDLER_NOR_IMAGE_DEFINED_ERROR",
        ),
        (Some(_), Some(_)) => (
            format!("the function `{}` has both `handler` and `image`", function.key),
            "FUNCTION_BOTH_HANDLER_AND_IMAGE_DEFINED_ERROR",
        ),
        _ => return,
    };
    cx.report(
        Problem::new(ProblemKind::FrameworkConfiguration, function.origin, message)
            .help("give a function either a `handler` (zip) or an `image` (container)")
            .code(code)
            .resource(naming::function(&function.key)),
    );
}

fn zip_code(
    service: &Service,
    function: &Function,
    handler: Option<&Value>,
    resource: Resource,
    maker: Maker,
) -> Resource {
    let artifact = get(&function.config, &["package", "artifact"])
        .or_else(|| get(&service.config, &["package", "artifact"]))
        .filter(|value| truthy(value))
        .and_then(text);
    let individually = get(&function.config, &["package", "individually"]).is_some_and(truthy)
        || get(&service.config, &["package", "individually"]).is_some_and(truthy);
    let file = match artifact {
        Some(path) => path.rsplit('/').next().unwrap_or_default().to_owned(),
        None if individually => format!("{}.zip", function.key),
        None => format!("{}.zip", service.name),
    };
    let key = maker.str(format!("{}/{file}", service.artifact_directory()));
    let code = maker.map([("S3Bucket", service.code_bucket(maker)), ("S3Key", key)]);
    let runtime = function
        .truthy("runtime")
        .or_else(|| service.setting(&["runtime"]).filter(|value| truthy(value)))
        .cloned()
        .unwrap_or_else(|| Generation::of(&service.config).runtime(maker));
    let management = function
        .truthy("runtimeManagement")
        .or_else(|| service.setting(&["runtimeManagement"]).filter(|value| truthy(value)));
    let mode = management.and_then(|value| value.as_str().or_else(|| value.get("mode")?.as_str()));
    let update = match mode {
        Some("onFunctionUpdate") => Some("FunctionUpdate"),
        Some("manual") => Some("Manual"),
        _ => None,
    };
    let management = management.zip(update).map(|(value, update)| {
        let maker = Maker::new(value.origin);
        let mut entries = vec![("UpdateRuntimeOn", maker.str(update))];
        if update == "Manual" {
            entries.extend(get(value, &["arn"]).map(|arn| ("RuntimeVersionArn", arn.clone())));
        }
        maker.map(entries)
    });
    resource
        .set("Code", code)
        .opt("RuntimeManagementConfig", management)
        .opt("Handler", handler.cloned())
        .set("Runtime", runtime)
}

fn image_code(service: &Service, function: &Function, image: &Value, resource: Resource, maker: Maker) -> Resource {
    let mut config = Vec::new();
    for (name, property) in
        [("command", "Command"), ("entryPoint", "EntryPoint"), ("workingDirectory", "WorkingDirectory")]
    {
        config.extend(get(image, &[name]).filter(|value| truthy(value)).map(|value| (property, value.clone())));
    }
    let config = (!config.is_empty()).then(|| maker.map(config));
    let uri = |value: &Value| value.as_str().as_ref().is_some_and(|text| text.contains(".dkr.ecr."));
    let place = if is_object(image) {
        get(image, &["uri"]).cloned().ok_or_else(|| get(image, &["name"]).and_then(text))
    } else if uri(image) || is_unknown(image) {
        Ok(image.clone())
    } else {
        Err(text(image))
    };
    // A named image is pushed when the service is deployed; its address is not known before.
    let place = place.unwrap_or_else(|name| {
        let defined = name.as_deref().and_then(|name| service.setting(&["ecr", "images", name]));
        let named = defined.and_then(|image| if uri(image) { Some(image) } else { get(image, &["uri"]) });
        named.cloned().unwrap_or_else(|| {
            Value::new(
                Kind::Str(crate::template::unknown::mark(&format!("image:{}", name.unwrap_or_default()))),
                image.origin,
            )
        })
    });
    let place = match place.as_str() {
        Some(address) if !address.contains('@') && !is_unknown(&place) => {
            let (repository, tag) = address.split_once(':').unwrap_or((address, "latest"));
            let digest = crate::template::unknown::mark(&format!("image:{tag}"));
            Value::new(Kind::Str(format!("{repository}@{digest}").into()), place.origin)
        }
        _ => place,
    };
    let _ = function;
    resource
        .set("Code", maker.map([("ImageUri", place)]))
        .opt("ImageConfig", config)
        .set("PackageType", maker.str("Image"))
}

fn tags(service: &Service, function: &Function, resource: Resource, maker: Maker) -> Resource {
    let shared = service.setting(&["tags"]);
    let own = function.truthy("tags");
    if own.is_none() && shared.is_none_or(|tags| !truthy(tags)) {
        return resource;
    }
    let maps = [shared, own].into_iter().flatten().filter_map(Value::as_map);
    let mut list = tag_list(maker, maps);
    if [shared, own].into_iter().flatten().any(|tags| is_unknown(tags) || tags.origin.is_incomplete()) {
        list.origin = list.origin.incomplete();
    }
    resource.set("Tags", list)
}

fn environment(service: &Service, function: &Function, resource: Resource, maker: Maker) -> Resource {
    let shared = service.setting(&["environment"]);
    let own = function.truthy("environment");
    if own.is_none() && shared.is_none_or(|variables| !truthy(variables)) {
        return resource;
    }
    let mut all = Map::new();
    for map in [shared, own].into_iter().flatten().filter_map(Value::as_map) {
        super::merge::assign(&mut all, map);
    }
    let mut variables = Value::new(Kind::Map(all), own.or(shared).map_or(maker.origin(), |value| value.origin));
    if [shared, own].into_iter().flatten().any(|value| is_unknown(value) || value.origin.is_incomplete()) {
        variables.origin = variables.origin.incomplete();
    }
    resource.set("Environment", Maker::new(variables.origin).map([("Variables", variables)]))
}

fn role(
    service: &Service,
    function: &Function,
    resource: Resource,
    depends: &mut Vec<Value>,
    maker: Maker,
) -> Resource {
    let Some(role) = service.given_role(function) else {
        return resource.set("Role", maker.get_att(naming::ROLE, "Arn"));
    };
    let value = match (&role.kind, role.get("Fn::GetAtt")) {
        (Kind::Str(text), _) if text.starts_with("arn:") || is_unknown(role) => role.clone(),
        (Kind::Str(text), _) => {
            let maker = Maker::new(role.origin);
            if text != naming::ROLE {
                depends.push(maker.str(text.clone()));
            }
            maker.get_att(text.clone(), "Arn")
        }
        (_, Some(parts)) => {
            depends.extend(parts.as_list().and_then(<[Value]>::first).cloned());
            role.clone()
        }
        _ => role.clone(),
    };
    resource.set("Role", value)
}

fn vpc(service: &Service, function: &Function, resource: Resource, maker: Maker) -> (Resource, bool) {
    let own = function.config.get("vpc");
    if own.is_some_and(|vpc| vpc.is_null() || vpc.as_bool() == Some(false)) {
        return (resource, false);
    }
    let shared = service.setting(&["vpc"]);
    let part = |name: &str| {
        own.and_then(|vpc| get(vpc, &[name]))
            .filter(|value| truthy(value))
            .or_else(|| shared.and_then(|vpc| get(vpc, &[name])).filter(|value| truthy(value)))
            .cloned()
    };
    if let (Some(groups), Some(subnets)) = (part("securityGroupIds"), part("subnetIds")) {
        let origin = own.or(shared).map_or(maker.origin(), |value| value.origin);
        let config = Maker::new(origin).map([("SecurityGroupIds", groups), ("SubnetIds", subnets)]);
        (resource.set("VpcConfig", config), true)
    } else {
        let unknown = [own, shared].into_iter().flatten().any(is_unknown);
        (resource.partial(unknown), unknown)
    }
}

fn file_system(
    function: &Function,
    config: &Value,
    has_vpc: bool,
    resource: Resource,
    out: &mut Output,
    cx: &mut Lowering<'_>,
) -> Resource {
    let maker = Maker::new(config.origin);
    if !has_vpc {
        cx.report(
            Problem::new(
                ProblemKind::FrameworkConfiguration,
                config.origin,
                format!("the function `{}` mounts a file system but is not in a VPC", function.key),
            )
            .help("give the function or the provider a `vpc` with `securityGroupIds` and `subnetIds`")
            .code("LAMBDA_FILE_SYSTEM_CONFIG_MISSING_VPC")
            .resource(naming::function(&function.key)),
        );
    }
    let arn = get(config, &["arn"]).cloned();
    out.state(allow(
        maker,
        &["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"],
        arn.iter().cloned().collect(),
    ));
    let mut entries = Vec::new();
    entries.extend(arn.map(|arn| ("Arn", arn)));
    entries.extend(get(config, &["localMountPath"]).map(|path| ("LocalMountPath", path.clone())));
    resource.set("FileSystemConfigs", maker.list([maker.map(entries)]))
}
