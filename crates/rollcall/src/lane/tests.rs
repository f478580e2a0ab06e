//! Lanes and what is wrong with their files.

use rowcall_face::Rect;

use super::Lane;
use rowcall_words::seat::Seat;

const LANE: &str = r#"
    format = 1
    name = "test"
    [policy]
    vehicle_false_confirm_rate = 0.001
    [[camera]]
    name = "front"
    [[camera.zone]]
    seat = "1-left"
    polygon = [[0.5, 0.0], [1.0, 0.0], [1.0, 1.0], [0.5, 1.0]]
    face_width = [0.08, 0.2]
    [[camera.zone]]
    seat = "2-left"
    polygon = [[0.4, 0.0], [0.8, 0.0], [0.8, 0.5], [0.4, 0.5]]
    face_width = [0.04, 0.1]
"#;

#[test]
fn a_face_belongs_to_the_zone_it_fits() {
    let lane = Lane::parse(LANE).expect("a lane");
    let camera = lane.camera("front").expect("front");
    for (x, y, width, seat) in [
        (750., 400., 120., Some("1-left")),
        (600., 200., 60., Some("2-left")),
        (620., 180., 90., Some("2-left")),
        (780., 480., 90., Some("1-left")),
        (600., 200., 30., None),
        (200., 200., 120., None),
        (900., 500., 300., None),
    ] {
        let face = Rect {
            x: x - width / 2.0,
            y: y - width / 2.0,
            width,
            height: width,
        };
        assert_eq!(
            camera
                .seat_of(face, 1000, 1000)
                .map(|s| s.to_string())
                .as_deref(),
            seat,
            "{x} {y} {width}"
        );
    }
}

