//! Drives the explorer in tests: keys in, questions answered at once or when the test says so.

use crate::app::App;
use crate::app::ask;
use crate::app::ask::Ask;
use crate::app::effect::Effect;
use crate::app::key::Code;
use crate::app::key::KeyPress;
use crate::app::msg::Msg;
use crate::app::snapshot::Snapshot;
use crate::app::update::update;
use crate::graph::Graph;
use crate::load::Source;
use crate::load::advisories;
use crate::load::again;
use crate::load::folder;
use crate::query::facts;
use std::io;
use std::path::Path;
use std::sync::Arc;

/// An explorer under test.
pub(crate) struct Harness {
    pub app: App,
    /// Effects other than questions, in order.
    pub done: Vec<Effect>,
    /// Questions that wait for [`Harness::answer`]; `None`: all are answered at once.
    pub slow: Option<Vec<Ask>>,
}

impl Harness {
    /// An explorer with a whole graph.
    pub(crate) fn new(graph: Graph) -> Self {
        let mut harness = Self { app: App::new("sample", false), done: Vec::new(), slow: None };
        harness.load(graph, true);
        harness
    }

    /// Gives it a graph.
    pub(crate) fn load(&mut self, graph: Graph, done: bool) {
        self.send(Msg::Data { snapshot: Arc::new(Snapshot::new(graph, done)), done });
    }

    /// Gives it one message.
    pub(crate) fn send(&mut self, msg: Msg) {
        let mut todo = vec![msg];
        while let Some(msg) = todo.pop() {
            for effect in update(&mut self.app, msg) {
                match (effect, &mut self.slow) {
                    (Effect::Ask(ask), None) => todo.push(answered(&ask)),
                    (Effect::Ask(ask), Some(slow)) => slow.push(*ask),
                    (Effect::ReadFacts { of, generation, data }, _) => {
                        let facts = facts::facts(&data.graph, of, |file| again::documents(&Source::Sample, file));
                        todo.push(Msg::Facts { of, generation, facts });
                    }
                    (Effect::ReadAdvisories { seq, paths }, _) => {
                        let read = advisories::advisories(&paths, &mut io::empty());
                        let read = read.map(Arc::new).map_err(|error| error.to_string());
                        todo.push(Msg::Advisories { seq, paths, read });
                    }
                    (Effect::ListFolder { seq, folder }, _) => {
                        let folder = if folder.is_empty() { "." } else { &folder };
                        todo.push(Msg::Folder { seq, names: folder::names(Path::new(folder)) });
                    }
                    (effect, _) => self.done.push(effect),
                }
            }
        }
    }

    /// Answers what was asked while slow, oldest first.
    pub(crate) fn answer(&mut self) {
        for ask in self.slow.replace(Vec::new()).unwrap_or_default() {
            self.send(answered(&ask));
        }
    }

    /// Types: letters as they are, `<Enter>` and the like for keys, `<^p>` with control.
    pub(crate) fn keys(&mut self, typed: &str) {
        let mut rest = typed;
        while let Some(first) = rest.chars().next() {
            let named = rest.strip_prefix('<').and_then(|rest| rest.split_once('>'));
            let key = if let Some((name, after)) = named {
                rest = after;
                named_key(name)
            } else {
                rest = rest.strip_prefix(first).unwrap_or_default();
                KeyPress::char(first)
            };
            self.send(Msg::Key(key));
        }
    }

    /// Label of the chosen component.
    pub(crate) fn selected(&self) -> Option<String> {
        self.app.selected().map(|id| self.app.data.graph.label(id).show().into_string())
    }

    /// The message line.
    pub(crate) fn message(&self) -> &str {
        self.app.message.as_ref().map_or("", |message| &message.text)
    }
}

fn answered(ask: &Ask) -> Msg {
    Msg::Answer { seq: ask.seq, answer: ask::answer(ask, &|_| true).unwrap() }
}

fn named_key(name: &str) -> KeyPress {
    if let Some(letter) = name.strip_prefix('^') {
        return KeyPress::ctrl(letter.chars().next().unwrap());
    }
    KeyPress::plain(match name {
        "Enter" => Code::Enter,
        "Esc" => Code::Esc,
        "Tab" => Code::Tab,
        "S-Tab" => Code::BackTab,
        "Up" => Code::Up,
        "Down" => Code::Down,
        "Left" => Code::Left,
        "Right" => Code::Right,
        "Space" => Code::Char(' '),
        "Back" => Code::Backspace,
        other => panic!("no key {other}"),
    })
}

impl Harness {
    /// The sample repository.
    pub(crate) fn sample() -> Self {
        let loaded = crate::load::load(&crate::load::Source::Sample, &std::sync::atomic::AtomicBool::new(false), &|_| {});
        let mut harness = Self::new(crate::graph::build(loaded.unwrap().input));
        harness.app.repository = "sample-sboms".to_owned();
        harness
    }
}
