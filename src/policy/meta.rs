//! What is known about a policy without running it.

use super::options::OptionSpec;
use crate::finding::{Category, Severity};

/// Everything a reporter, `explain`, the documentation or hover may need.
#[derive(Debug)]
pub struct Meta {
    /// Stable name, kebab-case.
    pub name: &'static str,
    /// What it guards.
    pub category: Category,
    /// Severity unless configured otherwise.
    pub severity: Severity,
    /// The smallest profile it belongs to.
    pub profile: Profile,
    /// Whether it offers fixes.
    pub fix: FixKind,
    /// First version that has it.
    pub since: &'static str,
    /// Entries of the serverless risk catalogues (SAS-01 … SAS-12) it addresses.
    pub risks: &'static [&'static str],
    /// Parameters it takes from configuration.
    pub options: &'static [OptionSpec],
    /// The doc comment, lines as written.
    pub docs: &'static str,
    /// Source file of the declaration.
    pub file: &'static str,
    /// Who made it.
    pub made: Made,
}

/// Who made a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Made {
    /// It is built in.
    BuiltIn,
    /// A configuration, out of the built-in policy of this name.
    Instance(&'static str),
    /// The author of an organisation rule.
    Rule,
}

/// Which policies run unless selected by name or category.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Profile {
    /// What people leave switched on. The default.
    Recommended,
    /// For those who want to hear of every weakness.
    Strict,
    /// Everything, opinions included.
    All,
}

impl Profile {
    /// All profiles, the smallest first.
    pub const ALL: [Self; 3] = [Self::Recommended, Self::Strict, Self::All];

    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Recommended => "recommended",
            Self::Strict => "strict",
            Self::All => "all",
        }
    }
}

impl std::str::FromStr for Profile {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|profile| profile.name() == name).ok_or(())
    }
}

/// Which fixes a policy offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FixKind {
    /// None.
    None,
    /// Fixes that keep the meaning of everything else.
    Safe,
    /// Fixes a person should look at.
    Unsafe,
    /// Some of either.
    Sometimes,
}

impl FixKind {
    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Safe => "safe",
            Self::Unsafe => "unsafe",
            Self::Sometimes => "sometimes",
        }
    }
}

/// One fenced example of a doc comment.
#[derive(Debug, PartialEq, Eq)]
pub struct Example {
    /// `sam`, `serverless` or `cloudformation`.
    pub dialect: String,
    /// Whether the policy must report something.
    pub fails: bool,
    /// The template.
    pub text: String,
    /// Parameters given for the deployment: further words `Name=value` of the fence.
    pub parameters: Vec<(String, String)>,
}

impl Meta {
    /// The first line: what is wrong, in one sentence.
    pub fn summary(&self) -> &'static str {
        self.docs.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default()
    }

    /// The documentation as Markdown.
    pub fn markdown(&self) -> String {
        let lines = self.docs.lines().map(|line| line.strip_prefix(' ').unwrap_or(line));
        lines.collect::<Vec<_>>().join("\n")
    }

    /// The text of the section `## title`, without its heading; empty when there is none.
    pub fn section(&self, title: &str) -> String {
        let docs = self.markdown();
        let heading = format!("## {title}");
        let body = docs.lines().skip_while(|line| line.trim_end() != heading).skip(1);
        let body: Vec<&str> = body.take_while(|line| !line.starts_with("## ")).collect();
        body.join("\n").trim().to_owned()
    }

    /// The built-in policy that does the work; `None` for organisation rules.
    pub fn base(&self) -> Option<&'static str> {
        match self.made {
            Made::BuiltIn => Some(self.name),
            Made::Instance(of) => Some(of),
            Made::Rule => None,
        }
    }

    /// The documentation page relative to the project's root.
    pub fn page(&self) -> String {
        format!("docs/policies/{}.md", self.name)
    }

    /// All fenced examples.
    pub fn examples(&self) -> Vec<Example> {
        let docs = self.markdown();
        let mut lines = docs.lines();
        let mut examples = Vec::new();
        while let Some(line) = lines.next() {
            let Some(info) = line.strip_prefix("```") else { continue };
            let body: Vec<&str> = lines.by_ref().take_while(|line| !line.starts_with("```")).collect();
            let words: Vec<&str> = info.split(',').map(str::trim).collect();
            if let [_, dialect, verdict @ ("fail" | "pass"), given @ ..] = words.as_slice() {
                let text = body.join("\n") + "\n";
                let parameters = given.iter().filter_map(|pair| pair.split_once('='));
                let parameters = parameters.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
                examples.push(Example { dialect: (*dialect).to_owned(), fails: *verdict == "fail", text, parameters });
            }
        }
        examples
    }

    /// Files that stand beside the examples (fences with a word `file:NAME`), with their texts.
    pub fn example_files(&self) -> Vec<(String, String)> {
        let docs = self.markdown();
        let mut lines = docs.lines();
        let mut files = Vec::new();
        while let Some(line) = lines.next() {
            let Some(info) = line.strip_prefix("```") else { continue };
            let body: Vec<&str> = lines.by_ref().take_while(|line| !line.starts_with("```")).collect();
            if let Some(name) = info.split(',').find_map(|word| word.trim().strip_prefix("file:")) {
                files.push((name.to_owned(), body.join("\n") + "\n"));
            }
        }
        files
    }
}
