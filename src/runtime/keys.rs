//! Bytes of the terminal to keys and pastes.
//!
//! Invariant: every byte is taken once; a sequence that is not known is swallowed whole and types nothing; a paste is one
//! text, whatever stands in it.
//!
//! An Esc that is followed by a letter in the same read is two keys, as someone types ahead on a slow line; there are no
//! bindings with Alt.

use crate::app::key::Code;
use crate::app::key::KeyPress;
use crate::app::msg::Msg;

const ESC: u8 = 0x1b;
const PASTE_END: &[u8] = b"\x1b[201~";
/// What is pasted beyond so many bytes is dropped.
const PASTE: usize = 1 << 20;
/// A control sequence that is longer is none.
const SEQUENCE: usize = 64;

/// Bytes that are not yet a whole key.
#[derive(Debug, Default)]
pub(super) struct Keys {
    rest: Vec<u8>,
    paste: Option<Vec<u8>>,
}

/// What the start of the bytes is.
enum Taken {
    /// So many bytes are this.
    Msg(usize, Msg),
    /// So many bytes mean nothing.
    Nothing(usize),
    /// A paste begins after so many bytes.
    PasteBegins(usize),
    /// More bytes are needed to tell.
    Incomplete,
}

impl Keys {
    /// Takes bytes in; the keys and pastes that are now whole.
    pub(super) fn feed(&mut self, bytes: &[u8]) -> Vec<Msg> {
        self.rest.extend_from_slice(bytes);
        self.take(false)
    }

    /// Whether an Esc waits to be told from the start of a sequence.
    pub(super) fn is_waiting(&self) -> bool {
        self.paste.is_none() && !self.rest.is_empty()
    }

    /// Nothing followed: what waits is what it looks like.
    pub(super) fn flush(&mut self) -> Vec<Msg> {
        self.take(true)
    }

    fn take(&mut self, last: bool) -> Vec<Msg> {
        let mut msgs = Vec::new();
        while !self.rest.is_empty() {
            if self.paste.is_some() {
                match self.take_paste() {
                    Some(msg) => msgs.push(msg),
                    None => break,
                }
                continue;
            }
            let n = match first(&self.rest, last) {
                Taken::Msg(n, msg) => {
                    msgs.push(msg);
                    n
                }
                Taken::Nothing(n) => n,
                Taken::PasteBegins(n) => {
                    self.paste = Some(Vec::new());
                    n
                }
                Taken::Incomplete => break,
            };
            self.rest.drain(..n.min(self.rest.len()));
        }
        msgs
    }

    fn take_paste(&mut self) -> Option<Msg> {
        let paste = self.paste.as_mut()?;
        let end = self.rest.windows(PASTE_END.len()).position(|window| window == PASTE_END);
        // The end mark may be cut by the read: its first bytes stay.
        let n = end.unwrap_or_else(|| self.rest.len().saturating_sub(PASTE_END.len() - 1));
        let room = PASTE.saturating_sub(paste.len());
        paste.extend(self.rest.iter().take(n).take(room));
        self.rest.drain(..n + end.map_or(0, |_| PASTE_END.len()));
        end?;
        let text = self.paste.take()?;
        Some(Msg::Paste(String::from_utf8_lossy(&text).into_owned()))
    }
}

fn key(n: usize, code: Code) -> Taken {
    Taken::Msg(n, Msg::Key(KeyPress::plain(code)))
}

/// Reads the first key. With `last` nothing follows.
fn first(bytes: &[u8], last: bool) -> Taken {
    let Some(byte) = bytes.first().copied() else { return Taken::Incomplete };
    match byte {
        ESC => escape(bytes, last),
        b'\r' | b'\n' => key(1, Code::Enter),
        b'\t' => key(1, Code::Tab),
        0x7f | 0x08 => key(1, Code::Backspace),
        0x01..=0x1a => Taken::Msg(1, Msg::Key(KeyPress::ctrl(char::from(byte - 1 + b'a')))),
        0x00..0x20 => Taken::Nothing(1),
        0x20..0x80 => Taken::Msg(1, Msg::Key(KeyPress::char(char::from(byte)))),
        _ => character(bytes, last),
    }
}

/// One character of UTF-8.
fn character(bytes: &[u8], last: bool) -> Taken {
    let n = match bytes.first() {
        Some(0xc2..=0xdf) => 2,
        Some(0xe0..=0xef) => 3,
        Some(0xf0..=0xf4) => 4,
        Some(_) | None => return Taken::Nothing(1),
    };
    match bytes.get(..n).map(std::str::from_utf8) {
        Some(Ok(text)) => text.chars().next().map_or(Taken::Nothing(n), |c| Taken::Msg(n, Msg::Key(KeyPress::char(c)))),
        Some(Err(_)) => Taken::Nothing(1),
        None if last => Taken::Nothing(bytes.len()),
        None => Taken::Incomplete,
    }
}

fn escape(bytes: &[u8], last: bool) -> Taken {
    match bytes.get(1) {
        None if last => key(1, Code::Esc),
        None => Taken::Incomplete,
        Some(b'[') => control_sequence(bytes, last),
        Some(b'O') => match bytes.get(2) {
            Some(letter) => cursor_key(*letter).map_or(Taken::Nothing(3), |code| key(3, code)),
            None if last => key(1, Code::Esc),
            None => Taken::Incomplete,
        },
        // What a terminal answers to questions; we ask none.
        Some(b']' | b'P' | b'X' | b'^' | b'_') if answer_end(bytes).is_some() => {
            Taken::Nothing(answer_end(bytes).unwrap_or(bytes.len()))
        }
        // Alt-Backspace deletes a word, as elsewhere.
        Some(0x7f) => Taken::Msg(2, Msg::Key(KeyPress::ctrl('w'))),
        Some(_) => key(1, Code::Esc),
    }
}

