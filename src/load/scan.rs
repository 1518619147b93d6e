//! The walk over the given paths, level by level.
//!
//! Invariant: a link is followed only to where its real path lies inside the path that is walked, and every folder and
//! file is taken once, under its own name if it has one there.
//! Invariant: a folder is told to who watches before it is listed, so that what changes in it is either found or told.
//! Absent on purpose: opening files, save the owner's settings.

use super::ignore::Ignore;
use super::stamp::Stamp;
use super::{Entry, Event, Found, LoadError, OnEvent, Origin, SETTINGS_FILE, read};
use crate::formats::detect;
use crate::model::finding::Code;
use crate::model::finding::Finding;
use rayon::prelude::*;
use rustc_hash::FxHashSet;
use rustix::fs::{AtFlags, FileType, Mode, OFlags, RawDir, Stat};
use rustix::io::Errno;
use std::ffi::{CStr, OsStr};
use std::fs;
use std::io;
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

/// So much of a folder is listed by one call of the system.
const LISTED: usize = 16 << 10;

/// Walks all paths.
pub(super) fn scan(paths: &[PathBuf], stop: &AtomicBool, on_event: OnEvent<'_>) -> Result<Found, LoadError> {
    walk(paths, paths.len() > 1, true, stop, on_event)
}

/// Walks all paths, naming each file by its path as given; no configuration that lies there hides any.
pub(super) fn scan_all(paths: &[PathBuf], stop: &AtomicBool) -> Result<Found, LoadError> {
    walk(paths, true, false, stop, &|_| ())
}

fn walk(paths: &[PathBuf], as_given: bool, owned: bool, stop: &AtomicBool, on_event: OnEvent<'_>) -> Result<Found, LoadError> {
    let mut walk = Walk {
        found: Found::default(),
        entered: FxHashSet::default(),
        apart: FxHashSet::default(),
        ignore: Ignore::default(),
        on_event,
    };
    for (row, path) in paths.iter().enumerate() {
        let root = Root::open(path, as_given)?;
        if root.is_file {
            walk.file(format!("{}{}", root.prefix, root.label), root.real);
            continue;
        }
        if row == 0 && owned {
            walk.settings(&root);
        }
        walk.folders(&root, stop);
        // What the first folder's owner hides is hidden there only.
        walk.ignore = Ignore::default();
    }
    Ok(walk.found)
}

/// One of the given paths.
struct Root {
    label: String,
    /// Before the name of every file; empty or with a slash at its end.
    prefix: String,
    real: PathBuf,
    is_file: bool,
}

impl Root {
    fn open(path: &Path, of_several: bool) -> Result<Self, LoadError> {
        let failed = |source: io::Error| match source.kind() {
            io::ErrorKind::NotFound => LoadError::Missing { path: path.to_owned() },
            _ => LoadError::Unreadable { path: path.to_owned(), source },
        };
        let real = path.canonicalize().map_err(failed)?;
        let kind = fs::metadata(&real).map_err(failed)?.file_type();
        if kind.is_dir() {
            fs::read_dir(&real).map_err(failed)?;
        } else if !kind.is_file() {
            return Err(LoadError::NotAFolder { path: path.to_owned() });
        }
        let label = real.file_name().unwrap_or(real.as_os_str()).to_string_lossy().into_owned();
        let given = path.to_string_lossy();
        let prefix = match (of_several, kind.is_file()) {
            (false, _) => String::new(),
            (true, false) => format!("{}/", given.trim_end_matches('/')),
            (true, true) => given.strip_suffix(label.as_str()).unwrap_or_default().to_owned(),
        };
        Ok(Self { label, prefix, real, is_file: kind.is_file() })
    }
}

/// A folder to be listed.
struct Folder {
    /// Relative to the root; empty, or with a slash at its end.
    name: String,
    real: PathBuf,
}

/// What stands in one folder.
#[derive(Default)]
struct Listing {
    folders: Vec<Folder>,
    entries: Vec<Entry>,
    /// Names and paths.
    links: Vec<(String, PathBuf)>,
    hidden: usize,
    ignored: usize,
}

