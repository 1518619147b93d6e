//! Files, folders and standard input to advisories.
//!
//! Invariant: as in loading a repository, nothing but regular files is opened and one bad file costs only itself; but no
//! configuration that lies among advisories hides any of them (threats.md B1).
//! Absent on purpose: which of them belong together, what they mean.

use super::{LoadError, read, scan};
use crate::formats::advisory;
use crate::formats::detect;
use crate::formats::limits;
use crate::incident::journal::kept;
use crate::model::advisory::files::AdvisoryFile;
use crate::model::advisory::files::AdvisoryFiles;
use crate::model::finding::Code;
use crate::model::finding::Finding;
use rayon::prelude::*;
use std::io;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// What standard input is called.
pub(crate) const STDIN: &str = "-";

/// Reads all advisories in files and folders; `-` is `stdin`. Each file is read once, however often it is given.
///
/// Fails only where a path does not exist; a file that cannot be read says so in its findings.
pub(crate) fn advisories(paths: &[PathBuf], stdin: &mut dyn Read) -> Result<AdvisoryFiles, LoadError> {
    let (pasted, given): (Vec<&PathBuf>, Vec<&PathBuf>) = paths.iter().partition(|path| path.as_os_str() == STDIN);
    let given: Vec<PathBuf> = given.into_iter().cloned().collect();
    let mut found = AdvisoryFiles::default();
    if !given.is_empty() {
        let mut entries = scan::scan_all(&given, &AtomicBool::new(false))?.entries;
        entries.sort_by(|a, b| a.name.cmp(&b.name));
        let named = |name: &str| given.iter().any(|path| path.is_file() && path.as_path() == Path::new(name));
        let read: Vec<Option<AdvisoryFile>> = entries.par_iter().map(|entry| one(entry, named(&entry.name))).collect();
        found.passed_over = read.iter().filter(|file| file.is_none()).count();
        found.files = read.into_iter().flatten().collect();
    }
    if !pasted.is_empty() {
        found.files.push(of_stdin(stdin));
    }
    Ok(found)
}

/// What a file holds; `None` for a file in a folder that is plainly no advisory.
fn one(entry: &super::Entry, named: bool) -> Option<AdvisoryFile> {
    let mut room = Vec::new();
    let read = match read::content(entry, &mut room) {
        Ok(true) => advisory::read(&room, entry.short_name()),
        Ok(false) if !named => return None,
        Ok(false) => refused(read::about_file(
            Code::NotAnAdvisory,
            "it is no text",
            "give OSV, OpenVEX, CycloneDX VEX, CSAF or `ml_advisory`",
        )),
        Err(finding) => refused(finding),
    };
    let is_none = !read.findings.is_empty() && read.findings.iter().all(|finding| finding.code == Code::NotAnAdvisory);
    let is_other = read.is_sbom || !detect::is_data(&entry.short_name().to_ascii_lowercase());
    (named || !(read.all.is_empty() && is_none && is_other)).then(|| of(&entry.name, room, read))
}

fn of_stdin(stdin: &mut dyn Read) -> AdvisoryFile {
    let mut bytes = Vec::new();
    let read = match stdin.take(limits::FILE_BYTES + 1).read_to_end(&mut bytes) {
        Ok(_) if bytes.len() as u64 > limits::FILE_BYTES => {
            refused(read::about_file(Code::Limit, "larger than 64 MiB", "split the advisories"))
        }
        Ok(_) => advisory::read(&bytes, STDIN),
        Err(error) => refused(cannot_be_read(&error)),
    };
    of(STDIN, bytes, read)
}

fn cannot_be_read(error: &io::Error) -> Finding {
    read::about_file(Code::Unreadable, format!("cannot be read: {error}"), "paste it again")
}

fn refused(finding: Finding) -> advisory::Advisories {
    advisory::Advisories { findings: vec![finding], ..advisory::Advisories::default() }
}

fn of(name: &str, bytes: Vec<u8>, read: advisory::Advisories) -> AdvisoryFile {
    let text = Some(bytes).filter(|bytes| bytes.len() <= kept::LARGEST && !read.all.is_empty());
    let text = text.and_then(|bytes| String::from_utf8(bytes).ok()).map(Arc::from);
    let mut file = AdvisoryFile { name: name.to_owned(), advisories: read.all, text, findings: read.findings };
    for finding in &mut file.findings {
        name.clone_into(&mut finding.file);
    }
    file
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    const GOOD: &str = "ml_advisory: {id: A, affected: [{name: torch}]}\n";

    fn names(found: &AdvisoryFiles) -> Vec<(&str, usize, usize)> {
        found
            .files
            .iter()
            .map(|file| (file.name.rsplit('/').next().unwrap(), file.advisories.len(), file.unread().count()))
            .collect()
    }

    #[test]
    fn a_folder_gives_its_advisories_and_names_what_is_broken() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("deep")).unwrap();
        fs::write(dir.path().join("deep/good.yaml"), GOOD).unwrap();
        fs::write(dir.path().join("broken.json"), "{\"id\": \"X\", \"modified\": \"\",\n \"affected\": [}").unwrap();
        fs::write(dir.path().join("other.json"), "{\"name\": \"x\"}").unwrap();
        fs::write(dir.path().join("README.md"), "# Advisories\n").unwrap();
        fs::write(dir.path().join("bom.json"), "{\"bomFormat\": \"CycloneDX\"}").unwrap();
        fs::write(dir.path().join("downriver.yaml"), "ignore: [\"*\"]\n").unwrap();
        let found = advisories(&[dir.path().to_owned()], &mut io::empty()).unwrap();
        let expected = [("broken.json", 0, 1), ("good.yaml", 1, 0), ("downriver.yaml", 0, 1), ("other.json", 0, 1)];
        let mut sorted = names(&found);
        sorted.sort_unstable();
        let mut expected = expected.to_vec();
        expected.sort_unstable();
        assert_eq!(sorted, expected, "nothing is hidden by a configuration among them");
        assert_eq!(found.passed_over, 2);
    }

    #[test]
    fn a_file_that_is_named_is_never_passed_over_and_standard_input_is_one_more() {
        let dir = tempfile::tempdir().unwrap();
        let notes = dir.path().join("notes.txt");
        fs::write(&notes, "Call the vendor: today\nand then: wait: what\n").unwrap();
        let found = advisories(&[notes, PathBuf::from("-")], &mut GOOD.as_bytes()).unwrap();
        assert_eq!(names(&found), [("notes.txt", 0, 1), ("-", 1, 0)]);
        let why = found.files[0].unread().next().unwrap();
        assert_eq!(
            (why.code, why.message.as_str()),
            (Code::NotAnAdvisory, "not OSV, OpenVEX, CycloneDX VEX, CSAF or ml_advisory")
        );
        assert!(advisories(&[dir.path().join("gone")], &mut io::empty()).is_err());
    }
}
