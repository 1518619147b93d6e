//! What is said of a component, as a few words: most statements have few of the fields that one can have.
//!
//! The words of a statement: which fields there are, the name, each other field that there is, the digests.
//!
//! Invariant: ids of texts and digests are those of the graph, not of a document.

use crate::graph::ids::DigestId;
use crate::model::date::Day;
use crate::model::document::Standing;
use crate::model::kind::Kind;
use crate::pack::Word;
use crate::text::TextId;
use zerocopy::FromBytes as _;
use zerocopy::IntoBytes as _;

/// The content of a mention, without its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Statement<'s> {
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
    pub downloaded: Option<Day>,
    /// By algorithm, strongest first.
    pub digests: &'s [DigestId],
}

/// Bits of the first word: the kind, then the standing, then a bit for each field that there is.
const STANDING: u32 = 4;
const FIELDS: u32 = 8;
const N_FIELDS: u32 = 8;

impl Statement<'_> {
    /// What no document says: in place of a statement that is not there.
    pub(super) const NOTHING: Self = Self {
        kind: Kind::Model,
        standing: Standing::Reference,
        name: TextId::FIRST,
        version: None,
        model_id: None,
        purl: None,
        ecosystem: None,
        hub: None,
        revision: None,
        global_ref: None,
        downloaded: None,
        digests: &[],
    };

    /// Whether a document lists the component, rather than points at it.
    pub(crate) fn is_anchor(&self) -> bool {
        self.standing != Standing::Reference
    }

    /// The same with other numbers for its texts and digests.
    pub(super) fn translated<'d>(&self, mut text: impl FnMut(TextId) -> TextId, digests: &'d [DigestId]) -> Statement<'d> {
        let name = text(self.name);
        let mut maybe = |id: Option<TextId>| id.map(&mut text);
        Statement {
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
            downloaded: self.downloaded,
            digests,
        }
    }

    /// All texts that it names.
    pub(super) fn texts(&self) -> impl Iterator<Item = TextId> {
        let Self { version, model_id, purl, ecosystem, hub, revision, global_ref, .. } = *self;
        [Some(self.name), version, model_id, purl, ecosystem, hub, revision, global_ref].into_iter().flatten()
    }

    /// Appends its words.
    pub(super) fn write(&self, words: &mut Vec<u32>) {
        let Self { version, model_id, purl, ecosystem, hub, revision, global_ref, .. } = self;
        let texts = [version, model_id, purl, ecosystem, hub, revision, global_ref];
        let fields =
            texts.map(|text| text.as_ref().map(Word::to_word)).into_iter().chain([self.downloaded.map(|day| day.to_word())]);
        let at = words.len();
        words.extend([0, self.name.to_word()]);
        let mut first = self.kind.to_word() | self.standing.to_word() << STANDING;
        for (bit, field) in (FIELDS..).zip(fields) {
            first |= u32::from(field.is_some()) << bit;
            words.extend(field);
        }
        words[at] = first;
        words.extend(self.digests.iter().map(Word::to_word));
    }
}

impl<'s> Statement<'s> {
    /// What some words say; `None` where they say nothing.
    pub(super) fn read(words: &'s [u32]) -> Option<Self> {
        let [first, name, rest @ ..] = words else { return None };
        let there = first >> FIELDS;
        let (fields, digests) = rest.split_at_checked(there.count_ones() as usize)?;
        let mut fields = fields.iter().copied();
        let mut field = |bit: u32| if there >> bit & 1 == 1 { fields.next() } else { None };
        let [version, model_id, purl, ecosystem, hub, revision, global_ref] =
            [0, 1, 2, 3, 4, 5, 6].map(|bit| field(bit).and_then(TextId::from_word));
        let said = Self {
            kind: Word::from_word(first & ((1 << STANDING) - 1))?,
            standing: Word::from_word(first >> STANDING & ((1 << (FIELDS - STANDING)) - 1))?,
            name: Word::from_word(*name)?,
            version,
            model_id,
            purl,
            ecosystem,
            hub,
            revision,
            global_ref,
            downloaded: field(N_FIELDS - 1).and_then(Day::from_word),
            digests: <[DigestId]>::ref_from_bytes(digests.as_bytes()).ok()?,
        };
        (there >> N_FIELDS == 0).then_some(said)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    prop_compose! {
        fn fields()(texts in prop::collection::vec(prop::option::of(0..9_u32), 7), name in 0..9_u32, kind in 0..7_u32,
            standing in 0..3_u32, day in prop::option::of((0..3_u32, 1..13_u32))) -> Statement<'static> {
            let [version, model_id, purl, ecosystem, hub, revision, global_ref] =
                [0, 1, 2, 3, 4, 5, 6].map(|row: usize| texts[row].and_then(TextId::from_word));
            Statement {
                kind: Word::from_word(kind).unwrap(),
                standing: Word::from_word(standing).unwrap(),
                name: Word::from_word(name).unwrap(),
                version, model_id, purl, ecosystem, hub, revision, global_ref,
                downloaded: day.and_then(|(year, month)| Day::from_word((2020 + year) << 16 | month << 8 | 1)),
                digests: &[],
            }
        }
    }

    proptest! {
        #[test]
        fn what_is_read_is_what_was_written(said in fields(), digests in prop::collection::vec(0..5_usize, 0..4)) {
            let digests: Vec<DigestId> = digests.into_iter().map(DigestId::new).collect();
            let said = Statement { digests: &digests, ..said };
            let mut words = vec![7];
            said.write(&mut words);
            prop_assert_eq!(Statement::read(&words[1..]), Some(said));
        }

        #[test]
        fn any_words_are_read_or_refused(words in prop::collection::vec(any::<u32>(), 0..12)) {
            if let Some(said) = Statement::read(&words) {
                prop_assert!(words.len() >= 2 + said.digests.len());
            }
        }
    }
}