struct Walk<'a> {
    found: Found,
    /// Real paths of the folders that were entered.
    entered: FxHashSet<PathBuf>,
    /// Real paths of files that were not found by entering their folder: given, or behind a link.
    apart: FxHashSet<PathBuf>,
    ignore: Ignore,
    on_event: OnEvent<'a>,
}

impl Walk<'_> {
    /// Takes a file, unless it is taken already.
    fn file(&mut self, name: String, real: PathBuf) {
        let hidden = real.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        let listed = !hidden && real.parent().is_some_and(|folder| self.entered.contains(folder));
        if listed || !self.apart.insert(real.clone()) {
            return;
        }
        if let Some(folder) = real.parent() {
            (self.on_event)(Event::Folder(folder));
        }
        self.found.entries.push(match rustix::fs::stat(&real) {
            Ok(stat) => Entry::file(name, real, &stat),
            Err(errno) => Entry::refused(name, read::cannot_be_read(&errno.into())),
        });
    }

    fn settings(&mut self, root: &Root) {
        let name = format!("{}{SETTINGS_FILE}", root.prefix);
        let path = root.real.join(SETTINGS_FILE);
        if fs::symlink_metadata(&path).is_err() {
            return;
        }
        let inside = path.canonicalize().ok().filter(|real| real.starts_with(&root.real));
        let mut bytes = Vec::new();
        match inside.ok_or_else(leads_out).and_then(|real| read::bytes(&real, SETTINGS_FILE, &mut bytes)) {
            Ok(is_text) => {
                bytes.truncate(if is_text { bytes.len() } else { 0 });
                let (settings, findings) = super::settings(&bytes, &name);
                let (ignore, bad_globs) = Ignore::new(&settings.ignore, &name);
                self.ignore = ignore;
                self.found.settings = settings;
                self.found.problems.extend(findings.into_iter().chain(bad_globs));
            }
            Err(finding) => self.found.problems.push(Finding { file: name, ..finding }),
        }
    }

    fn folders(&mut self, root: &Root, stop: &AtomicBool) {
        let mut level = Vec::new();
        if self.entered.insert(root.real.clone()) {
            level.push(Folder { name: String::new(), real: root.real.clone() });
        }
        let mut links = Vec::new();
        while !stop.load(Ordering::Relaxed) && (!level.is_empty() || !links.is_empty()) {
            if level.is_empty() {
                // Only now is it known what has a name of its own.
                level = self.follow(root, std::mem::take(&mut links));
            }
            let (ignore, on_event) = (&self.ignore, self.on_event);
            let listing = |folder: &Folder| {
                on_event(Event::Folder(&folder.real));
                list(root, folder, ignore)
            };
            let listings: Vec<Listing> = level.par_iter().map(listing).collect();
            level.clear();
            for listing in listings {
                level.extend(listing.folders.into_iter().filter(|folder| self.entered.insert(folder.real.clone())));
                let apart = &self.apart;
                let is_new = |entry: &Entry| match &entry.origin {
                    Origin::File(real) => apart.is_empty() || !apart.contains(real),
                    Origin::Embedded(_) | Origin::Refused(_) => true,
                };
                self.found.entries.extend(listing.entries.into_iter().filter(is_new));
                links.extend(listing.links);
                self.found.hidden += listing.hidden;
                self.found.ignored += listing.ignored;
            }
        }
    }

    /// Where links lead: folders to be entered; files are taken at once.
    fn follow(&mut self, root: &Root, mut links: Vec<(String, PathBuf)>) -> Vec<Folder> {
        links.sort();
        let mut folders = Vec::new();
        for (name, link) in links {
            let shown = format!("{}{name}", root.prefix);
            let target = link.canonicalize().and_then(|real| Ok((kind_of(&rustix::fs::stat(&real)?), real)));
            let is_folder = target.as_ref().is_ok_and(|(kind, _)| *kind == FileType::Directory);
            let refused = match target {
                Ok((_, real)) if !real.starts_with(&root.real) => leads_out(),
                Ok((_, real)) if is_folder => {
                    if self.entered.insert(real.clone()) {
                        folders.push(Folder { name: format!("{name}/"), real });
                    }
                    continue;
                }
                Ok((FileType::RegularFile, real)) => {
                    self.file(shown, real);
                    continue;
                }
                Ok((kind, _)) => read::not_regular(kind),
                Err(_) => leads_nowhere(),
            };
            if is_folder || detect::is_data(&name.to_ascii_lowercase()) {
                self.found.entries.push(Entry::refused(shown, refused));
            } else {
                self.found.passed_over += 1;
            }
        }
        folders
    }
}

