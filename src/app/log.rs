//! The Journal screen and taking entries back (screens.md F23).
//!
//! Invariant: nothing is removed; what is taken back stays and says what took it back.

use crate::app::App;
use crate::app::Popup;
use crate::app::Screen;
use crate::app::cursor::Cursor;
use crate::app::cursor::Step;
use crate::app::effect::Effect;
use crate::app::field::Field;
use crate::app::journal::Known;
use crate::app::key::KeyPress;
use crate::app::line::wrap;
use crate::app::record::Where;
use crate::graph::Graph;
use crate::incident::journal::Entry;
use crate::incident::journal::body::Body;
use crate::incident::wish;
use crate::incident::wish::Wish;
use crate::incident::words;
use crate::model::kind::Kind;

/// The screen: newest entry first.
#[derive(Debug, Default)]
pub(crate) struct Log {
    pub cursor: Cursor,
}

/// Asks before an entry is taken back.
#[derive(Debug)]
pub(crate) struct UndoDialog {
    pub target: Target,
    /// What it says, and what becomes of that; escaped.
    pub what: String,
    pub becomes: String,
    /// Why: needed for another person's entry.
    pub reason: Option<Field>,
}

/// What is to be taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    Entry(u64),
    /// The draft of this id, which is in no journal.
    Draft(String),
}

/// A whole entry, to be read.
#[derive(Debug)]
pub(crate) struct Shown {
    pub seq: u64,
    pub top: usize,
}

impl Log {
    /// Keeps the chosen entry under the cursor when others come.
    pub(super) fn rebuild(&mut self, before: Option<&Known>, known: &Known) {
        let seq = before.and_then(|before| before.newest(self.cursor.row)).map(|entry| entry.seq);
        let n = known.entries.len();
        let row = seq.and_then(|seq| (0..n).find(|row| known.newest(*row).is_some_and(|entry| entry.seq == seq)));
        match row {
            Some(row) => self.cursor.carry_to(row),
            None => self.cursor.row = self.cursor.row.min(n.saturating_sub(1)),
        }
    }
}

impl Known {
    /// The position of the entry in a row of the screen.
    fn position(&self, row: usize) -> Option<usize> {
        self.entries.len().checked_sub(row + 1)
    }

    /// The entry in a row, newest first.
    pub(crate) fn newest(&self, row: usize) -> Option<&Entry> {
        self.entries.get(self.position(row)?)
    }

    /// The entry that took back the one in a row.
    pub(crate) fn taken_back_by(&self, row: usize) -> Option<&Entry> {
        let undo = self.undone.get(self.position(row)?).copied().flatten()?;
        self.entries.get(undo)
    }

    /// Number, time, who and what of a row, escaped.
    pub(crate) fn row(&self, row: usize) -> Option<[String; 4]> {
        let entry = self.newest(row)?;
        let time = entry.time.to_string();
        let time = time.get(5..19).unwrap_or(&time).replace('T', " ");
        let undone = self.taken_back_by(row).map_or_else(String::new, |undo| format!("taken back by #{}: ", undo.seq));
        let signed = words::signed(entry.signature()).map_or_else(String::new, |signed| format!("  [{signed}]"));
        Some([entry.seq.to_string(), time, words::shown(&entry.actor), format!("{undone}{}{signed}", words::said(entry))])
    }
}

impl App {
    pub(super) fn open_log(&mut self) {
        if self.journal.is_none() {
            self.say("the journal is still being read");
            return;
        }
        self.find = None;
        self.screen = Screen::Log(Log::default());
    }

    /// The entry under the cursor of the Journal screen.
    fn entry_of_cursor(&self) -> Option<&Entry> {
        let Screen::Log(log) = &self.screen else { return None };
        self.journal.as_ref()?.newest(log.cursor.row)
    }

    /// Shows all of the entry under the cursor.
    pub(super) fn show_entry(&mut self) {
        if let Some(seq) = self.entry_of_cursor().map(|entry| entry.seq) {
            self.popup = Some(Popup::Entry(Shown { seq, top: 0 }));
        }
    }

