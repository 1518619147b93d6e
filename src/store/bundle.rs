//! A bundle that was handed on, held against its sums and against the chain of its journal slice.
//!
//! Invariant: a file is named as changed, missing or added; what is wrong with one hides nothing that is wrong with another.
//! Whoever can write all files can write the sums anew: only a signature, or a head or the digest of the sums that was kept
//! elsewhere, shows that. Whose signatures count is never read from the bundle.

use crate::incident::journal::Head;
use crate::incident::journal::chain;
use crate::incident::journal::chain::Chain;
use crate::incident::journal::chain::What;
use crate::model::moment::Moment;
use crate::store::folder::SUMS;
use crate::store::folder::SUMS_SIGNATURE;
use crate::store::folder::hex;
use crate::text::Untrusted;
use crate::trust;
use crate::trust::Answer;
use crate::trust::signers::Signers;
use rustix::fs::FileType;
use rustix::fs::Mode;
use rustix::fs::OFlags;
use std::collections::BTreeSet;
use std::fmt;
use std::fs;
use std::fs::File;
use std::io;
use std::io::Read as _;
use std::path::Path;

/// The slice of the journal, as lines of it.
pub(crate) const JOURNAL: &str = "journal.jsonl";

/// Something wrong with a bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    /// Of the bundle, as it is named there: not escaped.
    pub file: String,
    /// Where it is about one.
    pub line: Option<usize>,
    pub what: Wrong,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Wrong {
    /// Its bytes are not those that were written.
    Changed,
    Missing,
    /// It was put there later.
    Added,
    /// For this reason.
    Unreadable(String),
    /// A line of the sums that is none.
    NoSum,
    /// With the chain of the slice.
    Chain(What),
    /// A signature that is not good, which is said.
    Signature(String),
    /// The entry that was seen is not in the slice.
    NotInSlice(Head),
}

/// A bundle that was looked at.
#[derive(Debug)]
pub(crate) struct Checked {
    /// How many files the sums name.
    pub files: usize,
    /// First and last entry of the slice.
    pub slice: Option<(Head, Head)>,
    /// Of the sums.
    pub signature: Answer,
    pub faults: Vec<Fault>,
}

/// Looks at every file of a bundle. Fails only where the folder cannot be listed.
///
/// Signatures are held against `signers`, that of the sums as of `now`.
pub(crate) fn check(folder: &Path, seen: Option<Head>, signers: &Signers, now: Moment) -> io::Result<Checked> {
    let mut there: BTreeSet<String> = BTreeSet::new();
    for entry in fs::read_dir(folder)? {
        there.insert(entry?.file_name().to_string_lossy().into_owned());
    }
    let mut checked = Checked { files: 0, slice: None, signature: Answer::None, faults: Vec::new() };
    let sums = match read(&folder.join(SUMS)) {
        Ok(bytes) => {
            checked.signed(folder, &bytes, signers, now);
            String::from_utf8_lossy(&bytes).into_owned()
        }
        Err(error) => {
            checked.faults.push(Fault { file: SUMS.to_owned(), line: None, what: Wrong::of(&error) });
            String::new()
        }
    };
    there.remove(SUMS);
    there.remove(SUMS_SIGNATURE);
    for (row, line) in sums.lines().enumerate() {
        let Some((digest, name)) = sum(line) else {
            checked.faults.push(Fault { file: SUMS.to_owned(), line: Some(row + 1), what: Wrong::NoSum });
            continue;
        };
        checked.files += 1;
        there.remove(name);
        let what = match read(&folder.join(name)) {
            Ok(bytes) if hex(&bytes) == digest => continue,
            Ok(_) => Wrong::Changed,
            Err(error) => Wrong::of(&error),
        };
        checked.faults.push(Fault { file: name.to_owned(), line: None, what });
    }
    checked.faults.extend(there.into_iter().map(|file| Fault { file, line: None, what: Wrong::Added }));
    if let Ok(bytes) = read(&folder.join(JOURNAL)) {
        let mut chain = chain::read(&bytes);
        chain.judge(signers);
        checked.slice(&chain, seen);
    }
    Ok(checked)
}

