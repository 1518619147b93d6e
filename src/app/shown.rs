//! Document text as the screen takes it: escaped, of very long texts the ends only, in ASCII where the terminal needs it.

use crate::graph::Graph;
use crate::graph::Source;
use crate::graph::ids::ComponentId;
use crate::graph::ids::DocumentId;
use crate::text::Untrusted;
use std::fmt::Write as _;

/// How document text is written on this terminal.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Show {
    /// Characters outside ASCII become `\u{..}`.
    pub ascii: bool,
}

impl Show {
    /// Any text of a document.
    pub(crate) fn raw(self, text: Untrusted<'_>) -> String {
        self.safe(text.brief().as_str())
    }

    /// Text that is escaped already: findings, reasons.
    pub(crate) fn safe(self, text: &str) -> String {
        #[cfg(test)]
        MADE.with(|made| made.set(made.get() + 1));
        if !self.ascii || text.is_ascii() {
            return text.to_owned();
        }
        let mut out = String::with_capacity(text.len() + 16);
        for c in text.chars() {
            if c.is_ascii() {
                out.push(c);
            } else {
                // Writing to a String cannot fail.
                let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
            }
        }
        out
    }

    /// What lists show for a component.
    pub(crate) fn label(self, graph: &Graph, id: ComponentId) -> String {
        self.raw(graph.label(id))
    }

    /// `file`.
    pub(crate) fn file(self, graph: &Graph, document: DocumentId) -> String {
        self.raw(graph.file(document))
    }

    /// `file:line`.
    pub(crate) fn source(self, graph: &Graph, source: Source) -> String {
        let file = self.file(graph, source.document);
        if source.line == 0 { file } else { format!("{file}:{}", source.line) }
    }
}

#[cfg(test)]
thread_local! {
    static MADE: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// How many texts this thread has made so far: work that must not grow with the repository.
#[cfg(test)]
pub(crate) fn made() -> usize {
    MADE.with(std::cell::Cell::get)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ascii_terminals_get_escapes() {
        let raw = Untrusted::new("mod\u{e8}le\u{202e}");
        assert_eq!(Show { ascii: false }.raw(raw), "mod\u{e8}le\\u{202e}");
        assert_eq!(Show { ascii: true }.raw(raw), "mod\\u{e8}le\\u{202e}");
    }
}
