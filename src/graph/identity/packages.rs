//! Packages and system libraries: (ecosystem, normalised name, version).

use crate::graph::identity::ClusterRow;
use crate::graph::identity::pool::Pool;
use crate::graph::ids::StatementId;
use crate::graph::statement::Statement;
use crate::model::kind::Evidence;
use crate::model::kind::Kind;
use crate::model::purl::normal_name;
use crate::model::version;
use crate::text::TextId;
use crate::text::Texts;
use rustc_hash::FxHashMap;
use std::borrow::Cow;

/// What a package is compared by; an absent part is the empty text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Coordinates {
    ecosystem: TextId,
    name: TextId,
    /// Empty unless it identifies.
    version: TextId,
    /// The name in lower case, for what names no ecosystem.
    lower: TextId,
}

impl Coordinates {
    /// The coordinates of a statement about a package.
    pub(super) fn of(statement: &Statement, texts: &mut Texts) -> Self {
        let (name, version, lower) = {
            let (name, version) = name_and_version(statement, texts);
            (name.clone().into_owned(), version.to_owned(), name.to_lowercase())
        };
        Self {
            ecosystem: statement.ecosystem.unwrap_or_else(|| texts.intern("")),
            name: texts.intern(&name),
            version: texts.intern(&version),
            lower: texts.intern(&lower),
        }
    }
}

/// The clusters of packages so far.
#[derive(Default)]
pub(super) struct Known {
    by_coordinates: FxHashMap<(Kind, Coordinates), ClusterRow>,
    /// By name and version, of any named ecosystem.
    named: FxHashMap<(Kind, TextId, TextId), Vec<ClusterRow>>,
}

impl Known {
    /// Clusters packages. A package without version is a component of its own; one without ecosystem joins the only one
    /// with its name and version.
    pub(super) fn cluster(&mut self, pool: &mut Pool<'_>, ids: &[StatementId]) {
        // Named ecosystems come first: what has none looks among them.
        let nameless =
            |id: &StatementId| pool.statements.get(*id).ecosystem.is_none_or(|e| pool.statements.texts.key(e).is_empty());
        let (nameless, named): (Vec<StatementId>, Vec<StatementId>) = ids.iter().copied().partition(nameless);
        for id in named {
            let Some(at) = pool.keys.get(id).package else { continue };
            let kind = pool.statements.get(id).kind;
            let cluster = *self.by_coordinates.entry((kind, at)).or_insert_with(|| {
                let cluster = pool.found(kind);
                self.named.entry((kind, at.name, at.version)).or_default().push(cluster);
                cluster
            });
            join(pool, cluster, id);
        }
        for id in nameless {
            let Some(at) = pool.keys.get(id).package else { continue };
            let kind = pool.statements.get(id).kind;
            let fitting = self.of_any_ecosystem(kind, at);
            let cluster = match (self.by_coordinates.get(&(kind, at)), &fitting[..]) {
                (Some(known), _) | (None, [known]) => *known,
                (None, _) => {
                    let cluster = pool.found(kind);
                    pool.maybe_same.extend(fitting.iter().map(|other| (cluster, *other)));
                    self.by_coordinates.insert((kind, at), cluster);
                    cluster
                }
            };
            join(pool, cluster, id);
        }
    }

    fn of_any_ecosystem(&self, kind: Kind, at: Coordinates) -> Vec<ClusterRow> {
        let of_name = |name| self.named.get(&(kind, name, at.version)).into_iter().flatten().copied();
        let mut found: Vec<ClusterRow> = of_name(at.name).chain(of_name(at.lower)).collect();
        found.sort_unstable();
        found.dedup();
        found
    }
}

fn join(pool: &mut Pool<'_>, cluster: ClusterRow, id: StatementId) {
    let statement = pool.statements.get(id);
    let evidence = match (pool.keys.get(id).edition, statement.digests.is_empty()) {
        (None, _) => Evidence::Name,
        (Some(_), true) => Evidence::Exact,
        (Some(_), false) => Evidence::Digest,
    };
    pool.join(cluster, id, evidence, true);
}

/// Name and version as they are compared; the version is empty unless it identifies.
fn name_and_version<'t>(statement: &Statement, texts: &'t Texts) -> (Cow<'t, str>, &'t str) {
    let ecosystem = statement.ecosystem.map_or("", |id| texts.key(id));
    let purl_name = statement.purl.map(|id| texts.key(id)).and_then(|purl| {
        let rest = purl.strip_prefix("pkg:")?.split_once('/')?.1;
        let at = rest.rfind('@').filter(|at| *at > 0 && rest.rfind('/').is_none_or(|slash| slash + 1 != *at));
        at.map_or(Some(rest), |at| rest.get(..at))
    });
    let name = purl_name.map_or_else(|| Cow::Owned(normal_name(ecosystem, texts.key(statement.name))), Cow::Borrowed);
    let version = statement.version.map_or("", |id| texts.key(id));
    // A range or a word stays apart from the bare name: each is some version, and none of them is known to be another's.
    (name, if version::is_word(version) { "" } else { version })
}
