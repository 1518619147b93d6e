//! The key hints of what has the keys, from the one key table.

use crate::app::App;
use crate::app::Popup;
use crate::app::Screen;
use crate::app::View;
use crate::app::found::Found;
use crate::app::group::Grouping;
use crate::app::keymap;
use crate::app::keymap::LAST;
use crate::app::keymap::Pane;
use crate::app::layout;
use crate::app::layout::Size;
use crate::text::width;

/// The hints that fit into `cells`, in their order; what does not fit is left out, but never the last ones.
pub(crate) fn footer(app: &App, cells: usize) -> String {
    let mut hints = hints(app);
    hints.sort_by_key(|(rank, _)| *rank);
    let (first, last): (Vec<_>, Vec<_>) = hints.into_iter().partition(|(rank, _)| *rank < LAST);
    let last: Vec<String> = last.into_iter().map(|(_, words)| words).collect();
    let mut room = cells.saturating_sub(last.iter().map(|words| width(words) + 2).sum());
    let mut line: Vec<String> = Vec::new();
    for (_, words) in first {
        let needs = width(&words) + if line.is_empty() { 0 } else { 2 };
        if needs <= room {
            room -= needs;
            line.push(words);
        }
    }
    line.extend(last);
    line.join("  ")
}

fn hints(app: &App) -> Vec<(u8, String)> {
    let pane = app.pane();
    if layout::size(app.size.0, app.size.1) == Size::Small {
        return small(pane);
    }
    let table = keymap::of_pane(pane).flat_map(|binding| binding.foot);
    let mut hints: Vec<(u8, String)> = table.map(|(rank, words)| (*rank, (*words).to_owned())).collect();
    let add = |hints: &mut Vec<(u8, String)>, rank: u8, words: &str| hints.push((rank, words.to_owned()));
    match pane {
        Pane::Filter => {
            add(&mut hints, 5, "type to narrow");
            add(&mut hints, 60, "/ (first) search everywhere");
        }
        Pane::Find => {
            add(&mut hints, 5, "type to find");
            add(&mut hints, 60, "n N next, previous match");
        }
        Pane::SearchBox => add(&mut hints, 5, "type to narrow"),
        Pane::List | Pane::Incidents | Pane::Reach => {
            hints.iter_mut().filter(|(_, words)| words == "?").for_each(|(_, words)| words.push_str(" q"));
        }
        Pane::Tree | Pane::Detail => add(&mut hints, 80, "Esc back"),
        Pane::Problems | Pane::Log | Pane::Advisories | Pane::Worklist => add(&mut hints, LAST, "Esc back"),
        Pane::Why => add(&mut hints, 80, "Esc"),
        Pane::PathField => add(&mut hints, 5, "type a path"),
        Pane::MarkDialog
        | Pane::AdviseDialog
        | Pane::UndoDialog
        | Pane::NotRecorded
        | Pane::Entry
        | Pane::Decide
        | Pane::Remark
        | Pane::Leave
        | Pane::Help => {}
    }
    reword(app, pane, &mut hints);
    hints
}

/// Words that depend on what is shown.
fn reword(app: &App, pane: Pane, hints: &mut Vec<(u8, String)>) {
    match pane {
        Pane::Filter if app.filter().is_some_and(|f| f.found.as_ref().is_some_and(Found::is_empty)) => {
            hints.retain(|(_, words)| words != "up down move" && words != "Enter keep");
            if app.filter().is_some_and(|f| !f.near.is_empty()) {
                hints.push((20, "Tab take the nearest".to_owned()));
            }
        }
        Pane::SearchBox => {
            for (_, words) in hints {
                if words == "up down move" {
                    "up down ^n ^p move".clone_into(words);
                }
            }
        }
        Pane::Tree => reword_tree(app, hints),
        Pane::Why => {
            hints.retain(|(_, words)| !["/ search", "u d r p views", "m mark", "! problems"].contains(&words.as_str()));
        }
        Pane::MarkDialog => {
            let changes = if let Some(Popup::Mark(dialog)) = &app.popup { dialog.changes.clone() } else { None };
            let enter = match changes.filter(|id| app.drafts.iter().all(|draft| draft.id != *id)) {
                Some(id) => format!("Enter lets {id} ask this too"),
                None => format!("Enter opens {}", app.next_incident()),
            };
            for (_, words) in hints {
                if words == "Enter opens it" {
                    words.clone_from(&enter);
                }
            }
        }
        Pane::Reach => {
            if app.is_preview() {
                hints.push((25, "m record".to_owned()));
            }
            hints.retain(|(_, words)| !["Space open/close", "u d r p views", "m mark", "! problems"].contains(&words.as_str()));
        }
        Pane::List if app.load.is_reading() && matches!(app.screen, Screen::Main) => {
            hints.retain(|(_, words)| words != "u d r p views" && words != "s sort");
            hints.push((45, "// everywhere".to_owned()));
        }
        Pane::AdviseDialog => {
            let keeps = if let Some(Popup::Advise(dialog)) = &app.popup { app.keeps(dialog) } else { None };
            let enter = match keeps {
                Some(id) => format!("Enter lets {} ask this too", crate::text::Untrusted::new(id).show()),
                None => format!("Enter opens {}", app.next_incident()),
            };
            hints.iter_mut().filter(|(_, words)| words == "Enter opens it").for_each(|(_, words)| words.clone_from(&enter));
        }
        Pane::List
        | Pane::Detail
        | Pane::Incidents
        | Pane::Problems
        | Pane::Log
        | Pane::Advisories
        | Pane::Worklist
        | Pane::Decide
        | Pane::Remark
        | Pane::PathField
        | Pane::UndoDialog
        | Pane::NotRecorded
        | Pane::Entry
        | Pane::Leave
        | Pane::Filter
        | Pane::Find
        | Pane::Help => {}
    }
}

