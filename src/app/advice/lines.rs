//! What is told of the chosen advisory: what it names, what is ruled out and why, what VEX says, what could not be checked
//! and whose answers that leaves open, and what would settle it.

use crate::app::App;
use crate::app::advice::Row;
use crate::app::advice::Told;
use crate::app::line::FilePlace;
use crate::app::line::Line;
use crate::app::line::Tone;
use crate::app::line::wrap;
use crate::graph::Graph;
use crate::graph::ids::ComponentId;
use crate::model::advisory::Advisory;
use crate::model::advisory::Pick;
use crate::model::advisory::Statement;
use crate::model::advisory::VexStatus;
use crate::model::finding::Finding;
use crate::model::hazard::Hazard;
use crate::model::state::State;
use crate::query::advisory::Undetermined;
use crate::query::advisory::answer::Answer;
use crate::query::select::StartAt;
use crate::text;
use crate::text::Untrusted;
use std::collections::BTreeSet;

/// At most so many of one sort are listed before the rest is counted.
const LISTED: usize = 10;
/// At most so much of what could not be checked.
const OPEN: usize = 100;
/// Cells of the first column.
const WORD: usize = 14;

/// The result in a word: `MATCHED 1`, `NO MATCH`.
pub(crate) fn result(told: &Told, row: Row) -> String {
    let Some(answer) = told.answer(row) else { return "NOT READ".to_owned() };
    let n = answer.starts.iter().filter(|start| start.sure).count();
    match answer.withdrawn {
        Some(_) => "WITHDRAWN".to_owned(),
        None if answer.matched => format!("MATCHED {}", text::thousands(n)),
        None if told.advised.is_unread(answer) => "NOT READ".to_owned(),
        None => "NO MATCH".to_owned(),
    }
}

/// What a row is called, and what it names; both as they may be shown.
pub(crate) fn names(app: &App, told: &Told, row: Row) -> (String, String) {
    let raw = |text: &str| app.show.raw(Untrusted::new(text));
    match row {
        Row::NotRead(nth) => told.advised.read_file(nth).map_or_else(Default::default, |(file, findings)| {
            let why = findings.iter().find(|finding| finding.is_unread()).or(findings.first());
            (raw(last_part(file)), why.map_or_else(String::new, |why| app.show.safe(&why.message)))
        }),
        Row::Answer(_) => told.answer(row).map_or_else(Default::default, |answer| {
            let id = told.advised.id(answer);
            let first = answer.row.members.first().map_or("", |number| told.advised.file(*number));
            let name = if id.is_empty() { last_part(first) } else { id };
            (raw(name), picks(app, told, answer, 1, &short))
        }),
    }
}

/// What a search looks at.
pub(super) fn row_text(app: &App, told: &Told, row: Row) -> String {
    let (name, names) = names(app, told, row);
    let aliases = told.answer(row).map(|answer| told.advised.aliases(answer).join(" ")).unwrap_or_default();
    format!("{} {name} {names} {aliases}", result(told, row))
}

/// The title above the lines: what NO MATCH is worth.
pub(crate) fn title(told: &Told, row: Row) -> String {
    let Some(answer) = told.answer(row) else { return "NOT READ: it asks nothing".to_owned() };
    let n = n_open(answer);
    let open = match n {
        0 if !answer.asks => "calls nothing affected: nothing is asked".to_owned(),
        0 => "nothing was missing".to_owned(),
        n => format!("{} could not be checked", text::count(n, "thing")),
    };
    match (answer.withdrawn, answer.matched, n) {
        (Some(day), ..) => format!("withdrawn by its publisher on {day}: not asked"),
        (None, false, 1..) => format!("NO MATCH is not CLEAR: {open}"),
        (None, false, 0) => format!("NO MATCH: {open}"),
        (None, true, _) => open,
    }
}

/// How many things could not be checked; what several hazards miss counts once.
fn n_open(answer: &Answer) -> usize {
    let more = answer.unchecked.iter().map(|list| list.1).max().unwrap_or_default();
    open(answer).len() + more
}

fn open(answer: &Answer) -> Vec<&Undetermined> {
    let shared: BTreeSet<&Undetermined> = answer.unchecked.iter().flat_map(|list| &list.0).collect();
    answer.undetermined.iter().chain(shared).collect()
}

/// All lines about the row under the cursor.
pub(super) fn lines(app: &App, width: usize) -> Vec<Line> {
    let Some((told, row)) = app.advice.told.as_ref().zip(app.advice.row()) else { return Vec::new() };
    let mut lines = Lines { app, told, width, all: Vec::new() };
    match (row, told.answer(row)) {
        (Row::NotRead(nth), _) => lines.not_read(nth),
        (Row::Answer(_), Some(answer)) => lines.answer(answer),
        (Row::Answer(_), None) => {}
    }
    lines.all
}

struct Lines<'a> {
    app: &'a App,
    told: &'a Told,
    width: usize,
    all: Vec<Line>,
}

