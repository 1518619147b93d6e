//! Reads the terminal: keys and pastes, until it is gone.
//!
//! Invariant: nothing is read but when bytes are waiting, so no key is taken that is meant for an editor.
//! Absent on purpose: the terminal library's events. It forgets that a key is waiting when a new size comes with it, and
//! spins on a terminal that is gone (crossterm issue 793).

use crate::runtime::Event;
use crate::runtime::keys::Decoder;
use rustix::event::PollFd;
use rustix::event::PollFlags;
use rustix::event::Timespec;
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

/// So long after an Esc nothing more of a sequence comes, not even over a slow line that cut it.
const ALONE: Timespec = Timespec { tv_sec: 0, tv_nsec: 25_000_000 };

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
    let mut decoder = Decoder::default();
    let mut bytes = [0; 4096];
    loop {
        wait_for_turn(turn);
        let stdin = rustix::stdio::stdin();
        let mut fds = [PollFd::new(&stdin, PollFlags::IN), PollFd::new(&woken, PollFlags::IN)];
        let patience = decoder.is_undecided().then_some(&ALONE);
        let msgs = match rustix::event::poll(&mut fds, patience) {
            Ok(0) => decoder.rest(),
            Ok(_) => {
                let [terminal, wake] = fds.map(|fd| fd.revents());
                if terminal.intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL) {
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
                if wake.contains(PollFlags::IN) {
                    woken.read_exact(&mut [0])?;
                    continue;
                }
                match rustix::io::read(stdin, &mut bytes) {
                    Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                    Ok(n) => decoder.feed(bytes.get(..n).unwrap_or_default()),
                    Err(rustix::io::Errno::INTR | rustix::io::Errno::AGAIN) => continue,
                    Err(error) => return Err(error.into()),
                }
            }
            Err(rustix::io::Errno::INTR) => continue,
            Err(error) => return Err(error.into()),
        };
        if !msgs.is_empty() && sender.send(Event::Typed(msgs)).is_err() {
            return Ok(());
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
