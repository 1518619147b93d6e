//! The thread that reads the terminal.
//!
//! Invariant: nothing is read while the terminal is an editor's or the shell's.
//! Invariant: a terminal that is gone ends the thread; it is never asked again.

use crate::runtime::Event;
use crate::runtime::keys::Keys;
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

/// An Esc that nothing follows for so long is the key.
const AFTER_ESC: Timespec = Timespec { tv_sec: 0, tv_nsec: 40_000_000 };

/// Who may read the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Turn {
    Ours,
    /// Asked to stop.
    Stopping,
    /// Stopped: the terminal is someone else's.
    Theirs,
    /// The thread has ended.
    Over,
}

/// Whose turn it is, and a way to wait for a change.
type Turns = Arc<(Mutex<Turn>, Condvar)>;

/// The reading thread, from outside.
pub(super) struct Input {
    turn: Turns,
    wake: UnixStream,
}

/// Starts to read.
pub(super) fn start(sender: Sender<Event>) -> io::Result<Input> {
    let (wake, woken) = UnixStream::pair()?;
    let turn: Turns = Arc::new((Mutex::new(Turn::Ours), Condvar::new()));
    let shared = Arc::clone(&turn);
    thread::Builder::new().name("input".to_owned()).spawn(move || {
        if read(&sender, &shared, woken).is_err() {
            // The loop may be over already.
            let _ = sender.send(Event::Gone);
        }
        set(&shared, Turn::Over);
    })?;
    Ok(Input { turn, wake })
}

impl Input {
    /// Stops reading; returns when the thread has stopped.
    pub(super) fn pause(&mut self) {
        let (turn, changed) = &*self.turn;
        let mut turn = turn.lock().unwrap_or_else(PoisonError::into_inner);
        if *turn == Turn::Over || self.wake.write_all(b".").is_err() {
            return;
        }
        *turn = Turn::Stopping;
        while *turn == Turn::Stopping {
            turn = changed.wait(turn).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Reads again.
    pub(super) fn resume(&mut self) {
        set(&self.turn, Turn::Ours);
    }
}

/// Changes the turn, unless the thread has ended.
fn set(turns: &Turns, next: Turn) {
    let (turn, changed) = &**turns;
    let mut turn = turn.lock().unwrap_or_else(PoisonError::into_inner);
    if *turn != Turn::Over {
        *turn = next;
    }
    changed.notify_all();
}

fn wait_for_turn(turns: &Turns) {
    let (turn, changed) = &**turns;
    let mut turn = turn.lock().unwrap_or_else(PoisonError::into_inner);
    if *turn == Turn::Stopping {
        *turn = Turn::Theirs;
        changed.notify_all();
    }
    while *turn == Turn::Theirs {
        turn = changed.wait(turn).unwrap_or_else(PoisonError::into_inner);
    }
}

/// Reads until the loop is over; an error is the loss of the terminal.
fn read(sender: &Sender<Event>, turns: &Turns, mut woken: UnixStream) -> io::Result<()> {
    let mut keys = Keys::default();
    let mut buffer = [0; 8192];
    loop {
        wait_for_turn(turns);
        let stdin = rustix::stdio::stdin();
        let mut fds = [PollFd::new(&stdin, PollFlags::IN), PollFd::new(&woken, PollFlags::IN)];
        let timeout = keys.is_waiting().then_some(&AFTER_ESC);
        let n = match rustix::event::poll(&mut fds, timeout) {
            Ok(n) => n,
            Err(rustix::io::Errno::INTR) => continue,
            Err(error) => return Err(error.into()),
        };
        let [terminal, wake] = fds.map(|fd| fd.revents());
        if terminal.intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL) {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if wake.contains(PollFlags::IN) {
            woken.read_exact(&mut [0])?;
            continue;
        }
        let msgs = if n == 0 {
            keys.flush()
        } else {
            match rustix::io::read(stdin, &mut buffer) {
                Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(n) => keys.feed(buffer.get(..n).unwrap_or_default()),
                Err(rustix::io::Errno::INTR | rustix::io::Errno::AGAIN) => continue,
                Err(error) => return Err(error.into()),
            }
        };
        for msg in msgs {
            if sender.send(Event::App(Box::new(msg))).is_err() {
                return Ok(());
            }
        }
    }
}
