//! Marking a component compromised: a dialog that shows what the mark will say before Enter makes it.
//!
//! Invariant: nothing is marked but by Enter here, and only once the preview of exactly this mark is on screen.
//! Invariant: marks live in memory; every message about one says `not recorded`.

use crate::app::App;
use crate::app::Focus;
use crate::app::Popup;
use crate::app::View;
use crate::app::ask::Question;
use crate::app::cursor::Step;
use crate::app::field::Field;
use crate::app::key::KeyPress;
use crate::app::preview::Preview;
use crate::app::reach::ReachOf;
use crate::app::tab::Tab;
use crate::app::verdict::Verdict;
use crate::graph::ids::ComponentId;
use crate::incident::Incident;
use crate::incident::Reach;
use crate::model::date::Day;
use crate::model::hazard::Hazard;
use crate::query::impact::Window;
use crate::query::select;
use crate::query::select::Scope;
use std::sync::Arc;

/// Which part of the dialog has the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum At {
    /// Hazard and scope: letters and digits choose.
    Choices,
    Range,
    Reason,
    Since,
    Until,
}

/// The rows of the scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Choice {
    Hash,
    Version,
    Range,
    Every,
}

impl Choice {
    /// All, in the order of their digits.
    pub(crate) const ALL: [Self; 4] = [Self::Hash, Self::Version, Self::Range, Self::Every];

    fn of(scope: Scope) -> Self {
        match scope {
            Scope::AsWritten | Scope::Version => Self::Version,
            Scope::Digest => Self::Hash,
            Scope::Every => Self::Every,
        }
    }

    /// The option of the command line.
    fn word(self) -> &'static str {
        match self {
            Self::Hash => "digest",
            Self::Version => "version",
            Self::Range => "range",
            Self::Every => "every",
        }
    }
}

/// The dialog.
#[derive(Debug)]
pub(crate) struct MarkDialog {
    pub component: ComponentId,
    pub hazard: Hazard,
    pub choice: Choice,
    pub range: Field,
    pub reason: Field,
    pub since: Field,
    pub until: Field,
    /// The time window is shown.
    pub window: bool,
    pub at: At,
    /// The answer to what is chosen, or to what was chosen before while `waiting`; the error says why there is none.
    pub preview: Option<Result<Arc<Preview>, String>>,
    pub(super) waiting: Option<u64>,
    /// First preview line of the page on small screens.
    pub top: usize,
    /// The incident that is being changed.
    pub changes: Option<u32>,
}

impl MarkDialog {
    /// Whether the preview is of something chosen before.
    pub(crate) fn is_stale(&self) -> bool {
        self.waiting.is_some()
    }

    /// How far the mark reaches.
    fn reach(&self) -> Reach {
        match self.choice {
            Choice::Hash => Reach::Scope(Scope::Digest),
            Choice::Version => Reach::Scope(Scope::Version),
            Choice::Every => Reach::Scope(Scope::Every),
            Choice::Range => Reach::Range(self.range.text()),
        }
    }

    /// The window; the error names the field that is no day.
    fn window(&self) -> Result<Window, &'static str> {
        let day = |field: &Field, name: &'static str| match field.text().trim() {
            _ if !self.window => Ok(None),
            "" => Ok(None),
            typed => Day::parse(typed).map(Some).ok_or(name),
        };
        let window = Window { since: day(&self.since, "since")?, until: day(&self.until, "until")? };
        match (window.since, window.until) {
            (Some(since), Some(until)) if until < since => Err("until"),
            _ => Ok(window),
        }
    }

    /// The field that has the keys.
    pub(crate) fn field_mut(&mut self) -> Option<&mut Field> {
        match self.at {
            At::Choices => None,
            At::Range => Some(&mut self.range),
            At::Reason => Some(&mut self.reason),
            At::Since => Some(&mut self.since),
            At::Until => Some(&mut self.until),
        }
    }

    fn next(&mut self, forward: bool) {
        let mut stops = vec![At::Choices];
        if self.choice == Choice::Range {
            stops.push(At::Range);
        }
        if self.window {
            stops.extend([At::Since, At::Until]);
        }
        stops.push(At::Reason);
        let here = stops.iter().position(|at| *at == self.at).unwrap_or(0);
        let next = if forward { here + 1 } else { here + stops.len() - 1 } % stops.len();
        self.at = stops.get(next).copied().unwrap_or(At::Choices);
    }
}

