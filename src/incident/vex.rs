//! What may be said of a deployment to others, as VEX has words for it.
//!
//! Invariant: `not_affected` and `fixed` come from a decision that stands, or an inventory that confirms one, and from nothing
//! else: a deployment that is merely not reached any more is still under investigation.

use crate::incident::journal::body::Action;
use crate::incident::standing::Stage;
use crate::incident::worklist::Line;
use crate::model::advisory::VexStatus;
use crate::model::state::State;

/// The status of one deployment in one incident.
pub(crate) fn status(line: &Line<'_>) -> VexStatus {
    let action = line.decision.filter(|_| line.stage.is_some_and(Stage::stands)).map(|decision| &decision.action);
    match (action, line.stage) {
        (Some(Action::NotAffected { .. }), _) if line.is_contained() => VexStatus::NotAffected,
        (Some(action), Some(Stage::Confirmed)) if action.is_seen_in_inventories() => VexStatus::Fixed,
        _ => match line.reached {
            Some(State::Affected | State::Possible | State::Contained) => VexStatus::Affected,
            Some(State::Unknown | State::Clear) | None => VexStatus::UnderInvestigation,
        },
    }
}
