//! What a person waits for: reading a folder, joining it, one answer, one search.
//!
//! `cargo bench --features bench`. The repository is made here, the same on every run: chains of fine-tunes over a few bases,
//! as deep as real ones, each with its data, its packages and, at the end of a chain, deployments.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, reason = "a measurement that cannot go on ends")]

use criterion::BatchSize;
use criterion::Criterion;
use criterion::criterion_group;
use criterion::criterion_main;
use downriver::bench::Documents;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

const MODELS: usize = 2_000;
const BASES: usize = 8;
const PACKAGES: usize = 40;

fn generate(folder: &Path) {
    for row in 0..MODELS {
        let mut text = format!("ml_sbom:\n  model_id: model-{row}\n  model_hash: \"sha256:{}\"\n", digest(row));
        if row >= BASES {
            let base = row * 7 / 11 % row;
            writeln!(text, "  base_model: {{name: model-{base}, download_hash: \"sha256:{}\"}}", digest(base)).unwrap();
        }
        write!(text, "  training_data: [{{name: set-{}, version: \"1\"}}]\n  dependencies:\n", row % 50).unwrap();
        for package in 0..10 {
            writeln!(text, "    - {{name: package-{}, version: \"1.{}\"}}", (row + package * 3) % PACKAGES, row % 3).unwrap();
        }
        if row % 12 == 0 {
            writeln!(text, "  deployment: {{environment: production, service: service-{row}}}").unwrap();
        }
        fs::write(folder.join(format!("model-{row}.yaml")), text).unwrap();
    }
}

/// Any 64 hex digits, another 64 for another row.
fn digest(row: usize) -> String {
    format!("{:016x}", (row as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15)).repeat(4)
}

fn queries(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().unwrap();
    generate(folder.path());
    let documents = Documents::load(folder.path());
    assert_eq!(documents.len(), MODELS);
    let repository = documents.clone().join();
    assert!(repository.impact("model:model-0") > 0);
    let mut group = criterion.benchmark_group(format!("{MODELS} models"));
    group.sample_size(20);
    group.bench_function("load", |b| b.iter(|| Documents::load(folder.path())));
    group.bench_function("graph", |b| b.iter_batched(|| documents.clone(), Documents::join, BatchSize::LargeInput));
    group.bench_function("impact", |b| b.iter(|| repository.impact("model:model-0")));
    group.bench_function("search", |b| b.iter(|| repository.search("mdl19")));
    group.finish();
}

criterion_group!(benches, queries);
criterion_main!(benches);
