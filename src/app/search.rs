//! Search everywhere: all kinds, aliases, identifiers and files in one popup.

use crate::app::App;
use crate::app::Focus;
use crate::app::Popup;
use crate::app::Screen;
use crate::app::View;
use crate::app::ask::Question;
use crate::app::cursor::Cursor;
use crate::app::cursor::Step;
use crate::app::field::Field;
use crate::app::found::Found;
use crate::app::key::KeyPress;
use crate::model::kind::Kind;
use crate::query::search::Hit;
use crate::query::search::HitBy;
use crate::query::search::admit::Kinds;
use crate::query::search::hits::Hits;
use crate::query::search::hits::Where;
use std::sync::Arc;

/// The popup.
#[derive(Debug, Default)]
pub(crate) struct SearchBox {
    pub field: Field,
    /// `None`: all kinds.
    pub kind: Option<Kind>,
    /// `None`: nothing typed.
    pub found: Option<Found>,
    pub cursor: Cursor,
    pub(super) waiting: Option<u64>,
    /// The question whose answer is shown, be it a part of it.
    shown: Option<u64>,
}

impl SearchBox {
    /// Whether the answer to the letters typed is still to come.
    pub(crate) fn is_waiting(&self) -> bool {
        self.waiting.is_some()
    }

    /// The hit under the cursor.
    pub(crate) fn hit(&self) -> Option<&Hit> {
        self.found.as_ref()?.hit(self.cursor.row)
    }
}

impl App {
    /// Opens the popup with some text typed.
    pub(super) fn open_search(&mut self, text: &str) {
        self.popup = Some(Popup::Search(Box::new(SearchBox { field: Field::new(text), ..SearchBox::default() })));
        self.search();
    }

    pub(super) fn search_box(&mut self) -> Option<&mut SearchBox> {
        if let Some(Popup::Search(search)) = &mut self.popup { Some(search) } else { None }
    }

    /// Asks for what was typed. The answers to older letters are dropped when they come.
    pub(super) fn search(&mut self) {
        let Some(search) = self.search_box() else { return };
        let (typed, kind) = (search.field.text(), search.kind);
        if typed.trim().is_empty() {
            (search.found, search.waiting, search.cursor) = (None, None, Cursor::default());
            return;
        }
        let kinds = kind.map_or(Kinds::ALL, |kind| Kinds::of(&[kind]));
        let before = search.found.as_ref().and_then(Found::hits).cloned();
        let seq = self.ask(Question::Search { typed, within: Where { kinds, everywhere: true }, before });
        if let Some(search) = self.search_box() {
            search.waiting = Some(seq);
        }
    }

    pub(super) fn take_found(&mut self, seq: u64, hits: &Arc<Hits>) {
        if let Some(search) = self.search_box().filter(|search| search.waiting == Some(seq)) {
            let chosen = search.hit().map(|hit| hit.component).filter(|_| search.shown == Some(seq) && search.cursor.row > 0);
            let row = chosen.and_then(|id| hits.position(id)).unwrap_or(0);
            search.found = Some(Found::new(Arc::clone(hits)));
            search.waiting = search.waiting.filter(|_| !hits.is_complete());
            (search.shown, search.cursor) = (Some(seq), Cursor { row, ..Cursor::default() });
        }
    }

    /// Describes the hits on screen.
    pub(super) fn describe_found(&mut self) {
        let data = Arc::clone(&self.data);
        if let Some(search) = self.search_box()
            && let Some(found) = &mut search.found
        {
            search.cursor.fit(found.len(), ROWS);
            found.describe(&data.graph, search.cursor.top..search.cursor.top + ROWS);
        }
    }

    pub(super) fn type_in_search(&mut self, key: KeyPress) {
        let Some(search) = self.search_box() else { return };
        let before = search.field.text();
        if search.field.edit(key) && search.field.text() != before {
            self.search();
        }
    }

    pub(super) fn choose_found(&mut self, step: Step) {
        if let Some(search) = self.search_box() {
            let n = search.found.as_ref().map_or(0, Found::len);
            search.cursor.step(step, n, ROWS);
        }
    }

    /// Looks in the next kind only; after the last in all again.
    pub(super) fn next_kind(&mut self) {
        if let Some(search) = self.search_box() {
            search.kind = match search.kind {
                None => Kind::ALL.first().copied(),
                Some(kind) => Kind::ALL.iter().skip_while(|other| **other != kind).nth(1).copied(),
            };
            self.search();
        }
    }

    /// Goes to the chosen hit. With none nothing happens.
    pub(super) fn go_to_found(&mut self) {
        let Some(component) = self.search_box().and_then(|search| search.hit()).map(|hit| hit.component) else { return };
        self.popup = None;
        self.remember_place();
        self.screen = Screen::Main;
        self.focus = Focus::List;
        if !matches!(self.view, View::Reach) || self.verdict.is_none() {
            self.view = View::Detail;
        }
        self.go_to(component);
    }

    /// What `^y` copies of the chosen hit.
    pub(super) fn found_text(&mut self) -> Option<String> {
        let hit = self.search_box().and_then(|search| search.hit())?.clone();
        let graph = &self.data.graph;
        Some(match hit.by {
            HitBy::Alias(name) => graph.text(name).show().into_string(),
            HitBy::File(document) => graph.file(document).show().into_string(),
            HitBy::Label | HitBy::Identifier => graph.id(hit.component).show().into_string(),
        })
    }
}

/// Hits that the popup shows at once.
pub(crate) const ROWS: usize = 12;
