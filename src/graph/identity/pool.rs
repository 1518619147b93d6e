//! The clusters formed so far, and how a statement finds the ones it can mean.

use crate::graph::identity::ClusterRow;
use crate::graph::identity::Identity;
use crate::graph::identity::Meaning;
use crate::graph::identity::keys::Key;
use crate::graph::identity::keys::Keys;
use crate::graph::ids::DigestId;
use crate::graph::ids::StatementId;
use crate::graph::statement::Statement;
use crate::graph::statement::Statements;
use crate::model::digest::Algorithm;
use crate::model::kind::Evidence;
use crate::model::kind::Kind;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// A component to be: the statements that belong to it.
#[derive(Debug, Clone)]
pub(crate) struct Cluster {
    pub kind: Kind,
    /// All that joined, anchors and references.
    pub statements: Vec<StatementId>,
    /// Some document lists it.
    pub anchored: bool,
    /// Statements that are surely this component: anchors, and references joined by digest. They give it its names.
    solid: Vec<StatementId>,
}

/// Clusters under construction.
pub(super) struct Pool<'s> {
    pub statements: &'s Statements,
    pub keys: &'s Keys,
    pub clusters: Vec<Cluster>,
    pub meanings: Vec<Meaning>,
    pub maybe_same: Vec<(ClusterRow, ClusterRow)>,
    index: FxHashMap<(Option<Kind>, Key), Vec<(ClusterRow, StatementId)>>,
    digests: FxHashMap<(Kind, DigestId), Vec<ClusterRow>>,
}

impl<'s> Pool<'s> {
    pub(super) fn new(statements: &'s Statements, keys: &'s Keys) -> Self {
        Self {
            statements,
            keys,
            clusters: Vec::new(),
            meanings: vec![Meaning::default(); statements.all.len()],
            maybe_same: Vec::new(),
            index: FxHashMap::default(),
            digests: FxHashMap::default(),
        }
    }

    /// Whether nothing is known yet of what the statement means.
    pub(super) fn is_open(&self, id: StatementId) -> bool {
        self.meanings[id.row()].targets.is_empty()
    }

    /// A new cluster without statements.
    pub(super) fn found(&mut self, kind: Kind) -> ClusterRow {
        self.clusters.push(Cluster { kind, statements: Vec::new(), anchored: false, solid: Vec::new() });
        self.clusters.len() - 1
    }

    /// Puts a statement into a cluster. Solid ones lend it their names and digests.
    pub(super) fn join(&mut self, cluster: ClusterRow, id: StatementId, evidence: Evidence, solid: bool) {
        let statement = self.statements.get(id);
        let entry = &mut self.clusters[cluster];
        entry.statements.push(id);
        entry.anchored |= statement.is_anchor();
        self.meanings[id.row()].targets.push((cluster, evidence));
        if !solid {
            return;
        }
        entry.solid.push(id);
        for key in &self.keys.get(id).own {
            self.index.entry(scoped(statement.kind, *key)).or_default().push((cluster, id));
        }
        for digest in &statement.digests {
            let clusters = self.digests.entry((statement.kind, *digest)).or_default();
            if !clusters.contains(&cluster) {
                clusters.push(cluster);
            }
        }
    }

    /// The clusters that a statement's keys lead to, in row order: each has a solid statement with one of the keys that the
    /// asking one does not contradict. What others say of the cluster does not matter, or else a document could give a
    /// component a version and so keep earlier references from it.
    pub(super) fn candidates(&self, id: StatementId, asks: &[Key]) -> Vec<ClusterRow> {
        let statement = self.statements.get(id);
        let mut found: Vec<ClusterRow> = asks
            .iter()
            .flat_map(|key| self.index.get(&scoped(statement.kind, *key)).into_iter().flatten().map(move |hit| (key, hit)))
            .filter(|(key, (_, by))| self.fits(key, statement, self.statements.get(*by)))
            .map(|(_, (cluster, _))| *cluster)
            .collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Whether two statements that share a key can be of one component: no other version or commit, no other org.
    fn fits(&self, key: &Key, a: &Statement, b: &Statement) -> bool {
        let names = matches!(key, Key::NameVersion(..) | Key::Name(_) | Key::Tail(_));
        let orgs_differ = names && a.hub.is_some() && b.hub.is_some() && a.hub != b.hub;
        matches!(key, Key::Global(_)) || !orgs_differ && self.statements.compatible(a, b)
    }

    /// The clusters that have the strongest digest of the statement that any has. One that states another value of a
    /// stronger algorithm is passed over: MD5 never overrules SHA-256 (threats.md section 2).
    pub(super) fn with_digest_of(&self, id: StatementId) -> Vec<ClusterRow> {
        let statement = self.statements.get(id);
        for (at, digest) in statement.digests.iter().enumerate() {
            let stronger = statement.digests.get(..at).unwrap_or_default();
            let mut found = self.digests.get(&(statement.kind, *digest)).cloned().unwrap_or_default();
            found.retain(|cluster| !stronger.iter().any(|d| self.states_other(*cluster, *d)));
            if !found.is_empty() {
                found.sort_unstable();
                return found;
            }
        }
        Vec::new()
    }

    /// Whether a cluster states a digest of the same algorithm with another value.
    pub(super) fn states_other(&self, cluster: ClusterRow, digest: DigestId) -> bool {
        let algorithm = self.statements.digest_of(digest).algorithm();
        let mut of_algorithm =
            self.digests_of(cluster).filter(|d| self.statements.digest_of(*d).algorithm() == algorithm).peekable();
        of_algorithm.peek().is_some() && of_algorithm.all(|d| d != digest)
    }

    /// All digests that a cluster's solid statements give.
    pub(super) fn digests_of(&self, cluster: ClusterRow) -> impl Iterator<Item = DigestId> + '_ {
        self.clusters[cluster].solid.iter().flat_map(|id| self.statements.get(*id).digests.iter().copied())
    }

    /// Clusters by digest, strongest algorithm first: equal digests are one component, whatever its name.
    pub(super) fn by_digest(&mut self, ids: &[StatementId]) {
        for algorithm in Algorithm::ALL {
            let mut groups: BTreeMap<(Kind, DigestId), Vec<StatementId>> = BTreeMap::new();
            for id in ids.iter().filter(|id| self.is_open(**id)) {
                let statement = self.statements.get(*id);
                let first = statement.digests.iter().find(|d| self.statements.digest_of(**d).algorithm() == algorithm);
                if let Some(digest) = first {
                    groups.entry((statement.kind, *digest)).or_default().push(*id);
                }
            }
            let known: Vec<(Vec<ClusterRow>, Vec<StatementId>)> =
                groups.into_iter().map(|(key, ids)| (self.digests.get(&key).cloned().unwrap_or_default(), ids)).collect();
            for (known, members) in known {
                let kind = members.first().map_or(Kind::Model, |id| self.statements.get(*id).kind);
                let cluster = match known[..] {
                    [only] => only,
                    _ => self.found(kind),
                };
                self.maybe_same.extend(known.iter().filter(|_| known.len() > 1).map(|other| (cluster, *other)));
                for id in members {
                    self.join(cluster, id, Evidence::Digest, true);
                }
            }
        }
    }

    /// The outcome.
    pub(super) fn finish(self) -> Identity {
        Identity { clusters: self.clusters, meanings: self.meanings, maybe_same: self.maybe_same }
    }
}

/// A key within its kind. A global reference names one entry, whatever kind the one who refers to it takes it for.
fn scoped(kind: Kind, key: Key) -> (Option<Kind>, Key) {
    (if matches!(key, Key::Global(_)) { None } else { Some(kind) }, key)
}
