//! What this user remembers of journals, in a folder of their own: which are theirs, and the last entry they saw of each.
//!
//! A chain of hashes cannot see that its end was cut off, nor that an old copy was put back; whoever saw more can.
//!
//! Invariant: it is kept twice, by the journal's own id (which a copy keeps) and by its path (where another may be put).

use crate::incident::journal::Hash;
use crate::incident::journal::Head;
use directories::ProjectDirs;
use rustix::fs::Mode;
use rustix::fs::OFlags;
use sha2::Digest as _;
use sha2::Sha256;
use std::ffi::OsString;
use std::fs;
use std::fs::DirBuilder;
use std::fs::File;
use std::io;
use std::io::Read as _;
use std::io::Write as _;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;
use std::path::PathBuf;
use std::process;

/// A remembered line is never longer.
const LONGEST: u64 = 1_000;

/// This user's own folder; none on a platform that has none.
#[derive(Debug, Clone)]
pub(crate) struct Memory(Option<PathBuf>);

impl Memory {
    /// In the folder that the variable `DOWNRIVER_STATE` names, else in the platform's.
    pub(crate) fn new(variable: Option<OsString>) -> Self {
        let given = variable.filter(|folder| !folder.is_empty()).map(PathBuf::from);
        let platform = || {
            let folders = ProjectDirs::from("", "", "downriver")?;
            Some(folders.state_dir().unwrap_or_else(|| folders.data_local_dir()).to_owned())
        };
        Self(given.or_else(platform))
    }

    /// The folder.
    pub(in crate::store) fn folder(&self) -> Option<&Path> {
        self.0.as_deref()
    }

    /// The folder, as a person is told it.
    pub(super) fn shown(&self) -> String {
        self.0.as_ref().map_or_else(|| "no folder".to_owned(), |folder| folder.display().to_string())
    }

    /// The last entry seen of a journal, if it is this user's.
    pub(super) fn of(&self, journal: Hash) -> Option<Head> {
        Head::parse(&self.read(&journal.to_string())?)
    }

    /// The journal seen at a path, and its last entry.
    pub(super) fn at(&self, path: &Path) -> Option<(Hash, Head)> {
        let text = self.read(&at(path))?;
        let (journal, head) = text.split_once(' ')?;
        Some((Hash::parse(journal.as_bytes())?, Head::parse(head)?))
    }

    /// Remembers the last entry of a journal that is this user's.
    pub(super) fn keep(&self, path: &Path, journal: Hash, head: Head) -> io::Result<()> {
        self.write(&journal.to_string(), &head.to_string())?;
        self.write(&at(path), &format!("{journal} {head}"))
    }

    /// Forgets what was seen at a path.
    pub(super) fn forget(&self, path: &Path) -> io::Result<()> {
        let Some(folder) = self.heads() else { return Ok(()) };
        match fs::remove_file(folder.join(at(path))) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    fn heads(&self) -> Option<PathBuf> {
        Some(self.folder()?.join("heads"))
    }

    fn read(&self, name: &str) -> Option<String> {
        let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOFOLLOW | OFlags::NOCTTY | OFlags::CLOEXEC;
        let opened = rustix::fs::open(self.heads()?.join(name), flags, Mode::empty()).ok()?;
        let own = rustix::fs::fstat(&opened).ok()?.st_uid == rustix::process::geteuid().as_raw();
        let mut text = String::new();
        File::from(opened).take(LONGEST).read_to_string(&mut text).ok().filter(|_| own)?;
        Some(text.trim_end().to_owned())
    }

    /// Puts a line in its place, at once and as a whole.
    fn write(&self, name: &str, line: &str) -> io::Result<()> {
        let folder = self.heads().ok_or(io::ErrorKind::NotFound)?;
        DirBuilder::new().recursive(true).mode(0o700).create(&folder)?;
        let beside = folder.join(format!("{name}.{}.tmp", process::id()));
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::TRUNC | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let mut file = File::from(rustix::fs::open(&beside, flags, Mode::RUSR | Mode::WUSR)?);
        let put = writeln!(file, "{line}").and_then(|()| file.sync_all()).and_then(|()| fs::rename(&beside, folder.join(name)));
        if put.is_err() {
            // What cannot be removed is written over by a process of that number.
            let _ = fs::remove_file(&beside);
        }
        put
    }
}

/// The name under which a path is remembered.
fn at(path: &Path) -> String {
    format!("at-{}", name_of(path))
}

/// A short name for a path.
pub(super) fn name_of(path: &Path) -> String {
    Sha256::digest(path.as_os_str().as_bytes()).iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}
