use super::model::Template;
use crate::source::{NoFiles, SourceFile};
use crate::template::{Inputs, load};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

fn template(text: &str, parameters: BTreeMap<String, String>) -> Template {
    let inputs = Inputs { parameters, ..Inputs::default() };
    let loaded = load::load(Arc::new(SourceFile::new("template.yaml", text)), &NoFiles, &inputs).expect("a template");
    Template::new(loaded.dialect, loaded.root, loaded.problems, inputs)
}

const STAGES: &str = "Parameters:
  Stage: {Type: String, AllowedValues: [dev, test, prod]}
  Name: {Type: String}
Conditions:
  Prod: !Equals [!Ref Stage, prod]
  Dev: !Equals [!Ref Stage, dev]
  NotProd: !Not [!Condition Prod]
  Always: !Or [!Condition Prod, !Condition NotProd]
  Never: !And [!Condition Prod, !Condition Dev]
  Named: !Equals [!Ref Name, a]
  Foreign: !Equals [!Ref Stage, staging]
  Circle: !Not [!Condition Circle]
Resources:
  Only:
    Type: AWS::SQS::Queue
    Condition: Prod
    Properties:
      VisibilityTimeout: !If [Prod, 60, 30]
      DelaySeconds: !If [Dev, 1, !If [NotProd, 2, 3]]
      QueueName: !If [Named, a, b]
  Other: {Type: AWS::SQS::Queue, Condition: Dev}
  Free: {Type: AWS::SQS::Queue, Condition: Named}
";

#[test]
fn atoms_of_one_parameter_exclude_each_other() {
    let template = template(STAGES, BTreeMap::new());
    assert_eq!(template.condition("Prod"), None);
    assert_eq!(template.condition("Always"), Some(true));
    assert_eq!(template.condition("Never"), Some(false));
    assert_eq!(template.condition("Foreign"), Some(false), "staging is not an allowed value");
    assert_eq!(template.condition("Circle"), None);
    assert!(!template.can_coexist("Prod", "Dev"));
    assert!(template.can_coexist("Prod", "Named"));
    assert!(template.can_coexist("Prod", "Circle"));
}

#[test]
fn a_resource_is_read_where_its_condition_holds() {
    let template = template(STAGES, BTreeMap::new());
    let [only, other, free] = ["Only", "Other", "Free"].map(|id| template.resource(id).expect("declared"));
    assert_eq!(only.property(&["VisibilityTimeout"]).int(), Some(60));
    assert_eq!(only.property(&["DelaySeconds"]).int(), Some(3));
    assert!(only.property(&["QueueName"]).is_unknown());
    assert!(!only.can_coexist(other) && only.can_coexist(free));
}

#[test]
fn branches_that_exclude_each_other_are_not_taken_together() {
    let text = "Parameters: {Stage: {Type: String}}
Conditions:
  Prod: !Equals [!Ref Stage, prod]
  Test: !Equals [!Ref Stage, test]
Resources:
  Q:
    Type: AWS::SQS::Queue
    Properties: {DelaySeconds: !If [Prod, !If [Test, 1, 2], !If [Prod, 3, !If [Test, 4, 5]]]}
";
    let template = template(text, BTreeMap::new());
    let value = template.root.at(&["Resources", "Q", "Properties", "DelaySeconds"]).expect("written");
    let found: Vec<_> = template.branches(value).iter().filter_map(super::Eval::int).collect();
    assert_eq!(found, [2, 4, 5]);
}

#[test]
fn rules_take_worlds_away() {
    let text = "Parameters: {Stage: {Type: String}, Size: {Type: String}}
Rules:
  Large:
    RuleCondition: !Equals [!Ref Stage, prod]
    Assertions: [{Assert: {'Fn::Contains': [[l, xl], !Ref Size]}, AssertDescription: production is large}]
Conditions:
  SmallProd: !And [!Equals [!Ref Stage, prod], !Equals [!Ref Size, s]]
  LargeProd: !And [!Equals [!Ref Stage, prod], !Equals [!Ref Size, l]]
Resources: {Q: {Type: AWS::SQS::Queue}}
";
    let open = template(text, BTreeMap::new());
    assert_eq!(open.condition("SmallProd"), Some(false));
    assert_eq!(open.condition("LargeProd"), None);
    assert!(open.rule_refusals().is_empty());
    let given =
        |size: &str| BTreeMap::from([("Stage".to_owned(), "prod".to_owned()), ("Size".to_owned(), size.to_owned())]);
    assert!(template(text, given("xl")).rule_refusals().is_empty());
    let refused = template(text, given("s"));
    let [refusal] = &refused.rule_refusals()[..] else { panic!("one refusal") };
    assert_eq!((refusal.rule, refusal.description), ("Large", Some("production is large")));
}

