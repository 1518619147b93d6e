//! `downriver incident open`.

use crate::cli::desk;
use crate::cli::desk::Desk;
use crate::cli::desk::Who;
use crate::cli::exit::Exit;
use crate::cli::exit::Failure;
use crate::cli::how::How;
use crate::cli::incident::given::Files;
use crate::cli::incident::recorded;
use crate::cli::messages;
use crate::cli::output::text;
use crate::cli::repository::Form;
use crate::cli::repository::Repository;
use crate::cli::session;
use crate::incident::book::Book;
use crate::incident::book::By;
use crate::incident::journal::Entry;
use crate::incident::journal::body;
use crate::incident::journal::body::Body;
use crate::incident::journal::body::Question;
use crate::incident::journal::kept::Kept;
use crate::incident::standing::World;
use crate::incident::wish::Now;
use crate::incident::wish::Planned;
use crate::incident::wish::Refusal;
use crate::incident::wish::Wish;
use crate::incident::words;
use crate::incident::worklist;
use crate::model::moment::Moment;
use crate::text::Untrusted;
use clap::Args;

/// Open an incident, or let one ask for more
///
/// Who asks the same question as an incident that is open is told so, and nothing is recorded. Opened from an advisory, it
/// keeps a copy of that, and asks by its hazard, ranges and days; given a newer version of the same advisory, it asks that
/// too. What a version no longer means closes nothing: `incident show INC --advisory FILE` tells it.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  # one file, by its whole digest; known since three o'clock
  downriver incident open -r sboms sha256:<64 hex digits> \\
    --aware 2026-03-02T03:00:00Z --reason 'PSIRT-2026-014'
  # from an advisory, of which a copy is kept
  downriver incident open -r sboms --advisory poisongpt.yaml
  # a second name for the same bytes turned up
  downriver incident open -r sboms hf-mirror/gptj6b --into INC-1
  # its number, for a script
  downriver incident open -r sboms bert --format json | jq -r .incident")]
pub(super) struct Open {
    /// What is compromised, as `impact` takes it
    #[arg(value_name = "SELECTOR", required_unless_present = "files")]
    selectors: Vec<String>,

    #[command(flatten)]
    advisory: Files,

    /// Which advisory, where what is given holds several
    #[arg(long, value_name = "ID", requires = "files", help_heading = "Advisories")]
    id: Option<String>,

    #[command(flatten)]
    how: How,

    /// When it became known, from which clocks run; without it, now (RFC 3339)
    #[arg(long, value_name = "TIME", value_parser = desk::moment, conflicts_with = "into")]
    aware: Option<Moment>,

    /// Why, or where from: the advisory, the ticket
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,

    /// An open incident that is to ask this too, instead of a new one
    #[arg(long, value_name = "INCIDENT")]
    into: Option<String>,

    #[command(flatten)]
    who: Who,

    #[command(flatten)]
    repository: Repository,
}

/// What is to be asked, and from where.
struct Asking {
    question: Question,
    reason: Option<String>,
    kept: Option<Kept>,
}

