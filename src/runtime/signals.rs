//! Signals and the loss of the terminal.
//!
//! Invariant: after a signal that ends us, or when the terminal is gone, the process ends within a second, whatever the
//! loop is doing.

use crate::runtime::Event;
use crate::runtime::terminal;
use rustix::event::PollFd;
use rustix::event::PollFlags;
use signal_hook::consts::SIGCONT;
use signal_hook::consts::SIGHUP;
use signal_hook::consts::SIGINT;
use signal_hook::consts::SIGTERM;
use signal_hook::consts::SIGTSTP;
use signal_hook::consts::SIGWINCH;
use signal_hook::iterator::Signals;
use std::io;
use std::process;
use std::sync::mpsc::Sender;
use std::thread;
use std::time::Duration;

/// The loop has so long to end by itself.
const PATIENCE: Duration = Duration::from_millis(600);

/// Passes signals on.
pub(super) fn start(sender: Sender<Event>) -> io::Result<()> {
    let mut signals = Signals::new([SIGTERM, SIGHUP, SIGINT, SIGWINCH, SIGTSTP, SIGCONT])?;
    thread::Builder::new().name("signals".to_owned()).spawn(move || {
        for signal in signals.forever() {
            let heard = sender.send(Event::Signal(signal)).is_ok();
            if !matches!(signal, SIGWINCH | SIGTSTP | SIGCONT) || !heard {
                end_soon(signal);
            }
        }
    })?;
    Ok(())
}

/// Waits for the terminal to hang up: the terminal library would spin on it for ever.
pub(super) fn watch_terminal(sender: Sender<Event>) {
    thread::spawn(move || {
        let stdin = rustix::stdio::stdin();
        loop {
            // No event is asked for; hanging up and errors are always told.
            let mut fds = [PollFd::new(&stdin, PollFlags::empty())];
            let polled = rustix::event::poll(&mut fds, None);
            let gone = fds.iter().any(|fd| fd.revents().intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL));
            if gone || !matches!(polled, Ok(_) | Err(rustix::io::Errno::INTR)) {
                break;
            }
        }
        // The loop may be over already.
        let _ = sender.send(Event::Gone);
        end_soon(SIGHUP);
    });
}

fn end_soon(signal: i32) {
    thread::sleep(PATIENCE);
    terminal::restore();
    process::exit(128 + signal);
}
