//! Random keys on screens of random sizes.

use crate::bytes;
use crate::ends::assert_restored;
use crate::repository::sample;
use crate::start::ready;
use crate::terminal::End;
use crate::terminal::Start;
use std::time::Duration;

/// Keys without those that end or stop the explorer.
const KEYS: [&str; 52] = [
    "j", "k", "g", "G", "\x04", "\x15", "\x06", "\x02", "\r", "\x1b", "\t", "\x1b[Z", "h", "l", "i", "u", "d", "r", "p", "1",
    "2", "3", "4", "5", "/", "//", "n", "N", "m", "z", "!", "y", "Y", "?", "\x0c", "\x0f", "]", "s", "S", "b", " ", "+", "-",
    "o", "t", "v", "\x10", "e", "u", "\x1b[A", "\x1b[B", "\x7f",
];

/// A reproducible sequence of numbers (Knuth's MMIX).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u16) -> u16 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        u16::try_from((self.0 >> 33) % u64::from(limit)).unwrap()
    }
}

fn storm(seed: u64) {
    let mut dice = Dice(seed);
    let mut terminal = ready(Start::explorer(sample()).env("EDITOR", "true"));
    for round in 0..100 {
        // Now and then a screen of almost nothing, or a very wide one.
        let (columns, rows) = match dice.below(10) {
            0 => (dice.below(4), dice.below(4)),
            1 => (1 + dice.below(1000), 1 + dice.below(3)),
            _ => (1 + dice.below(220), 1 + dice.below(60)),
        };
        terminal.resize(columns, rows);
        for _ in 0..dice.below(6) {
            terminal.press(KEYS[usize::from(dice.below(52))]);
        }
        terminal.listen(Duration::from_millis(u64::from(dice.below(20))));
        if round % 10 == 0 {
            terminal.settle();
            assert_eq!(terminal.past_the_edge(), Vec::<String>::new(), "seed {seed}, round {round}\n{}", terminal.picture());
        }
    }
    terminal.resize(80, 24);
    for _ in 0..10 {
        terminal.esc();
    }
    let screen = terminal.screen();
    assert!(screen.row(0).starts_with("downriver  sample-sboms"), "seed {seed}\n{}", terminal.picture());
    terminal.press("q");
    assert_eq!(terminal.end(), End::Code(0), "seed {seed}\n{}", terminal.picture());
    assert_restored(&terminal, "after a storm");
    let strays = bytes::strays(terminal.bytes()).into_iter();
    let others: Vec<bytes::Piece> =
        strays.filter(|piece| !matches!(piece, bytes::Piece::Osc(copy) if copy.starts_with("52;c;"))).collect();
    assert_eq!(others, [], "seed {seed}");
}

#[test]
fn keys_and_sizes_at_random_do_no_harm() {
    storm(1);
}

#[test]
fn other_keys_and_sizes_at_random_do_no_harm() {
    storm(20_260_302);
}
