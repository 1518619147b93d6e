//! The explorer without a terminal.

use crate::app::App;
use crate::app::ask;
use crate::app::effect::Effect;
use crate::app::key::KeyPress;
use crate::app::msg::Msg;
use crate::app::snapshot::Snapshot;
use crate::app::update::update;
use crate::bench::Repository;
use crate::runtime::paint;
use crate::ui;
use crate::ui::theme::Theme;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use std::sync::Arc;

/// An explorer at some size; frames are made as for a terminal, and nothing is written.
pub struct Explorer {
    app: App,
    shown: Buffer,
    next: Buffer,
}

impl Explorer {
    /// Opens a repository.
    pub fn open(repository: Repository, width: u16, height: u16) -> Self {
        let mut app = App::new("bench", false);
        app.size = (width, height);
        let area = Rect::new(0, 0, width, height);
        let mut explorer = Self { app, shown: Buffer::empty(area), next: Buffer::empty(area) };
        let snapshot = Arc::new(Snapshot::new(repository.graph, true));
        explorer.send(Msg::Data { snapshot, done: true });
        explorer.frame();
        explorer
    }

    /// Types letters, and answers what they ask.
    pub fn press(&mut self, letters: &str) {
        for letter in letters.chars() {
            self.send(Msg::Key(KeyPress::char(letter)));
        }
    }

    /// Draws a frame; how many bytes a terminal would get.
    pub fn frame(&mut self) -> usize {
        self.next.reset();
        ui::draw(&mut self.next, &self.app, Theme { color: true, ascii: false });
        let mut bytes = String::new();
        paint::encode(&self.shown, &self.next, &mut bytes);
        std::mem::swap(&mut self.shown, &mut self.next);
        bytes.len()
    }

    fn send(&mut self, msg: Msg) {
        let mut todo = vec![msg];
        while let Some(msg) = todo.pop() {
            for effect in update(&mut self.app, msg) {
                if let Effect::Ask(ask) = effect {
                    todo.extend(ask::answer(&ask, &|_| true).map(|answer| Msg::Answer { seq: ask.seq, answer }));
                }
            }
        }
    }
}
