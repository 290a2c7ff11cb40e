//! Parsing that gets past syntax errors.
//!
//! At an error, a small list of edits is tried, and the one that reads furthest is kept. Edits
//! overwrite bytes without moving any, or change the indentation of lines, which [`Shift`] takes
//! account of. So every place is right for the text as the user wrote it, one run reports several
//! errors, and the parts around an error keep their tree.

use super::diagnosis::{self, Cause};
use super::fault::{Failure, Fault};
use super::lines::Lines;
use super::node::{Document, SyntaxError};
use super::parse::{parse_text, probe};
use super::shift::Shift;
use crate::source::{FileId, SourceFile};
use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

/// Errors that are repaired in one file; reading stops at the next.
const MAX_ROUNDS: usize = 8;
/// Bytes the search for repairs may read in one file, about a second's work.
const BUDGET: usize = 28 << 20;
/// In a large file a repair counts as good when it reads this much further.
const WINDOW: usize = 64 << 10;
/// Lines above an error that are searched for an unclosed quote.
const QUOTE_LINES: usize = 300;

impl Document {
    /// Parses `source`, YAML or JSON (which the same parser reads).
    pub fn parse(file: FileId, source: &Arc<SourceFile>) -> Self {
        let (mut document, mut failure) = parse_text(file, source, source.text(), &Shift::default());
        let mut text = Cow::Borrowed(source.text());
        let mut budget = BUDGET;
        while let Some(Failure { fault: Fault::LoneDash, at }) = failure {
            let Some(patched) = stand_in(&text, at).filter(|patched| patched.len() <= budget) else { break };
            budget -= patched.len();
            (document, failure) = parse_text(file, source, &patched, &Shift::default());
            text = Cow::Owned(patched);
        }
        match failure {
            None => document,
            Some(failure) => repair(file, source, text.into_owned(), document, failure),
        }
    }
}

/// `text` with the dash at `at` replaced by a character that the parser takes as text.
fn stand_in(text: &str, at: usize) -> Option<String> {
    let rest = text.get(at..)?.strip_prefix('-')?;
    Some([text.get(..at)?, "x", rest].concat())
}

/// One way past an error.
struct Candidate {
    cause: Cause,
    patch: Patch,
}

enum Patch {
    /// Overwrites ranges with blanks.
    Blank(Vec<Range<usize>>),
    /// Overwrites the blank at an offset with a comma.
    Comma(usize),
    /// Appends closing brackets.
    Close(String),
    /// Writes so many blanks in place of the indentation of lines, in their order.
    Indent(Vec<(Range<usize>, usize)>),
}

impl Patch {
    /// `text` with the patch applied; `None` where it would cut a character.
    fn apply(&self, text: &str) -> Option<String> {
        match self {
            Self::Blank(ranges) => {
                let mut patched = String::with_capacity(text.len());
                for range in ranges {
                    patched.push_str(text.get(patched.len()..range.start)?);
                    text.get(range.clone())?;
                    patched.extend(std::iter::repeat_n(' ', range.len()));
                }
                patched.push_str(text.get(patched.len()..)?);
                Some(patched)
            }
            Self::Comma(at) => Some([text.get(..*at)?, ",", text.get(at + 1..)?].concat()),
            Self::Close(brackets) => Some([text, brackets].concat()),
            Self::Indent(lines) => {
                let mut patched =
                    String::with_capacity(text.len() + lines.iter().map(|(_, count)| count).sum::<usize>());
                let mut from = 0;
                for (range, count) in lines {
                    patched.push_str(text.get(from..range.start)?);
                    patched.extend(std::iter::repeat_n(' ', *count));
                    from = range.end;
                }
                patched.push_str(text.get(from..)?);
                Some(patched)
            }
        }
    }

    /// The bytes of the file whose meaning the patch took away.
    fn lost(&self, length: usize) -> Vec<(u32, u32)> {
        match self {
            // Of many lines with tabs the first stands for all: their order is still right.
            Self::Blank(ranges) => ranges
                .iter()
                .take(1)
                .map(|range| (range.start.min(length) as u32, range.end.min(length) as u32))
                .collect(),
            Self::Comma(_) => Vec::new(),
            Self::Close(_) => vec![(length as u32, length as u32)],
            // Nothing is lost, but what the lines belong to is a guess.
            Self::Indent(lines) => {
                lines.iter().take(1).map(|(range, _)| (range.start as u32, range.start as u32)).collect()
            }
        }
    }

