//! Statements without a digest: level by level, each group of equal names joins the one cluster it can mean.

use crate::graph::identity::ClusterRow;
use crate::graph::identity::keys::BY_NAME;
use crate::graph::identity::keys::BY_NAME_AND_VERSION;
use crate::graph::identity::keys::Key;
use crate::graph::identity::keys::LEVELS;
use crate::graph::identity::pool::Pool;
use crate::graph::ids::StatementId;
use crate::model::kind::Evidence;
use crate::model::kind::Kind;
use crate::text::TextId;
use rustc_hash::FxHashMap;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// What a group does that could mean several clusters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Several {
    /// It is listed by a document, so it stays a component; the others may be the same.
    OwnCluster,
    /// It is only mentioned: it means one of them, not known which.
    Choice,
}

/// The grade of a join at a level.
pub(super) fn evidence_at(level: usize) -> Evidence {
    if level < BY_NAME { Evidence::Exact } else { Evidence::Name }
}

/// Joins references by the global names of entries in other documents; returns those that no entry has.
pub(super) fn join_pointers(pool: &mut Pool<'_>, ids: &[StatementId]) -> Vec<StatementId> {
    let mut left = Vec::new();
    for id in ids {
        let candidates = pool.candidates(*id, 0);
        if candidates.is_empty() {
            left.push(*id);
        } else {
            means(pool, *id, &candidates, 0);
        }
    }
    left
}

/// Joins references to what is known already; returns those that nothing known can be.
///
/// Where an identifier leads to one component and name and version to another, both readings are followed: else whoever
/// documents a hub entry could take references away from what they name (threats.md 1, rule 4).
pub(super) fn join_known(pool: &mut Pool<'_>, ids: &[StatementId]) -> Vec<StatementId> {
    let mut left = Vec::new();
    for id in ids {
        let found = (0..LEVELS).find_map(|level| {
            let candidates = pool.candidates(*id, level);
            (!candidates.is_empty()).then_some((level, candidates))
        });
        let Some((level, candidates)) = found else {
            left.push(*id);
            continue;
        };
        means(pool, *id, &candidates, level);
        if level < BY_NAME_AND_VERSION {
            let named = pool.candidates(*id, BY_NAME_AND_VERSION);
            for other in named.into_iter().filter(|other| !candidates.contains(other)) {
                pool.join(other, *id, Evidence::Name, false);
            }
        }
    }
    left
}

/// Records that a reference means one cluster, or one of several.
fn means(pool: &mut Pool<'_>, id: StatementId, candidates: &[ClusterRow], level: usize) {
    if let [only] = candidates {
        pool.join(*only, id, evidence_at(level), false);
    } else {
        pool.choose(id, candidates);
    }
}

/// A group: one key and one stated edition.
type Group = (Kind, Key, Option<TextId>, Option<TextId>);

/// Settles statements among themselves and with what is known, level by level; within a level full commits come before
/// short ones, stated versions before none, so that the more exact never waits for the less exact.
pub(super) fn settle(pool: &mut Pool<'_>, ids: &[StatementId], several: Several) {
    for level in 0..LEVELS {
        let mut rounds: BTreeMap<Reverse<(usize, bool)>, BTreeMap<Group, Vec<StatementId>>> = BTreeMap::new();
        for id in ids.iter().filter(|id| pool.is_open(**id)) {
            let Some(key) = founding_key(pool, *id, level) else { continue };
            let statement = pool.statements.get(*id);
            let version = pool.keys.get(*id).edition;
            let digits = statement.revision.map_or(0, |revision| pool.statements.texts.key(revision).len());
            let round = rounds.entry(Reverse((digits, version.is_some()))).or_default();
            round.entry((statement.kind, key, statement.revision, version)).or_default().push(*id);
        }
        for (_, groups) in rounds {
            settle_round(pool, groups, level, several);
        }
    }
    // A nameless statement without any identifier is a component of its own.
    for id in ids {
        if pool.is_open(*id) {
            let cluster = pool.found(pool.statements.get(*id).kind);
            pool.join(cluster, *id, Evidence::Name, true);
        }
    }
}

