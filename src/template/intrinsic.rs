//! Intrinsic functions as typed views over their long form.

use super::value::{Text, Value};

/// An intrinsic function, borrowed from the one-key map that holds it.
#[derive(Clone, Debug)]
pub enum Intrinsic<'v> {
    /// `Ref`: a parameter, a resource or a pseudo parameter.
    Ref(&'v str),
    /// `Fn::GetAtt`: logical id and attribute; both may be functions under language extensions.
    GetAtt(&'v Value, &'v Value),
    /// `Fn::GetAtt` in text form, `Id.Attribute`.
    GetAttText(&'v str, &'v str),
    /// `Fn::Sub`: the text and the local names.
    Sub(&'v str, Option<&'v Value>),
    /// `Fn::If`: condition name, then, else.
    If(&'v str, &'v Value, &'v Value),
    /// `Fn::Join`: separator and parts (a list, or a function that yields one).
    Join(&'v str, &'v Value),
    /// `Fn::Select`: index and list.
    Select(&'v Value, &'v Value),
    /// `Fn::Split`: separator and text.
    Split(&'v str, &'v Value),
    /// `Fn::FindInMap`: map, first and second key, and the default of language extensions.
    FindInMap(&'v Value, &'v Value, &'v Value, Option<&'v Value>),
    /// `Fn::ImportValue`
    ImportValue(&'v Value),
    /// `Fn::Base64`
    Base64(&'v Value),
    /// `Fn::Cidr`
    Cidr(&'v Value),
    /// `Fn::GetAZs`
    GetAzs(&'v Value),
    /// `Fn::Transform`: a macro.
    Transform(&'v Value),
    /// `Fn::Length`
    Length(&'v Value),
    /// `Fn::ToJsonString`
    ToJsonString(&'v Value),
    /// `Fn::And`
    And(&'v [Value]),
    /// `Fn::Or`
    Or(&'v [Value]),
    /// `Fn::Not`
    Not(&'v Value),
    /// `Fn::Equals`
    Equals(&'v Value, &'v Value),
    /// `Condition`: another condition by name, inside a condition.
    Condition(&'v str),
    /// A function whose arguments are not of the shape it takes, or one nobody knows.
    Malformed(&'v str, &'v Value),
}

/// Whether `key` names an intrinsic function, so that a map of this one key is no data.
pub fn is_function(key: &str) -> bool {
    key == "Ref" || key.starts_with("Fn::")
}

impl Value {
    /// The intrinsic function this value is. A `{"Condition": name}` counts only where
    /// conditions are read, see [`Value::condition_function`].
    pub fn intrinsic(&self) -> Option<Intrinsic<'_>> {
        let (key, argument) = self.single()?;
        is_function(key).then(|| read(key, argument))
    }

    /// The function in a place where conditions are written.
    pub fn condition_function(&self) -> Option<Intrinsic<'_>> {
        match self.single()? {
            ("Condition", argument) => {
                Some(argument.as_str().map_or(Intrinsic::Malformed("Condition", argument), Intrinsic::Condition))
            }
            _ => self.intrinsic(),
        }
    }
}

fn read<'v>(key: &'v str, argument: &'v Value) -> Intrinsic<'v> {
    typed(key, argument).unwrap_or(Intrinsic::Malformed(key, argument))
}

fn typed<'v>(key: &str, argument: &'v Value) -> Option<Intrinsic<'v>> {
    let list = argument.as_list();
    Some(match key {
        "Ref" => Intrinsic::Ref(argument.as_str()?),
        "Fn::GetAtt" => match list {
            Some([id, attribute]) => Intrinsic::GetAtt(id, attribute),
            Some(_) => return None,
            None => {
                let (id, attribute) = argument.as_str()?.split_once('.')?;
                Intrinsic::GetAttText(id, attribute)
            }
        },
        "Fn::Sub" => match list {
            Some([text]) => Intrinsic::Sub(text.as_str()?, None),
            Some([text, names]) => {
                names.as_map()?;
                Intrinsic::Sub(text.as_str()?, Some(names))
            }
            Some(_) => return None,
            None => Intrinsic::Sub(argument.as_str()?, None),
        },
        "Fn::If" => match list? {
            [condition, then, other] => Intrinsic::If(condition.as_str()?, then, other),
            _ => return None,
        },
        "Fn::Join" => match list? {
            [separator, parts] => Intrinsic::Join(separator.as_str()?, parts),
            _ => return None,
        },
        "Fn::Select" => match list? {
            [index, items] => Intrinsic::Select(index, items),
            _ => return None,
        },
        "Fn::Split" => match list? {
            [separator, text] => Intrinsic::Split(separator.as_str()?, text),
            _ => return None,
        },
        "Fn::FindInMap" => match list? {
            [map, first, second] => Intrinsic::FindInMap(map, first, second, None),
            [map, first, second, options] => Intrinsic::FindInMap(map, first, second, options.get("DefaultValue")),
            _ => return None,
        },
        "Fn::ImportValue" => Intrinsic::ImportValue(argument),
        "Fn::Base64" => Intrinsic::Base64(argument),
        "Fn::Cidr" => Intrinsic::Cidr(argument),
        "Fn::GetAZs" => Intrinsic::GetAzs(argument),
        "Fn::Transform" => Intrinsic::Transform(argument),
        "Fn::Length" => Intrinsic::Length(argument),
        "Fn::ToJsonString" => Intrinsic::ToJsonString(argument),
        "Fn::And" => Intrinsic::And(list?),
        "Fn::Or" => Intrinsic::Or(list?),
        "Fn::Not" => match list? {
            [one] => Intrinsic::Not(one),
            _ => return None,
        },
        "Fn::Equals" => match list? {
            [left, right] => Intrinsic::Equals(left, right),
            _ => return None,
        },
        _ => return None,
    })
}

/// One piece of a `Fn::Sub` text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SubPart<'s> {
    /// Text as it stands (`${!x}` comes as `${x}`, see `escaped`).
    Literal(&'s str),
    /// `${!text}`: the text inside.
    Escaped(&'s str),
    /// `${name}` or `${Id.Attribute}`, trimmed, with the byte offset of the name in the text.
    Name(&'s str, usize),
}

/// The pieces of a `Fn::Sub` text.
pub fn sub_parts(text: &str) -> impl Iterator<Item = SubPart<'_>> {
    let mut rest = 0;
    std::iter::from_fn(move || {
        if rest >= text.len() {
            return None;
        }
        let variable = find_open(text, rest).and_then(|open| Some((open, open + text[open..].find('}')?)));
        let Some((open, close)) = variable else {
            let literal = &text[rest..];
            rest = text.len();
            return Some(SubPart::Literal(literal));
        };
        if open > rest {
            let literal = &text[rest..open];
            rest = open;
            return Some(SubPart::Literal(literal));
        }
        rest = close + 1;
        let inner = &text[open + 2..close];
        Some(match inner.strip_prefix('!') {
            Some(escaped) => SubPart::Escaped(escaped),
            None => {
                let lead = inner.len() - inner.trim_start().len();
                SubPart::Name(inner.trim(), open + 2 + lead)
            }
        })
    })
}

/// Where the next `${` from `start` on stands.
fn find_open(text: &str, start: usize) -> Option<usize> {
    text.as_bytes()[start..].windows(2).position(|pair| pair == b"${").map(|at| at + start)
}

/// A reference to something by name: a logical id, with an attribute for `Fn::GetAtt`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// Logical id, parameter or pseudo parameter.
    pub id: Text,
    /// The attribute asked for.
    pub attribute: Option<Text>,
}
