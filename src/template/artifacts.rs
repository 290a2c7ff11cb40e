//! Built code that is at hand: archives, and folders that a build made.
//!
//! The transform turns a local path into the place it is uploaded to; how large the package is
//! can be seen before that. A folder of sources is no package: the build leaves some of it out.

use super::dialect::Dialect;
use super::lowering::Lowering;
use super::serverless::naming;
use super::value::{Map, Origin, Text, Value};
use crate::source::normalize;
use std::collections::BTreeMap;

/// One package of code.
#[derive(Clone, Debug)]
pub struct Artifact {
    /// Its path, as the template names it.
    pub path: Text,
    /// Its size; of a folder that of all files in it.
    pub bytes: u64,
    /// Whether it is an archive: its contents are larger still.
    pub archive: bool,
    /// Where it is named.
    pub origin: Origin,
}

/// Packages by logical id, for functions and layers whose package is a local file.
pub(super) fn read(root: &Value, dialect: Dialect, cx: &Lowering<'_>) -> BTreeMap<Text, Artifact> {
    let mut found = BTreeMap::new();
    if dialect == Dialect::Serverless {
        let shared = root.at(&["package", "artifact"]);
        for entry in root.get("functions").and_then(Value::as_map).into_iter().flat_map(Map::iter) {
            let own = entry.value.at(&["package", "artifact"]).or(shared);
            found.extend(own.and_then(|path| Some((naming::function(&entry.key).into(), artifact(path, cx)?))));
        }
        return found;
    }
    let shared = root.at(&["Globals", "Function", "CodeUri"]);
    for entry in root.get("Resources").and_then(Value::as_map).into_iter().flat_map(Map::iter) {
        let (property, shared) = match entry.value.get("Type").and_then(Value::as_str) {
            Some("AWS::Serverless::Function") => ("CodeUri", shared),
            Some("AWS::Serverless::LayerVersion") => ("ContentUri", None),
            Some("AWS::Lambda::Function") => ("Code", None),
            Some("AWS::Lambda::LayerVersion") => ("Content", None),
            _ => continue,
        };
        let own = entry.value.at(&["Properties", property]).or(shared);
        found.extend(own.and_then(|path| Some((entry.key.clone(), artifact(path, cx)?))));
    }
    found
}

fn artifact(path: &Value, cx: &Lowering<'_>) -> Option<Artifact> {
    let text = path.as_str().filter(|text| !text.contains("://") && !text.is_empty())?;
    let place = normalize(&cx.directory(path.span().file), text)?;
    let archive = [".zip", ".jar", ".war"].iter().any(|ending| text.to_ascii_lowercase().ends_with(ending));
    if !archive && !place.contains(".aws-sam/build") {
        return None;
    }
    let bytes = cx.files.size(&place)?;
    Some(Artifact { path: text.into(), bytes, archive, origin: path.origin })
}
