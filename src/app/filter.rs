//! Search in a pane: lists narrow as one types; trees, Detail and text keep all rows and step with `n N`.

use crate::app::App;
use crate::app::Focus;
use crate::app::Screen;
use crate::app::View;
use crate::app::ask::Question;
use crate::app::cursor::Cursor;
use crate::app::cursor::Step;
use crate::app::field::Field;
use crate::app::found::Found;
use crate::app::key::KeyPress;
use crate::app::keymap::Pane;
use crate::app::list::around;
use crate::app::tab::Tab;
use crate::app::tree::Item;
use crate::graph::ids::ComponentId;
use crate::model::kind::Kind;
use crate::query::search::admit::Kinds;
use crate::query::search::hits::Hits;
use crate::query::search::hits::Where;
use std::sync::Arc;

/// A filter of a list.
#[derive(Debug, Clone, Default)]
pub(crate) struct Filter {
    pub field: Field,
    pub editing: bool,
    /// `None`: nothing typed, or nothing answered yet.
    pub found: Option<Found>,
    /// Names near to what was typed, where nothing matches.
    pub near: Vec<ComponentId>,
    /// What was chosen before typing.
    pub before: Option<ComponentId>,
    pub(super) waiting: Option<u64>,
    /// The names near to it are still to come.
    pub(super) near_waiting: Option<u64>,
    /// The question whose answer is shown, be it a part of it.
    shown: Option<u64>,
}

/// Whose rows a filter narrows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Of {
    List(Tab),
    Reach,
}

impl Filter {
    /// Whether the answer to the letters typed is still to come.
    pub(crate) fn is_waiting(&self) -> bool {
        self.waiting.is_some()
    }

    fn take(&mut self, seq: u64, hits: &Arc<Hits>) {
        self.found = Some(Found::new(Arc::clone(hits)));
        self.waiting = self.waiting.filter(|_| !hits.is_complete());
        (self.near, self.shown) = (Vec::new(), Some(seq));
    }

    /// Goes over to another graph: the rows on screen stay, so that nothing is empty until the new answer comes.
    pub(super) fn carry(&mut self, carry: impl Fn(ComponentId) -> Option<ComponentId>) {
        self.before = self.before.and_then(&carry);
        (self.waiting, self.near_waiting) = (None, None);
        self.near.clear();
        if let Some(found) = &mut self.found {
            found.carry(carry);
        }
    }
}

/// A text looked for in a pane that keeps its rows.
#[derive(Debug, Clone)]
pub(crate) struct Find {
    pub pane: Pane,
    pub field: Field,
    pub editing: bool,
}

impl App {
    /// The filter of the focused pane.
    pub(crate) fn filter(&self) -> Option<&Filter> {
        match (&self.screen, self.focus) {
            (Screen::Main, Focus::List) => self.list()?.filter.as_ref(),
            (Screen::Main, Focus::View(View::Reach)) => self.reach.filter.as_ref(),
            (Screen::Main, Focus::View(View::Detail | View::Up | View::Down | View::Why))
            | (Screen::Problems(_) | Screen::Log(_) | Screen::Advisories | Screen::Worklist, _) => None,
        }
    }

    pub(super) fn filter_slot(&mut self) -> Option<&mut Option<Filter>> {
        match (&self.screen, self.focus) {
            (Screen::Main, Focus::List) => self.list_mut().map(|list| &mut list.filter),
            (Screen::Main, Focus::View(View::Reach)) => Some(&mut self.reach.filter),
            (Screen::Main, Focus::View(View::Detail | View::Up | View::Down | View::Why))
            | (Screen::Problems(_) | Screen::Log(_) | Screen::Advisories | Screen::Worklist, _) => None,
        }
    }

