//! `log bundle`, the manifest in what it wrote, and `log verify` of it.

use crate::cli::output::json::journal::SignatureRow;
use crate::cli::output::json::rows::Each;
use crate::cli::output::json::rows::problems;
use crate::cli::output::json::write;
use crate::graph::Graph;
use crate::incident::journal::Head;
use crate::incident::worklist::Answer;
use crate::model::finding::Code;
use crate::model::moment::Moment;
use crate::store::bundle::Checked;
use crate::store::bundle::Fault;
use crate::store::bundle::Wrong;
use serde::Serialize;
use std::io;
use std::io::Write;

/// What a bundle is of: `bundle.json` in it.
#[derive(Serialize)]
pub(in crate::cli) struct Manifest<'a> {
    schema: &'static str,
    program: &'static str,
    version: &'static str,
    incident: &'a str,
    /// What time it was.
    time: String,
    pub slice: Option<Slice>,
    /// The name of the settings that were used.
    settings: Option<String>,
    inputs: Vec<Input>,
}

/// Which entries of the journal.
#[derive(Serialize)]
pub(in crate::cli) struct Slice {
    pub first: String,
    pub last: String,
}

#[derive(Serialize)]
struct Input {
    file: String,
    sha256: Option<String>,
}

impl Slice {
    fn new(ends: (Head, Head)) -> Self {
        Self { first: ends.0.to_string(), last: ends.1.to_string() }
    }
}

impl<'a> Manifest<'a> {
    pub(in crate::cli) fn new(
        answer: &'a Answer<'_>,
        now: Moment,
        first: Option<Head>,
        last: Option<Head>,
        inputs: Vec<(String, Option<String>)>,
        settings: Option<String>,
    ) -> Self {
        Self {
            schema: "downriver/bundle-manifest/1",
            program: "downriver",
            version: env!("CARGO_PKG_VERSION"),
            incident: &answer.case.id,
            time: now.to_string(),
            slice: first.zip(last).map(Slice::new),
            settings,
            inputs: inputs.into_iter().map(|(file, sha256)| Input { file, sha256 }).collect(),
        }
    }

    /// The incident's id, as it stands in the journal.
    pub(in crate::cli) fn incident(&self) -> &str {
        self.incident
    }
}

#[derive(Serialize)]
struct Written<'a, P> {
    schema: &'static str,
    incident: &'a str,
    folder: &'a str,
    files: usize,
    sums: &'a str,
    slice: Option<&'a Slice>,
    problems: P,
}

#[derive(Serialize)]
struct Verified<'a> {
    schema: &'static str,
    folder: &'a str,
    files: usize,
    slice: Option<Slice>,
    signature: SignatureRow<'a>,
    problems: Vec<Problem<'a>>,
}

#[derive(Serialize)]
struct Problem<'a> {
    file: &'a str,
    line: Option<usize>,
    column: Option<usize>,
    code: &'static str,
    message: String,
}

/// Writes the manifest.
pub(in crate::cli) fn manifest(out: &mut dyn Write, manifest: &Manifest<'_>) -> io::Result<()> {
    write(out, manifest)
}

/// Writes what was written where. `sums` is the digest of the sums.
pub(in crate::cli) fn written(
    out: &mut dyn Write,
    graph: &Graph,
    folder: &str,
    files: usize,
    sums: &str,
    manifest: &Manifest<'_>,
) -> io::Result<()> {
    let (incident, slice, problems) = (manifest.incident, manifest.slice.as_ref(), Each(|| problems(graph)));
    write(out, &Written { schema: "downriver/bundle/1", incident, folder, files, sums, slice, problems })
}

/// Writes whether a bundle is as it was written.
pub(in crate::cli) fn verified(out: &mut dyn Write, folder: &str, checked: &Checked) -> io::Result<()> {
    let problem = |fault: &'_ Fault| {
        let code = match &fault.what {
            Wrong::Chain(what) if what.is_harmless() => Code::JournalTorn,
            Wrong::Chain(_) | Wrong::NotInSlice(_) => Code::JournalDamaged,
            Wrong::Signature(_) => Code::SignatureNotGood,
            Wrong::Changed | Wrong::Missing | Wrong::Added | Wrong::Unreadable(_) | Wrong::NoSum => Code::BundleDamaged,
        };
        (code.number(), fault.what.to_string())
    };
    let row = |fault| {
        let (code, message) = problem(fault);
        Problem { file: &fault.file, line: fault.line, column: fault.line.map(|_| 1), code, message }
    };
    let problems = checked.faults.iter().map(row).collect();
    let (slice, signature) = (checked.slice.map(Slice::new), SignatureRow::new(&checked.signature));
    write(out, &Verified { schema: "downriver/bundle-verify/1", folder, files: checked.files, slice, signature, problems })
}
