//! `downriver man`: the manual pages.

use crate::cli::command;
use crate::cli::exit::Exit;
use crate::cli::exit::Failure;
use crate::cli::session;
use clap::Args;
use clap_mangen::Man as Page;

/// Print a manual page, in roff
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  # read it
  downriver man | man -l -
  # the page of one command
  downriver man impact | man -l -
  # install it
  downriver man > ~/.local/share/man/man1/downriver.1")]
pub(super) struct Man {
    /// Page of one command, instead of that of the whole program
    #[arg(value_name = "COMMAND")]
    command: Option<String>,
}

impl Man {
    pub(super) fn run(self) -> Result<Exit, Failure> {
        let mut page = command();
        page.build();
        if let Some(name) = &self.command {
            let unknown = || Failure::new(Exit::Usage, "no such command").hint(Some("`downriver --help` lists them".to_owned()));
            page = page.find_subcommand(name).ok_or_else(unknown)?.clone();
        }
        Ok(session::answer(Exit::Done, |out| Page::new(page).render(out)))
    }
}
