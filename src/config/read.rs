//! From text to a checked configuration.

use super::keys::{KEYS, Key, KeyKind};
use super::{Config, PathRules, Rules};
use crate::document::settings::{
    SettingsProblem, SettingsProblems, any_of, is_null, pairs, parse_settings, scalar, settings_root,
};
use crate::document::{Document, Kind, NodeRef, Scalar};
use crate::finding::{Category, Severity};
use crate::policy::{Meta, OptionDefault, OptionValue, Profile};
use crate::source::{FileId, SourceFile, Span, closest};
use globset::{GlobBuilder, GlobMatcher};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Reads the configuration `file`; `policies` are those it may name.
///
/// # Errors
/// Every problem of the file, by place. There is no half-read configuration.
pub fn read(file: &Arc<SourceFile>, policies: &[&'static Meta]) -> Result<Config, Vec<SettingsProblem>> {
    let (document, problems) = parse_settings(file);
    let mut reader = Reader { policies: policies.to_vec(), problems };
    let mut config = Config::default();
    if let Some(root) = settings_root(&document, &reader.problems) {
        reader.root(root, &mut config);
    }
    reader.problems.or(config)
}

/// The entries of `guard`, before anything else is read: the names that a configuration may use
/// depend on the rules in these files.
pub fn guard_entries(file: &Arc<SourceFile>) -> Vec<String> {
    let document = Document::parse(FileId(0), file);
    let Some(entries) = document.root().and_then(|root| root.get("guard")) else { return Vec::new() };
    let entries = entries.target().unwrap_or(entries);
    match entries.kind() {
        Kind::Seq => entries.children().filter_map(|item| text(item.target().unwrap_or(item))).collect(),
        _ => text(entries).into_iter().collect(),
    }
}

pub(super) struct Reader {
    pub(super) policies: Vec<&'static Meta>,
    pub(super) problems: SettingsProblems,
}

impl Reader {
    fn root(&mut self, root: NodeRef<'_>, config: &mut Config) {
        let Some(pairs) = self.map(root, "the configuration", "write keys and values, e.g. `profile: strict`") else {
            return;
        };
        // The names of instances may be used everywhere.
        if let Some((_, value)) = pairs.iter().find(|(name, _)| name.text() == "instances") {
            config.instances = self.instances(*value, &mut config.rules);
        }
        for (name, value) in pairs {
            let Some(key) = self.key(name, KEYS.iter().collect()) else { continue };
            match key.name {
                "profile" => config.profile = self.profile(value),
                "select" => config.select = self.selectors(value, key),
                "extend-select" => config.extend_select = self.selectors(value, key),
                "paths" => config.paths = self.paths(value),
                "exclude" => config.exclude = self.globs(value, key),
                "fail-on" => config.fail_on = self.severity(value, key.name),
                "min-severity" => config.min_severity = self.severity(value, key.name),
                "region" => config.region = self.text(value, key.name),
                "stage" => config.stage = self.text(value, key.name),
                "parameters" => config.parameters = self.texts(value, key),
                "instances" => {}
                "guard" => config.guard = self.list(value, key),
                "require-suppression-reason" => {
                    config.require_suppression_reason = self.bool(value, key.name).unwrap_or_default();
                }
                "baseline" => config.baseline = self.text(value, key.name),
                _ => self.rule(key, value, &mut config.rules),
            }
        }
    }

    /// A key that may stand for all files or for those of a glob.
    fn rule(&mut self, key: &'static Key, value: NodeRef<'_>, rules: &mut Rules) {
        match key.kind {
            KeyKind::Selectors => rules.ignore = self.selectors(value, key),
            KeyKind::Severities => rules.severity.extend(self.severities(value)),
            _ => rules.options.extend(self.options(value)),
        }
    }

    fn key(&mut self, name: NodeRef<'_>, keys: Vec<&'static Key>) -> Option<&'static Key> {
        let found = keys.iter().find(|key| key.name == name.text()).copied();
        if found.is_none() {
            let names: Vec<&str> = keys.iter().map(|key| key.name).collect();
            let normal = name.text().replace('_', "-").to_lowercase();
            self.unknown(name.span(), "key", name.text(), &normal, &names);
        }
        found
    }

    /// Reports `text` as a name nobody knows; `normal` is what is looked up for suggestions.
    pub(super) fn unknown(&mut self, span: Span, what: &str, text: &str, normal: &str, names: &[&str]) {
        let close = closest(normal, names.iter().copied(), 3);
        let help = match (close.as_slice(), names.len()) {
            ([], 0..=20) => format!("it must be one of {}", any_of(names)),
            ([], _) => "`dewline explain --all` lists them".to_owned(),
            (close, _) => format!("did you mean {}?", any_of(close)),
        };
        self.problems.add(span, format!("there is no {what} `{text}`"), help);
    }

    pub(super) fn wrong(&mut self, value: NodeRef<'_>, name: &str, expected: &str, help: &str) {
        self.problems.add_wrong(value, name, expected, help);
    }

    pub(super) fn map<'d>(
        &mut self,
        value: NodeRef<'d>,
        name: &str,
        help: &str,
    ) -> Option<Vec<(NodeRef<'d>, NodeRef<'d>)>> {
        let found = pairs(value);
        if found.is_none() {
            self.wrong(value.target().unwrap_or(value), name, "a map", help);
        }
        found
    }

    /// The texts of a list, or of one text standing for a list.
    pub(super) fn list(&mut self, value: NodeRef<'_>, key: &Key) -> Vec<(String, Span)> {
        let name = format!("`{}`", key.name);
        match value.kind() {
            Kind::Seq => value
                .children()
                .map(|item| item.target().unwrap_or(item))
                .filter_map(|item| match text(item) {
                    Some(text) => Some((text, item.span())),
                    None => {
                        self.wrong(item, &format!("an entry of {name}"), "text", "write one name an entry");
                        None
                    }
                })
                .collect(),
            _ => match text(value) {
                Some(text) => vec![(text, value.span())],
                None => {
                    self.wrong(value, &name, "a list", &format!("write `{}: [first, second]`", key.name));
                    Vec::new()
                }
            },
        }
    }

    pub(super) fn text(&mut self, value: NodeRef<'_>, name: &str) -> Option<String> {
        let found = text(value);
        if found.is_none() {
            let help = match value.kind() {
                Kind::Map | Kind::Seq => "write one value behind the key",
                _ if is_null(value) => "write a value behind the key, or remove the key",
                _ => "put quotes around the value",
            };
            self.wrong(value, &format!("`{name}`"), "text", help);
        }
        found
    }

    fn bool(&mut self, value: NodeRef<'_>, name: &str) -> Option<bool> {
        match scalar(value) {
            Scalar::Bool(found) => Some(found),
            _ => {
                self.wrong(value, &format!("`{name}`"), "a boolean", "write `true` or `false`");
                None
            }
        }
    }

    fn profile(&mut self, value: NodeRef<'_>) -> Option<Profile> {
        let found = self.text(value, "profile")?;
        found
            .parse()
            .map_err(|()| self.unknown(value.span(), "profile", &found, &found, &Profile::ALL.map(Profile::name)))
            .ok()
    }

    pub(super) fn severity(&mut self, value: NodeRef<'_>, name: &str) -> Option<Severity> {
        let found = self.text(value, name)?;
        let names = Severity::ALL.map(Severity::name);
        found.parse().map_err(|()| self.unknown(value.span(), "severity", &found, &found, &names)).ok()
    }

    fn selectors(&mut self, value: NodeRef<'_>, key: &Key) -> Vec<String> {
        let listed = self.list(value, key);
        listed.into_iter().filter(|(name, span)| self.is_selector(name, *span, true)).map(|(name, _)| name).collect()
    }

    fn is_selector(&mut self, name: &str, span: Span, all: bool) -> bool {
        let known = all && name == "all"
            || name.parse::<Category>().is_ok()
            || self.policies.iter().any(|meta| meta.name == name);
        if !known {
            let names: Vec<&str> =
                self.policies.iter().map(|meta| meta.name).chain(Category::ALL.map(Category::name)).collect();
            self.unknown(span, "policy or category", name, name, &names);
        }
        known
    }

    /// The names of the policies that `selectors` stand for.
    fn names(&self, selectors: &[String]) -> Vec<String> {
        let is_meant = |meta: &Meta| {
            selectors.iter().any(|name| name == meta.name || name == meta.category.name() || name == "all")
        };
        self.policies.iter().filter(|meta| is_meant(meta)).map(|meta| meta.name.to_owned()).collect()
    }

    fn severities(&mut self, value: NodeRef<'_>) -> BTreeMap<String, Severity> {
        let mut severities = BTreeMap::new();
        let help = "write a policy and its severity, e.g. `function-timeout-range: low`";
        let pairs = self.map(value, "`severity`", help).unwrap_or_default();
        // Categories first, so that the names of policies count before them.
        let (of_categories, of_policies): (Vec<_>, Vec<_>) =
            pairs.into_iter().partition(|(name, _)| name.text().parse::<Category>().is_ok());
        for (name, value) in of_categories.into_iter().chain(of_policies) {
            if !self.is_selector(name.text(), name.span(), false) {
                continue;
            }
            let Some(severity) = self.severity(value, name.text()) else { continue };
            match name.text().parse::<Category>() {
                Ok(category) => {
                    let policies = self.policies.iter().filter(|meta| meta.category == category);
                    severities.extend(policies.map(|meta| (meta.name.to_owned(), severity)));
                }
                Err(()) => {
                    severities.insert(name.text().to_owned(), severity);
                }
            }
        }
        severities
    }

    fn options(&mut self, value: NodeRef<'_>) -> BTreeMap<String, BTreeMap<String, OptionValue>> {
        let mut all = BTreeMap::new();
        let help = "write a policy and below it its parameters";
        for (name, value) in self.map(value, "`policies`", help).unwrap_or_default() {
            let Some(meta) = self.policies.iter().copied().find(|meta| meta.name == name.text()) else {
                let names: Vec<&str> = self.policies.iter().map(|meta| meta.name).collect();
                self.unknown(name.span(), "policy", name.text(), name.text(), &names);
                continue;
            };
            let options = self.parameters(meta, value);
            all.insert(meta.name.to_owned(), options);
        }
        all
    }

    /// The parameters of one policy.
    pub(super) fn parameters(&mut self, meta: &'static Meta, value: NodeRef<'_>) -> BTreeMap<String, OptionValue> {
        let mut options = BTreeMap::new();
        let help = "write parameters and their values";
        for (key, value) in self.map(value, &format!("`{}`", meta.name), help).unwrap_or_default() {
            let Some(spec) = meta.options.iter().find(|spec| spec.name == key.text()) else {
                if meta.options.is_empty() {
                    let message = format!("`{}` takes no parameters, so `{}` has no effect", meta.name, key.text());
                    self.problems.add(key.span(), message, "remove it; `severity` sets how bad it is");
                } else {
                    let names: Vec<&str> = meta.options.iter().map(|spec| spec.name).collect();
                    self.unknown(key.span(), &format!("parameter of `{}`", meta.name), key.text(), key.text(), &names);
                }
                continue;
            };
            if let Some(option) = self.option(value, spec.name, &spec.default, spec.help) {
                options.insert(spec.name.to_owned(), option);
            }
        }
        options
    }

    fn option(&mut self, value: NodeRef<'_>, name: &str, like: &OptionDefault, help: &str) -> Option<OptionValue> {
        let shown = format!("`{name}`");
        match (like, scalar(value)) {
            (OptionDefault::Int(_), Scalar::Int(number)) => return Some(OptionValue::Int(number)),
            (OptionDefault::Int(_), _) => self.wrong(value, &shown, "a whole number", help),
            (OptionDefault::Bool(_), Scalar::Bool(value)) => return Some(OptionValue::Bool(value)),
            (OptionDefault::Bool(_), _) => self.wrong(value, &shown, "a boolean", help),
            (OptionDefault::Text(_), _) => match text(value) {
                Some(text) => return Some(OptionValue::Text(text)),
                None => self.wrong(value, &shown, "text", help),
            },
            (OptionDefault::List(_), _) => {
                let items = value.children().map(text).collect::<Option<Vec<String>>>();
                match items.filter(|_| value.kind() == Kind::Seq) {
                    Some(items) => return Some(OptionValue::List(items)),
                    None => self.wrong(value, &shown, "a list of texts", help),
                }
            }
        }
        None
    }

    fn paths(&mut self, value: NodeRef<'_>) -> Vec<PathRules> {
        let mut parts = Vec::new();
        let help = "write a glob and below it `ignore`, `severity` or `policies`";
        for (name, value) in self.map(value, "`paths`", help).unwrap_or_default() {
            let Some(glob) = self.glob(name.text(), name.span()) else { continue };
            let mut rules = Rules::default();
            for (key, value) in self.map(value, &format!("`{}`", name.text()), help).unwrap_or_default() {
                if let Some(key) = self.key(key, KEYS.iter().filter(|key| key.by_path).collect()) {
                    self.rule(key, value, &mut rules);
                }
            }
            // What a path ignores counts more than what is selected for all files.
            rules.ignore = self.names(&rules.ignore);
            parts.push(PathRules { glob, rules });
        }
        parts
    }

    pub(super) fn globs(&mut self, value: NodeRef<'_>, key: &Key) -> Vec<GlobMatcher> {
        let listed = self.list(value, key);
        listed.into_iter().filter_map(|(text, span)| self.glob(&text, span)).collect()
    }

    pub(super) fn glob(&mut self, text: &str, span: Span) -> Option<GlobMatcher> {
        let pattern = text.strip_prefix("./").unwrap_or(text).trim_end_matches('/');
        // A name without a slash is meant anywhere, as in .gitignore.
        let pattern = if pattern.contains('/') { pattern.to_owned() } else { format!("**/{pattern}") };
        let pattern = pattern.strip_prefix('/').unwrap_or(&pattern);
        match GlobBuilder::new(pattern).literal_separator(true).build() {
            Ok(glob) => Some(glob.compile_matcher()),
            Err(error) => {
                let message = format!("`{text}` is not a glob: {}", error.kind());
                self.problems.add(span, message, "write e.g. `services/*/template.yaml` or `**/generated`");
                None
            }
        }
    }

    fn texts(&mut self, value: NodeRef<'_>, key: &Key) -> BTreeMap<String, String> {
        let help = "write names and values, e.g. `Stage: prod`";
        let pairs = self.map(value, &format!("`{}`", key.name), help).unwrap_or_default();
        let mut texts = BTreeMap::new();
        for (name, value) in pairs {
            // Numbers and booleans are meant as they are written.
            match value.kind() {
                Kind::Scalar if !is_null(value) => {
                    texts.insert(name.text().to_owned(), value.text().to_owned());
                }
                _ => self.wrong(value, &format!("`{}`", name.text()), "text", help),
            }
        }
        texts
    }
}

pub(super) fn text(node: NodeRef<'_>) -> Option<String> {
    match scalar(node) {
        Scalar::Str(text) | Scalar::Timestamp(text) => Some(text.to_owned()),
        _ => None,
    }
}
