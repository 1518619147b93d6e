//! What an entry says: its kind and payload.
//!
//! Invariant: a payload is read strictly. One of a kind that this version does not know, or not of this shape, is kept as it
//! was written, shown, and decides nothing.

use crate::incident::journal::kept::Kept;
use crate::incident::journal::spelling;
use crate::model::date::Day;
use crate::model::hazard::Hazard;
use crate::model::moment::End;
use crate::model::moment::Moment;
use crate::query::select::Scope;
use serde::Deserialize;
use serde::Serialize;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// What is asked: which components are compromised, and how far that is meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Question {
    /// As typed.
    pub selectors: Vec<String>,
    /// Of all; else each kind's default.
    #[serde(default, with = "spelling::option", skip_serializing_if = "Option::is_none")]
    pub hazard: Option<Hazard>,
    #[serde(with = "spelling")]
    pub scope: Scope,
    #[serde(default, with = "spelling::option", skip_serializing_if = "Option::is_none")]
    pub since: Option<Day>,
    #[serde(default, with = "spelling::option", skip_serializing_if = "Option::is_none")]
    pub until: Option<Day>,
}

/// A new incident.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Open {
    /// `INC-1`.
    pub incident: String,
    pub question: Question,
    /// When it became known, where that is not the time of the entry: what clocks run from.
    #[serde(default, with = "spelling::option", skip_serializing_if = "Option::is_none")]
    pub aware: Option<Moment>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The advisory that asks this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advisory: Option<Kept>,
}

/// An incident that asks for more than before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Grow {
    pub incident: String,
    pub question: Question,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The advisory that asks this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advisory: Option<Kept>,
}

/// Why a deployment is not affected, as OpenVEX says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Justification {
    ComponentNotPresent,
    VulnerableCodeNotPresent,
    VulnerableCodeNotInExecutePath,
    VulnerableCodeCannotBeControlledByAdversary,
    InlineMitigationsAlreadyExist,
}

impl Justification {
    /// All of them.
    pub(crate) const ALL: [Self; 5] = [
        Self::ComponentNotPresent,
        Self::VulnerableCodeNotPresent,
        Self::VulnerableCodeNotInExecutePath,
        Self::VulnerableCodeCannotBeControlledByAdversary,
        Self::InlineMitigationsAlreadyExist,
    ];

    /// OpenVEX's word.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::ComponentNotPresent => "component_not_present",
            Self::VulnerableCodeNotPresent => "vulnerable_code_not_present",
            Self::VulnerableCodeNotInExecutePath => "vulnerable_code_not_in_execute_path",
            Self::VulnerableCodeCannotBeControlledByAdversary => "vulnerable_code_cannot_be_controlled_by_adversary",
            Self::InlineMitigationsAlreadyExist => "inline_mitigations_already_exist",
        }
    }
}

/// What is done about a deployment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) enum Action {
    /// It is taken out of service.
    Quarantine,
    /// It goes back to a model.
    Rollback {
        to: String,
    },
    Retrain,
    /// To a version, where that is known.
    Upgrade {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<String>,
    },
    /// It stays as it is, for a reason and a while.
    Accept {
        reason: String,
        #[serde(with = "spelling")]
        ends: End,
    },
    NotAffected {
        justification: Justification,
        evidence: String,
    },
    /// Somebody is asked for what would settle it; contains nothing.
    Ask {
        whom: String,
        what: String,
    },
}

impl Action {
    /// The word used in commands, JSON and on screen.
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Self::Quarantine => "quarantine",
            Self::Rollback { .. } => "rollback",
            Self::Retrain => "retrain",
            Self::Upgrade { .. } => "upgrade",
            Self::Accept { .. } => "accept",
            Self::NotAffected { .. } => "not-affected",
            Self::Ask { .. } => "ask",
        }
    }

    /// Whether a deployment that this is decided of is CONTAINED.
    pub(crate) fn contains(&self) -> bool {
        !matches!(self, Self::Ask { .. })
    }

    /// Whether something remains to be done, which a person then reports as done.
    pub(crate) fn is_work(&self) -> bool {
        match self {
            Self::Quarantine | Self::Rollback { .. } | Self::Retrain | Self::Upgrade { .. } | Self::Ask { .. } => true,
            Self::Accept { .. } | Self::NotAffected { .. } => false,
        }
    }

    /// Whether the compromised model no longer serves when it is done, so that an inventory can confirm it.
    pub(crate) fn is_seen_in_inventories(&self) -> bool {
        self.is_work() && self.contains()
    }
}

/// What a deployment was when something was decided of it: the decision ends when that changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Basis {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment: Option<String>,
    /// Printed ids of what it runs, sorted.
    pub models: Vec<String>,
    /// Digest of all that is upstream (design.md section 6).
    pub closure: String,
    /// Digests of the files that state it, to name the one that changed.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub files: BTreeMap<String, String>,
}

