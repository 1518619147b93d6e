//! What our own two formats, `ml_sbom` and `ml_deployments`, share: names, digests, facts for Detail, unknown keys.
//!
//! Invariant: a word that says nothing (`unknown`, `n/a`, `tbd`) is as if nothing were written.
//! Absent on purpose: which section means what.

use crate::formats::limits;
use crate::formats::tree::Node;
use crate::model::date::Day;
use crate::model::digest::Digest;
use crate::model::digest::is_placeholder;
use crate::model::document::Counts;
use crate::model::document::Document;
use crate::model::document::Draft;
use crate::model::document::MentionId;
use crate::model::document::Place;
use crate::model::document::Standing;
use crate::model::finding::Code;
use crate::model::finding::Finding;
use crate::model::kind::Kind;
use crate::model::kind::Relation;
use crate::model::purl::Purl;
use crate::text::Untrusted;
use std::borrow::Cow;

/// Keys under which an entry states its digest.
pub(super) const DIGESTS: [&str; 3] = ["hash", "download_hash", "model_hash"];

/// At most this many facts of one entry are kept.
const FIELDS: usize = 200;

/// At most this many unknown keys are named.
const NAMED: usize = 8;

/// The text under `key`, if it says something.
pub(super) fn stated<'t>(entry: Node<'t>, key: &str) -> Option<&'t str> {
    entry.all(key).filter_map(Node::text).find(|text| !says_nothing(text))
}

fn says_nothing(text: &str) -> bool {
    // Longer than any of the words, and nothing to trim: as nearly all texts are.
    if let [first, .., last] = text.as_bytes()
        && text.len() > 7
        && first.is_ascii_graphic()
        && last.is_ascii_graphic()
    {
        return false;
    }
    let word = text.trim();
    word.is_empty()
        || ["unknown", "none", "null", "n/a", "na", "tbd", "todo"].iter().any(|empty| word.eq_ignore_ascii_case(empty))
}

/// What an entry says under the keys that identify it, each the first that says something. They are gathered in one pass:
/// entries are most of a repository.
#[derive(Default)]
pub(super) struct Said<'t> {
    text: Option<&'t str>,
    name: Option<&'t str>,
    model_id: Option<&'t str>,
    version: Option<&'t str>,
    purl: Option<&'t str>,
    ecosystem: Option<&'t str>,
    source: Option<&'t str>,
    download_date: Option<&'t str>,
    owner: Option<&'t str>,
    /// What stands under the first of [`DIGESTS`] among its keys, and whether another one follows.
    digest: Option<Node<'t>>,
    more_digests: bool,
}

impl<'t> Said<'t> {
    pub(super) fn by(entry: Node<'t>) -> Self {
        let mut said = Self { text: entry.text(), ..Self::default() };
        for member in entry.children().filter(|_| entry.is_map()) {
            let place = match member.key().unwrap_or_default() {
                "name" => &mut said.name,
                "version" => &mut said.version,
                "source" => &mut said.source,
                "download_date" => &mut said.download_date,
                "model_id" => &mut said.model_id,
                "purl" => &mut said.purl,
                "ecosystem" => &mut said.ecosystem,
                "owner" => &mut said.owner,
                key if DIGESTS.contains(&key) => {
                    said.more_digests |= said.digest.is_some();
                    said.digest = Some(member);
                    continue;
                }
                _ => continue,
            };
            *place = place.or_else(|| member.text().filter(|text| !says_nothing(text)));
        }
        said
    }

