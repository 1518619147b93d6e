//! The explorer on a real terminal: one channel of messages, effects done, frames drawn.
//!
//! Invariant: nothing is drawn while nothing happens; all messages already waiting are applied before one frame is drawn.
//! Invariant: however the process ends, the terminal is as it was before.
//! Absent on purpose: rules about components.

mod editor;
mod input;
mod loader;
mod paint;
mod signals;
mod terminal;
mod worker;

use crate::app::App;
use crate::app::effect::Effect;
use crate::app::msg::Msg;
use crate::app::update::update;
use crate::load::Source;
use crate::ui;
use crate::ui::theme::Theme;
use input::Input;
use paint::Painter;
use std::io;
use std::io::IsTerminal;
use std::io::Write;
use std::panic;
use std::sync::mpsc;
use std::sync::mpsc::Receiver;
use std::sync::mpsc::Sender;
use std::time::Duration;
use terminal::Terminal;
use worker::Worker;

/// What the command line says.
#[derive(Debug, Clone)]
pub(crate) struct Options {
    pub source: Source,
    /// Escaped.
    pub label: String,
    pub ascii: bool,
    pub color: bool,
}

/// How the explorer ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum End {
    Quit,
    /// By this signal; the exit code is 128 and its number.
    Signal(i32),
    /// There is no SBOM to explore.
    NoSbom,
    /// There is no repository, or no terminal; what to tell the person, and a hint.
    Refused(String, String),
    /// A thread of ours panicked; its message was printed.
    Bug,
}

/// What arrives on the one channel.
#[derive(Debug)]
enum Event {
    Msg(Msg),
    End(End),
    /// Stopped from outside: leave the terminal, stop, come back.
    Stop,
}

/// How long the first frame waits for a repository so small that it is read at once, or so empty that there is no screen.
const GRACE: Duration = Duration::from_millis(30);

/// Explores a repository until the person leaves.
pub(crate) fn explore(options: Options) -> End {
    if !(io::stdin().is_terminal() && io::stdout().is_terminal()) {
        let hint = "`downriver list`, `impact` and the other commands work without one";
        return End::Refused("the explorer needs a terminal".to_owned(), hint.to_owned());
    }
    let (sender, receiver) = mpsc::channel();
    loader::start(options.source.clone(), loader::Why::First, sender.clone());
    let mut early = Vec::new();
    if let Some(end) = read_at_once(&receiver, &mut early) {
        return end;
    }
    let terminal = match Terminal::enter() {
        Ok(terminal) => terminal,
        Err(error) => return End::Refused(format!("the terminal cannot be used: {error}"), "try another terminal".to_owned()),
    };
    let before = panic::take_hook();
    panic::set_hook(Box::new(move |bug| {
        terminal::restore();
        before(bug);
    }));
    signals::watch(&sender);
    let input = Input::start(sender.clone());
    Session::new(options, terminal, input, sender).run(early, &receiver)
}

/// Waits a moment for a small repository; the end, if there is nothing to show.
fn read_at_once(receiver: &Receiver<Event>, early: &mut Vec<Msg>) -> Option<End> {
    while let Ok(event) = receiver.recv_timeout(GRACE) {
        match event {
            Event::End(end) => return Some(end),
            Event::Msg(msg) => {
                let done = matches!(msg, Msg::Data { done: true, .. });
                early.push(msg);
                if done {
                    break;
                }
            }
            Event::Stop => {}
        }
    }
    None
}

/// The running explorer.
struct Session {
    app: App,
    theme: Theme,
    options: Options,
    /// Gives the terminal back when the session ends, however it ends.
    _terminal: Terminal,
    painter: Painter,
    input: Input,
    worker: Worker,
    sender: Sender<Event>,
}

impl Session {
    fn new(options: Options, terminal: Terminal, input: Input, sender: Sender<Event>) -> Self {
        let app = App::new(&options.label, options.ascii);
        let theme = Theme { color: options.color, ascii: options.ascii };
        let worker = Worker::start(sender.clone());
        Self { app, theme, options, _terminal: terminal, painter: Painter::default(), input, worker, sender }
    }

    fn run(mut self, early: Vec<Msg>, receiver: &Receiver<Event>) -> End {
        let (width, height) = terminal::size();
        let mut waiting: Vec<Event> = vec![Event::Msg(Msg::Resize(width, height))];
        waiting.extend(early.into_iter().map(Event::Msg));
        loop {
            for event in waiting.drain(..) {
                let end = match event {
                    Event::Msg(msg) => self.apply(msg),
                    Event::End(end) => Some(end),
                    Event::Stop => {
                        self.suspend();
                        None
                    }
                };
                if let Some(end) = end {
                    return end;
                }
            }
            if self.draw().is_err() {
                // The line is gone; nothing is left to draw on.
                return End::Signal(signals::HANG_UP);
            }
            match receiver.recv() {
                Ok(event) => waiting.push(event),
                Err(_) => return End::Quit,
            }
            waiting.extend(receiver.try_iter());
        }
    }

    fn draw(&mut self) -> io::Result<()> {
        let (app, theme) = (&self.app, self.theme);
        self.painter.frame(&mut io::stdout().lock(), app.size, |buffer| ui::draw(buffer, app, theme))
    }

    fn apply(&mut self, msg: Msg) -> Option<End> {
        let mut effects = update(&mut self.app, msg);
        while !effects.is_empty() {
            let mut next = Vec::new();
            for effect in effects {
                match effect {
                    Effect::Quit => return Some(End::Quit),
                    Effect::Ask(ask) => {
                        if let Some(answer) = self.worker.ask(*ask) {
                            next.extend(update(&mut self.app, answer));
                        }
                    }
                    Effect::Copy(text) => copy(&text),
                    Effect::Open { file, line } => next.extend(self.open(&file, line)),
                    Effect::Redraw => self.painter.forget(),
                    Effect::Suspend => self.suspend(),
                }
            }
            effects = next;
        }
        None
    }

    fn open(&mut self, file: &str, line: u32) -> Vec<Effect> {
        let opened = editor::command(&self.options.source, file, line).and_then(|mut command| {
            self.away(|| command.status().map_err(|error| format!("{}: {error}", command.get_program().display())))
        });
        let changed = opened.is_ok();
        if changed {
            loader::start(self.options.source.clone(), loader::Why::Again, self.sender.clone());
        }
        update(&mut self.app, Msg::Opened(opened.map(|_| ())))
    }

    fn suspend(&mut self) {
        self.away(terminal::stop);
    }

    /// Gives the terminal to somebody else for a while.
    fn away<T>(&mut self, work: impl FnOnce() -> T) -> T {
        self.input.pause();
        terminal::restore();
        let result = work();
        // Where this fails the next frame fails too, and that ends the program.
        let _ = terminal::take();
        self.input.go_on();
        self.painter.forget();
        let (width, height) = terminal::size();
        let _ = self.sender.send(Event::Msg(Msg::Resize(width, height)));
        result
    }
}

/// Puts text on the clipboard of the terminal that the person sits at (OSC 52).
fn copy(text: &str) {
    let copy = crossterm::clipboard::CopyToClipboard::to_clipboard_from(text);
    let mut out = io::stdout().lock();
    // A line that is gone ends the next frame.
    let _ = crossterm::queue!(out, copy).and_then(|()| out.flush());
}
