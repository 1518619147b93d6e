//! The journal on a disk that is cut, full of strangers, and written by several at once.

use super::*;
use crate::incident::journal::body::Body;
use crate::incident::journal::body::Take;
use crate::incident::journal::chain::What;
use crate::model::moment::Moment;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::thread;
use tempfile::TempDir;

/// A repository and the folder of one user.
struct Place {
    repository: TempDir,
    user: TempDir,
}

impl Place {
    fn new() -> Self {
        Self { repository: tempfile::tempdir().unwrap(), user: tempfile::tempdir().unwrap() }
    }

    fn source(&self) -> Source {
        Source::Paths(vec![self.repository.path().to_owned()])
    }

    fn open(&self) -> Result<Journal, JournalError> {
        self.open_as(&self.user)
    }

    fn open_as(&self, user: &TempDir) -> Result<Journal, JournalError> {
        Journal::open(&self.source(), None, memory(user))
    }

    fn folder(&self) -> PathBuf {
        self.repository.path().join(".downriver")
    }

    fn file(&self) -> PathBuf {
        self.folder().join("journal.jsonl")
    }
}

fn memory(user: &TempDir) -> Memory {
    Memory::new(Some(user.path().join("state").into_os_string()))
}

fn draft(actor: &str) -> Draft {
    let body = Body::Take(Take { incident: "INC-1".to_owned() });
    Draft { time: Moment::at(0).unwrap(), actor: actor.to_owned(), body, repository: String::new() }
}

fn record(journal: &mut Journal, actor: &str) -> Result<usize, JournalError> {
    journal.record(&|| {}, |_| vec![draft(actor)])
}

fn actors(journal: &Journal) -> Vec<&str> {
    journal.entries().iter().map(|entry| entry.actor.as_str()).collect()
}

#[test]
fn what_is_recorded_is_read_again_and_only_its_owner_may_look() {
    let place = Place::new();
    let mut journal = place.open().unwrap();
    assert_eq!((journal.entries().len(), journal.is_believed(), place.folder().exists()), (0, true, false));
    assert_eq!(record(&mut journal, "a").unwrap(), 1);
    assert_eq!(journal.record(&|| {}, |_| vec![draft("b"), draft("c")]).unwrap(), 2);
    assert_eq!(journal.record(&|| {}, |_| Vec::new()).unwrap(), 0);
    let again = place.open().unwrap();
    assert_eq!(actors(&again), ["a", "b", "c"]);
    assert!(again.is_believed() && again.faults().is_empty() && again.head() == journal.head());
    let mode = |path: &Path| fs::metadata(path).unwrap().mode() & 0o777;
    assert_eq!((mode(&place.folder()), mode(&place.file())), (0o700, 0o600));
    assert_eq!(mode(&place.user.path().join("state/heads")), 0o700);
}

#[test]
fn a_cut_loses_no_whole_entry_and_the_next_is_not_fused() {
    let place = Place::new();
    let mut journal = place.open().unwrap();
    for actor in ["a", "b", "c", "d"] {
        record(&mut journal, actor).unwrap();
    }
    let bytes = fs::read(place.file()).unwrap();
    // Every byte is cut at in the tests of the chain; syncing takes its time here.
    let near_ends =
        |cut: &usize| cut.is_multiple_of(97) || bytes[cut.saturating_sub(1)..bytes.len().min(cut + 2)].contains(&b'\n');
    for cut in (0..=bytes.len()).filter(near_ends) {
        fs::write(place.file(), &bytes[..cut]).unwrap();
        // Another user, who has not seen more, and has accepted what is there.
        let user = tempfile::tempdir().unwrap();
        let mut journal = place.open_as(&user).unwrap();
        let whole = journal.entries().len();
        journal.accept().unwrap();
        assert_eq!(record(&mut journal, "next").unwrap(), 1, "{cut}");
        let again = place.open_as(&user).unwrap();
        let expected: Vec<&str> = ["a", "b", "c", "d"][..whole].iter().copied().chain(["next"]).collect();
        assert_eq!(actors(&again), expected, "{cut}");
        assert!(again.faults().is_empty() && again.is_believed(), "{cut}: {:?}", again.faults());
        let now = fs::read(place.file()).unwrap();
        let kept: usize = whole_lines(&bytes[..cut], whole);
        let aside: Vec<_> =
            fs::read_dir(place.folder()).unwrap().map(|e| e.unwrap().path()).filter(|p| *p != place.file()).collect();
        match &bytes[kept.min(cut)..cut] {
            [] => assert!(aside.is_empty(), "{cut}"),
            torn => assert_eq!(fs::read(&aside[0]).unwrap(), torn, "{cut}: what was torn is kept"),
        }
        assert!(now.starts_with(&bytes[..kept.min(cut)]), "{cut}");
        for path in aside {
            fs::remove_file(path).unwrap();
        }
    }
}

