//! Whether somebody receives what an alarm says.

use crate::graph::{DeliveryKind, EdgeKind, Graph, NodeKind, NodeRef, Part, Target};
use crate::template::json;

/// Composite alarms may stand on composite alarms; CloudWatch itself refuses cycles.
const DEEPEST: usize = 5;

impl Graph {
    /// Whether somebody receives what `alarm` says: by an action of its own, by a composite alarm
    /// above it, by a rule on alarms, or by a deployment that is rolled back. `None` where that
    /// is not known, as for a topic that this template subscribes nobody to.
    pub fn alarm_is_received(&self, alarm: NodeRef<'_>) -> Option<bool> {
        self.received(alarm, 0)
    }

    fn received(&self, alarm: NodeRef<'_>, depth: usize) -> Option<bool> {
        let own = self.acts(alarm);
        if own == Some(true) || depth > DEEPEST || self.is_used(alarm) {
            return if depth > DEEPEST { None } else { Some(true) };
        }
        let mut unknown = own.is_none();
        for above in alarm.sources(EdgeKind::AlarmsOn).filter(|above| above.kind() == NodeKind::Alarm) {
            match self.received(above, depth + 1) {
                Some(true) => return Some(true),
                None => unknown = true,
                Some(false) => {}
            }
        }
        (!unknown).then_some(false)
    }

    /// Whether an action of the alarm reaches somebody.
    fn acts(&self, alarm: NodeRef<'_>) -> Option<bool> {
        match self.alarm_notifies(alarm) {
            Some(true) => {}
            other => return other,
        }
        let resource = alarm.resource()?;
        let reaches = |action: &Part<'_>| match self.target_of(action.eval(), None) {
            Target::Node(topic, _) if topic.kind() == NodeKind::Topic => self.has_subscribers(topic),
            _ => true,
        };
        // Subscribers may be added by hand: a topic without any is no proof of silence.
        Part::of(resource).each(&["AlarmActions"]).iter().any(reaches).then_some(true)
    }

    fn has_subscribers(&self, topic: NodeRef<'_>) -> bool {
        self.deliveries_from(topic).any(|delivery| delivery.kind() == DeliveryKind::Subscription)
    }

    /// Whether a rule takes alarms from CloudWatch, or a deployment or a configuration names the alarm.
    fn is_used(&self, alarm: NodeRef<'_>) -> bool {
        let Some(id) = alarm.logical_id() else { return false };
        let types = ["AWS::CodeDeploy::DeploymentGroup", "AWS::AppConfig::Environment", "AWS::Events::Rule"];
        self.template().resources().filter(|resource| types.contains(&resource.ty())).any(|resource| {
            let text = json::to_json(resource.body()).to_string();
            text.contains(&format!("\"{id}\""))
                || resource.ty() == "AWS::Events::Rule" && text.contains("aws.cloudwatch")
        })
    }
}
