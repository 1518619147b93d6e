//! One message in, effects out.
//!
//! Invariant: keys that are typed ahead of an Enter which waits for its answer are held, in order, and act when the answer
//! is there: what happens never depends on how slow the line is. Esc lets go of them. On a first page that was kept all
//! keys are held, since there is nothing below it yet.

use crate::app::App;
use crate::app::Focus;
use crate::app::Message;
use crate::app::Popup;
use crate::app::Screen;
use crate::app::Stays;
use crate::app::View;
use crate::app::action::Action;
use crate::app::cursor::Step;
use crate::app::effect::Effect;
use crate::app::field::Field;
use crate::app::found::Found;
use crate::app::key::Code;
use crate::app::key::KeyPress;
use crate::app::keymap;
use crate::app::keymap::Pane;
use crate::app::layout;
use crate::app::layout::Size;
use crate::app::loading::Load;
use crate::app::msg::Msg;
use std::sync::Arc;

/// What a person gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Input {
    Key(KeyPress),
    Paste(String),
}

/// Changes the state by one message.
pub(crate) fn update(app: &mut App, msg: Msg) -> Vec<Effect> {
    match msg {
        Msg::Key(key) => app.input(Input::Key(key)),
        Msg::Paste(text) => app.input(Input::Paste(text)),
        Msg::Resize(width, height) => app.size = (width, height),
        Msg::Loading(progress) => {
            let free = app.message.as_ref().is_none_or(|message| message.stays == Stays::WhileReading);
            if let Some(problem) = progress.newest_problem.as_ref().filter(|_| free && app.load.is_reading()) {
                let text = format!("not read: {problem}   ! problems");
                app.message = Some(Message { text, stays: Stays::WhileReading });
            }
            if app.load == Load::Front {
                // The rest of what was kept is not there, so that its first page means nothing.
                app.take_data(&Arc::default(), false);
                app.load = Load::default();
            }
            if app.load.is_reading() {
                app.load = Load::Reading(progress);
            }
        }
        Msg::Data { snapshot, done } => app.take_data(&snapshot, done),
        Msg::Kept(snapshot) => {
            app.load = if snapshot.front { Load::Front } else { Load::Checking };
            app.take_data(&snapshot, false);
        }
        Msg::Checked => app.load = Load::Ready,
        Msg::News(news) => app.say(news),
        Msg::Answer { seq, answer } => app.take_answer(seq, answer),
        Msg::Facts { of, generation, facts } => app.take_facts(of, generation, facts),
        Msg::Journal(known) => app.take_journal(&known),
        Msg::Recorded(recorded) => app.take_recorded(*recorded),
        Msg::LockIsHeld(ticket) => app.lock_is_held(ticket),
        Msg::Held { seq, held } => app.take_held(seq, held),
        Msg::Work { seq, work } => app.take_work(seq, work.map(|work| *work)),
        Msg::Given(paths) => app.give_advisories(paths),
        Msg::Advisories { seq, paths, read } => app.take_advisories(seq, paths, read),
        Msg::Folder { seq, names } => app.take_folder(seq, names),
        Msg::Opened(Ok(())) => app.read_again(),
        Msg::Opened(Err(why)) | Msg::NotRead(why) => app.say_error(why),
    }
    app.settle();
    app.release();
    std::mem::take(&mut app.effects)
}

impl App {
    fn input(&mut self, input: Input) {
        if self.held.is_empty() {
            self.act_or_hold(input);
        } else if matches!(&input, Input::Key(key) if key.code == Code::Esc || *key == KeyPress::ctrl('c')) {
            self.held.clear();
            self.act_or_hold(input);
        } else {
            self.held.push_back(input);
        }
    }

    fn act_or_hold(&mut self, input: Input) {
        if self.must_wait(&input) {
            self.held.push_back(input);
        } else {
            self.take_input(input);
        }
    }

