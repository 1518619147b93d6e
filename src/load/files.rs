//! The files of a repository as they were when they were read, and what has happened to them since.
//!
//! Invariant: rows are sorted by name, one a name. A name that two files share (bytes that are no text are shown alike) is
//! in no row, so that both are read each time.
//! Absent on purpose: the documents that were read from them.

use super::Entry;
use super::stamp::Stamp;
use crate::model::finding::Finding;
use crate::model::settings::Settings;
use crate::pack::Damaged;
use crate::pack::In;
use crate::pack::Out;
use crate::pack::Pack;
use std::io;
use zerocopy::FromBytes;
use zerocopy::Immutable;
use zerocopy::IntoBytes;

/// What tells one content from another.
pub(super) type Digest = [u8; 32];

/// One file that was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromBytes, IntoBytes, Immutable)]
#[repr(C)]
struct Row {
    stamp: Stamp,
    /// The end of its name in the text of all names.
    end: u64,
    /// See the constants.
    flags: u32,
    /// From 1: its digest; 0 where its stamp cannot lie.
    digest: u32,
}

/// It is plainly something else.
const PASSED_OVER: u32 = 1;
/// Some document was read from it.
const DOCUMENTS: u32 = 2;
/// What stopped it from being read may be over without its stamp's telling.
const RETRY: u32 = 4;

/// What reading a file came to, in short.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Was {
    pub passed_over: bool,
    pub documents: bool,
}

/// All files that were read and can be known again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Files {
    names: String,
    rows: Vec<Row>,
    digests: Vec<Digest>,
    /// Why something in them was not read, by file.
    problems: Vec<Finding>,
    /// What the owner said then.
    pub(super) settings: Settings,
    /// What is wrong with that.
    of_settings: Vec<Finding>,
}

/// How a file that is there stands to what was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    Same(Was),
    /// The same if it has this digest.
    Doubtful(Digest, Was),
    Changed(Was),
    New,
}

impl Files {
    /// No files yet, of a repository whose owner says this.
    pub(super) fn new(settings: Settings, of_settings: Vec<Finding>) -> Self {
        Self { settings, of_settings, ..Self::default() }
    }

    /// Whether the owner says the same in both.
    pub(super) fn has_owner(&self, other: &Self) -> bool {
        (&self.settings, &self.of_settings) == (&other.settings, &other.of_settings)
    }

    /// Adds a file; names come in order. Without a stamp it is read again each time.
    pub(super) fn push(&mut self, name: &str, stamp: Option<Stamp>, digest: Option<Digest>, was: Was, problems: &[Finding]) {
        self.names.push_str(name);
        let digest = digest.map_or(0, |digest| {
            self.digests.push(digest);
            u32::try_from(self.digests.len()).unwrap_or(0)
        });
        let flag = |flag, set| if set { flag } else { 0 };
        let flags = flag(PASSED_OVER, was.passed_over) | flag(DOCUMENTS, was.documents) | flag(RETRY, stamp.is_none());
        self.rows.push(Row { stamp: stamp.unwrap_or_default(), end: self.names.len() as u64, flags, digest });
        self.problems.extend_from_slice(problems);
    }

    /// Why something in a file was not read.
    pub(super) fn problems(&self, name: &str) -> &[Finding] {
        let start = self.problems.partition_point(|finding| finding.file.as_str() < name);
        let end = self.problems.partition_point(|finding| finding.file.as_str() <= name);
        self.problems.get(start..end).unwrap_or_default()
    }

    /// The fate of each file that is there now, by name; and the files that are gone.
    pub(super) fn compare(&self, entries: &[Entry]) -> (Vec<Fate>, Vec<(&str, Was)>) {
        let mut fates = Vec::with_capacity(entries.len());
        let mut gone = Vec::new();
        let mut rows = self.rows().peekable();
        for (n, entry) in entries.iter().enumerate() {
            while let Some((name, row)) = rows.next_if(|(name, _)| *name < entry.name.as_str()) {
                gone.push((name, row.was()));
            }
            let known = rows.next_if(|(name, _)| *name == entry.name);
            let alike = |other: Option<&Entry>| other.is_some_and(|other| other.name == entry.name);
            fates.push(match known {
                Some((_, row)) if alike(entries.get(n + 1)) => Fate::Changed(row.was()),
                Some((_, row)) => self.fate(row, entry),
                None => Fate::New,
            });
        }
        gone.extend(rows.map(|(name, row)| (name, row.was())));
        (fates, gone)
    }

