//! The parts of which SSH's formats are made: counted strings, numbers, and base64 between two lines.

/// Reads counted parts one after the other.
#[derive(Debug, Clone, Copy)]
pub(super) struct Parts<'a>(&'a [u8]);

impl<'a> Parts<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// So many bytes.
    pub(super) fn take(&mut self, n: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.0.split_at_checked(n)?;
        self.0 = rest;
        Some(head)
    }

    pub(super) fn number(&mut self) -> Option<u32> {
        Some(u32::from_be_bytes(self.take(4)?.try_into().ok()?))
    }

    /// A string: its length, then its bytes.
    pub(super) fn string(&mut self) -> Option<&'a [u8]> {
        let n = self.number()?;
        self.take(n as usize)
    }

    pub(super) fn text(&mut self) -> Option<&'a str> {
        std::str::from_utf8(self.string()?).ok()
    }

    /// A positive number of any size, without leading zeros.
    pub(super) fn integer(&mut self) -> Option<&'a [u8]> {
        let bytes = self.string()?;
        match bytes {
            [0, rest @ ..] if rest.first().is_some_and(|byte| *byte >= 0x80) => Some(rest),
            [first, ..] if (1..0x80).contains(first) => Some(bytes),
            _ => None,
        }
    }

    /// Whether nothing is left.
    pub(super) fn is_empty(self) -> bool {
        self.0.is_empty()
    }
}

/// Appends a string.
pub(super) fn put(out: &mut Vec<u8>, bytes: &[u8]) {
    out.extend(u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes());
    out.extend_from_slice(bytes);
}

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Base64 with padding.
pub(crate) fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let word = chunk.iter().fold(0_u32, |word, byte| word << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for nth in 0..4 {
            let digit = DIGITS.get((word >> (18 - 6 * nth) & 63) as usize).copied().unwrap_or(b'=');
            text.push(char::from(if nth <= chunk.len() { digit } else { b'=' }));
        }
    }
    text
}

/// Reads base64 with padding; `None` where any other text would mean the same bytes.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    let (quads, []) = text.as_bytes().as_chunks::<4>() else { return None };
    let mut bytes = Vec::with_capacity(quads.len() * 3);
    for (nth, quad) in quads.iter().enumerate() {
        let n = quad.iter().position(|digit| *digit == b'=').unwrap_or(4);
        let padded = quad.get(n..)?.iter().all(|digit| *digit == b'=');
        if n < 2 || !padded || (n < 4 && nth + 1 < quads.len()) {
            return None;
        }
        let mut word = 0_u32;
        for digit in quad.get(..n)? {
            word = word << 6 | u32::try_from(DIGITS.iter().position(|known| known == digit)?).ok()?;
        }
        let word = word << (6 * (4 - n));
        let [_, whole @ ..] = word.to_be_bytes();
        let (kept, spare) = whole.split_at_checked(n - 1)?;
        if spare.iter().any(|byte| *byte != 0) {
            return None;
        }
        bytes.extend_from_slice(kept);
    }
    Some(bytes)
}

/// The bytes between the lines `BEGIN` and `END` of such a name; nothing but blanks may stand around them.
pub(super) fn unarmor(text: &str, name: &str) -> Option<Vec<u8>> {
    let body = text.trim().strip_prefix(&format!("-----BEGIN {name}-----"))?;
    let body = body.strip_suffix(&format!("-----END {name}-----"))?;
    if !body.starts_with(['\n', '\r']) {
        return None;
    }
    decode(&body.lines().map(str::trim_end).collect::<String>())
}

/// The same bytes between those lines, as `ssh-keygen` breaks them.
pub(super) fn armor(bytes: &[u8], name: &str) -> String {
    let mut text = format!("-----BEGIN {name}-----\n");
    let digits = encode(bytes);
    for line in digits.as_bytes().chunks(70) {
        text.push_str(&String::from_utf8_lossy(line));
        text.push('\n');
    }
    text + &format!("-----END {name}-----\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_has_one_spelling() {
        for n in 0..70_u8 {
            let bytes: Vec<u8> = (0..n).map(|byte| byte.wrapping_mul(37) ^ n).collect();
            assert_eq!(decode(&encode(&bytes)).as_deref(), Some(&bytes[..]));
        }
        assert_eq!((encode(b"a"), encode(b"ab"), encode(b"abc")), ("YQ==".into(), "YWI=".into(), "YWJj".into()));
        for wrong in ["YR==", "YWJ=", "YQ=", "YQ", "Y===", "====", "YQ==YWJj", "Y Q=", "YQ-_", "Y=Q="] {
            assert_eq!(decode(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn parts_never_reach_past_the_end() {
        let mut bytes = Vec::new();
        put(&mut bytes, b"abc");
        put(&mut bytes, &[0, 0x80]);
        let mut parts = Parts::new(&bytes);
        assert_eq!((parts.text(), parts.integer(), parts.is_empty()), (Some("abc"), Some(&[0x80][..]), true));
        for cut in 0..bytes.len() {
            let mut parts = Parts::new(&bytes[..cut]);
            assert!(parts.string().is_none() || parts.string().is_none(), "{cut}");
        }
        for odd in [&[][..], &[0], &[0, 1], &[0x80], &[0, 0, 0x80]] {
            let mut bytes = Vec::new();
            put(&mut bytes, odd);
            assert_eq!(Parts::new(&bytes).integer(), None, "{odd:?}");
        }
    }
}
