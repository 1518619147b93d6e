//! JSON that is safe to print: the exact text, with every character that could deceive or steer a terminal as `\u....`.

use crate::text;
use serde_json::ser::CompactFormatter;
use serde_json::ser::Formatter;
use serde_json::ser::PrettyFormatter;
use std::io;
use std::io::Write;

/// A layout of `serde_json`, with hidden characters escaped: left alone it writes DEL, C1 and U+202E raw.
pub(super) struct SafeFormatter<F = PrettyFormatter<'static>>(F);

impl SafeFormatter {
    /// The pretty layout, one blank a level.
    pub(super) fn new() -> Self {
        Self(PrettyFormatter::with_indent(b" "))
    }
}

impl SafeFormatter<CompactFormatter> {
    /// One line.
    pub(super) fn compact() -> Self {
        Self(CompactFormatter)
    }
}

impl<F: Formatter> Formatter for SafeFormatter<F> {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        if !text::judge(fragment).any(|(_, hide)| hide) {
            return writer.write_all(fragment.as_bytes());
        }
        let mut utf8 = [0; 4];
        let mut utf16 = [0; 2];
        for (c, hide) in text::judge(fragment) {
            if !hide {
                writer.write_all(c.encode_utf8(&mut utf8).as_bytes())?;
                continue;
            }
            for unit in c.encode_utf16(&mut utf16) {
                write!(writer, "\\u{unit:04x}")?;
            }
        }
        Ok(())
    }

    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_array(writer)
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array(writer)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(writer, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array_value(writer)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object(writer)
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object(writer)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(writer, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object_value(writer)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object_value(writer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde::Serialize;

    fn written(value: &str) -> String {
        let mut out = Vec::new();
        value.serialize(&mut serde_json::Serializer::with_formatter(&mut out, SafeFormatter::new())).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn what_could_steer_a_terminal_is_escaped() {
        for (raw, json) in [
            ("bert", "\"bert\""),
            ("日本語", "\"日本語\""),
            ("evil\u{202e}tpg", "\"evil\\u202etpg\""),
            ("del\u{7f}", "\"del\\u007f\""),
            ("esc\u{1b}[31m", "\"esc\\u001b[31m\""),
            ("tag\u{e0041}", "\"tag\\udb40\\udc41\""),
            ("a\\b\"c", "\"a\\\\b\\\"c\""),
        ] {
            assert_eq!(written(raw), json);
        }
    }

    proptest! {
        #[test]
        fn the_exact_text_comes_back_and_nothing_hidden_goes_out(raw in any::<String>()) {
            let json = written(&raw);
            prop_assert!(!json.chars().any(text::is_hidden));
            prop_assert_eq!(serde_json::from_str::<String>(&json).unwrap(), raw);
        }
    }
}
