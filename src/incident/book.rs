//! What the entries of a journal mean together: incidents, and what was decided in each.
//!
//! Invariant: the order is that of the entries, never that of their times; folding is the same whoever wrote them.
//! Invariant: a journal that is not believed (nobody here accepted it, or something is wrong with it: an undo may have been
//! cut out of it) can only widen an answer: it opens, grows and takes decisions back, and contains, closes and settles nothing.
//! So can an entry whose signature is not one of it.
//! Absent on purpose: what is downstream now, and with it whether a decision still stands (`incident::worklist`).

use crate::incident::journal::Entry;
use crate::incident::journal::body::Action;
use crate::incident::journal::body::Basis;
use crate::incident::journal::body::Body;
use crate::incident::journal::body::Decide;
use crate::incident::journal::body::Done;
use crate::incident::journal::body::Question;
use crate::incident::journal::body::Share;
use crate::incident::journal::kept::Kept;
use crate::model::moment::End;
use crate::model::moment::Moment;
use crate::trust::Answer;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// Which entry said so, when and by whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct By {
    pub seq: u64,
    pub time: Moment,
    pub actor: String,
    pub signature: Answer,
}

/// All incidents of a journal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Book {
    /// In the order of opening. Those whose opening was undone are among them.
    pub cases: Vec<Case>,
}

/// One incident.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Case {
    /// `INC-1`.
    pub id: String,
    pub opened: By,
    pub undone: Option<By>,
    /// What it asks, the first question first; the number is that of the entry that asks it.
    pub parts: Vec<(u64, Question)>,
    /// The advisories that it keeps, each with the entry that has it, in order.
    pub advisories: Vec<(u64, Kept)>,
    /// When it became known.
    pub aware: Moment,
    pub reason: Option<String>,
    pub lead: String,
    pub rows: BTreeMap<String, Row>,
    pub notes: Vec<Noted>,
    /// By name of a report: who filed it first.
    pub reports: BTreeMap<String, By>,
    pub closed: Option<Closed>,
}

/// What was said of one deployment in one incident.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Row {
    /// In order; the last one counts.
    pub decisions: Vec<Decision>,
    /// The last decision that was taken back: what it was, who took it back, why.
    pub undone: Option<(&'static str, By, Option<String>)>,
    pub owner: Option<String>,
    pub ticket: Option<String>,
}

/// A decision that was not taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Decision {
    pub by: By,
    pub action: Action,
    pub due: Option<End>,
    pub meanwhile: Option<String>,
    pub note: Option<String>,
    pub basis: Basis,
    /// Who said how much of it is done, and how much; whole without a share.
    pub done: Option<(By, Option<Share>)>,
    /// It may contain something.
    pub believed: bool,
}

/// Something worth keeping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Noted {
    pub by: By,
    pub deployment: Option<String>,
    pub text: String,
    pub report: Option<String>,
}

/// How an incident was closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Closed {
    pub by: By,
    pub reason: Option<String>,
    /// Rows that were open and named, with their states.
    pub open: BTreeMap<String, String>,
}

impl By {
    fn of(entry: &Entry) -> Self {
        Self { seq: entry.seq, time: entry.time, actor: entry.actor.clone(), signature: entry.signature().clone() }
    }

    /// Whether a person's name stands there.
    fn is_named(&self) -> bool {
        self.actor.chars().any(char::is_alphanumeric)
    }
}

impl Decision {
    /// Whether it is wholly done.
    pub(crate) fn is_done(&self) -> bool {
        self.done.as_ref().is_some_and(|(_, share)| share.is_none_or(|share| share.done >= share.of))
    }
}

/// By position of an entry: the position of the undo that makes it count no more.
///
/// An undo that was itself undone counts no more either, so that one more undo does again what was undone. From the end
/// backwards, whether an undo counts is known before what it names is looked at.
pub(crate) fn undone(entries: &[Entry], believed: bool) -> Vec<Option<usize>> {
    let mut row_of: FxHashMap<u64, usize> = FxHashMap::default();
    for (row, entry) in entries.iter().enumerate() {
        row_of.entry(entry.seq).or_insert(row);
    }
    let mut undone = vec![None; entries.len()];
    for (row, entry) in entries.iter().enumerate().rev() {
        let Body::Undo(undo) = &entry.body else { continue };
        let target = row_of.get(&undo.entry).copied().filter(|target| *target < row);
        if let (Some(target), None) = (target, undone.get(row).copied().flatten()) {
            let widens = entries.get(target).is_some_and(|entry| matches!(entry.body, Body::Decide(_)));
            if let Some(slot) = undone.get_mut(target).filter(|_| (believed && !entry.is_forged()) || widens) {
                *slot = Some(row);
            }
        }
    }
    undone
}

/// Folds the entries of a journal.
pub(crate) fn fold(entries: &[Entry], believed: bool) -> Book {
    let undone = undone(entries, believed);
    let mut book = Book::default();
    for (row, entry) in entries.iter().enumerate() {
        let undo = undone.get(row).copied().flatten().and_then(|row| entries.get(row));
        book.add(entry, believed, undo);
    }
    book
}

impl Book {
    /// The incident with an id, in any case.
    pub(crate) fn case(&self, id: &str) -> Option<&Case> {
        self.cases.iter().find(|case| case.id.eq_ignore_ascii_case(id))
    }

    /// The id of the next incident: one that no incident has, undone ones included.
    pub(crate) fn next_id(&self) -> String {
        let number = |case: &Case| case.id.strip_prefix("INC-")?.parse::<u64>().ok();
        let last = self.cases.iter().filter_map(number).max().unwrap_or(0);
        format!("INC-{}", last.saturating_add(1))
    }