    /// Whether an input needs an answer that is still to come.
    fn must_wait(&self, input: &Input) -> bool {
        let recording = self.is_recording();
        let Input::Key(key) = input else { return recording || self.load == Load::Front };
        if recording && key.code != Code::Esc && *key != KeyPress::ctrl('c') {
            return true;
        }
        if self.load == Load::Front {
            let action = keymap::lookup(self.pane(), *key);
            return !matches!(action, Some(Action::Quit | Action::Redraw | Action::Suspend));
        }
        if self.waits_for_advisories(*key) {
            return true;
        }
        let takes = *key == KeyPress::plain(Code::Enter) || *key == KeyPress::plain(Code::Tab);
        let enter = *key == KeyPress::plain(Code::Enter);
        // While documents are read, what matches nothing yet may still come.
        let none_yet = |found: Option<&Found>| self.load.is_reading() && found.is_none_or(Found::is_empty);
        match (self.pane(), &self.popup) {
            (Pane::Filter, _) => self.filter().is_some_and(|filter| {
                let near = !enter && filter.near_waiting.is_some();
                takes && (filter.is_waiting() || near || none_yet(filter.found.as_ref()))
            }),
            (Pane::SearchBox, Some(Popup::Search(search))) => enter && (search.is_waiting() || none_yet(search.found.as_ref())),
            (Pane::MarkDialog, Some(Popup::Mark(dialog))) => enter && dialog.is_stale(),
            (Pane::AdviseDialog, Some(Popup::Advise(dialog))) => enter && dialog.is_stale(),
            (Pane::PathField, Some(Popup::Path(path))) => *key == KeyPress::plain(Code::Tab) && path.listing.is_some(),
            _ => false,
        }
    }

    /// Lets held keys act as far as their answers are there.
    fn release(&mut self) {
        while let Some(input) = self.held.pop_front() {
            if self.must_wait(&input) {
                self.held.push_front(input);
                return;
            }
            self.take_input(input);
            self.settle();
        }
    }

    fn take_input(&mut self, input: Input) {
        match input {
            Input::Key(key) => self.key(key),
            Input::Paste(text) => self.paste(&text),
        }
    }

    fn key(&mut self, key: KeyPress) {
        let error = self.message.as_ref().is_some_and(|message| message.stays == Stays::UntilEsc);
        if !error || key.code == Code::Esc {
            self.message = None;
            if error && self.popup.is_none() {
                return;
            }
        }
        if self.is_recording() && key.code == Code::Esc && self.help.is_none() {
            self.put_aside();
            return;
        }
        let pane = self.pane();
        if pane == Pane::UndoDialog && key.code != Code::Esc && self.type_in_undo(key) {
            return;
        }
        if pane == Pane::MarkDialog && key.code != Code::Esc && self.type_in_mark(key) {
            return;
        }
        let editing = key.code != Code::Esc;
        if pane == Pane::Decide && editing && self.type_in_decide(key)
            || pane == Pane::Remark && editing && self.type_in_remark(key)
        {
            return;
        }
        if pane == Pane::Help && self.type_in_help(key) {
            return;
        }
        match keymap::lookup(pane, key) {
            Some(action) => self.act(pane, action),
            None => match pane {
                Pane::Filter => self.type_in_filter(key),
                Pane::SearchBox => self.type_in_search(key),
                Pane::Find => self.type_in_find(key),
                Pane::PathField => self.type_in_path(key),
                Pane::List
                | Pane::Detail
                | Pane::Tree
                | Pane::Reach
                | Pane::Why
                | Pane::Incidents
                | Pane::Problems
                | Pane::Log
                | Pane::Advisories
                | Pane::Worklist
                | Pane::Decide
                | Pane::Remark
                | Pane::MarkDialog
                | Pane::AdviseDialog
                | Pane::UndoDialog
                | Pane::NotRecorded
                | Pane::Entry
                | Pane::Leave
                | Pane::Help => {}
            },
        }
    }

    fn type_in_find(&mut self, key: KeyPress) {
        let Some(find) = &mut self.find else { return };
        if key == KeyPress::char('/') && find.field.is_empty() {
            self.find = None;
            self.open_search("");
        } else if find.field.edit(key) {
            if find.field.is_empty() {
                return;
            }
            self.find_next(true, true);
        }
    }

