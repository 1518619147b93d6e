//! One question to one repository: loading it, finding what a selector means, and writing the answer.

use crate::cli::exit::Exit;
use crate::cli::exit::Failure;
use crate::cli::messages;
use crate::cli::output::text::paint::Paint;
use crate::cli::repository;
use crate::cli::repository::Form;
use crate::cli::repository::Repository;
use crate::graph::Graph;
use crate::graph::ids::ComponentId;
use crate::graph::selector::Selector;
use crate::graph::selector::SelectorError;
use crate::load::Source;
use crate::load::Totals;
use crate::model::document::Format;
use crate::query::select;
use crate::query::select::OneError;
use crate::query::select::Scope;
use crate::query::select::Selection;
use crate::query::typed;
use crate::store;
use crate::store::Joined;
use crate::store::Keep;
use crate::store::Place;
use crate::text::Untrusted;
use std::io;
use std::io::BufWriter;
use std::io::Write;
use std::sync::atomic::AtomicBool;

/// How many near names are offered for one that matches nothing.
const SUGGESTIONS: usize = 3;

/// Said where a repository holds no SBOM.
const NO_SBOM: &str = "no SBOM in the repository; formats read: ml_sbom, CycloneDX JSON, SPDX 2 JSON, SPDX 3 JSON-LD";

/// How many candidates an ambiguous reference lists.
const CANDIDATES: usize = 20;

/// A loaded repository and the form in which to answer.
pub(super) struct Session {
    pub source: Source,
    pub graph: Graph,
    pub totals: Totals,
    keep: Keep,
    pub form: Form,
    pub paint: Paint,
}

impl Session {
    /// Loads the repository, and tells what could not be read.
    pub(super) fn open(repository: &Repository) -> Result<Self, Failure> {
        let (source, note) = repository::source(&repository.repo);
        if let Some(note) = note {
            messages::note(&note);
        }
        let progress = messages::Progress::new();
        let place = Place::new(&repository.cache.choice(), &source);
        let opened = store::open(&source, place.as_ref(), &AtomicBool::new(false), &|event| progress.event(&event));
        progress.end();
        let Joined { graph, totals, keep, .. } = opened.map_err(|error| {
            let message = Untrusted::new(&error.to_string()).show().into_string();
            Failure::new(Exit::Usage, message).hint(Some(error.hint().to_owned()))
        })?;
        messages::problems(&graph);
        let session = Self {
            source,
            graph,
            totals,
            keep,
            form: repository.format,
            paint: Paint::new(repository.color.applies_to(&io::stdout())),
        };
        if session.without_sbom() == Some(Exit::NoSbom) {
            messages::note(NO_SBOM);
        }
        Ok(session)
    }

    /// How to leave, given whether something was found.
    pub(super) fn exit(&self, found: bool) -> Exit {
        match self.without_sbom() {
            Some(exit) => exit,
            None if found => Exit::Findings,
            None if self.incomplete() => Exit::Incomplete,
            None => Exit::Done,
        }
    }

    /// The one component that `written` means.
    pub(super) fn one(&self, written: &str) -> Result<ComponentId, Failure> {
        if let Some(component) = typed::printed(&self.graph, written) {
            return Ok(component);
        }
        let selector = Selector::parse(written).map_err(|error| malformed(&error))?;
        match select::one(&self.graph, &selector) {
            Ok(component) => Ok(component),
            Err(OneError::Nothing) => Err(self.no_match(written)),
            Err(OneError::Ambiguous(candidates)) => Err(self.ambiguous(written, &candidates)),
        }
    }

    /// What `written` selects; nothing, where it matches nothing.
    pub(super) fn select(&self, written: &str, scope: Scope) -> Result<Selection, Failure> {
        typed::select(&self.graph, written, scope).map_err(|error| malformed(&error))
    }

    /// The answer to a reference that matches nothing: near names, so that a misspelling is seen.
    pub(super) fn no_match(&self, written: &str) -> Failure {
        let near = select::nearest(&self.graph, written, SUGGESTIONS, &|| true).unwrap_or_default();
        let near: Vec<String> = near.into_iter().map(|c| format!("`{}`", self.graph.id(c).show())).collect();
        let exit = self.without_sbom().unwrap_or(Exit::NoSuchReference);
        let failure = Failure::new(exit, format!("no component matches `{}`", Untrusted::new(written).show()));
        failure.hint((!near.is_empty()).then(|| format!("did you mean {}?", near.join(" or "))))
    }

    /// The answer to a reference that means several components.
    pub(super) fn ambiguous(&self, written: &str, candidates: &[ComponentId]) -> Failure {
        let shown = Untrusted::new(written).show();
        let mut lines = vec![format!("`{shown}` means {} components:", candidates.len())];
        let line = |id: &ComponentId| format!("  {:<11} {}", self.graph.kind(*id), self.graph.id(*id).show());
        lines.extend(candidates.iter().take(CANDIDATES).map(line));
        if candidates.len() > CANDIDATES {
            lines.push(format!("  {} more", candidates.len() - CANDIDATES));
        }
        let message = lines.join("\n");
        Failure::new(Exit::Usage, message).hint(Some("use one of these ids, or put the kind in front: `model:NAME`".to_owned()))
    }

    fn incomplete(&self) -> bool {
        self.graph.n_unread() > 0 || !self.graph.complete()
    }

    /// How to leave a repository that holds no SBOM, or nothing but unread files.
    fn without_sbom(&self) -> Option<Exit> {
        let none = self.graph.documents().iter().all(|document| document.format == Format::Inventory);
        none.then(|| if self.incomplete() { Exit::Incomplete } else { Exit::NoSbom })
    }
}

impl Drop for Session {
    /// What the next run need not read again is written when the answer is.
    fn drop(&mut self) {
        std::mem::replace(&mut self.keep, Keep::Nothing).finish(&self.graph);
    }
}

/// A text that is no selector is wrong usage.
pub(super) fn malformed(error: &SelectorError) -> Failure {
    Failure::new(Exit::Usage, error.to_string()).hint(Some(error.hint().to_owned()))
}

/// Writes an answer whose exit code is decided. A reader that has seen enough and closed the pipe changes nothing; bytes
/// that could not be written for another reason are an incomplete answer.
pub(super) fn answer(exit: Exit, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Exit {
    let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    let written = write(&mut out).and_then(|()| out.flush());
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            let said = messages::fail(&Failure::new(Exit::Incomplete, format!("the answer could not be written: {error}")));
            if exit == Exit::Done { said } else { exit }
        }
        Ok(()) | Err(_) => exit,
    }
}
