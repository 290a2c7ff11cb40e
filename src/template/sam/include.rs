//! Macros within a template, of which includes of local files are already in place here.

use crate::template::value::Value;

/// Whether `value` is made by a macro whose result is not known here.
pub fn is_transform(value: &Value) -> bool {
    value.get("Fn::Transform").is_some()
}
