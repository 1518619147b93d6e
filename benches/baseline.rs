//! What no reader can be faster than: every file of a folder read and hashed, on all processors.
//!
//! `cargo bench --features bench --bench baseline -- FOLDER` prints the seconds it took; without a folder it does nothing.

#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout, reason = "a measurement that cannot go on ends")]

use rayon::prelude::*;
use sha2::Digest;
use sha2::Sha256;
use std::fs;
use std::path::Path;
use std::path::PathBuf;
use std::time::Instant;

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            if entry.file_type().unwrap().is_dir() { folders.push(entry.path()) } else { files.push(entry.path()) }
        }
    }
    files
}

fn main() {
    let Some(folder) = std::env::args().skip(1).find(|argument| !argument.starts_with('-')) else { return };
    let begun = Instant::now();
    let files = files(Path::new(&folder));
    let hashed = |file: &PathBuf| fs::read(file).map(|bytes| (bytes.len(), Sha256::digest(&bytes))).unwrap();
    let bytes: usize = files.par_iter().map(|file| std::hint::black_box(hashed(file)).0).sum();
    println!("{{\"files\": {}, \"bytes\": {bytes}, \"seconds\": {:.4}}}", files.len(), begun.elapsed().as_secs_f64());
}
