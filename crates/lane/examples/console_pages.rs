//! Writes every page of the console, filled with made content of synthetic people, into
//! a folder: `console_pages OUT`. `tests/browser` serves and looks at them.

use std::{error::Error, fs, path::Path};

use rowcall_lane::console::{
    Hand, Language, Role, Viewer, administrator, assets, auditor,
    login::{self, LanesPage, LoginFailure, LoginPage, PasswordPage},
    manual::{self, Failure, ManualPage},
    notice::{self, NoticePage, Retention},
    officer::{self, HoldMinutes, MeasuredError, OfficerPage},
    supervisor,
};

#[path = "../tests/console/pages.rs"]
mod pages;
#[path = "../tests/console/views.rs"]
mod views;

/// Where the samples show a person: vehicle, lane, seat.
const SEEN: &[(&str, &str, &str, &str)] = &[
    ("p01", "minivan", "three-row", "1-left"),
    ("p02", "couple", "front-row", "1-right"),
    ("p03", "minivan", "three-row", "3-left"),
    ("p05", "night-nir", "two-row", "2-centre"),
    ("p06", "extra-person", "two-row", "1-right"),
    ("p07", "extra-person", "two-row", "1-left"),
    ("p08", "extra-person", "two-row", "2-right"),
    ("p09", "extra-person", "two-row", "2-left"),
    ("p11", "night-nir", "two-row", "1-left"),
    ("p12", "minivan", "three-row", "2-right"),
    ("p13", "minivan", "three-row", "2-left"),
    ("p14", "family", "two-row", "1-left"),
    ("p15", "siblings", "front-row", "1-left"),
    ("p16", "siblings", "front-row", "1-right"),
    ("p17", "family", "two-row", "2-left"),
    ("p18", "family", "two-row", "2-right"),
    ("p19", "minivan", "three-row", "3-right"),
];

fn main() -> Result<(), Box<dyn Error>> {
    let out = std::env::args().nth(1).ok_or("usage: console_pages OUT")?;
    let out = Path::new(&out);
    for folder in ["pages", "assets", "pictures"] {
        fs::create_dir_all(out.join(folder))?;
    }
    for asset in assets::ALL {
        fs::write(out.join("assets").join(asset.name), asset.bytes)?;
    }
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples");
    for (person, vehicle, lane, seat) in SEEN {
        let picture = live(&samples, vehicle, lane, seat)?;
        picture.save(out.join(format!("pictures/live-{person}.jpg")))?;
        let portrait = samples.join(format!("portraits/{person}.jpg"));
        fs::copy(
            portrait,
            out.join(format!("pictures/portrait-{person}.jpg")),
        )?;
    }
    let mut pictures = serde_json::Map::new();
    for example in views::all() {
        let base = format!("/v1/transactions/{}", example.view.id);
        for (seat, person) in &example.seats {
            let at = format!("{base}/seats/{seat}/picture");
            pictures.insert(at, format!("live-{person}.jpg").into());
        }
        // Who is on no seat is the child of the family whom no seat shows.
        for place in 0..example.view.strangers.len() {
            let at = format!("{base}/strangers/{place}/picture");
            pictures.insert(at, "live-p18.jpg".into());
        }
        for (place, person) in example.portraits.iter().enumerate() {
            let at = format!("{base}/documents/{place}/portrait");
            pictures.insert(at, format!("portrait-{person}.jpg").into());
        }
        let fragments = officer::fragments(&example.view, &viewer(Language::English));
        let name = format!("fragments-{}.json", example.name);
        fs::write(out.join(name), serde_json::to_vec(&fragments)?)?;
        let opened = officer::opened(&example.view, &viewer(Language::English));
        let name = format!("opened-{}.json", example.name);
        fs::write(out.join(name), serde_json::to_vec(&opened)?)?;
        for language in Language::ALL {
            let name = format!("officer-{}-{}.html", example.name, language.tag());
            let page = officer_page(language, Some(example.view.clone()));
            fs::write(out.join("pages").join(name), officer::page(&page))?;
        }
    }
    for language in Language::ALL {
        let name = format!("officer-idle-{}.html", language.tag());
        let page = officer_page(language, None);
        fs::write(out.join("pages").join(name), officer::page(&page))?;
    }
    for language in Language::ALL {
        for (name, html) in other_pages(language) {
            let name = format!("{name}-{}.html", language.tag());
            fs::write(out.join("pages").join(name), html)?;
        }
    }
    let frame = samples.join("vehicles/family/frames/front/0003.jpg");
    fs::copy(frame, out.join("pictures/frame.jpg"))?;
    let live = "/v1/lanes/A1/layouts/two-row/cameras/front/picture";
    pictures.insert(live.into(), "frame.jpg".into());
    let pictures = serde_json::Value::from(pictures).to_string();
    fs::write(out.join("pictures.json"), pictures)?;
    Ok(())
}

