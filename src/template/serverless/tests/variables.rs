//! Variables in small services.

use super::*;

/// The description of a function whose service holds `custom` and gives `value` for it.
fn value(custom: &str, value: &str) -> (String, Vec<ProblemKind>) {
    let files = [
        ("app/data.yml", "a: 1\nnested:\n  deep: ${self:custom.plain}\nlist: [x, y]\n"),
        ("app/data.json", "{\"key\": \"from json\"}"),
        ("app/note.txt", "a note"),
        ("app/code.js", "module.exports = {}"),
    ];
    let text = format!(
        "service: svc\nprovider: {{name: aws, stage: test}}\ncustom:\n  plain: word\n  number: 7\n  map: {{dev: d, test: t}}\n{custom}\
         functions: {{f: {{handler: h, description: \"{value}\"}}}}\n"
    );
    let inputs = Inputs {
        parameters: [("given".to_owned(), "p".to_owned())].into(),
        environment: [("SECRET".to_owned(), "hush".to_owned())].into(),
        ..Inputs::default()
    };
    let loaded = expand_with(&text, &files, &inputs);
    (loaded.shown(&["Resources", "FLambdaFunction", "Properties", "Description"]), loaded.kinds())
}

#[test]
fn sources() {
    for (text, expected) in [
        ("${self:custom.plain}", "\"word\""),
        ("x-${self:custom.number}-y", "\"x-7-y\""),
        ("${self:custom.map.${sls:stage}}", "\"t\""),
        ("${self:custom.none, 'fallback'}", "\"fallback\""),
        ("${self:custom.none, self:custom.plain}", "\"word\""),
        ("${opt:stage, self:provider.stage}", "\"test\""),
        ("${opt:region}", "\"us-east-1\""),
        ("${aws:region}", "\"us-east-1\""),
        ("${param:given}", "\"p\""),
        ("${file(data.yml):nested.deep}", "\"word\""),
        ("${file(./data.yml):list.1}", "\"y\""),
        ("${file(data.json):key}", "\"from json\""),
        ("${file(note.txt)}", "\"a note\""),
        ("${file(none.yml):x, 'n'}", "\"n\""),
        ("on ${strToBool('true')}", "\"on true\""),
        ("${AWS::Region}", "\"${AWS::Region}\""),
        ("\\\\${self:custom.plain}", "\"${self:custom.plain}\""),
        // What is known elsewhere only.
        ("${ssm:/path/x}", "\"<<ssm:/path/x>>\""),
        ("a-${cf:stack.Out}-b", "\"a-<<cf:stack.Out>>-b\""),
        ("${s3:bucket/key}", "\"<<s3:bucket/key>>\""),
        ("${aws:accountId}", "\"<<aws:accountId>>\""),
        ("${file(code.js):x}", "\"<<file(code.js):x>>\""),
        ("${env:NOWHERE}", "\"<<env:NOWHERE>>\""),
        ("${env:NOWHERE, 'f'}", "\"f\""),
        ("${env:SECRET}", "\"<<secret>>\""),
        ("key=${env:SECRET}", "\"<<secret>>\""),
    ] {
        assert_eq!(value("", text), (expected.to_owned(), Vec::new()), "{text}");
    }
}

#[test]
fn problems() {
    use ProblemKind::{Include, InvalidVariable, OutsideProject, UnresolvedVariable};
    for (custom, text, kind) in [
        ("", "${self:custom.none}", UnresolvedVariable),
        ("", "${opt:other}", UnresolvedVariable),
        ("", "${param:none}", UnresolvedVariable),
        ("", "${file(none.yml)}", UnresolvedVariable),
        ("", "${nonsense:x}", UnresolvedVariable),
        ("", "${file(../../etc/passwd)}", OutsideProject),
        ("", "${opt:stage, dev}", InvalidVariable),
        ("", "${self:custom.plain", InvalidVariable),
        ("", "a ${self:custom.map} b", InvalidVariable),
        ("  one: ${self:custom.two}\n  two: ${self:custom.one}\n", "${self:custom.plain}", InvalidVariable),
        ("  own: ${file(loop.yml)}\n", "${self:custom.plain}", UnresolvedVariable),
    ] {
        let (_, kinds) = value(custom, text);
        assert_eq!(kinds, [kind], "{custom} {text}");
    }
    let looped = [("app/loop.yml", "next: ${file(loop.yml)}\n")];
    let text = "service: svc\nprovider: {name: aws}\ncustom: {a: '${file(loop.yml)}'}\n";
    let loaded = expand_with(text, &looped, &Inputs::default());
    assert_eq!(loaded.kinds(), [Include]);
}

