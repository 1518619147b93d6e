//! The explorer on a terminal: one channel in, one frame out.
//!
//! Invariant: the loop sleeps on the channel; everything that is waiting there is applied before one frame is drawn, so
//! held keys cost one frame and nothing happens while nothing happens. While the terminal takes nothing no frame is made.
//! Invariant: only questions that still matter once the keys are applied are answered.
//! Invariant: however it ends (a key, a signal, a lost terminal, a bug) the terminal is as it was before.
//! Absent on purpose: rules about components; they are in `app` and left of it.

mod advisories;
mod clipboard;
mod editor;
mod facts;
mod input;
mod journal;
mod keys;
mod loader;
mod notify;
pub(crate) mod paint;
mod signals;
mod terminal;
mod worker;

#[cfg(test)]
mod tests;

use crate::app::App;
use crate::app::ask;
use crate::app::ask::Ask;
use crate::app::effect::Effect;
use crate::app::msg::Msg;
use crate::app::update::update;
use crate::cli::Explore;
use crate::load::Source;
use crate::store::Choice;
use crate::text::Untrusted;
use crate::ui::theme::Theme;
use std::io;
use std::io::IsTerminal;
use std::io::Write;
use std::panic;
use std::path::PathBuf;
use std::process;
use std::process::Command;
use std::sync::mpsc;
use std::sync::mpsc::Receiver;
use std::sync::mpsc::RecvTimeoutError;
use std::sync::mpsc::Sender;
use std::sync::mpsc::TryRecvError;
use std::time::Duration;
use std::time::Instant;
use terminal::Terminal;

/// What to explore, and how to draw it.
#[derive(Debug)]
pub(crate) struct Options {
    pub source: Source,
    /// What the person should know of the choice of source.
    pub note: Option<String>,
    pub ascii: bool,
    pub color: bool,
    /// Where what was read is kept.
    pub cache: Choice,
    pub journal: journal::Choice,
    /// Advisories to ask first.
    pub advisories: Vec<PathBuf>,
}

impl From<Explore> for Options {
    fn from(explore: Explore) -> Self {
        let ((source, note), cache) = (explore.source(), explore.cache.choice());
        let color = explore.color.applies_to(&io::stdout());
        let (given, actor, now) = explore.journal();
        let journal = journal::Choice { source: source.clone(), given, actor, sign: explore.sign(), now };
        let advisories = explore.advisories;
        Self { source, note, ascii: explore.ascii || terminal::wants_ascii(), color, cache, journal, advisories }
    }
}

/// Everything that arrives.
#[derive(Debug)]
enum Event {
    App(Box<Msg>),
    /// Everything that was typed since the terminal was last read, in order.
    Typed(Vec<Msg>),
    /// A document, or a file that should be one, was read: a screen is worth opening.
    Found,
    /// All was read, and there is no SBOM in it.
    NoSbom,
    /// There is no repository.
    Refused {
        error: String,
        hint: &'static str,
    },
    /// The files of the repository have changed.
    Changed,
    Signal(i32),
    /// The terminal is gone.
    Gone,
}

/// How the explorer ends.
const NO_SBOM: u8 = 4;
const USAGE: u8 = 2;
const BUG: i32 = 70;

/// Up to so many components questions are answered before the next frame.
const AT_ONCE: usize = 2_000;
/// Of larger graphs an answer is waited for so long: one frame instead of two, and nobody sees the wait.
const SOON: Duration = Duration::from_millis(3);
/// How long a terminal that takes nothing is waited for before messages are looked at again.
const GLANCE: Duration = Duration::from_millis(20);
/// A folder without any SBOM shows no screen if that is known by then.
const BEFORE_SCREEN: Duration = Duration::from_millis(150);

