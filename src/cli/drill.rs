//! `downriver drill`: a fire drill. Does the answer come in time, and is it the right one?

use crate::cli::desk::Which;
use crate::cli::exit::Exit;
use crate::cli::exit::Failure;
use crate::cli::output::json;
use crate::cli::output::junit;
use crate::cli::output::text;
use crate::cli::repository::Cache;
use crate::cli::repository::Form;
use crate::cli::repository::Repository;
use crate::cli::repository::When;
use crate::cli::session;
use crate::cli::session::Session;
use crate::graph::Graph;
use crate::graph::ids::ComponentId;
use crate::model::hazard::Hazard;
use crate::model::kind::Kind;
use crate::query::drill;
use crate::store::drills;
use crate::text::Untrusted;
use clap::Args;
use clap::ValueEnum;
use serde::Deserialize;
use serde_json::json;
use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::env;
use std::fs::File;
use std::io;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;
use std::process::Stdio;
use std::time::Duration;
use std::time::Instant;

/// Practise an incident: draw components, ask about each from an advisory on disk, and hold time and answer against what
/// was promised
///
/// Each round writes an advisory about a component that reaches a deployment, starts this program anew without a cache, and
/// stops the clock when the answer is written. Late is a round that takes longer than `response: {answer: ...}` of the top
/// downriver.yaml. Wrong is one whose deployments are not those of `--expect`. Drills have a log of their own, in your own
/// state folder; no incident is opened.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  # fifty questions, the same ones each time
  downriver drill -r sboms --rounds 50
  # keep the answers, and hold later ones against them
  downriver drill -r sboms --rounds 50 --format json > expected.json
  downriver drill -r sboms --rounds 50 --expect expected.json
  # as a check in a pipeline
  downriver drill -r sboms --format junit > drill.xml")]
pub(super) struct Drill {
    /// How many questions
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    rounds: u32,

    /// Which questions: the same number draws the same ones
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,

    /// The answer of an earlier drill (JSON): its components are asked about, and deployments that are missing or new are named
    #[arg(long, value_name = "FILE")]
    expect: Option<PathBuf>,

    /// Form of the answer
    #[arg(long, value_name = "FORM", value_enum, default_value = "text")]
    format: Output,

    /// Folder with SBOMs, or one SBOM file; may be given several times
    #[arg(short = 'r', long = "repo", value_name = "PATH")]
    repo: Vec<PathBuf>,

    #[command(flatten)]
    cache: Cache,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Output {
    /// For people, at 80 columns
    Text,
    /// For programs; its schema is in assets/schemas
    Json,
    /// For a pipeline: one test case a round
    Junit,
}

/// A finished drill.
#[derive(Debug)]
pub(super) struct Drilled {
    pub seed: u64,
    /// The longest that an answer may take.
    pub promised: Option<Duration>,
    /// Answers were held against expected ones.
    pub is_checked: bool,
    pub rounds: Vec<Round>,
}

/// One question and its answer.
#[derive(Debug)]
pub(super) struct Round {
    /// Printed id, not escaped.
    pub component: String,
    pub kind: Kind,
    /// From the advisory on disk to the answer on disk.
    pub took: Duration,
    pub is_late: bool,
    /// Deployments AFFECTED and POSSIBLE, each with its state.
    pub deployments: BTreeMap<String, String>,
    /// Expected, and not found.
    pub missed: Vec<String>,
    /// Found, and not expected.
    pub extra: Vec<String>,
}

impl Round {
    /// Whether it is neither late nor wrong.
    pub(super) fn passes(&self) -> bool {
        !self.is_late && !self.is_wrong()
    }

    /// Whether other deployments were found than expected.
    pub(super) fn is_wrong(&self) -> bool {
        !self.missed.is_empty() || !self.extra.is_empty()
    }
}

impl Drilled {
    /// The middle of all times; the longer one of two.
    pub(super) fn median(&self) -> Duration {
        let mut all: Vec<Duration> = self.rounds.iter().map(|round| round.took).collect();
        all.sort_unstable();
        all.get(all.len() / 2).copied().unwrap_or_default()
    }