    /// Notes in `shift` what the patch moves.
    fn moves(&self, shift: &mut Shift) {
        let Self::Indent(lines) = self else { return };
        let mut before: isize = 0;
        for (range, count) in lines {
            let more = *count as isize - range.len() as isize;
            shift.add(range.start.saturating_add_signed(before), more);
            before += more;
        }
    }
}

fn repair(file: FileId, source: &Arc<SourceFile>, mut text: String, document: Document, failure: Failure) -> Document {
    let length = source.text().len();
    let mut document = document;
    let mut failure = Some(failure);
    let mut errors: Vec<SyntaxError> = Vec::new();
    let mut repaired: Vec<(u32, u32)> = Vec::new();
    let mut budget = BUDGET;
    let mut shift = Shift::default();
    for round in 0..=MAX_ROUNDS {
        let Some(Failure { fault, at }) = failure.take() else { break };
        let found = if round == MAX_ROUNDS || fault == Fault::TooDeep {
            None
        } else {
            search(&text, &Failure { fault: fault.clone(), at }, &mut budget)
        };
        // Without the brackets that an earlier round appended.
        let own = shift.length(length);
        let lines = Lines::new(text.get(..own).unwrap_or(&text));
        let Some((candidate, patched)) = found else {
            note(&mut errors, in_file(diagnosis::unrepaired(file, &lines, &fault, at.min(own)), &shift));
            // Nothing is known of what follows.
            repaired.push((shift.original(at.min(own)) as u32, length as u32));
            break;
        };
        let located = candidate.cause.describe(file, &lines, &fault, at.min(own));
        note(&mut errors, in_file(located, &shift));
        let lost = candidate.patch.lost(own).into_iter();
        repaired.extend(lost.map(|(start, end)| {
            (shift.original(start as usize) as u32, shift.original(end as usize).min(length) as u32)
        }));
        candidate.patch.moves(&mut shift);
        text = patched;
        (document, failure) = parse_text(file, source, &text, &shift);
        budget = budget.saturating_sub(failure.as_ref().map_or(length, |failure| failure.at));
    }
    errors.sort_by_key(|error| (error.span.start, error.span.end));
    repaired.sort_unstable();
    document.errors = errors;
    document.broken = repaired.iter().map(|(start, end)| (text_end(source.text(), *start), *end)).collect();
    document.repaired = repaired;
    document
}

/// `error` of a repaired text, at its place in the file.
fn in_file(mut error: SyntaxError, shift: &Shift) -> SyntaxError {
    error.span.start = shift.original(error.span.start as usize) as u32;
    error.span.end = shift.original(error.span.end as usize) as u32;
    error
}

/// Where the text before `at` ends, blanks and line breaks left out: what was repaired may
/// have belonged to anything that ends there.
fn text_end(text: &str, at: u32) -> u32 {
    text.get(..at as usize).map_or(at, |before| before.trim_end().len() as u32)
}

/// Keeps `error` unless one at the same place is known.
fn note(errors: &mut Vec<SyntaxError>, error: SyntaxError) {
    let known = |known: &SyntaxError| known.span.start <= error.span.end && error.span.start <= known.span.end;
    if !errors.iter().any(known) {
        errors.push(error);
    }
}

/// The candidate that gets furthest, with the text it makes. The first that meets no further
/// error wins outright.
fn search(text: &str, failure: &Failure, budget: &mut usize) -> Option<(Candidate, String)> {
    let mut best: Option<((usize, usize), Candidate, String)> = None;
    let limit = if text.len() > 4 * WINDOW { failure.at.saturating_add(WINDOW) } else { usize::MAX };
    for candidate in candidates(text, failure) {
        let cost = limit.min(text.len());
        if *budget < cost {
            break;
        }
        let Some(patched) = candidate.patch.apply(text) else { continue };
        let (stopped, events) = probe(&patched, limit);
        *budget -= stopped.unwrap_or(cost).min(cost);
        let score = (reach(text, failure, &candidate.cause, stopped), events);
        if best.as_ref().is_none_or(|(known, ..)| score > *known) {
            best = Some((score, candidate, patched));
        }
        if stopped.is_none() {
            break;
        }
    }
    best.map(|(_, candidate, patched)| (candidate, patched))
}

