//! The actions that IAM policies may name, by service.
//!
//! `schemas/actions.bin` holds their names, packed; it is unpacked when the first policy document
//! is looked at. Letter case means nothing in IAM, and all names are in lower case here.

use flate2::read::ZlibDecoder;
use std::collections::BTreeMap;
use std::io::Read;
use std::ops::Range;
use std::sync::LazyLock;

static EMBEDDED: &[u8] = include_bytes!("../../schemas/actions.bin");
static ACTIONS: LazyLock<Actions> = LazyLock::new(|| Actions::open(EMBEDDED).unwrap_or_default());

/// The character before the one that says that nothing is shared with the name before.
const SHARED_FROM: u8 = 32;

/// The table.
#[derive(Debug, Default)]
pub struct Actions {
    source: String,
    date: String,
    /// Where in `names` the actions of a service stand.
    services: BTreeMap<String, Range<usize>>,
    /// One name a line.
    names: String,
}

impl Actions {
    /// The table inside the program.
    pub fn embedded() -> &'static Self {
        &ACTIONS
    }

    /// A table in `bytes`; `None` when they are none.
    fn open(bytes: &[u8]) -> Option<Self> {
        let mut text = String::new();
        ZlibDecoder::new(bytes).read_to_string(&mut text).ok()?;
        let mut blocks = text.split("\n\n");
        let (source, date) = blocks.next()?.split_once('\n')?;
        let mut table = Self { source: source.to_owned(), date: date.to_owned(), ..Self::default() };
        for block in blocks {
            let mut lines = block.lines();
            let service = lines.next()?.to_owned();
            let start = table.names.len();
            let mut before = start;
            for line in lines {
                let shared = usize::from(line.bytes().next()?.checked_sub(SHARED_FROM)?);
                let at = table.names.len();
                let kept = table.names.get(before..before + shared)?.to_owned();
                table.names.push_str(&kept);
                table.names.push_str(line.get(1..)?);
                table.names.push('\n');
                before = at;
            }
            table.services.insert(service, start..table.names.len());
        }
        Some(table)
    }

    /// Where the table is from, with the version.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The day up to which the table is, `YYYY-MM-DD`.
    pub fn date(&self) -> &str {
        &self.date
    }

    /// The prefixes of all services, sorted.
    pub fn services(&self) -> impl Iterator<Item = &str> {
        self.services.keys().map(String::as_str)
    }

    /// The actions of the service with the prefix `service`, in lower case and sorted; `None` when
    /// there is no such service.
    pub fn of(&self, service: &str) -> Option<impl Iterator<Item = &str> + Clone> {
        Some(self.names(service)?.lines())
    }

    /// Those of them that begin with `start`, which is in lower case.
    pub fn beginning<'s>(&'s self, service: &str, start: &'s str) -> Option<impl Iterator<Item = &'s str>> {
        let names = self.names(service)?;
        let first = first_from(names, start);
        Some(names.get(first..)?.lines().take_while(move |name| name.starts_with(start)))
    }

    /// The lines of a service.
    fn names(&self, service: &str) -> Option<&str> {
        let range = self.services.get(&service.to_ascii_lowercase())?;
        self.names.get(range.clone())
    }
}

/// Where the first of the sorted lines `names` stands that is not before `start`.
fn first_from(names: &str, start: &str) -> usize {
    let bytes = names.as_bytes();
    let (mut low, mut high) = (0, bytes.len());
    while low < high {
        let middle = low + (high - low) / 2;
        let line = bytes[..middle].iter().rposition(|byte| *byte == b'\n').map_or(0, |before| before + 1);
        let end = bytes[middle..].iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |after| middle + after);
        if &bytes[line..end] < start.as_bytes() { low = end + 1 } else { high = line }
    }
    low.min(bytes.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_names_services_and_their_actions() {
        let table = Actions::embedded();
        assert!(table.services().count() > 400, "{}", table.services().count());
        let all: usize = table.services().filter_map(|service| Some(table.of(service)?.count())).sum();
        assert!(all > 20_000, "{all}");
        let queue: Vec<&str> = table.of("SQS").unwrap().collect();
        assert!(queue.contains(&"sendmessage") && queue.contains(&"receivemessage"), "{queue:?}");
        assert!(queue.is_sorted());
        assert!(table.of("sqs2").is_none());
        assert_eq!((table.source(), table.date().len()), ("cfn-lint 1.58.0", 10));
    }

    #[test]
    fn names_are_whole() {
        let table = Actions::embedded();
        for service in table.services() {
            assert!(table.of(service).unwrap().is_sorted(), "{service}");
            for name in table.of(service).unwrap() {
                let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
                assert!(!name.is_empty() && name.chars().all(plain), "{service}:{name:?}");
            }
        }
    }

    #[test]
    fn names_are_found_by_their_beginning() {
        let table = Actions::embedded();
        for service in ["sqs", "s3", "ec2", "iam"] {
            for start in ["", "a", "get", "getobject", "list", "send", "sendmessage", "zz", "0"] {
                let all = table.of(service).unwrap().filter(|name| name.starts_with(start));
                assert!(table.beginning(service, start).unwrap().eq(all), "{service} {start}");
            }
            for name in table.of(service).unwrap() {
                assert_eq!(table.beginning(service, name).unwrap().next(), Some(name));
            }
        }
        assert!(table.beginning("sqs2", "").is_none());
    }

    #[test]
    fn what_is_no_table_is_refused() {
        assert!(Actions::open(b"").is_none());
        assert!(Actions::open(b"DWRT").is_none());
        assert!(Actions::open(&EMBEDDED[..EMBEDDED.len() / 2]).is_none());
    }
}
