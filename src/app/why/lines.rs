//! The lines of the Why pane.

use crate::app::App;
use crate::app::line::FilePlace;
use crate::app::line::Line;
use crate::app::line::Tone;
use crate::app::line::wrap;
use crate::app::preview;
use crate::app::verdict::Standing;
use crate::app::verdict::Verdict;
use crate::app::why::WhyOf;
use crate::graph::Source;
use crate::graph::ids::ComponentId;
use crate::graph::ids::LinkId;
use crate::model::document;
use crate::model::kind::Evidence;
use crate::model::state::State;
use crate::query::holes::Hole;
use crate::query::holes::Missing;
use crate::query::impact::Step;
use crate::query::lineage;
use crate::text;

/// All lines about `of`.
pub(super) fn lines(app: &App, of: WhyOf, width: usize) -> Vec<Line> {
    match of {
        WhyOf::Nothing => {
            vec![Line::of("nothing is marked: m marks a component,"), Line::of("r shows what marking it would reach")]
        }
        WhyOf::Link(link) => of_link(app, link, width),
        WhyOf::Component { id, assumed } => match app.why_verdict() {
            Some(verdict) => of_component(app, verdict, id, assumed, width),
            None => vec![Line::of("…")],
        },
    }
}

fn of_component(app: &App, verdict: &Verdict, id: ComponentId, assumed: bool, width: usize) -> Vec<Line> {
    let label = app.show.label(&app.data.graph, id);
    let standing = verdict.standing(id);
    let is = if assumed { "would be" } else { "is" };
    let mut lines = vec![Line::of(label).plain(format!(" {is} ")).add(standing.word(), standing.tone())];
    match (standing, verdict.impact.state(id)) {
        (Standing::Marked, _) => lines.push(Line::of("it is itself what was marked").to(id)),
        (_, State::Affected | State::Possible | State::Contained) => path_lines(app, verdict, id, width, &mut lines),
        (_, State::Unknown) => hole_lines(app, verdict, id, width, &mut lines),
        (_, State::Clear) => {
            let n = n_documents(app, id);
            let words = format!("not reached; nothing missing in {}", text::count(n, "document"));
            lines.extend(wrap(&words, width).into_iter().map(|words| Line::of(words).to(id)));
            for out in verdict.impact.ruled_out().iter().filter(|out| out.component == id) {
                lines.push(Line::of(format!("ruled out: {}", app.show.safe(&preview::reason(&out.reason)))));
            }
        }
    }
    lines
}

/// Documents that tell what a component is made of, all the way up.
fn n_documents(app: &App, id: ComponentId) -> usize {
    let graph = &app.data.graph;
    let upstream = lineage::lineage(graph, id, true, false, None);
    let stated = upstream.nodes.keys().flat_map(|id| graph.declared_in(*id)).map(|source| source.document);
    stated.collect::<rustc_hash::FxHashSet<_>>().len()
}

fn path_lines(app: &App, verdict: &Verdict, id: ComponentId, width: usize, lines: &mut Vec<Line>) {
    let graph = &app.data.graph;
    let path = app.path_shown(id);
    let weak = path.iter().filter(|step| step.evidence.is_weak()).count();
    let n = match app.why.n_paths() {
        Some((n, more)) => format!("{}{}", text::count(n, "path"), if more { "+" } else { "" }),
        None => "…".to_owned(),
    };
    let rank = if app.why.nth == 0 { "best of" } else { "another of" };
    lines.push(Line::of(format!("{}, {weak} weak; {rank} {n}", text::count(path.len(), "link"))));
    lines.push(Line::new());
    for step in &path {
        let upstream = graph.link(step.link).upstream;
        lines.push(component_line(app, verdict, upstream, step.source));
        link_lines(app, step, lines);
    }
    let last = path.last().and_then(|step| step.source);
    lines.push(component_line(app, verdict, id, last));
    for step in path.iter().filter(|step| step.evidence.is_weak()) {
        lines.push(Line::new());
        for words in wrap(&settles(app, step), width) {
            lines.push(Line::of(words).at(step.source.map(|source| place(app, source))));
        }
    }
}

fn place(app: &App, source: Source) -> FilePlace {
    FilePlace { file: app.data.graph.file(source.document).as_key().to_owned(), line: source.line }
}

fn component_line(app: &App, verdict: &Verdict, id: ComponentId, source: Option<Source>) -> Line {
    let standing = verdict.standing(id);
    Line::new()
        .add(format!("{} ", standing.symbol()), standing.tone())
        .plain(app.show.label(&app.data.graph, id))
        .right(standing.word(), standing.tone())
        .to(id)
        .at(source.map(|source| place(app, source)))
}

fn link_lines(app: &App, step: &Step, lines: &mut Vec<Line>) {
    let (graph, show) = (&app.data.graph, app.show);
    let link = graph.link(step.link);
    let method = graph.method(step.link).map(|method| format!(", {}", show.raw(graph.text(method)))).unwrap_or_default();
    let at = step.source.map(|source| place(app, source));
    let what = format!("│ {} {}{method}", step.evidence.mark(), link.relation.word());
    lines.push(Line::of(what).right(reason(app, step), Tone::Plain).at(at.clone()));
    if let Some(source) = step.source {
        lines.push(Line::of("│    ").add(show.source(graph, source), Tone::Dim).at(at.clone()));
    }
    if step.evidence.is_weak()
        && let Some(said) = said(app, step)
    {
        lines.push(Line::of("│    ").plain(said).at(at));
    }
}

