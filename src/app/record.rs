//! Recording: a wish goes out, and only when it comes back synced does anything look recorded (screens.md F8, F21).
//!
//! Invariant: what was typed is kept until the journal has it, or the person lets go of it.
//! Invariant: one thing is recorded at a time. While its dialog is open keys wait; `Esc` puts the dialog aside and the
//! explorer goes on.

use crate::app::App;
use crate::app::Focus;
use crate::app::Popup;
use crate::app::Screen;
use crate::app::View;
use crate::app::cursor::Cursor;
use crate::app::effect::Effect;
use crate::app::incidents::Draft;
use crate::app::journal::Failure;
use crate::app::journal::Outcome;
use crate::app::journal::Recorded;
use crate::app::reach::ReachOf;
use crate::incident::journal::body::Body;
use crate::incident::wish::Wish;
use crate::incident::words;
use crate::model::moment::Moment;
use crate::store::journal::Home;
use std::sync::Arc;

/// Where a wish is to be recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Where {
    /// In the journal as it is.
    Here,
    /// In this user's own folder, from now on.
    StateFolder,
}

/// Something that is being recorded.
#[derive(Debug)]
pub(crate) struct Writing {
    ticket: u64,
    wish: Wish,
    /// The draft that this was until now.
    draft: Option<String>,
    /// Printed id of what is marked, to go there.
    component: Option<String>,
    /// Its dialog was left while it was being recorded.
    pub(super) aside: bool,
    /// That dialog.
    back: Option<Box<Popup>>,
}

/// What could not be recorded, and what to do about it.
#[derive(Debug)]
pub(crate) struct NotRecorded {
    pub wish: Wish,
    pub failure: Failure,
    /// What it would have said; escaped.
    pub what: String,
    draft: Option<String>,
    component: Option<String>,
    pub choices: Vec<Remedy>,
    pub row: usize,
    /// The dialog, as typed.
    back: Option<Box<Popup>>,
}

/// What can be done about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Remedy {
    Again,
    StateFolder,
    Copy,
    Draft,
}

impl Remedy {
    /// All of them, in the order of their digits.
    pub(crate) const ALL: [Self; 4] = [Self::Again, Self::StateFolder, Self::Copy, Self::Draft];

    /// The digit and the words.
    pub(crate) fn words(self) -> (u8, &'static str) {
        match self {
            Self::Again => (1, "try again"),
            Self::StateFolder => (2, "use the state directory; the header says so from then on"),
            Self::Copy => (3, "copy the entry (OSC 52), to paste into a ticket"),
            Self::Draft => (4, "go on with a DRAFT: shown as DRAFT, counted as before"),
        }
    }
}

impl App {
    /// Has a wish recorded. The dialog that asks for it stays until that is done.
    pub(super) fn record(&mut self, wish: Wish, place: Where, draft: Option<String>, component: Option<String>) {
        if self.writing.is_some() {
            self.say_error("something is still being recorded");
            return;
        }
        self.seq += 1;
        let ticket = self.seq;
        let data = Arc::clone(&self.data);
        self.effects.push(Effect::Record { ticket, wish: Box::new(wish.clone()), place, data });
        self.writing = Some(Writing { ticket, wish, draft, component, aside: false, back: None });
    }

    /// Leaves the dialog of what is being recorded; what comes of it is told.
    pub(super) fn put_aside(&mut self) {
        let back = self.popup.take().map(Box::new);
        if let Some(writing) = &mut self.writing {
            (writing.aside, writing.back) = (true, back);
        }
        self.say("still being recorded; what comes of it will be said here");
    }

    /// Another process holds the journal's lock.
    pub(super) fn lock_is_held(&mut self, ticket: u64) {
        if self.writing.as_ref().is_some_and(|writing| writing.ticket == ticket) {
            self.say("another process is writing in the journal; waiting for it   Esc goes on meanwhile");
        }
    }

    /// Takes what came of a wish.
    pub(super) fn take_recorded(&mut self, recorded: Recorded) {
        let Recorded { ticket, journal, outcome } = recorded;
        let Some(writing) = self.writing.take_if(|writing| writing.ticket == ticket) else { return };
        let dialog = if writing.aside { writing.back } else { self.popup.take_if(|popup| popup.records()).map(Box::new) };
        let dialog = match dialog.map(|popup| *popup) {
            Some(Popup::NotRecorded(before)) => before.back,
            other => other.map(Box::new),
        };
        self.not_writable = matches!(outcome, Outcome::Failed(_));
        if let (Some(draft), Outcome::Entry(_) | Outcome::Same { .. }) = (&writing.draft, &outcome) {
            self.drafts.retain(|known| known.id != *draft);
        }
        self.put_journal(&journal);
        match outcome {
            Outcome::Entry(seq) => self.entry_is_kept(seq, writing.component.filter(|_| !writing.aside)),
            Outcome::Same { incident, opened } => {
                let (id, who) = (words::shown(&incident), words::by(&opened, journal.now.unwrap_or(opened.time)));
                self.header = Some(id.clone());
                self.say(format!("{id} asks this already, opened by {who}; nothing was recorded"));
            }
            Outcome::Refused(why) => {
                self.popup = dialog.map(|dialog| *dialog).filter(|_| !writing.aside);
                self.say_error(format!("nothing was recorded: {why}"));
            }
            Outcome::Failed(failure) => {
                let what = writing.wish.words(&self.next_incident());
                let may_move = journal.home != Some(Home::State);
                let may_be_draft = writing.wish.may_be_draft();
                let choices = Remedy::ALL.into_iter().filter(|remedy| match remedy {
                    Remedy::Again | Remedy::Copy => true,
                    Remedy::StateFolder => may_move,
                    // What is to be decided or taken back is so only once that is recorded.
                    Remedy::Draft => may_be_draft,
                });
                self.popup = Some(Popup::NotRecorded(Box::new(NotRecorded {
                    what,
                    failure,
                    draft: writing.draft,
                    component: writing.component,
                    wish: writing.wish,
                    choices: choices.collect(),
                    row: 0,
                    back: dialog,
                })));
                self.help = None;
            }
        }
    }

