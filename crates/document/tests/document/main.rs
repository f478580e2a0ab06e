//! Documents as they are presented, from files to verdict.

mod barcodes;
mod chips;
mod issuers;
mod lds;
mod mrz_corpus;
mod mutations;
mod portraits;
mod seals;
mod shared;
mod specimen;
