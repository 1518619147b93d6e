//! Advisories in `impact`: how old they are, and for each what it met, what not and why, and what could not be checked.
//!
//! Invariant: NO MATCH never stands without the list of what could not be checked, or that nothing was missing.

use crate::cli::advise::Advised;
use crate::cli::output::text::paint::Paint;
use crate::cli::output::text::pair;
use crate::graph::Graph;
use crate::model::advisory::Advisory;
use crate::model::advisory::VexStatus;
use crate::model::date::Day;
use crate::model::finding::Finding;
use crate::model::state::State;
use crate::query::advisory::Undetermined;
use crate::query::advisory::answer::Answer;
use crate::query::advisory::answer::Unchecked;
use crate::query::select::StartAt;
use crate::text;
use crate::text::Untrusted;
use std::io;
use std::io::Write;
use std::sync::Arc;

/// At most so many ages, rows of one kind, reasons and statements are listed before the rest is counted.
const LISTED: usize = 10;

/// At most so many products of a VEX statement are named.
const PRODUCTS: usize = 3;

/// At most so many advisories that met nothing and left nothing of their own open are named.
const NAMED: usize = 20;

/// How old the inventories and the advisories are.
pub(super) fn ages(out: &mut dyn Write, advised: &Advised) -> io::Result<()> {
    for (file, taken) in advised.inventories.iter().take(LISTED) {
        let file = Untrusted::new(file).show();
        match taken {
            Some(taken) => writeln!(out, "inventory taken {} ({file})", age(taken, advised.now))?,
            None => writeln!(out, "inventory of unknown age ({file} states no `taken`)")?,
        }
    }
    if advised.inventories.is_empty() {
        writeln!(out, "no inventory: deployments are those that SBOMs state")?;
    }
    let dated = |advisory: &Advisory| advisory.modified.as_deref().or(advisory.published.as_deref()).and_then(Day::parse);
    let days: Vec<Day> = advised.told.advisories().filter_map(dated).collect();
    let Some((oldest, newest)) = days.iter().min().zip(days.iter().max()) else { return Ok(()) };
    let (oldest, newest) = (ago(*oldest, advised.now), ago(*newest, advised.now));
    let from = if oldest == newest { newest } else { format!("from {oldest} to {newest}") };
    let n = advised.told.advisories().count();
    writeln!(
        out,
        "{}, last changed {from}",
        if n == 1 { "1 advisory".to_owned() } else { format!("{} advisories", text::thousands(n)) }
    )
}

/// A time as written, in days before today.
fn age(written: &str, now: Day) -> String {
    Day::parse(written).map_or_else(|| format!("at `{}`, which is no time", Untrusted::new(written).brief()), |day| ago(day, now))
}

fn ago(day: Day, now: Day) -> String {
    match now.number() - day.number() {
        0 => "today".to_owned(),
        days @ ..0 => format!("in {}, a day to come", text::count(usize::try_from(-days).unwrap_or(usize::MAX), "day")),
        days => format!("{} ago", text::count(usize::try_from(days).unwrap_or(usize::MAX), "day")),
    }
}

/// What each advisory came to.
pub(super) fn results(out: &mut dyn Write, graph: &Graph, advised: &Advised, paint: Paint) -> io::Result<()> {
    let not_read: Vec<_> = advised.told.not_read().collect();
    let n = advised.told.answers.len() + not_read.len();
    writeln!(out, "\n{} {}", paint.bold("ADVISORIES"), text::thousands(n))?;
    let mut results = Results { out, graph, advised, paint, lists: Vec::new() };
    let (matched, others): (Vec<&Answer>, Vec<&Answer>) = advised.told.answers.iter().partition(|answer| answer.matched);
    let (own, mut plain): (Vec<&Answer>, Vec<&Answer>) =
        others.into_iter().partition(|answer| !answer.undetermined.is_empty() || answer.withdrawn.is_some());
    plain.sort_by_key(|answer| !answer.asks);
    for answer in matched.into_iter().chain(own).chain(plain.iter().take(NAMED).copied()) {
        results.answer(answer)?;
    }
    if plain.len() > NAMED {
        let lists: Vec<Unchecked> = plain.iter().flat_map(|answer| answer.unchecked.iter().cloned()).collect();
        writeln!(results.out, "NO MATCH   {} more; JSON lists them", text::thousands(plain.len() - NAMED))?;
        results.not_checked(&lists)?;
    }
    for (file, findings) in not_read {
        results.not_read(file, findings)?;
    }
    results.unchecked()
}

struct Results<'a> {
    out: &'a mut dyn Write,
    graph: &'a Graph,
    advised: &'a Advised,
    paint: Paint,
    /// Lists of what could not be checked, by the letter that points at them: most advisories share one.
    lists: Vec<Unchecked>,
}

