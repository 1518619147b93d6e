//! Kinds of component, relations between them, and how sure a link is.

use crate::pack::words;
use std::fmt;

/// What a component is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Kind {
    Model,
    Dataset,
    /// PyPI, conda, npm, ...
    Package,
    /// CUDA, cuDNN, driver, operating-system package.
    System,
    /// A git repository at a commit.
    Code,
    /// Application, container image, service.
    Application,
    Deployment,
}

impl Kind {
    /// All kinds, in the order of the tabs.
    pub(crate) const ALL: [Self; 7] =
        [Self::Model, Self::Dataset, Self::Package, Self::System, Self::Code, Self::Application, Self::Deployment];

    /// The word used in selectors, JSON and on screen.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Model => "model",
            Self::Dataset => "dataset",
            Self::Package => "package",
            Self::System => "system",
            Self::Code => "code",
            Self::Application => "application",
            Self::Deployment => "deployment",
        }
    }

    /// The kind that `word` names.
    pub(crate) fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// What the upstream end of a link is to its downstream end (design.md section 1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Relation {
    /// Model to the model made from it.
    Base,
    TrainedOn,
    EvaluatedOn,
    /// Dataset to the dataset made from it; code to the dataset it made.
    Derived,
    /// Library to what needs it.
    Depends,
    /// Training framework, system library or code to what was built with it.
    BuiltWith,
    /// Component to the application that contains it.
    Contains,
    /// Model or application to its deployment.
    Deployed,
    /// Serving stack to deployment.
    Serves,
    /// Two components that may be one: the second states no digest and its name fits the first and others.
    MaybeSame,
}

impl Relation {
    /// All relations.
    pub(crate) const ALL: [Self; 10] = [
        Self::Base,
        Self::TrainedOn,
        Self::EvaluatedOn,
        Self::Derived,
        Self::Depends,
        Self::BuiltWith,
        Self::Contains,
        Self::Deployed,
        Self::Serves,
        Self::MaybeSame,
    ];

    /// The word used in JSON and on screen.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Base => "base",
            Self::TrainedOn => "trained-on",
            Self::EvaluatedOn => "evaluated-on",
            Self::Derived => "derived",
            Self::Depends => "depends",
            Self::BuiltWith => "built-with",
            Self::Contains => "contains",
            Self::Deployed => "deployed",
            Self::Serves => "serves",
            Self::MaybeSame => "maybe-same",
        }
    }
}

/// What joined the two ends of a link, best first (design.md section 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Evidence {
    /// `==`: the digest, or what a document states about its own subject.
    Digest,
    /// `--`: an exact identifier, or name and version.
    Exact,
    /// `..`: name only.
    Name,
    /// `!=`: the name says yes and the digests contradict.
    Clash,
}

impl Evidence {
    /// All grades, best first.
    pub(crate) const ALL: [Self; 4] = [Self::Digest, Self::Exact, Self::Name, Self::Clash];

    /// The two-character mark used in JSON and on screen.
    pub(crate) fn mark(self) -> &'static str {
        match self {
            Self::Digest => "==",
            Self::Exact => "--",
            Self::Name => "..",
            Self::Clash => "!=",
        }
    }

    /// Whether a path over this link is POSSIBLE at best.
    pub(crate) fn is_weak(self) -> bool {
        matches!(self, Self::Name | Self::Clash)
    }
}

words!(Kind, Kind::ALL);
words!(Relation, Relation::ALL);
words!(Evidence, Evidence::ALL);

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

impl fmt::Display for Relation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.mark())
    }
}
