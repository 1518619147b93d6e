//! The Advisories screen: what was given, what each advisory came to here, and what could not be checked.
//!
//! Invariant: an answer is shown with the graph that it was asked of, so that its ids mean what they did then.
//! Invariant: NO MATCH never stands without the list of what could not be checked, or that nothing was missing.
//! Absent on purpose: reading files; an effect asks for it, and a message brings what was read.

pub(crate) mod lines;

use crate::app::App;
use crate::app::Focus;
use crate::app::Popup;
use crate::app::Screen;
use crate::app::View;
use crate::app::action::Action;
use crate::app::ask::Question;
use crate::app::cursor::Cursor;
use crate::app::cursor::Step;
use crate::app::effect::Effect;
use crate::app::key::KeyPress;
use crate::app::keymap;
use crate::app::keymap::Pane;
use crate::app::layout;
use crate::app::layout::Layout;
use crate::app::layout::Size;
use crate::app::line::FilePlace;
use crate::app::line::Line;
use crate::app::loading::Load;
use crate::app::reach::ReachOf;
use crate::app::snapshot::Snapshot;
use crate::app::verdict::Verdict;
use crate::app::why::WhyOf;
use crate::model::advisory::files::AdvisoryFiles;
use crate::query::advisory::advised::Advised;
use crate::query::advisory::answer::Answer;
use crate::text::Untrusted;
use std::cmp::Reverse;
use std::path::PathBuf;
use std::sync::Arc;

/// Cells of a line of the lower pane that its text does not get: the cursor column and the margin.
const TEXT_EDGES: u16 = 3;

/// One line of the upper pane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Row {
    /// The answer of this number.
    Answer(usize),
    /// The file of this number, which gave no advisory.
    NotRead(usize),
}

/// All advisories, asked of one graph.
#[derive(Debug)]
pub(crate) struct Told {
    pub advised: Arc<Advised>,
    pub data: Arc<Snapshot>,
    /// What was met comes first, most affected first; then what has something of its own open; files not read come last.
    pub rows: Vec<Row>,
    /// Rows that are not understood.
    pub n_unread: usize,
}

/// Everything about advisories.
#[derive(Debug, Default)]
pub(crate) struct Advice {
    /// As given, or as typed.
    pub paths: Vec<PathBuf>,
    pub(super) reading: Option<u64>,
    files: Option<Arc<AdvisoryFiles>>,
    pub(super) waiting: Option<u64>,
    /// `None`: not read, or not answered yet.
    pub told: Option<Told>,
    pub cursor: Cursor,
    /// The lower pane has the keys.
    pub below: bool,
    pub lines: Vec<Line>,
    pub lines_cursor: Cursor,
    made: Option<(Option<Row>, u16, u64)>,
    /// The advisory whose reach is known or asked.
    of: Option<Row>,
    reach: Option<Arc<Verdict>>,
    pub(super) reach_waiting: Option<u64>,
    /// The first answer to what was given at the start decides what is shown.
    pub(super) opens: bool,
    /// The path to the worst deployment is to be shown once the reach is known.
    pub(super) why_wanted: bool,
    /// Grows with everything that the lines and the reach depend on.
    pub(super) changes: u64,
}

impl Told {
    fn new(advised: Arc<Advised>, data: Arc<Snapshot>) -> Self {
        let mut answers: Vec<(usize, &Answer)> = advised.answers.iter().enumerate().collect();
        answers.sort_by_key(|(_, answer)| {
            let counts = answer.counts;
            let own = !answer.undetermined.is_empty() || answer.withdrawn.is_some();
            let met = answer.matched.then_some(Reverse((counts.affected, counts.possible, counts.unknown)));
            (!answer.matched, met, !own, !answer.asks)
        });
        let read = answers.into_iter().map(|(number, _)| Row::Answer(number));
        let rows = read.chain(advised.not_read_rows().map(Row::NotRead)).collect();
        let told = Self { advised, data, rows, n_unread: 0 };
        let n_unread = told.rows.iter().filter(|row| told.is_unread(**row)).count();
        Self { n_unread, ..told }
    }

    /// Whether nothing of a row was understood.
    fn is_unread(&self, row: Row) -> bool {
        self.answer(row).is_none_or(|answer| answer.withdrawn.is_none() && !answer.matched && self.advised.is_unread(answer))
    }

    /// The answer of a row.
    pub(crate) fn answer(&self, row: Row) -> Option<&Answer> {
        match row {
            Row::Answer(number) => self.advised.answers.get(number),
            Row::NotRead(_) => None,
        }
    }

