//! A vehicle that stands before the cameras longer than they need.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use rowcall_custody::{Clock, Reading, system::SystemClock};
use rowcall_face::{Image, Point, Rect, Search, Worker};
use rowcall_picture::Limits;
use rowcall_words::seat::Seat;
use serde_json::Value;

use super::world::{World, frames_of, seat, vehicle};
use crate::transaction::Transaction;

/// A clock that stands unless it is moved.
struct Held(Reading, Mutex<Duration>);

impl Clock for Held {
    fn read(&self) -> Reading {
        let by = *self.1.lock().expect("a clock");
        Reading {
            since_boot: self.0.since_boot + by,
            ..self.0
        }
    }
}

struct Lane {
    world: World,
    clock: Arc<Held>,
    id: String,
}

impl Lane {
    /// The couple came and presented its documents.
    async fn of_couple() -> Self {
        let clock = Arc::new(Held(SystemClock::new().read(), Mutex::default()));
        let world = World::by_clock("", clock.clone());
        let id = world.arrive("couple").await;
        world.settle(&id).await;
        Self { world, clock, id }
    }

    fn wait(&self, time: Duration) {
        *self.clock.1.lock().expect("a clock") += time;
    }

    fn kept(&self) -> usize {
        self.transaction().kept_frames().expect("open")
    }

    async fn show(&self, camera: &str, picture: &Image) -> Value {
        let device = self.world.device();
        self.world.show(&device, &self.id, camera, picture).await;
        // As whoever asks sees it: nothing is worked out anew for this.
        let is_done = |view: &Value| view["waiting"]["frames"] == 0;
        self.world.until(&self.id, "it is looked at", is_done).await
    }

    fn transaction(&self) -> Arc<Transaction> {
        self.world.service.find(&self.id).expect("open")
    }

    /// Where faces are in a picture, from left to right.
    fn faces(&self, picture: &Image) -> Vec<Rect> {
        let transaction = self.transaction();
        let detector = &transaction.equipment.models.analyser.detector;
        let found = detector.detect(picture, Search::Frame, &Worker::new());
        let mut faces: Vec<Rect> = found.expect("faces").iter().map(|d| d.face).collect();
        faces.sort_by(|a, b| a.x.total_cmp(&b.x));
        faces
    }

    fn couple_in(&self, picture: &Image) -> (Rect, Rect) {
        match self.faces(picture)[..] {
            [one, other] => (one, other),
            ref faces => unreachable!("a couple: {faces:?}"),
        }
    }

    /// The whole sample is shown; how many frames are kept then, which is all of them.
    async fn film(&self) -> usize {
        let couple = vehicle("couple");
        let device = self.world.device();
        self.world.film(&device, &self.id, &couple, None).await;
        let view = self.world.settle(&self.id).await;
        assert_eq!(view["outcome"], "all-confirmed", "{view:#}");
        assert_eq!(self.kept(), couple.frames.len(), "all are looked at whole");
        self.kept()
    }
}

fn front() -> Vec<Image> {
    let frames = vehicle("couple").frames;
    let front = frames.iter().filter(|f| f.camera == "front");
    let image = |path| {
        let file = std::fs::read(path).expect("a frame");
        Image::decode(&file, &Limits::FRAME).expect("a picture")
    };
    front.map(|frame| image(&frame.path)).collect()
}

/// The same picture a little brighter, as a live camera gives another each time.
fn brighter(image: &Image, by: u8) -> Image {
    let rgb = image.rgb().iter().map(|v| v.saturating_add(by)).collect();
    Image::from_rgb(image.width(), image.height(), rgb).expect("as many pixels")
}

/// With what is at `from` at `to` too.
fn copied_face(image: &Image, from: Rect, to: Rect) -> Image {
    let (width, mut rgb) = (image.width() as usize, image.rgb().to_vec());
    let grown = |r: Rect| Rect {
        x: r.x - 0.2 * r.width,
        y: r.y - 0.2 * r.height,
        width: 1.4 * r.width,
        height: 1.4 * r.height,
    };
    let (from, to) = (grown(from), grown(to));
    for y in 0..to.height as usize {
        for x in 0..to.width as usize {
            let source = (
                from.x as usize + (x as f32 * from.width / to.width) as usize,
                from.y as usize + (y as f32 * from.height / to.height) as usize,
            );
            let at = 3 * ((to.y as usize + y) * width + to.x as usize + x);
            let of = 3 * (source.1 * width + source.0);
            rgb[at..at + 3].copy_from_slice(&image.rgb()[of..of + 3]);
        }
    }
    Image::from_rgb(image.width(), image.height(), rgb).expect("as many pixels")
}