    /// Begins to type in the focused pane.
    pub(super) fn begin_search(&mut self) {
        let before = match self.focus {
            Focus::List => self.selected(),
            Focus::View(_) => self.reach.selected(),
        };
        let pane = self.pane_below();
        if pane == Pane::Incidents {
            self.say("incidents are few: j k move; // searches everywhere");
            return;
        }
        match self.filter_slot() {
            Some(slot) => {
                // A kept filter is replaced, not added to: so `//` always searches everywhere.
                let kept = slot.take();
                *slot = Some(Filter { editing: true, before, ..Filter::default() });
                if kept.is_some() {
                    self.narrow();
                }
            }
            None => self.find = Some(Find { pane, field: Field::default(), editing: true }),
        }
    }

    /// A key in a field that narrows a list.
    pub(super) fn type_in_filter(&mut self, key: KeyPress) {
        let Some(filter) = self.filter_slot().and_then(Option::as_mut) else { return };
        if key == KeyPress::char('/') && filter.field.is_empty() {
            self.drop_filter();
            self.open_search("");
        } else {
            let before = filter.field.text();
            if filter.field.edit(key) && filter.field.text() != before {
                self.narrow();
            }
        }
    }

    /// Inserts a pasted text.
    pub(super) fn paste_in_filter(&mut self, text: &str) {
        if let Some(filter) = self.filter_slot().and_then(Option::as_mut) {
            filter.field.insert(text);
            self.narrow();
        }
    }

    /// Asks which rows of the focused pane match what was typed.
    pub(super) fn narrow(&mut self) {
        match self.focus {
            Focus::List => self.ask_rows(Of::List(self.tab)),
            Focus::View(_) => self.ask_rows(Of::Reach),
        }
    }

    /// Asks the same for every filter, after the graph has changed.
    pub(super) fn narrow_all(&mut self) {
        for tab in Tab::ALL {
            self.ask_rows(Of::List(tab));
        }
        self.ask_rows(Of::Reach);
    }

    fn filter_of(&mut self, of: Of) -> Option<&mut Filter> {
        match of {
            Of::List(tab) => self.lists.get_mut(tab.row())?.filter.as_mut(),
            Of::Reach => self.reach.filter.as_mut(),
        }
    }

    fn ask_rows(&mut self, of: Of) {
        let Some(filter) = self.filter_of(of) else { return };
        let (typed, before) = (filter.field.text(), filter.before);
        if typed.trim().is_empty() {
            (filter.waiting, filter.near_waiting, filter.found, filter.near) = (None, None, None, Vec::new());
            if let (Of::List(tab), Some(before)) = (of, before)
                && let Some(list) = self.lists.get_mut(tab.row())
            {
                list.select(before);
            }
            return;
        }
        let kinds = match of {
            Of::List(tab) => Kinds::of(tab.kinds()),
            Of::Reach => Kinds::of(&[Kind::Deployment]),
        };
        let before = filter.found.as_ref().and_then(Found::hits).cloned();
        let waiting = self.ask(Question::Search { typed, within: Where { kinds, everywhere: false }, before });
        if let Some(filter) = self.filter_of(of) {
            (filter.waiting, filter.near_waiting) = (Some(waiting), None);
        }
    }

    /// Takes the rows that match. While one types the best of them is chosen; later the chosen one stays.
    pub(super) fn take_hits(&mut self, seq: u64, hits: &Arc<Hits>) {
        let waits = |filter: &Option<Filter>| filter.as_ref().is_some_and(|filter| filter.waiting == Some(seq));
        if let Some((tab, list)) = Tab::ALL.into_iter().zip(&mut self.lists).find(|(_, list)| waits(&list.filter)) {
            let selected = list.selected();
            let Some(filter) = list.filter.as_mut() else { return };
            // One who moves among the first of the rows is not moved when the others come.
            let stays = !filter.editing || filter.shown == Some(seq) && list.cursor.row > 0;
            filter.take(seq, hits);
            list.cursor = if stays { list.cursor } else { Cursor::default() };
            if let Some(selected) = selected.filter(|_| stays) {
                list.select(selected);
            }
            self.ask_near(tab);
        } else if waits(&self.reach.filter) {
            if let Some(filter) = self.reach.filter.as_mut() {
                filter.take(seq, hits);
            }
            self.reach.cursor = Cursor::default();
            self.epoch += 1;
        }
    }

