//! The Detail pane: everything that is known of one component, each fact with its place.

use crate::app::cursor::Cursor;
use crate::app::line::FilePlace;
use crate::app::line::Line;
use crate::app::line::Tone;
use crate::app::line::wrap;
use crate::app::shown::Show;
use crate::app::snapshot::Snapshot;
use crate::app::verdict::Standing;
use crate::app::verdict::Verdict;
use crate::graph::Source;
use crate::graph::ids::ComponentId;
use crate::model::finding::Code;
use crate::model::finding::Severity;
use crate::model::hazard::Hazard;
use crate::model::kind::Evidence;
use crate::model::kind::Kind;
use crate::query;
use crate::text;
use crate::text::Untrusted;

/// A pane of text lines about something.
#[derive(Debug, Default)]
pub(crate) struct TextPane<S> {
    pub of: S,
    pub lines: Vec<Line>,
    pub cursor: Cursor,
    /// The row to go back to once the lines of a new graph are whole.
    pub(super) keep: Option<usize>,
    /// What the lines were made from: cells and epoch.
    pub(super) made: Option<(S, u16, u64)>,
}

/// What the lines are made of.
pub(super) struct Facts<'a> {
    pub data: &'a Snapshot,
    pub show: Show,
    /// How everything stands to the open incidents.
    pub verdict: Option<&'a Verdict>,
    /// What marking this component would reach; `None`: being computed.
    pub what_if: Option<&'a Verdict>,
    /// What its documents state; `None`: being read.
    pub stated: Option<&'a query::facts::Facts>,
    pub width: usize,
}

/// Lists shown in full up to so many lines.
const SHOWN: usize = 12;
/// Cells of the names on the left.
const NAME: usize = 9;

/// The lines about a component.
pub(super) fn lines(facts: &Facts<'_>, id: ComponentId) -> Vec<Line> {
    let mut lines = Vec::new();
    identity(facts, id, &mut lines);
    places(facts, id, &mut lines);
    findings(facts, id, &mut lines);
    reach(facts, id, &mut lines);
    fields(facts, &mut lines);
    lines
}

fn named(name: &str, value: impl Into<String>) -> Line {
    Line::of(format!("{name:<NAME$}")).plain(value)
}

fn identity(facts: &Facts<'_>, id: ComponentId, lines: &mut Vec<Line>) {
    let (graph, show) = (&facts.data.graph, facts.show);
    let component = graph.component(id);
    let name = show.raw(graph.text(component.name));
    let name = if name.is_empty() { show.label(graph, id) } else { name };
    lines.push(Line::new().add(name, Tone::Title).right(component.kind.word(), Tone::Plain));
    if let Some(verdict) = facts.verdict {
        let standing = verdict.standing(id);
        let depth = verdict.impact.depth(graph, id);
        let line = named("state", "").add(format!("{} {}", standing.symbol(), standing.word()), standing.tone());
        lines.push(match standing {
            Standing::State(state) if state.is_reached() => {
                line.plain(format!("  {} away (p why)", text::count(depth as usize, "link")))
            }
            Standing::State(_) => line.plain("  (p why)"),
            Standing::Marked => line,
        });
    }
    lines.push(named("id", show.raw(graph.id(id))));
    for digest in graph.digests(id).into_iter().take(3) {
        let (algorithm, hex) = (digest.algorithm().word(), digest.hex());
        lines.push(named("digest", short_digest(algorithm, &hex, facts.width.saturating_sub(NAME))));
    }
    let version = component.version.map(|version| format!("version {}", show.raw(graph.text(version))));
    let on_hub = graph.statements_of(id).iter().any(|statement| graph.statements().get(*statement).hub.is_some());
    let source = on_hub.then(|| "huggingface.co".to_owned());
    if source.is_some() || (version.is_some() && component.kind != Kind::Deployment) {
        let words: Vec<String> = source.into_iter().chain(version).collect();
        lines.push(named("source", words.join("  ")));
    }
    if let Some(purl) = graph.purl(id) {
        lines.push(named("purl", show.raw(graph.text(purl))));
    }
    if let Some(owner) = component.owner {
        lines.push(named("owner", show.raw(graph.text(owner))));
    }
    if let Some(info) = graph.deployment(id) {
        let words = [("environment", info.environment), ("critical", info.criticality)];
        for (name, value) in words {
            lines.extend(value.map(|value| Line::of(format!("{name:<12}")).plain(show.raw(graph.text(value)))));
        }
        if info.inventory_only {
            lines.push(Line::of("known from the inventory only: no SBOM states it"));
        }
    }
    let aliases = graph.aliases(id);
    for (alias, evidence) in aliases.iter().take(SHOWN) {
        let grade = format!("   {} {}", evidence.mark(), same(*evidence));
        lines.push(named("also as", show.raw(graph.text(*alias))).plain(grade));
    }
    if aliases.len() > SHOWN {
        lines.push(named("", format!("{} more names", aliases.len() - SHOWN)));
    }
}

