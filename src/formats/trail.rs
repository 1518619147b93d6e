//! What was done about a compromise, written into a copy of the document that it is about.
//!
//! Remarks become `response_history` of `ml_sbom`, `annotations` of CycloneDX and SPDX 2, Annotation elements of SPDX 3. They
//! are put into the text as it stands, so that everything else, comments included, stays as it was.
//!
//! Invariant: a copy says of lineage exactly what its original says; where one would not, there is none, and why is told.
//! Absent on purpose: files, and what is worth a remark.

mod json;
pub(crate) mod said;
mod yaml;

use crate::formats;
use crate::formats::limits;
use crate::model::document::Deployment;
use crate::model::document::Depth;
use crate::model::document::Document;
use crate::model::document::Format;
use crate::model::document::Link;
use crate::model::document::Mention;
use crate::text::TextId;

/// One thing that was decided, done or said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Remark {
    /// The entry of the journal, with its hash; `None` where the program says how things stand.
    pub entry: Option<(u64, String)>,
    /// RFC 3339.
    pub time: String,
    /// Who says so, escaped.
    pub actor: String,
    pub incident: String,
    /// Escaped.
    pub text: String,
}

/// So many bytes from the beginning of a text, what is to be put there.
type Insertion = (usize, String);

/// The text of a file with the remarks of each of its documents, in their order; the error says why there is none.
pub(crate) fn write(bytes: &[u8], name: &str, remarks: &[Vec<Remark>]) -> Result<Vec<u8>, &'static str> {
    let text = std::str::from_utf8(bytes).map_err(|_| "its text is not UTF-8")?;
    let mark = "\u{feff}".len() * usize::from(text.starts_with('\u{feff}'));
    let body = text.get(mark..).unwrap_or_default();
    let before = formats::read(bytes, name, Depth::Lineage);
    if before.documents.len() != remarks.len() {
        return Err("it changed while it was copied");
    }
    let documents: Vec<(&Document, &[Remark])> = before.documents.iter().zip(remarks.iter().map(Vec::as_slice)).collect();
    let is_json = body.trim_start().starts_with(['{', '[']) && formats::json::read(body).is_ok();
    let mut insertions = if is_json { json::insertions(body, &documents)? } else { yaml::insertions(body, &documents)? };
    insertions.sort_by_key(|(at, _)| *at);
    let mut copy = Vec::with_capacity(bytes.len() + 1000);
    copy.extend(bytes.get(..mark).unwrap_or_default());
    let mut from = 0;
    for (at, put) in insertions {
        copy.extend(body.get(from..at).ok_or("its layout is not understood")?.as_bytes());
        copy.extend(put.as_bytes());
        from = at;
    }
    copy.extend(body.get(from..).unwrap_or_default().as_bytes());
    if copy.len() as u64 > limits::FILE_BYTES {
        return Err("with a trail it would be too large to be read");
    }
    let after = formats::read(&copy, name, Depth::Lineage);
    let same = before.documents.len() == after.documents.len() && before.problems.len() == after.problems.len();
    if same && before.documents.iter().zip(&after.documents).all(|(before, after)| alike(before, after)) {
        Ok(copy)
    } else {
        Err("a trail in it would change what it says")
    }
}

/// Whether two documents say the same, wherever in their texts.
fn alike(a: &Document, b: &Document) -> bool {
    let heads = |document: &Document| (document.format, document.format_version.clone(), document.member, document.counts);
    let mentions = a.mentions.len() == b.mentions.len()
        && a.mentions.iter().zip(&b.mentions).all(|(one, other)| mention(a, one) == mention(b, other));
    let links = a.links.len() == b.links.len() && a.links.iter().zip(&b.links).all(|(one, other)| link(a, one) == link(b, other));
    let codes = |document: &Document| document.findings.iter().map(|finding| finding.code).collect::<Vec<_>>();
    heads(a) == heads(b) && mentions && links && codes(a) == codes(b)
}

/// All of a mention but its place.
fn mention<'a>(document: &'a Document, mention: &'a Mention) -> impl PartialEq + use<'a> {
    let text = |id: Option<TextId>| id.map(|id| document.texts.key(id));
    let of = |part: fn(&Deployment) -> Option<TextId>| text(mention.deployment.as_deref().and_then(part));
    let texts = [
        text(Some(mention.name)),
        text(mention.version),
        text(mention.model_id),
        text(mention.purl),
        text(mention.ecosystem),
        text(mention.hub),
        text(mention.revision),
        text(mention.global_ref),
        text(mention.owner),
        of(|deployment| deployment.environment),
        of(|deployment| deployment.service),
        of(|deployment| deployment.owner),
        of(|deployment| deployment.criticality),
    ];
    let deployed = mention.deployment.as_deref().map(|deployment| deployment.inventory);
    (texts, mention.kind, mention.standing, &mention.digests, mention.downloaded, mention.sections, deployed)
}

/// All of a link but its place.
fn link<'a>(document: &'a Document, link: &Link) -> impl PartialEq + use<'a> {
    (link.upstream, link.downstream, link.relation, link.method.map(|id| document.texts.key(id)), link.at_best)
}

/// Whether remarks can be put into documents of a format.
fn takes_remarks(format: Format) -> bool {
    match format {
        Format::MlSbom | Format::CycloneDx | Format::Spdx2 | Format::Spdx3 => true,
        Format::Inventory => false,
    }
}

#[cfg(test)]
mod tests;