impl Checked {
    /// Holds the signature of the sums, if there is one, against their bytes.
    fn signed(&mut self, folder: &Path, sums: &[u8], signers: &Signers, now: Moment) {
        self.signature = match read(&folder.join(SUMS_SIGNATURE)) {
            Ok(signature) => trust::verify(signers, sums, &signature, trust::BUNDLE, now),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Answer::None,
            Err(error) => Answer::Bad(error.to_string()),
        };
        let what = self.signature.why().map(|why| Wrong::Signature(format!("{}: {why}", self.signature.word())));
        self.faults.extend(what.map(|what| Fault { file: SUMS_SIGNATURE.to_owned(), line: None, what }));
    }

    /// Follows the chain of the slice, which may begin with any entry.
    fn slice(&mut self, chain: &Chain, seen: Option<Head>) {
        let mut chain = chain.clone();
        let head = |entry: &crate::incident::journal::Entry| Head { seq: entry.seq, hash: entry.hash };
        self.slice = chain.entries.first().map(head).zip(chain.head());
        let first = self.slice.map_or(0, |(first, _)| first.seq);
        // Only what was removed before the first line is meant to be missing.
        chain
            .faults
            .retain(|fault| !(fault.line == 1 && fault.what == What::Removed { first: 1, last: first.saturating_sub(1) }));
        match seen {
            Some(seen) if seen.seq < first => {
                self.faults.push(Fault { file: JOURNAL.to_owned(), line: None, what: Wrong::NotInSlice(seen) });
            }
            Some(seen) => chain.compare(seen),
            None => {}
        }
        let fault =
            |fault: chain::Fault| Fault { file: JOURNAL.to_owned(), line: Some(fault.line), what: Wrong::Chain(fault.what) };
        let signed = chain.not_good().map(|(line, answer, why)| {
            let what = Wrong::Signature(format!("{}: {why}", answer.word()));
            Fault { file: JOURNAL.to_owned(), line: Some(line), what }
        });
        self.faults.extend(signed.collect::<Vec<_>>());
        self.faults.extend(chain.faults.into_iter().map(fault));
    }
}

impl Wrong {
    fn of(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::Missing,
            _ => Self::Unreadable(error.to_string()),
        }
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Changed => f.write_str("changed: its bytes are not those that were written"),
            Self::Missing => f.write_str("missing"),
            Self::Signature(why) => write!(f, "signature {why}"),
            Self::Added => write!(f, "not in {SUMS}: it was put there later"),
            Self::Unreadable(why) => write!(f, "cannot be read: {}", Untrusted::new(why).show()),
            Self::NoSum => f.write_str("no sum: 64 hex digits, two blanks and the name of a file of this folder"),
            Self::Chain(what) => what.fmt(f),
            Self::NotInSlice(head) => write!(f, "entry {} is from before this slice: look at the journal itself", head.seq),
        }
    }
}

/// The digest and the name in a line of the sums; `None` where it names nothing in the folder itself.
fn sum(line: &str) -> Option<(&str, &str)> {
    let (digest, name) = line.split_once("  ")?;
    let is_hex = digest.len() == 64 && digest.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let is_name = !matches!(name, "" | "." | ".." | SUMS | SUMS_SIGNATURE) && !name.contains('/') && !name.contains('\\');
    (is_hex && is_name).then_some((digest, name))
}

