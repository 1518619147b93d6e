//! One document as read: who is mentioned in it, how they are linked, and where each fact stands.
//!
//! Invariant: ids and texts of a `Document` mean nothing outside it; identity across documents is the graph's business.
//! Invariant: a link points from upstream to downstream, whichever way the format wrote it.

use crate::model::date::Day;
use crate::model::digest::Digest;
use crate::model::finding::Finding;
use crate::model::hub::HubKey;
use crate::model::kind::Evidence;
use crate::model::kind::Kind;
use crate::model::kind::Relation;
use crate::model::purl::Purl;
use crate::model::version;
use crate::pack::Word;
use crate::pack::words;
use crate::text::Arena;
use crate::text::TextId;

use std::fmt;

/// A format that documents come in, with what to call it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Format {
    MlSbom,
    CycloneDx,
    Spdx2,
    Spdx3,
    Inventory,
}

impl Format {
    /// The word used in JSON and on screen.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::MlSbom => "ml_sbom",
            Self::CycloneDx => "cyclonedx",
            Self::Spdx2 => "spdx2",
            Self::Spdx3 => "spdx3",
            Self::Inventory => "ml_deployments",
        }
    }
}

words!(Format, [Format::MlSbom, Format::CycloneDx, Format::Spdx2, Format::Spdx3, Format::Inventory]);
words!(Standing, [Standing::Subject, Standing::Declared, Standing::Reference]);

impl Word for MentionId {
    fn to_word(&self) -> u32 {
        self.0
    }

    fn from_word(word: u32) -> Option<Self> {
        Some(Self(word))
    }
}

impl Word for Sections {
    fn to_word(&self) -> u32 {
        self.0.into()
    }

    fn from_word(word: u32) -> Option<Self> {
        u8::try_from(word).ok().map(Self)
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// Where a fact stands in its file: both from 1, columns in characters.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Place {
    pub line: u32,
    pub column: u32,
}

/// Position of a mention in one [`Document`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct MentionId(pub u32);

/// What a document does with a component that it mentions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Standing {
    /// It tells what the component is made of: this is the component's document.
    Subject,
    /// It lists the component with facts of its own (an entry of `components[]`), but not what it is made of.
    Declared,
    /// It points at the component (a base model, a dataset, a dependency).
    Reference,
}

/// A part of a lineage that a subject states or leaves out; a missing one is a hole (design.md section 4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Section {
    Base,
    TrainingData,
    Dependencies,
    Framework,
    System,
    Code,
}

/// Which sections a subject states with at least one usable entry.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(crate) struct Sections(u8);

impl Sections {
    /// Notes that a section is stated.
    pub(crate) fn add(&mut self, section: Section) {
        self.0 |= 1 << section as u8;
    }

    /// Takes a section back, as one that says it is incomplete.
    pub(crate) fn remove(&mut self, section: Section) {
        self.0 &= !(1 << section as u8);
    }

    /// Whether a section is stated.
    pub(crate) fn has(self, section: Section) -> bool {
        self.0 & (1 << section as u8) != 0
    }

    /// What either states.
    pub(crate) fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// What is said about a deployment, besides which model it runs (that is a link).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Deployment {
    pub environment: Option<TextId>,
    pub service: Option<TextId>,
    pub owner: Option<TextId>,
    pub criticality: Option<TextId>,
    /// It comes from an inventory of what runs, not from the model's own document.
    pub inventory: bool,
}

/// One mention of a component, as written.
#[derive(Debug, Clone)]
pub(crate) struct Mention {
    pub kind: Kind,
    pub standing: Standing,
    /// As written; `org/name` where the format splits it into group and name. May be empty.
    pub name: TextId,
    /// As written, also when it is a word or a range.
    pub version: Option<TextId>,
    pub model_id: Option<TextId>,
    /// Canonical, without qualifiers.
    pub purl: Option<TextId>,
    /// `pypi`, `npm`, `deb`, ...; packages only.
    pub ecosystem: Option<TextId>,
    /// `org/name` in lower case.
    pub hub: Option<TextId>,
    /// Commit, lower-case hex, at least 7 digits.
    pub revision: Option<TextId>,
    /// `urn:cdx:SERIAL/VERSION#REF`, or an SPDX namespace and id: what other files may use for exactly this entry.
    pub global_ref: Option<TextId>,
    pub digests: Box<[Digest]>,
    pub downloaded: Option<Day>,
    /// Who answers for it, where the document says so.
    pub owner: Option<TextId>,
    pub sections: Sections,
    pub deployment: Option<Box<Deployment>>,
    pub place: Place,
}