/// `sha256:5f1c09a7be22…77d81e` where the whole does not fit.
pub(crate) fn short_digest(algorithm: &str, hex: &str, cells: usize) -> String {
    let whole = format!("{algorithm}:{hex}");
    if whole.len() <= cells {
        return whole;
    }
    let (head, tail) = (hex.get(..12), hex.len().checked_sub(6).and_then(|at| hex.get(at..)));
    match (head, tail) {
        (Some(head), Some(tail)) if hex.len() > 18 => format!("{algorithm}:{head}…{tail}"),
        _ => whole,
    }
}

fn same(evidence: Evidence) -> &'static str {
    match evidence {
        Evidence::Digest => "same digest",
        Evidence::Exact => "same identifier",
        Evidence::Name => "same name",
        Evidence::Clash => "other digest",
    }
}

fn place(facts: &Facts<'_>, source: Source) -> FilePlace {
    let file = facts.data.graph.file(source.document).as_key().to_owned();
    FilePlace { file, line: source.line }
}

fn places(facts: &Facts<'_>, id: ComponentId, lines: &mut Vec<Line>) {
    let (graph, show) = (&facts.data.graph, facts.show);
    let component = graph.component(id);
    let stated = graph.declared_in(id);
    let n_files = graph.documents_of(id).len();
    if facts.data.is_hole(id) || !graph.is_listed(id) {
        let source = graph.down(id).find_map(|link| graph.sources(link).next());
        let named_in = format!("none (external); named in {}", text::count(n_files, "file"));
        lines.push(named("document", named_in).at(source.map(|source| place(facts, source))));
    }
    let shown = if component.documented { 3 } else { 1 };
    for source in stated.clone().take(shown) {
        let word = if component.documented { "document" } else { "listed" };
        lines.push(named(word, "").add(show.source(graph, source), Tone::Dim).at(Some(place(facts, source))));
    }
    if stated.len() > shown && component.documented {
        lines.push(named("", format!("{} more, named in {}", stated.len() - shown, text::count(n_files, "file"))));
    }
}

fn findings(facts: &Facts<'_>, id: ComponentId, lines: &mut Vec<Line>) {
    let all: Vec<_> = facts.data.findings_of(id).collect();
    if all.is_empty() {
        return;
    }
    lines.push(Line::new());
    lines.push(Line::new().add(format!("FINDINGS {}", all.len()), Tone::Title));
    for finding in all.iter().take(SHOWN) {
        let tone = match finding.severity() {
            Severity::Error => Tone::Error,
            Severity::High | Severity::Medium => Tone::Warn,
            Severity::Low | Severity::Note => Tone::Plain,
        };
        let at = finding.place.map(|at| FilePlace { file: finding.file.clone(), line: at.line });
        let message = facts.show.safe(&finding.message);
        // Two digests under one name: neither is the other, whatever the name says.
        let message = if finding.code == Code::NameAndDigestDisagree { format!("!= {message}") } else { message };
        for (row, words) in wrap(&message, facts.width.saturating_sub(7).max(10)).into_iter().enumerate() {
            let line = if row == 0 { Line::new().add(finding.code.number(), tone).plain(" ") } else { Line::of("       ") };
            lines.push(line.plain(words).at(at.clone()));
        }
        if !finding.file.is_empty() {
            let address = facts.show.raw(text::Untrusted::new(&finding.address()));
            lines.push(Line::of("       ").add(address, Tone::Dim).at(at));
        }
    }
    if all.len() > SHOWN {
        lines.push(Line::of(format!("{} more (!)", all.len() - SHOWN)));
    }
}

