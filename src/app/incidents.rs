//! The open incidents, as the journal has them, and drafts of what could not be recorded.
//!
//! Invariant: an incident is one of the journal, or says DRAFT; a draft contains nothing and is gone with the explorer.

use crate::app::App;
use crate::app::View;
use crate::app::effect::Effect;
use crate::app::reach::ReachOf;
use crate::app::snapshot::Sort;
use crate::app::verdict::Held;
use crate::graph::ids::ComponentId;
use crate::incident::journal::body::Question;
use crate::incident::wish::Wish;
use crate::text::Untrusted;
use std::sync::Arc;

/// One of them.
#[derive(Debug, Clone)]
pub(crate) struct Incident {
    /// `INC-1`, escaped; of a draft `DRAFT-1`.
    pub id: String,
    /// It, or some of what it asks, is in no journal.
    pub draft: bool,
    /// What it asks, the first question first.
    pub parts: Arc<[Question]>,
    pub reason: String,
    /// Until it is known what it marks: what was asked for.
    pub hazard: &'static str,
    /// Escaped; until it is known what it marks the first selector.
    pub label: String,
    /// What its first selector means in this graph, where that is one component.
    pub component: Option<ComponentId>,
}

/// What a person wanted recorded and was not.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    /// Of a new incident its own id, `DRAFT-1`.
    pub id: String,
    pub wish: Wish,
}

/// What decisions come to, and in which graph and journal.
#[derive(Debug, Default)]
pub(crate) struct Decided {
    held: Arc<Held>,
    /// Number of the question that it answers.
    of: u64,
    /// Number of the question that is being answered.
    waiting: Option<u64>,
}

impl Incident {
    fn new(id: &str, parts: Vec<Question>, reason: Option<&str>) -> Self {
        let first = parts.first();
        let label = first.and_then(|question| question.selectors.first()).map_or("", String::as_str);
        Self {
            id: Untrusted::new(id).show().into_string(),
            draft: false,
            reason: reason.unwrap_or_default().to_owned(),
            hazard: first.and_then(|question| question.hazard).map_or("", |hazard| hazard.word()),
            label: Untrusted::new(label).brief().into_string(),
            component: None,
            parts: parts.into(),
        }
    }
}

impl App {
    /// The incident under the cursor of tab 5.
    pub(crate) fn incident_at_cursor(&self) -> Option<&Incident> {
        self.incidents.get(self.incident_cursor.row)
    }

    /// The incident that the header names.
    pub(crate) fn active(&self) -> Option<&Incident> {
        let named = self.incidents.iter().find(|incident| Some(&incident.id) == self.header.as_ref());
        named.or(self.incidents.last())
    }

    /// The id that the next incident will have; not known before the journal is.
    pub(crate) fn next_incident(&self) -> String {
        self.journal.as_ref().map_or_else(|| "an incident".to_owned(), |known| known.book.next_id())
    }

    /// Makes the incidents from the journal and the drafts; the one under the cursor stays under it.
    pub(super) fn rebuild_incidents(&mut self) {
        let chosen = self.incident_at_cursor().map(|incident| incident.id.clone());
        let before = std::mem::take(&mut self.incidents);
        let cases = self.journal.iter().flat_map(|known| &known.book.cases).filter(|case| case.is_open());
        self.incidents = cases
            .map(|case| {
                let parts = case.parts.iter().map(|(_, question)| question.clone()).collect();
                Incident::new(&case.id, parts, case.reason.as_deref())
            })
            .collect();
        for draft in &self.drafts {
            match &draft.wish {
                Wish::Open { question, reason, advisory: _ } => {
                    let incident = Incident::new(&draft.id, vec![question.clone()], reason.as_deref());
                    self.incidents.push(Incident { draft: true, ..incident });
                }
                Wish::Grow { incident, question, .. } => {
                    if let Some(known) = self.incidents.iter_mut().find(|known| known.id == *incident) {
                        let parts = known.parts.iter().cloned().chain([question.clone()]).collect();
                        (known.parts, known.draft) = (parts, true);
                    }
                }
                Wish::Undo { .. } | Wish::Act { .. } | Wish::Say(_) | Wish::Close { .. } => {}
            }
        }
        for incident in &mut self.incidents {
            if let Some(before) = before.iter().find(|before| before.id == incident.id && before.parts == incident.parts) {
                incident.label.clone_from(&before.label);
                (incident.hazard, incident.component) = (before.hazard, before.component);
            }
        }
        let row = self.incidents.iter().position(|incident| Some(&incident.id) == chosen.as_ref());
        let last = self.incidents.len().saturating_sub(1);
        self.incident_cursor.row = row.unwrap_or_else(|| self.incident_cursor.row.min(last));
        if self.incidents.is_empty() {
            self.reach.of = ReachOf::Row;
            if self.view == View::Why && !before.is_empty() {
                self.view = View::Detail;
            }
        }
        self.ask_marks();
    }

