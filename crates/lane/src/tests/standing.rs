//! A vehicle that stands before the cameras longer than they need.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use image::{ExtendedColorType, ImageEncoder as _, codecs::jpeg::JpegEncoder};
use rowcall_custody::{Clock, Reading, system::SystemClock};
use rowcall_face::{Image, Rect, Search, Worker};
use rowcall_picture::Limits;
use serde_json::Value;

use super::world::{World, seat, vehicle};

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
        let transaction = self.world.service.find(&self.id).expect("open");
        transaction.kept_frames().expect("open")
    }

    async fn show(&self, camera: &str, picture: &Image) -> Value {
        let mut jpeg = Vec::new();
        let size = (picture.width(), picture.height());
        JpegEncoder::new_with_quality(&mut jpeg, 90)
            .write_image(picture.rgb(), size.0, size.1, ExtendedColorType::Rgb8)
            .expect("a JPEG");
        let device = self.world.device();
        let path = format!("/v1/transactions/{}/frames?camera={camera}", self.id);
        let answer = self
            .world
            .ask(&device, "POST", &path, "image/jpeg", jpeg)
            .await;
        assert_eq!(answer.status, axum::http::StatusCode::ACCEPTED);
        self.world.settle(&self.id).await
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

fn frames_of(view: &Value, camera: &str) -> u64 {
    let cameras = view["cameras"].as_array().expect("cameras");
    let own = cameras.iter().find(|c| c["name"] == camera);
    own.expect("a camera")["frames"].as_u64().expect("a number")
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
async fn a_couple_that_stands_is_followed_and_who_changes_seats_is_seen_within_a_second() {
    let lane = Lane::of_couple().await;
    let device = lane.world.device();
    let couple = vehicle("couple");
    lane.world.film(&device, &lane.id, &couple, None).await;
    let view = lane.world.settle(&lane.id).await;
    assert_eq!(view["outcome"], "all-confirmed", "{view:#}");
    assert_eq!(frames_of(&view, "front"), 5);
    let first = lane.kept();
    assert_eq!(first, couple.frames.len(), "all are looked at whole");

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
    let transaction = lane.world.service.find(&lane.id).expect("open");
    let detector = &transaction.equipment.models.analyser.detector;
    let found = detector.detect(&last, Search::Frame, &Worker::new());
    let mut faces: Vec<Rect> = found.expect("faces").iter().map(|d| d.face).collect();
    faces.sort_by(|a, b| a.x.total_cmp(&b.x));
    let [one, other] = faces[..] else {
        unreachable!("a couple: {faces:?}")
    };
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

    // A camera that stands still is still seen to.
    for _ in 0..3 {
        lane.show("front", &brighter(&last, 9)).await;
    }
    let view = lane.world.settle(&lane.id).await;
    let cameras = view["cameras"].as_array().expect("cameras");
    let state = cameras.iter().find(|c| c["name"] == "front");
    assert_eq!(state.expect("a camera")["state"], "frozen", "{view:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_seat_that_is_captured_anew_is_looked_at_whole_again() {
    let lane = Lane::of_couple().await;
    let device = lane.world.device();
    let couple = vehicle("couple");
    lane.world.film(&device, &lane.id, &couple, None).await;
    let first = lane.kept();
    let last = front().pop().expect("a frame");
    lane.show("front", &brighter(&last, 1)).await;
    assert_eq!(lane.kept(), first);
    let transaction = lane.world.service.find(&lane.id).expect("open");
    let driver = "1-left".parse().expect("a seat");
    transaction.recapture(driver).expect("a seat of the lane");
    lane.show("front", &brighter(&last, 2)).await;
    assert_eq!(lane.kept(), first + 1);
}
