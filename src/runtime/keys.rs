//! Bytes of a terminal as keys and pastes.
//!
//! Invariant: every byte is consumed, whatever it is; what means nothing here is dropped, a paste never becomes keys.
//! Invariant: at most [`PASTE`] bytes are kept.
//! Absent on purpose: reading, time. A lone Esc is told from the start of a sequence by who reads: see [`Decoder::rest`].

use crate::app::key::Code;
use crate::app::key::KeyPress;
use crate::app::msg::Msg;
use std::str;

/// A paste keeps so many bytes; the rest is dropped.
const PASTE: usize = 1 << 20;

/// No sequence of a terminal is longer; one that is means nothing.
const SEQUENCE: usize = 64;

const PASTE_ENDS: &[u8] = b"\x1b[201~";

/// Bytes that are not a whole key yet.
#[derive(Debug, Default)]
pub(super) struct Decoder {
    bytes: Vec<u8>,
    in_paste: bool,
}

/// What stands at the start of the bytes.
enum Found {
    /// A message, or nothing of use, and its length.
    Whole(Option<Msg>, usize),
    /// Bytes that start a paste.
    PasteStarts(usize),
    /// More bytes must come.
    Part,
}

impl Decoder {
    /// Takes bytes in; the keys and pastes that they complete.
    pub(super) fn feed(&mut self, bytes: &[u8]) -> Vec<Msg> {
        self.bytes.extend_from_slice(bytes);
        let mut out = Vec::new();
        while !self.bytes.is_empty() {
            match if self.in_paste { self.paste() } else { key(&self.bytes) } {
                Found::Whole(msg, n) => {
                    out.extend(msg);
                    self.bytes.drain(..n);
                }
                Found::PasteStarts(n) => {
                    self.in_paste = true;
                    self.bytes.drain(..n);
                }
                Found::Part => break,
            }
        }
        out
    }

    /// Whether an Esc waits to be told from the start of a sequence.
    pub(super) fn is_undecided(&self) -> bool {
        !self.in_paste && self.bytes.first() == Some(&0x1b)
    }

    /// Nothing followed: the Esc key, and whatever else had been typed.
    pub(super) fn rest(&mut self) -> Vec<Msg> {
        if !self.is_undecided() {
            return Vec::new();
        }
        self.bytes.remove(0);
        let mut out = vec![Msg::Key(KeyPress::plain(Code::Esc))];
        out.extend(self.feed(&[]));
        out
    }

    fn paste(&mut self) -> Found {
        let end = self.bytes.windows(PASTE_ENDS.len()).position(|window| window == PASTE_ENDS);
        let Some(end) = end else {
            // The last bytes may be the start of the end.
            let tail = self.bytes.len().saturating_sub(PASTE_ENDS.len());
            if tail > PASTE {
                self.bytes.drain(PASTE..tail);
            }
            return Found::Part;
        };
        self.in_paste = false;
        let kept = self.bytes.get(..end.min(PASTE)).unwrap_or_default();
        let text = String::from_utf8_lossy(kept).into_owned();
        Found::Whole(Some(Msg::Paste(text)), end + PASTE_ENDS.len())
    }
}

/// The key at the start of `bytes`, which are not empty.
fn key(bytes: &[u8]) -> Found {
    let plain = |code| Found::Whole(Some(Msg::Key(KeyPress::plain(code))), 1);
    match bytes.first() {
        Some(0x1b) => escape(bytes),
        // ^j is the same key to some terminals and paste buffers.
        Some(b'\r' | b'\n') => plain(Code::Enter),
        Some(b'\t') => plain(Code::Tab),
        Some(0x7f | 0x08) => plain(Code::Backspace),
        Some(&control @ 1..=0x1a) => Found::Whole(Some(Msg::Key(KeyPress::ctrl(char::from(b'a' + control - 1)))), 1),
        Some(0..0x20) => Found::Whole(None, 1),
        _ => character(bytes),
    }
}

