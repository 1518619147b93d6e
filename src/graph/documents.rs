//! The documents of a graph: what many of them have in common is kept once.

use crate::graph::DocumentInfo;
use crate::graph::ids::DocumentId;
use crate::model::document::Counts;
use crate::model::document::Format;
use crate::pack::Damaged;
use crate::pack::In;
use crate::pack::Out;
use crate::pack::Pack;
use crate::text::TextId;
use rustc_hash::FxHashMap;
use std::io;

/// All documents, sorted by file and member.
#[derive(Debug, Default)]
pub(crate) struct Documents {
    files: Vec<TextId>,
    members: Vec<u32>,
    /// By document: the row of the rest.
    shapes: Vec<u32>,
    known: Vec<Shape>,
}

/// What many documents share.
type Shape = (Format, TextId, Counts);

impl Documents {
    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.files.len()
    }

    /// The file of each.
    pub(crate) fn files(&self) -> &[TextId] {
        &self.files
    }

    /// A document of this graph.
    pub(crate) fn get(&self, id: DocumentId) -> DocumentInfo {
        let (format, format_version, counts) = self.known[self.shapes[id.row()] as usize];
        DocumentInfo { file: self.files[id.row()], member: self.members[id.row()], format, format_version, counts }
    }

    /// All of them, in their order.
    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = DocumentInfo> {
        (0..self.len()).map(|row| self.get(DocumentId::new(row)))
    }

    /// Whether all texts are below a number, and every document is there.
    pub(super) fn are_below(&self, texts: usize) -> bool {
        let n = self.len();
        self.members.len() == n
            && self.shapes.len() == n
            && self.files.iter().all(|file| file.row() < texts)
            && self.shapes.iter().all(|row| (*row as usize) < self.known.len())
            && self.known.iter().all(|(_, version, _)| version.row() < texts)
    }

    /// Bytes in memory.
    #[cfg(any(test, feature = "bench"))]
    pub(super) fn bytes(&self) -> usize {
        size_of_val(&*self.files) + size_of_val(&*self.members) + size_of_val(&*self.shapes) + size_of_val(&*self.known)
    }
}

impl FromIterator<DocumentInfo> for Documents {
    fn from_iter<I: IntoIterator<Item = DocumentInfo>>(all: I) -> Self {
        let mut documents = Self::default();
        let mut rows: FxHashMap<Shape, u32> = FxHashMap::default();
        for DocumentInfo { file, member, format, format_version, counts } in all {
            let shape = (format, format_version, counts);
            let row = *rows.entry(shape).or_insert_with(|| {
                documents.known.push(shape);
                u32::try_from(documents.known.len() - 1).unwrap_or(u32::MAX)
            });
            documents.files.push(file);
            documents.members.push(member);
            documents.shapes.push(row);
        }
        documents
    }
}

impl Pack for Documents {
    fn pack(&self, out: &mut Out<'_>) -> io::Result<()> {
        out.rows(self.len(), self.iter())
    }

    fn unpack(input: &mut In<'_>) -> Result<Self, Damaged> {
        Ok(input.rows()?.into_iter().collect())
    }
}