fn viewer(language: Language) -> Viewer {
    Viewer {
        user: "m.osei".into(),
        role: Role::Officer,
        language,
        hand: Hand::LeftHandDrive,
        csrf: "token".into(),
    }
}

fn measured() -> MeasuredError {
    MeasuredError {
        one_wrong_in: Some(1_000),
        referred_per_hundred: Some(4.2),
        measured_on: Some(jiff::civil::date(2026, 11, 20)),
    }
}

fn other_pages(language: Language) -> Vec<(&'static str, String)> {
    let viewer = || viewer(language);
    let notice = NoticePage {
        language,
        languages: Language::ALL.into(),
        operator: "Example Border Service, Land Border Directorate".into(),
        purpose: "To check that the people in a vehicle are the holders of their documents".into(),
        legal_basis: "Border Act 2019, section 14".into(),
        contact: "privacy@border.example, +00 555 0100; the Data Protection Authority".into(),
        retention: Retention {
            transaction_minutes: 10,
            hold_minutes: 60,
            order_minutes: 2_880,
            two_officers: true,
            outcomes_days: 90,
        },
        error: measured(),
        address: Some("https://lane-a1.border.example/notice".into()),
    };
    let login = |failure| login::page(&LoginPage { language, failure });
    vec![
        ("login", login(Some(LoginFailure::Wrong))),
        (
            "password",
            login::password(&PasswordPage {
                viewer: viewer(),
                must_change: true,
                failure: None,
            }),
        ),
        (
            "lanes",
            login::lanes(&LanesPage {
                viewer: viewer(),
                lanes: vec!["A1".into(), "A2".into(), "B1".into()],
            }),
        ),
        ("notice", notice::page(&notice)),
        (
            "manual",
            manual::page(&ManualPage {
                language,
                failures: vec![Failure::Camera("right".into())],
            }),
        ),
        ("supervisor", supervisor::page(&pages::supervisor(viewer()))),
        ("auditor", auditor::page(&pages::auditor(viewer()))),
        (
            "administrator",
            administrator::page(&pages::administrator(viewer())),
        ),
        ("zones", administrator::zones(&pages::zones(viewer()))),
    ]
}

fn officer_page(
    language: Language,
    transaction: Option<rowcall_lane::view::TransactionView>,
) -> OfficerPage {
    let hand = match language {
        Language::English => Hand::LeftHandDrive,
        Language::Spanish => Hand::RightHandDrive,
    };
    OfficerPage {
        lane: "A1".into(),
        viewer: Viewer {
            hand,
            ..viewer(language)
        },
        transactions: transaction.into_iter().collect(),
        error: measured(),
        hold_minutes: HoldMinutes {
            own: 60,
            order: 1_440,
        },
    }
}

/// A seat's zone in the third picture of the front camera.
fn live(
    samples: &Path,
    vehicle: &str,
    lane: &str,
    seat: &str,
) -> Result<image::RgbImage, Box<dyn Error>> {
    let lane = fs::read_to_string(samples.join(format!("lanes/{lane}.toml")))?;
    let lane: toml::Table = lane.parse()?;
    let cameras = lane["camera"].as_array().ok_or("no cameras")?;
    let front = cameras.iter().find(|c| c["name"].as_str() == Some("front"));
    let zones = front.ok_or("no front camera")?["zone"].as_array();
    let mut zones = zones.ok_or("no zones")?.iter();
    let zone = zones
        .find(|z| z["seat"].as_str() == Some(seat))
        .ok_or("no zone")?;
    let corner = |corner: usize, axis: usize| {
        let value = zone["polygon"]
            .get(corner)
            .and_then(|corner| corner.get(axis));
        value.and_then(toml::Value::as_float).ok_or("no corner")
    };
    let file = samples.join(format!("vehicles/{vehicle}/frames/front/0003.jpg"));
    let frame = image::open(file)?.to_rgb8();
    let (width, height) = (f64::from(frame.width()), f64::from(frame.height()));
    let (left, top) = (corner(0, 0)? * width, corner(0, 1)? * height);
    let (right, bottom) = (corner(2, 0)? * width, corner(2, 1)? * height);
    // A portrait's shape about the middle of the zone.
    let tall = (bottom - top).max((right - left) * 1.25) * 0.9;
    let wide = tall / 1.25;
    let x = ((left + right - wide) / 2.0).clamp(0.0, width - wide);
    let y = ((top + bottom - tall) / 2.0).clamp(0.0, height - tall);
    let part = image::imageops::crop_imm(&frame, x as u32, y as u32, wide as u32, tall as u32);
    Ok(image::imageops::resize(
        &part.to_image(),
        320,
        400,
        image::imageops::FilterType::CatmullRom,
    ))
}
