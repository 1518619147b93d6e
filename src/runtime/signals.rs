//! Signals as messages; and a last resort where the line no longer takes our bytes.

use crate::app::msg::Msg;
use crate::runtime::End;
use crate::runtime::Event;
use crate::runtime::terminal;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGTSTP, SIGWINCH};
use signal_hook::iterator::Signals;
use std::process;
use std::sync::mpsc::Sender;
use std::thread;
use std::time::Duration;

/// What a terminal that is gone amounts to.
pub(super) const HANG_UP: i32 = SIGHUP;
/// How long the session may take to end by itself.
const PATIENCE: Duration = Duration::from_secs(1);

/// Forwards signals from now on. Where they cannot be caught they keep their usual effect.
pub(super) fn watch(events: &Sender<Event>) {
    let Ok(mut signals) = Signals::new([SIGTERM, SIGHUP, SIGINT, SIGTSTP, SIGWINCH]) else { return };
    let events = events.clone();
    thread::spawn(move || {
        for signal in &mut signals {
            let event = match signal {
                SIGWINCH => {
                    let (width, height) = terminal::size();
                    Event::Msg(Msg::Resize(width, height))
                }
                SIGTSTP => Event::Stop,
                _ => {
                    let _ = events.send(Event::End(End::Signal(signal)));
                    thread::sleep(PATIENCE);
                    // The session hangs in a write to a line that takes nothing: end without it.
                    terminal::restore();
                    process::exit(128 + signal);
                }
            };
            if events.send(event).is_err() {
                return;
            }
        }
    });
}
