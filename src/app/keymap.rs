//! The one table of keys: dispatch, help and footer read it.
//!
//! Invariant (tested): in no pane does a key stand twice.
//! Absent on purpose: what an action does; letters that a text field takes in.

use crate::app::View;
use crate::app::action::Action;
use crate::app::cursor::Step;
use crate::app::key::Code;
use crate::app::key::KeyPress;
use crate::app::tab::Tab;
use crate::model::hazard::Hazard;

/// What has the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Pane {
    List,
    Detail,
    Tree,
    Reach,
    Why,
    Incidents,
    Problems,
    /// The journal.
    Log,
    Advisories,
    Worklist,
    MarkDialog,
    /// Opens an incident from an advisory.
    AdviseDialog,
    UndoDialog,
    /// What could not be recorded.
    NotRecorded,
    /// A whole entry of the journal.
    Entry,
    /// Decides about rows of the worklist.
    Decide,
    /// A comment, or why an incident is closed.
    Remark,
    /// Leaving where something is in no journal.
    Leave,
    /// A text field that asks for a path.
    PathField,
    /// A text field that narrows a list.
    Filter,
    /// A text field that looks for text in a pane.
    Find,
    SearchBox,
    Help,
}

impl Pane {
    /// All of them.
    pub(crate) const ALL: [Self; 23] = [
        Self::List,
        Self::Detail,
        Self::Tree,
        Self::Reach,
        Self::Why,
        Self::Incidents,
        Self::Problems,
        Self::Log,
        Self::Advisories,
        Self::Worklist,
        Self::MarkDialog,
        Self::AdviseDialog,
        Self::UndoDialog,
        Self::NotRecorded,
        Self::Entry,
        Self::Decide,
        Self::Remark,
        Self::Leave,
        Self::PathField,
        Self::Filter,
        Self::Find,
        Self::SearchBox,
        Self::Help,
    ];

    /// The name in the help page.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Detail => "Detail",
            Self::Tree => "Up, Down",
            Self::Reach => "Reach",
            Self::Why => "Why",
            Self::Incidents => "Incidents",
            Self::Problems => "Problems",
            Self::Log => "Journal",
            Self::Advisories => "Advisories",
            Self::Worklist => "Worklist",
            Self::MarkDialog => "Mark dialog",
            Self::AdviseDialog => "Advisory dialog",
            Self::PathField => "path",
            Self::UndoDialog => "Undo",
            Self::NotRecorded => "Not recorded",
            Self::Entry => "entry",
            Self::Decide => "Decide dialog",
            Self::Remark => "comment",
            Self::Leave => "Leave",
            Self::Filter | Self::Find => "text field",
            Self::SearchBox => "search everywhere",
            Self::Help => "help",
        }
    }
}

/// Keys that belong together on one line of the help page.
#[derive(Debug)]
pub(crate) struct Binding {
    pub panes: &'static [Pane],
    pub keys: &'static [(KeyPress, Action)],
    /// How people write the keys.
    pub shown: &'static str,
    pub help: &'static str,
    /// Place in the footer and the words there; [`LAST`] and above always fit in.
    pub foot: &'static [(u8, &'static str)],
    /// It works in all panes of the main screen: the right column of the help page.
    pub everywhere: bool,
}

/// Footer places from here on stand at the end and are kept room for.
pub(crate) const LAST: u8 = 90;

const MAIN: &[Pane] = &[
    Pane::List,
    Pane::Detail,
    Pane::Tree,
    Pane::Reach,
    Pane::Why,
    Pane::Incidents,
    Pane::Problems,
    Pane::Log,
    Pane::Advisories,
    Pane::Worklist,
];
const LISTS: &[Pane] = &[
    Pane::List,
    Pane::Detail,
    Pane::Tree,
    Pane::Reach,
    Pane::Incidents,
    Pane::Problems,
    Pane::Log,
    Pane::Advisories,
    Pane::Worklist,
];
const NOT_TREE: &[Pane] = &[Pane::List, Pane::Detail, Pane::Reach, Pane::Why, Pane::Incidents];
const PANES: &[Pane] = &[Pane::List, Pane::Detail, Pane::Tree, Pane::Reach, Pane::Why, Pane::Incidents];
const NOT_PROBLEMS: &[Pane] = &[Pane::List, Pane::Detail, Pane::Tree, Pane::Reach, Pane::Why, Pane::Incidents];
const DIALOGS: &[Pane] = &[Pane::MarkDialog, Pane::AdviseDialog, Pane::UndoDialog];
const MARKS: &[Pane] = &[Pane::MarkDialog, Pane::AdviseDialog];
const LEFT_BY_ESC: &[Pane] =
    &[Pane::MarkDialog, Pane::AdviseDialog, Pane::UndoDialog, Pane::NotRecorded, Pane::Entry, Pane::Decide];

