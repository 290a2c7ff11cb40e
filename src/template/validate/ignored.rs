//! Findings that a template asks cfn-lint to leave out.
//!
//! Templates that were checked with cfn-lint carry its configuration in `Metadata`. Where one
//! of its rule numbers says the same as a problem here, the request is honoured.

use crate::template::value::Value;
use crate::template::{Problem, ProblemKind};

/// cfn-lint's rules that say the same as a kind of problem; a shorter number stands for all
/// that begin with it.
pub fn cfn_lint_rules(kind: ProblemKind) -> &'static [&'static str] {
    match kind {
        ProblemKind::Syntax | ProblemKind::Encoding | ProblemKind::DuplicateKey | ProblemKind::Alias => &["E0000"],
        ProblemKind::Structure | ProblemKind::TemplateSection => &["E1001", "E1004", "E1005", "E3001"],
        ProblemKind::Intrinsic => &[
            "E1010", "E1011", "E1015", "E1016", "E1017", "E1018", "E1019", "E1020", "E1021", "E1022", "E1024", "E1028",
            "E1030", "E1031",
        ],
        ProblemKind::TemplateLimit => {
            &["E1002", "E1003", "E2010", "E2011", "E3010", "E6010", "E6011", "E7002", "E7010"]
        }
        ProblemKind::InvalidParameter => &["E2001", "E2002", "E2015"],
        ProblemKind::UnusedParameter => &["W2001"],
        ProblemKind::InvalidMapping => &["E7001"],
        ProblemKind::UnusedMapping => &["W7001"],
        ProblemKind::InvalidCondition => &["E8001", "E8003", "E8004", "E8005", "E8006", "E8007"],
        ProblemKind::UnusedCondition => &["W8001"],
        ProblemKind::InvalidOutput => &["E6001", "E6002", "E6003", "E6101", "E6102"],
        ProblemKind::InvalidResource => &["E3001", "E3016", "E3028", "E3055"],
        ProblemKind::IgnoredAttribute => &["W3001"],
        ProblemKind::InvalidName => &["E2003", "E3007", "E3011", "E6004", "E3663"],
        ProblemKind::UnknownResourceType | ProblemKind::UnavailableResourceType => &["E3006"],
        ProblemKind::RetiredResourceType => &["E3710"],
        ProblemKind::RetiredRuntime => &["E2531", "E2533"],
        ProblemKind::UnknownProperty => &["E3002"],
        ProblemKind::RequiredProperty => &["E3003", "E3014", "E3058"],
        ProblemKind::WrongType => &["E3012", "E1010", "E1019", "E1020"],
        ProblemKind::InvalidEnumValue => &["E3030"],
        ProblemKind::PatternMismatch => &["E3031"],
        ProblemKind::OutOfRange => &["E3032", "E3033", "E3034", "E3065"],
        ProblemKind::DuplicateItem => &["E3037", "E3024"],
        ProblemKind::MutuallyExclusiveProperties => &["E3014", "E3018", "E3020"],
        ProblemKind::DependentProperty => &["E3021"],
        ProblemKind::NoMatchingShape => &["E3017"],
        ProblemKind::PropertyConflict => &["E3039", "E3501", "E3502", "E36", "E37"],
        ProblemKind::ReadOnlyProperty => &["E3040"],
        ProblemKind::InvalidIdentifier => &["E1040", "E1041", "E115", "E116", "E3050"],
        ProblemKind::InvalidPolicyDocument => &["E3510", "E3512", "E3513", "E3530"],
        ProblemKind::UnresolvedReference => &["E1010", "E1019", "E1020", "E3005", "E6101"],
        ProblemKind::UnknownAttribute => &["E1010", "E1019"],
        ProblemKind::UnknownMapping => &["E1011"],
        ProblemKind::UnknownCondition => &["E1028", "E3015", "E6005", "E8002", "E8007"],
        ProblemKind::MissingSub => &["E1029"],
        ProblemKind::NeedlessSub => &["W1020"],
        ProblemKind::CircularDependency => &["E3004"],
        ProblemKind::RedundantDependsOn => &["W3005"],
        ProblemKind::InvalidDeletionPolicy => &["E3035", "E3036"],
        ProblemKind::SamConfiguration => &["E3038", "E3066", "E3724"],
        _ => &[],
    }
}

/// Whether `root` asks cfn-lint to leave out everything that `problem` says.
pub(super) fn is_ignored(root: &Value, problem: &Problem) -> bool {
    let rules = cfn_lint_rules(problem.kind);
    let asked = |metadata: Option<&Value>| {
        let list = metadata
            .and_then(|metadata| metadata.at(&["cfn-lint", "config", "ignore_checks"]))
            .and_then(Value::as_list);
        let ignored: Vec<&str> =
            list.unwrap_or_default().iter().filter_map(Value::as_str).filter(|text| !text.is_empty()).collect();
        rules.iter().any(|rule| ignored.iter().any(|ignored| rule.starts_with(ignored) || ignored.starts_with(rule)))
    };
    let resource = problem.resource.as_deref().and_then(|id| root.get("Resources")?.get(id));
    !rules.is_empty() && (asked(root.get("Metadata")) || asked(resource.and_then(|body| body.get("Metadata"))))
}
