//! An advisory as an incident keeps it: its text, in the entry itself, so that the chain holds it as it holds everything else.
//!
//! Invariant: a copy whose text does not have its digest is a fault of the journal.

use crate::incident::journal::Hash;
use serde::Deserialize;
use serde::Serialize;

/// At most so many bytes of one file are kept; every command reads the journal anew.
pub(crate) const LARGEST: usize = 4 << 20;

/// What an incident was opened or grown from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Kept {
    /// What it is called.
    pub id: String,
    /// Every name it goes by, in lower case, sorted: another version of it has one of these.
    pub names: Vec<String>,
    /// The files that it stood in.
    pub copies: Vec<Copied>,
}

/// A file, as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Copied {
    /// As it was given.
    pub file: String,
    /// Of the text, in lower-case hex.
    pub sha256: String,
    pub text: String,
}

impl Copied {
    /// A copy of a text.
    pub(crate) fn new(file: &str, text: &str) -> Self {
        Self { file: file.to_owned(), sha256: digest(text), text: text.to_owned() }
    }

    /// Whether the text is the one that was kept.
    pub(crate) fn is_whole(&self) -> bool {
        self.sha256 == digest(&self.text)
    }
}

impl Kept {
    /// Whether another one is about the same vulnerability.
    pub(crate) fn is_about(&self, names: &[String]) -> bool {
        self.names.iter().any(|own| names.contains(own))
    }

    /// Whether another one says the same, byte for byte.
    pub(crate) fn says_the_same(&self, other: &Self) -> bool {
        let digests = |kept: &Self| {
            let mut all: Vec<String> = kept.copies.iter().map(|copy| copy.sha256.clone()).collect();
            all.sort_unstable();
            all.dedup();
            all
        };
        digests(self) == digests(other)
    }
}

fn digest(text: &str) -> String {
    Hash::of(text.as_bytes()).to_string()
}