#[tokio::test(flavor = "multi_thread")]
async fn who_sits_is_counted_and_who_changes_seats_is_seen_within_a_second() {
    let lane = Lane::of_couple().await;
    let first = lane.film().await;

    // They sit where they sat: nothing is new, and nothing of it is kept.
    let last = front().pop().expect("a frame");
    for by in 1..=4 {
        let view = lane.show("front", &brighter(&last, by)).await;
        assert_eq!(view["outcome"], "all-confirmed", "{view:#}");
        assert_eq!(frames_of(&view, "front"), 5 + u64::from(by));
        assert_eq!(lane.kept(), first, "at {by}");
    }

    // Another takes the driver's seat on the very place of their face. For less than a
    // second it may go unseen; nobody is confirmed by it.
    let (one, other) = lane.couple_in(&last);
    let changed = copied_face(&last, one, other);
    let view = lane.show("front", &brighter(&changed, 5)).await;
    assert_eq!(lane.kept(), first, "it has a face where one was: {view:#}");
    lane.wait(Duration::from_secs(1));
    let view = lane.show("front", &brighter(&changed, 6)).await;
    assert_eq!(lane.kept(), first + 1);
    assert_eq!(view["outcome"], "refer", "{view:#}");
    let states = ["1-left", "1-right"].map(|name| seat(&view, name)["state"].clone());
    assert!(states.iter().any(|s| s == "confirmed"), "{states:?}");
    assert!(states.iter().any(|s| s != "confirmed"), "{states:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_or_goes_is_seen_at_once() {
    let lane = Lane::of_couple().await;
    let first = lane.film().await;
    let last = front().pop().expect("a frame");
    lane.show("front", &brighter(&last, 1)).await;
    assert_eq!(lane.kept(), first);
    let (one, other) = lane.couple_in(&last);
    // A third between them.
    let between = Rect {
        x: (one.x + other.x) / 2.0,
        ..other
    };
    let three = copied_face(&last, one, between);
    assert_eq!(lane.faces(&three).len(), 3);
    let view = lane.show("front", &brighter(&three, 2)).await;
    assert_eq!(lane.kept(), first + 1);
    assert_eq!(view["outcome"], "refer", "{view:#}");
    // And gone again, with the driver.
    let mut gone = brighter(&last, 3);
    let (left, top) = (one.x, one.y);
    let (right, bottom) = (left + one.width, top + one.height);
    let corners = [(left, top), (right, top), (right, bottom), (left, bottom)];
    gone.mask(&[corners.map(|(x, y)| Point::new(x, y)).to_vec()]);
    lane.show("front", &gone).await;
    assert_eq!(lane.kept(), first + 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_camera_that_stands_is_told_though_nothing_is_new() {
    let lane = Lane::of_couple().await;
    lane.film().await;
    let last = front().pop().expect("a frame");
    lane.show("front", &brighter(&last, 1)).await;
    for _ in 0..3 {
        lane.show("front", &brighter(&last, 2)).await;
    }
    let view = lane.world.settle(&lane.id).await;
    let cameras = view["cameras"].as_array().expect("cameras");
    let state = cameras.iter().find(|c| c["name"] == "front");
    assert_eq!(state.expect("a camera")["state"], "frozen", "{view:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_opts_out_or_is_captured_anew_is_looked_at_whole_again() {
    let lane = Lane::of_couple().await;
    let first = lane.film().await;
    let last = front().pop().expect("a frame");
    lane.show("front", &brighter(&last, 1)).await;
    assert_eq!(lane.kept(), first);
    let driver: Seat = "1-left".parse().expect("a seat");
    lane.transaction().recapture(driver).expect("a seat");
    for by in 2..=6 {
        lane.show("front", &brighter(&last, by)).await;
    }
    assert_eq!(lane.kept(), first + 5);
    let subject = rowcall_custody::seat_subject(driver).expect("a subject");
    lane.transaction().opt_out(subject).expect("a seat");
    let view = lane.show("front", &brighter(&last, 7)).await;
    assert_eq!(lane.kept(), first + 6);
    assert_eq!(seat(&view, "1-left")["state"], "opted-out", "{view:#}");
    assert_eq!(seat(&view, "1-right")["state"], "confirmed", "{view:#}");
}

/// A view that says that frames wait is worked out anew when they don't, whatever they
/// showed: an officer's page would go on waiting.
#[tokio::test(flavor = "multi_thread")]
async fn a_view_that_was_made_while_a_frame_waited_is_made_anew() {
    let lane = Lane::of_couple().await;
    lane.film().await;
    let transaction = lane.transaction();
    transaction.frame_waits();
    transaction.refresh().expect("open");
    let version = transaction.view().version;
    // The one that waits shows nothing new.
    let last = brighter(&front().pop().expect("a frame"), 1);
    let sketch = rowcall_face::Sketch::of(&last);
    let is_counted = transaction.count_unchanged("front", sketch);
    assert!(is_counted.expect("open"));
    assert!(transaction.view().version > version);
    assert_eq!(transaction.view().waiting.frames, 0);
    let count = |name| {
        let view = serde_json::to_value(&*transaction.view()).expect("a view");
        frames_of(&view, name)
    };
    assert_eq!(count("front"), 6, "counted once");
    // One that is dropped is told by the next, though that shows nothing new either.
    transaction.frame_waits();
    transaction.frame_dropped("front");
    transaction.frame_waits();
    let sketch = rowcall_face::Sketch::of(&brighter(&last, 1));
    assert!(transaction.count_unchanged("front", sketch).expect("open"));
    assert_eq!(count("front"), 7);
    let view = transaction.view();
    let front = view.cameras.iter().find(|c| c.name == "front");
    assert_eq!(front.expect("a camera").dropped, 1);
}