    /// What the entry is called: its text or its name, else what may stand in for one.
    pub(super) fn name(&self, entry: Node<'t>) -> Option<Cow<'t, str>> {
        if let Some(text) = self.text {
            return (!says_nothing(text)).then_some(Cow::Borrowed(text));
        }
        let of_purl = || self.purl.and_then(Purl::parse).map(|purl| Cow::Owned(purl.name));
        let digest = || DIGESTS.into_iter().find_map(|key| stated(entry, key).filter(|text| Digest::parse(text).is_some()));
        let written = self.name.or(self.model_id).map(Cow::Borrowed);
        written.or_else(of_purl).or_else(|| self.source.or_else(digest).map(Cow::Borrowed))
    }

    fn digests(&self, entry: Node<'t>, findings: &mut Vec<Finding>) -> Vec<Digest> {
        match self.digest {
            None => Vec::new(),
            Some(value) if value.text().is_some() && !self.more_digests => {
                digest(value, findings).map_or_else(Vec::new, |digest| vec![digest])
            }
            Some(_) => digests(entry, &DIGESTS, findings),
        }
    }

    /// What the entry says of the component it points at.
    pub(super) fn draft<'n>(&self, kind: Kind, entry: Node<'t>, name: &'n str, findings: &mut Vec<Finding>) -> Draft<'n>
    where
        't: 'n,
    {
        if let Some(written) = self.purl.filter(|written| Purl::parse(written).is_none()) {
            let place = entry.get("purl").map_or(entry.place(), Node::place);
            let message = format!("`{}` is no purl", shown(written));
            report(findings, Finding::new(Code::BadPurl, place, message, "write `pkg:TYPE/NAMESPACE/NAME@VERSION`"));
        }
        Draft {
            version: self.version,
            model_id: self.model_id.filter(|_| kind == Kind::Model),
            purl: self.purl,
            ecosystem: self.ecosystem,
            urls: self.source.into_iter().collect(),
            digests: self.digests(entry, findings),
            downloaded: self.download_date.and_then(Day::parse),
            owner: self.owner,
            ..Draft::new(kind, Standing::Reference, name, entry.place())
        }
    }
}

/// Every digest under `keys`; what is neither a digest nor a placeholder is reported and counts as none.
pub(super) fn digests(entry: Node<'_>, keys: &[&str], findings: &mut Vec<Finding>) -> Vec<Digest> {
    keys.iter().flat_map(|key| entry.items(key)).filter_map(|value| digest(value, findings)).collect()
}

fn digest(value: Node<'_>, findings: &mut Vec<Finding>) -> Option<Digest> {
    let text = value.text()?;
    let digest = Digest::parse(text);
    let cut_off = || text.trim_end().ends_with("...") || text.trim_end().ends_with('…');
    if digest.is_none() && !cut_off() && !is_placeholder(text) {
        let message = format!("`{}` is no digest and counts as none", shown(text));
        report(findings, Finding::new(Code::BadDigest, value.place(), message, "write `sha256:` and all 64 hex digits"));
    }
    digest
}

/// Keeps every scalar below `node` for Detail, save what stands under `skip`; a list of texts is one fact.
pub(super) fn fields(document: &mut Document, mention: MentionId, prefix: &str, node: Node<'_>, skip: &[&str]) {
    if !document.keeps_facts() {
        return;
    }
    let mut left = FIELDS;
    for child in node.children().filter(|child| child.key().is_some_and(|key| !skip.contains(&key))) {
        let key = child.key().unwrap_or_default();
        let path = if prefix.is_empty() { key.to_owned() } else { format!("{prefix}.{key}") };
        field(document, mention, &path, child, &mut left);
    }
}

fn field(document: &mut Document, mention: MentionId, path: &str, node: Node<'_>, left: &mut usize) {
    let mut keep = |value: &str| {
        if *left > 0 {
            *left -= 1;
            document.field(mention, path, value, node.place().line);
        }
    };
    if let Some(text) = node.text() {
        keep(text);
    } else if node.is_list() && node.children().all(|item| item.text().is_some()) {
        let items: Vec<&str> = node.children().filter_map(Node::text).take(FIELDS).collect();
        keep(&items.join(", "));
    } else {
        for (row, child) in node.children().enumerate().take(FIELDS) {
            let path = child.key().map_or_else(|| format!("{path}.{row}"), |key| format!("{path}.{key}"));
            field(document, mention, &path, child, left);
        }
    }
}

/// The keys of one document that the schema does not have.
#[derive(Default)]
pub(super) struct Unknown {
    /// Where each stands first, with the path of keys to it.
    keys: Vec<(Place, String)>,
    more: bool,
}

impl Unknown {
    /// Notes the keys of `node`, which stands under `path`, that are not `known`.
    pub(super) fn note(&mut self, node: Node<'_>, path: &str, known: &[&str]) {
        for child in node.children().filter(|_| node.is_map()) {
            let Some(key) = child.key().filter(|key| !known.contains(key)) else { continue };
            let full = if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
            if self.keys.iter().any(|(_, noted)| *noted == full) {
                continue;
            }
            self.more = self.keys.len() >= NAMED;
            if self.more {
                return;
            }
            self.keys.push((child.place(), full));
        }
    }

