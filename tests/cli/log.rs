//! `downriver log`, and what becomes of the journal when things go wrong.

use crate::incident::Night;
use crate::incident::POISON;
use crate::run::copy_of_small;
use crate::run::downriver;
use crate::run::finish;
use std::fs;
use std::io::Read;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;
use std::thread;
use std::time::Duration;
use tempfile::TempDir;

/// A night with an incident and a decision.
fn begun() -> Night {
    let night = Night::new();
    assert_eq!(night.at("03:11", "oncall", &["incident", "open", POISON]).code, 0);
    let act = ["incident", "act", "INC-1", "support-chat@production", "quarantine"];
    assert_eq!(night.at("03:14", "oncall", &act).code, 0);
    night
}

fn contained(night: &Night, user: &Path) -> bool {
    night.run_as(user, &["incident", "show", "INC-1"]).out.contains("1 CONTAINED")
}

#[test]
fn what_is_wrong_with_a_journal_is_named_with_its_line_and_nothing_counts() {
    let night = begun();
    assert_eq!(night.at("03:15", "oncall", &["incident", "take", "INC-1"]).code, 0);
    assert!(contained(&night, night.user.path()));
    let head = night.run(&["log", "--head"]).out;
    assert_eq!(night.run(&["log", "verify", "--head", head.trim()]).code, 0);
    assert_eq!(night.run(&["log", "verify", "--head", "3:1234"]).code, 2);
    let whole = fs::read_to_string(night.journal()).unwrap();
    let lines: Vec<&str> = whole.lines().collect();
    for (changed, said) in [
        (whole.replace("quarantine", "quarantinf"), ":2: changed after it was recorded"),
        (format!("{}\n{}\n", lines[0], lines[2]), ":2: entry 2 was removed before it"),
        (format!("{}\n{}\n{}\n", lines[0], lines[2], lines[1]), ":2: out of order: it follows the entry in line 3"),
        (format!("{}\n{}\n", lines[0], lines[1]), ":3: cut off: entry 3 was seen before, and the last one now is 2"),
        (String::new(), ":1: cut off: entry 3 was seen before, and the last one now is 0"),
    ] {
        fs::write(night.journal(), changed).unwrap();
        let ran = night.run(&["log", "verify"]);
        assert_eq!(ran.code, 1, "{said}: {}", ran.out);
        assert!(ran.out.contains(said), "{said}: {}", ran.out);
        assert!(!contained(&night, night.user.path()), "{said}");
        let refused = night.at("03:16", "oncall", &["incident", "take", "INC-1"]);
        assert_eq!(refused.code, 1, "{said}: {}", refused.err);
        assert!(refused.err.contains("error: nothing was recorded: "), "{said}: {}", refused.err);
    }
    fs::write(night.journal(), &whole).unwrap();
    assert!(contained(&night, night.user.path()), "put back");
    // Whoever never saw more needs to be told the head.
    fs::write(night.journal(), format!("{}\n{}\n", lines[0], lines[1])).unwrap();
    let other = tempfile::tempdir().unwrap();
    assert_eq!(night.run_as(other.path(), &["log", "accept"]).code, 0);
    assert_eq!(night.run_as(other.path(), &["log", "verify"]).code, 0);
    let ran = night.run_as(other.path(), &["log", "verify", "--head", head.trim()]);
    assert!(ran.code == 1 && ran.out.contains("cut off: entry 3"), "{}", ran.out);
}

#[test]
fn a_journal_that_came_with_the_repository_decides_nothing_until_it_is_accepted() {
    let night = begun();
    let stranger = tempfile::tempdir().unwrap();
    let ran = night.run_as(stranger.path(), &["incident", "show", "INC-1"]);
    assert!(ran.err.contains("came with the repository and decides nothing"), "{}", ran.err);
    assert!(!ran.out.contains("CONTAINED") && ran.out.contains("quarantine: not-believed"), "{}", ran.out);
    let refused = night.run_as(stranger.path(), &["incident", "take", "INC-1"]);
    assert_eq!(refused.code, 2);
    assert!(refused.err.contains("you have not accepted it\nhint: look at `downriver log`"), "{}", refused.err);
    assert_eq!(night.run_as(stranger.path(), &["log", "accept"]).code, 0);
    assert!(contained(&night, stranger.path()));
    assert_eq!(night.run_as(stranger.path(), &["incident", "take", "INC-1", "--actor", "b"]).code, 0);
    assert!(contained(&night, night.user.path()), "the first one sees what the second one added");
}

