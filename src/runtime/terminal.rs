//! Taking over the terminal and giving it back.

use crossterm::cursor;
use crossterm::event;
use crossterm::execute;
use crossterm::terminal;
use rustix::process;
use std::io;
use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether the terminal is ours now; [`restore`] may be called from any thread, and twice.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// The terminal in our hands; dropping it gives it back.
#[derive(Debug)]
pub(super) struct Terminal(());

impl Terminal {
    /// Raw mode, alternate screen, bracketed paste, no cursor.
    pub(super) fn enter() -> io::Result<Self> {
        take()?;
        Ok(Self(()))
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        restore();
    }
}

/// Takes the terminal, or takes it again after [`restore`].
pub(super) fn take() -> io::Result<()> {
    terminal::enable_raw_mode()?;
    TAKEN.store(true, Ordering::SeqCst);
    execute!(io::stdout(), terminal::EnterAlternateScreen, event::EnableBracketedPaste, cursor::Hide)
}

/// Puts the terminal back as it was. A terminal that is gone cannot be, and needs no telling.
pub(super) fn restore() {
    if TAKEN.swap(false, Ordering::SeqCst) {
        let _ = execute!(io::stdout(), event::DisableBracketedPaste, terminal::LeaveAlternateScreen, cursor::Show);
        let _ = io::stdout().flush();
        let _ = terminal::disable_raw_mode();
    }
}

/// Columns and rows; 80x24 where the terminal does not say.
pub(super) fn size() -> (u16, u16) {
    terminal::size().unwrap_or((80, 24))
}

/// Stops the process as ^Z does; returns when it is continued.
pub(super) fn stop() {
    let _ = process::kill_process(process::getpid(), process::Signal::STOP);
}
