//! The lineage graph: all documents of a repository as one set of components and links, built once, read by every query.
//!
//! Invariant: components are sorted by kind and printed id, so that ids do not depend on the order of files.
//! Invariant: links of a component are sorted by the other end; one link a (upstream, downstream, relation): see [`links`].
//! Invariant: cycles may occur (documents lie); every walk keeps a visited set.
//! Absent on purpose: change after building, I/O, hazards, words for people.

#[cfg(any(test, feature = "bench"))]
pub(crate) mod bare;
pub(crate) mod bits;
mod build;
mod components;
pub(crate) mod corpus;
mod declared;
mod deployments;
mod digests;
pub(crate) mod documents;
mod doubts;
mod excerpt;
pub(crate) mod fold;
pub(crate) mod identity;
pub(crate) mod ids;
pub(crate) mod kept;
pub(crate) mod links;
pub(crate) mod meanings;
#[cfg(any(test, feature = "bench"))]
mod memory;
pub(crate) mod named;
mod names;
mod packed;
mod petgraph;
pub(crate) mod rows;
pub(crate) mod select;
pub(crate) mod selector;
pub(crate) mod statement;
pub(crate) mod statements;

#[cfg(test)]
pub(crate) mod fixture;
#[cfg(test)]
pub(crate) mod tests;

pub(crate) use build::{Input, build};

use crate::graph::declared::Declarations;
use crate::graph::declared::Declared;
use crate::graph::documents::Documents;
use crate::graph::ids::ComponentId;
use crate::graph::ids::DigestId;
use crate::graph::ids::DocumentId;
use crate::graph::ids::StatementId;
use crate::graph::kept::Kept;
use crate::graph::links::Links;
use crate::graph::meanings::Meanings;
use crate::graph::meanings::Target;
use crate::graph::rows::Rows;
use crate::graph::statements::Statements;
use crate::model::digest::Digest;
use crate::model::document::Counts;
use crate::model::document::Format;
use crate::model::document::Sections;
use crate::model::finding::Finding;
use crate::model::kind::Evidence;
use crate::model::kind::Kind;
use crate::model::kind::Relation;
use crate::model::settings::Settings;
use crate::text::TextId;
use crate::text::Untrusted;
use rustc_hash::FxHashMap;
use rustc_hash::FxHashSet;
use std::ops::Range;

/// A node of the graph.
#[derive(Debug, Clone)]
pub(crate) struct Component {
    pub kind: Kind,
    /// Printed id: unique in the repository, and a selector that beats any other reading of the same text.
    pub id: TextId,
    /// What lists show.
    pub label: TextId,
    /// As written; of several spellings the commonest.
    pub name: TextId,
    /// As written; of several the commonest.
    pub version: Option<TextId>,
    pub owner: Option<TextId>,
    /// What its documents state of its lineage.
    pub sections: Sections,
    /// Some document is about it.
    pub documented: bool,
}

/// An edge of the graph.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Link {
    pub upstream: ComponentId,
    pub downstream: ComponentId,
    pub relation: Relation,
    /// The best grade of all sources.
    pub evidence: Evidence,
}

/// One place that states something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Source {
    pub evidence: Evidence,
    pub document: DocumentId,
    pub line: u32,
    /// What is said there of the upstream end.
    pub statement: Option<StatementId>,
}

/// A document that was read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DocumentInfo {
    /// Relative to the repository, with `/`.
    pub file: TextId,
    pub member: u32,
    pub format: Format,
    /// As the document states it: `1.6`, `SPDX-2.3`.
    pub format_version: TextId,
    pub counts: Counts,
}

/// What is known of a deployment besides what it runs.
#[derive(Debug, Clone, Default)]
pub(crate) struct DeploymentInfo {
    pub environment: Option<TextId>,
    pub service: Option<TextId>,
    pub owner: Option<TextId>,
    pub criticality: Option<TextId>,
    /// No SBOM states it.
    pub inventory_only: bool,
    /// 0 is the stage nearest to users.
    pub stage: u16,
}

