//! The explorer as a person has it: the real binary on a pseudo-terminal, its screen read through an emulator.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod terminal;

use std::time::Duration;
use terminal::Start;

const ENTER: &str = "\r";
const ESC: &str = "\u{1b}";

#[test]
fn the_main_job_is_eight_keys() {
    let mut explorer = Start::new(80, 24).run();
    explorer.wait_for("ready");
    explorer.send("/eute");
    explorer.wait_for("3 of 38");
    explorer.send(ENTER);
    explorer.send("m");
    explorer.wait_for("14 deployments in 9 services: 11 confirmed, 3 possible");
    explorer.send(ENTER);
    let screen = explorer.wait_for("not recorded   z undo");
    println!("{screen}");
    explorer.send("q");
    assert_eq!(explorer.end(), 0);
}
