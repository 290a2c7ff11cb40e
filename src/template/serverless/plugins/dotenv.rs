//! `serverless-dotenv-plugin`: `.env` files as environment of every function.

use crate::template::lowering::Lowering;
use crate::template::serverless::service::{Service, get, text};
use crate::template::serverless::variables::dotenv;
use crate::template::value::{Kind, Map, Value};

/// Adds the variables of the files to the provider's environment.
pub fn configure(service: &mut Service, cx: &mut Lowering<'_>) {
    let settings = get(&service.config, &["custom", "dotenv"]).cloned();
    let setting = |name: &str| settings.as_ref().and_then(|settings| get(settings, &[name]).cloned());
    let names = |value: &Value| match value.as_list() {
        Some(items) => items.iter().filter_map(text).collect::<Vec<_>>(),
        None => text(value).into_iter().collect(),
    };
    let stage = cx.inputs.stage.clone().unwrap_or_else(|| "development".into());
    let base = setting("basePath").and_then(|path| text(&path)).unwrap_or_default();
    let files = setting("path").map_or_else(
        || {
            let mut files = vec![format!(".env.{stage}.local"), format!(".env.{stage}"), ".env".into()];
            if stage != "test" {
                files.insert(2, ".env.local".into());
            }
            files.iter().map(|file| format!("{base}{file}")).collect()
        },
        |path| names(&path),
    );
    let include = setting("include").filter(|value| value.as_str() != Some("*")).map(|value| names(&value));
    let exclude = setting("exclude").map(|value| names(&value)).unwrap_or_default();
    let directory = cx.directory(service.config.origin.span().file);
    let origin = service.provider_origin.generated().secret();
    let mut found = Map::new();
    for file in files {
        let Ok(file) = cx.read(&directory, &file) else { continue };
        for (name, value) in dotenv::parse(cx.sources.get(file).text(), &cx.inputs.environment) {
            let wanted = include.as_ref().map_or(!exclude.contains(&name), |include| include.contains(&name));
            if wanted && !found.contains_key(&name) {
                found.insert(name, Value::new(Kind::Str(value.into()), origin));
            }
        }
    }
    let origin = service.provider_origin;
    let Some(provider) = service.provider.as_map_mut() else { return };
    let empty = || Value::new(Kind::Map(Map::new()), origin.generated());
    if let Some(environment) = provider.get_or_insert_with("environment", empty).as_map_mut() {
        for entry in found {
            environment.remove(&entry.key);
            environment.push(entry);
        }
    }
}
