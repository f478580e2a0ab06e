//! Where a second look is worth it, and what of it counts.

use std::collections::BTreeSet;

use crate::{person::Person, scene::Scene};

#[test]
fn seats_without_a_face_that_may_be_compared_are_looked_at_again() {
    let driver = Person::new(1);
    for (case, scene, expected) in [
        (
            "nobody",
            Scene::new(1),
            &["1-left", "1-right", "2-left", "2-right"][..],
        ),
        (
            "seen by one camera",
            Scene::new(1).sees("front", "1-left", &driver),
            &["1-right", "2-left", "2-right"],
        ),
        (
            "only a bystander's page",
            Scene::new(1).sees_small("front", "1-left", &driver),
            &["1-left", "1-right", "2-left", "2-right"],
        ),
        (
            "opted out",
            Scene::new(1)
                .sees("front", "1-left", &driver)
                .opts_out("1-right", &[]),
            &["2-left", "2-right"],
        ),
    ] {
        let looks = scene.second_looks();
        let seats: BTreeSet<String> = looks.iter().map(|l| l.seat.to_string()).collect();
        let expected: BTreeSet<String> = expected.iter().map(|s| (*s).to_owned()).collect();
        assert_eq!(seats, expected, "{case}");
        assert!(looks.is_sorted_by_key(|l| l.frame), "{case}");
    }
}

#[test]
fn a_second_look_adds_what_is_on_its_seat_and_new() {
    let (driver, other) = (Person::new(1), Person::new(2));
    let scene = || Scene::new(2).sees("front", "1-left", &driver);
    let looks = scene().second_looks();
    let right = looks
        .iter()
        .find(|l| l.seat.to_string() == "1-right")
        .expect("a look");
    let next = right.frame + 1;
    assert_eq!(scene().keeps(right, next), 0, "another seat's face");
    let mut both = Scene::new(2).sees("front", "1-right", &other);
    assert_eq!(both.keeps(right, next), 0, "a face that is known");
    let mut new = Scene::new(2).sees_after("front", "1-right", &other, right.frame);
    assert_eq!(new.keeps(right, next), 1, "a face that was missed");
}