impl Lines<'_> {
    fn answer(&mut self, answer: &Answer) {
        let aliases: Vec<String> = self.told.advised.aliases(answer).into_iter().take(3).map(|alias| self.raw(alias)).collect();
        let hazard = hazard(self.told, answer).map(|hazard| format!("hazard {hazard}"));
        let parts = [aliases.join(" "), picks(self.app, self.told, answer, 3, &ToString::to_string), hazard.unwrap_or_default()];
        let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        self.wrapped("", &parts.join("  "), Tone::Title);
        for (number, advisory) in self.told.advised.members(answer).take(LISTED) {
            let summary = advisory.summary.as_deref().map(first_line).map(|summary| self.raw(summary));
            let place = format!("{}:{}", self.raw(last_part(self.told.advised.file(number))), advisory.place.line);
            self.all.push(Line::of(format!("{} ", summary.unwrap_or_default())).right(place, Tone::Dim));
        }
        self.met(answer);
        for (number, advisory) in self.told.advised.members(answer) {
            self.statements(number, advisory);
        }
        let notes: Vec<&Finding> = answer.row.members.iter().flat_map(|number| self.told.advised.notes(*number)).collect();
        for note in notes.iter().take(LISTED) {
            let message = format!("{} ({})", self.app.show.safe(&note.message), note.code);
            self.wrapped("note", &message, Tone::Plain);
        }
        self.open(answer);
    }

    /// What it met, and what bears its names and is not meant.
    fn met(&mut self, answer: &Answer) {
        let graph = &self.told.data.graph;
        let sure: Vec<_> = answer.starts.iter().filter(|start| start.sure).collect();
        for start in sure.iter().take(LISTED) {
            let name = match start.at {
                StartAt::Component(id) => graph.id(id),
                StartAt::Mention(id) => graph.text(graph.statements().get(id).name),
            };
            let line = head("matched").plain(self.app.show.raw(name)).right(format!("by {}", start.matched.word()), Tone::Dim);
            self.all.push(line);
        }
        self.more(sure.len(), LISTED);
        for (nth, out) in answer.ruled_out.iter().take(LISTED).enumerate() {
            let documents = n_documents(graph, out.component);
            let line = head(if nth == 0 { "ruled out" } else { "" }).plain(self.app.show.raw(graph.id(out.component)));
            let reason = format!("{}, {}", text::count(documents, "document"), self.app.show.safe(&out.reason));
            self.all.push(line.right(reason, Tone::Dim));
        }
        self.more(answer.ruled_out.len(), LISTED);
    }

    /// VEX statements, with their author: they change no state.
    fn statements(&mut self, number: usize, advisory: &Advisory) {
        let told = self.told.advised.asked.get(number).map(|asked| asked.told.as_slice()).unwrap_or_default();
        let author = advisory.author.as_deref().map(first_line);
        let author = author.map_or_else(|| "an unnamed author".to_owned(), |author| self.raw(author));
        for (row, statement) in advisory.statements.iter().take(LISTED).enumerate() {
            let trust = match statement.status {
                VexStatus::Affected | VexStatus::UnderInvestigation => "asked",
                VexStatus::NotAffected | VexStatus::Fixed => "not trusted",
            };
            let line = head("VEX").plain(format!("{}, says ", statement.status.word())).plain(author.clone());
            self.all.push(line.right(trust, Tone::Warn));
            let here = told.get(row).map_or(0, Vec::len);
            self.statement(statement, here);
        }
        self.more(advisory.statements.len(), LISTED);
    }

    fn statement(&mut self, statement: &Statement, here: usize) {
        let reason = statement.justification.as_deref().or(statement.detail.as_deref()).map(first_line);
        let reason = reason.map_or_else(|| "no reason given".to_owned(), |reason| self.raw(reason));
        let here = if here == 0 { "names nothing here".to_owned() } else { format!("names {here} here") };
        self.wrapped(" ", &format!("{reason}; {here}"), Tone::Plain);
    }

    /// What could not be checked, whose answers that leaves open, what settles it.
    fn open(&mut self, answer: &Answer) {
        let all = open(answer);
        if answer.withdrawn.is_some() {
            return;
        }
        if all.is_empty() {
            if answer.asks {
                self.all.push(Line::of("nothing was missing"));
            }
            return;
        }
        self.all.push(Line::new());
        for (nth, one) in all.iter().take(OPEN).enumerate() {
            let line = head(if nth == 0 { "UNDETERMINED" } else { "" }).plain(self.app.show.safe(&one.what));
            self.all.push(match &one.source {
                Some((file, line_number)) => {
                    let place = FilePlace { file: file.clone(), line: *line_number };
                    let at = if *line_number > 0 { format!(":{line_number}") } else { String::new() };
                    let shown = format!("{}{at}", self.raw(file));
                    // Among the findings of an advisory its own file may stand, which is none of the repository.
                    let own = answer.row.members.iter().any(|number| self.told.advised.file(*number) == file);
                    line.right(shown, Tone::Dim).at((!own).then_some(place))
                }
                None => line,
            });
        }
        self.more(n_open(answer), OPEN);
        self.whose();
        let mut known = BTreeSet::new();
        let settle = all.iter().take(OPEN).map(|one| one.settle.as_str()).filter(|settle| known.insert(*settle));
        let settle: Vec<&str> = settle.take(LISTED).collect();
        self.wrapped("to settle", &self.app.show.safe(&settle.join("; ")), Tone::Plain);
    }

    /// Deployments that are POSSIBLE or UNKNOWN to this advisory.
    fn whose(&mut self) {
        let Some(verdict) = self.app.advice.reach() else {
            self.all.push(head("so").plain("…"));
            return;
        };
        let mut first = true;
        for state in [State::Possible, State::Unknown] {
            let ids = verdict.ranked.iter().filter(|id| verdict.impact.state(**id) == state);
            let graph = &self.app.data.graph;
            let mut names: Vec<String> = ids.clone().take(LISTED).map(|id| self.app.show.label(graph, *id)).collect();
            let more = ids.count().saturating_sub(LISTED);
            names.extend((more > 0).then(|| format!("{} more", text::thousands(more))));
            if names.is_empty() {
                continue;
            }
            let words = format!("{} {:<9}", state.symbol(), state.word());
            let room = self.width.saturating_sub(WORD + words.len());
            for (nth, names) in wrap(&names.join(", "), room).into_iter().enumerate() {
                let start = head(if first && nth == 0 { "so" } else { "" });
                let start =
                    if nth == 0 { start.add(words.clone(), Tone::State(state)) } else { start.plain(" ".repeat(words.len())) };
                self.all.push(start.plain(names));
            }
            first = false;
        }
    }

    /// Why a file gave no advisory, with the lines around the place.
    fn not_read(&mut self, nth: usize) {
        let Some((file, findings)) = self.told.advised.read_file(nth) else { return };
        self.wrapped("", &self.raw(file), Tone::Title);
        for finding in findings.iter().take(LISTED) {
            let at = finding.place.filter(|place| place.line > 0);
            let at = at.map_or_else(String::new, |place| format!(" at {}:{}", place.line, place.column));
            self.wrapped("why", &format!("{} ({}){at}", self.app.show.safe(&finding.message), finding.code), Tone::Error);
            for (number, excerpt) in &finding.excerpt {
                self.all.push(Line::of(format!("{number:>4} | ")).plain(self.app.show.safe(excerpt)));
            }
            self.wrapped("expected", &self.app.show.safe(&finding.help), Tone::Plain);
        }
        self.more(findings.len(), LISTED);
    }

    fn raw(&self, text: &str) -> String {
        self.app.show.raw(Untrusted::new(text))
    }

    /// A word and a text after it, in as many lines as it takes; without a word from the first cell on.
    fn wrapped(&mut self, word: &str, words: &str, tone: Tone) {
        let room = if word.is_empty() { self.width } else { self.width.saturating_sub(WORD) };
        for (nth, words) in wrap(words, room).into_iter().enumerate() {
            let line = match (word.is_empty(), nth) {
                (true, _) => Line::new(),
                (false, 0) => head(word),
                (false, _) => head(""),
            };
            self.all.push(line.add(words, tone));
        }
    }

    fn more(&mut self, n: usize, shown: usize) {
        if n > shown {
            self.all.push(head("").plain(format!("{} more", text::thousands(n - shown))));
        }
    }
}