const fn char(c: char) -> KeyPress {
    KeyPress::char(c)
}

const fn ctrl(c: char) -> KeyPress {
    KeyPress::ctrl(c)
}

const fn key(code: Code) -> KeyPress {
    KeyPress::plain(code)
}

const fn row(
    panes: &'static [Pane],
    keys: &'static [(KeyPress, Action)],
    shown: &'static str,
    help: &'static str,
    foot: &'static [(u8, &'static str)],
) -> Binding {
    Binding { panes, keys, shown, help, foot, everywhere: false }
}

const fn all(
    panes: &'static [Pane],
    keys: &'static [(KeyPress, Action)],
    shown: &'static str,
    help: &'static str,
    foot: &'static [(u8, &'static str)],
) -> Binding {
    Binding { panes, keys, shown, help, foot, everywhere: true }
}

const NEXT_LINE: &[(KeyPress, Action)] = &[
    (char('j'), Action::Move(Step::Next)),
    (char('k'), Action::Move(Step::Previous)),
    (key(Code::Down), Action::Move(Step::Next)),
    (key(Code::Up), Action::Move(Step::Previous)),
];

const HALF: &[(KeyPress, Action)] = &[(ctrl('d'), Action::Move(Step::HalfDown)), (ctrl('u'), Action::Move(Step::HalfUp))];

const WHOLE: &[(KeyPress, Action)] = &[
    (ctrl('f'), Action::Move(Step::PageDown)),
    (ctrl('b'), Action::Move(Step::PageUp)),
    (key(Code::PageDown), Action::Move(Step::PageDown)),
    (key(Code::PageUp), Action::Move(Step::PageUp)),
];

const ENDS: &[(KeyPress, Action)] = &[
    (char('g'), Action::Move(Step::First)),
    (char('G'), Action::Move(Step::Last)),
    (key(Code::Home), Action::Move(Step::First)),
    (key(Code::End), Action::Move(Step::Last)),
];

const VIEWS: &[(KeyPress, Action)] = &[
    (char('i'), Action::Show(View::Detail)),
    (char('u'), Action::Show(View::Up)),
    (char('d'), Action::Show(View::Down)),
    (char('r'), Action::Show(View::Reach)),
    (char('p'), Action::Show(View::Why)),
];

const TABS: &[(KeyPress, Action)] = &[
    (char('1'), Action::Tab(Tab::Models)),
    (char('2'), Action::Tab(Tab::Datasets)),
    (char('3'), Action::Tab(Tab::Packages)),
    (char('4'), Action::Tab(Tab::Deployments)),
    (char('5'), Action::Tab(Tab::Incidents)),
];

const CHOOSE: &[(KeyPress, Action)] = &[
    (key(Code::Up), Action::Move(Step::Previous)),
    (key(Code::Down), Action::Move(Step::Next)),
    (ctrl('p'), Action::Move(Step::Previous)),
    (ctrl('n'), Action::Move(Step::Next)),
];

const MATCHES: &[(KeyPress, Action)] = &[(char('n'), Action::NextMatch), (char('N'), Action::PreviousMatch)];
const ENTER: &[(KeyPress, Action)] = &[(key(Code::Enter), Action::Enter)];
const BACK: &[(KeyPress, Action)] = &[(key(Code::Esc), Action::Back)];

