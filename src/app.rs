//! The explorer's state and how it changes: `update(app, message) -> effects`.
//!
//! Invariant: `update` is pure: no clock, disk, thread or terminal; what touches the world is an [`effect::Effect`], and
//! what takes longer than a key press is a question whose answer comes back as a message.
//! Invariant: one screen, at most one popup, at most one text field; only help lies over any of them.
//! Absent on purpose: drawing (`ui` reads an `&App`), the terminal (`runtime`).

pub(crate) mod action;
pub(crate) mod advice;
pub(crate) mod advise;
pub(crate) mod answers;
pub(crate) mod ask;
pub(crate) mod copy;
pub(crate) mod cursor;
pub(crate) mod decide;
pub(crate) mod detail;
pub(crate) mod effect;
pub(crate) mod enter;
pub(crate) mod field;
pub(crate) mod filter;
pub(crate) mod follow;
pub(crate) mod footer;
pub(crate) mod found;
pub(crate) mod group;
pub(crate) mod help;
pub(crate) mod incidents;
pub(crate) mod journal;
pub(crate) mod kept;
pub(crate) mod key;
pub(crate) mod keymap;
pub(crate) mod layout;
pub(crate) mod line;
pub(crate) mod list;
pub(crate) mod loading;
pub(crate) mod log;
pub(crate) mod mark;
pub(crate) mod msg;
pub(crate) mod open_path;
pub(crate) mod panes;
pub(crate) mod places;
pub(crate) mod preview;
pub(crate) mod problems;
pub(crate) mod reach;
pub(crate) mod record;
pub(crate) mod remark;
pub(crate) mod roster;
pub(crate) mod search;
pub(crate) mod shown;
pub(crate) mod snapshot;
mod stated;
pub(crate) mod tab;
pub(crate) mod tree;
pub(crate) mod update;
pub(crate) mod verdict;
pub(crate) mod why;
pub(crate) mod worklist;

#[cfg(test)]
pub(crate) mod harness;
#[cfg(test)]
mod tests;

use crate::app::advice::Advice;
use crate::app::advise::AdviseDialog;
use crate::app::ask::Ask;
use crate::app::ask::Question;
use crate::app::cursor::Cursor;
use crate::app::decide::DecideDialog;
use crate::app::detail::TextPane;
use crate::app::effect::Effect;
use crate::app::filter::Find;
use crate::app::help::Help;
use crate::app::incidents::Decided;
use crate::app::incidents::Draft;
use crate::app::incidents::Incident;
use crate::app::journal::Known;
use crate::app::keymap::Pane;
use crate::app::list::List;
use crate::app::loading::Load;
use crate::app::log::Log;
use crate::app::log::Shown;
use crate::app::log::UndoDialog;
use crate::app::mark::MarkDialog;
use crate::app::open_path::PathBox;
use crate::app::places::Places;
use crate::app::problems::Problems;
use crate::app::reach::Reach;
use crate::app::record::NotRecorded;
use crate::app::record::Writing;
use crate::app::remark::RemarkDialog;
use crate::app::search::SearchBox;
use crate::app::shown::Show;
use crate::app::snapshot::Snapshot;
use crate::app::stated::Stated;
use crate::app::tab::Tab;
use crate::app::tree::Tree;
use crate::app::update::Input;
use crate::app::verdict::Verdict;
use crate::app::why::Why;
use crate::app::worklist::Worklist;
use crate::graph::ids::ComponentId;
use std::collections::VecDeque;
use std::sync::Arc;

/// What a pane beside the list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum View {
    Detail,
    Up,
    Down,
    Reach,
    Why,
}

/// Which pane has the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Focus {
    List,
    View(View),
}

/// The screen under any popup.
#[derive(Debug)]
pub(crate) enum Screen {
    Main,
    Problems(Problems),
    /// The journal.
    Log(Log),
    /// What it shows outlives the screen: it stands in [`App::advice`].
    Advisories,
    /// The same: [`App::worklist`].
    Worklist,
}

/// What lies over the screen.
#[derive(Debug)]
pub(crate) enum Popup {
    Search(Box<SearchBox>),
    Mark(Box<MarkDialog>),
    /// Opens an incident from an advisory.
    Advise(Box<AdviseDialog>),
    /// Asks for an advisory.
    Path(Box<PathBox>),
    /// Asks before an entry is taken back.
    Undo(Box<UndoDialog>),
    /// Something could not be recorded.
    NotRecorded(Box<NotRecorded>),
    /// A whole entry of the journal.
    Entry(Shown),
    /// Decides about rows of the worklist.
    Decide(Box<DecideDialog>),
    /// A comment on an incident, or why it is closed.
    Remark(Box<RemarkDialog>),
    /// Asks before leaving, where something is in no journal.
    Leave,
}

impl Popup {
    /// The pane that has the keys with it.
    pub(crate) fn pane(&self) -> Pane {
        match self {
            Self::Search(_) => Pane::SearchBox,
            Self::Mark(_) => Pane::MarkDialog,
            Self::Advise(_) => Pane::AdviseDialog,
            Self::Path(_) => Pane::PathField,
            Self::Undo(_) => Pane::UndoDialog,
            Self::NotRecorded(_) => Pane::NotRecorded,
            Self::Entry(_) => Pane::Entry,
            Self::Decide(_) => Pane::Decide,
            Self::Remark(_) => Pane::Remark,
            Self::Leave => Pane::Leave,
        }
    }