    fn type_in_help(&mut self, key: KeyPress) -> bool {
        let Some(field) = self.help.as_mut().and_then(|help| help.search.as_mut()) else { return false };
        match key.code {
            Code::Enter => true,
            Code::Esc | Code::Tab | Code::Up | Code::Down | Code::PageUp | Code::PageDown => false,
            _ => field.edit(key),
        }
    }

    /// A paste is one insertion into the field that has the keys; outside a field it opens search everywhere.
    fn paste(&mut self, text: &str) {
        self.message = None;
        match self.pane() {
            Pane::Filter => self.paste_in_filter(text),
            Pane::SearchBox => {
                if let Some(search) = self.search_box() {
                    search.field.insert(text);
                    self.search();
                }
            }
            Pane::Find => {
                if let Some(find) = &mut self.find {
                    find.field.insert(text);
                }
            }
            Pane::MarkDialog => self.paste_in_mark(text),
            Pane::UndoDialog => {
                if let Some(field) = self.undo_reason() {
                    field.insert(text);
                }
            }
            Pane::PathField => self.paste_in_path(text),
            Pane::Decide => self.paste_in_decide(text),
            Pane::Remark => self.paste_in_remark(text),
            Pane::AdviseDialog | Pane::NotRecorded | Pane::Entry | Pane::Leave | Pane::Help => {}
            Pane::List
            | Pane::Detail
            | Pane::Tree
            | Pane::Reach
            | Pane::Why
            | Pane::Incidents
            | Pane::Problems
            | Pane::Log
            | Pane::Advisories
            | Pane::Worklist => {
                self.open_search(text.trim());
            }
        }
    }

    fn act(&mut self, pane: Pane, action: Action) {
        match action {
            Action::Quit => self.quit(),
            Action::Leave => self.effects.push(Effect::Quit),
            Action::Redraw => self.effects.push(Effect::Redraw),
            Action::Suspend => self.effects.push(Effect::Suspend),
            Action::Help => self.open_help(),
            Action::EscLeaves => self.say("Esc leaves"),
            Action::Back => self.back(pane),
            Action::Tab(tab) => self.show_tab(tab),
            Action::Show(_) if pane == Pane::Worklist => self.why_of_work(),
            Action::Show(view) => self.show(view),
            Action::Worklist => self.open_worklist(),
            Action::Choose(digit) => self.choose_action(digit),
            Action::Comment => self.open_comment(),
            Action::TakeLead => self.take_lead(),
            Action::CloseIncident => self.open_close(),
            Action::NextPane | Action::PreviousPane if pane == Pane::Advisories => self.other_half(),
            Action::NextPane => self.next_pane(true),
            Action::PreviousPane => self.next_pane(false),
            Action::RightPane => self.side_pane(true),
            Action::LeftPane => self.side_pane(false),
            Action::PlaceBack => self.place_back(),
            Action::PlaceForward => self.place_forward(),
            Action::Search if pane == Pane::Help => {
                if let Some(help) = &mut self.help {
                    (help.search, help.top) = (Some(Field::default()), 0);
                }
            }
            Action::Search => self.begin_search(),
            Action::SearchEverywhere => self.open_search(""),
            Action::NextMatch => self.next_match(pane, true),
            Action::PreviousMatch => self.next_match(pane, false),
            Action::Mark => self.open_mark(),
            Action::Undo => self.ask_undo(),
            Action::Problems => self.open_problems(),
            Action::Journal => self.open_log(),
            Action::Remedy(digit) => self.remedy(Some(digit)),
            Action::CopyId if pane == Pane::Log => self.copy_entry(),
            Action::Advisory => self.open_path_box(),
            Action::CopyId => self.copy_id(),
            Action::CopyRow => self.copy_row(),
            Action::CopyFound => self.copy_found(),
            Action::CopyCommand if pane == Pane::Decide => self.copy_runbook(),
            Action::CopyCommand => self.copy_command(),
            Action::Move(step) => self.step(pane, step),
            Action::SortNext => self.sort(true),
            Action::SortPrevious => self.sort(false),
            Action::Group if pane == Pane::Worklist => self.group_worklist(),
            Action::Group => self.group(pane),
            Action::Enter => self.enter(pane),
            Action::OpenFile => self.open_file(),
            Action::Toggle if pane == Pane::Worklist => self.tick(),
            Action::Toggle => self.toggle(pane),
            Action::OpenRow | Action::CloseRow | Action::LevelMore | Action::LevelLess => self.in_tree(action),
            Action::Hazard(hazard) if pane == Pane::AdviseDialog => self.advise_hazard(hazard),
            Action::Hazard(hazard) => self.choose_hazard(hazard),
            Action::Scope(row) => self.choose_scope(row),
            Action::Window => self.show_window(),
            Action::NextField if pane == Pane::Decide => self.next_slot(true),
            Action::PreviousField if pane == Pane::Decide => self.next_slot(false),
            Action::NextField => self.next_field(true),
            Action::PreviousField => self.next_field(false),
            Action::Take if pane == Pane::SearchBox => self.next_kind(),
            Action::Take if pane == Pane::PathField => self.complete_path(),
            Action::Take => self.take_near(),
            Action::AllKeys => {
                if let Some(help) = &mut self.help {
                    (help.all, help.top) = (!help.all, 0);
                }
            }
        }
    }

