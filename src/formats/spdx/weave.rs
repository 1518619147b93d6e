//! Relationships into links: ends are found, the kinds at both ends choose the relation, subjects state their sections.
//!
//! Invariant: an end that nothing declares joins by name at `..` at best, becomes a reference, or is reported.
//! Absent on purpose: how ids are written; the readers turn them into [`End`]s.

use crate::formats::spdx::facts;
use crate::formats::spdx::relation;
use crate::formats::spdx::relation::Sense;
use crate::formats::words;
use crate::model::document::Document;
use crate::model::document::Draft;
use crate::model::document::MentionId;
use crate::model::document::Place;
use crate::model::document::Standing;
use crate::model::finding::Code;
use crate::model::finding::Finding;
use crate::model::kind::Evidence;
use crate::model::kind::Kind;
use crate::model::kind::Relation;
use crate::model::purl::Purl;
use crate::model::version;
use crate::text::TextId;
use crate::text::Untrusted;
use rustc_hash::FxHashMap;
use rustc_hash::FxHashSet;

/// What stands at one end of a relationship.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum End<'t> {
    /// Entries of this document, and how surely they are meant.
    Here(Vec<MentionId>, Evidence),
    /// The document itself.
    Document,
    /// A file, a person, a licence, or nothing at all (`NOASSERTION`).
    NoComponent,
    /// An element of another document.
    Elsewhere(Outside<'t>),
    /// A text that nothing declares.
    Unknown(&'t str),
}

/// An element of another document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Outside<'t> {
    /// Its id, valid everywhere.
    pub global: String,
    /// What to call it while its document is not there.
    pub name: &'t str,
    /// Its id as an address, if it is one.
    pub url: Option<&'t str>,
}

/// One relationship, its ends found and turned the way that links go.
#[derive(Debug, Clone)]
pub(crate) struct Thread<'t> {
    pub sense: Sense,
    pub upstream: End<'t>,
    pub downstream: End<'t>,
    pub place: Place,
}

/// A document whose entries all stand and whose links are being made.
pub(crate) struct Weaver {
    pub document: Document,
    /// Lower-case names, `name@version`, purls and hub keys to their only entry; `None` where several share one.
    names: FxHashMap<String, Option<MentionId>>,
    /// References by global id, purl or name.
    outside: FxHashMap<String, MentionId>,
    methods: FxHashMap<MentionId, TextId>,
    reported: FxHashSet<String>,
    subjects: Vec<MentionId>,
}

impl Weaver {
    /// Begins with all entries of a document.
    pub(crate) fn new(document: Document) -> Self {
        let mut names: FxHashMap<String, Option<MentionId>> = FxHashMap::default();
        for (n, mention) in document.mentions.iter().enumerate().filter(|(_, mention)| mention.kind != Kind::Deployment) {
            let id = MentionId(u32::try_from(n).unwrap_or(u32::MAX));
            let key = |text: TextId| document.texts.key(text).to_lowercase();
            let name = key(mention.name);
            let with_version = mention.version.map(|version| format!("{name}@{}", key(version)));
            let mut keys = vec![name];
            keys.extend(with_version);
            keys.extend([mention.purl, mention.hub, mention.model_id].into_iter().flatten().map(key));
            keys.sort();
            keys.dedup();
            for key in keys.into_iter().filter(|key| !key.is_empty()) {
                names.entry(key).and_modify(|only| *only = None).or_insert(Some(id));
            }
        }
        Self {
            document,
            names,
            outside: FxHashMap::default(),
            methods: FxHashMap::default(),
            reported: FxHashSet::default(),
            subjects: Vec::new(),
        }
    }

    /// Notes that the document is about an entry.
    pub(crate) fn describe(&mut self, id: MentionId) {
        if let Some(mention) = self.document.mentions.get_mut(id.0 as usize).filter(|m| m.standing != Standing::Subject) {
            mention.standing = Standing::Subject;
            self.subjects.push(id);
        }
    }

    /// The one entry that the document is about.
    pub(crate) fn subject(&self) -> Option<MentionId> {
        match self.subjects[..] {
            [only] => Some(only),
            _ => None,
        }
    }

    /// Notes how an entry was made: the method of its base links.
    pub(crate) fn made_by(&mut self, id: MentionId, method: &str) {
        let method = self.document.texts.add(method);
        self.methods.insert(id, method);
    }

