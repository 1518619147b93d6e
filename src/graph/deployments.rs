//! Deployments: what runs where, joined by model, environment and service.
//!
//! An SBOM and an inventory that speak of one model in one environment speak of one deployment, unless they name
//! different services.

use crate::graph::DeploymentInfo;
use crate::graph::Source;
use crate::graph::components::Draft;
use crate::graph::components::Drafted;
use crate::graph::components::First;
use crate::graph::components::Row;
use crate::graph::components::UNSEEN;
use crate::graph::corpus::Corpus;
use crate::graph::corpus::Deployment;
use crate::graph::corpus::Entry;
use crate::graph::identity::Identity;
use crate::graph::ids::DocumentId;
use crate::model::document::MentionId;
use crate::model::document::Sections;
use crate::model::kind::Evidence;
use crate::model::kind::Kind;
use crate::model::kind::Relation;
use crate::model::settings::Settings;
use crate::text::TextId;
use crate::text::Texts;
use globset::Glob;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

/// One mention of a deployment.
struct Said {
    at: (DocumentId, u32),
    /// What it runs.
    runs: Vec<Row>,
    source: Source,
    first: First,
    facts: Deployment,
}

/// What makes two mentions one deployment: what runs, and where (lower-case).
type Spot = (Vec<Row>, String, Option<String>);

/// Adds the deployments of all documents to the draft.
pub(super) fn add(draft: &mut Draft, identity: &Identity, corpus: &mut Corpus, settings: &Settings) {
    let mut said = Vec::new();
    for (row, entry) in corpus.documents.iter().enumerate() {
        collect(DocumentId::new(row), draft.files[row], entry, corpus, identity, &mut said);
    }
    let texts = &mut corpus.statements.texts;
    let lower = |id: Option<TextId>, texts: &Texts| id.map(|id| texts.key(id).to_lowercase());
    let mut services: BTreeMap<(Vec<Row>, String), BTreeSet<String>> = BTreeMap::new();
    for said in &said {
        let at = (said.runs.clone(), lower(said.facts.environment, texts).unwrap_or_default());
        services.entry(at).or_default().extend(lower(said.facts.service, texts));
    }
    let mut spots: BTreeMap<Spot, Vec<Said>> = BTreeMap::new();
    for said in said {
        let at = (said.runs.clone(), lower(said.facts.environment, texts).unwrap_or_default());
        let known = services.get(&at).filter(|known| known.len() == 1 && !said.runs.is_empty());
        let only = known.and_then(|known| known.first().cloned());
        let service = lower(said.facts.service, texts).or(only);
        spots.entry((at.0, at.1, service)).or_default().push(said);
    }
    let stages = Stages::new(settings, spots.keys().map(|(_, environment, _)| environment.as_str()));
    let owners = service_owners(settings);
    for ((runs, environment, service), mentions) in spots {
        let row = draft.components.len();
        let owner = service.as_ref().and_then(|service| owners.iter().find(|(glob, _)| glob.is_match(service)));
        let owner = owner.map(|(_, owner)| texts.intern(owner));
        let mut component = drafted(&mentions, runs, texts);
        if let Some(info) = &mut component.deployment {
            info.stage = stages.of(&environment);
            let of_model =
                component.runs.iter().find_map(|run| draft.components.get(*run as usize).and_then(|model| model.owner));
            info.owner = info.owner.or(owner).or(of_model);
            component.owner = info.owner;
        }
        draft.components.push(component);
        draft.declared_in.extend(mentions.iter().map(|said| (row, said.source)));
        let row = Row::try_from(row).unwrap_or(Row::MAX);
        draft.deployment_of.extend(mentions.iter().map(|said| (said.at, row)));
    }
}

