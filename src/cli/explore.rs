//! `downriver [PATH...]`: what the explorer is told by the command line.

use crate::cli::command;
use crate::cli::exit::Exit;
use crate::cli::exit::Failure;
use crate::cli::repository;
use crate::cli::repository::When;
use crate::load::Source;
use crate::text::Untrusted;
use clap::Args;
use std::env;
use std::io;
use std::path::PathBuf;

/// Below this likeness a word is not taken for a misspelt command.
const ALIKE: f64 = 0.75;

/// What the built-in repository is called.
const SAMPLE: &str = "sample-sboms";

/// What to explore, and how to draw it.
#[derive(Debug, Args)]
pub(crate) struct Explore {
    /// Folders with SBOMs, or single SBOM files, to explore
    ///
    /// Without one: the folder of the nearest downriver.yaml, looking upwards from here; else a sample repository that is
    /// built into the program.
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,

    /// Draw with ASCII characters only
    #[arg(long)]
    pub ascii: bool,

    /// When to use colour
    #[arg(long, value_name = "WHEN", default_value_t = When::Auto)]
    pub color: When,
}

impl Explore {
    /// Where to read from, and what to tell about a choice that the person did not make.
    pub(crate) fn source(&self) -> (Source, Option<String>) {
        repository::source(&self.paths)
    }

    /// What the repository is called on screen, escaped.
    pub(crate) fn label(source: &Source) -> String {
        let Source::Paths(paths) = source else { return SAMPLE.to_owned() };
        let name = |path: &PathBuf| {
            let whole = path.canonicalize().unwrap_or_else(|_| path.clone());
            let name = whole.file_name().map(|name| name.to_string_lossy().into_owned());
            Untrusted::new(name.as_deref().unwrap_or("/")).show().into_string()
        };
        paths.iter().map(name).collect::<Vec<_>>().join(" ")
    }

    /// Whether to draw in ASCII: asked for, or the terminal or its locale shows nothing else rightly (screens.md section 2).
    pub(crate) fn draws_ascii(&self) -> bool {
        let set = |name: &str| env::var(name).ok().filter(|value| !value.is_empty());
        let locale = set("LC_ALL").or_else(|| set("LC_CTYPE")).or_else(|| set("LANG")).unwrap_or_default().to_lowercase();
        let utf8 = locale.contains("utf-8") || locale.contains("utf8");
        // There the characters of our borders may take two cells.
        let wide = ["zh", "ja", "ko"].iter().any(|language| locale.starts_with(language));
        self.ascii || !utf8 || wide || set("TERM").is_some_and(|term| matches!(term.as_str(), "dumb" | "vt100"))
    }

    /// Whether to use colour on the terminal.
    pub(crate) fn colors(&self) -> bool {
        self.color.applies_to(&io::stdout())
    }

    /// Refuses a path that is not there, before the terminal is taken over.
    pub(super) fn check(&self) -> Result<(), Failure> {
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
