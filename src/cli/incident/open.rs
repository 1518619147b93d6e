//! `downriver incident open`.

use crate::cli::desk;
use crate::cli::desk::Desk;
use crate::cli::desk::Who;
use crate::cli::exit::Exit;
use crate::cli::exit::Failure;
use crate::cli::how::How;
use crate::cli::incident::recorded;
use crate::cli::messages;
use crate::cli::output::text;
use crate::cli::repository::Form;
use crate::cli::repository::Repository;
use crate::cli::session;
use crate::incident::journal::body;
use crate::incident::journal::body::Body;
use crate::incident::words;
use crate::incident::worklist;
use crate::model::moment::Moment;
use crate::text::Untrusted;
use clap::Args;

/// Open an incident, or let one ask for more
///
/// Who asks the same question as an incident that is open is told so, and nothing is recorded.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  # one file, by its whole digest; known since three o'clock
  downriver incident open -r sboms sha256:<64 hex digits> \\
    --aware 2026-03-02T03:00:00Z --reason 'PSIRT-2026-014'
  # a second name for the same bytes turned up
  downriver incident open -r sboms hf-mirror/gptj6b --into INC-1
  # its number, for a script
  downriver incident open -r sboms bert --format json | jq -r .incident")]
pub(super) struct Open {
    /// What is compromised, as `impact` takes it
    #[arg(value_name = "SELECTOR", required = true)]
    selectors: Vec<String>,

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

impl Open {
    pub(super) fn run(self) -> Result<Exit, Failure> {
        let question = self.how.question(self.selectors.clone())?;
        let mut desk = Desk::open(&self.repository, &self.who.which)?;
        let asked = question.marks(&desk.session.graph).map_err(|error| session::malformed(&error))?;
        let mut unmatched = asked.unmatched.iter().map(|written| desk.session.no_match(written)).collect::<Vec<_>>();
        if asked.marks.is_empty() && !unmatched.is_empty() {
            return Err(unmatched.swap_remove(0));
        }
        for failure in &unmatched {
            messages::fail(failure);
        }
        let mut incident = String::new();
        let entries = desk.record(&self.who, |book, _, world| {
            if let Some(case) = book.same(&question, self.into.as_deref()) {
                incident.clone_from(&case.id);
                let (id, by) = (Untrusted::new(&case.id).show(), words::by(&case.opened, world.now));
                messages::note(&format!("{id} asks this already, opened by {by}; nothing was recorded"));
                return Ok(Vec::new());
            }
            let reason = self.reason.clone();
            let Some(into) = &self.into else {
                incident = book.next_id();
                let open = body::Open { incident: incident.clone(), question, aware: self.aware, reason };
                return Ok(vec![Body::Open(open)]);
            };
            let case = desk::case(book, into)?;
            if !case.is_open() {
                let id = Untrusted::new(&case.id).show();
                return Err(Failure::new(Exit::Usage, format!("{id} is closed")).hint(Some("open a new one".to_owned())));
            }
            incident.clone_from(&case.id);
            Ok(vec![Body::Grow(body::Grow { incident: case.id.clone(), question, reason })])
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
}
