//! Remarks as members of each format.
//!
//! Invariant: texts are escaped already, and never begin a line with `ml_sbom:`, which would be read as a statement.

use crate::formats::trail::Remark;
use crate::text;
use serde_json::Value;
use serde_json::json;
use std::fmt::Write as _;

const TOOL: &str = concat!("downriver-", env!("CARGO_PKG_VERSION"));

/// An item of `response_history`.
pub(super) fn ml_sbom(remark: &Remark) -> String {
    let (entry, hash) = numbers(remark);
    let Remark { time, actor, incident, text, .. } = remark;
    json!({"incident": incident, "entry": entry, "time": time, "actor": actor, "text": text, "hash": hash}).to_string()
}

/// An annotation of CycloneDX.
pub(super) fn cyclonedx(remark: &Remark, subject: Option<&str>) -> String {
    let annotator = match remark.entry {
        Some(_) => json!({"individual": {"name": remark.actor}}),
        None => json!({"component": {"type": "application", "name": "downriver", "version": env!("CARGO_PKG_VERSION")}}),
    };
    let subjects: Vec<&str> = subject.into_iter().collect();
    visible(&json!({"subjects": subjects, "annotator": annotator, "timestamp": remark.time, "text": sentence(remark)}))
}

/// An annotation of SPDX 2.
pub(super) fn spdx2(remark: &Remark) -> String {
    let annotator = if remark.entry.is_some() { format!("Person: {}", remark.actor) } else { format!("Tool: {TOOL}") };
    let (time, text) = (&remark.time, sentence(remark));
    json!({"annotationDate": time, "annotationType": "OTHER", "annotator": annotator, "comment": text}).to_string()
}

/// Elements of SPDX 3: an annotation, whoever made it, and when.
pub(super) fn spdx3(remark: &Remark, subject: &str, row: usize) -> [String; 3] {
    let base = format!("urn:downriver:{}:{row}", percent(&format!("{subject}:{}", remark.incident)));
    let (created, agent, note) = (format!("_:downriver-{row}"), format!("{base}:by"), format!("{base}:remark"));
    let (class, name) = if remark.entry.is_some() { ("Person", remark.actor.as_str()) } else { ("SoftwareAgent", TOOL) };
    [
        json!({"type": "CreationInfo", "@id": created, "specVersion": "3.0.1", "created": remark.time, "createdBy": [agent]}),
        json!({"type": class, "spdxId": agent, "creationInfo": created, "name": name}),
        json!({
            "type": "Annotation", "spdxId": note, "creationInfo": created, "annotationType": "other", "subject": subject,
            "statement": sentence(remark),
        }),
    ]
    .map(|element| visible(&element))
}

/// JSON in which no character is hidden: a reference of the document is repeated exactly, whatever is in it.
fn visible(value: &Value) -> String {
    let json = value.to_string();
    let mut units = [0; 2];
    text::judge(&json).fold(String::with_capacity(json.len()), |mut out, (c, hide)| {
        if hide {
            for unit in c.encode_utf16(&mut units) {
                // Writing to a text cannot fail.
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
        out
    })
}

/// `INC-1, journal #4 (<hash>): rollback chat@production to chat-v1`.
fn sentence(remark: &Remark) -> String {
    match &remark.entry {
        Some((entry, hash)) => format!("{}, journal #{entry} ({hash}): {}", remark.incident, remark.text),
        None => format!("{}: {}", remark.incident, remark.text),
    }
}

fn numbers(remark: &Remark) -> (Option<u64>, Option<&str>) {
    remark.entry.as_ref().map_or((None, None), |(entry, hash)| (Some(*entry), Some(hash.as_str())))
}

/// A text as a part of a URN.
pub(crate) fn percent(text: &str) -> String {
    text.bytes().fold(String::with_capacity(text.len()), |mut out, byte| {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            _ => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
        out
    })
}
