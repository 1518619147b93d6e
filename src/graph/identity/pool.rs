//! The clusters formed so far, and how a statement finds the ones it can mean.

use crate::graph::identity::ClusterRow;
use crate::graph::identity::Identity;
use crate::graph::identity::keys::Key;
use crate::graph::identity::keys::Keys;
use crate::graph::ids::DigestId;
use crate::graph::ids::StatementId;
use crate::graph::rows::Rows;
use crate::graph::statements::Statements;
use crate::model::digest::Algorithm;
use crate::model::kind::Evidence;
use crate::model::kind::Kind;
use crate::model::version;
use crate::text::TextId;
use rayon::slice::ParallelSliceMut as _;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// A component to be.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cluster {
    pub kind: Kind,
    /// Some document lists it.
    pub anchored: bool,
    /// Where its solid statements begin in the chains: those that are surely this component, anchors and references joined
    /// by digest. They give it its names.
    solid: Option<u32>,
}

/// What a statement means so far; most mean one cluster.
#[derive(Debug, Clone, Default)]
pub(super) enum Meaning {
    #[default]
    Open,
    One((ClusterRow, Evidence)),
    Several(Vec<(ClusterRow, Evidence)>),
}

impl Meaning {
    pub(super) fn targets(&self) -> &[(ClusterRow, Evidence)] {
        match self {
            Self::Open => &[],
            Self::One(target) => std::slice::from_ref(target),
            Self::Several(targets) => targets,
        }
    }
}

/// Lists that grow one by one, all in one vector: each item knows the one before it.
#[derive(Debug)]
struct Chains<T>(Vec<(T, Option<u32>)>);

impl<T: Copy> Chains<T> {
    fn push(&mut self, head: &mut Option<u32>, item: T) {
        self.0.push((item, *head));
        *head = u32::try_from(self.0.len() - 1).ok();
    }

    /// The items from the newest to the oldest.
    fn iter(&self, head: Option<u32>) -> impl Iterator<Item = T> + '_ {
        let mut at = head;
        std::iter::from_fn(move || {
            let (item, before) = self.0.get(at? as usize).copied()?;
            at = before;
            Some(item)
        })
    }
}

/// Clusters under construction.
pub(super) struct Pool<'s> {
    pub statements: &'s Statements,
    pub keys: &'s Keys,
    pub clusters: Vec<Cluster>,
    meanings: Vec<Meaning>,
    /// Statements that mean one of their targets, not known which.
    choices: Vec<bool>,
    pub maybe_same: Vec<(ClusterRow, ClusterRow)>,
    /// Heads of `keyed`.
    index: FxHashMap<(Option<Kind>, Key), Option<u32>>,
    keyed: Chains<(ClusterRow, StatementId)>,
    /// Heads of `with_digest`.
    digests: FxHashMap<(Kind, DigestId), Option<u32>>,
    with_digest: Chains<ClusterRow>,
    solid: Chains<StatementId>,
    members: Vec<(usize, StatementId)>,
}

impl<'s> Pool<'s> {
    pub(super) fn new(statements: &'s Statements, keys: &'s Keys) -> Self {
        let n = statements.len();
        Self {
            statements,
            keys,
            clusters: Vec::new(),
            meanings: vec![Meaning::Open; n],
            choices: vec![false; n],
            maybe_same: Vec::new(),
            index: FxHashMap::default(),
            keyed: Chains(Vec::new()),
            digests: FxHashMap::default(),
            with_digest: Chains(Vec::new()),
            solid: Chains(Vec::new()),
            members: Vec::with_capacity(n),
        }
    }

    /// Whether nothing is known yet of what the statement means.
    pub(super) fn is_open(&self, id: StatementId) -> bool {
        matches!(self.meanings[id.row()], Meaning::Open)
    }

    /// What a statement means so far.
    pub(super) fn targets(&self, id: StatementId) -> &[(ClusterRow, Evidence)] {
        self.meanings[id.row()].targets()
    }

    /// A new cluster without statements.
    pub(super) fn found(&mut self, kind: Kind) -> ClusterRow {
        self.clusters.push(Cluster { kind, anchored: false, solid: None });
        u32::try_from(self.clusters.len() - 1).unwrap_or(u32::MAX)
    }

