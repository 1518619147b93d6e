//! Folders as they are found: loops, links, FIFOs, sizes, names, settings, threads, a stop.

use super::*;
use crate::model::document::Depth;
use crate::model::finding::Code;
use rustix::fs::{CWD, FileType, Mode, mknodat};
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::Ordering;
use tempfile::TempDir;

static NO_STOP: AtomicBool = AtomicBool::new(false);

fn folder(files: &[(&str, &str)]) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    dir
}

fn model(id: &str) -> String {
    format!("ml_sbom: {{model_id: {id}}}\n")
}

fn load_paths(paths: &[&Path]) -> Loaded {
    let source = Source::Paths(paths.iter().map(|path| (*path).to_owned()).collect());
    load(&source, &NO_STOP, &|_| ()).unwrap()
}

fn load_one(dir: &TempDir) -> Loaded {
    load_paths(&[dir.path()])
}

fn files(loaded: &Loaded) -> Vec<&str> {
    let corpus = &loaded.input.corpus;
    corpus.documents.iter().map(|entry| corpus.statements.texts.key(entry.info.file)).collect()
}

fn problems(loaded: &Loaded) -> Vec<(&str, Code)> {
    loaded.input.problems.iter().map(|finding| (finding.file.as_str(), finding.code)).collect()
}

#[test]
fn documents_come_in_path_order_and_the_rest_is_counted() {
    let dir = folder(&[
        ("b/z.yaml", &model("z")),
        ("a.yaml", &model("a")),
        ("README.md", "# ml_sbom:\n"),
        ("b/logo.png", "\u{0}png"),
        (".git/config.yaml", &model("hidden")),
        ("b/.hidden.yaml", &model("hidden")),
        ("b/.gitignore", "*.yaml\n"),
        ("b/broken.yaml", "ml_sbom: a: b\n"),
        ("b/two.yaml", &format!("{}---\n{}", model("x"), model("y"))),
    ]);
    let loaded = load_one(&dir);
    assert_eq!(files(&loaded), ["a.yaml", "b/two.yaml", "b/two.yaml", "b/z.yaml"]);
    assert_eq!(problems(&loaded), [("b/broken.yaml", Code::Syntax)]);
    let Totals { files, passed_over, hidden, ignored, .. } = loaded.totals;
    assert_eq!((files, passed_over, hidden, ignored), (6, 2, 3, 0));
    assert!(loaded.input.complete);
}

#[test]
fn only_the_top_settings_count() {
    let dir = folder(&[
        ("downriver.yaml", "ignore: [drafts, 'x/*.yaml']\nroots: [model:a]\nshape: round\n"),
        ("a/downriver.yaml", "ignore: ['**']\nroots: [model:b]\n"),
        ("a/a.yaml", &model("a")),
        ("a/drafts/b.yaml", &model("b")),
        ("x/c.yaml", &model("c")),
        ("x/y/d.yaml", &model("d")),
    ]);
    let loaded = load_one(&dir);
    assert_eq!(files(&loaded), ["a/a.yaml", "x/y/d.yaml"]);
    assert_eq!(loaded.totals.ignored, 2);
    assert_eq!(loaded.input.settings.roots, ["model:a"]);
    assert_eq!(problems(&loaded), [("downriver.yaml", Code::UnknownKey)]);
}

#[test]
fn settings_that_lead_out_are_not_read() {
    let outside = folder(&[("d.yaml", "ignore: ['**']\n")]);
    let dir = folder(&[("a.yaml", &model("a"))]);
    symlink(outside.path().join("d.yaml"), dir.path().join("downriver.yaml")).unwrap();
    let loaded = load_one(&dir);
    assert_eq!(files(&loaded), ["a.yaml"]);
    assert!(problems(&loaded).contains(&("downriver.yaml", Code::Unreadable)));
}