    /// Shows what an entry of one's own means now.
    fn entry_is_kept(&mut self, seq: u64, component: Option<String>) {
        let Some(known) = self.journal.clone() else { return };
        let Some(entry) = known.entry(seq) else { return };
        let by = format!("journal #{seq} by {} {}", words::shown(&entry.actor), known.brief(Some(entry.time)));
        let (id, verb) = match &entry.body {
            Body::Open(open) => (words::shown(&open.incident), "opened"),
            Body::Grow(grow) => (words::shown(&grow.incident), "asks this too"),
            Body::Undo(undo) => {
                self.say(format!("#{} is taken back, {by}   J journal", undo.entry));
                return;
            }
            Body::Decide(_) | Body::Done(_) => {
                self.worklist.ticked.clear();
                self.say(format!("{by}: {}   z undo", words::said(entry)));
                return;
            }
            Body::Note(_) | Body::Take(_) | Body::Close(_) | Body::Assign(_) | Body::Link(_) | Body::Other { .. } => {
                self.say(format!("{by}: {}   z undo", words::said(entry)));
                return;
            }
        };
        self.header = Some(id.clone());
        if let Some(component) = component {
            self.show_reach_of(&component);
        }
        self.say(format!("{id} {verb}, {by}   z undo   J journal"));
    }

    /// Goes to what was marked, and to all that it reaches.
    fn show_reach_of(&mut self, component: &str) {
        self.reach.of = ReachOf::Incidents;
        self.reach.filter = None;
        self.reach.cursor = Cursor::default();
        self.reach.rows.clear();
        // All that is affected is to be seen, not only what was searched for.
        for list in &mut self.lists {
            list.clear_filter();
        }
        if let Some(component) = self.data.graph.by_id(component) {
            self.go_to(component);
        }
        self.screen = Screen::Main;
        self.show_view(View::Reach);
    }

    /// Moves among the remedies.
    pub(super) fn choose_remedy(&mut self, forward: bool) {
        if let Some(Popup::NotRecorded(popup)) = &mut self.popup {
            let n = popup.choices.len();
            popup.row = if forward { popup.row + 1 } else { popup.row + n - 1 } % n.max(1);
        }
    }

    /// Does the remedy of a digit, or the one that is chosen.
    pub(super) fn remedy(&mut self, digit: Option<u8>) {
        let Some(Popup::NotRecorded(popup)) = &mut self.popup else { return };
        if let Some(digit) = digit {
            match popup.choices.iter().position(|remedy| remedy.words().0 == digit) {
                Some(row) => popup.row = row,
                None => return,
            }
        }
        let Some(remedy) = popup.choices.get(popup.row).copied() else { return };
        let (wish, draft, component) = (popup.wish.clone(), popup.draft.clone(), popup.component.clone());
        match remedy {
            Remedy::Again => self.record(wish, Where::Here, draft, component),
            Remedy::StateFolder => self.record(wish, Where::StateFolder, draft, component),
            Remedy::Copy => {
                let actor = self.journal.as_ref().map_or_else(String::new, |known| words::shown(&known.actor));
                let time = popup.failure.time.unwrap_or(Moment::BEGIN);
                let text = format!("NOT RECORDED: {}, by {actor} {time}", popup.what);
                self.copy(self.show.safe(&text), false);
            }
            Remedy::Draft => {
                self.popup = None;
                self.keep_draft(wish, draft, component);
            }
        }
    }

    /// Back to the dialog, as typed.
    pub(super) fn back_to_dialog(&mut self) {
        if let Some(Popup::NotRecorded(popup)) = self.popup.take() {
            self.popup = popup.back.map(|back| *back);
        }
    }

    fn keep_draft(&mut self, wish: Wish, draft: Option<String>, component: Option<String>) {
        let number = |draft: &Draft| draft.id.strip_prefix("DRAFT-")?.parse::<u32>().ok();
        let last = self.drafts.iter().filter_map(number).max().unwrap_or(0);
        let id = draft.unwrap_or_else(|| format!("DRAFT-{}", last + 1));
        self.drafts.retain(|known| known.id != id);
        self.header = Some(match &wish {
            Wish::Grow { incident, .. } => incident.clone(),
            Wish::Open { .. } | Wish::Undo { .. } | Wish::Act { .. } | Wish::Say(_) | Wish::Close { .. } => id.clone(),
        });
        self.drafts.push(Draft { id: id.clone(), wish });
        self.rebuild_incidents();
        if let Some(component) = component {
            self.show_reach_of(&component);
        }
        self.say(format!("{id} is in no journal, and gone when you leave   m records it   z drops it"));
    }

    /// Whether something is being recorded.
    pub(crate) fn is_writing(&self) -> bool {
        self.writing.is_some()
    }

    /// Leaves, but asks once where drafts would be lost.
    pub(super) fn quit(&mut self) {
        let loses = !self.drafts.is_empty() || self.writing.is_some();
        if loses && !matches!(self.popup, Some(Popup::Leave)) {
            self.popup = Some(Popup::Leave);
        } else {
            self.effects.push(Effect::Quit);
        }
    }

    /// Whether the keys are in the list of incidents.
    pub(super) fn is_on_incidents(&self) -> bool {
        matches!(self.screen, Screen::Main) && self.tab == crate::app::tab::Tab::Incidents && self.focus == Focus::List
    }
}
