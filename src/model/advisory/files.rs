//! Advisories as files give them, with what reading each file found.
//!
//! Absent on purpose: reading.

use crate::model::advisory::Advisory;
use crate::model::finding::Finding;
use std::sync::Arc;

/// One file, read.
#[derive(Debug, Default)]
pub(crate) struct AdvisoryFile {
    /// As given, or below the folder as given, with `/`. Not escaped.
    pub name: String,
    pub advisories: Vec<Advisory>,
    /// What was read, for whoever keeps a copy; `None` where it is no UTF-8, or too large to keep.
    pub text: Option<Arc<str>>,
    /// What was not read (errors), and what is doubtful.
    pub findings: Vec<Finding>,
}

impl AdvisoryFile {
    /// Why something in it was not read.
    pub(crate) fn unread(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.is_unread())
    }
}

/// All that was given.
#[derive(Debug, Default)]
pub(crate) struct AdvisoryFiles {
    /// By name.
    pub files: Vec<AdvisoryFile>,
    /// Files in folders that are plainly something else: prose, programs, SBOMs without vulnerabilities.
    pub passed_over: usize,
}
