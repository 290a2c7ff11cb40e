//! Which generation of the framework a service is for.

use super::service::{Service, text};
use crate::template::unknown;
use crate::template::value::{Maker, Value};

/// Generations whose packaging differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Generation {
    /// Version 3 by its first maker, which ended with 3.40.0.
    V3,
    /// The fork `osls`, which goes on from 3.41.
    Fork,
    /// Version 4.
    V4,
}

impl Generation {
    /// The generation that `frameworkVersion` of `config` asks for; version 3 where it asks for
    /// none.
    pub fn of(config: &Value) -> Self {
        let version = config.get("frameworkVersion").and_then(text).unwrap_or_default();
        let Some(start) = version.find(|c: char| c.is_ascii_digit()) else { return Self::V3 };
        let first: String = version[start..].chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
        let mut parts = first.split('.').map(|part| part.parse::<u32>().ok());
        match (parts.next().flatten(), parts.next().flatten()) {
            (Some(major), _) if major >= 4 => Self::V4,
            (Some(3), Some(minor)) if minor > 40 => Self::Fork,
            _ => Self::V3,
        }
    }

    /// The runtime of functions that name none.
    pub fn runtime(self, maker: Maker) -> Value {
        match self {
            Self::V3 => maker.str("nodejs16.x"),
            Self::Fork => maker.str("nodejs24.x"),
            // It differs from release to release.
            Self::V4 => maker.str(unknown::mark("default runtime")),
        }
    }

    /// The runtime of the framework's own functions.
    pub fn handler_runtime(self, service: &Service, maker: Maker) -> Value {
        let own = service.setting(&["runtime"]).filter(|own| own.as_str().is_some_and(|own| own.starts_with("nodejs")));
        match (self, own) {
            (Self::V3, _) => maker.str("nodejs18.x"),
            (Self::Fork, Some(own)) => own.clone(),
            (Self::Fork, None) => maker.str("nodejs24.x"),
            (Self::V4, _) => maker.str(unknown::mark("handler runtime")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions() {
        for (version, expected) in [
            ("3", Generation::V3),
            (">=1.1.0 <3.0.0", Generation::V3),
            ("^3.40.0", Generation::V3),
            ("*", Generation::V3),
            ("^3.41.0", Generation::Fork),
            ("~3.77", Generation::Fork),
            ("4", Generation::V4),
            ("^4.4.1", Generation::V4),
        ] {
            let maker = Maker::new(crate::template::value::Origin::default());
            let config = maker.map([("frameworkVersion", maker.str(version))]);
            assert_eq!(Generation::of(&config), expected, "{version}");
        }
    }
}
