use super::*;
use crate::outcome::Hour;
use crate::series::{Origin, SeriesId};
use proptest::prelude::*;

fn series() -> SeriesId {
    SeriesId::of(&Origin {
        model: [1; 32],
        calibration: [2; 32],
        configuration: [3; 32],
    })
}

fn place(row: u8, side: Side, camera: u16) -> Place {
    Place {
        row: Row::new(row).unwrap(),
        side,
        camera: Camera(camera),
    }
}

/// A cell of one person in each vehicle: row, side, camera, and how many were
/// there, seen, well enough pictured and matched.
type Given = (u8, Side, u16, [u32; 4]);

/// A day of periods of such cells.
fn day(periods: &[&[Given]]) -> Vec<Period> {
    let period = |(number, cells): (usize, &&[Given])| Period {
        series: series(),
        from: Hour(number as u32),
        until: Hour(number as u32 + 1),
        vehicles: cells.iter().map(|c| c.3[0]).max().unwrap_or(0),
        cells: cells.iter().flat_map(cells_of).collect(),
        histograms: Vec::new(),
    };
    periods.iter().enumerate().map(period).collect()
}

fn cells_of(&(row, side, camera, reached): &Given) -> Vec<Cell> {
    let cell = |(stage, counts): (Stage, &[u32])| Cell {
        place: place(row, side, camera),
        stage,
        counts: Counts {
            vehicles: counts[0],
            people: counts[0],
            passed: counts[1],
        },
    };
    let cells = Stage::ALL.into_iter().zip(reached.windows(2)).map(cell);
    cells.filter(|cell| cell.counts.people > 0).collect()
}

fn of(lines: &[Line], group: Group) -> Option<u32> {
    let here = |line: &&Line| line.group == group && line.stage == Stage::Seen;
    let line = lines.iter().find(here)?;
    line.rate.map(|rate| rate.counts.passed)
}

#[test]
fn a_cell_cannot_be_had_by_subtraction() {
    use Side::{Left, Right};
    // Row 3 has three vehicles: hidden, and with it what would give it away.
    let lines = table(&day(&[&[
        (1, Left, 0, [50, 48, 48, 48]),
        (2, Right, 0, [30, 29, 29, 29]),
        (3, Left, 0, [3, 1, 1, 1]),
    ]]));
    let row = |n| Group::Row(Row::new(n).unwrap());
    assert_eq!(of(&lines, row(3)), None);
    // The period's total is told, so another row must go.
    assert_eq!(of(&lines, Group::Period(0)), Some(78));
    let rows = [of(&lines, row(1)), of(&lines, row(2))];
    assert_eq!(rows.iter().flatten().count(), 1, "{lines:#?}");
    // Nothing is hidden where nothing is small.
    let both = [
        (1, Left, 0, [50, 48, 48, 48]),
        (2, Right, 1, [30, 29, 29, 29]),
    ];
    let lines = table(&day(&[&both]));
    assert!(lines.iter().all(|line| line.rate.is_some()), "{lines:#?}");
}

/// Seats through one camera and through another: what two kinds of groups tell
/// together.
#[test]
fn kinds_of_groups_do_not_give_each_other_away() {
    use Side::{Left, Right};
    let lines = table(&day(&[&[
        (1, Left, 0, [40, 38, 38, 38]),
        (1, Left, 1, [4, 0, 0, 0]),
        (1, Right, 1, [20, 20, 20, 20]),
    ]]));
    // Camera 1's total less the right seat's would be four vehicles'.
    let camera = of(&lines, Group::Camera(Camera(1)));
    let right = of(&lines, Group::Seat(Row::new(1).unwrap(), Right));
    assert!(camera.is_none() || right.is_none(), "{lines:#?}");
}

