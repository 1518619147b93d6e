//! What one file costs, from its bytes to its documents: a cold load is this, a hundred thousand times.
//!
//! `cargo bench --features bench --bench reading`. Each document is one that a generator wrote; hashing the same bytes stands
//! beside it for comparison.

#![allow(missing_docs, reason = "criterion's macros make functions without")]

use criterion::Criterion;
use criterion::Throughput;
use criterion::criterion_group;
use criterion::criterion_main;
use downriver::bench;
use sha2::Digest;
use sha2::Sha256;
use std::hint::black_box;

const DOCUMENTS: [(&str, &[u8]); 3] = [
    ("schema.yaml", include_bytes!("../tests/data/yaml/usual-schema.yaml")),
    ("emitted.yaml", include_bytes!("../tests/data/yaml/usual-emitted.yaml")),
    ("usual.cdx.json", include_bytes!("../tests/data/cyclonedx/usual.json")),
];

fn reading(criterion: &mut Criterion) {
    for (name, bytes) in DOCUMENTS {
        assert!(bench::read(bytes, name).1 > 0);
        let mut group = criterion.benchmark_group(name);
        group.throughput(Throughput::Bytes(bytes.len() as u64));
        group.bench_function("read", |b| b.iter(|| bench::read(black_box(bytes), name)));
        group.bench_function("hash", |b| b.iter(|| Sha256::digest(black_box(bytes))));
        group.finish();
    }
}

criterion_group!(benches, reading);
criterion_main!(benches);
