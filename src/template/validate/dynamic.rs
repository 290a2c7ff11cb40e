//! Dynamic references: `{{resolve:service:…}}`.
//!
//! Forms: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html>
//! (2026-11).

use super::Validation;
use super::words::quoted;
use crate::template::value::Origin;
use crate::template::{ProblemKind, unknown};

const SERVICES: [&str; 3] = ["secretsmanager", "ssm", "ssm-secure"];
const FORMS: &str = "write `{{resolve:ssm:name:version}}` or \
                     `{{resolve:secretsmanager:secret:SecretString:key:stage:version}}`; what stands last may be left out";

impl<'v> Validation<'_, 'v> {
    /// Checks every dynamic reference in `text`, which belongs to the property `name`.
    pub(super) fn dynamic_references(&mut self, text: &'v str, origin: Origin, name: &str) {
        if let Some(spaced) = spaced(text) {
            let message = format!("{} has blanks in front of the service, and stays plain text", quoted(spaced));
            self.report(ProblemKind::DynamicReference, origin, message, "write `{{resolve:` without blanks");
        }
        if names_a_secret(name) && text.starts_with("{{resolve:secretsmanager:") && text.ends_with("}}") {
            let message = format!("`{name}` is the ARN of a secret, and this gives what the secret holds");
            self.report(
                ProblemKind::DynamicReference,
                origin,
                message,
                "write the ARN of the secret, without `resolve`",
            );
        }
        let mut rest = text;
        while let Some(at) = rest.find("{{resolve:") {
            let after = &rest[at + "{{resolve:".len()..];
            // The end may stand in another piece of an `Fn::Join`.
            let Some(end) = after.find("}}") else { return };
            let body = &after[..end];
            if let Some(wrong) = defect(body) {
                let message = format!("the dynamic reference {} {wrong}", quoted(&format!("{{{{resolve:{body}}}}}")));
                self.report(ProblemKind::DynamicReference, origin, message, FORMS);
            } else if self.in_outputs && body.starts_with("secretsmanager:") {
                let message = "CloudFormation resolves secrets in the properties of resources only";
                self.report(ProblemKind::DynamicReference, origin, message, "put out the secret's name or ARN instead");
            }
            rest = &after[end..];
        }
    }
}

/// The first dynamic reference in `text` that CloudFormation does not recognise because of blanks.
fn spaced(text: &str) -> Option<&str> {
    text.match_indices("{{").find_map(|(at, _)| {
        let reference = text.get(at..at + text[at..].find("}}")? + 2)?;
        let inner = reference[2..].trim_start();
        let after = inner.strip_prefix("resolve")?.trim_start().strip_prefix(':')?;
        let known = SERVICES.iter().any(|service| after.trim_start().starts_with(service));
        (known && !reference.starts_with("{{resolve:")).then_some(reference)
    })
}

/// Whether a property of this name takes the ARN or name of a secret, and not what it holds.
fn names_a_secret(name: &str) -> bool {
    name.to_ascii_lowercase().ends_with("secretarn") || name.starts_with("SecretsManager") && name.ends_with("SecretId")
}

/// What is wrong with the part between `{{resolve:` and `}}`.
fn defect(body: &str) -> Option<String> {
    // A variable may stand for anything, also for several parts.
    let is_open = body.contains("${") || unknown::is_unknown(body);
    let (service, parts) = body.split_once(':').unwrap_or((body, ""));
    if service.contains("${") || unknown::is_unknown(service) {
        return None;
    }
    if !SERVICES.contains(&service) {
        return Some(format!("asks for `{service}`, and there are `ssm`, `ssm-secure` and `secretsmanager`"));
    }
    if parts.trim().is_empty() {
        return Some("names nothing".to_owned());
    }
    if is_open || parts.starts_with("arn:") && service != "secretsmanager" {
        return None;
    }
    if service == "secretsmanager" { secret_defect(parts) } else { parameter_defect(parts) }
}

fn parameter_defect(parts: &str) -> Option<String> {
    let mut parts = parts.split(':');
    let name = parts.next().unwrap_or_default();
    let version = parts.next();
    if parts.next().is_some() {
        return Some("has more than a name and a version".to_owned());
    }
    if !name.chars().all(|c| c.is_ascii_alphanumeric() || "_.-/".contains(c)) {
        return Some(format!("names the parameter `{name}`, which has characters that no parameter has"));
    }
    version
        .filter(|version| version.parse::<u64>().is_err())
        .map(|version| format!("has the version `{version}`, which is not a number"))
}

fn secret_defect(parts: &str) -> Option<String> {
    let parts: Vec<&str> = parts.split(':').collect();
    // An ARN has seven parts itself.
    let name = if parts.first() == Some(&"arn") { 7 } else { 1 };
    let rest = parts.get(name..).unwrap_or_default();
    match rest {
        [kind, ..] if !kind.is_empty() && *kind != "SecretString" => {
            Some(format!("asks for `{kind}`, and only `SecretString` can be read"))
        }
        [_, _, stage, version, ..] if !stage.is_empty() && !version.is_empty() => {
            Some("has both a stage and a version of the secret".to_owned())
        }
        rest if rest.len() > 4 => Some("has more parts than a secret, its key, stage and version".to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{defect, names_a_secret, spaced};

    #[test]
    fn blanks_make_plain_text() {
        assert_eq!(spaced("a {{ resolve:ssm:name}} b"), Some("{{ resolve:ssm:name}}"));
        assert_eq!(spaced("{{resolve :secretsmanager:x}}"), Some("{{resolve :secretsmanager:x}}"));
        for text in ["{{resolve:ssm:name}}", "{{ other }}", "{{ resolve:me }}", "{{"] {
            assert_eq!(spaced(text), None, "{text}");
        }
    }

    #[test]
    fn properties_that_take_an_arn_are_known_by_name() {
        assert!(["SecretArn", "MasterUserSecretARN", "SecretsManagerSecretId"].into_iter().all(names_a_secret));
        assert!(!["MasterUserPassword", "SecretId", "Secret"].into_iter().any(names_a_secret));
    }

    #[test]
    fn forms_are_told_apart() {
        for body in [
            "ssm:name",
            "ssm:/path/to.name-1:12",
            "ssm-secure:name:1",
            "ssm:${Name}:x:y",
            "secretsmanager:prod/db",
            "secretsmanager:prod/db:SecretString:password",
            "secretsmanager:prod/db:SecretString:password::version-id",
            "secretsmanager:arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf:SecretString:password",
            "secretsmanager:${Secret}::password",
            "${Service}:name",
        ] {
            assert_eq!(defect(body), None, "{body}");
        }
        for body in [
            "smm:name",
            "ssm:",
            "ssm",
            "ssm:name:latest",
            "ssm:name:1:2",
            "ssm:a name",
            "secretsmanager:db:SecretsString:password",
            "secretsmanager:db:SecretString:password:AWSCURRENT:id",
            "secretsmanager:db:SecretString:a:b::d",
        ] {
            assert!(defect(body).is_some(), "{body}");
        }
    }
}