impl App {
    /// Opens the dialog for the component that the focused pane's cursor is on; in the preview of an advisory, that for it.
    pub(super) fn open_mark(&mut self) {
        if self.is_preview() && matches!(self.focus, Focus::View(View::Reach | View::Why)) {
            self.open_advise();
            return;
        }
        let Some(component) = self.component_of_cursor() else {
            self.say("nothing to mark here: select a component first");
            return;
        };
        let graph = &self.data.graph;
        let printed = graph.id(component).as_key();
        let before = self.incidents.iter().find(|incident| incident.component == printed && incident.asks.is_none());
        let mut dialog = MarkDialog {
            component,
            hazard: Hazard::default_for(graph.kind(component)),
            choice: Choice::of(select::narrowest(graph, component)),
            range: Field::default(),
            reason: Field::default(),
            since: Field::default(),
            until: Field::default(),
            window: false,
            at: At::Choices,
            preview: None,
            waiting: None,
            top: 0,
            changes: None,
        };
        if let Some(before) = before {
            (dialog.hazard, dialog.reason, dialog.changes) = (before.hazard, Field::new(&before.reason), Some(before.number));
            match &before.reach {
                Reach::Scope(scope) => dialog.choice = Choice::of(*scope),
                Reach::Range(range) => (dialog.choice, dialog.range) = (Choice::Range, Field::new(range)),
            }
            let day = |day: Option<Day>| day.map(|day| Field::new(&day.to_string())).unwrap_or_default();
            (dialog.since, dialog.until) = (day(before.window.since), day(before.window.until));
            dialog.window = !dialog.since.is_empty() || !dialog.until.is_empty();
        }
        self.popup = Some(Popup::Mark(Box::new(dialog)));
        self.ask_preview();
    }

    fn dialog(&mut self) -> Option<&mut MarkDialog> {
        match &mut self.popup {
            Some(Popup::Mark(dialog)) => Some(dialog),
            Some(Popup::Search(_) | Popup::Undo(_) | Popup::Advise(_) | Popup::Path(_)) | None => None,
        }
    }

    /// Asks what the mark as chosen would say.
    pub(super) fn ask_preview(&mut self) {
        let Some(dialog) = self.dialog() else { return };
        let (component, hazard, reach) = (dialog.component, dialog.hazard, dialog.reach());
        match dialog.window() {
            Err(field) => {
                dialog.waiting = None;
                dialog.preview = Some(Err(format!("{field}: not a day such as 2026-03-02, or before since")));
            }
            Ok(window) => {
                let seq = self.ask(Question::Preview { component, reach, hazard, window });
                if let Some(dialog) = self.dialog() {
                    dialog.waiting = Some(seq);
                }
            }
        }
    }

    pub(super) fn take_preview(&mut self, seq: u64, preview: Result<Arc<Preview>, String>) {
        if let Some(dialog) = self.dialog().filter(|dialog| dialog.waiting == Some(seq)) {
            dialog.waiting = None;
            dialog.preview = Some(preview);
        }
    }

    /// A key in a text field of the dialog; `false` if there is none or it is no editing key.
    pub(super) fn type_in_mark(&mut self, key: KeyPress) -> bool {
        let Some(dialog) = self.dialog() else { return false };
        let at = dialog.at;
        let Some(field) = dialog.field_mut() else { return false };
        let before = field.text();
        let edited = field.edit(key);
        if edited && at != At::Reason && field.text() != before {
            self.ask_preview();
        }
        edited
    }

    pub(super) fn paste_in_mark(&mut self, text: &str) {
        let Some(dialog) = self.dialog() else { return };
        if dialog.at == At::Choices {
            dialog.at = At::Reason;
        }
        let asks = dialog.at != At::Reason;
        if let Some(field) = dialog.field_mut() {
            field.insert(text);
        }
        if asks {
            self.ask_preview();
        }
    }

    pub(super) fn choose_hazard(&mut self, hazard: Hazard) {
        if let Some(dialog) = self.dialog() {
            dialog.hazard = hazard;
            self.ask_preview();
        }
    }

    /// Chooses a row of the scope, from 1; a range wants its text next.
    pub(super) fn choose_scope(&mut self, row: u8) {
        let choice = Choice::ALL.get(usize::from(row).saturating_sub(1)).copied();
        if let (Some(dialog), Some(choice)) = (self.dialog(), choice) {
            dialog.choice = choice;
            if choice == Choice::Range {
                dialog.at = At::Range;
            }
            self.ask_preview();
        }
    }

    pub(super) fn show_window(&mut self) {
        if let Some(dialog) = self.dialog() {
            dialog.window = true;
            dialog.at = At::Since;
        }
    }

    pub(super) fn next_field(&mut self, forward: bool) {
        if let Some(dialog) = self.dialog() {
            dialog.next(forward);
        }
    }

    /// Scrolls the preview where it does not fit.
    pub(super) fn scroll_mark(&mut self, step: Step) {
        if let Some(dialog) = self.dialog() {
            dialog.top = match step {
                Step::HalfDown | Step::PageDown | Step::Next | Step::Last => (dialog.top + 3).min(24),
                Step::HalfUp | Step::PageUp | Step::Previous | Step::First => dialog.top.saturating_sub(3),
            };
        }
    }