    /// The cluster of a row.
    pub(super) fn cluster(&self, row: ClusterRow) -> &Cluster {
        &self.clusters[row as usize]
    }

    /// Puts a statement into a cluster. Solid ones lend it their names and digests.
    pub(super) fn join(&mut self, cluster: ClusterRow, id: StatementId, evidence: Evidence, solid: bool) {
        let statement = self.statements.get(id);
        self.add_target(id, (cluster, evidence));
        self.members.push((cluster as usize, id));
        let entry = &mut self.clusters[cluster as usize];
        entry.anchored |= statement.is_anchor();
        if !solid {
            return;
        }
        self.solid.push(&mut entry.solid, id);
        for key in self.keys.get(id).own() {
            let head = self.index.entry(scoped(statement.kind, key)).or_default();
            // A popular base is mentioned in thousands of ways that differ in a date only: one of them answers for all.
            let (statements, keys) = (self.statements, self.keys);
            let says = |id: StatementId| (statements.get(id).hub, statements.get(id).revision, keys.get(id).edition);
            let told = |(other, by): (ClusterRow, StatementId)| other == cluster && says(by) == says(id);
            if !self.keyed.iter(*head).any(told) {
                self.keyed.push(head, (cluster, id));
            }
        }
        for digest in statement.digests {
            let head = self.digests.entry((statement.kind, *digest)).or_default();
            if !self.with_digest.iter(*head).any(|known| known == cluster) {
                self.with_digest.push(head, cluster);
            }
        }
    }

    /// Notes one more cluster that a statement stands for, without joining it.
    pub(super) fn add_target(&mut self, id: StatementId, target: (ClusterRow, Evidence)) {
        let meaning = &mut self.meanings[id.row()];
        *meaning = match std::mem::take(meaning) {
            Meaning::Open => Meaning::One(target),
            Meaning::One(first) => Meaning::Several(vec![first, target]),
            Meaning::Several(mut targets) => {
                targets.push(target);
                Meaning::Several(targets)
            }
        };
    }

    /// Notes that a statement means one of several clusters, not known which.
    pub(super) fn choose(&mut self, id: StatementId, candidates: &[ClusterRow]) {
        self.choices[id.row()] = true;
        self.meanings[id.row()] = Meaning::Several(candidates.iter().map(|cluster| (*cluster, Evidence::Name)).collect());
    }

    /// Puts what a statement means in order, best grade first.
    pub(super) fn sort_targets(&mut self, id: StatementId) {
        if let Meaning::Several(targets) = &mut self.meanings[id.row()] {
            targets.sort_by_key(|(cluster, evidence)| (*evidence, *cluster));
        }
    }

