//! Small numbers that name things of one graph.

use zerocopy::FromBytes;
use zerocopy::Immutable;
use zerocopy::IntoBytes;
use zerocopy::KnownLayout;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, FromBytes, IntoBytes, Immutable, KnownLayout)]
            #[repr(transparent)]
            pub(crate) struct $name(u32);

            impl $name {
                /// The id of a row. Rows past four billion do not occur: the loader's limits are far below.
                pub(crate) fn new(row: usize) -> Self {
                    Self(u32::try_from(row).unwrap_or(u32::MAX))
                }

                /// The row that this id names.
                pub(crate) fn row(self) -> usize {
                    self.0 as usize
                }
            }

            impl crate::pack::Word for $name {
                fn to_word(&self) -> u32 {
                    self.0
                }
                fn from_word(word: u32) -> Option<Self> {
                    Some(Self(word))
                }
            }
        )*
    };
}

ids! {
    /// Position of a component in one graph: dense, sorted by kind and printed id, meaningless in another graph.
    ComponentId;
    /// Position of a link in one graph.
    LinkId;
    /// Position of a document in one graph, sorted by file and member.
    DocumentId;
    /// Position of a statement in one graph: all mentions that say the same of a component share one.
    StatementId;
    /// Position of a digest in one graph.
    DigestId;
}
