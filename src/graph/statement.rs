//! What is said of a component, once: mentions with equal content share a statement.
//!
//! Identity is decided over statements, not mentions: a hundred thousand documents that pin `torch 2.1.0` with one digest
//! cost one statement.
//!
//! Invariant: ids of texts and digests are those of the graph, not of a document.

use crate::graph::ids::DigestId;
use crate::graph::ids::StatementId;
use crate::model::date::Day;
use crate::model::digest::Digest;
use crate::model::document::Mention;
use crate::model::document::Standing;
use crate::model::kind::Kind;
use crate::model::version;
use crate::text::TextId;
use crate::text::Texts;
use rustc_hash::FxHashMap;

/// The content of a mention, without its place.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Statement {
    pub kind: Kind,
    pub standing: Standing,
    pub name: TextId,
    pub version: Option<TextId>,
    pub model_id: Option<TextId>,
    pub purl: Option<TextId>,
    pub ecosystem: Option<TextId>,
    pub hub: Option<TextId>,
    pub revision: Option<TextId>,
    pub global_ref: Option<TextId>,
    /// Sorted by algorithm, strongest first.
    pub digests: Box<[DigestId]>,
    pub downloaded: Option<Day>,
}

impl Statement {
    /// Whether a document lists the component, rather than points at it.
    pub(crate) fn is_anchor(&self) -> bool {
        self.standing != Standing::Reference
    }
}

/// All statements of a repository, with their texts and digests.
#[derive(Debug, Default)]
pub(crate) struct Statements {
    pub texts: Texts,
    pub digests: Vec<Digest>,
    pub all: Vec<Statement>,
    /// How many mentions make each statement.
    pub mentions: Vec<u32>,
    digest_index: FxHashMap<Digest, DigestId>,
    index: FxHashMap<Statement, StatementId>,
}

impl Statements {
    /// The statement that a document's mention makes.
    pub(crate) fn add(&mut self, mention: &Mention, remap: &mut Remap<'_>) -> StatementId {
        let digests = mention.digests.iter().map(|digest| self.digest(digest)).collect();
        let mut text = |id: Option<TextId>| id.map(|id| remap.text(&mut self.texts, id));
        let statement = Statement {
            kind: mention.kind,
            standing: mention.standing,
            version: text(mention.version),
            model_id: text(mention.model_id),
            purl: text(mention.purl),
            ecosystem: text(mention.ecosystem),
            hub: text(mention.hub),
            revision: text(mention.revision),
            global_ref: text(mention.global_ref),
            name: remap.text(&mut self.texts, mention.name),
            digests,
            downloaded: mention.downloaded,
        };
        let next = StatementId::new(self.all.len());
        let id = *self.index.entry(statement.clone()).or_insert(next);
        if id == next {
            self.all.push(statement);
            self.mentions.push(0);
        }
        self.mentions[id.row()] += 1;
        id
    }

    fn digest(&mut self, digest: &Digest) -> DigestId {
        if let Some(id) = self.digest_index.get(digest) {
            return *id;
        }
        let id = DigestId::new(self.digests.len());
        self.digests.push(digest.clone());
        self.digest_index.insert(digest.clone(), id);
        id
    }

    /// The id of a digest, if any mention states it.
    pub(crate) fn find_digest(&self, digest: &Digest) -> Option<DigestId> {
        self.digest_index.get(digest).copied()
    }

    /// Bytes in memory, texts aside.
    #[cfg(any(test, feature = "bench"))]
    pub(crate) fn bytes(&self) -> usize {
        let lists = self.all.iter().map(|s| size_of_val(&*s.digests) + 16 * usize::from(!s.digests.is_empty())).sum::<usize>();
        let tables = self.digest_index.capacity() * (size_of::<(Digest, DigestId)>() + 1)
            + self.index.capacity() * (size_of::<(Statement, StatementId)>() + 1);
        size_of_val(&*self.all) + 2 * lists + size_of_val(&*self.mentions) + size_of_val(&*self.digests) + tables
    }

    /// The statement of an id.
    pub(crate) fn get(&self, id: StatementId) -> &Statement {
        &self.all[id.row()]
    }

    /// All statement ids.
    pub(crate) fn ids(&self) -> impl Iterator<Item = StatementId> + use<> {
        (0..self.all.len()).map(StatementId::new)
    }

    /// The digest of an id.
    pub(crate) fn digest_of(&self, id: DigestId) -> &Digest {
        &self.digests[id.row()]
    }

    /// The stated version, if it can identify: not `main`, not a range; in a `pkg:huggingface` purl only a commit is one
    /// (generators invent `@1.0` there).
    pub(crate) fn version(&self, statement: &Statement) -> Option<&str> {
        let version = statement.version.and_then(|id| version::identifying(self.texts.key(id)))?;
        let on_hub = statement.hub.and(statement.purl).is_some_and(|purl| self.texts.key(purl).ends_with(version));
        (!on_hub || version::commit(version).is_some()).then_some(version)
    }

    /// Whether two statements can be of one component by version and commit: each stated pair agrees.
    pub(crate) fn compatible(&self, a: &Statement, b: &Statement) -> bool {
        let agree = |a: Option<&str>, b: Option<&str>| match (a, b) {
            (Some(a), Some(b)) => version::agree(a, b),
            _ => true,
        };
        let revision = |s: &Statement| s.revision.map(|id| self.texts.key(id));
        agree(self.version(a), self.version(b)) && agree(revision(a), revision(b))
    }
}

/// Text ids of one document as text ids of the graph.
pub(crate) struct Remap<'d> {
    from: &'d Texts,
    known: FxHashMap<TextId, TextId>,
}

impl<'d> Remap<'d> {
    /// A table for a document's texts.
    pub(crate) fn new(from: &'d Texts) -> Self {
        Self { from, known: FxHashMap::default() }
    }

    /// The graph's id of a document's text.
    pub(crate) fn text(&mut self, texts: &mut Texts, id: TextId) -> TextId {
        *self.known.entry(id).or_insert_with(|| texts.intern(self.from.key(id)))
    }
}
