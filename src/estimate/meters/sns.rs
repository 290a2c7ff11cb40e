//! SNS: publishes by 64 KB, deliveries by protocol.

use super::{KB_PER_GB, chunks};
use crate::estimate::model::{Charge, Model, index};
use crate::estimate::usage::Key;
use crate::estimate::variables::varying;
use crate::graph::{DeliveryKind, NodeKind, NodeRef};

/// Size that one publish covers, KB.
const CHUNK_KB: f64 = 64.0;

fn fifo(node: NodeRef<'_>) -> bool {
    node.property(&["FifoTopic"]).bool() == Some(true)
}

/// Adds what a publish costs.
pub fn topic(model: &mut Model<'_, '_>, node: NodeRef<'_>) {
    if fifo(node) {
        let size = model.variables.of(node, Key::RequestSizeKb);
        model.per_event(node, "sns.fifo-publishes", Model::once());
        model.per_event(node, "sns.fifo-payload", Box::new(move |point| point.at(size) / KB_PER_GB));
    } else {
        let published = chunks(model, node, CHUNK_KB);
        model.per_event(node, "sns.publishes", published);
    }
}

/// What a delivery costs.
pub fn delivery(
    model: &mut Model<'_, '_>,
    topic: NodeRef<'_>,
    target: NodeKind,
    protocol: Option<&str>,
) -> Vec<Charge> {
    if fifo(topic) {
        let size = model.variables.of(topic, Key::RequestSizeKb);
        return vec![
            model.way_charge(topic, "sns.fifo-notifications", Model::once()),
            model.way_charge(topic, "sns.fifo-notification-payload", Box::new(move |point| point.at(size) / KB_PER_GB)),
        ];
    }
    let meter = match (protocol, target) {
        (Some("lambda"), _) | (_, NodeKind::Function) => "sns.delivery.lambda",
        (Some("sqs"), _) | (_, NodeKind::Queue) => "sns.delivery.sqs",
        (Some("firehose"), _) | (_, NodeKind::Firehose) => "sns.delivery.firehose",
        (Some("http" | "https"), _) => "sns.delivery.http",
        (Some("email" | "email-json"), _) => "sns.delivery.email",
        (Some("application"), _) => "sns.delivery.mobile",
        _ => return Vec::new(),
    };
    vec![model.way_charge(topic, meter, Model::once())]
}

/// Adds deliveries to what lies outside the template: addresses, endpoints, phones.
pub fn outside_subscriptions(model: &mut Model<'_, '_>, node: NodeRef<'_>) {
    if node.kind() != NodeKind::Topic {
        return;
    }
    let outside: Vec<Option<String>> = node
        .graph()
        .deliveries_from(node)
        .filter(|one| one.kind() == DeliveryKind::Subscription)
        .filter(|one| one.target().is_none_or(|target| target.kind() == NodeKind::External))
        .map(|one| one.protocol().map(str::to_owned))
        .collect();
    for protocol in outside {
        if protocol.as_deref() == Some("sms") {
            match model.variables.said(node, Key::SmsNotificationPrice) {
                // The price is the user's, so the meter counts dollars.
                Some(price) => model.per_event(node, "sns.delivery.sms", varying(price)),
                None => model.unpriced(node, "text messages are charged by country: give `sms_notification_price`"),
            }
            continue;
        }
        let charges = delivery(model, node, NodeKind::External, protocol.as_deref());
        model.sites[index(node)].charges.extend(charges);
    }
}
