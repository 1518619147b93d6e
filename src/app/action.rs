//! What a key does.

use crate::app::View;
use crate::app::cursor::Step;
use crate::app::tab::Tab;
use crate::model::hazard::Hazard;

/// One thing that a person can do with one key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Action {
    Tab(Tab),
    Show(View),
    NextPane,
    PreviousPane,
    LeftPane,
    RightPane,
    Back,
    PlaceBack,
    PlaceForward,
    Search,
    SearchEverywhere,
    NextMatch,
    PreviousMatch,
    Mark,
    Undo,
    Problems,
    Journal,
    /// Asks for an advisory.
    Advisory,
    CopyId,
    CopyRow,
    Help,
    Redraw,
    Suspend,
    Quit,
    /// Told, since `q` closes no dialog.
    EscLeaves,
    Move(Step),
    SortNext,
    SortPrevious,
    Group,
    Enter,
    OpenFile,
    Toggle,
    OpenRow,
    CloseRow,
    LevelMore,
    LevelLess,
    Hazard(Hazard),
    /// Rows 1 to 4 of the Mark dialog.
    Scope(u8),
    Window,
    NextField,
    PreviousField,
    /// In a field: take the nearest name, complete a path; in search everywhere: the next kind.
    Take,
    CopyFound,
    CopyCommand,
    /// In the popup of what was not recorded.
    Remedy(u8),
    /// Shows who must act.
    Worklist,
    /// A digit of the Decide dialog.
    Choose(u8),
    Comment,
    TakeLead,
    CloseIncident,
    /// Leaves, whatever is in no journal.
    Leave,
    AllKeys,
}
