//! A folder, several, one file or the built-in sample to all the documents in it.
//!
//! Files are read and parsed in parallel; what comes out is in path order, whatever the threads did. One bad file costs
//! only itself.
//!
//! Invariant: nothing outside the given paths is opened, nothing but regular files is, and nothing is written.
//! Invariant: only the `downriver.yaml` at the top of the first folder counts; no ignore file of another kind does.
//! Absent on purpose: formats, identity, where anything is kept.

pub(crate) mod advisories;
pub(crate) mod again;
mod embedded;
pub(crate) mod evidence;
mod files;
pub(crate) mod folder;
pub(crate) mod git;
mod ignore;
pub(crate) mod look;
mod read;
mod scan;
mod stamp;
pub(crate) mod trust;

pub(crate) use files::Files;

use crate::graph::Input;
use crate::model::document::Document;
use crate::model::document::Standing;
use crate::model::finding::Finding;
use crate::model::settings::SETTINGS_FILE;
use crate::model::settings::Settings;
use std::io;
use std::path::{Path, PathBuf};
#[cfg(any(test, feature = "bench"))]
use std::sync::atomic::AtomicBool;

/// Where a repository comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Source {
    /// Folders or single files, as given on the command line.
    Paths(Vec<PathBuf>),
    /// The sample repository inside the binary.
    Sample,
}

/// Why there is nothing to load.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LoadError {
    #[error("{}: no such file or folder", .path.display())]
    Missing { path: PathBuf },
    #[error("{}: neither a folder nor a regular file", .path.display())]
    NotAFolder { path: PathBuf },
    #[error("{}: cannot be read", .path.display())]
    Unreadable {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
}

impl LoadError {
    /// What to do about it.
    pub(crate) fn hint(&self) -> &'static str {
        match self {
            Self::Missing { .. } => "check the path, or start without one to see the sample repository",
            Self::NotAFolder { .. } => "pass the folder that holds the SBOMs, or one SBOM file",
            Self::Unreadable { .. } => "check who may read it",
        }
    }
}

/// What happens while a repository is loaded; told from several threads.
#[derive(Debug)]
pub(crate) enum Event<'a> {
    /// A folder, just before it is listed.
    Folder(&'a Path),
    /// All folders were walked: this is what will be read.
    Scanned { files: usize, bytes: u64 },
    /// One file is done, passed over or not.
    Read(&'a LoadedFile),
}

/// One file, read.
#[derive(Debug)]
pub(crate) struct LoadedFile {
    /// Relative to the repository with `/`; of several paths led by the path as given. Not escaped.
    pub name: String,
    /// As large as it was when it was found.
    pub bytes: u64,
    pub documents: Vec<Document>,
    /// Why something in it was not read.
    pub problems: Vec<Finding>,
    /// It is plainly something else.
    pub passed_over: bool,
}

/// How much was looked at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Totals {
    /// Files read or passed over.
    pub files: usize,
    pub bytes: u64,
    /// Files that are plainly something else.
    pub passed_over: usize,
    /// Hidden files and folders, not entered.
    pub hidden: usize,
    /// Files and folders that `ignore:` names.
    pub ignored: usize,
}

/// A whole repository, ready to become a graph.
#[derive(Debug)]
pub(crate) struct Loaded {
    pub totals: Totals,
    pub input: Input,
}

/// Loads a whole repository: what `store` must always answer the same as.
#[cfg(any(test, feature = "bench"))]
pub(crate) fn load(source: &Source, stop: &AtomicBool, on_event: OnEvent<'_>) -> Result<Loaded, LoadError> {
    Ok(look::look(source, &Files::default(), stop, on_event)?.with(&crate::graph::corpus::Corpus::default()))
}

/// Told what happens.
pub(crate) type OnEvent<'a> = &'a (dyn Fn(Event<'_>) + Sync);

/// What the walk found.
#[derive(Debug, Default)]
struct Found {
    entries: Vec<Entry>,
    /// Of the settings.
    problems: Vec<Finding>,
    settings: Settings,
    /// Links to what is plainly something else.
    passed_over: usize,
    hidden: usize,
    ignored: usize,
}

/// One file to be looked at.
#[derive(Debug)]
struct Entry {
    name: String,
    size: u64,
    /// Of a real file.
    stamp: Option<stamp::Stamp>,
    origin: Origin,
}

impl Entry {
    /// The last part of its name.
    fn short_name(&self) -> &str {
        self.name.rsplit('/').next().unwrap_or_default()
    }
}

#[derive(Debug)]
enum Origin {
    /// A real path: no part of it is a link.
    File(PathBuf),
    Embedded(std::borrow::Cow<'static, [u8]>),
    /// It is not opened, and that is why.
    Refused(Box<Finding>),
}

/// Gives a subject without a name the name of its file, which no other model has.
fn name_after_file(document: &mut Document, file: &str) {
    let name = if document.member == 0 { file.to_owned() } else { format!("{file}#{}", document.member) };
    for row in 0..document.mentions.len() {
        let Some(mention) = document.mentions.get(row) else { continue };
        if mention.standing == Standing::Subject && document.texts.key(mention.name).is_empty() {
            let name = document.texts.add(&name);
            if let Some(mention) = document.mentions.get_mut(row) {
                mention.name = name;
            }
        }
    }
}

/// The settings in the bytes of the top `downriver.yaml`, with the name of the file in their findings.
fn settings(bytes: &[u8], name: &str) -> (Settings, Vec<Finding>) {
    let (settings, mut findings) = crate::formats::settings::read(&String::from_utf8_lossy(bytes));
    for finding in &mut findings {
        name.clone_into(&mut finding.file);
    }
    (settings, findings)
}

#[cfg(test)]
mod tests;
