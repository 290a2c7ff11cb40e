//! Plugins that change the template, one file each.
//!
//! A plugin is recognised by its name. Those that only build, test or deploy code are passed
//! over in silence; any other may change the template in ways nobody here knows, and is one
//! problem.

mod alerts;
mod canary;
mod dotenv;
mod iam_roles;
pub mod lift;
mod log_retention;
mod pseudo_parameters;
mod service_proxy;
mod step_functions;
mod tracing;
mod warmup;

use super::output::Output;
use super::service::{Service, get, is_unknown};
use crate::template::lowering::Lowering;
use crate::template::problem::{Problem, ProblemKind};
use crate::template::value::{Origin, Value};

/// A plugin whose effect is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Known {
    Alerts,
    AssociateWaf,
    Canary,
    Dotenv,
    IamRoles,
    Lift,
    LogRetention,
    PseudoParameters,
    ServiceProxy,
    StepFunctions,
    Tracing,
    Warmup,
}

const KNOWN: [(&str, Known); 12] = [
    ("serverless-associate-waf", Known::AssociateWaf),
    ("serverless-plugin-aws-alerts", Known::Alerts),
    ("serverless-plugin-canary-deployments", Known::Canary),
    ("serverless-dotenv-plugin", Known::Dotenv),
    ("serverless-iam-roles-per-function", Known::IamRoles),
    ("serverless-lift", Known::Lift),
    ("serverless-plugin-log-retention", Known::LogRetention),
    ("serverless-pseudo-parameters", Known::PseudoParameters),
    ("serverless-apigateway-service-proxy", Known::ServiceProxy),
    ("serverless-step-functions", Known::StepFunctions),
    ("serverless-plugin-tracing", Known::Tracing),
    ("serverless-plugin-warmup", Known::Warmup),
];

/// Plugins that leave the packaged template as it is: they build, run locally, or act when the
/// stack is deployed.
const SILENT: [&str; 63] = [
    "serverless-apigw-binary",
    "serverless-aws-documentation",
    "serverless-bundle",
    "serverless-certificate-creator",
    "serverless-cloudfront-invalidate",
    "serverless-deployment-bucket",
    "serverless-disable-functions",
    "serverless-domain-manager",
    "serverless-dotnet",
    "serverless-dynamodb",
    "serverless-dynamodb-local",
    "serverless-dynamodb-seed",
    "serverless-esbuild",
    "serverless-export-env",
    "serverless-export-outputs",
    "serverless-finch",
    "serverless-go-plugin",
    "serverless-hooks",
    "serverless-jetpack",
    "serverless-jest-plugin",
    "serverless-layers",
    "serverless-localstack",
    "serverless-mocha-plugin",
    "serverless-newrelic-lambda-layers",
    "serverless-offline",
    "serverless-offline-direct-lambda",
    "serverless-offline-dotenv",
    "serverless-offline-kinesis",
    "serverless-offline-python",
    "serverless-offline-scheduler",
    "serverless-offline-ses",
    "serverless-offline-ses-v2",
    "serverless-offline-sns",
    "serverless-offline-sqs",
    "serverless-offline-ssm",
    "serverless-openapi-documentation",
    "serverless-optimize",
    "serverless-package-external",
    "serverless-package-python-functions",
    "serverless-plugin-chrome",
    "serverless-plugin-common-excludes",
    "serverless-plugin-git-variables",
    "serverless-plugin-ifelse",
    "serverless-plugin-include-dependencies",
    "serverless-plugin-monorepo",
    "serverless-plugin-optimize",
    "serverless-plugin-scripts",
    "serverless-plugin-typescript",
    "serverless-plugin-utils",
    "serverless-prune-plugin",
    "serverless-python-requirements",
    "serverless-ruby-layer",
    "serverless-ruby-package",
    "serverless-rust",
    "serverless-s3-deploy",
    "serverless-s3-local",
    "serverless-s3-sync",
    "serverless-sam",
    "serverless-scriptable-plugin",
    "serverless-stack-output",
    "serverless-step-functions-local",
    "serverless-webpack",
    "serverless-wsgi",
];

/// Plugins that bring no settings of their own outside `custom`, beside those whose settings
/// [`SETTINGS`] names.
const WITHOUT_SETTINGS: [&str; 22] = [
    "serverless-associate-waf",
    "serverless-cloudfront-invalidate",
    "serverless-deployment-bucket",
    "serverless-domain-manager",
    "serverless-dotenv-plugin",
    "serverless-dynamodb-local",
    "serverless-esbuild",
    "serverless-export-env",
    "serverless-localstack",
    "serverless-offline",
    "serverless-plugin-canary-deployments",
    "serverless-plugin-tracing",
    "serverless-plugin-typescript",
    "serverless-prune-plugin",
    "serverless-pseudo-parameters",
    "serverless-s3-sync",
    "serverless-scriptable-plugin",
    "serverless-stack-output",
    "serverless-apigateway-service-proxy",
    "serverless-plugin-log-retention",
    "serverless-webpack",
    "serverless-wsgi",
];