/// The whole repository.
#[derive(Debug, Default)]
pub(crate) struct Graph {
    statements: Statements,
    components: Vec<Component>,
    meanings: Meanings,
    statements_of: Rows<StatementId>,
    links: Links,
    documents: Documents,
    declared_in: Declared,
    deployments: FxHashMap<ComponentId, DeploymentInfo>,
    findings: Vec<Finding>,
    roots: FxHashSet<ComponentId>,
    settings: Settings,
    complete: bool,
    n_unread: usize,
    kept: Kept,
}

impl Graph {
    /// How many components there are.
    pub(crate) fn len(&self) -> usize {
        self.components.len()
    }

    /// All components, by kind and printed id.
    pub(crate) fn ids(&self) -> impl DoubleEndedIterator<Item = ComponentId> + use<> {
        (0..self.components.len()).map(ComponentId::new)
    }

    /// The component of an id.
    pub(crate) fn component(&self, id: ComponentId) -> &Component {
        &self.components[id.row()]
    }

    /// The kind of a component.
    pub(crate) fn kind(&self, id: ComponentId) -> Kind {
        self.component(id).kind
    }

    /// All components of a kind, by printed id.
    pub(crate) fn of_kind(&self, kind: Kind) -> impl DoubleEndedIterator<Item = ComponentId> + ExactSizeIterator + use<> {
        self.rows_of(kind).map(ComponentId::new)
    }

    /// The rows of all components of a kind.
    pub(crate) fn rows_of(&self, kind: Kind) -> Range<usize> {
        self.components.partition_point(|c| c.kind < kind)..self.components.partition_point(|c| c.kind <= kind)
    }

    /// What queries keep with this graph.
    pub(crate) fn kept(&self) -> &Kept {
        &self.kept
    }