    /// Asks how everything stands to all open incidents; what was answered before stays until then.
    pub(super) fn ask_marks(&mut self) {
        self.epoch += 1;
        self.answered += 1;
        for list in &mut self.lists {
            if list.sort.is_none_or(|sort| sort == Sort::State) {
                list.order = None;
            }
        }
        self.forget_paths();
        self.decided.waiting = None;
        if self.incidents.is_empty() || self.data.front {
            (self.verdict, self.verdict_waiting) = (None, None);
            return;
        }
        let decides = |known: &&Arc<crate::app::journal::Known>| {
            let open = known.book.cases.iter().filter(|case| case.is_open());
            known.believed && open.flat_map(|case| case.rows.values()).any(|row| !row.decisions.is_empty())
        };
        if let Some(known) = self.journal.as_ref().filter(decides) {
            self.seq += 1;
            self.decided.waiting = Some(self.seq);
            let (seq, data, journal) = (self.seq, Arc::clone(&self.data), Arc::clone(known));
            self.effects.push(Effect::Hold { seq, data, journal });
        } else {
            self.decided = Decided::default();
            self.ask_verdict();
        }
    }

    fn ask_verdict(&mut self) {
        let parts = self.incidents.iter().map(|incident| (incident.id.clone(), Arc::clone(&incident.parts))).collect();
        let held = Arc::clone(&self.decided.held);
        self.verdict_waiting = Some(self.ask(crate::app::ask::Question::Incidents { parts, held }));
    }

    /// Takes what decisions come to, unless something else is waited for by now, and says which of them ended.
    pub(super) fn take_held(&mut self, seq: u64, held: Held) {
        if self.decided.waiting != Some(seq) {
            return;
        }
        let before = std::mem::replace(&mut self.decided, Decided { held: Arc::new(held), of: seq, waiting: None });
        let mut ended = self.decided.held.ended.iter().filter(|ended| before.of > 0 && !before.held.ended.contains(ended));
        let message = ended.next().map(|(deployment, why)| {
            let more = ended.count();
            let more = if more > 0 { format!(" (and {more} more)") } else { String::new() };
            format!("{deployment} is open again: {why}{more}")
        });
        self.ask_verdict();
        if let Some(message) = message {
            self.say(message);
        }
    }

    /// Whether the answer about the incidents is still that of before.
    pub(crate) fn verdict_is_old(&self) -> bool {
        self.verdict_waiting.is_some() || self.decided.waiting.is_some()
    }

    /// Takes from an answer what each incident marks.
    pub(super) fn name_incidents(&mut self) {
        let Some(verdict) = self.verdict.clone() else { return };
        let (data, show) = (Arc::clone(&self.data), self.show);
        for incident in &mut self.incidents {
            let Some(each) = verdict.each.iter().find(|each| each.id == incident.id) else { continue };
            incident.component = each.component;
            if let Some(component) = each.component {
                incident.label = show.label(&data.graph, component);
            }
            incident.hazard = each.hazard.unwrap_or(incident.hazard);
        }
    }
}
