//! The file of a cache: a head that says what it is and where its sections lie, then the sections.
//!
//! Invariant: a section is handed out only if every bit of it, and of the head, is as it was written, by this very program.
//! Invariant: a section costs what it takes alone, however large the others are.

use super::place::Place;
use super::place::Unfinished;
use crate::pack::In;
use crate::pack::Out;
use crate::pack::Pack;
use std::env;
use std::fs::File;
use std::hash::Hasher as _;
use std::io;
use std::io::BufReader;
use std::io::BufWriter;
use std::io::Read;
use std::io::Write;
use std::os::unix::fs::FileExt as _;
use std::os::unix::fs::MetadataExt as _;
use std::sync::OnceLock;
use twox_hash::XxHash3_64;
use zerocopy::FromBytes;
use zerocopy::FromZeros;
use zerocopy::Immutable;
use zerocopy::IntoBytes;

/// The first bytes, with the version of the head itself, in this machine's order of bytes.
const MAGIC: [u64; 2] = [u64::from_ne_bytes(*b"downrivr"), 1];
/// Values are collected so far before they are written, and read ahead.
const BUFFER: usize = 64 << 10;

/// What a section holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tag {
    /// What the first frame shows.
    Front,
    /// The files, as they were when they were read.
    Files,
    /// What was read from them.
    Corpus,
    /// What was made of that.
    Graph,
    /// How the lists of the explorer begin.
    Lists,
}

impl Tag {
    const ALL: [Self; 5] = [Self::Front, Self::Files, Self::Corpus, Self::Graph, Self::Lists];
}

/// Where a section lies; all zero where there is none.
#[derive(Debug, Clone, Copy, Default, FromBytes, IntoBytes, Immutable)]
#[repr(C)]
struct Section {
    offset: u64,
    bytes: u64,
    checksum: u64,
}

/// The first bytes of the file.
#[derive(Debug, Clone, Copy, FromBytes, IntoBytes, Immutable)]
#[repr(C)]
struct Head {
    magic: [u64; 2],
    program: u64,
    /// Of the whole file.
    bytes: u64,
    sections: [Section; Tag::ALL.len()],
    /// Of all that stands before.
    checksum: u64,
}

impl Head {
    fn own_checksum(&self) -> u64 {
        let bytes = self.as_bytes();
        XxHash3_64::oneshot(bytes.get(..bytes.len() - size_of::<u64>()).unwrap_or_default())
    }
}

/// What tells this program from every other build of it: nothing else knows what the sections mean.
fn program() -> u64 {
    static PROGRAM: OnceLock<u64> = OnceLock::new();
    *PROGRAM.get_or_init(|| {
        let own = env::current_exe().and_then(std::fs::metadata);
        let own = own.map(|own| (own.len(), own.mtime(), own.mtime_nsec())).unwrap_or_default();
        XxHash3_64::oneshot(format!("{} {own:?}", env!("CARGO_PKG_VERSION")).as_bytes())
    })
}

/// A cache that was found.
#[derive(Debug)]
pub(crate) struct Reader {
    file: File,
    head: Head,
}

impl Reader {
    /// Opens a cache, if there is one that this program wrote and that is whole as far as its head can tell.
    pub(crate) fn open(place: &Place) -> Option<Self> {
        let file = place.open()?;
        let mut head = Head::new_zeroed();
        file.read_exact_at(head.as_mut_bytes(), 0).ok()?;
        let known = head.magic == MAGIC && head.program == program() && head.checksum == head.own_checksum();
        (known && head.bytes == file.metadata().ok()?.len()).then_some(Self { file, head })
    }

    /// What tells a section's content from any other; `None` where it is not there.
    pub(crate) fn id(&self, tag: Tag) -> Option<u64> {
        self.find(tag).map(|section| section.checksum)
    }

    fn find(&self, tag: Tag) -> Option<&Section> {
        self.head.sections.get(tag as usize).filter(|section| section.offset > 0)
    }

