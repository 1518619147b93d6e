//! Many strings in one buffer, each known by a small number: kept as they come, or each only once.
//!
//! Invariant: within one [`Texts`] equal strings have equal ids; within one [`Arena`] they may not.
//! Absent on purpose: removal; both only grow.

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

/// Position of a string in one [`Arena`] or [`Texts`]; meaningless in another. `Option<TextId>` takes four bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct TextId(NonZeroU32);

impl TextId {
    /// The string that came first.
    pub(crate) const FIRST: Self = Self(NonZeroU32::MIN);

    /// Rows count up from 0 in the order of interning.
    pub(crate) fn row(self) -> usize {
        self.0.get() as usize - 1
    }
}

/// Strings laid end to end, in the order in which they came; a string that comes twice stands there twice.
#[derive(Clone, Default)]
pub(crate) struct Arena {
    bytes: String,
    ends: Vec<usize>,
}

impl Arena {
    /// An arena with room for so many strings of so many bytes together.
    pub(crate) fn with_room(strings: usize, bytes: usize) -> Self {
        Self { bytes: String::with_capacity(bytes), ends: Vec::with_capacity(strings) }
    }

    /// Appends a string.
    pub(crate) fn add(&mut self, raw: &str) -> TextId {
        self.bytes.push_str(raw);
        self.end()
    }

    /// Appends several strings as one.
    pub(crate) fn add_all<'a>(&mut self, parts: impl IntoIterator<Item = &'a str>) -> TextId {
        self.bytes.extend(parts);
        self.end()
    }

    fn end(&mut self) -> TextId {
        self.ends.push(self.bytes.len());
        TextId(NonZeroU32::new(u32::try_from(self.ends.len()).unwrap_or(u32::MAX)).unwrap_or(NonZeroU32::MIN))
    }

    /// The exact string of an id, for identity and JSON only.
    pub(crate) fn key(&self, id: TextId) -> &str {
        let row = id.row();
        let start = row.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.ends.get(row).and_then(|end| self.bytes.get(start..*end)).unwrap_or_default()
    }

    /// How many strings there are.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }
}

/// An interner: each string once, found again by content.
#[derive(Clone, Default)]
pub(crate) struct Texts {
    arena: Arena,
    index: HashTable<TextId>,
    hasher: rustc_hash::FxBuildHasher,
}

impl Texts {
    /// The id of `raw`, added when it is new.
    pub(crate) fn intern(&mut self, raw: &str) -> TextId {
        if self.index.len() < self.arena.len() {
            self.find_all_again();
        }
        let hash = self.hasher.hash_one(raw);
        let arena = &self.arena;
        if let Some(id) = self.index.find(hash, |id| arena.key(*id) == raw) {
            return *id;
        }
        let id = self.arena.add(raw);
        let (arena, hasher) = (&self.arena, &self.hasher);
        self.index.insert_unique(hash, id, |id| hasher.hash_one(arena.key(*id)));
        id
    }

    /// Makes the index of strings that were kept without it: most are never added to.
    fn find_all_again(&mut self) {
        let (arena, hasher) = (&self.arena, &self.hasher);
        let hash = |id: &TextId| hasher.hash_one(arena.key(*id));
        self.index.clear();
        self.index.reserve(arena.len(), hash);
        for id in (0..arena.len()).filter_map(|row| TextId::from_word(u32::try_from(row).ok()?)) {
            self.index.insert_unique(hash(&id), id, hash);
        }
    }

    /// Makes room for so many more strings, so that they need not be hashed again when the table grows.
    pub(crate) fn reserve(&mut self, strings: usize) {
        let (arena, hasher) = (&self.arena, &self.hasher);
        self.index.reserve(strings, |id| hasher.hash_one(arena.key(*id)));
    }

    /// The string of an id.
    pub(crate) fn get(&self, id: TextId) -> Untrusted<'_> {
        Untrusted::new(self.key(id))
    }

    /// The exact string of an id, for identity and JSON only.
    pub(crate) fn key(&self, id: TextId) -> &str {
        self.arena.key(id)
    }

    /// Bytes in memory.
    #[cfg(any(test, feature = "bench"))]
    pub(crate) fn bytes(&self) -> usize {
        self.arena.bytes.len() + size_of_val(&*self.arena.ends) + self.index.capacity() * (size_of::<TextId>() + 1)
    }

    /// How many different strings there are.
    pub(crate) fn len(&self) -> usize {
        self.arena.len()
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
        out.text(&self.arena.bytes)?;
        out.array(&self.arena.ends)
    }

    fn unpack(input: &mut In<'_>) -> Result<Self, Damaged> {
        let arena = Arena { bytes: input.text()?, ends: input.array()? };
        Ok(Self { arena, ..Self::default() })
    }
}

impl std::fmt::Debug for Arena {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list()
            .entries((1..=self.len()).filter_map(|n| NonZeroU32::new(u32::try_from(n).ok()?)).map(|n| self.key(TextId(n))))
            .finish()
    }
}

impl std::fmt::Debug for Texts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.arena.fmt(f)
    }
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
    fn an_arena_keeps_what_comes_as_it_comes() {
        let mut arena = Arena::default();
        let ids = [arena.add("bert"), arena.add(""), arena.add("bert"), arena.add_all(["org", "/", "name"])];
        assert_eq!(ids.map(|id| arena.key(id)), ["bert", "", "bert", "org/name"]);
        assert_ne!(ids[0], ids[2]);
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
