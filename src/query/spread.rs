//! What is downstream, one bit a component: the walk that every question shares.

use crate::graph::bits::Bits;
use crate::graph::links::Links;
use crate::graph::links::Meta;
use crate::model::hazard::Hazard;

/// What a hazard does at a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Passage {
    /// It does not go over it.
    No,
    /// It goes over it, and what it reached surely stays sure.
    Sure,
    /// It goes over it, and what is beyond is POSSIBLE.
    Weak,
}

/// A hazard's passages by what is known of a link.
#[derive(Debug, Clone)]
pub(super) struct Passages([Passage; 256]);

impl Passages {
    /// All passages of a hazard.
    pub(super) fn of(hazard: Hazard) -> Self {
        let mut all = [Passage::No; 256];
        for (byte, passage) in (0..=u8::MAX).zip(&mut all) {
            let meta = Meta::of(byte);
            *passage = match (hazard.follows(meta.relation()), meta.evidence().is_weak()) {
                (false, _) => Passage::No,
                (true, false) => Passage::Sure,
                (true, true) => Passage::Weak,
            };
        }
        Self(all)
    }

    /// The passage at a link.
    pub(super) fn at(&self, meta: u8) -> Passage {
        self.0.get(usize::from(meta)).copied().unwrap_or(Passage::No)
    }
}

/// Adds all that is downstream of `todo`, weak links or not, to `seen`, but does not go on from what is in `done`. What is
/// in `todo` is in `seen` already. Returns how many links were looked at.
pub(super) fn spread(links: &Links, passages: &Passages, mut todo: Vec<u32>, done: &Bits, seen: &mut Bits) -> usize {
    let mut n = 0;
    while let Some(row) = todo.pop() {
        let (to, meta) = links.down(row as usize);
        n += to.len();
        for (end, meta) in to.iter().zip(meta) {
            let new = passages.at(*meta) != Passage::No && !done.has(*end as usize) && seen.add(*end as usize);
            if new && links.leads_on(*end as usize) {
                todo.push(*end);
            }
        }
    }
    n
}
