//! What each hazard travels along (design.md section 4).

use crate::model::kind::Kind;
use crate::model::kind::Relation;
use std::fmt;

/// What is wrong with a marked component.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Hazard {
    /// Its weights or data were tampered with.
    Poisoned,
    /// It can be exploited where it runs.
    Vulnerable,
    /// It may not be used: licence, legal.
    Withdrawn,
}

impl Hazard {
    /// All hazards, in the order of the Mark dialog.
    pub(crate) const ALL: [Self; 3] = [Self::Poisoned, Self::Vulnerable, Self::Withdrawn];

    /// The word used in options, JSON and on screen.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Poisoned => "poisoned",
            Self::Vulnerable => "vulnerable",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// What is assumed of a kind unless someone says otherwise.
    pub(crate) fn default_for(kind: Kind) -> Self {
        match kind {
            Kind::Model | Kind::Dataset | Kind::Code | Kind::Deployment => Self::Poisoned,
            Kind::Package | Kind::System | Kind::Application => Self::Vulnerable,
        }
    }

    /// Whether this hazard goes from the upstream to the downstream end of such a link.
    pub(crate) fn follows(self, relation: Relation) -> bool {
        match relation {
            Relation::Base => self != Self::Vulnerable,
            Relation::EvaluatedOn => false,
            Relation::BuiltWith => self == Self::Poisoned,
            Relation::TrainedOn
            | Relation::Derived
            | Relation::Depends
            | Relation::Contains
            | Relation::Deployed
            | Relation::Serves
            | Relation::MaybeSame => true,
        }
    }
}

impl fmt::Display for Hazard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}
