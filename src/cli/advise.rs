//! Advisories for `impact`: read, asked, and put together with how old everything is.

use crate::cli::exit::Exit;
use crate::cli::exit::Failure;
use crate::cli::messages;
use crate::cli::session::Session;
use crate::load::advisories;
use crate::load::again;
use crate::load::git::Clones;
use crate::model::advisory::files::AdvisoryFiles;
use crate::model::date::Day;
use crate::model::document::Format;
use crate::query::advisory::Options;
use crate::query::advisory::advised as query;
use crate::text::Untrusted;
use clap::Args;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::SystemTime;

/// At most so many inventories are read again for their age.
const INVENTORIES: usize = 50;

/// Which advisories are asked, and how.
#[derive(Debug, Args)]
#[command(next_help_heading = "Advisories")]
pub(super) struct Advise {
    /// Ask an advisory: a file, all in a folder, or `-` for what is pasted; may be given several times
    ///
    /// OSV (JSON, YAML), OpenVEX, CycloneDX VEX, CSAF and `ml_advisory`, told by their content. Several about one
    /// vulnerability are answered as one.
    #[arg(long = "advisory", value_name = "FILE")]
    pub files: Vec<PathBuf>,

    /// A clone that tells which commit comes before which; git only reads it; may be given several times
    #[arg(long, value_name = "DIR", requires = "files")]
    git: Vec<PathBuf>,

    /// Leave out what VEX statements say
    ///
    /// They never change a state here: no signature makes one trusted yet.
    #[arg(long, requires = "files")]
    no_vex: bool,

    /// The day from which ages are counted, instead of today (YYYY-MM-DD, or a time)
    #[arg(long, value_name = "TIME", value_parser = super::how::day, requires = "files")]
    now: Option<Day>,
}

/// What was read.
pub(super) struct Given {
    files: Arc<AdvisoryFiles>,
    clones: Clones,
}

/// All advisories, asked, with what the answer says besides.
pub(super) struct Advised {
    pub told: query::Advised,
    /// File and time as written of each inventory, by file.
    pub inventories: Vec<(String, Option<String>)>,
    pub show_vex: bool,
    pub now: Day,
}

impl Advise {
    /// Reads what was given, and tells what could not be read.
    pub(super) fn read(&self) -> Result<Given, Failure> {
        let clones = Clones::open(&self.git)
            .map_err(|error| usage(&error, "give the folder of a clone; without one commits are compared only"))?;
        let files = advisories::advisories(&self.files, &mut io::stdin().lock());
        let files = files.map_err(|error| usage(&error, "give a file or folder that exists, or `-`"))?;
        messages::unread(files.files.iter().flat_map(|file| &file.findings));
        if files.passed_over > 0 {
            messages::note(&format!(
                "{} in the folders given as advisories are none",
                crate::text::count(files.passed_over, "file")
            ));
        }
        Ok(Given { files: Arc::new(files), clones })
    }

    /// Asks all advisories that were read.
    pub(super) fn ask(&self, session: &Session, given: &Given, options: &Options<'_>) -> Advised {
        Advised {
            told: query::Advised::new(&session.graph, Arc::clone(&given.files), options),
            inventories: inventories(session),
            show_vex: !self.no_vex,
            now: self.now.unwrap_or_else(today),
        }
    }
}

impl Given {
    /// Whether one commit comes before another, as the clones know.
    pub(super) fn is_ancestor(&self, first: &str, second: &str) -> Option<bool> {
        self.clones.is_ancestor(first, second)
    }

    /// Whether something in the advisories was not read.
    pub(super) fn is_incomplete(&self) -> bool {
        self.files.files.iter().any(|file| file.unread().next().is_some())
    }
}

/// When each inventory of the repository was true, as it says itself.
fn inventories(session: &Session) -> Vec<(String, Option<String>)> {
    let graph = &session.graph;
    let documents = graph.documents().iter().filter(|document| document.format == Format::Inventory);
    let mut files: Vec<&str> = documents.map(|document| graph.text(document.file).as_key()).collect();
    files.dedup();
    let taken = |file: &str| {
        let documents = again::documents(&session.source, file);
        documents.iter().find_map(|document| {
            let field = document.fields.iter().find(|field| document.texts.key(field.key) == "inventory.taken")?;
            Some(document.texts.key(field.value).to_owned())
        })
    };
    files.into_iter().take(INVENTORIES).map(|file| (file.to_owned(), taken(file))).collect()
}

fn today() -> Day {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    Day::of_number(i64::try_from(since.as_secs() / 86_400).unwrap_or_default())
}

fn usage(error: &(impl std::error::Error + 'static), hint: &str) -> Failure {
    let source = error.source().map_or_else(String::new, |source| format!(": {source}"));
    let message = Untrusted::new(&format!("{error}{source}")).show().into_string();
    Failure::new(Exit::Usage, message).hint(Some(hint.to_owned()))
}