/// The key under which a statement is grouped with others at a level.
fn founding_key(pool: &Pool<'_>, id: StatementId, level: usize) -> Option<Key> {
    pool.keys.get(id).asks(level).next()
}

/// Whether a statement that nothing known can be founds a component at a level. `model_id == name` alone founds nothing:
/// the name may yet be a name only. Nor does the id of an entry: other documents may list the same thing, by its names.
fn may_found(pool: &Pool<'_>, id: StatementId, level: usize, several: Several) -> bool {
    match founding_key(pool, id, level) {
        Some(Key::Global(_)) => several == Several::Choice || asks_no_further(pool, id, level),
        Some(Key::ModelId(_)) => level == 1,
        Some(_) | None => true,
    }
}

fn settle_round(pool: &mut Pool<'_>, groups: BTreeMap<Group, Vec<StatementId>>, level: usize, several: Several) {
    // Decided for all groups before any of them joins, so that none depends on another's turn.
    let mut decided: Vec<(Vec<StatementId>, Vec<ClusterRow>)> = groups
        .into_values()
        .map(|members| {
            let mut candidates: Vec<ClusterRow> = members.iter().flat_map(|id| pool.candidates(*id, level)).collect();
            candidates.sort_unstable();
            candidates.dedup();
            (members, candidates)
        })
        .collect();
    decided.sort_by_key(|(members, _)| members.iter().map(|id| content_order(pool, *id)).min());
    let contested = contested(pool, &decided);
    for ((members, candidates), contested) in decided.into_iter().zip(contested) {
        let founds = members.first().is_some_and(|id| may_found(pool, *id, level, several));
        match (&candidates[..], several) {
            ([], _) if !founds => {}
            ([only], _) if !contested => {
                for id in members {
                    pool.join(*only, id, evidence_at(level), several == Several::OwnCluster);
                }
            }
            ([_, ..], Several::Choice) if !contested => {
                for id in members {
                    means(pool, id, &candidates, level);
                }
            }
            _ => {
                let cluster = pool.found(members.first().map_or(Kind::Model, |id| pool.statements.get(*id).kind));
                pool.maybe_same.extend(candidates.iter().map(|other| (cluster, *other)));
                for id in members {
                    pool.join(cluster, id, evidence_at(level), true);
                }
            }
        }
    }
}

/// For each group, whether another of this round wants the same only cluster and the two contradict each other: neither may
/// have it.
fn contested(pool: &Pool<'_>, groups: &[(Vec<StatementId>, Vec<ClusterRow>)]) -> Vec<bool> {
    let mut contested = vec![false; groups.len()];
    let mut rivals: FxHashMap<ClusterRow, Vec<(usize, StatementId)>> = FxHashMap::default();
    for (row, (members, candidates)) in groups.iter().enumerate() {
        if let ([only], Some(first)) = (&candidates[..], members.first()) {
            rivals.entry(*only).or_default().push((row, *first));
        }
    }
    for rivals in rivals.into_values().filter(|rivals| rivals.len() > 1) {
        // Editions are few where rivals are many: one of each stands for all that say the same.
        let editions: BTreeMap<Edition, StatementId> = rivals.iter().map(|(_, id)| (edition(pool, *id), *id)).collect();
        for (row, id) in rivals {
            contested[row] = editions.values().any(|other| !pool.compatible(id, *other));
        }
    }
    contested
}

/// What decides whether two statements are compatible.
type Edition = (Option<TextId>, Option<TextId>);

fn edition(pool: &Pool<'_>, id: StatementId) -> Edition {
    (pool.keys.get(id).edition, pool.statements.get(id).revision)
}

fn asks_no_further(pool: &Pool<'_>, id: StatementId, level: usize) -> bool {
    (level + 1..LEVELS).all(|level| pool.keys.get(id).asks(level).next().is_none())
}

/// An order of statements by what they say, not by when they were read: row numbers of clusters must not matter.
fn content_order<'p>(pool: &'p Pool<'_>, id: StatementId) -> (Kind, &'p str, &'p str) {
    let statement = pool.statements.get(id);
    let text = |id: Option<TextId>| id.map_or("", |id| pool.statements.texts.key(id));
    (statement.kind, pool.statements.texts.key(statement.name), text(statement.version))
}