#[test]
fn longer_times_add_up_what_days_show() {
    use Side::Left;
    let full = table(&day(&[&[
        (1, Left, 0, [50, 48, 48, 48]),
        (2, Left, 0, [20, 20, 20, 20]),
    ]]));
    let thin = table(&day(&[&[
        (1, Left, 0, [50, 40, 40, 40]),
        (2, Left, 0, [2, 0, 0, 0]),
    ]]));
    let week = add_up([&full[..], &thin[..]]);
    let row = |n| of(&week, Group::Row(Row::new(n).unwrap()));
    assert_eq!(row(2), Some(20));
    assert_eq!(row(1), Some(48), "the thin day hides row 1 beside row 2");
    assert!(!week.iter().any(|l| matches!(l.group, Group::Period(_))));
}

#[test]
fn officers_are_hidden_among_officers() {
    assert!(enough(10, None) && enough(10, Some(3)));
    assert!(!enough(9, None) && !enough(100, Some(2)));
}

/// Who passed a stage is who came to the next: what is hidden at one stage
/// cannot be read from another.
#[test]
fn stages_do_not_give_each_other_away() {
    use Side::Left;
    // Enough came to be seen in row 2, too few to be matched.
    let lines = table(&day(&[&[
        (1, Left, 0, [50, 48, 40, 39]),
        (2, Left, 1, [14, 13, 4, 4]),
    ]]));
    for group in [Group::Row(Row::new(2).unwrap()), Group::Camera(Camera(1))] {
        let of = lines.iter().filter(|line| line.group == group);
        let rates: Vec<_> = of.map(|line| line.rate).collect();
        assert_eq!(rates, [None; 3], "{group:?}");
    }
}

#[test]
fn while_a_day_lasts_its_periods_are_shown() {
    use Side::{Left, Right};
    let of = [(1, Left, 0, [50, 48, 48, 48]), (2, Right, 0, [3, 1, 1, 1])];
    let few = [(1, Left, 0, [15, 12, 9, 9])];
    let day = day(&[&of, &few]);
    let lines = periods(&day);
    let rates: Vec<_> = lines
        .iter()
        .map(|line| (line.group, line.rate.is_some()))
        .collect();
    let [a, b] = [(Group::Period(0), true), (Group::Period(1), false)];
    assert_eq!(rates, [a, b, a, b, a, b]);
    let in_table = |line: &Line| table(&day).contains(line);
    assert!(lines.iter().all(in_table));
}

/// A day of coaches: every hour 13 rows, four seats a row through two cameras,
/// the rear ones nearly empty.
#[test]
fn a_large_day_is_a_matter_of_seconds() {
    let cells = |hour: u32| -> Vec<Given> {
        let seat = |row: u8, side, camera: u16| {
            let there = 1 + (40 - 3 * u32::from(row)) * (1 + (hour + u32::from(camera)) % 3);
            let seen = there - (hour + u32::from(row)) % 2;
            (row, side, camera, [there, seen, seen, seen])
        };
        (1..=13)
            .flat_map(|row| {
                let sides = [Side::Left, Side::Centre, Side::Right];
                sides.map(|side| [seat(row, side, 0), seat(row, side, 1)])
            })
            .flatten()
            .collect()
    };
    let hours: Vec<Vec<Given>> = (0..24).map(cells).collect();
    let hours: Vec<&[Given]> = hours.iter().map(Vec::as_slice).collect();
    let begin = std::time::Instant::now();
    let lines = table(&day(&hours));
    assert!(begin.elapsed().as_secs() < 20, "{:?}", begin.elapsed());
    eprintln!("{:?} for {} lines", begin.elapsed(), lines.len());
    assert!(lines.iter().filter(|line| line.rate.is_some()).count() > 70);
}

