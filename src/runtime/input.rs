//! Keys, pastes and their translation: the only file that knows the terminal library's events.
//!
//! Invariant: the library is asked only when bytes are waiting, so that it never spins on a dead terminal and never takes
//! a key that is meant for an editor.

use crate::app::key::Code;
use crate::app::key::KeyPress;
use crate::app::msg::Msg;
use crate::runtime::Event;
use crossterm::event;
use crossterm::event::KeyCode;
use crossterm::event::KeyEvent;
use crossterm::event::KeyEventKind;
use crossterm::event::KeyModifiers;
use rustix::event::PollFd;
use rustix::event::PollFlags;
use std::io;
use std::io::Read;
use std::io::Write;
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::Condvar;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::mpsc::Sender;
use std::thread;
use std::time::Duration;

/// Who may read the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Turn {
    Ours,
    /// Asked to stop.
    Stopping,
    /// Stopped: the terminal is someone else's.
    Theirs,
}

/// The reading thread, from outside.
pub(super) struct Input {
    turn: Arc<(Mutex<Turn>, Condvar)>,
    wake: UnixStream,
}

/// Starts to read.
pub(super) fn start(sender: Sender<Event>) -> io::Result<Input> {
    let (wake, woken) = UnixStream::pair()?;
    let turn = Arc::new((Mutex::new(Turn::Ours), Condvar::new()));
    let shared = Arc::clone(&turn);
    thread::Builder::new().name("input".to_owned()).spawn(move || {
        if read(&sender, &shared, woken).is_err() {
            // The loop may be over already.
            let _ = sender.send(Event::Gone);
        }
    })?;
    Ok(Input { turn, wake })
}

impl Input {
    /// Stops reading; returns when the thread has stopped.
    pub(super) fn pause(&mut self) {
        let (turn, changed) = &*self.turn;
        let mut turn = turn.lock().unwrap_or_else(PoisonError::into_inner);
        *turn = Turn::Stopping;
        if self.wake.write_all(b".").is_err() {
            return;
        }
        while *turn == Turn::Stopping {
            turn = changed.wait(turn).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Reads again.
    pub(super) fn resume(&mut self) {
        let (turn, changed) = &*self.turn;
        *turn.lock().unwrap_or_else(PoisonError::into_inner) = Turn::Ours;
        changed.notify_all();
    }
}

fn read(sender: &Sender<Event>, turn: &(Mutex<Turn>, Condvar), mut woken: UnixStream) -> io::Result<()> {
    loop {
        wait_for_turn(turn);
        let stdin = rustix::stdio::stdin();
        let mut fds = [PollFd::new(&stdin, PollFlags::IN), PollFd::new(&woken, PollFlags::IN)];
        match rustix::event::poll(&mut fds, None) {
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
        let [terminal, wake] = fds.map(|fd| fd.revents());
        if terminal.intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL) {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if wake.contains(PollFlags::IN) {
            woken.read_exact(&mut [0])?;
            continue;
        }
        while terminal.contains(PollFlags::IN) && event::poll(Duration::ZERO)? {
            let Some(msg) = translate(event::read()?) else { continue };
            if sender.send(Event::App(Box::new(msg))).is_err() {
                return Ok(());
            }
        }
    }
}

fn wait_for_turn((turn, changed): &(Mutex<Turn>, Condvar)) {
    let mut turn = turn.lock().unwrap_or_else(PoisonError::into_inner);
    if *turn == Turn::Stopping {
        *turn = Turn::Theirs;
        changed.notify_all();
    }
    while *turn == Turn::Theirs {
        turn = changed.wait(turn).unwrap_or_else(PoisonError::into_inner);
    }
}

/// What an event of the library means to the explorer. Sizes come by signal.
fn translate(event: event::Event) -> Option<Msg> {
    match event {
        event::Event::Key(key) if key.kind != KeyEventKind::Release => key_press(key).map(Msg::Key),
        event::Event::Paste(text) => Some(Msg::Paste(text)),
        _ => None,
    }
}

fn key_press(key: KeyEvent) -> Option<KeyPress> {
    let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
    let alt = key.modifiers.contains(KeyModifiers::ALT);
    let code = match key.code {
        // On the wire these are one key each.
        KeyCode::Char('m' | 'j') if ctrl => return Some(KeyPress::plain(Code::Enter)),
        KeyCode::Char('i') if ctrl => return Some(KeyPress::plain(Code::Tab)),
        KeyCode::Char('h') if ctrl => return Some(KeyPress::plain(Code::Backspace)),
        KeyCode::Char(c) if ctrl => Code::Char(c.to_ascii_lowercase()),
        KeyCode::Char(c) => Code::Char(c),
        KeyCode::Enter => Code::Enter,
        KeyCode::Esc => Code::Esc,
        KeyCode::Tab => Code::Tab,
        KeyCode::BackTab => Code::BackTab,
        KeyCode::Backspace => Code::Backspace,
        KeyCode::Delete => Code::Delete,
        KeyCode::Up => Code::Up,
        KeyCode::Down => Code::Down,
        KeyCode::Left => Code::Left,
        KeyCode::Right => Code::Right,
        KeyCode::Home => Code::Home,
        KeyCode::End => Code::End,
        KeyCode::PageUp => Code::PageUp,
        KeyCode::PageDown => Code::PageDown,
        _ => return None,
    };
    let letter = matches!(code, Code::Char(_));
    Some(KeyPress { code, ctrl: ctrl && letter, alt: alt && letter })
}
