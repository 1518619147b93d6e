//! Repositories that change between runs: what is answered is what reading everything answers, and only what changed is read.

use super::*;
use crate::load;
use crate::store::Choice;
use proptest::prelude::*;
use std::fmt::Write as _;
use std::fs;
use std::fs::File;
use std::fs::FileTimes;
use std::path::Path;
use std::path::PathBuf;
use std::time::Duration;
use std::time::SystemTime;
use tempfile::TempDir;

static NO_STOP: AtomicBool = AtomicBool::new(false);

/// A repository with a place for its cache beside it.
struct Repository {
    dir: TempDir,
}

impl Repository {
    fn new() -> Self {
        let repository = Self { dir: tempfile::tempdir().unwrap() };
        fs::create_dir(repository.path()).unwrap();
        repository
    }

    fn path(&self) -> PathBuf {
        self.dir.path().join("sboms")
    }

    fn source(&self) -> Source {
        Source::Paths(vec![self.path()])
    }

    fn place(&self) -> Place {
        Place::new(&Choice::Folder(self.dir.path().join("caches")), &self.source()).unwrap()
    }

    fn write(&self, name: &str, text: &str) {
        fs::create_dir_all(self.path().join(name).parent().unwrap()).unwrap();
        fs::write(self.path().join(name), text).unwrap();
    }

    /// Lets all files be older than any file system's step, as far as can be pretended.
    fn open(&self) -> Joined {
        open(&self.source(), Some(&self.place()), &NO_STOP, &|_| ()).unwrap()
    }

    /// One run with the cache: what it tells, and how many files it opened.
    fn warm(&self) -> (String, usize) {
        let mut joined = self.open();
        std::mem::replace(&mut joined.keep, Keep::Nothing).finish(&joined.graph);
        (told(&joined), joined.opened)
    }

    fn cold(&self) -> String {
        let loaded = load::load(&self.source(), &NO_STOP, &|_| ()).unwrap();
        let (totals, graph) = (loaded.totals, graph::build(loaded.input));
        told(&Joined { graph, totals, news: News::default(), opened: 0, keep: Keep::Nothing })
    }
}

/// Everything that an answer can depend on, as a text.
fn told(Joined { graph, totals, .. }: &Joined) -> String {
    let mut told = format!("{totals:?} {} {}\n{:?}\n", graph.complete(), graph.n_unread(), graph.settings());
    for document in graph.documents().iter() {
        let file = graph.text(document.file).as_key();
        writeln!(told, "{file} {} {} {:?}", document.member, document.format, document.counts).unwrap();
    }
    for id in graph.ids() {
        let text = |id| graph.text(id).as_key();
        let component = graph.component(id);
        let names = (text(component.id), text(component.label), text(component.name), component.version.map(text));
        writeln!(told, "{} {names:?} {:?} {:?}", component.kind, component.owner.map(text), component.sections).unwrap();
        writeln!(told, "  {:?} {:?} {}", graph.purl(id).map(text), graph.digests(id), graph.is_root(id)).unwrap();
        let places: Vec<_> = graph.declared_in(id).map(|place| (graph.file(place.document).as_key(), place.line)).collect();
        writeln!(told, "  {places:?} {:?}", graph.deployment(id).map(|said| (said.environment.map(text), said.stage))).unwrap();
        for link in graph.down(id) {
            let sources = graph.sources(link).map(|source| (graph.file(source.document).as_key(), source.line, source.evidence));
            let sources: Vec<_> = sources.collect();
            let (link, method) = (graph.link(link), graph.method(link).map(text));
            writeln!(told, "  {} {} {method:?} {sources:?}", link.relation, graph.id(link.downstream).as_key()).unwrap();
        }
    }
    for finding in graph.findings() {
        writeln!(told, "{finding:?}").unwrap();
    }
    told
}

fn model(n: u8, base: u8, word: &str) -> String {
    format!(
        "ml_sbom:\n  model_id: m{n}\n  base_model: {{name: m{base}, source: {word}}}\n  deployment: {{environment: {word}}}\n\
         \x20 dependencies: [{{name: torch, version: 2.{base}.0}}]\n"
    )
}

/// Sets the times of a file's content back, as copying and unpacking tools do.
fn age(path: &Path, hours: u64) {
    let time = SystemTime::now() - Duration::from_hours(hours);
    File::options().write(true).open(path).unwrap().set_times(FileTimes::new().set_modified(time)).unwrap();
}

#[test]
fn a_second_run_joins_nothing_and_a_change_is_one_file() {
    let repository = Repository::new();
    for n in 0..20 {
        repository.write(&format!("{}/m{n}.yaml", n % 3), &model(n, n / 2, "prod"));
    }
    repository.write("broken.yaml", "ml_sbom: a: b\n");
    repository.write("notes.txt", "nothing\n");
    let (cold, opened) = repository.warm();
    assert_eq!((opened, &cold), (22, &repository.cold()));
    let joined = repository.open();
    assert!(joined.news.len() == 0 && matches!(joined.keep, Keep::Nothing));
    assert_eq!(told(&joined), cold);
    assert_eq!(joined.opened, 22, "files that were written this moment are compared by content");
    repository.write("1/m1.yaml", &model(1, 7, "prod"));
    fs::remove_file(repository.path().join("0/m0.yaml")).unwrap();
    repository.write("new.yaml", &model(90, 1, "prod"));
    repository.write("notes.txt", "still nothing\n");
    let joined = repository.open();
    let News { changed, new, gone, only } = &joined.news;
    assert_eq!((*changed, *new, *gone, only), (1, 1, 1, &None));
    assert_eq!(told(&joined), repository.cold());
}

