//! What a program may send to a terminal: an allow-list of sequences, and the places where text stands.
//!
//! Invariant: every byte belongs to exactly one piece, so nothing slips through unread.

use std::str;

/// Final letters of the sequences without a private mark that the explorer may use: move, erase, colour, scroll.
const SEQUENCES: &str = "ABCDEFGHJKLMPSTXd@mr";

/// Private modes that it may set and reset: cursor, alternate screen, bracketed paste, synchronized update.
const MODES: [&str; 4] = ["?25", "?1049", "?2004", "?2026"];

/// One piece of output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece {
    Text(String),
    /// A control character outside any sequence.
    Control(u8),
    /// `ESC [`: parameters with their marks, and the final letter.
    Csi(String, char),
    /// `ESC ]` up to its end.
    Osc(String),
    /// Any other escape sequence, by its second byte; of DCS, APC and the like only the opening.
    Escape(char),
    /// Bytes that are not UTF-8.
    Broken(Vec<u8>),
}

/// Splits output into its pieces.
pub(crate) fn pieces(mut bytes: &[u8]) -> Vec<Piece> {
    let mut out = Vec::new();
    while let Some(&first) = bytes.first() {
        let (piece, n) = match first {
            0x1b => escape(bytes),
            0..0x20 | 0x7f => (Piece::Control(first), 1),
            _ => text(bytes),
        };
        out.push(piece);
        bytes = &bytes[n..];
    }
    out
}

fn text(bytes: &[u8]) -> (Piece, usize) {
    let n = bytes.iter().position(|&b| b < 0x20 || b == 0x7f).unwrap_or(bytes.len());
    let run = &bytes[..n];
    (str::from_utf8(run).map_or_else(|_| Piece::Broken(run.to_vec()), |text| Piece::Text(text.to_owned())), n)
}

fn escape(bytes: &[u8]) -> (Piece, usize) {
    let shown = |range: &[u8]| String::from_utf8_lossy(range).into_owned();
    match bytes.get(1) {
        Some(b'[') => {
            let Some(n) = bytes.iter().skip(2).position(|b| (0x40..0x7f).contains(b)) else {
                return (Piece::Csi(shown(&bytes[2..]), '\0'), bytes.len());
            };
            (Piece::Csi(shown(&bytes[2..2 + n]), char::from(bytes[2 + n])), n + 3)
        }
        Some(b']') => {
            let end = bytes.iter().position(|&b| b == 0x07).map(|at| (at, 1));
            let other = bytes.windows(2).position(|pair| pair == b"\x1b\\").map(|at| (at, 2));
            let first = [end, other].into_iter().flatten().min();
            let (at, mark) = first.unwrap_or((bytes.len(), 0));
            (Piece::Osc(shown(&bytes[2..at])), at + mark)
        }
        Some(&second) => (Piece::Escape(char::from(second)), 2),
        None => (Piece::Escape('\0'), 1),
    }
}

/// Pieces that are not on the allow-list. A copy (OSC 52) never is: whoever pressed the copy key takes it out first.
pub(crate) fn strays(bytes: &[u8]) -> Vec<Piece> {
    pieces(bytes).into_iter().filter(|piece| !is_allowed(piece)).collect()
}

fn is_allowed(piece: &Piece) -> bool {
    match piece {
        Piece::Text(text) => !text.chars().any(is_unseen),
        Piece::Control(control) => matches!(control, b'\r' | b'\n'),
        Piece::Csi(parameters, 'h' | 'l') => MODES.contains(&parameters.as_str()),
        Piece::Csi(parameters, last) => {
            SEQUENCES.contains(*last) && parameters.bytes().all(|b| b.is_ascii_digit() || matches!(b, b';' | b':'))
        }
        Piece::Osc(_) | Piece::Escape(_) | Piece::Broken(_) => false,
    }
}

/// Characters of a text that no terminal should get from us: they move, hide or reorder others (threats.md T1).
pub(crate) fn is_unseen(c: char) -> bool {
    matches!(u32::from(c),
        0..0x20 | 0x7f..0xa0 | 0xad | 0x61c | 0x200b..=0x200f | 0x2028..=0x202e | 0x2060..=0x206f | 0xfeff | 0xfff9..=0xfffb
        | 0xe0000..=0xe007f)
}

/// Texts put on the clipboard, decoded.
pub(crate) fn copies(bytes: &[u8]) -> Vec<String> {
    let text = |piece| match piece {
        Piece::Osc(body) => Some(String::from_utf8(base64(body.strip_prefix("52;c;")?)).unwrap()),
        Piece::Text(_) | Piece::Control(_) | Piece::Csi(..) | Piece::Escape(_) | Piece::Broken(_) => None,
    };
    pieces(bytes).into_iter().filter_map(text).collect()
}

fn base64(text: &str) -> Vec<u8> {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut out, mut bits, mut n) = (Vec::new(), 0u32, 0);
    for byte in text.bytes().filter(|&byte| byte != b'=') {
        let value = LETTERS.iter().position(|&letter| letter == byte).expect("base64");
        bits = (bits << 6 | u32::try_from(value).unwrap()) & 0xfff;
        n += 6;
        if n >= 8 {
            n -= 8;
            out.push(u8::try_from(bits >> n & 0xff).unwrap());
        }
    }
    out
}

/// Colours and attributes set, as the numbers in the sequence: `1`, `38;5;4`.
pub(crate) fn attributes(bytes: &[u8]) -> Vec<String> {
    let attribute = |piece| match piece {
        Piece::Csi(parameters, 'm') => Some(parameters),
        Piece::Csi(..) | Piece::Text(_) | Piece::Control(_) | Piece::Osc(_) | Piece::Escape(_) | Piece::Broken(_) => None,
    };
    pieces(bytes).into_iter().filter_map(attribute).collect()
}

/// Whether output stops inside a synchronized update: what the terminal shows then is the screen before.
pub(crate) fn ends_inside_an_update(bytes: &[u8]) -> bool {
    let recent = &bytes[bytes.len().saturating_sub(1 << 16)..];
    let last = |mark: &[u8]| recent.windows(mark.len()).rposition(|window| window == mark);
    last(b"\x1b[?2026h") > last(b"\x1b[?2026l")
}

#[test]
fn output_is_read_piece_by_piece() {
    let output = b"a\x1b[1;31mb\x1b[?25l\x1b]52;c;aGk=\x07\x1b]0;t\x1b\\\r\x1bPq\x1b[6n\xff";
    let found = pieces(output);
    assert_eq!(found.len(), 11, "{found:?}");
    let strays = strays(output);
    assert_eq!(strays[0], Piece::Osc("52;c;aGk=".to_owned()));
    assert_eq!(strays.len(), 5, "copy, title, DCS, question, not UTF-8: {strays:?}");
    assert_eq!(copies(output), ["hi"]);
    assert_eq!(attributes(output), ["1;31"]);
    assert!(ends_inside_an_update(b"\x1b[?2026l\x1b[?2026hx") && !ends_inside_an_update(b"\x1b[?2026hx\x1b[?2026l"));
}