    /// One step back: removes the topmost of help, popup, field, filter, screen; then goes to the list.
    fn back(&mut self, pane: Pane) {
        (self.advice.opens, self.advice.why_wanted) = (false, false);
        if self.help.take().is_some() {
            return;
        }
        if matches!(self.popup, Some(Popup::NotRecorded(_))) {
            self.back_to_dialog();
            return;
        }
        if self.popup.take().is_some() {
            if pane == Pane::PathField {
                self.advice.reading = None;
            }
            return;
        }
        if pane == Pane::Find || self.find.as_ref().is_some_and(|find| find.pane == pane) {
            self.find = None;
        } else if self.drop_filter() {
        } else if matches!(self.screen, Screen::Problems(_) | Screen::Log(_) | Screen::Worklist) {
            self.screen = Screen::Main;
        } else if matches!(self.screen, Screen::Advisories) {
            self.leave_advisories();
        } else if self.back_to_worklist() {
        } else if let (Pane::Why, Some(view)) = (pane, self.why.asked_from.take()) {
            self.show_view(view);
        } else if self.is_preview() {
            self.show_advisories();
        } else if self.focus != Focus::List {
            self.focus = Focus::List;
        } else {
            self.say("q quits");
        }
    }

    fn next_match(&mut self, pane: Pane, forward: bool) {
        match pane {
            Pane::List => self.next_in_list(forward),
            Pane::Reach => self.next_affected(forward),
            Pane::Why => self.other_path(forward),
            Pane::Detail
            | Pane::Tree
            | Pane::Incidents
            | Pane::Problems
            | Pane::Log
            | Pane::Advisories
            | Pane::Worklist
            | Pane::Decide
            | Pane::Remark
            | Pane::MarkDialog
            | Pane::AdviseDialog
            | Pane::PathField
            | Pane::UndoDialog
            | Pane::NotRecorded
            | Pane::Entry
            | Pane::Leave
            | Pane::Filter
            | Pane::Find
            | Pane::SearchBox
            | Pane::Help => self.find_next(forward, false),
        }
    }

    /// Rows that a pane shows at once.
    fn height_of(&self, pane: Pane) -> usize {
        let layout = layout::layout(self);
        let heads = u16::from(layout.size != Size::Small);
        let area = layout.pane(self.focus).unwrap_or_default();
        match pane {
            Pane::List | Pane::Incidents | Pane::Filter | Pane::Reach | Pane::Log | Pane::Worklist => area.rows(heads),
            Pane::Problems => usize::from(crate::app::follow::problems_rows(&layout)),
            Pane::Detail
            | Pane::Tree
            | Pane::Why
            | Pane::Advisories
            | Pane::Decide
            | Pane::Remark
            | Pane::MarkDialog
            | Pane::AdviseDialog
            | Pane::PathField
            | Pane::UndoDialog
            | Pane::NotRecorded
            | Pane::Entry
            | Pane::Leave
            | Pane::Find
            | Pane::SearchBox
            | Pane::Help => area.rows(0),
        }
    }