/// A regular file, whole; no link is followed, and nothing is waited for.
fn read(path: &Path) -> io::Result<Vec<u8>> {
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOFOLLOW | OFlags::NOCTTY | OFlags::CLOEXEC;
    let opened = rustix::fs::open(path, flags, Mode::empty())?;
    let stat = rustix::fs::fstat(&opened)?;
    if FileType::from_raw_mode(stat.st_mode) != FileType::RegularFile {
        return Err(io::Error::other("it is no regular file"));
    }
    let mut bytes = Vec::new();
    File::from(opened).take(LARGEST).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Of a file so much is read: more than any report that people look at takes.
const LARGEST: u64 = 4 << 30;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::incident::journal;
    use crate::incident::journal::Draft;
    use crate::incident::journal::body::Body;
    use crate::incident::journal::body::Take;
    use crate::load::Source;
    use crate::model::moment::Moment;
    use crate::store::folder::Folder;

    /// Lines of a journal of `n` entries.
    fn lines(n: usize) -> Vec<String> {
        let mut head = None;
        let mut line = |_| {
            let (body, time) = (Body::Take(Take { incident: "INC-1".to_owned() }), Moment::BEGIN);
            let draft = Draft { time, actor: "a".to_owned(), body, repository: String::new() };
            let (entry, line) = journal::write(draft, head).unwrap();
            head = Some(Head { seq: entry.seq, hash: entry.hash });
            line
        };
        (0..n).map(&mut line).collect()
    }

    fn bundle(journal: &str) -> tempfile::TempDir {
        let out = tempfile::tempdir().unwrap();
        let mut folder = Folder::make(out.path(), &Source::Sample).unwrap();
        folder.write("report.html", b"<p>").unwrap();
        folder.write(JOURNAL, journal.as_bytes()).unwrap();
        folder.sum(|_| None).unwrap();
        out
    }

    fn wrong(folder: &Path, seen: Option<Head>) -> Vec<String> {
        let faults = check(folder, seen, &Signers::default(), Moment::BEGIN).unwrap().faults;
        faults.iter().map(|fault| format!("{}:{:?}: {}", fault.file, fault.line, fault.what)).collect()
    }

    #[test]
    fn every_flipped_bit_is_named_by_file() {
        let lines = lines(5);
        let out = bundle(&lines[2..].concat());
        assert_eq!(wrong(out.path(), None), Vec::<String>::new());
        for name in ["report.html", JOURNAL, SUMS] {
            let path = out.path().join(name);
            let whole = fs::read(&path).unwrap();
            for at in 0..whole.len() {
                let mut bytes = whole.clone();
                bytes[at] ^= 1 << (at % 8);
                fs::write(&path, bytes).unwrap();
                let found = wrong(out.path(), None);
                let named = name == SUMS || found.iter().any(|fault| fault.starts_with(name) && fault.contains("changed"));
                assert!(!found.is_empty() && named, "{name} byte {at}: {found:?}");
            }
            fs::write(&path, whole).unwrap();
        }
        assert_eq!(wrong(out.path(), None), Vec::<String>::new());
    }

    #[test]
    fn what_the_sums_cannot_see_the_chain_does() {
        let lines = lines(6);
        let seen = chain::read(lines.concat().as_bytes()).head();
        for (slice, said) in [
            (lines[2..].concat(), ""),
            ([&lines[2], &lines[4], &lines[5]].map(String::as_str).concat(), "entry 4 was removed before it"),
            (lines[2..5].concat(), "cut off: entry 6 was seen before"),
            (lines[2..].concat().replacen("\"a\"", "\"b\"", 1), "changed after it was recorded"),
        ] {
            let found = wrong(bundle(&slice).path(), seen);
            assert!(if said.is_empty() { found.is_empty() } else { found.iter().any(|fault| fault.contains(said)) }, "{found:?}");
        }
        let early = chain::read(lines[..1].concat().as_bytes()).head();
        assert!(wrong(bundle(&lines[2..].concat()).path(), early)[0].contains("from before this slice"));
    }

    #[test]
    fn what_is_missing_added_or_leads_out_is_named() {
        let out = bundle(&lines(1).concat());
        fs::remove_file(out.path().join("report.html")).unwrap();
        fs::write(out.path().join("more"), "x").unwrap();
        assert_eq!(
            wrong(out.path(), None),
            ["report.html:None: missing", "more:None: not in SHA256SUMS: it was put there later"]
        );
        std::os::unix::fs::symlink("more", out.path().join("report.html")).unwrap();
        assert!(wrong(out.path(), None)[0].starts_with("report.html:None: cannot be read"));
        let sums = format!("{}  ../x\n", "0".repeat(64));
        fs::write(out.path().join(SUMS), sums).unwrap();
        assert!(wrong(out.path(), None)[0].starts_with("SHA256SUMS:Some(1): no sum"));
        fs::remove_file(out.path().join(SUMS)).unwrap();
        assert_eq!(wrong(out.path(), None)[0], "SHA256SUMS:None: missing");
    }
}
