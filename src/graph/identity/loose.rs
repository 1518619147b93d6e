//! References that state a digest: they join what has it, stand alone, or contradict what they name.

use crate::graph::identity::ClusterRow;
use crate::graph::identity::keys::BY_NAME;
use crate::graph::identity::keys::LEVELS;
use crate::graph::identity::pool::Pool;
use crate::graph::ids::DigestId;
use crate::graph::ids::StatementId;
use crate::model::kind::Evidence;
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;

/// Where a reference's names lead, whatever its digest says.
struct Lead {
    clusters: Vec<ClusterRow>,
    level: usize,
}

/// Joins references that state a digest (design.md section 3: rule 1, external, contradiction).
pub(super) fn join(pool: &mut Pool<'_>, ids: &[StatementId]) {
    // All is decided against the anchors before any reference joins, so that the order of references does not matter.
    let by_digest: Vec<Vec<ClusterRow>> = ids.iter().map(|id| pool.with_digest_of(*id)).collect();
    let leads: Vec<Option<Lead>> = ids.iter().map(|id| lead(pool, *id)).collect();
    let agreed = agreed_digests(pool, ids, &by_digest, &leads);
    let mut named = Vec::new();
    let mut alone = Vec::new();
    for ((id, clusters), lead) in ids.iter().zip(by_digest).zip(leads) {
        match (&clusters[..], lead) {
            ([], None) => alone.push(*id),
            ([], Some(lead)) => {
                // Only an identifier, or name and version, can say that the digest is wrong; a name alone cannot.
                if lead.level == BY_NAME {
                    alone.push(*id);
                }
                named.push((*id, lead));
            }
            ([only], lead) => {
                pool.join(*only, *id, Evidence::Digest, true);
                for other in lead.map_or_else(Vec::new, |lead| others_named(pool, *only, &lead)) {
                    pool.add_target(*id, other);
                }
            }
            (several, _) => pool.choose(*id, several),
        }
    }
    alone.extend(disagreeing(pool, &named));
    alone.sort_unstable();
    alone.dedup();
    pool.by_digest(&alone);
    for (id, lead) in named {
        contradict(pool, id, &lead, &agreed);
    }
}

/// What a reference names besides the component that has its digest: another one contradicts, unless the first is called so
/// too; one that states no digest may be the same.
fn others_named(pool: &Pool<'_>, only: ClusterRow, lead: &Lead) -> Vec<(ClusterRow, Evidence)> {
    let called = lead.clusters.contains(&only);
    let others = lead.clusters.iter().filter(|other| **other != only && lead.level < BY_NAME);
    let grade = |other: ClusterRow| match (pool.digests_of(other).next().is_none(), called) {
        (true, true) => Some(Evidence::Name),
        (_, false) => Some(Evidence::Clash),
        (false, true) => None,
    };
    others.filter_map(|other| Some((*other, grade(*other)?))).collect()
}

/// References that share a digest and name different components: the digest stays a component, or what names one of them
/// would no longer meet what names another.
fn disagreeing(pool: &Pool<'_>, named: &[(StatementId, Lead)]) -> Vec<StatementId> {
    let digest = |id: StatementId| pool.statements.get(id).digests.first().copied();
    let mut leads: FxHashMap<DigestId, BTreeSet<&[ClusterRow]>> = FxHashMap::default();
    for (id, lead) in named {
        leads.entry(digest(*id).unwrap_or(DigestId::new(0))).or_default().insert(&lead.clusters);
    }
    let apart = |id: StatementId| digest(id).and_then(|d| leads.get(&d)).is_some_and(|leads| leads.len() > 1);
    named.iter().map(|(id, _)| *id).filter(|id| apart(*id)).collect()
}

fn lead(pool: &Pool<'_>, id: StatementId) -> Option<Lead> {
    (0..LEVELS).find_map(|level| {
        let mut clusters = pool.candidates(id, level);
        clusters.retain(|cluster| pool.cluster(*cluster).anchored);
        (!clusters.is_empty()).then_some(Lead { clusters, level })
    })
}

/// For each anchor without digest: the digests that references give it by identifier or name and version.
fn agreed_digests(
    pool: &Pool<'_>,
    ids: &[StatementId],
    by_digest: &[Vec<ClusterRow>],
    leads: &[Option<Lead>],
) -> FxHashMap<ClusterRow, BTreeSet<DigestId>> {
    let mut given: FxHashMap<ClusterRow, BTreeSet<DigestId>> = FxHashMap::default();
    for ((id, known), lead) in ids.iter().zip(by_digest).zip(leads) {
        let Some(lead) = lead.as_ref().filter(|lead| known.is_empty() && lead.level < BY_NAME) else { continue };
        for cluster in &lead.clusters {
            given.entry(*cluster).or_default().extend(pool.statements.get(*id).digests.iter());
        }
    }
    given
}

/// A digest that no document has, beside a name that one has: the reference joins the named component as `!=`, or better
/// where that one states no digest and nothing disagrees; and what else has the digest as `==`.
fn contradict(pool: &mut Pool<'_>, id: StatementId, lead: &Lead, agreed: &FxHashMap<ClusterRow, BTreeSet<DigestId>>) {
    let same_digest = pool.with_digest_of(id);
    for cluster in &lead.clusters {
        let silent = pool.digests_of(*cluster).next().is_none();
        let digests = agreed.get(cluster).into_iter().flatten();
        let mut algorithms = BTreeSet::new();
        let agree = digests.into_iter().all(|digest| algorithms.insert(pool.statements.digest_of(*digest).algorithm()));
        let evidence = match (silent && agree, lead.level) {
            (true, BY_NAME) => Evidence::Name,
            (true, _) if lead.clusters.len() > 1 => Evidence::Name,
            (true, _) => Evidence::Exact,
            (false, _) => Evidence::Clash,
        };
        pool.join(*cluster, id, evidence, false);
    }
    for cluster in same_digest {
        if !pool.targets(id).contains(&(cluster, Evidence::Digest)) {
            pool.join(cluster, id, Evidence::Digest, true);
        }
    }
    pool.sort_targets(id);
}
