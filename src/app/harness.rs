//! Drives the explorer in tests: keys in, questions answered at once or when the test says so.

use crate::app::App;
use crate::app::ask;
use crate::app::ask::Ask;
use crate::app::effect::Effect;
use crate::app::journal::Failure;
use crate::app::journal::Known;
use crate::app::journal::Outcome;
use crate::app::journal::Recorded;
use crate::app::key::Code;
use crate::app::key::KeyPress;
use crate::app::msg::Msg;
use crate::app::record::Where;
use crate::app::snapshot::Snapshot;
use crate::app::update::update;
use crate::app::verdict::Held;
use crate::graph::Graph;
use crate::incident::book;
use crate::incident::journal;
use crate::incident::journal::Draft;
use crate::incident::journal::Entry;
use crate::incident::journal::Head;
use crate::incident::journal::body::Body;
use crate::incident::standing::World;
use crate::incident::wish::Now;
use crate::incident::wish::Planned;
use crate::incident::wish::Wish;
use crate::incident::work;
use crate::incident::worklist;
use crate::load::Source;
use crate::load::advisories;
use crate::load::again;
use crate::load::folder;
use crate::model::moment::Moment;
use crate::query::facts;
use crate::store::journal::Home;
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
    /// What is recorded.
    pub entries: Vec<Entry>,
    /// The journal's decisions count.
    pub believed: bool,
    /// Why nothing can be recorded; `None`: it can.
    pub fails: Option<&'static str>,
    /// In whose folder the journal is.
    pub home: Home,
    /// What waits for [`Harness::acknowledge`]; `None`: all is recorded at once.
    pub late: Option<Vec<(u64, Box<Wish>, Where)>>,
}

/// Who records, and when.
pub(crate) const ACTOR: &str = "oncall";
pub(crate) const NOW: &str = "2026-03-02T03:11:08Z";

impl Harness {
    /// An explorer with a whole graph.
    pub(crate) fn new(graph: Graph) -> Self {
        let mut harness = Self {
            app: App::new("sample", false),
            done: Vec::new(),
            slow: None,
            entries: Vec::new(),
            believed: true,
            fails: None,
            home: Home::Repository,
            late: None,
        };
        harness.send(Msg::Journal(harness.known()));
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
                        todo.extend(of.into_iter().rev().map(|of| {
                            let facts = facts::facts(&data.graph, of, |file| again::documents(&Source::Sample, file));
                            Msg::Facts { of, generation, facts }
                        }));
                    }
                    (Effect::Record { ticket, wish, place, .. }, _) => match &mut self.late {
                        Some(late) => late.push((ticket, wish, place)),
                        None => todo.push(self.record(ticket, &wish, place)),
                    },
                    (Effect::Hold { seq, data, journal }, _) => {
                        let now = Moment::parse(NOW).unwrap();
                        let world = World { graph: &data.graph, now, inventories: &[], digest: &|_| None };
                        let held = Held::of(&data.graph, &worklist::answers(&journal.book, &world));
                        todo.push(Msg::Held { seq, held });
                    }
                    (Effect::Work { seq, incident, data, journal }, _) => {
                        let now = Moment::parse(NOW).unwrap();
                        let world = World { graph: &data.graph, now, inventories: &[], digest: &|_| None };
                        let of = |id| facts::facts(&data.graph, id, |file| again::documents(&Source::Sample, file));
                        let work = work::work(&journal.book, &incident, &world, &of).map(Box::new);
                        todo.push(Msg::Work { seq, work });
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

    /// The journal as it is.
    pub(crate) fn known(&self) -> Arc<Known> {
        Arc::new(Known {
            path: ".downriver/journal.jsonl".to_owned(),
            file: ".downriver/journal.jsonl".into(),
            home: Some(self.home),
            lines: (1..=self.entries.len()).collect(),
            accepted: self.believed,
            sound: true,
            actor: ACTOR.to_owned(),
            now: Moment::parse(NOW),
            ..Known::new(self.entries.clone().into(), self.believed)
        })
    }

    /// Has somebody else write an entry, which is told.
    pub(crate) fn theirs(&mut self, actor: &str, body: Body) {
        self.add(actor, body);
        self.send(Msg::Journal(self.known()));
    }

    /// Records what waits.
    pub(crate) fn acknowledge(&mut self) {
        for (ticket, wish, place) in self.late.replace(Vec::new()).unwrap_or_default() {
            let recorded = self.record(ticket, &wish, place);
            self.send(recorded);
        }
    }

    /// Writes an entry, which nobody is told of.
    pub(crate) fn add(&mut self, actor: &str, body: Body) -> u64 {
        let draft = Draft { time: Moment::parse(NOW).unwrap(), actor: actor.to_owned(), body, repository: "sha256:0".to_owned() };
        let head = self.entries.last().map(|entry| Head { seq: entry.seq, hash: entry.hash });
        self.entries.push(journal::write(draft, head).unwrap().0);
        self.entries.len() as u64
    }

    fn record(&mut self, ticket: u64, wish: &Wish, place: Where) -> Msg {
        if place == Where::StateFolder {
            (self.home, self.fails) = (Home::State, None);
        }
        let outcome = if let Some(cause) = self.fails {
            Outcome::Failed(Failure { cause: cause.to_owned(), hint: "make room", time: Moment::parse(NOW) })
        } else {
            let (book, undone) = (book::fold(&self.entries, true), book::undone(&self.entries, true));
            let data = Arc::clone(&self.app.data);
            let world = World { graph: &data.graph, now: Moment::parse(NOW).unwrap(), inventories: &[], digest: &|_| None };
            match wish.plan(&Now { book: &book, entries: &self.entries, undone: &undone, world: &world }, ACTOR) {
                Ok(Planned::Entries(bodies)) => {
                    Outcome::Entry(bodies.into_iter().map(|body| self.add(ACTOR, body)).last().unwrap())
                }
                Ok(Planned::Same { incident, opened }) => Outcome::Same { incident, opened },
                Err(refusal) => Outcome::Refused(refusal.to_string()),
            }
        };
        Msg::Recorded(Box::new(Recorded { ticket, journal: self.known(), outcome }))
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
