//! Where one has been: `^o` and `]` go back and forward through places.

use crate::app::App;
use crate::app::Focus;
use crate::app::Screen;
use crate::app::View;
use crate::app::cursor::Cursor;
use crate::app::tab::Tab;
use crate::app::tree::Tree;

/// So many are remembered.
const KEPT: usize = 30;
/// A tree of more nodes is made anew instead of being kept.
const NODES: usize = 5_000;

/// One place: it names its component by text, so that it outlives a reload.
#[derive(Debug, Clone)]
struct Place {
    tab: Tab,
    /// Printed id.
    component: Option<String>,
    view: View,
    focus: Focus,
    tree: Option<Box<Tree>>,
    reach: Cursor,
}

/// Places before and after this one.
#[derive(Debug, Default)]
pub(crate) struct Places {
    back: Vec<Place>,
    forward: Vec<Place>,
}

impl App {
    fn place(&self) -> Place {
        let tree = self.tree(self.view).filter(|tree| tree.nodes.len() <= NODES);
        Place {
            tab: self.tab,
            component: self.selected().map(|id| self.data.graph.id(id).as_key().to_owned()),
            view: self.view,
            focus: self.focus,
            tree: tree.cloned().map(Box::new),
            reach: self.reach.cursor,
        }
    }

    /// Remembers where one is, before going elsewhere.
    pub(super) fn remember_place(&mut self) {
        let place = self.place();
        self.places.back.push(place);
        self.places.forward.clear();
        if self.places.back.len() > KEPT {
            self.places.back.remove(0);
        }
    }

    /// Goes to the place before this one.
    pub(super) fn place_back(&mut self) {
        let here = self.place();
        match self.places.back.pop() {
            Some(place) => {
                self.places.forward.push(here);
                self.return_to(place);
            }
            None => self.say("no place before this one"),
        }
    }

    /// Goes to the place after this one.
    pub(super) fn place_forward(&mut self) {
        let here = self.place();
        match self.places.forward.pop() {
            Some(place) => {
                self.places.back.push(here);
                self.return_to(place);
            }
            None => self.say("no place after this one"),
        }
    }

    fn return_to(&mut self, place: Place) {
        self.screen = Screen::Main;
        (self.tab, self.view, self.focus) = (place.tab, place.view, place.focus);
        if let Some(id) = place.component.and_then(|printed| self.data.graph.by_id(&printed)) {
            self.go_to(id);
            self.tab = place.tab;
        }
        self.reach.cursor = place.reach;
        if let Some(tree) = place.tree {
            let same = self.trees_are_of(&tree);
            match self.view {
                View::Up if same => self.up = *tree,
                View::Down if same => self.down = *tree,
                View::Up | View::Down | View::Detail | View::Reach | View::Why => {}
            }
        }
    }

    /// Whether a kept tree is of the graph that is shown.
    fn trees_are_of(&self, tree: &Tree) -> bool {
        tree.made.is_some_and(|(generation, _)| generation == self.generation)
    }
}