/// A decision about one deployment in one incident.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Decide {
    pub incident: String,
    /// Printed id.
    pub deployment: String,
    pub action: Action,
    #[serde(default, with = "spelling::option", skip_serializing_if = "Option::is_none")]
    pub due: Option<End>,
    /// What serves until it is done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meanwhile: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    pub basis: Basis,
}

/// What was decided is done, wholly or for a part of a fleet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Done {
    pub incident: String,
    pub deployment: String,
    /// Number of the entry that decided it.
    pub decision: u64,
    /// So many of so many; wholly done without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share: Option<Share>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// A part of a fleet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Share {
    pub done: u32,
    pub of: u32,
}

/// Something worth keeping.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Note {
    pub incident: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deployment: Option<String>,
    pub text: String,
    /// A report of this name was filed: its clock stops.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report: Option<String>,
}

/// Who answers for a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Assign {
    pub incident: String,
    pub deployment: String,
    pub owner: String,
}

/// The actor leads from now on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Take {
    pub incident: String,
}

/// The ticket of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Link {
    pub incident: String,
    pub deployment: String,
    pub ticket: String,
}

/// An earlier entry counts no more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Undo {
    pub entry: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// The end of an incident.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Close {
    pub incident: String,
    /// Rows that were still open, each named, with the state they were left in.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub open: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

macro_rules! bodies {
    ($($word:literal $name:ident;)*) => {
        /// Kind and payload of an entry.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub(crate) enum Body {
            $($name($name),)*
            /// Of a kind, or in a shape, that this version does not know; as written.
            Other { kind: String, payload: String },
        }

        impl Body {
            /// The word for the kind.
            pub(crate) fn kind(&self) -> &str {
                match self {
                    $(Self::$name(_) => $word,)*
                    Self::Other { kind, .. } => kind,
                }
            }

            /// The payload as JSON.
            pub(crate) fn payload(&self) -> Result<Box<RawValue>, serde_json::Error> {
                match self {
                    $(Self::$name(payload) => serde_json::value::to_raw_value(payload),)*
                    Self::Other { payload, .. } => RawValue::from_string(payload.clone()),
                }
            }

            /// Reads the payload of a kind.
            pub(super) fn read(kind: &str, payload: &RawValue) -> Self {
                let known = match kind {
                    $($word => serde_json::from_str(payload.get()).ok().map(Self::$name),)*
                    _ => None,
                };
                known.unwrap_or_else(|| Self::Other { kind: kind.to_owned(), payload: payload.get().to_owned() })
            }
        }
    };
}

bodies! {
    "open" Open;
    "grow" Grow;
    "decide" Decide;
    "done" Done;
    "note" Note;
    "assign" Assign;
    "take" Take;
    "link" Link;
    "undo" Undo;
    "close" Close;
}

impl Body {
    /// The incident that an entry is about; an undo is about that of the entry it names.
    pub(crate) fn incident(&self) -> Option<&str> {
        match self {
            Self::Open(Open { incident, .. })
            | Self::Grow(Grow { incident, .. })
            | Self::Decide(Decide { incident, .. })
            | Self::Done(Done { incident, .. })
            | Self::Note(Note { incident, .. })
            | Self::Assign(Assign { incident, .. })
            | Self::Take(Take { incident })
            | Self::Link(Link { incident, .. })
            | Self::Close(Close { incident, .. }) => Some(incident),
            Self::Undo(_) | Self::Other { .. } => None,
        }
    }

    /// The advisory that it keeps.
    pub(crate) fn advisory(&self) -> Option<&Kept> {
        match self {
            Self::Open(open) => open.advisory.as_ref(),
            Self::Grow(grow) => grow.advisory.as_ref(),
            Self::Decide(_)
            | Self::Done(_)
            | Self::Note(_)
            | Self::Assign(_)
            | Self::Take(_)
            | Self::Link(_)
            | Self::Undo(_)
            | Self::Close(_)
            | Self::Other { .. } => None,
        }
    }

    /// The deployment that an entry is about.
    pub(crate) fn deployment(&self) -> Option<&str> {
        match self {
            Self::Decide(Decide { deployment, .. })
            | Self::Done(Done { deployment, .. })
            | Self::Assign(Assign { deployment, .. })
            | Self::Link(Link { deployment, .. }) => Some(deployment),
            Self::Note(note) => note.deployment.as_deref(),
            Self::Open(_) | Self::Grow(_) | Self::Take(_) | Self::Undo(_) | Self::Close(_) | Self::Other { .. } => None,
        }
    }
}
