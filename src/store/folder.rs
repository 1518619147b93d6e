//! A folder of files that are handed on: copies, reports, sums.
//!
//! Invariant: it is new or was empty, lies in no folder that is read as a repository, and no file in it is written twice.
//! Invariant: its sums are written last, so that a folder that was left half written has none.
//! Absent on purpose: what is in the files.

use crate::load::Source;
use crate::text::Untrusted;
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
/// The signature of the sums, as `ssh-keygen -Y verify` reads it.
pub(crate) const SUMS_SIGNATURE: &str = "SHA256SUMS.sig";

/// A part of a path takes at most so many bytes; file systems end at 255.
const PART: usize = 200;

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

    /// Writes a copy of a repository's file below `under`, under a name as near its own as is safe. Returns the name.
    pub(crate) fn copy(&mut self, under: &str, file: &str, bytes: &[u8]) -> Result<String, FolderError> {
        let near = safe(file);
        let mut name = format!("{under}/{near}");
        let mut n = 1_usize;
        // Names that differ in case only are one on some systems.
        while self.written.keys().any(|known| known.to_lowercase() == name.to_lowercase()) {
            n += 1;
            name = format!("{under}/{n}/{near}");
        }
        self.write(&name, bytes)?;
        Ok(name)
    }

    /// Writes the sums of all that was written, and beside them what `sign` makes of their bytes. Returns their digest, and how
    /// many files they are of.
    pub(crate) fn sum(mut self, sign: impl FnOnce(&[u8]) -> Option<String>) -> Result<(String, usize), FolderError> {
        let n = self.written.len();
        let lines: String = self.written.iter().fold(String::new(), |mut lines, (name, digest)| {
            // Writing to a text cannot fail.
            let _ = writeln!(lines, "{digest}  {name}");
            lines
        });
        let digest = self.write(SUMS, lines.as_bytes())?;
        if let Some(signature) = sign(lines.as_bytes()) {
            self.write(SUMS_SIGNATURE, signature.as_bytes())?;
        }
        Ok((digest, n))
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

/// A file's name as one that leads nowhere else, hides nothing and fits: escaped, without `..`, and no part too long.
fn safe(file: &str) -> String {
    let parts = file.split('/').filter(|part| !matches!(*part, "" | "."));
    let parts: Vec<String> = parts.map(part).collect();
    if parts.is_empty() { "file".to_owned() } else { parts.join("/") }
}

fn part(raw: &str) -> String {
    let shown = Untrusted::new(raw).show().into_string();
    let shown = if shown.starts_with('.') { format!("_{shown}") } else { shown };
    if shown.len() <= PART {
        return shown;
    }
    let cut = |at: usize| (0..=at).rev().find(|at| shown.is_char_boundary(*at)).unwrap_or(0);
    let (head, tail) = (cut(PART / 2), cut(shown.len() - PART / 5));
    let digest = hex(raw.as_bytes());
    let parts = (shown.get(..head), digest.get(..12), shown.get(tail..));
    format!("{}-{}-{}", parts.0.unwrap_or_default(), parts.1.unwrap_or_default(), parts.2.unwrap_or_default())
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

    #[test]
    fn copies_lie_inside_whatever_their_names() {
        let out = tempfile::tempdir().unwrap();
        let mut folder = Folder::make(&out.path().join("o"), &Source::Sample).unwrap();
        let long = format!("{}.yaml", "ä".repeat(400));
        let mut names = Vec::new();
        for file in ["a/b.yaml", "A/b.yaml", "../a/b.yaml", "/etc/../passwd", ".hidden/x", "a\u{1b}[2J\n.json", &long, "", "..."]
        {
            names.push(folder.copy("sboms", file, b"x").unwrap());
        }
        assert_eq!(
            names[..5],
            ["sboms/a/b.yaml", "sboms/2/A/b.yaml", "sboms/_../a/b.yaml", "sboms/etc/_../passwd", "sboms/_.hidden/x"]
        );
        assert_eq!(names[5], "sboms/a\\u{1b}[2J\\u{a}.json");
        assert!(names[6].ends_with("ä.yaml") && names[6].len() < 255, "its ending stays");
        let (_, n) = folder.sum(|_| None).unwrap();
        assert_eq!(n, names.len());
        assert_eq!(fs::read_dir(out.path()).unwrap().count(), 1, "nothing beside it");
    }
}
