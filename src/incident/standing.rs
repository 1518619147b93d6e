//! Whether a decision still stands, given what is known now (design.md section 6, "Decisions").
//!
//! Invariant: a decision ends by something that can be named, and the name is part of the answer.

use crate::graph::Graph;
use crate::graph::ids::ComponentId;
use crate::graph::ids::DocumentId;
use crate::incident::book::Decision;
use crate::incident::journal::body::Action;
use crate::incident::journal::body::Basis;
use crate::model::kind::Kind;
use crate::model::kind::Relation;
use crate::model::moment::Moment;
use crate::query::closure;
use crate::text::Untrusted;
use crate::trust::Answer;

/// How far a decision has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    Decided,
    /// A person says that it is done.
    Done,
    /// An inventory taken later agrees.
    Confirmed,
    /// An inventory taken later does not: what was to be stopped still serves.
    Contradicted,
    /// By date, or because what it was decided of has changed.
    Ended,
    /// It comes from a journal that nobody here accepted, or that something is wrong with.
    NotBelieved,
}

impl Stage {
    /// The word used in JSON and on screen.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Decided => "decided",
            Self::Done => "done",
            Self::Confirmed => "confirmed",
            Self::Contradicted => "contradicted",
            Self::Ended => "ended",
            Self::NotBelieved => "not-believed",
        }
    }

    /// Whether the decision counts.
    pub(crate) fn stands(self) -> bool {
        match self {
            Self::Decided | Self::Done | Self::Confirmed => true,
            Self::Contradicted | Self::Ended | Self::NotBelieved => false,
        }
    }
}

/// An inventory of what ran.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Inventory {
    pub document: DocumentId,
    pub taken: Moment,
}

/// What decisions are held against.
pub(crate) struct World<'a> {
    pub graph: &'a Graph,
    pub now: Moment,
    /// Those that say when they were taken.
    pub inventories: &'a [Inventory],
    /// Digest of a file of the repository as it is now; `None` where it is gone.
    pub digest: &'a dyn Fn(&str) -> Option<String>,
}

/// What a deployment is now, for a decision about it.
pub(crate) fn basis(world: &World<'_>, deployment: ComponentId) -> Basis {
    let graph = world.graph;
    let environment = graph.deployment(deployment).and_then(|info| info.environment);
    let files = closure::files(graph, deployment).into_iter().filter_map(|file| Some(((world.digest)(&file)?, file)));
    Basis {
        environment: environment.map(|id| graph.text(id).as_key().to_owned()),
        models: models(graph, deployment),
        closure: closure::closure(graph, deployment),
        files: files.map(|(digest, file)| (file, digest)).take(FILES).collect(),
    }
}

/// At most this many files of a deployment are remembered with a decision, so that a line of the journal stays short.
const FILES: usize = 200;

/// Printed ids of what a deployment runs.
fn models(graph: &Graph, deployment: ComponentId) -> Vec<String> {
    let runs = graph.up(deployment).map(|link| graph.link(link)).filter(|link| link.relation == Relation::Deployed);
    let mut models: Vec<String> = runs.map(|link| graph.id(link.upstream).as_key().to_owned()).collect();
    models.sort();
    models
}