/// Runs the explorer until it is left; the exit code. With a signal: 128 and its number.
pub(crate) fn explore(options: &Options) -> u8 {
    if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        complain("the explorer needs a terminal", Some("`downriver list`, `downriver impact` and the others need none"));
        return USAGE;
    }
    let (sender, receiver) = mpsc::channel();
    let keeper = journal::Keeper::start(options.journal.clone(), sender.clone());
    if !options.advisories.is_empty() {
        // Its receiver is here.
        let _ = sender.send(Event::App(Box::new(Msg::Given(options.advisories.clone()))));
    }
    let watch = notify::Watch::start(sender.clone());
    let loader = loader::Loader::new(&options.source, &options.cache, watch.clone(), sender.clone());
    loader.start(false);
    let early = match before_screen(&receiver) {
        Ok(early) => early,
        Err(code) => return code,
    };
    install_panic_hook();
    let mut explorer = match Explorer::open(options, loader, keeper, watch, &sender) {
        Ok(explorer) => explorer,
        Err(error) => {
            terminal::restore();
            complain(&format!("the terminal cannot be used: {error}"), None);
            return USAGE;
        }
    };
    let end = explorer.run(&receiver, early);
    terminal::restore();
    explorer.loader.end();
    explorer.keeper.end();
    match end {
        End::Left => 0,
        End::Signal(signal) => u8::try_from(128 + signal).unwrap_or(128),
        End::NoSbom => no_sbom(),
        End::Refused { error, hint } => {
            complain(&error, Some(hint));
            USAGE
        }
    }
}

/// Why the loop ended.
#[derive(Debug)]
enum End {
    Left,
    Signal(i32),
    NoSbom,
    Refused { error: String, hint: &'static str },
}

/// Waits until it is clear that there is something to show, but not for long; what came meanwhile.
fn before_screen(receiver: &Receiver<Event>) -> Result<Vec<Event>, u8> {
    let until = Instant::now() + BEFORE_SCREEN;
    let mut early = Vec::new();
    loop {
        match receiver.recv_timeout(until.saturating_duration_since(Instant::now())) {
            Ok(Event::NoSbom) => return Err(no_sbom()),
            Ok(Event::Refused { error, hint }) => {
                complain(&error, Some(hint));
                return Err(USAGE);
            }
            Ok(Event::Found) | Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return Ok(early),
            Ok(event) => early.push(event),
        }
    }
}

fn no_sbom() -> u8 {
    complain("no SBOM in the repository; formats read: ml_sbom, CycloneDX JSON, SPDX 2 JSON, SPDX 3 JSON-LD", None);
    NO_SBOM
}

/// Says on stderr why there is no explorer.
fn complain(error: &str, hint: Option<&str>) {
    let mut out = io::stderr().lock();
    // Nobody is left to be told if this fails.
    let _ = writeln!(out, "error: {}", Untrusted::new(error).show());
    if let Some(hint) = hint {
        let _ = writeln!(out, "hint: {hint}");
    }
}

/// A bug of ours, in any thread: the terminal first, then the report, then the end.
fn install_panic_hook() {
    let before = panic::take_hook();
    panic::set_hook(Box::new(move |bug| {
        terminal::restore();
        before(bug);
        process::exit(BUG);
    }));
}

/// The running explorer.
struct Explorer {
    app: App,
    theme: Theme,
    terminal: Terminal,
    input: input::Input,
    worker: worker::Worker,
    /// Answers what takes long even in a small repository.
    advisor: worker::Worker,
    sender: Sender<Event>,
    /// Questions that nobody answers yet.
    asked: Vec<Ask>,
    facts: facts::Reader,
    source: Source,
    loader: loader::Loader,
    keeper: journal::Keeper,
    watch: notify::Watch,
    /// When reading began.
    begun: Instant,
    /// Files changed while they were being read again.
    stale: bool,
    reading: bool,
    /// We stopped by ourselves and came back; the signal that tells of it is still to come.
    came_back: bool,
}

impl Explorer {
    fn open(
        options: &Options,
        loader: loader::Loader,
        keeper: journal::Keeper,
        watch: notify::Watch,
        sender: &Sender<Event>,
    ) -> io::Result<Self> {
        let mut app = App::new(&loader::label(&options.source), options.ascii);
        app.size = crossterm::terminal::size()?;
        app.note(options.note.as_deref());
        signals::start(sender.clone())?;
        signals::watch_terminal(sender.clone());
        let terminal = Terminal::enter()?;
        let input = input::start(sender.clone())?;
        let worker = worker::Worker::start(sender.clone());
        let advisor = worker::Worker::start(sender.clone());
        let facts = facts::Reader::start(options.source.clone(), sender.clone());
        let theme = Theme { color: options.color, ascii: options.ascii };
        let source = options.source.clone();
        let begun = Instant::now();
        Ok(Self {
            app,
            theme,
            terminal,
            input,
            worker,
            advisor,
            sender: sender.clone(),
            facts,
            asked: Vec::new(),
            source,
            loader,
            keeper,
            watch,
            begun,
            stale: false,
            reading: true,
            came_back: false,
        })
    }