    /// What tells a row from others in the answer to another graph: its id and its file.
    fn key(&self, row: Row) -> (String, String) {
        match row {
            Row::NotRead(nth) => {
                (String::new(), self.advised.read_file(nth).map_or_else(String::new, |(file, _)| file.to_owned()))
            }
            Row::Answer(_) => self.answer(row).map_or_else(Default::default, |answer| {
                let first = answer.row.members.first().copied().unwrap_or_default();
                (self.advised.id(answer).to_owned(), self.advised.file(first).to_owned())
            }),
        }
    }

    fn n_matched(&self) -> usize {
        self.advised.answers.iter().filter(|answer| answer.matched).count()
    }
}

impl Advice {
    /// The row under the cursor.
    pub(crate) fn row(&self) -> Option<Row> {
        self.told.as_ref()?.rows.get(self.cursor.row).copied()
    }

    /// The answer under the cursor.
    pub(crate) fn answer(&self) -> Option<&Answer> {
        self.told.as_ref()?.answer(self.row()?)
    }

    /// What the advisory under the cursor reaches; `None`: being computed, or nothing is asked.
    pub(crate) fn reach(&self) -> Option<&Arc<Verdict>> {
        self.reach.as_ref()
    }

    /// Whether files are being read or asked.
    pub(crate) fn is_busy(&self) -> bool {
        self.reading.is_some() || self.waiting.is_some() || (self.files.is_some() && self.told.is_none())
    }

    /// Goes over to another graph: what was told of the old one stays on screen until it is asked again.
    pub(super) fn forget_graph(&mut self) {
        (self.of, self.reach, self.reach_waiting, self.waiting) = (None, None, None, None);
        self.changes += 1;
    }
}

impl App {
    /// Takes what was given on the command line.
    pub(super) fn give_advisories(&mut self, paths: Vec<PathBuf>) {
        self.advice.opens = true;
        self.read_advisories(paths);
    }

    /// Has files read, all of them anew.
    pub(super) fn read_advisories(&mut self, paths: Vec<PathBuf>) {
        self.seq += 1;
        self.advice.reading = Some(self.seq);
        self.effects.push(Effect::ReadAdvisories { seq: self.seq, paths });
    }

    /// Takes what was read, if that is still asked for.
    pub(super) fn take_advisories(&mut self, seq: u64, paths: Vec<PathBuf>, read: Result<Arc<AdvisoryFiles>, String>) {
        if self.advice.reading != Some(seq) {
            return;
        }
        self.advice.reading = None;
        match read {
            Ok(files) => {
                (self.advice.paths, self.advice.files) = (paths, Some(files));
                if matches!(self.popup, Some(Popup::Path(_))) {
                    self.popup = None;
                    self.show_advisories();
                }
                self.ask_advisories();
            }
            Err(why) => {
                self.advice.opens = false;
                match self.path_box() {
                    Some(path) => path.error = Some(why),
                    None => self.say_error(why),
                }
            }
        }
    }

    /// Asks the advisories of the graph as it is now, once it is whole.
    pub(super) fn ask_advisories(&mut self) {
        let Some(files) = &self.advice.files else { return };
        if matches!(self.load, Load::Checking | Load::Ready) {
            let question = Question::Advisories(Arc::clone(files));
            self.advice.waiting = Some(self.ask(question));
        }
    }

    /// Takes the answers; those to what was given at the start decide what is shown.
    pub(super) fn take_advised(&mut self, seq: u64, advised: Arc<Advised>) {
        if self.advice.waiting != Some(seq) {
            return;
        }
        let told = Told::new(advised, Arc::clone(&self.data));
        let advice = &mut self.advice;
        let chosen = advice.told.as_ref().zip(advice.row()).map(|(told, row)| told.key(row));
        let row = chosen.and_then(|key| told.rows.iter().position(|row| told.key(*row) == key));
        match row {
            Some(row) => advice.cursor.carry_to(row),
            None => advice.cursor = Cursor::default(),
        }
        let n_matched = told.n_matched();
        (advice.waiting, advice.told, advice.of) = (None, Some(told), None);
        advice.changes += 1;
        if !std::mem::take(&mut self.advice.opens) {
            return;
        }
        self.show_advisories();
        if n_matched > 0 {
            self.follow_advice();
            self.preview_advisory();
            let more = if n_matched > 1 { format!("{} more match; ", n_matched - 1) } else { String::new() };
            self.say(format!("nothing is recorded: m records it   {more}Esc all advisories"));
        }
    }

