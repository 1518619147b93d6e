//! An entry of the journal as a sentence.
//!
//! Invariant: whatever a person wrote, or a journal claims, is escaped here.

use crate::incident::book::By;
use crate::incident::journal::Entry;
use crate::incident::journal::body::Action;
use crate::incident::journal::body::Body;
use crate::incident::journal::body::Question;
use crate::model::hazard::Hazard;
use crate::model::moment::Moment;
use crate::query::select::Scope;
use crate::text::Untrusted;
use crate::trust::Answer;

/// `oncall 03:14, journal #4`.
pub(crate) fn by(by: &By, now: Moment) -> String {
    let signed = signed(&by.signature).map_or_else(String::new, |signed| format!(" ({signed})"));
    format!("{}{signed} {}, journal #{}", shown(&by.actor), by.time.brief(now), by.seq)
}

/// `signed alice@example.org`, or what is wrong with the signature; nothing where there is none. Escaped.
pub(crate) fn signed(answer: &Answer) -> Option<String> {
    match answer {
        Answer::None => None,
        Answer::Good { principals, .. } => Some(format!("signed {principals}")),
        Answer::Bad(_) => Some("signature BAD".to_owned()),
        Answer::UnknownSigner(_) => Some("unknown signer".to_owned()),
        Answer::Expired(_) => Some("signature expired".to_owned()),
    }
}

/// What an entry says: `rollback chat@production to chat-v1 in INC-1`.
pub(crate) fn said(entry: &Entry) -> String {
    body(&entry.body)
}

/// What an entry of this body would say.
pub(crate) fn body(body: &Body) -> String {
    let incident = body.incident().map_or_else(String::new, |id| format!(" in {}", shown(id)));
    match body {
        Body::Open(open) => {
            let reason = open.reason.as_ref().map_or_else(String::new, |reason| format!(": {}", shown(reason)));
            format!("open {} {}{reason}", shown(&open.incident), question(&open.question))
        }
        Body::Grow(grow) => format!("{} also asks {}", shown(&grow.incident), question(&grow.question)),
        Body::Decide(decide) => {
            let (word, rest) = action(&decide.action);
            let due = decide.due.map_or_else(String::new, |due| format!(", due {due}"));
            let meanwhile = decide.meanwhile.as_ref();
            let meanwhile = meanwhile.map_or_else(String::new, |text| format!(", meanwhile {}", shown(text)));
            let note = decide.note.as_ref().map_or_else(String::new, |note| format!(" ({})", shown(note)));
            format!("{word} {}{rest}{due}{meanwhile}{note}{incident}", shown(&decide.deployment))
        }
        Body::Done(done) => {
            let share = done.share.map_or_else(String::new, |share| format!(" {} of {}", share.done, share.of));
            format!("done{share} {} (#{}){incident}", shown(&done.deployment), done.decision)
        }
        Body::Note(note) => {
            let report = note.report.as_ref().map_or_else(String::new, |report| format!(" report {}", shown(report)));
            let about = note.deployment.as_ref().map_or_else(String::new, |about| format!(" on {}", shown(about)));
            format!("note{report}{about}{incident}: {}", shown(&note.text))
        }
        Body::Assign(assign) => format!("assign {} to {}{incident}", shown(&assign.deployment), shown(&assign.owner)),
        Body::Take(take) => format!("take {}", shown(&take.incident)),
        Body::Link(link) => format!("link {} to {}{incident}", shown(&link.deployment), shown(&link.ticket)),
        Body::Undo(undo) => {
            let reason = undo.reason.as_ref().map_or_else(String::new, |reason| format!(": {}", shown(reason)));
            format!("undo #{}{reason}", undo.entry)
        }
        Body::Close(close) => {
            let open = if close.open.is_empty() { String::new() } else { format!(", {} left open", close.open.len()) };
            let reason = close.reason.as_ref().map_or_else(String::new, |reason| format!(": {}", shown(reason)));
            format!("close {}{open}{reason}", shown(&close.incident))
        }
        Body::Other { kind, payload } => format!("{}, of a kind this version does not know: {}", shown(kind), shown(payload)),
    }
}

/// The word for an action, and what belongs to it.
pub(crate) fn action(action: &Action) -> (&'static str, String) {
    let rest = match action {
        Action::Quarantine | Action::Retrain => String::new(),
        Action::Rollback { to } => format!(" to {}", shown(to)),
        Action::Upgrade { to } => to.as_ref().map_or_else(String::new, |to| format!(" to {}", shown(to))),
        Action::Accept { reason, ends } => format!(" until {ends}: {}", shown(reason)),
        Action::NotAffected { justification, evidence } => format!(" {}: {}", justification.word(), shown(evidence)),
        Action::Ask { whom, what } => format!(" {} for {}", shown(whom), shown(what)),
    };
    (action.word(), rest)
}

/// `poisoned bert, every version, since 2026-01-19`.
pub(crate) fn question(question: &Question) -> String {
    let hazard = question.hazard.map_or_else(String::new, |hazard: Hazard| format!("{hazard} "));
    let selectors: Vec<String> = question.selectors.iter().map(|selector| shown(selector)).collect();
    let scope = match question.scope {
        Scope::AsWritten => String::new(),
        scope => format!(", scope {}", scope.word()),
    };
    let since = question.since.map_or_else(String::new, |day| format!(", since {day}"));
    let until = question.until.map_or_else(String::new, |day| format!(", until {day}"));
    format!("{hazard}{}{scope}{since}{until}", selectors.join(" and "))
}

/// Escaped.
pub(crate) fn shown(text: &str) -> String {
    Untrusted::new(text).show().into_string()
}