fn reach(facts: &Facts<'_>, id: ComponentId, lines: &mut Vec<Line>) {
    let graph = &facts.data.graph;
    let kind = graph.kind(id);
    lines.push(Line::new());
    if kind != Kind::Deployment {
        let hazard = Hazard::default_for(kind).word().to_uppercase();
        lines.push(Line::new().add(format!("{:<17}confirmed  possible", format!("IF {hazard}")), Tone::Title));
        let counts = facts.what_if.map(|verdict| (verdict.models, verdict.deployments));
        let row = |name: &str, n: Option<(usize, usize)>| match n {
            Some((confirmed, possible)) => {
                Line::of(format!("{name:<17}{:>9}  {:>8}", text::thousands(confirmed), text::thousands(possible)))
            }
            None => Line::of(format!("{name:<17}{:>9}  {:>8}", "…", "…")),
        };
        lines.push(row("models", counts.map(|(m, _)| (m.affected + m.contained, m.possible))));
        lines.push(row("deployments", counts.map(|(_, d)| (d.affected + d.contained, d.possible))));
    }
    let up = graph.up(id).len();
    lines.push(Line::of(if graph.is_root(id) {
        "upstream: a declared root, nothing missing".to_owned()
    } else if facts.data.is_hole(id) {
        "upstream: no document, lineage ends here".to_owned()
    } else if up == 0 {
        "upstream: nothing is stated".to_owned()
    } else {
        format!("upstream: {}   (u)", text::count(up, "link"))
    }));
    let down = graph.down(id).len();
    if down > 0 {
        lines.push(Line::of(format!("downstream: {} (d)", text::count(down, "link"))));
    }
    for link in graph.up(id).take(SHOWN) {
        let ends = graph.link(link);
        let label = facts.show.label(graph, ends.upstream);
        let at = graph.sources(link).next().map(|source| place(facts, source));
        let line = Line::of(format!("  {} ", ends.evidence.mark())).plain(label);
        lines.push(line.right(ends.relation.word(), Tone::Plain).to(ends.upstream).at(at));
    }
}

fn fields(facts: &Facts<'_>, lines: &mut Vec<Line>) {
    let (graph, show) = (&facts.data.graph, facts.show);
    let Some(stated) = facts.stated.filter(|stated| !stated.all.is_empty()) else { return };
    lines.push(Line::new());
    lines.push(Line::new().add(format!("STATED {}", stated.all.len()), Tone::Title));
    for field in &stated.all {
        let (key, value) = (show.raw(Untrusted::new(&field.key)), show.raw(Untrusted::new(&field.value)));
        let at = Some(FilePlace { file: graph.file(field.document).as_key().to_owned(), line: field.line });
        if text::width(&key) + 2 + text::width(&value) <= facts.width {
            lines.push(Line::of(format!("{key}  {value}")).at(at));
            continue;
        }
        lines.push(Line::of(key).at(at.clone()));
        for words in wrap(&value, facts.width.saturating_sub(2).max(10)) {
            lines.push(Line::of("  ").plain(words).at(at.clone()));
        }
    }
    if stated.more {
        lines.push(Line::of("more documents mention it: not shown"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_keep_their_ends() {
        let hex = format!("5f1c09a7be22{}77d81e", "0".repeat(46));
        assert_eq!(short_digest("sha256", &hex, 36), "sha256:5f1c09a7be22…77d81e");
        assert_eq!(short_digest("sha256", &hex, 80).len(), 71);
    }
}
