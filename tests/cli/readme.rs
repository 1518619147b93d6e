//! What README.md shows is what the binary draws and writes.

use crate::run::on;
use portable_pty::CommandBuilder;
use portable_pty::PtySize;
use std::io::Read;
use std::io::Write;
use std::num::NonZero;
use std::sync::mpsc;
use std::time::Duration;
use std::time::Instant;

const README: &str = include_str!("../../README.md");

/// The keys of the README's story, find the look-alike and mark it, each with what stands on the screen before it.
const KEYS: [(&str, &str); 4] =
    [("11  3?", "/eute"), ("1 of 3, 38 in all", "\r"), ("[Models /eute]", "m"), ("11 confirmed, 3 possible", "\r")];

/// How long the explorer may take, on a machine that does other things too.
const PATIENCE: Duration = Duration::from_secs(30);

/// The blocks that open with this fence.
fn blocks(fence: &str) -> Vec<&'static str> {
    let open = format!("\n{fence}\n");
    README.split(open.as_str()).skip(1).filter_map(|rest| rest.split("\n```").next()).collect()
}

/// Each console block: a command line, then lines of its answer in their order, `...` where some are left out.
#[test]
fn what_the_readme_shows_is_true() {
    let blocks = blocks("```console");
    assert!(!blocks.is_empty());
    for block in blocks {
        let (command, shown) = block.split_once('\n').unwrap();
        let args: Vec<&str> = command.strip_prefix("$ downriver ").unwrap().split(' ').collect();
        let ran = on("sample-sboms", &args);
        let mut written = ran.out.lines();
        for line in shown.lines().filter(|line| *line != "...") {
            assert!(written.any(|other| other == line), "{command} does not write:\n{line}\n\n{}", ran.out);
        }
    }
}

#[test]
fn the_readme_opens_with_a_real_screen() {
    let shown = *blocks("```").first().unwrap();
    let size = PtySize { rows: 24, cols: 80, pixel_width: 0, pixel_height: 0 };
    let pty = portable_pty::native_pty_system().openpty(size).unwrap();
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_downriver"));
    let own = tempfile::tempdir().unwrap();
    command.args(["sample-sboms", "--actor", "oncall", "--now", "2026-03-02T03:11:08Z", "--journal"]);
    command.arg(own.path().join("journal.jsonl"));
    command.env("DOWNRIVER_STATE", own.path());
    command.cwd(env!("CARGO_MANIFEST_DIR"));
    command.env("TERM", "xterm-256color");
    command.env("LANG", "C.UTF-8");
    let mut child = pty.slave.spawn_command(command).unwrap();
    drop(pty.slave);
    let (sender, bytes) = mpsc::channel();
    let mut reader = pty.master.try_clone_reader().unwrap();
    std::thread::spawn(move || {
        let mut buffer = [0; 4096];
        while let Ok(n @ 1..) = reader.read(&mut buffer) {
            if sender.send(buffer[..n].to_vec()).is_err() {
                break;
            }
        }
    });
    let mut keys = pty.master.take_writer().unwrap();
    let mut screen = vt100::Parser::new(NonZero::new(24).unwrap(), NonZero::new(80).unwrap(), 0);
    let text = |screen: &vt100::Parser| screen.screen().contents().lines().map(str::trim_end).collect::<Vec<_>>().join("\n");
    let mut until = |wanted: &dyn Fn(&str) -> bool| {
        let deadline = Instant::now() + PATIENCE;
        while !wanted(&text(&screen)) && Instant::now() < deadline {
            if let Ok(bytes) = bytes.recv_timeout(Duration::from_millis(100)) {
                screen.process(&bytes);
            }
        }
        text(&screen)
    };
    for (before, key) in KEYS {
        until(&|text| text.contains(before));
        keys.write_all(key.as_bytes()).unwrap();
    }
    let drawn = until(&|text| text == shown);
    assert_eq!(drawn, shown);
    keys.write_all(b"q").unwrap();
    assert!(child.wait().unwrap().success());
}
