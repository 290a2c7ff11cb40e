use crate::facts::permissions;
use crate::finding::Severity;
use crate::graph::{Part, Text, matches_pattern};
use crate::policy;
use crate::policy::{Context, Place, Remedy, closest, distance};
use crate::schema::Actions;
use std::collections::BTreeSet;

policy! {
    /// A policy document names an action that IAM does not have.
    ///
    /// ## Why it matters
    ///
    /// IAM takes any name. A permission that is misspelt, or that is called otherwise than the operation
    /// of the API, allows nothing: the call is refused when it is first made. A misspelt denial denies
    /// nothing.
    ///
    /// ## How to fix
    ///
    /// Write the name that the service authorization reference has. The name of an API operation is
    /// often not that of its permission: `HeadObject` needs `s3:GetObject`, `SendMessageBatch` needs
    /// `sqs:SendMessage`. A name with wildcards must match at least one action.
    ///
    /// Services that the table does not have are left alone, unless their name is close to one that has
    /// the action. The finding is of low severity where the right permission stands beside the wrong
    /// one.
    ///
    /// ## When to suppress
    ///
    /// When the action is newer than the table; the help text has its date.
    ///
    /// ## Source
    ///
    /// Actions: the list inside cfn-lint 1.58.0, 2026-10-20, which follows the AWS Service Authorization
    /// Reference; cfn-lint W3037.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties:
    ///       {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/,
    ///        Policies: [{Statement: [{Effect: Allow, Action: ['dynamodb:GetItems'], Resource: !GetAtt Table.Arn}]}]}
    ///   Table: {Type: AWS::Serverless::SimpleTable}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties:
    ///       {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/,
    ///        Policies: [{Statement: [{Effect: Allow, Action: ['dynamodb:GetItem', 'dynamodb:batch*'], Resource: !GetAtt Table.Arn}]}]}
    ///   Table: {Type: AWS::Serverless::SimpleTable}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Reading:
    ///     Type: AWS::IAM::ManagedPolicy
    ///     Properties:
    ///       PolicyDocument: {Statement: [{Effect: Allow, Action: 's3:HeadObject', Resource: '*'}]}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Reading:
    ///     Type: AWS::IAM::ManagedPolicy
    ///     Properties:
    ///       PolicyDocument: {Statement: [{Effect: Allow, Action: 'dynamobd:GetItem', Resource: '*'}]}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Reading:
    ///     Type: AWS::IAM::ManagedPolicy
    ///     Properties:
    ///       PolicyDocument: {Statement: [{Effect: Allow, Action: 's3:Lst*', Resource: '*'}]}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Reading:
    ///     Type: AWS::IAM::ManagedPolicy
    ///     Properties:
    ///       PolicyDocument: {Statement: [{Effect: Allow, Action: ['s3:Get*', 'S3:listbucket', 'brandnew:Act'], Resource: '*'}]}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider:
    ///   name: aws
    ///   runtime: nodejs22.x
    ///   iam: {role: {statements: [{Effect: Allow, Action: ["lambda:Invoke"], Resource: "*"}]}}
    /// functions:
    ///   orders: {handler: app.main}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider:
    ///   name: aws
    ///   runtime: nodejs22.x
    ///   iam: {role: {statements: [{Effect: Allow, Action: ["lambda:InvokeFunction"], Resource: "*"}]}}
    /// functions:
    ///   orders: {handler: app.main}
    /// ```
    pub(super) static POLICY = "unknown-iam-action" {
        category: Validity, severity: Medium, profile: Recommended, fix: Sometimes, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    let mut seen = BTreeSet::new();
    for document in cx.policy_documents() {
        for statement in document.part.each(&["Statement"]) {
            for key in ["Action", "NotAction"] {
                let items = statement.each(&[key]);
                for item in items.iter().filter(|item| !item.origin().is_generated()) {
                    let Some(text) = item.eval().text() else { continue };
                    let Some(mistake) = mistake(&text) else { continue };
                    let span = item.origin().span();
                    if !seen.insert((span.file, span.start)) {
                        continue;
                    }
                    let covered = key == "Action" && mistake.is_covered(&items);
                    let place = Place::within(document.resource, item.origin());
                    let mut report = cx.report(place, mistake.message(&text)).help(mistake.help(&text, covered));
                    if covered {
                        report = report.severity(Severity::Low);
                    }
                    report.remedy(mistake.remedy(&text, item, covered));
                }
            }
        }
    }
}

/// What is wrong with the name of an action.
#[derive(Debug)]
enum Mistake {
    /// The name has no service.
    Bare,
    /// The service has no such action; calls need these permissions.
    Operation(&'static [&'static str]),
    /// The service has no such action; these are close.
    Action(Vec<String>),
    /// There is no such service; this one has the action.
    Service(String),
}

