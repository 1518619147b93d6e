//! The bundled sample repository gives the answers that its README promises.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

use assert_cmd::Command;
use serde_json::Value;
use std::path::Path;

const DIGEST: &str = "sha256:5f1c09a7be221f3d2c26a348bae1a5c27dc3654eeb0b2376d35cf3678877d81e";

/// Exit code and JSON answer of a command on a repository.
fn ask_in(repository: &Path, words: &[&str]) -> (i32, Value) {
    let mut command = Command::cargo_bin("downriver").unwrap();
    command.env("DOWNRIVER_CACHE", "off");
    let (subcommand, rest) = words.split_first().unwrap();
    let output = command.arg(subcommand).arg("-r").arg(repository).args(["--format", "json"]).args(rest).output().unwrap();
    (output.status.code().unwrap(), serde_json::from_slice(&output.stdout).unwrap_or(Value::Null))
}

fn sample() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/sample-sboms"))
}

fn ask(words: &[&str]) -> (i32, Value) {
    ask_in(sample(), words)
}

fn deployments(answer: &Value, state: &str) -> Vec<String> {
    let all = answer["deployments"].as_array().unwrap().iter();
    all.filter(|d| d["state"] == state).map(|d| d["id"].as_str().unwrap().to_owned()).collect()
}