fn arbitrary_day() -> impl Strategy<Value = Vec<Period>> {
    let side = prop_oneof![Just(Side::Left), Just(Side::Centre), Just(Side::Right)];
    let lost = prop_oneof![3 => Just(0_u32), 1 => 0_u32..12];
    let lost = [lost.clone(), lost.clone(), lost];
    let cell = (1_u8..4, side, 0_u16..3, 1_u32..30, lost);
    let period = proptest::collection::vec(cell, 1..10);
    proptest::collection::vec(period, 1..4).prop_map(|periods| {
        let mut days = Vec::new();
        for cells in periods {
            // A cell each, and a period with vehicles enough.
            let mut by_place: BTreeMap<_, _> = BTreeMap::new();
            for (row, side, camera, there, lost) in cells {
                let mut reached = [there; 4];
                for stage in 0..3 {
                    reached[stage + 1] = reached[stage].saturating_sub(lost[stage]);
                }
                by_place.insert((row, side, camera), reached);
            }
            by_place.insert((1, Side::Left, 0), [10, 10, 10, 9]);
            let cell = |((row, side, camera), reached)| (row, side, camera, reached);
            days.push(by_place.into_iter().map(cell).collect::<Vec<Given>>());
        }
        let periods: Vec<&[_]> = days.iter().map(Vec::as_slice).collect();
        day(&periods)
    })
}

/// By brute force: no sum or difference of up to three shown numbers is that of
/// a place of too few vehicles, or of a hidden group of such.
fn check(day: &[Period], lines: &[Line], stage: Stage) -> Result<(), TestCaseError> {
    let mut base = BTreeMap::new();
    for (period, of) in day.iter().enumerate() {
        for cell in of.cells.iter().filter(|cell| cell.stage == stage) {
            base.insert((period, cell.place), cell.counts.vehicles);
        }
    }
    let has = |group: Group, (period, place): &(usize, Place)| match group {
        Group::Period(number) => number == *period,
        Group::Day => true,
        Group::Row(row) => row == place.row,
        Group::Camera(camera) => camera == place.camera,
        Group::Seat(row, side) => (row, side) == (place.row, place.side),
    };
    let vector =
        |group| -> Vec<i32> { base.keys().map(|key| i32::from(has(group, key))).collect() };
    let (shown, hidden): (Vec<&Line>, Vec<&Line>) = lines
        .iter()
        .filter(|line| line.stage == stage)
        .partition(|line| line.rate.is_some());
    let shown: Vec<_> = shown.iter().map(|line| vector(line.group)).collect();
    let mut secrets: Vec<Vec<i32>> = base
        .values()
        .enumerate()
        .filter(|(_, vehicles)| **vehicles < LEAST_VEHICLES)
        .map(|(at, _)| (0..base.len()).map(|i| i32::from(i == at)).collect())
        .collect();
    for line in hidden {
        let mut fullest = BTreeMap::new();
        for (key, vehicles) in base.iter().filter(|(key, _)| has(line.group, key)) {
            let of = fullest.entry(key.0).or_insert(0);
            *of = (*vehicles).max(*of);
        }
        if fullest.values().sum::<u32>() < LEAST_VEHICLES {
            secrets.push(vector(line.group));
        }
    }
    for secret in &secrets {
        for a in &shown {
            prop_assert_ne!(a, secret);
            for b in &shown {
                for c in std::iter::once(None).chain(shown.iter().map(Some)) {
                    let difference: Vec<i32> = (0..a.len())
                        .map(|i| a[i] - b[i] - c.map_or(0, |c| c[i]))
                        .collect();
                    prop_assert_ne!(&difference, secret);
                }
            }
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn nothing_small_follows_from_three_shown_numbers(day in arbitrary_day()) {
        let lines = table(&day);
        for stage in Stage::ALL {
            check(&day, &lines, stage)?;
        }
        // A group is shown at every stage that anybody came to, or at none.
        let mut shown: BTreeMap<Group, bool> = BTreeMap::new();
        for line in &lines {
            let is = line.rate.is_some();
            prop_assert_eq!(*shown.entry(line.group).or_insert(is), is);
        }
        // A period is shown where it was while the day lasted.
        for line in periods(&day) {
            prop_assert!(lines.contains(&line));
        }
    }
}