/// What is wrong with `action`, if anything.
fn mistake(action: &str) -> Option<Mistake> {
    let Some((service, name)) = action.split_once(':') else {
        let plain = action.chars().all(|c| c.is_ascii_alphanumeric());
        return (plain && !action.is_empty()).then_some(Mistake::Bare);
    };
    let odd = |c: char| !(c.is_ascii_alphanumeric() || c == '-');
    if service.is_empty() || service.contains(odd) || name.contains(|c| odd(c) && c != '*' && c != '?') {
        return None;
    }
    let table = Actions::embedded();
    let lower = name.to_ascii_lowercase();
    let start = &lower[..lower.find(['*', '?']).unwrap_or(lower.len())];
    let has = |service: &str| {
        table.beginning(service, start).is_some_and(|mut near| near.any(|known| matches_pattern(name, known)))
    };
    let Some(own) = table.of(service) else {
        let lower = service.to_ascii_lowercase();
        let known = permissions::prefix_of(service).filter(|prefix| has(prefix));
        let near =
            || closest(&lower, table.services(), 5).into_iter().find(|near| is_misspelt(&lower, near) && has(near));
        return known.or_else(near).map(|meant| Mistake::Service(meant.to_owned()));
    };
    if has(service) {
        return None;
    }
    if let Some(needed) = permissions::of_operation(action) {
        return Some(Mistake::Operation(needed));
    }
    if permissions::is_taken(action) {
        return None;
    }
    let near = likely(name, own).map(|near| format!("{service}:{near}"));
    Some(Mistake::Action(near.into_iter().collect()))
}

/// Most letters that a misspelt name has wrong.
const WRONG_LETTERS: usize = 2;

/// The name among `known` that was probably meant by `name`.
fn likely<'n>(name: &str, known: impl Iterator<Item = &'n str> + Clone) -> Option<String> {
    let lower = name.to_ascii_lowercase();
    // Another verb is another action, however close: `Get` and `Put`.
    let is_near = |near: &&str| near.get(..1) == lower.get(..1) && distance(&lower, near) <= WRONG_LETTERS;
    if let Some(stem) = lower.strip_suffix('*') {
        let lengths = stem.len().saturating_sub(1)..=stem.len() + 1;
        let starts = lengths.flat_map(|length| known.clone().filter_map(move |known| known.get(..length)));
        let starts: BTreeSet<&str> = starts.collect();
        let near = closest(stem, starts, 1).into_iter().find(|start| distance(stem, start) <= WRONG_LETTERS)?;
        return (!stem.contains(['*', '?'])).then(|| format!("{}*", in_case_of(name, near)));
    }
    if lower.contains('?') {
        return None;
    }
    if let Some(near) = closest(&lower, known.clone(), 1).into_iter().find(is_near) {
        return Some(in_case_of(name, near));
    }
    // The beginning of a longer name, or the verb of several that a wildcard would match.
    let longer: Vec<&str> = known.filter(|known| known.starts_with(&lower)).collect();
    match longer.as_slice() {
        [] => None,
        [only] => Some(in_case_of(name, only)),
        _ => (name.chars().filter(char::is_ascii_uppercase).count() == 1).then(|| format!("{name}*")),
    }
}

/// Whether `service` is `near` with a letter or two wrong. Short names are close to each other anyway.
fn is_misspelt(service: &str, near: &str) -> bool {
    service.len() > 3 && near.len() > 3 && distance(service, near) <= WRONG_LETTERS
}

/// Letters behind a word that are a word of their own, and no ending of it.
const LEAST_WORD: usize = 3;

/// `name`, which is in lower case, with capital letters where the words of `written` begin, and where
/// more follows behind them.
fn in_case_of(written: &str, name: &str) -> String {
    let starts: Vec<usize> = written.match_indices(|c: char| c.is_ascii_uppercase()).map(|(at, _)| at).collect();
    let mut capitals: BTreeSet<usize> = starts.first().filter(|first| **first == 0).copied().into_iter().collect();
    let mut from = 0;
    for (index, start) in starts.iter().enumerate() {
        let end = starts.get(index + 1).copied().unwrap_or(written.len());
        let word = written[*start..end].to_ascii_lowercase();
        // A word that is misspelt at its end is known by its beginning.
        let shortest = word.len().min(2);
        let found = (shortest..=word.len()).rev().find_map(|length| {
            let at = name.get(from..)?.find(word.get(..length)?)?;
            Some((from + at, length))
        });
        let Some((at, length)) = found else { continue };
        capitals.insert(at);
        from = at + length;
        let last = index + 1 == starts.len();
        if last && length == word.len() && name.len() >= from + LEAST_WORD {
            capitals.insert(from);
        }
    }
    let letters = name.char_indices();
    letters.map(|(at, c)| if capitals.contains(&at) { c.to_ascii_uppercase() } else { c }).collect()
}

