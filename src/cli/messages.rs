//! What goes to stderr: errors with a hint, files that were not read, and progress on a terminal.
//!
//! Invariant: whatever repeats a document, a file name or an argument goes through [`Untrusted`].

use crate::cli::exit::Exit;
use crate::cli::exit::Failure;
use crate::graph::Graph;
use crate::load::Event;
use crate::model::finding::Finding;
use crate::text;
use crate::text::Untrusted;
use std::collections::BTreeMap;
use std::io;
use std::io::IsTerminal;
use std::io::Write;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;

/// At most this many problems of one file are told (threats.md section 2).
const A_FILE: usize = 20;

/// At most this many problems are told in all.
const IN_ALL: usize = 1_000;

/// Tells why there is no answer, and returns how to leave.
pub(super) fn fail(failure: &Failure) -> Exit {
    say(&format!("error: {}", failure.message));
    if let Some(hint) = &failure.hint {
        say(&format!("hint: {hint}"));
    }
    failure.exit
}

/// Tells something worth knowing beside the answer.
pub(super) fn note(message: &str) {
    say(&format!("note: {message}"));
}

/// Prints lines that may hold anything, each escaped.
pub(super) fn lines(message: &str) {
    for line in message.trim_end().lines() {
        say(Untrusted::new(line).show().as_str());
    }
}

/// Names the files that could not be read: at most 20 lines a file and 1,000 in all, then counts.
pub(super) fn problems(graph: &Graph) {
    for line in problem_lines(graph.findings().iter().filter(|finding| finding.is_unread())) {
        say(&line);
    }
    if !graph.complete() {
        say("not read: the rest; a limit on the whole repository was reached, so nothing is CLEAR");
    }
}

/// Names what could not be read of other files than those of the repository, in the same way.
pub(super) fn unread<'a>(findings: impl Iterator<Item = &'a Finding>) {
    for line in problem_lines(findings.filter(|finding| finding.is_unread())) {
        say(&line);
    }
}

fn problem_lines<'a>(findings: impl Iterator<Item = &'a Finding>) -> Vec<String> {
    let mut by_file: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in findings {
        by_file.entry(&finding.file).or_default().push(finding);
    }
    let mut lines = Vec::new();
    let mut untold = 0;
    for (file, findings) in &by_file {
        let room = IN_ALL.saturating_sub(lines.len()).min(A_FILE);
        for finding in findings.iter().take(room) {
            let address = finding.address();
            lines.push(format!("not read: {}: {} ({})", Untrusted::new(&address).show(), finding.message, finding.code));
        }
        match findings.len().saturating_sub(room) {
            0 => {}
            more if room == 0 => untold += more,
            more => lines.push(format!("not read: {}: {} more", Untrusted::new(file).show(), text::thousands(more))),
        }
    }
    if untold > 0 {
        lines.push(format!("not read: {} more in other files; `downriver check` lists all", text::thousands(untold)));
    }
    lines
}

/// Shows on a terminal how far reading is; silent elsewhere.
pub(super) struct Progress {
    shown: bool,
    files: AtomicUsize,
    done: AtomicUsize,
}

impl Progress {
    /// Progress on stderr if that is a terminal.
    pub(super) fn new() -> Self {
        Self { shown: io::stderr().is_terminal(), files: AtomicUsize::new(0), done: AtomicUsize::new(0) }
    }

    /// Takes note of one event; redraws when another hundredth is done.
    pub(super) fn event(&self, event: &Event<'_>) {
        match event {
            Event::Folder(_) => {}
            Event::Scanned { files, .. } => self.files.store(*files, Ordering::Relaxed),
            Event::Read(_) => {
                let (files, done) = (self.files.load(Ordering::Relaxed), self.done.fetch_add(1, Ordering::Relaxed) + 1);
                let percent = done * 100 / files.max(1);
                if self.shown && percent != (done - 1) * 100 / files.max(1) {
                    let (done, files) = (text::thousands(done), text::thousands(files));
                    let _ = write!(io::stderr(), "\rreading {done} of {files} files  {percent} %");
                }
            }
        }
    }

    /// Clears the line.
    pub(super) fn end(&self) {
        if self.shown {
            let _ = write!(io::stderr(), "\r\u{1b}[K");
        }
    }
}

/// One line on stderr. A stderr that is gone is no reason to stop.
fn say(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::document::Place;
    use crate::model::finding::Code;

    fn finding(file: &str, line: u32) -> Finding {
        let mut finding = Finding::new(Code::Syntax, Place { line, column: 1 }, "not YAML", "mend it");
        finding.file = file.to_owned();
        finding
    }

    #[test]
    fn a_flood_from_one_file_is_counted_not_told() {
        let findings: Vec<Finding> = (1..=50).map(|line| finding("a.yaml", line)).collect();
        let lines = problem_lines(findings.iter());
        assert_eq!(lines.len(), 21);
        assert_eq!(lines[0], "not read: a.yaml:1:1: not YAML (DR0001)");
        assert_eq!(lines[20], "not read: a.yaml: 30 more");
    }

    #[test]
    fn a_flood_from_many_files_is_counted_too() {
        let findings: Vec<Finding> = (0..3_000).map(|n| finding(&format!("{n:04}.yaml"), 1)).collect();
        let lines = problem_lines(findings.iter());
        assert_eq!(lines.len(), 1_001);
        assert_eq!(lines[1_000], "not read: 2,000 more in other files; `downriver check` lists all");
    }

    #[test]
    fn a_file_name_cannot_steer_the_terminal() {
        let lines = problem_lines([finding("a\u{1b}[2Jb.yaml", 3)].iter());
        assert_eq!(lines, ["not read: a\\u{1b}[2Jb.yaml:3:1: not YAML (DR0001)"]);
    }
}
