//! `downriver incident note`, `assign`, `take` and `link`: one entry each, and no decision.

use crate::cli::desk;
use crate::cli::desk::Desk;
use crate::cli::desk::Who;
use crate::cli::exit::Exit;
use crate::cli::exit::Failure;
use crate::cli::incident::recorded;
use crate::cli::repository::Repository;
use crate::incident::journal::body;
use crate::incident::journal::body::Body;
use clap::Args;

/// Keep a note with an incident, or record that a report was filed
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  downriver incident note -r sboms INC-1 'vendor called, no fix before Friday'
  # stops the clock of that report
  downriver incident note -r sboms INC-1 'sent to the CSIRT' \\
    --report early-warning")]
pub(super) struct Note {
    /// Which: INC-1
    incident: String,

    /// What is to be kept
    text: String,

    /// The deployment that it is about
    #[arg(long, value_name = "DEPLOYMENT")]
    deployment: Option<String>,

    /// The report, as named under `response:` of downriver.yaml, that was filed
    #[arg(long, value_name = "NAME")]
    report: Option<String>,

    #[command(flatten)]
    who: Who,

    #[command(flatten)]
    repository: Repository,
}

impl Note {
    pub(super) fn run(self) -> Result<Exit, Failure> {
        not_empty(&self.text, "a note")?;
        let mut desk = Desk::open(&self.repository, &self.who.which)?;
        let deployment = self.deployment.as_deref().map(|written| printed(&desk, written)).transpose()?;
        if let Some(report) = &self.report {
            known_report(&desk, report)?;
        }
        record(&mut desk, &self.who, &self.incident, |incident| {
            Body::Note(body::Note { incident, deployment, text: self.text.clone(), report: self.report.clone() })
        })
    }
}

/// A report without a clock is most likely misspelt.
fn known_report(desk: &Desk, report: &str) -> Result<(), Failure> {
    let reports = &desk.session.graph.settings().response.reports;
    if reports.is_empty() || reports.iter().any(|(name, _)| name == report) {
        return Ok(());
    }
    let names: Vec<&str> = reports.iter().map(|(name, _)| name.as_str()).collect();
    let known = crate::text::Untrusted::new(&names.join(", ")).show().into_string();
    let failure = Failure::new(Exit::Usage, "downriver.yaml names no such report");
    Err(failure.hint(Some(format!("it names {known}"))))
}

/// Name who answers for a deployment in an incident
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  downriver incident assign -r sboms INC-1 lab-notebook@research alice")]
pub(super) struct Assign {
    /// Which: INC-1
    incident: String,

    /// Of which deployment
    deployment: String,

    /// Who
    owner: String,

    #[command(flatten)]
    who: Who,

    #[command(flatten)]
    repository: Repository,
}

impl Assign {
    pub(super) fn run(self) -> Result<Exit, Failure> {
        not_empty(&self.owner, "an owner")?;
        let mut desk = Desk::open(&self.repository, &self.who.which)?;
        let deployment = printed(&desk, &self.deployment)?;
        record(&mut desk, &self.who, &self.incident, |incident| {
            Body::Assign(body::Assign { incident, deployment, owner: self.owner.clone() })
        })
    }
}

/// Take the lead of an incident: this ends a hand-over
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  downriver incident take -r sboms INC-1 --actor day-shift")]
pub(super) struct Take {
    /// Which: INC-1
    incident: String,

    #[command(flatten)]
    who: Who,

    #[command(flatten)]
    repository: Repository,
}

impl Take {
    pub(super) fn run(self) -> Result<Exit, Failure> {
        let mut desk = Desk::open(&self.repository, &self.who.which)?;
        record(&mut desk, &self.who, &self.incident, |incident| Body::Take(body::Take { incident }))
    }
}

/// Keep the ticket of a deployment with an incident
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  downriver incident link -r sboms INC-1 chat@production CARE-4711")]
pub(super) struct Link {
    /// Which: INC-1
    incident: String,

    /// Of which deployment
    deployment: String,

    /// The ticket's number
    ticket: String,

    #[command(flatten)]
    who: Who,

    #[command(flatten)]
    repository: Repository,
}

impl Link {
    pub(super) fn run(self) -> Result<Exit, Failure> {
        not_empty(&self.ticket, "a ticket")?;
        let mut desk = Desk::open(&self.repository, &self.who.which)?;
        let deployment = printed(&desk, &self.deployment)?;
        record(&mut desk, &self.who, &self.incident, |incident| {
            Body::Link(body::Link { incident, deployment, ticket: self.ticket.clone() })
        })
    }
}

/// Records one entry about an incident.
fn record(desk: &mut Desk, who: &Who, id: &str, body: impl FnOnce(String) -> Body) -> Result<Exit, Failure> {
    let mut incident = String::new();
    let entries = desk.record(who, |book, _, _| {
        incident.clone_from(&desk::case(book, id)?.id);
        Ok(vec![body(incident.clone())])
    })?;
    Ok(recorded(desk, Some(&incident), &entries))
}

/// The printed id of the deployment that `written` means.
fn printed(desk: &Desk, written: &str) -> Result<String, Failure> {
    let deployment = desk.deployment(written)?;
    Ok(desk.session.graph.id(deployment).as_key().to_owned())
}

/// Refuses a text that says nothing.
pub(super) fn not_empty(text: &str, what: &str) -> Result<(), Failure> {
    if text.trim().is_empty() { Err(Failure::new(Exit::Usage, format!("{what} must say something"))) } else { Ok(()) }
}
