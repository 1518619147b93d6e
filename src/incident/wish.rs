//! What a person wants recorded, and the entries that it comes to in a journal as it is then.
//!
//! Invariant: a wish is planned against the entries that are there once the journal is ours alone, so that the same question
//! asked twice is one incident, and nothing is taken back twice.

use crate::incident::act::Act;
use crate::incident::book::Book;
use crate::incident::book::By;
use crate::incident::book::Case;
use crate::incident::journal::Entry;
use crate::incident::journal::body;
use crate::incident::journal::body::Body;
use crate::incident::journal::body::Question;
use crate::incident::journal::kept::Kept;
use crate::incident::standing::World;
use crate::incident::words;
use crate::incident::words::shown;
use crate::incident::worklist;
use std::fmt;

/// What is to be recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Wish {
    /// A new incident; or an open one asks this too, where it keeps another version of the same advisory.
    Open { question: Question, reason: Option<String>, advisory: Option<Kept> },
    /// An open incident asks this too.
    Grow { incident: String, question: Question, reason: Option<String> },
    /// An entry counts no more.
    Undo { entry: u64, reason: Option<String> },
    /// Rows of an open incident are decided, or done: one entry each.
    Act { incident: String, rows: Vec<(String, Act)> },
    /// An entry about an incident that is open: a note, who leads, a ticket.
    Say(Body),
    /// An incident ends; what is open then is named in the entry.
    Close { incident: String, reason: Option<String> },
}

/// What a wish comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Planned {
    Entries(Vec<Body>),
    /// An open incident asks just this already.
    Same {
        incident: String,
        opened: By,
    },
}

/// The journal as it is once it is ours alone, and the world.
#[derive(Clone, Copy)]
pub(crate) struct Now<'a> {
    pub book: &'a Book,
    pub entries: &'a [Entry],
    /// As [`crate::incident::book::undone`] says.
    pub undone: &'a [Option<usize>],
    pub world: &'a World<'a>,
}

/// Why a wish comes to nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refusal {
    NoEntry(u64),
    TakenBack(u64),
    /// It is another person's, and no reason is given.
    NoReason {
        entry: u64,
        actor: String,
    },
    NoIncident(String),
    Closed(String),
    /// For a reason that is safe to print.
    Because(String),
}

impl Wish {
    /// What it says, where a new incident has this id; safe to print.
    pub(crate) fn words(&self, id: &str) -> String {
        match self {
            Self::Open { .. } | Self::Grow { .. } | Self::Undo { .. } | Self::Say(_) => {
                self.body(id).as_ref().map(words::body).unwrap_or_default()
            }
            Self::Act { incident, rows } => {
                let rows: Vec<String> = rows.iter().map(|(deployment, act)| act.words(deployment)).collect();
                format!("{} in {}", rows.join(", "), shown(incident))
            }
            Self::Close { incident, reason } => {
                let reason = reason.as_ref().map_or_else(String::new, |reason| format!(": {}", shown(reason)));
                format!("close {}{reason}", shown(incident))
            }
        }
    }

    /// Whether it can be kept as a draft, which widens what is shown.
    pub(crate) fn may_be_draft(&self) -> bool {
        matches!(self, Self::Open { .. } | Self::Grow { .. })
    }

    /// The body of its one entry, where a new incident has this id; `None` where that hangs on how rows stand.
    fn body(&self, id: &str) -> Option<Body> {
        Some(match self.clone() {
            Self::Open { question, reason, advisory } => {
                Body::Open(body::Open { incident: id.to_owned(), question, aware: None, reason, advisory })
            }
            Self::Grow { incident, question, reason } => Body::Grow(body::Grow { incident, question, reason, advisory: None }),
            Self::Undo { entry, reason } => Body::Undo(body::Undo { entry, reason }),
            Self::Say(body) => body,
            Self::Act { .. } | Self::Close { .. } => return None,
        })
    }

