//! Which statements speak of one component (design.md section 3).
//!
//! Decided by level, never pair by pair, over the whole repository at once, in four steps:
//! 1. what documents list (anchors) forms clusters: by digest, then by identifier, name and version, name;
//! 2. references with a digest join the anchor that has it; others form clusters of their own by digest, unless their
//!    names lead to an anchor: then they join that one as a contradiction;
//! 3. references without digest join the only cluster that they can mean, or become a choice between several;
//! 4. what is left forms external clusters among itself.
//!
//! Invariant: the result depends on the set of statements only, not on their order.
//! Absent on purpose: likeness of names; that is a finding, never a link.

mod keys;
mod loose;
mod packages;
mod pool;
mod settle;

use crate::graph::ids::StatementId;
use crate::graph::rows::Rows;
use crate::graph::statement::Statement;
use crate::graph::statements::Statements;
use crate::model::kind::Evidence;
use crate::model::kind::Kind;

pub(crate) use keys::lower_tail;
pub(crate) use pool::Cluster;

/// Row of a cluster in [`Identity::clusters`].
pub(crate) type ClusterRow = u32;

/// The outcome of identity.
#[derive(Debug, Default)]
pub(crate) struct Identity {
    pub clusters: Vec<Cluster>,
    /// By statement: the clusters it stands for, each with the grade that joined it. Several without choice: its name and its
    /// digest lead to different components.
    pub targets: Rows<(ClusterRow, Evidence)>,
    /// By statement: it means one of its targets, not known which.
    pub choices: Vec<bool>,
    /// By cluster: all statements that joined it, anchors and references.
    pub members: Rows<StatementId>,
    /// Pairs of clusters that may be one: the first states no digest and its name fits the second and others.
    pub maybe_same: Vec<(ClusterRow, ClusterRow)>,
}

/// Decides identity over all statements.
pub(crate) fn resolve(statements: &mut Statements) -> Identity {
    let keys = keys::Keys::of_all(statements);
    let mut pool = pool::Pool::new(statements, &keys);
    let (packages, ids): (Vec<_>, Vec<_>) = statements.ids().partition(|id| is_package(statements.get(*id).kind));
    // What points into another document by its global name may be anything there, so all anchors come first.
    let (pointers, packages): (Vec<_>, Vec<_>) = packages.into_iter().partition(|id| is_pointer(&statements.get(*id)));
    let mut known = packages::Known::default();
    known.cluster(&mut pool, &packages);
    let (anchors, references): (Vec<_>, Vec<_>) = ids.into_iter().partition(|id| statements.get(*id).is_anchor());
    pool.by_digest(&anchors);
    let open: Vec<_> = anchors.into_iter().filter(|id| pool.is_open(*id)).collect();
    settle::settle(&mut pool, &open, settle::Several::OwnCluster);
    let pointers = settle::join_pointers(&mut pool, &pointers);
    known.cluster(&mut pool, &pointers);
    let (with_digest, without): (Vec<_>, Vec<_>) = references.into_iter().partition(|id| !statements.get(*id).digests.is_empty());
    loose::join(&mut pool, &with_digest);
    let left = settle::join_known(&mut pool, &without);
    settle::settle(&mut pool, &left, settle::Several::Choice);
    pool.finish()
}

fn is_pointer(statement: &Statement) -> bool {
    statement.global_ref.is_some() && !statement.is_anchor()
}

/// Packages and system libraries are (ecosystem, name, version); their digests are attributes.
pub(crate) fn is_package(kind: Kind) -> bool {
    matches!(kind, Kind::Package | Kind::System)
}
