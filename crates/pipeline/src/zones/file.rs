//! A lane file with other zones of one camera: its comments, its order and everything
//! else stay as they are.

use rowcall_rollcall::{Lane, Zone};
use toml_edit::{Array, ArrayOfTables, DocumentMut, Item, Table, Value};

use crate::Error;

/// Corners that a zone may have.
pub const CORNERS: std::ops::RangeInclusive<usize> = 3..=64;
/// Zones that a camera may have: more than any vehicle has seats.
const MOST_ZONES: usize = 27;
/// Places in the picture are written to a thousandth: a pixel of a frame.
const STEPS: f64 = 1000.0;

/// The text of a lane file with these zones for a camera, checked as a lane file is. A
/// zone that stays as it was keeps its very text.
///
/// # Errors
/// What is wrong, with line and key: of the file as it is, or as it would be.
pub fn rewritten(text: &str, camera: &str, zones: &[Zone]) -> Result<String, Error> {
    let before = Lane::parse(text).map_err(|e| Error::new(format!("the lane file: {e}")))?;
    if before.camera(camera).is_none() {
        return Err(Error::new(format!(
            "the lane file has no camera {camera:?}"
        )));
    }
    if zones.len() > MOST_ZONES {
        return Err(Error::new(format!(
            "zones: a camera has at most {MOST_ZONES}"
        )));
    }
    for (i, zone) in zones.iter().enumerate() {
        if zones[..i].iter().any(|other| other.seat == zone.seat) {
            return Err(Error::new(format!(
                "zones: {} has two zones; a camera sees a seat in one place",
                zone.seat
            )));
        }
    }
    let mut document: DocumentMut = text
        .parse()
        .map_err(|e: toml_edit::TomlError| Error::new(format!("the lane file: {e}")))?;
    let cameras = tables(&mut document["camera"])?;
    let own = cameras
        .iter_mut()
        .find(|table| table.get("name").and_then(Item::as_str) == Some(camera));
    let own = own.ok_or_else(|| Error::new(format!("the lane file has no camera {camera:?}")))?;
    if !own.contains_key("zone") {
        own.insert("zone", Item::ArrayOfTables(ArrayOfTables::new()));
    }
    write(tables(&mut own["zone"])?, zones);
    if zones.is_empty() {
        own.remove("zone");
    }
    let text = document.to_string();
    let lane = Lane::parse(&text).map_err(|e| Error::new(e.to_string()))?;
    let written = lane.camera(camera).map_or(0, |camera| camera.zones.len());
    match written == zones.len() {
        true => Ok(text),
        false => Err(Error::new(
            "the lane file can't be written: its form is one that isn't known here; write the zones by hand",
        )),
    }
}

/// An array of tables, also where it is written in line.
fn tables(item: &mut Item) -> Result<&mut ArrayOfTables, Error> {
    if !item.is_array_of_tables() {
        let taken = std::mem::take(item);
        *item = match taken.into_array_of_tables() {
            Ok(tables) => Item::ArrayOfTables(tables),
            Err(other) => other,
        };
    }
    let wrong = || Error::new("the lane file: camera and zone are lists of tables");
    item.as_array_of_tables_mut().ok_or_else(wrong)
}

fn write(tables: &mut ArrayOfTables, zones: &[Zone]) {
    let seat_of = |table: &Table| table.get("seat").and_then(Item::as_str).map(str::to_owned);
    let wanted = |seat: &Option<String>| {
        let is_its = |zone: &&Zone| Some(zone.seat.to_string()) == *seat;
        zones.iter().find(is_its)
    };
    tables.retain(|table| wanted(&seat_of(table)).is_some());
    for table in tables.iter_mut() {
        if let Some(zone) = wanted(&seat_of(table)) {
            set(table, "polygon", polygon(zone));
            set(table, "face_width", face_width(zone));
        }
    }
    let known: Vec<Option<String>> = tables.iter().map(seat_of).collect();
    for zone in zones {
        if !known.contains(&Some(zone.seat.to_string())) {
            let mut table = Table::new();
            table["seat"] = toml_edit::value(zone.seat.to_string());
            table["polygon"] = toml_edit::value(polygon(zone));
            table["face_width"] = toml_edit::value(face_width(zone));
            tables.push(table);
        }
    }
}

/// Puts a value in its place, unless it says the same already; comments about it stay.
fn set(table: &mut Table, key: &str, value: Array) {
    let old = table.get(key).and_then(Item::as_array);
    if old.is_some_and(|old| same(old, &value)) {
        return;
    }
    let mut value = Value::Array(value);
    if let Some(old) = table.get(key).and_then(Item::as_value) {
        *value.decor_mut() = old.decor().clone();
    }
    table[key] = Item::Value(value);
}

fn same(a: &Array, b: &Array) -> bool {
    a.len() == b.len()
        && a.iter().zip(b).all(|(a, b)| match (a, b) {
            (Value::Array(a), Value::Array(b)) => same(a, b),
            (a, b) => match (number(a), number(b)) {
                (Some(a), Some(b)) => (a - b).abs() < 0.5 / STEPS,
                _ => false,
            },
        })
}

fn number(value: &Value) -> Option<f64> {
    value
        .as_float()
        .or_else(|| value.as_integer().map(|n| n as f64))
}

fn polygon(zone: &Zone) -> Array {
    let corner = |p: &rowcall_face::Point| Array::from_iter([rounded(p.x), rounded(p.y)]);
    zone.polygon.iter().map(corner).collect()
}

fn face_width(zone: &Zone) -> Array {
    let (least, greatest) = zone.face_width;
    Array::from_iter([rounded(least), rounded(greatest)])
}

fn rounded(share: f32) -> f64 {
    (f64::from(share) * STEPS).round() / STEPS
}
