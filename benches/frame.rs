//! What a key costs on the screen: one frame, and one move with its frame, for a small and for a large repository.
//!
//! `cargo bench --features bench --bench frame`. Both repositories have the same shape, so the figures should be the same.

#![allow(missing_docs, clippy::unwrap_used, reason = "a measurement that cannot go on ends")]

use criterion::BenchmarkId;
use criterion::Criterion;
use criterion::criterion_group;
use criterion::criterion_main;
use downriver::bench::Documents;
use downriver::bench::Explorer;
use downriver::bench::Repository;
use std::fmt::Write as _;
use std::fs;

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 50)];
const MODELS: [usize; 2] = [200, 20_000];

/// Chains of ten models each, the last of which is deployed, on one of a few packages.
fn repository(models: usize) -> Repository {
    let folder = tempfile::tempdir().unwrap();
    let mut text = String::new();
    for row in 0..models {
        writeln!(text, "---\nml_sbom:\n  model_id: model-{row:06}").unwrap();
        if row % 10 > 0 {
            writeln!(text, "  base_model: {{name: model-{:06}}}", row - 1).unwrap();
        }
        writeln!(text, "  dependencies: [{{name: package-{}, version: \"1.0\"}}]", row % 20).unwrap();
        if row % 10 == 9 {
            writeln!(text, "  deployment: {{environment: production, service: service-{row:06}}}").unwrap();
        }
        if row % 1000 == 999 || row + 1 == models {
            fs::write(folder.path().join(format!("{row}.yaml")), std::mem::take(&mut text)).unwrap();
        }
    }
    Documents::load(folder.path()).join()
}

fn frames(criterion: &mut Criterion) {
    for (width, height) in SIZES {
        let mut group = criterion.benchmark_group(format!("{width}x{height}"));
        for models in MODELS {
            let mut explorer = Explorer::open(repository(models), width, height);
            group.bench_function(BenchmarkId::new("frame", models), |b| b.iter(|| explorer.frame()));
            let mut keys = "jjjjjjjjkkkkkkkk".chars().cycle();
            group.bench_function(BenchmarkId::new("move", models), |b| {
                b.iter(|| {
                    explorer.press(keys.next().unwrap().encode_utf8(&mut [0; 4]));
                    explorer.frame()
                });
            });
        }
        group.finish();
    }
}

criterion_group!(benches, frames);
criterion_main!(benches);
