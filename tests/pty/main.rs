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
    explorer.wait_for("  ready");
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

#[test]
fn keys_typed_ahead_on_a_slow_line_give_the_same_screen() {
    let mut explorer = Start::new(80, 24).run();
    explorer.wait_for("  ready");
    explorer.send("/eute\rm\r");
    let screen = explorer.wait_for("not recorded   z undo");
    assert!(screen.contains(">! AFFECTED legal-summarize…prod-eu-west-1 =="), "{screen}");
    explorer.send("q");
    assert_eq!(explorer.end(), 0);
}

#[test]
fn nothing_is_sent_while_nothing_happens() {
    let mut explorer = Start::new(80, 24).run();
    explorer.wait_for("  ready");
    explorer.settle();
    assert_eq!(explorer.bytes_within(Duration::from_secs(5)), 0);
    explorer.send("jjjjjjjjjj");
    explorer.settle();
    assert_eq!(explorer.bytes_within(Duration::from_secs(1)), 0);
}

#[test]
fn escape_ten_times_then_q_leaves_the_terminal_as_it_was() {
    for keys in [
        "",
        "/eute",
        "//gptj6",
        "3d   ",
        "!",
        "?",
        "?/x",
        "/eute\rm",
        "/eute\rm\tsome reason",
        "/eute\rm\rp",
        "5",
        "\u{1b}[200~sha256:5f1c\nx\u{1b}[201~",
    ] {
        let mut explorer = Start::new(80, 24).run();
        let before = explorer.modes();
        explorer.wait_for("  ready");
        explorer.send(keys);
        explorer.settle();
        for _ in 0..10 {
            explorer.send(ESC);
            std::thread::sleep(Duration::from_millis(15));
        }
        explorer.send("q");
        assert_eq!(explorer.end(), 0, "{keys:?}");
        assert_eq!(explorer.modes(), before, "{keys:?}");
        assert!(!explorer.on_alternate_screen());
        let end = String::from_utf8_lossy(&explorer.received).into_owned();
        assert!(end.contains("\u{1b}[?25h") && end.contains("\u{1b}[?2004l"), "cursor and paste mode restored");
    }
}

#[test]
fn a_signal_ends_it_with_its_number() {
    for (signal, code) in
        [(rustix::process::Signal::TERM, 143), (rustix::process::Signal::HUP, 129), (rustix::process::Signal::INT, 130)]
    {
        let mut explorer = Start::new(80, 24).run();
        explorer.wait_for("  ready");
        let before_end = explorer.child.process_id().unwrap();
        let pid = rustix::process::Pid::from_raw(i32::try_from(before_end).unwrap()).unwrap();
        rustix::process::kill_process(pid, signal).unwrap();
        assert_eq!(explorer.end(), code);
        assert!(!explorer.on_alternate_screen());
    }
}

