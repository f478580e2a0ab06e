use super::*;
use proptest::prelude::*;

fn lines() -> Vec<String> {
    let (h, p) = ("ab".repeat(32), "0123456789abcdef");
    let (k, s) = (
        format!("{}A=", "A".repeat(42)),
        format!("{}==", "A".repeat(86)),
    );
    [
        format!("created key={k}"),
        "started".into(),
        format!("configured digest={h} transaction_limit=30 hold_limit=2880 order_limit=10080 holds_per_day=5 approval=two-officers"),
        "clock-stepped was=1999-12-31T23:59Z".into(),
        format!("opened commitment={h} limit=30"),
        "arrived transaction=3".into(),
        "document transaction=3 kind=passport verdict=not-trusted leniencies=5".into(),
        "seat transaction=3 row=2 side=left outcome=no-matching-document stage=match".into(),
        format!("adjudicated transaction=3 subject=seat-2-left officer={p} reason=confirmed-by-eye"),
        format!("adjudicated transaction=3 subject=document-0 officer={p} reason=sent-to-secondary"),
        format!("adjudicated transaction=3 subject=vehicle officer={p} reason=checked-by-hand"),
        format!("hold-made transaction=3 officer={p} second=none reason=legal-order length=60 ciphertext={h}"),
        format!("hold-made transaction=3 officer={p} second={p} reason=legal-order length=60 ciphertext={h}"),
        format!("hold-viewed hold=11 officer={p}"),
        format!("hold-released hold=11 officer={p}"),
        "hold-expired hold=11 cause=clock-uncertain".into(),
        format!("destroyed transaction=3 opened=2026-11-24T03:20Z cause=closed documents=2 images=9 templates=4 holds=1 commitment={h} signature={s}"),
        format!("key-rotated key={k} by_old={s} by_new={s}"),
        format!("set-up-began officer={p} limit=15"),
        "set-up-ended set_up=12 cause=vehicle".into(),
        format!("lane-file-written set_up=12 digest={h}"),
        "stopped cause=operator".into(),
    ]
    .iter()
    .map(|rest| format!("v1 2026-11-24T03:25Z {rest}"))
    .collect()
}

#[test]
fn every_kind_is_read_as_it_is_written() {
    let mut wrong = Vec::new();
    let mut seen = Vec::new();
    for line in lines() {
        match Entry::parse(line.as_bytes()) {
            Ok(entry) if entry.to_line() == line => seen.push(entry.event.kind()),
            other => wrong.push(format!("{line}: {other:?}")),
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    for kind in KINDS {
        assert!(seen.contains(&kind.name), "no example of {}", kind.name);
    }
}

#[test]
fn other_spellings_are_refused() {
    let good =
        "v1 2026-11-24T03:25Z seat transaction=3 row=2 side=left outcome=confirmed stage=match";
    assert!(Entry::parse(good.as_bytes()).is_ok());
    let cases = [
        ("v1 ", "v2 "),
        ("v1 ", " v1 "),
        ("v1 ", "v1  "),
        ("03:25Z", "03:25:01Z"),
        ("03:25Z", "24:00Z"),
        ("03:25Z", "03:25z"),
        ("2026-11-24", "2026-11-31"),
        ("2026-11-24", "2026-+1-24"),
        ("2026", "1969"),
        (" seat ", " Seat "),
        (" seat ", " person "),
        ("=3 ", "=03 "),
        ("=3 ", "=+3 "),
        ("=3 ", "=18446744073709551616 "),
        ("row=2", "row=0"),
        ("row=2", "row=33"),
        ("row=2 side=left", "side=left row=2"),
        ("=left", "=port"),
        ("confirmed", "confirmed-by-name"),
        ("stage=match", "stage=match "),
        ("stage=match", "stage=match\n"),
        ("stage=match", "stage=match name=MUSTERMANN"),
        (" stage=match", ""),
    ];
    let accepted: Vec<_> = cases
        .iter()
        .map(|(from, to)| good.replacen(from, to, 1))
        .filter(|line| line != good && Entry::parse(line.as_bytes()).is_ok())
        .collect();
    assert!(accepted.is_empty(), "{accepted:#?}");
}

/// The types that a field may have. Each is bounded, coarse or keyed; a type
/// that could carry a name, a number of a document or a fine time must not come
/// to this list.
#[test]
fn no_field_can_hold_personal_data() {
    let harmless = [
        "u64",
        "Count",
        "Minutes",
        "Row",
        "Leniencies",
        "Minute",
        "Digest",
        "Commitment",
        "OfficerPseudonym",
        "SecondOfficer",
        "PublicKey",
        "SignatureBytes",
        "Subject",
        "DocumentKind",
        "DocumentVerdict",
        "SeatOutcome",
        "SetUpEndCause",
        "Stage",
        "Side",
        "AdjudicationReason",
        "HoldReason",
        "HoldExpiryCause",
        "DestructionCause",
        "StopCause",
        "Approval",
    ];
    let unknown: Vec<_> = KINDS
        .iter()
        .flat_map(|kind| kind.fields.iter().map(move |field| (kind.name, field)))
        .filter(|(_, (_, field_type))| !harmless.contains(field_type))
        .collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}

#[test]
fn an_officer_has_another_pseudonym_each_day() {
    let at = |text| Minute::parse(text).unwrap();
    let of = |secret, time, name: &str| OfficerPseudonym::new(&[secret; 32], at(time), name);
    let morning = of(1, "2026-11-24T00:00Z", "b. quist");
    assert_eq!(morning, of(1, "2026-11-24T23:59Z", "b. quist"));
    assert_ne!(morning, of(1, "2026-11-25T00:00Z", "b. quist"));
    assert_ne!(morning, of(1, "2026-11-24T00:00Z", "c. rask"));
    assert_ne!(morning, of(2, "2026-11-24T00:00Z", "b. quist"));
}

#[test]
fn the_last_minutes_of_the_calendar_are_written_too() {
    // The last day lies past what `jiff::Timestamp` holds.
    for text in ["9999-12-30T22:01Z", "9999-12-31T23:59Z"] {
        let minute = Minute::parse(text).expect(text);
        assert_eq!(minute.to_string(), text);
    }
    assert_eq!(
        Minute::from_unix_seconds(i64::MAX).to_string(),
        "9999-12-31T23:59Z"
    );
}

proptest! {
    #[test]
    fn reading_never_fails_on_any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = Entry::parse(&bytes);
    }

    #[test]
    fn a_changed_byte_is_refused_or_reads_as_written(which in any::<proptest::sample::Index>(),
            at in any::<proptest::sample::Index>(), byte in any::<u8>()) {
        let lines = lines();
        let mut bytes = which.get(&lines).clone().into_bytes();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        if let Ok(entry) = Entry::parse(&bytes) {
            prop_assert_eq!(entry.to_line().into_bytes(), bytes);
        }
    }

    #[test]
    fn minutes_are_read_as_written(seconds in 0_i64..253_402_300_800) {
        let minute = Minute::from_unix_seconds(seconds);
        prop_assert_eq!(Minute::parse(&minute.to_string()), Some(minute));
        prop_assert_eq!(i64::from(minute.since_1970()), seconds / 60);
    }
}