    /// Opens the journal's file at the entry under the cursor.
    pub(super) fn open_journal_file(&mut self) {
        let Screen::Log(log) = &self.screen else { return };
        let Some(known) = &self.journal else { return };
        let line = known.position(log.cursor.row).and_then(|at| known.lines.get(at)).copied().unwrap_or(0);
        let line = u32::try_from(line).unwrap_or(0);
        self.effects.push(Effect::OpenJournal { path: known.file.clone(), line });
    }

    pub(super) fn copy_entry(&mut self) {
        let Screen::Log(log) = &self.screen else { return };
        match self.journal.as_ref().and_then(|known| known.row(log.cursor.row)) {
            Some([seq, time, who, what]) => self.copy(self.show.safe(&format!("#{seq} {time} UTC {who}: {what}")), false),
            None => self.say("nothing to copy here"),
        }
    }

    /// The text that a search looks at.
    pub(super) fn text_of_entry(&self, row: usize) -> String {
        self.journal.as_ref().and_then(|known| known.row(row)).map(|parts| parts.join(" ")).unwrap_or_default()
    }

    /// Asks before taking back: on the Journal screen the entry under the cursor; on a draft that draft; else one's own
    /// latest entry.
    pub(super) fn ask_undo(&mut self) {
        let draft = self.incident_at_cursor().filter(|_| self.is_on_incidents());
        let draft = draft.map(|incident| incident.id.clone()).or_else(|| self.drafts.last().map(|draft| draft.id.clone()));
        if let Some(draft) = self.drafts.iter().find(|known| Some(&known.id) == draft.as_ref()).map(|draft| draft.id.clone()) {
            let (what, becomes) = (draft.clone(), "It is in no journal.".to_owned());
            self.popup = Some(Popup::Undo(Box::new(UndoDialog { target: Target::Draft(draft), what, becomes, reason: None })));
            return;
        }
        let Some(known) = self.journal.clone() else {
            self.say("the journal is still being read");
            return;
        };
        let on_log = matches!(self.screen, Screen::Log(_));
        let entry = if on_log { self.entry_of_cursor() } else { wish::latest(&known.entries, &known.undone, &known.actor) };
        let Some(entry) = entry.cloned() else {
            self.say("nothing to undo: no entry of yours counts   J journal");
            return;
        };
        if let Screen::Log(log) = &self.screen
            && let Some(undo) = known.taken_back_by(log.cursor.row)
        {
            self.say(format!("#{} was taken back already, by #{}", entry.seq, undo.seq));
            return;
        }
        let reason = (entry.actor != known.actor).then(Field::default);
        let becomes = self.becomes(&known, &entry);
        let what = words::said(&entry);
        self.popup = Some(Popup::Undo(Box::new(UndoDialog { target: Target::Entry(entry.seq), what, becomes, reason })));
    }

    /// What taking an entry back comes to.
    fn becomes(&self, known: &Known, entry: &Entry) -> String {
        match &entry.body {
            Body::Open(open) => format!("{} is taken back.", words::shown(&open.incident)),
            Body::Decide(decide) => {
                let graph: &Graph = &self.data.graph;
                let deployment = graph.by_id_of(Kind::Deployment, &decide.deployment);
                let state = deployment.and_then(|id| Some(self.verdict.as_ref()?.impact.reached(id)));
                state.map_or_else(|| "It is decided no more.".to_owned(), |state| format!("It becomes {state}."))
            }
            Body::Undo(undo) => format!("#{} counts again.", undo.entry),
            _ => format!("It is taken back by #{}.", known.entries.last().map_or(1, |last| last.seq + 1)),
        }
    }

    /// The field of the dialog, while one has to say why.
    pub(super) fn undo_reason(&mut self) -> Option<&mut Field> {
        match &mut self.popup {
            Some(Popup::Undo(dialog)) => dialog.reason.as_mut(),
            _ => None,
        }
    }

