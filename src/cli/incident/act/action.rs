//! What was typed after `act`, as an action: what each one needs, and nothing that it does not take.

use crate::cli::desk::Desk;
use crate::cli::exit::Exit;
use crate::cli::exit::Failure;
use crate::cli::incident::say::not_empty;
use crate::incident::act::Act;
use crate::incident::act::What;
use crate::incident::journal::body::Action;
use crate::incident::journal::body::Justification;
use crate::incident::journal::body::Share;
use crate::incident::worklist;
use crate::model::kind::Kind;
use crate::model::moment::End;
use crate::model::state::State;
use crate::text::Untrusted;
use clap::Args;
use clap::builder::PossibleValuesParser;
use clap::builder::TypedValueParser;

const ACTIONS: &str = "quarantine, rollback, retrain, upgrade, accept, not-affected, ask, done";

/// What an action is told besides.
#[derive(Debug, Args)]
pub(in crate::cli::incident) struct Options {
    /// The model to roll back to, or the version to upgrade to
    #[arg(long, value_name = "MODEL")]
    to: Option<String>,

    /// Why it is accepted
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,

    /// Until when it is accepted: a day, which still counts, or a time
    #[arg(long, value_name = "DAY", value_parser = end)]
    until: Option<End>,

    /// Why it is not affected, in the words of OpenVEX
    #[arg(long, value_name = "WORD", value_parser = justification())]
    justification: Option<Justification>,

    /// What shows that it is not affected
    #[arg(long, value_name = "TEXT")]
    evidence: Option<String>,

    /// Who is asked
    #[arg(long, value_name = "NAME")]
    whom: Option<String>,

    /// What is asked for
    #[arg(long, value_name = "TEXT")]
    what: Option<String>,

    /// How much of a fleet is done: 12/40
    #[arg(long, value_name = "N/OF", value_parser = share)]
    share: Option<Share>,

    /// When it must be done: a day, or a time
    #[arg(long, value_name = "DAY", value_parser = end)]
    due: Option<End>,

    /// What serves until it is done
    #[arg(long, value_name = "TEXT")]
    meanwhile: Option<String>,

    /// Anything else worth keeping
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
}

/// With the model to roll back to by its printed id: one that is CLEAR of every open incident.
pub(super) fn resolve(what: What, desk: &Desk) -> Result<What, Failure> {
    let What::Decide(Action::Rollback { to }) = &what else { return Ok(what) };
    let graph = &desk.session.graph;
    let model = desk.session.one(to)?;
    let shown = graph.id(model).show();
    if graph.kind(model) != Kind::Model {
        return Err(Failure::new(Exit::Usage, format!("{shown} is no model")));
    }
    let book = desk.book();
    let answers = desk.with_world(|world| worklist::answers(&book, world));
    let open = answers.iter().filter(|answer| answer.case.is_open());
    let worst = open.map(|answer| (answer.impact.state(model), answer.case.id.as_str())).min();
    if let Some((state, id)) = worst.filter(|(state, _)| *state != State::Clear) {
        let id = Untrusted::new(id).show();
        let failure = Failure::new(Exit::Usage, format!("{shown} is {state} in {id}: nothing is rolled back to it"));
        return Err(failure.hint(Some("choose a model that is CLEAR of every open incident".to_owned())));
    }
    Ok(What::Decide(Action::Rollback { to: graph.id(model).as_key().to_owned() }))
}

impl Options {
    /// The action that `word` means with these options.
    pub(super) fn what(&self, word: &str) -> Result<What, Failure> {
        let needs = |option: &'static str, text: &Option<String>| {
            let missing = || Failure::new(Exit::Usage, format!("`{word}` needs `--{option}`"));
            let text = text.clone().ok_or_else(missing)?;
            not_empty(&text, &format!("`--{option}`")).map(|()| text)
        };
        let missing = |option| Failure::new(Exit::Usage, format!("`{word}` needs `--{option}`"));
        let (takes, what): (&[&str], What) = match word {
            "quarantine" => (&["due", "meanwhile"], What::Decide(Action::Quarantine)),
            "rollback" => (&["to", "due", "meanwhile"], What::Decide(Action::Rollback { to: needs("to", &self.to)? })),
            "retrain" => (&["due", "meanwhile"], What::Decide(Action::Retrain)),
            "upgrade" => (&["to", "due", "meanwhile"], What::Decide(Action::Upgrade { to: self.to.clone() })),
            "accept" => {
                let reason = needs("reason", &self.reason)?;
                let ends = self.until.ok_or_else(|| missing("until"))?;
                (&["reason", "until"], What::Decide(Action::Accept { reason, ends }))
            }
            "not-affected" => {
                let justification = self.justification.ok_or_else(|| missing("justification"))?;
                let evidence = needs("evidence", &self.evidence)?;
                (&["justification", "evidence"], What::Decide(Action::NotAffected { justification, evidence }))
            }
            "ask" => {
                let (whom, what) = (needs("whom", &self.whom)?, needs("what", &self.what)?);
                (&["whom", "what", "due"], What::Decide(Action::Ask { whom, what }))
            }
            "done" => (&["share"], What::Done(self.share)),
            other => {
                let failure = Failure::new(Exit::Usage, format!("`{}` is no action", Untrusted::new(other).show()));
                return Err(failure.hint(Some(format!("one of {ACTIONS}"))));
            }
        };
        match self.given().into_iter().find(|option| !takes.contains(option)) {
            Some(option) => Err(Failure::new(Exit::Usage, format!("`--{option}` means nothing for `{word}`"))),
            None => Ok(what),
        }
    }

    /// What is to be recorded of each row.
    pub(super) fn act(&self, what: What) -> Act {
        Act { what, due: self.due, meanwhile: self.meanwhile.clone(), note: self.note.clone() }
    }

    /// The options that were given and that not every action takes.
    fn given(&self) -> Vec<&'static str> {
        let Self { to, reason, until, justification, evidence, whom, what, share, due, meanwhile, note: _ } = self;
        let given = [
            ("to", to.is_some()),
            ("reason", reason.is_some()),
            ("until", until.is_some()),
            ("justification", justification.is_some()),
            ("evidence", evidence.is_some()),
            ("whom", whom.is_some()),
            ("what", what.is_some()),
            ("share", share.is_some()),
            ("due", due.is_some()),
            ("meanwhile", meanwhile.is_some()),
        ];
        given.into_iter().filter(|(_, given)| *given).map(|(option, _)| option).collect()
    }
}

fn end(written: &str) -> Result<End, String> {
    End::parse(written).ok_or_else(|| "neither a day nor a time; write it as 2026-03-09 or 2026-03-09T12:00:00Z".to_owned())
}

fn share(written: &str) -> Result<Share, String> {
    let read = written.split_once('/').and_then(|(done, of)| Some(Share { done: done.parse().ok()?, of: of.parse().ok()? }));
    let read = read.filter(|share| share.of > 0 && share.done <= share.of);
    read.ok_or_else(|| "no share; write it as 12/40".to_owned())
}

fn justification() -> impl TypedValueParser<Value = Justification> {
    let words = PossibleValuesParser::new(Justification::ALL.map(Justification::word));
    words.try_map(|word| Justification::ALL.into_iter().find(|own| own.word() == word).ok_or("no such justification"))
}