#[test]
fn a_terminal_that_hangs_up_leaves_no_process() {
    for keys in ["", "/eute\rm", "!"] {
        let mut explorer = Start::new(80, 24).run();
        explorer.wait_for("  ready");
        explorer.send(keys);
        let mut child = explorer.hang_up();
        let begun = std::time::Instant::now();
        while child.try_wait().unwrap().is_none() {
            assert!(begun.elapsed() < Duration::from_secs(3), "still there after {keys:?}");
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

#[test]
fn suspending_gives_the_terminal_back_and_takes_it_again() {
    let mut explorer = Start::new(80, 24).run();
    let before = explorer.modes();
    explorer.wait_for("  ready");
    explorer.send("\u{1a}");
    explorer.settle();
    assert!(!explorer.on_alternate_screen());
    assert_eq!(explorer.modes(), before);
    let pid = rustix::process::Pid::from_raw(i32::try_from(explorer.child.process_id().unwrap()).unwrap()).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::CONT).unwrap();
    explorer.wait_for("  ready");
    assert!(explorer.on_alternate_screen());
    explorer.send("q");
    assert_eq!(explorer.end(), 0);
}

#[test]
fn no_row_is_wider_than_any_screen() {
    let mut explorer = Start::new(80, 24).run();
    explorer.wait_for("  ready");
    explorer.send("/eute\rm\r");
    for (width, height) in [(40, 10), (120, 40), (200, 50), (1, 1), (30, 6), (60, 16), (79, 24), (110, 16), (160, 20), (80, 24)] {
        explorer.resize(width, height);
        explorer.settle();
        let screen = explorer.screen();
        assert!(screen.lines().count() <= usize::from(height));
        // Nothing wrapped: a wrapped row would push the header out of the first line.
        if width >= 40 && height >= 10 {
            assert!(screen.lines().next().unwrap().contains("sample-sboms"), "{width}x{height}:\n{screen}");
        }
    }
    explorer.send("q");
    assert_eq!(explorer.end(), 0);
}

#[test]
fn without_colour_and_in_ascii_the_words_are_the_same() {
    let mut explorer = Start::new(80, 24).with("--ascii").set("NO_COLOR", "1").run();
    explorer.wait_for("  ready");
    explorer.send("/eute\rm\r");
    let screen = explorer.wait_for("not recorded   z undo");
    assert!(screen.is_ascii(), "{screen}");
    assert!(screen.contains(". X EleuterAI/gpt*6B#5f1c   MARKED|>! AFFECTED legal-summarize*prod-eu-west-1 =="), "{screen}");
    assert!(!explorer.has_color());
    assert!(explorer.received.is_ascii());
    explorer.send("q");
    explorer.end();
}

#[test]
fn a_folder_without_any_sbom_shows_no_screen() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("README.md"), "# nothing").unwrap();
    let mut explorer = Start::new(80, 24).on(folder.path()).run();
    assert_eq!(explorer.end(), 4);
    assert!(String::from_utf8_lossy(&explorer.received).contains("no SBOM"));
    assert!(!String::from_utf8_lossy(&explorer.received).contains("\u{1b}[?1049h"));
}

#[test]
fn a_saved_repair_leaves_the_problems_screen() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.yaml");
    std::fs::write(folder.path().join("b.yaml"), "ml_sbom:\n  model_id: b\n  base_model: {name: x}\n").unwrap();
    std::fs::write(&file, "ml_sbom:\n  model_id: a\n  fine_tuning:\n    framework: t: 1\n").unwrap();
    let mut explorer = Start::new(80, 24).on(folder.path()).run();
    explorer.wait_for("  ready");
    explorer.send("!");
    explorer.wait_for("[Problems: 1 not read");
    std::thread::sleep(Duration::from_millis(300));
    std::fs::write(&file, "ml_sbom:\n  model_id: a\n  fine_tuning:\n    framework: \"t==1\"\n").unwrap();
    explorer.wait_for("[Problems: 0 not read");
    explorer.send("q");
    assert_eq!(explorer.end(), 0);
}

#[test]
fn an_editor_opens_the_file_at_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let told = folder.path().join("told");
    let editor = folder.path().join("editor");
    std::fs::write(&editor, format!("#!/bin/sh\necho \"$@\" > {}\n", told.display())).unwrap();
    std::fs::set_permissions(&editor, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let mut explorer = Start::new(80, 24).set("EDITOR", &editor.display().to_string()).run();
    explorer.wait_for("  ready");
    explorer.send("!o");
    explorer.settle();
    let arguments = std::fs::read_to_string(&told).unwrap();
    assert!(arguments.starts_with("+14 ") && arguments.trim_end().ends_with("care/intake-bot.yaml"), "{arguments}");
    explorer.wait_for("[Problems");
    explorer.send("q");
    assert_eq!(explorer.end(), 0);
}

#[test]
fn copying_is_one_sequence_and_is_said() {
    let mut explorer = Start::new(80, 24).run();
    explorer.wait_for("  ready");
    explorer.send("y");
    explorer.wait_for("copied");
    let bytes = String::from_utf8_lossy(&explorer.received).into_owned();
    assert_eq!(bytes.matches("\u{1b}]52;c;").count(), 1);
    explorer.send("q");
    explorer.end();
}
