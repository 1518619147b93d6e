//! `plan`: what to do, in the order in which it is done.

use crate::cli::output::text::paint::Paint;
use crate::cli::output::text::pair;
use crate::cli::output::text::place;
use crate::graph::Graph;
use crate::model::state::State;
use crate::query::impact::StateCounts;
use crate::query::plan::Plan;
use crate::text;
use crate::text::Untrusted;
use std::io;
use std::io::Write;

/// Places of one package before the rest is counted.
const PLACES: usize = 10;

/// Writes a plan.
pub(in crate::cli) fn plan(out: &mut dyn Write, graph: &Graph, plan: &Plan, counts: StateCounts, paint: Paint) -> io::Result<()> {
    let shown = [State::Affected, State::Possible, State::Unknown].into_iter();
    let parts: Vec<String> = shown.map(|state| paint.state(state, &format!("{} {state}", counts.of(state)))).collect();
    writeln!(out, "{}: {}", text::count(counts.total(), "deployment"), parts.join(", "))?;
    if counts.possible + counts.unknown > 0 {
        writeln!(out, "POSSIBLE and UNKNOWN are not planned for: settle them first, `downriver impact` says how")?;
    }
    replace(out, graph, plan, paint)?;
    rebuild(out, graph, plan, paint)?;
    roll_back(out, graph, plan, paint)?;
    upgrade(out, graph, plan, paint)
}

fn replace(out: &mut dyn Write, graph: &Graph, plan: &Plan, paint: Paint) -> io::Result<()> {
    let cut = &plan.cut;
    if !cut.models.is_empty() {
        let title = format!("REPLACE {}", text::count(cut.models.len(), "model"));
        writeln!(out, "\n{}, the fewest that clear {}", paint.bold(&title), text::count(cut.clears, "deployment"))?;
    }
    for (model, clears) in &cut.models {
        let by_itself = if *clears == 0 { "only together with others".to_owned() } else { format!("clears {clears} by itself") };
        pair(out, paint, &format!("  {}", graph.id(*model).show()), &by_itself)?;
    }
    if !cut.beyond.is_empty() {
        writeln!(out, "\n{} what is marked, or nothing of ours stands before them", paint.bold("RUN"))?;
    }
    cut.beyond.iter().try_for_each(|deployment| writeln!(out, "  {}", graph.id(*deployment).show()))
}

fn rebuild(out: &mut dyn Write, graph: &Graph, plan: &Plan, paint: Paint) -> io::Result<()> {
    let (waves, n) = (&plan.waves.waves, plan.waves.waves.iter().map(Vec::len).sum::<usize>());
    if n > 0 {
        let title = format!("REBUILD {}", text::count(n, "model"));
        writeln!(out, "\n{} in {}", paint.bold(&title), text::count(waves.len(), "wave"))?;
    }
    for (row, wave) in waves.iter().enumerate() {
        writeln!(out, "  wave {}", row + 1)?;
        for model in wave {
            let method = model.method.as_deref().map_or_else(|| "method not stated".to_owned(), shown);
            let hours = model.hours.map_or_else(|| "time not stated".to_owned(), |hours| format!("{hours:.1} h"));
            pair(out, paint, &format!("    {}", graph.id(model.id).show()), &format!("{method}, {hours}"))?;
        }
    }
    if plan.waves.unneeded > 0 {
        writeln!(out, "  {} more AFFECTED, needed by no AFFECTED deployment", text::count(plan.waves.unneeded, "model"))?;
    }
    Ok(())
}

fn roll_back(out: &mut dyn Write, graph: &Graph, plan: &Plan, paint: Paint) -> io::Result<()> {
    if !plan.rollbacks.is_empty() {
        let n = plan.rollbacks.iter().filter(|rollback| rollback.to.is_some()).count();
        writeln!(out, "\n{} {n} of {}", paint.bold("ROLL BACK"), plan.rollbacks.len())?;
    }
    for rollback in &plan.rollbacks {
        let to = match rollback.to {
            Some(to) => format!("to {}", graph.id(to).show()),
            None => format!("none, because {}", rollback.none_because),
        };
        pair(out, paint, &format!("  {}", graph.id(rollback.deployment).show()), &to)?;
        for candidate in &rollback.candidates {
            let state = paint.state(candidate.state, &format!("{:<9}", candidate.state.to_string()));
            writeln!(out, "    {state} {}", graph.id(candidate.id).show())?;
            writeln!(out, "              {}", paint.dim(&shown(&candidate.reason)))?;
        }
    }
    Ok(())
}

fn upgrade(out: &mut dyn Write, graph: &Graph, plan: &Plan, paint: Paint) -> io::Result<()> {
    if !plan.upgrades.is_empty() {
        writeln!(out, "\n{} {}", paint.bold("UPGRADE"), text::count(plan.upgrades.len(), "package"))?;
    }
    for upgrade in &plan.upgrades {
        let to =
            upgrade.to.as_deref().map_or_else(|| "to a version that is not marked".to_owned(), |to| format!("to {}", shown(to)));
        pair(out, paint, &format!("  {}", graph.id(upgrade.package).show()), &to)?;
        for source in upgrade.places.iter().take(PLACES) {
            writeln!(out, "    {}", place(graph, *source))?;
        }
        if upgrade.places.len() > PLACES {
            writeln!(out, "    {} more", text::thousands(upgrade.places.len() - PLACES))?;
        }
    }
    Ok(())
}

fn shown(text: &str) -> String {
    Untrusted::new(text).show().into_string()
}
