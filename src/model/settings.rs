//! What the repository's owner says in the top `downriver.yaml` (design.md section 6).

use crate::model::runbook::Runbook;
use crate::pack::Damaged;
use crate::pack::In;
use crate::pack::Out;
use crate::pack::Pack;
use std::io;

/// The file that holds the owner's settings, in the top folder.
pub(crate) const SETTINGS_FILE: &str = "downriver.yaml";

/// The owner's settings. Only the top folder's file counts; nothing in a sub-folder narrows an answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Settings {
    /// Selectors of components trained from scratch: no holes of any kind.
    pub roots: Vec<String>,
    /// Globs of files that are not read.
    pub ignore: Vec<String>,
    /// Stages, first to last, with the globs of the environments that belong to each.
    pub environments: Vec<(String, Vec<String>)>,
    /// Owners, with globs of files (`care/**`) or services (`service:support-*`).
    pub owners: Vec<(String, Vec<String>)>,
    /// By owner: how to reach them.
    pub contacts: Vec<(String, Contact)>,
    pub response: Response,
    pub runbook: Runbook,
}

/// How an owner is reached.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Contact {
    /// Who is paged.
    pub page: Option<String>,
    /// Where their tickets go.
    pub ticket: Option<String>,
}

impl Settings {
    /// How an owner is reached, as far as known.
    pub(crate) fn contact(&self, owner: &str) -> Option<&Contact> {
        self.contacts.iter().find(|(name, _)| name == owner).map(|(_, contact)| contact)
    }

    /// The name of the stage of a rank, 0 being the one nearest to users; `None` for an environment that no stage takes in.
    pub(crate) fn stage(&self, rank: u16) -> Option<&str> {
        let row = self.environments.len().checked_sub(usize::from(rank) + 1)?;
        self.environments.get(row).map(|(name, _)| name.as_str())
    }
}

impl Pack for Contact {
    fn pack(&self, out: &mut Out<'_>) -> io::Result<()> {
        let Self { page, ticket } = self;
        page.pack(out)?;
        ticket.pack(out)
    }

    fn unpack(input: &mut In<'_>) -> Result<Self, Damaged> {
        Ok(Self { page: Pack::unpack(input)?, ticket: Pack::unpack(input)? })
    }
}

/// Within how many seconds of an incident becoming known what is to happen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Response {
    /// What is downstream is known.
    pub answer: Option<i64>,
    /// By criticality of a deployment, or `default`: something is decided of it.
    pub decide: Vec<(String, i64)>,
    /// The same: what was decided is done.
    pub done: Vec<(String, i64)>,
    /// By name of a report: it is filed.
    pub reports: Vec<(String, i64)>,
}

impl Response {
    /// The limit for a criticality, in any case, else the one called `default`; with its name.
    pub(crate) fn limit<'a>(limits: &'a [(String, i64)], criticality: Option<&str>) -> Option<&'a (String, i64)> {
        let named = |name: &str| limits.iter().find(|(own, _)| own.eq_ignore_ascii_case(name));
        criticality.and_then(|criticality| named(criticality.trim())).or_else(|| named("default"))
    }
}

impl Pack for Settings {
    fn pack(&self, out: &mut Out<'_>) -> io::Result<()> {
        let Self { roots, ignore, environments, owners, contacts, response, runbook } = self;
        let Response { answer, decide, done, reports } = response;
        roots.pack(out)?;
        ignore.pack(out)?;
        environments.pack(out)?;
        owners.pack(out)?;
        contacts.pack(out)?;
        answer.pack(out)?;
        decide.pack(out)?;
        done.pack(out)?;
        reports.pack(out)?;
        runbook.pack(out)
    }

    fn unpack(input: &mut In<'_>) -> Result<Self, Damaged> {
        Ok(Self {
            roots: Pack::unpack(input)?,
            ignore: Pack::unpack(input)?,
            environments: Pack::unpack(input)?,
            owners: Pack::unpack(input)?,
            contacts: Pack::unpack(input)?,
            response: Response {
                answer: Pack::unpack(input)?,
                decide: Pack::unpack(input)?,
                done: Pack::unpack(input)?,
                reports: Pack::unpack(input)?,
            },
            runbook: Pack::unpack(input)?,
        })
    }
}
