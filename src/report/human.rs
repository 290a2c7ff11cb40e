//! Findings with their source lines, for people.

use super::{Failure, Run, Style, page_url, summary};
use crate::finding::{Finding, Severity};
use crate::source::{FileId, SourceFile, Sources, Span};
use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteSpanContents, SourceSpan};
use std::fmt;
use std::io;

/// Lines longer than this are not shown: a template on one line would fill the screen.
const LONGEST_LINE: usize = 400;

pub(super) fn write(run: &Run, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    let handler = handler(style);
    for file in &run.files {
        let mut rest = file.findings.as_slice();
        while let Some((finding, others)) = rest.split_first() {
            let also = others.iter().take_while(|other| repeats(finding, other)).count();
            let (same, behind) = others.split_at(also);
            write_one(&handler, &of_finding(&file.sources, finding, same, style), out)?;
            rest = behind;
        }
    }
    // Standard error has said why there is nothing.
    if run.files.is_empty() { Ok(()) } else { summary::write(run, style, out) }
}

/// Writes one located message that is not a finding (of a configuration file, say).
pub fn diagnostic(
    source: &SourceFile,
    span: Span,
    message: &str,
    help: Option<&str>,
    style: &Style,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let text = Text { source, labels: vec![(span, None)] };
    let shown = Shown {
        code: None,
        severity: Severity::High,
        message: message.to_owned(),
        help: help.map(str::to_owned),
        text: Some(text),
        related: Vec::new(),
    };
    write_one(&handler(style), &shown, out)
}

impl Failure {
    /// The failure as one or two lines for standard error.
    pub fn text(&self, style: &Style) -> String {
        let error = style.severity(Severity::High, "error");
        let place = if self.path.is_empty() { String::new() } else { format!("{}: ", style.bold(&self.path)) };
        format!("{error}: {place}{}\n  help: {}\n", self.message, self.help)
    }
}

fn handler(style: &Style) -> GraphicalReportHandler {
    let mut theme = match (style.unicode, style.color) {
        (true, true) => GraphicalTheme::unicode(),
        (true, false) => GraphicalTheme::unicode_nocolor(),
        (false, true) => GraphicalTheme::ascii(),
        (false, false) => GraphicalTheme::none(),
    };
    if !style.unicode {
        theme.characters = miette::ThemeCharacters::ascii();
    }
    GraphicalReportHandler::new_themed(theme)
        .with_width(style.width)
        .with_context_lines(1)
        .with_urls(false)
        .without_syntax_highlighting()
        .with_break_words(false)
        // Dates, paths and names stay whole.
        .with_word_separator(textwrap::WordSeparator::AsciiSpace)
        .with_word_splitter(textwrap::WordSplitter::NoHyphenation)
}

fn write_one(handler: &GraphicalReportHandler, shown: &Shown<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let mut text = String::new();
    if handler.render_report(&mut text, shown).is_err() {
        text.push_str(&shown.message);
    }
    // Source lines shown without their end would leave blanks behind.
    for line in text.lines() {
        writeln!(out, "{}", line.trim_end())?;
    }
    writeln!(out)
}

/// Whether `other` says of another resource what `finding` says, at the same place: a default
/// that many resources share is shown once.
fn repeats(finding: &Finding, other: &Finding) -> bool {
    let (Some(first), Some(second)) = (&finding.resource, &other.resource) else { return false };
    let is_same = finding.policy == other.policy && finding.span == other.span && finding.severity == other.severity;
    is_same && finding.message.replace(first.as_str(), "\0") == other.message.replace(second.as_str(), "\0")
}

/// How many other resources are named before they are only counted.
const NAMED: usize = 5;

