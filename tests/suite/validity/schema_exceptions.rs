//! Where the recorded verdicts are not followed, each with the reason.

/// The other linter checks SAM resources by schemas of their own, in which policies, variables
/// and the properties of events are free; it does not read what stands there.
const FREE_FORM: &[(&str, &[u32])] = &[
    ("mutants/m011_4_map.json", &[136]),
    ("mutants/m028_4_fn.json", &[124]),
    ("mutants/m029_0_getatt.json", &[72]),
    ("mutants/m031_0_ref.json", &[234]),
    ("mutants/m038_0_fn.json", &[130]),
    ("mutants/m038_1_getatt.json", &[55]),
    ("mutants/m053_1_map.json", &[78]),
    ("mutants/m057_4_map.json", &[117]),
    ("mutants/m058_3_ref.json", &[368]),
    ("mutants/m065_3_fn.json", &[269]),
    ("mutants/m067_0_map.json", &[39]),
    ("mutants/m076_1_map.json", &[109]),
    ("mutants/m080_4_map.json", &[82]),
    ("mutants/m085_2_map.json", &[181]),
    ("mutants/m108_2_map.json", &[42]),
    ("mutants/m126_4_map.json", &[291]),
];

/// It takes every name that begins with the name of a SAM resource for one that the transform
/// makes. The expansion shows that nothing of that name is made.
const NOT_GENERATED: &[(&str, &[u32])] = &[
    ("mutants/m035_3_ref.json", &[251]),
    ("mutants/m077_0_ref.json", &[190]),
    ("mutants/m121_0_getatt.json", &[31]),
    ("mutants/m123_0_ref.json", &[436]),
];

/// The SAM transform refuses the resource: a zip package without runtime or handler (advice only
/// there), an event without a type it knows, a code location or batch size of the wrong shape.
const REFUSED: &[(&str, &[u32])] = &[
    ("fixtures/bad/resources/lambda/sam_required_properties.yaml", &[8, 14, 20, 28]),
    ("fixtures/good/resources/lambda/sam_required_properties.yaml", &[36]),
    ("mutants/m033_4_getatttype.json", &[210]),
    ("mutants/m038_4_intstr.json", &[135]),
    ("mutants/m042_1_drop.json", &[48]),
    ("mutants/m051_2_drop.json", &[8]),
    ("mutants/m065_2_enum.json", &[55]),
];

/// What the SAM resource expands to breaks the schema of its type: a runtime that does not exist
/// (two of them placeholders that a script fills in), a statement without actions, a negative
/// window. The same value in a plain resource is an error to the other linter as well.
const EXPANSION: &[(&str, &[u32])] = &[
    ("mutants/m073_1_type.json", &[98]),
    ("mutants/m076_0_long.json", &[27]),
    ("mutants/m085_0_list.json", &[56]),
    ("mutants/m085_3_num.json", &[29]),
    ("mutants/m108_0_list.json", &[33]),
    ("mutants/m126_3_long.json", &[264]),
    ("patterns/apigw-lambda-rust/template.yml", &[11]),
    ("patterns/apigw-lambda-sns-sms/template.yaml", &[61]),
    ("patterns/msk-lambda-iam-node-sam/template_original.yaml", &[20]),
    ("patterns/msk-lambda-iam-python-sam/template_original.yaml", &[20]),
];

/// A circle that goes through a role or permission which SAM makes.
const CIRCLES: &[(&str, &[u32])] = &[
    ("mutants/m018_3_circ.json", &[866]),
    ("mutants/m078_2_circ.json", &[12]),
    ("mutants/m083_0_circ.json", &[70, 101]),
    ("mutants/m121_1_getatttype.json", &[11]),
];

/// It stops at the first error of a file, of a resource or of a function, and these are further
/// ones: names that are declared nowhere, a key that stands twice, an image id of the wrong form.
const FURTHER: &[(&str, &[u32])] = &[
    ("fixtures/bad/conditions.yaml", &[65, 66, 67]),
    ("fixtures/bad/core/parse_invalid_map.yaml", &[5, 7, 8, 9, 10, 22]),
    ("fixtures/bad/functions_ref.yaml", &[66]),
    ("fixtures/bad/refs.yaml", &[41]),
    ("fixtures/bad/resources/name.yaml", &[6, 10]),
    ("patterns/appsync-dynamodb-singletable/template.yaml", &[53]),
    ("patterns/vpc-lattice-lambda/template.yaml", &[163, 169]),
];

/// The same error, told at the branch of a choice, at the item of a list or where the text
/// breaks, and not a line or a few before or after it.
const NEARER: &[(&str, &[u32])] = &[
    ("fixtures/bad/core/conditions.yaml", &[42, 43]),
    ("fixtures/bad/core/config_invalid_json.json", &[7]),
    ("fixtures/bad/core/config_invalid_yaml.yaml", &[7]),
    ("fixtures/bad/issues.yaml", &[12]),
    ("fixtures/bad/route53.yaml", &[93]),
    ("fixtures/integration/yaml-alias-amplification.yaml", &[8]),
    ("patterns/apigw-custom-domain-edge/template.yaml", &[34]),
];

/// Whether an error at `line` of `template` is right although the recorded verdict has none.
pub fn is_argued(template: &str, line: u32) -> bool {
    [FREE_FORM, NOT_GENERATED, REFUSED, EXPANSION, CIRCLES, FURTHER, NEARER]
        .into_iter()
        .flatten()
        .any(|(name, lines)| *name == template && lines.contains(&line))
}

/// Whether the recorded verdict of `rule` on `template` is wrong: attributes of SAM's GraphQL API
/// and capacity provider, which what they expand to has, and `${Function.Alias}`, which SAM
/// replaces.
pub fn is_wrong_there(template: &str, rule: &str) -> bool {
    const TEMPLATES: [&str; 8] = [
        "mutants/base_029",
        "mutants/m029_",
        "mutants/base_082",
        "mutants/m082_",
        "patterns/appsync-stepfunctions-express-",
        "patterns/eventbridge-appsync-subscription-sam/",
        "patterns/lambda-durable-investigation-escalation/",
        "patterns/sqs-lambda-lmi-esm-provisioned-sam/",
    ];
    matches!(rule, "E1010" | "E1019" | "E6101") && TEMPLATES.iter().any(|start| template.starts_with(start))
}