    fn run(&mut self, receiver: &Receiver<Event>, early: Vec<Event>) -> End {
        for event in early {
            if let Some(end) = self.take(event) {
                return end;
            }
        }
        loop {
            if let Err(end) = self.catch_up(receiver) {
                return end;
            }
            if self.draw().is_err() {
                return End::Signal(signal_hook::consts::SIGHUP);
            }
            let end = match receiver.recv() {
                Ok(event) => self.take(event),
                Err(mpsc::RecvError) => Some(End::Left),
            };
            if let Some(end) = end {
                return end;
            }
        }
    }

    /// Applies what is waiting, and what comes until the next frame can be drawn and is worth drawing.
    fn catch_up(&mut self, receiver: &Receiver<Event>) -> Result<(), End> {
        let until = Instant::now() + SOON;
        loop {
            let next = match receiver.try_recv() {
                Err(TryRecvError::Empty) => {
                    if let Some(end) = self.pass_on_questions() {
                        return Err(end);
                    }
                    // Only now is it known what is still to be waited for.
                    let patience =
                        if self.app.is_waiting() { until.saturating_duration_since(Instant::now()) } else { Duration::ZERO };
                    receiver.recv_timeout(patience)
                }
                Ok(event) => Ok(event),
                Err(TryRecvError::Disconnected) => Err(RecvTimeoutError::Disconnected),
            };
            match next {
                Ok(event) => {
                    if let Some(end) = self.take(event) {
                        return Err(end);
                    }
                }
                Err(RecvTimeoutError::Timeout) if self.terminal.takes_more(GLANCE) => return Ok(()),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Err(End::Left),
            }
        }
    }

    fn draw(&mut self) -> io::Result<()> {
        let (app, theme) = (&self.app, self.theme);
        self.terminal.draw(app.size, |buffer| crate::ui::draw(buffer, app, theme))
    }

    fn take(&mut self, event: Event) -> Option<End> {
        match event {
            Event::App(msg) => self.message(*msg),
            Event::Typed(msgs) => msgs.into_iter().find_map(|msg| self.message(msg)),
            Event::Found => None,
            Event::NoSbom => Some(End::NoSbom),
            Event::Refused { error, hint } => Some(End::Refused { error, hint }),
            Event::Changed => {
                self.reload();
                None
            }
            Event::Signal(signal) => self.signal(signal),
            Event::Gone => Some(End::Signal(signal_hook::consts::SIGHUP)),
        }
    }

    fn message(&mut self, msg: Msg) -> Option<End> {
        let done = matches!(&msg, Msg::Data { done: true, .. } | Msg::Checked | Msg::NotRead(_));
        for effect in update(&mut self.app, msg) {
            if let Some(end) = self.perform(effect) {
                return Some(end);
            }
        }
        if done {
            self.reading = false;
            self.watch.rest(self.begun.elapsed());
            worker::prepare(&self.app.data);
            if std::mem::take(&mut self.stale) {
                self.reload();
            }
        }
        None
    }

    /// Answers the questions that still matter, or has them answered.
    fn pass_on_questions(&mut self) -> Option<End> {
        self.worker.keep(|seq| self.app.waits_for(seq));
        self.advisor.keep(|seq| self.app.waits_for(seq));
        while !self.asked.is_empty() {
            for ask in std::mem::take(&mut self.asked) {
                if !self.app.waits_for(ask.seq) {
                    continue;
                }
                if ask.question.is_long() {
                    self.advisor.ask(ask);
                } else if ask.data.graph.len() > AT_ONCE {
                    self.worker.ask(ask);
                } else if let Some(answer) = ask::answer(&ask, &|_| true)
                    && let Some(end) = self.message(Msg::Answer { seq: ask.seq, answer })
                {
                    return Some(end);
                }
            }
        }
        None
    }

