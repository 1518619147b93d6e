//! The journal and its entries, as every answer that has to do with it names them.

use crate::incident::journal::Entry;
use crate::store::journal::Journal;
use crate::trust::Answer;
use serde::Serialize;
use serde_json::Value;

/// Which journal, and whether its decisions count.
#[derive(Serialize)]
pub(super) struct JournalRow<'a> {
    path: &'a str,
    home: &'static str,
    id: Option<String>,
    head: Option<String>,
    accepted: bool,
    sound: bool,
}

impl<'a> JournalRow<'a> {
    pub(super) fn new(journal: &'a Journal) -> Self {
        Self {
            path: journal.path(),
            home: journal.home().word(),
            id: journal.id().map(|id| id.to_string()),
            head: journal.head().map(|head| head.to_string()),
            accepted: journal.is_accepted(),
            sound: journal.is_sound(),
        }
    }
}

/// One entry.
#[derive(Serialize)]
pub(super) struct EntryRow<'a> {
    seq: u64,
    time: String,
    actor: &'a str,
    kind: &'a str,
    incident: Option<&'a str>,
    deployment: Option<&'a str>,
    payload: Value,
    repository: &'a str,
    signature: SignatureRow<'a>,
    hash: String,
}

/// Who signed, and whether that counts.
#[derive(Serialize)]
pub(super) struct SignatureRow<'a> {
    state: &'static str,
    by: Option<&'a str>,
    key: Option<&'a str>,
    why: Option<&'a str>,
}

impl<'a> SignatureRow<'a> {
    pub(super) fn new(answer: &'a Answer) -> Self {
        Self { state: answer.word(), by: answer.principals(), key: answer.key(), why: answer.why() }
    }
}

impl<'a> EntryRow<'a> {
    pub(super) fn new(entry: &'a Entry) -> Self {
        // A payload that is no JSON was not read as an entry.
        let payload = entry.body.payload().ok().and_then(|raw| serde_json::from_str(raw.get()).ok());
        Self {
            seq: entry.seq,
            time: entry.time.to_string(),
            actor: &entry.actor,
            kind: entry.body.kind(),
            incident: entry.body.incident(),
            deployment: entry.body.deployment(),
            payload: payload.unwrap_or(Value::Null),
            repository: &entry.repository,
            signature: SignatureRow::new(entry.signature()),
            hash: entry.hash.to_string(),
        }
    }
}
