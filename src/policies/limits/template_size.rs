use crate::finding::Severity;
use crate::graph::Value;
use crate::policy;
use crate::policy::{Context, OptionDefault, OptionSpec};
use crate::template::value::Kind;

/// Bytes of a template that comes from S3 (CloudFormation quotas page, 2026-09).
const MAXIMUM: usize = 1_000_000;

policy! {
    /// A template is larger than CloudFormation accepts.
    ///
    /// ## Why it matters
    ///
    /// CloudFormation takes templates of 1 MB from S3. Long inline code, API definitions and state
    /// machines are what usually fills it. SAM and the Serverless Framework generate more text than
    /// was written, so this policy measures the template after expansion, as compact JSON, and warns
    /// at 90 % of the limit.
    ///
    /// ## How to fix
    ///
    /// Move inline code, API definitions and state machine definitions into files that are uploaded
    /// next to the template (`DefinitionUri`, `CodeUri`), or split the stack.
    ///
    /// ## When to suppress
    ///
    /// When the template is uploaded to S3 and stays below 1 MB.
    ///
    /// ## Source
    ///
    /// AWS CloudFormation user guide, "Quotas" (51,200 bytes in a request, 1 MB in S3); cfn-lint E1002; as
    /// of 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Jobs:
    ///     Type: AWS::SQS::Queue
    ///     Properties: {}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Transform: AWS::LanguageExtensions
    /// Resources:
    ///   Fn::ForEach::Queues:
    ///     - Name
    ///     - [Q0, Q1, Q2, Q3, Q4, Q5, Q6, Q7, Q8, Q9, Q10, Q11, Q12, Q13, Q14, Q15, Q16, Q17, Q18, Q19, Q20, Q21, Q22, Q23, Q24, Q25, Q26, Q27, Q28, Q29, Q30, Q31, Q32, Q33, Q34, Q35, Q36, Q37, Q38, Q39, Q40, Q41, Q42, Q43, Q44, Q45, Q46, Q47, Q48, Q49, Q50, Q51, Q52, Q53, Q54, Q55, Q56, Q57, Q58, Q59, Q60, Q61, Q62, Q63, Q64, Q65, Q66, Q67, Q68, Q69, Q70, Q71, Q72, Q73, Q74, Q75, Q76, Q77, Q78, Q79, Q80, Q81, Q82, Q83, Q84, Q85, Q86, Q87, Q88, Q89, Q90, Q91, Q92, Q93, Q94, Q95, Q96, Q97, Q98, Q99, Q100, Q101, Q102, Q103, Q104, Q105, Q106, Q107, Q108, Q109, Q110, Q111, Q112, Q113, Q114, Q115, Q116, Q117, Q118, Q119, Q120, Q121, Q122, Q123, Q124, Q125, Q126, Q127, Q128, Q129, Q130, Q131, Q132, Q133, Q134, Q135, Q136, Q137, Q138, Q139, Q140, Q141, Q142, Q143, Q144, Q145, Q146, Q147, Q148, Q149, Q150, Q151, Q152, Q153, Q154, Q155, Q156, Q157, Q158, Q159, Q160, Q161, Q162, Q163, Q164, Q165, Q166, Q167, Q168, Q169, Q170, Q171, Q172, Q173, Q174, Q175, Q176, Q177, Q178, Q179, Q180, Q181, Q182, Q183, Q184, Q185, Q186, Q187, Q188, Q189, Q190, Q191, Q192, Q193, Q194, Q195, Q196, Q197, Q198, Q199, Q200, Q201, Q202, Q203, Q204, Q205, Q206, Q207, Q208, Q209, Q210, Q211, Q212, Q213, Q214, Q215, Q216, Q217, Q218, Q219, Q220, Q221, Q222, Q223, Q224, Q225, Q226, Q227, Q228, Q229, Q230, Q231, Q232, Q233, Q234, Q235, Q236, Q237, Q238, Q239, Q240, Q241, Q242, Q243, Q244, Q245, Q246, Q247, Q248, Q249, Q250, Q251, Q252, Q253, Q254, Q255, Q256, Q257, Q258, Q259, Q260, Q261, Q262, Q263, Q264, Q265, Q266, Q267, Q268, Q269, Q270, Q271, Q272, Q273, Q274, Q275, Q276, Q277, Q278, Q279, Q280, Q281, Q282, Q283, Q284, Q285, Q286, Q287, Q288, Q289, Q290, Q291, Q292, Q293, Q294, Q295, Q296, Q297, Q298, Q299, Q300, Q301, Q302, Q303, Q304, Q305, Q306, Q307, Q308, Q309, Q310, Q311, Q312, Q313, Q314, Q315, Q316, Q317, Q318, Q319, Q320, Q321, Q322, Q323, Q324, Q325, Q326, Q327, Q328, Q329, Q330, Q331, Q332, Q333, Q334, Q335, Q336, Q337, Q338, Q339, Q340, Q341, Q342, Q343, Q344, Q345, Q346, Q347, Q348, Q349, Q350, Q351, Q352, Q353, Q354, Q355, Q356, Q357, Q358, Q359, Q360, Q361, Q362, Q363, Q364, Q365, Q366, Q367, Q368, Q369, Q370, Q371, Q372, Q373, Q374, Q375, Q376, Q377, Q378, Q379, Q380, Q381, Q382, Q383, Q384, Q385, Q386, Q387, Q388, Q389, Q390, Q391, Q392, Q393, Q394, Q395, Q396, Q397, Q398, Q399]
    ///     - 'Queue${Name}': {Type: AWS::SQS::Queue, Metadata: {About: 'The queue takes orders from the shop. The queue takes orders from the shop. The queue takes orders from the shop. The queue takes orders from the shop. The queue takes orders from the shop. The queue takes orders from the shop. The queue takes orders from the shop. The queue takes orders from the shop. The queue takes orders from the shop. The queue takes orders from the shop. The queue takes orders from the shop. The queue takes orders from the shop. The queue takes orders from the shop. The queue takes orders from the shop. The queue takes orders from the shop. The queue takes orders from the shop. The queue takes orders from the shop. The queue takes orders from the shop. The queue takes orders from the shop. The queue takes orders from the shop. The queue takes orders from the shop. The queue takes orders from the shop. The queue takes orders from the shop. The queue takes orders from the shop. The queue takes orders from the shop. The queue takes orders from the shop. The queue takes orders from the shop. The queue takes orders from the shop. The queue takes orders from the shop. The queue takes orders from the shop. The queue takes orders from the shop. The queue takes orders from the shop. The queue takes orders from the shop. The queue takes orders from the shop. The queue takes orders from the shop. The queue takes orders from the shop. The queue takes orders from the shop. The queue takes orders from the shop. The queue takes orders from the shop. The queue takes orders from the shop. The queue takes orders from the shop. The queue takes orders from the shop. The queue takes orders from the shop. The queue takes orders from the shop. The queue takes orders from the shop. The queue takes orders from the shop. The queue takes orders from the shop. The queue takes orders from the shop. The queue takes orders from the shop. The queue takes orders from the shop. The queue takes orders from the shop. The queue takes orders from the shop. The queue takes orders from the shop. The queue takes orders from the shop. The queue takes orders from the shop. The queue takes orders from the shop. The queue takes orders from the shop. The queue takes orders from the shop. The queue takes orders from the shop. The queue takes orders from the shop. The queue takes orders from the shop. The queue takes orders from the shop. The queue takes orders from the shop. The queue takes orders from the shop. The queue takes orders from the shop. '}}
    /// ```
    pub(super) static POLICY = "template-size" {
        category: Limits, severity: High, profile: Recommended, fix: None, since: "0.1.0",
        options: OPTIONS, check: check,
    }
}