    /// The clusters that a statement's keys of a level lead to, in row order: each has a solid statement with one of the keys
    /// that the asking one does not contradict. What others say of the cluster does not matter, or else a document could give
    /// a component a version and so keep earlier references from it.
    pub(super) fn candidates(&self, id: StatementId, level: usize) -> Vec<ClusterRow> {
        let statement = self.statements.get(id);
        let mut found = Vec::new();
        for key in self.keys.get(id).asks(level) {
            let head = self.index.get(&scoped(statement.kind, key)).copied().flatten();
            let hits = self.keyed.iter(head).filter(|(_, by)| self.fits(&key, id, *by));
            found.extend(hits.map(|(cluster, _)| cluster));
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Whether two statements that share a key can be of one component: no other version or commit, no other org.
    fn fits(&self, key: &Key, a: StatementId, b: StatementId) -> bool {
        let names = matches!(key, Key::NameVersion(..) | Key::Name(_) | Key::Tail(_));
        let (a_hub, b_hub) = (self.statements.get(a).hub, self.statements.get(b).hub);
        let orgs_differ = names && a_hub.is_some() && b_hub.is_some() && a_hub != b_hub;
        matches!(key, Key::Global(_)) || !orgs_differ && self.compatible(a, b)
    }

    /// Whether two statements can be of one component by version and commit: each stated pair agrees.
    pub(super) fn compatible(&self, a: StatementId, b: StatementId) -> bool {
        let agree = |a: Option<TextId>, b: Option<TextId>| match (a, b) {
            (Some(a), Some(b)) if a != b => version::agree(self.statements.texts.key(a), self.statements.texts.key(b)),
            _ => true,
        };
        let revision = |id: StatementId| self.statements.get(id).revision;
        agree(self.keys.get(a).edition, self.keys.get(b).edition) && agree(revision(a), revision(b))
    }

    fn known_by_digest(&self, kind: Kind, digest: DigestId) -> Vec<ClusterRow> {
        let head = self.digests.get(&(kind, digest)).copied().flatten();
        let mut found: Vec<ClusterRow> = self.with_digest.iter(head).collect();
        found.sort_unstable();
        found
    }

    /// The clusters that have the strongest digest of the statement that any has. One that states another value of a
    /// stronger algorithm is passed over: MD5 never overrules SHA-256 (threats.md section 2).
    pub(super) fn with_digest_of(&self, id: StatementId) -> Vec<ClusterRow> {
        let statement = self.statements.get(id);
        for (at, digest) in statement.digests.iter().enumerate() {
            let stronger = statement.digests.get(..at).unwrap_or_default();
            let mut found = self.known_by_digest(statement.kind, *digest);
            found.retain(|cluster| !stronger.iter().any(|d| self.states_other(*cluster, *d)));
            if !found.is_empty() {
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
        let solid = self.solid.iter(self.cluster(cluster).solid);
        solid.flat_map(|id| self.statements.get(id).digests.iter().copied())
    }

    /// Clusters by digest, strongest algorithm first: equal digests are one component, whatever its name.
    pub(super) fn by_digest(&mut self, ids: &[StatementId]) {
        let mut of_algorithm: BTreeMap<Algorithm, Vec<(Kind, DigestId, StatementId)>> = BTreeMap::new();
        for id in ids {
            let statement = self.statements.get(*id);
            let mut last = None;
            // Of several with one algorithm the first counts.
            for digest in statement.digests {
                let algorithm = self.statements.digest_of(*digest).algorithm();
                if last != Some(algorithm) {
                    of_algorithm.entry(algorithm).or_default().push((statement.kind, *digest, *id));
                }
                last = Some(algorithm);
            }
        }
        for mut stated in of_algorithm.into_values() {
            stated.retain(|(.., id)| self.is_open(*id));
            stated.par_sort_unstable();
            let groups: Vec<_> = stated.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)).collect();
            // Decided for all groups before any of them joins.
            let known: Vec<Vec<ClusterRow>> = groups
                .iter()
                .map(|group| group.first().map_or_else(Vec::new, |(k, d, _)| self.known_by_digest(*k, *d)))
                .collect();
            for (group, known) in groups.into_iter().zip(known) {
                let cluster = match (known.as_slice(), group.first()) {
                    ([only], _) => *only,
                    (_, first) => self.found(first.map_or(Kind::Model, |(kind, ..)| *kind)),
                };
                self.maybe_same.extend(known.iter().filter(|_| known.len() > 1).map(|other| (cluster, *other)));
                for (_, _, id) in group {
                    self.join(cluster, *id, Evidence::Digest, true);
                }
            }
        }
    }

    /// The outcome.
    pub(super) fn finish(self) -> Identity {
        let mut targets = Vec::with_capacity(self.meanings.len());
        for (row, meaning) in self.meanings.iter().enumerate() {
            targets.extend(meaning.targets().iter().map(|target| (row, *target)));
        }
        Identity {
            targets: Rows::build(self.meanings.len(), &targets),
            members: Rows::build(self.clusters.len(), &self.members),
            clusters: self.clusters,
            choices: self.choices,
            maybe_same: self.maybe_same,
        }
    }
}

/// A key within its kind. A global reference names one entry, whatever kind the one who refers to it takes it for.
fn scoped(kind: Kind, key: Key) -> (Option<Kind>, Key) {
    (if matches!(key, Key::Global(_)) { None } else { Some(kind) }, key)
}
