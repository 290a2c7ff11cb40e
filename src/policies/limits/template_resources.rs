use crate::policy;
use crate::policy::Context;
use std::collections::BTreeMap;

/// Resources in one stack (CloudFormation quotas page, 2026-09; not adjustable).
const MAXIMUM: usize = 500;

policy! {
    /// A template is close to the number of resources that one stack can hold.
    ///
    /// ## Why it matters
    ///
    /// A stack holds at most 500 resources; the limit counts what SAM and the Serverless Framework
    /// generate. Each HTTP event of a REST API, for instance, makes a method, often a resource for
    /// its path, and a permission. Teams meet the limit in the middle of a release, when there is no
    /// time to split the stack. This policy warns at 90 % of it; beyond the limit,
    /// `template-limit-exceeded` reports.
    ///
    /// ## How to fix
    ///
    /// Move a part of the functions into a second stack or a nested stack. For REST APIs with many
    /// routes, a proxy route (`/{proxy+}`), or an HTTP API, needs far fewer resources.
    ///
    /// ## When to suppress
    ///
    /// When the stack does not grow any more.
    ///
    /// ## Source
    ///
    /// AWS CloudFormation user guide, "Quotas" (500 resources a template); cfn-lint E3010, I3010; as of
    /// 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,cloudformation,fail
    /// Transform: AWS::LanguageExtensions
    /// Resources:
    ///   Fn::ForEach::Queues:
    ///     - Name
    ///     - [Q0, Q1, Q2, Q3, Q4, Q5, Q6, Q7, Q8, Q9, Q10, Q11, Q12, Q13, Q14, Q15, Q16, Q17, Q18, Q19, Q20, Q21, Q22, Q23, Q24, Q25, Q26, Q27, Q28, Q29, Q30, Q31, Q32, Q33, Q34, Q35, Q36, Q37, Q38, Q39, Q40, Q41, Q42, Q43, Q44, Q45, Q46, Q47, Q48, Q49, Q50, Q51, Q52, Q53, Q54, Q55, Q56, Q57, Q58, Q59, Q60, Q61, Q62, Q63, Q64, Q65, Q66, Q67, Q68, Q69, Q70, Q71, Q72, Q73, Q74, Q75, Q76, Q77, Q78, Q79, Q80, Q81, Q82, Q83, Q84, Q85, Q86, Q87, Q88, Q89, Q90, Q91, Q92, Q93, Q94, Q95, Q96, Q97, Q98, Q99, Q100, Q101, Q102, Q103, Q104, Q105, Q106, Q107, Q108, Q109, Q110, Q111, Q112, Q113, Q114, Q115, Q116, Q117, Q118, Q119, Q120, Q121, Q122, Q123, Q124, Q125, Q126, Q127, Q128, Q129, Q130, Q131, Q132, Q133, Q134, Q135, Q136, Q137, Q138, Q139, Q140, Q141, Q142, Q143, Q144, Q145, Q146, Q147, Q148, Q149, Q150, Q151, Q152, Q153, Q154, Q155, Q156, Q157, Q158, Q159, Q160, Q161, Q162, Q163, Q164, Q165, Q166, Q167, Q168, Q169, Q170, Q171, Q172, Q173, Q174, Q175, Q176, Q177, Q178, Q179, Q180, Q181, Q182, Q183, Q184, Q185, Q186, Q187, Q188, Q189, Q190, Q191, Q192, Q193, Q194, Q195, Q196, Q197, Q198, Q199, Q200, Q201, Q202, Q203, Q204, Q205, Q206, Q207, Q208, Q209, Q210, Q211, Q212, Q213, Q214, Q215, Q216, Q217, Q218, Q219, Q220, Q221, Q222, Q223, Q224, Q225, Q226, Q227, Q228, Q229, Q230, Q231, Q232, Q233, Q234, Q235, Q236, Q237, Q238, Q239, Q240, Q241, Q242, Q243, Q244, Q245, Q246, Q247, Q248, Q249, Q250, Q251, Q252, Q253, Q254, Q255, Q256, Q257, Q258, Q259, Q260, Q261, Q262, Q263, Q264, Q265, Q266, Q267, Q268, Q269, Q270, Q271, Q272, Q273, Q274, Q275, Q276, Q277, Q278, Q279, Q280, Q281, Q282, Q283, Q284, Q285, Q286, Q287, Q288, Q289, Q290, Q291, Q292, Q293, Q294, Q295, Q296, Q297, Q298, Q299, Q300, Q301, Q302, Q303, Q304, Q305, Q306, Q307, Q308, Q309, Q310, Q311, Q312, Q313, Q314, Q315, Q316, Q317, Q318, Q319, Q320, Q321, Q322, Q323, Q324, Q325, Q326, Q327, Q328, Q329, Q330, Q331, Q332, Q333, Q334, Q335, Q336, Q337, Q338, Q339, Q340, Q341, Q342, Q343, Q344, Q345, Q346, Q347, Q348, Q349, Q350, Q351, Q352, Q353, Q354, Q355, Q356, Q357, Q358, Q359, Q360, Q361, Q362, Q363, Q364, Q365, Q366, Q367, Q368, Q369, Q370, Q371, Q372, Q373, Q374, Q375, Q376, Q377, Q378, Q379, Q380, Q381, Q382, Q383, Q384, Q385, Q386, Q387, Q388, Q389, Q390, Q391, Q392, Q393, Q394, Q395, Q396, Q397, Q398, Q399, Q400, Q401, Q402, Q403, Q404, Q405, Q406, Q407, Q408, Q409, Q410, Q411, Q412, Q413, Q414, Q415, Q416, Q417, Q418, Q419, Q420, Q421, Q422, Q423, Q424, Q425, Q426, Q427, Q428, Q429, Q430, Q431, Q432, Q433, Q434, Q435, Q436, Q437, Q438, Q439, Q440, Q441, Q442, Q443, Q444, Q445, Q446, Q447, Q448, Q449, Q450, Q451, Q452, Q453, Q454, Q455, Q456, Q457, Q458, Q459]
    ///     - 'Queue${Name}': {Type: AWS::SQS::Queue}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Jobs:
    ///     Type: AWS::SQS::Queue
    ///     Properties: {}
    /// ```
    pub(super) static POLICY = "template-resources" {
        category: Limits, severity: Medium, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    let template = cx.template();
    let mut types: BTreeMap<&str, usize> = BTreeMap::new();
    let mut count = 0;
    for resource in template.resources().filter(|resource| resource.exists() != Some(false)) {
        count += 1;
        *types.entry(resource.ty()).or_default() += 1;
    }
    if count <= MAXIMUM * 9 / 10 || count > MAXIMUM {
        return;
    }
    let Some(section) = template.root.get("Resources") else { return };
    let mut most: Vec<(usize, &str)> = types.into_iter().map(|(ty, count)| (count, ty)).collect();
    most.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(b.1)));
    let most: Vec<String> = most.iter().take(3).map(|(count, ty)| format!("{count} {ty}")).collect();
    let generated = template.resources().filter(|resource| resource.origin().is_generated()).count();
    cx.report(
        section.origin,
        format!("the stack has {count} resources ({generated} of them generated), close to the {MAXIMUM} that CloudFormation takes"),
    )
    .help(format!("split the stack; most are {}", most.join(", ")));
}
