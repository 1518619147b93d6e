//! What `update` wants done in the world.

use crate::app::ask::Ask;
use crate::app::journal::Known;
use crate::app::record::Where;
use crate::app::snapshot::Snapshot;
use crate::graph::ids::ComponentId;
use crate::incident::wish::Wish;
use std::path::PathBuf;
use std::sync::Arc;

/// One thing to do.
#[derive(Debug)]
pub(crate) enum Effect {
    /// Answer by `Msg::Answer`.
    Ask(Box<Ask>),
    /// Put on the terminal's clipboard: escaped text without line breaks.
    Copy(String),
    /// Read what documents state of each component, and tell by `Msg::Facts`; the first is waited for.
    ReadFacts {
        of: Vec<ComponentId>,
        generation: u64,
        data: Arc<Snapshot>,
    },
    /// Open a file of the repository at a line (0: at its start).
    Open {
        file: String,
        line: u32,
    },
    /// Record a wish, and tell by `Msg::Recorded`.
    Record {
        ticket: u64,
        wish: Box<Wish>,
        place: Where,
        /// What the person looked at.
        data: Arc<Snapshot>,
    },
    /// Work out how the rows of an incident stand, and tell by `Msg::Work`.
    Work {
        seq: u64,
        incident: String,
        data: Arc<Snapshot>,
        journal: Arc<Known>,
    },
    /// Find out which decisions of a journal still stand in a graph, and tell by `Msg::Held`.
    Hold {
        seq: u64,
        data: Arc<Snapshot>,
        journal: Arc<Known>,
    },
    /// Open the journal's file at a line.
    OpenJournal {
        path: PathBuf,
        line: u32,
    },
    /// Open a file that was given, wherever it lies.
    OpenGiven {
        file: String,
        line: u32,
    },
    /// Read advisories, and tell by `Msg::Advisories`.
    ReadAdvisories {
        seq: u64,
        paths: Vec<PathBuf>,
    },
    /// List a folder as typed, and tell by `Msg::Folder`.
    ListFolder {
        seq: u64,
        folder: String,
    },
    /// Draw everything anew.
    Redraw,
    Suspend,
    Quit,
}
