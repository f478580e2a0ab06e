//! How pages are read that a hand, a lamp and a camera have altered: pages drawn by a
//! model, each with one alteration, and what became of their fields.
//!
//! `cargo bench -p rowcall-document --bench pages -- 2000` draws that many (240 where
//! no number is given) and prints a table. A field that is wrong while no finding says
//! that it may be is what must not happen.

mod drawn;
mod zone;

use std::io::Cursor;
use std::time::{Duration, Instant};

use rowcall_document::{NamedFile, Policy, Severity, VerifiedDocument};
use rowcall_pki::trust::TrustStore;

use drawn::{ALTERATIONS, Page};
use zone::Random;

const AT: jiff::civil::Date = jiff::civil::date(2026, 11, 23);

/// What became of the pages with one alteration.
#[derive(Default)]
struct Tally {
    pages: usize,
    right: usize,
    told: usize,
    not_read: usize,
    wrong: usize,
    longest: Duration,
}

fn main() {
    let number = |text: String| text.parse::<usize>().ok();
    let pages = std::env::args().find_map(number).unwrap_or(240);
    let mut tallies: Vec<Tally> = ALTERATIONS.iter().map(|_| Tally::default()).collect();
    for i in 0..pages {
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
        tally.add(i, &zone, &document);
    }
    println!("| alteration | pages | right | told | not read | wrong without a word | longest |");
    println!("|---|---:|---:|---:|---:|---:|---:|");
    let mut sum = Tally::default();
    for ((name, _), tally) in ALTERATIONS.iter().zip(&tallies) {
        tally.print(name);
        sum.pages += tally.pages;
        sum.right += tally.right;
        sum.told += tally.told;
        sum.not_read += tally.not_read;
        sum.wrong += tally.wrong;
        sum.longest = sum.longest.max(tally.longest);
    }
    sum.print("all");
}

impl Tally {
    fn add(&mut self, number: usize, zone: &[String], document: &VerifiedDocument) {
        self.pages += 1;
        let says = |f: &rowcall_document::Finding| f.severity != Severity::Info;
        let is_told = document
            .findings()
            .iter()
            .any(|f| says(f) && f.code != "document-expired");
        match document.mrz() {
            None => self.not_read += 1,
            Some(mrz) if mrz.lines().eq(zone.iter().map(String::as_str)) => self.right += 1,
            Some(_) if is_told => self.told += 1,
            Some(mrz) => {
                self.wrong += 1;
                println!("page {number}: {zone:#?} read as");
                mrz.lines().for_each(|line| println!("    {line}"));
            }
        }
    }

    fn print(&self, name: &str) {
        println!(
            "| {name} | {} | {} | {} | {} | {} | {:.1} s |",
            self.pages,
            self.right,
            self.told,
            self.not_read,
            self.wrong,
            self.longest.as_secs_f32()
        );
    }
}
