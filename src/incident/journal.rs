//! The append-only journal of marks and decisions (design.md section 6): one JSON line an entry, each bound to the one before.
//!
//! Invariant: `hash` is the SHA-256 of the line's own bytes before `,"hash"`; it is never worked out from a value that was
//! read and written again, so that no other spelling of the same values passes.
//! Invariant: what is wrong with a journal is named and kept. No line is dropped in silence, and none makes the rest unread.
//! Absent on purpose: the disk, locks and the clock (`store`), what the entries mean together (`incident::book`).

pub(crate) mod body;
pub(crate) mod chain;
pub(crate) mod kept;
mod line;
mod spelling;

pub(crate) use line::Unwritable;
#[cfg(test)]
pub(crate) use line::write;
pub(crate) use line::write_signed;

use crate::incident::journal::body::Body;
use crate::model::moment::Moment;
use crate::trust::Answer;
use std::fmt;

/// The hash of an entry, and of all that stands before it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Hash([u8; 32]);

/// One entry that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    /// From 1, without gaps: the order that counts, whatever the clocks said.
    pub seq: u64,
    pub time: Moment,
    /// Who says so: a claim.
    pub actor: String,
    pub body: Body,
    /// Digest of the repository that the actor looked at.
    pub repository: String,
    /// The hash of the entry before; zeros in the first one.
    pub prev: Hash,
    /// `None` where nobody signed it.
    pub signed: Option<Box<Signed>>,
    pub hash: Hash,
}

/// The signature of an entry: an SSHSIG over the bytes of its line before `,"sig"`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Signed {
    /// As it stands in the line: base64.
    pub sig: String,
    /// The bytes that it is of.
    pub bytes: Box<[u8]>,
    /// What it is worth, once it was held against those who are trusted.
    pub answer: Answer,
}

/// What is to be recorded.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    pub time: Moment,
    pub actor: String,
    pub body: Body,
    pub repository: String,
}

/// The last entry of a journal: what to remember of it, and what `--head` takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Head {
    pub seq: u64,
    pub hash: Hash,
}

impl Entry {
    /// Whether its signature is not one of it, so that it is not what anybody said.
    pub(crate) fn is_forged(&self) -> bool {
        matches!(self.signature(), Answer::Bad(_))
    }

    /// Who signed it, and whether that counts.
    pub(crate) fn signature(&self) -> &Answer {
        self.signed.as_ref().map_or(&Answer::None, |signed| &signed.answer)
    }
}

impl Signed {
    fn new(sig: String, bytes: &[u8]) -> Self {
        let answer = Answer::UnknownSigner("it was not held against any trusted key".to_owned());
        Self { sig, bytes: bytes.into(), answer }
    }
}

impl Hash {
    /// What the first entry follows.
    pub(crate) const NONE: Self = Self([0; 32]);

    /// The hash of some bytes.
    pub(crate) fn of(bytes: &[u8]) -> Self {
        use sha2::Digest as _;
        Self(sha2::Sha256::digest(bytes).into())
    }

    /// Reads 64 lower-case hex digits; `None` for anything else.
    pub(crate) fn parse(hex: &[u8]) -> Option<Self> {
        let digit = |byte: u8| match byte {
            b'0'..=b'9' => Some(byte - b'0'),
            b'a'..=b'f' => Some(byte - b'a' + 10),
            _ => None,
        };
        let (pairs, []) = hex.as_chunks::<2>() else { return None };
        let mut bytes = [0; 32];
        if pairs.len() != bytes.len() {
            return None;
        }
        for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
            *byte = digit(*high)? << 4 | digit(*low)?;
        }
        Some(Self(bytes))
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl Head {
    /// Reads `SEQ:HASH`, the hash whole; `None` for anything else.
    pub(crate) fn parse(written: &str) -> Option<Self> {
        let (seq, hash) = written.trim().split_once(':')?;
        let seq = seq.parse().ok().filter(|seq| *seq > 0)?;
        Some(Self { seq, hash: Hash::parse(hash.to_ascii_lowercase().as_bytes())? })
    }
}

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.seq, self.hash)
    }
}

#[cfg(test)]
mod tests;
