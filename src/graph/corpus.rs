//! All documents of a repository as numbers: a mention is a statement and a line, a link is two mentions.
//!
//! What is kept of a document is what identity and links need; facts for Detail are read from its file when someone looks.
//!
//! Invariant: the rows of one document in each vector follow one another, in the order in which it states them.
//! Invariant: documents are sorted by file and member, statements by their first mention, digests by value; so that nothing
//! depends on the order of reading.
//! Absent on purpose: identity, files, and the texts of facts.

use crate::graph::DocumentInfo;
use crate::graph::ids::StatementId;
use crate::graph::statements::Statements;
use crate::model::document::MentionId;
use crate::model::document::Place;
use crate::model::document::Sections;
use crate::model::finding::Finding;
use crate::model::kind::Evidence;
use crate::model::kind::Relation;
use crate::text::TextId;
use rayon::slice::ParallelSliceMut as _;
use std::ops::Range;

/// One mention: what it says, and where.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mention {
    /// `None` for a deployment, which is no statement.
    pub statement: Option<StatementId>,
    pub line: u32,
}

/// What a document says of its own subject besides the statement.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Subject {
    pub mention: MentionId,
    pub sections: Sections,
    pub owner: Option<TextId>,
}

/// One link as its document states it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Link {
    pub upstream: MentionId,
    pub downstream: MentionId,
    pub relation: Relation,
    /// The grade is never better than this.
    pub at_best: Evidence,
    pub method: Option<TextId>,
    pub place: Place,
}

/// One mention of a deployment.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Deployment {
    pub mention: MentionId,
    pub environment: Option<TextId>,
    pub service: Option<TextId>,
    pub owner: Option<TextId>,
    pub criticality: Option<TextId>,
    /// It comes from an inventory of what runs.
    pub inventory: bool,
}

/// A document, and its rows in the vectors of its [`Corpus`].
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub info: DocumentInfo,
    pub(super) mentions: Range<u32>,
    pub(super) subjects: Range<u32>,
    pub(super) links: Range<u32>,
    pub(super) deployments: Range<u32>,
}

/// All documents of a repository.
#[derive(Debug, Default, Clone)]
pub(crate) struct Corpus {
    pub statements: Statements,
    /// By statement: how many mentions make it.
    pub(super) stated: Vec<u32>,
    pub documents: Vec<Entry>,
    pub(super) mentions: Vec<Mention>,
    pub(super) subjects: Vec<Subject>,
    pub(super) links: Vec<Link>,
    pub(super) deployments: Vec<Deployment>,
    /// What the documents' readers found; each names its file.
    pub findings: Vec<Finding>,
}

impl Entry {
    /// A document, and its rows: mentions, subjects, links, deployments.
    pub(super) fn new(info: DocumentInfo, [mentions, subjects, links, deployments]: [Range<u32>; 4]) -> Self {
        Self { info, mentions, subjects, links, deployments }
    }

    /// Its rows, in the order of [`Entry::new`].
    pub(super) fn ranges(&self) -> [Range<u32>; 4] {
        [&self.mentions, &self.subjects, &self.links, &self.deployments].map(Clone::clone)
    }
}

impl Corpus {
    /// The mentions of a document, in its own order.
    pub(crate) fn mentions(&self, entry: &Entry) -> &[Mention] {
        rows(&self.mentions, &entry.mentions)
    }

    /// What a document says of its subjects.
    pub(crate) fn subjects(&self, entry: &Entry) -> &[Subject] {
        rows(&self.subjects, &entry.subjects)
    }

    /// The links that a document states.
    pub(crate) fn links(&self, entry: &Entry) -> &[Link] {
        rows(&self.links, &entry.links)
    }

    /// The deployments that a document mentions.
    pub(crate) fn deployments(&self, entry: &Entry) -> &[Deployment] {
        rows(&self.deployments, &entry.deployments)
    }

    /// A copy in its order, of what is still being folded.
    pub(crate) fn sorted(&self) -> Self {
        let mut copy = self.clone();
        copy.sort();
        copy
    }

    /// Puts documents, statements and digests into their order.
    pub(super) fn sort(&mut self) {
        let texts = &self.statements.texts;
        self.documents.par_sort_by(|a, b| {
            let key = |entry: &Entry| (texts.get(entry.info.file), entry.info.member);
            key(a).cmp(&key(b))
        });
        let mut order = Vec::with_capacity(self.statements.len());
        let mut renumbered = vec![None; self.statements.len()];
        for entry in &self.documents {
            let range = entry.mentions.start as usize..entry.mentions.end as usize;
            for mention in self.mentions.get_mut(range).unwrap_or_default() {
                let Some(old) = mention.statement else { continue };
                let new = renumbered[old.row()].get_or_insert_with(|| {
                    order.push(old);
                    StatementId::new(order.len() - 1)
                });
                mention.statement = Some(*new);
            }
        }
        self.statements.put_in_order(&order);
        self.stated = order.iter().map(|old| self.stated[old.row()]).collect();
    }
}

fn rows<'a, T>(all: &'a [T], range: &Range<u32>) -> &'a [T] {
    all.get(range.start as usize..range.end as usize).unwrap_or_default()
}
