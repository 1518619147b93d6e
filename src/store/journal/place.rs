//! Where the journal of a repository is.
//!
//! In the repository, unless another place is given; in this user's own folder where the repository cannot be written, or is
//! the sample inside the program.

use crate::load::Source;
use crate::store::journal::JournalError;
use crate::store::journal::memory::Memory;
use crate::store::journal::memory::name_of;
use rustix::fs::Access;
use std::path::Path;
use std::path::PathBuf;

/// The folder in a repository that is ours.
pub(super) const FOLDER: &str = ".downriver";
const FILE: &str = "journal.jsonl";

/// In whose folder a journal is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Home {
    Repository,
    /// This user's own.
    State,
    /// As the command line says.
    Given,
}

impl Home {
    /// The word used in JSON.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Repository => "repository",
            Self::State => "state",
            Self::Given => "given",
        }
    }
}

/// The one file that is the journal.
#[derive(Debug, Clone)]
pub(super) struct Spot {
    pub home: Home,
    /// In a repository, its top folder; else the folder of the file.
    pub folder: PathBuf,
    /// The name of the file.
    pub name: String,
    /// The path, as a person is told it.
    pub shown: String,
}

impl Spot {
    /// The place for a repository, and what to tell of a choice that the person did not make.
    pub(super) fn find(source: &Source, given: Option<&Path>, memory: &Memory) -> Result<(Self, Option<String>), JournalError> {
        if let Some(path) = given {
            let shown = path.display().to_string();
            let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
                return Err(JournalError::Refused { path: shown, why: "it names no file" });
            };
            let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
            return Ok((Self { home: Home::Given, folder: folder.to_owned(), name: name.to_owned(), shown }, None));
        }
        let root = root(source);
        let own = Self::of_user(root.as_deref(), memory);
        let Some(root) = root else {
            let own = own.ok_or(JournalError::NoPlace)?;
            let note = format!("the journal is {}: the sample is part of the program", own.shown);
            return Ok((own, Some(note)));
        };
        let in_repository = Self {
            home: Home::Repository,
            shown: root.join(FOLDER).join(FILE).display().to_string(),
            folder: root,
            name: FILE.to_owned(),
        };
        // A journal that was begun there stays there.
        let begun = own.as_ref().is_some_and(|own| own.folder.join(&own.name).is_file());
        let there = rustix::fs::lstat(in_repository.folder.join(FOLDER)).is_ok();
        if !begun && (there || rustix::fs::access(&in_repository.folder, Access::WRITE_OK | Access::EXEC_OK).is_ok()) {
            return Ok((in_repository, None));
        }
        let own = own.ok_or(JournalError::NoPlace)?;
        let why = if begun { "was begun there" } else { "is kept there: the repository cannot be written" };
        let note = format!("the journal is {}; it {why}", own.shown);
        Ok((own, Some(note)))
    }

    /// The place for a repository in this user's own folder; `None` where there is no such folder.
    pub(super) fn own(source: &Source, memory: &Memory) -> Option<Self> {
        Self::of_user(root(source).as_deref(), memory)
    }

    /// In this user's own folder, by the real path of the repository.
    fn of_user(root: Option<&Path>, memory: &Memory) -> Option<Self> {
        let folder = memory.folder()?.join("journals");
        let name = match root {
            None => "sample".to_owned(),
            Some(root) => name_of(&root.canonicalize().unwrap_or_else(|_| root.to_owned())),
        };
        let name = format!("{name}.jsonl");
        Some(Self { home: Home::State, shown: folder.join(&name).display().to_string(), folder, name })
    }

    /// The real path of the file, by which it is remembered.
    pub(super) fn key(&self) -> PathBuf {
        let folder = self.folder.canonicalize().unwrap_or_else(|_| self.folder.clone());
        let folder = if self.home == Home::Repository { folder.join(FOLDER) } else { folder };
        folder.join(&self.name)
    }
}

/// The folder of a repository: of several paths that of the first one.
fn root(source: &Source) -> Option<PathBuf> {
    match source {
        Source::Sample => None,
        Source::Paths(paths) => paths.first().map(|path| if path.is_dir() { path.clone() } else { folder_of(path) }),
    }
}

fn folder_of(file: &Path) -> PathBuf {
    file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned()
}
