//! The keys of `dewline.yaml`.

/// One key.
#[derive(Debug)]
pub struct Key {
    /// As written.
    pub name: &'static str,
    /// What it takes.
    pub kind: KeyKind,
    /// What it does, one or two sentences.
    pub help: &'static str,
    /// Whether it may stand below a glob of `paths`.
    pub by_path: bool,
}

/// What a key takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// A profile's name.
    Profile,
    /// A severity's name.
    Severity,
    /// A list of policies, categories or `all`.
    Selectors,
    /// A map from policies or categories to severities.
    Severities,
    /// A map from policies to their parameters.
    Options,
    /// A map from names to policies with parameters of their own.
    Instances,
    /// A map from globs to rules.
    Paths,
    /// A list of globs.
    Globs,
    /// A list of file names.
    Files,
    /// Text.
    Text,
    /// A map from names to texts.
    Texts,
    /// A boolean.
    Bool,
}

const fn key(name: &'static str, kind: KeyKind, by_path: bool, help: &'static str) -> Key {
    Key { name, kind, help, by_path }
}

/// All keys, in the order of documentation.
pub static KEYS: &[Key] = &[
    key("profile", KeyKind::Profile, false, "Which policies run: `recommended` (the default), `strict`, or `all`."),
    key(
        "select",
        KeyKind::Selectors,
        false,
        "Run only these: names of policies, categories, or `all`. Replaces the profile's choice.",
    ),
    key("extend-select", KeyKind::Selectors, false, "Run these besides what the profile holds."),
    key("ignore", KeyKind::Selectors, true, "Do not run these: names of policies or categories."),
    key(
        "severity",
        KeyKind::Severities,
        true,
        "Severities of your own, by policy or category; a policy's name counts before its category's.",
    ),
    key("policies", KeyKind::Options, true, "Parameters of policies, by policy; `dewline explain NAME` lists them."),
    key(
        "paths",
        KeyKind::Paths,
        false,
        "Other `ignore`, `severity` and `policies` for the files that a glob matches, relative to this file.",
    ),
    key(
        "exclude",
        KeyKind::Globs,
        false,
        "Files and folders that are not checked, as globs relative to this file. Files named on the command line are checked all the same, unless `--force-exclude` is given.",
    ),
    key("fail-on", KeyKind::Severity, false, "The severity from which on a finding fails the run; `high` by default."),
    key("min-severity", KeyKind::Severity, false, "The severity from which on findings are shown; `info` by default."),
    key("region", KeyKind::Text, false, "The region templates are deployed to, e.g. `eu-central-1`."),
    key("stage", KeyKind::Text, false, "The stage of Serverless Framework services, as `--stage` would give it."),
    key("parameters", KeyKind::Texts, false, "Values of template parameters, by name."),
    key(
        "instances",
        KeyKind::Instances,
        false,
        "Policies set up under names of your own: `policy`, and with it `parameters`, `severity`, `reason`, and the `paths` they are for.",
    ),
    key(
        "guard",
        KeyKind::Files,
        false,
        "Rules of your own in the Guard language: files and folders relative to this file, or packs that come with dewline, by name.",
    ),
    key("require-suppression-reason", KeyKind::Bool, false, "Report suppressions that give no reason."),
    key(
        "baseline",
        KeyKind::Text,
        false,
        "A file with known findings, relative to this file, as `--write-baseline` writes it; they are not reported again.",
    ),
];
