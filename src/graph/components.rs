//! Clusters as components: what their documents say of them.

use crate::graph::Component;
use crate::graph::DeploymentInfo;
use crate::graph::FieldRef;
use crate::graph::Graph;
use crate::graph::Source;
use crate::graph::build::Input;
use crate::graph::build::Read;
use crate::graph::identity::Identity;
use crate::graph::identity::is_package;
use crate::graph::ids::ComponentId;
use crate::graph::ids::StatementId;
use crate::graph::names;
use crate::graph::rows::Rows;
use crate::graph::statement::Statements;
use crate::model::document::Sections;
use crate::model::document::Standing;
use crate::model::kind::Evidence;
use crate::model::kind::Kind;
use crate::text::TextId;
use globset::Glob;
use rustc_hash::FxHashMap;

/// A component before it has its place in the graph.
#[derive(Debug, Clone)]
pub(super) struct Drafted {
    pub kind: Kind,
    pub name: TextId,
    pub version: Option<TextId>,
    pub model_id: Option<TextId>,
    pub purl: Option<TextId>,
    /// Hex digits of its strongest digest.
    pub hex: Option<String>,
    pub owner: Option<TextId>,
    pub sections: Sections,
    pub documented: bool,
    /// Several documents list it, and only its name says that they mean one thing.
    pub welded: bool,
    /// Some document lists it by its name only.
    pub by_name: bool,
    pub statements: Vec<StatementId>,
    pub declared_in: Vec<Source>,
    pub fields: Vec<FieldRef>,
    pub deployment: Option<DeploymentInfo>,
    /// What a deployment runs; rows of clusters.
    pub runs: Vec<usize>,
    /// Least `file:line` that mentions it.
    pub first: (String, u32),
}

/// All components to be: clusters in their order, then deployments.
pub(super) struct Draft {
    pub components: Vec<Drafted>,
    /// By document row and mention: the row of a deployment.
    pub deployment_of: FxHashMap<(usize, u32), usize>,
}

