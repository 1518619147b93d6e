//! Caches that are cut, flipped, foreign, or no files at all; writers at the same time.

use super::*;
use crate::load::Source;
use crate::store::Choice;
use std::fs;
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::path::PathBuf;
use std::thread;
use tempfile::TempDir;

/// A folder for caches, and a place in it.
fn place() -> (TempDir, Place) {
    let dir = tempfile::tempdir().unwrap();
    let place = at(&dir.path().join("caches"));
    (dir, place)
}

fn at(folder: &Path) -> Place {
    Place::new(&Choice::Folder(folder.to_owned()), &Source::Paths(vec![concat!(env!("CARGO_MANIFEST_DIR"), "/src").into()]))
        .unwrap()
}

/// The only file of the folder.
fn only_file(dir: &TempDir) -> PathBuf {
    let mut files: Vec<PathBuf> = fs::read_dir(dir.path().join("caches")).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(files.len(), 1, "{files:?}");
    files.remove(0)
}

fn write(place: &Place, front: &str) -> Option<()> {
    let numbers: Vec<u32> = (0..20).collect();
    let writer = Writer::begin(place)?;
    writer.section(Tag::Front, &front.to_owned())?.section(Tag::Graph, &numbers)?.finish();
    Some(())
}

fn read(place: &Place) -> Option<(String, Vec<u32>)> {
    let reader = Reader::open(place)?;
    Some((reader.section(Tag::Front)?, reader.section(Tag::Graph)?))
}

#[test]
fn what_was_written_comes_back_section_by_section() {
    let (dir, place) = place();
    assert!(Reader::open(&place).is_none(), "nothing is there");
    write(&place, "one").unwrap();
    write(&place, "two").unwrap();
    assert_eq!(read(&place), Some(("two".to_owned(), (0..20).collect())));
    let reader = Reader::open(&place).unwrap();
    assert_eq!(reader.section::<String>(Tag::Corpus), None, "never written");
    assert_eq!(reader.section::<u64>(Tag::Graph), None, "less than the whole section is not what was written");
    let file = only_file(&dir);
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::metadata(file.parent().unwrap()).unwrap().permissions().mode() & 0o777, 0o700);
}

#[test]
fn every_flipped_bit_is_seen() {
    let (dir, place) = place();
    write(&place, "front page").unwrap();
    let file = only_file(&dir);
    let whole = fs::read(&file).unwrap();
    let changed = File::options().write(true).open(&file).unwrap();
    for (at, byte) in whole.iter().enumerate() {
        for bit in 0..8 {
            changed.write_all_at(&[byte ^ (1 << bit)], at as u64).unwrap();
            assert_eq!(read(&place), None, "byte {at}, bit {bit}");
        }
        changed.write_all_at(&[*byte], at as u64).unwrap();
    }
    assert!(read(&place).is_some());
}

#[test]
fn damage_in_one_section_costs_that_section() {
    let (dir, place) = place();
    write(&place, "front page").unwrap();
    let file = only_file(&dir);
    let mut bytes = fs::read(&file).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(&file, bytes).unwrap();
    let reader = Reader::open(&place).unwrap();
    assert_eq!(reader.section(Tag::Front), Some("front page".to_owned()));
    assert_eq!(reader.section::<Vec<u32>>(Tag::Graph), None);
}

#[test]
fn every_cut_and_every_tail_is_seen() {
    let (dir, place) = place();
    write(&place, "front page").unwrap();
    let file = only_file(&dir);
    let whole = fs::read(&file).unwrap();
    for length in 0..whole.len() {
        fs::write(&file, &whole[..length]).unwrap();
        assert_eq!(read(&place), None, "{length} bytes");
    }
    fs::write(&file, [&whole[..], b"x"].concat()).unwrap();
    assert_eq!(read(&place), None);
}

#[test]
fn another_programs_cache_is_none() {
    let (dir, place) = place();
    write(&place, "x").unwrap();
    let file = only_file(&dir);
    let mut bytes = fs::read(&file).unwrap();
    let mut head = Head::read_from_prefix(&bytes).unwrap().0;
    head.program ^= 1;
    head.checksum = head.own_checksum();
    bytes[..size_of::<Head>()].copy_from_slice(head.as_bytes());
    fs::write(&file, bytes).unwrap();
    assert!(Reader::open(&place).is_none());
}