/// How many bytes so many entries take, the last line feed counted or not there.
fn whole_lines(bytes: &[u8], entries: usize) -> usize {
    bytes.split_inclusive(|byte| *byte == b'\n').take(entries).map(<[u8]>::len).sum()
}

#[test]
fn an_end_that_was_cut_off_and_an_old_copy_are_seen_by_whoever_saw_more() {
    let place = Place::new();
    let mut journal = place.open().unwrap();
    record(&mut journal, "a").unwrap();
    let old = fs::read(place.file()).unwrap();
    record(&mut journal, "b").unwrap();
    fs::write(place.file(), &old).unwrap();
    let mut journal = place.open().unwrap();
    assert!(!journal.is_believed());
    assert!(matches!(journal.faults()[0].what, What::CutOff { last: 1, .. }), "{:?}", journal.faults());
    assert!(matches!(record(&mut journal, "c"), Err(JournalError::Broken { .. })));
    assert_eq!(fs::read(place.file()).unwrap(), old);
    journal.accept().unwrap();
    assert_eq!(record(&mut place.open().unwrap(), "c").unwrap(), 1);
    // All of it gone, and another in its place.
    fs::remove_file(place.file()).unwrap();
    assert!(matches!(place.open().unwrap().faults()[0].what, What::CutOff { last: 0, .. }));
    let other = Place::new();
    record(&mut other.open().unwrap(), "z").unwrap();
    fs::copy(other.file(), place.file()).unwrap();
    let mut journal = place.open().unwrap();
    assert!(matches!(journal.faults()[0].what, What::Replaced { .. }) && !journal.is_believed());
    journal.accept().unwrap();
    assert!(place.open().unwrap().is_believed());
}

#[test]
fn a_planted_journal_is_not_ours_until_it_is_accepted() {
    let place = Place::new();
    record(&mut place.open().unwrap(), "a").unwrap();
    let user = tempfile::tempdir().unwrap();
    let mut journal = place.open_as(&user).unwrap();
    assert!(!journal.is_accepted() && !journal.is_believed() && journal.faults().is_empty());
    assert!(matches!(record(&mut journal, "b"), Err(JournalError::NotAccepted { .. })));
    assert!(!place.open_as(&user).unwrap().is_accepted(), "looking is not accepting");
    journal.accept().unwrap();
    record(&mut place.open().unwrap(), "c").unwrap();
    let mut journal = place.open_as(&user).unwrap();
    assert!(journal.is_believed(), "once is enough");
    assert_eq!(record(&mut journal, "b").unwrap(), 1);
}

#[test]
fn a_changed_line_stops_recording_and_cannot_be_accepted() {
    let place = Place::new();
    let mut journal = place.open().unwrap();
    record(&mut journal, "alice").unwrap();
    record(&mut journal, "bob").unwrap();
    let text = fs::read_to_string(place.file()).unwrap().replace("alice", "mallory");
    fs::write(place.file(), &text).unwrap();
    let mut journal = place.open().unwrap();
    assert!(!journal.is_believed());
    assert!(matches!(record(&mut journal, "c"), Err(JournalError::Broken { .. })));
    assert!(matches!(journal.accept(), Err(JournalError::Broken { .. })));
    assert_eq!(fs::read_to_string(place.file()).unwrap(), text);
}

/// Puts something where the journal belongs.
type Plant = fn(&Place, &Path);

