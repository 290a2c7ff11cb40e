//! Subscriptions to log groups.

use super::Event;
use crate::template::sam::expander::Expander;
use crate::template::sam::intrinsics;
use crate::template::sam::refusal::Outcome;
use crate::template::sam::resource::{Resource, Target};

/// The permission and the subscription filter.
pub fn expand(cx: &Expander, event: &Event, target: &Target) -> Outcome<Vec<Resource>> {
    let mut permission = event.permission(target, "logs.amazonaws.com")?;
    let make = permission.make();
    let group = event.properties.get("LogGroupName").cloned().unwrap_or_else(|| make.null());
    let arn =
        format!("arn:{}:logs:${{AWS::Region}}:${{AWS::AccountId}}:log-group:${{__LogGroupName__}}:*", cx.partition);
    permission.set("SourceArn", intrinsics::sub_with(make, arn, vec![("__LogGroupName__", group)]));
    let mut filter = target.made(event.full_id.as_str(), "AWS::Logs::SubscriptionFilter", event.key_origin)?;
    filter.depends_on = Some(make.list([make.str(permission.id.clone())]));
    filter.copy(&event.properties, &["LogGroupName", "FilterPattern"]);
    filter.set("DestinationArn", target.arn.clone());
    Ok(vec![permission, filter])
}