const OPTIONS: &[OptionSpec] = &[OptionSpec {
    name: "percent",
    help: "the part of the quota from which on a template is close to it, in percent, 1 to 100",
    default: OptionDefault::Int(90),
}];

fn check(cx: &mut Context<'_>) {
    let root = &cx.template().root;
    let size = size(root, 0);
    let percent = usize::try_from(cx.option_int("percent")).unwrap_or(90).clamp(1, 100);
    if size <= MAXIMUM / 100 * percent {
        return;
    }
    let place = root.get("Resources").unwrap_or(root).origin;
    let (verdict, severity) =
        if size > MAXIMUM { ("more than", Severity::High) } else { ("close to", Severity::Medium) };
    let mut largest: Vec<(usize, &str)> =
        cx.template().resources().map(|resource| (self::size(resource.body(), 1), resource.id())).collect();
    largest.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(b.1)));
    let largest: Vec<String> = largest.iter().take(3).map(|(size, id)| format!("{id} ({size} bytes)")).collect();
    cx.report(
        place,
        format!("the template has {size} bytes after expansion, {verdict} the {MAXIMUM} that CloudFormation takes"),
    )
    .help(format!(
        "move definitions and code into files, or split the stack; the largest parts are {}",
        largest.join(", ")
    ))
    .severity(severity);
}

/// Bytes of `value` as compact JSON, escapes left out.
fn size(value: &Value, depth: u8) -> usize {
    if depth > 128 {
        return 0;
    }
    match &value.kind {
        Kind::Null | Kind::Bool(true) => 4,
        Kind::Bool(false) => 5,
        Kind::Int(number) => number.to_string().len(),
        Kind::Float(number) => number.to_string().len(),
        Kind::Str(text) => text.len() + 2,
        Kind::List(items) => 1 + items.len().max(1) + items.iter().map(|item| size(item, depth + 1)).sum::<usize>(),
        Kind::Map(map) => {
            1 + map.len().max(1)
                + map.iter().map(|entry| entry.key.len() + 3 + size(&entry.value, depth + 1)).sum::<usize>()
        }
    }
}