/// How far a candidate gets. A string that is not closed swallows what stands up to the next quote,
/// errors and all: the one that ends it gets further than any that leaves it.
fn reach(text: &str, failure: &Failure, cause: &Cause, stopped: Option<usize>) -> usize {
    let Some(stopped) = stopped else { return usize::MAX };
    let Cause::Quote(at) = cause else { return stopped };
    let line_end = text.get(*at..).and_then(|rest| rest.find('\n')).map_or(text.len(), |length| at + length);
    let swallows = matches!(failure.fault, Fault::AfterQuoted | Fault::UnclosedQuote);
    if swallows && stopped > line_end { usize::MAX - 1 } else { stopped }
}

/// Edits worth trying, the likeliest first.
fn candidates(text: &str, failure: &Failure) -> Vec<Candidate> {
    let lines = Lines::new(text);
    let guilty = lines.filled_upwards(failure.at, 3);
    let mut out = Vec::new();
    if let Fault::UnclosedBracket(_) = failure.fault
        && let Some(closing) = lines.closing_brackets()
    {
        out.push(Candidate { cause: Cause::Truncated, patch: Patch::Close(closing) });
    }
    let in_brackets = text.trim_start_matches(['\u{feff}', ' ', '\r', '\n']).starts_with(['{', '[']);
    if failure.fault == Fault::FlowSeparator || failure.fault == Fault::SecondColon && in_brackets {
        for at in lines.comma_places(failure.at) {
            out.push(Candidate { cause: Cause::Comma(at), patch: Patch::Comma(at) });
        }
    }
    let tail = lines.tail(failure.at);
    match failure.fault {
        Fault::AfterEnd => out.push(blank(Cause::Here, tail)),
        Fault::MisplacedBracket => out.push(blank(Cause::Here, failure.at..failure.at + 1)),
        Fault::Reserved(c) if c.is_control() => {
            if let Some(found) = text.get(failure.at..).and_then(|rest| rest.find(c)) {
                let at = failure.at + found;
                out.push(blank(Cause::Character(c, at), at..at + c.len_utf8()));
            }
        }
        _ => {}
    }
    quotes(&lines, guilty.first().copied().unwrap_or(0), &mut out);
    if failure.fault == Fault::Tab || guilty.iter().any(|line| lines.indentation(*line).contains('\t')) {
        tabs(&lines, &guilty, &mut out);
    }
    if matches!(failure.fault, Fault::Misfit | Fault::SecondColon) && !in_brackets {
        indentations(&lines, &guilty, &mut out);
    }
    // A line without a colon makes the next key the error; the line itself is to blame.
    if failure.fault == Fault::SecondColon {
        for line in guilty.iter().skip(1).take(1).filter(|line| lines.is_bare_word(**line)) {
            out.push(blank(Cause::Bare(*line), lines.content(*line)));
        }
    }
    for line in guilty {
        if let Some(value) = lines.value(line).filter(|value| lines.is_suspicious(value)) {
            out.push(blank(Cause::Value(value.clone()), value));
        }
        out.push(blank(Cause::Line(line), lines.content(line)));
    }
    out
}

fn blank(cause: Cause, range: Range<usize>) -> Candidate {
    Candidate { cause, patch: Patch::Blank(vec![range]) }
}

/// An unclosed string runs to the next quote in the file, so the error shows up far below:
/// the nearest two lines above it with an odd number of quotes.
fn quotes(lines: &Lines<'_>, from: usize, out: &mut Vec<Candidate>) {
    let above = (0..=from).rev().take(QUOTE_LINES);
    for (line, at) in above.filter_map(|line| Some((line, lines.unbalanced_quote(line)?))).take(2) {
        let range = lines.value(line).unwrap_or_else(|| lines.content(line));
        out.push(blank(Cause::Quote(at), range));
    }
}

