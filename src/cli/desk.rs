//! A repository with its journal: what incidents say of it now, and recording what people decide.

use crate::cli::exit::Exit;
use crate::cli::exit::Failure;
use crate::cli::messages;
use crate::cli::repository;
use crate::cli::repository::Repository;
use crate::cli::session::Session;
use crate::graph::ids::ComponentId;
use crate::incident::book;
use crate::incident::book::Book;
use crate::incident::book::Case;
use crate::incident::journal::Draft;
use crate::incident::journal::Entry;
use crate::incident::journal::body::Body;
use crate::incident::standing::World;
use crate::incident::worklist::Answer;
use crate::load::Source;
use crate::load::evidence::Evidence;
use crate::load::trust;
use crate::model::kind::Kind;
use crate::model::moment::Moment;
use crate::store::folder::FolderError;
use crate::store::journal::Journal;
use crate::store::journal::JournalError;
use crate::store::journal::Memory;
use crate::store::signer::Signer;
use crate::text::Untrusted;
use crate::trust::signers::Signers;
use clap::Args;
use std::env;
use std::error::Error;
use std::path::Path;
use std::path::PathBuf;
use std::time::SystemTime;
use std::time::UNIX_EPOCH;

/// A name of an actor is cut to so many characters.
const ACTOR: usize = 200;

/// Which journal.
#[derive(Debug, Args)]
#[command(next_help_heading = "Journal")]
pub(super) struct Which {
    /// The journal, where it is not the repository's own
    ///
    /// Otherwise .downriver/journal.jsonl in the (first) repository; in your own state folder, or the one that
    /// `DOWNRIVER_STATE` names, where the repository cannot be written or is the sample built into the program.
    #[arg(long, value_name = "PATH")]
    pub journal: Option<PathBuf>,

    /// What time it is, instead of asking the clock (RFC 3339)
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub now: Option<Moment>,
}

/// Which journal, and who writes in it.
#[derive(Debug, Args)]
#[command(next_help_heading = "Journal")]
pub(super) struct Who {
    /// Who decides this; without it, the name of this account
    ///
    /// Between the two come `DOWNRIVER_ACTOR`, then `actor: NAME` in config.yaml of the platform's config folder, or of the
    /// folder that `DOWNRIVER_CONFIG` names (`off`: none).
    #[arg(long, value_name = "NAME")]
    pub actor: Option<String>,

    /// Sign what is recorded with this SSH key: a private key file, or the .pub file of a key in ssh-agent
    ///
    /// It counts where `trust.signers` of downriver.yaml names the key, for the namespace `downriver-journal`.
    #[arg(long, value_name = "KEY")]
    pub sign: Option<PathBuf>,

    #[command(flatten)]
    pub which: Which,
}

impl Which {
    /// What time it is.
    pub(super) fn now(&self) -> Moment {
        self.now.unwrap_or_else(clock)
    }

    /// Finds and reads the journal of a repository.
    pub(super) fn open(&self, source: &Source) -> Result<Journal, Failure> {
        let journal = Journal::open(source, self.journal.as_deref(), Memory::new(env::var_os("DOWNRIVER_STATE")));
        let mut journal = journal.map_err(|error| failed(&error))?;
        journal.trust(signers(source)?);
        tell(&mut journal);
        Ok(journal)
    }
}

impl Who {
    /// The name that is recorded: as given, else that of the account.
    pub(super) fn actor(&self) -> Result<String, Failure> {
        let account = || ["USER", "LOGNAME"].into_iter().find_map(|name| env::var(name).ok().filter(|name| !name.is_empty()));
        let user = || format!("user {}", rustix::process::getuid().as_raw());
        let name = self.actor.clone().or_else(account).unwrap_or_else(user);
        if !name.chars().any(char::is_alphanumeric) {
            return Err(Failure::new(Exit::Usage, "`--actor` is no name").hint(Some("say who decides this".to_owned())));
        }
        Ok(name.trim().chars().take(ACTOR).collect())
    }
}

