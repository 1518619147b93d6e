//! `downriver log export`.

use crate::bundle::night;
use crate::incident::Night;
use crate::incident::POISON;
use crate::run::copy_folder;
use crate::run::json_on;
use crate::run::run;
use crate::run::whole;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

fn exported(night: &Night, folder: &Path) -> String {
    let out = folder.to_str().unwrap();
    whole(&night.run(&["log", "export", "INC-1", "--out", out, "--now", "2026-03-02T03:30:00Z"])).replace(out, "DIR")
}

/// Ids and states of what a compromise reaches.
fn states(folder: &Path, args: &[&str]) -> (Value, BTreeMap<String, String>) {
    let (_, answer) = json_on(folder.to_str().unwrap(), &[&["impact", POISON], args].concat());
    let text = |row: &Value, key: &str| row[key].as_str().unwrap().to_owned();
    let rows = answer["deployments"].as_array().unwrap().iter().chain(answer["models"].as_array().unwrap());
    (answer["counts"].clone(), rows.map(|row| (text(row, "id"), text(row, "state"))).collect())
}

/// Every file below a folder but the journal.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let (mut found, mut open) = (BTreeMap::new(), vec![folder.to_owned()]);
    while let Some(path) = open.pop() {
        if path.is_dir() && !path.ends_with(".downriver") {
            open.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.is_file() {
            let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
            found.insert(name, fs::read(&path).unwrap());
        }
    }
    found
}

#[test]
fn copies_carry_the_trail_and_answer_as_the_originals_do() {
    let (night, out) = (night(), tempfile::tempdir().unwrap());
    let before = files(night.folder.path());
    let folder = out.path().join("e");
    insta::assert_snapshot!("export", exported(&night, &folder));
    assert_eq!(files(night.folder.path()), before, "the originals stay byte for byte");

    // Put over the originals, they change no answer; alone, they reach the same.
    let whole = states(night.folder.path(), &["--all"]);
    let reached = states(night.folder.path(), &[]).1;
    assert_eq!(states(&folder.join("sboms"), &[]).1, reached);
    let over = tempfile::tempdir().unwrap();
    copy_folder(night.folder.path(), over.path());
    copy_folder(&folder.join("sboms"), over.path());
    assert_eq!(states(over.path(), &["--all"]), whole);
    assert_ne!(files(over.path()), before);

    let chat = fs::read_to_string(folder.join("sboms/care/support-chat-v2.3.0.yaml")).unwrap();
    let original = String::from_utf8(before["care/support-chat-v2.3.0.yaml"].clone()).unwrap();
    let trail = chat.strip_prefix(&original).unwrap();
    assert!(trail.starts_with("  response_history:\n  - {"), "{trail}");
    for (said, stands) in
        [("rollback support-chat", true), ("done support-chat", true), ("promo-writer", false), ("fraud-notes", false)]
    {
        assert_eq!(trail.contains(said), stands, "{said}: {trail}");
    }
    let notes: Value =
        serde_json::from_str(&fs::read_to_string(folder.join("sboms/risk/fraud-notes.cdx.json")).unwrap()).unwrap();
    let texts: Vec<&str> = notes["annotations"].as_array().unwrap().iter().map(|note| note["text"].as_str().unwrap()).collect();
    assert!(texts.iter().any(|text| text.contains(": ask fraud-notes")), "{texts:?}");
}

#[test]
fn not_affected_and_fixed_come_from_decisions_and_confirmations_only() {
    let night = night();
    let statuses = |dir: &Path, args: &[&str]| -> BTreeMap<String, String> {
        let answer = night.json_alone(&[&["log", "export", "INC-1", "--out", dir.to_str().unwrap()], args].concat());
        let text = |row: &Value, key: &str| row[key].as_str().unwrap().to_owned();
        let rows = answer["openvex"].as_array().unwrap();
        for row in rows {
            let vex = fs::read_to_string(dir.join(text(row, "file"))).unwrap();
            let vex: Value = serde_json::from_str(&vex).unwrap();
            assert_eq!(vex["statements"][0]["status"], row["status"]);
            assert_eq!(vex["statements"][0]["action_statement"].is_string(), row["status"] == "affected", "{vex}");
        }
        rows.iter().map(|row| (text(row, "deployment"), text(row, "status"))).collect()
    };
    let out = tempfile::tempdir().unwrap();
    let found = statuses(&out.path().join("1"), &["--now", "2026-03-02T03:30:00Z"]);
    let of = |found: &BTreeMap<String, String>, id: &str| found[id].clone();
    assert_eq!(of(&found, "promo-writer-v0.4.0@staging"), "not_affected");
    assert_eq!(of(&found, "fraud-notes-v1.2.0@production"), "under_investigation");
    assert_eq!(of(&found, "support-chat-v2.3.0@production"), "affected", "done is a claim");
    assert_eq!(of(&found, "kb-search-v5.2.0@production"), "affected", "POSSIBLE");
    // An inventory taken later, in which the environment is told of and the deployment is not.
    let later = "ml_deployments:\n  taken: \"2026-03-02T05:00:00Z\"\n  deployments:\n  - {service: x, environment: production, model: unrelated-v1}\n";
    fs::write(night.path("platform/later.yaml"), later).unwrap();
    let found = statuses(&out.path().join("2"), &["--now", "2026-03-02T06:00:00Z"]);
    assert_eq!(of(&found, "support-chat-v2.3.0@production"), "fixed");
    // Each is an advisory that can be asked about.
    let ran = run(&["impact", "-r", "tests/data/repo-small", "--advisory", out.path().join("1/openvex").to_str().unwrap()]);
    assert!(!ran.out.contains("NOT READ") && ran.code == 3, "{}{}", ran.out, ran.err);
    // A decision that ended says nothing any more.
    let undone = night.at("06:10", "oncall", &["incident", "undo", "4"]);
    assert_eq!(undone.code, 0, "{}", undone.err);
    let found = statuses(&out.path().join("3"), &["--now", "2026-03-02T06:15:00Z"]);
    assert_eq!(of(&found, "promo-writer-v0.4.0@staging"), "affected");
}