    /// Makes the links of one relationship.
    pub(crate) fn weave(&mut self, thread: &Thread<'_>) {
        let Thread { sense, upstream, downstream, place } = thread;
        // What a document as such was made from (`COPY_OF`, `AMENDS`) says nothing about its subject.
        let whole = *sense == Sense::Made && [upstream, downstream].into_iter().any(|end| *end == End::Document);
        let none = |end: &End<'_>| *end == End::NoComponent;
        if whole || none(upstream) || none(downstream) || matches!(sense, Sense::Nothing | Sense::Licence | Sense::Described) {
            return;
        }
        let (above, below) = (self.kind_at(upstream), self.kind_at(downstream));
        let mut settle =
            |end, is_upstream, other| self.settle(end, *sense, relation::kind_of_end(*sense, is_upstream, other), *place);
        // The end that may turn out to be nothing comes first, so that the other makes no reference without a link.
        let (ups, downs) = if let End::Unknown(_) = upstream {
            let ups = settle(upstream, true, below);
            let downs = if ups.is_empty() { Vec::new() } else { settle(downstream, false, above) };
            (ups, downs)
        } else {
            let downs = settle(downstream, false, above);
            let ups = if downs.is_empty() { Vec::new() } else { settle(upstream, true, below) };
            (ups, downs)
        };
        for (up, up_grade) in &ups {
            for (down, down_grade) in &downs {
                let grade = *up_grade.max(down_grade);
                if up != down || grade == Evidence::Digest {
                    self.link(*up, *sense, *down, grade, *place);
                } else {
                    // Both names lead to one entry: a link from it to itself would say nothing.
                    for end in [upstream, downstream] {
                        if let End::Unknown(written) = end {
                            self.report_dangling(written, *place);
                        }
                    }
                }
            }
        }
    }

    /// Adds one link, the section that it states, and the standing that lineage gives a model.
    pub(crate) fn link(&mut self, up: MentionId, sense: Sense, down: MentionId, at_best: Evidence, place: Place) {
        let (above, below) = (self.document.get(up).kind, self.document.get(down).kind);
        let Some(relation) = relation::relation(sense, above, below) else { return };
        // A plain word names no dataset: with nothing else, the training data stay unsaid.
        let word = above == Kind::Dataset && words::is_plain_word(self.document.texts.key(self.document.get(up).name));
        let section = relation::section(relation, above);
        let lineage = section.is_some() && below == Kind::Model && self.document.get(down).standing == Standing::Declared;
        if lineage && let Some(mention) = self.document.mentions.get_mut(down.0 as usize) {
            mention.standing = Standing::Subject;
        }
        let method = self.methods.get(&down).copied().filter(|_| relation == Relation::Base);
        let link = self.document.link(up, relation, down, place);
        link.at_best = at_best;
        link.method = method;
        if let Some(section) = section.filter(|_| !word && self.document.get(down).standing == Standing::Subject) {
            self.document.states(down, section);
        }
    }

    fn kind_at(&self, end: &End<'_>) -> Option<Kind> {
        let id = match end {
            End::Here(ids, _) => ids.first().copied(),
            End::Document => self.subject(),
            End::Unknown(written) => self.find(written),
            End::NoComponent | End::Elsewhere(_) => None,
        };
        id.map(|id| self.document.get(id).kind)
    }

    /// The mentions at an end; where nothing declares it, a reference of kind `kind`, or a finding.
    fn settle(&mut self, end: &End<'_>, sense: Sense, kind: Kind, place: Place) -> Vec<(MentionId, Evidence)> {
        match end {
            End::Here(ids, grade) => ids.iter().map(|id| (*id, *grade)).collect(),
            End::Document => self.subject().map(|id| (id, Evidence::Name)).into_iter().collect(),
            End::NoComponent => Vec::new(),
            End::Elsewhere(outside) => {
                let by_place = outside.url.filter(|_| kind == Kind::Package).and_then(facts::kind_of_url);
                let kind = by_place.unwrap_or(kind);
                let urls = outside.url.filter(|_| kind != Kind::Package).into_iter().collect();
                let reference = Draft::new(kind, Standing::Reference, outside.name, place);
                let draft = Draft { global_ref: Some(outside.global.clone()), urls, ..reference };
                vec![(self.reference(outside.global.clone(), draft), Evidence::Digest)]
            }
            End::Unknown(written) => self.undeclared(written, sense, kind, place).into_iter().collect(),
        }
    }

