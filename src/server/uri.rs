//! Addresses and paths.

use lsp_types::Uri;
use std::str::FromStr;

/// The path of a `file:` address, with `/`; other schemes keep the whole address as their name.
pub(super) fn path_of(uri: &Uri) -> String {
    let text = uri.as_str();
    let Some(rest) = text.strip_prefix("file://") else { return text.to_owned() };
    let path = decoded(rest.find('/').map_or(rest, |at| &rest[at..]));
    // `/c:/folder` is how a drive is written in an address.
    let bytes = path.as_bytes();
    match bytes {
        [b'/', drive, b':', b'/', ..] if drive.is_ascii_alphabetic() => {
            format!("{}{}", drive.to_ascii_uppercase() as char, &path[2..])
        }
        _ => path,
    }
}

/// The address of a path that [`path_of`] or the disk gave.
pub(super) fn of_path(path: &str) -> Option<Uri> {
    let is_drive = path.as_bytes().get(1) == Some(&b':');
    if !path.starts_with('/') && !is_drive {
        return Uri::from_str(path).ok();
    }
    let mut text = "file://".to_owned();
    if is_drive {
        text.push('/');
    }
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' | b'~' => text.push(byte as char),
            _ => text.push_str(&format!("%{byte:02X}")),
        }
    }
    Uri::from_str(&text).ok()
}

/// The folder of a path, without a trailing slash.
pub(super) fn folder_of(path: &str) -> &str {
    path.rfind('/').map_or("", |at| &path[..at])
}

/// The last part of a path.
pub(super) fn name_of(path: &str) -> &str {
    path.rfind('/').map_or(path, |at| &path[at + 1..])
}

fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let hex = || text.get(at + 1..at + 3).and_then(|hex| u8::from_str_radix(hex, 16).ok());
        let escaped = if byte == b'%' { hex() } else { None };
        out.push(escaped.unwrap_or(byte));
        at += if escaped.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_paths_go_both_ways() {
        for (address, path) in [
            ("file:///w/a%20b/template.yaml", "/w/a b/template.yaml"),
            ("file:///w/%C3%A4.yaml", "/w/ä.yaml"),
            ("file:///c%3A/w/t.yaml", "C:/w/t.yaml"),
            ("untitled:Untitled-1", "untitled:Untitled-1"),
        ] {
            let uri = Uri::from_str(address).unwrap();
            assert_eq!(path_of(&uri), path);
            assert_eq!(path_of(&of_path(path).unwrap()), path);
        }
    }
}