#[test]
fn links_are_followed_inside_once_and_never_out() {
    let outside = folder(&[("secret.yaml", &model("secret"))]);
    let dir =
        folder(&[("a/real.yaml", &model("a")), (".store/v1/kept.yaml", &model("kept")), (".store/lone.yaml", &model("lone"))]);
    for (target, link) in [
        ("..", "a/up"),                     // a loop
        ("loop", "loop"),                   // to itself
        ("a", "same"),                      // a folder that has its own name
        ("a/real.yaml", "copy.yaml"),       // a file that has its own name
        (".store/v1", "current"),           // a hidden folder, by a name that is not
        (".store/v1/kept.yaml", "zz.yaml"), // what that folder holds
        (".store/lone.yaml", "lone.yaml"),  // a hidden file
        ("../lone.yaml", "a/again.yaml"),   // a link to a link
        ("nothing.yaml", "dangling.yaml"),
        ("nothing", "dangling"),
    ] {
        symlink(target, dir.path().join(link)).unwrap();
    }
    symlink(outside.path(), dir.path().join("out")).unwrap();
    symlink(outside.path().join("secret.yaml"), dir.path().join("out.yaml")).unwrap();
    symlink("/usr/bin/env", dir.path().join("python")).unwrap();
    let loaded = load_one(&dir);
    assert_eq!(files(&loaded), ["a/again.yaml", "a/real.yaml", "current/kept.yaml"]);
    let refused = [("dangling.yaml", Code::Unreadable), ("out", Code::Unreadable), ("out.yaml", Code::Unreadable)];
    assert_eq!(problems(&loaded), refused);
    assert_eq!(loaded.totals.passed_over, 3, "loop, dangling, python");
}

#[test]
fn nothing_but_regular_files_is_opened() {
    let dir = folder(&[("a.yaml", &model("a"))]);
    mknodat(CWD, dir.path().join("fifo.yaml"), FileType::Fifo, Mode::RWXU, 0).unwrap();
    symlink("fifo.yaml", dir.path().join("to-fifo.yaml")).unwrap();
    std::os::unix::net::UnixListener::bind(dir.path().join("socket")).unwrap();
    let loaded = load_one(&dir);
    assert_eq!(files(&loaded), ["a.yaml"]);
    let refused = [("fifo.yaml", Code::Unreadable), ("socket", Code::Unreadable), ("to-fifo.yaml", Code::Unreadable)];
    assert_eq!(problems(&loaded), refused);
    let entry = Entry { name: "x.yaml".to_owned(), size: 0, stamp: None, origin: Origin::File(dir.path().join("fifo.yaml")) };
    assert_eq!(read::content(&entry, &mut Vec::new()).unwrap_err().code, Code::Unreadable, "it became one after it was found");
}

#[test]
fn a_file_that_is_too_large_or_gone_costs_only_itself() {
    let dir = folder(&[("a.yaml", &model("a"))]);
    for name in ["huge.yaml", "huge.bin", "huge"] {
        fs::File::create(dir.path().join(name)).unwrap().set_len(1 << 40).unwrap();
    }
    let loaded = load_one(&dir);
    assert_eq!(files(&loaded), ["a.yaml"]);
    assert_eq!(problems(&loaded), [("huge.yaml", Code::Limit)]);
    assert_eq!(loaded.totals.passed_over, 2, "a terabyte of zeros is no text");
    let entry = Entry { name: "x.yaml".to_owned(), size: 0, stamp: None, origin: Origin::File(dir.path().join("gone.yaml")) };
    let finding = read::file(&entry, read::content(&entry, &mut Vec::new()), Depth::Facts, &[]).problems.remove(0);
    assert_eq!((finding.code, finding.file.as_str(), finding.place), (Code::Unreadable, "x.yaml", None));
}

#[test]
fn several_paths_are_led_by_their_names_and_read_once() {
    let dir = folder(&[("a/x.yaml", &model("x")), ("b/y.yaml", &model("y")), ("b/downriver.yaml", "ignore: ['*']\n")]);
    let (a, b) = (dir.path().join("a"), dir.path().join("b/"));
    let file = dir.path().join("b/y.yaml");
    let loaded = load_paths(&[&a, &file, &b, dir.path()]);
    assert_eq!(files(&loaded), [a.join("x.yaml").to_str().unwrap(), file.to_str().unwrap()]);
    assert_eq!(files(&load_paths(&[&file])), ["y.yaml"]);
    assert_eq!(load_paths(&[&b]).input.corpus.documents.len(), 0, "its own settings hide it");
}

