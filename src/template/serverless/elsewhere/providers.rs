//! Which settings the providers' functions have, as the plugins that deploy them read them
//! (from knowledge of the plugins' documentation, 2026-11).

/// A provider whose settings are known.
#[derive(Debug)]
pub struct Provider {
    /// As `provider.name` has it.
    pub name: &'static str,
    /// The keys that set a function's memory, of the function or of the provider section;
    /// `None` where there is no such setting.
    pub memory: Option<&'static [&'static str]>,
    /// The keys that set its timeout.
    pub timeout: Option<&'static [&'static str]>,
    /// The keys that hold environment variables or what takes their place.
    pub environment: &'static [&'static str],
}

const ENVIRONMENT: &[&str] = &["environment"];
const MEMORY_SIZE: Option<&[&str]> = Some(&["memorySize"]);
const TIMEOUT: Option<&[&str]> = Some(&["timeout"]);

static PROVIDERS: [Provider; 9] = [
    Provider { name: "aliyun", memory: MEMORY_SIZE, timeout: TIMEOUT, environment: ENVIRONMENT },
    // Memory comes with the plan, and the timeout stands in host.json.
    Provider { name: "azure", memory: None, timeout: None, environment: ENVIRONMENT },
    Provider { name: "cloudflare", memory: None, timeout: None, environment: ENVIRONMENT },
    Provider { name: "fn", memory: Some(&["memory"]), timeout: TIMEOUT, environment: &["environment", "config"] },
    Provider { name: "google", memory: MEMORY_SIZE, timeout: TIMEOUT, environment: ENVIRONMENT },
    Provider { name: "kubeless", memory: MEMORY_SIZE, timeout: TIMEOUT, environment: ENVIRONMENT },
    // Default parameters are what an action has instead of environment variables.
    Provider {
        name: "openwhisk",
        memory: Some(&["memory"]),
        timeout: TIMEOUT,
        environment: &["environment", "parameters"],
    },
    Provider {
        name: "spotinst",
        memory: Some(&["memory"]),
        timeout: TIMEOUT,
        environment: &["environment", "environmentVariables"],
    },
    Provider { name: "tencent", memory: MEMORY_SIZE, timeout: TIMEOUT, environment: ENVIRONMENT },
];

/// The provider called `name`, if its settings are known.
pub fn get(name: &str) -> Option<&'static Provider> {
    PROVIDERS.iter().find(|provider| provider.name == name)
}
