//! Cognito: monthly active users.

use crate::estimate::model::Model;
use crate::estimate::usage::Key;
use crate::estimate::variables::varying;
use crate::graph::NodeRef;

/// Adds the users of a pool, at the tier that it names; Essentials where it names none.
pub fn user_pool(model: &mut Model<'_, '_>, node: NodeRef<'_>) {
    let tier = node.property(&["UserPoolTier"]).text();
    if tier.as_deref().is_some_and(|tier| tier != "ESSENTIALS") {
        model.unpriced(node, "no price of its tier in the table");
        return;
    }
    if let Some(users) = model.variables.given(node, Key::MonthlyActiveUsers) {
        model.monthly(node, "cognito.essentials-users", varying(users));
    }
}