/// A tree's hints: what there is room for beside its groups.
fn reword_tree(app: &App, hints: &mut Vec<(u8, String)>) {
    let view = if app.focus == crate::app::Focus::View(View::Up) { View::Up } else { View::Down };
    let tree = app.tree(view);
    let by = tree.and_then(|tree| Some(tree.grouped_by(&app.data, tree.root?)));
    if by.is_some_and(|by| by != Grouping::Relation) {
        hints.retain(|(_, words)| !words.starts_with("Enter"));
        for (_, words) in hints {
            if words == "b group" {
                "b group: owner>environment>family>kind>depth>off".clone_into(words);
            }
        }
    } else {
        hints.retain(|(_, words)| !["o open file", "u d r p views", "m mark", "! problems"].contains(&words.as_str()));
        hints.push((45, "/ find".to_owned()));
        hints.push((50, "y copy".to_owned()));
        hints.retain(|(_, words)| words != "/ search");
    }
}

/// What a screen of forty columns has room for.
fn small(pane: Pane) -> Vec<(u8, String)> {
    let words: &[&str] = match pane {
        Pane::List => &["Enter detail", "Tab pane", "/ m", "? q"],
        Pane::Detail => &["Enter follow", "Tab pane", "/ o", "? q"],
        Pane::Tree => &["Space open", "Enter go", "b", "Esc", "? q"],
        Pane::Reach => &["Enter why", "Tab pane", "/ m", "? q"],
        Pane::Why => &["n N path", "Enter go", "o y", "Esc", "? q"],
        Pane::Incidents => &["Enter header", "z undo", "? q"],
        Pane::Problems => &["Enter go", "o open", "Esc back", "? q"],
        Pane::Log => &["Enter entry", "z undo", "o file", "Esc back", "? q"],
        Pane::Advisories => &["Enter open", "r p o", "Tab", "Esc back", "?"],
        Pane::Worklist => &["Enter decide", "Space tick", "c p b", "Esc", "?"],
        Pane::Decide => &["1-7", "Tab", "Enter record", "Esc leave"],
        Pane::Remark => &["Enter record", "Esc leave"],
        Pane::PathField => &["Tab complete", "Enter read", "Esc leave"],
        Pane::MarkDialog | Pane::AdviseDialog => &["Enter open", "^d more", "Esc leave"],
        Pane::UndoDialog => &["Enter yes", "Esc no"],
        Pane::NotRecorded => &["1-4 Enter", "Esc dialog"],
        Pane::Entry => &["j k move", "Esc close"],
        Pane::Leave => &["Enter leave", "Esc stay"],
        Pane::Filter => &["Enter keep", "Esc clear"],
        Pane::Find => &["Enter keep", "n N", "Esc clear"],
        Pane::SearchBox => &["Enter go", "Tab kind", "Esc close"],
        Pane::Help => &["j k move", "/ search", "Esc close"],
    };
    words.iter().zip(1..).map(|(words, rank)| (rank, (*words).to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::key::Code;
    use crate::app::key::KeyPress;

    #[test]
    fn footers_fit_and_keep_their_end() {
        let mut app = App::new("r", false);
        app.load = crate::app::loading::Load::Ready;
        assert_eq!(footer(&app, 80), "j k move  Enter detail  / search  m mark  u d r p views  s sort  ! problems  ? q");
        for cells in 10..200 {
            assert!(width(&footer(&app, cells)) <= cells, "{cells}");
        }
    }

    #[test]
    fn every_single_key_in_a_footer_is_bound() {
        for pane in Pane::ALL {
            for (_, words) in keymap::of_pane(pane).flat_map(|binding| binding.foot) {
                for word in words.split(' ').filter(|word| word.chars().count() == 1) {
                    let key = KeyPress::char(word.chars().next().unwrap());
                    assert!(keymap::lookup(pane, key).is_some(), "{word} in {}", pane.word());
                }
            }
            assert!(keymap::lookup(pane, KeyPress::plain(Code::Esc)).is_some());
        }
    }
}
