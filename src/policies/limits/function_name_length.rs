use crate::facts::quotas;
use crate::graph::{Map, Template, Value};
use crate::policy;
use crate::policy::{Context, Place};
use crate::template::intrinsic::{self, SubPart};
use crate::template::unknown;

policy! {
    /// A name that is put together becomes longer than its service takes.
    ///
    /// The length is that of the longest value a parameter allows, and the least that is possible for what
    /// is not known: one character for the name of the stack. Names that are plain text are checked with
    /// the types of properties.
    ///
    /// ## Why it matters
    ///
    /// A function, rule, schedule or role has 64 characters at most, a queue or state machine 80, a bucket
    /// 63. The name fits in the stage it was written in, and fails the deployment of the stage with the
    /// longer name: often production.
    ///
    /// ## How to fix
    ///
    /// Shorten the fixed part, or leave the name out: CloudFormation makes one that fits.
    ///
    /// ## When to suppress
    ///
    /// When the long value of the parameter is never used together with this resource.
    ///
    /// ## Source
    ///
    /// AWS Lambda API reference, `CreateFunction` (64 characters), Amazon EventBridge `PutRule` (64), IAM
    /// `CreateRole` (64), Amazon SQS `CreateQueue` (80), AWS Step Functions `CreateStateMachine` (80),
    /// Amazon S3 bucket naming rules (63); read 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Parameters:
    ///   Stage: {Type: String, Default: dev, AllowedValues: [dev, acceptance-testing-in-the-mirror-region]}
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, FunctionName: !Sub 'orders-and-refunds-${Stage}-worker'}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Parameters:
    ///   Stage: {Type: String, Default: dev, AllowedValues: [dev, acceptance]}
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, FunctionName: !Sub 'orders-and-refunds-${Stage}-worker'}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: the-order-management-of-the-whole-shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   refundOrdersThatWereCancelled: {handler: app.main}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   refundOrdersThatWereCancelled: {handler: app.main}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Jobs: {Type: AWS::SQS::Queue, Properties: {QueueName: !Join ['-', [!Ref 'AWS::StackName', !Ref 'AWS::Region', jobs-of-the-orders-that-were-cancelled-before-they-left-the-warehouse]]}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Jobs: {Type: AWS::SQS::Queue, Properties: {QueueName: !Join ['-', [!Ref 'AWS::StackName', !Ref 'AWS::Region', jobs]]}}
    /// ```
    pub(super) static POLICY = "function-name-length" {
        category: Limits, severity: High, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

/// Type, property, characters at most, noun.
const NAMES: [(&str, &str, usize, &str); 7] = [
    ("AWS::Lambda::Function", "FunctionName", 64, "a function"),
    ("AWS::Events::Rule", "Name", 64, "a rule"),
    ("AWS::Scheduler::Schedule", "Name", 64, "a schedule"),
    ("AWS::IAM::Role", "RoleName", quotas::iam::ROLE_NAME_CHARACTERS, "a role"),
    ("AWS::SQS::Queue", "QueueName", quotas::sqs::NAME_CHARACTERS, "a queue"),
    (
        "AWS::StepFunctions::StateMachine",
        "StateMachineName",
        quotas::step_functions::NAME_CHARACTERS,
        "a state machine",
    ),
    ("AWS::S3::Bucket", "BucketName", 63, "a bucket"),
];

/// What a composed name is at most, as far as that is known.
#[derive(Debug, Default)]
struct Length {
    characters: usize,
    /// Whether something was put together.
    composed: bool,
    /// The longest values of parameters that were counted.
    choices: Vec<String>,
}

fn check(cx: &mut Context<'_>) {
    let template = cx.template();
    for resource in template.resources().filter(|resource| resource.exists() != Some(false)) {
        let Some((_, property, limit, noun)) = NAMES.iter().find(|(ty, ..)| *ty == resource.ty()) else { continue };
        let Some(value) = resource.properties().and_then(|properties| properties.get(property)) else { continue };
        let mut length = Length::default();
        if measure(template, value, &mut length, 0).is_none() || length.characters <= *limit {
            continue;
        }
        // The framework puts the names of its functions together.
        let made = template.is_service() && value.origin.is_generated();
        if !length.composed && !made {
            continue;
        }
        let (id, characters) = (resource.id(), length.characters);
        let with = match length.choices.as_slice() {
            [] => String::new(),
            choices => format!(" with {}", choices.join(" and ")),
        };
        let least = if length.composed && length.choices.is_empty() { "at least " } else { "" };
        cx.report(
            Place::property(resource, &[property]),
            format!("the name of {id} has {least}{characters} characters{with}, but {noun} has {limit} at most"),
        )
        .help(if made && resource.ty() == "AWS::IAM::Role" {
            "set provider.iam.role.name, or shorten the name of the service".to_owned()
        } else if made {
            "set name of the function, or shorten the name of the service".to_owned()
        } else {
            format!("shorten it by {}, or remove {property}", characters - limit)
        });
    }
}

/// Adds the length of `value`; `None` where it is not text that can be measured.
fn measure(template: &Template, value: &Value, length: &mut Length, depth: u8) -> Option<()> {
    if depth > 8 {
        return None;
    }
    if let Some(text) = value.as_str() {
        length.characters +=
            unknown::marks(text).fold(text.chars().count(), |sum, (mark, _)| sum - mark.chars().count() - 1);
        return Some(());
    }
    if let Some(name) = value.get("Ref").and_then(Value::as_str) {
        reference(template, name, length);
        return Some(());
    }
    if let Some(sub) = value.get("Fn::Sub") {
        length.composed = true;
        let (text, given) = match sub.as_list() {
            Some([text, given]) => (text.as_str()?, given.as_map()),
            _ => (sub.as_str()?, None),
        };
        for piece in intrinsic::sub_parts(text) {
            match piece {
                SubPart::Literal(text) => length.characters += text.chars().count(),
                SubPart::Escaped(text) => length.characters += text.chars().count() + 3,
                SubPart::Name(name, _) => match given.and_then(|given: &Map| given.get(name)) {
                    Some(value) => measure(template, value, length, depth + 1)?,
                    None => reference(template, name, length),
                },
            }
        }
        return Some(());
    }
    if let Some([delimiter, items]) = value.get("Fn::Join").and_then(Value::as_list) {
        length.composed = true;
        let (delimiter, items) = (delimiter.as_str()?, items.as_list()?);
        length.characters += delimiter.chars().count() * items.len().saturating_sub(1);
        return items.iter().try_for_each(|item| measure(template, item, length, depth + 1));
    }
    None
}

/// The longest that `${name}` may be by what its parameter allows, or the least it can be.
fn reference(template: &Template, name: &str, length: &mut Length) {
    let parameter = template.section("Parameters").and_then(|parameters| parameters.get(name));
    let allowed = parameter.and_then(|parameter| parameter.get("AllowedValues")).and_then(Value::as_list);
    let longest = allowed.into_iter().flatten().filter_map(Value::as_str).max_by_key(|text| text.chars().count());
    if let Some(longest) = longest.filter(|_| !template.inputs().parameters.contains_key(name)) {
        length.characters += longest.chars().count();
        length.choices.push(format!("{name} {longest}"));
        return;
    }
    length.characters += match name {
        "AWS::AccountId" => 12,
        // The shortest names of regions have nine characters.
        "AWS::Region" => template.inputs().region.as_deref().map_or(9, str::len),
        "AWS::Partition" => 3,
        _ => template.parameter_value(name).and_then(Value::as_str).map_or(1, |text| text.chars().count()),
    };
}
