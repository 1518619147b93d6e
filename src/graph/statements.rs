//! All statements of a repository, one after another: mentions with equal content share one.
//!
//! Identity is decided over statements, not mentions: a hundred thousand documents that pin `torch 2.1.0` with one digest
//! cost one statement.
//!
//! Invariant: every statement can be read; what comes back from bytes is checked.

use crate::graph::digests::Digests;
use crate::graph::ids::DigestId;
use crate::graph::ids::StatementId;
use crate::graph::statement::Statement;
use crate::model::digest::Digest;
use crate::model::version;
use crate::pack::Damaged;
use crate::pack::In;
use crate::pack::Out;
use crate::pack::Pack;
use crate::pack::Word as _;
use crate::text::Texts;
use std::io;
use std::ops::Range;

/// All statements of a repository, with their texts and digests.
#[derive(Debug, Default, Clone)]
pub(crate) struct Statements {
    pub texts: Texts,
    pub digests: Digests,
    /// Where each statement ends in `words`.
    ends: Vec<u32>,
    words: Vec<u32>,
}

impl Statements {
    /// Adds a statement, as its words.
    pub(super) fn push(&mut self, words: &[u32]) -> StatementId {
        self.words.extend(words);
        self.ends.push(end_of(&self.words));
        StatementId::new(self.ends.len() - 1)
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The words of a statement.
    pub(super) fn words(&self, id: StatementId) -> &[u32] {
        self.words.get(self.span(id.row())).unwrap_or_default()
    }

    fn span(&self, row: usize) -> Range<usize> {
        let end = |row: usize| self.ends.get(row).map_or(0, |end| *end as usize);
        row.checked_sub(1).map_or(0, end)..end(row)
    }

    /// The statement of an id.
    pub(crate) fn get(&self, id: StatementId) -> Statement<'_> {
        Statement::read(self.words(id)).unwrap_or(Statement::NOTHING)
    }

    /// All statement ids.
    pub(crate) fn ids(&self) -> impl ExactSizeIterator<Item = StatementId> + use<> {
        (0..self.len()).map(StatementId::new)
    }

    /// The digest of an id.
    pub(crate) fn digest_of(&self, id: DigestId) -> Digest {
        self.digests.get(id)
    }

    /// The id of a digest, if any mention states it.
    pub(crate) fn find_digest(&self, digest: &Digest) -> Option<DigestId> {
        self.digests.find(digest)
    }

    /// The stated version, if it can identify: not `main`, not a range; in a `pkg:huggingface` purl only a commit is one
    /// (generators invent `@1.0` there).
    pub(crate) fn version(&self, statement: &Statement<'_>) -> Option<&str> {
        let version = statement.version.and_then(|id| version::identifying(self.texts.key(id)))?;
        let on_hub = statement.hub.and(statement.purl).is_some_and(|purl| self.texts.key(purl).ends_with(version));
        (!on_hub || version::commit(version).is_some()).then_some(version)
    }

    /// Renumbers: statements as in `order`, which leaves none out; digests by value.
    pub(super) fn put_in_order(&mut self, order: &[StatementId]) {
        let numbers = self.digests.put_in_order();
        let mut words = Vec::with_capacity(self.words.len());
        let mut ends = Vec::with_capacity(order.len());
        for id in order {
            let old = self.words(*id);
            let (fields, digests) = old.split_at(old.len() - self.get(*id).digests.len());
            words.extend(fields);
            words.extend(digests.iter().map(|digest| numbers[*digest as usize].to_word()));
            ends.push(end_of(&words));
        }
        (self.ends, self.words) = (ends, words);
    }

    /// Bytes in memory, texts aside.
    #[cfg(any(test, feature = "bench"))]
    pub(crate) fn bytes(&self) -> usize {
        size_of_val(&*self.ends) + size_of_val(&*self.words) + self.digests.bytes()
    }

    /// Whether every statement can be read, and names only texts and digests that are there.
    fn is_sound(&self) -> bool {
        let (texts, digests) = (self.texts.len(), self.digests.len());
        let sound = |said: Statement<'_>| {
            said.texts().all(|text| text.row() < texts) && said.digests.iter().all(|digest| digest.row() < digests)
        };
        self.ends.is_sorted()
            && self.ends.last().map_or(0, |end| *end as usize) == self.words.len()
            && self.ids().all(|id| Statement::read(self.words(id)).is_some_and(sound))
    }
}

fn end_of(words: &[u32]) -> u32 {
    u32::try_from(words.len()).unwrap_or(u32::MAX)
}

impl Pack for Statements {
    fn pack(&self, out: &mut Out<'_>) -> io::Result<()> {
        self.texts.pack(out)?;
        self.digests.pack(out)?;
        out.array(&self.ends)?;
        out.array(&self.words)
    }

    fn unpack(input: &mut In<'_>) -> Result<Self, Damaged> {
        let (texts, digests) = (Pack::unpack(input)?, Pack::unpack(input)?);
        let statements = Self { texts, digests, ends: input.array()?, words: input.array()? };
        if statements.is_sound() { Ok(statements) } else { Err(Damaged) }
    }
}
