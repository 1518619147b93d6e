//! The journal's file: opened without following a link, read, appended to under a lock, synced.

use crate::incident::journal::Hash;
use crate::store::journal::JournalError;
use crate::store::journal::place::FOLDER;
use crate::store::journal::place::Home;
use crate::store::journal::place::Spot;
use rustix::fs::AtFlags;
use rustix::fs::FileType;
use rustix::fs::FlockOperation;
use rustix::fs::Mode;
use rustix::fs::OFlags;
use rustix::io::Errno;
use std::fs::DirBuilder;
use std::fs::File;
use std::io;
use std::io::Read as _;
use std::io::Seek as _;
use std::io::Write as _;
use std::os::fd::AsFd;
use std::os::fd::OwnedFd;
use std::os::unix::fs::DirBuilderExt as _;
use std::thread;
use std::time::Duration;
use std::time::Instant;

/// A larger journal is not read: a million entries take less.
const LARGEST: u64 = 2 << 30;
/// How long a reader waits for a writer to finish the line it sees the beginning of.
const SETTLES: Duration = Duration::from_secs(2);
/// After this long a person is told what is waited for.
const TOLD: Duration = Duration::from_secs(1);
/// How long a command waits for the lock of another process.
pub(super) const PATIENCE: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_millis(5);
/// So often a journal may be put in another's place while its lock is waited for.
const REPLACED: usize = 100;

/// The open file of a journal. Its lock, where it has one, goes with it.
pub(super) struct Open {
    file: File,
    folder: OwnedFd,
    path: String,
}

impl Open {
    /// Opens the journal to read it; `None` where there is none yet.
    pub(super) fn to_read(spot: &Spot) -> Result<Option<Self>, JournalError> {
        let unreadable = |errno: Errno| JournalError::Unreadable { path: spot.shown.clone(), source: errno.into() };
        let folder = match folder(spot) {
            Err(Errno::NOENT) => return Ok(None),
            opened => opened.map_err(|errno| refused(spot, errno).unwrap_or_else(|| unreadable(errno)))?,
        };
        match file(&folder, spot, OFlags::RDONLY) {
            Ok(file) => Ok(Some(Self { file: regular(file, spot)?, folder, path: spot.shown.clone() })),
            Err(Errno::NOENT) => Ok(None),
            Err(errno) => Err(refused(spot, errno).unwrap_or_else(|| unreadable(errno))),
        }
    }

    /// Opens the journal to append to it, making it where there is none, and takes its lock.
    pub(super) fn to_append(spot: &Spot, patience: Duration, waits: &dyn Fn()) -> Result<Self, JournalError> {
        let failed = |errno: Errno| not_recorded(spot, errno.into());
        for _ in 0..REPLACED {
            let folder = made(spot).map_err(|error| {
                let refusal = error.raw_os_error().and_then(|raw| refused(spot, Errno::from_raw_os_error(raw)));
                refusal.unwrap_or_else(|| not_recorded(spot, error))
            })?;
            let opened = match file(&folder, spot, OFlags::RDWR | OFlags::APPEND) {
                Err(Errno::NOENT) => match file(&folder, spot, OFlags::RDWR | OFlags::APPEND | OFlags::CREATE | OFlags::EXCL) {
                    Err(Errno::EXIST) => continue,
                    created => created,
                },
                opened => opened,
            };
            let opened = opened.map_err(|errno| refused(spot, errno).unwrap_or_else(|| failed(errno)))?;
            let open = Self { file: regular(opened, spot)?, folder, path: spot.shown.clone() };
            if !open.lock(FlockOperation::NonBlockingLockExclusive, patience, waits).map_err(failed)? {
                return Err(JournalError::Held { path: spot.shown.clone() });
            }
            // While its lock was waited for, another file may have been put in its place.
            let named = rustix::fs::statat(&open.folder, &spot.name, AtFlags::SYMLINK_NOFOLLOW);
            let own = rustix::fs::fstat(&open.file).map_err(failed)?;
            if named.is_ok_and(|named| (named.st_dev, named.st_ino) == (own.st_dev, own.st_ino)) {
                return Ok(open);
            }
        }
        Err(JournalError::Held { path: spot.shown.clone() })
    }

    /// Takes a lock; false where it was not to be had in time.
    fn lock(&self, kind: FlockOperation, patience: Duration, waits: &dyn Fn()) -> Result<bool, Errno> {
        let began = Instant::now();
        let mut told = false;
        loop {
            match rustix::fs::flock(&self.file, kind) {
                Ok(()) => return Ok(true),
                Err(Errno::WOULDBLOCK | Errno::INTR) => {}
                Err(errno) => return Err(errno),
            }
            if began.elapsed() > patience {
                return Ok(false);
            }
            if began.elapsed() > TOLD && !told {
                told = true;
                waits();
            }
            thread::sleep(PAUSE);
        }
    }

    /// All that the file holds.
    pub(super) fn read(&mut self) -> Result<Vec<u8>, JournalError> {
        let mut bytes = Vec::new();
        let read = self.file.rewind().and_then(|()| (&self.file).take(LARGEST + 1).read_to_end(&mut bytes));
        read.map_err(|source| JournalError::Unreadable { path: self.path.clone(), source })?;
        if bytes.len() as u64 > LARGEST {
            return Err(JournalError::Refused { path: self.path.clone(), why: "it is larger than 2 GiB" });
        }
        Ok(bytes)
    }

