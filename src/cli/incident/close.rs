//! `downriver incident close`.

use crate::cli::desk;
use crate::cli::desk::Desk;
use crate::cli::desk::Who;
use crate::cli::exit::Exit;
use crate::cli::exit::Failure;
use crate::cli::incident::recorded;
use crate::cli::repository::Repository;
use crate::incident::journal::body;
use crate::incident::journal::body::Body;
use crate::incident::worklist;
use crate::model::state::State;
use crate::text::Untrusted;
use clap::Args;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

/// Close an incident
///
/// What is still open, or was not found out, must be named with `--open`, each, and a reason given. A closed incident still
/// watches: what is reached later, or more surely, stands as `closed, reached again`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  downriver incident close -r sboms INC-1
  # with something left open
  downriver incident close -r sboms INC-1 --open lab-notebook@research \\
    --reason 'the notebook is deleted on Friday, OPS-77'")]
pub(super) struct Close {
    /// Which: INC-1
    incident: String,

    /// A deployment that is left open; may be given several times
    #[arg(long, value_name = "DEPLOYMENT")]
    open: Vec<String>,

    /// Why it may be closed; needed where something is left open
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,

    #[command(flatten)]
    who: Who,

    #[command(flatten)]
    repository: Repository,
}

impl Close {
    pub(super) fn run(self) -> Result<Exit, Failure> {
        let mut desk = Desk::open(&self.repository, &self.who.which)?;
        let graph = &desk.session.graph;
        let named = self.open.iter().map(|written| Ok(graph.id(desk.deployment(written)?).as_key().to_owned()));
        let named: BTreeSet<String> = named.collect::<Result<_, Failure>>()?;
        let mut incident = String::new();
        let entries = desk.record(&self.who, |book, _, world| {
            let case = desk::case(book, &self.incident)?;
            incident.clone_from(&case.id);
            if !case.is_open() {
                return Err(Failure::new(Exit::Usage, format!("{} is closed already", Untrusted::new(&case.id).show())));
            }
            let open = worklist::left_open(book, &case.id, world);
            self.may(&open, &named)?;
            let open = open.into_iter().map(|(name, state)| (name, state.word().to_owned())).collect();
            Ok(vec![Body::Close(body::Close { incident: case.id.clone(), open, reason: self.reason.clone() })])
        })?;
        Ok(recorded(&desk, Some(&incident), &entries))
    }

    /// Whether each open row is named, nothing else is, and a reason is given where there are any.
    fn may(&self, open: &BTreeMap<String, State>, named: &BTreeSet<String>) -> Result<(), Failure> {
        let shown = |name: &str| Untrusted::new(name).show().into_string();
        if let Some(other) = named.iter().find(|name| !open.contains_key(*name)) {
            return Err(Failure::new(Exit::Usage, format!("{} is not open", shown(other))));
        }
        let missing = open.iter().filter(|(name, _)| !named.contains(*name));
        let lines: Vec<String> = missing.map(|(name, state)| format!("  {:<8} {}", state.word(), shown(name))).collect();
        if !lines.is_empty() {
            let message = format!("{} still open:\n{}", crate::text::count(lines.len(), "deployment"), lines.join("\n"));
            let hint = "decide about each, or name it with `--open` and give a `--reason`";
            return Err(Failure::new(Exit::Usage, message).hint(Some(hint.to_owned())));
        }
        if !open.is_empty() && self.reason.as_deref().is_none_or(|reason| reason.trim().is_empty()) {
            return Err(Failure::new(Exit::Usage, "something is left open: say why with `--reason`"));
        }
        Ok(())
    }
}