/// Whom the owner of a repository trusts to sign.
pub(super) fn signers(source: &Source) -> Result<Signers, Failure> {
    trust::signers(source).map_err(|error| {
        let message = Untrusted::new(&error.to_string()).show().into_string();
        Failure::new(Exit::Usage, message).hint(Some(error.hint().to_owned()))
    })
}

/// A key to sign with.
pub(super) fn signer(path: &Path) -> Result<Signer, Failure> {
    Signer::open(path).map_err(|error| {
        let message = Untrusted::new(&error.to_string()).show().into_string();
        Failure::new(Exit::Usage, message).hint(Some(error.hint().to_owned()))
    })
}

/// What the clock says.
pub(crate) fn clock() -> Moment {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Moment::at(i64::try_from(since.as_secs()).unwrap_or(i64::MAX)).unwrap_or(Moment::BEGIN)
}

/// Says what there is to know of a journal besides what it holds.
pub(super) fn tell(journal: &mut Journal) {
    for note in journal.take_notes() {
        messages::note(Untrusted::new(&note).show().as_str());
    }
    let path = Untrusted::new(journal.path()).show().into_string();
    for fault in journal.faults() {
        messages::note(&format!("{path}:{}: {}", fault.line, fault.what));
    }
    if !journal.is_accepted() {
        messages::note(&format!("{path} came with the repository and decides nothing until you `downriver log accept` it"));
    } else if !journal.is_believed() {
        messages::note("something is wrong with the journal, so no decision in it counts: `downriver log verify`");
    }
}

/// What a failing journal means for the command.
pub(super) fn failed(error: &JournalError) -> Failure {
    let mut message = error.to_string();
    if let Some(source) = error.source() {
        message = format!("{message}: {source}");
    }
    let exit = match error {
        JournalError::NoPlace | JournalError::Refused { .. } | JournalError::NotAccepted { .. } => Exit::Usage,
        JournalError::Broken { .. } => Exit::Findings,
        JournalError::Unreadable { .. }
        | JournalError::NotRecorded { .. }
        | JournalError::Held { .. }
        | JournalError::Unwritable(_) => Exit::Incomplete,
    };
    Failure::new(exit, Untrusted::new(&message).show().into_string()).hint(Some(error.hint().to_owned()))
}

/// A loaded repository and its journal.
pub(super) struct Desk {
    pub session: Session,
    pub journal: Journal,
    pub now: Moment,
    evidence: Evidence,
}

impl Desk {
    /// Loads the repository, then its journal.
    pub(super) fn open(repository: &Repository, which: &Which) -> Result<Self, Failure> {
        let session = Session::open(repository)?;
        let journal = which.open(&session.source)?;
        let evidence = Evidence::new(&session.source, &session.graph);
        Ok(Self { session, journal, now: which.now(), evidence })
    }

    /// All incidents.
    pub(super) fn book(&self) -> Book {
        book::fold(self.journal.entries(), self.journal.is_believed())
    }