impl Entry {
    fn file(name: String, real: PathBuf, stat: &Stat) -> Self {
        let stamp = Stamp::of(stat);
        Self { name, size: stamp.size, stamp: Some(stamp), origin: Origin::File(real) }
    }

    fn refused(name: String, finding: Finding) -> Self {
        Self { name, size: 0, stamp: None, origin: Origin::Refused(Box::new(finding)) }
    }
}

fn list(root: &Root, folder: &Folder, ignore: &Ignore) -> Listing {
    let mut listing = Listing::default();
    let refuse = |errno: Errno| {
        let name = format!("{}{}", root.prefix, folder.name);
        Entry::refused(name, read::cannot_be_read(&errno.into()))
    };
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let opened = match rustix::fs::open(&folder.real, flags, Mode::empty()) {
        Ok(opened) => opened,
        Err(errno) => {
            listing.entries.push(refuse(errno));
            return listing;
        }
    };
    let mut room = [MaybeUninit::uninit(); LISTED];
    let mut entries = RawDir::new(&opened, &mut room);
    while let Some(entry) = entries.next() {
        match entry {
            Ok(entry) => place(root, folder, &opened, entry.file_name(), entry.file_type(), ignore, &mut listing),
            Err(errno) => {
                listing.entries.push(refuse(errno));
                break;
            }
        }
    }
    listing
}

/// Puts one member of a folder where it belongs.
fn place(root: &Root, folder: &Folder, opened: &OwnedFd, own: &CStr, kind: FileType, ignore: &Ignore, listing: &mut Listing) {
    let bytes = own.to_bytes();
    if bytes.starts_with(b".") {
        listing.hidden += usize::from(bytes != b"." && bytes != b"..");
        return;
    }
    let name = format!("{}{}", folder.name, String::from_utf8_lossy(bytes));
    if ignore.hides(&name) {
        listing.ignored += 1;
        return;
    }
    let real = folder.real.join(OsStr::from_bytes(bytes));
    let shown = || format!("{}{name}", root.prefix);
    // Only of files more than the kind is asked for.
    let kind = match kind {
        FileType::Directory | FileType::Symlink => Ok((kind, None)),
        _ => rustix::fs::statat(opened, own, AtFlags::SYMLINK_NOFOLLOW).map(|stat| (kind_of(&stat), Some(stat))),
    };
    match (kind, real) {
        (Ok((FileType::Directory, _)), real) => listing.folders.push(Folder { name: format!("{name}/"), real }),
        (Ok((FileType::Symlink, _)), real) => listing.links.push((name, real)),
        (Ok((FileType::RegularFile, Some(stat))), real) => listing.entries.push(Entry::file(shown(), real, &stat)),
        (Ok((kind, _)), _) => listing.entries.push(Entry::refused(shown(), read::not_regular(kind))),
        (Err(errno), _) => listing.entries.push(Entry::refused(shown(), read::cannot_be_read(&errno.into()))),
    }
}

fn leads_out() -> Finding {
    let help = "copy what it leads to into the repository, or give its folder as a further path";
    read::about_file(Code::Unreadable, "a link that leads out of the repository: not followed", help)
}

fn leads_nowhere() -> Finding {
    read::about_file(Code::Unreadable, "a link that leads nowhere", "remove it, or restore what it leads to")
}

fn kind_of(stat: &Stat) -> FileType {
    FileType::from_raw_mode(stat.st_mode)
}