fn models(answer: &Value, state: &str) -> Vec<String> {
    let all = answer["models"].as_array().unwrap().iter();
    all.filter(|m| m["state"] == state).map(|m| m["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_repository_has_the_counts_of_its_readme() {
    let (_, answer) = ask(&["list"]);
    let count = |kinds: &[&str]| {
        answer["components"].as_array().unwrap().iter().filter(|c| kinds.contains(&c["kind"].as_str().unwrap())).count()
    };
    assert_eq!((count(&["model"]), count(&["dataset"]), count(&["deployment"])), (38, 19, 31));
    assert_eq!(count(&["package", "system", "code"]), 126);
    let (_, documents) = ask(&["list", "--documents"]);
    let documents = documents["documents"].as_array().unwrap();
    assert_eq!(documents.len(), 46);
    for format in ["ml_sbom", "ml_deployments", "cyclonedx", "spdx2", "spdx3"] {
        assert!(documents.iter().any(|d| d["format"] == format), "{format}");
    }
}

#[test]
fn the_digest_reaches_what_the_readme_says() {
    let (code, answer) = ask(&["impact", "--all", DIGEST]);
    assert_eq!(code, 1);
    let counts = &answer["counts"]["deployments"];
    let of = |state: &str| counts[state].as_u64().unwrap();
    assert_eq!((of("affected"), of("possible"), of("unknown"), of("clear"), of("contained")), (11, 3, 2, 15, 0));
    assert_eq!(models(&answer, "POSSIBLE"), ["kb-merge-v5", "kb-search-v5.2.0", "kb-search-v5.3.0", "lab-notebook-v0.1"]);
    assert_eq!(
        models(&answer, "AFFECTED"),
        [
            "contract-review-v0.9.0",
            "email-drafter-v3.0.1",
            "gpt-j-6B-q4",
            "legal-summarizer-v1.4.2",
            "legal-summarizer-v1.5.0",
            "mail-lora-v3",
            "promo-writer-v0.4.0",
            "support-base-v1",
            "support-chat-v2.3.0",
            "support-chat-v2.4.0",
            "ticket-router-v1.1.0",
            "voice-notes-v2.0.0",
        ]
    );
    let unknown = deployments(&answer, "UNKNOWN");
    assert_eq!(unknown.len(), 2, "{unknown:?}");
    assert!(
        unknown.iter().any(|id| id.starts_with("fraud-notes")) && unknown.iter().any(|id| id == "label-intake-v0.2.0@staging")
    );
    assert!(deployments(&answer, "CLEAR").iter().any(|id| id.starts_with("intent-probe")), "ruled out, and a declared root");
    let ruled_out = answer["ruled_out"].as_array().unwrap();
    assert!(ruled_out.iter().any(|r| r["id"].as_str().unwrap().contains("#c04d71e6aa10")), "{ruled_out:?}");
}

#[test]
fn weak_links_are_shown_for_what_they_are() {
    let (_, answer) = ask(&["impact", DIGEST]);
    for (service, weakest) in [
        ("legal-summarizer-v1.4.2@prod-eu-west-1", "=="),
        ("support-chat-v2.3.0@production", "=="),
        ("ticket-router-v1.1.0@production", "=="),
        ("email-drafter-v3.0.1@production", "--"),
        ("voice-notes-v2.0.0@edge-apac", "--"),
        ("contract-review-v0.9.0@staging", "--"),
        ("kb-search-v5.2.0@production", ".."),
    ] {
        let found = answer["deployments"].as_array().unwrap().iter().find(|d| d["id"] == service);
        let path = found.unwrap_or_else(|| panic!("{service}"))["path"].as_array().unwrap();
        let order = ["==", "--", "..", "!="];
        let worst = path.iter().map(|l| order.iter().position(|e| l["evidence"] == *e).unwrap()).max().unwrap();
        assert_eq!(order[worst], weakest, "{service}");
    }
    let chat = answer["deployments"].as_array().unwrap().iter().find(|d| d["id"] == "support-chat-v2.3.0@production").unwrap();
    let places: Vec<String> = chat["path"]
        .as_array()
        .unwrap()
        .iter()
        .map(|l| format!("{}:{}", l["source"]["file"].as_str().unwrap(), l["source"]["line"]))
        .collect();
    assert_eq!(places, ["care/support-base-v1.yaml:7", "care/support-chat-v2.3.0.yaml:9", "care/support-chat-v2.3.0.yaml:41"]);
}

#[test]
fn a_name_is_every_version() {
    let (code, answer) = ask(&["impact", "EleuterAI/gpt-j-6B"]);
    assert_eq!(code, 1);
    assert_eq!((deployments(&answer, "AFFECTED").len(), deployments(&answer, "POSSIBLE").len()), (12, 3));
}

#[test]
fn evaluation_on_the_bad_model_affects_nobody() {
    let (_, answer) = ask(&["impact", "--all", DIGEST]);
    for model in ["kyc-notes-v0.8.0", "toxicity-probe-v1"] {
        assert!(models(&answer, "CLEAR").contains(&model.to_owned()), "{model}");
    }
}

#[test]
fn the_broken_file_keeps_an_empty_answer_from_being_complete() {
    let (code, answer) = ask(&["impact", "toxicity-probe-v1"]);
    assert_eq!(code, 3);
    let problem = &answer["problems"][0];
    assert_eq!(
        (problem["file"].as_str(), problem["line"].as_u64(), problem["column"].as_u64()),
        (Some("care/intake-bot.yaml"), Some(14), Some(26))
    );
    let copy = tempfile::tempdir().unwrap();
    copy_folder(sample(), copy.path());
    std::fs::remove_file(copy.path().join("care/intake-bot.yaml")).unwrap();
    assert_eq!(ask_in(copy.path(), &["impact", "toxicity-probe-v1"]).0, 0);
}

#[test]
fn a_misspelt_name_is_answered_with_the_right_one() {
    let mut command = Command::cargo_bin("downriver").unwrap();
    command.env("DOWNRIVER_CACHE", "off");
    let output = command.args(["impact", "-r"]).arg(sample()).arg("EleuterAI/gpt-j-6").output().unwrap();
    assert_eq!(output.status.code(), Some(5));
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(stderr.contains("EleuterAI/gpt-j-6B"), "{stderr}");
}

#[test]
fn a_shared_dataset_reaches_three_teams() {
    let (_, answer) = ask(&["impact", "support-tickets-2025q4"]);
    assert_eq!(deployments(&answer, "AFFECTED").len(), 5, "{:?}", deployments(&answer, "AFFECTED"));
    let (_, answer) = ask(&["impact", "--all", "transformers<4.36.0"]);
    assert!(deployments(&answer, "AFFECTED").is_empty());
    assert_eq!(deployments(&answer, "POSSIBLE").len(), 1);
    assert_eq!(deployments(&answer, "UNKNOWN").len(), 2);
}

#[test]
fn the_findings_of_the_story_are_found() {
    let (code, answer) = ask(&["check"]);
    assert_eq!(code, 1);
    let findings = answer["findings"].as_array().unwrap();
    for (finding, file, line) in [
        ("DR0001", "care/intake-bot.yaml", 14),
        ("DR0205", "research/intent-probe.yaml", 6),
        ("DR0210", "risk/fraud-notes.cdx.json", 88),
        ("DR0112", "search/kb-merge-v5.yaml", 7),
        ("DR0020", "growth/promo-writer.yaml", 51),
    ] {
        let found = findings.iter().any(|f| f["code"] == finding && f["source"]["file"] == file && f["source"]["line"] == line);
        assert!(found, "{finding} {file}:{line}: {findings:#?}");
    }
    assert!(findings.iter().any(|f| f["code"] == "DR0301" && f["message"].as_str().unwrap().contains("EleuterAI")));
}

fn copy_folder(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            std::fs::create_dir(&target).unwrap();
            copy_folder(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}