    /// Shows the screen.
    pub(super) fn show_advisories(&mut self) {
        self.leave_preview();
        self.find = None;
        self.advice.below = false;
        self.screen = Screen::Advisories;
    }

    /// Whether Reach shows what an advisory reaches, with no incident.
    pub(crate) fn is_preview(&self) -> bool {
        self.reach.of == ReachOf::Advisory
    }

    /// What the previewed advisory is called, and what it names; as it may be shown.
    pub(crate) fn previewed(&self) -> String {
        let told = self.advice.told.as_ref().zip(self.advice.row());
        let (id, names) = told.map_or_else(Default::default, |(told, row)| lines::names(self, told, row));
        format!("{id} {names}")
    }

    /// Whether the files of advisories are being read.
    pub(crate) fn is_reading_advisories(&self) -> bool {
        self.advice.reading.is_some()
    }

    /// Ends the preview: Reach is of the incidents again, if there are any.
    pub(super) fn leave_preview(&mut self) {
        if self.is_preview() {
            self.reach.of = if self.incidents.is_empty() { ReachOf::Row } else { ReachOf::Incidents };
        }
    }

    /// Shows what the advisory under the cursor reaches.
    pub(super) fn preview_advisory(&mut self) {
        match self.advice.answer() {
            None => {
                self.say("this file was not read: it asks nothing");
                return;
            }
            Some(answer) if answer.withdrawn.is_some() || !answer.asks => {
                self.say("it asks nothing");
                return;
            }
            Some(_) => {}
        }
        self.reach.of = ReachOf::Advisory;
        self.reach.filter = None;
        self.reach.cursor = Cursor::default();
        self.show_view(View::Reach);
    }

    /// Shows why the worst deployment that the advisory reaches is reached.
    pub(super) fn why_advisory(&mut self) {
        self.preview_advisory();
        if self.is_preview() {
            self.advice.why_wanted = true;
            self.show_wanted_why();
        }
    }

    fn show_wanted_why(&mut self) {
        let Some(verdict) = self.advice.reach.clone().filter(|_| self.advice.why_wanted) else { return };
        self.advice.why_wanted = false;
        match verdict.ranked.first().copied() {
            Some(id) => {
                self.why.text.of = WhyOf::Component { id, assumed: true };
                self.why.asked_from = Some(View::Reach);
                self.show_view(View::Why);
            }
            None => self.say("there is no deployment"),
        }
    }

    /// Asks what the chosen advisory reaches, unless that is known or asked.
    pub(super) fn follow_advice(&mut self) {
        let shown = matches!(self.screen, Screen::Advisories) || self.is_preview();
        let row = self.advice.row();
        let Some(told) = self.advice.told.as_ref().filter(|told| shown && Arc::ptr_eq(&told.data, &self.data)) else { return };
        if row.is_none() || self.advice.of == row {
            return;
        }
        let marks = row.and_then(|row| told.answer(row)).map(|answer| told.advised.marks(answer));
        let waiting = marks.filter(|marks| !marks.is_empty()).map(|marks| self.ask(Question::Reach(marks)));
        (self.advice.of, self.advice.reach, self.advice.reach_waiting) = (row, None, waiting);
        self.advice.changes += 1;
    }

    /// Takes what the chosen advisory reaches.
    pub(super) fn take_advice_reach(&mut self, seq: u64, verdict: &Arc<Verdict>) {
        if self.advice.reach_waiting == Some(seq) {
            (self.advice.reach, self.advice.reach_waiting) = (Some(Arc::clone(verdict)), None);
            self.advice.changes += 1;
            self.forget_paths();
            self.show_wanted_why();
        }
    }

    /// Makes the lines of the lower pane anew where anything changed, and keeps both cursors inside.
    pub(super) fn settle_advice(&mut self, layout: &Layout) {
        if !matches!(self.screen, Screen::Advisories) {
            return;
        }
        let width = layout.panes.first().map_or(0, |(_, area)| area.width.saturating_sub(TEXT_EDGES));
        let row = self.advice.row();
        let made = Some((row, width, self.advice.changes));
        if self.advice.made != made {
            let same = self.advice.made.is_some_and(|(before, ..)| before == row);
            self.advice.lines = lines::lines(self, usize::from(width));
            self.advice.lines_cursor = if same { self.advice.lines_cursor } else { Cursor::default() };
            self.advice.made = made;
        }
        let (above, below) = halves(layout);
        let n = self.advice.told.as_ref().map_or(0, |told| told.rows.len());
        self.advice.cursor.fit(n, above);
        let n = self.advice.lines.len();
        self.advice.lines_cursor.fit(n, below);
    }