/// Settings that plugins bring: the plugin, the place (`/functions/*` is any function, the
/// empty text the whole service), the key.
const SETTINGS: [(&str, &str, &str); 15] = [
    ("serverless-iam-roles-per-function", "/functions/*", "iamPermissionsBoundary"),
    ("serverless-iam-roles-per-function", "/functions/*", "iamRoleStatements"),
    ("serverless-iam-roles-per-function", "/functions/*", "iamRoleStatementsInherit"),
    ("serverless-iam-roles-per-function", "/functions/*", "iamRoleStatementsName"),
    ("serverless-lift", "", "constructs"),
    ("serverless-lift", "", "lift"),
    ("serverless-offline", "/functions/*/events/*/http/request", "template"),
    ("serverless-plugin-aws-alerts", "/functions/*", "alarms"),
    ("serverless-plugin-canary-deployments", "/functions/*", "deploymentSettings"),
    ("serverless-plugin-log-retention", "/functions/*", "logRetentionInDays"),
    ("serverless-plugin-tracing", "/provider", "tracing"),
    ("serverless-plugin-warmup", "/functions/*", "warmup"),
    ("serverless-step-functions", "", "stepFunctions"),
    ("serverless-step-functions", "", "outputs"),
    ("serverless-webpack", "/functions/*", "entrypoint"),
];

/// The plugins of a service.
#[derive(Debug, Default)]
pub struct Plugins {
    active: Vec<Known>,
    listed: Vec<String>,
}

/// The names that `config` lists as plugins, with their places.
fn listed(config: &Value) -> Vec<(&str, Origin)> {
    let section = config.get("plugins");
    let list = section.and_then(|section| section.as_list().or_else(|| get(section, &["modules"])?.as_list()));
    list.unwrap_or_default().iter().filter_map(|item| Some((item.as_str()?, item.origin))).collect()
}

/// Whether `config` lists the plugin `name`.
pub fn lists(config: &Value, name: &str) -> bool {
    listed(config).iter().any(|(listed, _)| *listed == name)
}

impl Plugins {
    /// The plugins that `service` lists; none when they are switched off.
    pub fn new(config: &Value, cx: &mut Lowering<'_>) -> Self {
        if !cx.inputs.plugins {
            return Self::default();
        }
        let mut active = Vec::new();
        for (name, origin) in listed(config) {
            let value = Value::new(crate::template::value::Kind::Str(name.into()), origin);
            if let Some((_, known)) = KNOWN.iter().find(|(known, _)| *known == name) {
                active.push(*known);
            } else if !SILENT.contains(&name) && !is_unknown(&value) {
                cx.report(
                    Problem::new(
                        ProblemKind::UnknownPlugin,
                        origin,
                        format!("what the plugin `{name}` changes in the template is not known"),
                    )
                    .help("findings about what it adds or changes may be missing or wrong"),
                );
            }
        }
        let mut listed: Vec<String> = listed(config).into_iter().map(|(name, _)| name.to_owned()).collect();
        listed.extend(
            config.get("plugins").filter(|list| is_unknown(list)).and_then(crate::template::serverless::service::text),
        );
        Self { active, listed }
    }

    /// Whether a plugin may define `key` at `place` (keys behind slashes): one that is known
    /// to, or one of which nobody here knows what it defines.
    pub fn may_define(&self, place: &str, key: &str) -> bool {
        let at = |wanted: &str| {
            let (mut place, mut wanted) = (place.split('/'), wanted.split('/'));
            loop {
                match (place.next(), wanted.next()) {
                    (None, None) => return true,
                    (Some(a), Some(b)) if a == b || b == "*" => {}
                    _ => return false,
                }
            }
        };
        self.listed.iter().any(|name| {
            let mut own = SETTINGS.iter().filter(|(plugin, ..)| plugin == name).peekable();
            let known = own.peek().is_some() || WITHOUT_SETTINGS.contains(&name.as_str());
            !known || own.any(|(_, wanted, setting)| *setting == key && at(wanted))
        })
    }

    /// Before anything is made.
    pub fn configure(&self, service: &mut Service, cx: &mut Lowering<'_>) {
        for plugin in &self.active {
            match plugin {
                Known::Dotenv => dotenv::configure(service, cx),
                Known::Lift => lift::configure(service, cx),
                Known::Warmup => warmup::configure(service, cx),
                _ => {}
            }
        }
    }

    /// When functions are there, and before events are.
    pub fn before_events(&self, service: &Service, out: &mut Output, cx: &mut Lowering<'_>) {
        for plugin in &self.active {
            match plugin {
                Known::Lift => lift::grant(service, out),
                Known::StepFunctions => step_functions::machines(service, out, cx),
                _ => {}
            }
        }
    }

    /// When events are there.
    pub fn after_events(&self, service: &Service, out: &mut Output, cx: &mut Lowering<'_>) {
        for plugin in &self.active {
            match plugin {
                Known::Alerts => alerts::alerts(service, out, cx),
                // The firewall is attached when the stack is there; only the API's id is put out.
                Known::AssociateWaf => {
                    let maker = service.maker();
                    let id = maker.reference("ApiGatewayRestApi");
                    out.output("ApiGatewayRestApiWaf", maker, Some("Rest API Id"), id);
                }
                Known::ServiceProxy => service_proxy::proxies(service, out, cx),
                Known::StepFunctions => step_functions::events(service, out),
                Known::Tracing => tracing::tracing(service, out),
                _ => {}
            }
        }
        // Roles are split when everything has said what it needs.
        if self.active.contains(&Known::IamRoles) {
            iam_roles::roles(service, out);
        }
    }

    /// When the author's resources are there.
    pub fn finish(&self, service: &Service, template: &mut Value) {
        for plugin in &self.active {
            match plugin {
                Known::Canary => canary::deployments(service, template),
                Known::Lift => lift::resources(service, template),
                Known::LogRetention => log_retention::retain(service, template),
                Known::PseudoParameters => pseudo_parameters::replace(service, template),
                _ => {}
            }
        }
    }
}