    /// The longest time.
    pub(super) fn worst(&self) -> Duration {
        self.rounds.iter().map(|round| round.took).max().unwrap_or_default()
    }
}

/// What a round should find: part of the answer of an earlier drill.
#[derive(Debug, Deserialize)]
struct Expected {
    rounds: Vec<ExpectedRound>,
}

#[derive(Debug, Deserialize)]
struct ExpectedRound {
    component: String,
    deployments: BTreeMap<String, String>,
}

/// What `impact --format json` answers, as far as a drill reads it.
#[derive(Debug, Deserialize)]
struct Answer {
    deployments: Vec<Reached>,
}

#[derive(Debug, Deserialize)]
struct Reached {
    id: String,
    state: String,
}

impl Drill {
    pub(super) fn run(self) -> Result<Exit, Failure> {
        let expected = self.expect.as_deref().map(expected).transpose()?;
        let repository = Repository {
            repo: self.repo.clone(),
            format: Form::Text,
            color: When::Auto,
            cache: Cache { no_cache: self.cache.no_cache },
        };
        let session = Session::open(&repository)?;
        let graph = &session.graph;
        let promised = graph.settings().response.answer.and_then(|seconds| u64::try_from(seconds).ok()).map(Duration::from_secs);
        let wanted = usize::try_from(self.rounds).unwrap_or(usize::MAX);
        let questions: Vec<(String, Option<&BTreeMap<String, String>>)> = match &expected {
            None => {
                drill::draw(graph, self.seed, wanted).into_iter().map(|id| (graph.id(id).as_key().to_owned(), None)).collect()
            }
            Some(expected) => {
                let rounds = expected.rounds.iter().take(wanted);
                rounds.map(|round| (round.component.clone(), Some(&round.deployments))).collect()
            }
        };
        if questions.is_empty() {
            let failure = Failure::new(session.exit(false), "no component reaches a deployment: there is nothing to practise");
            return Err(failure);
        }
        let folder = tempfile::Builder::new().prefix("downriver-drill-").tempdir().map_err(|error| cannot(&error))?;
        let mut drilled = Drilled { seed: self.seed, promised, is_checked: expected.is_some(), rounds: Vec::new() };
        for (component, expected) in questions {
            drilled.rounds.push(self.round(graph, folder.path(), &component, expected, promised)?);
        }
        if let Err(error) = drills::keep(env::var_os("DOWNRIVER_STATE"), &log_line(&drilled, &self.repo)) {
            crate::cli::messages::note(&format!("this drill is not in the log: {error}"));
        }
        let exit = if drilled.rounds.iter().all(Round::passes) { session.exit(false) } else { Exit::Findings };
        Ok(session::answer(exit, |out| match self.format {
            Output::Text => text::drill::drill(out, &drilled, session.paint),
            Output::Json => json::drill::drill(out, graph, &drilled),
            Output::Junit => junit::drill(out, &drilled),
        }))
    }