impl Open {
    pub(super) fn run(self) -> Result<Exit, Failure> {
        if !self.advisory.files.is_empty() && (!self.selectors.is_empty() || self.how.says_more_than_hazard()) {
            let failure = Failure::new(Exit::Usage, "an advisory says itself what is compromised, in which scope and since when");
            return Err(failure.hint(Some("leave out selectors, `--scope`, `--since` and `--until`".to_owned())));
        }
        let asked = if self.advisory.files.is_empty() { Some(self.how.question(self.selectors.clone())?) } else { None };
        let mut desk = Desk::open(&self.repository, &self.who.which)?;
        let asking = if let Some(question) = asked {
            self.selected(&desk, question)?
        } else {
            let chosen = self.advisory.choose(&desk, self.id.as_deref(), self.how.hazard)?;
            let reason = self.reason.clone().or(Some(chosen.id));
            Asking { question: chosen.asks.question, reason, kept: Some(chosen.kept) }
        };
        let mut incident = String::new();
        let entries = desk.record(&self.who, |book, entries, world| {
            let (id, bodies) = self.plan(&asking, book, entries, world)?;
            incident = id;
            Ok(bodies)
        })?;
        if desk.session.form == Form::Json {
            return Ok(recorded(&desk, Some(&incident), &entries));
        }
        let book = desk.book();
        let answers = desk.with_world(|world| worklist::answers(&book, world));
        let answer = answers.iter().find(|answer| answer.case.id == incident);
        Ok(session::answer(Exit::Done, |out| {
            text::recorded::recorded(out, &desk.session.graph, desk.now, &entries)?;
            answer.map_or(Ok(()), |answer| text::incident::opened(out, answer, desk.session.paint))
        }))
    }

    /// A question by selectors, of which at least one matches.
    fn selected(&self, desk: &Desk, question: Question) -> Result<Asking, Failure> {
        let asked = question.marks(&desk.session.graph).map_err(|error| session::malformed(&error))?;
        let mut unmatched = asked.unmatched.iter().map(|written| desk.session.no_match(written)).collect::<Vec<_>>();
        if asked.marks.is_empty() && !unmatched.is_empty() {
            return Err(unmatched.swap_remove(0));
        }
        for failure in &unmatched {
            messages::fail(failure);
        }
        Ok(Asking { question, reason: self.reason.clone(), kept: None })
    }

    /// The incident, and what is to be recorded in it.
    fn plan(&self, asking: &Asking, book: &Book, entries: &[Entry], world: &World<'_>) -> Result<(String, Vec<Body>), Failure> {
        let Asking { question, reason, kept } = asking;
        if let Some(into) = &self.into {
            let case = desk::case(book, into)?;
            if !case.is_open() {
                let id = Untrusted::new(&case.id).show();
                return Err(Failure::new(Exit::Usage, format!("{id} is closed")).hint(Some("open a new one".to_owned())));
            }
            let has = |kept: &Kept| case.keeps(&kept.names).is_some_and(|(_, own)| own.says_the_same(kept));
            if let Some(same) = book.same(question, Some(into)).filter(|_| kept.as_ref().is_none_or(has)) {
                return Ok((same.id.clone(), asked_already(&same.id, &same.opened, world)));
            }
            let (question, reason, advisory) = (question.clone(), reason.clone(), kept.clone());
            let grow = body::Grow { incident: case.id.clone(), question, reason, advisory };
            return Ok((case.id.clone(), vec![Body::Grow(grow)]));
        }
        let wish = Wish::Open { question: question.clone(), reason: reason.clone(), advisory: kept.clone() };
        let refused = |refusal: Refusal| Failure::new(Exit::Usage, refusal.to_string());
        match wish.plan(&Now { book, entries, undone: &[], world }, &self.who.actor()?).map_err(refused)? {
            Planned::Same { incident, opened } => Ok((incident.clone(), asked_already(&incident, &opened, world))),
            Planned::Entries(mut bodies) => {
                let id = bodies.first().and_then(Body::incident).unwrap_or_default().to_owned();
                match bodies.first_mut() {
                    Some(Body::Open(open)) => open.aware = self.aware,
                    _ => messages::note(&format!(
                        "{} keeps an earlier version of this advisory: what this one adds is asked there",
                        Untrusted::new(&id).show()
                    )),
                }
                Ok((id, bodies))
            }
        }
    }
}

/// Tells that an incident asks just this already; nothing is recorded then.
fn asked_already(id: &str, opened: &By, world: &World<'_>) -> Vec<Body> {
    let (id, by) = (Untrusted::new(id).show(), words::by(opened, world.now));
    messages::note(&format!("{id} asks this already, opened by {by}; nothing was recorded"));
    Vec::new()
}
