//! Enter and `o`: going to what a row means, and opening the file behind it.

use crate::app::App;
use crate::app::Focus;
use crate::app::Screen;
use crate::app::View;
use crate::app::effect::Effect;
use crate::app::filter::Find;
use crate::app::keymap::Pane;
use crate::app::line::FilePlace;
use crate::app::reach::ReachOf;

impl App {
    pub(super) fn enter(&mut self, pane: Pane) {
        match pane {
            Pane::List if self.selected().is_some() => self.show(View::Detail),
            Pane::Filter => self.keep_filter(),
            Pane::Find => {
                self.find = self.find.take().filter(|find| !find.field.is_empty()).map(|find| Find { editing: false, ..find });
            }
            Pane::SearchBox => self.go_to_found(),
            Pane::MarkDialog => self.open_incident(),
            Pane::UndoDialog => self.undo(),
            Pane::NotRecorded => self.remedy(None),
            Pane::Log => self.show_entry(),
            Pane::Worklist => self.enter_worklist(),
            Pane::Decide => self.decide(),
            Pane::Remark => self.keep_remark(),
            Pane::Entry => self.popup = None,
            Pane::Leave => self.effects.push(Effect::Quit),
            Pane::AdviseDialog => self.open_advised(),
            Pane::PathField => self.read_path(),
            Pane::Advisories => self.open_advise(),
            Pane::Reach => match self.reach.rows.get(self.reach.cursor.row) {
                Some(crate::app::reach::Row::Group { .. }) => self.toggle_reach(),
                Some(_) => self.show(View::Why),
                None => {}
            },
            Pane::Tree => self.enter_tree(),
            Pane::Detail | Pane::Why => self.enter_line(),
            Pane::Incidents => {
                if let Some(id) = self.incident_at_cursor().map(|incident| incident.id.clone()) {
                    self.header = Some(id);
                    self.reach.of = ReachOf::Incidents;
                    self.show_view(View::Reach);
                }
            }
            Pane::Problems => self.go_to_problem(),
            Pane::List | Pane::Help => {}
        }
    }

    pub(super) fn enter_tree(&mut self) {
        let tree = if self.focus == Focus::View(View::Up) { &self.up } else { &self.down };
        let goes = tree.at_cursor().map(|node| matches!(node.item, crate::app::tree::Item::Part { .. }));
        let target = tree.component_at_cursor();
        match (goes, target) {
            (Some(true), Some(id)) => {
                self.remember_place();
                self.go_to(id);
                let view = if self.focus == Focus::View(View::Up) { View::Up } else { View::Down };
                let tree = if view == View::Up { &mut self.up } else { &mut self.down };
                (tree.root, tree.made, tree.groups, tree.waiting) = (Some(id), None, None, None);
                tree.cursor = crate::app::cursor::Cursor::default();
            }
            _ => self.toggle(Pane::Tree),
        }
    }

    pub(super) fn enter_line(&mut self) {
        let text = if self.focus == Focus::View(View::Why) {
            self.why.text.lines.get(self.why.text.cursor.row)
        } else {
            self.detail.lines.get(self.detail.cursor.row)
        };
        match text.and_then(|line| line.target) {
            Some(id) => {
                self.remember_place();
                self.go_to(id);
                if self.focus == Focus::View(View::Why) {
                    self.focus = Focus::List;
                    self.view = View::Detail;
                } else {
                    self.detail.of = Some(id);
                }
            }
            None => self.say("no link on this line"),
        }
    }

    pub(super) fn open_file(&mut self) {
        let given = self.advice_place().filter(|_| matches!(self.screen, Screen::Advisories));
        if let Some((FilePlace { file, line }, true)) = given {
            self.effects.push(Effect::OpenGiven { file, line });
            return;
        }
        let of_line = |line: Option<&crate::app::line::Line>| line.and_then(|line| line.place.clone());
        let place: Option<FilePlace> = match (&self.screen, self.focus) {
            (Screen::Problems(_), _) => self.problem_place(),
            (Screen::Log(_), _) => {
                self.open_journal_file();
                return;
            }
            (Screen::Advisories, _) => given.map(|(place, _)| place),
            (Screen::Main, Focus::View(View::Detail)) => of_line(self.detail.lines.get(self.detail.cursor.row))
                .or_else(|| self.detail.lines.iter().find_map(|line| line.place.clone())),
            (Screen::Main, Focus::View(View::Why)) => of_line(self.why.text.lines.get(self.why.text.cursor.row)),
            (Screen::Main, Focus::View(view)) => {
                let link = self.tree(view).and_then(super::tree::Tree::link_at_cursor);
                let source = link.and_then(|link| self.data.graph.sources(link).next());
                let file = |source: crate::graph::Source| self.data.graph.file(source.document).as_key().to_owned();
                source.map(|source| FilePlace { file: file(source), line: source.line })
            }
            (Screen::Main, Focus::List) | (Screen::Worklist, _) => None,
        };
        match place {
            Some(place) => self.effects.push(Effect::Open { file: place.file, line: place.line }),
            None => self.say("no file stands behind this line"),
        }
    }
}