#[test]
fn an_unresolved_variable_is_one_problem_at_its_string() {
    let text = "service: svc\nprovider: {name: aws}\ncustom: {a: 'x-${self:custom.none}'}\n\
                functions: {f: {handler: h, description: '${self:custom.a}', memorySize: '${self:custom.a}'}}\n";
    let loaded = expand(text);
    assert_eq!(loaded.kinds(), [ProblemKind::UnresolvedVariable]);
    let problem = &loaded.problems[0];
    assert_eq!(loaded.written(problem.origin.span()), "'x-${self:custom.none}'");
    assert!(problem.message.contains("${self:custom.none}"), "{}", problem.message);
}

#[test]
fn included_files_may_refer_to_what_they_become() {
    let files = [("app/custom.yml", "name: n\ntable: ${self:custom.name}-table\n")];
    let text = "service: svc\nprovider: {name: aws}\ncustom: ${file(custom.yml)}\n\
                functions: {f: {handler: h, description: '${self:custom.table}'}}\n";
    let loaded = expand_with(text, &files, &Inputs::default());
    assert_eq!(loaded.shown(&["Resources", "FLambdaFunction", "Properties", "Description"]), "\"n-table\"");
    assert!(loaded.problems.is_empty());
}

#[test]
fn dotenv_files_count_when_asked_for() {
    let files = [("app/.env.dev", "NAME=stage\n"), ("app/.env", "NAME=plain\nOTHER=x\n")];
    let text = "service: svc\nprovider: {name: aws}\nuseDotenv: true\n\
                functions: {f: {handler: h, memorySize: '${env:NAME, \"none\"}', description: '${env:OTHER, \"none\"}'}}\n";
    let loaded = expand_with(text, &files, &Inputs::default());
    let properties = ["Resources", "FLambdaFunction", "Properties"];
    let name = loaded.at(&[&properties[..], &["MemorySize"]].concat());
    assert_eq!(name.as_str(), Some("stage"));
    assert!(name.origin.is_secret());
    // Only one of the two files is read.
    assert_eq!(loaded.shown(&[&properties[..], &["Description"]].concat()), "\"none\"");
}

#[test]
fn stages_of_version_4() {
    let text = "service: svc\nframeworkVersion: '4'\nprovider: {name: aws, stage: prod}\nbuild: {esbuild: {minify: true}}\nstages:\n\
        \x20 default: {params: {size: 256, table: t}, resolvers: {other: {type: aws, profile: p}}}\n\
        \x20 prod: {params: {size: 1024}}\n\
        functions:\n  f:\n    handler: h\n    memorySize: ${param:size}\n    description: ${param:table}\n\
        \x20   environment: {A: '${other:ssm:/x}', B: '${aws:ssm:/y}', C: '${terraform:outputs:z}', D: '${aws:region}'}\n";
    let loaded = expand(text);
    assert!(loaded.problems.is_empty(), "{:?}", loaded.problems);
    let property = |path: &[&str]| loaded.shown(&[&["Resources", "FLambdaFunction", "Properties"], path].concat());
    assert_eq!(property(&["MemorySize"]), "1024");
    assert_eq!(property(&["Description"]), "\"t\"");
    assert_eq!(property(&["Environment", "Variables", "A"]), "\"<<other:ssm:/x>>\"");
    assert_eq!(property(&["Environment", "Variables", "B"]), "\"<<aws:ssm:/y>>\"");
    assert_eq!(property(&["Environment", "Variables", "D"]), "\"us-east-1\"");
    // Its default changes from release to release.
    assert_eq!(property(&["Runtime"]), "\"<<default runtime>>\"");
}

#[test]
fn the_default_runtime_is_that_of_the_generation() {
    for (version, runtime) in [("'3'", "\"nodejs16.x\""), ("^3.50.0", "\"nodejs24.x\"")] {
        let text = format!(
            "service: svc\nframeworkVersion: {version}\nprovider: {{name: aws}}\nfunctions: {{f: {{handler: h}}}}\n"
        );
        assert_eq!(expand(&text).shown(&["Resources", "FLambdaFunction", "Properties", "Runtime"]), runtime);
    }
}
