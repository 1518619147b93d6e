//! What `update` wants done in the world.

use crate::app::ask::Ask;
use crate::app::snapshot::Snapshot;
use crate::graph::ids::ComponentId;
use std::sync::Arc;

/// One thing to do.
#[derive(Debug)]
pub(crate) enum Effect {
    /// Answer by `Msg::Answer`.
    Ask(Box<Ask>),
    /// Put on the terminal's clipboard: escaped text without line breaks.
    Copy(String),
    /// Read what documents state of a component, and tell by `Msg::Facts`.
    ReadFacts {
        of: ComponentId,
        generation: u64,
        data: Arc<Snapshot>,
    },
    /// Open a file of the repository at a line (0: at its start).
    Open {
        file: String,
        line: u32,
    },
    /// Draw everything anew.
    Redraw,
    Suspend,
    Quit,
}
