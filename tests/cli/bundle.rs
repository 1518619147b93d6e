//! `downriver log bundle`, and `log verify` of what it wrote.

use crate::incident::Night;
use crate::incident::POISON;
use crate::run::run;
use crate::run::whole;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

/// A night with one decision of each kind that a report words differently.
pub(crate) fn night() -> Night {
    let night = Night::new();
    for (time, args) in [
        ("03:11", &["incident", "open", POISON, "--aware", "2026-03-02T03:00:00Z", "--reason", "PSIRT-7"][..]),
        ("03:14", &["incident", "act", "INC-1", "support-chat@production", "rollback", "--to", "support-chat-v2.2.1"]),
        ("03:15", &["incident", "act", "INC-1", "support-chat@production", "done"]),
        (
            "03:16",
            &[
                "incident",
                "act",
                "INC-1",
                "promo-writer@staging",
                "not-affected",
                "--justification",
                "component_not_present",
                "--evidence",
                "never <b>loaded</b>",
            ],
        ),
        ("03:17", &["incident", "act", "INC-1", "fraud-notes@production", "ask", "--whom", "risk", "--what", "an SBOM"]),
        ("03:18", &["incident", "note", "INC-1", "=cmd|'/c calc'!A1 `x` | <script>"]),
    ] {
        let ran = night.at(time, "oncall", args);
        assert_eq!(ran.code, 0, "{args:?}: {}{}", ran.out, ran.err);
    }
    night
}

/// Every file in a folder, by name.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let read = |path: &Path| (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read(path).unwrap());
    fs::read_dir(folder).unwrap().map(|entry| read(&entry.unwrap().path())).collect()
}

fn bundled(night: &Night, folder: &Path) -> String {
    let out = folder.to_str().unwrap();
    let ran = night.run(&["log", "bundle", "INC-1", "--out", out, "--now", "2026-03-02T03:30:00Z"]);
    whole(&ran).replace(out, "DIR")
}

/// A text in which digests, which change with any byte of the sample, are all the same.
fn masked(text: &str) -> String {
    let is_hex = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
    let (mut out, mut run) = (String::new(), String::new());
    for c in text.chars().chain(['\0']) {
        if is_hex(c) {
            run.push(c);
            continue;
        }
        out.push_str(if run.len() == 64 { "<64 hex>" } else { &run });
        run.clear();
        out.push(c);
    }
    out.trim_end_matches('\0').to_owned()
}

#[test]
fn a_bundle_proves_a_night_without_us() {
    let (night, out) = (night(), tempfile::tempdir().unwrap());
    let folder = out.path().join("b");
    insta::assert_snapshot!("bundle", masked(&bundled(&night, &folder)));
    let files = files(&folder);
    let text = |name: &str| String::from_utf8(files[name].clone()).unwrap();
    insta::assert_snapshot!("bundle_report", masked(&text("report.md")));
    insta::assert_snapshot!("bundle_page", masked(&text("report.html")));
    let checked = Command::new("sha256sum").args(["-c", "--strict", "SHA256SUMS"]).current_dir(&folder).output().unwrap();
    assert!(checked.status.success(), "{checked:?}");
    let names: Vec<&str> = files.keys().map(String::as_str).filter(|name| *name != "SHA256SUMS").collect();
    let summed: Vec<String> = text("SHA256SUMS").lines().map(|line| line.split("  ").nth(1).unwrap().to_owned()).collect();
    assert_eq!(summed, names);

    // The same facts, whoever says them.
    let shown: Value = serde_json::from_str(&text("incident.json")).unwrap();
    assert_eq!(shown, night.json("03:30", &["incident", "show", "INC-1"]));
    let impact: Value = serde_json::from_str(&text("impact.json")).unwrap();
    assert_eq!(impact, night.json_alone(&["impact", POISON, "--all"]));
    let journal = fs::read_to_string(night.journal()).unwrap();
    assert_eq!(text("journal.jsonl"), journal);
    assert_eq!(files["downriver.yaml"], fs::read(night.path("downriver.yaml")).unwrap());
    for page in ["report.md", "report.html"] {
        for row in shown["rows"].as_array().unwrap() {
            assert!(text(page).contains(row["deployment"].as_str().unwrap()), "{page}: {row}");
        }
        let counts = &shown["incident"]["counts"];
        let line = format!("{} AFFECTED, {} POSSIBLE", counts["affected"], counts["possible"]);
        assert!(text(page).contains(&line), "{page}: {line}");
    }
    let manifest: Value = serde_json::from_str(&text("bundle.json")).unwrap();
    let digest = |file: &str| {
        let inputs = manifest["inputs"].as_array().unwrap();
        inputs.iter().find(|input| input["file"] == file).unwrap()["sha256"].as_str().unwrap().to_owned()
    };
    let sum = Command::new("sha256sum").arg("care/support-chat-v2.3.0.yaml").current_dir(night.folder.path()).output().unwrap();
    assert!(String::from_utf8(sum.stdout).unwrap().starts_with(&digest("care/support-chat-v2.3.0.yaml")));
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let (night, out) = (night(), tempfile::tempdir().unwrap());
    let (first, second) = (out.path().join("1"), out.path().join("2"));
    assert_eq!(bundled(&night, &first), bundled(&night, &second));
    assert_eq!(files(&first), files(&second));
}

