//! What a person typed, as marks: the components that it selects, each under the hazard that is meant.

use crate::graph::Graph;
use crate::graph::ids::ComponentId;
use crate::graph::selector::Selector;
use crate::graph::selector::SelectorError;
use crate::model::hazard::Hazard;
use crate::model::kind::Kind;
use crate::query::impact::Mark;
use crate::query::impact::Window;
use crate::query::select;
use crate::query::select::Scope;
use crate::query::select::Selection;
use crate::query::select::Start;
use crate::query::select::StartAt;

/// What `written` selects; nothing, where it matches nothing.
pub(crate) fn select(graph: &Graph, written: &str, scope: Scope) -> Result<Selection, SelectorError> {
    let read = Selector::parse(written);
    match printed(graph, written) {
        Some(component) if read.is_err() || written.trim() != written => Ok(select::select_component(graph, component, scope)),
        Some(_) | None => Ok(select::select(graph, &read?, scope)),
    }
}

/// The component whose printed id this is: an id is a selector even where it looks like a broken range or glob, or ends in a
/// blank.
pub(crate) fn printed(graph: &Graph, written: &str) -> Option<ComponentId> {
    let kind = written.split_once(':').and_then(|(kind, rest)| Some((Kind::parse(kind)?, rest)));
    let of_kind = kind.and_then(|(kind, rest)| graph.by_id(rest).filter(|id| graph.kind(*id) == kind));
    graph.by_id(written).or(of_kind)
}

/// A selection as marks: one for each hazard that the selected kinds have, where none is given.
pub(crate) fn marks(graph: &Graph, selection: &Selection, hazard: Option<Hazard>, window: Window) -> Vec<Mark> {
    let under = |kind: Kind| hazard.unwrap_or(Hazard::default_for(kind));
    let kind_of = |start: &Start| match start.at {
        StartAt::Component(id) => graph.kind(id),
        StartAt::Mention(id) => graph.statements().get(id).kind,
    };
    let mark = |hazard: Hazard| {
        let starts: Vec<Start> = selection.starts.iter().filter(|s| under(kind_of(s)) == hazard).copied().collect();
        let ruled_out = selection.ruled_out.iter().filter(|out| under(graph.kind(out.component)) == hazard).cloned().collect();
        (!starts.is_empty()).then_some(Mark { selection: Selection { starts, ruled_out }, hazard, window, kinds: Vec::new() })
    };
    Hazard::ALL.into_iter().filter_map(mark).collect()
}