    fn fate(&self, row: &Row, entry: &Entry) -> Fate {
        let Some(stamp) = entry.stamp.filter(|_| row.flags & RETRY == 0) else { return Fate::Changed(row.was()) };
        match row.digest.checked_sub(1) {
            None if stamp == row.stamp => Fate::Same(row.was()),
            None => Fate::Changed(row.was()),
            Some(digest) => match self.digests.get(digest as usize) {
                Some(digest) if stamp.size == row.stamp.size => Fate::Doubtful(*digest, row.was()),
                Some(_) | None => Fate::Changed(row.was()),
            },
        }
    }

    fn rows(&self) -> impl Iterator<Item = (&str, &Row)> {
        let mut start = 0;
        self.rows.iter().map(move |row| {
            let end = usize::try_from(row.end).unwrap_or(usize::MAX);
            let name = self.names.get(start..end).unwrap_or_default();
            start = end;
            (name, row)
        })
    }
}

impl Row {
    fn was(&self) -> Was {
        Was { passed_over: self.flags & PASSED_OVER != 0, documents: self.flags & DOCUMENTS != 0 }
    }
}

impl Pack for Files {
    fn pack(&self, out: &mut Out<'_>) -> io::Result<()> {
        out.text(&self.names)?;
        out.array(&self.rows)?;
        out.array(&self.digests)?;
        self.problems.pack(out)?;
        self.settings.pack(out)?;
        self.of_settings.pack(out)
    }

    fn unpack(input: &mut In<'_>) -> Result<Self, Damaged> {
        Ok(Self {
            names: input.text()?,
            rows: input.array()?,
            digests: input.array()?,
            problems: Pack::unpack(input)?,
            settings: Pack::unpack(input)?,
            of_settings: Pack::unpack(input)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::Origin;
    use crate::load::stamp;

    const DOCUMENT: Was = Was { passed_over: false, documents: true };

    fn entry(name: &str, size: u64) -> Entry {
        let stamp = Stamp { size, ..Stamp::default() };
        Entry { name: name.to_owned(), size, stamp: Some(stamp), origin: Origin::Embedded((&[][..]).into()) }
    }

    #[test]
    fn each_file_has_a_fate() {
        let mut files = Files::default();
        let digest = stamp::digest(b"x");
        for (name, digest) in [("a", None), ("c", None), ("d", Some(digest)), ("e", Some(digest)), ("f", None), ("z", None)] {
            files.push(name, entry(name, 1).stamp, digest, DOCUMENT, &[]);
        }
        let now = [("a", 1), ("b", 1), ("d", 1), ("e", 2), ("f", 2), ("g", 1), ("g", 1)].map(|(name, size)| entry(name, size));
        let (fates, gone) = files.compare(&now);
        let changed = Fate::Changed(DOCUMENT);
        let expected =
            [Fate::Same(DOCUMENT), Fate::New, Fate::Doubtful(digest, DOCUMENT), changed, changed, Fate::New, Fate::New];
        assert_eq!(fates, expected);
        assert_eq!(gone, [("c", DOCUMENT), ("z", DOCUMENT)]);
    }

    #[test]
    fn what_may_get_better_by_itself_and_what_shares_a_name_is_read_again() {
        let mut files = Files::default();
        files.push("a", None, None, Was { passed_over: false, documents: false }, &[]);
        files.push("b", entry("b", 1).stamp, None, DOCUMENT, &[]);
        let (fates, gone) = files.compare(&[entry("a", 0), entry("b", 1), entry("b", 1)]);
        assert!(matches!(fates[..], [Fate::Changed(_), Fate::Changed(_), Fate::New]), "{fates:?}");
        assert!(gone.is_empty());
    }
}
