//! What is wrong with a TOML file, for whoever wrote it: line, key, and plain words.

use super::place::{Path, line_of};

/// What a parser's error says of a file's text, in one line: the line, the key as a
/// path, what is wrong and what to write instead, in words that know nothing of the
/// program's types.
pub fn said_of_toml(text: &str, error: &toml::de::Error) -> String {
    let message = error.message().trim_end().replace(['\r', '\n'], " ");
    let hint = message
        .split('`')
        .nth(1)
        .filter(|key| message.starts_with("unknown field") && key.contains('-'))
        .map(|key| key.replace('-', "_"))
        .filter(|key| message.matches(&format!("`{key}`")).count() > 0)
        .map(|key| format!(" (write {key}: keys have underscores)"))
        .unwrap_or_default();
    // What is missing from the whole file stands on no line.
    let missing = message.starts_with("missing field");
    let place = error.span().map_or_else(String::new, |span| {
        let line = line_of(text, span.start);
        match Path::at(text, &span) {
            Some(path) if !missing || path.is_within() => format!("line {line}: {path}: "),
            _ if missing => String::new(),
            _ => format!("line {line}: "),
        }
    });
    let plain = plain(&message).unwrap_or(message);
    format!("{place}{plain}{hint}")
}

/// A message about a type, in words.
fn plain(message: &str) -> Option<String> {
    let (given, wanted) = message.split_once(", expected ")?;
    let wanted = match wanted {
        "f32" | "f64" => "a number",
        "u8" | "u16" | "u32" | "u64" | "usize" | "i8" | "i16" | "i32" | "i64" | "isize" => {
            "a whole number"
        }
        "a string" | "a borrowed string" | "path string" => "a text in quotes",
        "a boolean" => "true or false",
        "a sequence" => "a list in [ ]",
        "a map" => "a table",
        other if other.starts_with("struct ") => "a table",
        other => other,
    };
    if let Some(value) = given.strip_prefix("invalid value: integer `") {
        let value = value.trim_end_matches('`');
        return Some(format!("{value} is out of range: write {wanted}"));
    }
    let given = given.strip_prefix("invalid type: ")?;
    let given = match given.split_once(' ') {
        Some(("string", text)) => format!("{text} is a text"),
        Some(("integer" | "boolean", value)) => format!("{} stands here", value.trim_matches('`')),
        Some(("floating", value)) => {
            let value = value.trim_start_matches("point ").trim_matches('`');
            format!("{value} stands here")
        }
        _ if given == "map" => "a table stands here".to_owned(),
        _ if given == "sequence" => "a list stands here".to_owned(),
        _ => format!("{given} stands here"),
    };
    Some(format!("{given}: write {wanted}"))
}

#[cfg(test)]
mod tests {
    use super::said_of_toml;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "read for its errors alone")]
    struct File {
        share: Option<f64>,
        count: Option<u8>,
        name: Option<String>,
        is_on: Option<bool>,
        list: Option<Vec<f32>>,
    }

    #[test]
    fn nothing_is_said_in_a_programmers_words() {
        let cases = [
            (
                "share = \"high\"",
                "line 1: share: \"high\" is a text: write a number",
            ),
            (
                "\ncount = 300",
                "line 2: count: 300 is out of range: write a whole number",
            ),
            (
                "count = 1.5",
                "line 1: count: 1.5 stands here: write a whole number",
            ),
            (
                "name = 5",
                "line 1: name: 5 stands here: write a text in quotes",
            ),
            (
                "is_on = \"yes\"",
                "line 1: is_on: \"yes\" is a text: write true or false",
            ),
            (
                "list = 3",
                "line 1: list: 3 stands here: write a list in [ ]",
            ),
            (
                "list = [true]",
                "line 1: list[0]: true stands here: write a number",
            ),
        ];
        let mut wrong = Vec::new();
        for (text, wanted) in cases {
            let error = toml::from_str::<File>(text).expect_err(text);
            let said = said_of_toml(text, &error);
            if said != wanted {
                wrong.push(format!("{text:?}: {said}"));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}
