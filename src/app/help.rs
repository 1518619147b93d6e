//! The help page: the keys of the focused pane as bound now, then the words and marks that are on the screen.

use crate::app::App;
use crate::app::Popup;
use crate::app::Screen;
use crate::app::View;
use crate::app::cursor::Step;
use crate::app::field::Field;
use crate::app::keymap;
use crate::app::keymap::Binding;
use crate::app::keymap::Pane;
use crate::app::layout;

/// The page.
#[derive(Debug, Default)]
pub(crate) struct Help {
    pub top: usize,
    /// Keys of all panes instead of the focused one.
    pub all: bool,
    /// Only lines with this text; being typed.
    pub search: Option<Field>,
}

/// The part above the rule: two columns of `keys` and `what they do`; or what a search or `all keys` found, in one.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Page {
    pub pane: &'static str,
    pub left: Vec<(String, String)>,
    pub right: Vec<(String, String)>,
    pub words: Vec<&'static str>,
}

const STATES: [&str; 5] = [
    "! AFFECTED   reached, every link == or --",
    "? POSSIBLE   reached by a .. or != link, or scope not decidable",
    "~ UNKNOWN    not reached, but a hole upstream could hide it",
    "o CONTAINED  reached, and a named person's decision is recorded",
    "  CLEAR      not reached, nothing missing",
];
const ADVISORIES: [&str; 4] = [
    "MATCHED      so many components here are surely meant",
    "NO MATCH     none is; not CLEAR: the list below says what could not be checked",
    "WITHDRAWN    its publisher took it back: it is not asked",
    "NOT READ     the file, or all that it calls affected, is not understood",
];
const GRADES: &str = "== digest   -- identifier, or name+version   .. name only   != clash";
const COUNTS: &str = "11  3?       11 confirmed, 3 possible; never added up";

impl App {
    pub(super) fn open_help(&mut self) {
        self.help = Some(Help::default());
    }

    /// What the page says.
    pub(crate) fn help_page(&self) -> Page {
        let Some(help) = &self.help else { return Page::default() };
        let pane = self.pane_under_help();
        let row = |binding: &Binding| (binding.shown.to_owned(), binding.help.to_owned());
        let wanted = help.search.as_ref().map(|field| field.text().to_lowercase()).filter(|text| !text.is_empty());
        if help.all || wanted.is_some() {
            let mut left = Vec::new();
            for pane in Pane::ALL {
                let lines = keymap::of_pane(pane).map(row).map(|(keys, what)| (keys, format!("{what}  ({})", pane.word())));
                let fits = |(keys, what): &(String, String)| {
                    wanted.as_ref().is_none_or(|wanted| format!("{keys} {what}").to_lowercase().contains(wanted))
                };
                left.extend(lines.filter(fits));
            }
            return Page { pane: "all panes", left, right: Vec::new(), words: Vec::new() };
        }
        let left = keymap::of_pane(pane).filter(|binding| !binding.everywhere).map(row).collect();
        let right = keymap::of_pane(pane).filter(|binding| binding.everywhere).map(row).collect();
        Page { pane: pane.word(), left, right, words: self.words_on_screen() }
    }

    /// The pane that the page is about.
    pub(crate) fn pane_under_help(&self) -> Pane {
        self.popup.as_ref().map_or_else(|| self.pane_below(), Popup::pane)
    }

    fn words_on_screen(&self) -> Vec<&'static str> {
        if matches!(self.screen, Screen::Problems(_)) {
            return vec![
                "error: a file was not read; answers may be incomplete",
                "high medium low note: doubtful, nothing was left out",
            ];
        }
        if matches!(self.screen, Screen::Log(_)) {
            return vec![
                "entries are only ever added; one that is taken back stays",
                "who: a claim; chain: every line fits the one before it",
            ];
        }
        if matches!(self.screen, Screen::Worklist) {
            return vec![
                "open: nothing that contains it was decided, or it no longer stands",
                "to find out: UNKNOWN, nobody knows whether it is reached",
            ];
        }
        if matches!(self.screen, Screen::Advisories) {
            return ADVISORIES.to_vec();
        }
        let visible = layout::visible(self);
        let shows = |view: View| visible.contains(&crate::app::Focus::View(view));
        let mut words = Vec::new();
        let states = self.verdict.is_some() || shows(View::Reach);
        if states {
            words.extend(STATES);
        }
        if states || shows(View::Up) || shows(View::Down) {
            words.push(GRADES);
        }
        words.push(COUNTS);
        if shows(View::Up) || shows(View::Down) {
            words.push("▾ ▸ open, closed   = N more like it   ^ shown above");
        }
        words.push("…            being computed, or cut to fit");
        words
    }

    pub(super) fn scroll_help(&mut self, step: Step) {
        let page = self.help_page();
        let n = page.left.len().max(page.right.len()) + page.words.len() + 1;
        if let Some(help) = &mut self.help {
            help.top = match step {
                Step::Next => help.top + 1,
                Step::Previous => help.top.saturating_sub(1),
                Step::HalfDown | Step::PageDown => help.top + 8,
                Step::HalfUp | Step::PageUp => help.top.saturating_sub(8),
                Step::First => 0,
                Step::Last => n,
            }
            .min(n.saturating_sub(4));
        }
    }
}