#[test]
fn what_is_not_ours_alone_is_not_read() {
    let (dir, place) = place();
    write(&place, "x").unwrap();
    let file = only_file(&dir);
    let folder = file.parent().unwrap();
    for (path, mode) in [(&*file, 0o622), (&*file, 0o660), (folder, 0o770), (folder, 0o703)] {
        let before = fs::metadata(path).unwrap().permissions();
        fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
        assert_eq!(read(&place), None, "{} {mode:o}", path.display());
        if path == folder {
            assert!(write(&place, "y").is_none(), "nor is anything put beside it");
        }
        fs::set_permissions(path, before).unwrap();
        assert!(read(&place).is_some());
    }
}

#[test]
fn a_link_a_folder_and_a_fifo_are_no_cache() {
    let (dir, place) = place();
    write(&place, "x").unwrap();
    let file = only_file(&dir);
    let kept = dir.path().join("kept");
    fs::rename(&file, &kept).unwrap();
    symlink(&kept, &file).unwrap();
    assert_eq!(read(&place), None, "a link");
    write(&place, "y").unwrap();
    assert_eq!(read(&place).unwrap().0, "y", "it is replaced");
    assert!(!fs::symlink_metadata(&file).unwrap().is_symlink());
    fs::remove_file(&file).unwrap();
    rustix::fs::mknodat(rustix::fs::CWD, &file, rustix::fs::FileType::Fifo, rustix::fs::Mode::RWXU, 0).unwrap();
    assert_eq!(read(&place), None, "a FIFO, which is not waited for");
    fs::remove_file(&file).unwrap();
    fs::create_dir(&file).unwrap();
    assert_eq!(read(&place), None, "a folder");
    write(&place, "z").unwrap();
    assert_eq!(read(&place), None, "it stays in the way");
    assert_eq!(only_file(&dir), file, "and nothing unfinished stays behind");
    let linked = dir.path().join("linked");
    symlink(folder_of(&file), &linked).unwrap();
    assert!(write(&at(&linked), "x").is_none(), "a link to a folder");
}

fn folder_of(file: &Path) -> &Path {
    file.parent().unwrap()
}

#[test]
fn writers_at_the_same_time_leave_one_whole_cache() {
    let (dir, place) = place();
    thread::scope(|scope| {
        for n in 0..4 {
            let place = &place;
            scope.spawn(move || {
                for _ in 0..20 {
                    write(place, &n.to_string().repeat(1000)).unwrap();
                    let (front, _) = read(place).unwrap();
                    assert!(front.len() == 1000 && front.bytes().all(|byte| byte == front.as_bytes()[0]));
                }
            });
        }
    });
    only_file(&dir);
}

#[test]
fn a_writer_that_gives_up_leaves_what_was_there() {
    let (dir, place) = place();
    write(&place, "x").unwrap();
    drop(Writer::begin(&place).unwrap().section(Tag::Front, &"y".to_owned()));
    assert_eq!(read(&place).unwrap().0, "x");
    only_file(&dir);
}

#[test]
fn a_section_is_replaced_and_the_rest_is_carried_over() {
    let (dir, place) = place();
    write(&place, "x").unwrap();
    let replace = || {
        let reader = Reader::open(&place)?;
        let writer = Writer::begin(&place)?.section(Tag::Front, &"y".to_owned())?.and_the_rest(&reader)?;
        writer.finish();
        Some(())
    };
    let id = Reader::open(&place).unwrap().id(Tag::Graph);
    replace().unwrap();
    assert_eq!(read(&place), Some(("y".to_owned(), (0..20).collect())));
    assert_eq!(Reader::open(&place).unwrap().id(Tag::Graph), id);
    let file = only_file(&dir);
    let changed = File::options().write(true).open(&file).unwrap();
    changed.write_all_at(&[0xff], fs::metadata(&file).unwrap().len() - 1).unwrap();
    assert!(replace().is_none(), "what is damaged is not carried over");
    only_file(&dir);
}
