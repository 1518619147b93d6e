//! What a `bom-ref` means: inside its document, and as a BOM-Link (`urn:cdx:SERIAL/VERSION#REF`) outside it.
//!
//! Invariant: a bare `bom-ref` never leaves its document; only a BOM-Link does, and only under a serial number that says something.
//! Invariant: what a reference meets by name or purl, not by `bom-ref`, is never better than `..` and is reported.

use crate::formats::cyclonedx::Reader;
use crate::formats::cyclonedx::components;
use crate::formats::tree::Node;
use crate::model::document::Document;
use crate::model::document::Draft;
use crate::model::document::MentionId;
use crate::model::document::Place;
use crate::model::document::Standing;
use crate::model::finding::Code;
use crate::model::finding::Finding;
use crate::model::kind::Evidence;
use crate::model::kind::Kind;
use crate::model::purl::Purl;
use crate::text::Untrusted;
use rustc_hash::FxHashMap;

/// What a reference leads to, and how well it does so; `None` where it leads to nothing that is drawn.
type End = Option<(MentionId, Evidence)>;

/// Entries that one reference may mean besides the first; each costs a link for each edge.
const DOUBLES: usize = 15;

/// The references of one document.
#[derive(Default)]
pub(crate) struct Refs<'t> {
    known: FxHashMap<&'t str, End>,
    /// Further entries under a reference that several claim.
    doubles: FxHashMap<&'t str, Vec<MentionId>>,
    /// Names and purls in lower case, made when the first reference dangles; `None`: several are called so.
    names: Option<FxHashMap<String, Option<MentionId>>>,
    /// `urn:cdx:SERIAL/VERSION` of this document.
    document_link: Option<String>,
}

impl<'t> Refs<'t> {
    /// No references yet, in the document with this root.
    pub(crate) fn of(root: Node<'_>) -> Self {
        Self { document_link: document_link(root), ..Self::default() }
    }

    /// Declares a reference. A second mention under it is kept beside the first; then the answer is true.
    pub(crate) fn declare(&mut self, text: &'t str, mention: Option<MentionId>) -> bool {
        let end = mention.map(|mention| (mention, Evidence::Digest));
        match self.known.get(text).copied() {
            None | Some(None) => {
                self.known.insert(text, end);
                false
            }
            Some(Some((first, _))) if mention.is_none_or(|mention| mention == first) => false,
            Some(Some(_)) => {
                let doubles = self.doubles.entry(text).or_default();
                doubles.extend(mention.filter(|_| doubles.len() < DOUBLES));
                true
            }
        }
    }

    /// Declares a reference that stands outside `components[]`; one that stands there keeps its meaning.
    pub(crate) fn declare_if_new(&mut self, text: &'t str, mention: MentionId) {
        self.known.entry(text).or_insert(Some((mention, Evidence::Digest)));
    }

    /// The mention that is declared under a reference.
    pub(crate) fn declared(&self, text: &str) -> Option<MentionId> {
        self.known.get(text).copied().flatten().map(|(mention, _)| mention)
    }

    /// The other mentions that claim this reference; nearly always none.
    pub(crate) fn doubles(&self, text: &str) -> &[MentionId] {
        self.doubles.get(text).map(Vec::as_slice).unwrap_or_default()
    }

    /// What other documents may call the entry with this `bom-ref`.
    pub(crate) fn global(&self, bom_ref: &str) -> Option<String> {
        self.document_link.as_ref().map(|link| format!("{link}#{}", decoded(bom_ref)))
    }
}

impl<'t> Reader<'t> {
    /// The mention that a reference leads to: by `bom-ref`, else by purl or name, else one made from its text.
    pub(crate) fn resolve(&mut self, text: &'t str, place: Place) -> End {
        if let Some(known) = self.refs.known.get(text) {
            return *known;
        }
        let end = self.look_further(text, place);
        self.refs.known.insert(text, end);
        end
    }

    /// The declared component that is called so.
    pub(crate) fn named(&mut self, name: &str) -> Option<MentionId> {
        let document = &self.document;
        let names = self.refs.names.get_or_insert_with(|| names_of(document));
        names.get(&name.trim().to_lowercase()).copied().flatten()
    }

    fn look_further(&mut self, text: &'t str, place: Place) -> End {
        if text.trim().is_empty() {
            return None;
        }
        if let Some(link) = bom_link(text) {
            let own = self.refs.document_link.as_ref().and_then(|own| link.strip_prefix(own.as_str())?.strip_prefix('#'));
            if let Some(known) = own.and_then(|bom_ref| self.refs.known.get(bom_ref)) {
                return *known;
            }
            let draft = Draft { global_ref: Some(link), ..Draft::new(Kind::Package, Standing::Reference, text, place) };
            return Some((self.document.mention(draft), Evidence::Digest));
        }
        let shown = Untrusted::new(text).show().into_string();
        let purl = Purl::parse(text);
        let by_purl = purl.as_ref().and_then(|purl| self.named(&purl.canonical));
        let by_name = by_purl.or_else(|| self.named(text)).or_else(|| {
            // `pkg:generic/ORG/NAME` is how one generator names the model ORG/NAME.
            let name = purl.as_ref().filter(|purl| purl.ecosystem == "generic").map(|purl| purl.name.clone())?;
            self.named(&name)
        });
        let (end, message) = match by_name {
            Some(mention) => (Some(mention), format!("no component has the bom-ref `{shown}`; taken as the one of that name")),
            None if is_name(text) => {
                let draft = named_draft(text, purl.as_ref(), place);
                (Some(self.document.mention(draft)), format!("no component has the bom-ref `{shown}`; taken as a name"))
            }
            None => (None, format!("no component has the bom-ref `{shown}`")),
        };
        self.document.findings.push(Finding::new(
            Code::Dangling,
            place,
            message,
            "declare the component, or correct the reference",
        ));
        end.map(|mention| (mention, Evidence::Name))
    }
}

