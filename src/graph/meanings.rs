//! What each statement stands for: one component, but for few.

use crate::graph::bits::Bits;
use crate::graph::ids::ComponentId;
use crate::graph::ids::StatementId;
use crate::graph::rows::Rows;
use crate::model::kind::Evidence;
use crate::pack::Damaged;
use crate::pack::In;
use crate::pack::Out;
use crate::pack::Pack;
use crate::pack::Word;
use std::io;

/// A component that a statement stands for, and how surely.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Target(u32);

/// A target's component is below this; so is the number of statements that stand for several.
const COMPONENTS: u32 = 1 << 29;
const EVIDENCE: u32 = 29;
/// The rest of the number is a row of [`Meanings::several`].
const SEVERAL: u32 = 1 << 31;

impl Target {
    /// A component at a grade.
    pub(crate) fn new(component: ComponentId, evidence: Evidence) -> Self {
        Self(component.to_word() & (COMPONENTS - 1) | evidence.to_word() << EVIDENCE)
    }

    /// What it stands for.
    pub(crate) fn component(self) -> ComponentId {
        ComponentId::new((self.0 & (COMPONENTS - 1)) as usize)
    }

    /// What joined them.
    pub(crate) fn evidence(self) -> Evidence {
        Evidence::ALL[(self.0 >> EVIDENCE & 3) as usize]
    }
}

/// What all statements stand for.
#[derive(Debug, Default)]
pub(crate) struct Meanings {
    /// By statement.
    targets: Vec<Target>,
    several: Rows<Target>,
    /// Statements that mean one of their components, not known which.
    choices: Bits,
}

impl Meanings {
    /// By statement: its targets, best grade first, and whether it means one of them only.
    pub(super) fn new<T: AsRef<[Target]>>(all: impl ExactSizeIterator<Item = (T, bool)>) -> Self {
        let mut meanings = Self { choices: Bits::new(all.len()), ..Self::default() };
        let mut several = Vec::new();
        let mut n_several = 0;
        meanings.targets.reserve_exact(all.len());
        for (row, (targets, choice)) in all.enumerate() {
            meanings.choices.add_if(row, choice);
            meanings.targets.push(match targets.as_ref() {
                [only] => *only,
                targets => {
                    several.extend(targets.iter().map(|target| (n_several, *target)));
                    n_several += 1;
                    Target(SEVERAL | (n_several - 1) as u32)
                }
            });
        }
        meanings.several = Rows::build(n_several, &several);
        meanings
    }

    /// The components that a statement stands for, best grade first, and whether it means one of them only.
    pub(super) fn of(&self, id: StatementId) -> (&[Target], bool) {
        let targets = match self.targets.get(id.row()) {
            Some(Target(word)) if word & SEVERAL != 0 => self.several.row((word & !SEVERAL) as usize),
            Some(only) => std::slice::from_ref(only),
            None => &[],
        };
        (targets, self.is_choice(id))
    }

    /// Whether a statement means one of its components, not known which.
    pub(super) fn is_choice(&self, id: StatementId) -> bool {
        self.choices.has(id.row())
    }

    /// How many statements there are.
    pub(super) fn len(&self) -> usize {
        self.targets.len()
    }

    /// Whether all components are below a number.
    pub(super) fn are_below(&self, components: usize) -> bool {
        let single = self.targets.iter().filter(|target| target.0 & SEVERAL == 0);
        single.chain(self.several.items()).all(|target| target.component().row() < components)
    }

    /// Bytes in memory.
    #[cfg(any(test, feature = "bench"))]
    pub(super) fn bytes(&self) -> usize {
        size_of_val(&*self.targets) + self.several.bytes() + self.choices.bytes()
    }
}

impl std::fmt::Debug for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} {:?}", self.component(), self.evidence())
    }
}

impl Word for Target {
    fn to_word(&self) -> u32 {
        self.0
    }

    fn from_word(word: u32) -> Option<Self> {
        Some(Self(word))
    }
}

impl crate::pack::Record<1> for Target {
    fn words(&self) -> [u32; 1] {
        [self.0]
    }

    fn from_words([word]: [u32; 1]) -> Option<Self> {
        Some(Self(word))
    }
}

impl Pack for Meanings {
    fn pack(&self, out: &mut Out<'_>) -> io::Result<()> {
        out.words(&self.targets)?;
        self.several.pack(out)?;
        self.choices.pack(out)
    }

    fn unpack(input: &mut In<'_>) -> Result<Self, Damaged> {
        Ok(Self { targets: input.words()?, several: Rows::unpack(input)?, choices: Pack::unpack(input)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn each_statement_has_its_targets(all in prop::collection::vec((prop::collection::vec((0..9_usize, 0..4_usize), 0..4), any::<bool>()), 0..20)) {
            let targets = |(given, choice): &(Vec<(usize, usize)>, bool)| {
                let each = given.iter().map(|(row, grade)| Target::new(ComponentId::new(*row), Evidence::ALL[*grade]));
                (each.collect::<Vec<_>>(), *choice)
            };
            let meanings = Meanings::new(all.iter().map(targets));
            prop_assert_eq!(meanings.len(), all.len());
            for (row, given) in all.iter().enumerate() {
                let (found, choice) = meanings.of(StatementId::new(row));
                let found: Vec<_> = found.iter().map(|target| (target.component().row(), target.evidence() as usize)).collect();
                prop_assert_eq!((found, choice), given.clone());
            }
        }
    }
}