    /// Asks one question as an incident would, and waits for the answer.
    fn round(
        &self,
        graph: &Graph,
        folder: &Path,
        component: &str,
        expected: Option<&BTreeMap<String, String>>,
        promised: Option<Duration>,
    ) -> Result<Round, Failure> {
        let Some(id) = graph.by_id(component) else {
            // What was expected of a component that is gone is missed.
            let missed = expected.into_iter().flatten().map(|(deployment, _)| deployment.clone()).collect();
            let (took, is_late) = (Duration::ZERO, false);
            let (component, kind, deployments) = (component.to_owned(), Kind::Model, BTreeMap::new());
            return Ok(Round { component, kind, took, is_late, deployments, missed, extra: Vec::new() });
        };
        let (advisory, answer) = (folder.join("advisory.json"), folder.join("answer.json"));
        std::fs::write(&advisory, advisory_about(graph, id).to_string()).map_err(|error| cannot(&error))?;
        let begun = Instant::now();
        let mut child = Command::new(env::current_exe().map_err(|error| cannot(&error))?);
        child.args(["impact", "--format", "json", "--no-cache", "--advisory"]).arg(&advisory);
        for path in &self.repo {
            child.arg("-r").arg(path);
        }
        let out = File::create(&answer).map_err(|error| cannot(&error))?;
        let status = child.stdin(Stdio::null()).stderr(Stdio::null()).stdout(out).status().map_err(|error| cannot(&error))?;
        let took = begun.elapsed();
        if !matches!(status.code(), Some(0 | 1 | 3)) {
            let about = Untrusted::new(component).show().into_string();
            return Err(Failure::new(Exit::Bug, format!("the question about {about} was not answered: {status}")));
        }
        let written = std::fs::read_to_string(&answer).map_err(|error| cannot(&error))?;
        let read: Answer = serde_json::from_str(&written).map_err(|error| cannot(&io::Error::other(error)))?;
        let deployments: BTreeMap<String, String> = read.deployments.into_iter().map(|row| (row.id, row.state)).collect();
        let (missed, extra) = match expected {
            None => (Vec::new(), Vec::new()),
            Some(expected) => (differ(expected, &deployments), differ(&deployments, expected)),
        };
        let is_late = promised.is_some_and(|promised| took > promised);
        Ok(Round { component: component.to_owned(), kind: graph.kind(id), took, is_late, deployments, missed, extra })
    }
}

/// What stands in one answer and not, or with another state, in the other one.
fn differ(one: &BTreeMap<String, String>, other: &BTreeMap<String, String>) -> Vec<String> {
    one.iter().filter(|(id, state)| other.get(*id) != Some(*state)).map(|(id, state)| format!("{id} {state}")).collect()
}

/// An `ml_advisory` about one component, by the most telling thing that is known of it.
fn advisory_about(graph: &Graph, id: ComponentId) -> serde_json::Value {
    let component = graph.component(id);
    let kind = component.kind;
    let text = |id| graph.text(id).as_key();
    let is_package = matches!(kind, Kind::Package | Kind::System);
    let mut selector = json!({"kind": kind.word()});
    let digests = graph.digests(id);
    let words: Vec<(&str, String)> = match (digests.first(), graph.purl(id)) {
        (Some(digest), _) if !is_package => vec![("digest", digest.to_string())],
        (_, Some(purl)) => vec![("purl", text(purl).to_owned())],
        _ => {
            let version = component.version.map(|version| ("versions", text(version).to_owned()));
            std::iter::once(("name", text(component.name).to_owned())).chain(version).collect()
        }
    };
    for (key, value) in words {
        selector[key] = json!(value);
    }
    json!({"ml_advisory": {
        "id": "DRILL",
        "summary": "a fire drill, not an incident",
        "hazard": Hazard::default_for(kind).word(),
        "affected": [selector],
    }})
}

fn expected(path: &Path) -> Result<Expected, Failure> {
    let shown = || Untrusted::new(&path.to_string_lossy()).show().into_string();
    let text = std::fs::read_to_string(path).map_err(|error| {
        Failure::new(Exit::Usage, format!("{}: {error}", shown()))
            .hint(Some("give the JSON answer of an earlier drill".to_owned()))
    })?;
    serde_json::from_str(&text).map_err(|error| {
        let message = format!("{}:{}:{}: not the answer of a drill: {error}", shown(), error.line(), error.column());
        Failure::new(Exit::Usage, message).hint(Some("write one with `downriver drill --format json`".to_owned()))
    })
}

fn cannot(error: &io::Error) -> Failure {
    Failure::new(Exit::Incomplete, format!("the drill cannot go on: {error}"))
}

/// One line of the drills' own log.
fn log_line(drilled: &Drilled, repo: &[PathBuf]) -> String {
    let paths: Vec<String> = repo.iter().map(|path| Untrusted::new(&path.to_string_lossy()).show().into_string()).collect();
    let count = |which: fn(&Round) -> bool| drilled.rounds.iter().filter(|round| which(round)).count();
    let components: BTreeSet<&str> = drilled.rounds.iter().map(|round| round.component.as_str()).collect();
    let now = Which { journal: None, now: None }.now();
    json!({
        "time": now.to_string(),
        "repository": paths,
        "seed": drilled.seed,
        "rounds": drilled.rounds.len(),
        "components": components.len(),
        "median_ms": drilled.median().as_millis(),
        "worst_ms": drilled.worst().as_millis(),
        "promised_ms": drilled.promised.map(|promised| promised.as_millis()),
        "late": count(|round| round.is_late),
        "wrong": count(Round::is_wrong),
    })
    .to_string()
}
