//! Layers.

use super::functions::json_text;
use super::naming;
use super::output::{Output, Resource};
use super::service::{Service, get, text, truthy};
use crate::template::value::{Maker, Value};
use sha1::{Digest, Sha1};

/// A version and its outputs for every layer.
pub fn layers(service: &Service, out: &mut Output) {
    let Some(section) = service.section("layers") else { return };
    for entry in section {
        let (key, config, maker) = (&entry.key, &entry.value, Maker::new(entry.key_origin));
        if config.as_map().is_none() {
            continue;
        }
        let truthy_setting = |name: &str| get(config, &[name]).filter(|value| truthy(value)).cloned();
        let artifact = get(config, &["package", "artifact"]).and_then(text);
        let file = artifact
            .as_deref()
            .map_or_else(|| format!("{key}.zip"), |path| path.rsplit('/').next().unwrap_or(path).to_owned());
        let place = maker.str(format!("{}/{file}", service.artifact_directory()));
        let name = truthy_setting("name").unwrap_or_else(|| maker.str(key.clone()));
        let hash = naming::hex(&Sha1::digest(format!("{key}{}", json_text(config))));
        let retain = truthy_setting("retain").is_some();
        let suffix = if retain { hash.as_str() } else { "" };
        let id = format!("{}{suffix}", naming::layer(key));
        let mut layer = Resource::new(id.as_str(), "AWS::Lambda::LayerVersion", maker)
            .set("Content", maker.map([("S3Bucket", service.code_bucket(maker)), ("S3Key", place.clone())]))
            .set("LayerName", name)
            .opt("Description", truthy_setting("description"))
            .opt("LicenseInfo", truthy_setting("licenseInfo"))
            .opt("CompatibleRuntimes", truthy_setting("compatibleRuntimes"))
            .opt("CompatibleArchitectures", truthy_setting("compatibleArchitectures"));
        if retain {
            layer = layer.attribute("DeletionPolicy", maker.str("Retain"));
        }
        out.put(layer);
        for account in get(config, &["allowedAccounts"]).and_then(Value::as_list).unwrap_or_default() {
            let shown = text(account).unwrap_or_default().replacen('*', "Wild", 1);
            let permission_id = format!("{}{shown}LambdaLayerPermission{suffix}", naming::normalized(key));
            let mut permission = Resource::new(permission_id, "AWS::Lambda::LayerVersionPermission", maker)
                .set("Action", maker.str("lambda:GetLayerVersion"))
                .set("LayerVersionArn", maker.reference(id.as_str()))
                .set("Principal", account.clone());
            if retain {
                permission = permission.attribute("DeletionPolicy", maker.str("Retain"));
            }
            out.put(permission);
        }
        let plain = naming::layer(key);
        out.output(&format!("{plain}QualifiedArn"), maker, Some("Current Lambda layer version"), maker.reference(id));
        out.output(&format!("{plain}Hash"), maker, Some("Current Lambda layer hash"), maker.str(hash));
        out.output(&format!("{plain}S3Key"), maker, Some("Current Lambda layer S3Key"), place);
    }
}
