//! `textDocument/definition`: from a mention to what it names, from a path to its file.

use crate::server::dispatch::Answer;
use crate::server::snapshot::{Part, Snapshot};
use crate::source::{SourceFile, Span};
use crate::template::symbols::{Link, LinkKind, Name, Space};
use lsp_types::{GotoDefinitionParams, GotoDefinitionResponse, Location, LocationLink, Position, Range};

pub(in crate::server) fn definition(
    snapshot: &Snapshot,
    params: GotoDefinitionParams,
) -> Answer<Option<GotoDefinitionResponse>> {
    let support = snapshot.client.capabilities.text_document.as_ref().and_then(|text| text.definition.as_ref());
    let links = support.is_some_and(|support| support.link_support == Some(true));
    for (part, offset) in snapshot.cursors(&params.text_document_position_params) {
        let Some((origin, targets)) = targets(snapshot, &part, offset) else { continue };
        let origin = snapshot.range(part.file(), origin);
        return Ok(Some(if links {
            let link = |target: Location| LocationLink {
                origin_selection_range: Some(origin),
                target_uri: target.uri,
                target_range: target.range,
                target_selection_range: target.range,
            };
            GotoDefinitionResponse::Link(targets.into_iter().map(link).collect())
        } else {
            GotoDefinitionResponse::Array(targets)
        }));
    }
    Ok(None)
}

fn targets(snapshot: &Snapshot, part: &Part, offset: u32) -> Option<(Span, Vec<Location>)> {
    let symbols = part.checked.symbols();
    if let Some(mention) = symbols.at(part.id, offset) {
        let locations: Vec<Location> = match mention.name.space {
            Space::File => file_location(snapshot, &mention.name).into_iter().collect(),
            _ => {
                let spans = symbols.definitions(&mention.name, part.template());
                spans.into_iter().filter_map(|span| snapshot.location(part.analysis(), span)).collect()
            }
        };
        if !locations.is_empty() {
            return Some((mention.span, locations));
        }
    }
    let link = symbols.links().iter().find(|link| link.span.contains(part.id, offset))?;
    Some((link.span, vec![target(snapshot, part, link)?]))
}

fn file_location(snapshot: &Snapshot, name: &Name) -> Option<Location> {
    Some(Location { uri: snapshot.uri(&name.text)?, range: Range::default() })
}

/// Where a link leads; a handler to the line of its function.
fn target(snapshot: &Snapshot, part: &Part, link: &Link) -> Option<Location> {
    let path = existing(part, link)?;
    let uri = snapshot.uri(path)?;
    let range = match link.kind {
        LinkKind::Handler => {
            let name = part.analysis().sources.text(link.span).rsplit('.').next().unwrap_or_default();
            let file = part.checked.project.files.read(path).ok()?;
            function_line(&file, name).unwrap_or_default()
        }
        _ => Range::default(),
    };
    Some(Location { uri, range })
}

/// The path of a link that is there.
pub(in crate::server) fn existing<'l>(part: &Part, link: &'l Link) -> Option<&'l str> {
    let files = &part.checked.project.files;
    let is_file = |path: &&String| match link.kind {
        // A folder of code is no document to open.
        LinkKind::Code => files.read(path).is_ok(),
        _ => files.exists(path),
    };
    link.candidates.iter().find(is_file).map(String::as_str)
}

/// The line that declares the function `name` of a handler.
fn function_line(file: &SourceFile, name: &str) -> Option<Range> {
    let declares = |line: &str| {
        ["def ", "function ", "const ", "let ", "var ", "exports."].iter().any(|word| {
            line.match_indices(word).any(|(at, _)| {
                let rest = &line[at + word.len()..];
                rest.strip_prefix(name).is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
            })
        })
    };
    let number = file.text().lines().position(declares)? as u32;
    let at = Position { line: number, character: 0 };
    Some(Range { start: at, end: at })
}
