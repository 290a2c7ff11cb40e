//! The grammar by examples.

use super::parse::parse;
use super::syntax::{Argument, Literal, Piece, Source, SyntaxError};

fn shape(text: &str) -> String {
    match parse(text) {
        Ok(pieces) => pieces.iter().map(show).collect::<Vec<_>>().join(" "),
        Err(error) => format!("error: {error}"),
    }
}

fn show(piece: &Piece) -> String {
    match piece {
        Piece::Escape { start, end, text } => format!("{start}..{end}={text}"),
        Piece::Variable { start, end, sources } => {
            let sources: Vec<_> = sources.iter().map(source).collect();
            format!("{start}..{end}[{}]", sources.join("|"))
        }
    }
}

fn source(source: &Source) -> String {
    match source {
        Source::Literal(value) => word(value),
        Source::Typed { name, parameters, address } => {
            let parameters = parameters
                .as_ref()
                .map(|all| format!("({})", all.iter().map(argument).collect::<Vec<_>>().join(",")))
                .unwrap_or_default();
            let address = address.as_ref().map(|one| format!(":{}", argument(one))).unwrap_or_default();
            format!("{name}{parameters}{address}")
        }
    }
}

fn argument(argument: &Argument) -> String {
    let inner: Vec<_> = argument.pieces.iter().map(show).collect();
    format!(
        "{}{}",
        word(&argument.value),
        if inner.is_empty() { String::new() } else { format!("<{}>", inner.join(" ")) }
    )
}

fn word(value: &Literal) -> String {
    match value {
        Literal::Null => "null".into(),
        Literal::Bool(value) => value.to_string(),
        Literal::Number(value) => value.to_string(),
        Literal::Text(text) => format!("'{text}'"),
    }
}

#[test]
fn grammar() {
    let table = [
        ("plain", ""),
        ("${self:a.b}", "0..11[self:'a.b']"),
        ("x-${opt:stage}-y", "2..14[opt:'stage']"),
        ("${opt:stage, self:provider.stage, 'dev'}", "0..40[opt:'stage'|self:'provider.stage'|'dev']"),
        ("${opt:n, 3}", "0..11[opt:'n'|3]"),
        ("${opt:n, null}", "0..14[opt:'n'|null]"),
        ("${file(a.yml):x}", "0..16[file('a.yml'):'x']"),
        ("${file( './a b.yml' , 2 ):x}", "0..28[file('./a b.yml',2):'x']"),
        ("${file(a-${opt:s}.yml)}", "0..23[file('a-${opt:s}.yml'<2..10[opt:'s']>)]"),
        ("${self:a.${opt:s}.c}", "0..20[self:'a.${opt:s}.c'<2..10[opt:'s']>]"),
        ("${cf(eu-west-1):stack.Out}", "0..26[cf('eu-west-1'):'stack.Out']"),
        ("${self:}", "0..8[self]"),
        ("$${opt:s}", "0..9[opt:'s']"),
        // Somebody else's.
        ("${AWS::Region}", ""),
        ("${foo}", ""),
        ("${foo::bar}", ""),
        ("${Foo-${opt:s}}", "6..14[opt:'s']"),
        ("${}", ""),
        // Escapes.
        ("\\${opt:s}", "0..2=$"),
        ("\\\\${opt:s}", "0..2=\\ 2..10[opt:'s']"),
        ("\\\\\\${opt:s}", "0..4=\\$"),
        // Errors.
        ("${opt:stage, dev}", "error: the fallback `dev` has to be quoted to be text"),
        ("${opt:s", "error: the closing `}` is missing"),
        ("${self:a.${AWS::Region}}", "error: there is no variable type at position 11"),
        ("${opt:s, 'a', 'b'}", "error: the fallback at position 9 is neither a variable source nor a literal"),
        ("${file(a}", "error: the parameter at position 7 is not well formed"),
        ("${opt(a)::b}", "error: the address at position 9 is not well formed"),
        ("${s:\u{e9}$\u{e9}}", "0..10[s:'\u{e9}$\u{e9}']"),
    ];
    for (text, expected) in table {
        assert_eq!(shape(text), expected, "{text}");
    }
}

#[test]
fn deep_nesting_is_refused() {
    assert_eq!(parse(&"${a:".repeat(5000)), Err(SyntaxError::Depth));
    assert_eq!(parse(&"${A ".repeat(5000)), Err(SyntaxError::Depth));
}
