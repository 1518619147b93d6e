//! What would be recorded, row by row.

use crate::cli::exit::Exit;
use crate::cli::exit::Failure;
use crate::cli::messages;
use crate::graph::Graph;
use crate::graph::ids::ComponentId;
use crate::incident::act::Act;
use crate::incident::book::Book;
use crate::incident::filter::Filter;
use crate::incident::journal::body::Body;
use crate::incident::standing::World;
use crate::incident::worklist;
use crate::incident::worklist::Answer;
use crate::incident::worklist::Line;
use crate::text::Untrusted;

/// One row, and what would be recorded of it, or why nothing.
pub(super) struct Row {
    /// Printed id.
    pub deployment: String,
    /// The error is safe to print.
    pub body: Result<Body, String>,
}

/// Which lines of an incident are meant, by position.
pub(super) type Choose<'a> = &'a dyn Fn(&Answer<'_>, &Graph) -> Vec<usize>;

/// The lines that are meant: that of one deployment, or those that a filter chooses.
pub(super) fn choose(answer: &Answer<'_>, one: Option<ComponentId>, filter: Option<&Filter>, graph: &Graph) -> Vec<usize> {
    let chosen = |line: &Line<'_>| match (one, filter) {
        (Some(one), _) => line.component == Some(one),
        (None, Some(filter)) => {
            let meant = filter.names_a_state() || line.is_open() || line.is_to_find_out();
            meant && line.component.is_some() && filter.matches(graph, line)
        }
        (None, None) => false,
    };
    (0..answer.lines.len()).filter(|row| answer.lines.get(*row).is_some_and(chosen)).collect()
}

/// What would be recorded of each row that is meant.
pub(super) fn plan(book: &Book, incident: &str, world: &World<'_>, act: &Act, choose: Choose<'_>) -> Result<Vec<Row>, Failure> {
    let answers = worklist::answers(book, world);
    let Some(answer) = answers.iter().find(|answer| answer.case.id == incident) else { return Ok(Vec::new()) };
    let shown = Untrusted::new(incident).show();
    if !answer.case.is_open() {
        let failure = Failure::new(Exit::Usage, format!("{shown} is closed"));
        return Err(failure.hint(Some("take the closing back with `incident undo`".to_owned())));
    }
    let chosen = choose(answer, world.graph);
    if chosen.is_empty() {
        return Err(Failure::new(Exit::NoSuchReference, format!("{shown} has no such row: what is CLEAR needs no decision")));
    }
    let lines = chosen.into_iter().filter_map(|row| answer.lines.get(row));
    let row = |line: &Line<'_>| Row { deployment: line.deployment.clone(), body: act.body(line, incident, world) };
    Ok(lines.map(row).collect())
}

/// Names the rows of which nothing is recorded.
pub(super) fn tell_refused(rows: &[Row]) {
    for why in rows.iter().filter_map(|row| row.body.as_ref().err()) {
        messages::note(&format!("left as it is: {why}"));
    }
}
