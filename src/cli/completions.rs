//! `downriver completions`: a script that completes commands and options in a shell.

use crate::cli::command;
use crate::cli::exit::Exit;
use crate::cli::session;
use clap::Args;
use clap_complete::Shell;

/// Print a completion script for a shell
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  downriver completions bash > ~/.local/share/bash-completion/completions/downriver
  downriver completions zsh > ~/.zfunc/_downriver
  downriver completions fish > ~/.config/fish/completions/downriver.fish")]
pub(super) struct Completions {
    /// Which shell
    shell: Shell,
}

impl Completions {
    pub(super) fn run(self) -> Exit {
        session::answer(Exit::Done, |out| {
            // The generator panics on a closed pipe, so it writes to memory.
            let mut script = Vec::new();
            clap_complete::generate(self.shell, &mut command(), "downriver", &mut script);
            out.write_all(&script)
        })
    }
}