    /// The same, once no writer is in the middle of a line.
    pub(super) fn read_settled(&mut self) -> Result<Vec<u8>, JournalError> {
        let bytes = self.read()?;
        if bytes.last().is_none_or(|last| *last == b'\n') {
            return Ok(bytes);
        }
        // Where there are no locks, or the writer is frozen, what is there now is shown.
        let _ = self.lock(FlockOperation::NonBlockingLockShared, SETTLES, &|| {});
        let bytes = self.read()?;
        let _ = rustix::fs::flock(&self.file, FlockOperation::Unlock);
        Ok(bytes)
    }

    /// Moves what follows the last whole line into a file beside it, and says which.
    pub(super) fn set_aside(&mut self, whole: usize, torn: &[u8]) -> Result<Option<String>, JournalError> {
        if torn.is_empty() {
            return Ok(None);
        }
        let hash = Hash::of(torn).to_string();
        let name = format!("journal.torn-{whole}-{}", hash.get(..12).unwrap_or(&hash));
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::TRUNC | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let kept = rustix::fs::openat(&self.folder, &name, flags, Mode::RUSR | Mode::WUSR).map_err(io::Error::from);
        kept.map(File::from)
            .and_then(|mut kept| kept.write_all(torn).and_then(|()| kept.sync_all()))
            .and_then(|()| sync(&self.folder))
            .and_then(|()| self.file.set_len(whole as u64))
            .and_then(|()| self.file.sync_all())
            .map_err(|source| JournalError::NotRecorded { path: self.path.clone(), source })?;
        Ok(Some(name))
    }

    /// Appends whole lines and syncs them. Where that fails, the file is as it was as far as that can be had, and nothing
    /// was recorded.
    pub(super) fn append(&mut self, lines: &str, unended: bool) -> Result<(), JournalError> {
        let failed = |source| JournalError::NotRecorded { path: self.path.clone(), source };
        let before = self.file.metadata().map_err(failed)?.len();
        let text = if unended { format!("\n{lines}") } else { lines.to_owned() };
        let written = self.file.write_all(text.as_bytes()).and_then(|()| self.file.sync_all());
        if let Err(source) = written {
            // A sync that failed may have lost what it was for: never acknowledged, never tried again as if it had not.
            if self.file.set_len(before).is_ok() {
                let _ = self.file.sync_all();
            }
            return Err(JournalError::NotRecorded { path: self.path.clone(), source });
        }
        // Whoever made the file or the folder may have died before it was synced; syncing what is clean costs nothing.
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let above = rustix::fs::openat(&self.folder, "..", flags, Mode::empty()).map_err(io::Error::from);
        sync(&self.folder).and_then(|()| sync(&above?)).map_err(failed)
    }
}

fn not_recorded(spot: &Spot, source: io::Error) -> JournalError {
    JournalError::NotRecorded { path: spot.shown.clone(), source }
}

/// What it means that something is not what a journal is kept in.
fn refused(spot: &Spot, errno: Errno) -> Option<JournalError> {
    let why = match errno {
        Errno::LOOP | Errno::MLINK => "it, or its folder, is a link",
        Errno::NOTDIR => "its folder is no folder, or a link",
        Errno::ISDIR => "it is a folder",
        Errno::NXIO => "it is no regular file",
        _ => return None,
    };
    Some(JournalError::Refused { path: spot.shown.clone(), why })
}

/// The folder of a journal. That of a repository is ours and must not lead anywhere else; any other is as it was given.
fn folder(spot: &Spot) -> Result<OwnedFd, Errno> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let given = rustix::fs::open(&spot.folder, flags, Mode::empty())?;
    match spot.home {
        Home::Repository => rustix::fs::openat(&given, FOLDER, flags | OFlags::NOFOLLOW, Mode::empty()),
        Home::State | Home::Given => Ok(given),
    }
}

/// The folder, made where there is none and it is ours to make.
fn made(spot: &Spot) -> io::Result<OwnedFd> {
    match (folder(spot), spot.home) {
        (Err(Errno::NOENT), Home::Repository) => {
            let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
            let root = rustix::fs::open(&spot.folder, flags, Mode::empty())?;
            match rustix::fs::mkdirat(&root, FOLDER, Mode::RWXU) {
                Ok(()) | Err(Errno::EXIST) => sync(&root)?,
                Err(errno) => return Err(errno.into()),
            }
        }
        (Err(Errno::NOENT), Home::State) => {
            DirBuilder::new().recursive(true).mode(0o700).create(&spot.folder)?;
            if let Some(parent) = spot.folder.parent() {
                File::open(parent)?.sync_all()?;
            }
        }
        (opened, _) => return Ok(opened?),
    }
    Ok(folder(spot)?)
}

fn file(folder: &OwnedFd, spot: &Spot, flags: OFlags) -> Result<OwnedFd, Errno> {
    // Without NONBLOCK the open of a FIFO waits for a writer.
    let flags = flags | OFlags::NONBLOCK | OFlags::NOFOLLOW | OFlags::NOCTTY | OFlags::CLOEXEC;
    rustix::fs::openat(folder, &spot.name, flags, Mode::RUSR | Mode::WUSR)
}

/// Refuses what is no regular file, or has another name as well, which may lie outside the repository.
fn regular(opened: OwnedFd, spot: &Spot) -> Result<File, JournalError> {
    let unreadable = |errno: Errno| JournalError::Unreadable { path: spot.shown.clone(), source: errno.into() };
    let stat = rustix::fs::fstat(&opened).map_err(unreadable)?;
    let why = match FileType::from_raw_mode(stat.st_mode) {
        FileType::RegularFile if stat.st_nlink <= 1 => return Ok(File::from(opened)),
        FileType::RegularFile => "it has another name as well, which may lead out of the repository",
        _ => "it is no regular file",
    };
    Err(JournalError::Refused { path: spot.shown.clone(), why })
}

fn sync(folder: &impl AsFd) -> io::Result<()> {
    Ok(rustix::fs::fsync(folder)?)
}
