//! Logical ids and names, as the framework makes them.

use crate::template::lowering::Lowering;
use sha2::{Digest, Sha256};

/// The first character in upper case.
pub fn upper_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// Function keys, authorizer and layer names in ids: dashes and underscores spelt out.
pub fn normalized(name: &str) -> String {
    upper_first(&name.replace('-', "Dash").replace('_', "Underscore"))
}

/// Letters and digits alone.
pub fn alphanumeric(name: &str) -> String {
    upper_first(&name.chars().filter(char::is_ascii_alphanumeric).collect::<String>())
}

/// A URL path, segment by segment.
pub fn path(path: &str) -> String {
    path.split('/').map(path_part).collect()
}

fn path_part(part: &str) -> String {
    let mut chars = part.chars();
    let first: String = chars.next().map_or_else(String::new, |first| first.to_uppercase().collect());
    let text = format!("{first}{}", chars.as_str().to_lowercase()).replace('-', "Dash");
    let text = match (text.find('{'), text.rfind('}')) {
        (Some(open), Some(close)) if open < close => {
            format!("{}{}Var{}", &text[..open], &text[open + 1..close], &text[close + 1..])
        }
        _ => text,
    };
    alphanumeric(&text)
}

/// `get` as it ends a method's id.
pub fn method(name: &str) -> String {
    upper_first(&name.to_lowercase())
}

/// The words of an identifier: split at anything but letters and digits, and where case or
/// kind changes.
fn words(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().filter(|c| *c != '\'').collect();
    let mut words = Vec::new();
    let mut word = String::new();
    for (at, c) in chars.iter().enumerate() {
        if !c.is_alphanumeric() {
            if !word.is_empty() {
                words.push(std::mem::take(&mut word));
            }
            continue;
        }
        if let Some(last) = word.chars().last() {
            let next_is_lower = chars.get(at + 1).is_some_and(|next| next.is_lowercase());
            let boundary = last.is_lowercase() && c.is_uppercase()
                || last.is_numeric() != c.is_numeric()
                || last.is_uppercase() && c.is_uppercase() && next_is_lower;
            if boundary {
                words.push(std::mem::take(&mut word));
            }
        }
        word.push(*c);
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// `my-model_name` as `MyModelName`, with everything behind the first letters in lower case.
pub fn upper_camel(text: &str) -> String {
    words(text).iter().map(|word| upper_first(&word.to_lowercase())).collect()
}

/// `application/json` as `ApplicationJson`.
pub fn start_case(text: &str) -> String {
    words(text).iter().map(|word| upper_first(word)).collect()
}

/// A WebSocket route key in ids.
pub fn route_key(route: &str) -> String {
    route.replace('$', "S").replace('/', "Slash").replace('-', "Dash").replace('_', "Underscore").replace('.', "Period")
}

/// The id of a function's resource.
pub fn function(key: &str) -> String {
    format!("{}LambdaFunction", normalized(key))
}

/// The id of a function's log group.
pub fn log_group(key: &str) -> String {
    format!("{}LogGroup", normalized(key))
}

/// The id of a layer.
pub fn layer(key: &str) -> String {
    format!("{}LambdaLayer", normalized(key))
}

/// The id of an S3 bucket that an event creates.
pub fn bucket(name: &str) -> String {
    format!("S3Bucket{}", alphanumeric(name))
}

/// The name of a function's log group.
pub fn log_group_name(function: &str) -> String {
    format!("/aws/lambda/{function}")
}

/// The role that functions share.
pub const ROLE: &str = "IamRoleLambdaExecution";

/// Base64 of the SHA-256 of `data`, letters and digits alone, as version ids end.
pub fn version_suffix(data: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digest = Sha256::digest(data);
    let mut out = String::new();
    for chunk in digest.chunks(3) {
        let bits = chunk.iter().fold(0u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for index in 0..=chunk.len() {
            let byte = ALPHABET[(bits >> (18 - 6 * index) & 63) as usize];
            if byte.is_ascii_alphanumeric() {
                out.push(char::from(byte));
            }
        }
    }
    out
}

/// What the framework takes from the clock: a number that stands for one packaging. Here it
/// comes from the service's text, so that equal input gives equal output.
pub fn instance_id(cx: &Lowering<'_>) -> String {
    let text = cx.sources.iter().next().map_or("", |(_, file)| file.text());
    let digest = Sha256::digest(text.as_bytes());
    let number = digest.iter().take(8).fold(0u64, |number, byte| number << 8 | u64::from(*byte));
    format!("{:013}", number % 10_000_000_000_000)
}

/// MD5 in hexadecimal digits.
pub fn md5(text: &str) -> String {
    use md5::Digest as _;
    hex(&md5::Md5::digest(text.as_bytes()))
}

/// Bytes in hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from_digit(u32::from(value), 16).unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// At most `count` characters of `text`.
pub fn cut(text: &str, count: usize) -> &str {
    text.char_indices().nth(count).map_or(text, |(at, _)| &text[..at])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids() {
        assert_eq!(function("my-fn_a"), "MyDashfnUnderscoreaLambdaFunction");
        assert_eq!(path("users/{userId}/top-ten"), "UsersUseridVarTopDashten");
        assert_eq!(path("GET /{proxy+}"), "GetProxyVar");
        assert_eq!(path("{a}-{b}"), "ADashbVar");
        assert_eq!(route_key("$connect"), "Sconnect");
        assert_eq!(start_case("application/x-www-form-urlencoded"), "ApplicationXWwwFormUrlencoded");
        assert_eq!(upper_camel("post-create_HTTPModel2"), "PostCreateHttpModel2");
        assert_eq!(alphanumeric("a.b-c"), "Abc");
        assert!((30..44).contains(&version_suffix(b"x").len()));
        assert_eq!(md5("a"), "0cc175b9c0f1b6a831c399e269772661");
    }
}
