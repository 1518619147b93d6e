//! What could not be checked for an advisory, where, and what would settle it.

use crate::graph::Graph;
use crate::graph::Source;
use crate::graph::ids::ComponentId;
use crate::graph::select::Start;
use crate::graph::select::StartAt;
use crate::graph::statement::Statement;
use crate::model::advisory::Pick;
use crate::model::hazard::Hazard;
use crate::model::kind::Kind;
use crate::model::state::State;
use crate::query::holes;
use crate::query::holes::Hole;
use crate::query::holes::Missing;
use crate::query::impact;
use crate::query::impact::Mark;
use crate::query::impact::Window;
use crate::query::select::Match;
use crate::query::select::Selection;
use crate::text::Untrusted;

/// Something that could not be checked. Its texts may be printed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Undetermined {
    pub what: String,
    /// File, not escaped, and line (0: the file as a whole).
    pub source: Option<(String, u32)>,
    /// What would decide it.
    pub settle: String,
}

/// Why it is not sure that a pick means what it met.
pub(super) fn unsure(graph: &Graph, pick: &Pick, start: Start) -> Undetermined {
    let (name, source) = match start.at {
        StartAt::Component(id) => (graph.id(id), of_component(graph, id)),
        StartAt::Mention(id) => (graph.text(graph.statements().get(id).name), of_mention(graph, id)),
    };
    let name = name.show();
    let (why, settle) = why(graph, pick, start);
    let place = source.map(|source| (graph.file(source.document).as_key().to_owned(), source.line));
    let at = place.as_ref().map_or_else(String::new, |(file, line)| format!(" at {}:{line}", Untrusted::new(file).show()));
    Undetermined { what: format!("{name}, {why}"), source: place, settle: format!("{settle}{at}") }
}

fn why(graph: &Graph, pick: &Pick, start: Start) -> (String, String) {
    if let Some(doubt) = &pick.doubt {
        return (doubt.clone(), "a digest or purl in the advisory".to_owned());
    }
    let statements: Vec<Statement<'_>> = match start.at {
        StartAt::Component(id) => graph.statements_of(id).iter().map(|id| graph.statements().get(*id)).collect(),
        StartAt::Mention(id) => vec![graph.statements().get(id)],
    };
    if start.matched == Match::Digest || pick.digest.is_some() {
        return ("no digest to compare".to_owned(), "a digest".to_owned());
    }
    let stated = statements.iter().find_map(|s| graph.statements().version(s).or(s.revision.map(|id| graph.text(id).as_key())));
    let asks_version =
        !pick.versions.is_any() || pick.revision.is_some() || pick.purl.as_ref().is_some_and(|p| p.version.is_some());
    match stated {
        None if asks_version => ("no version".to_owned(), "a version".to_owned()),
        Some(version) if !pick.versions.git.is_empty() => (
            format!("where commit {} stands in the history is not known", Untrusted::new(version).show()),
            "a clone that has it, given with `--git`: the commit".to_owned(),
        ),
        Some(version) if asks_version => (
            format!("version {} cannot be compared", Untrusted::new(version).show()),
            "a version whose order is known".to_owned(),
        ),
        Some(_) | None => ("named alike, perhaps another one".to_owned(), "a digest or a full name".to_owned()),
    }
}

fn of_component(graph: &Graph, id: ComponentId) -> Option<Source> {
    graph.declared_in(id).next().or_else(|| graph.down(id).find_map(|link| graph.sources(link).next()))
}

fn of_mention(graph: &Graph, id: crate::graph::ids::StatementId) -> Option<Source> {
    let components = graph.meaning(id).0.iter().map(|target| target.component());
    let links = components.flat_map(|component| graph.links().stated_by(graph, component, id));
    links.flat_map(|link| graph.sources(link)).find(|source| source.statement == Some(id))
}

/// What is missing in the repository itself and could hide what an advisory means, whatever it means: files that were not
/// read, missing sections and missing documents upstream of what is not reached. At most `most`, and how many more.
pub(crate) fn unchecked(graph: &Graph, hazard: Hazard, kinds: &[Kind], most: usize) -> (Vec<Undetermined>, usize) {
    let mut all: Vec<Undetermined> = Vec::new();
    for finding in graph.findings().iter().filter(|finding| finding.is_unread()) {
        all.push(Undetermined {
            what: format!("file not read: {}", finding.message),
            source: Some((finding.file.clone(), finding.place.map_or(0, |place| place.line))),
            settle: finding.help.clone(),
        });
    }
    if !graph.complete() {
        all.push(Undetermined {
            what: "not everything was read: a limit on the whole repository was reached".to_owned(),
            source: None,
            settle: "give a part of the repository".to_owned(),
        });
    }
    let mark = Mark { selection: Selection::default(), hazard, window: Window::default(), kinds: kinds.to_vec() };
    let answer = impact::impact(graph, &[mark]);
    let open = [Kind::Model, Kind::Application, Kind::Deployment].into_iter().flat_map(|kind| graph.of_kind(kind));
    let open = open.filter(|id| {
        answer.state(*id) == State::Unknown && (graph.kind(*id) == Kind::Deployment || graph.component(*id).documented)
    });
    // A file that was not read is named above.
    let holes = holes::upstream_of(graph, open.collect(), hazard, kinds).into_iter().filter(|hole| hole.missing != Missing::File);
    all.extend(holes.map(|hole| of_hole(graph, &hole)));
    let more = all.len().saturating_sub(most);
    all.truncate(most);
    (all, more)
}

fn of_hole(graph: &Graph, hole: &Hole) -> Undetermined {
    let name = graph.id(hole.component).show();
    let (what, settle) = match hole.missing {
        Missing::Document => (format!("{name}: no document"), format!("an SBOM of {name}")),
        Missing::Base => (format!("{name}: no base model stated"), format!("the base model of {name}")),
        Missing::TrainingData => (format!("{name}: no training data stated"), format!("the training data of {name}")),
        Missing::Dependencies => (format!("{name}: no package section"), format!("the dependencies of {name}")),
        Missing::BuiltWith => {
            (format!("{name}: what it was built with is not stated"), format!("framework, system and code of {name}"))
        }
        Missing::File => (format!("{name}: a file was not read"), "the file".to_owned()),
    };
    let source = hole.source.map(|source| (graph.file(source.document).as_key().to_owned(), source.line));
    Undetermined { what, source, settle }
}
