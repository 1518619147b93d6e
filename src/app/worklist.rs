//! The worklist of an incident (screens.md F10): who must act on which deployment, what was decided, and what is due.
//!
//! Invariant: rows are told apart by deployment, so that what others record moves neither the cursor nor a tick.
//! Absent on purpose: deciding (`decide`), the journal and the clock (a message brings what they come to).

use crate::app::App;
use crate::app::Focus;
use crate::app::Screen;
use crate::app::View;
use crate::app::cursor::Cursor;
use crate::app::cursor::Step;
use crate::app::effect::Effect;
use crate::app::why::WhyOf;
use crate::incident::journal::body;
use crate::incident::journal::body::Body;
use crate::incident::wish::Wish;
use crate::incident::work::Item;
use crate::incident::work::Place;
use crate::incident::work::Work;
use crate::model::state::State;
use crate::text;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What rows are grouped by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum By {
    #[default]
    Owner,
    Environment,
    State,
    Off,
}

impl By {
    /// The word on screen.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Owner => "by owner",
            Self::Environment => "by environment",
            Self::State => "by state",
            Self::Off => "in one list",
        }
    }

    fn next(self) -> Self {
        match self {
            Self::Owner => Self::Environment,
            Self::Environment => Self::State,
            Self::State => Self::Off,
            Self::Off => Self::Owner,
        }
    }
}

/// A group's name as it is; nobody's rows, and what is to be found out, have none.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Key {
    Named(String),
    Nobody,
    ToFindOut,
}

/// One line of the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Row {
    /// With how many are AFFECTED, POSSIBLE and contained in it, and how many rows it has.
    Group { key: Key, counts: [usize; 3], n: usize },
    /// The row of this number in [`Work::items`].
    Item(usize),
}

/// The screen.
#[derive(Debug, Default)]
pub(crate) struct Worklist {
    pub work: Option<Arc<Work>>,
    pub rows: Vec<Row>,
    pub cursor: Cursor,
    pub by: By,
    /// Deployments that are ticked.
    pub ticked: BTreeSet<String>,
    /// Groups that are closed.
    pub closed: BTreeSet<Key>,
    /// Esc in Why comes back here.
    pub(super) asked_why: bool,
    waiting: Option<u64>,
}

impl Worklist {
    /// The row under the cursor.
    pub(crate) fn item(&self) -> Option<&Item> {
        match self.rows.get(self.cursor.row)? {
            Row::Item(number) => self.work.as_ref()?.items.get(*number),
            Row::Group { .. } => None,
        }
    }

    /// The rows that a decision is about: those that are ticked, else the one under the cursor.
    pub(super) fn chosen(&self) -> Vec<Item> {
        let all = self.work.iter().flat_map(|work| &work.items);
        let ticked: Vec<Item> = all.filter(|item| self.ticked.contains(&item.deployment)).cloned().collect();
        if ticked.is_empty() { self.item().cloned().into_iter().collect() } else { ticked }
    }

    fn key(&self, item: &Item) -> Key {
        if item.place == Place::ToFindOut && self.by != By::State {
            return Key::ToFindOut;
        }
        let name = match self.by {
            By::Owner => item.owner.clone(),
            By::Environment => item.environment.clone(),
            By::State | By::Off => Some(item.state.word().to_owned()),
        };
        name.map_or(Key::Nobody, Key::Named)
    }

    /// Makes the rows anew; the deployment under the cursor stays under it.
    fn rebuild(&mut self) {
        let chosen = self.item().map(|item| item.deployment.clone());
        self.rebuild_around(chosen.as_ref());
    }

