//! Packages: the first version that is no longer meant, and every place that pins the bad one.

use crate::graph::Source;
use crate::graph::ids::ComponentId;
use crate::graph::select::StartAt;
use crate::model::kind::Kind;
use crate::query::plan::Question;
use std::collections::BTreeMap;

/// One package to upgrade.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Upgrade {
    pub package: ComponentId,
    /// `None` where what is marked does not say where it ends.
    pub to: Option<String>,
    /// Where it is pinned, each place once.
    pub places: Vec<Source>,
}

/// Finds what to upgrade, by id.
pub(super) fn upgrades(question: &Question<'_>) -> Vec<Upgrade> {
    let graph = question.graph;
    let is_package = |id: &ComponentId| matches!(graph.kind(*id), Kind::Package | Kind::System);
    let mut found: BTreeMap<ComponentId, Option<String>> =
        question.impact.marked().filter(is_package).map(|id| (id, None)).collect();
    for (starts, range) in question.ranges {
        for start in starts {
            let StartAt::Component(id) = start.at else { continue };
            let statement = graph.statements_of(id).iter().map(|s| graph.statements().get(*s)).find(|s| s.version.is_some());
            let ecosystem = statement.and_then(|s| s.ecosystem).map_or("", |id| graph.text(id).as_key());
            let version = graph.component(id).version.map_or("", |id| graph.text(id).as_key());
            if let Some(to) = found.get_mut(&id) {
                *to = range.first_after(ecosystem, version).map(str::to_owned);
            }
        }
    }
    let upgrade = |(package, to): (ComponentId, Option<String>)| {
        let mut places: Vec<Source> = graph.down(package).flat_map(|link| graph.sources(link)).collect();
        places.sort_by_key(|source| (source.document, source.line));
        places.dedup_by_key(|source| (source.document, source.line));
        Upgrade { package, to, places }
    };
    found.into_iter().map(upgrade).collect()
}
