//! Policy documents that generated roles carry.

use crate::template::value::{Maker, Value};

/// The version of policy documents.
pub const VERSION: &str = "2012-10-17";

/// Lets `service` assume a role.
pub fn assume_role(make: Maker, service: &str) -> Value {
    let principal = make.map([("Service", make.list([make.str(service)]))]);
    let statement = make.map([
        ("Action", make.list([make.str("sts:AssumeRole")])),
        ("Effect", make.str("Allow")),
        ("Principal", principal),
    ]);
    make.map([("Version", make.str(VERSION)), ("Statement", make.list([statement]))])
}

/// A statement that allows one action.
fn allow(make: Maker, action: &str, resource: Value) -> Value {
    make.map([("Action", make.str(action)), ("Effect", make.str("Allow")), ("Resource", resource)])
}

/// A statement that allows a list of actions.
pub fn allow_all(make: Maker, actions: &[&str], resource: Value) -> Value {
    make.map([
        ("Action", make.list(actions.iter().map(|action| make.str(*action)))),
        ("Effect", make.str("Allow")),
        ("Resource", resource),
    ])
}

/// An inline policy of a role.
pub fn inline(make: Maker, name: String, statements: Vec<Value>) -> Value {
    let document = make.map([("Statement", make.list(statements))]);
    make.map([("PolicyName", make.str(name)), ("PolicyDocument", document)])
}

/// Lets a role do `action` on `resource`.
fn simple(make: Maker, id: &str, suffix: &str, action: &str, resource: Value) -> Value {
    inline(make, format!("{id}{suffix}"), vec![allow(make, action, resource)])
}

/// Lets a role send to the queue.
pub fn send_message(make: Maker, id: &str, queue: Value) -> Value {
    simple(make, id, "SQSPolicy", "sqs:SendMessage", queue)
}

/// Lets a role publish to the topic.
pub fn publish(make: Maker, id: &str, topic: Value) -> Value {
    simple(make, id, "SNSPolicy", "sns:publish", topic)
}

/// Lets a role put events on the bus.
pub fn put_events(make: Maker, id: &str, bus: Value) -> Value {
    simple(make, id, "EventBridgePolicy", "events:PutEvents", bus)
}

/// Lets a role invoke the function.
pub fn invoke(make: Maker, id: &str, function: Value) -> Value {
    simple(make, id, "LambdaPolicy", "lambda:InvokeFunction", function)
}

/// Lets a role start the state machine.
pub fn start_execution(make: Maker, id: &str, machine: Value) -> Value {
    simple(make, id, "StartExecutionPolicy", "states:StartExecution", machine)
}

/// Lets a role write into the bucket.
pub fn put_object(make: Maker, id: &str, bucket: Value) -> Value {
    let objects = make.join("/", [bucket.clone(), make.str("*")]);
    let statements = vec![allow(make, "s3:PutObject", objects), allow(make, "s3:ListBucket", bucket)];
    inline(make, format!("{id}S3Policy"), statements)
}

/// Lets a function write into its dead-letter queue.
pub fn dead_letter(make: Maker, action: &str, target: Value) -> Value {
    let statement = allow(make, action, target);
    let document = make.map([("Version", make.str(VERSION)), ("Statement", make.list([statement]))]);
    make.map([("PolicyName", make.str("DeadLetterQueuePolicy")), ("PolicyDocument", document)])
}

/// Lets `principal` send to `queue` for `source`.
pub fn queue_policy(make: Maker, principal: Value, queue: Value, source: Value) -> Value {
    let condition = make.map([("ArnEquals", make.map([("aws:SourceArn", source)]))]);
    let statement = make.map([
        ("Action", make.str("sqs:SendMessage")),
        ("Effect", make.str("Allow")),
        ("Principal", principal),
        ("Resource", queue),
        ("Condition", condition),
    ]);
    make.map([("Version", make.str(VERSION)), ("Statement", make.list([statement]))])
}

/// The ARN of the AWS managed policy at `path`.
pub fn managed(make: Maker, partition: &str, path: &str) -> Value {
    make.str(format!("arn:{partition}:iam::aws:policy/{path}"))
}

/// The name of the managed policy that lets traces be written.
pub fn tracing_policy(partition: &str) -> &'static str {
    if partition == "aws" { "AWSXrayWriteOnlyAccess" } else { "AWSXRayDaemonWriteAccess" }
}
