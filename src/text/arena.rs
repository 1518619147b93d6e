//! Many strings in one buffer, each known by a small number.
//!
//! Invariant: within one [`Texts`] equal strings have equal ids.
//! Absent on purpose: removal; a `Texts` only grows.

use crate::pack::Damaged;
use crate::pack::In;
use crate::pack::Out;
use crate::pack::Pack;
use crate::pack::Word;
use hashbrown::HashTable;
use std::hash::BuildHasher;
use std::io;
use std::num::NonZeroU32;

use super::Untrusted;

/// Position of a string in one [`Texts`]; meaningless in another. `Option<TextId>` takes four bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct TextId(NonZeroU32);

impl TextId {
    /// Rows count up from 0 in the order of interning.
    pub(crate) fn row(self) -> usize {
        self.0.get() as usize - 1
    }
}

/// An interner: strings laid end to end, found again by content.
#[derive(Clone, Default)]
pub(crate) struct Texts {
    bytes: String,
    ends: Vec<usize>,
    index: HashTable<TextId>,
    hasher: rustc_hash::FxBuildHasher,
}

impl Texts {
    /// The id of `raw`, added when it is new.
    pub(crate) fn intern(&mut self, raw: &str) -> TextId {
        if self.index.len() < self.ends.len() {
            self.find_all_again();
        }
        let hash = self.hasher.hash_one(raw);
        let (bytes, ends) = (&self.bytes, &self.ends);
        if let Some(id) = self.index.find(hash, |id| slice(bytes, ends, *id) == raw) {
            return *id;
        }
        self.bytes.push_str(raw);
        self.ends.push(self.bytes.len());
        let id = TextId(NonZeroU32::new(u32::try_from(self.ends.len()).unwrap_or(u32::MAX)).unwrap_or(NonZeroU32::MIN));
        let (bytes, ends, hasher) = (&self.bytes, &self.ends, &self.hasher);
        self.index.insert_unique(hash, id, |id| hasher.hash_one(slice(bytes, ends, *id)));
        id
    }

    /// Makes the index of texts that were kept without it: most are never added to.
    fn find_all_again(&mut self) {
        let (bytes, ends, hasher) = (&self.bytes, &self.ends, &self.hasher);
        let hash = |id: &TextId| hasher.hash_one(slice(bytes, ends, *id));
        self.index.clear();
        self.index.reserve(ends.len(), hash);
        for row in 0..ends.len() {
            if let Some(id) = u32::try_from(row).ok().and_then(TextId::from_word) {
                self.index.insert_unique(hash(&id), id, hash);
            }
        }
    }

    /// The string of an id.
    pub(crate) fn get(&self, id: TextId) -> Untrusted<'_> {
        Untrusted::new(slice(&self.bytes, &self.ends, id))
    }

    /// The exact string of an id, for identity and JSON only.
    pub(crate) fn key(&self, id: TextId) -> &str {
        slice(&self.bytes, &self.ends, id)
    }

    /// How many different strings there are.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }
}

impl Word for TextId {
    fn to_word(&self) -> u32 {
        self.0.get() - 1
    }

    fn from_word(word: u32) -> Option<Self> {
        word.checked_add(1).and_then(NonZeroU32::new).map(Self)
    }
}

impl Pack for Texts {
    fn pack(&self, out: &mut Out<'_>) -> io::Result<()> {
        out.text(&self.bytes)?;
        out.array(&self.ends)
    }

    fn unpack(input: &mut In<'_>) -> Result<Self, Damaged> {
        Ok(Self { bytes: input.text()?, ends: input.array()?, ..Self::default() })
    }
}

impl std::fmt::Debug for Texts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list()
            .entries((1..=self.len()).filter_map(|n| NonZeroU32::new(u32::try_from(n).ok()?)).map(|n| self.key(TextId(n))))
            .finish()
    }
}

fn slice<'a>(bytes: &'a str, ends: &[usize], id: TextId) -> &'a str {
    let row = id.row();
    let start = row.checked_sub(1).and_then(|before| ends.get(before)).copied().unwrap_or(0);
    ends.get(row).and_then(|end| bytes.get(start..*end)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_strings_share_an_id() {
        let mut texts = Texts::default();
        let empty = texts.intern("");
        let bert = texts.intern("bert");
        assert_eq!(texts.intern("bert"), bert);
        assert_ne!(empty, bert);
        assert_eq!((texts.key(empty), texts.key(bert), texts.len()), ("", "bert", 2));
        assert_eq!(size_of::<Option<TextId>>(), 4);
    }

    #[test]
    fn texts_that_were_kept_are_found_again() {
        let mut texts = Texts::default();
        let bert = texts.intern("bert");
        let mut bytes = Vec::new();
        texts.pack(&mut Out::new(&mut bytes)).unwrap();
        let mut kept = Texts::unpack(&mut In::new(&mut &*bytes, bytes.len() as u64)).unwrap();
        assert_eq!((kept.intern("bert"), kept.key(bert), kept.len()), (bert, "bert", 1));
        assert_ne!(kept.intern("gpt"), bert);
        assert_eq!(kept.intern("gpt").row(), 1);
    }
}