    /// The open incident that already asks just this; of one incident only, where it is named.
    pub(crate) fn same(&self, question: &Question, only: Option<&str>) -> Option<&Case> {
        let asked = question.normal();
        let meant = |case: &&Case| case.is_open() && only.is_none_or(|only| case.id.eq_ignore_ascii_case(only));
        let open = self.cases.iter().filter(meant);
        open.rev().find(|case| case.parts.iter().any(|(_, part)| part.normal() == asked))
    }

    /// The open incident that keeps an advisory with one of these names; of several the last.
    pub(crate) fn keeps(&self, names: &[String]) -> Option<&Case> {
        self.cases.iter().rev().find(|case| case.is_open() && case.keeps(names).is_some())
    }

    fn add(&mut self, entry: &Entry, believed: bool, undo: Option<&Entry>) {
        let (by, believed) = (By::of(entry), believed && !entry.is_forged());
        if let Body::Open(open) = &entry.body {
            if let Some(case) = self.case_mut(&open.incident) {
                // Whoever claims a number that is taken asks more of the incident that has it.
                if undo.is_none() {
                    case.ask(entry.seq, &open.question, open.advisory.as_ref());
                }
                return;
            }
            self.cases.push(Case {
                id: open.incident.clone(),
                lead: entry.actor.clone(),
                opened: by,
                undone: undo.map(By::of),
                parts: vec![(entry.seq, open.question.clone())],
                advisories: open.advisory.iter().map(|kept| (entry.seq, kept.clone())).collect(),
                aware: open.aware.unwrap_or(entry.time),
                reason: open.reason.clone(),
                rows: BTreeMap::new(),
                notes: Vec::new(),
                reports: BTreeMap::new(),
                closed: None,
            });
            return;
        }
        let Some(case) = entry.body.incident().and_then(|id| self.case_mut(id)) else { return };
        match (undo, &entry.body) {
            (Some(undo), Body::Decide(decide)) => case.take_back(decide, undo),
            (Some(_), _) => {}
            (None, _) => case.add(by, &entry.body, believed),
        }
    }

    fn case_mut(&mut self, id: &str) -> Option<&mut Case> {
        self.cases.iter_mut().find(|case| case.id == id)
    }
}

impl Case {
    /// Whether it was neither closed nor undone.
    pub(crate) fn is_open(&self) -> bool {
        self.closed.is_none() && self.undone.is_none()
    }

    fn row(&mut self, deployment: &str) -> &mut Row {
        self.rows.entry(deployment.to_owned()).or_default()
    }

    fn ask(&mut self, entry: u64, question: &Question, advisory: Option<&Kept>) {
        self.parts.push((entry, question.clone()));
        self.advisories.extend(advisory.map(|kept| (entry, kept.clone())));
    }

    /// The last version that it keeps of an advisory with one of these names, and the entry that has it.
    pub(crate) fn keeps(&self, names: &[String]) -> Option<&(u64, Kept)> {
        self.advisories.iter().rev().find(|(_, kept)| kept.is_about(names))
    }

    fn take_back(&mut self, decide: &Decide, undo: &Entry) {
        let Body::Undo(undone) = &undo.body else { return };
        let row = self.row(&decide.deployment);
        if row.undone.as_ref().is_none_or(|(_, by, _)| by.seq < undo.seq) {
            row.undone = Some((decide.action.word(), By::of(undo), undone.reason.clone()));
        }
    }

    fn add(&mut self, by: By, body: &Body, believed: bool) {
        match body {
            Body::Grow(grow) => self.ask(by.seq, &grow.question, grow.advisory.as_ref()),
            Body::Decide(decide) => {
                let Decide { deployment, action, due, meanwhile, note, basis, .. } = decide;
                let decision = Decision {
                    believed: believed && by.is_named(),
                    by,
                    action: action.clone(),
                    due: *due,
                    meanwhile: meanwhile.clone(),
                    note: note.clone(),
                    basis: basis.clone(),
                    done: None,
                };
                let row = self.row(deployment);
                row.decisions.push(decision);
            }
            Body::Note(note) => {
                if let Some(report) = note.report.as_ref().filter(|_| believed) {
                    self.reports.entry(report.clone()).or_insert_with(|| by.clone());
                }
                let (deployment, text, report) = (note.deployment.clone(), note.text.clone(), note.report.clone());
                self.notes.push(Noted { by, deployment, text, report });
            }
            _ if !believed => {}
            Body::Done(Done { deployment, decision, share, .. }) => {
                let decided = self.row(deployment).decisions.iter_mut().find(|decided| decided.by.seq == *decision);
                if let Some(decision) = decided.filter(|decision| decision.action.is_work()) {
                    decision.done = Some((by, *share));
                }
            }
            Body::Assign(assign) => self.row(&assign.deployment).owner = Some(assign.owner.clone()),
            Body::Take(_) => self.lead = by.actor,
            Body::Link(link) => self.row(&link.deployment).ticket = Some(link.ticket.clone()),
            Body::Close(close) => {
                self.closed = Some(Closed { by, reason: close.reason.clone(), open: close.open.clone() });
            }
            Body::Open(_) | Body::Undo(_) | Body::Other { .. } => {}
        }
    }
}

impl Question {
    /// The same question, however it was typed.
    fn normal(&self) -> Self {
        let mut selectors: Vec<String> = self.selectors.iter().map(|selector| selector.trim().to_owned()).collect();
        selectors.sort();
        selectors.dedup();
        Self { selectors, ..self.clone() }
    }
}

#[cfg(test)]
mod tests;