impl Mistake {
    fn message(&self, action: &str) -> String {
        let service = action.split(':').next().unwrap_or_default();
        match self {
            Self::Bare => format!("`{action}` is no action: it does not name a service"),
            Self::Service(_) => format!("IAM has no service `{service}`, of which `{action}` would be an action"),
            _ if action.contains(['*', '?']) => format!("`{action}` matches no action of `{service}`"),
            _ => format!("`{action}` is no action of `{service}`"),
        }
    }

    /// The permissions that were probably meant by `action`.
    fn meant(&self, action: &str) -> Vec<String> {
        match self {
            Self::Bare => Vec::new(),
            Self::Operation(needed) => needed.iter().map(|name| (*name).to_owned()).collect(),
            Self::Action(near) => near.clone(),
            Self::Service(service) => {
                action.split_once(':').map(|(_, name)| format!("{service}:{name}")).into_iter().collect()
            }
        }
    }

    /// Whether what a call of the operation needs stands among `items` as well.
    fn is_covered(&self, items: &[Part<'_>]) -> bool {
        let Self::Operation(needed) = self else { return false };
        let patterns: Vec<Text> = items.iter().filter_map(|item| item.eval().text()).collect();
        needed.iter().all(|name| patterns.iter().any(|pattern| matches_pattern(pattern, name)))
    }

    fn help(&self, action: &str, covered: bool) -> String {
        let table = Actions::embedded();
        let names: Vec<String> = self.meant(action).iter().map(|name| format!("`{name}`")).collect();
        let advice = match (self, names.as_slice()) {
            (Self::Operation(_), names) if covered => {
                format!("remove it: the operation needs {}, which stands beside it", names.join(" and "))
            }
            (Self::Operation(_), names) => format!("the operation needs {}", names.join(" and ")),
            (Self::Bare, _) => return "write the prefix of the service, a colon and the name of the action".to_owned(),
            (_, []) => "see the actions of the service in the service authorization reference".to_owned(),
            (_, names) => format!("did you mean {}?", names.join(" or ")),
        };
        format!("{advice} (actions as of {})", table.date())
    }

    fn remedy(&self, action: &str, item: &Part<'_>, covered: bool) -> Option<Remedy> {
        if covered {
            return Some(Remedy::safe("Remove it").remove(item.origin()));
        }
        let meant = self.meant(action);
        let [only] = meant.as_slice() else { return None };
        Some(Remedy::risky(format!("Write {only} instead of {action}")).respell(item.origin(), action, only))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meant(action: &str) -> Option<Vec<String>> {
        mistake(action).map(|mistake| mistake.meant(action))
    }

    #[test]
    fn names_are_found_and_suggestions_keep_capitals() {
        assert_eq!(meant("s3:GetObject"), None);
        assert_eq!(meant("S3:getobject*"), None);
        assert_eq!(meant("s3:*"), None);
        assert_eq!(meant("s3:Get?bject"), None);
        assert_eq!(meant("dynamodb:GetItems"), Some(vec!["dynamodb:GetItem".to_owned()]));
        assert_eq!(meant("logs:DescribeLogStream"), Some(vec!["logs:DescribeLogStreams".to_owned()]));
        assert_eq!(meant("s3:Lst*"), Some(vec!["s3:List*".to_owned()]));
        assert_eq!(meant("s3:Get"), Some(vec!["s3:Get*".to_owned()]));
        assert_eq!(meant("s3:PutObjectVersion"), Some(Vec::new()));
        assert_eq!(
            meant("bedrock:PutModelInvocationLogging"),
            Some(vec!["bedrock:PutModelInvocationLoggingConfiguration".to_owned()])
        );
        assert_eq!(meant("dynamodb:CreateItem"), Some(Vec::new()));
    }

    #[test]
    fn unknown_services_are_left_alone_unless_they_are_close_to_one_with_the_action() {
        assert_eq!(meant("brandnew:Act"), None);
        assert_eq!(meant("dynamodbb:Act"), None);
        assert_eq!(meant("dynamobd:GetItem"), Some(vec!["dynamodb:GetItem".to_owned()]));
        assert_eq!(meant("stepfunctions:StartExecution"), Some(vec!["states:StartExecution".to_owned()]));
    }

    #[test]
    fn what_is_no_plain_name_is_left_alone() {
        for action in ["*", "*:*", "a b", "${Service}:Get", "s3:Get{{x}}", ":Get", "s3:Get Object"] {
            assert_eq!(meant(action), None, "{action}");
        }
    }

    #[test]
    fn operations_and_prefixes_lead_from_unknown_names_to_known_ones() {
        let table = Actions::embedded();
        let is_known = |action: &str| {
            let (service, name) = action.split_once(':').unwrap();
            table.of(service).unwrap().any(|known| known.eq_ignore_ascii_case(name))
        };
        for (operation, needed) in permissions::operations() {
            assert!(!is_known(operation), "{operation} is an action by now");
            assert!(needed.iter().all(|name| is_known(name)), "{needed:?}");
        }
        for (name, prefix) in permissions::prefixes() {
            assert!(table.of(name).is_none() && table.of(prefix).is_some(), "{name}");
        }
    }
}