#[test]
fn a_changed_byte_is_named_by_its_file() {
    let (night, out) = (night(), tempfile::tempdir().unwrap());
    bundled(&night, out.path());
    let folder = out.path().to_str().unwrap();
    let head = night.run(&["log", "--head"]).out;
    let ran = run(&["log", "verify", folder, "--head", head.trim()]);
    assert!(ran.code == 0 && ran.out.contains("7 files in SHA256SUMS, as it was written"), "{}", ran.out);
    for (name, whole) in files(out.path()).into_iter().filter(|(name, _)| name != "SHA256SUMS") {
        let mut bytes = whole.clone();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::write(out.path().join(&name), &bytes).unwrap();
        let ran = run(&["log", "verify", folder]);
        assert_eq!(ran.code, 1);
        assert!(ran.out.contains(&format!("\n{name}: changed: its bytes are not those that were written\n")), "{}", ran.out);
        fs::write(out.path().join(&name), whole).unwrap();
    }
    // Sums made anew hide nothing from the chain, and a cut-off end nothing from a head that was kept.
    let journal = fs::read_to_string(out.path().join("journal.jsonl")).unwrap();
    let cut: String = journal.lines().take(3).map(|line| format!("{line}\n")).collect();
    for (slice, said) in
        [(journal.replacen("support-chat-v2.2.1", "support-chat-v2.2.2", 1), "changed after it"), (cut, "cut off: entry")]
    {
        fs::write(out.path().join("journal.jsonl"), slice).unwrap();
        let sums = Command::new("sh").args(["-c", "sha256sum *.* > SHA256SUMS"]).current_dir(out.path()).status().unwrap();
        assert!(sums.success());
        let ran = run(&["log", "verify", folder, "--head", head.trim()]);
        assert!(ran.code == 1 && ran.out.contains(said) && !ran.out.contains("bytes are not those"), "{said}: {}", ran.out);
    }
    assert_eq!(run(&["log", "verify", "no-such-folder"]).code, 2);
}

#[test]
fn a_bundle_holds_the_journal_from_its_incident_on() {
    let (night, out) = (night(), tempfile::tempdir().unwrap());
    let folder = out.path().to_str().unwrap();
    assert_eq!(night.at("03:20", "oncall", &["incident", "open", "torch<2.2"]).code, 0);
    assert_eq!(night.at("03:21", "oncall", &["incident", "take", "INC-2"]).code, 0);
    let ran = night.run(&["log", "bundle", "INC-2", "--out", folder]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let slice = fs::read_to_string(out.path().join("journal.jsonl")).unwrap();
    assert!(fs::read_to_string(night.journal()).unwrap().ends_with(&slice) && slice.lines().count() == 2, "{slice}");
    let ran = run(&["log", "verify", folder]);
    assert!(ran.code == 0 && ran.out.contains("journal from 7:"), "{}", ran.out);
}

#[test]
fn nothing_is_written_into_a_repository_or_over_anything() {
    let (night, out) = (night(), tempfile::tempdir().unwrap());
    fs::write(out.path().join("mine"), "x").unwrap();
    for (folder, said) in [
        ("care/out", "lies inside the repository"),
        (".", "lies inside the repository"),
        (out.path().to_str().unwrap(), "there is something already"),
        (out.path().join("mine").to_str().unwrap(), "there is something already"),
    ] {
        let ran = night.run(&["log", "bundle", "INC-1", "--out", folder]);
        assert!(ran.code == 2 && ran.err.contains(said), "{folder}: {}", ran.err);
    }
    assert!(!night.path("care/out").exists());
    assert_eq!(fs::read_to_string(out.path().join("mine")).unwrap(), "x");
    assert_eq!(night.run(&["log", "bundle", "INC-9", "--out", "../x"]).code, 5);
}
