//! Documents as they are presented, from files to verdict.

mod altered;
mod barcodes;
mod cards;
mod chips;
mod collections;
mod data_matrix;
mod deviations;
mod exchanges;
mod issuers;
mod jpeg;
mod lds;
mod mrz_corpus;
mod mrz_variants;
mod mutations;
mod oracles;
mod own_seals;
mod pages;
mod portraits;
mod recorded;
mod round_trips;
mod seals;
mod shared;
mod specimen;
