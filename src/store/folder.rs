//! A folder of files that are handed on: copies, reports, sums.
//!
//! Invariant: it is new or was empty, lies in no folder that is read as a repository, and no file in it is written twice.
//! Invariant: its sums are written last, so that a folder that was left half written has none.
//! Absent on purpose: what is in the files.

use crate::load::Source;
use sha2::Digest as _;
use sha2::Sha256;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::fs::File;
use std::io;
use std::io::Write as _;
use std::path::Component;
use std::path::Path;
use std::path::PathBuf;

/// The file with the digest of every other one, as `sha256sum -c` reads it.
pub(crate) const SUMS: &str = "SHA256SUMS";

/// Why nothing, or not everything, was written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FolderError {
    #[error("{path}: lies inside the repository {repository}, where what is written would be read as a part of it")]
    Inside { path: String, repository: String },
    #[error("{path}: there is something already, and it is no empty folder")]
    NotEmpty { path: String },
    #[error("{path}: cannot be written")]
    NotWritten {
        path: String,
        #[source]
        source: io::Error,
    },
}

impl FolderError {
    /// What to do about it.
    pub(crate) fn hint(&self) -> &'static str {
        match self {
            Self::Inside { .. } => "give a folder beside the repository",
            Self::NotEmpty { .. } => "give a folder that does not exist yet",
            Self::NotWritten { .. } => "make room, or check who may write there; what is there now is not whole",
        }
    }
}

/// A folder that is being filled.
#[derive(Debug)]
pub(crate) struct Folder {
    root: PathBuf,
    /// Digests by name.
    written: BTreeMap<String, String>,
}

impl Folder {
    /// Makes the folder; one that is there and empty will do.
    pub(crate) fn make(path: &Path, source: &Source) -> Result<Self, FolderError> {
        let shown = || path.display().to_string();
        let failed = |source| FolderError::NotWritten { path: shown(), source };
        let real = absolute(path).map_err(failed)?;
        if let Source::Paths(roots) = source {
            let roots = roots.iter().filter_map(|root| root.canonicalize().ok().filter(|root| root.is_dir()));
            if let Some(root) = roots.into_iter().find(|root| real.starts_with(root)) {
                return Err(FolderError::Inside { path: shown(), repository: root.display().to_string() });
            }
        }
        match fs::read_dir(path).map(|mut entries| entries.next().is_none()) {
            Ok(true) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => fs::create_dir_all(path).map_err(failed)?,
            Err(error) if error.kind() != io::ErrorKind::NotADirectory => return Err(failed(error)),
            Ok(false) | Err(_) => return Err(FolderError::NotEmpty { path: shown() }),
        }
        Ok(Self { root: path.to_owned(), written: BTreeMap::new() })
    }

    /// Writes a file under a name of this program, folders led by `/`. Returns its digest.
    pub(crate) fn write(&mut self, name: &str, bytes: &[u8]) -> Result<String, FolderError> {
        let path = self.root.join(name);
        let put = || {
            path.parent().map_or(Ok(()), fs::create_dir_all)?;
            let mut file = File::options().write(true).create_new(true).open(&path)?;
            file.write_all(bytes)?;
            file.sync_all()
        };
        put().map_err(|source| FolderError::NotWritten { path: path.display().to_string(), source })?;
        let digest = hex(bytes);
        self.written.insert(name.to_owned(), digest.clone());
        Ok(digest)
    }

    /// Writes the sums of all that was written. Returns their digest, and how many files they are of.
    pub(crate) fn sum(mut self) -> Result<(String, usize), FolderError> {
        let n = self.written.len();
        let lines: String = self.written.iter().fold(String::new(), |mut lines, (name, digest)| {
            // Writing to a text cannot fail.
            let _ = writeln!(lines, "{digest}  {name}");
            lines
        });
        Ok((self.write(SUMS, lines.as_bytes())?, n))
    }
}

/// SHA-256 in hex digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// The real path of what may not be there yet.
fn absolute(path: &Path) -> io::Result<PathBuf> {
    let whole = std::path::absolute(path)?;
    let there = whole.ancestors().find_map(|above| Some((above, above.canonicalize().ok()?)));
    let Some((above, real)) = there else { return Ok(whole) };
    let rest = whole.strip_prefix(above).unwrap_or(Path::new(""));
    Ok(rest.components().fold(real, |mut real, part| {
        match part {
            Component::ParentDir => drop(real.pop()),
            part => real.push(part),
        }
        real
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_new_or_empty_and_in_no_repository() {
        let (repository, beside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let source = Source::Paths(vec![repository.path().to_owned()]);
        let make = |path: &Path| Folder::make(path, &source).map(|_| ());
        let inside = repository.path().join("a/../b/out");
        assert!(matches!(make(&inside), Err(FolderError::Inside { .. })));
        assert!(!repository.path().join("b").exists());
        std::os::unix::fs::symlink(repository.path(), beside.path().join("link")).unwrap();
        assert!(matches!(make(&beside.path().join("link/out")), Err(FolderError::Inside { .. })));
        assert!(matches!(make(beside.path()), Err(FolderError::NotEmpty { .. })), "the link is in it");
        let file = beside.path().join("file");
        fs::write(&file, "x").unwrap();
        assert!(matches!(make(&file), Err(FolderError::NotEmpty { .. })));
        make(&beside.path().join("x/new")).unwrap();
        make(&beside.path().join("x/new")).unwrap();
        assert!(Folder::make(&beside.path().join("y"), &Source::Sample).is_ok());
    }
}