    /// One note that names them all, or the first few.
    pub(super) fn finding(mut self) -> Option<Finding> {
        self.keys.sort();
        let (first, _) = self.keys.first()?;
        let many = if self.keys.len() == 1 { "" } else { "s" };
        let names: Vec<String> = self.keys.iter().map(|(_, path)| shown(path)).collect();
        let more = if self.more { " and more" } else { "" };
        let message = format!("unknown key{many} kept: {}{more}", names.join(", "));
        let help = "the schema does not have them: they are shown in Detail and decide nothing";
        Some(Finding::new(Code::UnknownKey, *first, message, help))
    }
}

/// Text of a document for a message: escaped, at most 80 characters.
pub(super) fn shown(text: &str) -> String {
    let cut = text.char_indices().nth(80).map_or(text, |(end, _)| text.get(..end).unwrap_or_default());
    Untrusted::new(cut).show().into_string()
}

/// Adds a finding, up to the limit of one document.
pub(super) fn report(findings: &mut Vec<Finding>, finding: Finding) {
    if findings.len() < limits::FINDINGS {
        findings.push(finding);
    }
}

/// The finding for an entry that names nothing, unless it is empty.
pub(super) fn nameless(entry: Node<'_>, section: &str, findings: &mut Vec<Finding>) {
    let empty = entry.text().is_some_and(says_nothing) || entry.children().all(Node::is_null) && entry.text().is_none();
    if !empty {
        let message = format!("an entry of `{section}` without a name was not used");
        report(findings, Finding::new(Code::Invalid, entry.place(), message, "give it a `name:`"));
    }
}

/// What is written in one document; deployments are no components of it.
pub(super) fn counts(document: &Document) -> Counts {
    let of = |kind| document.mentions.iter().filter(|mention| mention.kind == kind).count();
    Counts {
        components: document.mentions.len() - of(Kind::Deployment),
        links: document.links.len(),
        models: of(Kind::Model),
        datasets: of(Kind::Dataset),
        ancestors: document.links.iter().filter(|link| link.relation == Relation::Base).count(),
    }
}

/// A document in words, for tests.
#[cfg(test)]
pub(super) mod testing {
    use super::*;
    use crate::model::document::Mention;
    use crate::model::kind::Evidence;

    fn name(document: &Document, mention: &Mention) -> String {
        let text = |id: Option<_>| id.map(|id| document.texts.key(id).to_owned());
        if let Some(deployment) = &mention.deployment {
            let words = [deployment.environment, deployment.service].into_iter().filter_map(text);
            return format!("({})", words.collect::<Vec<_>>().join(" "));
        }
        let version = text(mention.version).map(|version| format!("@{version}")).unwrap_or_default();
        format!("{}{version}", document.texts.key(mention.name))
    }

    /// `upstream -relation method-> downstream line`, with the grade where it is capped.
    pub(in crate::formats) fn links(document: &Document) -> Vec<String> {
        let line = |link: &crate::model::document::Link| {
            let (up, down) = (document.get(link.upstream), document.get(link.downstream));
            let method = link.method.map(|method| format!(" {}", document.texts.key(method))).unwrap_or_default();
            let grade = if link.at_best == Evidence::Digest { String::new() } else { format!(" {}", link.at_best) };
            let (up, down) = (name(document, up), name(document, down));
            format!("{up} -{}{method}-> {down} {}{grade}", link.relation, link.place.line)
        };
        document.links.iter().map(line).collect()
    }

    /// `code line:column message`.
    pub(in crate::formats) fn findings(document: &Document) -> Vec<String> {
        let line = |f: &Finding| format!("{} {} {}", f.code, f.address().trim_start_matches(':'), f.message);
        document.findings.iter().map(line).collect()
    }

    /// `component key = value`.
    pub(in crate::formats) fn fields(document: &Document) -> Vec<String> {
        let line = |field: &crate::model::document::Field| {
            let of = name(document, document.get(field.mention));
            format!("{of} {} = {} {}", document.texts.key(field.key), document.texts.key(field.value), field.line)
        };
        document.fields.iter().map(line).collect()
    }
}
