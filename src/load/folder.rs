//! The names in one folder, for completing a path that is being typed.

use crate::text;
use std::path::Path;

/// More names than this are not offered.
const NAMES: usize = 10_000;

/// Names in a folder, sorted, folders with a slash at their end; nothing where it cannot be listed. Names that cannot be typed
/// as they are (hidden characters, no text) are left out.
pub(crate) fn names(folder: &Path) -> Vec<String> {
    let Ok(entries) = folder.read_dir() else { return Vec::new() };
    let name = |entry: std::fs::DirEntry| {
        let name = entry.file_name().into_string().ok().filter(|name| !text::has_hidden(name))?;
        Some(if entry.path().is_dir() { format!("{name}/") } else { name })
    };
    let mut names: Vec<String> = entries.take(NAMES).filter_map(|entry| name(entry.ok()?)).collect();
    names.sort_unstable();
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn names_are_those_that_can_be_typed() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["b.yaml", "a b.json", "x\u{1b}[31m.yaml", "y\u{202e}.yaml"] {
            fs::write(dir.path().join(name), "").unwrap();
        }
        fs::create_dir(dir.path().join("deep")).unwrap();
        assert_eq!(names(dir.path()), ["a b.json", "b.yaml", "deep/"]);
        assert!(names(&dir.path().join("gone")).is_empty());
    }
}
