//! The options that every command takes: which repository, which form, which colours.

use crate::load::Source;
use crate::model::settings::SETTINGS_FILE;
use crate::store::Choice;
use clap::Args;
use clap::ValueEnum;
use std::env;
use std::fmt;
use std::io::IsTerminal;
use std::path::PathBuf;

/// Where to read from and how to write.
#[derive(Debug, Args)]
#[command(next_help_heading = "Repository and output")]
pub(super) struct Repository {
    /// Folder with SBOMs, or one SBOM file; may be given several times
    ///
    /// Without it: the folder of the nearest downriver.yaml, looking upwards from here; else a sample repository that is
    /// built into the program.
    #[arg(short = 'r', long = "repo", value_name = "PATH")]
    pub repo: Vec<PathBuf>,

    /// Form of the answer
    #[arg(long, value_name = "FORM", default_value_t = Form::Text)]
    pub format: Form,

    /// When to use colour
    ///
    /// `auto` means on a terminal only; `NO_COLOR` and `CLICOLOR_FORCE` are obeyed.
    #[arg(long, value_name = "WHEN", default_value_t = When::Auto)]
    pub color: When,

    #[command(flatten)]
    pub cache: Cache,
}

/// Whether anything is kept between runs.
#[derive(Debug, Args)]
pub(crate) struct Cache {
    /// Keep nothing between runs, and use nothing that was kept
    ///
    /// Otherwise what was read is kept in the platform's cache folder, or in the one that `DOWNRIVER_CACHE` names (`off`:
    /// none). It makes the next start faster, never changes an answer, and can be deleted at any time.
    #[arg(long)]
    pub no_cache: bool,
}

impl Cache {
    /// Where it is kept.
    pub(crate) fn choice(&self) -> Choice {
        Choice::new(self.no_cache, env::var_os("DOWNRIVER_CACHE"))
    }
}

/// Form of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Form {
    /// For people, at 80 columns
    Text,
    /// For programs; its schema is in assets/schemas
    Json,
}

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum When {
    /// On a terminal
    Auto,
    Always,
    Never,
}

impl When {
    /// Whether to colour what goes to `stream`. A choice on the command line beats `NO_COLOR`, which beats `CLICOLOR_FORCE`.
    pub(crate) fn applies_to(self, stream: &impl IsTerminal) -> bool {
        let set = |name| env::var_os(name).is_some_and(|value| !value.is_empty() && value != "0");
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto if env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()) => false,
            Self::Auto if set("CLICOLOR_FORCE") => true,
            Self::Auto => stream.is_terminal() && env::var_os("TERM").is_none_or(|term| term != "dumb"),
        }
    }
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text => "text",
            Self::Json => "json",
        })
    }
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Auto => "auto",
            Self::Always => "always",
            Self::Never => "never",
        })
    }
}

/// Where to read from, given what was typed, and what to tell the person about a choice they did not make.
pub(crate) fn source(paths: &[PathBuf]) -> (Source, Option<String>) {
    if !paths.is_empty() {
        return (Source::Paths(paths.to_vec()), None);
    }
    let here = env::current_dir().unwrap_or_default();
    let Some(top) = here.ancestors().find(|folder| folder.join(SETTINGS_FILE).is_file()) else {
        let note = format!("no {SETTINGS_FILE} here or above: this is the sample repository built into downriver");
        return (Source::Sample, Some(note));
    };
    let steps = here.strip_prefix(top).map_or(0, |below| below.components().count());
    let shown: PathBuf = if steps == 0 { ".".into() } else { vec![".."; steps].iter().collect() };
    let note = (steps > 0).then(|| format!("the repository is {}, where {SETTINGS_FILE} is", shown.display()));
    (Source::Paths(vec![shown]), note)
}
