//! The terminal's clipboard (OSC 52): works over SSH and needs no window system.

use crossterm::Command;
use crossterm::clipboard::CopyToClipboard;

/// The bytes that put a text on the clipboard. What is hidden in it has been escaped; line breaks become blanks.
pub(super) fn sequence(text: &str) -> String {
    let visible: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = CopyToClipboard::to_clipboard_from(visible).write_ansi(&mut out);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_is_one_line_of_visible_text() {
        // base64 of "foo bar"
        assert_eq!(sequence("foo\nbar"), "\u{1b}]52;c;Zm9vIGJhcg==\u{1b}\\");
    }
}
