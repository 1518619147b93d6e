//! All advisories of some files, asked: each answer with the documents that it comes from and what reading them found.
//!
//! Invariant: what an advisory names and was not read stands among what could not be checked.

use crate::graph::Graph;
use crate::model::advisory::Advisory;
use crate::model::advisory::files::AdvisoryFile;
use crate::model::advisory::files::AdvisoryFiles;
use crate::model::finding::Code;
use crate::model::finding::Finding;
use crate::query::advisory;
use crate::query::advisory::Asked;
use crate::query::advisory::Options;
use crate::query::advisory::Undetermined;
use crate::query::advisory::answer;
use crate::query::advisory::answer::Answer;
use crate::query::impact::Mark;
use std::sync::Arc;

/// At most so much of what is missing is named in all answers together.
const NAMED: usize = 20_000;

/// All advisories, asked.
#[derive(Debug)]
pub(crate) struct Advised {
    files: Arc<AdvisoryFiles>,
    /// Of each advisory its file, and its place in that.
    at: Vec<(usize, usize)>,
    /// Of each advisory what reading it found, by place in its file's findings.
    findings: Vec<Vec<usize>>,
    pub asked: Vec<Asked>,
    pub answers: Vec<Answer>,
}

impl Advised {
    /// Asks all advisories of some files, which are numbered in the order of files.
    pub(crate) fn new(graph: &Graph, files: Arc<AdvisoryFiles>, options: &Options<'_>) -> Self {
        let places = files.files.iter().enumerate().flat_map(|(row, file)| (0..file.advisories.len()).map(move |nth| (row, nth)));
        let at: Vec<(usize, usize)> = places.collect();
        let mut advised = Self { findings: findings(&files, &at), files, at, asked: Vec::new(), answers: Vec::new() };
        let all: Vec<&Advisory> = advised.advisories().collect();
        let asked = advisory::ask(graph, &all, options);
        let most = (NAMED / all.len().max(1)).clamp(10, 1_000);
        let mut answers = answer::answers(graph, &all, &asked, most);
        for answer in &mut answers {
            let found = answer.row.members.iter().flat_map(|member| advised.findings(*member));
            answer.undetermined.extend(found.filter(|finding| is_lost(finding)).map(lost));
        }
        (advised.asked, advised.answers) = (asked, answers);
        advised
    }

    /// In the order of their numbers.
    pub(crate) fn advisories(&self) -> impl Iterator<Item = &Advisory> {
        self.files.files.iter().flat_map(|file| &file.advisories)
    }

    /// The advisory of a number.
    pub(crate) fn advisory(&self, number: usize) -> Option<&Advisory> {
        let (file, nth) = self.at.get(number)?;
        self.files.files.get(*file)?.advisories.get(*nth)
    }

    /// The advisories of a row, each with its number.
    pub(crate) fn members<'a>(&'a self, answer: &'a Answer) -> impl Iterator<Item = (usize, &'a Advisory)> {
        answer.row.members.iter().filter_map(|member| Some((*member, self.advisory(*member)?)))
    }

    /// What a row is called.
    pub(crate) fn id(&self, answer: &Answer) -> &str {
        answer.row.id(&|number| self.advisory(number))
    }

    /// All other names of a row.
    pub(crate) fn aliases(&self, answer: &Answer) -> Vec<&str> {
        answer.row.aliases(&|number| self.advisory(number))
    }

    /// What to walk for a row.
    pub(crate) fn marks(&self, answer: &Answer) -> Vec<Mark> {
        advisory::together(answer.row.members.iter().filter_map(|member| self.asked.get(*member)))
    }

    /// The file of an advisory, not escaped.
    pub(crate) fn file(&self, number: usize) -> &str {
        let file = self.at.get(number).and_then(|(file, _)| self.files.files.get(*file));
        file.map_or("", |file| &file.name)
    }

    /// The file of an advisory, not escaped, and its text where that can be kept.
    pub(crate) fn text(&self, number: usize) -> (&str, Option<&str>) {
        let file = self.at.get(number).and_then(|(file, _)| self.files.files.get(*file));
        file.map_or(("", None), |file| (&file.name, file.text.as_deref()))
    }

    /// What reading an advisory found.
    pub(crate) fn findings(&self, number: usize) -> impl Iterator<Item = &Finding> {
        let file = self.at.get(number).and_then(|(file, _)| self.files.files.get(*file));
        let rows = self.findings.get(number).into_iter().flatten();
        rows.filter_map(move |row| file?.findings.get(*row))
    }

    /// The same without what is lost: that stands among what could not be checked.
    pub(crate) fn notes(&self, number: usize) -> Vec<&Finding> {
        self.findings(number).filter(|finding| !is_lost(finding)).collect()
    }

    /// Whether an answer is none: nothing that its documents call affected could be read.
    pub(crate) fn is_unread(&self, answer: &Answer) -> bool {
        !answer.asks && answer.row.members.iter().any(|number| self.findings(*number).any(Finding::is_unread))
    }

    /// Files that gave no advisory at all, each with why.
    pub(crate) fn not_read(&self) -> impl Iterator<Item = (&str, &[Finding])> {
        self.not_read_rows().filter_map(|row| self.read_file(row))
    }

    /// Numbers of the files that gave no advisory at all.
    pub(crate) fn not_read_rows(&self) -> impl Iterator<Item = usize> {
        self.files.files.iter().enumerate().filter(|(_, file)| file.advisories.is_empty()).map(|(row, _)| row)
    }

    /// The file of a number, and what reading it found.
    pub(crate) fn read_file(&self, row: usize) -> Option<(&str, &[Finding])> {
        self.files.files.get(row).map(|file| (file.name.as_str(), file.findings.as_slice()))
    }

    /// Why something was not read, of all files.
    pub(crate) fn unread(&self) -> impl Iterator<Item = &Finding> {
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
fn findings(files: &AdvisoryFiles, at: &[(usize, usize)]) -> Vec<Vec<usize>> {
    let mut of_each: Vec<Vec<usize>> = vec![Vec::new(); at.len()];
    for (row, read) in files.files.iter().enumerate() {
        let first = at.partition_point(|(other, _)| *other < row);
        for (place, finding) in read.findings.iter().enumerate().filter(|_| !read.advisories.is_empty()) {
            let before = read.advisories.iter().take_while(|advisory| Some(advisory.place) <= finding.place).count();
            if let Some(list) = of_each.get_mut(first + before.saturating_sub(1)) {
                list.push(place);
            }
        }
    }
    of_each
}
