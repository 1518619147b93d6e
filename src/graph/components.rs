//! Clusters as components: what their documents say of them.

use crate::graph::Component;
use crate::graph::DeploymentInfo;
use crate::graph::Graph;
use crate::graph::Source;
use crate::graph::corpus::Corpus;
use crate::graph::declared::Declared;
use crate::graph::identity::ClusterRow;
use crate::graph::identity::Identity;
use crate::graph::identity::is_package;
use crate::graph::ids::DigestId;
use crate::graph::ids::DocumentId;
use crate::graph::ids::StatementId;
use crate::graph::meanings::Meanings;
use crate::graph::meanings::Target;
use crate::graph::names;
use crate::graph::rows::Rows;
use crate::graph::statement::Statement;
use crate::graph::statements::Statements;
use crate::model::document::Sections;
use crate::model::document::Standing;
use crate::model::kind::Evidence;
use crate::model::kind::Kind;
use crate::model::settings::Settings;
use crate::text::TextId;
use globset::Glob;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::cmp::Reverse;

/// Row of a component to be: its cluster's row; deployments come after all clusters.
pub(super) type Row = ClusterRow;

/// The least place that mentions a component: number of the file in the order of names, and line.
pub(super) type First = (u32, u32);
/// Mentioned nowhere yet.
pub(super) const UNSEEN: First = (u32::MAX, u32::MAX);

/// A component before it has its place in the graph.
#[derive(Debug, Clone)]
pub(super) struct Drafted {
    pub kind: Kind,
    pub name: TextId,
    pub version: Option<TextId>,
    pub model_id: Option<TextId>,
    pub purl: Option<TextId>,
    /// Its strongest digest; packages are not told apart by one.
    pub digest: Option<DigestId>,
    pub owner: Option<TextId>,
    pub sections: Sections,
    pub documented: bool,
    /// Several documents list it, and only its name says that they mean one thing.
    pub welded: bool,
    pub first: First,
    pub deployment: Option<Box<DeploymentInfo>>,
    /// What a deployment runs.
    pub runs: Box<[Row]>,
}

/// All components to be: clusters in their order, then deployments.
pub(super) struct Draft {
    pub components: Vec<Drafted>,
    /// Which documents list a component, or are about it, in their order.
    pub declared_in: Vec<(usize, Source)>,
    /// By document and mention: the row of a deployment.
    pub deployment_of: FxHashMap<(DocumentId, u32), Row>,
    /// By document: the number of its file.
    pub files: Vec<u32>,
}

/// Drafts a component for each cluster.
pub(super) fn draft(corpus: &mut Corpus, identity: &Identity, settings: &Settings) -> Draft {
    let clusters = identity.clusters.par_iter().enumerate();
    let components = clusters.map(|(row, cluster)| named(corpus, cluster.kind, cluster.anchored, identity.members.row(row)));
    let mut draft = Draft {
        components: components.collect(),
        declared_in: Vec::new(),
        deployment_of: FxHashMap::default(),
        files: files(corpus),
    };
    let owners = owners_of_files(corpus, settings);
    let mut n_lists = vec![0_u32; draft.components.len()];
    let mut by_name = vec![false; draft.components.len()];
    for (row, entry) in corpus.documents.iter().enumerate() {
        let (document, file) = (DocumentId::new(row), draft.files[row]);
        for mention in corpus.mentions(entry) {
            let Some(id) = mention.statement else { continue };
            let statement = corpus.statements.get(id);
            for (cluster, evidence) in identity.targets.row(id.row()) {
                let component = &mut draft.components[*cluster as usize];
                component.first = component.first.min((file, mention.line));
                if statement.standing == Standing::Reference {
                    continue;
                }
                n_lists[*cluster as usize] += 1;
                by_name[*cluster as usize] |= *evidence == Evidence::Name && !is_package(statement.kind);
                let source = Source { evidence: *evidence, document, line: mention.line, statement: Some(id) };
                draft.declared_in.push((*cluster as usize, source));
            }
        }
        for said in corpus.subjects(entry) {
            let statement = corpus.mentions(entry).get(said.mention.0 as usize).and_then(|mention| mention.statement);
            for (cluster, _) in statement.map_or(&[][..], |id| identity.targets.row(id.row())) {
                let component = &mut draft.components[*cluster as usize];
                component.documented = true;
                component.sections = component.sections.union(said.sections);
                component.owner = component.owner.or(said.owner).or(owners.get(row).copied().flatten());
            }
        }
    }
    for ((component, n), by_name) in draft.components.iter_mut().zip(n_lists).zip(by_name) {
        component.welded = by_name && n > 1;
    }
    draft
}

/// By document: the number of its file. Documents of one file follow one another.
fn files(corpus: &Corpus) -> Vec<u32> {
    let mut last = None;
    let mut number = 0;
    let each = corpus.documents.iter().map(|entry| {
        if last.is_some_and(|last| last != entry.info.file) {
            number += 1;
        }
        last = Some(entry.info.file);
        number
    });
    each.collect()
}

