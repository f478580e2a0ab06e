//! The vehicle from above, its seats coloured by outcome.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use rowcall_words::seat::{Seat, Side};

use super::state::State;

const WIDTH: u32 = 300;
const SEAT: u32 = 72;
const ROW: u32 = 104;
const TOP: u32 = 96;

/// An SVG of the seats that the lane knows and of those that are taken, the front at
/// the top, left and right as the driver sees them. Colour never speaks alone: each
/// seat has a sign and a word.
pub(super) fn draw(seats: &BTreeSet<Seat>, taken: &BTreeMap<Seat, State>) -> String {
    let all: BTreeSet<Seat> = seats.iter().chain(taken.keys()).copied().collect();
    let rows = all.iter().map(|s| u32::from(s.row)).max().unwrap_or(1);
    let height = TOP + rows * ROW + 36;
    let mut svg = format!(
        "<svg class=\"car\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-label=\"Seats from above, the front at the top\">\
         <rect class=\"body\" x=\"14\" y=\"8\" width=\"272\" height=\"{}\" rx=\"52\"/>\
         <path class=\"glass\" d=\"M44 82 Q150 48 256 82 L246 56 Q150 28 54 56 Z\"/>",
        height - 16
    );
    for seat in &all {
        let centre = match seat.side {
            Side::Left => 74,
            Side::Centre => 150,
            Side::Right => 226,
        };
        let (x, y) = (centre - SEAT / 2, TOP + (u32::from(seat.row) - 1) * ROW + 6);
        let state = taken.get(seat).copied().unwrap_or(State::Empty);
        // Writing to a string can't fail.
        let _ = write!(
            svg,
            "<g class=\"{}\"><title>Row {}, {}</title><rect x=\"{x}\" y=\"{y}\" width=\"{SEAT}\" height=\"{SEAT}\" rx=\"14\"/>\
             <text class=\"sign\" x=\"{centre}\" y=\"{}\">{}</text><text class=\"word\" x=\"{centre}\" y=\"{}\">{}</text></g>",
            state.class(),
            seat.row,
            state.word(),
            y + 40,
            state.sign(),
            y + 60,
            state.word(),
        );
    }
    svg + "</svg>"
}
