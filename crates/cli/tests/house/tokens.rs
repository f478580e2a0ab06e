//! Rust's tokens, as far as names and their paths need them.

/// A token: comments are none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Token {
    /// An identifier or keyword, without `r#`.
    Name(String),
    /// What a literal of text says, escapes as they are written.
    Text(String),
    /// `::`.
    Of,
    /// Any other mark, or a literal that is no text.
    Mark(char),
}

/// The tokens of a source.
pub(crate) fn tokens(source: &str) -> Vec<Token> {
    let mut rest = source;
    let mut all = Vec::new();
    while let Some(first) = rest.chars().next() {
        let (token, length) = match first {
            _ if rest.starts_with("//") => (None, rest.find('\n').unwrap_or(rest.len())),
            _ if rest.starts_with("/*") => (None, block_comment(rest)),
            _ if rest.starts_with("::") => (Some(Token::Of), 2),
            '"' => text(rest, 0),
            '\'' => (Some(Token::Mark('\'')), quoted(rest)),
            '0'..='9' => (Some(Token::Mark('0')), word(rest)),
            c if c.is_alphabetic() || c == '_' => named(rest),
            c if c.is_whitespace() => (None, c.len_utf8()),
            c => (Some(Token::Mark(c)), c.len_utf8()),
        };
        all.extend(token);
        rest = &rest[length..];
    }
    all
}

fn word(rest: &str) -> usize {
    let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_');
    end.unwrap_or(rest.len())
}

/// A name, or a literal that begins as one does.
fn named(rest: &str) -> (Option<Token>, usize) {
    let length = word(rest);
    let name = &rest[..length];
    let after = &rest[length..];
    let hashes = after.len() - after.trim_start_matches('#').len();
    match (name, after[hashes..].chars().next()) {
        ("r" | "br" | "cr", Some('"')) => raw_text(rest, length, hashes),
        ("b" | "c", Some('"')) if hashes == 0 => text(rest, length),
        ("b", Some('\'')) if hashes == 0 => (Some(Token::Mark('\'')), length + quoted(after)),
        ("r", Some(_)) if hashes == 1 => {
            let name = &after[1..];
            let name = &name[..word(name)];
            (Some(Token::Name(name.into())), 2 + name.len())
        }
        _ => (Some(Token::Name(name.into())), length),
    }
}

/// A literal with escapes, whose quote is at `start`.
fn text(rest: &str, start: usize) -> (Option<Token>, usize) {
    let mut escaped = false;
    let inside = &rest[start + 1..];
    let end = inside.find(|c| {
        let ends = c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        ends
    });
    let end = end.unwrap_or(inside.len());
    let token = Token::Text(inside[..end].into());
    (Some(token), (start + end + 2).min(rest.len()))
}

fn raw_text(rest: &str, prefix: usize, hashes: usize) -> (Option<Token>, usize) {
    let inside = &rest[prefix + hashes + 1..];
    let close = format!("\"{}", "#".repeat(hashes));
    let end = inside.find(&close).unwrap_or(inside.len());
    let token = Token::Text(inside[..end].into());
    let length = prefix + hashes + 1 + end + close.len();
    (Some(token), length.min(rest.len()))
}

/// A character, or the quote of a lifetime.
fn quoted(rest: &str) -> usize {
    let mut chars = rest.char_indices().skip(1);
    match (chars.next(), chars.next()) {
        (Some((_, '\\')), Some((at, c))) => {
            let after = at + c.len_utf8();
            let end = rest[after..].find('\'').map(|end| after + end + 1);
            end.unwrap_or(rest.len())
        }
        (Some(_), Some((at, '\''))) => at + 1,
        _ => 1,
    }
}

fn block_comment(rest: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while at < rest.len() {
        let here = &rest.as_bytes()[at..];
        match here {
            [b'/', b'*', ..] => (depth, at) = (depth + 1, at + 2),
            [b'*', b'/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            break;
        }
    }
    at
}