#[test]
fn files_of_before_are_not_opened() {
    let repository = Repository::new();
    for n in 0..20 {
        repository.write(&format!("m{n}.yaml"), &model(n, n / 2, "prod"));
    }
    // Only waiting makes a file old: nobody can set the time of its last change.
    std::thread::sleep(Duration::from_millis(3_100));
    assert_eq!(repository.warm().1, 20);
    assert_eq!(repository.warm().1, 0);
    repository.write("m3.yaml", &model(3, 9, "prod"));
    let joined = repository.open();
    assert_eq!((joined.opened, joined.news.only.as_deref()), (1, Some("m3.yaml")));
    assert_eq!(told(&joined), repository.cold());
}

#[test]
fn settings_and_problems_are_news_too() {
    let repository = Repository::new();
    repository.write("a.yaml", &model(1, 2, "prod"));
    repository.warm();
    for text in ["roots: [model:m2]\n", "ignore: [b]\nshape: round\n", "ignore: ['a.yaml']\n"] {
        repository.write("downriver.yaml", text);
        assert_eq!(repository.warm().0, repository.cold(), "{text}");
    }
    fs::remove_file(repository.path().join("downriver.yaml")).unwrap();
    assert_eq!(repository.warm().0, repository.cold());
    repository.write("a.yaml", "ml_sbom: a: b\n");
    assert_eq!(repository.warm().0, repository.cold());
    assert_eq!(repository.warm().0, repository.cold());
}

#[test]
fn any_damage_to_the_cache_changes_no_answer() {
    let repository = Repository::new();
    for n in 0..4 {
        repository.write(&format!("m{n}.yaml"), &model(n, n / 2, "prod"));
    }
    let (whole, _) = repository.warm();
    let file = fs::read_dir(repository.dir.path().join("caches")).unwrap().next().unwrap().unwrap().path();
    let bytes = fs::read(&file).unwrap();
    let step = bytes.len() / 40;
    for at in (0..bytes.len()).step_by(step.max(1)) {
        let mut flipped = bytes.clone();
        flipped[at] ^= 0x10;
        fs::write(&file, &flipped).unwrap();
        assert_eq!(told(&repository.open()), whole, "byte {at}");
        fs::write(&file, &bytes[..at]).unwrap();
        assert_eq!(told(&repository.open()), whole, "{at} bytes");
    }
    fs::remove_file(&file).unwrap();
    assert_eq!(told(&repository.open()), whole);
}

/// What a person or a tool does to a repository.
#[derive(Debug, Clone)]
enum Edit {
    Write(u8, u8, &'static str),
    /// As long as before, with the time of before.
    Forge(u8, u8),
    Delete(u8),
    Rename(u8, u8),
    Touch(u8, u64),
    Break(u8),
    Garbage(u8),
    Owner(&'static str),
}

fn edits() -> impl Strategy<Value = Edit> {
    let file = 0_u8..8;
    prop_oneof![
        4 => (file.clone(), 0_u8..10, prop_oneof![Just("prod"), Just("staging")]).prop_map(|(n, base, word)| Edit::Write(n, base, word)),
        3 => (file.clone(), 0_u8..10).prop_map(|(n, base)| Edit::Forge(n, base)),
        1 => file.clone().prop_map(Edit::Delete),
        1 => (file.clone(), file.clone()).prop_map(|(a, b)| Edit::Rename(a, b)),
        1 => (file.clone(), 0_u64..50).prop_map(|(n, hours)| Edit::Touch(n, hours)),
        1 => file.clone().prop_map(Edit::Break),
        1 => file.prop_map(Edit::Garbage),
        1 => prop_oneof![Just("roots: [model:m1]\n"), Just("ignore: [m2.yaml]\n"), Just("")].prop_map(Edit::Owner),
    ]
}

fn apply(repository: &Repository, edit: &Edit) {
    let name = |n: u8| if n.is_multiple_of(2) { format!("m{n}.yaml") } else { format!("folder/m{n}.yaml") };
    let path = |n: u8| repository.path().join(name(n));
    match edit {
        Edit::Write(n, base, word) => repository.write(&name(*n), &model(*n, *base, word)),
        Edit::Forge(n, base) => {
            let Ok(before) = fs::metadata(path(*n)) else { return };
            repository.write(&name(*n), &model(*n, *base, "prod"));
            let times = FileTimes::new().set_modified(before.modified().unwrap());
            File::options().write(true).open(path(*n)).unwrap().set_times(times).unwrap();
        }
        Edit::Delete(n) => drop(fs::remove_file(path(*n))),
        Edit::Rename(a, b) => drop(fs::rename(path(*a), path(*b))),
        Edit::Touch(n, hours) if path(*n).exists() => age(&path(*n), *hours),
        Edit::Touch(..) => {}
        Edit::Break(n) => repository.write(&name(*n), "ml_sbom: a: b\n"),
        Edit::Garbage(n) => repository.write(&name(*n), "just: yaml\n"),
        Edit::Owner(text) => repository.write("downriver.yaml", text),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_done_between_runs_the_answer_is_that_of_reading_everything(
        runs in prop::collection::vec(prop::collection::vec(edits(), 1..6), 1..5),
    ) {
        let repository = Repository::new();
        fs::create_dir(repository.path().join("folder")).unwrap();
        for n in 0..8 {
            apply(&repository, &Edit::Write(n, n / 2, "prod"));
        }
        repository.warm();
        for run in &runs {
            for edit in run {
                apply(&repository, edit);
            }
            prop_assert_eq!(repository.warm().0, repository.cold());
        }
    }
}
