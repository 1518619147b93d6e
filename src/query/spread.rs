//! What is downstream, one bit a component: the walk that every question shares.

use crate::graph::bits::Bits;
use crate::graph::links::Links;
use crate::graph::links::Meta;
use crate::model::hazard::Hazard;
use crate::query::todo::Todo;

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
pub(super) struct Passages([Passage; Meta::MOST]);

impl Passages {
    /// All passages of a hazard.
    pub(super) fn of(hazard: Hazard) -> Self {
        let mut all = [Passage::No; Meta::MOST];
        for (meta, passage) in Meta::all().zip(&mut all) {
            *passage = match (hazard.follows(meta.relation()), meta.evidence().is_weak()) {
                (false, _) => Passage::No,
                (true, false) => Passage::Sure,
                (true, true) => Passage::Weak,
            };
        }
        Self(all)
    }

    /// The same where nothing is sure any more: what was weak counts as what was sure.
    pub(super) fn alike(&self) -> Self {
        Self(self.0.map(|passage| if passage == Passage::No { passage } else { Passage::Sure }))
    }

    /// The passage at a link.
    pub(super) fn at(&self, meta: Meta) -> Passage {
        self.0.get(meta.row()).copied().unwrap_or(Passage::No)
    }
}

/// Goes from `todo` over all sure links, and adds what it meets to `seen`; goes on from what is new there and in `leads`.
/// What is beyond a weak link is handed to `weakly` each time. Returns how many links were looked at.
pub(super) fn spread(
    links: &Links,
    passages: &Passages,
    leads: &Bits,
    todo: &mut Todo,
    seen: &mut Bits,
    mut weakly: impl FnMut(usize),
) -> usize {
    let mut n = 0;
    while let Some((word, mut rows)) = todo.take() {
        while rows != 0 {
            let down = links.down(word * 64 + rows.trailing_zeros() as usize);
            rows &= rows - 1;
            n += down.len();
            for hop in down {
                let (end, passage) = (hop.end(), passages.at(hop.meta()));
                if passage == Passage::Weak {
                    weakly(end);
                }
                let new = seen.add_if(end, passage == Passage::Sure);
                todo.add(end / 64, new & leads.word(end / 64));
            }
        }
    }
    n
}
