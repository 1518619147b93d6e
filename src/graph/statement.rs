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
use crate::model::document::Standing;
use crate::model::kind::Kind;
use crate::model::version;
use crate::pack::Damaged;
use crate::pack::In;
use crate::pack::Out;
use crate::pack::Pack;
use crate::pack::Record;
use crate::pack::Word;
use crate::text::TextId;
use crate::text::Texts;
use rayon::slice::ParallelSliceMut as _;
use std::io;
use std::ops::Deref;

/// The digests of one statement, by algorithm, strongest first; most have one at the most.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(crate) enum DigestIds {
    #[default]
    None,
    One(DigestId),
    Several(Box<[DigestId]>),
}

impl Deref for DigestIds {
    type Target = [DigestId];
    fn deref(&self) -> &[DigestId] {
        match self {
            Self::None => &[],
            Self::One(only) => std::slice::from_ref(only),
            Self::Several(all) => all,
        }
    }
}

impl DigestIds {
    fn renumber(&mut self, numbers: &[DigestId]) {
        match self {
            Self::None => {}
            Self::One(only) => *only = numbers[only.row()],
            Self::Several(all) => all.iter_mut().for_each(|id| *id = numbers[id.row()]),
        }
    }
}

impl FromIterator<DigestId> for DigestIds {
    fn from_iter<I: IntoIterator<Item = DigestId>>(ids: I) -> Self {
        let mut ids = ids.into_iter();
        match (ids.next(), ids.next()) {
            (None, _) => Self::None,
            (Some(only), None) => Self::One(only),
            (Some(first), Some(second)) => Self::Several([first, second].into_iter().chain(ids).collect()),
        }
    }
}

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
    pub digests: DigestIds,
    pub downloaded: Option<Day>,
}

impl Statement {
    /// Whether a document lists the component, rather than points at it.
    pub(crate) fn is_anchor(&self) -> bool {
        self.standing != Standing::Reference
    }

    /// The same with other numbers for its texts and digests.
    pub(super) fn translated(&self, mut text: impl FnMut(TextId) -> TextId, digests: DigestIds) -> Self {
        let name = text(self.name);
        let mut maybe = |id: Option<TextId>| id.map(&mut text);
        Self {
            version: maybe(self.version),
            model_id: maybe(self.model_id),
            purl: maybe(self.purl),
            ecosystem: maybe(self.ecosystem),
            hub: maybe(self.hub),
            revision: maybe(self.revision),
            global_ref: maybe(self.global_ref),
            name,
            kind: self.kind,
            standing: self.standing,
            digests,
            downloaded: self.downloaded,
        }
    }
}

/// All statements of a repository, with their texts and digests.
#[derive(Debug, Default, Clone)]
pub(crate) struct Statements {
    pub texts: Texts,
    pub digests: Vec<Digest>,
    pub all: Vec<Statement>,
    /// How many mentions make each statement.
    pub mentions: Vec<u32>,
}

impl Statements {
    /// Renumbers: statements as in `order`, which leaves none out; digests by value.
    pub(super) fn put_in_order(&mut self, order: &[StatementId]) {
        let mut by_value: Vec<DigestId> = (0..self.digests.len()).map(DigestId::new).collect();
        by_value.par_sort_unstable_by_key(|id| self.digest_of(*id));
        let mut renumbered = vec![DigestId::new(0); by_value.len()];
        for (row, old) in by_value.iter().enumerate() {
            renumbered[old.row()] = DigestId::new(row);
        }
        let mut digests: Vec<Option<Digest>> = std::mem::take(&mut self.digests).into_iter().map(Some).collect();
        self.digests = by_value.iter().filter_map(|old| digests[old.row()].take()).collect();
        let mut all: Vec<Option<Statement>> = std::mem::take(&mut self.all).into_iter().map(Some).collect();
        self.all = order.iter().filter_map(|old| all[old.row()].take()).collect();
        self.mentions = order.iter().map(|old| self.mentions[old.row()]).collect();
        for statement in &mut self.all {
            statement.digests.renumber(&renumbered);
        }
    }