fn of_finding<'r>(sources: &'r Sources, finding: &Finding, same: &[Finding], style: &Style) -> Shown<'r> {
    let name = style.link(page_url(&finding.policy).as_deref(), &finding.policy);
    let mut help: Vec<String> = finding.help.iter().cloned().collect();
    if let Some(fix) = &finding.fix {
        let flags = if fix.safe { "--fix" } else { "--fix --unsafe-fixes" };
        help.push(format!("{flags} can do this: {}", fix.title));
    }
    if !same.is_empty() {
        let names: Vec<&str> = same.iter().filter_map(|other| other.resource.as_deref()).take(NAMED).collect();
        let more = match same.len() - names.len() {
            0 => String::new(),
            count => format!(" and {count} more"),
        };
        help.push(format!("the same holds for {}{more}", names.join(", ")));
    }
    let mut text = Text::new(sources, finding.span.file, finding.span, finding.label.clone());
    let mut elsewhere: Vec<Shown<'r>> = Vec::new();
    for related in &finding.related {
        if related.span.file == finding.span.file
            && let Some(text) = &mut text
            && text.may_show(related.span)
        {
            text.labels.push((related.span, Some(related.message.clone())));
            continue;
        }
        elsewhere.push(Shown {
            code: None,
            severity: Severity::Info,
            message: related.message.clone(),
            help: None,
            text: Text::new(sources, related.span.file, related.span, None),
            related: Vec::new(),
        });
    }
    let mut message = finding.message.clone();
    if text.is_none() {
        let source = sources.get(finding.span.file);
        let start = source.position(finding.span.start);
        message = format!("{message} ({}:{}:{})", source.path(), start.line, start.column);
    }
    Shown {
        code: Some(format!("{}[{name}]", finding.severity)),
        severity: finding.severity,
        message,
        help: (!help.is_empty()).then(|| help.join("\n")),
        text,
        related: elsewhere,
    }
}

/// One message in miette's terms.
#[derive(Debug)]
struct Shown<'r> {
    code: Option<String>,
    severity: Severity,
    message: String,
    help: Option<String>,
    text: Option<Text<'r>>,
    related: Vec<Shown<'r>>,
}

/// The file a message is about, with its marks; the first one is the main one.
#[derive(Debug)]
struct Text<'r> {
    source: &'r SourceFile,
    labels: Vec<(Span, Option<String>)>,
}

impl<'r> Text<'r> {
    fn new(sources: &'r Sources, file: FileId, span: Span, label: Option<String>) -> Option<Self> {
        let text = Self { source: sources.get(file), labels: vec![(span, label)] };
        text.may_show(span).then_some(text)
    }

    fn may_show(&self, span: Span) -> bool {
        let (first, last) = (self.source.line_of(span.start), self.source.line_of(span.end));
        let around = first.saturating_sub(1)..=last + 1;
        last - first < 20 && around.into_iter().all(|line| self.source.line_text(line).len() <= LONGEST_LINE)
    }
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Shown<'_> {}

impl Diagnostic for Shown<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.code.as_ref().map(|code| Box::new(code) as Box<dyn fmt::Display>)
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.severity {
            Severity::Critical | Severity::High => miette::Severity::Error,
            Severity::Medium | Severity::Low => miette::Severity::Warning,
            Severity::Info => miette::Severity::Advice,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn miette::SourceCode> {
        self.text.as_ref().map(|text| text as &dyn miette::SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let labels = &self.text.as_ref()?.labels;
        Some(Box::new(labels.iter().enumerate().map(|(index, (span, label))| {
            let at = SourceSpan::from(span.start as usize..span.end.max(span.start) as usize);
            match index {
                0 => LabeledSpan::new_primary_with_span(label.clone(), at),
                _ => LabeledSpan::new_with_span(label.clone(), at),
            }
        })))
    }

    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        let related = self.related.iter().map(|related| related as &dyn Diagnostic);
        (!self.related.is_empty()).then(|| Box::new(related) as Box<dyn Iterator<Item = &dyn Diagnostic>>)
    }
}

impl miette::SourceCode for Text<'_> {
    /// Reads through the file's line index: columns count characters, and a long file is not
    /// read from its start for every mark.
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn miette::SpanContents<'a> + 'a>, miette::MietteError> {
        let (text, starts) = (self.source.text(), self.source.line_starts());
        let (from, to) = (span.offset(), span.offset() + span.len());
        let line = self.source.line_of(from as u32) as usize;
        let last = self.source.line_of(to as u32) as usize;
        let (start, first, column) = if before == 0 {
            (from, line, self.source.position(from as u32).column as usize - 1)
        } else {
            let first = line.saturating_sub(before);
            (starts.get(first).map_or(0, |start| *start as usize), first, 0)
        };
        let end = starts.get(last + after + 1).map_or(text.len(), |next| *next as usize);
        let data = text.get(start..end).ok_or(miette::MietteError::OutOfBounds)?;
        Ok(Box::new(MietteSpanContents::new_named(
            self.source.path().to_owned(),
            data.as_bytes(),
            (start, end - start).into(),
            first,
            column,
            last + after + 1 - first,
        )))
    }
}
