//! Advisories given to `incident`: read, asked, and one of them chosen.

use crate::cli::desk::Desk;
use crate::cli::exit::Exit;
use crate::cli::exit::Failure;
use crate::cli::messages;
use crate::incident::advised;
use crate::incident::advised::Asks;
use crate::incident::journal::kept::Kept;
use crate::incident::keep;
use crate::incident::keep::Seen;
use crate::incident::worklist;
use crate::load::advisories;
use crate::load::git::Clones;
use crate::model::advisory::Advisory;
use crate::model::hazard::Hazard;
use crate::query::advisory::Options;
use crate::query::advisory::advised::Advised;
use crate::query::advisory::answer::Answer;
use crate::query::impact::Window;
use crate::text::Untrusted;
use clap::Args;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

/// At most so many ids are listed where one must be chosen.
const LISTED: usize = 20;

/// Which advisories.
#[derive(Debug, Args)]
#[command(next_help_heading = "Advisories")]
pub(super) struct Files {
    /// An advisory: a file, all in a folder, or `-` for what is pasted; may be given several times
    #[arg(long = "advisory", value_name = "FILE")]
    pub files: Vec<PathBuf>,

    /// A clone that tells which commit comes before which; git only reads it; may be given several times
    #[arg(long, value_name = "DIR", requires = "files")]
    git: Vec<PathBuf>,
}

/// What an incident is to be opened from.
pub(super) struct Chosen {
    pub id: String,
    pub asks: Asks,
    pub kept: Kept,
}

impl Files {
    /// Reads and asks all that was given and `more`, files that may be gone.
    pub(super) fn ask(&self, desk: &Desk, hazard: Option<Hazard>, more: &[PathBuf]) -> Result<Advised, Failure> {
        let clones = Clones::open(&self.git).map_err(|error| usage(&error, "give the folder of a clone"))?;
        let there = more.iter().filter(|path| path.is_file()).cloned();
        let paths: Vec<PathBuf> = self.files.iter().cloned().chain(there).collect();
        let files = advisories::advisories(&paths, &mut io::stdin().lock());
        let files = files.map_err(|error| usage(&error, "give a file or folder that exists, or `-`"))?;
        messages::unread(files.files.iter().flat_map(|file| &file.findings));
        let ancestry = |first: &str, second: &str| clones.is_ancestor(first, second);
        let options = Options { hazard, window: Window::default(), ancestry: &ancestry };
        Ok(Advised::new(&desk.session.graph, Arc::new(files), &options))
    }

    /// The one vulnerability that was given: the one of this id, else the only one, else the only one that meets something.
    pub(super) fn choose(&self, desk: &Desk, id: Option<&str>, hazard: Option<Hazard>) -> Result<Chosen, Failure> {
        let advised = self.ask(desk, hazard, &[])?;
        let answer = one(&advised, id)?;
        let shown = Untrusted::new(advised.id(answer)).show().into_string();
        if let Some(day) = answer.withdrawn {
            let failure = Failure::new(Exit::Usage, format!("{shown} was withdrawn on {day}: it asks nothing"));
            return Err(failure.hint(Some("`incident show INC --advisory FILE` says what that means for an incident".to_owned())));
        }
        let members: Vec<&Advisory> = advised.members(answer).map(|(_, advisory)| advisory).collect();
        let asks = advised::question(&desk.session.graph, &members, &answer.starts).filter(|_| !answer.starts.is_empty());
        let Some(mut asks) = asks else {
            let failure = Failure::new(Exit::NoSuchReference, format!("{shown} meets nothing here"));
            return Err(failure.hint(Some("`impact --advisory FILE` lists what could not be checked".to_owned())));
        };
        asks.question.hazard = hazard.or(asks.question.hazard);
        let kept = keep::copy(&advised, answer).map_err(|why| {
            let failure = Failure::new(Exit::Usage, format!("no copy of {shown} can be kept: {why}"));
            failure.hint(Some("give a file that has this advisory alone".to_owned()))
        })?;
        if asks.wider {
            messages::note(&format!("the incident asks more than {shown} says: not all of its words can be asked"));
        }
        Ok(Chosen { id: advised.id(answer).to_owned(), asks, kept })
    }
}

fn one<'a>(advised: &'a Advised, id: Option<&str>) -> Result<&'a Answer, Failure> {
    let all = &advised.answers;
    let candidates: Vec<&Answer> = match id {
        Some(id) => {
            let id = id.trim().to_lowercase();
            let has = |answer: &&Answer| advised.members(answer).any(|(_, advisory)| advisory.names().any(|name| name == id));
            all.iter().filter(has).collect()
        }
        None if all.len() > 1 => all.iter().filter(|answer| answer.matched && answer.withdrawn.is_none()).collect(),
        None => all.iter().collect(),
    };
    match candidates[..] {
        [only] => Ok(only),
        [] if all.is_empty() => {
            let failure = Failure::new(Exit::Incomplete, "none of what was given could be read as an advisory");
            Err(failure.hint(Some("give OSV, OpenVEX, CycloneDX VEX, CSAF or `ml_advisory`".to_owned())))
        }
        [] => {
            let what = if id.is_some() { "no advisory in what was given has this id" } else { "no advisory meets anything here" };
            Err(Failure::new(Exit::NoSuchReference, what).hint(Some(listed(advised, &all.iter().collect::<Vec<_>>()))))
        }
        _ => {
            let message = format!("{} advisories meet something here: an incident is opened from one", candidates.len());
            Err(Failure::new(Exit::Usage, message).hint(Some(listed(advised, &candidates))))
        }
    }
}

/// `name one with `--id`: A, B, 3 more`.
fn listed(advised: &Advised, answers: &[&Answer]) -> String {
    let shown = |answer: &&Answer| Untrusted::new(advised.id(answer)).show().into_string();
    let mut ids: Vec<String> = answers.iter().take(LISTED).map(shown).collect();
    if answers.len() > LISTED {
        ids.push(format!("{} more", answers.len() - LISTED));
    }
    format!("name one with `--id`: {}", ids.join(", "))
}

/// How the advisories that an incident keeps stand in what is given, and in the files that they came from; none where nothing
/// can be looked at.
pub(super) fn seen<'a>(desk: &Desk, incident: &worklist::Answer<'a>, files: &Files) -> Result<Vec<Seen<'a>>, Failure> {
    let copies = incident.case.advisories.iter().flat_map(|(_, kept)| &kept.copies);
    let own: Vec<PathBuf> =
        copies.map(|copy| copy.file.as_str()).filter(|file| *file != advisories::STDIN).map(PathBuf::from).collect();
    if own.is_empty() && files.files.is_empty() {
        return Ok(Vec::new());
    }
    let advised = files.ask(desk, None, if desk.journal.is_believed() { &own } else { &[] })?;
    Ok(keep::compare(&desk.session.graph, incident, &advised))
}

fn usage(error: &(impl std::error::Error + 'static), hint: &str) -> Failure {
    let source = error.source().map_or_else(String::new, |source| format!(": {source}"));
    let message = Untrusted::new(&format!("{error}{source}")).show().into_string();
    Failure::new(Exit::Usage, message).hint(Some(hint.to_owned()))
}
