//! Where a repository's cache lies, and whether what lies there is ours.
//!
//! Invariant: a file or folder that belongs to somebody else, that others may write, that is a link or no regular file is
//! not opened for its content and not written to.

use crate::load::Source;
use directories::ProjectDirs;
use rustix::fs::FileType;
use rustix::fs::Mode;
use rustix::fs::OFlags;
use rustix::fs::Stat;
use sha2::Digest as _;
use sha2::Sha256;
use std::ffi::OsStr;
use std::ffi::OsString;
use std::fs;
use std::fs::DirBuilder;
use std::fs::File;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;
use std::path::PathBuf;
use std::process;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// The end of a cache's name.
const ENDING: &str = ".downriver";
/// The end of the name of one that is being written.
const UNFINISHED: &str = ".tmp";
/// A writer that takes longer is no more.
const ABANDONED: Duration = Duration::from_secs(60 * 60);
/// A cache that was not written for so long is removed: its repository may be gone.
const FORGOTTEN: Duration = Duration::from_secs(60 * 24 * 60 * 60);

/// Where caches are kept, as the person has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Choice {
    Nowhere,
    /// In the platform's cache folder.
    Platform,
    Folder(PathBuf),
}

impl Choice {
    /// From the command line's `--no-cache` and the variable `DOWNRIVER_CACHE`: `off`, or a folder.
    pub(crate) fn new(no_cache: bool, variable: Option<OsString>) -> Self {
        match variable {
            _ if no_cache => Self::Nowhere,
            Some(off) if off == "off" => Self::Nowhere,
            Some(folder) if !folder.is_empty() => Self::Folder(folder.into()),
            Some(_) | None => Self::Platform,
        }
    }
}

/// The one file in which a repository's cache is.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    folder: PathBuf,
    name: String,
}

impl Place {
    /// The place for a repository; none where nothing is to be kept, or there is nothing to keep, or the place would be
    /// part of the repository.
    pub(crate) fn new(choice: &Choice, source: &Source) -> Option<Self> {
        let Source::Paths(paths) = source else { return None };
        let folder = match choice {
            Choice::Nowhere => return None,
            Choice::Platform => ProjectDirs::from("", "", "downriver")?.cache_dir().to_owned(),
            Choice::Folder(folder) => folder.clone(),
        };
        let mut digest = Sha256::new();
        for path in paths {
            let real = path.canonicalize().ok()?;
            if is_inside(&folder, &real) {
                return None;
            }
            // Of several paths the files are called by the path as it was given.
            let given = if paths.len() > 1 { path.as_os_str().as_bytes() } else { b"" };
            for part in [real.as_os_str().as_bytes(), given] {
                digest.update((part.len() as u64).to_le_bytes());
                digest.update(part);
            }
        }
        let hex: String = digest.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        Some(Self { folder, name: format!("{hex}{ENDING}") })
    }

    /// The file, if it is there and ours.
    pub(super) fn open(&self) -> Option<File> {
        let folder = self.folder()?;
        let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOFOLLOW | OFlags::NOCTTY | OFlags::CLOEXEC;
        let opened = rustix::fs::openat(&folder, &self.name, flags, Mode::empty()).ok()?;
        is_ours(&rustix::fs::fstat(&opened).ok()?, FileType::RegularFile).then(|| File::from(opened))
    }

    /// A file beside it, to be written and put in its place.
    pub(super) fn begin(&self) -> Option<Unfinished> {
        static WRITERS: AtomicU32 = AtomicU32::new(0);
        // It may be there already; whether it will do is seen next.
        let _ = DirBuilder::new().recursive(true).mode(0o700).create(&self.folder);
        let folder = self.folder()?;
        self.tidy();
        let beside = format!("{}.{}-{}{UNFINISHED}", self.name, process::id(), WRITERS.fetch_add(1, Ordering::Relaxed));
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let opened = rustix::fs::openat(&folder, &beside, flags, Mode::RUSR | Mode::WUSR).ok()?;
        Some(Unfinished { folder, beside, name: self.name.clone(), file: File::from(opened), done: false })
    }

