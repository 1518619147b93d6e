//! Answers as text, for a person at 80 columns.
//!
//! Invariant: states and grades are words and marks first; colour repeats them.
//! Invariant: ids are never cut, so that what is printed can be given back as a selector.

mod advisories;
pub(in crate::cli) mod bundle;
pub(in crate::cli::output) mod chain;
pub(in crate::cli) mod check;
pub(in crate::cli) mod drill;
pub(in crate::cli) mod export;
pub(in crate::cli) mod impact;
pub(in crate::cli) mod incident;
pub(in crate::cli) mod kept;
pub(in crate::cli) mod lineage;
pub(in crate::cli) mod list;
pub(in crate::cli) mod log;
pub(in crate::cli) mod paint;
pub(in crate::cli) mod path;
pub(in crate::cli) mod plan;
pub(in crate::cli) mod rank;
pub(in crate::cli) mod recorded;
pub(in crate::cli) mod show;

use crate::cli::output::text::paint::Paint;
use crate::graph::Graph;
use crate::graph::Source;
use crate::query::deploys::Reached;
use crate::text;
use std::io;
use std::io::Write;

/// How wide a line may be before its right part moves to a line of its own.
const COLUMNS: usize = 80;

/// `file:line`.
fn place(graph: &Graph, source: Source) -> String {
    format!("{}:{}", graph.file(source.document).show(), source.line)
}

/// Writes `left`, and `right` at the right edge; on a line of its own, further in, where both do not fit.
fn pair(out: &mut dyn Write, paint: Paint, left: &str, right: &str) -> io::Result<()> {
    if right.is_empty() {
        return writeln!(out, "{left}");
    }
    let used = text::width(left) + text::width(right);
    if used + 2 <= COLUMNS {
        return writeln!(out, "{left}{}{}", " ".repeat(COLUMNS - used), paint.dim(right));
    }
    let indent = left.len() - left.trim_start().len() + 4;
    writeln!(out, "{left}\n{}{}", " ".repeat(indent), paint.dim(right))
}

/// `  11  3?`: confirmed, then possible where there are any.
fn reached(reached: Reached) -> String {
    let possible = if reached.possible > 0 { format!("{}?", reached.possible) } else { String::new() };
    format!("{:>6} {possible:>5}", reached.confirmed)
}
