//! Applications made by chance, the same ones for the same seed.

#![allow(dead_code, clippy::unwrap_used)] // each test uses a part

use serde_json::{Map, Value, json};

/// A small generator (xorshift), so that a failure can be repeated from its seed.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// A whole number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        (self.next() >> 16) as usize % end.max(1)
    }

    /// A number from 0 to 1.
    pub fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    pub fn chance(&mut self, share: f64) -> bool {
        self.share() < share
    }

    pub fn pick<'v, T>(&mut self, values: &'v [T]) -> &'v T {
        &values[self.below(values.len())]
    }
}

/// A SAM template with `functions` functions, about as many queues, topics and tables, and the
/// ways between them; with `loops`, some lead back.
pub fn application(random: &mut Random, functions: usize, loops: bool) -> String {
    let mut resources = Map::new();
    let (queues, topics, tables) = (functions / 2 + 1, functions / 3 + 1, functions / 4 + 1);
    let mut fed = vec![false; queues];
    for queue in 0..queues {
        let mut properties = json!({});
        if random.chance(0.3) {
            properties = json!({"RedrivePolicy": {"maxReceiveCount": 3, "deadLetterTargetArn": {"Fn::GetAtt": ["Dead", "Arn"]}}});
        }
        resources.insert(format!("Queue{queue}"), json!({"Type": "AWS::SQS::Queue", "Properties": properties}));
    }
    resources.insert("Dead".into(), json!({"Type": "AWS::SQS::Queue"}));
    for topic in 0..topics {
        resources.insert(format!("Topic{topic}"), json!({"Type": "AWS::SNS::Topic"}));
    }
    for table in 0..tables {
        let mode = if random.chance(0.7) { "PAY_PER_REQUEST" } else { "PROVISIONED" };
        let mut properties = json!({"KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}], "BillingMode": mode});
        if mode == "PROVISIONED" {
            properties["ProvisionedThroughput"] = json!({"ReadCapacityUnits": 5, "WriteCapacityUnits": 2});
        }
        resources.insert(format!("Table{table}"), json!({"Type": "AWS::DynamoDB::Table", "Properties": properties}));
    }
    for function in 0..functions {
        let name = format!("Function{function}");
        let mut events = Map::new();
        match random.below(6) {
            0 | 1 => {
                let path = format!("/{function}");
                events.insert("Get".into(), json!({"Type": "HttpApi", "Properties": {"Path": path, "Method": "get"}}));
            }
            2 => {
                let topic = random.below(topics);
                events.insert(
                    "Topic".into(),
                    json!({"Type": "SNS", "Properties": {"Topic": {"Ref": format!("Topic{topic}")}}}),
                );
            }
            3 => {
                let rate = format!("rate({} minutes)", 2 + random.below(50));
                events.insert("Timer".into(), json!({"Type": "Schedule", "Properties": {"Schedule": rate}}));
            }
            4 => {}
            _ => {
                let queue = random.below(queues);
                if !std::mem::replace(&mut fed[queue], true) {
                    let arn = json!({"Fn::GetAtt": [format!("Queue{queue}"), "Arn"]});
                    let batch = 1 + random.below(10);
                    events.insert(
                        "Queue".into(),
                        json!({"Type": "SQS", "Properties": {"Queue": arn, "BatchSize": batch}}),
                    );
                }
            }
        }
        let mut policies = Vec::new();
        for _ in 0..random.below(3) {
            // A queue or a topic of a later function keeps the graph free of loops.
            let target = if loops { random.below(queues) } else { function / 2 + 1 };
            if target < queues && (loops || !events.contains_key("Queue")) {
                let name = json!({"Fn::GetAtt": [format!("Queue{target}"), "QueueName"]});
                policies.push(json!({"SQSSendMessagePolicy": {"QueueName": name}}));
            }
            if random.chance(0.5) {
                let table = json!({"Ref": format!("Table{}", random.below(tables))});
                policies.push(json!({"DynamoDBCrudPolicy": {"TableName": table}}));
            }
        }
        let mut properties = json!({
            "Runtime": *random.pick(&["python3.13", "nodejs22.x", "java21"]), "Handler": "a.b", "InlineCode": "x",
            "MemorySize": *random.pick(&[128, 512, 1024, 3008]), "Timeout": 10 + random.below(60),
            "Architectures": [*random.pick(&["x86_64", "arm64"])], "Events": events, "Policies": policies
        });
        if random.chance(0.1) {
            properties["AutoPublishAlias"] = json!("live");
            properties["ProvisionedConcurrencyConfig"] =
                json!({"ProvisionedConcurrentExecutions": 1 + random.below(5)});
        }
        resources.insert(name, json!({"Type": "AWS::Serverless::Function", "Properties": properties}));
    }
    json!({"Transform": "AWS::Serverless-2016-10-31", "Resources": resources}).to_string()
}

/// A usage file with a rate for each of `names`, by `rate`.
pub fn usage(names: &[String], mut rate: impl FnMut(usize) -> f64) -> String {
    let mut resources = Map::new();
    for (index, name) in names.iter().enumerate() {
        let expected = rate(index);
        resources.insert(name.clone(), json!({"monthly_requests": Value::from(expected)}));
    }
    json!({ "resource_usage": resources }).to_string()
}
