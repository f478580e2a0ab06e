//! How pages are read that a hand, a lamp and a camera have altered: pages drawn by a
//! model, each with one alteration, and what became of their fields.
//!
//! `cargo bench -p rowcall-document --bench pages -- 2000` draws that many (240 where
//! no number is given), says of each that wasn't read right what became of it, and prints
//! a table; `-- @39 @111` looks at pages 39 and 111 alone, with their findings. A field
//! that is wrong while no finding says that it may be is what must not happen.

mod drawn;
mod zone;

use std::io::Cursor;
use std::time::{Duration, Instant};

use rowcall_document::{NamedFile, Policy, VerifiedDocument};
use rowcall_pki::trust::TrustStore;
use rowcall_words::document::Severity;

use drawn::{ALTERATIONS, Page};
use zone::Random;

const AT: jiff::civil::Date = jiff::civil::date(2026, 11, 23);

/// What became of the pages with one alteration.
#[derive(Default)]
struct Tally {
    pages: usize,
    /// Read to the letter, with a doubt or without.
    right: usize,
    /// Of the right ones, those with a doubt.
    doubted: usize,
    /// Wrong, and a finding says that it may be.
    told: usize,
    not_read: usize,
    /// Wrong without a finding about the zone.
    wrong: usize,
    /// Pages that are [legible](Page::is_legible), and how many of them were right.
    legible: usize,
    legible_right: usize,
    longest: Duration,
}

fn main() {
    let number = |text: String| text.parse::<usize>().ok();
    let only: Vec<usize> = std::env::args()
        .filter_map(|text| number(text.strip_prefix('@')?.to_owned()))
        .collect();
    let pages = match only.iter().max() {
        Some(last) => last + 1,
        None => std::env::args().find_map(number).unwrap_or(240),
    };
    let mut tallies: Vec<Tally> = ALTERATIONS.iter().map(|_| Tally::default()).collect();
    for i in (0..pages).filter(|i| only.is_empty() || only.contains(i)) {
        let kind = i % ALTERATIONS.len();
        let mut random = Random::new(i as u64);
        let zone = zone::passport(&mut random);
        let page = Page::altered(ALTERATIONS[kind].1, &mut random);
        let picture = page.picture(&zone, &mut random);
        let mut bytes = Cursor::new(Vec::new());
        image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, 88)
            .encode_image(&picture)
            .expect("encodes");
        let file = NamedFile {
            name: "page.jpg".to_owned(),
            bytes: bytes.into_inner(),
        };
        let started = Instant::now();
        let document =
            rowcall_document::read(vec![file], &TrustStore::empty(), &Policy::default(), AT);
        let tally = &mut tallies[kind];
        tally.longest = tally.longest.max(started.elapsed());
        let is_legible = page.is_legible();
        let outcome = Outcome::of(&zone, &document);
        tally.add(outcome, is_legible);
        if !matches!(outcome, Outcome::Right) {
            println!(
                "page {i}, {}{}: {outcome:?}, {}",
                ALTERATIONS[kind].0,
                if is_legible { ", legible" } else { "" },
                about_the_zone(&document).collect::<Vec<_>>().join(", ")
            );
        }
        if !only.is_empty() {
            let told = document.findings().iter();
            told.for_each(|f| println!("    {}: {}", f.code, f.detail));
        }
        if matches!(outcome, Outcome::Told | Outcome::Wrong) {
            let read = document.mrz().into_iter().flat_map(|mrz| mrz.lines());
            for (is, read) in zone.iter().zip(read) {
                println!("    {is}\n    {read}");
            }
        }
    }
    println!(
        "| alteration | pages | right | of these with a doubt | wrong and told | not read | wrong without a word | legible | right of these | longest |"
    );
    println!("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
    let mut sum = Tally::default();
    for ((name, _), tally) in ALTERATIONS.iter().zip(&tallies) {
        tally.print(name);
        sum.join(tally);
    }
    sum.print("all");
}

/// What became of one page.
#[derive(Clone, Copy, Debug)]
enum Outcome {
    Right,
    RightWithDoubt,
    Told,
    NotRead,
    Wrong,
}

impl Outcome {
    fn of(zone: &[String], document: &VerifiedDocument) -> Self {
        let Some(mrz) = document.mrz() else {
            return Self::NotRead;
        };
        let is_right = mrz.lines().eq(zone.iter().map(String::as_str));
        let is_told = about_the_zone(document).next().is_some();
        match (is_right, is_told) {
            (true, false) => Self::Right,
            (true, true) => Self::RightWithDoubt,
            (false, true) => Self::Told,
            (false, false) => Self::Wrong,
        }
    }
}

/// The codes of the findings that say that something of the zone is odd or in doubt.
fn about_the_zone(document: &VerifiedDocument) -> impl Iterator<Item = &str> {
    document
        .findings()
        .iter()
        .filter(|f| f.severity != Severity::Info)
        .map(|f| f.code.as_str())
        .filter(|code: &&str| code.starts_with("mrz-") || code.starts_with("page-"))
}

impl Tally {
    fn add(&mut self, outcome: Outcome, is_legible: bool) {
        self.pages += 1;
        let is_right = matches!(outcome, Outcome::Right | Outcome::RightWithDoubt);
        self.right += usize::from(is_right);
        self.legible += usize::from(is_legible);
        self.legible_right += usize::from(is_legible && is_right);
        match outcome {
            Outcome::Right => {}
            Outcome::RightWithDoubt => self.doubted += 1,
            Outcome::Told => self.told += 1,
            Outcome::NotRead => self.not_read += 1,
            Outcome::Wrong => self.wrong += 1,
        }
    }

    fn join(&mut self, other: &Self) {
        self.pages += other.pages;
        self.right += other.right;
        self.doubted += other.doubted;
        self.told += other.told;
        self.not_read += other.not_read;
        self.wrong += other.wrong;
        self.legible += other.legible;
        self.legible_right += other.legible_right;
        self.longest = self.longest.max(other.longest);
    }

    fn print(&self, name: &str) {
        println!(
            "| {name} | {} | {} | {} | {} | {} | {} | {} | {} | {:.1} s |",
            self.pages,
            self.right,
            self.doubted,
            self.told,
            self.not_read,
            self.wrong,
            self.legible,
            self.legible_right,
            self.longest.as_secs_f32()
        );
    }
}
