//! JSON in its canonical form (RFC 8785), over which VDS-NC is signed.

use serde_json::Value;

/// The canonical text; `None` for numbers that are no integers, which no
/// VDS-NC has.
pub(super) fn canonical(value: &Value) -> Option<String> {
    let mut out = String::new();
    write(value, &mut out).then_some(out)
}

/// The parser's limit on depth bounds the recursion.
fn write(value: &Value, out: &mut String) -> bool {
    match value {
        Value::Array(items) => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                if !write(item, out) {
                    return false;
                }
            }
            out.push(']');
            true
        }
        Value::Object(map) => {
            let mut entries: Vec<_> = map.iter().collect();
            // By UTF-16 code units (RFC 8785, 3.2.3).
            entries.sort_by(|a, b| a.0.encode_utf16().cmp(b.0.encode_utf16()));
            out.push('{');
            for (i, (key, item)) in entries.into_iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                out.push_str(&Value::from(key.as_str()).to_string());
                out.push(':');
                if !write(item, out) {
                    return false;
                }
            }
            out.push('}');
            true
        }
        Value::Number(n) if n.is_f64() => false,
        other => {
            out.push_str(&other.to_string());
            true
        }
    }
}

#[cfg(test)]
mod tests {
    use super::canonical;

    #[test]
    fn keys_are_sorted_and_nothing_is_escaped_that_need_not_be() {
        let value: serde_json::Value =
            serde_json::from_str("{\"b\": [1, true, null], \"a\": \"\\u00e9\\n/\"}").expect("JSON");
        assert_eq!(
            canonical(&value).as_deref(),
            Some("{\"a\":\"\u{e9}\\n/\",\"b\":[1,true,null]}")
        );
    }
}