/// The draft of something that only a reference's text tells of.
fn named_draft<'a>(text: &'a str, purl: Option<&'a Purl>, place: Place) -> Draft<'a> {
    let kind = components::kind_of_purl(text).unwrap_or(Kind::Package);
    if let Some(purl) = purl {
        return Draft { purl: Some(text), ..Draft::new(kind, Standing::Reference, &purl.name, place) };
    }
    let versioned = text.rsplit_once('@').filter(|(name, _)| !name.is_empty());
    let (name, version) = versioned.map_or((text, None), |(name, version)| (name, Some(version)));
    Draft { version, ..Draft::new(kind, Standing::Reference, name, place) }
}

/// Whether a reference's text can be a name: not one or two letters, not an identifier that a machine drew.
fn is_name(text: &str) -> bool {
    let long_hex = text
        .split(|c: char| !c.is_ascii_hexdigit() && c != '-')
        .any(|run| run.len() >= 12 && run.contains(|c: char| c.is_ascii_digit()));
    text.starts_with("pkg:")
        || ((3..=120).contains(&text.chars().count())
            && text.chars().any(char::is_alphabetic)
            && !text.contains(char::is_whitespace)
            && !long_hex)
}

fn names_of(document: &Document) -> FxHashMap<String, Option<MentionId>> {
    let mut names: FxHashMap<String, Option<MentionId>> = FxHashMap::default();
    for (at, mention) in document.mentions.iter().enumerate() {
        let id = MentionId(u32::try_from(at).unwrap_or(u32::MAX));
        if mention.standing == Standing::Reference || mention.kind == Kind::Deployment {
            continue;
        }
        let name = document.texts.key(mention.name).to_lowercase();
        let mut keys = vec![name.clone()];
        keys.extend(name.rsplit_once('/').map(|(_, last)| last.to_owned()));
        keys.extend(mention.version.map(|version| format!("{name}@{}", document.texts.key(version).to_lowercase())));
        keys.extend(mention.purl.map(|purl| document.texts.key(purl).to_lowercase()));
        for key in keys {
            names.entry(key).and_modify(|known| *known = known.filter(|known| *known == id)).or_insert(Some(id));
        }
    }
    names
}

/// `urn:cdx:SERIAL/VERSION` of a document whose serial number says something.
pub(crate) fn document_link(root: Node<'_>) -> Option<String> {
    let serial = root.str("serialNumber")?.trim();
    let uuid = ["urn:uuid:", "urn:cdx:"].iter().find_map(|scheme| serial.strip_prefix(scheme))?;
    // `00000000-0000-4000-8000-000000000000` and its like stand in many documents.
    let says_something = uuid.chars().filter(|c| c.is_ascii_hexdigit() && *c != '0').count() > 2;
    (is_uuid(uuid) && says_something)
        .then(|| format!("urn:cdx:{}/{}", uuid.to_ascii_lowercase(), root.str("version").unwrap_or("1").trim()))
}

/// A reference to an entry of any document, in the form in which [`Refs::global`] writes it; `None` for other texts.
pub(crate) fn bom_link(text: &str) -> Option<String> {
    let (serial, rest) = text.trim().strip_prefix("urn:cdx:")?.split_once('/')?;
    let (version, bom_ref) = rest.split_once('#')?;
    is_uuid(serial).then(|| format!("urn:cdx:{}/{version}#{}", serial.to_ascii_lowercase(), decoded(bom_ref)))
}

/// Whether the text has the form of a UUID.
pub(crate) fn is_uuid(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    parts.iter().map(|part| part.len()).eq([8, 4, 4, 4, 12])
        && parts.iter().all(|part| part.chars().all(|c| c.is_ascii_hexdigit()))
}

/// A `bom-ref` without percent signs: producers encode it in a BOM-Link, or do not.
fn decoded(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let mut bytes = text.as_bytes().to_vec();
    // Twice: a purl has percent signs of its own.
    for _ in 0..2 {
        let mut out = Vec::with_capacity(bytes.len());
        let mut rest = bytes.as_slice();
        while let Some((first, after)) = rest.split_first() {
            let digit = |at: usize| after.get(at).and_then(|byte| char::from(*byte).to_digit(16));
            if let (b'%', Some(high), Some(low)) = (first, digit(0), digit(1)) {
                out.push(u8::try_from(high * 16 + low).unwrap_or_default());
                rest = after.get(2..).unwrap_or_default();
            } else {
                out.push(*first);
                rest = after;
            }
        }
        bytes = out;
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}
