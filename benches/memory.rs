//! What a repository takes in memory once it is joined, by part, names aside.
//!
//! `cargo bench --features bench --bench memory -- FOLDER` prints bytes a component; without a folder it does nothing. What is
//! counted: the vectors of the graph by their length, hash tables by their capacity with one byte a slot, boxed lists with
//! 16 bytes for the allocator; names, with the table that finds them, have a part of their own.

#![allow(missing_docs, clippy::print_stdout, clippy::cast_precision_loss, reason = "a measurement that rounds what it tells")]

use downriver::bench::Documents;
use std::path::Path;

fn main() {
    let Some(folder) = std::env::args().skip(1).find(|argument| !argument.starts_with('-')) else { return };
    let repository = Documents::load(Path::new(&folder)).join();
    let (components, links) = repository.size();
    let each = |bytes: usize| bytes as f64 / components.max(1) as f64;
    let parts = repository.memory();
    let told: Vec<String> = parts.iter().map(|(part, bytes)| format!("\"{part}\": {:.1}", each(*bytes))).collect();
    let counted: usize = parts.iter().filter(|(part, _)| *part != "names").map(|(_, bytes)| bytes).sum();
    println!(
        "{{\"components\": {components}, \"links\": {links}, \"bytes a component\": {:.1}, \"parts\": {{{}}}}}",
        each(counted),
        told.join(", ")
    );
}
