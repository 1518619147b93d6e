//! Single files of a repository that is loaded, once more: for the facts that the graph does not keep.
//!
//! Invariant: as in loading, nothing outside the given paths is opened, and nothing but regular files is.

use super::{Entry, Origin, SETTINGS_FILE, Source, embedded, read};
use crate::model::document::Depth;
use crate::model::document::Document;
use sha2::Digest as _;
use std::path::{Path, PathBuf};

/// The documents of a file, as `load` named it; none where it cannot be read any more.
pub(crate) fn documents(source: &Source, file: &str) -> Vec<Document> {
    let origin = match source {
        Source::Paths(_) => path_of(source, file).map(Origin::File),
        Source::Sample => embedded::file(file).map(Origin::Embedded),
    };
    let entry = origin.map(|origin| Entry { name: file.to_owned(), size: 0, stamp: None, origin });
    entry.map_or_else(Vec::new, |entry| {
        let mut room = Vec::new();
        let content = read::content(&entry, &mut room);
        read::file(&entry, content, Depth::Facts, &room).documents
    })
}

/// The SHA-256 of a file as it is now, in hex digits; `None` where it cannot be read any more.
pub(crate) fn digest(source: &Source, file: &str) -> Option<String> {
    let bytes = bytes(source, file)?;
    Some(sha2::Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect())
}

/// The bytes of a file as it is now; `None` where it cannot be read any more.
pub(crate) fn bytes(source: &Source, file: &str) -> Option<Vec<u8>> {
    let origin = match source {
        Source::Paths(_) => Origin::File(path_of(source, file)?),
        Source::Sample => Origin::Embedded(embedded::file(file)?),
    };
    let mut room = Vec::new();
    let entry = Entry { name: file.to_owned(), size: 0, stamp: None, origin };
    read::content(&entry, &mut room).ok()?;
    Some(room)
}

/// What the owner's settings are called among the files of a repository; `None` where that is a single file.
pub(crate) fn settings_name(source: &Source) -> Option<String> {
    match source {
        Source::Sample => Some(SETTINGS_FILE.to_owned()),
        Source::Paths(paths) => match &paths[..] {
            [first, ..] if !first.is_dir() => None,
            [first, _, ..] => Some(format!("{}/{SETTINGS_FILE}", first.to_string_lossy().trim_end_matches('/'))),
            [_] | [] => Some(SETTINGS_FILE.to_owned()),
        },
    }
}

/// Where a file of the repository really lies; `None` where it is gone, or no longer inside.
pub(crate) fn path_of(source: &Source, file: &str) -> Option<PathBuf> {
    let Source::Paths(paths) = source else { return None };
    let inside = |root: &Path, path: PathBuf| {
        let (root, real) = (root.canonicalize().ok()?, path.canonicalize().ok()?);
        (real.starts_with(root) && real.is_file()).then_some(real)
    };
    match &paths[..] {
        [one] if one.is_dir() => inside(one, one.join(file)),
        [one] => inside(one, one.clone()),
        several => several.iter().find_map(|root| inside(root, PathBuf::from(file))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::symlink;

    #[test]
    fn a_file_is_read_again_under_its_name_and_only_inside() {
        let (dir, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        fs::create_dir(dir.path().join("a")).unwrap();
        let text = "ml_sbom: {model_id: m, licence: MIT}\n";
        fs::write(dir.path().join("a/m.yaml"), text).unwrap();
        fs::write(outside.path().join("x.yaml"), text).unwrap();
        symlink(outside.path(), dir.path().join("out")).unwrap();
        let one = Source::Paths(vec![dir.path().to_owned()]);
        assert_eq!(documents(&one, "a/m.yaml").len(), 1);
        let known = "a948904f2f0f479b8f8197694b30184b0d2ed1c1cd2a1ec0fb85d299a192a447";
        fs::write(dir.path().join("hello.txt"), "hello world\n").unwrap();
        assert_eq!(digest(&one, "hello.txt").as_deref(), Some(known));
        assert_eq!((digest(&one, "gone"), digest(&one, "out/x.yaml")), (None, None));
        assert!(digest(&Source::Sample, "downriver.yaml").is_some());
        assert!(documents(&one, "a/gone.yaml").is_empty() && documents(&one, "out/x.yaml").is_empty());
        let file = dir.path().join("a/m.yaml");
        assert_eq!(documents(&Source::Paths(vec![file.clone()]), "m.yaml").len(), 1);
        let several = Source::Paths(vec![outside.path().to_owned(), dir.path().to_owned()]);
        assert_eq!(documents(&several, file.to_str().unwrap()).len(), 1);
        assert_eq!(documents(&Source::Sample, "care/support-base-v1.yaml").len(), 1);
        assert!(path_of(&Source::Sample, "care/support-base-v1.yaml").is_none());
    }
}
