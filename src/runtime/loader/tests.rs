//! What the interface is told, in which order.

use super::*;
use std::fs;
use std::path::Path;
use std::sync::mpsc;
use std::sync::mpsc::Receiver;

struct Explorer {
    loader: Loader,
    received: Receiver<Event>,
}

impl Explorer {
    fn new(source: &Source, choice: &Choice) -> Self {
        let (sender, received) = mpsc::channel();
        Self { loader: Loader::new(source, choice, Watch::start(mpsc::channel().0), sender), received }
    }

    /// What one reading tells, how far it has come aside.
    fn told(&self, again: bool) -> Vec<String> {
        self.loader.start(again).join().unwrap();
        let words = |event| match event {
            Event::App(msg) => match *msg {
                Msg::Kept(snapshot) if snapshot.front => Some("first page".to_owned()),
                Msg::Kept(_) => Some("kept".to_owned()),
                Msg::Checked => Some("checked".to_owned()),
                Msg::News(news) => Some(news),
                Msg::Data { snapshot, done: true } => Some(format!("{} documents", snapshot.graph.documents().len())),
                Msg::NotRead(_) => Some("not read".to_owned()),
                _ => None,
            },
            Event::NoSbom => Some("no SBOM".to_owned()),
            _ => None,
        };
        self.received.try_iter().filter_map(words).collect()
    }
}

fn write(folder: &Path, name: &str) {
    fs::write(folder.join(name), format!("ml_sbom: {{model_id: {name}}}\n")).unwrap();
}

#[test]
fn the_sample_is_read_and_told_as_a_whole() {
    assert_eq!(Explorer::new(&Source::Sample, &Choice::Nowhere).told(false), ["46 documents"]);
}

#[test]
fn a_folder_without_any_sbom_is_said_each_time() {
    let dir = tempfile::tempdir().unwrap();
    let source = Source::Paths(vec![dir.path().join("sboms")]);
    fs::create_dir(dir.path().join("sboms")).unwrap();
    let choice = Choice::Folder(dir.path().join("caches"));
    for _ in 0..2 {
        assert_eq!(Explorer::new(&source, &choice).told(false), ["no SBOM"]);
        // As a command would leave it.
        let joined = store::open(&source, Place::new(&choice, &source).as_ref(), &AtomicBool::new(false), &|_| ()).unwrap();
        joined.keep.finish(&joined.graph);
    }
}

#[test]
fn what_was_kept_is_shown_first_and_then_confirmed_or_replaced() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("sboms");
    fs::create_dir(&folder).unwrap();
    (0..3).for_each(|n| write(&folder, &format!("m{n}.yaml")));
    let (source, choice) = (Source::Paths(vec![folder.clone()]), Choice::Folder(dir.path().join("caches")));
    assert_eq!(Explorer::new(&source, &choice).told(false), ["3 documents"]);
    let explorer = Explorer::new(&source, &choice);
    assert_eq!(explorer.told(false), ["first page", "kept", "checked"]);
    assert_eq!(explorer.told(true), ["checked"]);
    write(&folder, "m3.yaml");
    assert_eq!(explorer.told(true), ["4 documents", "read again: m3.yaml"]);
    write(&folder, "m4.yaml");
    fs::remove_file(folder.join("m0.yaml")).unwrap();
    assert_eq!(Explorer::new(&source, &choice).told(false), ["first page", "kept", "4 documents", "read again: 1 new, 1 gone"]);
    assert_eq!(explorer.told(true), ["4 documents"], "another process has kept it meanwhile");
    assert_eq!(explorer.told(true), ["checked"]);
    fs::remove_dir_all(&folder).unwrap();
    assert_eq!(explorer.told(true), ["not read"]);
}

#[test]
fn a_cache_of_a_command_has_no_first_page_yet() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("sboms");
    fs::create_dir(&folder).unwrap();
    write(&folder, "m.yaml");
    let (source, choice) = (Source::Paths(vec![folder]), Choice::Folder(dir.path().join("caches")));
    let joined = store::open(&source, Place::new(&choice, &source).as_ref(), &AtomicBool::new(false), &|_| ()).unwrap();
    joined.keep.finish(&joined.graph);
    assert_eq!(Explorer::new(&source, &choice).told(false), ["kept", "checked"]);
    assert_eq!(Explorer::new(&source, &choice).told(false), ["first page", "kept", "checked"]);
}

#[test]
fn without_a_cache_news_are_told_all_the_same() {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), "m0.yaml");
    let explorer = Explorer::new(&Source::Paths(vec![dir.path().to_owned()]), &Choice::Nowhere);
    assert_eq!(explorer.told(false), ["1 documents"]);
    assert_eq!(explorer.told(true), ["checked"]);
    write(dir.path(), "m1.yaml");
    assert_eq!(explorer.told(true), ["2 documents", "read again: m1.yaml"]);
    fs::remove_file(dir.path().join("m1.yaml")).unwrap();
    assert_eq!(explorer.told(true), ["1 documents", "read again: m1.yaml is gone"]);
}
