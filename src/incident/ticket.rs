//! What there is to do in an incident as tickets and pages: who is told what, under a name that stays the same.
//!
//! Invariant: a key depends on the journal, the incident and what the ticket is about, so that a second export of the same
//! finds the first.
//! Absent on purpose: the forms in which they leave, and sending anything.

use crate::graph::Graph;
use crate::incident::journal::Hash;
use crate::incident::worklist::Answer;
use crate::incident::worklist::Line;
use crate::model::moment::Moment;
use crate::model::settings::Contact;
use crate::model::state::State;
use std::collections::BTreeMap;

/// What one ticket is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Per {
    Deployment,
    Owner,
}

/// One ticket.
#[derive(Debug)]
pub(crate) struct Ticket<'a> {
    /// Letters, digits and dashes.
    pub key: String,
    pub owner: Option<&'a str>,
    pub contact: Option<&'a Contact>,
    /// Worst first; never empty.
    pub rows: Vec<&'a Line<'a>>,
}

/// Everybody who has rows in an incident, and those that are still to be decided or done.
#[derive(Debug)]
pub(crate) struct Page<'a> {
    /// Letters, digits and dashes.
    pub key: String,
    pub owner: Option<&'a str>,
    pub contact: Option<&'a Contact>,
    /// Open rows, worst first; none where the page is over.
    pub rows: Vec<&'a Line<'a>>,
}

/// The tickets of what is to be decided, found out or done; with `since`, of rows that an entry after that one is about.
pub(crate) fn tickets<'a>(
    graph: &'a Graph,
    journal: Hash,
    answer: &'a Answer<'a>,
    per: Per,
    since: Option<u64>,
) -> Vec<Ticket<'a>> {
    let is_work = |line: &&Line<'_>| line.is_open() || line.is_to_find_out() || (line.is_contained() && !line.is_settled());
    let is_new = |line: &&Line<'_>| since.is_none_or(|since| last_entry(answer, line) > since);
    let rows: Vec<&Line<'_>> = answer.lines.iter().filter(is_work).filter(is_new).collect();
    let groups: Vec<(String, Vec<&Line<'_>>)> = match per {
        Per::Deployment => rows.into_iter().map(|line| (line.deployment.clone(), vec![line])).collect(),
        Per::Owner => by_owner(rows).into_iter().map(|(owner, rows)| (owner.unwrap_or_default().to_owned(), rows)).collect(),
    };
    let ticket = |(name, rows): (String, Vec<&'a Line<'a>>)| {
        let owner = rows.first().and_then(|line| line.owner.as_deref());
        let word = if per == Per::Owner { "owner" } else { "deployment" };
        let contact = owner.and_then(|owner| graph.settings().contact(owner));
        Ticket { key: key(journal, answer, word, &name), owner, contact, rows }
    };
    groups.into_iter().map(ticket).collect()
}

/// One page an owner.
pub(crate) fn pages<'a>(graph: &'a Graph, journal: Hash, answer: &'a Answer<'a>) -> Vec<Page<'a>> {
    let page = |(owner, rows): (Option<&'a str>, Vec<&'a Line<'a>>)| {
        let open = rows.into_iter().filter(|line| line.is_open() || line.is_to_find_out()).collect();
        let contact = owner.and_then(|owner| graph.settings().contact(owner));
        Page { key: key(journal, answer, "owner", owner.unwrap_or_default()), owner, contact, rows: open }
    };
    by_owner(answer.lines.iter().collect()).into_iter().map(page).collect()
}

fn by_owner<'a>(rows: Vec<&'a Line<'a>>) -> BTreeMap<Option<&'a str>, Vec<&'a Line<'a>>> {
    let mut groups: BTreeMap<Option<&str>, Vec<&Line<'_>>> = BTreeMap::new();
    for line in rows {
        groups.entry(line.owner.as_deref()).or_default().push(line);
    }
    groups
}

/// The number of the last entry that a row comes from.
fn last_entry(answer: &Answer<'_>, line: &Line<'_>) -> u64 {
    let asked = answer.case.parts.iter().map(|(entry, _)| *entry).max().unwrap_or(0);
    let row = answer.case.rows.get(&line.deployment);
    let undone = row.and_then(|row| row.undone.as_ref()).map_or(0, |(_, by, _)| by.seq);
    let done = line.decision.and_then(|decision| decision.done.as_ref()).map_or(0, |(by, _)| by.seq);
    line.decision.map_or(0, |decision| decision.by.seq).max(asked).max(undone).max(done)
}

fn key(journal: Hash, answer: &Answer<'_>, word: &str, name: &str) -> String {
    // Nothing of a name stands in a key as itself: it goes into spreadsheets and other people's systems.
    let about = Hash::of(format!("{journal}\n{}\n{word}\n{name}", answer.case.id).as_bytes()).to_string();
    format!("downriver-{word}-{}", about.get(..24).unwrap_or(&about))
}

impl Ticket<'_> {
    /// The state of its worst row.
    pub(crate) fn state(&self) -> State {
        self.rows.iter().filter_map(|line| line.state).min().unwrap_or(State::Contained)
    }

    /// When the first of its rows is due.
    pub(crate) fn due(&self) -> Option<Moment> {
        self.rows.iter().filter_map(|line| line.due).min()
    }

    /// In the words of Jira: by criticality where it is known, else by state.
    pub(crate) fn priority(&self) -> &'static str {
        let critical = |word: &str| {
            self.rows.iter().any(|line| line.criticality.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(word)))
        };
        match self.state() {
            _ if critical("critical") => "Highest",
            State::Affected => "High",
            State::Possible => "Medium",
            State::Unknown | State::Contained | State::Clear => "Low",
        }
    }
}
