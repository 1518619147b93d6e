//! The digests of a repository, each once, as bytes one after another.

use crate::graph::ids::DigestId;
use crate::model::digest::Algorithm;
use crate::model::digest::Digest;
use crate::pack::Damaged;
use crate::pack::In;
use crate::pack::Out;
use crate::pack::Pack;
use crate::pack::Word as _;
use rayon::slice::ParallelSliceMut as _;
use std::cmp::Ordering;
use std::io;
use std::ops::Range;

/// Digests by number; once they are put in order, by value.
#[derive(Debug, Default, Clone)]
pub(crate) struct Digests {
    algorithms: Vec<u8>,
    /// Where the bytes of each end.
    ends: Vec<u32>,
    bytes: Vec<u8>,
}

impl Digests {
    /// Adds one, as the last.
    pub(super) fn push(&mut self, digest: &Digest) -> DigestId {
        self.algorithms.push(digest.algorithm() as u8);
        self.bytes.extend(digest.bytes());
        self.ends.push(u32::try_from(self.bytes.len()).unwrap_or(u32::MAX));
        DigestId::new(self.len() - 1)
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.algorithms.len()
    }

    /// Whether a number is that of this digest.
    pub(super) fn is(&self, id: DigestId, digest: &Digest) -> bool {
        self.key(id) == (digest.algorithm() as u8, digest.bytes())
    }

    fn span(&self, row: usize) -> Range<usize> {
        let end = |row: usize| self.ends.get(row).map_or(0, |end| *end as usize);
        row.checked_sub(1).map_or(0, end)..end(row)
    }

    /// Algorithm and bytes: the order of digests.
    fn key(&self, id: DigestId) -> (u8, &[u8]) {
        (self.algorithms.get(id.row()).copied().unwrap_or_default(), self.bytes.get(self.span(id.row())).unwrap_or_default())
    }

    /// The digest of a number.
    pub(crate) fn get(&self, id: DigestId) -> Digest {
        let (algorithm, bytes) = self.key(id);
        Digest::from_bytes(Algorithm::from_word(algorithm.into()).unwrap_or(Algorithm::Sha256), bytes)
    }

    /// The number of a digest, among digests in order.
    pub(super) fn find(&self, digest: &Digest) -> Option<DigestId> {
        let wanted = (digest.algorithm() as u8, digest.bytes());
        let mut left = 0..self.len();
        while !left.is_empty() {
            let middle = left.start + left.len() / 2;
            match self.key(DigestId::new(middle)).cmp(&wanted) {
                Ordering::Less => left.start = middle + 1,
                Ordering::Equal => return Some(DigestId::new(middle)),
                Ordering::Greater => left.end = middle,
            }
        }
        None
    }

    /// Numbers them by value. The new numbers, by the old ones.
    pub(super) fn put_in_order(&mut self) -> Vec<DigestId> {
        let mut by_value: Vec<DigestId> = (0..self.len()).map(DigestId::new).collect();
        by_value.par_sort_unstable_by_key(|id| self.key(*id));
        let mut sorted = Self::default();
        let mut numbers = vec![DigestId::new(0); self.len()];
        for old in by_value {
            numbers[old.row()] = sorted.push(&self.get(old));
        }
        *self = sorted;
        numbers
    }

    /// Bytes in memory.
    #[cfg(any(test, feature = "bench"))]
    pub(super) fn bytes(&self) -> usize {
        self.algorithms.len() + size_of_val(&*self.ends) + self.bytes.len()
    }
}

impl Pack for Digests {
    fn pack(&self, out: &mut Out<'_>) -> io::Result<()> {
        out.array(&self.algorithms)?;
        out.array(&self.bytes)
    }

    fn unpack(input: &mut In<'_>) -> Result<Self, Damaged> {
        let (algorithms, bytes): (Vec<u8>, Vec<u8>) = (input.array()?, input.array()?);
        let mut end = 0;
        let mut ends = Vec::with_capacity(algorithms.len());
        for algorithm in &algorithms {
            end += Algorithm::from_word((*algorithm).into()).ok_or(Damaged)?.bytes();
            ends.push(u32::try_from(end).map_err(|_| Damaged)?);
        }
        if end == bytes.len() { Ok(Self { algorithms, ends, bytes }) } else { Err(Damaged) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn each_is_found_by_its_value(wanted in prop::collection::btree_set((0..3_u8, "[1-9a-f]{8}"), 0..12)) {
            let digest = |(algorithm, hex): &(u8, String)| {
                let (word, times) = [("sha256", 8), ("sha512", 16), ("md5", 4)][usize::from(*algorithm)];
                Digest::of(word, &hex.repeat(times)).filter(|digest| digest.bytes().windows(2).any(|pair| pair[0] != pair[1]))
            };
            let all: BTreeSet<Digest> = wanted.iter().filter_map(digest).collect();
            let mut digests = Digests::default();
            let old: Vec<(DigestId, &Digest)> = all.iter().rev().map(|digest| (digests.push(digest), digest)).collect();
            let numbers = digests.put_in_order();
            for (row, digest) in all.iter().enumerate() {
                prop_assert_eq!(digests.find(digest), Some(DigestId::new(row)));
                prop_assert_eq!(&digests.get(DigestId::new(row)), digest);
            }
            for (id, digest) in old {
                prop_assert!(digests.is(numbers[id.row()], digest));
            }
            prop_assert_eq!(digests.find(&Digest::of("sha1", &"12ab".repeat(10)).unwrap()), None);
        }
    }
}