    fn perform(&mut self, effect: Effect) -> Option<End> {
        let done = match effect {
            Effect::Ask(ask) => {
                self.asked.push(*ask);
                Ok(())
            }
            Effect::ReadFacts { of, generation, data } => {
                self.facts.ask(facts::Request { of, generation, data });
                Ok(())
            }
            Effect::Copy(text) => self.terminal.write(clipboard::sequence(&text).as_bytes()),
            Effect::Redraw => {
                self.terminal.forget();
                Ok(())
            }
            Effect::Suspend => self.suspend(),
            Effect::Record { ticket, wish, place, data } => {
                self.keeper.ask(journal::Request::Record { ticket, wish, place, data });
                Ok(())
            }
            Effect::Hold { seq, data, journal } => {
                self.keeper.ask(journal::Request::Hold { seq, data, journal });
                Ok(())
            }
            Effect::Work { seq, incident, data, journal } => {
                self.keeper.ask(journal::Request::Work { seq, incident, data, journal });
                Ok(())
            }
            Effect::ReadAdvisories { seq, paths } => {
                advisories::read(seq, paths, self.sender.clone());
                Ok(())
            }
            Effect::ListFolder { seq, folder } => {
                advisories::list(seq, folder, self.sender.clone());
                Ok(())
            }
            Effect::Open { file, line } => return self.edit(editor::command(&self.source, &file, line)),
            Effect::OpenGiven { file, line } => {
                let given = Source::Paths(vec![PathBuf::from(&file)]);
                return self.edit(editor::command(&given, &file, line));
            }
            Effect::OpenJournal { path, line } => return self.edit(editor::of_path(&path, line)),
            Effect::Quit => return Some(End::Left),
        };
        done.err().map(|_| End::Signal(signal_hook::consts::SIGHUP))
    }

    /// Gives the terminal to the shell until it is brought back.
    fn suspend(&mut self) -> io::Result<()> {
        self.input.pause();
        self.terminal.leave()?;
        // Stops this process; it goes on here when the shell continues it.
        signal_hook::low_level::emulate_default_handler(signal_hook::consts::SIGTSTP)?;
        self.came_back = true;
        self.come_back()
    }

    /// Goes on after a stop; one that could not be foreseen may have left the terminal to a shell as it was.
    fn go_on(&mut self) -> io::Result<()> {
        if std::mem::take(&mut self.came_back) {
            return Ok(());
        }
        self.input.pause();
        self.terminal.leave()?;
        self.come_back()
    }

    fn come_back(&mut self) -> io::Result<()> {
        self.terminal.come_back()?;
        self.input.resume();
        let size = crossterm::terminal::size()?;
        for effect in update(&mut self.app, Msg::Resize(size.0, size.1)) {
            if let Effect::Ask(ask) = effect {
                self.asked.push(*ask);
            }
        }
        Ok(())
    }

    /// Gives the terminal to an editor until that is closed; then the repository is read again.
    fn edit(&mut self, command: Result<Command, String>) -> Option<End> {
        let command = match command {
            Ok(command) => command,
            Err(why) => return self.message(Msg::Opened(Err(why))),
        };
        self.input.pause();
        let ran = self.terminal.leave().map(|()| editor::run(command));
        let back = self.come_back();
        match (ran, back) {
            (Ok(opened), Ok(())) => {
                self.reload();
                self.message(Msg::Opened(opened))
            }
            (Err(_), _) | (_, Err(_)) => Some(End::Signal(signal_hook::consts::SIGHUP)),
        }
    }

    /// Reads the repository again, beside the interface.
    fn reload(&mut self) {
        if self.reading {
            self.stale = true;
        } else if matches!(self.source, Source::Paths(_)) {
            (self.reading, self.begun) = (true, Instant::now());
            self.loader.start(true);
        }
    }

    fn signal(&mut self, signal: i32) -> Option<End> {
        match signal {
            signal_hook::consts::SIGWINCH => {
                let (width, height) = crossterm::terminal::size().ok()?;
                self.message(Msg::Resize(width, height))
            }
            signal_hook::consts::SIGCONT => self.go_on().err().map(|_| End::Signal(signal_hook::consts::SIGHUP)),
            signal_hook::consts::SIGTSTP => self.suspend().err().map(|_| End::Signal(signal_hook::consts::SIGHUP)),
            _ => Some(End::Signal(signal)),
        }
    }
}