/// What joined the ends of a link.
fn reason(app: &App, step: &Step) -> String {
    let statement = step.source.and_then(|source| source.statement).map(|id| app.data.graph.statements().get(id));
    match step.evidence {
        Evidence::Digest if statement.is_some_and(|statement| statement.standing == document::Standing::Subject) => {
            "stated by its own file".to_owned()
        }
        Evidence::Digest => match statement.and_then(|statement| statement.digests.first()) {
            Some(digest) => {
                format!("same {}", app.data.graph.statements().digest_of(*digest).algorithm().word())
            }
            None => "stated by its own file".to_owned(),
        },
        Evidence::Exact if statement.is_some_and(|statement| statement.version.is_some()) => "name and version".to_owned(),
        Evidence::Exact => "identifier".to_owned(),
        Evidence::Name => "name only".to_owned(),
        Evidence::Clash => "digests differ".to_owned(),
    }
}

/// What the document wrote, where that is too little to be sure.
fn said(app: &App, step: &Step) -> Option<String> {
    let graph = &app.data.graph;
    let statement = graph.statements().get(step.source?.statement?);
    let name = app.show.raw(graph.text(statement.name));
    let lacks = match (step.evidence, statement.digests.is_empty()) {
        (Evidence::Clash, _) => "and another digest",
        (_, true) => "gives no digest",
        (_, false) => "and a digest of something else",
    };
    Some(format!("says \"{name}\", {lacks}"))
}

/// What would make a weak link a sure one, and who can do it.
fn settles(app: &App, step: &Step) -> String {
    let graph = &app.data.graph;
    let owner = graph.component(graph.link(step.link).downstream).owner;
    let owner = owner.map(|owner| format!(" ({})", app.show.raw(graph.text(owner)))).unwrap_or_default();
    let Some(source) = step.source else { return "to settle: a document that states this link".to_owned() };
    let name = source.statement.map(|id| app.show.raw(graph.text(graph.statements().get(id).name)));
    let name = name.map_or_else(|| "what is meant".to_owned(), |name| format!("\"{name}\""));
    format!("to settle: the digest of {name} in {}{owner}", app.show.source(graph, source))
}

fn hole_lines(app: &App, verdict: &Verdict, id: ComponentId, width: usize, lines: &mut Vec<Line>) {
    let graph = &app.data.graph;
    let holes = verdict.impact.holes(graph, id);
    if holes.is_empty() {
        let why = if graph.complete() { "its lineage may hide what is marked" } else { "not all files were read yet" };
        lines.push(Line::of(format!("not reached, but {why}")).to(id));
        return;
    }
    lines.push(Line::of(format!("not reached, but {} could hide it", text::count(holes.len(), "hole"))));
    for hole in holes {
        lines.push(Line::new());
        let (label, what) = (app.show.label(graph, hole.component), missing(&hole));
        let at = hole.source.map(|source| place(app, source));
        lines.push(Line::new().add("~ ", Tone::State(State::Unknown)).plain(label).to(hole.component).at(at.clone()));
        lines.push(Line::of(format!("  {what}")).at(at.clone()));
        let address = match (&hole.unread, hole.source) {
            (Some(unread), _) => Some(app.show.raw(text::Untrusted::new(unread))),
            (None, Some(source)) => Some(app.show.source(graph, source)),
            (None, None) => None,
        };
        lines.extend(address.map(|address| Line::of("  ").add(address, Tone::Dim).at(at)));
        let owner = preview::owner(graph, hole.component);
        let asked = if owner == preview::NO_OWNER { preview::owner(graph, id) } else { owner };
        for words in wrap(&format!("to settle: {} from {}", wanted(hole.missing), app.show.safe(&asked)), width.saturating_sub(2))
        {
            lines.push(Line::of(format!("  {words}")));
        }
    }
}

fn missing(hole: &Hole) -> &'static str {
    match hole.missing {
        Missing::Document => "has no document of its own",
        Missing::Base => "does not say what its base model is",
        Missing::TrainingData => "does not say what it was trained on",
        Missing::Dependencies => "does not list its packages",
        Missing::BuiltWith => "does not say what it was built with",
        Missing::File => "is known from the inventory; its file was not read",
    }
}

fn wanted(missing: Missing) -> &'static str {
    match missing {
        Missing::Document => "a document",
        Missing::Base => "its base model",
        Missing::TrainingData => "its training data",
        Missing::Dependencies => "its packages",
        Missing::BuiltWith => "its framework, system and code",
        Missing::File => "a file that can be read",
    }
}

/// All places that state a link.
fn of_link(app: &App, id: LinkId, width: usize) -> Vec<Line> {
    let (graph, show) = (&app.data.graph, app.show);
    let link = graph.link(id);
    let method = graph.method(id).map(|method| format!(", {}", show.raw(graph.text(method)))).unwrap_or_default();
    let sources = graph.sources(id);
    let first = sources.clone().next();
    let step = Step { link: id, evidence: link.evidence, source: first, mention: None };
    let at = first.map(|source| place(app, source));
    let mut lines = vec![
        Line::of(format!("stated in {}", text::count(sources.len(), "place"))),
        Line::new(),
        Line::of("  ").plain(show.label(graph, link.upstream)).to(link.upstream).at(at.clone()),
        Line::of(format!("│ {} {}{method}", link.evidence.mark(), link.relation.word()))
            .right(reason(app, &step), Tone::Plain)
            .at(at.clone()),
    ];
    for source in sources {
        let grade = source.evidence.mark();
        let line = Line::of(format!("│ {grade} ")).add(show.source(graph, source), Tone::Dim);
        lines.push(line.at(Some(place(app, source))));
    }
    lines.push(Line::of("  ").plain(show.label(graph, link.downstream)).to(link.downstream).at(at.clone()));
    if link.evidence.is_weak() {
        lines.push(Line::new());
        lines.extend(wrap(&settles(app, &step), width).into_iter().map(|words| Line::of(words).at(at.clone())));
    }
    lines
}