/// A character as typed; one that is not UTF-8 is dropped byte by byte.
fn character(bytes: &[u8]) -> Found {
    let head = bytes.get(..bytes.len().min(4)).unwrap_or_default();
    let text = match str::from_utf8(head) {
        Ok(text) => text,
        Err(error) if error.valid_up_to() == 0 => {
            return if error.error_len().is_none() { Found::Part } else { Found::Whole(None, 1) };
        }
        Err(error) => str::from_utf8(head.get(..error.valid_up_to()).unwrap_or_default()).unwrap_or_default(),
    };
    match text.chars().next() {
        Some(c) => Found::Whole(Some(Msg::Key(KeyPress::char(c))), c.len_utf8()),
        None => Found::Part,
    }
}

/// What follows an Esc: a sequence, or another key. Terminals write Alt and a letter as people write Esc and a letter who
/// type ahead on a slow line; no key has Alt here, so these are two keys.
fn escape(bytes: &[u8]) -> Found {
    match bytes.get(1) {
        None => Found::Part,
        Some(b'[') => sequence(bytes),
        Some(b'O') => match bytes.get(2) {
            None => Found::Part,
            Some(&last) => Found::Whole(named(last, &[]).map(Msg::Key), 3),
        },
        Some(_) => Found::Whole(Some(Msg::Key(KeyPress::plain(Code::Esc))), 1),
    }
}

/// `ESC [`, numbers, a final letter.
fn sequence(bytes: &[u8]) -> Found {
    let body = bytes.get(2..).unwrap_or_default();
    let Some(n) = body.iter().take(SEQUENCE).position(|b| !(0x20..0x40).contains(b)) else {
        return if body.len() < SEQUENCE { Found::Part } else { Found::Whole(None, 2 + SEQUENCE) };
    };
    let (parameters, rest) = body.split_at(n);
    let Some(&last) = rest.first() else { return Found::Part };
    if !(0x40..0x7f).contains(&last) {
        // A control character is no end: the sequence was cut off, the character counts.
        return Found::Whole(None, 2 + n);
    }
    let parameters: Vec<u16> = parameters
        .split(|b| *b == b';')
        .map(|digits| str::from_utf8(digits).ok().and_then(|digits| digits.parse().ok()).unwrap_or(0))
        .collect();
    if (last, parameters.first()) == (b'~', Some(&200)) {
        return Found::PasteStarts(3 + n);
    }
    Found::Whole(named(last, &parameters).map(Msg::Key), 3 + n)
}

