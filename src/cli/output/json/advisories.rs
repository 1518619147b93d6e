//! `advisories` of `impact`: a row for each vulnerability, and one for each file that gave none.

use crate::cli::advise::Advised;
use crate::cli::output::json::rows::FindingRow;
use crate::cli::output::json::rows::SourceRow;
use crate::graph::Graph;
use crate::model::advisory::Advisory;
use crate::model::advisory::Statement;
use crate::model::finding::Finding;
use crate::query::advisory::Undetermined;
use crate::query::advisory::answer::Answer;
use crate::query::select::Start;
use crate::query::select::StartAt;
use serde::Serialize;

#[derive(Serialize)]
pub(super) struct AdvisoryRow<'a> {
    id: &'a str,
    file: &'a str,
    result: &'static str,
    aliases: Vec<&'a str>,
    sources: Vec<MemberRow<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    withdrawn: Option<String>,
    matched: Vec<&'a str>,
    possible: Vec<&'a str>,
    ruled_out: Vec<OutRow<'a>>,
    deployments: CountsRow,
    undetermined: Vec<UndeterminedRow<'a>>,
    /// Further ones that are not listed.
    undetermined_more: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    statements: Option<Vec<StatementRow<'a>>>,
    findings: Vec<FindingRow<'a>>,
}

/// One document that speaks of the vulnerability.
#[derive(Serialize)]
struct MemberRow<'a> {
    id: &'a str,
    format: &'static str,
    source: SourceRow<'a>,
    summary: Option<&'a str>,
    severity: Option<&'a str>,
    author: Option<&'a str>,
    published: Option<&'a str>,
    modified: Option<&'a str>,
    names: Vec<String>,
    references: Vec<&'a str>,
}

#[derive(Serialize)]
struct OutRow<'a> {
    id: &'a str,
    reason: &'a str,
}

#[derive(Default, Serialize)]
struct CountsRow {
    affected: usize,
    possible: usize,
    unknown: usize,
}

#[derive(Serialize)]
struct UndeterminedRow<'a> {
    what: &'a str,
    source: Option<SourceRow<'a>>,
    settle: &'a str,
}

#[derive(Serialize)]
struct StatementRow<'a> {
    status: &'static str,
    author: Option<&'a str>,
    trusted: bool,
    products: Vec<String>,
    components: Vec<&'a str>,
    justification: Option<&'a str>,
    detail: Option<&'a str>,
    time: Option<&'a str>,
    source: SourceRow<'a>,
}

/// An inventory, and when it was true as it says itself.
#[derive(Serialize)]
pub(super) struct InventoryRow<'a> {
    file: &'a str,
    taken: Option<&'a str>,
}

impl<'a> InventoryRow<'a> {
    pub(super) fn new(file: &'a str, taken: Option<&'a str>) -> Self {
        Self { file, taken }
    }
}

/// All rows: those that were read in the order of their files, then those that were not.
pub(super) fn rows<'a>(graph: &'a Graph, advised: &'a Advised) -> impl Iterator<Item = AdvisoryRow<'a>> {
    let read = advised.told.answers.iter().map(|answer| AdvisoryRow::new(graph, advised, answer));
    read.chain(advised.told.not_read().map(|(file, findings)| AdvisoryRow::not_read(file, findings)))
}