/// Each of these is refused, with the line and the key.
#[test]
fn a_lane_that_is_wrong_says_where() {
    let zone = "polygon = [[0.5, 0.0], [1.0, 0.0], [1.0, 1.0], [0.5, 1.0]]";
    let first = "[policy]";
    let in_policy = |key: &str| format!("[policy]\n{key}");
    let quality = |key: &str| format!("[policy.quality]\n{key}\n[policy]");
    let cases: Vec<(String, &str, String)> = [
        (
            "line 4: colour: unknown field `colour`",
            "name = \"test\"",
            "name = \"test\"\ncolour = 1",
        ),
        ("line 2: format: 2 isn't read", "format = 1", "format = 2"),
        (
            "line 2: format: \"one\" is a text",
            "format = 1",
            "format = \"one\"",
        ),
        (
            "line 9: camera[0].zone[0].seat: \"1-middle\" isn't a seat",
            "1-left",
            "1-middle",
        ),
        (
            "line 10: camera[0].zone[0].polygon: seat 1-left: the corner [1.5, 0]",
            "[1.0, 0.0]",
            "[1.5, 0.0]",
        ),
        (
            "line 10: camera[0].zone[0].polygon: seat 1-left: the corner [NaN, 0]",
            "[1.0, 0.0]",
            "[nan, 0.0]",
        ),
        (
            "line 10: camera[0].zone[0].polygon: seat 1-left: it has 2 corners",
            ", [1.0, 1.0], [0.5, 1.0]]",
            "]",
        ),
        (
            "line 10: camera[0].zone[0].polygon: seat 1-left: its sides 2 and 4 cross",
            "[1.0, 1.0], [0.5, 1.0]]",
            "[0.5, 1.0], [1.0, 1.0]]",
        ),
        (
            "line 10: camera[0].zone[0].polygon: seat 1-left: it has hardly any area",
            zone,
            "polygon = [[0.5, 0.0], [1.0, 0.0], [1.0, 0.0001]]",
        ),
        (
            "line 11: camera[0].zone[0].face_width: seat 1-left: [0.3, 0.2] is the wrong way round",
            "[0.08, 0.2]",
            "[0.3, 0.2]",
        ),
        (
            "line 11: camera[0].zone[0].face_width: seat 1-left: [-0.1, 0.2] can't be",
            "[0.08, 0.2]",
            "[-0.1, 0.2]",
        ),
        (
            "line 11: camera[0].zone[0].face_width: seat 1-left: [0.1, NaN] can't be",
            "[0.08, 0.2]",
            "[0.1, nan]",
        ),
        (
            "line 11: camera[0].zone[0].face_width: seat 1-left: [0.1, inf] can't be",
            "[0.08, 0.2]",
            "[0.1, inf]",
        ),
        (
            "line 11: camera[0].zone[0].face_width: seat 1-left: [0.1, 8] can't be",
            "[0.08, 0.2]",
            "[0.1, 8]",
        ),
        (
            "line 8: camera[0].pass.edge: 2.5 isn't between -1 and 2",
            "name = \"front\"",
            "name = \"front\"\npass = { travel = \"left\", edge = 2.5, band = [0.3, 0.6] }",
        ),
        (
            "line 8: camera[0].pass.band: [0.6, 0.3] can't be",
            "name = \"front\"",
            "name = \"front\"\npass = { travel = \"left\", edge = 0.5, band = [0.6, 0.3] }",
        ),
        (
            "line 8: camera[0].pass.band: [NaN, 0.3] can't be",
            "name = \"front\"",
            "name = \"front\"\npass = { travel = \"left\", edge = 0.5, band = [nan, 0.3] }",
        ),
        (
            "line 8: camera[0].pass.travel: unknown variant `up`",
            "name = \"front\"",
            "name = \"front\"\npass = { travel = \"up\", edge = 0.5, band = [0.3, 0.6] }",
        ),
        (
            "line 11: camera[0].zone[0].face_width: invalid length",
            "[0.08, 0.2]",
            "[0.08]",
        ),
        (
            "line 5: policy.vehicle_false_confirm_rate: 0 isn't above 0",
            "rate = 0.001",
            "rate = 0",
        ),
        (
            "line 5: policy.vehicle_false_confirm_rate: NaN isn't above 0",
            "rate = 0.001",
            "rate = nan",
        ),
        (
            "line 7: camera[0].name: \"../front\" can't be a camera's name",
            "\"front\"",
            "\"../front\"",
        ),
        (
            "line 8: camera[0].rotate: 45 isn't 0, 90, 180 or 270",
            "name = \"front\"",
            "name = \"front\"\nrotate = 45",
        ),
        (
            "line 8: camera[0].rotate: -90 isn't 0, 90, 180 or 270",
            "name = \"front\"",
            "name = \"front\"\nrotate = -90",
        ),
    ]
    .into_iter()
    .map(|(expected, from, to)| (expected.to_owned(), from, to.to_owned()))
    .chain(
        [
            (
                "policy.ambiguity_margin: inf isn't 0 to 50",
                in_policy("ambiguity_margin = inf"),
            ),
            (
                "policy.ambiguity_margin: NaN isn't 0 to 50",
                in_policy("ambiguity_margin = nan"),
            ),
            (
                "policy.ambiguity_margin: -1 isn't 0 to 50",
                in_policy("ambiguity_margin = -1"),
            ),
            (
                "policy.look_alike_guard: NaN isn't 0 to 0.5",
                in_policy("look_alike_guard = nan"),
            ),
            (
                "policy.look_alike_guard: -0.01 isn't 0 to 0.5",
                in_policy("look_alike_guard = -0.01"),
            ),
            (
                "policy.manual_below_age: -1 is out of range",
                in_policy("manual_below_age = -1"),
            ),
            (
                "policy.model: \"../sface\" can't be a name",
                in_policy("model = \"../sface\""),
            ),
            (
                "policy.calibration: \"\" can't be a name",
                in_policy("calibration = \"\""),
            ),
            (
                "policy.quality.unified: 70 isn't a share",
                quality("unified = 70"),
            ),
            (
                "policy.quality.unified: NaN isn't a share",
                quality("unified = nan"),
            ),
            (
                "policy.quality.yaw: NaN isn't above 0",
                quality("yaw = nan"),
            ),
            (
                "policy.quality.pitch: -40 isn't above 0",
                quality("pitch = -40"),
            ),
            (
                "policy.quality.pitch: inf isn't above 0",
                quality("pitch = inf"),
            ),
            (
                "policy.quality.inter_eye_distance: NaN isn't 0 to 1000",
                quality("inter_eye_distance = nan"),
            ),
        ]
        .into_iter()
        .map(|(expected, to)| (format!("line 5: {expected}"), first, to)),
    )
    .collect();
    let mut wrong = Vec::new();
    for (expected, from, to) in &cases {
        assert!(LANE.contains(from), "{from}");
        match Lane::parse(&LANE.replacen(from, to, 1)) {
            Ok(_) => wrong.push(format!("accepted: {to}")),
            Err(error) if error.to_string().starts_with(expected) => {}
            Err(error) => wrong.push(format!("{expected}\n    but {error}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_no_lane_says_why() {
    let mut wrong = Vec::new();
    for (expected, text) in [
        ("camera: there is none", "format = 1\nname = \"x\""),
        ("missing field `format`", "name = \"x\""),
        ("line 2: ", "format = 1\nname"),
        ("line 3: ", "format = 1\nname = \"x\"\nname = \"y\""),
        (
            "line 5: camera[1].name: a camera \"a\" stands there already",
            "format = 1\nname = \"x\"\ncamera = [\n{ name = \"a\" },\n{ name = \"a\" }]",
        ),
        (
            "line 3: camera[0]: missing field `name`",
            "format = 1\nname = \"x\"\n[[camera]]\nrotate = 90",
        ),
        (
            "line 5: camera[0].zone[0]: missing field `polygon`",
            "format = 1\nname = \"x\"\n[[camera]]\nname = \"a\"\n[[camera.zone]]\nseat = \"1-left\"",
        ),
        (
            "line 4: policy.documents.expired-document: unknown field",
            "format = 1\nname = \"x\"\n[policy.documents]\nexpired-document = \"note\"",
        ),
    ] {
        match Lane::parse(text) {
            Ok(_) => wrong.push(format!("accepted: {text}")),
            Err(error) => {
                let error = error.to_string();
                if !error.starts_with(expected) || error.contains('\n') {
                    wrong.push(format!("{expected}\n    but {error}"));
                }
            }
        }
    }
    let hyphen = "format = 1\nname = \"x\"\n[policy.documents]\nexpired-document = \"note\"";
    let error = Lane::parse(hyphen).expect_err("refused").to_string();
    if !error.ends_with("(write expired_document: keys have underscores)") {
        wrong.push(error);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

proptest::proptest! {
    /// Whatever number stands there, the lane that comes of it has none that isn't.
    #[test]
    fn no_number_that_is_none_gets_through(
        key in 0_usize..7,
        value in proptest::num::f64::ANY,
    ) {
        let keys = [
            "vehicle_false_confirm_rate", "ambiguity_margin", "look_alike_guard",
            "quality.inter_eye_distance", "quality.yaw", "quality.pitch", "quality.unified",
        ];
        let text = LANE.replacen("vehicle_false_confirm_rate = 0.001", "", 1);
        let text = text.replacen("[policy]", &format!("[policy]\n{} = {value:?}", keys[key]), 1);
        if let Ok(lane) = Lane::parse(&text.replace("NaN", "nan")) {
            let quality = lane.policy.quality;
            let numbers = [
                lane.policy.vehicle_false_confirm_rate as f32, lane.policy.ambiguity_margin,
                lane.policy.look_alike_guard as f32, quality.inter_eye_distance, quality.yaw,
                quality.pitch, quality.unified,
            ];
            proptest::prop_assert!(numbers.iter().all(|n| n.is_finite() && *n >= 0.0), "{numbers:?}");
        }
    }

}

#[test]
fn a_camera_on_its_side_says_so() {
    for (degrees, expected) in [(0, 0), (90, 90), (180, 180), (270, 270)] {
        let text = LANE.replacen(
            "name = \"front\"",
            &format!("name = \"front\"\nrotate = {degrees}"),
            1,
        );
        let lane = Lane::parse(&text).expect("a lane");
        assert_eq!(lane.cameras[0].rotate.degrees(), expected);
        let seats: Vec<Seat> = lane.seats().into_iter().collect();
        assert_eq!(seats.len(), 2);
    }
}

/// The TOML between two fences of a document.
fn example<'a>(document: &'a str, begins: &str) -> &'a str {
    document
        .split("```toml\n")
        .skip(1)
        .filter_map(|rest| rest.split("```").next())
        .find(|block| block.starts_with(begins))
        .unwrap_or_default()
}

/// docs/check.md has a lane file with every key, and gives the defaults that are.
#[test]
fn the_documents_lane_is_one() {
    let document = include_str!("../../../../docs/check.md");
    let text = example(document, "format = 1");
    let lane = Lane::parse(text).expect("the lane of docs/check.md");
    assert_eq!(lane.policy, crate::Policy::default());
    let policy = toml::to_string(&lane.policy).expect("TOML");
    let keys = policy.lines().filter_map(|line| line.split_once(" = "));
    let missing: Vec<&str> = keys
        .map(|(key, _)| key)
        .chain([
            "calibration",
            "confirming_pages",
            "confirming_chips",
            "rotate",
            "cabin",
            "trust",
        ])
        .filter(|key| !text.contains(&format!("{key} = ")))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
    // What is commented out there is right, too.
    let uncommented = text.replace("# c", "c");
    assert_ne!(uncommented, text);
    Lane::parse(&uncommented).expect("with the optional keys");
}
