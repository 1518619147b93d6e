//! A pasted digest, purl or id: contiguous only, since a fuzzy match of hex digits means nothing.

use crate::graph::Graph;
use crate::graph::ids::DigestId;
use crate::model::digest::Algorithm;
use crate::query::order::Order;
use crate::query::search::class::Class;
use crate::query::search::class::Pattern;
use crate::query::search::class::lower;
use crate::query::search::mask;
use crate::query::search::mask::Mask;
use crate::query::search::plain::Letter;
use crate::query::search::plain::PADDING;
use crate::query::search::plain::Plain;
use crate::text::TextId;
use rayon::prelude::*;

/// Fewer characters are no identifier.
pub(super) const LEAST: usize = 4;
/// So many are one that was pasted whole, which comes first.
const WHOLE: usize = 16;

/// The identifiers of all components, as far as they are not their labels.
#[derive(Debug, Default)]
pub(super) struct Identifiers {
    /// Printed ids and purls.
    texts: Vec<Text>,
    /// By digest, so that digests are read in the order in which they lie.
    digests: Vec<(DigestId, u32)>,
}

#[derive(Debug, Clone, Copy)]
struct Text {
    mask: Mask,
    text: TextId,
    rank: u32,
}

/// What was found, of which component.
pub(super) type Found = (u32, Class);

impl Identifiers {
    pub(super) fn new(graph: &Graph, order: &Order) -> Self {
        let ranked = || (0_u32..).zip(order.components()).collect::<Vec<_>>().into_par_iter();
        let texts = ranked().flat_map_iter(|(rank, id)| {
            let component = graph.component(*id);
            let purl = graph.purl(*id).filter(|purl| *purl != component.id);
            let all = [Some(component.id), purl].into_iter().flatten().filter(|text| *text != component.label);
            all.map(move |text| Text { mask: mask::of(graph.text(text).as_key()), text, rank })
        });
        let digests = ranked().flat_map_iter(|(rank, id)| graph.digest_ids(*id).into_iter().map(move |digest| (digest, rank)));
        let (texts, mut digests): (Vec<Text>, Vec<_>) = (texts.collect(), digests.collect());
        digests.par_sort_unstable();
        Self { texts, digests }
    }

    /// How many there are to look at.
    pub(super) fn len(&self) -> usize {
        self.texts.len() + self.digests.len()
    }

    /// Looks at some of them; in any order.
    pub(super) fn find(
        &self,
        graph: &Graph,
        pasted: &Pasted<'_>,
        some: std::ops::Range<usize>,
        wanted: &(impl Fn(u32) -> bool + Sync),
    ) -> Vec<Found> {
        let split = self.texts.len();
        let texts = self.texts.get(some.start.min(split)..some.end.min(split)).unwrap_or_default();
        let n = self.digests.len();
        let digests = some.start.saturating_sub(split).min(n)..some.end.saturating_sub(split).min(n);
        let digests = self.digests.get(digests).filter(|_| pasted.may_be_digest()).unwrap_or_default();
        let in_text = |text: &Text| {
            let may = text.mask & pasted.need == pasted.need && wanted(text.rank);
            Some((text.rank, may.then(|| pasted.in_text(graph.text(text.text).as_key()))??))
        };
        let in_digest = |(digest, rank): &(DigestId, u32)| {
            let may = wanted(*rank);
            Some((*rank, may.then(|| pasted.in_digest(graph, *digest))??))
        };
        let texts = texts.par_iter().with_min_len(4096).filter_map(in_text);
        texts.chain(digests.par_iter().with_min_len(4096).filter_map(in_digest)).collect()
    }
}

/// A term that may be part of an identifier.
#[derive(Debug)]
pub(super) struct Pasted<'p> {
    pattern: &'p Pattern,
    need: Mask,
    /// Hex digits at an even and at an odd place of a digest; `None` where some character is none.
    hex: Option<[Vec<Letter>; 2]>,
    /// Algorithms in whose name the term begins.
    named: Vec<Algorithm>,
}

impl<'p> Pasted<'p> {
    pub(super) fn new(pattern: &'p Pattern) -> Self {
        let typed: String = pattern.chars().collect();
        let begins_in = |algorithm: &Algorithm| {
            let name = format!("{}:", algorithm.word());
            name.contains(&typed) || (0..name.len()).any(|at| name.get(at..).is_some_and(|end| typed.starts_with(end)))
        };
        Self {
            pattern,
            need: pattern.chars().fold(0, |need, c| need | mask::bit(lower(c))),
            hex: hex(&typed),
            named: Algorithm::ALL.into_iter().filter(begins_in).collect(),
        }
    }

    fn may_be_digest(&self) -> bool {
        self.hex.is_some() || !self.named.is_empty()
    }

    fn in_text(&self, text: &str) -> Option<Class> {
        let (class, _) = self.pattern.contiguous(text)?;
        // What was pasted whole comes first.
        Some(if class <= Class::WordStart && self.pattern.len() >= WHOLE { Class::Exact } else { class })
    }

    fn in_digest(&self, graph: &Graph, digest: DigestId) -> Option<Class> {
        let digest = graph.statements().digest_of(digest);
        let may = self.named.contains(&digest.algorithm()) || self.hex.as_ref().is_some_and(|hex| has_hex(digest.bytes(), hex));
        may.then(|| self.in_text(&digest.to_string()))?
    }
}

/// The bytes that hex digits make, from an even place and from an odd one on; half bytes leave the other half open.
fn hex(typed: &str) -> Option<[Vec<Letter>; 2]> {
    let digits: Option<Vec<u8>> = typed
        .chars()
        .map(|c| c.to_digit(16).filter(|_| !c.is_ascii_uppercase()).and_then(|digit| u8::try_from(digit).ok()))
        .collect();
    let digits = digits?;
    let low_half = |digit: u8| Letter::masked(0xf0, digit);
    let pairs = |digits: &[u8]| -> Vec<Letter> {
        let pair = |pair: &[u8]| match pair {
            [high, low] => Letter::masked(0, high << 4 | low),
            [high, ..] => Letter::masked(0x0f, high << 4),
            [] => Letter::masked(0xff, 0),
        };
        digits.chunks(2).map(pair).collect()
    };
    let (first, rest) = digits.split_first()?;
    Some([pairs(&digits), [vec![low_half(*first)], pairs(rest)].concat()])
}

fn has_hex(bytes: &[u8], hex: &[Vec<Letter>; 2]) -> bool {
    let mut padded = PADDING;
    padded.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
    let Some(text) = Plain::read(&padded, bytes.len()) else { return false };
    let found = |letters: &Vec<Letter>| {
        let run = letters.iter().zip(0..).try_fold(text.valid(), |run, (letter, at)| {
            let run = run & text.places(*letter).checked_shr(at).unwrap_or(0);
            (run != 0).then_some(run)
        });
        run.is_some()
    };
    hex.iter().any(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::digest::Digest;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn hex_digits_are_found_at_any_place(digest in "[0-9a-f]{64}", from in 0_usize..61, n in 4_usize..20, other in "[0-9a-f]{4,5}") {
            let whole = Digest::parse(&digest).map(|digest| digest.bytes().to_vec()).unwrap_or_default();
            prop_assume!(!whole.is_empty());
            let part = digest.get(from..(from + n).min(64)).unwrap();
            prop_assert!(has_hex(&whole, &hex(part).unwrap()));
            prop_assert_eq!(has_hex(&whole, &hex(&other).unwrap()), digest.contains(&other));
        }
    }
}
