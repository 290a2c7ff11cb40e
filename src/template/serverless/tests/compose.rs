//! Services that are composed.

use super::*;

const SERVICES: &str = "\
services:
  orders:
    path: orders
    params:
      queueUrl: ${mail.QueueUrl}
      mixed: a-${mail.QueueUrl}-${sls:stage}
      plain: value
      secret: ${env:SECRET}
  mail:
    path: mail
  later: {path: later, dependsOn: [orders]}
";
const ORDERS: &str = "service: orders\nprovider: {name: aws, runtime: nodejs22.x}\nfunctions: {f: {handler: h, \
    environment: {URL: '${param:queueUrl}', PLAIN: '${param:plain}', MIXED: '${param:mixed}'}}}\n";
const MAIL: &str = "service: mail\nprovider: {name: aws}\nresources:\n  Resources: {Q: {Type: AWS::SQS::Queue}}\n  \
    Outputs: {QueueUrl: {Value: !Ref Q}}\n";

fn files() -> Vec<(&'static str, &'static str)> {
    vec![
        ("app/orders/serverless.yml", ORDERS),
        ("app/mail/serverless.yml", MAIL),
        ("app/later/serverless.ts", "export default {}"),
        ("app/serverless-compose.yml", SERVICES),
    ]
}

fn composed(text: &str) -> Loaded {
    let file = Arc::new(SourceFile::new("app/serverless-compose.yml", text));
    load(file, &Memory(files()), &Inputs::default()).expect("a composition")
}

#[test]
fn services_are_parts_that_refer_to_outputs() {
    let loaded = composed(SERVICES);
    assert!(loaded.problems.is_empty(), "{:?}", loaded.problems);
    let parameter = |name: &str| loaded.shown(&["Resources", "orders", "Properties", "Parameters", name]);
    assert_eq!(parameter("queueUrl"), r#"{"Fn::GetAtt":["mail","Outputs.QueueUrl"]}"#);
    assert_eq!(parameter("mixed"), r#"{"Fn::Join":["",["a-",{"Fn::GetAtt":["mail","Outputs.QueueUrl"]},"-","dev"]]}"#);
    assert_eq!(parameter("plain"), "\"value\"");
    assert_eq!(parameter("secret"), "\"<<env:SECRET>>\"");
    assert_eq!(loaded.shown(&["Resources", "later", "DependsOn"]), r#"["orders"]"#);
    let paths: Vec<_> = loaded.stacks.iter().map(|stack| (&*stack.id, &*stack.path)).collect();
    assert_eq!(paths, [("orders", "orders/serverless.yml"), ("mail", "mail/serverless.yml")]);
}

#[test]
fn what_does_not_fit_together_is_said_at_its_place() {
    use ProblemKind::{CircularDependency, FrameworkConfiguration, Include, UnresolvedReference};
    for (text, kind, place, words) in [
        ("services: {a: {path: nowhere}}\n", Include, "nowhere", "is not there"),
        ("services: {a: {path: ../../etc}}\n", Include, "../../etc", "is not there"),
        ("services: {a: {}, mail: {path: mail}}\n", FrameworkConfiguration, "a", "has no `path`"),
        ("services: {a: 3, mail: {path: mail}}\n", FrameworkConfiguration, "3", "not a map"),
        (
            "services: {mail: {path: mail}, a: {path: orders, params: {x: '${mial.Out}'}}}\n",
            UnresolvedReference,
            "'${mial.Out}'",
            "`mial`",
        ),
        ("services: {a: {path: orders, dependsOn: b}}\n", UnresolvedReference, "b", "`b`"),
        (
            "services: {a: {path: orders, dependsOn: b}, b: {path: mail, params: {x: '${a.Out}'}}}\n",
            CircularDependency,
            "a",
            "`a`, `b` wait for each other",
        ),
        ("services: {a: {path: orders, dependsOn: a}}\n", CircularDependency, "a", "waits for itself"),
    ] {
        let loaded = composed(text);
        assert_eq!(loaded.kinds(), [kind], "{text}");
        let problem = &loaded.problems[0];
        assert_eq!(loaded.written(problem.origin.span()), place, "{text}");
        assert!(problem.message.contains(words), "{}", problem.message);
    }
}

#[test]
fn a_service_knows_what_it_is_handed() {
    let file = Arc::new(SourceFile::new("app/orders/serverless.yml", ORDERS));
    let loaded = load(file, &Memory(files()), &Inputs::default()).expect("a service");
    assert!(loaded.problems.is_empty(), "{:?}", loaded.problems);
    let variables = loaded.shown(&["Resources", "FLambdaFunction", "Properties", "Environment", "Variables"]);
    assert_eq!(variables, r#"{"URL":"<<mail.QueueUrl>>","PLAIN":"value","MIXED":"a-<<mail.QueueUrl>>-<<sls:stage>>"}"#);
}

#[test]
fn other_files_with_services_are_no_compositions() {
    let file = Arc::new(SourceFile::new("app/docker-compose.yml", "services: {a: {path: b}}\n"));
    assert!(load(file, &Memory(files()), &Inputs::default()).is_none());
}
