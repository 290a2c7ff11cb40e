//! From a stream of bytes, compressed or not, to events.

use super::line::{self, At};
use super::{Observed, json};
use flate2::bufread::MultiGzDecoder;
use std::io::{self, BufRead, BufReader, Read};

/// Bytes that are read at once.
const BUFFER: usize = 256 * 1024;
/// A longer line is no event of CloudWatch, which ends them at 256 KB (1 MB since 2025).
const MAX_LINE: u64 = 2 * 1024 * 1024;

/// Reads a log. `origin` is what messages call it, `function` the function it belongs to where
/// the log does not say.
pub fn read(input: impl Read, origin: &str, function: &str, observed: &mut Observed) -> io::Result<()> {
    let mut input = BufReader::with_capacity(BUFFER, input);
    if input.fill_buf()?.starts_with(&[0x1f, 0x8b]) {
        let unpacked = BufReader::with_capacity(BUFFER, MultiGzDecoder::new(input));
        lines(unpacked, origin, function, observed)
    } else {
        lines(input, origin, function, observed)
    }
}

fn lines(mut input: impl BufRead, origin: &str, function: &str, observed: &mut Observed) -> io::Result<()> {
    let mut line = Vec::new();
    loop {
        line.clear();
        let read = input.by_ref().take(MAX_LINE).read_until(b'\n', &mut line)? as u64;
        if read == 0 {
            return Ok(());
        }
        let whole = read < MAX_LINE || line.ends_with(b"\n");
        let text = line.trim_ascii();
        if matches!(text.first(), Some(b'{' | b'[')) && (!whole || is_open(text)) {
            // A document over many lines, or one on a line of any length.
            let start = std::mem::take(&mut line);
            input = match document(&start, input, origin, function, observed)? {
                Some(input) => input,
                None => return Ok(()),
            };
            continue;
        }
        observed.bytes += read;
        if text.is_empty() {
            continue;
        }
        if !whole {
            observed.events += 1;
            observed.broken(origin, "a line of more than 2 MB");
            skip_line(&mut input)?;
            continue;
        }
        let at = At { origin, function, time: None };
        match text.first() {
            Some(b'{') => json::inner(observed, at, text),
            Some(b'[') if text.starts_with(b"[{") || text.starts_with(b"[[") => json::inner(observed, at, text),
            _ => line::event(observed, at, text),
        }
    }
}

/// Whether a JSON value begins on this line and does not end on it.
fn is_open(text: &[u8]) -> bool {
    // `[ERROR] …` and the like begin with a bracket as well.
    if text.first() == Some(&b'[') && text.len() > 1 && !matches!(text.get(1), Some(b'{' | b'[' | b'"' | b' ')) {
        return false;
    }
    let (mut depth, mut quoted, mut escaped) = (0i64, false, false);
    for byte in text {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'{' | b'[' if !quoted => depth += 1,
            b'}' | b']' if !quoted => depth -= 1,
            _ => {}
        }
    }
    depth > 0 && !quoted || depth > 0 && text.len() as u64 >= MAX_LINE - 1
}

/// Reads one document that begins with `start`; gives the input back when something follows.
fn document<R: BufRead>(
    start: &[u8],
    input: R,
    origin: &str,
    function: &str,
    observed: &mut Observed,
) -> io::Result<Option<R>> {
    let mut counted = Counted { start, input, bytes: 0 };
    let result = {
        let mut deserializer = serde_json::Deserializer::from_reader(&mut counted);
        json::Reader { observed, origin, function }.read(&mut deserializer)
    };
    observed.bytes += counted.bytes;
    if let Err(error) = result {
        if error.is_io() {
            return Err(error.into());
        }
        observed.events += 1;
        observed.broken(origin, &error.to_string());
        if error.is_eof() {
            return Ok(None);
        }
        // The rest of the broken line goes; what follows may be whole.
        if counted.start.is_empty() {
            skip_line(&mut counted.input)?;
        }
    }
    Ok(Some(counted.input))
}

fn skip_line(input: &mut impl BufRead) -> io::Result<()> {
    input.skip_until(b'\n').map(|_| ())
}

/// The lines read ahead and what follows them, byte by byte for the JSON reader, which never
/// takes more than the value.
struct Counted<'s, R> {
    start: &'s [u8],
    input: R,
    bytes: u64,
}

impl<R: BufRead> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = if self.start.is_empty() { self.input.read(buffer)? } else { self.start.read(buffer)? };
        self.bytes += read as u64;
        Ok(read)
    }
}
