//! The lists of the main screen.

use crate::model::kind::Kind;

/// A tab: components of some kinds, or the incidents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Tab {
    Models,
    Datasets,
    Packages,
    Deployments,
    Incidents,
}

impl Tab {
    /// All tabs, in the order of their digits.
    pub(crate) const ALL: [Self; 5] = [Self::Models, Self::Datasets, Self::Packages, Self::Deployments, Self::Incidents];

    /// The tab's name.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Models => "Models",
            Self::Datasets => "Datasets",
            Self::Packages => "Packages",
            Self::Deployments => "Deployments",
            Self::Incidents => "Incidents",
        }
    }

    /// What one row of it is.
    pub(crate) fn noun(self) -> &'static str {
        match self {
            Self::Models => "model",
            Self::Datasets => "dataset",
            Self::Packages => "package",
            Self::Deployments => "deployment",
            Self::Incidents => "incident",
        }
    }

    /// From 0.
    pub(crate) fn row(self) -> usize {
        self as usize
    }

    /// Kinds that the tab lists (screens.md F2).
    pub(crate) fn kinds(self) -> &'static [Kind] {
        match self {
            Self::Models => &[Kind::Model],
            Self::Datasets => &[Kind::Dataset],
            Self::Packages => &[Kind::Package, Kind::System, Kind::Code],
            Self::Deployments => &[Kind::Deployment, Kind::Application],
            Self::Incidents => &[],
        }
    }

    /// The tab that lists a kind.
    pub(crate) fn of(kind: Kind) -> Self {
        match kind {
            Kind::Model => Self::Models,
            Kind::Dataset => Self::Datasets,
            Kind::Package | Kind::System | Kind::Code => Self::Packages,
            Kind::Deployment | Kind::Application => Self::Deployments,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_in_its_tab_only() {
        for kind in Kind::ALL {
            let tabs: Vec<Tab> = Tab::ALL.into_iter().filter(|tab| tab.kinds().contains(&kind)).collect();
            assert_eq!(tabs, [Tab::of(kind)]);
        }
    }
}
