//! `textDocument/foldingRange`: collections and texts that run over lines, and comments.

use crate::document::{Document, Kind, NodeRef};
use crate::server::dispatch::Answer;
use crate::server::snapshot::Snapshot;
use crate::source::SourceFile;
use lsp_types::{FoldingRange, FoldingRangeKind, FoldingRangeParams};
use std::collections::BTreeMap;

pub(in crate::server) fn folding(snapshot: &Snapshot, params: FoldingRangeParams) -> Answer<Option<Vec<FoldingRange>>> {
    let Some(file) = snapshot.file(&params.text_document.uri) else { return Ok(None) };
    let document = Document::parse(crate::source::FileId(0), file);
    // The outermost range that begins on a line counts.
    let mut ranges: BTreeMap<u32, (u32, Option<FoldingRangeKind>)> = BTreeMap::new();
    for root in document.roots() {
        collect(root, file, &mut ranges, 0);
    }
    comments(&document, file, &mut ranges);
    let limit = snapshot.client.capabilities.text_document.as_ref().and_then(|text| text.folding_range.as_ref());
    let limit = limit.and_then(|folding| folding.range_limit).map_or(usize::MAX, |limit| limit as usize);
    let range = |(start_line, (end_line, kind))| FoldingRange { start_line, end_line, kind, ..FoldingRange::default() };
    Ok(Some(ranges.into_iter().map(range).take(limit).collect()))
}

type Ranges = BTreeMap<u32, (u32, Option<FoldingRangeKind>)>;

fn collect(node: NodeRef<'_>, file: &SourceFile, ranges: &mut Ranges, depth: usize) {
    if depth > 200 {
        return;
    }
    for (key, value) in node.pairs() {
        add(key.span().start, value, file, ranges);
        collect(value, file, ranges, depth + 1);
    }
    if node.kind() == Kind::Seq {
        for item in node.children() {
            add(item.outer_start(), item, file, ranges);
            collect(item, file, ranges, depth + 1);
        }
    }
}

fn add(start: u32, value: NodeRef<'_>, file: &SourceFile, ranges: &mut Ranges) {
    let span = value.span();
    if span.end <= span.start {
        return;
    }
    let text = file.text().get(..span.end as usize).unwrap_or_default().trim_end();
    let (first, last) = (file.line_of(start), file.line_of(text.len().saturating_sub(1) as u32));
    if last > first {
        let known = ranges.entry(first).or_insert((last, None));
        known.0 = known.0.max(last);
    }
}

fn comments(document: &Document, file: &SourceFile, ranges: &mut Ranges) {
    let alone = |line: u32| file.line_text(line).trim_start().starts_with('#');
    let mut block: Option<(u32, u32)> = None;
    let lines = document.comments().map(|span| file.line_of(span.start)).filter(|line| alone(*line));
    for line in lines.chain([u32::MAX]) {
        match &mut block {
            Some((_, last)) if line == *last + 1 => *last = line,
            _ => {
                if let Some((first, last)) = block.filter(|(first, last)| last > first) {
                    ranges.entry(first).or_insert((last, Some(FoldingRangeKind::Comment)));
                }
                block = Some((line, line));
            }
        }
    }
}