    /// Asks something about the world that decisions are held against.
    pub(super) fn with_world<R>(&self, ask: impl FnOnce(&World<'_>) -> R) -> R {
        self.evidence.with_world(&self.session.graph, self.now, ask)
    }

    /// Records what `plan` says, given all incidents as they are once the journal is ours alone. Returns the new entries.
    pub(super) fn record(
        &mut self,
        who: &Who,
        plan: impl FnOnce(&Book, &[Entry], &World<'_>) -> Result<Vec<Body>, Failure>,
    ) -> Result<Vec<Entry>, Failure> {
        let actor = who.actor()?;
        if let Some(path) = &who.sign {
            self.journal.sign_with(signer(path)?);
        }
        let (graph, evidence, now) = (&self.session.graph, &self.evidence, self.now);
        // Read before the lock is taken: it may take a while.
        let repository = evidence.repository(graph);
        let mut refused = None;
        let waits = || messages::note("another process is writing in the journal; waiting for it");
        let recorded = self.journal.record(&waits, |journal| {
            let book = book::fold(journal.entries(), journal.is_believed());
            let planned = evidence.with_world(graph, now, |world| plan(&book, journal.entries(), world));
            let bodies = planned.unwrap_or_else(|failure| {
                refused = Some(failure);
                Vec::new()
            });
            let draft = |body| Draft { time: now, actor: actor.clone(), body, repository: repository.clone() };
            bodies.into_iter().map(draft).collect()
        });
        for note in self.journal.take_notes() {
            messages::note(Untrusted::new(&note).show().as_str());
        }
        match (recorded, refused) {
            (Err(error), _) => Err(failed(&error)),
            (Ok(_), Some(failure)) => Err(failure),
            (Ok(n), None) => {
                let entries = self.journal.entries();
                Ok(entries.get(entries.len() - n..).unwrap_or_default().to_vec())
            }
        }
    }

    /// The files that were read or should have been, and the owner's settings, sorted, each with its digest as it is now;
    /// without one where it cannot be read.
    pub(super) fn inputs(&self) -> Vec<(String, Option<String>)> {
        self.evidence.inputs(&self.session.graph)
    }

    /// The deployment that `written` means: a printed id, or a label that only one has.
    pub(super) fn deployment(&self, written: &str) -> Result<ComponentId, Failure> {
        let graph = &self.session.graph;
        if let Some(id) = graph.by_id_of(Kind::Deployment, written.strip_prefix("deployment:").unwrap_or(written)) {
            return Ok(id);
        }
        let labelled: Vec<ComponentId> =
            graph.of_kind(Kind::Deployment).filter(|id| graph.label(*id).as_key() == written).collect();
        match labelled[..] {
            [only] => Ok(only),
            [] => Err(self.session.no_match(&format!("deployment:{}", written.trim_start_matches("deployment:")))),
            _ => Err(self.session.ambiguous(written, &labelled)),
        }
    }
}

/// The incident with an id, held against the world.
pub(super) fn answer<'a>(book: &Book, answers: &'a [Answer<'a>], id: &str) -> Result<&'a Answer<'a>, Failure> {
    let id = &case(book, id)?.id;
    answers.iter().find(|answer| answer.case.id == *id).ok_or_else(|| Failure::new(Exit::NoSuchReference, "no such incident"))
}

/// The incident with an id.
pub(super) fn case<'a>(book: &'a Book, id: &str) -> Result<&'a Case, Failure> {
    book.case(id).filter(|case| case.undone.is_none()).ok_or_else(|| {
        let failure = Failure::new(Exit::NoSuchReference, format!("no incident `{}`", Untrusted::new(id).show()));
        let ids: Vec<String> = book.cases.iter().map(|case| Untrusted::new(&case.id).show().into_string()).collect();
        let known = if ids.is_empty() { "there is none yet".to_owned() } else { format!("there is {}", ids.join(", ")) };
        failure.hint(Some(known))
    })
}

/// What a folder that could not be written means for the command.
pub(super) fn not_written(error: &FolderError) -> Failure {
    let mut message = error.to_string();
    if let Some(source) = error.source() {
        message = format!("{message}: {source}");
    }
    let exit = match error {
        FolderError::Inside { .. } | FolderError::NotEmpty { .. } => Exit::Usage,
        FolderError::NotWritten { .. } => Exit::Incomplete,
    };
    Failure::new(exit, Untrusted::new(&message).show().into_string()).hint(Some(error.hint().to_owned()))
}

/// Where to read from, for a command that needs the journal only.
pub(super) fn source(repository: &Repository) -> Result<Source, Failure> {
    let (source, note) = repository::source(&repository.repo);
    if let Some(note) = note {
        messages::note(&note);
    }
    if let Some(missing) = repository.repo.iter().find(|path| !path.exists()) {
        let shown = missing.to_string_lossy();
        return Err(Failure::new(Exit::Usage, format!("{}: no such file or folder", Untrusted::new(&shown).show())));
    }
    Ok(source)
}

/// Reads a moment.
pub(super) fn moment(written: &str) -> Result<Moment, String> {
    Moment::parse(written).ok_or_else(|| "not a time; write it as 2026-03-02T03:11:00Z".to_owned())
}