    fn part(&self, section: &Section) -> Part<'_> {
        Part { file: &self.file, section: *section, at: 0, hasher: XxHash3_64::default() }
    }

    /// What a section holds, if it is there and undamaged.
    pub(crate) fn section<T: Pack>(&self, tag: Tag) -> Option<T> {
        let section = self.find(tag)?;
        let mut from = BufReader::with_capacity(BUFFER, self.part(section));
        let mut input = In::new(&mut from, section.bytes);
        let value = T::unpack(&mut input).ok()?;
        let whole = input.is_empty() && from.get_ref().hasher.finish() == section.checksum;
        whole.then_some(value)
    }
}

/// One section while it is read.
struct Part<'a> {
    file: &'a File,
    section: Section,
    at: u64,
    hasher: XxHash3_64,
}

impl Part<'_> {
    /// Copies what it was meant to hold, or fails.
    fn copy_to(mut self, to: &mut dyn Write) -> io::Result<()> {
        let copied = io::copy(&mut self, to)?;
        let whole = copied == self.section.bytes && self.hasher.finish() == self.section.checksum;
        if whole { Ok(()) } else { Err(io::ErrorKind::InvalidData.into()) }
    }
}

impl Read for Part<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.section.bytes - self.at).unwrap_or(usize::MAX);
        let most = left.min(buffer.len());
        let room = buffer.get_mut(..most).unwrap_or_default();
        let n = self.file.read_at(room, self.section.offset + self.at)?;
        self.hasher.write(room.get(..n).unwrap_or_default());
        self.at += n as u64;
        Ok(n)
    }
}

/// A cache that is being written. Where that fails, the one before stays.
#[derive(Debug)]
pub(crate) struct Writer {
    unfinished: Unfinished,
    head: Head,
}

impl Writer {
    /// Begins to write; nothing where nothing can be kept.
    pub(crate) fn begin(place: &Place) -> Option<Self> {
        let unfinished = place.begin()?;
        let mut head = Head::new_zeroed();
        (head.magic, head.program, head.bytes) = (MAGIC, program(), size_of::<Head>() as u64);
        (&unfinished.file).write_all(head.as_bytes()).ok()?;
        Some(Self { unfinished, head })
    }

    /// Adds a section. Nothing is left where it cannot be written.
    pub(crate) fn section<T: Pack>(self, tag: Tag, value: &T) -> Option<Self> {
        self.add(tag, |to| value.pack(&mut Out::new(to)))
    }

    /// Adds the other sections of an older cache, as they are.
    pub(crate) fn and_the_rest(self, other: &Reader) -> Option<Self> {
        Tag::ALL.into_iter().try_fold(self, |writer, tag| {
            let new = writer.head.sections.get(tag as usize).is_some_and(|section| section.offset > 0);
            match other.find(tag).filter(|_| !new) {
                Some(section) => writer.add(tag, |to| other.part(section).copy_to(to)),
                None => Some(writer),
            }
        })
    }

    fn add(mut self, tag: Tag, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Option<Self> {
        let hashed = Hashed { file: &self.unfinished.file, bytes: 0, hasher: XxHash3_64::default() };
        let mut to = BufWriter::with_capacity(BUFFER, hashed);
        write(&mut to).ok()?;
        to.flush().ok()?;
        let (bytes, checksum) = (to.get_ref().bytes, to.get_ref().hasher.finish());
        drop(to);
        *self.head.sections.get_mut(tag as usize)? = Section { offset: self.head.bytes, bytes, checksum };
        self.head.bytes += bytes;
        Some(self)
    }

    /// What tells a section's content from any other, once it is added.
    pub(crate) fn id(&self, tag: Tag) -> Option<u64> {
        self.head.sections.get(tag as usize).filter(|section| section.offset > 0).map(|section| section.checksum)
    }

    /// Puts the cache in its place.
    pub(crate) fn finish(mut self) {
        self.head.checksum = self.head.own_checksum();
        if self.unfinished.file.write_all_at(self.head.as_bytes(), 0).is_ok() {
            self.unfinished.finish();
        }
    }
}

/// One section while it is written.
struct Hashed<'a> {
    file: &'a File,
    bytes: u64,
    hasher: XxHash3_64,
}

impl Write for Hashed<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let n = self.file.write(bytes)?;
        self.hasher.write(bytes.get(..n).unwrap_or_default());
        self.bytes += n as u64;
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests;
