//! The terminal: taken over, drawn on, and given back.
//!
//! Invariant: a frame is one write of changed cells only, inside synchronized-update marks where it might come in pieces; no
//! change, no byte.
//! Invariant: what is switched on in [`Terminal::enter`] is switched off in [`restore`], from whatever thread.

use crate::runtime::paint;
use crossterm::QueueableCommand;
use crossterm::cursor::Hide;
use crossterm::cursor::MoveTo;
use crossterm::cursor::Show;
use crossterm::event::DisableBracketedPaste;
use crossterm::event::EnableBracketedPaste;
use crossterm::style::Attribute;
use crossterm::style::SetAttribute;
use crossterm::terminal;
use crossterm::terminal::EndSynchronizedUpdate;
use crossterm::terminal::EnterAlternateScreen;
use crossterm::terminal::LeaveAlternateScreen;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use rustix::event::PollFd;
use rustix::event::PollFlags;
use rustix::event::Timespec;
use std::env;
use std::io;
use std::io::Write;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// Marks around one frame, for terminals that show it at once (DEC mode 2026).
const BEGIN: &str = "\x1b[?2026h";
const END: &str = "\x1b[?2026l";
/// So few bytes arrive in one piece and need no marks.
const AT_ONCE: usize = 256;
/// Plain style, then an empty screen.
const CLEAR: &str = "\x1b[0m\x1b[2J";

/// Whether the terminal is ours at the moment.
static OURS: AtomicBool = AtomicBool::new(false);

/// What is on the screen.
pub(super) struct Terminal {
    shown: Buffer,
    next: Buffer,
    /// The screen may hold something else than `shown`.
    dirty: bool,
}

impl Drop for Terminal {
    fn drop(&mut self) {
        restore();
    }
}

impl Terminal {
    /// Takes the terminal over: raw mode, alternate screen, bracketed paste, no cursor.
    pub(super) fn enter() -> io::Result<Self> {
        switch_on()?;
        Ok(Self { shown: Buffer::empty(Rect::ZERO), next: Buffer::empty(Rect::ZERO), dirty: true })
    }

    /// Gives the terminal back for a while.
    pub(super) fn leave(&mut self) -> io::Result<()> {
        self.dirty = true;
        switch_off()
    }

    /// Takes it over again.
    pub(super) fn come_back(&mut self) -> io::Result<()> {
        self.dirty = true;
        switch_on()
    }

    /// Has the next frame drawn whole.
    pub(super) fn forget(&mut self) {
        self.dirty = true;
    }

    /// Draws a frame of `size` and sends what changed.
    pub(super) fn draw(&mut self, size: (u16, u16), draw: impl FnOnce(&mut Buffer)) -> io::Result<()> {
        let area = Rect::new(0, 0, size.0, size.1);
        let whole = self.dirty || self.shown.area != area;
        if whole {
            self.shown = Buffer::empty(area);
        }
        self.next.resize(area);
        self.next.reset();
        draw(&mut self.next);
        let bytes = changes(&self.shown, &self.next, whole);
        std::mem::swap(&mut self.shown, &mut self.next);
        self.dirty = false;
        if bytes.is_empty() { Ok(()) } else { self.write(bytes.as_bytes()) }
    }

    /// Whether the terminal takes bytes, now or within so long; also if it is gone, which writing then tells.
    #[expect(clippy::unused_self, reason = "only who holds the terminal may ask for it")]
    pub(super) fn takes_more(&self, patience: Duration) -> bool {
        let out = rustix::stdio::stdout();
        let mut fds = [PollFd::new(&out, PollFlags::OUT)];
        let patience = Timespec { tv_sec: 0, tv_nsec: patience.subsec_nanos().into() };
        !matches!(rustix::event::poll(&mut fds, Some(&patience)), Ok(0) | Err(rustix::io::Errno::INTR))
    }

    /// Sends bytes at once.
    #[expect(clippy::unused_self, reason = "only who holds the terminal may write to it")]
    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut out = io::stdout().lock();
        out.write_all(bytes)?;
        out.flush()
    }
}