    /// The entries that it comes to.
    ///
    /// # Errors
    ///
    /// Why it comes to nothing.
    pub(crate) fn plan(&self, now: &Now<'_>, actor: &str) -> Result<Planned, Refusal> {
        let Now { book, entries, undone, .. } = *now;
        let same = |question: &Question, only: Option<&str>| {
            let case = book.same(question, only)?;
            Some(Planned::Same { incident: case.id.clone(), opened: case.opened.clone() })
        };
        let one = |id: &str| Planned::Entries(self.body(id).into_iter().collect());
        match self {
            Self::Open { question, reason, advisory } => {
                let kept = advisory.as_ref().and_then(|advisory| {
                    let case = book.keeps(&advisory.names)?;
                    Some((case, &case.keeps(&advisory.names)?.1, advisory))
                });
                let Some((case, kept, advisory)) = kept else {
                    return Ok(same(question, None).unwrap_or_else(|| one(&book.next_id())));
                };
                let known = same(question, Some(&case.id)).filter(|_| kept.says_the_same(advisory));
                let (incident, question, reason) = (case.id.clone(), question.clone(), reason.clone());
                let grow = body::Grow { incident, question, reason, advisory: Some(advisory.clone()) };
                Ok(known.unwrap_or_else(|| Planned::Entries(vec![Body::Grow(grow)])))
            }
            Self::Grow { incident, question, .. } => {
                let case = open(book, incident)?;
                Ok(same(question, Some(incident)).unwrap_or_else(|| one(&case.id)))
            }
            Self::Undo { entry, reason } => {
                let row = entries.iter().position(|known| known.seq == *entry);
                let (row, known) = row.and_then(|row| Some((row, entries.get(row)?))).ok_or(Refusal::NoEntry(*entry))?;
                if undone.get(row).copied().flatten().is_some() {
                    return Err(Refusal::TakenBack(*entry));
                }
                let given = reason.as_deref().is_some_and(|reason| !reason.trim().is_empty());
                if known.actor != actor && !given {
                    return Err(Refusal::NoReason { entry: *entry, actor: known.actor.clone() });
                }
                Ok(one(""))
            }
            Self::Say(body) => {
                open(book, body.incident().unwrap_or_default())?;
                Ok(one(""))
            }
            Self::Act { incident, rows } => {
                let case = open(book, incident)?;
                let answers = worklist::answers(book, now.world);
                let answer = answers.iter().find(|answer| answer.case.id == case.id);
                let body = |(deployment, act): &(String, Act)| {
                    let line = answer.and_then(|answer| answer.lines.iter().find(|line| line.deployment == *deployment));
                    let line = line.ok_or_else(|| format!("{} is not reached any more", shown(deployment)))?;
                    act.body(line, &case.id, now.world)
                };
                rows.iter().map(body).collect::<Result<Vec<Body>, String>>().map(Planned::Entries).map_err(Refusal::Because)
            }
            Self::Close { incident, reason } => {
                let case = open(book, incident)?;
                let left = worklist::left_open(book, &case.id, now.world);
                if !left.is_empty() && reason.as_deref().is_none_or(|reason| reason.trim().is_empty()) {
                    return Err(Refusal::Because("something is left open: say why".to_owned()));
                }
                let left = left.into_iter().map(|(name, state)| (name, state.word().to_owned())).collect();
                let close = body::Close { incident: case.id.clone(), open: left, reason: reason.clone() };
                Ok(Planned::Entries(vec![Body::Close(close)]))
            }
        }
    }
}

/// The incident of an id, if it is open.
fn open<'b>(book: &'b Book, incident: &str) -> Result<&'b Case, Refusal> {
    let case = book.case(incident).filter(|case| case.undone.is_none());
    let case = case.ok_or_else(|| Refusal::NoIncident(incident.to_owned()))?;
    if case.is_open() { Ok(case) } else { Err(Refusal::Closed(incident.to_owned())) }
}

/// The latest entry of a person that counts and is no undo.
pub(crate) fn latest<'a>(entries: &'a [Entry], undone: &[Option<usize>], actor: &str) -> Option<&'a Entry> {
    let counts = |row: usize| undone.get(row).copied().flatten().is_none();
    let own = |entry: &Entry| entry.actor == actor && !matches!(entry.body, Body::Undo(_));
    entries.iter().enumerate().rev().find(|(row, entry)| own(entry) && counts(*row)).map(|(_, entry)| entry)
}

