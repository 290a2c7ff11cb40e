//! Plugins that change the template, one file each.

use super::output::Output;
use super::service::Service;
use crate::template::lowering::Lowering;
use crate::template::value::Value;

/// The plugins of a service.
pub struct Plugins {
    names: Vec<String>,
}

impl Plugins {
    /// The plugins that `service` lists.
    pub fn new(_service: &Service, _cx: &mut Lowering<'_>) -> Self {
        Self { names: Vec::new() }
    }

    /// Before anything is made.
    pub fn configure(&self, _service: &mut Service, _cx: &mut Lowering<'_>) {
        let _ = &self.names;
    }

    /// When functions are there.
    pub fn before_events(&self, _service: &mut Service, _out: &mut Output, _cx: &mut Lowering<'_>) {}

    /// When events are there.
    pub fn after_events(&self, _service: &mut Service, _out: &mut Output, _cx: &mut Lowering<'_>) {}

    /// When everything is there.
    pub fn finish(&self, _service: &Service, _template: &mut Value, _cx: &mut Lowering<'_>) {}
}
