//! The owner's `ignore:` globs.
//!
//! A glob without a slash names files and folders at any depth, as elsewhere; `*` never crosses a slash, `**` does.

use crate::model::document::Place;
use crate::model::finding::Code;
use crate::model::finding::Finding;
use crate::text::Untrusted;
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

/// Compiled globs.
#[derive(Debug, Default)]
pub(super) struct Ignore(Option<GlobSet>);

impl Ignore {
    /// Compiles globs; one that is none is reported and hides nothing.
    pub(super) fn new(globs: &[String], file: &str) -> (Self, Vec<Finding>) {
        let mut findings = Vec::new();
        let mut set = GlobSetBuilder::new();
        for glob in globs {
            let plain = glob.trim_start_matches("./").trim_matches('/');
            let anywhere = if plain.contains('/') { plain.to_owned() } else { format!("**/{plain}") };
            match GlobBuilder::new(&anywhere).literal_separator(true).build() {
                Ok(glob) => drop(set.add(glob)),
                Err(_) => findings.push(not_a_glob(glob, file)),
            }
        }
        // Every glob of the set was compiled alone before: together they cannot fail but by size.
        let set = set.build().inspect_err(|_| findings.push(not_a_glob("ignore", file))).ok();
        (Self(set.filter(|set| !set.is_empty())), findings)
    }

    /// Whether the file or folder at `path`, relative to the folder of the settings, is hidden.
    pub(super) fn hides(&self, path: &str) -> bool {
        self.0.as_ref().is_some_and(|set| set.is_match(path))
    }
}

fn not_a_glob(glob: &str, file: &str) -> Finding {
    let message = format!("`{}` under `ignore` is no glob and hides nothing", Untrusted::new(glob).show());
    let mut finding = Finding::new(Code::Invalid, Place::default(), message, "write it as in `drafts/**`");
    file.clone_into(&mut finding.file);
    finding
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_glob_hides_what_it_says_and_no_more() {
        for (glob, path, hides, why) in [
            ("drafts/**", "drafts/a/b.yaml", true, "everything below"),
            ("drafts/**", "care/drafts/a.yaml", false, "it is anchored by its slash"),
            ("drafts/", "care/drafts", true, "a folder anywhere"),
            ("*.bak", "a/b.bak", true, "a file anywhere"),
            ("care/*.yaml", "care/a.yaml", true, "in one folder"),
            ("care/*.yaml", "care/a/b.yaml", false, "a star crosses no slash"),
            ("/care/a.yaml", "care/a.yaml", true, "a leading slash is the top"),
            ("a.yaml", "A.yaml", false, "case matters"),
        ] {
            let (ignore, findings) = Ignore::new(&[glob.to_owned()], "downriver.yaml");
            assert_eq!((ignore.hides(path), findings.len()), (hides, 0), "{why}: {glob} {path}");
        }
        let (ignore, findings) = Ignore::new(&["[".to_owned(), "b".to_owned()], "downriver.yaml");
        assert!(!ignore.hides("a") && ignore.hides("b"));
        assert_eq!(findings.len(), 1);
    }
}
