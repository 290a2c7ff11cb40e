//! The starter pack: rules that every organisation has in some form, by name.

use super::rules::RuleFile;

/// A pack that is part of the program.
#[derive(Clone, Copy, Debug)]
pub struct Pack {
    /// Its name in `guard` of the configuration.
    pub name: &'static str,
    /// What its rules are about.
    pub help: &'static str,
    text: &'static str,
}

/// All packs of the name `starter`.
pub const STARTER: &str = "starter";

/// The packs, in the order of documentation.
pub static PACKS: [Pack; 7] = [
    Pack { name: "tags", help: "tags that say whose a resource is", text: include_str!("../../policies/tags.guard") },
    Pack { name: "naming", help: "names of resources", text: include_str!("../../policies/naming.guard") },
    Pack {
        name: "regions",
        help: "regions that may be deployed to",
        text: include_str!("../../policies/regions.guard"),
    },
    Pack {
        name: "runtimes",
        help: "runtimes that functions may use",
        text: include_str!("../../policies/runtimes.guard"),
    },
    Pack {
        name: "encryption",
        help: "data that is encrypted at rest and on its way",
        text: include_str!("../../policies/encryption.guard"),
    },
    Pack {
        name: "retention",
        help: "for how long logs and data are kept",
        text: include_str!("../../policies/retention.guard"),
    },
    Pack {
        name: "public-access",
        help: "what the whole internet may reach",
        text: include_str!("../../policies/public-access.guard"),
    },
];

/// The rule files of the pack of a name; `None` when there is no such pack.
pub fn find(name: &str) -> Option<Vec<RuleFile>> {
    let packs: Vec<&Pack> = PACKS.iter().filter(|pack| name == STARTER || pack.name == name).collect();
    (!packs.is_empty()).then(|| packs.into_iter().map(Pack::file).collect())
}

/// The names one may write.
pub fn names() -> impl Iterator<Item = &'static str> {
    std::iter::once(STARTER).chain(PACKS.iter().map(|pack| pack.name))
}

impl Pack {
    /// Its rules.
    pub fn file(&self) -> RuleFile {
        RuleFile::parse(format!("policies/{}.guard", self.name), self.text)
    }
}