    /// The same, with this deployment under the cursor.
    fn rebuild_around(&mut self, chosen: Option<&String>) {
        let Some(work) = self.work.clone() else { return };
        self.ticked.retain(|ticked| work.items.iter().any(|item| item.deployment == *ticked));
        let mut groups: Vec<(Key, Vec<usize>)> = Vec::new();
        for (number, item) in work.items.iter().enumerate() {
            let key = self.key(item);
            match groups.iter_mut().find(|(known, _)| *known == key) {
                Some((_, rows)) => rows.push(number),
                None => groups.push((key, vec![number])),
            }
        }
        // As the worst of each comes, but for what nobody owns and what is to be found out.
        groups.sort_by_key(|(key, _)| match key {
            Key::Named(_) => 0,
            Key::Nobody => 1,
            Key::ToFindOut => 2,
        });
        self.rows.clear();
        for (key, numbers) in groups {
            let open = !self.closed.contains(&key);
            let of = |state: State| {
                numbers.iter().filter(|number| work.items.get(**number).is_some_and(|item| item.state == state)).count()
            };
            let counts = [of(State::Affected), of(State::Possible), of(State::Contained)];
            if self.by != By::Off {
                self.rows.push(Row::Group { key, counts, n: numbers.len() });
            }
            if open || self.by == By::Off {
                self.rows.extend(numbers.into_iter().map(Row::Item));
            }
        }
        let row = |name: &String| {
            let is = |row: &Row| matches!(row, Row::Item(number) if work.items.get(*number).is_some_and(|item| item.deployment == *name));
            self.rows.iter().position(is)
        };
        match chosen.and_then(row) {
            Some(row) => self.cursor.carry_to(row),
            None => self.cursor.row = self.cursor.row.min(self.rows.len().saturating_sub(1)),
        }
    }

    /// `Worklist INC-1: 3 of 14 decided, 2 to find out`.
    pub(crate) fn title(&self) -> String {
        let Some(work) = &self.work else { return "Worklist".to_owned() };
        let (open, decided) = (work.count(Place::Open), work.count(Place::Contained));
        let nobody = work.items.iter().filter(|item| item.place == Place::Open && item.owner.is_none()).count();
        let mut words = vec![format!("{} of {} decided", text::thousands(decided), text::thousands(open + decided))];
        for (n, what) in [(work.count(Place::ToFindOut), "to find out"), (work.overdue(), "OVERDUE"), (nobody, "without owner")] {
            if n > 0 {
                words.push(format!("{} {what}", text::thousands(n)));
            }
        }
        let waiting = if self.waiting.is_some() { " …" } else { "" };
        format!("Worklist {}: {}{waiting}", text::Untrusted::new(&work.incident).show(), words.join(", "))
    }
}

impl App {
    /// Shows the worklist of the incident that the header names, or the cursor of tab 5 is on.
    pub(super) fn open_worklist(&mut self) {
        let chosen = self.incident_at_cursor().filter(|_| self.is_on_incidents()).map(|incident| incident.id.clone());
        if let Some(id) = chosen {
            self.header = Some(id);
        }
        let Some(incident) = self.active() else {
            self.say("no incident: m marks a component, a reads an advisory");
            return;
        };
        if incident.draft && incident.id.starts_with("DRAFT") {
            self.say("a draft is in no journal: nothing can be decided of it   m records it");
            return;
        }
        let id = incident.id.clone();
        if self.worklist.work.as_ref().is_none_or(|work| work.incident != id) {
            self.worklist = Worklist { by: self.worklist.by, ..Worklist::default() };
        }
        self.leave_preview();
        self.find = None;
        self.screen = Screen::Worklist;
        self.ask_work();
    }

    /// Asks how the rows stand now, where they are on screen.
    pub(super) fn ask_work(&mut self) {
        let shown = matches!(self.screen, Screen::Worklist) || self.needs_work();
        let Some(incident) = self.active().filter(|_| shown && !self.data.front).map(|incident| incident.id.clone()) else {
            return;
        };
        let Some(journal) = self.journal.clone() else { return };
        self.seq += 1;
        let (seq, data) = (self.seq, Arc::clone(&self.data));
        self.worklist.waiting = Some(seq);
        self.effects.push(Effect::Work { seq, incident, data, journal });
    }

    /// Takes how the rows stand, and says what fell due.
    pub(super) fn take_work(&mut self, seq: u64, work: Option<Work>) {
        if self.worklist.waiting != Some(seq) {
            return;
        }
        let before = self.worklist.work.as_ref().map(|work| (work.incident.clone(), work.overdue()));
        self.worklist.waiting = None;
        let chosen = self.worklist.item().map(|item| item.deployment.clone());
        self.worklist.work = work.map(Arc::new);
        self.worklist.rebuild_around(chosen.as_ref());
        if let (Some((id, before)), Some(work)) = (before, &self.worklist.work)
            && id == work.incident
            && work.overdue() > before
        {
            let n = work.overdue() - before;
            let message = format!("{} of {} fell due", text::count(n, "row"), text::Untrusted::new(&id).show());
            self.say(message);
        }
        self.refresh_dialog();
    }