    /// The text of an id.
    pub(crate) fn text(&self, id: TextId) -> Untrusted<'_> {
        self.statements.texts.get(id)
    }

    /// The printed id of a component.
    pub(crate) fn id(&self, id: ComponentId) -> Untrusted<'_> {
        self.text(self.component(id).id)
    }

    /// What lists show for a component.
    pub(crate) fn label(&self, id: ComponentId) -> Untrusted<'_> {
        self.text(self.component(id).label)
    }

    /// All documents, by file and member.
    pub(crate) fn documents(&self) -> &Documents {
        &self.documents
    }

    /// The document of an id.
    pub(crate) fn document(&self, id: DocumentId) -> DocumentInfo {
        self.documents.get(id)
    }

    /// The file of a document.
    pub(crate) fn file(&self, id: DocumentId) -> Untrusted<'_> {
        self.text(self.document(id).file)
    }

    /// The places at which documents list a component, or are about it.
    pub(crate) fn declared_in(&self, id: ComponentId) -> Declarations<'_> {
        self.declared_in.of(id, self.statements_of(id))
    }

    /// Whether some document lists a component, or is about it; else it is known from references only.
    pub(crate) fn is_listed(&self, id: ComponentId) -> bool {
        self.declared_in(id).len() > 0
    }

    /// All documents that mention a component, by file.
    pub(crate) fn documents_of(&self, id: ComponentId) -> Vec<DocumentId> {
        let links = self.up(id).chain(self.down(id));
        let linked = links.flat_map(|link| self.sources(link)).map(|source| source.document);
        let mut all: Vec<DocumentId> = self.declared_in(id).map(|source| source.document).chain(linked).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// What is said of a component: each statement once.
    pub(crate) fn statements_of(&self, id: ComponentId) -> &[StatementId] {
        self.statements_of.row(id.row())
    }

    /// All statements with their texts and digests.
    pub(crate) fn statements(&self) -> &Statements {
        &self.statements
    }

    /// The components that a statement stands for, and whether it means one of them only.
    pub(crate) fn meaning(&self, id: StatementId) -> (&[Target], bool) {
        self.meanings.of(id)
    }

    /// The grade at which a statement stands for a component.
    pub(crate) fn grade(&self, statement: StatementId, component: ComponentId) -> Option<Evidence> {
        self.meaning(statement).0.iter().find(|target| target.component() == component).map(|target| target.evidence())
    }

    /// Other names that a component is known by, with the best grade that says so.
    pub(crate) fn aliases(&self, id: ComponentId) -> Vec<(TextId, Evidence)> {
        let own = self.component(id).name;
        let mut best: FxHashMap<TextId, Evidence> = FxHashMap::default();
        for statement in self.statements_of(id) {
            let name = self.statements.get(*statement).name;
            let grade = self.grade(*statement, id).unwrap_or(Evidence::Name);
            if name != own && grade != Evidence::Clash && !self.text(name).as_key().is_empty() {
                let entry = best.entry(name).or_insert(grade);
                *entry = grade.min(*entry);
            }
        }
        let mut all: Vec<_> = best.into_iter().collect();
        all.sort_by_key(|(name, evidence)| (*evidence, self.text(*name)));
        all
    }

    /// The digests of a component: those that its statements give it at `==`, or at `--` where it states none itself.
    pub(crate) fn digests(&self, id: ComponentId) -> Vec<Digest> {
        self.digest_ids(id).into_iter().map(|digest| self.statements.digest_of(digest)).collect()
    }

    /// The same by their ids.
    pub(crate) fn digest_ids(&self, id: ComponentId) -> Vec<DigestId> {
        let at = |wanted: Evidence| {
            let mut found: Vec<DigestId> = self
                .statements_of(id)
                .iter()
                .filter(|statement| self.grade(**statement, id) == Some(wanted))
                .flat_map(|statement| self.statements.get(*statement).digests.iter().copied())
                .collect();
            // They are numbered by value.
            found.sort_unstable();
            found.dedup();
            found
        };
        let own = at(Evidence::Digest);
        if own.is_empty() { at(Evidence::Exact) } else { own }
    }

    /// The canonical purl of a component, if a document states one.
    pub(crate) fn purl(&self, id: ComponentId) -> Option<TextId> {
        let mut purls: Vec<TextId> =
            self.statements_of(id).iter().filter_map(|statement| self.statements.get(*statement).purl).collect();
        purls.sort_by_key(|purl| self.text(*purl));
        purls.first().copied()
    }

    /// What is known of a deployment; `None` for other kinds.
    pub(crate) fn deployment(&self, id: ComponentId) -> Option<&DeploymentInfo> {
        self.deployments.get(&id)
    }

    /// All findings: worst first, then by code, file and place.
    pub(crate) fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// The findings about one component.
    pub(crate) fn findings_of(&self, id: ComponentId) -> impl Iterator<Item = &Finding> {
        let own = self.id(id).as_key();
        self.findings.iter().filter(move |finding| finding.component.as_deref() == Some(own))
    }

    /// What the repository's owner says.
    pub(crate) fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Whether a component is declared in `roots:` of the top configuration: trained from scratch, so it has no hole.
    pub(crate) fn is_root(&self, id: ComponentId) -> bool {
        self.roots.contains(&id)
    }

    /// The declared roots, in no order.
    pub(crate) fn roots(&self) -> impl Iterator<Item = ComponentId> + '_ {
        self.roots.iter().copied()
    }

    /// Whether all files were looked at; else every CLEAR is UNKNOWN.
    pub(crate) fn complete(&self) -> bool {
        self.complete
    }

    /// How many files or documents that could hold an SBOM were not read.
    pub(crate) fn n_unread(&self) -> usize {
        self.n_unread
    }

    /// The component with a printed id.
    pub(crate) fn by_id(&self, printed: &str) -> Option<ComponentId> {
        Kind::ALL.into_iter().find_map(|kind| self.by_id_of(kind, printed))
    }

    /// The component of a kind with a printed id.
    pub(crate) fn by_id_of(&self, kind: Kind, printed: &str) -> Option<ComponentId> {
        let rows = self.rows_of(kind);
        let of_kind = self.components.get(rows.clone())?;
        let at = of_kind.binary_search_by(|c| self.text(c.id).as_key().cmp(printed)).ok()?;
        Some(ComponentId::new(rows.start + at))
    }
}
