//! Which commit comes before which, asked of clones on this machine.
//!
//! Invariant: git only reads: no hook, no file system monitor, no replacement, no lazy fetch, no configuration but the
//! clone's own; commits are hex digits, and no shell sees them (threats.md P13).
//! Invariant: a clone that does not have all of the history says no to nothing.
//! Absent on purpose: what a range means (`model::advisory`).

use crate::model::version;
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// So many questions are put to git at most.
const QUESTIONS: usize = 10_000;

/// Why a folder cannot be asked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum GitError {
    #[error("{}: no git repository that git can read", .path.display())]
    NoClone { path: PathBuf },
    #[error("the program `git` cannot be run")]
    NoProgram {
        #[source]
        source: std::io::Error,
    },
}

/// Clones that may know commits.
#[derive(Debug, Default)]
pub(crate) struct Clones {
    /// Each with whether it has all of its history.
    clones: Vec<(PathBuf, bool)>,
    known: RefCell<FxHashMap<(String, String), Option<bool>>>,
}

impl Clones {
    /// Looks at each folder; fails where one is no clone.
    pub(crate) fn open(paths: &[PathBuf]) -> Result<Self, GitError> {
        let open = |path: &PathBuf| {
            let output = git(path).args(["rev-parse", "--is-shallow-repository"]).output();
            let output = output.map_err(|source| GitError::NoProgram { source })?;
            match output.stdout.trim_ascii() {
                b"false" if output.status.success() => Ok((path.clone(), true)),
                b"true" if output.status.success() => Ok((path.clone(), false)),
                _ => Err(GitError::NoClone { path: path.clone() }),
            }
        };
        Ok(Self { clones: paths.iter().map(open).collect::<Result<_, _>>()?, known: RefCell::default() })
    }

    /// Whether the first commit is the second or comes before it; `None` where no clone knows both.
    pub(crate) fn is_ancestor(&self, first: &str, second: &str) -> Option<bool> {
        let (first, second) = (version::commit(first)?, version::commit(second)?);
        let key = (first, second);
        if let Some(known) = self.known.borrow().get(&key) {
            return *known;
        }
        if self.known.borrow().len() >= QUESTIONS {
            return None;
        }
        let answer = self.clones.iter().find_map(|(path, whole)| ask(path, &key.0, &key.1).filter(|yes| *yes || *whole));
        self.known.borrow_mut().insert(key, answer);
        answer
    }
}

fn ask(path: &Path, first: &str, second: &str) -> Option<bool> {
    let status = git(path).args(["merge-base", "--is-ancestor", first, second]).stdout(Stdio::null()).status().ok()?;
    match status.code() {
        Some(0) => Some(true),
        Some(1) => Some(false),
        _ => None,
    }
}

/// Git in a clone, reading only.
fn git(path: &Path) -> Command {
    let mut command = Command::new("git");
    command.arg("-C").arg(path);
    command.args(["-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "protocol.allow=never", "--no-pager"]);
    for name in [
        "GIT_DIR",
        "GIT_WORK_TREE",
        "GIT_OBJECT_DIRECTORY",
        "GIT_ALTERNATE_OBJECT_DIRECTORIES",
        "GIT_GRAFT_FILE",
        "GIT_CONFIG_PARAMETERS",
    ] {
        command.env_remove(name);
    }
    command.envs([
        ("GIT_CONFIG_NOSYSTEM", "1"),
        ("GIT_CONFIG_GLOBAL", "/dev/null"),
        ("GIT_NO_LAZY_FETCH", "1"),
        ("GIT_NO_REPLACE_OBJECTS", "1"),
        ("GIT_OPTIONAL_LOCKS", "0"),
        ("GIT_TERMINAL_PROMPT", "0"),
    ]);
    command.stdin(Stdio::null()).stderr(Stdio::null());
    command
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    /// Runs git in a folder as a person would.
    fn run(path: &Path, args: &[&str]) -> String {
        let names = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"];
        let output = Command::new("git").arg("-C").arg(path).args(names).args(args).output().unwrap();
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    fn commit(path: &Path, text: &str) -> String {
        fs::write(path.join("f"), text).unwrap();
        run(path, &["add", "f"]);
        run(path, &["commit", "-q", "-m", text]);
        run(path, &["rev-parse", "HEAD"])
    }

    #[test]
    fn history_is_told_by_a_clone_that_has_it() {
        let (dir, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        run(dir.path(), &["init", "-q"]);
        let (a, b, c) = (commit(dir.path(), "a"), commit(dir.path(), "b"), commit(dir.path(), "c"));
        let clones = Clones::open(&[dir.path().to_owned()]).unwrap();
        assert_eq!((clones.is_ancestor(&a, &b), clones.is_ancestor(&b, &a)), (Some(true), Some(false)));
        assert_eq!(clones.is_ancestor(&a, &c.to_uppercase()), Some(true), "also by way of another");
        assert_eq!(clones.is_ancestor(&"0".repeat(40), &a), None, "a commit that it does not have");
        assert_eq!(clones.is_ancestor("--output=x", &a), None, "no commit is an option");
        let url = format!("file://{}", dir.path().display());
        run(other.path(), &["clone", "-q", "--depth", "1", &url, "shallow"]);
        let shallow = Clones::open(&[other.path().join("shallow")]).unwrap();
        assert_eq!((shallow.is_ancestor(&a, &c), shallow.is_ancestor(&c, &c)), (None, Some(true)), "a part says no to nothing");
        let both = Clones::open(&[other.path().join("shallow"), dir.path().to_owned()]).unwrap();
        assert_eq!(both.is_ancestor(&b, &a), Some(false));
        assert!(Clones::open(&[other.path().to_owned()]).is_err());
    }

    #[test]
    fn nothing_that_lies_in_a_clone_is_run() {
        let dir = tempfile::tempdir().unwrap();
        run(dir.path(), &["init", "-q"]);
        let (a, b) = (commit(dir.path(), "a"), commit(dir.path(), "b"));
        let trap = dir.path().join("trap");
        fs::write(&trap, format!("#!/bin/sh\ntouch {}\n", dir.path().join("sprung").display())).unwrap();
        run(dir.path(), &["config", "core.fsmonitor", trap.to_str().unwrap()]);
        run(dir.path(), &["config", "core.pager", trap.to_str().unwrap()]);
        let clones = Clones::open(&[dir.path().to_owned()]).unwrap();
        assert_eq!(clones.is_ancestor(&a, &b), Some(true));
        assert!(!dir.path().join("sprung").exists());
    }
}