    /// Opens the incident that the dialog describes, or changes the one it came from.
    pub(super) fn open_incident(&mut self) {
        let label = |app: &Self, id| app.show.label(&app.data.graph, id);
        let Some(dialog) = self.dialog() else { return };
        let window = dialog.window();
        let preview = match (&dialog.preview, &window) {
            (Some(Ok(preview)), Ok(_)) => Arc::clone(preview),
            (Some(Err(why)), _) => {
                let why = why.clone();
                self.say_error(why);
                return;
            }
            (None, _) | (Some(Ok(_)), Err(_)) => return,
        };
        if preview.verdict.marked.is_empty() {
            self.say_error("this scope selects nothing: nothing to mark");
            return;
        }
        let (component, hazard, reach, changes) = (dialog.component, dialog.hazard, dialog.reach(), dialog.changes);
        let reason = dialog.reason.text();
        let number = changes.unwrap_or(self.next_incident);
        let incident = Incident {
            number,
            component: self.data.graph.id(component).as_key().to_owned(),
            label: label(self, component),
            reach,
            hazard,
            window: window.unwrap_or_default(),
            reason,
            asks: None,
        };
        let verb = if changes.is_some() { "changed" } else { "opened" };
        self.enter_incident(incident, &preview.verdict, Some(component), verb);
    }

    /// Takes in an incident, and shows what it reaches and the component that it is about.
    pub(super) fn enter_incident(
        &mut self,
        incident: Incident,
        verdict: &Arc<Verdict>,
        component: Option<ComponentId>,
        verb: &str,
    ) {
        let number = incident.number;
        match self.incidents.iter_mut().find(|known| known.number == number) {
            Some(known) => *known = incident,
            None => self.incidents.push(incident),
        }
        self.next_incident = self.next_incident.max(number + 1);
        self.header = number;
        self.popup = None;
        if self.incidents.len() == 1 {
            self.verdict = Some(Arc::clone(verdict));
        }
        self.ask_marks();
        self.reach.of = ReachOf::Incidents;
        self.reach.filter = None;
        self.reach.cursor = crate::app::cursor::Cursor::default();
        self.reach.rows.clear();
        // All that is affected is to be seen, not only what was searched for.
        for list in &mut self.lists {
            list.clear_filter();
        }
        if let Some(component) = component {
            self.go_to(component);
        }
        self.show_view(View::Reach);
        self.say(format!("INC-{number} {verb}, not recorded   z undo"));
    }

    /// Asks how everything stands to all open incidents.
    pub(super) fn ask_marks(&mut self) {
        self.epoch += 1;
        self.answered += 1;
        for list in &mut self.lists {
            if list.sort.is_none_or(|sort| sort == crate::app::snapshot::Sort::State) {
                list.order = None;
            }
        }
        self.forget_paths();
        let marks: Vec<_> = self.incidents.iter().map(|incident| incident.marks(&self.data.graph)).collect();
        if self.incidents.is_empty() {
            (self.verdict, self.verdict_waiting) = (None, None);
        } else {
            self.verdict_waiting = Some(self.ask(Question::Marks(marks)));
        }
    }

    /// Asks before taking back the newest incident, or the one under the cursor of tab 5.
    pub(super) fn ask_undo(&mut self) {
        let at_cursor = self.incident_at_cursor().filter(|_| self.tab == Tab::Incidents && self.focus == Focus::List);
        match at_cursor.or(self.incidents.last()).map(|incident| incident.number) {
            Some(number) => self.popup = Some(Popup::Undo(number)),
            None => self.say("nothing to undo: no incident is open"),
        }
    }

    /// Takes an incident back.
    pub(super) fn undo(&mut self, number: u32) {
        self.popup = None;
        self.incidents.retain(|incident| incident.number != number);
        self.incident_cursor.row = self.incident_cursor.row.min(self.incidents.len().saturating_sub(1));
        if self.incidents.is_empty() {
            self.reach.of = ReachOf::Row;
            if self.view == View::Why {
                self.view = View::Detail;
            }
        }
        self.ask_marks();
        self.say(format!("INC-{number} taken back; it was not recorded"));
    }

    /// The same mark as a command line.
    pub(crate) fn mark_command(&self) -> Option<String> {
        let Some(Popup::Mark(dialog)) = &self.popup else { return None };
        let graph = &self.data.graph;
        let id = graph.id(dialog.component).show().into_string();
        let selector = match dialog.choice {
            Choice::Range => format!("{}{}", graph.text(graph.component(dialog.component).name).show(), dialog.range.text()),
            Choice::Hash | Choice::Version | Choice::Every => id,
        };
        let mut command = format!("downriver impact {} --hazard {}", quoted(&selector), dialog.hazard.word());
        if dialog.choice != Choice::Range {
            command.push_str(" --scope ");
            command.push_str(dialog.choice.word());
        }
        for (option, field) in [("--since", &dialog.since), ("--until", &dialog.until)] {
            if dialog.window && !field.is_empty() {
                for word in [" ", option, " ", &quoted(&field.text())] {
                    command.push_str(word);
                }
            }
        }
        Some(command)
    }
}

/// One word for a shell.
pub(super) fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', "'\\''"))
}
