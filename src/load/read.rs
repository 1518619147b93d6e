//! One file to its documents: opened without ever waiting, sized before it is read.
//!
//! Invariant: what is opened is a regular file at the moment of reading, whatever it was when it was found.

use super::{Entry, LoadedFile, Origin, name_after_file};
use crate::formats;
use crate::formats::detect;
use crate::formats::limits;
use crate::model::document::Depth;
use crate::model::document::Place;
use crate::model::finding::Code;
use crate::model::finding::Finding;
use rustix::fs::{FileType, Mode, OFlags};
use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

/// So much tells whether a file is text.
const HEAD: usize = 64 << 10;

/// Puts what a file holds into `room`, in place of what is there; false where it is plainly no text.
pub(super) fn content(entry: &Entry, room: &mut Vec<u8>) -> Result<bool, Finding> {
    match &entry.origin {
        Origin::File(path) => bytes(path, entry.short_name(), room),
        Origin::Embedded(data) => {
            room.clear();
            room.extend_from_slice(data);
            Ok(true)
        }
        Origin::Refused(finding) => Err((**finding).clone()),
    }
}

/// Reads what a file holds, or says why not.
pub(super) fn file(entry: &Entry, content: Result<bool, Finding>, depth: Depth, room: &[u8]) -> LoadedFile {
    let mut read = match content {
        Ok(true) => formats::read(room, entry.short_name(), depth),
        Ok(false) => formats::Read { passed_over: true, ..formats::Read::default() },
        Err(finding) => formats::Read { problems: vec![finding], ..formats::Read::default() },
    };
    for finding in read.problems.iter_mut().chain(read.documents.iter_mut().flat_map(|document| &mut document.findings)) {
        entry.name.clone_into(&mut finding.file);
    }
    for document in &mut read.documents {
        name_after_file(document, &entry.name);
    }
    let formats::Read { documents, problems, passed_over } = read;
    LoadedFile { name: entry.name.clone(), bytes: entry.size, documents, problems, passed_over }
}

/// Puts the bytes of a file into `room`, in place of what is there; false where its head shows that it is no text.
pub(super) fn bytes(path: &Path, name: &str, room: &mut Vec<u8>) -> Result<bool, Finding> {
    let unreadable = |error: io::Error| cannot_be_read(&error);
    // Without NONBLOCK the open of a FIFO waits for a writer; with NOFOLLOW a link put there meanwhile is refused.
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOFOLLOW | OFlags::NOCTTY | OFlags::CLOEXEC;
    let opened = rustix::fs::open(path, flags, Mode::empty()).map_err(|errno| unreadable(errno.into()))?;
    let stat = rustix::fs::fstat(&opened).map_err(|errno| unreadable(errno.into()))?;
    let kind = FileType::from_raw_mode(stat.st_mode);
    if kind != FileType::RegularFile {
        return Err(not_regular(kind));
    }
    let size = u64::try_from(stat.st_size).unwrap_or(u64::MAX);
    let too_large = size > limits::FILE_BYTES;
    if too_large && detect::is_data(&name.to_ascii_lowercase()) {
        return Err(too_many_bytes());
    }
    let mut file = File::from(opened);
    room.clear();
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    // One byte more is asked for, so that one call reads the usual file and shows that it has not grown.
    fill(&mut file, room, size.saturating_add(1).min(HEAD), size).map_err(unreadable)?;
    if is_binary(room) || (too_large && !detect::is_suspect(room, &name.to_ascii_lowercase())) {
        return Ok(false);
    }
    if too_large {
        return Err(too_many_bytes());
    }
    if room.len() != size {
        let left = limits::FILE_BYTES + 1 - (room.len() as u64).min(limits::FILE_BYTES);
        room.reserve(size.saturating_sub(room.len()) + 1);
        file.take(left).read_to_end(room).map_err(unreadable)?;
    }
    if room.len() as u64 > limits::FILE_BYTES { Err(too_many_bytes()) } else { Ok(true) }
}

/// Reads `n` bytes more, or fewer where the file ends before; it is thought to end once `room` holds `size`.
fn fill(file: &mut File, room: &mut Vec<u8>, n: usize, size: usize) -> io::Result<()> {
    let mut at = room.len();
    room.resize(at + n, 0);
    while let Some(rest) = room.get_mut(at..).filter(|rest| !rest.is_empty()) {
        match file.read(rest) {
            Ok(0) => break,
            Ok(read) => at += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
        if at == size {
            break;
        }
    }
    room.truncate(at);
    Ok(())
}

/// A zero byte stands in no text; packed files and UTF-16 are told apart by their reader.
fn is_binary(head: &[u8]) -> bool {
    let told_apart: [&[u8]; 4] = [b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"\xff\xfe", b"\xfe\xff"];
    memchr::memchr(0, head).is_some() && !told_apart.iter().any(|magic| head.starts_with(magic))
}

/// A finding about a file as a whole.
pub(super) fn about_file(code: Code, message: impl Into<String>, help: &str) -> Finding {
    Finding { place: None, ..Finding::new(code, Place::default(), message, help) }
}

/// The finding for a file or folder that the system does not let us read.
pub(super) fn cannot_be_read(error: &io::Error) -> Finding {
    match error.kind() {
        io::ErrorKind::NotFound => {
            about_file(Code::Unreadable, "it was there and is gone", "it changed while it was read: load again")
        }
        io::ErrorKind::PermissionDenied => {
            about_file(Code::Unreadable, "cannot be read: permission denied", "let this user read it, or name it under `ignore:`")
        }
        _ => about_file(Code::Unreadable, format!("cannot be read: {error}"), "load again; if it stays, check the disk"),
    }
}

/// The finding for what is neither file nor folder.
pub(super) fn not_regular(kind: FileType) -> Finding {
    let what = match kind {
        FileType::Fifo => "a FIFO",
        FileType::Socket => "a socket",
        FileType::CharacterDevice | FileType::BlockDevice => "a device",
        FileType::Directory => "a folder, where a file was",
        FileType::Symlink => "a link, where a file was",
        FileType::RegularFile | FileType::Unknown => "not a regular file",
    };
    about_file(
        Code::Unreadable,
        format!("{what}: not opened"),
        "only regular files are read: remove it, or name it under `ignore:`",
    )
}

fn too_many_bytes() -> Finding {
    about_file(Code::Limit, "larger than 64 MiB", "split the document, or name the file under `ignore:` if it is none")
}
