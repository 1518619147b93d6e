//! `downriver [PATH...]`: what the explorer is told by the command line.

use crate::cli::command;
use crate::cli::desk;
use crate::cli::desk::Which;
use crate::cli::desk::Who;
use crate::cli::exit::Exit;
use crate::cli::exit::Failure;
use crate::cli::repository;
use crate::cli::repository::Cache;
use crate::cli::repository::When;
use crate::load::Source;
use crate::load::advisories;
use crate::model::moment::Moment;
use crate::text::Untrusted;
use clap::Args;
use std::path::PathBuf;

/// Below this likeness a word is not taken for a misspelt command.
const ALIKE: f64 = 0.75;

/// What to explore, and how to draw it.
#[derive(Debug, Args)]
pub(crate) struct Explore {
    /// Folders with SBOMs, or single SBOM files, to explore
    ///
    /// Without one: the folder of the nearest downriver.yaml, looking upwards from here; else a sample repository that is
    /// built into the program.
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,

    /// Ask an advisory first: a file, or all in a folder; may be given several times
    ///
    /// With a match the explorer opens on what it reaches, not recorded; without one, on what could not be checked.
    #[arg(long = "advisory", value_name = "FILE")]
    pub advisories: Vec<PathBuf>,

    /// Draw with ASCII characters only
    #[arg(long)]
    pub ascii: bool,

    /// When to use colour
    #[arg(long, value_name = "WHEN", default_value_t = When::Auto)]
    pub color: When,

    #[command(flatten)]
    pub cache: Cache,

    #[command(flatten)]
    who: Who,
}

impl Explore {
    /// Where to read from, and what to tell the person about a choice they did not make.
    pub(crate) fn source(&self) -> (Source, Option<String>) {
        repository::source(&self.paths)
    }

    /// The key with which entries are signed.
    pub(crate) fn sign(&self) -> Option<PathBuf> {
        self.who.sign.clone()
    }

    /// The journal, where it is not the repository's own; who records; and what time it is, instead of asking the clock.
    pub(crate) fn journal(&self) -> (Option<PathBuf>, String, Option<Moment>) {
        let Which { journal, now } = &self.who.which;
        // A name that is none was refused before.
        (journal.clone(), self.who.actor().unwrap_or_default(), *now)
    }

    /// Refuses a path that is not there, a name that is none and a key that cannot be used, before the terminal is taken over.
    pub(super) fn check(&self) -> Result<(), Failure> {
        self.who.actor()?;
        self.who.sign.as_deref().map(desk::signer).transpose()?;
        if let Some(path) = self.advisories.iter().find(|path| !path.exists()) {
            let pasted = path.as_os_str() == advisories::STDIN;
            let written = path.to_string_lossy();
            let failure = Failure::new(Exit::Usage, format!("{}: no such file or folder", Untrusted::new(&written).show()));
            let hint =
                if pasted { "`downriver impact --advisory -` reads what is pasted" } else { "give an advisory that exists" };
            return Err(failure.hint(Some(hint.to_owned())));
        }
        let Some(path) = self.paths.iter().find(|path| !path.exists()) else { return Ok(()) };
        let written = path.to_string_lossy();
        let failure = Failure::new(Exit::Usage, format!("{}: no such file or folder", Untrusted::new(&written).show()));
        let commands = command();
        let near = commands.get_subcommands().map(clap::Command::get_name);
        let near = near.map(|name| (strsim::jaro_winkler(name, &written), name)).filter(|(likeness, _)| *likeness >= ALIKE);
        let nearest = near.max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, name)| format!("did you mean the command `{name}`?"));
        Err(failure.hint(nearest.or_else(|| Some("`downriver --help` lists the commands".to_owned()))))
    }
}