#[test]
fn what_is_no_repository_is_said() {
    let dir = folder(&[]);
    let fifo = dir.path().join("fifo");
    mknodat(CWD, &fifo, FileType::Fifo, Mode::RWXU, 0).unwrap();
    for (path, message) in [(dir.path().join("missing"), "no such file or folder"), (fifo, "neither a folder nor")] {
        let error = load(&Source::Paths(vec![path]), &NO_STOP, &|_| ()).unwrap_err();
        assert!(error.to_string().contains(message), "{error}");
        assert!(!error.hint().is_empty());
    }
}

#[test]
fn events_tell_every_file_and_a_stop_leaves_the_rest() {
    let many: Vec<_> = (0..200).map(|n| (format!("{n:03}.yaml"), model(&format!("m{n}")))).collect();
    let many: Vec<_> = many.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let dir = folder(&many);
    let source = Source::Paths(vec![dir.path().to_owned()]);
    let (stop, told) = (AtomicBool::new(false), Mutex::new((0, 0, 0)));
    let on_event = |event: Event<'_>| {
        let mut told = told.lock().unwrap();
        match event {
            Event::Folder(folder) => assert!(folder.is_dir()),
            Event::Scanned { files, bytes } => {
                assert!(bytes > 200 * 20);
                told.0 = files;
            }
            Event::Read(file) => {
                told.1 += file.documents.len();
                told.2 += file.bytes;
            }
        }
    };
    let loaded = load(&source, &stop, &on_event).unwrap();
    let (found, read, bytes) = *told.lock().unwrap();
    assert_eq!((found, read, bytes), (200, 200, loaded.totals.bytes));
    assert!(files(&loaded).is_sorted());
    let stop_at_once = |event: Event<'_>| {
        if matches!(event, Event::Read(_)) {
            stop.store(true, Ordering::Relaxed);
        }
    };
    let loaded = load(&source, &stop, &stop_at_once).unwrap();
    assert!(!loaded.input.complete);
    assert!((1..200).contains(&loaded.input.corpus.documents.len()));
}

#[test]
fn a_model_without_id_is_called_by_its_file() {
    let dir = folder(&[("team/no-id.yaml", "ml_sbom: {created: x}\n---\nml_sbom: {base_model: b}\n")]);
    let loaded = load_one(&dir);
    let corpus = &loaded.input.corpus;
    let first = |entry| corpus.statements.get(corpus.mentions(entry)[0].statement.unwrap());
    let names: Vec<_> = corpus.documents.iter().map(|entry| corpus.statements.texts.key(first(entry).name)).collect();
    assert_eq!(names, ["team/no-id.yaml", "team/no-id.yaml#1"]);
    assert_eq!(corpus.findings[1].file, "team/no-id.yaml");
}

#[test]
fn a_name_of_any_bytes_is_a_name() {
    use std::os::unix::ffi::OsStrExt as _;
    let dir = folder(&[]);
    fs::write(dir.path().join(std::ffi::OsStr::from_bytes(b"\xff\x1b[31m\n.yaml")), model("a")).unwrap();
    assert_eq!(files(&load_one(&dir)), ["\u{fffd}\u{1b}[31m\n.yaml"]);
}

#[test]
fn the_sample_in_the_binary_is_the_folder() {
    let sample = load(&Source::Sample, &NO_STOP, &|_| ()).unwrap();
    let folder = load_paths(&[Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/sample-sboms"))]);
    assert_eq!(files(&sample), files(&folder));
    assert_eq!(problems(&sample), problems(&folder));
    assert_eq!(sample.input.settings, folder.input.settings);
    assert!(sample.input.complete && !sample.input.corpus.documents.is_empty());
}