#[test]
fn a_torn_tail_is_reported_and_kept_aside_by_the_next_entry() {
    let night = begun();
    let whole = fs::read_to_string(night.journal()).unwrap();
    fs::write(night.journal(), format!("{whole}{{\"seq\":3,\"ti")).unwrap();
    let ran = night.run(&["log", "verify"]);
    assert!(ran.code == 1 && ran.out.contains(":3: 12 bytes from byte "), "{}", ran.out);
    assert!(contained(&night, night.user.path()), "what was recorded still counts");
    let ran = night.at("03:20", "oncall", &["incident", "take", "INC-1"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(
        ran.err.contains("12 bytes at the end of the journal were no whole entry; they are kept in journal.torn-"),
        "{}",
        ran.err
    );
    assert!(night.run(&["log", "verify"]).out.contains("3 entries, chain verified"));
    let names = fs::read_dir(night.path(".downriver")).unwrap().map(|entry| entry.unwrap().path());
    let aside = names.into_iter().find(|path| path.to_string_lossy().contains("torn")).unwrap();
    assert_eq!(fs::read_to_string(aside).unwrap(), "{\"seq\":3,\"ti");
}

#[test]
fn a_journal_that_leads_elsewhere_is_refused() {
    let (night, outside) = (Night::new(), tempfile::tempdir().unwrap());
    symlink(outside.path(), night.path(".downriver")).unwrap();
    for args in [&["incident", "open", POISON][..], &["log"], &["incident", "list"]] {
        let ran = night.run(args);
        assert_eq!(ran.code, 2, "{args:?}: {}", ran.err);
        assert!(ran.err.contains("not used as a journal: its folder is no folder, or a link"), "{}", ran.err);
    }
    assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 0);
    let elsewhere = outside.path().join("j.jsonl");
    let ran = night.run(&["incident", "open", POISON, "--journal", elsewhere.to_str().unwrap()]);
    assert_eq!((ran.code, elsewhere.is_file()), (0, true), "{}", ran.err);
}

#[test]
fn a_repository_that_is_not_there_has_no_journal() {
    let night = begun();
    for args in [&["log"][..], &["log", "verify"], &["log", "accept"], &["incident", "list"]] {
        let mut command = downriver(args);
        command.current_dir(night.folder.path()).args(["-r", "typo"]);
        let ran = finish(command);
        assert_eq!(ran.code, 2, "{args:?}: {}", ran.out);
        assert!(ran.err.contains("typo: no such file or folder"), "{args:?}: {}", ran.err);
    }
}

#[test]
fn the_sample_inside_the_program_has_its_journal_in_the_users_own_folder() {
    let (nowhere, user) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut command = downriver(&["incident", "open", POISON]);
    command.current_dir(nowhere.path()).env("DOWNRIVER_STATE", user.path());
    let ran = finish(command);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.err.contains("the journal is ") && ran.err.contains("journals/sample.jsonl"), "{}", ran.err);
    assert!(user.path().join("journals/sample.jsonl").is_file());
    assert_eq!(fs::read_dir(nowhere.path()).unwrap().count(), 0);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_records_nothing_and_says_so() {
    let (folder, user) = (copy_of_small(), tempfile::tempdir().unwrap());
    for n in 0..3 {
        assert_eq!(finish(note(folder.path(), user.path(), &format!("note {n}"))).code, 0);
    }
    let file = folder.path().join(".downriver/journal.jsonl");
    let before = fs::read(&file).unwrap();
    // The file may grow to so many blocks, which ends in the middle of the next line.
    let blocks = before.len() / 512 + 1;
    let args = "incident note INC-1 x --journal \"$2\" -r \"$1\" --no-cache";
    let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec {} {args}", env!("CARGO_BIN_EXE_downriver"));
    let mut command = Command::new("sh");
    command.args(["-c", &script, "sh"]).arg(folder.path()).arg(&file).env("DOWNRIVER_STATE", user.path());
    let output = command.output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(said.contains("error: nothing was recorded: ") && said.contains("hint: make room"), "{said}");
    assert_eq!(fs::read(&file).unwrap(), before, "not even a part of it");
    assert_eq!(finish(note(folder.path(), user.path(), "after")).code, 0);
}

/// A note in the small repository, whose incident is opened where there is none.
fn note(folder: &Path, user: &Path, text: &str) -> assert_cmd::Command {
    if !folder.join(".downriver/journal.jsonl").exists() {
        let mut open = downriver(&["incident", "open", "acme/base-lm", "--actor", "opener"]);
        open.arg("-r").arg(folder).env("DOWNRIVER_STATE", user);
        assert_eq!(finish(open).code, 0);
    }
    let mut command = downriver(&["incident", "note", "INC-1", text, "--actor", "noter"]);
    command.arg("-r").arg(folder).env("DOWNRIVER_STATE", user);
    command
}

/// The same as a process that can be ended.
fn spawn(folder: &TempDir, user: &TempDir, text: &str) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_downriver"));
    command.args(["incident", "note", "INC-1", text, "--actor", "noter", "--no-cache", "-r"]).arg(folder.path());
    command.env("DOWNRIVER_STATE", user.path()).stdout(Stdio::piped()).stderr(Stdio::null());
    command.spawn().unwrap()
}