/// Whether this terminal, or the locale it is used in, cannot show our drawing characters one cell wide.
pub(super) fn wants_ascii() -> bool {
    let set = |name: &str| env::var(name).ok().filter(|value| !value.is_empty());
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(set);
    ascii_for(set("TERM").as_deref(), locale.as_deref())
}

/// Terminals without line drawing, locales that are not UTF-8, and those in which such characters take two cells.
fn ascii_for(term: Option<&str>, locale: Option<&str>) -> bool {
    let plain = matches!(term, Some("dumb" | "vt100"));
    let Some(locale) = locale.map(str::to_ascii_lowercase) else { return plain };
    let wide = ["ja", "ko", "zh"].iter().any(|language| locale.starts_with(language));
    plain || wide || !(locale.contains("utf-8") || locale.contains("utf8"))
}

/// The bytes that turn one screen into the other; none if they are equal.
fn changes(shown: &Buffer, next: &Buffer, whole: bool) -> String {
    let mut bytes = String::from(BEGIN);
    if whole {
        bytes.push_str(CLEAR);
    }
    paint::encode(shown, next, &mut bytes);
    if bytes.len() > BEGIN.len() + AT_ONCE {
        bytes.push_str(END);
        bytes
    } else {
        bytes.split_off(BEGIN.len())
    }
}

fn switch_on() -> io::Result<()> {
    OURS.store(true, Ordering::SeqCst);
    terminal::enable_raw_mode()?;
    let mut out = io::stdout().lock();
    out.queue(EnterAlternateScreen)?.queue(EnableBracketedPaste)?.queue(Hide)?;
    out.flush()
}

fn switch_off() -> io::Result<()> {
    OURS.store(false, Ordering::SeqCst);
    let mut bytes: Vec<u8> = Vec::new();
    bytes.queue(EndSynchronizedUpdate)?.queue(SetAttribute(Attribute::Reset))?;
    bytes.queue(MoveTo(0, 0))?.queue(DisableBracketedPaste)?.queue(Show)?.queue(LeaveAlternateScreen)?;
    let mut out = io::stdout().lock();
    // The mode is restored also where nothing can be written any more.
    let written = out.write_all(&bytes).and_then(|()| out.flush());
    terminal::disable_raw_mode()?;
    written
}

/// Gives the terminal back as it was, if it is ours; once, from any thread.
pub(super) fn restore() {
    if OURS.swap(false, Ordering::SeqCst) {
        // A terminal that is gone needs no restoring.
        let _ = switch_off();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::style::Style;

    #[test]
    fn ascii_is_for_terminals_that_need_it() {
        for (term, locale, ascii, why) in [
            (Some("xterm-256color"), Some("en_US.UTF-8"), false, "the usual"),
            (Some("vt100"), Some("en_US.UTF-8"), true, "an old terminal"),
            (Some("dumb"), None, true, "no terminal to speak of"),
            (Some("xterm"), Some("C"), true, "a locale without UTF-8"),
            (Some("xterm"), Some("C.utf8"), false, "another spelling"),
            (Some("xterm"), Some("ja_JP.UTF-8"), true, "double width"),
            (Some("xterm"), None, false, "nothing said"),
        ] {
            assert_eq!(ascii_for(term, locale), ascii, "{why}");
        }
    }

    #[test]
    fn an_equal_frame_costs_nothing() {
        let mut a = Buffer::empty(Rect::new(0, 0, 10, 2));
        a.set_string(0, 0, "abc", Style::new());
        assert!(changes(&a, &a.clone(), false).is_empty());
        let mut b = a.clone();
        b.set_string(1, 0, "X", Style::new());
        let text = changes(&a, &b, false);
        assert!(text.contains('X') && !text.contains('a') && !text.contains('c'), "{text:?}");
        assert!(!text.contains("2026"), "a few cells arrive in one piece: {text:?}");
    }

    #[test]
    fn many_cells_are_shown_at_once() {
        let blank = Buffer::empty(Rect::new(0, 0, 80, 24));
        let mut full = blank.clone();
        for y in 0..24 {
            full.set_string(0, y, "a row of this screen", Style::new());
        }
        let text = changes(&blank, &full, false);
        assert!(text.starts_with(BEGIN) && text.ends_with(END));
    }
}