/// One link as written.
#[derive(Debug, Clone)]
pub(crate) struct Link {
    pub upstream: MentionId,
    pub downstream: MentionId,
    pub relation: Relation,
    /// How: `full fine-tuning`, `LoRA`, `quantized`; base links only.
    pub method: Option<TextId>,
    /// The grade is never better than this, whatever identity says of the ends.
    pub at_best: Evidence,
    pub place: Place,
}

/// One stated fact for the Detail pane and `show`.
#[derive(Debug, Clone)]
pub(crate) struct Field {
    pub mention: MentionId,
    /// Path of keys: `fine_tuning.method`.
    pub key: TextId,
    /// Cut to [`FIELD_CHARS`] characters.
    pub value: TextId,
    pub line: u32,
}

/// A field's value keeps at most this many characters: a model card of 1.4 MB must not cost memory per component.
pub(crate) const FIELD_CHARS: usize = 400;

/// Counts as written in one document, before merging (`list --documents`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(crate) struct Counts {
    pub components: usize,
    pub links: usize,
    pub models: usize,
    pub datasets: usize,
    pub ancestors: usize,
}

/// How much of a document is gathered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Depth {
    /// What answers hang on: mentions, links, findings, counts. No [`Field`] is made.
    Lineage,
    /// The facts for Detail and `show` as well.
    Facts,
}

/// A document as read.
#[derive(Debug, Clone)]
pub(crate) struct Document {
    pub depth: Depth,
    pub format: Format,
    /// As the document states it: `1.6`, `SPDX-2.3`.
    pub format_version: String,
    /// From 0, in a file that holds several.
    pub member: u32,
    pub texts: Arena,
    pub mentions: Vec<Mention>,
    pub links: Vec<Link>,
    pub fields: Vec<Field>,
    pub findings: Vec<Finding>,
    pub counts: Counts,
    /// The ecosystem that was mentioned last: the next one is likely the same.
    ecosystem: Option<TextId>,
}

/// What a reader knows of one mention; [`Document::mention`] turns it into identifiers in their compared form.
#[derive(Debug, Clone)]
pub(crate) struct Draft<'a> {
    pub kind: Kind,
    pub standing: Standing,
    pub name: &'a str,
    /// `group` of CycloneDX, put before the name.
    pub group: Option<&'a str>,
    pub version: Option<&'a str>,
    pub model_id: Option<&'a str>,
    /// As written.
    pub purl: Option<&'a str>,
    /// For a package that has no purl: `pypi` in `ml_sbom` dependencies.
    pub ecosystem: Option<&'a str>,
    /// `source`, `externalReferences`, download locations: a hub key or a commit may stand in them.
    pub urls: Vec<&'a str>,
    pub global_ref: Option<String>,
    pub digests: Vec<Digest>,
    pub downloaded: Option<Day>,
    pub owner: Option<&'a str>,
    pub place: Place,
}

impl<'a> Draft<'a> {
    /// A mention with a name and nothing else.
    pub(crate) fn new(kind: Kind, standing: Standing, name: &'a str, place: Place) -> Self {
        Self {
            kind,
            standing,
            name,
            group: None,
            version: None,
            model_id: None,
            purl: None,
            ecosystem: None,
            urls: Vec::new(),
            global_ref: None,
            digests: Vec::new(),
            downloaded: None,
            owner: None,
            place,
        }
    }
}

impl Document {
    /// A document without content.
    pub(crate) fn new(format: Format, format_version: &str, depth: Depth) -> Self {
        Self {
            depth,
            format,
            format_version: format_version.to_owned(),
            member: 0,
            texts: Arena::default(),
            ecosystem: None,
            mentions: Vec::new(),
            links: Vec::new(),
            fields: Vec::new(),
            findings: Vec::new(),
            counts: Counts::default(),
        }
    }

    /// Makes room for what a text of so many bytes usually holds.
    pub(crate) fn reserve(&mut self, bytes: usize) {
        let mentions = (bytes / 100).min(1 << 16);
        self.texts = Arena::with_room(mentions * 3, bytes.min(1 << 20) / 3);
        self.mentions.reserve(mentions);
        self.links.reserve(mentions);
    }