/// What one document says of deployments.
fn collect(document: DocumentId, file: u32, entry: &Entry, corpus: &Corpus, identity: &Identity, said: &mut Vec<Said>) {
    let deployments = corpus.deployments(entry);
    if deployments.is_empty() {
        return;
    }
    let mentions = corpus.mentions(entry);
    let mut runs: FxHashMap<MentionId, Vec<Row>> = FxHashMap::default();
    for link in corpus.links(entry).iter().filter(|link| link.relation == Relation::Deployed) {
        let statement = mentions.get(link.upstream.0 as usize).and_then(|mention| mention.statement);
        let targets = statement.map_or(&[][..], |id| identity.targets.row(id.row()));
        runs.entry(link.downstream).or_default().extend(targets.iter().map(|(cluster, _)| *cluster));
    }
    for facts in deployments {
        let mut runs = runs.get(&facts.mention).cloned().unwrap_or_default();
        runs.sort_unstable();
        runs.dedup();
        let line = mentions.get(facts.mention.0 as usize).map_or(0, |mention| mention.line);
        said.push(Said {
            at: (document, facts.mention.0),
            runs,
            source: Source { evidence: Evidence::Digest, document, line, statement: None },
            first: (file, line),
            facts: *facts,
        });
    }
}

/// The mentions of one deployment as a component; what its own document says goes before what an inventory says.
fn drafted(mentions: &[Said], runs: Vec<Row>, texts: &mut Texts) -> Drafted {
    let mut facts: Vec<&Deployment> = mentions.iter().map(|said| &said.facts).collect();
    facts.sort_by_key(|facts| facts.inventory);
    let first = |of: fn(&Deployment) -> Option<TextId>| facts.iter().find_map(|facts| of(facts));
    Drafted {
        kind: Kind::Deployment,
        name: texts.intern(""),
        version: None,
        model_id: None,
        purl: None,
        digest: None,
        owner: None,
        sections: Sections::default(),
        documented: true,
        welded: false,
        first: mentions.iter().map(|said| said.first).min().unwrap_or(UNSEEN),
        deployment: Some(Box::new(DeploymentInfo {
            environment: first(|f| f.environment),
            service: first(|f| f.service),
            owner: first(|f| f.owner),
            criticality: first(|f| f.criticality),
            inventory_only: facts.iter().all(|f| f.inventory),
            stage: 0,
        })),
        runs: runs.into_boxed_slice(),
    }
}

/// The order of environments: `environments:` of the top configuration, last first; without it `prod*`, then by name.
struct Stages {
    globs: Vec<(globset::GlobMatcher, u16)>,
    others: BTreeMap<String, u16>,
}

impl Stages {
    fn new<'e>(settings: &Settings, environments: impl Iterator<Item = &'e str>) -> Self {
        let count = settings.environments.len();
        let globs = settings.environments.iter().enumerate().flat_map(|(row, (_, globs))| {
            let rank = u16::try_from(count - 1 - row).unwrap_or(u16::MAX);
            globs.iter().filter_map(move |glob| Some((Glob::new(&glob.to_lowercase()).ok()?.compile_matcher(), rank)))
        });
        let base = u16::try_from(count).unwrap_or(u16::MAX);
        let production = Glob::new("prod*").ok().filter(|_| count == 0).map(|glob| (glob.compile_matcher(), 0));
        let names: BTreeSet<&str> = environments.collect();
        let others = names.into_iter().enumerate().map(|(row, name)| {
            let rank = u16::try_from(row + 1).unwrap_or(u16::MAX).saturating_add(base);
            (name.to_owned(), rank)
        });
        Self { globs: globs.chain(production).collect(), others: others.collect() }
    }

    fn of(&self, environment: &str) -> u16 {
        let listed = self.globs.iter().find(|(glob, _)| glob.is_match(environment)).map(|(_, rank)| *rank);
        listed.or_else(|| self.others.get(environment).copied()).unwrap_or(u16::MAX)
    }
}

fn service_owners(settings: &Settings) -> Vec<(globset::GlobMatcher, &str)> {
    let patterns = settings.owners.iter().flat_map(|(owner, globs)| globs.iter().map(move |glob| (owner, glob)));
    patterns
        .filter_map(|(owner, glob)| Some((Glob::new(glob.strip_prefix("service:")?).ok()?.compile_matcher(), owner.as_str())))
        .collect()
}
