//! Marking a component compromised: a dialog that shows what the mark will say before Enter makes it.
//!
//! Invariant: nothing is marked but by Enter here, and only once the preview of exactly what will be recorded is on screen.

use crate::app::App;
use crate::app::Focus;
use crate::app::Popup;
use crate::app::View;
use crate::app::ask;
use crate::app::cursor::Step;
use crate::app::field::Field;
use crate::app::incidents::Draft;
use crate::app::key::KeyPress;
use crate::app::preview::Preview;
use crate::app::record::Where;
use crate::graph::Graph;
use crate::graph::ids::ComponentId;
use crate::incident::journal::body::Question;
use crate::incident::wish::Wish;
use crate::model::date::Day;
use crate::model::hazard::Hazard;
use crate::model::kind::Kind;
use crate::query::impact::Window;
use crate::query::select;
use crate::query::select::Scope;
use crate::text::Untrusted;
use crate::text::quoted;
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
    /// Id of the incident that is to ask this too, or of the draft that is to be recorded.
    pub changes: Option<String>,
}

impl MarkDialog {
    /// Whether the preview is of something chosen before.
    pub(crate) fn is_stale(&self) -> bool {
        self.waiting.is_some()
    }

    /// What would be recorded; the error says which field is no day.
    pub(super) fn question(&self, graph: &Graph) -> Result<Question, &'static str> {
        let window = self.window()?;
        let (selector, scope) = match self.choice {
            Choice::Hash => (selector(graph, self.component), Scope::Digest),
            Choice::Version => (selector(graph, self.component), Scope::Version),
            Choice::Every => (selector(graph, self.component), Scope::Every),
            Choice::Range => {
                let range = self.range.text();
                (format!("{}{}", before_range(graph, self.component), range.trim()), Scope::AsWritten)
            }
        };
        let Window { since, until } = window;
        Ok(Question { selectors: vec![selector], hazard: Some(self.hazard), scope, since, until })
    }

    /// Fills in what was asked before.
    fn fill(&mut self, graph: &Graph, asked: &Question) {
        self.hazard = asked.hazard.unwrap_or(self.hazard);
        let range = asked.selectors.first().and_then(|selector| selector.strip_prefix(&before_range(graph, self.component)));
        match (asked.scope, range) {
            (Scope::AsWritten, Some(range)) if !range.is_empty() => {
                (self.choice, self.range) = (Choice::Range, Field::new(range));
            }
            (scope, _) => self.choice = Choice::of(scope),
        }
        let day = |day: Option<Day>| day.map(|day| Field::new(&day.to_string())).unwrap_or_default();
        (self.since, self.until) = (day(asked.since), day(asked.until));
        self.window = !self.since.is_empty() || !self.until.is_empty();
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

/// The first line of a preview that is scrolled.
pub(super) fn scrolled(top: usize, step: Step) -> usize {
    match step {
        Step::HalfDown | Step::PageDown | Step::Next | Step::Last => (top + 3).min(24),
        Step::HalfUp | Step::PageUp | Step::Previous | Step::First => top.saturating_sub(3),
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
        let data = Arc::clone(&self.data);
        let graph = &data.graph;
        let before = self.incidents.iter().rev().find(|incident| incident.component == Some(component));
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
            dialog.changes = Some(before.id.clone());
            if let Some(asked) = before.parts.last() {
                dialog.fill(graph, asked);
            }
            dialog.reason = Field::new(if before.draft { &before.reason } else { "" });
        }
        self.popup = Some(Popup::Mark(Box::new(dialog)));
        self.ask_preview();
    }

    fn dialog(&mut self) -> Option<&mut MarkDialog> {
        if let Some(Popup::Mark(dialog)) = &mut self.popup { Some(dialog) } else { None }
    }

    /// Asks what the mark as chosen would say.
    pub(super) fn ask_preview(&mut self) {
        let data = Arc::clone(&self.data);
        let Some(dialog) = self.dialog() else { return };
        match dialog.question(&data.graph) {
            Err(field) => {
                dialog.waiting = None;
                dialog.preview = Some(Err(format!("{field}: not a day such as 2026-03-02, or before since")));
            }
            Ok(asked) => {
                let seq = self.ask(ask::Question::Preview(asked));
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
            dialog.top = scrolled(dialog.top, step);
        }
    }

    /// Has recorded what the dialog describes: a new incident, or that an open one asks this too.
    pub(super) fn open_incident(&mut self) {
        let next = |app: &Self| Some(app.data.graph.id(app.mark_dialog()?.component).as_key().to_owned());
        let component = next(self);
        let Some(dialog) = self.mark_dialog() else { return };
        let marked = match &dialog.preview {
            None => return,
            Some(Err(why)) => Err(why.clone()),
            Some(Ok(preview)) if preview.verdict.marked.is_empty() => {
                Err("this scope selects nothing: nothing to mark".to_owned())
            }
            Some(Ok(_)) => Ok(()),
        };
        let question = dialog.question(&self.data.graph);
        let reason = Some(dialog.reason.text().trim().to_owned()).filter(|reason| !reason.is_empty());
        let changes = dialog.changes.clone();
        match (marked, question) {
            (Err(why), _) => self.say_error(why),
            (Ok(()), Err(_)) => {}
            (Ok(()), Ok(question)) => {
                let draft = changes.clone().filter(|id| self.drafts.iter().any(|draft| draft.id == *id));
                let wish = match changes.filter(|_| draft.is_none()) {
                    Some(incident) => Wish::Grow { incident, question, reason },
                    None => Wish::Open { question, reason, advisory: None },
                };
                // What an open incident was to ask too, and could not be recorded, is recorded by this.
                let grown = |known: &&Draft| matches!((&known.wish, &wish), (Wish::Grow { incident: a, .. }, Wish::Grow { incident: b, .. }) if a == b);
                let draft = draft.or_else(|| self.drafts.iter().find(grown).map(|draft| draft.id.clone()));
                self.record(wish, Where::Here, draft, component);
            }
        }
    }

    fn mark_dialog(&self) -> Option<&MarkDialog> {
        match &self.popup {
            Some(Popup::Mark(dialog)) => Some(dialog),
            _ => None,
        }
    }

    /// The same mark as a command line.
    pub(crate) fn mark_command(&self) -> Option<String> {
        let Some(Popup::Mark(dialog)) = &self.popup else { return None };
        let graph = &self.data.graph;
        let question = dialog.question(graph).ok()?;
        let selector = question.selectors.first().map_or("", String::as_str);
        let selector = Untrusted::new(selector).show().into_string();
        let mut command = format!("downriver incident open {} --hazard {}", quoted(&selector), dialog.hazard.word());
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
        let into = dialog.changes.as_ref().filter(|id| self.drafts.iter().all(|draft| draft.id != **id));
        let reason = Some(dialog.reason.text()).filter(|reason| !reason.trim().is_empty());
        for (option, value) in [(" --into ", into), (" --reason ", reason.as_ref())] {
            if let Some(value) = value {
                command.push_str(option);
                command.push_str(&quoted(value));
            }
        }
        Some(command)
    }
}

/// The selector that means just this component: its printed id, with its kind where another kind has the same.
fn selector(graph: &Graph, component: ComponentId) -> String {
    let id = graph.id(component).as_key();
    let of_kinds = Kind::ALL.into_iter().filter(|kind| graph.by_id_of(*kind, id).is_some()).count();
    if of_kinds > 1 { format!("{}:{id}", graph.kind(component)) } else { id.to_owned() }
}

/// What stands before a range of versions of a component.
fn before_range(graph: &Graph, component: ComponentId) -> String {
    format!("{}:{}", graph.kind(component), graph.text(graph.component(component).name).as_key())
}
