//! A lane in a process of its own, with the whole pipeline in it: its memory searched
//! after each way in which a transaction can end, and its folder after it was killed
//! at any point.

#[path = "../common/ask.rs"]
mod ask;
mod kill;
mod memory;
mod needles;
#[path = "../common/serve.rs"]
#[expect(dead_code, reason = "other tests of a lane do more with it")]
mod serve;
mod vehicle;