    /// Whether it lies over the panes; a question stands on the message line.
    fn covers(&self) -> bool {
        match self {
            Self::Search(_)
            | Self::Mark(_)
            | Self::Advise(_)
            | Self::Path(_)
            | Self::NotRecorded(_)
            | Self::Entry(_)
            | Self::Decide(_) => true,
            Self::Undo(_) | Self::Remark(_) | Self::Leave => false,
        }
    }

    /// Whether Enter in it may record something.
    fn records(&self) -> bool {
        match self {
            Self::Mark(_) | Self::Advise(_) | Self::Undo(_) | Self::NotRecorded(_) | Self::Decide(_) | Self::Remark(_) => true,
            Self::Search(_) | Self::Path(_) | Self::Entry(_) | Self::Leave => false,
        }
    }
}

/// The line above the footer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Message {
    pub text: String,
    pub stays: Stays,
}

/// How long a message stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stays {
    UntilKey,
    /// It tells of a file while others are still being read; then the header counts it.
    WhileReading,
    /// An error.
    UntilEsc,
}

/// Everything that the screen shows.
#[derive(Debug)]
pub(crate) struct App {
    /// Columns and rows.
    pub size: (u16, u16),
    pub show: Show,
    /// What the repository is called, escaped.
    pub repository: String,
    pub load: Load,
    pub data: Arc<Snapshot>,
    pub tab: Tab,
    /// By tab, but for the incidents.
    pub lists: [List; 4],
    pub incident_cursor: Cursor,
    pub view: View,
    pub focus: Focus,
    pub screen: Screen,
    pub popup: Option<Popup>,
    pub help: Option<Help>,
    /// A text that is looked for in a pane that keeps all its rows.
    pub find: Option<Find>,
    pub detail: TextPane<Option<ComponentId>>,
    pub stated: Stated,
    pub up: Tree,
    pub down: Tree,
    pub reach: Reach,
    pub why: Why,
    pub advice: Advice,
    pub worklist: Worklist,
    /// The open ones, in the order of opening, then drafts.
    pub incidents: Vec<Incident>,
    /// Id of the incident in the header.
    header: Option<String>,
    /// `None`: not read yet.
    journal: Option<Arc<Known>>,
    /// What could not be recorded and was not let go of.
    pub drafts: Vec<Draft>,
    /// What is being recorded.
    writing: Option<Writing>,
    /// Nothing could be recorded when that was last tried.
    not_writable: bool,
    decided: Decided,
    /// How everything stands to all open incidents.
    pub verdict: Option<Arc<Verdict>>,
    verdict_waiting: Option<u64>,
    /// What marking the component in Detail would reach.
    pub detail_if: WhatIf,
    /// What marking the component of a Reach pane without incident would reach.
    pub reach_if: WhatIf,
    pub message: Option<Message>,
    places: Places,
    /// Keys typed ahead of an Enter that waits for its answer.
    held: VecDeque<Input>,
    /// Grows with everything that text panes depend on, but for reaches without an incident.
    epoch: u64,
    /// Grows with every answer about the incidents.
    answered: u64,
    /// Grows with every graph.
    generation: u64,
    seq: u64,
    effects: Vec<Effect>,
}

/// The reach of one component without an incident.
#[derive(Debug, Default)]
pub(crate) struct WhatIf {
    pub of: Option<ComponentId>,
    /// The last answer; while one waits for the next, that of another component.
    last: Option<Arc<Verdict>>,
    waiting: Option<u64>,
    /// Grows with every answer.
    changes: u64,
}

impl WhatIf {
    /// The answer; `None`: being computed.
    pub(crate) fn verdict(&self) -> Option<&Arc<Verdict>> {
        self.last.as_ref().filter(|_| self.waiting.is_none())
    }

    fn answer(&mut self, verdict: Option<Arc<Verdict>>) {
        (self.last, self.waiting) = (verdict, None);
        self.changes += 1;
    }

    /// Drops what was answered of another graph.
    fn forget(&mut self) {
        self.of = None;
        self.answer(None);
    }
}

impl App {
    /// The explorer before anything was read.
    pub(crate) fn new(repository: &str, ascii: bool) -> Self {
        Self {
            size: (80, 24),
            show: Show { ascii },
            repository: repository.to_owned(),
            load: Load::default(),
            data: Arc::new(Snapshot::default()),
            tab: Tab::Models,
            lists: Default::default(),
            incident_cursor: Cursor::default(),
            view: View::Detail,
            focus: Focus::List,
            screen: Screen::Main,
            popup: None,
            help: None,
            find: None,
            detail: TextPane::default(),
            stated: Stated::default(),
            up: Tree::new(true),
            down: Tree::new(false),
            reach: Reach::default(),
            why: Why::default(),
            advice: Advice::default(),
            worklist: Worklist::default(),
            incidents: Vec::new(),
            header: None,
            journal: None,
            drafts: Vec::new(),
            writing: None,
            not_writable: false,
            decided: Decided::default(),
            verdict: None,
            verdict_waiting: None,
            detail_if: WhatIf::default(),
            reach_if: WhatIf::default(),
            message: None,
            places: Places::default(),
            held: VecDeque::new(),
            epoch: 0,
            answered: 0,
            generation: 0,
            seq: 0,
            effects: Vec::new(),
        }
    }