/// All keys. Within a pane the order is that of the help page.
pub(crate) const BINDINGS: &[Binding] = &[
    row(LISTS, NEXT_LINE, "j k", "move", &[(10, "j k move")]),
    row(&[Pane::Why], NEXT_LINE, "j k", "step of the path", &[(10, "j k step")]),
    row(MAIN, HALF, "^d ^u", "half page", &[]),
    row(MAIN, WHOLE, "^f ^b", "page", &[]),
    row(MAIN, ENDS, "g G", "first, last", &[]),
    row(&[Pane::List], ENTER, "Enter", "into Detail", &[(20, "Enter detail")]),
    row(&[Pane::Detail], ENTER, "Enter", "follow the link", &[(20, "Enter follow link")]),
    row(&[Pane::Tree], ENTER, "Enter", "go there", &[(25, "Enter go there")]),
    row(&[Pane::Reach], ENTER, "Enter p", "why this one", &[(20, "Enter or p why")]),
    row(&[Pane::Why], ENTER, "Enter", "go there", &[(30, "Enter go there")]),
    row(&[Pane::Incidents], ENTER, "Enter", "put in the header", &[(20, "Enter put in the header")]),
    row(&[Pane::Problems], ENTER, "Enter", "go to the component", &[(30, "Enter component")]),
    row(&[Pane::Log], ENTER, "Enter", "show the whole entry", &[(20, "Enter show entry")]),
    row(&[Pane::Log], &[(char('z'), Action::Undo)], "z", "take the entry back, by one more", &[(30, "z undo it")]),
    row(&[Pane::Advisories], ENTER, "Enter", "open an incident", &[(20, "Enter open incident")]),
    row(
        &[Pane::Advisories],
        &[(char('r'), Action::Show(View::Reach)), (char('p'), Action::Show(View::Why))],
        "r p",
        "what it reaches, why",
        &[(30, "r reach"), (32, "p why")],
    ),
    row(
        &[Pane::Advisories],
        &[(key(Code::Tab), Action::NextPane), (key(Code::BackTab), Action::PreviousPane)],
        "Tab",
        "list, what is below it",
        &[(60, "Tab below")],
    ),
    row(&[Pane::Worklist], ENTER, "Enter", "decide; open or close a group", &[(20, "Enter decide")]),
    row(&[Pane::Worklist], &[(char(' '), Action::Toggle)], "Space", "tick", &[(30, "Space tick")]),
    row(&[Pane::Worklist], &[(char('b'), Action::Group)], "b", "group by ...", &[(40, "b group")]),
    row(&[Pane::Worklist], &[(char('c'), Action::Comment)], "c", "comment on the row", &[(50, "c comment")]),
    row(&[Pane::Worklist], &[(char('p'), Action::Show(View::Why))], "p", "why it is reached", &[(52, "p why")]),
    row(
        &[Pane::Worklist, Pane::Incidents],
        &[(char('t'), Action::TakeLead), (char('x'), Action::CloseIncident)],
        "t x",
        "take the lead, close the incident",
        &[(70, "t take  x close")],
    ),
    row(&[Pane::Incidents], &[(char('c'), Action::Comment)], "c", "comment", &[]),
    row(&[Pane::Tree, Pane::Reach], &[(char(' '), Action::Toggle)], "Space", "open or close", &[(22, "Space open/close")]),
    row(
        &[Pane::Tree],
        &[
            (char('l'), Action::OpenRow),
            (char('h'), Action::CloseRow),
            (key(Code::Right), Action::OpenRow),
            (key(Code::Left), Action::CloseRow),
        ],
        "l h",
        "open; close, parent",
        &[],
    ),
    row(&[Pane::Tree], &[(char('+'), Action::LevelMore), (char('-'), Action::LevelLess)], "+ -", "one level more, less", &[]),
    row(&[Pane::Reach], MATCHES, "n N", "next, previous affected", &[(50, "n N next affected")]),
    row(&[Pane::Why], MATCHES, "n N", "other path", &[(20, "n N other path")]),
    row(
        &[Pane::Detail, Pane::Tree, Pane::Problems, Pane::Log, Pane::Advisories, Pane::Worklist, Pane::List],
        MATCHES,
        "n N",
        "next, previous match",
        &[],
    ),
    row(&[Pane::Tree, Pane::Reach], &[(char('b'), Action::Group)], "b", "group by ...", &[(30, "b group")]),
    row(
        &[Pane::List, Pane::Problems],
        &[(char('s'), Action::SortNext), (char('S'), Action::SortPrevious)],
        "s S",
        "sort by next column",
        &[(60, "s sort")],
    ),
    row(
        &[Pane::Detail, Pane::Tree, Pane::Why, Pane::Advisories],
        &[(char('o'), Action::OpenFile)],
        "o",
        "open the file at its line",
        &[(40, "o open file")],
    ),
    row(&[Pane::Problems], &[(char('o'), Action::OpenFile)], "o", "open the file", &[(20, "o open file")]),
    row(&[Pane::Log], &[(char('o'), Action::OpenFile)], "o", "open the journal's file", &[(40, "o file")]),
    row(&[Pane::Why], &[(char('y'), Action::CopyId)], "y", "copy the path", &[(50, "y copy path")]),
    all(TAB_PANES, TABS, "1-5", "list by kind", &[]),
    all(
        PANES,
        &[(key(Code::Tab), Action::NextPane), (key(Code::BackTab), Action::PreviousPane)],
        "Tab",
        "next pane       S-Tab back",
        &[],
    ),
    all(
        NOT_TREE,
        &[
            (char('h'), Action::LeftPane),
            (char('l'), Action::RightPane),
            (key(Code::Left), Action::LeftPane),
            (key(Code::Right), Action::RightPane),
        ],
        "h l",
        "left, right pane",
        &[],
    ),
    all(
        MAIN,
        &[(char('/'), Action::Search), (ctrl('p'), Action::SearchEverywhere)],
        "/ // ^p",
        "search here, everywhere",
        &[(40, "/ search")],
    ),
    all(PANES, VIEWS, "i u d r", "detail up down reach, p why", &[(55, "u d r p views")]),
    all(
        NOT_PROBLEMS,
        &[(char('m'), Action::Mark), (char('z'), Action::Undo), (char('!'), Action::Problems), (char('J'), Action::Journal)],
        "m z ! J",
        "mark undo problems journal",
        &[(50, "m mark"), (70, "! problems")],
    ),
    all(
        &[Pane::Worklist],
        &[(char('z'), Action::Undo), (char('!'), Action::Problems), (char('J'), Action::Journal), (char('y'), Action::CopyId)],
        "z ! J y",
        "undo problems journal, copy id",
        &[],
    ),
    all(MAIN, &[(char('a'), Action::Advisory), (char('w'), Action::Worklist)], "a w", "read an advisory, worklist", &[]),
    all(&[Pane::Advisories], &[(char('!'), Action::Problems), (char('y'), Action::CopyId)], "! y", "problems, copy id", &[]),
    all(
        &[Pane::List, Pane::Detail, Pane::Tree, Pane::Reach, Pane::Incidents],
        &[(char('y'), Action::CopyId), (char('Y'), Action::CopyRow)],
        "y Y",
        "copy id, row",
        &[],
    ),
    all(&[Pane::Why], &[(char('Y'), Action::CopyRow)], "Y", "copy row", &[]),
    all(&[Pane::Problems], &[(char('y'), Action::CopyId)], "y", "copy file and line", &[]),
    all(&[Pane::Log], &[(char('y'), Action::CopyId)], "y", "copy the entry's line", &[]),
    all(&[Pane::Log], &[(char('!'), Action::Problems)], "!", "problems", &[]),
    all(&[Pane::Problems], &[(char('J'), Action::Journal)], "J", "journal", &[]),
    all(NOT_PROBLEMS, &[(ctrl('o'), Action::PlaceBack), (char(']'), Action::PlaceForward)], "^o ]", "back, forward", &[]),
    all(MAIN, &[(ctrl('l'), Action::Redraw), (ctrl('z'), Action::Suspend)], "^l ^z", "redraw, suspend", &[]),
    all(
        MAIN,
        &[(key(Code::Esc), Action::Back), (char('?'), Action::Help), (char('q'), Action::Quit), (ctrl('c'), Action::Quit)],
        "Esc ? q",
        "back, help, quit (or ^c)",
        &[(95, "?")],
    ),
    // Dialogs, fields and popups.
    row(
        MARKS,
        &[
            (char('p'), Action::Hazard(Hazard::Poisoned)),
            (char('v'), Action::Hazard(Hazard::Vulnerable)),
            (char('w'), Action::Hazard(Hazard::Withdrawn)),
        ],
        "p v w",
        "poisoned, vulnerable, withdrawn",
        &[(10, "p v w hazard")],
    ),
    row(
        &[Pane::MarkDialog],
        &[
            (char('1'), Action::Scope(1)),
            (char('2'), Action::Scope(2)),
            (char('3'), Action::Scope(3)),
            (char('4'), Action::Scope(4)),
        ],
        "1-4",
        "this hash, this version, range, every version",
        &[(20, "1-4 scope")],
    ),
    row(&[Pane::MarkDialog], &[(char('t'), Action::Window)], "t", "add a time window", &[]),
    row(
        &[Pane::MarkDialog],
        &[(key(Code::Tab), Action::NextField), (key(Code::BackTab), Action::PreviousField)],
        "Tab",
        "next field, S-Tab back",
        &[(30, "Tab field")],
    ),
    row(MARKS, HALF, "^d ^u", "more, less (small screens)", &[]),
    row(MARKS, &[(ctrl('y'), Action::CopyCommand)], "^y", "copy as a command line", &[]),
    row(MARKS, ENTER, "Enter", "open the incident", &[(40, "Enter opens it")]),
    row(&[Pane::UndoDialog], ENTER, "Enter", "yes", &[(10, "Enter yes")]),
    row(
        &[Pane::Decide],
        &[
            (char('1'), Action::Choose(1)),
            (char('2'), Action::Choose(2)),
            (char('3'), Action::Choose(3)),
            (char('4'), Action::Choose(4)),
            (char('5'), Action::Choose(5)),
            (char('6'), Action::Choose(6)),
            (char('7'), Action::Choose(7)),
        ],
        "1-7",
        "what to do",
        &[(10, "1-7 what to do")],
    ),
    row(&[Pane::Decide], CHOOSE, "up down", "candidate, justification", &[(20, "up down choose")]),
    row(
        &[Pane::Decide],
        &[(char('j'), Action::Move(Step::Next)), (char('k'), Action::Move(Step::Previous))],
        "j k",
        "the same",
        &[],
    ),
    row(
        &[Pane::Decide],
        &[(key(Code::Tab), Action::NextField), (key(Code::BackTab), Action::PreviousField)],
        "Tab",
        "next field, S-Tab back",
        &[(30, "Tab field")],
    ),
    row(&[Pane::Decide], ENTER, "Enter", "record", &[(40, "Enter record")]),
    row(&[Pane::Decide], &[(ctrl('y'), Action::CopyCommand)], "^y", "copy the runbook's line", &[]),
    row(&[Pane::Decide, Pane::Remark], BACK, "Esc", "leave, nothing written", &[(50, "Esc writes nothing")]),
    row(&[Pane::Remark], ENTER, "Enter", "record", &[(40, "Enter record")]),
    row(&[Pane::NotRecorded], CHOOSE, "up down", "choose", &[]),
    row(
        &[Pane::NotRecorded],
        &[
            (char('1'), Action::Remedy(1)),
            (char('2'), Action::Remedy(2)),
            (char('3'), Action::Remedy(3)),
            (char('4'), Action::Remedy(4)),
            (char('j'), Action::Move(Step::Next)),
            (char('k'), Action::Move(Step::Previous)),
        ],
        "1-4 j k",
        "again, state directory, copy, DRAFT; move",
        &[(10, "1-4 do it")],
    ),
    row(&[Pane::NotRecorded], ENTER, "Enter", "do it", &[(20, "Enter do it")]),
    row(&[Pane::NotRecorded], BACK, "Esc", "back to the dialog, as typed", &[(30, "Esc back to the dialog")]),
    row(&[Pane::Entry], NEXT_LINE, "j k", "move", &[(10, "j k move")]),
    row(&[Pane::Entry], HALF, "^d ^u", "half page", &[]),
    row(&[Pane::Entry], ENDS, "g G", "first, last", &[]),
    row(&[Pane::Entry], ENTER, "Enter", "close", &[]),
    row(&[Pane::Entry], BACK, "Esc", "close", &[(30, "Esc close")]),
    row(&[Pane::Leave], ENTER, "Enter", "leave", &[(10, "Enter leaves")]),
    row(&[Pane::Leave], &[(char('q'), Action::Leave)], "q", "leave", &[]),
    row(&[Pane::Leave], BACK, "Esc", "stay", &[(30, "Esc stays")]),
    row(DIALOGS, BACK, "Esc", "leave, nothing written", &[(50, "Esc writes nothing")]),
    row(LEFT_BY_ESC, &[(char('q'), Action::EscLeaves)], "q", "says that Esc leaves", &[]),
    row(LEFT_BY_ESC, &[(char('?'), Action::Help)], "?", "help", &[]),
    row(&[Pane::Filter, Pane::SearchBox, Pane::PathField], CHOOSE, "up down", "choose", &[(20, "up down move")]),
    row(&[Pane::Filter], &[(key(Code::Tab), Action::Take)], "Tab", "take the nearest, where nothing matches", &[]),
    row(&[Pane::Filter, Pane::Find], ENTER, "Enter", "keep", &[(30, "Enter keep")]),
    row(&[Pane::Filter, Pane::Find], BACK, "Esc", "clear", &[(40, "Esc clear")]),
    row(&[Pane::SearchBox], ENTER, "Enter", "go", &[(30, "Enter go")]),
    row(&[Pane::SearchBox], &[(key(Code::Tab), Action::Take)], "Tab", "next kind", &[(40, "Tab next kind")]),
    row(&[Pane::SearchBox], &[(ctrl('y'), Action::CopyFound)], "^y", "copy without leaving", &[]),
    row(&[Pane::SearchBox], BACK, "Esc", "close", &[(50, "Esc close")]),
    row(&[Pane::PathField], &[(key(Code::Tab), Action::Take)], "Tab", "complete", &[(25, "Tab complete")]),
    row(&[Pane::PathField], ENTER, "Enter", "read it", &[(30, "Enter read")]),
    row(&[Pane::PathField], BACK, "Esc", "leave", &[(50, "Esc leave")]),
    row(
        &[
            Pane::Filter,
            Pane::Find,
            Pane::SearchBox,
            Pane::PathField,
            Pane::MarkDialog,
            Pane::AdviseDialog,
            Pane::UndoDialog,
            Pane::NotRecorded,
            Pane::Entry,
            Pane::Decide,
            Pane::Remark,
            Pane::Leave,
            Pane::Help,
        ],
        &[(ctrl('c'), Action::Quit)],
        "^c",
        "quit",
        &[],
    ),
    row(&[Pane::Help], NEXT_LINE, "j k", "move", &[]),
    row(&[Pane::Help], HALF, "^d ^u", "half page", &[]),
    row(&[Pane::Help], WHOLE, "^f ^b", "page", &[]),
    row(&[Pane::Help], ENDS, "g G", "first, last", &[]),
    row(&[Pane::Help], &[(char('/'), Action::Search)], "/", "search help", &[(10, "/ search help")]),
    row(&[Pane::Help], &[(key(Code::Tab), Action::AllKeys)], "Tab", "all keys", &[(20, "Tab all keys")]),
    row(&[Pane::Help], &[(char('q'), Action::EscLeaves)], "q", "says that Esc leaves", &[]),
    row(&[Pane::Help], &[(key(Code::Esc), Action::Back), (char('?'), Action::Back)], "Esc", "close", &[(30, "Esc close")]),
];

