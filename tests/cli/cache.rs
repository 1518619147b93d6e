//! Commands with a cache: the same answers, from the same or a changed folder, whatever happens to the cache.

use crate::run::Ran;
use crate::run::copy_of_small;
use crate::run::downriver;
use crate::run::finish;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::path::PathBuf;

const QUESTIONS: [&[&str]; 5] = [
    &["list"],
    &["list", "--documents", "--format", "json"],
    &["impact", "acme/base-lm", "--format", "json", "--all"],
    &["check", "--format", "json"],
    &["lineage", "chat-v2"],
];

fn ask(folder: &Path, question: &[&str], cache: &Path) -> Ran {
    let mut command = downriver(question);
    command.arg("-r").arg(folder).env("DOWNRIVER_CACHE", cache);
    finish(command)
}

/// All answers with a cache and without one are the same.
fn assert_same(folder: &Path, cache: &Path, when: &str) {
    for question in QUESTIONS {
        let (with, without) = (ask(folder, question, cache), ask(folder, question, Path::new("off")));
        assert_eq!((with.code, with.out, with.err), (without.code, without.out, without.err), "{when}: {question:?}");
    }
}

fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(contents(&path));
        } else {
            all.insert(path.clone(), fs::read(&path).unwrap());
        }
    }
    all
}

fn only_file(cache: &Path) -> PathBuf {
    let files: Vec<PathBuf> = contents(cache).into_keys().collect();
    let [file] = &files[..] else { panic!("{files:?}") };
    file.clone()
}

#[test]
fn answers_are_the_same_with_a_cache_and_without() {
    let (folder, holder) = (copy_of_small(), tempfile::tempdir().unwrap());
    let cache = holder.path().join("caches");
    let before = contents(folder.path());
    assert_same(folder.path(), &cache, "first");
    assert_same(folder.path(), &cache, "from the cache");
    assert_eq!(contents(folder.path()), before, "nothing is written there");
    fs::write(folder.path().join("new.yaml"), "ml_sbom: {model_id: new, base_model: {name: chat-v2}}\n").unwrap();
    assert_same(folder.path(), &cache, "a new file");
    fs::write(folder.path().join("new.yaml"), "ml_sbom: {model_id: new, base_model: {name: chat-v1}}\n").unwrap();
    assert_same(folder.path(), &cache, "as long as before, and within the same moment");
    fs::rename(folder.path().join("new.yaml"), folder.path().join("newer.yaml")).unwrap();
    assert_same(folder.path(), &cache, "renamed");
    fs::write(folder.path().join("downriver.yaml"), "roots: [acme/base-lm]\n").unwrap();
    assert_same(folder.path(), &cache, "settings");
    fs::remove_file(folder.path().join("newer.yaml")).unwrap();
    assert_same(folder.path(), &cache, "removed");
}

#[test]
fn no_damage_changes_an_answer_and_the_next_run_repairs_it() {
    let (folder, holder) = (copy_of_small(), tempfile::tempdir().unwrap());
    let cache = holder.path().join("caches");
    assert_same(folder.path(), &cache, "first");
    let file = only_file(&cache);
    let whole = fs::read(&file).unwrap();
    for at in [0, 100, whole.len() / 3, whole.len() / 2, whole.len() - 1] {
        let mut flipped = whole.clone();
        flipped[at] ^= 1;
        fs::write(&file, flipped).unwrap();
        assert_same(folder.path(), &cache, &format!("byte {at} flipped"));
        fs::write(&file, &whole[..at]).unwrap();
        assert_same(folder.path(), &cache, &format!("cut at {at}"));
    }
    fs::remove_file(&file).unwrap();
    assert_same(folder.path(), &cache, "deleted");
    only_file(&cache);
}

#[test]
fn no_cache_keeps_nothing_and_a_place_that_will_not_do_is_done_without() {
    let (folder, holder) = (copy_of_small(), tempfile::tempdir().unwrap());
    let cache = holder.path().join("caches");
    let (with, without) = (&["list"][..], &["list", "--no-cache"][..]);
    let ran = [ask(folder.path(), without, &cache), ask(folder.path(), with, Path::new("off"))];
    assert_eq!(ran[0].out, ran[1].out);
    assert!(!cache.exists());
    let in_it = folder.path().join("caches");
    assert_same(folder.path(), &in_it, "a folder in the repository");
    assert!(!in_it.exists());
    fs::write(&cache, "a file").unwrap();
    assert_same(folder.path(), &cache, "a file where the folder should be");
}