    /// Adds a mention: reads its purl and URLs into identifiers (design.md section 3, rules 1 and 2).
    pub(crate) fn mention(&mut self, mut draft: Draft<'_>) -> MentionId {
        let purl = draft.purl.and_then(Purl::parse);
        let group = draft.group.map(str::trim).filter(|group| !group.is_empty());
        let of_urls: Vec<HubKey> = draft.urls.iter().filter_map(|url| HubKey::from_url(url)).collect();
        let hub = hub_of(&draft, group, purl.as_ref(), &of_urls);
        let revision = revision_of(&draft, hub.as_ref(), of_urls);
        let version = draft.version.filter(|v| !v.trim().is_empty());
        let version = version.or_else(|| purl.as_ref().and_then(|p| p.version.as_deref()));
        let ecosystem = purl.as_ref().map(|p| p.ecosystem.as_str()).or(draft.ecosystem);
        draft.digests.extend(purl.as_ref().and_then(|p| p.checksum.clone()));
        draft.digests.sort();
        draft.digests.dedup();
        let ecosystem = ecosystem.map(|written| self.ecosystem_id(written));
        let texts = &mut self.texts;
        let mention = Mention {
            kind: draft.kind,
            standing: draft.standing,
            name: texts.add_all(group.into_iter().flat_map(|group| [group, "/"]).chain([draft.name])),
            version: version.map(|v| texts.add(v.trim())),
            model_id: draft.model_id.filter(|id| !id.trim().is_empty()).map(|id| texts.add(id)),
            purl: purl.as_ref().map(|p| texts.add(&p.canonical)),
            ecosystem,
            hub: hub.map(|h| texts.add(&h.key)),
            revision: revision.map(|r| texts.add(&r)),
            global_ref: draft.global_ref.map(|r| texts.add(&r)),
            digests: draft.digests.into_boxed_slice(),
            downloaded: draft.downloaded,
            owner: draft.owner.filter(|o| !o.trim().is_empty()).map(|o| texts.add(o)),
            sections: Sections::default(),
            deployment: None,
            place: draft.place,
        };
        self.mentions.push(mention);
        MentionId(u32::try_from(self.mentions.len() - 1).unwrap_or(u32::MAX))
    }

    /// The text of an ecosystem in lower case.
    fn ecosystem_id(&mut self, written: &str) -> TextId {
        let last = self.ecosystem.filter(|id| self.texts.key(*id).eq_ignore_ascii_case(written));
        let id = last.unwrap_or_else(|| self.texts.add(&written.to_ascii_lowercase()));
        self.ecosystem = Some(id);
        id
    }

    /// Adds a deployment of something that a link with [`Relation::Deployed`] will name.
    pub(crate) fn deployment(&mut self, facts: Deployment, place: Place) -> MentionId {
        let id = self.mention(Draft::new(Kind::Deployment, Standing::Declared, "", place));
        if let Some(mention) = self.mentions.last_mut() {
            mention.deployment = Some(Box::new(facts));
        }
        id
    }

    /// Adds a link whose grade identity alone decides.
    pub(crate) fn link(&mut self, upstream: MentionId, relation: Relation, downstream: MentionId, place: Place) -> &mut Link {
        let link = Link { upstream, downstream, relation, method: None, at_best: Evidence::Digest, place };
        self.links.push(link);
        let last = self.links.len() - 1;
        &mut self.links[last]
    }

    /// Whether facts for Detail are gathered.
    pub(crate) fn keeps_facts(&self) -> bool {
        match self.depth {
            Depth::Lineage => false,
            Depth::Facts => true,
        }
    }

    /// Adds a fact for Detail, if they are gathered; long values are cut.
    pub(crate) fn field(&mut self, mention: MentionId, key: &str, value: &str, line: u32) {
        if !self.keeps_facts() {
            return;
        }
        let cut = value.char_indices().nth(FIELD_CHARS).map_or(value, |(end, _)| value.get(..end).unwrap_or(value));
        let value = if cut.len() < value.len() { format!("{cut}…") } else { cut.to_owned() };
        let field = Field { mention, key: self.texts.add(key), value: self.texts.add(&value), line };
        self.fields.push(field);
    }

    /// Notes that a subject states a section.
    pub(crate) fn states(&mut self, mention: MentionId, section: Section) {
        if let Some(mention) = self.mentions.get_mut(mention.0 as usize) {
            mention.sections.add(section);
        }
    }

    /// The mention of an id.
    pub(crate) fn get(&self, id: MentionId) -> &Mention {
        &self.mentions[id.0 as usize]
    }
}