/// Tabs in the indentation: of the line alone, of the lines around it, of the whole file.
fn tabs(lines: &Lines<'_>, guilty: &[usize], out: &mut Vec<Candidate>) {
    // A value that goes on in the next line is stopped at itself.
    let below = guilty.first().and_then(|line| lines.filled_below(*line));
    let is_tabbed = |line: &usize| lines.indentation(*line).contains('\t');
    let Some(line) = guilty.iter().copied().chain(below).find(is_tabbed) else { return };
    let at = lines.tab(line);
    let run = lines.tabbed_run(line);
    if run.clone().filter(|line| lines.indentation(*line).contains('\t')).count() == 1 {
        for level in likely_levels(lines, line) {
            let patch = Patch::Indent(vec![(lines.indentation_range(line), level)]);
            out.push(Candidate { cause: Cause::Tab(at), patch });
        }
    }
    for set in [vec![line], run.collect(), lines.tabbed().collect::<Vec<usize>>()] {
        let ranges = set.into_iter().map(|line| lines.indentation_range(line)).collect();
        out.push(Candidate { cause: Cause::Tab(at), patch: Patch::Blank(ranges) });
    }
}

/// A line that is aligned with nothing above it, aligned with what it may belong to: the likeliest
/// first. Of a line with others below it, that is the deepest block that still holds those.
fn indentations(lines: &Lines<'_>, guilty: &[usize], out: &mut Vec<Candidate>) {
    let Some(line) = guilty.first().copied().filter(|line| lines.is_entry(*line) && !lines.is_aligned(*line)) else {
        return;
    };
    let own = lines.indentation(line).len();
    let levels = lines.levels(line);
    let block = lines.block(line);
    let below = block.clone().skip(1).find(|line| lines.is_filled(*line)).map(|line| lines.indentation(line).len());
    let deeper = levels.iter().copied().filter(|level| *level > own).min();
    let shallower = levels.iter().copied().filter(|level| *level < own).max();
    let holding = below.and_then(|below| levels.iter().copied().filter(|level| *level < below && *level != own).max());
    let mut tried = Vec::new();
    for level in [holding, deeper, shallower].into_iter().flatten() {
        if tried.contains(&level) {
            continue;
        }
        tried.push(level);
        // What stands below moves along where it would not be below any more.
        let along = below.is_some_and(|below| below <= level);
        let moved = block.clone().take(if along { block.len() } else { 1 });
        let moved = moved.filter(|line| lines.is_filled(*line)).map(|line| {
            let range = lines.indentation_range(line);
            let count = (range.len() + level).saturating_sub(own);
            (range, count)
        });
        out.push(Candidate { cause: Cause::Line(line), patch: Patch::Indent(moved.collect()) });
    }
    // Or the line above is the one that stands too far to the left.
    let above = guilty.get(1).copied().filter(|above| lines.is_entry(*above) && lines.indentation(*above).len() < own);
    if let Some(above) = above.filter(|above| lines.value(*above).is_some_and(|value| !value.is_empty())) {
        let patch = Patch::Indent(vec![(lines.indentation_range(above), own)]);
        out.push(Candidate { cause: Cause::Line(above), patch });
    }
}

/// Columns in which a line among others may have been meant to start, the likeliest first: beside the
/// line above or below it, and so that what follows still is.
fn likely_levels(lines: &Lines<'_>, line: usize) -> Vec<usize> {
    let mut open = lines.levels(line);
    let level = |line: usize| lines.indentation(line).len();
    let above = lines.filled_upwards(lines.range(line).start, 2).into_iter().find(|above| *above < line);
    let below = lines.filled_below(line);
    if let Some(above) = above.filter(|above| lines.opens(*above)) {
        let beside = below.map(level).filter(|below| *below > level(above));
        open.insert(0, beside.unwrap_or(level(above) + 2));
    }
    if let Some(below) = below.map(level).filter(|_| lines.opens(line)) {
        open.sort_by_key(|level| (*level >= below, std::cmp::Reverse(*level)));
    }
    open.truncate(4);
    open
}
