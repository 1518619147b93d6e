//! `downriver incident act`: deciding about one deployment, or about all that a filter chooses.

mod action;
mod plan;

use crate::cli::desk;
use crate::cli::desk::Desk;
use crate::cli::desk::Who;
use crate::cli::exit::Exit;
use crate::cli::exit::Failure;
use crate::cli::incident::act::action::Options;
use crate::cli::incident::act::plan::Row;
use crate::cli::incident::recorded;
use crate::cli::output::json;
use crate::cli::output::text;
use crate::cli::repository::Form;
use crate::cli::repository::Repository;
use crate::cli::session;
use crate::graph::Graph;
use crate::incident::act::What;
use crate::incident::filter::Filter;
use crate::incident::journal::body::Body;
use crate::incident::worklist::Answer;
use crate::text::Untrusted;
use clap::Args;

/// Decide about a deployment in an incident, or report that it is done
///
/// These contain: `quarantine` (out of service), `rollback --to MODEL`, `retrain`, `upgrade [--to VERSION]`, `accept --reason
/// TEXT --until DAY`, `not-affected --justification WORD --evidence TEXT`. `ask --whom NAME --what TEXT` does not. `done`
/// says that what was decided is done, with `--share 12/40` in part. Where two decide about one deployment, both entries
/// stand and the later one counts.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  downriver incident act -r sboms INC-1 chat@production rollback \\
    --to chat-v2.2.1 --due 2026-03-02
  downriver incident act -r sboms INC-1 promo@staging accept \\
    --reason 'no customers' --until 2026-03-09
  downriver incident act -r sboms INC-1 notes@production ask \\
    --whom risk --what 'an SBOM of notes-b1'
  downriver incident act -r sboms INC-1 chat@production done --share 12/40
  # what it would do to several; `--yes` does it, one entry each
  downriver incident act -r sboms INC-1 \\
    --filter 'owner:edge state:affected' quarantine")]
pub(super) struct Act {
    /// Which: INC-1
    incident: String,

    /// A deployment (not with `--filter`), then what to do: quarantine, rollback, retrain, upgrade, accept, not-affected, ask,
    /// done
    #[arg(value_name = "DEPLOYMENT ACTION", required = true, num_args = 1..=2)]
    words: Vec<String>,

    /// All rows of which this holds, in place of one deployment
    ///
    /// PART:GLOB words, all of which must hold, `a,b` is either: owner, env, service, state, criticality, name. Without
    /// `state:`, rows that are open or not found out.
    #[arg(long, value_name = "FILTER")]
    filter: Option<String>,

    /// Do it, where a filter chooses; without it, it is only shown
    #[arg(long, requires = "filter")]
    yes: bool,

    #[command(flatten)]
    options: Options,

    #[command(flatten)]
    who: Who,

    #[command(flatten)]
    repository: Repository,
}

impl Act {
    pub(super) fn run(self) -> Result<Exit, Failure> {
        let (deployment, word) = match (&self.words[..], &self.filter) {
            ([deployment, word], None) => (Some(deployment), word),
            ([word], Some(_)) => (None, word),
            (_, Some(_)) => return Err(Failure::new(Exit::Usage, "with `--filter` no deployment is named besides")),
            (_, None) => return Err(Failure::new(Exit::Usage, "name a deployment and what to do, or give a `--filter`")),
        };
        let what = self.options.what(word)?;
        let filter = self.filter.as_deref().map(Filter::parse).transpose().map_err(|error| malformed(&error.to_string()))?;
        let mut desk = Desk::open(&self.repository, &self.who.which)?;
        let chosen = deployment.map(|written| desk.deployment(written)).transpose()?;
        let act = self.options.act(action::resolve(what, &desk)?);
        let mut incident = String::new();
        let choose = |answer: &Answer<'_>, graph: &Graph| plan::choose(answer, chosen, filter.as_ref(), graph);
        if filter.is_some() && !self.yes {
            let book = desk.book();
            incident.clone_from(&desk::case(&book, &self.incident)?.id);
            let rows = desk.with_world(|world| plan::plan(&book, &incident, world, &act, &choose))?;
            return Ok(shown(&desk, &incident, &act.what, &rows));
        }
        let entries = desk.record(&self.who, |book, _, world| {
            incident.clone_from(&desk::case(book, &self.incident)?.id);
            let rows = plan::plan(book, &incident, world, &act, &choose)?;
            let refused = rows.iter().filter_map(|row| row.body.as_ref().err());
            if let Some(why) = refused.into_iter().next().filter(|_| chosen.is_some()) {
                return Err(Failure::new(Exit::Usage, why.clone()));
            }
            plan::tell_refused(&rows);
            Ok(rows.into_iter().filter_map(|row| row.body.ok()).collect())
        })?;
        Ok(recorded(&desk, Some(&incident), &entries))
    }
}

/// Shows what would be recorded.
fn shown(desk: &Desk, incident: &str, what: &What, rows: &[Row]) -> Exit {
    session::answer(Exit::Done, |out| match desk.session.form {
        Form::Json => json::recorded::plan(out, &desk.session.graph, &desk.journal, incident, &rows_of(rows)),
        Form::Text => text::recorded::plan(out, &desk.session.graph, incident, what.word(), rows_of(rows)),
    })
}

/// Each deployment, with what would be recorded of it or why nothing.
fn rows_of(rows: &[Row]) -> impl Iterator<Item = (&str, Result<&Body, &str>)> + Clone {
    rows.iter().map(|row| (row.deployment.as_str(), row.body.as_ref().map_err(String::as_str)))
}

fn malformed(message: &str) -> Failure {
    let shown = Untrusted::new(message).show().into_string();
    Failure::new(Exit::Usage, shown).hint(Some("write it as 'owner:care env:prod* state:affected'".to_owned()))
}
