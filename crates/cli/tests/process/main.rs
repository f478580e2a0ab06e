//! A lane in a process of its own, with the whole pipeline in it: its memory searched
//! after each way in which a transaction can end, and its folder after it was killed
//! at any point.

mod client;
mod kill;
mod lane;
mod memory;
mod needles;
