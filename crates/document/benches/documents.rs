//! How long documents take to read, with peers in the same run where there are
//! any. `cargo bench -p rowcall-document`; the shared documents must be there.

use std::hint::black_box;
use std::path::PathBuf;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use rowcall_document::{Mrz, NamedFile, Policy};
use rowcall_pki::master_list::MasterList;
use rowcall_pki::trust::TrustStore;

const AT: jiff::civil::Date = jiff::civil::date(2026, 11, 23);

fn shared(path: &str) -> PathBuf {
    std::env::var_os("ROWCALL_SHARED")
        .map_or_else(
            || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared")),
            PathBuf::from,
        )
        .join("documents")
        .join(path)
}

fn bytes(path: &str) -> Vec<u8> {
    std::fs::read(shared(path)).expect("the shared documents are needed for this benchmark")
}

fn mrz(c: &mut Criterion) {
    let lines = [
        "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
        "L898902C36UTO7408122F1204159ZE184226B<<<<<10",
    ];
    let mut group = c.benchmark_group("mrz");
    group.bench_function("rowcall", |b| {
        b.iter(|| Mrz::parse(black_box(&lines), AT).expect("an MRZ"));
    });
    group.bench_function("the mrz crate", |b| {
        b.iter(|| ::mrz::parse_td3(black_box(lines[0]), black_box(lines[1])).expect("an MRZ"));
    });
    group.finish();
}

/// EF.SOD alone with its chain: no data group, so no hashing and no portrait.
fn sod(c: &mut Criterion) {
    let mut group = c.benchmark_group("sod with chain");
    let cases = [
        ("RSA 2048, CSCA RSA 3072", "sod/quirks/rsa_sa_rsaEncryption"),
        ("P-256, CSCA P-256", "sod/quirks/baseline_p256"),
        ("brainpoolP320r1, CSCA P384r1", "sod/quirks/brainpool320"),
    ];
    for (name, folder) in cases {
        let sod = bytes(&format!("{folder}/EF_SOD.bin"));
        let csca = bytes(&format!("{folder}/trust/csca1.der"));
        let (trust, _) = TrustStore::from_files([("csca", csca)]);
        let policy = Policy::default();
        group.bench_function(name, |b| {
            b.iter_batched(
                || {
                    vec![NamedFile {
                        name: "EF_SOD.bin".into(),
                        bytes: sod.clone(),
                    }]
                },
                |files| rowcall_document::read(files, &trust, &policy, AT),
                BatchSize::SmallInput,
            );
        });
    }
    group.finish();
}

fn portrait(c: &mut Criterion) {
    let file = || {
        vec![NamedFile {
            name: "EF_DG2.bin".into(),
            bytes: bytes("dg2/ICAO_39794_5_AP_DG2_MandFields.bin"),
        }]
    };
    let document = rowcall_document::read(file(), &TrustStore::empty(), &Policy::default(), AT);
    let portrait = document.portrait().expect("a portrait");
    c.bench_function("portrait, JPEG 2000, 413 x 531", |b| {
        b.iter(|| {
            portrait
                .decode(&rowcall_picture::Limits::PORTRAIT)
                .expect("decodes")
        });
    });
}

fn master_list(c: &mut Criterion) {
    let list = bytes("masterlists/DE_ML_2026-05-28-08-28-45.ml");
    let mut group = c.benchmark_group("master list of 588");
    group.sample_size(10);
    group.bench_function("read, its CMS signature checked", |b| {
        b.iter(|| MasterList::read(black_box(&list)).expect("a list"));
    });
    let parsed = MasterList::read(&list).expect("a list");
    group.bench_function("every self-signature", |b| {
        b.iter(|| black_box(&parsed).check_self_signatures());
    });
    group.bench_function("the x509-cert crate, its certificates alone", |b| {
        use x509_cert::der::Decode;
        b.iter(|| {
            parsed
                .certificates()
                .filter(|der| x509_cert::Certificate::from_der(der).is_ok())
                .count()
        });
    });
    group.finish();
    use x509_cert::der::Decode;
    let readable = parsed
        .certificates()
        .filter(|der| x509_cert::Certificate::from_der(der).is_ok())
        .count();
    eprintln!("the x509-cert crate reads {readable} of {}", parsed.len());
}

/// A page as large as its bytes allow: noise at the top, the rest blank.
fn noise() -> Vec<u8> {
    let (mut state, mut bytes) = (1_u32, std::io::Cursor::new(Vec::new()));
    let picture = image::GrayImage::from_fn(1_530, 1_500, |_, y| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        image::Luma([if y < 60 { (state >> 24) as u8 } else { 255 }])
    });
    picture
        .write_to(&mut bytes, image::ImageFormat::Png)
        .expect("encodes");
    bytes.into_inner()
}

/// Input made to be slow: 100 kB each.
fn hostile(c: &mut Criterion) {
    let nested = [0x30_u8, 0x80].repeat(50_000);
    let mut pieces = vec![0x77, 0x80, 0x30, 0x80];
    for _ in 0..33_000 {
        pieces.extend([0x04, 0x01, 0x00]);
    }
    let deep_json = "{\"data\":[".repeat(11_000).into_bytes();
    let line = "<".repeat(100_000).into_bytes();
    let page = noise();
    eprintln!("page.png has {} bytes", page.len());
    let cases = [
        ("nested.dtc", nested.clone()),
        ("EF_SOD.bin", pieces),
        ("EF_DG2.bin", nested),
        ("seal.bin", deep_json),
        ("mrz.txt", line),
        ("page.png", page),
    ];
    let mut group = c.benchmark_group("hostile 100 kB");
    for (name, bytes) in cases {
        group.bench_function(name, |b| {
            b.iter_batched(
                || {
                    vec![NamedFile {
                        name: name.into(),
                        bytes: bytes.clone(),
                    }]
                },
                |files| rowcall_document::read(files, &TrustStore::empty(), &Policy::default(), AT),
                BatchSize::SmallInput,
            );
        });
    }
    group.finish();
}

criterion_group!(benches, mrz, sod, portrait, master_list, hostile);
criterion_main!(benches);