/// A key by the last letter of its sequence and the numbers before it. Shift, Ctrl and Alt do not count.
fn named(last: u8, parameters: &[u16]) -> Option<KeyPress> {
    let code = match (last, parameters.first().copied().unwrap_or(0)) {
        (b'A', _) => Code::Up,
        (b'B', _) => Code::Down,
        (b'C', _) => Code::Right,
        (b'D', _) => Code::Left,
        (b'H', _) | (b'~', 1 | 7) => Code::Home,
        (b'F', _) | (b'~', 4 | 8) => Code::End,
        (b'M', _) if parameters.is_empty() => Code::Enter,
        (b'Z', _) => Code::BackTab,
        (b'~', 3) => Code::Delete,
        (b'~', 5) => Code::PageUp,
        (b'~', 6) => Code::PageDown,
        _ => return None,
    };
    Some(KeyPress::plain(code))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(msgs: Vec<Msg>) -> Vec<String> {
        let show = |msg| match msg {
            Msg::Key(key) => key.to_string(),
            Msg::Paste(text) => format!("<{text}>"),
            other => panic!("{other:?}"),
        };
        msgs.into_iter().map(show).collect()
    }

    fn read(bytes: &[u8]) -> Vec<String> {
        let mut decoder = Decoder::default();
        let mut msgs = decoder.feed(bytes);
        msgs.extend(decoder.rest());
        shown(msgs)
    }

    #[test]
    fn terminals_write_keys_like_this() {
        let cases: [(&[u8], &[&str], &str); 20] = [
            (b"/eute\rm\r", &["/", "e", "u", "t", "e", "Enter", "m", "Enter"], "typed ahead"),
            (b"\x1b", &["Esc"], "alone"),
            (b"\x1b\x1b", &["Esc", "Esc"], "twice"),
            (b"\x1bq", &["Esc", "q"], "Esc and a key, typed ahead"),
            (b"\x1b[A\x1bOB\x1b[1;5C", &["Up", "Down", "Right"], "arrows, in both modes; Ctrl changes nothing"),
            (b"\x1b[H\x1b[4~\x1b[5~\x1b[6~\x1b[3~", &["Home", "End", "PgUp", "PgDn", "Delete"], "the block above them"),
            (b"\t\x1b[Z", &["Tab", "S-Tab"], "there and back"),
            (b"\x03\x0f\n", &["^c", "^o", "Enter"], "controls"),
            (b"\x7f\x08", &["Backspace", "Backspace"], "both are in use"),
            ("é日🦀".as_bytes(), &["é", "日", "🦀"], "characters of several bytes"),
            (b"a\xffb\xc3", &["a", "b"], "what is not UTF-8"),
            (b"\x00\x1c", &[], "controls without a name"),
            (b"\x1b[200~qm\x1b[A\n\x1b[201~j", &["<qm\x1b[A\n>", "j"], "a paste is no keys"),
            (b"\x1b[200~\x1b[201~", &["<>"], "an empty one"),
            (b"\x1b[I\x1b[?1;2c\x1b[99~", &[], "answers and keys of no use"),
            (b"\x1b[12", &["Esc", "[", "1", "2"], "Esc and letters, where no more comes"),
            (b"\x1b[1\rj", &["Enter", "j"], "a sequence cut off"),
            (b"\x1bO", &["Esc", "O"], "Esc and a letter"),
            (b"\x1b\r\x1b\x1b[A", &["Esc", "Enter", "Esc", "Up"], "Esc before keys of other kinds"),
            (b"", &[], "nothing"),
        ];
        for (bytes, keys, why) in cases {
            assert_eq!(read(bytes), keys, "{why}");
        }
    }

    #[test]
    fn a_paste_keeps_a_bounded_part() {
        let mut decoder = Decoder::default();
        assert!(decoder.feed(b"\x1b[200~").is_empty());
        for _ in 0..40 {
            assert!(decoder.feed(&[b'x'; 1 << 16]).is_empty());
            assert!(decoder.bytes.len() <= PASTE + PASTE_ENDS.len() + (1 << 16));
        }
        assert_eq!(shown(decoder.feed(b"\x1b[201~q")), [format!("<{}>", "x".repeat(PASTE)), "q".to_owned()]);
    }

    proptest! {
        #[test]
        fn bytes_mean_the_same_however_they_are_cut(bytes in proptest::collection::vec(any::<u8>(), 0..80), cut in 0_usize..80) {
            let mut whole = Decoder::default();
            let mut expected = whole.feed(&bytes);
            expected.extend(whole.rest());
            let (head, tail) = bytes.split_at(cut.min(bytes.len()));
            let mut parts = Decoder::default();
            let mut found = parts.feed(head);
            found.extend(parts.feed(tail));
            found.extend(parts.rest());
            prop_assert_eq!(shown(found), shown(expected));
        }

        #[test]
        fn no_byte_is_kept_for_ever(bytes in proptest::collection::vec(0_u8..0x7f, 0..200)) {
            let mut decoder = Decoder::default();
            decoder.feed(&bytes);
            decoder.rest();
            prop_assert!(decoder.in_paste || decoder.bytes.is_empty() || decoder.is_undecided());
        }
    }
}
