//! What the name of a layer says about the architecture it is built for.

/// Extensions whose name without a suffix is the one for x86: CloudWatch Lambda Insights, AWS Parameters
/// and Secrets, AWS AppConfig (the developer guides of their services), Powertools for AWS Lambda
/// (Python) version 2, and Datadog (their own documentation). Read 2026-10.
const X86_BY_NAME: [&str; 5] = [
    "AWS-AppConfig-Extension",
    "AWS-Parameters-and-Secrets-Lambda-Extension",
    "AWSLambdaPowertoolsPythonV2",
    "Datadog-Extension",
    "LambdaInsightsExtension",
];

/// The name in the ARN of a layer version: `arn:…:layer:NAME:3`.
pub fn name_of(arn: &str) -> Option<&str> {
    let name = arn.split(":layer:").nth(1)?.split(':').next()?;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    (!name.is_empty() && name.chars().all(plain)).then_some(name)
}

/// The only architecture that a layer of this name is built for, where the name says it.
pub fn built_for(name: &str) -> Option<&'static str> {
    let lower = name.to_ascii_lowercase();
    let words: Vec<&str> = lower.split(['-', '_']).collect();
    let arm = words.iter().any(|word| matches!(*word, "arm64" | "aarch64" | "arm"));
    // `x86_64` is two words.
    let x86 = words.iter().any(|word| matches!(*word, "x86" | "amd64")) || X86_BY_NAME.contains(&name);
    match (arm, x86) {
        (true, false) => Some("arm64"),
        (false, true) => Some("x86_64"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_the_architecture() {
        let arn = "arn:aws:lambda:eu-west-1:580247275435:layer:LambdaInsightsExtension-Arm64:20";
        assert_eq!(name_of(arn).and_then(built_for), Some("arm64"));
        assert_eq!(built_for("LambdaInsightsExtension"), Some("x86_64"));
        assert_eq!(built_for("AWSLambdaPowertoolsPythonV3-python313-x86_64"), Some("x86_64"));
        assert_eq!(built_for("aws-otel-nodejs-amd64-ver-1-30-1"), Some("x86_64"));
        for silent in ["shared", "alarms", "sharp-x86-arm64", "Datadog-Python312"] {
            assert_eq!(built_for(silent), None, "{silent}");
        }
        assert_eq!(name_of("arn:aws:lambda:eu-west-1:1:function:orders"), None);
    }
}
