//! APIs: the `OpenAPI` documents that events are written into, and the resources of an API.

pub mod authorizer;
pub mod document;
pub mod domain;
pub mod gateway_responses;
pub mod http;
pub mod openapi;
pub mod postprocess;
pub mod record_set;
pub mod resource_policy;
pub mod rest;
pub mod rest_body;
pub mod swagger;
pub mod swagger_request;
pub mod usage_plan;
pub mod v2;
pub mod websocket;