    /// The list of the tab; `None` on the incidents.
    pub(crate) fn list(&self) -> Option<&List> {
        self.lists.get(self.tab.row())
    }

    fn list_mut(&mut self) -> Option<&mut List> {
        self.lists.get_mut(self.tab.row())
    }

    /// The component under the list's cursor.
    pub(crate) fn selected(&self) -> Option<ComponentId> {
        match self.list() {
            Some(list) => list.selected(),
            None => self.incident_at_cursor().and_then(|incident| incident.component),
        }
    }

    /// The tree of a view.
    pub(crate) fn tree(&self, view: View) -> Option<&Tree> {
        match view {
            View::Up => Some(&self.up),
            View::Down => Some(&self.down),
            View::Detail | View::Reach | View::Why => None,
        }
    }

    /// What has the keys.
    pub(crate) fn pane(&self) -> Pane {
        if self.help.is_some() {
            return Pane::Help;
        }
        if let Some(popup) = &self.popup {
            return popup.pane();
        }
        if self.find.as_ref().is_some_and(|find| find.editing) {
            return Pane::Find;
        }
        if self.filter().is_some_and(|filter| filter.editing) {
            return Pane::Filter;
        }
        self.pane_below()
    }

    /// Whether a pane has the keys, itself or by its text field; under a popup none has.
    pub(crate) fn has_keys(&self, pane: Focus) -> bool {
        let covered = self.help.is_some() || matches!(&self.popup, Some(popup) if popup.covers());
        self.focus == pane && !covered
    }

    /// The pane under any popup and field.
    pub(crate) fn pane_below(&self) -> Pane {
        match (&self.screen, self.focus) {
            (Screen::Problems(_), _) => Pane::Problems,
            (Screen::Log(_), _) => Pane::Log,
            (Screen::Advisories, _) => Pane::Advisories,
            (Screen::Worklist, _) => Pane::Worklist,
            (Screen::Main, Focus::List) if self.tab == Tab::Incidents => Pane::Incidents,
            (Screen::Main, Focus::List) => Pane::List,
            (Screen::Main, Focus::View(view)) => match view {
                View::Detail => Pane::Detail,
                View::Up | View::Down => Pane::Tree,
                View::Reach => Pane::Reach,
                View::Why => Pane::Why,
            },
        }
    }

    /// Asks a question; the number of its answer.
    fn ask(&mut self, question: Question) -> u64 {
        self.seq += 1;
        let ask = Ask { seq: self.seq, data: Arc::clone(&self.data), verdict: self.verdict.clone(), question };
        self.effects.push(Effect::Ask(Box::new(ask)));
        self.seq
    }

    /// Whether anything waits for the answer of this number.
    pub(crate) fn waits_for(&self, seq: u64) -> bool {
        self.awaited().any(|waiting| waiting == seq)
    }

    /// Whether anything on the screen waits for an answer. What documents state is no answer to wait for: it stands below the
    /// rest, and files take their time.
    pub(crate) fn is_waiting(&self) -> bool {
        self.awaited().next().is_some()
    }

    fn awaited(&self) -> impl Iterator<Item = u64> {
        let filters = self.lists.iter().filter_map(|list| list.filter.as_ref()).chain(&self.reach.filter);
        let filters = filters.flat_map(|filter| [filter.waiting, filter.near_waiting]);
        let lists = self.lists.iter().map(|list| list.waiting).chain(filters);
        let popup = match &self.popup {
            Some(Popup::Search(search)) => search.waiting,
            Some(Popup::Mark(dialog)) => dialog.waiting,
            Some(Popup::Advise(dialog)) => dialog.waiting,
            Some(
                Popup::Path(_)
                | Popup::Undo(_)
                | Popup::NotRecorded(_)
                | Popup::Entry(_)
                | Popup::Decide(_)
                | Popup::Remark(_)
                | Popup::Leave,
            )
            | None => None,
        };
        let panes = [
            self.verdict_waiting,
            self.detail_if.waiting,
            self.reach_if.waiting,
            self.up.waiting,
            self.down.waiting,
            self.why.waiting,
            self.advice.waiting,
            self.advice.reach_waiting,
            popup,
        ];
        lists.chain(panes).flatten()
    }

    /// Says what the person should know before the first key.
    pub(crate) fn note(&mut self, note: Option<&str>) {
        if let Some(note) = note {
            self.say(note);
        }
    }

    fn say(&mut self, text: impl Into<String>) {
        self.message = Some(Message { text: text.into(), stays: Stays::UntilKey });
    }

    fn say_error(&mut self, text: impl Into<String>) {
        self.message = Some(Message { text: text.into(), stays: Stays::UntilEsc });
    }
}
