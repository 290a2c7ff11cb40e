//! Kinds of identifiers: which text is one, and what a reference gives.

use super::index::Index;
use super::output::Output;
use crate::schema::{Field, Table};

/// Whether `text` can be of the kind `format`; kinds not known here hold for every text.
pub(super) fn holds(format: &str, text: &str) -> bool {
    match format {
        "AWS::EC2::SecurityGroup.Id" | "AWS::EC2::SecurityGroup.GroupId" => {
            has_id(text, "sg-", |c| c.is_ascii_hexdigit())
        }
        "AWS::EC2::VPC.Id" => has_id(text, "vpc-", |c| c.is_ascii_hexdigit()),
        "AWS::EC2::Subnet.Id" => has_id(text, "subnet-", |c| c.is_ascii_hexdigit()),
        "AWS::EC2::Image.Id" => {
            has_id(text, "ami-", |c| c.is_ascii_digit() || c.is_ascii_lowercase()) || text.starts_with("resolve:ssm:")
        }
        "AWS::EC2::SecurityGroup.Name" => {
            !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || " ._-:/()#,@[]+=&;{}!$*".contains(c))
        }
        "AWS::Logs::LogGroup.Name" => {
            (1..=512).contains(&text.len()) && text.chars().all(|c| c.is_ascii_alphanumeric() || ".-_/#".contains(c))
        }
        "AWS::S3::Bucket.Name" => is_bucket_name(text),
        "AWS::KMS::Alias.AliasName" => text.strip_prefix("alias/").is_some_and(|name| {
            !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || ":/_-".contains(c))
        }),
        "AWS::IAM::Role.Arn" => is_arn(text, "iam", &["role/"], true),
        "AWS::KMS::Key.Arn" => is_arn(text, "kms", &["key/", "alias/"], false),
        "AWS::SNS::Topic.Arn" => is_arn(text, "sns", &[""], false),
        "AWS::ACM::Certificate.Arn" => is_arn(text, "acm", &["certificate/"], false),
        "AWS::Lambda::Function.Arn" => is_arn(text, "lambda", &["function:"], false),
        _ => true,
    }
}

fn has_id(text: &str, prefix: &str, is_digit: fn(char) -> bool) -> bool {
    text.strip_prefix(prefix).is_some_and(|id| matches!(id.len(), 8 | 17) && id.chars().all(is_digit))
}

fn is_bucket_name(text: &str) -> bool {
    let edge = |c: Option<char>| c.is_some_and(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    (3..=63).contains(&text.len())
        && edge(text.chars().next())
        && edge(text.chars().last())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '.' || c == '-')
        && !["..", ".-", "-."].iter().any(|pair| text.contains(pair))
}

/// Whether `text` is an ARN of `service` whose resource begins with one of `resources`.
fn is_arn(text: &str, service: &str, resources: &[&str], global: bool) -> bool {
    let mut parts = text.splitn(6, ':');
    let mut next = || parts.next().unwrap_or("");
    let (arn, partition, of, region, account, resource) = (next(), next(), next(), next(), next(), next());
    arn == "arn"
        && partition.starts_with("aws")
        && of == service
        && region.is_empty() == global
        && account.len() == 12
        && account.chars().all(|c| c.is_ascii_digit())
        && resources.iter().any(|start| resource.strip_prefix(start).is_some_and(|name| !name.is_empty()))
}

/// The kind in words.
pub(super) fn words(format: &str) -> String {
    match format {
        "AWS::EC2::SecurityGroup.Id" | "AWS::EC2::SecurityGroup.GroupId" => {
            "the id of a security group (`sg-…`)".into()
        }
        "AWS::EC2::SecurityGroup.Name" => "the name of a security group".into(),
        "AWS::EC2::VPC.Id" => "the id of a VPC (`vpc-…`)".into(),
        "AWS::EC2::Subnet.Id" => "the id of a subnet (`subnet-…`)".into(),
        "AWS::EC2::Image.Id" => "the id of a machine image (`ami-…`)".into(),
        "AWS::Logs::LogGroup.Name" => "the name of a log group".into(),
        "AWS::S3::Bucket.Name" => "the name of a bucket".into(),
        "ipv4-network" | "ipv6-network" => "a block of addresses (CIDR)".into(),
        _ => match format.rsplit_once('.') {
            Some((kind, "Arn")) => format!("the ARN of an {kind}"),
            Some((kind, part)) => format!("the {part} of an {kind}"),
            None => format!("of the format `{format}`"),
        },
    }
}

/// Whether `format` is a kind of AWS identifier.
pub(super) fn is_resource_format(format: &str) -> bool {
    format.starts_with("AWS::")
}

/// Whether `format` is an address block.
pub(super) fn is_network(format: &str) -> bool {
    matches!(format, "ipv4-network" | "ipv6-network")
}

/// Whether two names mean one kind.
pub(super) fn same(left: &str, right: &str) -> bool {
    let plain = |name| if name == "AWS::EC2::SecurityGroup.GroupId" { "AWS::EC2::SecurityGroup.Id" } else { name };
    plain(left) == plain(right)
}

/// The kinds of identifier a reference gives; `None` when that cannot be said.
pub(super) fn given(index: &Index<'_>, table: Table, result: &Output<'_>) -> Option<Vec<&'static str>> {
    let resource = index.resources.get(result.target)?;
    let kind = resource.kind?;
    let node = table.node(result.node?);
    if kind == "AWS::EC2::SecurityGroup" && node.has(Field::AnyOf) {
        // The reference is an id in a VPC and a name without one.
        let vpc = resource.property("VpcId").is_some();
        return Some(vec![if vpc { "AWS::EC2::SecurityGroup.Id" } else { "AWS::EC2::SecurityGroup.Name" }]);
    }
    let own = node.string(Field::Format).map(|format| table.text(format));
    let alternatives = node.children(Field::AnyOf).filter_map(|child| table.node(child).string(Field::Format));
    Some(own.into_iter().chain(alternatives.map(|format| table.text(format))).collect())
}