/// Functions other than comparisons have no place in conditions, and come there all the same.
#[test]
fn a_choice_inside_a_condition_ends() {
    let text = "Parameters: {Stage: {Type: String}}
Conditions:
  Prod: !Equals [!Ref Stage, prod]
  Odd: !Equals [!If [Prod, a, b], !If [Odd, a, !Ref Stage]]
Rules: {R: {Assertions: [{Assert: !Equals [!If [Odd, a, b], a]}]}}
Resources: {Q: {Type: AWS::SQS::Queue, Condition: Odd, Properties: {QueueName: !If [Odd, a, b]}}}
";
    let template = template(text, BTreeMap::new());
    assert_eq!(template.condition("Odd"), None);
    assert_eq!(template.resource("Q").expect("declared").property(&["QueueName"]).text().as_deref(), Some("a"));
    assert!(template.rule_refusals().is_empty());
}

/// A small generator: the sequence depends on the seed alone.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }
}

const PARAMETERS: usize = 3;
const VALUES: [&str; 3] = ["a", "b", "c"];

fn expression(dice: &mut Dice, conditions: usize, depth: u8) -> String {
    let sides = if depth > 2 { 1 } else { 5 };
    match dice.roll(sides) {
        1 if conditions > 0 => format!("{{Condition: C{}}}", dice.roll(conditions)),
        2 => format!("!Not [{}]", expression(dice, conditions, depth + 1)),
        side @ (3 | 4) => {
            let parts: Vec<_> = (0..2 + dice.roll(2)).map(|_| expression(dice, conditions, depth + 1)).collect();
            format!("!{} [{}]", if side == 3 { "And" } else { "Or" }, parts.join(", "))
        }
        _ => format!("!Equals [!Ref P{}, {}]", dice.roll(PARAMETERS), VALUES[dice.roll(VALUES.len())]),
    }
}

/// The tables against the slow way: every assignment of values tried in turn.
#[test]
fn tables_agree_with_trying_every_assignment() {
    let mut dice = Dice(7);
    for round in 0..150 {
        let mut text = "Parameters:\n".to_owned();
        for parameter in 0..PARAMETERS {
            let _ = writeln!(text, "  P{parameter}: {{Type: String, AllowedValues: [a, b, c]}}");
        }
        text += "Conditions:\n";
        let count = 2 + dice.roll(5);
        for condition in 0..count {
            let _ = writeln!(text, "  C{condition}: {}", expression(&mut dice, condition, 0));
        }
        text += "Resources: {Q: {Type: AWS::SQS::Queue}}\n";
        let mut seen: Vec<Vec<bool>> = Vec::new();
        for world in 0..VALUES.len().pow(PARAMETERS as u32) {
            let digit = |parameter: usize| VALUES[world / VALUES.len().pow(parameter as u32) % VALUES.len()];
            let given = (0..PARAMETERS).map(|one| (format!("P{one}"), digit(one).to_owned())).collect();
            let known = template(&text, given);
            seen.push((0..count).map(|one| known.condition(&format!("C{one}")).expect("all is known")).collect());
        }
        let open = template(&text, BTreeMap::new());
        for one in 0..count {
            let values: Vec<bool> = seen.iter().map(|world| world[one]).collect();
            let expected = values.iter().all(|value| *value == values[0]).then_some(values[0]);
            assert_eq!(open.condition(&format!("C{one}")), expected, "round {round}, C{one} of\n{text}");
            for other in 0..count {
                let both = seen.iter().any(|world| world[one] && world[other]);
                let answer = open.can_coexist(&format!("C{one}"), &format!("C{other}"));
                assert_eq!(answer, both || one == other, "round {round}, C{one} with C{other} of\n{text}");
            }
        }
    }
}

#[test]
fn forty_conditions_over_twenty_parameters_stay_bounded() {
    let mut text = "Parameters:\n".to_owned();
    for one in 0..20 {
        let _ = writeln!(text, "  P{one}: {{Type: String}}");
    }
    text += "Conditions:\n";
    for one in 0..20 {
        let _ = writeln!(text, "  A{one}: !Equals [!Ref P{one}, x]");
        let last = if one == 0 { "A0".to_owned() } else { format!("B{}", one - 1) };
        let _ = writeln!(text, "  B{one}: !Or [!Condition {last}, !And [!Condition {last}, !Condition A{one}]]");
    }
    text += "Resources: {Q: {Type: AWS::SQS::Queue}}\n";
    let template = template(&text, BTreeMap::new());
    // `A or (A and B)` is A, all the way down.
    assert_eq!(template.condition("B19"), None);
    assert!(template.can_coexist("B19", "A0"));
}