/// How many documents speak of a component.
fn n_documents(graph: &Graph, id: ComponentId) -> usize {
    let links = graph.down(id).chain(graph.up(id)).flat_map(|link| graph.sources(link));
    let all: BTreeSet<_> = links.chain(graph.declared_in(id)).map(|source| source.document).collect();
    all.len()
}

fn head(word: &str) -> Line {
    Line::of(format!("{word:<WORD$}"))
}

/// The hazard that an answer is asked under, where it is one.
fn hazard(told: &Told, answer: &Answer) -> Option<Hazard> {
    let mut all = answer.row.members.iter().filter_map(|number| told.advised.asked.get(*number)).flat_map(|asked| &asked.marks);
    let first = all.next()?.hazard;
    all.all(|mark| mark.hazard == first).then_some(first)
}

/// What the advisories of a row name, the first few.
fn picks(app: &App, told: &Told, answer: &Answer, shown: usize, written: &dyn Fn(&Pick) -> String) -> String {
    let all = || told.advised.members(answer).flat_map(|(_, advisory)| &advisory.affected);
    let names = all().take(shown).map(|pick| app.show.raw(Untrusted::new(&written(pick))));
    let names: Vec<String> = names.collect();
    let more = all().count().saturating_sub(shown);
    if more > 0 { format!("{}, {} more", names.join(", "), text::thousands(more)) } else { names.join(", ") }
}

/// `transformers<4.36.0`: a pick in few cells.
fn short(pick: &Pick) -> String {
    match (&pick.name, &pick.digest, &pick.purl, &pick.glob) {
        (Some(name), None, None, None) => format!("{name}{}", pick.versions),
        _ => pick.to_string(),
    }
}

fn last_part(file: &str) -> &str {
    file.trim_end_matches('/').rsplit('/').next().unwrap_or(file)
}

fn first_line(text: &str) -> &str {
    text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default()
}
