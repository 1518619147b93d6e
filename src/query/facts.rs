//! What documents state of a component besides its lineage: `fine_tuning.method`, `license`, `size`.
//!
//! The graph does not keep it; the documents are read again when someone looks. A mention speaks of the component if it says
//! word for word what one of the component's statements says.
//!
//! Absent on purpose: reading files.

use crate::graph::Graph;
use crate::graph::ids::ComponentId;
use crate::graph::ids::DocumentId;
use crate::graph::statement::Statement;
use crate::model::document::Document;
use crate::model::document::Mention;
use crate::model::document::MentionId;
use crate::model::kind::Kind;
use crate::model::kind::Relation;
use crate::text::TextId;

/// At most so many documents are read for the facts of one component: a package stands in all of them.
const MOST: usize = 50;

/// One stated fact, as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fact {
    /// Path of keys: `fine_tuning.method`.
    pub key: String,
    pub value: String,
    pub document: DocumentId,
    pub line: u32,
}

/// All facts of a component.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Facts {
    /// By document and place.
    pub all: Vec<Fact>,
    /// Further documents mention the component; they were not read.
    pub more: bool,
}

/// Gathers the facts of a component. `read` gives the documents of a file, every fact in them.
pub(crate) fn facts(graph: &Graph, id: ComponentId, read: impl Fn(&str) -> Vec<Document>) -> Facts {
    let (documents, more) = documents(graph, id);
    let mut facts = Facts { all: Vec::new(), more };
    for of_file in documents.chunk_by(|a, b| graph.document(*a).file == graph.document(*b).file) {
        let Some(first) = of_file.first() else { continue };
        let read = read(graph.file(*first).as_key());
        for document in of_file {
            if let Some(text) = read.iter().find(|text| text.member == graph.document(*document).member) {
                facts.all.extend(stated(graph, id, *document, text));
            }
        }
    }
    facts
}

/// The documents to read, those that list the component first, and whether there are more.
fn documents(graph: &Graph, id: ComponentId) -> (Vec<DocumentId>, bool) {
    let listed = graph.declared_in(id);
    let referring = graph.down(id).flat_map(|link| graph.sources(link));
    let mut found: Vec<DocumentId> = Vec::new();
    let mut more = false;
    for source in listed.chain(referring) {
        if found.contains(&source.document) {
            continue;
        }
        more = found.len() >= MOST;
        if more {
            break;
        }
        found.push(source.document);
    }
    found.sort_unstable();
    (found, more)
}

/// The facts of one document.
fn stated(graph: &Graph, id: ComponentId, at: DocumentId, document: &Document) -> Vec<Fact> {
    let mut known: Option<(MentionId, bool)> = None;
    let mut speaks = |mention: MentionId| match known {
        Some((last, speaks)) if last == mention => speaks,
        _ => {
            let speaks = speaks_of(graph, id, at, document, mention);
            known = Some((mention, speaks));
            speaks
        }
    };
    let text = |id: TextId| document.texts.key(id).to_owned();
    let own = document.fields.iter().filter(|field| speaks(field.mention));
    let mut facts: Vec<Fact> =
        own.map(|field| Fact { key: text(field.key), value: text(field.value), document: at, line: field.line }).collect();
    facts.sort_by_key(|fact| fact.line);
    facts
}

fn speaks_of(graph: &Graph, id: ComponentId, at: DocumentId, document: &Document, mention: MentionId) -> bool {
    let said = document.get(mention);
    if said.kind == Kind::Deployment {
        return graph.kind(id) == Kind::Deployment && is_deployment(graph, id, at, document, mention);
    }
    let means = |s| graph.meaning(s).0.first().is_some_and(|target| target.component() == id);
    let mut own = graph.statements_of(id).iter().filter(|s| means(**s));
    own.any(|s| says(graph, document, said, &graph.statements().get(*s)))
}

/// Whether a mention says what a statement says.
fn says(graph: &Graph, document: &Document, said: &Mention, statement: &Statement<'_>) -> bool {
    let same = |a: Option<TextId>, b: Option<TextId>| a.map(|id| document.texts.key(id)) == b.map(|id| graph.text(id).as_key());
    (said.kind, said.standing, said.downloaded) == (statement.kind, statement.standing, statement.downloaded)
        && same(Some(said.name), Some(statement.name))
        && same(said.version, statement.version)
        && same(said.model_id, statement.model_id)
        && same(said.purl, statement.purl)
        && same(said.ecosystem, statement.ecosystem)
        && same(said.hub, statement.hub)
        && same(said.revision, statement.revision)
        && same(said.global_ref, statement.global_ref)
        && said.digests.iter().cloned().eq(statement.digests.iter().map(|digest| graph.statements().digest_of(*digest)))
}

/// Whether a mention of a deployment stands where the component is stated, and speaks of what it runs.
fn is_deployment(graph: &Graph, id: ComponentId, at: DocumentId, document: &Document, mention: MentionId) -> bool {
    let said = document.get(mention);
    let Some((info, facts)) = graph.deployment(id).zip(said.deployment.as_ref()) else { return false };
    let agrees = |a: Option<TextId>, b: Option<TextId>| {
        a.is_none_or(|a| b.is_some_and(|b| document.texts.key(a).to_lowercase() == graph.text(b).as_key().to_lowercase()))
    };
    let here = graph.declared_in(id).any(|source| (source.document, source.line) == (at, said.place.line));
    let mut runs =
        document.links.iter().filter(|link| link.downstream == mention && link.relation == Relation::Deployed).peekable();
    let upstream = || graph.up(id).map(|link| graph.link(link).upstream).collect::<Vec<_>>();
    here && agrees(facts.environment, info.environment)
        && agrees(facts.service, info.service)
        && (runs.peek().is_none()
            || upstream().into_iter().any(|of| runs.clone().any(|link| speaks_of(graph, of, at, document, link.upstream))))
}
