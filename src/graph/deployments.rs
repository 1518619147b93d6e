//! Deployments: what runs where, joined by model, environment and service.
//!
//! An SBOM and an inventory that speak of one model in one environment speak of one deployment, unless they name
//! different services.

use crate::graph::DeploymentInfo;
use crate::graph::FieldRef;
use crate::graph::Source;
use crate::graph::build::Read;
use crate::graph::components::Draft;
use crate::graph::components::Drafted;
use crate::graph::identity::Identity;
use crate::graph::statement::Statements;
use crate::model::document::Deployment;
use crate::model::document::MentionId;
use crate::model::document::Sections;
use crate::model::kind::Evidence;
use crate::model::kind::Kind;
use crate::model::kind::Relation;
use crate::model::settings::Settings;
use crate::text::TextId;
use globset::Glob;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

/// One mention of a deployment.
struct Said {
    document: usize,
    mention: u32,
    /// Rows of the clusters that it runs.
    runs: Vec<usize>,
    /// Where an answer begins: names the deployment if it runs nothing known.
    source: Source,
    place: (String, u32),
    facts: Facts,
    fields: Vec<FieldRef>,
}

/// The facts of a mention as texts of the graph.
#[derive(Clone)]
struct Facts {
    environment: Option<TextId>,
    service: Option<TextId>,
    owner: Option<TextId>,
    criticality: Option<TextId>,
    inventory: bool,
}

/// What makes two mentions one deployment: what runs, and where (lower-case).
type Spot = (Vec<usize>, String, Option<String>);

/// Adds the deployments of all documents to the draft.
pub(super) fn add(
    draft: &mut Draft,
    identity: &Identity,
    statements: &mut Statements,
    read: &mut [Read<'_>],
    settings: &Settings,
) {
    let mut said = Vec::new();
    for (document, read) in read.iter_mut().enumerate() {
        collect(document, read, identity, statements, &mut said);
    }
    let lower = |id: Option<TextId>, statements: &Statements| id.map(|id| statements.texts.key(id).to_lowercase());
    let mut services: BTreeMap<(Vec<usize>, String), BTreeSet<String>> = BTreeMap::new();
    for said in &said {
        let at = (said.runs.clone(), lower(said.facts.environment, statements).unwrap_or_default());
        services.entry(at).or_default().extend(lower(said.facts.service, statements));
    }
    let mut spots: BTreeMap<Spot, Vec<Said>> = BTreeMap::new();
    for said in said {
        let at = (said.runs.clone(), lower(said.facts.environment, statements).unwrap_or_default());
        let known = services.get(&at).filter(|known| known.len() == 1 && !said.runs.is_empty());
        let only = known.and_then(|known| known.first().cloned());
        let service = lower(said.facts.service, statements).or(only);
        spots.entry((at.0, at.1, service)).or_default().push(said);
    }
    let stages = Stages::new(settings, spots.keys().map(|(_, environment, _)| environment.as_str()));
    let owners = service_owners(settings);
    for ((runs, environment, service), mentions) in spots {
        let row = draft.components.len();
        let owner = service.as_ref().and_then(|service| owners.iter().find(|(glob, _)| glob.is_match(service)));
        let owner = owner.map(|(_, owner)| statements.texts.intern(owner));
        let mut component = drafted(&mentions, runs, statements);
        if let Some(info) = &mut component.deployment {
            info.stage = stages.of(&environment);
            let of_model = component.runs.iter().find_map(|run| draft.components.get(*run).and_then(|model| model.owner));
            info.owner = info.owner.or(owner).or(of_model);
            component.owner = info.owner;
        }
        draft.components.push(component);
        draft.deployment_of.extend(mentions.iter().map(|said| ((said.document, said.mention), row)));
    }
}

fn collect(document: usize, read: &mut Read<'_>, identity: &Identity, statements: &mut Statements, said: &mut Vec<Said>) {
    let file = read.document;
    for (row, mention) in file.mentions.iter().enumerate() {
        let Some(facts) = &mention.deployment else { continue };
        let id = MentionId(u32::try_from(row).unwrap_or(u32::MAX));
        let links = file.links.iter().filter(|link| link.downstream == id && link.relation == Relation::Deployed);
        let mut runs: Vec<usize> = links
            .filter_map(|link| read.statement(link.upstream))
            .flat_map(|statement| identity.meanings[statement.row()].targets.iter().map(|(cluster, _)| *cluster))
            .collect();
        runs.sort_unstable();
        runs.dedup();
        let Deployment { environment, service, owner, criticality, inventory } = **facts;
        let own = file.fields.iter().filter(|field| field.mention == id);
        let mut known = |id: TextId| read.remap.text(&mut statements.texts, id);
        let fields: Vec<FieldRef> = own
            .map(|field| FieldRef { key: known(field.key), value: known(field.value), document: read.id, line: field.line })
            .collect();
        let mut text = |id: Option<TextId>| id.map(&mut known);
        said.push(Said {
            document,
            mention: id.0,
            runs,
            source: Source { evidence: Evidence::Digest, document: read.id, line: mention.place.line, statement: None },
            place: (String::new(), mention.place.line),
            facts: Facts {
                environment: text(environment),
                service: text(service),
                owner: text(owner),
                criticality: text(criticality),
                inventory,
            },
            fields,
        });
    }
}

/// The mentions of one deployment as a component; what its own document says goes before what an inventory says.
fn drafted(mentions: &[Said], runs: Vec<usize>, statements: &mut Statements) -> Drafted {
    let mut facts: Vec<&Facts> = mentions.iter().map(|said| &said.facts).collect();
    facts.sort_by_key(|facts| facts.inventory);
    let first = |of: fn(&Facts) -> Option<TextId>| facts.iter().find_map(|facts| of(facts));
    Drafted {
        kind: Kind::Deployment,
        name: statements.texts.intern(""),
        version: None,
        model_id: None,
        purl: None,
        hex: None,
        owner: None,
        sections: Sections::default(),
        documented: true,
        welded: false,
        by_name: false,
        statements: Vec::new(),
        declared_in: mentions.iter().map(|said| said.source).collect(),
        fields: mentions.iter().flat_map(|said| said.fields.iter().copied()).collect(),
        deployment: Some(DeploymentInfo {
            environment: first(|f| f.environment),
            service: first(|f| f.service),
            owner: first(|f| f.owner),
            criticality: first(|f| f.criticality),
            inventory_only: facts.iter().all(|f| f.inventory),
            stage: 0,
        }),
        runs,
        first: mentions.iter().map(|said| said.place.clone()).min().unwrap_or_default(),
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
