//! Advisories that incidents keep, against what is given now: a copy to keep, and what another version would change.
//!
//! Invariant: what another version no longer means is told and closes nothing; a person's entry takes what it adds.
//! Absent on purpose: reading files, and recording.

use crate::graph::Graph;
use crate::incident::advised;
use crate::incident::journal::body::Question;
use crate::incident::journal::kept::Copied;
use crate::incident::journal::kept::Kept;
use crate::incident::worklist::Answer;
use crate::model::advisory::Advisory;
use crate::model::date::Day;
use crate::model::kind::Kind;
use crate::model::state::State;
use crate::query::advisory::advised::Advised;
use crate::query::advisory::answer;
use crate::query::impact;

/// How an advisory that an incident keeps stands now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Seen<'a> {
    pub entry: u64,
    pub kept: &'a Kept,
    pub now: Now,
}

/// What the files that were looked at say of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Now {
    /// The same, byte for byte.
    Same,
    Newer(Box<Newer>),
    /// No file that was looked at has it any more.
    Gone,
}

/// Another version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Newer {
    /// What it is called there.
    pub id: String,
    /// Where it stands.
    pub files: Vec<String>,
    /// `modified` as written.
    pub modified: Option<String>,
    /// The publisher took it back.
    pub withdrawn: Option<Day>,
    /// Printed ids of deployments that the incident would come to reach, or to reach more surely.
    pub opens: Vec<String>,
    /// Printed ids of deployments that the kept version reaches and this one does not.
    pub drops: Vec<String>,
}

/// A copy of all that is said about one vulnerability. The error says why there is none; safe to print.
pub(crate) fn copy(advised: &Advised, answer: &answer::Answer) -> Result<Kept, String> {
    let mut names: Vec<String> = advised.members(answer).flat_map(|(_, advisory)| advisory.names()).collect();
    names.sort_unstable();
    names.dedup();
    let mut files: Vec<(&str, Option<&str>)> = advised.members(answer).map(|(number, _)| advised.text(number)).collect();
    files.sort_unstable();
    files.dedup();
    let copy = |(file, text): (&str, Option<&str>)| {
        let why = || format!("{} is no UTF-8, or larger than 4 MiB", crate::incident::words::shown(file));
        text.map(|text| Copied::new(file, text)).ok_or_else(why)
    };
    let copies = files.into_iter().map(copy).collect::<Result<_, _>>()?;
    Ok(Kept { id: advised.id(answer).to_owned(), names, copies })
}

/// How the advisories that an incident keeps stand in what was read now: the last version of each.
pub(crate) fn compare<'a>(graph: &Graph, incident: &Answer<'a>, advised: &Advised) -> Vec<Seen<'a>> {
    let kept = incident.case.advisories.iter();
    let last = kept.filter(|(entry, kept)| incident.case.keeps(&kept.names).is_some_and(|(last, _)| last == entry));
    last.map(|(entry, kept)| Seen { entry: *entry, kept, now: now(graph, incident, *entry, kept, advised) }).collect()
}

fn now(graph: &Graph, incident: &Answer<'_>, entry: u64, kept: &Kept, advised: &Advised) -> Now {
    let about = |answer: &&answer::Answer| {
        let names: Vec<String> = advised.members(answer).flat_map(|(_, advisory)| advisory.names()).collect();
        kept.is_about(&names)
    };
    let Some(answer) = advised.answers.iter().find(about) else { return Now::Gone };
    if copy(advised, answer).is_ok_and(|now| now.says_the_same(kept)) {
        return Now::Same;
    }
    let members: Vec<&Advisory> = advised.members(answer).map(|(_, advisory)| advisory).collect();
    let asks = advised::question(graph, &members, &answer.starts).filter(|_| answer.withdrawn.is_none());
    let before = incident.case.parts.iter().find(|(seq, _)| *seq == entry).map(|(_, question)| reach(graph, question));
    let after = asks.map(|asks| reach(graph, &asks.question));
    let state = |impact: &Option<impact::Impact>, id| impact.as_ref().map_or(State::Clear, |impact| impact.state(id));
    let is_reached = |state: State| state.is_reached();
    let (mut opens, mut drops) = (Vec::new(), Vec::new());
    for id in graph.of_kind(Kind::Deployment) {
        let (was, will, all) = (state(&before, id), state(&after, id), incident.impact.state(id));
        if is_reached(will) && will < all {
            opens.push(graph.id(id).as_key().to_owned());
        }
        if is_reached(was) && !is_reached(will) {
            drops.push(graph.id(id).as_key().to_owned());
        }
    }
    let mut files: Vec<String> = advised.members(answer).map(|(number, _)| advised.file(number).to_owned()).collect();
    files.dedup();
    let modified = members.iter().filter_map(|advisory| advisory.modified.clone()).max();
    Now::Newer(Box::new(Newer { id: advised.id(answer).to_owned(), files, modified, withdrawn: answer.withdrawn, opens, drops }))
}

fn reach(graph: &Graph, question: &Question) -> impact::Impact {
    impact::impact(graph, &question.marks(graph).unwrap_or_default().marks)
}
