//! Help, manual pages and completions: what a stranger reads first.

use crate::run::run;

const COMMANDS: [&str; 12] =
    ["list", "search", "show", "lineage", "path", "impact", "rank", "check", "incident", "log", "completions", "man"];

/// Commands of commands.
const BELOW: [[&str; 2]; 17] = [
    ["incident", "open"],
    ["incident", "list"],
    ["incident", "show"],
    ["incident", "act"],
    ["incident", "note"],
    ["incident", "assign"],
    ["incident", "take"],
    ["incident", "link"],
    ["incident", "undo"],
    ["incident", "close"],
    ["incident", "handover"],
    ["incident", "tickets"],
    ["incident", "page"],
    ["log", "verify"],
    ["log", "accept"],
    ["log", "bundle"],
    ["log", "export"],
];

#[test]
fn help_is_whole_and_fits_80_columns() {
    insta::assert_snapshot!("help", run(&["--help"]).out);
    insta::assert_snapshot!("help_short", run(&["-h"]).out);
    for command in COMMANDS {
        let ran = run(&[command, "--help"]);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""));
        assert!(ran.out.contains("\nExamples:\n"), "{command} has no examples");
        let long: Vec<&str> = ran.out.lines().filter(|line| line.chars().count() > 80).collect();
        assert!(long.is_empty(), "{command}: {long:?}");
        insta::assert_snapshot!(format!("help_{command}"), ran.out);
    }
    for [command, below] in BELOW {
        let ran = run(&[command, below, "--help"]);
        assert!(ran.out.contains("\nExamples:\n"), "{command} {below} has no examples");
        let long: Vec<&str> = ran.out.lines().filter(|line| line.chars().count() > 80).collect();
        assert!(long.is_empty(), "{command} {below}: {long:?}");
    }
    insta::assert_snapshot!("help_incident_act", run(&["incident", "act", "--help"]).out);
}

#[test]
fn version_is_told() {
    assert_eq!(run(&["--version"]).out, concat!("downriver ", env!("CARGO_PKG_VERSION"), "\n"));
}

#[test]
fn every_command_has_a_manual_page() {
    insta::assert_snapshot!("man", run(&["man"]).out);
    for command in COMMANDS {
        let page = run(&["man", command]);
        assert_eq!(page.code, 0);
        assert!(page.out.contains(&format!("downriver\\-{command}")), "{command}: {}", page.out);
    }
    assert_eq!(run(&["man", "zebra"]).code, 2);
}

#[test]
fn completions_know_every_command() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = run(&["completions", shell]).out;
        for word in COMMANDS.iter().chain(&["--hazard", "--format"]) {
            let bare = word.trim_start_matches('-');
            assert!(script.contains(bare), "{shell} does not know {word}");
        }
    }
    insta::assert_snapshot!("completions_fish", run(&["completions", "fish"]).out);
}
