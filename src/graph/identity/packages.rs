//! Packages and system libraries: (ecosystem, normalised name, version).

use crate::graph::identity::ClusterRow;
use crate::graph::identity::pool::Pool;
use crate::graph::ids::StatementId;
use crate::graph::statement::Statement;
use crate::model::kind::Evidence;
use crate::model::kind::Kind;
use crate::model::purl::normal_name;
use crate::model::version;
use std::collections::BTreeMap;

/// The clusters of packages so far, by coordinates: kind, name, version, ecosystem.
#[derive(Default)]
pub(super) struct Known(BTreeMap<(Kind, String, String, String), ClusterRow>);

impl Known {
    /// Clusters packages. A package without version is a component of its own; one without ecosystem joins the only one
    /// with its name and version.
    pub(super) fn cluster(&mut self, pool: &mut Pool<'_>, ids: &[StatementId]) {
        let mut groups: BTreeMap<(bool, Kind, String, String, String), Vec<StatementId>> = BTreeMap::new();
        for id in ids {
            let statement = pool.statements.get(*id);
            let (ecosystem, name, version) = coordinates(pool, statement);
            // Named ecosystems come first: what has none looks among them.
            groups.entry((ecosystem.is_empty(), statement.kind, name, version, ecosystem)).or_default().push(*id);
        }
        for ((nameless, kind, name, version, ecosystem), members) in groups {
            let named = if nameless { self.of_any_ecosystem(kind, &name, &version) } else { Vec::new() };
            let at = (kind, name, version, ecosystem);
            let cluster = match (self.0.get(&at), &named[..]) {
                (Some(known), _) | (None, [known]) => *known,
                (None, _) => {
                    let cluster = pool.found(kind);
                    pool.maybe_same.extend(named.iter().map(|other| (cluster, *other)));
                    self.0.insert(at, cluster);
                    cluster
                }
            };
            join_all(pool, cluster, members);
        }
    }

    fn of_any_ecosystem(&self, kind: Kind, name: &str, version: &str) -> Vec<ClusterRow> {
        let found = [name.to_owned(), name.to_lowercase()].into_iter().flat_map(|name| {
            let from = (kind, name.clone(), version.to_owned(), String::new());
            let same = move |key: &(Kind, String, String, String)| (key.0, &key.1, key.2.as_str()) == (kind, &name, version);
            self.0.range(from..).take_while(move |(key, _)| same(key)).filter(|(key, _)| !key.3.is_empty()).map(|(_, c)| *c)
        });
        let mut found: Vec<ClusterRow> = found.collect();
        found.sort_unstable();
        found.dedup();
        found
    }
}

fn join_all(pool: &mut Pool<'_>, cluster: ClusterRow, members: Vec<StatementId>) {
    for id in members {
        let statement = pool.statements.get(id);
        let evidence = match (pool.statements.version(statement), statement.digests.is_empty()) {
            (None, _) => Evidence::Name,
            (Some(_), true) => Evidence::Exact,
            (Some(_), false) => Evidence::Digest,
        };
        pool.join(cluster, id, evidence, true);
    }
}

/// Ecosystem, name and version as they are compared; the version is empty unless it identifies.
fn coordinates(pool: &Pool<'_>, statement: &Statement) -> (String, String, String) {
    let texts = &pool.statements.texts;
    let ecosystem = statement.ecosystem.map_or("", |id| texts.key(id)).to_owned();
    let purl_name = statement.purl.map(|id| texts.key(id)).and_then(|purl| {
        let rest = purl.strip_prefix("pkg:")?.split_once('/')?.1;
        let at = rest.rfind('@').filter(|at| *at > 0 && rest.rfind('/').is_none_or(|slash| slash + 1 != *at));
        at.map_or(Some(rest), |at| rest.get(..at)).map(str::to_owned)
    });
    let name = purl_name.unwrap_or_else(|| normal_name(&ecosystem, texts.key(statement.name)));
    let version = statement.version.map_or("", |id| texts.key(id));
    // A range or a word stays apart from the bare name: each is some version, and none of them is known to be another's.
    let version = if version::is_word(version) { "" } else { version };
    (ecosystem, name, version.to_owned())
}