/// Drafts a component for each cluster.
pub(super) fn draft(statements: &mut Statements, identity: &Identity, read: &mut [Read<'_>], input: &Input) -> Draft {
    let mut components: Vec<Drafted> = identity
        .clusters
        .iter()
        .map(|cluster| {
            let anchors = cluster.statements.iter().filter(|id| statements.get(**id).is_anchor());
            let naming: Vec<StatementId> = if cluster.anchored { anchors.copied().collect() } else { cluster.statements.clone() };
            named(statements, cluster.kind, &naming, cluster.statements.clone())
        })
        .collect();
    let owners = Owners::new(input);
    for ((file, _), read) in input.documents.iter().zip(read) {
        let owner = owners.of_file(file).map(|owner| statements.texts.intern(owner));
        for (row, mention) in read.document.mentions.iter().enumerate() {
            let Some(statement) = read.statements.get(row).copied().flatten() else { continue };
            let place = (file.clone(), mention.place.line);
            let stated = mention.owner.map(|id| read.remap.text(&mut statements.texts, id));
            for (cluster, evidence) in &identity.meanings[statement.row()].targets {
                let component = &mut components[*cluster];
                if component.first.0.is_empty() || place < component.first {
                    component.first.clone_from(&place);
                }
                if mention.standing == Standing::Reference {
                    continue;
                }
                component.by_name |= *evidence == Evidence::Name && !is_package(mention.kind);
                let source =
                    Source { evidence: *evidence, document: read.id, line: mention.place.line, statement: Some(statement) };
                component.declared_in.push(source);
                if mention.standing == Standing::Subject {
                    component.documented = true;
                    component.sections = component.sections.union(mention.sections);
                    component.owner = component.owner.or(stated).or(owner);
                }
            }
        }
        for field in &read.document.fields {
            let Some(statement) = read.statement(field.mention) else { continue };
            let Some((cluster, _)) = identity.meanings[statement.row()].targets.first() else { continue };
            let key = read.remap.text(&mut statements.texts, field.key);
            let value = read.remap.text(&mut statements.texts, field.value);
            components[*cluster].fields.push(FieldRef { key, value, document: read.id, line: field.line });
        }
    }
    for component in &mut components {
        component.welded = component.by_name && component.declared_in.len() > 1;
    }
    Draft { components, deployment_of: FxHashMap::default() }
}

/// A component with the commonest of each name that `naming` gives it; ties by text.
fn named(statements: &Statements, kind: Kind, naming: &[StatementId], all: Vec<StatementId>) -> Drafted {
    let common = |texts: &mut dyn Iterator<Item = (TextId, u32)>| {
        let mut counts: FxHashMap<TextId, u32> = FxHashMap::default();
        for (text, n) in texts {
            *counts.entry(text).or_default() += n;
        }
        let mut counts: Vec<_> = counts.into_iter().filter(|(text, _)| !statements.texts.key(*text).trim().is_empty()).collect();
        counts.sort_by_key(|(text, n)| (std::cmp::Reverse(*n), statements.texts.key(*text)));
        counts.first().map(|(text, _)| *text)
    };
    let each = || naming.iter().map(|id| (statements.get(*id), statements.mentions[id.row()]));
    let digest = naming.iter().flat_map(|id| statements.get(*id).digests.iter()).map(|id| statements.digest_of(*id)).min();
    let name = common(&mut each().map(|(s, n)| (s.name, n)));
    let identifying =
        common(&mut each().filter(|(s, _)| statements.version(s).is_some()).filter_map(|(s, n)| Some((s.version?, n))));
    let any_version = || common(&mut each().filter_map(|(s, n)| Some((s.version?, n))));
    Drafted {
        kind,
        // A cluster is founded by a statement, so there is a first one.
        name: name.unwrap_or(statements.get(all[0]).name),
        version: identifying.or_else(any_version),
        model_id: common(&mut each().filter_map(|(s, n)| Some((s.model_id?, n)))),
        purl: common(&mut each().filter_map(|(s, n)| Some((s.purl?, n)))),
        hex: digest.filter(|_| !is_package(kind)).map(crate::model::digest::Digest::hex),
        owner: None,
        sections: Sections::default(),
        documented: false,
        welded: false,
        by_name: false,
        statements: all,
        declared_in: Vec::new(),
        fields: Vec::new(),
        deployment: None,
        runs: Vec::new(),
        first: (String::new(), 0),
    }
}

/// Puts the components into the graph in their final order. `order[row]` is the id of the draft's row.
pub(super) fn place(graph: &mut Graph, draft: &Draft, order: &[names::Named], identity: &Identity) {
    let n = draft.components.len();
    let mut rows: Vec<usize> = (0..n).collect();
    rows.sort_by_key(|row| order[*row].at);
    let mut statements_of = Vec::new();
    let mut declared_in = Vec::new();
    let mut fields = Vec::new();
    for row in rows {
        let (drafted, named) = (&draft.components[row], &order[row]);
        graph.components.push(Component {
            kind: drafted.kind,
            id: named.id,
            label: named.label,
            name: drafted.name,
            version: drafted.version,
            owner: drafted.owner,
            sections: drafted.sections,
            documented: drafted.documented,
        });
        let at = named.at.row();
        statements_of.extend(drafted.statements.iter().map(|statement| (at, *statement)));
        declared_in.extend(drafted.declared_in.iter().map(|source| (at, *source)));
        fields.extend(drafted.fields.iter().map(|field| (at, *field)));
        if let Some(info) = &drafted.deployment {
            graph.deployments.insert(named.at, info.clone());
        }
    }
    graph.statements_of = Rows::build(n, &statements_of);
    graph.declared_in = Rows::build(n, &declared_in);
    graph.fields = Rows::build(n, &fields);
    graph.meanings = identity
        .meanings
        .iter()
        .map(|meaning| {
            let mut targets: Vec<(ComponentId, Evidence)> = meaning.targets.iter().map(|(c, e)| (order[*c].at, *e)).collect();
            targets.sort_by_key(|(component, evidence)| (*evidence, *component));
            (targets.into_boxed_slice(), meaning.choice)
        })
        .collect();
}

/// Who owns which files and services, by the top configuration.
pub(super) struct Owners {
    files: Vec<(globset::GlobMatcher, String)>,
}

impl Owners {
    fn new(input: &Input) -> Self {
        let patterns = input.settings.owners.iter().flat_map(|(owner, globs)| globs.iter().map(move |glob| (owner, glob)));
        let files = patterns
            .filter(|(_, glob)| !glob.starts_with("service:"))
            .filter_map(|(owner, glob)| Some((Glob::new(glob).ok()?.compile_matcher(), owner.clone())))
            .collect();
        Self { files }
    }

    fn of_file(&self, file: &str) -> Option<&str> {
        self.files.iter().find(|(glob, _)| glob.is_match(file)).map(|(_, owner)| owner.as_str())
    }
}
