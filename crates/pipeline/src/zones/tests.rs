use rowcall_face::{Image, Point};
use rowcall_rollcall::{Lane, Zone};
use rowcall_words::seat::Seat;

use super::{FaceBox, drawn, never_held, rewritten, suggest};

const FILE: &str = r#"# Ours, measured on a Monday.
format = 1
name = "booth"

[policy]
# A rule with a reason.
vehicle_false_confirm_rate = 0.001

[[camera]]
name = "front"   # the one on the pole

# The driver.
[[camera.zone]]
seat = "1-left"
polygon = [[0.60, 0.20], [0.80, 0.20], [0.80, 0.55], [0.60, 0.55]] # by hand
face_width = [0.06, 0.16]

[[camera.zone]]
seat = "1-right"
polygon = [[0.1, 0.2], [0.3, 0.2], [0.3, 0.55], [0.1, 0.55]]
face_width = [0.06, 0.16]

[[camera]]
name = "left"

[[camera.zone]]
seat = "1-left"
polygon = [[0.5, 0.3], [0.8, 0.3], [0.8, 0.7]]
face_width = [0.06, 0.2]
"#;

fn seat(text: &str) -> Seat {
    text.parse().expect("a seat")
}

fn zones(camera: &str) -> Vec<Zone> {
    let lane = Lane::parse(FILE).expect("a lane file");
    lane.camera(camera).expect("a camera").zones.clone()
}

fn square(seat: Seat, x: f32, y: f32, side: f32) -> Zone {
    let corners = [(x, y), (x + side, y), (x + side, y + side), (x, y + side)];
    Zone {
        seat,
        polygon: corners.iter().map(|(x, y)| Point::new(*x, *y)).collect(),
        face_width: (0.05, 0.15),
    }
}

#[test]
fn what_stays_as_it_was_keeps_its_text() {
    assert_eq!(
        rewritten(FILE, "front", &zones("front")).expect("written"),
        FILE
    );
}

#[test]
fn a_zone_is_changed_and_the_comments_stay() {
    let mut all = zones("front");
    all[0].polygon[0] = Point::new(0.5512, 0.2);
    let text = rewritten(FILE, "front", &all).expect("written");
    let changed = FILE.replace(
        "[[0.60, 0.20], [0.80, 0.20], [0.80, 0.55], [0.60, 0.55]]",
        "[[0.551, 0.2], [0.8, 0.2], [0.8, 0.55], [0.6, 0.55]]",
    );
    assert_eq!(text, changed);
}

#[test]
fn zones_are_added_and_taken_out() {
    let added = [zones("front"), vec![square(seat("2-left"), 0.4, 0.3, 0.1)]].concat();
    let text = rewritten(FILE, "front", &added).expect("written");
    let lane = Lane::parse(&text).expect("a lane file");
    assert_eq!(lane.camera("front").expect("it").zones.len(), 3);
    assert_eq!(lane.camera("left").expect("it").zones, zones("left"));
    assert!(text.contains("# The driver.") && text.contains("# A rule with a reason."));
    let none = rewritten(&text, "front", &[]).expect("written");
    let lane = Lane::parse(&none).expect("a lane file");
    assert!(lane.camera("front").expect("it").zones.is_empty());
    assert_eq!(lane.camera("left").expect("it").zones, zones("left"));
    // And back, into a camera that has none.
    let again = rewritten(&none, "front", &added).expect("written");
    let lane = Lane::parse(&again).expect("a lane file");
    assert_eq!(lane.camera("front").expect("it").zones, added);
}

#[test]
fn lists_in_line_are_written_too() {
    let text = r#"format = 1
name = "booth"
camera = [{ name = "front", zone = [{ seat = "1-left", polygon = [[0.5, 0.3], [0.8, 0.3], [0.8, 0.7]], face_width = [0.06, 0.2] }] }]
"#;
    let all = [
        square(seat("1-left"), 0.4, 0.3, 0.1),
        square(seat("1-right"), 0.1, 0.3, 0.1),
    ];
    let text = rewritten(text, "front", &all).expect("written");
    let lane = Lane::parse(&text).expect("a lane file");
    assert_eq!(lane.camera("front").expect("it").zones, all);
}

