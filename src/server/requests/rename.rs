//! `textDocument/prepareRename` and `textDocument/rename`.

use crate::server::dispatch::{Answer, Refusal};
use crate::server::edits::Edits;
use crate::server::snapshot::{Part, Snapshot};
use crate::source::{Span, normalize};
use crate::template::symbols::{Mention, Name, Space, generated_prefix};
use lsp_types::{PrepareRenameResponse, RenameParams, TextDocumentPositionParams, WorkspaceEdit};

pub(in crate::server) fn prepare(
    snapshot: &Snapshot,
    params: TextDocumentPositionParams,
) -> Answer<Option<PrepareRenameResponse>> {
    let Some((part, offset)) = snapshot.cursors(&params).into_iter().next() else { return Ok(None) };
    let Some(mention) = part.checked.symbols().at(part.id, offset) else { return Ok(None) };
    let target = renamed(&part, mention)?;
    let span = written(&part, mention, &target);
    let placeholder = part.analysis().sources.text(span).to_owned();
    Ok(Some(PrepareRenameResponse::RangeWithPlaceholder { range: snapshot.range(part.file(), span), placeholder }))
}

pub(in crate::server) fn rename(snapshot: &Snapshot, params: RenameParams) -> Answer<Option<WorkspaceEdit>> {
    let mut edits = Edits::new(snapshot);
    let mut any = false;
    for (part, offset) in snapshot.cursors(&params.text_document_position) {
        let Some(mention) = part.checked.symbols().at(part.id, offset) else { continue };
        let name = renamed(&part, mention)?;
        if name.space == Space::File {
            rename_file(&part, &name, &params.new_name, &mut edits)?;
        } else {
            rename_name(&part, &name, &params.new_name, &mut edits)?;
        }
        any = true;
    }
    Ok(any.then(|| edits.finish()))
}

/// What is renamed at a mention: for a generated resource, what it comes from.
fn renamed(part: &Part, mention: &Mention) -> Answer<Name> {
    let (symbols, template) = (part.checked.symbols(), part.template());
    let name = &mention.name;
    match name.space {
        Space::Pseudo => Err(Refusal::new(format!("`{}` is CloudFormation's own name", name.text))),
        Space::Outside if !symbols.mentions().iter().any(|m| m.declares && m.name == *name) => {
            Err(Refusal::new("the name is given where the service is deployed, and cannot be renamed here"))
        }
        Space::Key if !renameable_key(&name.text) => {
            Err(Refusal::new("this key is one of the framework's, and cannot have another name"))
        }
        Space::Resource if symbols.symbol(name).is_none() => {
            let owner = symbols.definitions(name, template).first().and_then(|span| symbols.owner(*span));
            let owner = owner.filter(|owner| name.text.starts_with(&generated_prefix(owner)));
            owner.map(|owner| owner.name.clone()).ok_or_else(|| {
                Refusal::new(format!("`{}` is not declared in this template, so it cannot be renamed", name.text))
            })
        }
        _ => Ok(name.clone()),
    }
}

/// Keys that the author chose: those below `custom`, and those of included files.
fn renameable_key(text: &str) -> bool {
    let (file, path) = text.split_once('#').unwrap_or(("0", text));
    file != "0" || path.starts_with("custom.")
}

/// The part of a mention that the new name takes the place of.
fn written(part: &Part, mention: &Mention, target: &Name) -> Span {
    if mention.name == *target {
        return mention.span;
    }
    let length = part.checked.symbols().symbol(target).map_or(0, |symbol| generated_prefix(symbol).len());
    Span { end: mention.span.start + length as u32, ..mention.span }
}

fn rename_name(part: &Part, name: &Name, new: &str, edits: &mut Edits<'_>) -> Answer<()> {
    let (symbols, template) = (part.checked.symbols(), part.template());
    valid(name, new)?;
    // The last step of a path is what is renamed.
    let taken = match name.space {
        Space::Key | Space::MappingKey => {
            let parent = name.text.rfind(['.', '#']).map_or("", |at| &name.text[..=at]);
            symbols.mentions().iter().any(|m| m.declares && m.name == Name::new(name.space, format!("{parent}{new}")))
        }
        Space::Resource | Space::Parameter => {
            let other = |space| symbols.symbol(&Name::new(space, new)).is_some();
            other(Space::Resource) || other(Space::Parameter) || template.resource(new).is_some()
        }
        space => symbols.symbol(&Name::new(space, new)).is_some(),
    };
    if taken {
        return Err(Refusal::new(format!("`{new}` exists already")));
    }
    let symbol = symbols.symbol(name);
    let prefix = symbol.map(generated_prefix).unwrap_or_default();
    for mention in symbols.references(name, template) {
        let text = if mention.name == *name {
            new.to_owned()
        } else {
            let mut renamed = symbol.cloned();
            if let Some(renamed) = &mut renamed {
                new.clone_into(&mut renamed.name.text);
            }
            let rest = mention.name.text.strip_prefix(&*prefix).unwrap_or_default();
            renamed.as_ref().map(generated_prefix).unwrap_or_default() + rest
        };
        edits.add(part.analysis(), mention.span, text);
    }
    Ok(())
}

fn valid(name: &Name, new: &str) -> Answer<()> {
    let alphanumeric =
        |extra: &str| !new.is_empty() && new.chars().all(|c| c.is_ascii_alphanumeric() || extra.contains(c));
    let (fits, rule) = match name.space {
        Space::Resource | Space::Parameter | Space::Mapping | Space::Condition | Space::Output => {
            (alphanumeric("") && new.len() <= 255, "a logical id has letters and digits only, at most 255")
        }
        Space::MappingKey => (alphanumeric("-._"), "a key of a mapping has letters, digits, `-` and `.` only"),
        Space::Function => (alphanumeric("-_"), "the name of a function has letters, digits, `-` and `_` only"),
        _ => (alphanumeric("-_"), "a key has letters, digits, `-` and `_` only"),
    };
    if fits { Ok(()) } else { Err(Refusal::new(format!("`{new}` cannot be its name: {rule}"))) }
}

/// Renames an included file and every place that names it.
fn rename_file(part: &Part, name: &Name, new: &str, edits: &mut Edits<'_>) -> Answer<()> {
    let own = part.text.path.as_str();
    let folder = crate::server::uri::folder_of(own);
    let target = normalize(folder, new).filter(|_| !new.is_empty() && !new.contains("${"));
    let target = target.ok_or_else(|| Refusal::new(format!("`{new}` is no path inside the project")))?;
    if part.checked.project.files.exists(&target) {
        return Err(Refusal::new(format!("`{new}` exists already")));
    }
    for mention in part.checked.symbols().references(name, part.template()) {
        edits.add(part.analysis(), mention.span, new.to_owned());
    }
    edits.rename_file(&name.text, &target)
}