    /// Asks what to suggest where nothing matches.
    fn ask_near(&mut self, tab: Tab) {
        let Some(filter) = self.filter_of(Of::List(tab)) else { return };
        let (none, typed) = (filter.found.as_ref().is_some_and(Found::is_empty), filter.field.text());
        if let Some(kind) = tab.kinds().first().copied().filter(|_| none) {
            let seq = self.ask(Question::Near { typed, kind });
            if let Some(filter) = self.filter_of(Of::List(tab)) {
                filter.near_waiting = Some(seq);
            }
        }
    }

    /// Takes names near to what was typed.
    pub(super) fn take_near_names(&mut self, seq: u64, near: Vec<ComponentId>) {
        let mut filters = self.lists.iter_mut().filter_map(|list| list.filter.as_mut());
        if let Some(filter) = filters.find(|filter| filter.near_waiting == Some(seq)) {
            (filter.near, filter.near_waiting) = (near, None);
        }
    }

    /// Keeps the filter and gives the keys back to the pane. With no match nothing happens.
    pub(super) fn keep_filter(&mut self) {
        let none = self.filter().is_some_and(|filter| filter.found.as_ref().is_some_and(Found::is_empty));
        let empty = self.filter().is_some_and(|filter| filter.field.is_empty());
        if none {
            return;
        }
        if empty {
            self.drop_filter();
        } else if let Some(filter) = self.filter_slot().and_then(Option::as_mut) {
            filter.editing = false;
        }
        if let Some(list) = self.list_mut() {
            list.touched = true;
        }
    }

    /// Drops the filter of the focused pane; `false` if it has none. What is chosen stays.
    pub(super) fn drop_filter(&mut self) -> bool {
        if self.filter().is_none() {
            return false;
        }
        match self.focus {
            Focus::List => {
                if let Some(list) = self.list_mut() {
                    list.touched = true;
                    list.clear_filter();
                }
            }
            Focus::View(_) => {
                let selected = self.reach.selected();
                self.reach.filter = None;
                self.reach.keep = selected;
                self.epoch += 1;
            }
        }
        true
    }

    /// Takes the nearest name where nothing matches.
    pub(super) fn take_near(&mut self) {
        let near = self.filter().filter(|f| f.found.as_ref().is_some_and(Found::is_empty)).and_then(|f| f.near.first().copied());
        let Some(near) = near else { return };
        let label = self.data.graph.label(near).as_key().to_owned();
        if let Some(filter) = self.filter_slot().and_then(Option::as_mut) {
            filter.field = Field::new(&label);
            self.narrow();
        }
    }

    /// Goes to the next line of the pane that has the text; lines are counted from the cursor, round the end.
    pub(super) fn find_next(&mut self, forward: bool, from_here: bool) {
        let Some(find) = self.find.as_ref().filter(|find| !find.field.is_empty()) else {
            self.say("nothing to look for: / searches in this pane");
            return;
        };
        let wanted = find.field.text();
        let cased = wanted.chars().any(char::is_uppercase);
        let fold = |text: String| if cased { text } else { text.to_lowercase() };
        let wanted = fold(wanted);
        let (cursor, n) = self.cursor_of_pane();
        let start = if from_here { cursor.row + n - usize::from(forward) } else { cursor.row };
        let found = around(start % n.max(1), n, forward).find(|row| fold(self.text_of_row(*row)).contains(&wanted));
        match found {
            Some(row) => self.set_row(row),
            None => self.say(format!("{wanted}: not in this pane")),
        }
    }

