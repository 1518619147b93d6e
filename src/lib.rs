//! downriver: a terminal explorer for the lineage of machine-learning models.

mod app;
mod formats;
mod graph;
mod incident;
mod model;
mod query;
pub mod text;
mod ui;

use std::process::ExitCode;

/// Runs the program.
pub fn main() -> ExitCode {
    ExitCode::SUCCESS
}
