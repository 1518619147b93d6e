//! The worst blast radius, and the rank, on a graph of the size of a public model hub.
//!
//! `cargo bench --features bench --bench blast`. The graph is made here, the same on every run, in the shape of public hubs: a
//! few bases take most children, other parents are drawn by preferential attachment, datasets and packages by Zipf's law, and
//! six models in a hundred are deployed.
//!
//! `BARE_EDGES=FILE` measures a graph of one's own instead: lines `upstream,downstream,kind`, kinds `base`, `data`, `dep`,
//! `deploy`.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "a measurement that cannot go on ends, and rounds what it tells"
)]

use criterion::Criterion;
use criterion::criterion_group;
use criterion::criterion_main;
use downriver::bench::Bare;
use downriver::bench::BareKind;
use std::cmp::Reverse;
use std::fs::File;
use std::hint::black_box;
use std::io::BufRead;
use std::io::BufReader;
use std::time::Instant;

/// Numbers that look random and are not.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % n.max(1)
    }

    /// Small ranks far more often than great ones.
    fn zipf(&mut self, n: usize) -> usize {
        let share = self.below(1 << 30) as f64 / f64::from(1 << 30);
        ((n as f64).powf(share) as usize).saturating_sub(1).min(n - 1)
    }
}

type Links = Vec<(u32, u32)>;

/// Models with `packages` package links each, and what hangs on them.
fn generate(models: usize, packages: usize) -> (Vec<BareKind>, Links) {
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let (bases, datasets, versions) = (2_000.min(models / 4), models / 11, 400);
    let mut kinds = vec![BareKind::Model; models];
    kinds.iter_mut().take(bases).step_by(3).for_each(|kind| *kind = BareKind::External);
    kinds.extend(vec![BareKind::Dataset; datasets]);
    kinds.extend(vec![BareKind::Package; versions]);
    let mut links = Links::new();
    let mut parents: Vec<u32> = Vec::new();
    for model in bases..models {
        let parent = match dice.below(100) {
            0..8 => None,
            8..40 => Some(dice.zipf(bases) as u32),
            40..80 if !parents.is_empty() => Some(parents[dice.below(parents.len())]),
            _ => Some((model - 1 - dice.below(400.min(model))) as u32),
        };
        if let Some(parent) = parent {
            links.push((parent, model as u32));
            parents.push(parent);
        }
        for _ in 0..=dice.below(2) {
            links.push(((models + dice.zipf(datasets)) as u32, model as u32));
        }
        for package in 0..packages {
            links.push(((models + datasets + (dice.zipf(versions) + package * 7) % versions) as u32, model as u32));
        }
        if dice.below(100) < 6 {
            for _ in 0..=dice.below(2) {
                links.push((model as u32, kinds.len() as u32));
                kinds.push(BareKind::Deployment);
            }
        }
    }
    (kinds, links)
}

/// A graph of one's own.
fn read(path: &str) -> (Vec<BareKind>, Links) {
    let mut kinds: Vec<BareKind> = Vec::new();
    let mut links = Links::new();
    for line in BufReader::new(File::open(path).unwrap()).lines() {
        let line = line.unwrap();
        let mut parts = line.split(',');
        let (upstream, downstream): (u32, u32) = (parts.next().unwrap().parse().unwrap(), parts.next().unwrap().parse().unwrap());
        let len = kinds.len().max(upstream.max(downstream) as usize + 1);
        kinds.resize(len, BareKind::Model);
        match parts.next().unwrap() {
            "data" => kinds[upstream as usize] = BareKind::Dataset,
            "dep" => kinds[upstream as usize] = BareKind::Package,
            "deploy" => kinds[downstream as usize] = BareKind::Deployment,
            _ => {}
        }
        links.push((upstream, downstream));
    }
    (kinds, links)
}

/// The components with most links down, of each kind.
fn hubs(kinds: &[BareKind], links: &Links, n: usize) -> Vec<u32> {
    let mut degrees = vec![0_u32; kinds.len()];
    for (upstream, _) in links {
        degrees[*upstream as usize] += 1;
    }
    let of = |kind: fn(BareKind) -> bool| {
        let mut all: Vec<u32> = (0..kinds.len() as u32).filter(|number| kind(kinds[*number as usize])).collect();
        all.sort_by_key(|number| Reverse(degrees[*number as usize]));
        all.truncate(n);
        all
    };
    let models = of(|kind| matches!(kind, BareKind::Model | BareKind::External));
    [models, of(|kind| kind == BareKind::Dataset), of(|kind| kind == BareKind::Package)].concat()
}

fn blast(criterion: &mut Criterion) {
    let (kinds, links) = std::env::var("BARE_EDGES").map_or_else(|_| generate(2_050_000, 3), |path| read(&path));
    let hubs = hubs(&kinds, &links, 20);
    let graph = Bare::new(&kinds, links.into_iter());
    let (components, n_links) = graph.size();
    for (part, bytes) in graph.memory() {
        println!("{part}: {:.1} bytes a component", bytes as f64 / components as f64);
    }
    // What holes hide is found out once a graph for each hazard and kind, by the first who asks.
    let begun = Instant::now();
    graph.impact(hubs[0]);
    println!("the first question: {:.1} ms", begun.elapsed().as_secs_f64() * 1000.0);
    let reach = |number: u32| graph.impact(number).models[0] + graph.impact(number).deployments[0];
    let worst = hubs.iter().copied().max_by_key(|number| reach(*number)).unwrap();
    println!("worst of {} hubs: {worst}, a {:?}: {:?}", hubs.len(), kinds[worst as usize], graph.impact(worst));
    let mut group = criterion.benchmark_group(format!("{components} components, {n_links} links"));
    group.sample_size(20);
    group.bench_function("worst impact", |b| b.iter(|| black_box(graph.impact(worst))));
    group
        .bench_function("all hubs", |b| b.iter(|| hubs.iter().map(|number| graph.impact(*number).deployments[0]).sum::<usize>()));
    group.finish();
}

fn rank(criterion: &mut Criterion) {
    let (kinds, links) = generate(850_000, 8);
    let graph = Bare::new(&kinds, links.into_iter());
    let (components, n_links) = graph.size();
    let mut group = criterion.benchmark_group(format!("{components} components, {n_links} links"));
    group.sample_size(10);
    group.bench_function("rank by deployments", |b| b.iter(|| black_box(graph.deploys())));
    group.bench_function("rank by models", |b| b.iter(|| black_box(graph.models())));
    group.finish();
}

criterion_group!(benches, blast, rank);
criterion_main!(benches);