    fn cursor_of_pane(&self) -> (Cursor, usize) {
        match (&self.screen, self.focus) {
            (Screen::Problems(problems), _) => (problems.cursor, problems.rows.len()),
            (Screen::Worklist, _) => (self.worklist.cursor, self.worklist.rows.len()),
            (Screen::Log(log), _) => (log.cursor, self.journal().map_or(0, |known| known.entries.len())),
            (Screen::Advisories, _) if self.advice.below => (self.advice.lines_cursor, self.advice.lines.len()),
            (Screen::Advisories, _) => (self.advice.cursor, self.advice.told.as_ref().map_or(0, |told| told.rows.len())),
            (Screen::Main, Focus::List) if self.tab == Tab::Incidents => (self.incident_cursor, self.incidents.len()),
            (Screen::Main, Focus::List) => self.list().map_or((Cursor::default(), 0), |list| (list.cursor, list.len())),
            (Screen::Main, Focus::View(view)) => match view {
                View::Detail => (self.detail.cursor, self.detail.lines.len()),
                View::Up => (self.up.cursor, self.up.rows.len()),
                View::Down => (self.down.cursor, self.down.rows.len()),
                View::Reach => (self.reach.cursor, self.reach.rows.len()),
                View::Why => (self.why.text.cursor, self.why.text.lines.len()),
            },
        }
    }

    fn set_row(&mut self, row: usize) {
        match (&mut self.screen, self.focus) {
            (Screen::Problems(problems), _) => problems.cursor.row = row,
            (Screen::Worklist, _) => self.worklist.cursor.row = row,
            (Screen::Log(log), _) => log.cursor.row = row,
            (Screen::Advisories, _) if self.advice.below => self.advice.lines_cursor.row = row,
            (Screen::Advisories, _) => self.advice.cursor.row = row,
            (Screen::Main, Focus::List) => {}
            (Screen::Main, Focus::View(view)) => match view {
                View::Detail => self.detail.cursor.row = row,
                View::Up => self.up.cursor.row = row,
                View::Down => self.down.cursor.row = row,
                View::Reach => self.reach.cursor.row = row,
                View::Why => self.why.text.cursor.row = row,
            },
        }
    }

    fn text_of_row(&self, row: usize) -> String {
        match (&self.screen, self.focus) {
            (Screen::Problems(problems), _) => problems.text_of_row(&self.data, row),
            (Screen::Worklist, _) => self.text_of_work(row),
            (Screen::Log(_), _) => self.text_of_entry(row),
            (Screen::Advisories, _) => self.text_of_advice(row),
            (Screen::Main, Focus::List) => String::new(),
            (Screen::Main, Focus::View(view)) => match view {
                View::Detail => self.detail.lines.get(row).map(super::line::Line::text).unwrap_or_default(),
                View::Why => self.why.text.lines.get(row).map(super::line::Line::text).unwrap_or_default(),
                View::Up | View::Down => {
                    let node = self.tree(view).and_then(|tree| tree.node_at(row));
                    node.map(|node| self.text_of_item(&node.item)).unwrap_or_default()
                }
                View::Reach => self.reach.selected_at(row).map(|id| self.show.label(&self.data.graph, id)).unwrap_or_default(),
            },
        }
    }

    fn text_of_item(&self, item: &Item) -> String {
        match item {
            Item::Root(id) | Item::Part { component: id, .. } => self.show.label(&self.data.graph, *id),
            Item::Relations(words) => words.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(" "),
            Item::Group { label, .. } => label.clone(),
            Item::Family { stem, .. } => stem.clone(),
            Item::More(_) | Item::Hub { .. } | Item::Heads(_) => String::new(),
            Item::Note(note) => (*note).to_owned(),
        }
    }

    /// Moves among the matches while typing.
    pub(super) fn choose_match(&mut self, step: Step, height: usize) {
        match self.focus {
            Focus::List => self.move_in_list(step, height),
            Focus::View(_) => {
                let n = self.reach.rows.len();
                self.reach.cursor.step(step, n, height);
            }
        }
    }
}
