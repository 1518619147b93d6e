//! Every exit code, and their order where several hold: 2, 4, 1, 5, 3, 0.

use crate::run::BASE;
use crate::run::SMALL;
use crate::run::copy_of_small;
use crate::run::downriver;
use crate::run::on;
use crate::run::run;
use crate::run::small;
use std::fs;
use std::io::Read;
use std::process::Stdio;

#[test]
fn each_code_has_its_meaning() {
    let whole = copy_of_small();
    fs::remove_file(whole.path().join("models/broken.yaml")).unwrap();
    let empty = tempfile::tempdir().unwrap();
    let damage = tempfile::tempdir().unwrap();
    fs::write(damage.path().join("a.yaml"), "ml_sbom:\n  x: y: z\n").unwrap();
    let inventory = tempfile::tempdir().unwrap();
    let deployments = "ml_deployments:\n  - {service: chat, environment: production, model: chat-v2}\n";
    fs::write(inventory.path().join("running.yaml"), deployments).unwrap();
    let path = |folder: &tempfile::TempDir| folder.path().to_str().unwrap().to_owned();
    let (whole, empty, damage, inventory) = (path(&whole), path(&empty), path(&damage), path(&inventory));
    for (repository, args, code, why) in [
        (whole.as_str(), &["list"][..], 0, "everything was read"),
        (&whole, &["impact", "evil*"], 0, "nothing hangs on it"),
        (&whole, &["show", "chat-v2"], 0, "shown"),
        (&whole, &["search", "zebra"], 0, "a search that finds nothing is an answer"),
        (&whole, &["impact", BASE], 1, "something is reached"),
        (&whole, &["check"], 1, "a finding above note"),
        (&whole, &["impact"], 2, "no selector"),
        (&whole, &["impact", "sha256:..."], 2, "a placeholder is no digest"),
        (&whole, &["impact", "vers:pypi/<2"], 2, "a range of nothing"),
        (&whole, &["impact", BASE, "--since", "2026-02-02", "--until", "2026-02-01"], 2, "no day lies between"),
        (&whole, &["show", "acme/base-lm"], 2, "ambiguous"),
        (&whole, &["list", "--kind", "cat"], 2, "no such kind"),
        ("no/such/folder", &["list"], 2, "no such folder"),
        (SMALL, &["list"], 3, "a file was not read"),
        (SMALL, &["impact", "evil*"], 3, "nothing found, but a file was not read"),
        (&damage, &["list"], 3, "nothing but damage is never clear"),
        (&damage, &["impact", "chat-v2"], 3, "nor is there anything to match"),
        (&empty, &["list"], 4, "no SBOM at all"),
        (&empty, &["impact", "chat-v2"], 4, "which comes before the reference"),
        (&inventory, &["list"], 4, "an inventory is no SBOM"),
        (&whole, &["impact", "zebra"], 5, "matches nothing"),
        (&whole, &["impact", "zebra", "evil*"], 5, "the other one found nothing"),
        (&whole, &["impact", "zebra", BASE], 1, "the other one found something"),
        (SMALL, &["impact", "zebra"], 5, "before 3"),
        (&whole, &["path", "zebra", "chat-v2"], 5, "matches nothing"),
    ] {
        let ran = on(repository, args);
        assert_eq!(ran.code, code, "{why}: {args:?}\n{}{}", ran.out, ran.err);
    }
}

#[test]
fn a_closed_pipe_changes_nothing() {
    let program = env!("CARGO_BIN_EXE_downriver");
    let args = ["impact", BASE, "-r", SMALL, "--format", "json"];
    let mut child = std::process::Command::new(program)
        .args(args)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(1), "{said}");
    assert!(!said.contains("error"), "{said}");
}

#[cfg(target_os = "linux")]
#[test]
fn an_answer_that_could_not_be_written_is_incomplete() {
    let full = fs::File::options().write(true).open("/dev/full").unwrap();
    let program = env!("CARGO_BIN_EXE_downriver");
    let output = std::process::Command::new(program).args(["man"]).stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    assert!(String::from_utf8(output.stderr).unwrap().starts_with("error: the answer could not be written"));
}

#[test]
fn without_a_repository_the_nearest_marked_folder_counts() {
    let copy = copy_of_small();
    let mut command = downriver(&["show", "chat-v2"]);
    let ran = crate::run::finish({
        command.current_dir(copy.path().join("models"));
        command
    });
    assert!(ran.err.starts_with("note: the repository is .., where downriver.yaml is\n"), "{}", ran.err);
    assert!(ran.out.starts_with("chat-v2"), "{}", ran.out);
}

#[test]
fn without_any_the_built_in_sample_answers_and_says_so() {
    let nowhere = tempfile::tempdir().unwrap();
    let mut command = downriver(&["list", "--kind", "model"]);
    let ran = crate::run::finish({
        command.current_dir(nowhere.path());
        command
    });
    assert!(ran.err.starts_with("note: no downriver.yaml here or above: this is the sample repository"), "{}", ran.err);
    assert!(ran.out.contains("EleuterAI/gpt-j-6B"), "{}", ran.out);
}

#[test]
fn what_is_not_understood_is_repeated_escaped() {
    let ran = run(&["impact", "--hazard", "evil\u{202e}\u{1b}[2J"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("evil\\u{202e}") && !ran.err.contains(['\u{1b}', '\u{202e}']), "{}", ran.err);
    let ran = small(&["show", "evil\u{1b}]2"]);
    assert!(ran.err.contains("no component matches `evil\\u{1b}]2`"), "{}", ran.err);
}