/// A component with the commonest of each name that those who list it give it, or all where nobody does; ties by text.
fn named(corpus: &Corpus, kind: Kind, anchored: bool, members: &[StatementId]) -> Drafted {
    let statements = &corpus.statements;
    let naming: Vec<StatementId> = members.iter().copied().filter(|id| !anchored || statements.get(*id).is_anchor()).collect();
    let each = || naming.iter().map(|id| (statements.get(*id), corpus.stated[id.row()]));
    let digests = naming.iter().flat_map(|id| statements.get(*id).digests.iter().copied());
    // A cluster is founded by a statement, so there is a first one.
    let name = commonest(statements, each().map(|(s, n)| (s.name, n))).unwrap_or(statements.get(members[0]).name);
    // A version that another name has would make a `name@version` that nobody stated.
    let named_so = |s: &Statement<'_>| statements.texts.key(s.name).eq_ignore_ascii_case(statements.texts.key(name));
    let versions = || each().filter(|(s, _)| named_so(s)).filter_map(|(s, n)| Some((s, s.version?, n)));
    let identifying = versions().filter(|(s, ..)| statements.version(s).is_some()).map(|(_, version, n)| (version, n));
    let any_version = || commonest(statements, versions().map(|(_, version, n)| (version, n)));
    Drafted {
        kind,
        name,
        version: commonest(statements, identifying).or_else(any_version),
        model_id: commonest(statements, each().filter_map(|(s, n)| Some((s.model_id?, n)))),
        purl: commonest(statements, each().filter_map(|(s, n)| Some((s.purl?, n)))),
        // Digests are numbered by value.
        digest: digests.min().filter(|_| !is_package(kind)),
        owner: None,
        sections: Sections::default(),
        documented: false,
        welded: false,
        first: UNSEEN,
        deployment: None,
        runs: Box::default(),
    }
}

/// The text that most mentions have; of equally common ones the least. Blank ones count for nothing.
fn commonest(statements: &Statements, stated: impl Iterator<Item = (TextId, u32)>) -> Option<TextId> {
    let mut counts: Vec<(TextId, u32)> = stated.collect();
    counts.sort_unstable();
    counts.dedup_by(|next, sum| {
        let same = next.0 == sum.0;
        sum.1 += if same { next.1 } else { 0 };
        same
    });
    counts.retain(|(text, _)| !statements.texts.key(*text).trim().is_empty());
    counts.into_iter().min_by_key(|(text, n)| (Reverse(*n), statements.texts.key(*text))).map(|(text, _)| text)
}

/// Puts the components into the graph in their final order. `order[row]` is the id of the draft's row.
pub(super) fn place(graph: &mut Graph, draft: &mut Draft, order: &[names::Named], identity: &Identity) {
    let n = draft.components.len();
    let mut rows: Vec<usize> = vec![0; n];
    for (row, named) in order.iter().enumerate() {
        rows[named.at.row()] = row;
    }
    let mut statements_of = Vec::with_capacity(identity.members.len());
    graph.components.reserve_exact(n);
    for row in rows {
        let (drafted, named) = (&mut draft.components[row], &order[row]);
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
        statements_of.extend(identity.members.row(row).iter().map(|statement| (named.at.row(), *statement)));
        if let Some(info) = drafted.deployment.take() {
            graph.deployments.insert(named.at, *info);
        }
    }
    let mut declared_in = std::mem::take(&mut draft.declared_in);
    for (row, _) in &mut declared_in {
        *row = order[*row].at.row();
    }
    graph.statements_of = Rows::build(n, &statements_of);
    graph.declared_in = Declared::new(n, &declared_in, &graph.statements_of);
    graph.meanings = meanings(order, identity);
}

fn meanings(order: &[names::Named], identity: &Identity) -> Meanings {
    Meanings::new(identity.choices.iter().enumerate().map(|(row, choice)| {
        let targets = identity.targets.row(row).iter();
        let mut targets: Vec<Target> =
            targets.map(|(cluster, evidence)| Target::new(order[*cluster as usize].at, *evidence)).collect();
        targets.sort_by_key(|target| (target.evidence(), target.component()));
        (targets, *choice)
    }))
}

/// By document: who owns its file, by the top configuration; empty where it names nobody.
fn owners_of_files(corpus: &mut Corpus, settings: &Settings) -> Vec<Option<TextId>> {
    let patterns = settings.owners.iter().flat_map(|(owner, globs)| globs.iter().map(move |glob| (owner, glob)));
    let texts = &mut corpus.statements.texts;
    let globs: Vec<_> = patterns
        .filter(|(_, glob)| !glob.starts_with("service:"))
        .filter_map(|(owner, glob)| Some((Glob::new(glob).ok()?.compile_matcher(), texts.intern(owner))))
        .collect();
    if globs.is_empty() {
        return Vec::new();
    }
    let owner_of = |file: &str| globs.iter().find(|(glob, _)| glob.is_match(file)).map(|(_, owner)| *owner);
    corpus.documents.iter().map(|entry| owner_of(texts.key(entry.info.file))).collect()
}
