//! The three kinds of API that events make.

pub mod http;
pub mod rest;
pub mod websocket;