const TAB_PANES: &[Pane] = MAIN;

/// What a key does in a pane.
pub(crate) fn lookup(pane: Pane, pressed: KeyPress) -> Option<Action> {
    of_pane(pane).flat_map(|binding| binding.keys).find(|(key, _)| *key == pressed).map(|(_, action)| *action)
}

/// The bindings of a pane.
pub(crate) fn of_pane(pane: Pane) -> impl Iterator<Item = &'static Binding> {
    BINDINGS.iter().filter(move |binding| binding.panes.contains(&pane))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    #[test]
    fn no_key_means_two_things_in_one_pane() {
        for pane in Pane::ALL {
            let mut known: HashMap<KeyPress, &str> = HashMap::new();
            for binding in of_pane(pane) {
                for (key, _) in binding.keys {
                    if let Some(other) = known.insert(*key, binding.help) {
                        panic!("{key} in {}: {other}, {}", pane.word(), binding.help);
                    }
                }
            }
        }
    }

    #[test]
    fn every_pane_says_how_to_leave_it() {
        for pane in Pane::ALL {
            assert!(lookup(pane, key(Code::Esc)).is_some(), "{}", pane.word());
            assert_eq!(lookup(pane, ctrl('c')), Some(Action::Quit), "{}", pane.word());
        }
    }

    #[test]
    fn keys_of_later_issues_are_absent() {
        for pane in MAIN {
            for later in ['v', 'e', ':', '0'] {
                assert_eq!(lookup(*pane, char(later)), None, "{later} in {}", pane.word());
            }
        }
    }
}