#[test]
fn nothing_that_leads_elsewhere_is_used() {
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("journal.jsonl"), "").unwrap();
    let cases: [(&str, Plant); 6] = [
        ("the folder is a link", |place, outside| symlink(outside, place.folder()).unwrap()),
        ("the folder is a file", |place, _| fs::write(place.folder(), "x").unwrap()),
        ("the file is a link", |place, outside| {
            fs::create_dir(place.folder()).unwrap();
            symlink(outside.join("journal.jsonl"), place.file()).unwrap();
        }),
        ("the file has another name outside", |place, outside| {
            fs::create_dir(place.folder()).unwrap();
            fs::hard_link(outside.join("journal.jsonl"), place.file()).unwrap();
        }),
        ("the file is a folder", |place, _| fs::create_dir_all(place.file()).unwrap()),
        ("the file is a FIFO", |place, _| {
            fs::create_dir(place.folder()).unwrap();
            rustix::fs::mknodat(rustix::fs::CWD, place.file(), rustix::fs::FileType::Fifo, rustix::fs::Mode::RWXU, 0).unwrap();
        }),
    ];
    for (why, plant) in cases {
        let place = Place::new();
        plant(&place, outside.path());
        assert!(matches!(place.open(), Err(JournalError::Refused { .. })), "{why}: {:?}", place.open());
        // A file that others replace between reading and recording is looked at again.
        let honest = Place::new();
        let mut journal = honest.open().unwrap();
        plant(&honest, outside.path());
        assert!(matches!(record(&mut journal, "a"), Err(JournalError::Refused { .. })), "{why}");
        assert_eq!(fs::read(outside.path().join("journal.jsonl")).unwrap(), b"", "{why}");
        assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 1, "{why}");
    }
}

#[test]
fn the_sample_has_its_journal_in_the_users_own_folder_and_any_other_where_it_is_told() {
    let user = tempfile::tempdir().unwrap();
    let mut journal = Journal::open(&Source::Sample, None, memory(&user)).unwrap();
    record(&mut journal, "a").unwrap();
    assert_eq!(journal.home(), Home::State);
    assert!(user.path().join("state/journals/sample.jsonl").is_file());
    let given = user.path().join("elsewhere.jsonl");
    let mut journal = Journal::open(&Source::Sample, Some(&given), memory(&user)).unwrap();
    assert_eq!(journal.entries().len(), 0);
    record(&mut journal, "b").unwrap();
    assert_eq!((journal.home(), given.is_file()), (Home::Given, true));
    assert!(matches!(Journal::open(&Source::Sample, Some(Path::new("/")), memory(&user)), Err(JournalError::Refused { .. })));
    assert!(matches!(Journal::open(&Source::Sample, None, Memory::new(None)), Ok(_) | Err(JournalError::NoPlace)));
}

#[test]
fn many_writers_lose_nothing() {
    let place = Place::new();
    record(&mut place.open().unwrap(), "first").unwrap();
    thread::scope(|scope| {
        for writer in 0..4 {
            let place = &place;
            scope.spawn(move || {
                let mut journal = place.open().unwrap();
                for _ in 0..25 {
                    assert_eq!(record(&mut journal, &format!("w{writer}")).unwrap(), 1);
                }
            });
        }
    });
    let journal = place.open().unwrap();
    assert!(journal.is_believed() && journal.faults().is_empty());
    assert_eq!(journal.entries().len(), 101);
    for writer in 0..4 {
        assert_eq!(actors(&journal).iter().filter(|actor| **actor == format!("w{writer}")).count(), 25);
    }
}

#[test]
fn a_lock_that_is_not_given_up_is_told() {
    let place = Place::new();
    let mut journal = place.open().unwrap();
    record(&mut journal, "a").unwrap();
    let held = fs::File::open(place.file()).unwrap();
    rustix::fs::flock(&held, rustix::fs::FlockOperation::LockExclusive).unwrap();
    let told = std::sync::atomic::AtomicUsize::new(0);
    thread::scope(|scope| {
        let waiting = scope.spawn(|| {
            let waits = || {
                told.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            };
            journal.record(&waits, |_| vec![draft("b")])
        });
        thread::sleep(std::time::Duration::from_millis(1_300));
        assert_eq!(place.open().unwrap().entries().len(), 1, "who only reads waits for nobody");
        drop(held);
        assert_eq!(waiting.join().unwrap().unwrap(), 1);
    });
    assert_eq!(told.into_inner(), 1);
}