impl Results<'_> {
    fn answer(&mut self, answer: &Answer) -> io::Result<()> {
        let advised = self.advised;
        let id = Untrusted::new(advised.told.id(answer)).show();
        let n = answer.starts.iter().filter(|start| start.sure).count();
        let word = match answer.withdrawn {
            Some(_) => "WITHDRAWN".to_owned(),
            None if answer.matched => format!("MATCHED {n}"),
            None if self.advised.told.is_unread(answer) => "NOT READ".to_owned(),
            None => "NO MATCH".to_owned(),
        };
        let counts: Vec<String> = [State::Affected, State::Possible, State::Unknown]
            .map(|state| (state, answer.counts.of(state)))
            .into_iter()
            .filter(|(_, n)| *n > 0)
            .map(|(state, n)| self.paint.state(state, &format!("{} {state}", text::thousands(n))))
            .collect();
        let counts = counts.join(" ");
        pair(self.out, self.paint, &format!("{word:<10} {}", self.paint.bold(id.as_str())), &counts)?;
        for (number, advisory) in advised.told.members(answer) {
            self.member(number, advisory)?;
        }
        let aliases = advised.told.aliases(answer);
        if !aliases.is_empty() {
            let shown: Vec<String> =
                aliases.iter().take(LISTED).map(|alias| Untrusted::new(alias).show().into_string()).collect();
            let more = aliases.len().saturating_sub(LISTED);
            let more = if more > 0 { format!(", {more} more") } else { String::new() };
            writeln!(self.out, "    also       {}{more}", shown.join(", "))?;
        }
        if let Some(day) = answer.withdrawn {
            writeln!(self.out, "    withdrawn by its publisher on {day}: not asked")?;
        }
        self.met(answer)?;
        for one in answer.undetermined.iter().take(LISTED) {
            self.undetermined("UNDETERMINED", one)?;
        }
        self.more(answer.undetermined.len(), "undetermined")?;
        self.statements(answer)?;
        match answer.withdrawn {
            None if !answer.asks && answer.undetermined.is_empty() => {
                writeln!(self.out, "    calls nothing affected: nothing is asked")
            }
            None if !answer.is_open() => writeln!(self.out, "    nothing was missing"),
            Some(_) | None => self.not_checked(&answer.unchecked),
        }
    }

    fn not_checked(&mut self, lists: &[Unchecked]) -> io::Result<()> {
        let seen = self.see(lists);
        if seen.is_empty() { Ok(()) } else { writeln!(self.out, "    not checked: {}", seen.join(", ")) }
    }

    /// Where it stands, what it names, and what is said of reading it.
    fn member(&mut self, number: usize, advisory: &Advisory) -> io::Result<()> {
        let file = Untrusted::new(self.advised.told.file(number)).show();
        let left = format!("    {}", advisory.summary.as_deref().map_or_else(String::new, brief));
        pair(self.out, self.paint, left.trim_end(), &format!("{file}:{}", advisory.place.line))?;
        let names: Vec<String> =
            advisory.affected.iter().take(3).map(|pick| Untrusted::new(&pick.to_string()).brief().into_string()).collect();
        let more = advisory.affected.len().saturating_sub(3);
        let more = if more > 0 { format!(", {} more", text::thousands(more)) } else { String::new() };
        if !names.is_empty() {
            writeln!(self.out, "    names      {}{more}", names.join(", "))?;
        }
        let findings = self.advised.told.notes(number);
        for finding in findings.iter().take(LISTED) {
            let left = format!("    note       {}", finding.message);
            pair(self.out, self.paint, &left, &format!("{} ({})", Untrusted::new(&finding.address()).show(), finding.code))?;
        }
        self.more(findings.len(), "findings")
    }

    /// What it met, and what bears its names and is not meant.
    fn met(&mut self, answer: &Answer) -> io::Result<()> {
        let sure: Vec<_> = answer.starts.iter().filter(|start| start.sure).collect();
        for start in sure.iter().take(LISTED) {
            let name = match start.at {
                StartAt::Component(id) => self.graph.id(id),
                StartAt::Mention(id) => self.graph.text(self.graph.statements().get(id).name),
            };
            pair(self.out, self.paint, &format!("    matched    {}", name.show()), &format!("by {}", start.matched.word()))?;
        }
        self.more(sure.len(), "matched")?;
        for out in answer.ruled_out.iter().take(LISTED) {
            let left = format!("    ruled out  {}", self.graph.id(out.component).show());
            pair(self.out, self.paint, &left, &out.reason)?;
        }
        self.more(answer.ruled_out.len(), "ruled out")
    }

    fn undetermined(&mut self, word: &str, one: &Undetermined) -> io::Result<()> {
        let place = one.source.as_ref().map_or_else(String::new, |(file, line)| {
            let file = Untrusted::new(file).show();
            if *line > 0 { format!("{file}:{line}") } else { file.into_string() }
        });
        pair(self.out, self.paint, &format!("    {word}  {}", one.what), &place)?;
        writeln!(self.out, "      to settle: {}", one.settle)
    }

    /// VEX statements, with their author: they change no state.
    fn statements(&mut self, answer: &Answer) -> io::Result<()> {
        if !self.advised.show_vex {
            return Ok(());
        }
        let mut n = 0;
        for (number, advisory) in self.advised.told.members(answer) {
            let author = advisory.author.as_deref().map_or_else(|| "an unnamed author".to_owned(), brief);
            let told = self.advised.told.asked.get(number).map(|asked| asked.told.as_slice()).unwrap_or_default();
            for (row, statement) in advisory.statements.iter().enumerate() {
                n += 1;
                if n > LISTED {
                    continue;
                }
                let met = told.get(row).map_or(0, Vec::len);
                let changes = match statement.status {
                    VexStatus::Affected | VexStatus::UnderInvestigation => "asked",
                    VexStatus::NotAffected | VexStatus::Fixed => "not trusted, changes no state",
                };
                let left = format!("    VEX        {}, says {author}", statement.status.word());
                pair(self.out, self.paint, &left, changes)?;
                let reason = statement.justification.as_deref().or(statement.detail.as_deref());
                let reason = reason.map_or_else(|| "no reason given".to_owned(), brief);
                let here = if met == 0 { "names nothing here".to_owned() } else { format!("names {met} here") };
                let place = format!("{}:{}", Untrusted::new(self.advised.told.file(number)).show(), statement.place.line);
                pair(self.out, self.paint, &format!("               {reason}; {here}"), &place)?;
                for pick in statement.products.iter().take(PRODUCTS) {
                    writeln!(self.out, "               of {}", Untrusted::new(&pick.to_string()).brief())?;
                }
            }
        }
        self.more(n, "VEX statements")
    }

    fn not_read(&mut self, file: &str, findings: &[Finding]) -> io::Result<()> {
        let why = findings.iter().find(|finding| finding.is_unread()).or(findings.first());
        let place = why.and_then(|why| why.place).filter(|place| place.line > 0);
        let place = place.map_or_else(String::new, |place| format!(":{}:{}", place.line, place.column));
        let left = format!("{:<10} {}{place}", "NOT READ", Untrusted::new(file).show());
        pair(self.out, self.paint, &left, &why.map_or_else(String::new, |why| format!("{} ({})", why.message, why.code)))
    }

    /// The letters of some lists, which are told once, below.
    fn see(&mut self, lists: &[Unchecked]) -> Vec<String> {
        let mut letters: Vec<String> = Vec::new();
        for list in lists.iter().filter(|list| !list.0.is_empty()) {
            let known = self.lists.iter().position(|other| Arc::ptr_eq(other, list));
            let row = known.unwrap_or_else(|| {
                self.lists.push(Arc::clone(list));
                self.lists.len() - 1
            });
            let (letter, n) = (letter(row), text::thousands(list.0.len() + list.1));
            let seen = format!("the {n} of list {letter} below");
            if !letters.contains(&seen) {
                letters.push(seen);
            }
        }
        letters
    }

    /// What could not be checked, whatever the advisories mean.
    fn unchecked(&mut self) -> io::Result<()> {
        let lists = std::mem::take(&mut self.lists);
        for (row, list) in lists.iter().enumerate() {
            writeln!(self.out, "\n{} (list {})", self.paint.bold("NO MATCH IS NOT CLEAR: not checked"), letter(row))?;
            let (all, more) = &**list;
            for one in all.iter().take(2 * LISTED) {
                self.undetermined("", one)?;
            }
            let left = all.len().saturating_sub(2 * LISTED) + more;
            if left > 0 {
                writeln!(self.out, "    {} more; JSON lists further ones", text::thousands(left))?;
            }
        }
        Ok(())
    }

    fn more(&mut self, n: usize, what: &str) -> io::Result<()> {
        if n > LISTED { writeln!(self.out, "    {} more {what}", text::thousands(n - LISTED)) } else { Ok(()) }
    }
}

/// `A`, `B`, ...; after `Z` numbers.
fn letter(row: usize) -> String {
    u8::try_from(row).ok().filter(|row| *row < 26).map_or_else(|| row.to_string(), |row| char::from(b'A' + row).to_string())
}

/// The first line of a text, cut.
fn brief(written: &str) -> String {
    let line = written.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    let cut = line.char_indices().nth(60).and_then(|(at, _)| line.get(..at));
    cut.map_or_else(|| Untrusted::new(line).show().into_string(), |cut| format!("{}…", Untrusted::new(cut).show()))
}
