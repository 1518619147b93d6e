//! Packages and system libraries: (ecosystem, normalised name, version).

use crate::graph::identity::is_package;
use crate::graph::identity::pool::Pool;
use crate::graph::ids::StatementId;
use crate::graph::statement::Statement;
use crate::model::kind::Evidence;
use crate::model::kind::Kind;
use crate::model::purl::normal_name;
use crate::model::version;
use std::collections::BTreeMap;

/// Clusters all packages. A package without version is a component of its own; one without ecosystem joins the only
/// one with its name and version.
pub(super) fn cluster(pool: &mut Pool<'_>) {
    let mut groups: BTreeMap<(Kind, String, String, String), Vec<StatementId>> = BTreeMap::new();
    for id in pool.statements.ids() {
        let statement = pool.statements.get(id);
        if is_package(statement.kind) {
            let (ecosystem, name, version) = coordinates(pool, statement);
            groups.entry((statement.kind, name, version, ecosystem)).or_default().push(id);
        }
    }
    let mut with_ecosystem: BTreeMap<(Kind, String, String), Vec<usize>> = BTreeMap::new();
    // Groups sort by ecosystem last and the empty one first, so named ecosystems are founded in a pass of their own.
    let (without, with): (Vec<_>, Vec<_>) = groups.into_iter().partition(|((_, _, _, ecosystem), _)| ecosystem.is_empty());
    for ((kind, name, version, _), members) in with {
        let cluster = pool.found(kind);
        join_all(pool, cluster, members);
        with_ecosystem.entry((kind, name.to_lowercase(), version)).or_default().push(cluster);
    }
    for ((kind, name, version, _), members) in without {
        let known = with_ecosystem.get(&(kind, name.to_lowercase(), version)).cloned().unwrap_or_default();
        let cluster = match known[..] {
            [only] => only,
            _ => pool.found(kind),
        };
        pool.maybe_same.extend(known.iter().filter(|_| known.len() > 1).map(|other| (cluster, *other)));
        join_all(pool, cluster, members);
    }
}

fn join_all(pool: &mut Pool<'_>, cluster: usize, members: Vec<StatementId>) {
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
