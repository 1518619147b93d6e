//! downriver: a terminal explorer for the lineage of machine-learning models.

mod app;
#[cfg(feature = "bench")]
pub mod bench;
mod cli;
mod config;
mod formats;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
mod graph;
mod incident;
mod load;
mod model;
mod pack;
mod query;
mod runtime;
mod store;
pub mod text;
mod trust;
mod ui;

use std::panic;
use std::process::ExitCode;

/// Runs the program. A bug of ours ends it with code 70.
pub fn main() -> ExitCode {
    panic::set_hook(Box::new(|bug| cli::confess(&bug.to_string())));
    let config = config::Config::read();
    let defaults = cli::Defaults { actor: config.actor, notes: config.notes };
    let run = || match cli::run(std::env::args_os(), &defaults) {
        cli::Outcome::Explore(explore) => ExitCode::from(runtime::explore(&explore.into())),
        cli::Outcome::Done(exit) => exit.into(),
    };
    panic::catch_unwind(run).unwrap_or_else(|_| cli::Exit::Bug.into())
}
