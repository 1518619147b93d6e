//! What decisions are held against besides the graph: digests of the files as they are now, and when inventories were taken.
//!
//! Invariant: each file is read at most once for its digest; make a new one when the repository is read again.

use crate::graph::Graph;
use crate::graph::ids::DocumentId;
use crate::incident::standing::Inventory;
use crate::incident::standing::World;
use crate::load::Source;
use crate::load::again;
use crate::model::document::Format;
use crate::model::moment::Moment;
use crate::text::Untrusted;
use sha2::Digest as _;
use sha2::Sha256;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

/// Of one repository, as it was read for one graph.
#[derive(Debug)]
pub(crate) struct Evidence {
    source: Source,
    inventories: Vec<Inventory>,
    /// By file; `None` where it cannot be read.
    digests: RefCell<BTreeMap<String, Option<String>>>,
}

impl Evidence {
    /// Reads the inventories of a graph once more for their dates.
    pub(crate) fn new(source: &Source, graph: &Graph) -> Self {
        Self { source: source.clone(), inventories: inventories(source, graph), digests: RefCell::default() }
    }

    /// Asks something about the world that decisions are held against.
    pub(crate) fn with_world<R>(&self, graph: &Graph, now: Moment, ask: impl FnOnce(&World<'_>) -> R) -> R {
        let digest = |file: &str| self.digest(file);
        ask(&World { graph, now, inventories: &self.inventories, digest: &digest })
    }

    /// Digest of the repository: SHA-256 over the sorted lines `file digest` of its inputs.
    pub(crate) fn repository(&self, graph: &Graph) -> String {
        let mut digest = Sha256::new();
        for (file, own) in self.inputs(graph) {
            if let Some(own) = own {
                digest.update(format!("{} {own}\n", Untrusted::new(&file).show()));
            }
        }
        let hex: String = digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        format!("sha256:{hex}")
    }

    /// The files that were read or should have been, and the owner's settings, sorted, each with its digest as it is now;
    /// without one where it cannot be read.
    pub(crate) fn inputs(&self, graph: &Graph) -> Vec<(String, Option<String>)> {
        let documents = graph.documents().iter().map(|document| graph.text(document.file).as_key());
        let unread = graph.findings().iter().filter(|finding| finding.is_unread()).map(|finding| finding.file.as_str());
        let settings = again::settings_name(&self.source);
        // There need not be any.
        let settings = settings.as_deref().filter(|name| self.digest(name).is_some());
        let files: BTreeSet<&str> = documents.chain(unread).chain(settings).collect();
        files.into_iter().map(|file| (file.to_owned(), self.digest(file))).collect()
    }

    fn digest(&self, file: &str) -> Option<String> {
        let known = self.digests.borrow().get(file).cloned();
        known.unwrap_or_else(|| {
            let digest = again::digest(&self.source, file);
            self.digests.borrow_mut().insert(file.to_owned(), digest.clone());
            digest
        })
    }
}

/// The inventories of a repository that say when they were taken.
fn inventories(source: &Source, graph: &Graph) -> Vec<Inventory> {
    let mut found = Vec::new();
    let all = graph.documents().iter().enumerate().filter(|(_, document)| document.format == Format::Inventory);
    for (row, document) in all {
        let read = again::documents(source, graph.text(document.file).as_key());
        let Some(read) = read.iter().find(|read| read.member == document.member) else { continue };
        let taken = read.fields.iter().find(|field| read.texts.key(field.key) == "inventory.taken");
        if let Some(taken) = taken.and_then(|field| Moment::parse(read.texts.key(field.value))) {
            found.push(Inventory { document: DocumentId::new(row), taken });
        }
    }
    found
}