    /// A key in that field; `false` if there is none or it is no editing key.
    pub(super) fn type_in_undo(&mut self, key: KeyPress) -> bool {
        let edited = self.undo_reason().is_some_and(|field| field.edit(key));
        if edited {
            // That a reason is needed has been seen, and stands where it is typed.
            self.message = None;
        }
        edited
    }

    /// Takes back what the dialog asks about.
    pub(super) fn undo(&mut self) {
        let Some(Popup::Undo(dialog)) = &self.popup else { return };
        let reason = dialog.reason.as_ref().map(|field| field.text().trim().to_owned());
        match dialog.target.clone() {
            Target::Draft(id) => {
                self.popup = None;
                self.drafts.retain(|draft| draft.id != id);
                self.rebuild_incidents();
                self.say(format!("{id} is dropped; it was in no journal"));
            }
            Target::Entry(_) if reason.as_ref().is_some_and(String::is_empty) => {
                self.say_error("say why: it is another person's entry");
            }
            Target::Entry(entry) => self.record(Wish::Undo { entry, reason }, Where::Here, None, None),
        }
    }

    /// All of an entry, in lines of so many cells; escaped.
    pub(crate) fn entry_lines(&self, seq: u64, cells: usize) -> Vec<String> {
        let Some(known) = &self.journal else { return Vec::new() };
        let Some(entry) = known.entry(seq) else { return vec!["it is not in the journal any more".to_owned()] };
        let row = known.entries.iter().position(|other| other.seq == seq).unwrap_or(0);
        let undo = known.undone.get(row).copied().flatten().and_then(|row| known.entries.get(row));
        let undo = undo.map(|undo| format!("by #{}, {} {}", undo.seq, words::shown(&undo.actor), undo.time));
        let payload = entry.body.payload().map(|payload| payload.get().to_owned()).unwrap_or_default();
        let why = entry.signature().why().map_or_else(String::new, |why| format!(": {why}"));
        let signed = words::signed(entry.signature()).map_or_else(|| "a claim".to_owned(), |signed| signed + &why);
        let parts = [
            ("what", words::said(entry)),
            ("time", entry.time.to_string()),
            ("actor", format!("{} ({signed})", words::shown(&entry.actor))),
            ("undone", undo.unwrap_or_else(|| "no".to_owned())),
            ("files", words::shown(&entry.repository)),
            ("prev", entry.prev.to_string()),
            ("hash", entry.hash.to_string()),
            (entry.body.kind(), words::shown(&payload)),
        ];
        let mut lines = Vec::new();
        for (name, text) in parts {
            for (row, words) in folded(&self.show.safe(&text), cells.saturating_sub(9)).into_iter().enumerate() {
                let name = if row == 0 { words::shown(name) } else { String::new() };
                lines.push(format!("{name:<8} {words}"));
            }
        }
        lines
    }

    pub(super) fn scroll_entry(&mut self, step: Step) {
        let n = match &self.popup {
            Some(Popup::Entry(shown)) => self.entry_lines(shown.seq, 66).len(),
            _ => return,
        };
        if let Some(Popup::Entry(shown)) = &mut self.popup {
            shown.top = match step {
                Step::Next => shown.top + 1,
                Step::Previous => shown.top.saturating_sub(1),
                Step::HalfDown | Step::PageDown => shown.top + 8,
                Step::HalfUp | Step::PageUp => shown.top.saturating_sub(8),
                Step::First => 0,
                Step::Last => n,
            }
            .min(n.saturating_sub(1));
        }
    }
}

/// Lines of at most so many cells, broken at blanks or, where there are none, anywhere: all of it is to be read.
fn folded(text: &str, cells: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for line in wrap(text, cells) {
        let (mut rest, mut used) = (String::new(), 0);
        for c in line.chars() {
            let width = crate::text::width(c.encode_utf8(&mut [0; 4]));
            if used + width > cells.max(1) && !rest.is_empty() {
                lines.push(std::mem::take(&mut rest));
                used = 0;
            }
            rest.push(c);
            used += width;
        }
        lines.push(rest);
    }
    lines
}
