//! One entry to its line and back.

use crate::incident::journal::Draft;
use crate::incident::journal::Entry;
use crate::incident::journal::Hash;
use crate::incident::journal::Head;
use crate::incident::journal::Signed;
use crate::incident::journal::body::Body;
use crate::model::moment::Moment;
use crate::text;
use serde::Deserialize;
use serde::Serialize;
use serde_json::value::RawValue;
use std::fmt::Write as _;

/// What stands between the bytes that are hashed and the hash.
const BEFORE: &[u8] = b",\"hash\":\"";
const AFTER: &[u8] = b"\"}";
/// What stands between the bytes that are signed and the signature.
const SIG: &str = ",\"sig\":\"";
const DIGITS: usize = 64;
/// Bytes of a line from `,"hash"` on.
const TAIL: usize = BEFORE.len() + DIGITS + AFTER.len();

/// A line as it is written, without its hash.
#[derive(Serialize)]
struct Unhashed<'a> {
    seq: u64,
    time: String,
    actor: &'a str,
    kind: &'a str,
    payload: &'a RawValue,
    repository: &'a str,
    prev: String,
}

/// A line as it is read.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw<'a> {
    seq: u64,
    time: String,
    actor: String,
    kind: String,
    #[serde(borrow)]
    payload: &'a RawValue,
    repository: String,
    prev: String,
    sig: Option<String>,
    hash: String,
}

/// Why a line is no entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fault {
    /// Its bytes do not have the hash that it ends with, which is given.
    Changed(Hash),
    /// It has no such end, or is no such JSON, as said.
    Shape(String),
}

/// Why no line was made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unwritable {
    /// A payload of an unknown kind is no JSON.
    #[error("an entry cannot be written: {0}")]
    Json(#[from] serde_json::Error),
    /// For this reason, safe to print.
    #[error("an entry could not be signed: {0}")]
    NotSigned(String),
}

/// [`write_signed`], without a signature.
#[cfg(test)]
pub(crate) fn write(draft: Draft, head: Option<Head>) -> Result<(Entry, String), Unwritable> {
    write_signed(draft, head, |_| Ok(None))
}

/// Makes the entry that follows `head`, and its line, which ends with a line feed; with the signature (base64) that `sign`
/// makes of the line's bytes so far, if any.
pub(crate) fn write_signed(
    draft: Draft,
    head: Option<Head>,
    sign: impl FnOnce(&[u8]) -> Result<Option<String>, String>,
) -> Result<(Entry, String), Unwritable> {
    let (seq, prev) = head.map_or((1, Hash::NONE), |head| (head.seq.saturating_add(1), head.hash));
    let payload = draft.body.payload()?;
    let unhashed = Unhashed {
        seq,
        time: draft.time.to_string(),
        actor: &draft.actor,
        kind: draft.body.kind(),
        payload: &payload,
        repository: &draft.repository,
        prev: prev.to_string(),
    };
    let mut line = visible(&serde_json::to_string(&unhashed)?);
    line.pop(); // the closing brace, which comes after the hash
    let sig = sign(line.as_bytes()).map_err(Unwritable::NotSigned)?;
    let signed = sig.map(|sig| Box::new(Signed::new(sig, line.as_bytes())));
    // Writing to a text cannot fail.
    let _ = signed.as_ref().map_or(Ok(()), |signed| write!(line, "{SIG}{}\"", signed.sig));
    let hash = Hash::of(line.as_bytes());
    let _ = writeln!(line, ",\"hash\":\"{hash}\"}}");
    let Draft { time, actor, body, repository } = draft;
    Ok((Entry { seq, time, actor, body, repository, prev, signed, hash }, line))
}

/// JSON whose hidden characters, all of which stand in strings, are escaped: a journal is looked at with any pager.
fn visible(json: &str) -> String {
    let mut out = String::with_capacity(json.len() + TAIL + 1);
    let mut units = [0; 2];
    for (c, hide) in text::judge(json) {
        if hide {
            for unit in c.encode_utf16(&mut units) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
    }
    out
}

/// Reads a line without its line feed.
pub(super) fn read(line: &[u8]) -> Result<Entry, Fault> {
    let (hashed, hash) = split(line).ok_or_else(|| Fault::Shape("it does not end with a hash".to_owned()))?;
    if Hash::of(hashed) != hash {
        return Err(Fault::Changed(hash));
    }
    let text = std::str::from_utf8(line).map_err(|error| Fault::Shape(error.to_string()))?;
    let raw: Raw<'_> = serde_json::from_str(text).map_err(|error| Fault::Shape(error.to_string()))?;
    let time = Moment::parse(&raw.time).filter(|time| time.to_string() == raw.time);
    let (Some(time), Some(prev)) = (time, Hash::parse(raw.prev.as_bytes())) else {
        return Err(Fault::Shape("its `time` or `prev` is none".to_owned()));
    };
    if raw.hash != hash.to_string() {
        return Err(Fault::Shape("it states two hashes".to_owned()));
    }
    let signed = match raw.sig {
        None => None,
        // It stands last before the hash, so that what it is of is what stands before it.
        Some(sig) => {
            let end = format!("{SIG}{sig}\"");
            let bytes =
                hashed.strip_suffix(end.as_bytes()).ok_or_else(|| Fault::Shape("its `sig` is not the last".to_owned()))?;
            Some(Box::new(Signed::new(sig, bytes)))
        }
    };
    let body = Body::read(&raw.kind, raw.payload);
    Ok(Entry { seq: raw.seq, time, actor: raw.actor, body, repository: raw.repository, prev, signed, hash })
}

/// The bytes of a line that are hashed, and the hash that it states.
fn split(line: &[u8]) -> Option<(&[u8], Hash)> {
    let (hashed, tail) = line.split_at_checked(line.len().checked_sub(TAIL)?)?;
    let hex = tail.strip_prefix(BEFORE)?.strip_suffix(AFTER)?;
    Some((hashed, Hash::parse(hex)?))
}

/// How many bytes a whole entry at the beginning of `bytes` takes; `None` where there is none.
pub(super) fn whole(bytes: &[u8]) -> Option<usize> {
    let ends = memchr::memmem::find_iter(bytes, BEFORE).map(|at| at + TAIL);
    ends.filter_map(|end| bytes.get(..end)).find(|line| read(line).is_ok()).map(<[u8]>::len)
}
