//! `downriver plan`: what to do about a compromise.

use crate::cli::desk;
use crate::cli::desk::Desk;
use crate::cli::desk::Which;
use crate::cli::exit::Exit;
use crate::cli::exit::Failure;
use crate::cli::how::How;
use crate::cli::messages;
use crate::cli::output::json;
use crate::cli::output::text;
use crate::cli::repository::Form;
use crate::cli::repository::Repository;
use crate::cli::session;
use crate::graph::Graph;
use crate::graph::select::Start;
use crate::graph::selector::Form as Selected;
use crate::graph::selector::Selector;
use crate::incident::book::Book;
use crate::incident::journal::body::Question as Asked;
use crate::load::again;
use crate::model::hazard::Hazard;
use crate::model::kind::Kind;
use crate::model::range::Range;
use crate::query::facts;
use crate::query::impact as reach;
use crate::query::impact::Mark;
use crate::query::plan;
use crate::query::typed;
use clap::Args;
use std::path::PathBuf;

/// Say what to do: what to replace, in which order to rebuild, where to roll back to, what to upgrade
///
/// REPLACE: the fewest of our models whose replacement clears every AFFECTED deployment, of several such sets the one nearest
/// to what is marked; never what is marked or has no document. REBUILD: wave by wave, what can be made anew at once. ROLL BACK:
/// for each AFFECTED deployment the nearest version that is CLEAR of everything that is open, approved, known by digest, and
/// ran there before. UPGRADE: the first version that is no longer meant, and every place that pins the bad one.
///
/// Nothing is written, and nothing is done. POSSIBLE deployments are not planned for: settle them first.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  # for an incident that is open
  downriver plan -r sboms INC-1
  # for a package, before anything is opened
  downriver plan -r sboms 'torch<2.2'
  # where each deployment can go back to, for a script
  downriver plan -r sboms INC-1 --format json |
    jq -r '.rollback[] | [.deployment, .to] | @tsv'")]
pub(super) struct Plan {
    /// An incident (INC-1), or what is compromised, as `impact` takes it; may be given several times
    #[arg(value_name = "INCIDENT|SELECTOR", required = true)]
    about: Vec<String>,

    #[command(flatten)]
    how: How,

    /// The journal, where it is not the repository's own
    #[arg(long, value_name = "PATH")]
    journal: Option<PathBuf>,

    #[command(flatten)]
    repository: Repository,
}

impl Plan {
    pub(super) fn run(self) -> Result<Exit, Failure> {
        let desk = Desk::open(&self.repository, &Which { journal: self.journal.clone(), now: None })?;
        let (book, graph) = (desk.book(), &desk.session.graph);
        let questions = self.questions(&book)?;
        let mut marks = Vec::new();
        for question in &questions {
            let asked = question.marks(graph).map_err(|error| session::malformed(&error))?;
            if let Some(written) = asked.unmatched.first() {
                return Err(desk.session.no_match(written));
            }
            marks.extend(asked.marks);
        }
        one_hazard(&marks)?;
        let mut open = marks.clone();
        for question in book.cases.iter().filter(|case| case.is_open()).flat_map(|case| &case.parts) {
            open.extend(question.1.marks(graph).unwrap_or_default().marks);
        }
        let (reached, open) = (reach::impact(graph, &marks), reach::impact(graph, &open));
        let ranges: Vec<(Vec<Start>, Range)> = questions.iter().flat_map(|question| ranges(graph, question)).collect();
        let read = |file: &str| again::documents(&desk.session.source, file);
        let facts = |id| facts::facts(graph, id, read);
        let question = plan::Question { graph, impact: &reached, open: &open, ranges: &ranges, facts: &facts };
        let plan = plan::plan(&question);
        let counts = reached.counts(graph, Kind::Deployment);
        let exit = desk.session.exit(counts.affected + counts.possible > 0);
        Ok(session::answer(exit, |out| match desk.session.form {
            Form::Json => json::plan::plan(out, graph, &plan),
            Form::Text => text::plan::plan(out, graph, &plan, counts, desk.session.paint),
        }))
    }

    /// What the incidents ask, and what was typed.
    fn questions(&self, book: &Book) -> Result<Vec<Asked>, Failure> {
        let mut questions = Vec::new();
        for about in &self.about {
            if about.starts_with("INC-") {
                questions.extend(desk::case(book, about)?.parts.iter().map(|(_, question)| question.clone()));
                continue;
            }
            questions.push(self.how.question(vec![about.clone()])?);
        }
        let incidents = self.about.iter().filter(|about| about.starts_with("INC-")).count();
        if self.how.is_given() && incidents == self.about.len() {
            messages::note(
                "an incident says itself how it is asked: `--hazard`, `--scope`, `--since` and `--until` change nothing",
            );
        }
        Ok(questions)
    }
}

/// Hazards never mix along a path, and so do not in one plan.
fn one_hazard(marks: &[Mark]) -> Result<(), Failure> {
    let mut hazards: Vec<Hazard> = marks.iter().map(|mark| mark.hazard).collect();
    hazards.sort_unstable();
    hazards.dedup();
    if hazards.len() < 2 {
        return Ok(());
    }
    let words: Vec<String> = hazards.iter().map(ToString::to_string).collect();
    let failure = Failure::new(Exit::Usage, format!("one plan is for one hazard; these are {}", words.join(" and ")));
    Err(failure.hint(Some("plan for each by itself, or say which with `--hazard`".to_owned())))
}

/// What a question selects by range, with the range.
fn ranges(graph: &Graph, question: &Asked) -> Vec<(Vec<Start>, Range)> {
    let of = |written: &String| {
        let Selected::Range { range, .. } = Selector::parse(written).ok()?.form else { return None };
        Some((typed::select(graph, written, question.scope).ok()?.starts, range))
    };
    question.selectors.iter().filter_map(of).collect()
}