impl<'a> AdvisoryRow<'a> {
    fn new(graph: &'a Graph, advised: &'a Advised, answer: &'a Answer) -> Self {
        let first = answer.row.members.first().copied().unwrap_or_default();
        let named = |sure: bool| names(graph, answer.starts.iter().filter(move |start| start.sure == sure));
        let shared = answer.unchecked.iter().flat_map(|list| &list.0);
        let mut shared: Vec<&Undetermined> = shared.collect();
        shared.sort_unstable();
        shared.dedup();
        let statements = advised.told.members(answer).flat_map(|(number, advisory)| {
            let told = advised.told.asked.get(number).map(|asked| asked.told.as_slice()).unwrap_or_default();
            let author = advisory.author.as_deref();
            let all = advisory.statements.iter().enumerate();
            all.map(move |(row, statement)| {
                let components = told.get(row).map_or_else(Vec::new, |starts| names(graph, starts.iter()));
                StatementRow::new(statement, author, components, advised.told.file(number))
            })
        });
        Self {
            id: advised.told.id(answer),
            file: advised.told.file(first),
            result: match answer.matched {
                true => "matched",
                false if advised.told.is_unread(answer) => "not-read",
                false => "no-match",
            },
            aliases: advised.told.aliases(answer),
            sources: advised.told.members(answer).map(|(number, advisory)| MemberRow::new(advised, number, advisory)).collect(),
            withdrawn: answer.withdrawn.map(|day| day.to_string()),
            matched: named(true),
            possible: named(false),
            ruled_out: answer
                .ruled_out
                .iter()
                .map(|out| OutRow { id: graph.id(out.component).as_key(), reason: &out.reason })
                .collect(),
            deployments: CountsRow {
                affected: answer.counts.affected,
                possible: answer.counts.possible,
                unknown: answer.counts.unknown,
            },
            undetermined: answer.undetermined.iter().chain(shared).map(UndeterminedRow::new).collect(),
            undetermined_more: answer.unchecked.iter().map(|list| list.1).max().unwrap_or_default(),
            statements: advised.show_vex.then(|| statements.collect()),
            findings: answer.row.members.iter().flat_map(|number| advised.told.findings(*number)).map(FindingRow::new).collect(),
        }
    }

    fn not_read(file: &'a str, findings: &'a [Finding]) -> Self {
        let unread = findings.iter().filter(|finding| finding.is_unread());
        let why = unread.map(|finding| UndeterminedRow {
            what: &finding.message,
            source: finding.place.filter(|place| place.line > 0).map(|place| SourceRow { file, line: place.line }),
            settle: &finding.help,
        });
        Self {
            id: file,
            file,
            result: "not-read",
            aliases: Vec::new(),
            sources: Vec::new(),
            withdrawn: None,
            matched: Vec::new(),
            possible: Vec::new(),
            ruled_out: Vec::new(),
            deployments: CountsRow::default(),
            undetermined: why.collect(),
            undetermined_more: 0,
            statements: None,
            findings: findings.iter().map(FindingRow::new).collect(),
        }
    }
}

/// Printed ids of what some beginnings are, each once.
fn names<'a, 's>(graph: &'a Graph, starts: impl Iterator<Item = &'s Start>) -> Vec<&'a str> {
    let name = |start: &Start| match start.at {
        StartAt::Component(id) => graph.id(id).as_key(),
        StartAt::Mention(id) => {
            let joined = graph.meaning(id).0.first().map(|target| graph.id(target.component()).as_key());
            joined.unwrap_or_else(|| graph.text(graph.statements().get(id).name).as_key())
        }
    };
    let mut all: Vec<&str> = starts.map(name).collect();
    all.sort_unstable();
    all.dedup();
    all
}

impl<'a> MemberRow<'a> {
    fn new(advised: &'a Advised, number: usize, advisory: &'a Advisory) -> Self {
        Self {
            id: &advisory.id,
            format: advisory.format.word(),
            source: SourceRow { file: advised.told.file(number), line: advisory.place.line },
            summary: advisory.summary.as_deref(),
            severity: advisory.severity.as_deref(),
            author: advisory.author.as_deref(),
            published: advisory.published.as_deref(),
            modified: advisory.modified.as_deref(),
            names: advisory.affected.iter().map(ToString::to_string).collect(),
            references: advisory.references.iter().map(String::as_str).collect(),
        }
    }
}

impl<'a> UndeterminedRow<'a> {
    fn new(one: &'a Undetermined) -> Self {
        let source = one.source.as_ref().map(|(file, line)| SourceRow { file, line: (*line).max(1) });
        Self { what: &one.what, source, settle: &one.settle }
    }
}

impl<'a> StatementRow<'a> {
    fn new(statement: &'a Statement, author: Option<&'a str>, components: Vec<&'a str>, file: &'a str) -> Self {
        Self {
            status: statement.status.word(),
            author,
            trusted: false,
            products: statement.products.iter().map(ToString::to_string).collect(),
            components,
            justification: statement.justification.as_deref(),
            detail: statement.detail.as_deref(),
            time: statement.time.as_deref(),
            source: SourceRow { file, line: statement.place.line },
        }
    }
}