    pub(super) fn step_worklist(&mut self, step: Step, height: usize) {
        let n = self.worklist.rows.len();
        self.worklist.cursor.step(step, n, height);
    }

    /// Space: a tick on a row, on all open rows of a group, and on to the next.
    pub(super) fn tick(&mut self) {
        let list = &mut self.worklist;
        let Some(work) = list.work.clone() else { return };
        let names: Vec<String> = match list.rows.get(list.cursor.row) {
            Some(Row::Item(number)) => work.items.get(*number).map(|item| item.deployment.clone()).into_iter().collect(),
            Some(Row::Group { key, .. }) => {
                let open = work.items.iter().filter(|item| matches!(item.place, Place::Open | Place::ToFindOut));
                open.filter(|item| list.key(item) == *key).map(|item| item.deployment.clone()).collect()
            }
            None => return,
        };
        let all = names.iter().all(|name| list.ticked.contains(name));
        for name in names {
            if all {
                list.ticked.remove(&name);
            } else {
                list.ticked.insert(name);
            }
        }
        list.cursor.row = (list.cursor.row + 1).min(list.rows.len().saturating_sub(1));
    }

    pub(super) fn group_worklist(&mut self) {
        self.worklist.by = self.worklist.by.next();
        self.worklist.rebuild();
        let word = self.worklist.by.word();
        self.say(word);
    }

    /// Enter: opens or closes a group; decides about rows.
    pub(super) fn enter_worklist(&mut self) {
        let list = &mut self.worklist;
        if let (Some(Row::Group { key, .. }), true) = (list.rows.get(list.cursor.row), list.ticked.is_empty()) {
            let key = key.clone();
            if !list.closed.remove(&key) {
                list.closed.insert(key.clone());
            }
            list.rebuild();
            let is = |row: &Row| matches!(row, Row::Group { key: known, .. } if *known == key);
            list.cursor.row = list.rows.iter().position(is).unwrap_or(0);
            return;
        }
        self.open_decide();
    }

    /// Shows why the row under the cursor is reached; Esc comes back.
    pub(super) fn why_of_work(&mut self) {
        match self.worklist.item().and_then(|item| item.component) {
            Some(id) => {
                self.why.text.of = WhyOf::Component { id, assumed: false };
                self.why.asked_from = None;
                self.worklist.asked_why = true;
                self.show_view(View::Why);
            }
            None => self.say("nothing to explain here: choose a deployment"),
        }
    }

    /// Esc in Why goes back to the worklist that asked.
    pub(super) fn back_to_worklist(&mut self) -> bool {
        let back = std::mem::take(&mut self.worklist.asked_why) && self.focus == Focus::View(View::Why);
        if back {
            self.focus = Focus::List;
            self.screen = Screen::Worklist;
            self.ask_work();
        }
        back
    }

    /// The actor leads from now on.
    pub(super) fn take_lead(&mut self) {
        let Some(incident) = self.active().filter(|incident| !incident.draft).map(|incident| incident.id.clone()) else {
            self.say("no incident to lead");
            return;
        };
        self.record(Wish::Say(Body::Take(body::Take { incident })), crate::app::record::Where::Here, None, None);
    }

    /// The text that a search looks at.
    pub(super) fn text_of_work(&self, row: usize) -> String {
        let list = &self.worklist;
        let item = |number: &usize| {
            let item = list.work.as_ref()?.items.get(*number)?;
            Some(format!("{} {} {}", item.state.word(), text::Untrusted::new(&item.deployment).show(), item.action))
        };
        match list.rows.get(row) {
            Some(Row::Item(number)) => item(number).unwrap_or_default(),
            Some(Row::Group { key: Key::Named(name), .. }) => text::Untrusted::new(name).show().into_string(),
            Some(Row::Group { .. }) | None => String::new(),
        }
    }
}

#[cfg(test)]
mod tests;