#[test]
fn what_is_no_zone_is_refused_by_its_place() {
    let crossing = Zone {
        polygon: [(0.1, 0.1), (0.3, 0.3), (0.3, 0.1), (0.1, 0.3)]
            .map(|(x, y)| Point::new(x, y))
            .to_vec(),
        ..square(seat("1-left"), 0.0, 0.0, 0.1)
    };
    let wide = Zone {
        face_width: (0.2, 0.1),
        ..square(seat("1-left"), 0.1, 0.1, 0.1)
    };
    let twice = vec![
        square(seat("1-left"), 0.1, 0.1, 0.1),
        square(seat("1-left"), 0.5, 0.1, 0.1),
    ];
    let cases: [(&str, &str, Vec<Zone>, &str); 6] = [
        (FILE, "front", vec![crossing], "camera[0].zone[0].polygon"),
        (FILE, "front", vec![wide], "camera[0].zone[0].face_width"),
        (
            FILE,
            "front",
            vec![square(seat("1-left"), 0.95, 0.1, 0.1)],
            "outside the picture",
        ),
        (FILE, "front", twice, "1-left has two zones"),
        (FILE, "rear", Vec::new(), "no camera \"rear\""),
        ("format = 2", "front", Vec::new(), "lane file"),
    ];
    let mut wrong = Vec::new();
    for (text, camera, zones, said) in cases {
        match rewritten(text, camera, &zones) {
            Ok(_) => wrong.push(format!("{said}: it is written")),
            Err(e) if !e.to_string().contains(said) => wrong.push(format!("{said}: {e}")),
            Err(_) => {}
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Faces of a seat in several vehicles: each stops a little elsewhere.
fn seen(x: f32, y: f32, width: f32) -> Vec<FaceBox> {
    let moved = |i: i32| FaceBox {
        x: x + 0.006 * (i % 5) as f32,
        y: y + 0.008 * (i % 3) as f32,
        width: width * (1.0 + 0.04 * (i % 4) as f32),
        height: width * 2.0,
    };
    (0..20).map(moved).collect()
}

#[test]
fn faces_that_lie_together_are_a_seats() {
    let (driver, passenger, rear) = (
        seen(0.66, 0.3, 0.09),
        seen(0.16, 0.32, 0.09),
        seen(0.42, 0.34, 0.045),
    );
    let stray = FaceBox {
        x: 0.9,
        y: 0.05,
        width: 0.02,
        height: 0.04,
    };
    let all = [driver.clone(), passenger, rear, vec![stray]].concat();
    let found = suggest(&all, &zones("front"));
    let counts: Vec<usize> = found.iter().map(|s| s.faces).collect();
    assert_eq!(counts, [20, 20, 20], "{found:?}");
    let mut seats: Vec<Option<Seat>> = found.iter().map(|s| s.seat).collect();
    seats.sort();
    assert_eq!(seats, [None, Some(seat("1-left")), Some(seat("1-right"))]);
    // Each is a zone that a lane file takes, and holds the faces that it was made from.
    for suggestion in &found {
        let zone = Zone {
            seat: seat("1-left"),
            polygon: suggestion.polygon.clone(),
            face_width: suggestion.face_width,
        };
        rewritten(FILE, "front", std::slice::from_ref(&zone)).expect("a zone");
        assert_eq!(all.iter().filter(|face| face.is_in(&zone)).count(), 20);
    }
    let own = found.iter().find(|s| s.seat == Some(seat("1-left")));
    assert!(own.is_some_and(|s| driver[0].centre().is_inside(&s.polygon)));
}

#[test]
fn neighbours_zones_dont_cover_each_other() {
    // Shoulder to shoulder.
    let all = [seen(0.30, 0.3, 0.1), seen(0.46, 0.3, 0.1)].concat();
    let found = suggest(&all, &[]);
    assert_eq!(found.len(), 2, "{found:?}");
    for face in &all {
        let inside = found.iter().filter(|s| face.centre().is_inside(&s.polygon));
        assert_eq!(inside.count(), 1);
    }
}

#[test]
fn nothing_comes_of_nothing() {
    assert!(suggest(&[], &zones("front")).is_empty());
    let odd = [f32::NAN, 0.0, -1.0].map(|width| FaceBox {
        x: 0.5,
        y: 0.5,
        width,
        height: width,
    });
    assert!(suggest(&odd, &zones("front")).is_empty());
}

#[test]
fn a_zone_that_holds_nobody_is_told() {
    let lane = Lane::parse(FILE).expect("a lane file");
    let camera = lane.camera("front").expect("a camera");
    assert_eq!(
        never_held(camera, &seen(0.66, 0.3, 0.09)),
        [seat("1-right")]
    );
    // The middle lies in the zone; so large a face doesn't sit there.
    assert_eq!(never_held(camera, &seen(0.56, 0.2, 0.25)).len(), 2);
    assert!(never_held(camera, &[]).is_empty(), "nobody was seen at all");
}

#[test]
fn zones_are_drawn_within_any_picture() {
    let lane = Lane::parse(FILE).expect("a lane file");
    let camera = lane.camera("front").expect("a camera");
    for (width, height) in [(1, 1), (7, 400), (640, 360), (1280, 720)] {
        let black = vec![0; 3 * width as usize * height as usize];
        let image = Image::from_rgb(width, height, black).expect("a picture");
        let drawn = drawn(image, camera, &seen(0.95, 0.9, 0.3));
        assert_eq!((drawn.width(), drawn.height()), (width, height));
        let is_seen = drawn.rgb().iter().any(|v| *v > 0);
        assert!(is_seen || width == 1, "{width} x {height}");
    }
}
