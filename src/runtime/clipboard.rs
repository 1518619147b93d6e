//! The terminal's clipboard (OSC 52): works over SSH and needs no window system.

/// The bytes that put a text on the clipboard. What is hidden in it has been escaped; line breaks become blanks.
pub(super) fn sequence(text: &str) -> String {
    let visible: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    format!("\u{1b}]52;c;{}\u{7}", base64(visible.as_bytes()))
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let at = |row: usize| u32::from(chunk.get(row).copied().unwrap_or(0));
        let all = at(0) << 16 | at(1) << 8 | at(2);
        for digit in 0..4 {
            let value = (all >> (18 - 6 * digit)) & 63;
            let c = DIGITS.get(value as usize).copied().map_or('=', char::from);
            out.push(if digit as usize > chunk.len() { '=' } else { c });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_encoded_and_stays_on_one_line() {
        for (text, encoded) in [("", ""), ("a", "YQ=="), ("ab", "YWI="), ("abc", "YWJj"), ("bert@1", "YmVydEAx")] {
            assert_eq!(base64(text.as_bytes()), encoded, "{text:?}");
        }
        assert_eq!(sequence("a\nb"), sequence("a b"));
    }
}