/// How far a decision has come, and why it no longer stands. `deployment` is `None` where it is not in the repository any
/// more; `grown` is the entry by which the incident came to reach it in another way, if one did after the decision.
pub(crate) fn stage(
    world: &World<'_>,
    decision: &Decision,
    deployment: Option<ComponentId>,
    grown: Option<u64>,
) -> (Stage, Option<String>) {
    if !decision.believed {
        let why = match &decision.by.signature {
            Answer::Bad(why) => format!("it decides nothing: its signature is bad: {why}"),
            Answer::Good { .. } | Answer::None | Answer::UnknownSigner(_) | Answer::Expired(_) => {
                "it decides nothing: nobody here accepted this journal, something is wrong with it, or no name stands there"
                    .to_owned()
            }
        };
        return (Stage::NotBelieved, Some(why));
    }
    if let Action::Accept { ends, .. } = &decision.action
        && world.now >= ends.moment()
    {
        return (Stage::Ended, Some(format!("accepted until {ends}, which has passed")));
    }
    if let Some(entry) = grown {
        return (Stage::Ended, Some(format!("the incident grew over it (#{entry})")));
    }
    let seen = seen(world, decision, deployment);
    if let Some((inventory, true)) = seen {
        let file = world.graph.file(inventory.document).show();
        let why = format!("{file}, taken {}, still has it serving", inventory.taken.brief(world.now));
        return (Stage::Contradicted, Some(why));
    }
    if let Some(why) = deployment.and_then(|deployment| changed(world, &decision.basis, deployment)) {
        return (Stage::Ended, Some(why));
    }
    match seen {
        Some(_) => (Stage::Confirmed, None),
        None if decision.is_done() => (Stage::Done, None),
        None => (Stage::Decided, None),
    }
}

/// The newest inventory that was taken after a decision was done and speaks of the environment, and whether the deployment
/// is in it. Of several that are equally new, one that has it.
fn seen(world: &World<'_>, decision: &Decision, deployment: Option<ComponentId>) -> Option<(Inventory, bool)> {
    let (done, _) = decision.done.as_ref().filter(|_| decision.is_done() && decision.action.is_seen_in_inventories())?;
    let environment = decision.basis.environment.as_deref()?;
    let later = world.inventories.iter().filter(|inventory| inventory.taken > done.time);
    let speaking = later.filter(|inventory| speaks_of(world.graph, inventory.document, environment));
    let has = |inventory: &Inventory| {
        let mut declared = deployment.into_iter().flat_map(|deployment| world.graph.declared_in(deployment));
        declared.any(|source| source.document == inventory.document)
    };
    speaking.map(|inventory| (*inventory, has(inventory))).max_by_key(|(inventory, has)| (inventory.taken, *has))
}

/// Whether a document lists any deployment in an environment.
fn speaks_of(graph: &Graph, document: DocumentId, environment: &str) -> bool {
    graph.of_kind(Kind::Deployment).any(|deployment| {
        let own = graph.deployment(deployment).and_then(|info| info.environment);
        own.is_some_and(|own| graph.text(own).as_key().eq_ignore_ascii_case(environment))
            && graph.declared_in(deployment).any(|source| source.document == document)
    })
}

/// What has changed of a deployment since something was decided of it.
fn changed(world: &World<'_>, basis: &Basis, deployment: ComponentId) -> Option<String> {
    let graph = world.graph;
    let now = models(graph, deployment);
    if now != basis.models {
        let shown = |models: &[String]| match models {
            [] => "nothing known".to_owned(),
            models => models.iter().map(|model| Untrusted::new(model).show().into_string()).collect::<Vec<_>>().join(" and "),
        };
        return Some(format!("it runs {} now, and ran {} when that was decided", shown(&now), shown(&basis.models)));
    }
    if closure::closure(graph, deployment) == basis.closure {
        return None;
    }
    let mut causes = Vec::new();
    for (file, before) in &basis.files {
        let shown = Untrusted::new(file).show();
        match (world.digest)(file) {
            None => causes.push(format!("{shown} is gone")),
            Some(now) if now != *before => causes.push(format!("{shown} changed")),
            Some(_) => {}
        }
    }
    let new = closure::files(graph, deployment).into_iter().filter(|file| !basis.files.contains_key(file));
    causes.extend(new.map(|file| format!("{} is new", Untrusted::new(&file).show())));
    causes.truncate(3);
    let causes = if causes.is_empty() { "how it is joined changed".to_owned() } else { causes.join(", ") };
    Some(format!("what it is made of changed since: {causes}"))
}