    fn step(&mut self, pane: Pane, step: Step) {
        let height = self.height_of(pane);
        match pane {
            Pane::List | Pane::Incidents => self.move_in_list(step, height),
            Pane::Filter => self.choose_match(step, height),
            Pane::Detail => self.detail.cursor.step(step, self.detail.lines.len(), height),
            Pane::Tree => {
                let tree = if self.focus == Focus::View(View::Up) { &mut self.up } else { &mut self.down };
                tree.cursor.step(step, tree.rows.len(), height);
            }
            Pane::Reach => self.reach.cursor.step(step, self.reach.rows.len(), height),
            Pane::Why => self.step_why(step, height),
            Pane::Problems => {
                if let Screen::Problems(problems) = &mut self.screen {
                    problems.cursor.step(step, problems.rows.len(), height);
                }
            }
            Pane::Log => {
                let n = self.journal.as_ref().map_or(0, |known| known.entries.len());
                if let Screen::Log(log) = &mut self.screen {
                    log.cursor.step(step, n, height);
                }
            }
            Pane::NotRecorded => self.choose_remedy(matches!(step, Step::Next)),
            Pane::Entry => self.scroll_entry(step),
            Pane::Advisories => self.step_advice(step),
            Pane::AdviseDialog => self.scroll_advise(step),
            Pane::PathField => self.choose_name(step),
            Pane::SearchBox => self.choose_found(step),
            Pane::MarkDialog => self.scroll_mark(step),
            Pane::Help => self.scroll_help(step),
            Pane::Worklist => self.step_worklist(step, height),
            Pane::Decide => self.choose_candidate(step),
            Pane::UndoDialog | Pane::Remark | Pane::Leave | Pane::Find => {}
        }
    }

    fn sort(&mut self, forward: bool) {
        match self.screen {
            Screen::Main => self.sort_list(forward),
            Screen::Problems(_) => self.sort_problems(forward),
            Screen::Log(_) | Screen::Advisories | Screen::Worklist => {}
        }
    }

    fn group(&mut self, pane: Pane) {
        if pane == Pane::Reach {
            self.group_reach();
            return;
        }
        let data = Arc::clone(&self.data);
        let tree = if self.focus == Focus::View(View::Up) { &mut self.up } else { &mut self.down };
        let Some(root) = tree.root else { return };
        let by = tree.grouped_by(&data, root).next();
        (tree.grouping, tree.groups, tree.waiting, tree.made) = (Some(by), None, None, None);
        self.say(format!("grouped by {}", by.word()));
    }

    pub(super) fn toggle(&mut self, pane: Pane) {
        if pane == Pane::Reach {
            self.toggle_reach();
            return;
        }
        let (data, verdict) = (Arc::clone(&self.data), self.verdict.clone());
        let tree = if self.focus == Focus::View(View::Up) { &mut self.up } else { &mut self.down };
        tree.toggle(&data, verdict.as_deref());
    }

    fn in_tree(&mut self, action: Action) {
        let (data, verdict) = (Arc::clone(&self.data), self.verdict.clone());
        let tree = if self.focus == Focus::View(View::Up) { &mut self.up } else { &mut self.down };
        let verdict = verdict.as_deref();
        match action {
            Action::OpenRow if !tree.open(&data, verdict) => {
                let (n, height) = (tree.rows.len(), usize::MAX);
                tree.cursor.step(Step::Next, n, height);
            }
            Action::CloseRow if !tree.close(&data, verdict) => self.side_pane(false),
            Action::LevelMore => tree.set_level(&data, verdict, tree.level.saturating_add(1)),
            Action::LevelLess => tree.set_level(&data, verdict, tree.level.saturating_sub(1)),
            _ => {}
        }
    }
}
