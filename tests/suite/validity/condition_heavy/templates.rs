//! Templates with many conditions and choices within choices: the kind on which a linter that
//! tries every combination does not come to an end.

use std::fmt::Write;

/// Conditions of each template.
const CONDITIONS: usize = 20;

/// Each template with a name.
pub fn all() -> [(&'static str, String); 3] {
    [("switches", switches()), ("chain", chain()), ("stages", stages())]
}

/// Choices within choices, one inside the other, about the conditions from `first` on.
fn nested(first: usize, depth: usize, leaf: &str) -> String {
    match depth {
        0 => format!("'{leaf}'"),
        _ => {
            let rest = nested(first + 1, depth - 1, leaf);
            format!(
                "!If [C{}, {rest}, !If [C{}, '{leaf}-{depth}', !Ref 'AWS::NoValue']]",
                first % CONDITIONS,
                (first + 7) % CONDITIONS
            )
        }
    }
}

/// Twenty independent switches; every property of every queue depends on twelve of them.
fn switches() -> String {
    let mut text = "Parameters:\n".to_owned();
    for at in 0..CONDITIONS {
        let _ = writeln!(text, "  P{at}: {{Type: String}}");
    }
    text += "Conditions:\n";
    for at in 0..CONDITIONS {
        let _ = writeln!(text, "  C{at}: !Equals [!Ref P{at}, 'on']");
    }
    text += "Resources:\n";
    for queue in 0..30 {
        let _ = writeln!(
            text,
            "  Queue{queue}:\n    Type: AWS::SQS::Queue\n    Condition: C{}\n    Properties:",
            queue % CONDITIONS
        );
        let _ = writeln!(text, "      QueueName: {}", nested(queue + 1, 6, "jobs"));
        let _ = writeln!(text, "      KmsMasterKeyId: {}", nested(queue + 3, 12, "alias/key"));
    }
    text
}

/// Every condition is made of the two before it; resources refer to each other all along.
fn chain() -> String {
    let mut text = "Parameters:\n".to_owned();
    for at in 0..CONDITIONS {
        let _ = writeln!(text, "  P{at}: {{Type: String, AllowedValues: [a, b, c]}}");
    }
    text += "Conditions:\n  C0: !Equals [!Ref P0, a]\n  C1: !Not [!Equals [!Ref P1, b]]\n";
    for at in 2..CONDITIONS {
        let _ = writeln!(
            text,
            "  C{at}: !Or [!And [!Condition C{}, !Equals [!Ref P{at}, a]], !Not [!Condition C{}]]",
            at - 1,
            at - 2
        );
    }
    text += "Resources:\n  Queue0:\n    Type: AWS::SQS::Queue\n    Condition: C0\n";
    for at in 1..120 {
        let (own, before) = (at % CONDITIONS, (at - 1) % CONDITIONS);
        let _ = writeln!(text, "  Queue{at}:\n    Type: AWS::SQS::Queue\n    Condition: C{own}\n    Properties:");
        let _ = writeln!(
            text,
            "      RedrivePolicy: !If [C{before}, {{deadLetterTargetArn: !GetAtt Queue{}.Arn, maxReceiveCount: 3}}, !Ref 'AWS::NoValue']",
            at - 1
        );
        let _ = writeln!(text, "      KmsMasterKeyId: {}", nested(at + 1, 5, "alias/key"));
    }
    text
}

/// Four parameters of five values each, twenty conditions over them, and long lists of choices.
fn stages() -> String {
    let mut text = "Parameters:\n".to_owned();
    for at in 0..4 {
        let _ = writeln!(text, "  P{at}: {{Type: String, AllowedValues: [dev, test, stage, live, none]}}");
    }
    text += "Conditions:\n";
    for at in 0..CONDITIONS {
        let value = ["dev", "test", "stage", "live", "none"][at / 4];
        let _ = writeln!(text, "  C{at}: !Equals [!Ref P{}, {value}]", at % 4);
    }
    text += "Resources:\n";
    for group in 0..5 {
        let _ = writeln!(
            text,
            "  Group{group}:\n    Type: AWS::EC2::SecurityGroup\n    Properties:\n      GroupDescription: g\n      VpcId: vpc-12345678\n      SecurityGroupIngress:"
        );
        for rule in 0..60 {
            let open = format!("{{IpProtocol: tcp, FromPort: {rule}, ToPort: {rule}, CidrIp: 10.0.0.0/8}}");
            let (one, other) = (rule % CONDITIONS, (rule + 1) % CONDITIONS);
            let _ = writeln!(text, "        - !If [C{one}, {open}, !If [C{other}, {open}, !Ref 'AWS::NoValue']]");
        }
    }
    text
}
