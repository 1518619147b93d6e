//! What a person waits for who types: every key of a search, over a million and over two million names.
//!
//! `cargo bench --features bench --bench search`. Names are made here, the same on every run: of a base, a task, a language, a
//! method and a version, as models are called. Of each key the median and the 95th percentile are told, each key going on from
//! the result of the one before it as it does on screen.

#![allow(missing_docs, clippy::print_stdout, clippy::string_slice, reason = "a bench tells its figures; what it types is ASCII")]

use criterion::Criterion;
use criterion::criterion_group;
use criterion::criterion_main;
use downriver::bench::Names;
use std::time::Duration;
use std::time::Instant;

/// What is typed, letter by letter.
const TYPED: [&str; 8] = ["llama", "eute", "gptj6", "torch", "legal sum", "mistral ocr", "qqqq", "2048"];
/// Every text is typed so often.
const TIMES: usize = 15;

const BASES: [&str; 16] = [
    "bert-base",
    "roberta-large",
    "deberta-v3",
    "t5-base",
    "llama-3.1-8b",
    "llama-2-7b",
    "mistral-7b",
    "mixtral-8x7b",
    "qwen2.5-7b",
    "gemma-2-9b",
    "EleutherAI/gpt-j-6B",
    "EleutherAI/gpt-neox-20b",
    "falcon-7b",
    "bloom-560m",
    "whisper-small",
    "vit-base",
];
const FIELDS: [&str; 12] = [
    "legal",
    "medical",
    "finance",
    "realestate",
    "support",
    "insurance",
    "retail",
    "education",
    "energy",
    "travel",
    "media",
    "science",
];
const TASKS: [&str; 12] = [
    "summarizer",
    "classifier",
    "keyword-extractor",
    "ner",
    "qa",
    "reranker",
    "translator",
    "ocr",
    "router",
    "moderator",
    "tagger",
    "embedder",
];
const LANGUAGES: [&str; 8] = ["en", "de", "fr", "es", "it", "nl", "ja", "pt-br"];
const METHODS: [&str; 6] = ["ft", "lora", "dpo", "q4", "distil", "merge"];

/// A name for each row, all different.
fn name(row: usize) -> String {
    let random = (row as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let pick = |words: &[&'static str], shift: u32| words[(random >> shift) as usize % words.len()];
    let (base, field, task) = (pick(&BASES, 8), pick(&FIELDS, 16), pick(&TASKS, 24));
    let (language, method) = (pick(&LANGUAGES, 32), pick(&METHODS, 40));
    format!("{base}-{field}-{task}-{language}-{method}-v{}.{}", row / 1000, row % 1000)
}

fn percentile(times: &mut [Duration], of_hundred: usize) -> f64 {
    times.sort_unstable();
    times[(times.len() * of_hundred / 100).min(times.len() - 1)].as_secs_f64() * 1000.0
}

fn keys(names: &Names, rows: usize) {
    let mut all = Vec::new();
    for typed in TYPED {
        let mut of_key: Vec<Vec<Duration>> = vec![Vec::new(); typed.len()];
        let mut found = vec![0; typed.len()];
        for _ in 0..TIMES {
            let mut search = names.search();
            for (at, _) in typed.char_indices() {
                let begun = Instant::now();
                found[at] = search.key(&typed[..=at]);
                of_key[at].push(begun.elapsed());
            }
        }
        for (at, times) in of_key.iter_mut().enumerate() {
            all.extend_from_slice(times);
            let (median, p95) = (percentile(times, 50), percentile(times, 95));
            println!("{rows} names  {:<12} {:>9} hits  median {median:>7.2} ms  p95 {p95:>7.2} ms", &typed[..=at], found[at]);
        }
    }
    let (median, p95) = (percentile(&mut all, 50), percentile(&mut all, 95));
    println!("{rows} names  every key               median {median:>7.2} ms  p95 {p95:>7.2} ms");
}

fn search(criterion: &mut Criterion) {
    for rows in [1_000_000, 2_000_000] {
        let begun = Instant::now();
        let names = Names::new((0..rows).map(name));
        println!("{rows} names  laid out in {:.0} ms", begun.elapsed().as_secs_f64() * 1000.0);
        keys(&names, rows);
        let mut group = criterion.benchmark_group(format!("{rows} names"));
        group.sample_size(20);
        for typed in ["l", "ll", "eute", "legal sum"] {
            group.bench_function(typed, |b| b.iter(|| names.search().key(typed)));
        }
        group.finish();
    }
}

criterion_group!(benches, search);
criterion_main!(benches);
