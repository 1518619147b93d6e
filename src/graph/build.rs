//! From documents to a graph, step by step.

use crate::graph::DocumentInfo;
use crate::graph::Graph;
use crate::graph::components;
use crate::graph::deployments;
use crate::graph::doubts;
use crate::graph::identity;
use crate::graph::ids::DocumentId;
use crate::graph::ids::StatementId;
use crate::graph::links;
use crate::graph::names;
use crate::graph::select;
use crate::graph::select::StartAt;
use crate::graph::selector::Selector;
use crate::graph::statement::Remap;
use crate::graph::statement::Statements;
use crate::model::document::Document;
use crate::model::document::MentionId;
use crate::model::document::Place;
use crate::model::finding::Code;
use crate::model::finding::Finding;
use crate::model::kind::Kind;
use crate::model::settings::SETTINGS_FILE;
use crate::model::settings::Settings;
use crate::text::Untrusted;

/// What a repository was read into.
#[derive(Debug, Default)]
pub(crate) struct Input {
    /// With the file of each, relative to the repository.
    pub documents: Vec<(String, Document)>,
    /// Findings of files that gave no document.
    pub problems: Vec<Finding>,
    pub settings: Settings,
    /// Whether all files were looked at.
    pub complete: bool,
}

/// A document whose mentions are statements of the graph.
pub(super) struct Read<'d> {
    pub id: DocumentId,
    pub document: &'d Document,
    /// By mention; `None` for deployments, which are no statements.
    pub statements: Vec<Option<StatementId>>,
    pub remap: Remap<'d>,
}

impl Read<'_> {
    /// The statement that a mention makes.
    pub(super) fn statement(&self, mention: MentionId) -> Option<StatementId> {
        self.statements.get(mention.0 as usize).copied().flatten()
    }
}

/// Builds the graph. The order of `input.documents` does not matter.
pub(crate) fn build(mut input: Input) -> Graph {
    input.documents.sort_by(|(a, x), (b, y)| (a, x.member).cmp(&(b, y.member)));
    let mut statements = Statements::default();
    let mut infos = Vec::new();
    let mut read: Vec<Read<'_>> = Vec::new();
    for (row, (file, document)) in input.documents.iter().enumerate() {
        let mut remap = Remap::new(&document.texts);
        infos.push(DocumentInfo {
            file: statements.texts.intern(file),
            member: document.member,
            format: document.format,
            format_version: document.format_version.clone(),
            counts: document.counts,
        });
        let mut of_document = Vec::with_capacity(document.mentions.len());
        for mention in &document.mentions {
            of_document.push((mention.kind != Kind::Deployment).then(|| statements.add(mention, &mut remap)));
        }
        read.push(Read { id: DocumentId::new(row), document, statements: of_document, remap });
    }
    let identity = identity::resolve(&mut statements);
    let mut draft = components::draft(&mut statements, &identity, &mut read, &input);
    deployments::add(&mut draft, &identity, &mut statements, &mut read, &input.settings);
    let order = names::assign(&mut draft, &mut statements);
    let mut graph =
        Graph { statements, documents: infos, settings: input.settings, complete: input.complete, ..Graph::default() };
    components::place(&mut graph, &draft, &order, &identity);
    let mut findings = links::place(&mut graph, &draft, &order, &identity, &mut read);
    findings.append(&mut input.problems);
    findings.extend(declare_roots(&mut graph));
    for (file, document) in &input.documents {
        findings.extend(document.findings.iter().map(|finding| Finding { file: file.clone(), ..finding.clone() }));
    }
    findings.extend(doubts::find(&graph));
    findings.sort_by(|a, b| {
        let key = |f: &Finding| (f.severity(), f.code, f.file.clone(), f.place, f.message.clone());
        key(a).cmp(&key(b))
    });
    findings.dedup();
    graph.n_unread = findings.iter().filter(|finding| finding.is_unread()).count();
    graph.findings = findings;
    graph
}

/// Finds what `roots:` names; an entry that names nothing, or is no selector, ends no hole and is reported.
fn declare_roots(graph: &mut Graph) -> Vec<Finding> {
    let mut findings = Vec::new();
    for written in graph.settings.roots.clone() {
        let starts = Selector::parse(&written).map(|selector| select::select(graph, &selector));
        let matched = starts.map(|starts| {
            let sure = starts.into_iter().filter(|start| start.sure);
            sure.filter_map(|start| match start.at {
                StartAt::Component(component) => Some(component),
                StartAt::Mention(_) => None,
            })
            .collect::<Vec<_>>()
        });
        let shown = Untrusted::new(&written).show();
        let problem = match matched {
            Ok(components) if components.is_empty() => Some(format!("root `{shown}` names no component")),
            Ok(components) => {
                graph.roots.extend(components);
                None
            }
            Err(error) => Some(format!("root `{shown}`: {error}")),
        };
        findings.extend(problem.map(|message| Finding {
            file: SETTINGS_FILE.to_owned(),
            ..Finding::new(Code::UnknownKey, Place::default(), message, "give a selector of a component that the repository has")
        }));
    }
    findings
}
