//! What `update` wants done in the world.

use crate::app::ask::Ask;

/// One thing to do.
#[derive(Debug)]
pub(crate) enum Effect {
    /// Answer by `Msg::Answer`.
    Ask(Box<Ask>),
    /// Put on the terminal's clipboard: escaped text without line breaks.
    Copy(String),
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
