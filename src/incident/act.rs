//! What a person decides about a row of a worklist, as the entry that it comes to.

use crate::incident::journal::body;
use crate::incident::journal::body::Action;
use crate::incident::journal::body::Body;
use crate::incident::journal::body::Share;
use crate::incident::standing;
use crate::incident::standing::World;
use crate::incident::words;
use crate::incident::words::shown;
use crate::incident::worklist::Line;
use crate::model::moment::End;
use crate::model::state::State;

/// A decision, or the word that one is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum What {
    Decide(Action),
    /// Done, or so much of a fleet.
    Done(Option<Share>),
}

/// What is to be recorded of one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Act {
    pub what: What,
    pub due: Option<End>,
    /// What serves until it is done.
    pub meanwhile: Option<String>,
    pub note: Option<String>,
}

impl What {
    /// The word for it.
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Self::Decide(action) => action.word(),
            Self::Done(_) => "done",
        }
    }
}

impl Act {
    /// The entry for a line of an incident.
    ///
    /// # Errors
    ///
    /// Why nothing can be recorded of it, safe to print.
    pub(crate) fn body(&self, line: &Line<'_>, incident: &str, world: &World<'_>) -> Result<Body, String> {
        let (incident, deployment) = (incident.to_owned(), line.deployment.clone());
        let name = shown(&line.deployment);
        match &self.what {
            What::Done(share) => {
                let decision = line.decision.filter(|decision| decision.action.is_work());
                let decision = decision.ok_or_else(|| format!("nothing was decided of {name} that could be done"))?;
                let (decision, share, note) = (decision.by.seq, *share, self.note.clone());
                Ok(Body::Done(body::Done { incident, deployment, decision, share, note }))
            }
            What::Decide(action) => {
                may(action, line.reached).map_err(|why| format!("{name} is {why}"))?;
                let component = line.component.ok_or_else(|| format!("{name} is not in the repository any more"))?;
                let basis = standing::basis(world, component);
                let Self { due, meanwhile, note, .. } = self.clone();
                Ok(Body::Decide(body::Decide { incident, deployment, action: action.clone(), due, meanwhile, note, basis }))
            }
        }
    }

    /// `rollback chat@production to chat-v1`.
    pub(crate) fn words(&self, deployment: &str) -> String {
        match &self.what {
            What::Decide(action) => {
                let (word, rest) = words::action(action);
                format!("{word} {}{rest}", shown(deployment))
            }
            What::Done(share) => {
                let share = share.map_or_else(String::new, |share| format!(" {} of {}", share.done, share.of));
                format!("done{share} {}", shown(deployment))
            }
        }
    }
}

/// Whether an action can be decided of a deployment that stands so; the error goes on from "it is".
pub(crate) fn may(action: &Action, reached: Option<State>) -> Result<(), &'static str> {
    match (action, reached) {
        (_, Some(State::Affected | State::Possible | State::Contained))
        | (Action::Ask { .. } | Action::Quarantine, Some(State::Unknown)) => Ok(()),
        (_, Some(State::Unknown)) => Err("UNKNOWN: `ask` for what is missing, or `quarantine` it meanwhile"),
        (_, Some(State::Clear) | None) => Err("not reached: there is nothing to decide"),
    }
}
