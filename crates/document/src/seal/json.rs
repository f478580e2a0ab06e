//! JSON as VDS-NC has it: read as I-JSON (RFC 7493), in which a name stands once in an
//! object, and written in its canonical form (RFC 8785), over which it is signed.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// Reads a text. A name that stands twice in one object is an error: another reader
/// would take the other value (RFC 8785, 3.1).
pub(super) fn read(text: &str) -> Result<Value, serde_json::Error> {
    serde_json::from_str::<Unique>(text).map(|unique| unique.0)
}

struct Unique(Value);

impl<'de> Deserialize<'de> for Unique {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Values).map(Self)
    }
}

struct Values;

impl<'de> Visitor<'de> for Values {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut array = Vec::new();
        while let Some(Unique(item)) = items.next_element()? {
            array.push(item);
        }
        Ok(array.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some((name, Unique(value))) = members.next_entry::<String, _>()? {
            if object.contains_key(&name) {
                let twice = format!("the name {name:?} stands twice in an object");
                return Err(A::Error::custom(twice));
            }
            object.insert(name, value);
        }
        Ok(object.into())
    }
}

/// The canonical text.
pub(super) fn canonical(value: &Value) -> String {
    let mut out = String::new();
    write(value, &mut out);
    out
}

/// The parser's limit on depth bounds the recursion.
fn write(value: &Value, out: &mut String) {
    match value {
        Value::Array(items) => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                write(item, out);
            }
            out.push(']');
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
                write(item, out);
            }
            out.push('}');
        }
        // All numbers are those of IEEE 754 in 64 bits (RFC 8785, 3.2.2.3).
        Value::Number(number) => match number.as_f64() {
            Some(value) => out.push_str(&ecmascript(value)),
            None => out.push_str(&number.to_string()),
        },
        other => out.push_str(&other.to_string()),
    }
}

/// A number as ECMAScript writes it (ECMA-262, 6.1.6.1.20): the shortest digits that give
/// it back, and of two that are as short and as near those whose last is even. Rust's
/// are the shortest, with another exponent; its rounding to so many digits is to even.
fn ecmascript(value: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    let sign = if value < 0.0 { "-" } else { "" };
    let shortest = format!("{:e}", value.abs());
    let decimals = shortest.find('e').unwrap_or(0).saturating_sub(2);
    let even = format!("{:.decimals$e}", value.abs());
    let scientific = if even.parse() == Ok(value.abs()) {
        even
    } else {
        shortest
    };
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let digits = mantissa.replace('.', "");
    let zeros = |n: i32| "0".repeat(usize::try_from(n).unwrap_or(0));
    // Digits before the point, where there are some.
    let before = exponent + 1;
    let whole = usize::try_from(before).unwrap_or(0);
    match before {
        1..=21 if whole >= digits.len() => {
            let missing = zeros(before - digits.len() as i32);
            format!("{sign}{digits}{missing}")
        }
        1..=21 => format!("{sign}{}.{}", &digits[..whole], &digits[whole..]),
        -5..=0 => format!("{sign}0.{}{digits}", zeros(-before)),
        _ => {
            let plus = if exponent > 0 { "+" } else { "" };
            format!("{sign}{mantissa}e{plus}{exponent}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{canonical, ecmascript, read};

    #[test]
    fn keys_are_sorted_and_nothing_is_escaped_that_need_not_be() {
        let value = read("{\"b\": [1, true, null, 2.50], \"a\": \"\\u00e9\\n/\"}").expect("JSON");
        assert_eq!(
            canonical(&value),
            "{\"a\":\"\u{e9}\\n/\",\"b\":[1,true,null,2.5]}"
        );
    }

    #[test]
    fn a_name_stands_once_in_an_object() {
        assert!(read("{\"a\":{\"b\":1},\"b\":2}").is_ok());
        for twice in ["{\"a\":1,\"a\":1}", "[{\"b\":{\"a\":1,\"\\u0061\":2}}]"] {
            let error = read(twice).expect_err("refused").to_string();
            assert!(error.contains("\"a\" stands twice"), "{error}");
        }
    }

    /// RFC 8785, Appendix B.
    #[test]
    fn numbers_are_written_as_by_ecmascript() {
        for (bits, text) in [
            (0, "0"),
            (0x8000_0000_0000_0000, "0"),
            (0x0000_0000_0000_0001, "5e-324"),
            (0x8000_0000_0000_0001, "-5e-324"),
            (0x7fef_ffff_ffff_ffff, "1.7976931348623157e+308"),
            (0x4340_0000_0000_0000, "9007199254740992"),
            (0x4430_0000_0000_0000, "295147905179352830000"),
            (0x44b5_2d02_c7e1_4af5, "9.999999999999997e+22"),
            (0x44b5_2d02_c7e1_4af6, "1e+23"),
            (0x44b5_2d02_c7e1_4af7, "1.0000000000000001e+23"),
            (0x444b_1ae4_d6e2_ef4e, "999999999999999700000"),
            (0x444b_1ae4_d6e2_ef50, "1e+21"),
            (0x3eb0_c6f7_a0b5_ed8c, "9.999999999999997e-7"),
            (0x3eb0_c6f7_a0b5_ed8d, "0.000001"),
            (0x41b3_de43_5555_5553, "333333333.3333332"),
            (0x41b3_de43_5555_5554, "333333333.33333325"),
            (0xbecb_f647_612f_3696, "-0.0000033333333333333333"),
            (0x4314_3ff3_c1cb_0959, "1424953923781206.2"),
        ] {
            assert_eq!(ecmascript(f64::from_bits(bits)), text);
        }
    }
}