    /// The id of a digest, if any mention states it.
    pub(crate) fn find_digest(&self, digest: &Digest) -> Option<DigestId> {
        self.digests.binary_search(digest).ok().map(DigestId::new)
    }

    /// Bytes in memory, texts aside.
    #[cfg(any(test, feature = "bench"))]
    pub(crate) fn bytes(&self) -> usize {
        let boxed = |s: &Statement| match &s.digests {
            DigestIds::None | DigestIds::One(_) => 0,
            DigestIds::Several(all) => size_of_val(&**all) + 16,
        };
        let lists = self.all.iter().map(boxed).sum::<usize>();
        size_of_val(&*self.all) + lists + size_of_val(&*self.mentions) + size_of_val(&*self.digests)
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
}

/// A statement without its digests, and how many these are.
impl Record<12> for (Statement, u32) {
    fn words(&self) -> [u32; 12] {
        let (statement, digests) = self;
        let Statement { kind, standing, name, version, model_id, purl, ecosystem, hub, revision, global_ref, .. } = statement;
        let texts = [version, model_id, purl, ecosystem, hub, revision, global_ref].map(Word::to_word);
        let [version, model_id, purl, ecosystem, hub, revision, global_ref] = texts;
        let downloaded = statement.downloaded.to_word();
        let first = [kind.to_word(), standing.to_word(), name.to_word(), *digests];
        let [kind, standing, name, digests] = first;
        [kind, standing, name, version, model_id, purl, ecosystem, hub, revision, global_ref, downloaded, digests]
    }

    fn from_words(words: [u32; 12]) -> Option<Self> {
        let [kind, standing, name, version, model_id, purl, ecosystem, hub, revision, global_ref, downloaded, digests] = words;
        let statement = Statement {
            kind: Word::from_word(kind)?,
            standing: Word::from_word(standing)?,
            name: Word::from_word(name)?,
            version: Word::from_word(version)?,
            model_id: Word::from_word(model_id)?,
            purl: Word::from_word(purl)?,
            ecosystem: Word::from_word(ecosystem)?,
            hub: Word::from_word(hub)?,
            revision: Word::from_word(revision)?,
            global_ref: Word::from_word(global_ref)?,
            downloaded: Word::from_word(downloaded)?,
            digests: DigestIds::None,
        };
        Some((statement, digests))
    }
}

impl Pack for Statements {
    fn pack(&self, out: &mut Out<'_>) -> io::Result<()> {
        self.texts.pack(out)?;
        self.digests.pack(out)?;
        out.array(&self.mentions)?;
        let digests: Vec<DigestId> = self.all.iter().flat_map(|statement| statement.digests.iter().copied()).collect();
        out.words(&digests)?;
        let count = |statement: &Statement| u32::try_from(statement.digests.len()).unwrap_or(u32::MAX);
        out.rows(
            self.all.len(),
            self.all.iter().map(|statement| {
                let bare = Statement { digests: DigestIds::None, ..statement.clone() };
                (bare, count(statement))
            }),
        )
    }

    fn unpack(input: &mut In<'_>) -> Result<Self, Damaged> {
        let (texts, digests, mentions) = (Pack::unpack(input)?, Vec::<Digest>::unpack(input)?, input.array::<u32>()?);
        let of_statements: Vec<DigestId> = input.words()?;
        let rows: Vec<(Statement, u32)> = input.rows()?;
        let known = of_statements.iter().all(|id| id.row() < digests.len()) && mentions.len() == rows.len();
        let mut left = of_statements.into_iter();
        let all: Vec<Statement> = rows
            .into_iter()
            .map(|(statement, n)| Statement { digests: left.by_ref().take(n as usize).collect(), ..statement })
            .collect();
        if known && left.next().is_none() { Ok(Self { texts, digests, all, mentions }) } else { Err(Damaged) }
    }
}