    fn folder(&self) -> Option<OwnedFd> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let folder = rustix::fs::open(&self.folder, flags, Mode::empty()).ok()?;
        is_ours(&rustix::fs::fstat(&folder).ok()?, FileType::Directory).then_some(folder)
    }

    /// Removes what no run will read again: what was never finished, and what was not written for long.
    fn tidy(&self) {
        let Ok(entries) = fs::read_dir(&self.folder) else { return };
        for entry in entries.flatten() {
            let name = entry.file_name();
            let age = || entry.metadata().ok()?.modified().ok()?.elapsed().ok();
            let limit = match name.to_str().map(kind_of) {
                Some(Kept::Unfinished) => ABANDONED,
                Some(Kept::Cache) => FORGOTTEN,
                Some(Kept::Foreign) | None => continue,
            };
            if age().is_some_and(|age| age > limit) {
                // Somebody else may have been faster.
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}

/// Whether what is put into `folder` would be found in the repository at `root`.
fn is_inside(folder: &Path, root: &Path) -> bool {
    let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    // It may be still to be made.
    let real = folder.ancestors().find_map(|there| Some(there.canonicalize().ok()?.join(folder.strip_prefix(there).ok()?)));
    let hidden = |part: &OsStr| part.as_bytes().starts_with(b".") && part != "..";
    real.is_some_and(|real| real.strip_prefix(root).is_ok_and(|below| !below.iter().any(hidden)))
}

/// What a file of the folder is, by its name.
#[derive(Debug, PartialEq, Eq)]
enum Kept {
    Cache,
    Unfinished,
    Foreign,
}

fn kind_of(name: &str) -> Kept {
    let hex = |name: &str| name.len() == 32 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
    match name.split_once(ENDING) {
        Some((own, "")) if hex(own) => Kept::Cache,
        Some((own, rest)) if hex(own) && rest.starts_with('.') && rest.ends_with(UNFINISHED) => Kept::Unfinished,
        Some(_) | None => Kept::Foreign,
    }
}

/// Whether something is this user's alone to write, and what it should be.
fn is_ours(stat: &Stat, kind: FileType) -> bool {
    let written_by_others = Mode::from_raw_mode(stat.st_mode).intersects(Mode::WGRP | Mode::WOTH);
    FileType::from_raw_mode(stat.st_mode) == kind && stat.st_uid == rustix::process::geteuid().as_raw() && !written_by_others
}

/// A cache that is being written; unless it is put in its place, it goes away.
#[derive(Debug)]
pub(super) struct Unfinished {
    folder: OwnedFd,
    beside: String,
    name: String,
    pub(super) file: File,
    done: bool,
}

impl Unfinished {
    /// Puts it where the cache belongs, at once and as a whole.
    pub(super) fn finish(mut self) {
        self.done = rustix::fs::renameat(&self.folder, &self.beside, &self.folder, &self.name).is_ok();
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if !self.done {
            // What cannot be removed now is removed by a later run.
            let _ = rustix::fs::unlinkat(&self.folder, &self.beside, rustix::fs::AtFlags::empty());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(paths: &[&Path]) -> Option<String> {
        let source = Source::Paths(paths.iter().map(|path| (*path).to_owned()).collect());
        Place::new(&Choice::Folder("x".into()), &source).map(|place| place.name)
    }

    #[test]
    fn one_repository_has_one_place() {
        let dir = tempfile::tempdir().unwrap();
        let (a, b) = (dir.path().join("a"), dir.path().join("b"));
        fs::create_dir(&a).unwrap();
        fs::create_dir(&b).unwrap();
        assert_eq!(place(&[&a]), place(&[&dir.path().join("b/../a/")]), "by its real path");
        assert_ne!(place(&[&a]), place(&[&b]));
        assert_ne!(place(&[&a, &b]), place(&[&b, &a]), "names depend on the order");
        assert_ne!(place(&[&a, &b]), place(&[&dir.path().join("a/"), &b]), "and on how they are given");
        assert_eq!(place(&[&dir.path().join("none")]), None);
        assert!(Place::new(&Choice::Platform, &Source::Sample).is_none());
        assert!(Place::new(&Choice::Nowhere, &Source::Paths(vec![a])).is_none());
    }

    #[test]
    fn nothing_is_put_into_a_repository() {
        let dir = tempfile::tempdir().unwrap();
        let source = Source::Paths(vec![dir.path().to_owned()]);
        for (folder, there, why) in [
            ("caches", false, "in it"),
            ("a/b/../caches", false, "below, to be made"),
            (".cache/downriver", true, "hidden folders are no part of it"),
            ("../caches-of-others", true, "beside it"),
        ] {
            let choice = Choice::Folder(dir.path().join(folder));
            assert_eq!(Place::new(&choice, &source).is_some(), there, "{why}: {folder}");
        }
    }

    #[test]
    fn the_choice_is_a_flag_or_a_variable() {
        for (no_cache, variable, choice) in [
            (false, None, Choice::Platform),
            (false, Some(""), Choice::Platform),
            (false, Some("off"), Choice::Nowhere),
            (false, Some("/x"), Choice::Folder("/x".into())),
            (true, Some("/x"), Choice::Nowhere),
            (true, None, Choice::Nowhere),
        ] {
            assert_eq!(Choice::new(no_cache, variable.map(OsString::from)), choice, "{no_cache} {variable:?}");
        }
    }

    #[test]
    fn only_our_own_leftovers_are_removed() {
        let hex = "0123456789abcdef0123456789abcdef";
        for (name, kept) in [
            (format!("{hex}.downriver"), Kept::Cache),
            (format!("{hex}.downriver.71-0.tmp"), Kept::Unfinished),
            ("notes.downriver".to_owned(), Kept::Foreign),
            ("notes.tmp".to_owned(), Kept::Foreign),
            (format!("{hex}.downriver.bak"), Kept::Foreign),
        ] {
            assert_eq!(kind_of(&name), kept, "{name}");
        }
    }
}