    pub(super) fn step_advice(&mut self, step: Step) {
        let (above, below) = halves(&layout::layout(self));
        let advice = &mut self.advice;
        if advice.below {
            advice.lines_cursor.step(step, advice.lines.len(), below);
        } else {
            advice.cursor.step(step, advice.told.as_ref().map_or(0, |told| told.rows.len()), above);
        }
    }

    /// Gives the keys to the other half.
    pub(super) fn other_half(&mut self) {
        self.advice.below = !self.advice.below;
    }

    /// The place behind the cursor: of a line of the lower pane, else where the advisory stands.
    pub(super) fn advice_place(&self) -> Option<(FilePlace, bool)> {
        let line = self.advice.lines.get(self.advice.lines_cursor.row).filter(|_| self.advice.below);
        if let Some(place) = line.and_then(|line| line.place.clone()) {
            return Some((place, false));
        }
        let told = self.advice.told.as_ref()?;
        let (file, line) = match self.advice.row()? {
            Row::NotRead(nth) => {
                let (file, findings) = told.advised.read_file(nth)?;
                (file, findings.iter().find_map(|finding| finding.place).map_or(0, |place| place.line))
            }
            row @ Row::Answer(_) => {
                let (number, advisory) = told.advised.members(told.answer(row)?).next()?;
                (told.advised.file(number), advisory.place.line)
            }
        };
        Some((FilePlace { file: file.to_owned(), line }, true))
    }

    /// Esc: from the lower half to the upper one, from there to the main screen.
    pub(super) fn leave_advisories(&mut self) {
        if self.advice.below {
            self.advice.below = false;
        } else {
            self.screen = Screen::Main;
            if self.focus == Focus::View(View::Reach) || self.focus == Focus::View(View::Why) {
                self.focus = Focus::List;
            }
        }
    }

    /// Has all read anew after an editor was closed on the screen: it may have changed one of them.
    pub(super) fn read_again(&mut self) {
        if matches!(self.screen, Screen::Advisories) && !self.advice.paths.is_empty() {
            self.read_advisories(self.advice.paths.clone());
        }
    }

    /// Whether a key needs what is still to be read or asked.
    pub(super) fn waits_for_advisories(&self, key: KeyPress) -> bool {
        let pane = self.pane();
        let advice = &self.advice;
        let waits = advice.opens
            || advice.why_wanted
            || (pane == Pane::PathField && advice.reading.is_some())
            || (pane == Pane::Advisories && advice.told.is_none() && advice.is_busy());
        let passes = keymap::lookup(pane, key).is_some_and(|action| {
            matches!(action, Action::Quit | Action::Redraw | Action::Suspend | Action::Back | Action::Help | Action::Tab(_))
        });
        waits && !passes
    }

    /// The id of the advisory under the cursor, escaped.
    pub(super) fn advice_id(&self) -> Option<String> {
        let (told, answer) = self.advice.told.as_ref().zip(self.advice.answer())?;
        Some(Untrusted::new(told.advised.id(answer)).show().into_string())
    }

    /// The text that a search looks at.
    pub(super) fn text_of_advice(&self, row: usize) -> String {
        let advice = &self.advice;
        if advice.below {
            return advice.lines.get(row).map(Line::text).unwrap_or_default();
        }
        let told = advice.told.as_ref();
        told.and_then(|told| Some(lines::row_text(self, told, *told.rows.get(row)?))).unwrap_or_default()
    }
}

/// Rows of the list and of the lines below it, heads and titles not counted.
pub(crate) fn halves(layout: &Layout) -> (usize, usize) {
    let body = layout.panes.first().map_or(0, |(_, area)| usize::from(area.height));
    let below = lower_half(layout);
    let heads = usize::from(layout.size != Size::Small);
    (body.saturating_sub(below + heads), below.saturating_sub(1))
}

/// Rows of the lower half, its title counted.
pub(crate) fn lower_half(layout: &Layout) -> usize {
    let body = layout.panes.first().map_or(0, |(_, area)| usize::from(area.height));
    if layout.size == Size::Small { body.saturating_sub(2) } else { body * 3 / 4 }
}

#[cfg(test)]
mod tests;