#[test]
fn two_processes_interleave_without_loss() {
    let (folder, user) = (copy_of_small(), tempfile::tempdir().unwrap());
    assert_eq!(finish(note(folder.path(), user.path(), "first")).code, 0);
    thread::scope(|scope| {
        for writer in ["a", "b"] {
            let (folder, user) = (&folder, &user);
            scope.spawn(move || {
                for n in 0..20 {
                    let ran = finish(note(folder.path(), user.path(), &format!("{writer}{n}.")));
                    assert_eq!(ran.code, 0, "{}", ran.err);
                }
            });
        }
    });
    let mut verify = downriver(&["log", "verify"]);
    verify.arg("-r").arg(folder.path()).env("DOWNRIVER_STATE", user.path());
    let ran = finish(verify);
    assert!(ran.code == 0 && ran.out.contains("42 entries, chain verified"), "{}", ran.out);
    let text = fs::read_to_string(folder.path().join(".downriver/journal.jsonl")).unwrap();
    for name in (0..20).flat_map(|n| [format!("a{n}."), format!("b{n}.")]) {
        assert_eq!(text.matches(&format!("\"text\":\"{name}\"")).count(), 1, "{name}");
    }
}

#[test]
fn what_was_acknowledged_before_a_kill_is_there() {
    let (folder, user) = (copy_of_small(), tempfile::tempdir().unwrap());
    assert_eq!(finish(note(folder.path(), user.path(), "first")).code, 0);
    let mut acknowledged = Vec::new();
    for round in 0..40_u64 {
        let mut child = spawn(&folder, &user, &format!("round {round}."));
        thread::sleep(Duration::from_millis(round * 2 % 61));
        // It may have ended already.
        let _ = child.kill();
        let mut said = String::new();
        child.stdout.take().unwrap().read_to_string(&mut said).unwrap();
        child.wait().unwrap();
        if said.contains("recorded by noter") {
            acknowledged.push(round);
        }
    }
    assert_eq!(finish(note(folder.path(), user.path(), "last")).code, 0);
    let text = fs::read_to_string(folder.path().join(".downriver/journal.jsonl")).unwrap();
    for round in acknowledged {
        assert_eq!(text.matches(&format!("round {round}.")).count(), 1, "{round}");
    }
    let mut verify = downriver(&["log", "verify"]);
    verify.arg("-r").arg(folder.path()).env("DOWNRIVER_STATE", user.path());
    assert_eq!(finish(verify).code, 0);
}
