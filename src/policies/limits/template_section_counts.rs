use crate::policy;
use crate::policy::Context;

/// Entries of a section, and of one mapping (CloudFormation quotas page, 2026-09).
const ENTRIES: usize = 200;
/// Characters of a name.
const NAME: usize = 255;
/// Bytes of the description.
const DESCRIPTION: usize = 1024;

policy! {
    /// A template has more parameters, outputs or mappings than CloudFormation allows.
    ///
    /// ## Why it matters
    ///
    /// CloudFormation takes 200 parameters, 200 outputs, 200 mappings with 200 keys each, names of
    /// 255 characters and a description of 1,024 bytes. A larger template is refused before anything
    /// is created.
    ///
    /// ## How to fix
    ///
    /// Split the stack, or replace single parameters by one parameter that holds a list or names a
    /// path in Parameter Store.
    ///
    /// ## Examples
    ///
    /// ```yaml,cloudformation,fail
    /// Description: 'Orders and payments of the shop. Orders and payments of the shop. Orders and payments of the shop. Orders and payments of the shop. Orders and payments of the shop. Orders and payments of the shop. Orders and payments of the shop. Orders and payments of the shop. Orders and payments of the shop. Orders and payments of the shop. Orders and payments of the shop. Orders and payments of the shop. Orders and payments of the shop. Orders and payments of the shop. Orders and payments of the shop. Orders and payments of the shop. Orders and payments of the shop. Orders and payments of the shop. Orders and payments of the shop. Orders and payments of the shop. Orders and payments of the shop. Orders and payments of the shop. Orders and payments of the shop. Orders and payments of the shop. Orders and payments of the shop. Orders and payments of the shop. Orders and payments of the shop. Orders and payments of the shop. Orders and payments of the shop. Orders and payments of the shop. Orders and payments of the shop. Orders and payments of the shop. '
    /// Resources:
    ///   Jobs:
    ///     Type: AWS::SQS::Queue
    ///     Properties: {}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Description: Orders and payments of the shop
    /// Resources:
    ///   Jobs:
    ///     Type: AWS::SQS::Queue
    ///     Properties: {}
    /// ```
    pub(super) static POLICY = "template-section-counts" {
        category: Limits, severity: High, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    let template = cx.template();
    for (section, noun) in [("Parameters", "parameters"), ("Outputs", "outputs"), ("Mappings", "mappings")] {
        let Some(value) = template.root.get(section) else { continue };
        let Some(map) = value.as_map() else { continue };
        if map.len() > ENTRIES {
            cx.report(
                value.origin,
                format!("the template has {} {noun}, but CloudFormation takes {ENTRIES}", map.len()),
            )
            .help(format!("split the stack, or merge {noun}"));
        }
        for entry in map {
            if entry.key.chars().count() > NAME {
                cx.report(
                    entry.key_origin,
                    format!(
                        "a name in {section} has {} characters, but CloudFormation takes {NAME}",
                        entry.key.chars().count()
                    ),
                )
                .help("shorten the name");
            }
            let keys = entry.value.as_map().map_or(0, |map| map.len());
            if section == "Mappings" && keys > ENTRIES {
                cx.report(
                    entry.key_origin,
                    format!("the mapping {} has {keys} keys, but CloudFormation takes {ENTRIES}", entry.key),
                )
                .help("split the mapping, or look the value up in Parameter Store");
            }
        }
    }
    if let Some(value) = template.root.get("Description") {
        let length = value.as_str().map_or(0, str::len);
        if length > DESCRIPTION {
            cx.report(
                value.origin,
                format!("the description has {length} bytes, but CloudFormation takes {DESCRIPTION}"),
            )
            .help("shorten the description, and keep the text in a comment or a README");
        }
    }
}
