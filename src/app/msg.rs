//! Everything that can happen, in the order in which it arrives on the one channel.

use crate::app::ask::Answer;
use crate::app::journal::Known;
use crate::app::journal::Recorded;
use crate::app::key::KeyPress;
use crate::app::loading::Progress;
use crate::app::snapshot::Snapshot;
use crate::app::verdict::Held;
use crate::graph::ids::ComponentId;
use crate::incident::work::Work;
use crate::model::advisory::files::AdvisoryFiles;
use crate::query::facts::Facts;
use std::path::PathBuf;
use std::sync::Arc;

/// One event.
#[derive(Debug)]
pub(crate) enum Msg {
    Key(KeyPress),
    /// Bracketed paste, as one text.
    Paste(String),
    Resize(u16, u16),
    Loading(Progress),
    /// What was read so far; `done`: no more will come.
    Data {
        snapshot: Arc<Snapshot>,
        done: bool,
    },
    /// What was kept from an earlier run: its first page, or all of it.
    Kept(Arc<Snapshot>),
    /// All files were looked at: what was kept is still so.
    Checked,
    /// What has changed in the repository.
    News(String),
    Answer {
        seq: u64,
        answer: Answer,
    },
    /// What documents state of a component of the graph of this generation.
    Facts {
        of: ComponentId,
        generation: u64,
        facts: Facts,
    },
    /// The journal as it is now.
    Journal(Arc<Known>),
    /// What came of a wish.
    Recorded(Box<Recorded>),
    /// A wish waits for the lock of another process.
    LockIsHeld(u64),
    /// What decisions come to.
    Held {
        seq: u64,
        held: Held,
    },
    /// How the rows of an incident stand; `None`: there is none of that id.
    Work {
        seq: u64,
        work: Option<Box<Work>>,
    },
    /// Advisories given on the command line.
    Given(Vec<PathBuf>),
    /// What was read of some paths; the error may be printed.
    Advisories {
        seq: u64,
        paths: Vec<PathBuf>,
        read: Result<Arc<AdvisoryFiles>, String>,
    },
    /// The names in a folder, sorted.
    Folder {
        seq: u64,
        names: Vec<String>,
    },
    /// An editor was closed, or could not be opened.
    Opened(Result<(), String>),
    /// The repository cannot be read again, and why.
    NotRead(String),
}
