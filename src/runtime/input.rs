//! Keys from the terminal, and notice of its end.
//!
//! The thread waits with poll, never inside the terminal library: that one spins for ever on a terminal that is gone
//! (crossterm issue 793), and would read keys that are meant for an editor.

use crate::app::key::Code;
use crate::app::key::KeyPress;
use crate::app::msg::Msg;
use crate::runtime::End;
use crate::runtime::Event;
use crate::runtime::signals;
use crossterm::event::{Event as Read, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use rustix::event::{PollFd, PollFlags, poll};
use rustix::pipe::pipe;
use std::io;
use std::os::fd::OwnedFd;
use std::sync::mpsc;
use std::sync::mpsc::Receiver;
use std::sync::mpsc::Sender;
use std::thread;
use std::time::Duration;

/// The reading thread, as seen from outside.
#[derive(Debug)]
pub(super) struct Input {
    wake: Option<OwnedFd>,
    paused: Receiver<()>,
    resume: Sender<()>,
}

impl Input {
    /// Starts to read.
    pub(super) fn start(events: Sender<Event>) -> Self {
        let (tell_paused, paused) = mpsc::channel();
        let (resume, resumed) = mpsc::channel();
        // Without a pipe there is no pausing: an editor would then share the keys, but nothing else is lost.
        let (reads, wake) = pipe().map_or((None, None), |(reads, writes)| (Some(reads), Some(writes)));
        thread::spawn(move || {
            while let Ok(ready) = wait(reads.as_ref()) {
                let go_on = match ready {
                    Ready::Keys => forward(&events),
                    Ready::Pause => tell_paused.send(()).is_ok() && resumed.recv().is_ok(),
                };
                if !go_on {
                    return;
                }
            }
            let _ = events.send(Event::End(End::Signal(signals::HANG_UP)));
        });
        Self { wake, paused, resume }
    }

    /// Returns when no key is read any more.
    pub(super) fn pause(&self) {
        if let Some(wake) = &self.wake
            && rustix::io::write(wake, b"p").is_ok()
        {
            let _ = self.paused.recv_timeout(Duration::from_secs(1));
        }
    }

    /// Reads again.
    pub(super) fn go_on(&self) {
        let _ = self.resume.send(());
    }
}

enum Ready {
    Keys,
    Pause,
}

/// Waits for a key or a request to pause; an error means that the terminal is gone.
fn wait(wake: Option<&OwnedFd>) -> io::Result<Ready> {
    let stdin = io::stdin();
    loop {
        let mut watched = vec![PollFd::new(&stdin, PollFlags::IN)];
        watched.extend(wake.map(|wake| PollFd::new(wake, PollFlags::IN)));
        match poll(&mut watched, None) {
            Err(rustix::io::Errno::INTR) => continue,
            Err(error) => return Err(error.into()),
            Ok(_) => {}
        }
        let happened: Vec<PollFlags> = watched.iter().map(PollFd::revents).collect();
        if let Some(wake) = wake.filter(|_| happened.get(1).is_some_and(|flags| flags.contains(PollFlags::IN))) {
            let _ = rustix::io::read(wake, &mut [0_u8; 8]);
            return Ok(Ready::Pause);
        }
        let of_terminal = happened.first().copied().unwrap_or(PollFlags::empty());
        if of_terminal.intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL) {
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        if of_terminal.contains(PollFlags::IN) {
            return Ok(Ready::Keys);
        }
    }
}

/// Sends all keys that are there; false when nobody listens any more.
fn forward(events: &Sender<Event>) -> bool {
    while crossterm::event::poll(Duration::ZERO).unwrap_or(false) {
        let Ok(read) = crossterm::event::read() else { return true };
        let msg = match read {
            Read::Key(key) => match press(key) {
                Some(key) => Msg::Key(key),
                None => continue,
            },
            Read::Paste(text) => Msg::Paste(text),
            Read::Resize(width, height) => Msg::Resize(width, height),
            Read::FocusGained | Read::FocusLost | Read::Mouse(_) => continue,
        };
        if events.send(Event::Msg(msg)).is_err() {
            return false;
        }
    }
    true
}

/// A key in our own words; `None` for releases and keys that mean nothing here.
fn press(key: KeyEvent) -> Option<KeyPress> {
    if key.kind == KeyEventKind::Release {
        return None;
    }
    let code = match key.code {
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
    Some(KeyPress { code, ctrl: key.modifiers.contains(KeyModifiers::CONTROL), alt: key.modifiers.contains(KeyModifiers::ALT) })
}
