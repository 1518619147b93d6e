//! `log export`.

use crate::cli::output::json::rows::Each;
use crate::cli::output::json::rows::problems;
use crate::cli::output::json::write;
use crate::graph::Graph;
use serde::Serialize;
use std::io;
use std::io::Write;

/// A file that was copied.
#[derive(Debug, Serialize)]
pub(in crate::cli) struct Copied {
    pub file: String,
    /// Below the folder; `None` where there is no copy.
    pub copy: Option<String>,
    /// The trail stands in it.
    pub trail: bool,
    /// Why it does not.
    pub why: Option<&'static str>,
}

/// A statement that was written.
#[derive(Debug, Serialize)]
pub(in crate::cli) struct Vex<'a> {
    pub deployment: &'a str,
    pub status: &'static str,
    pub file: String,
}

#[derive(Serialize)]
struct Written<'a, P> {
    schema: &'static str,
    incident: &'a str,
    folder: &'a str,
    copies: &'a [Copied],
    openvex: &'a [Vex<'a>],
    problems: P,
}

/// Writes what was written where.
pub(in crate::cli) fn written(
    out: &mut dyn Write,
    graph: &Graph,
    incident: &str,
    folder: &str,
    copies: &[Copied],
    openvex: &[Vex<'_>],
) -> io::Result<()> {
    let problems = Each(|| problems(graph));
    write(out, &Written { schema: "downriver/export/1", incident, folder, copies, openvex, problems })
}
