//! downriver: a terminal explorer for the lineage of machine-learning models.

mod app;
#[cfg(feature = "bench")]
pub mod bench;
mod cli;
mod formats;
mod graph;
mod incident;
mod load;
mod model;
mod query;
mod runtime;
pub mod text;
mod ui;

use std::panic;
use std::process::ExitCode;

/// Runs the program. A bug of ours ends it with code 70.
pub fn main() -> ExitCode {
    panic::set_hook(Box::new(|bug| cli::confess(&bug.to_string())));
    let run = || match cli::run(std::env::args_os()) {
        cli::Outcome::Explore(explore) => explore_with(&explore),
        cli::Outcome::Done(exit) => exit.into(),
    };
    panic::catch_unwind(run).unwrap_or_else(|_| cli::Exit::Bug.into())
}

/// Opens the explorer; what it has to say on leaving is said on the terminal that it gave back.
fn explore_with(explore: &cli::Explore) -> ExitCode {
    let (source, note) = explore.source();
    let label = cli::Explore::label(&source);
    let options = runtime::Options { source, label, ascii: explore.draws_ascii(), color: explore.colors() };
    match runtime::explore(options) {
        runtime::End::Quit => {
            cli::tell(note.as_deref());
            cli::Exit::Done.into()
        }
        runtime::End::Signal(signal) => ExitCode::from(128_u8.saturating_add(u8::try_from(signal).unwrap_or(0))),
        runtime::End::NoSbom => cli::no_sbom().into(),
        runtime::End::Refused(why, hint) => cli::refuse(why, hint).into(),
        runtime::End::Bug => cli::Exit::Bug.into(),
    }
}
