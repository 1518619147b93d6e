//! Generated repositories whose answers are known: the binary's answer about every chosen component is exactly the truth.
//!
//! Needs python3 and the generator in `$DOWNRIVER_SHARED` or `../shared`; without them these tests pass and say so, unless
//! `DOWNRIVER_REQUIRE_SHARED` is set. `DOWNRIVER_BIN` names another binary to ask, as an optimised one, which is then asked
//! about a second seed too.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]
#![allow(clippy::print_stdout, reason = "a test that is skipped says so aloud")]

use std::env;
use std::path::PathBuf;
use std::process::Command;

/// As many models as a small company has; larger ones are asked about by hand.
const MODELS: &str = "300";

fn tools() -> Option<PathBuf> {
    let shared = env::var_os("DOWNRIVER_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    let tools = shared.join("tools");
    let python = Command::new("python3").arg("--version").output().is_ok_and(|output| output.status.success());
    if tools.join("gen_repo.py").is_file() && python {
        return Some(tools);
    }
    assert!(env::var_os("DOWNRIVER_REQUIRE_SHARED").is_none(), "no python3, or no generator in {}", tools.display());
    println!("SKIPPED: no python3, or no generator in {}", tools.display());
    None
}

fn answers_are_the_truth(format: &str) {
    let Some(tools) = tools() else { return };
    let other = env::var("DOWNRIVER_BIN").ok();
    let binary = other.as_deref().unwrap_or(env!("CARGO_BIN_EXE_downriver"));
    let seeds: &[&str] = if other.is_some() { &["1", "2"] } else { &["1"] };
    for seed in seeds {
        let folder = tempfile::tempdir().unwrap();
        let repository = folder.path().join("repository");
        let python = |script: &str| {
            let mut command = Command::new("python3");
            command.arg(tools.join(script));
            command
        };
        let options = ["--models", MODELS, "--format", format, "--seed", seed];
        let generated = python("gen_repo.py").arg(&repository).args(options).output().unwrap();
        assert!(generated.status.success(), "{}", String::from_utf8_lossy(&generated.stderr));
        let caches = folder.path().join("caches");
        for cache in [caches.as_os_str(), "off".as_ref()] {
            let mut check = python("truth_check.py");
            let checked = check.arg(binary).arg(&repository).env("DOWNRIVER_CACHE", cache).output().unwrap();
            let said = String::from_utf8_lossy(&checked.stdout).into_owned();
            println!("{format}, seed {seed}: {}", said.trim_end());
            assert!(checked.status.success(), "{format}, seed {seed}, cache {}:\n{said}", cache.display());
        }
    }
}

#[test]
fn yaml_repositories_are_answered_truly() {
    answers_are_the_truth("yaml");
}

#[test]
fn cyclonedx_repositories_are_answered_truly() {
    answers_are_the_truth("cyclonedx");
}

#[test]
fn mixed_repositories_are_answered_truly() {
    answers_are_the_truth("mixed");
}
