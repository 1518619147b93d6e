//! Running the binary as a person or a pipeline would.

use assert_cmd::Command;
use serde_json::Value;
use std::fs;
use std::path::Path;

/// The repository of most tests; its README says what is in it.
pub(crate) const SMALL: &str = "tests/data/repo-small";

/// Digest of the one `acme/base-lm` that `chat-v2` was made from.
pub(crate) const BASE: &str = "sha256:a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2";

/// What came out.
pub(crate) struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

/// The binary in the project's folder, with nothing of the caller's terminal or colours.
pub(crate) fn downriver(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_downriver"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).args(args);
    command.env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE").env("COLUMNS", "80");
    // What a test leaves behind must not reach the next one.
    command.env("DOWNRIVER_CONFIG", "off").env_remove("DOWNRIVER_ACTOR");
    command.env("DOWNRIVER_CACHE", "off").env("DOWNRIVER_STATE", concat!(env!("CARGO_TARGET_TMPDIR"), "/state"));
    command
}

/// Runs a finished command line.
pub(crate) fn finish(mut command: Command) -> Ran {
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Ran { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
}

/// Runs `args` as they are.
pub(crate) fn run(args: &[&str]) -> Ran {
    finish(downriver(args))
}

/// Runs `args` on the small repository.
pub(crate) fn small(args: &[&str]) -> Ran {
    on(SMALL, args)
}

/// Runs `args` on a repository.
pub(crate) fn on(repository: &str, args: &[&str]) -> Ran {
    run(&[args, &["-r", repository]].concat())
}

/// Runs `args` on a repository and reads the JSON.
pub(crate) fn json_on(repository: &str, args: &[&str]) -> (i32, Value) {
    let ran = on(repository, &[args, &["--format", "json"]].concat());
    let value = serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{args:?}: {error}\n{}{}", ran.out, ran.err));
    (ran.code, value)
}

/// A whole answer as one text, for a snapshot.
pub(crate) fn whole(ran: &Ran) -> String {
    format!("exit {}\n--- stderr\n{}--- stdout\n{}", ran.code, ran.err, ran.out)
}

/// A copy of the small repository, to be changed.
pub(crate) fn copy_of_small() -> tempfile::TempDir {
    let copy = tempfile::tempdir().unwrap();
    copy_folder(&Path::new(env!("CARGO_MANIFEST_DIR")).join(SMALL), copy.path());
    copy
}

/// Copies a folder with all that is in it.
pub(crate) fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy_folder(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}