/// The incident that an entry is about; an undo is about that of the entry it names.
pub(crate) fn about<'a>(entries: &'a [Entry], mut entry: &'a Entry) -> Option<&'a str> {
    while let Body::Undo(undo) = &entry.body {
        entry = entries.iter().take_while(|earlier| earlier.seq < entry.seq).find(|earlier| earlier.seq == undo.entry)?;
    }
    entry.body.incident()
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoEntry(seq) => write!(f, "no entry {seq}"),
            Self::TakenBack(seq) => write!(f, "entry {seq} was taken back already"),
            Self::NoReason { entry, actor } => write!(f, "entry {entry} is by {}", shown(actor)),
            Self::NoIncident(id) => write!(f, "no incident `{}`", shown(id)),
            Self::Closed(id) => write!(f, "{} is closed", shown(id)),
            Self::Because(why) => f.write_str(why),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::Graph;
    use crate::incident::book;
    use crate::incident::journal;
    use crate::incident::journal::Draft;
    use crate::incident::journal::Head;
    use crate::model::moment::Moment;
    use crate::query::select::Scope;

    fn question(selector: &str) -> Question {
        Question { selectors: vec![selector.to_owned()], hazard: None, scope: Scope::Digest, since: None, until: None }
    }

    fn open(selector: &str) -> Wish {
        Wish::Open { question: question(selector), reason: None, advisory: None }
    }

    /// Plans and, where that comes to an entry, adds it.
    fn add(entries: &mut Vec<Entry>, actor: &str, wish: &Wish) -> Result<Planned, Refusal> {
        let (book, undone) = (book::fold(entries, true), book::undone(entries, true));
        let graph = Graph::default();
        let world = World { graph: &graph, now: Moment::BEGIN, inventories: &[], digest: &|_| None };
        let planned = wish.plan(&Now { book: &book, entries, undone: &undone, world: &world }, actor)?;
        if let Planned::Entries(bodies) = &planned {
            let [body] = &bodies[..] else { panic!("one entry each") };
            let draft =
                Draft { time: Moment::BEGIN, actor: actor.to_owned(), body: body.clone(), repository: "sha256:0".to_owned() };
            let head = entries.last().map(|entry| Head { seq: entry.seq, hash: entry.hash });
            entries.push(journal::write(draft, head).unwrap().0);
        }
        Ok(planned)
    }

    #[test]
    fn the_same_question_twice_is_one_incident() {
        let mut entries = Vec::new();
        assert!(
            matches!(add(&mut entries, "a", &open("bert")), Ok(Planned::Entries(bodies)) if matches!(&bodies[0], Body::Open(open) if open.incident == "INC-1"))
        );
        let again = add(&mut entries, "b", &open("bert")).unwrap();
        assert!(matches!(again, Planned::Same { incident, opened } if incident == "INC-1" && opened.actor == "a"));
        let grow =
            |incident: &str, selector| Wish::Grow { incident: incident.to_owned(), question: question(selector), reason: None };
        assert!(matches!(add(&mut entries, "b", &grow("INC-1", "bert")), Ok(Planned::Same { .. })));
        assert!(matches!(add(&mut entries, "b", &grow("INC-1", "gpt")), Ok(Planned::Entries(_))));
        assert_eq!(add(&mut entries, "b", &grow("INC-7", "gpt")), Err(Refusal::NoIncident("INC-7".to_owned())));
        assert_eq!(entries.len(), 2);
    }

    #[test]
    fn an_entry_is_taken_back_once_and_another_persons_with_a_reason_only() {
        let mut entries = Vec::new();
        add(&mut entries, "a", &open("bert")).unwrap();
        let undo = |reason: Option<&str>| Wish::Undo { entry: 1, reason: reason.map(str::to_owned) };
        let refused = add(&mut entries, "b", &undo(Some(" ")));
        assert_eq!(refused, Err(Refusal::NoReason { entry: 1, actor: "a".to_owned() }));
        add(&mut entries, "b", &undo(Some("wrong model"))).unwrap();
        assert_eq!(add(&mut entries, "a", &undo(None)), Err(Refusal::TakenBack(1)));
        assert_eq!(about(&entries, &entries[1]), Some("INC-1"));
        assert_eq!(latest(&entries, &book::undone(&entries, true), "a"), None);
        assert_eq!(add(&mut entries, "a", &Wish::Undo { entry: 9, reason: None }), Err(Refusal::NoEntry(9)));
        add(&mut entries, "a", &Wish::Undo { entry: 2, reason: Some("it was right".to_owned()) }).unwrap();
        assert_eq!(latest(&entries, &book::undone(&entries, true), "a").map(|entry| entry.seq), Some(1));
    }
}