/// Everything in words, so that two readings can be compared.
#[cfg(any(test, feature = "fuzzing"))]
impl Mention {
    pub(crate) fn in_words(&self, text: impl Fn(TextId) -> String) -> String {
        let texts = [
            Some(self.name),
            self.version,
            self.model_id,
            self.purl,
            self.ecosystem,
            self.hub,
            self.revision,
            self.global_ref,
            self.owner,
            self.deployment.as_ref().and_then(|deployment| deployment.environment),
            self.deployment.as_ref().and_then(|deployment| deployment.service),
            self.deployment.as_ref().and_then(|deployment| deployment.owner),
            self.deployment.as_ref().and_then(|deployment| deployment.criticality),
        ];
        let texts = texts.map(|id| id.map(&text));
        let inventory = self.deployment.as_ref().map(|deployment| deployment.inventory);
        let others = (self.kind, self.standing, &self.digests, self.downloaded, self.sections, inventory, self.place);
        format!("{texts:?} {others:?}")
    }
}

#[cfg(any(test, feature = "fuzzing"))]
impl Link {
    pub(crate) fn in_words(&self, text: impl Fn(TextId) -> String) -> String {
        let ends = (self.upstream, self.downstream, self.relation, self.at_best, self.place);
        format!("{:?} {ends:?}", self.method.map(text))
    }
}

/// The hub key of a purl, else of a name or of group and name, else of a URL.
fn hub_of(draft: &Draft<'_>, group: Option<&str>, purl: Option<&Purl>, of_urls: &[HubKey]) -> Option<HubKey> {
    let named = || {
        let on_hub = matches!(draft.kind, Kind::Model | Kind::Dataset);
        let key = || group.map_or_else(|| HubKey::from_name(draft.name), |group| HubKey::of(group, draft.name, None));
        on_hub.then(key).flatten()
    };
    purl.and_then(|purl| purl.hub.clone()).or_else(named).or_else(|| of_urls.first().cloned())
}

/// The longest commit that is stated. One from a URL counts only if the URL is of the same hub entry.
fn revision_of(draft: &Draft<'_>, hub: Option<&HubKey>, of_urls: Vec<HubKey>) -> Option<String> {
    let of_hub = hub.and_then(|hub| {
        let written = draft.version.filter(|_| matches!(draft.kind, Kind::Model | Kind::Dataset));
        let of_urls = of_urls.into_iter().filter(|k| k.key == hub.key).filter_map(|k| k.revision);
        let of_urls = of_urls.filter_map(|revision| version::commit(&revision));
        let others = [hub.revision.as_deref(), written].into_iter().flatten().filter_map(version::commit);
        of_urls.chain(others).max_by_key(String::len)
    });
    of_hub.or_else(|| draft.version.filter(|_| draft.kind == Kind::Code).and_then(version::commit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mention_gathers_its_identifiers() {
        let mut document = Document::new(Format::CycloneDx, "1.6", Depth::Facts);
        let id = document.mention(Draft {
            group: Some("google-bert"),
            version: Some("86b5e093"),
            purl: Some("pkg:huggingface/google-bert/bert-base-uncased@86b5e093"),
            urls: vec!["https://huggingface.co/google-bert/bert-base-uncased/commit/86b5e0934494bd15c9632b12f734a8a67f723594"],
            ..Draft::new(Kind::Model, Standing::Subject, "bert-base-uncased", Place::default())
        });
        let mention = document.get(id).clone();
        let text = |id: Option<TextId>| id.map(|id| document.texts.key(id));
        assert_eq!(document.texts.key(mention.name), "google-bert/bert-base-uncased");
        assert_eq!(text(mention.hub), Some("google-bert/bert-base-uncased"));
        assert_eq!(text(mention.revision), Some("86b5e0934494bd15c9632b12f734a8a67f723594"));
        assert_eq!(text(mention.purl), Some("pkg:huggingface/google-bert/bert-base-uncased@86b5e093"));
    }

    #[test]
    fn a_long_value_is_cut() {
        let mut document = Document::new(Format::MlSbom, "", Depth::Facts);
        let id = document.mention(Draft::new(Kind::Model, Standing::Subject, "m", Place::default()));
        document.field(id, "description", &"ä".repeat(10_000), 1);
        assert_eq!(document.texts.key(document.fields[0].value).chars().count(), FIELD_CHARS + 1);
    }
}