    fn undeclared(&mut self, written: &str, sense: Sense, kind: Kind, place: Place) -> Option<(MentionId, Evidence)> {
        if let Some(id) = self.find(written) {
            return Some((id, Evidence::Name));
        }
        if let Some(purl) = Purl::parse(written) {
            let by_type = facts::kind_of_ecosystem(&purl.ecosystem).filter(|_| kind == Kind::Package);
            let kind = by_type.unwrap_or(kind);
            let draft = Draft { purl: Some(written), ..Draft::new(kind, Standing::Reference, &purl.name, place) };
            return Some((self.reference(purl.canonical.clone(), draft), Evidence::Name));
        }
        let named = matches!(sense, Sense::Trained | Sense::Tested | Sense::Made) && matches!(kind, Kind::Model | Kind::Dataset);
        if !named || written.starts_with("SPDXRef-") || written.starts_with("DocumentRef-") {
            self.report_dangling(written, place);
            return None;
        }
        let name = without_uuid(written);
        let word = words::is_plain_word(name);
        if word && kind == Kind::Dataset && self.reported.insert(format!("word {name}")) {
            let message = format!("dataset `{}` is a plain word, without owner, digest or place", Untrusted::new(name).show());
            let help = "name the dataset as its hub or its owner does; this one joins by name only";
            self.document.findings.push(Finding::new(Code::WordAsDataset, place, message, help));
        }
        let id = self.name_only(name, kind, place);
        Some((id, if word { Evidence::Name } else { Evidence::Digest }))
    }

    /// The reference to something of which the document only states the name.
    pub(crate) fn name_only(&mut self, name: &str, kind: Kind, place: Place) -> MentionId {
        self.reference(format!("{kind} {name}"), Draft::new(kind, Standing::Reference, name, place))
    }

    /// The reference under `key`, made once; a later, more telling kind replaces the general one.
    fn reference(&mut self, key: String, draft: Draft<'_>) -> MentionId {
        let Some(id) = self.outside.get(&key).copied() else {
            let id = self.document.mention(draft);
            self.outside.insert(key, id);
            return id;
        };
        if let Some(mention) = self.document.mentions.get_mut(id.0 as usize).filter(|m| m.kind == Kind::Package) {
            mention.kind = draft.kind;
        }
        id
    }

    /// The only entry that has this text as its name, `name@version`, purl or hub key; never another version or ecosystem.
    fn find(&self, written: &str) -> Option<MentionId> {
        let text = written.strip_prefix("SPDXRef-").unwrap_or(written);
        let only = |key: &str| self.names.get(&key.to_lowercase()).copied().flatten();
        let Some(purl) = Purl::parse(text) else { return only(text) };
        let hub = purl.hub.as_ref().map(|hub| hub.key.clone());
        let keys = [Some(purl.canonical.clone()), Some(purl.without_version()), hub, Some(purl.name.clone())];
        let id = keys.into_iter().flatten().find_map(|key| only(&key))?;
        let mention = self.document.get(id);
        let stated = mention.version.map(|version| self.document.texts.key(version));
        let agrees = purl.version.as_deref().zip(stated).is_none_or(|(a, b)| version::agree(a, b));
        let ecosystem = mention.ecosystem.map(|ecosystem| self.document.texts.key(ecosystem));
        let fits = purl.ecosystem == "generic" || ecosystem.is_none_or(|known| known == purl.ecosystem);
        (agrees && fits).then_some(id)
    }

    fn report_dangling(&mut self, written: &str, place: Place) {
        if self.reported.insert(written.to_owned()) {
            let message = format!("nothing declares `{}`", Untrusted::new(written).show());
            let help = "declare it, or name another document's element by its full id";
            self.document.findings.push(Finding::new(Code::Dangling, place, message, help));
        }
    }
}

/// A name without the UUID that some converters hang on it (`bookcorpus-5b88b1fa-89d7-54e0-8076-a03aa22c33e0`).
fn without_uuid(written: &str) -> &str {
    const UUID: usize = 36;
    let Some((name, uuid)) = written.len().checked_sub(UUID).and_then(|at| written.split_at_checked(at)) else { return written };
    let groups: Vec<&str> = uuid.split('-').collect();
    let is_uuid =
        groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12]) && uuid.chars().all(|c| c == '-' || c.is_ascii_hexdigit());
    name.strip_suffix('-').filter(|name| is_uuid && !name.is_empty()).unwrap_or(written)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_uuid_is_taken_off_a_name() {
        for (written, name) in [
            ("bookcorpus-5b88b1fa-89d7-54e0-8076-a03aa22c33e0", "bookcorpus"),
            ("embedding-data/QQP-7344ce45-1630-5169-8400-c97ae34d3f53", "embedding-data/QQP"),
            ("bookcorpus", "bookcorpus"),
            ("5b88b1fa-89d7-54e0-8076-a03aa22c33e0", "5b88b1fa-89d7-54e0-8076-a03aa22c33e0"),
            ("a-long-name-that-has-many-dashes-in-it-x", "a-long-name-that-has-many-dashes-in-it-x"),
        ] {
            assert_eq!(without_uuid(written), name);
        }
    }
}
