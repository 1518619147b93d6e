//! `drill`.

use crate::cli::drill::Drilled;
use crate::cli::output::json::rows::Each;
use crate::cli::output::json::rows::problems;
use crate::cli::output::json::write;
use crate::graph::Graph;
use serde::Serialize;
use std::collections::BTreeMap;
use std::io;
use std::io::Write;

#[derive(Serialize)]
struct Answer<'a, P> {
    schema: &'static str,
    seed: u64,
    promised_ms: Option<u64>,
    median_ms: u64,
    worst_ms: u64,
    late: usize,
    wrong: usize,
    rounds: Vec<Row<'a>>,
    problems: P,
}

#[derive(Serialize)]
struct Row<'a> {
    component: &'a str,
    kind: &'static str,
    ms: u64,
    late: bool,
    deployments: &'a BTreeMap<String, String>,
    missed: &'a [String],
    extra: &'a [String],
}

/// Writes a drill; a later one can be held against it.
pub(in crate::cli) fn drill(out: &mut dyn Write, graph: &Graph, drilled: &Drilled) -> io::Result<()> {
    let ms = |time: std::time::Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
    let rows = drilled.rounds.iter().map(|round| Row {
        component: &round.component,
        kind: round.kind.word(),
        ms: ms(round.took),
        late: round.is_late,
        deployments: &round.deployments,
        missed: &round.missed,
        extra: &round.extra,
    });
    let answer = Answer {
        schema: "downriver/drill/1",
        seed: drilled.seed,
        promised_ms: drilled.promised.map(ms),
        median_ms: ms(drilled.median()),
        worst_ms: ms(drilled.worst()),
        late: drilled.rounds.iter().filter(|round| round.is_late).count(),
        wrong: drilled.rounds.iter().filter(|round| round.is_wrong()).count(),
        rounds: rows.collect(),
        problems: Each(|| problems(graph)),
    };
    write(out, &answer)
}
