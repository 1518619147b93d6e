//! Advisories for `impact`: read, asked, and put together with how old everything is.

use crate::cli::exit::Exit;
use crate::cli::exit::Failure;
use crate::cli::messages;
use crate::cli::session::Session;
use crate::load::advisories;
use crate::load::advisories::AdvisoryFile;
use crate::load::advisories::AdvisoryFiles;
use crate::load::again;
use crate::load::git::Clones;
use crate::model::advisory::Advisory;
use crate::model::date::Day;
use crate::model::document::Format;
use crate::model::finding::Code;
use crate::model::finding::Finding;
use crate::query::advisory;
use crate::query::advisory::Asked;
use crate::query::advisory::Options;
use crate::query::advisory::Undetermined;
use crate::query::advisory::answer;
use crate::query::advisory::answer::Answer;
use crate::text::Untrusted;
use clap::Args;
use std::io;
use std::path::PathBuf;
use std::time::SystemTime;

/// At most so many inventories are read again for their age.
const INVENTORIES: usize = 50;

/// At most so much of what is missing is named in all answers together.
const NAMED: usize = 20_000;

/// Which advisories are asked, and how.
#[derive(Debug, Args)]
#[command(next_help_heading = "Advisories")]
pub(super) struct Advise {
    /// Ask an advisory: a file, all in a folder, or `-` for what is pasted; may be given several times
    ///
    /// OSV (JSON, YAML), OpenVEX, CycloneDX VEX, CSAF and `ml_advisory`, told by their content. Several about one
    /// vulnerability are answered as one.
    #[arg(long = "advisory", value_name = "FILE")]
    pub files: Vec<PathBuf>,

    /// A clone that tells which commit comes before which; git only reads it; may be given several times
    #[arg(long, value_name = "DIR", requires = "files")]
    git: Vec<PathBuf>,

    /// Leave out what VEX statements say
    ///
    /// They never change a state here: no signature makes one trusted yet.
    #[arg(long, requires = "files")]
    no_vex: bool,

    /// The day from which ages are counted, instead of today (YYYY-MM-DD, or a time)
    #[arg(long, value_name = "TIME", value_parser = super::impact::day, requires = "files")]
    now: Option<Day>,
}

/// What was read.
pub(super) struct Given {
    files: AdvisoryFiles,
    clones: Clones,
}

/// All advisories, asked.
pub(super) struct Advised<'a> {
    pub files: &'a AdvisoryFiles,
    /// In the order of files; `file` and `findings` are by the same number.
    pub advisories: Vec<&'a Advisory>,
    file: Vec<usize>,
    findings: Vec<Vec<&'a Finding>>,
    pub asked: Vec<Asked>,
    pub answers: Vec<Answer>,
    /// File and time as written of each inventory, by file.
    pub inventories: Vec<(String, Option<String>)>,
    pub show_vex: bool,
    pub now: Day,
}

impl Advise {
    /// Reads what was given, and tells what could not be read.
    pub(super) fn read(&self) -> Result<Given, Failure> {
        let clones = Clones::open(&self.git)
            .map_err(|error| usage(&error, "give the folder of a clone; without one commits are compared only"))?;
        let files = advisories::advisories(&self.files, &mut io::stdin().lock());
        let files = files.map_err(|error| usage(&error, "give a file or folder that exists, or `-`"))?;
        messages::unread(files.files.iter().flat_map(|file| &file.findings));
        if files.passed_over > 0 {
            messages::note(&format!(
                "{} in the folders given as advisories are none",
                crate::text::count(files.passed_over, "file")
            ));
        }
        Ok(Given { files, clones })
    }

    /// Asks all advisories that were read.
    pub(super) fn ask<'a>(&self, session: &Session, given: &'a Given, options: &Options<'_>) -> Advised<'a> {
        let files = &given.files;
        let numbered =
            || files.files.iter().enumerate().flat_map(|(row, file)| file.advisories.iter().map(move |advisory| (row, advisory)));
        let (file, all): (Vec<usize>, Vec<&Advisory>) = numbered().unzip();
        let asked = advisory::ask(&session.graph, &all, options);
        let most = (NAMED / all.len().max(1)).clamp(10, 1_000);
        let mut answers = answer::answers(&session.graph, &all, &asked, most);
        let findings = findings(files, &all, &file);
        for answer in &mut answers {
            let numbers = answer.row.members.iter().filter_map(|member| findings.get(*member));
            answer.undetermined.extend(numbers.flatten().filter(|finding| is_lost(finding)).map(|finding| lost(finding)));
        }
        Advised {
            findings,
            files,
            asked,
            answers,
            advisories: all,
            file,
            inventories: inventories(session),
            show_vex: !self.no_vex,
            now: self.now.unwrap_or_else(today),
        }
    }
}

