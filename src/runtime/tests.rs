//! What a key costs on the line: bytes of a frame at 120x40, and texts made for it (design.md section 8).

use super::paint;
use crate::app::harness::Harness;
use crate::app::msg::Msg;
use crate::app::shown;
use crate::graph::fixture;
use crate::ui;
use crate::ui::theme::Theme;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use std::fmt::Write as _;

const SIZE: (u16, u16) = (120, 40);
/// Cells of the list.
const LIST: u16 = 34;

/// An explorer and what its terminal shows.
struct Screen {
    harness: Harness,
    shown: Buffer,
}

/// Bytes that a key costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Cost {
    all: usize,
    /// Without the panes beside the list.
    list: usize,
}

impl Screen {
    fn new(mut harness: Harness) -> Self {
        harness.send(Msg::Resize(SIZE.0, SIZE.1));
        let mut screen = Self { harness, shown: Buffer::empty(Rect::new(0, 0, SIZE.0, SIZE.1)) };
        screen.key("");
        screen
    }

    fn key(&mut self, keys: &str) -> Cost {
        self.harness.keys(keys);
        let mut next = Buffer::empty(self.shown.area);
        ui::draw(&mut next, &self.harness.app, Theme { color: true, ascii: false });
        let mut list = self.shown.clone();
        for (x, y) in (0..SIZE.1).flat_map(|y| (0..LIST).map(move |x| (x, y))) {
            list[(x, y)] = next[(x, y)].clone();
        }
        let bytes = |next: &Buffer| {
            let mut out = String::new();
            paint::encode(&self.shown, next, &mut out);
            out.len()
        };
        let cost = Cost { all: bytes(&next), list: bytes(&list) };
        self.shown = next;
        cost
    }

    /// Costs of a key pressed several times: least to most.
    fn keys(&mut self, key: &str, times: usize) -> Vec<Cost> {
        let mut costs: Vec<Cost> = (0..times).map(|_| self.key(key)).collect();
        costs.sort_unstable();
        costs
    }
}

fn most(costs: &[Cost], of: impl Fn(&Cost) -> usize) -> usize {
    costs.iter().map(of).max().unwrap()
}

fn median(costs: &[Cost], of: impl Fn(&Cost) -> usize) -> usize {
    let mut all: Vec<usize> = costs.iter().map(of).collect();
    all.sort_unstable();
    all[all.len() / 2]
}

#[test]
fn keys_cost_few_bytes() {
    let list = |cost: &Cost| cost.list;
    let all = |cost: &Cost| cost.all;
    let mut screen = Screen::new(Harness::sample());
    screen.key("3");
    for (what, key, times, list_alone, with_panes) in [
        ("a move", "j", 30, 120, 1_400),
        ("to the end of the screen", "j", 4, 1_600, 2_000),
        ("a scroll", "j", 30, 1_600, 3_000),
        ("a page", "<^f>", 2, 1_500, 3_000),
        ("a page back", "<^b>", 2, 1_500, 3_000),
    ] {
        let costs = screen.keys(key, times);
        let said = format!("{what}: {costs:?}");
        assert!(most(&costs, list) <= list_alone, "{said}");
        assert!(median(&costs, all) <= with_panes, "{said}");
    }
    screen.key("/");
    for letter in ["t", "o", "r"] {
        let cost = screen.key(letter);
        assert!(cost.list <= 2_000 && cost.all <= 3_000, "{letter} typed: {cost:?}");
    }
    screen.key("<Esc>");
    assert_eq!(screen.key("jk").all, 0, "keys that come together and lead back");
}

/// Why follows the cursor of Reach: the changed path comes on top of a move.
#[test]
fn a_path_that_follows_costs_what_changes_in_it() {
    let mut screen = Screen::new(Harness::sample());
    // The first key takes the message with it.
    screen.key("/eute<Enter>m<Enter>jk");
    let costs = screen.keys("j", 13);
    assert!(median(&costs, |cost| cost.all) <= 450, "{costs:?}");
    assert!(most(&costs, |cost| cost.list) == 0, "the list stays as it is: {costs:?}");
}

/// As many models as said, in chains of ten that end in a deployment, all on one package.
fn chains(models: usize) -> Harness {
    let mut drawing = String::new();
    for chain in 0..models / 10 {
        let names: Vec<String> = (0..10).map(|nth| format!("model-{chain:05}-{nth}")).collect();
        writeln!(drawing, "{} -> service{chain}@production", names.join(" -> ")).unwrap();
        for name in names {
            writeln!(drawing, "package:hub -> {name}").unwrap();
        }
    }
    Harness::new(fixture::graph(&drawing))
}

/// Texts made, and bytes, for some keys and a frame after each.
fn work(harness: Harness) -> Vec<(usize, usize)> {
    let mut screen = Screen::new(harness);
    let keys =
        ["j", "k", "<^f>", "j", "<Tab>", "j", "1", "u", "j", "<Space>", "1", "2", "1", "3d", "j", "bbbbb", "j", "j", "<^f>", "i"];
    keys.into_iter()
        .map(|key| {
            let before = shown::made();
            let cost = screen.key(key);
            (shown::made() - before, cost.all)
        })
        .collect()
}

/// Only what is on the screen is made, however much there is.
#[test]
fn a_key_and_its_frame_cost_the_same_in_any_repository() {
    let (small, large) = (work(chains(500)), work(chains(5_000)));
    for (nth, ((few, _), (many, _))) in small.iter().zip(&large).enumerate() {
        assert!(*many <= few + 40, "key {nth}: {few} and {many} texts\n{small:?}\n{large:?}");
    }
    for (nth, ((_, few), (_, many))) in small.iter().zip(&large).enumerate() {
        assert!(*many <= few + few / 2 + 200, "key {nth}: {few} and {many} bytes\n{small:?}\n{large:?}");
    }
}