/// The length of a string sequence that is whole.
fn answer_end(bytes: &[u8]) -> Option<usize> {
    let bell = bytes.iter().position(|byte| *byte == 0x07).map(|at| at + 1);
    let terminator = bytes.windows(2).skip(1).position(|pair| pair == [ESC, b'\\']).map(|at| at + 3);
    bell.into_iter().chain(terminator).min()
}

fn cursor_key(letter: u8) -> Option<Code> {
    Some(match letter {
        b'A' => Code::Up,
        b'B' => Code::Down,
        b'C' => Code::Right,
        b'D' => Code::Left,
        b'H' => Code::Home,
        b'F' => Code::End,
        b'Z' => Code::BackTab,
        b'M' => Code::Enter,
        _ => return None,
    })
}

fn control_sequence(bytes: &[u8], last: bool) -> Taken {
    let body = bytes.get(2..).unwrap_or_default();
    let Some(end) = body.iter().take(SEQUENCE).position(|byte| !(0x20..0x40).contains(byte)) else {
        return if last || body.len() >= SEQUENCE { Taken::Nothing(bytes.len()) } else { Taken::Incomplete };
    };
    let n = end + 3;
    let (Some(parameters), Some(letter)) = (body.get(..end), body.get(end).copied()) else { return Taken::Nothing(n) };
    if !(0x40..0x7f).contains(&letter) {
        // Broken off by something else, which counts.
        return Taken::Nothing(n - 1);
    }
    let number: &[u8] = parameters.split(|byte| *byte == b';').next().unwrap_or_default();
    match (letter, number) {
        (b'~', b"200") => Taken::PasteBegins(n),
        (b'~', b"1" | b"7") => key(n, Code::Home),
        (b'~', b"4" | b"8") => key(n, Code::End),
        (b'~', b"3") => key(n, Code::Delete),
        (b'~', b"5") => key(n, Code::PageUp),
        (b'~', b"6") => key(n, Code::PageDown),
        (b'A'..=b'Z', b"" | b"1") if letter != b'M' => cursor_key(letter).map_or(Taken::Nothing(n), |code| key(n, code)),
        _ => Taken::Nothing(n),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Keys as people write them, pastes in quotes.
    fn read(bytes: &[u8]) -> String {
        let mut keys = Keys::default();
        let mut msgs = keys.feed(bytes);
        msgs.extend(keys.flush());
        let show = |msg: Msg| match msg {
            Msg::Key(key) => key.to_string(),
            Msg::Paste(text) => format!("{text:?}"),
            other => panic!("{other:?}"),
        };
        msgs.into_iter().map(show).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn bytes_become_keys() {
        for (bytes, keys, why) in [
            (&b"/eute\rm\r"[..], "/ e u t e Enter m Enter", "typed ahead"),
            (b"\x1b", "Esc", "alone"),
            (b"\x1b\x1bq", "Esc Esc q", "typed ahead on a slow line"),
            (b"\x1b[A\x1bOB\x1b[1;5C\x1b[Z", "Up Down Right S-Tab", "cursor keys of all kinds"),
            (b"\x1b[5~\x1b[6~\x1b[1~\x1b[4~\x1b[3~", "PgUp PgDn Home End Delete", "editing keys"),
            (b"\x10\x04\x7f\t", "^p ^d Backspace Tab", "control"),
            ("é日".as_bytes(), "é 日", "letters of the world"),
            (b"\xff\xc3(\x00a", "( a", "bytes that are nothing"),
            (b"\x1b[200~a\nq\x1b[Bm\x1b[201~x", "\"a\\nq\\u{1b}[Bm\" x", "a paste runs no keys"),
            (b"\x1b]11;rgb:ffff/ffff/ffff\x07q", "q", "an answer of the terminal"),
            (b"\x1b[?1;2cq\x1b[12;40Rq\x1b[Iq", "q q q", "other answers"),
            (b"\x1b[<0;1;1Mq", "q", "a mouse that nobody turned on"),
            (b"\x1b\x7f", "^w", "Alt-Backspace"),
        ] {
            assert_eq!(read(bytes), keys, "{why}");
        }
    }

    #[test]
    fn a_read_may_cut_anywhere() {
        let whole = b"a\x1b[A\x1b[200~pas\xc3\xa9te\x1b[201~\xe6\x97\xa5\x1b[6~";
        for cut in 0..whole.len() {
            let mut keys = Keys::default();
            let mut msgs = keys.feed(&whole[..cut]);
            msgs.extend(keys.feed(&whole[cut..]));
            assert!(!keys.is_waiting());
            let shown = format!("{msgs:?}");
            assert_eq!(msgs.len(), 5, "{cut}: {shown}");
            assert!(shown.contains("pas\u{e9}te"), "{cut}: {shown}");
        }
    }

    #[test]
    fn a_huge_paste_is_cut_and_ends() {
        let mut keys = Keys::default();
        keys.feed(b"\x1b[200~");
        for _ in 0..40 {
            keys.feed(&[b'x'; 65536]);
        }
        match &keys.feed(b"\x1b[201~")[..] {
            [Msg::Paste(text)] => assert_eq!(text.len(), PASTE),
            other => panic!("{other:?}"),
        }
    }
}