impl Given {
    /// Whether one commit comes before another, as the clones know.
    pub(super) fn is_ancestor(&self, first: &str, second: &str) -> Option<bool> {
        self.clones.is_ancestor(first, second)
    }

    /// Whether something in the advisories was not read.
    pub(super) fn is_incomplete(&self) -> bool {
        self.files.files.iter().any(|file| file.unread().next().is_some())
    }
}

impl<'a> Advised<'a> {
    /// The advisories of a row, each with its number.
    pub(super) fn members(&self, answer: &Answer) -> impl Iterator<Item = (usize, &'a Advisory)> {
        answer.row.members.iter().filter_map(|member| Some((*member, *self.advisories.get(*member)?)))
    }

    /// The file of an advisory, not escaped.
    pub(super) fn file(&self, number: usize) -> &'a str {
        self.file.get(number).and_then(|file| self.files.files.get(*file)).map_or("", |file| &file.name)
    }

    /// What reading an advisory found.
    pub(super) fn findings(&self, number: usize) -> &[&'a Finding] {
        self.findings.get(number).map(Vec::as_slice).unwrap_or_default()
    }

    /// The same without what is [`is_lost`]: that stands among what could not be checked.
    pub(super) fn notes(&self, number: usize) -> Vec<&'a Finding> {
        self.findings(number).iter().filter(|finding| !is_lost(finding)).copied().collect()
    }

    /// Whether an answer is none: nothing that its documents call affected could be read.
    pub(super) fn is_unread(&self, answer: &Answer) -> bool {
        let unread = |number: &usize| self.findings(*number).iter().any(|finding| finding.is_unread());
        !answer.asks && answer.row.members.iter().any(unread)
    }

    /// Files that gave no advisory at all, each with why.
    pub(super) fn not_read(&self) -> impl Iterator<Item = (&'a str, &'a [Finding])> {
        let none = self.files.files.iter().filter(|file| file.advisories.is_empty());
        none.map(|file| (file.name.as_str(), file.findings.as_slice()))
    }

    /// Why something was not read, of all files.
    pub(super) fn unread(&self) -> impl Iterator<Item = &'a Finding> {
        self.files.files.iter().flat_map(AdvisoryFile::unread)
    }
}

/// Whether something that an advisory names was not looked for.
fn is_lost(finding: &Finding) -> bool {
    finding.is_unread() || finding.code == Code::Dangling
}

fn lost(finding: &Finding) -> Undetermined {
    let source = Some((finding.file.clone(), finding.place.map_or(0, |place| place.line)));
    Undetermined { what: finding.message.clone(), source, settle: finding.help.clone() }
}

/// Each finding at the advisory of its file that stands last before it.
fn findings<'a>(files: &'a AdvisoryFiles, all: &[&'a Advisory], file: &[usize]) -> Vec<Vec<&'a Finding>> {
    let mut of_each: Vec<Vec<&Finding>> = vec![Vec::new(); all.len()];
    for (row, read) in files.files.iter().enumerate() {
        let first = file.partition_point(|other| *other < row);
        for finding in read.findings.iter().filter(|_| !read.advisories.is_empty()) {
            let before = read.advisories.iter().take_while(|advisory| Some(advisory.place) <= finding.place).count();
            if let Some(list) = of_each.get_mut(first + before.saturating_sub(1)) {
                list.push(finding);
            }
        }
    }
    of_each
}

/// When each inventory of the repository was true, as it says itself.
fn inventories(session: &Session) -> Vec<(String, Option<String>)> {
    let graph = &session.graph;
    let documents = graph.documents().iter().filter(|document| document.format == Format::Inventory);
    let mut files: Vec<&str> = documents.map(|document| graph.text(document.file).as_key()).collect();
    files.dedup();
    let taken = |file: &str| {
        let documents = again::documents(&session.source, file);
        documents.iter().find_map(|document| {
            let field = document.fields.iter().find(|field| document.texts.key(field.key) == "inventory.taken")?;
            Some(document.texts.key(field.value).to_owned())
        })
    };
    files.into_iter().take(INVENTORIES).map(|file| (file.to_owned(), taken(file))).collect()
}

fn today() -> Day {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    Day::of_number(i64::try_from(since.as_secs() / 86_400).unwrap_or_default())
}

fn usage(error: &(impl std::error::Error + 'static), hint: &str) -> Failure {
    let source = error.source().map_or_else(String::new, |source| format!(": {source}"));
    let message = Untrusted::new(&format!("{error}{source}")).show().into_string();
    Failure::new(Exit::Usage, message).hint(Some(hint.to_owned()))
}
