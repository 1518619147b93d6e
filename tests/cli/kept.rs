//! Incidents opened from an advisory: the copy that they keep, and what newer versions of it change.

use crate::incident::Night;
use crate::run::whole;
use serde_json::Value;
use std::fmt::Write as _;
use std::fs;

const ADVISORY: &str = "\
ml_advisory:
  id: EXAMPLE-1
  aliases: [CVE-2026-1]
  modified: \"2026-03-02T02:55:00Z\"
  hazard: poisoned
  affected:
    - {kind: model, digest: \"sha256:5f1c09a7be221f3d2c26a348bae1a5c27dc3654eeb0b2376d35cf3678877d81e\"}
";
/// More is compromised.
const WIDER: &str = "    - {kind: model, name: google-bert/bert-base-uncased}\n";
/// It was another one, after all.
const OTHER: &str = "\
ml_advisory:
  id: CVE-2026-1
  modified: \"2026-03-03T00:00:00Z\"
  hazard: poisoned
  affected:
    - {kind: model, name: google-bert/bert-base-uncased}
";

/// The advisory lies beside the repository, as a feed does.
fn write(night: &Night, text: &str) -> String {
    let file = night.user.path().join("feed").join("psirt.yaml");
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(&file, text).unwrap();
    file.to_string_lossy().into_owned()
}

/// Hashes depend on the version.
fn hidden(text: &str) -> String {
    let is_hash = |word: &&str| word.len() == 64 && word.chars().all(|c| c.is_ascii_hexdigit()) && !word.starts_with("5f1c");
    let words: Vec<&str> = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(is_hash).collect();
    words.into_iter().fold(text.to_owned(), |text, hash| text.replace(hash, "[HASH]"))
}

fn kept(night: &Night, time: &str) -> Value {
    night.json(time, &["incident", "show", "INC-1"])["advisories"].clone()
}

fn state(night: &Night, time: &str, deployment: &str) -> String {
    let answer = night.json(time, &["incident", "show", "INC-1"]);
    let rows = answer["rows"].as_array().unwrap();
    let row = rows.iter().find(|row| row["deployment"] == deployment);
    row.map_or("-", |row| row["state"].as_str().unwrap()).to_owned()
}

#[test]
fn an_incident_asks_by_its_own_copy_and_newer_versions_are_offered() {
    let night = Night::new();
    let file = write(&night, ADVISORY);
    let folder = night.user.path().to_string_lossy().into_owned();
    let mut said = String::new();
    let mut step = |time: &str, args: &[&str], code: i32| {
        let ran = night.at(time, "oncall", args);
        let args = args.join(" ");
        assert_eq!(ran.code, code, "{args}: {}{}", ran.out, ran.err);
        writeln!(said, "$ {args}\n{}", whole(&ran)).unwrap();
    };
    let open = ["incident", "open", "--advisory", &file];
    step("03:11", &[&open[..], &["--aware", "2026-03-02T03:00:00Z"]].concat(), 0);
    step("03:12", &open, 0);
    step("03:13", &["incident", "act", "INC-1", "support-chat@production", "quarantine"], 0);
    step("03:14", &["incident", "act", "INC-1", "ticket-router@production", "quarantine"], 0);
    write(&night, &format!("{ADVISORY}{WIDER}"));
    step("03:20", &["incident", "show", "INC-1"], 1);
    step("03:21", &open, 0);
    step("03:22", &["incident", "list"], 1);
    write(&night, OTHER);
    step("03:23", &["incident", "show", "INC-1"], 1);
    fs::remove_file(&file).unwrap();
    step("03:24", &["incident", "show", "INC-1"], 1);
    let log = night.run(&["log"]);
    assert_eq!(night.run(&["log", "verify"]).code, 0);
    write!(said, "$ log\n{}", log.out).unwrap();
    let said = said.replace(&folder, "[FOLDER]");
    insta::assert_snapshot!(hidden(&said));
    for deployment in ["support-chat-v2.3.0@production", "ticket-router-v1.1.0@production"] {
        assert_eq!(state(&night, "03:27", deployment), "CONTAINED", "no version reaches it in another way");
    }
}

#[test]
fn what_shrinks_or_is_withdrawn_is_told_and_closes_nothing() {
    let night = Night::new();
    let file = write(&night, ADVISORY);
    night.run(&["incident", "open", "--advisory", &file, "--actor", "oncall", "--now", "2026-03-02T03:11:00Z"]);
    assert_eq!(kept(&night, "03:12")[0]["now"], "same");
    let before = state(&night, "03:12", "support-chat-v2.3.0@production");
    write(&night, OTHER);
    let newer = kept(&night, "03:13")[0]["newer"].clone();
    let drops = newer["drops"].as_array().unwrap();
    assert!(drops.iter().any(|row| row == "support-chat-v2.3.0@production"), "{newer}");
    assert_eq!(newer["id"], "CVE-2026-1", "by an alias, and under the name that a command takes");
    assert!(!newer["opens"].as_array().unwrap().is_empty(), "{newer}");
    write(&night, &format!("{ADVISORY}  withdrawn: \"2026-03-03\"\n"));
    let newer = kept(&night, "03:14")[0]["newer"].clone();
    assert_eq!((newer["withdrawn"].as_str(), newer["opens"].as_array().map(Vec::len)), (Some("2026-03-03"), Some(0)));
    assert_eq!(state(&night, "03:14", "support-chat-v2.3.0@production"), before);
    let refused = night.at("03:15", "oncall", &["incident", "open", "--advisory", &file]);
    assert!(refused.code == 2 && refused.err.contains("EXAMPLE-1 was withdrawn on 2026-03-03"), "{}", refused.err);
}

#[test]
fn a_removed_advisory_is_reported_and_the_bundle_has_the_copy_byte_for_byte() {
    let night = Night::new();
    let file = write(&night, ADVISORY);
    night.run(&["incident", "open", "--advisory", &file, "--actor", "oncall", "--now", "2026-03-02T03:11:00Z"]);
    fs::remove_file(&file).unwrap();
    assert_eq!(kept(&night, "03:12")[0]["now"], "gone");
    let out = night.user.path().join("bundle").to_string_lossy().into_owned();
    let ran = night.run(&["log", "bundle", "INC-1", "--out", &out, "--now", "2026-03-02T04:00:00Z"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let copy = fs::read(format!("{out}/advisory-1-1.yaml")).unwrap();
    assert_eq!(copy, ADVISORY.as_bytes());
    assert!(fs::read_to_string(format!("{out}/SHA256SUMS")).unwrap().contains("advisory-1-1.yaml"));
    fs::write(format!("{out}/advisory-1-1.yaml"), "x").unwrap();
    let checked = night.run_as(night.user.path(), &["log", "verify"]);
    assert_eq!(checked.code, 0, "{}", checked.out);
}

#[test]
fn one_of_several_is_named_and_what_meets_nothing_opens_nothing() {
    let night = Night::new();
    let both = format!("{ADVISORY}---\nml_advisory: {{id: EXAMPLE-2, affected: [{{name: google-bert/bert-base-uncased}}]}}\n");
    let file = write(&night, &both);
    let open = |rest: &[&str]| night.at("03:11", "oncall", &[&["incident", "open", "--advisory", &file], rest].concat());
    let several = open(&[]);
    assert!(several.code == 2 && several.err.contains("name one with `--id`: EXAMPLE-1, EXAMPLE-2"), "{}", several.err);
    assert_eq!(open(&["--id", "EXAMPLE-9"]).code, 5);
    let chosen = open(&["--id", "cve-2026-1"]);
    assert!(chosen.code == 0 && chosen.out.contains("EXAMPLE-1"), "{}{}", chosen.out, chosen.err);
    let two = open(&["--since", "2026-01-01"]);
    assert!(two.code == 2 && two.err.contains("an advisory says itself"), "{}", two.err);
    write(&night, "ml_advisory: {id: EXAMPLE-3, affected: [{kind: model, name: nobody/has-this}]}\n");
    let nothing = open(&[]);
    assert_eq!((nothing.code, nothing.out.as_str()), (5, ""), "{}", nothing.err);
    write(&night, "call the vendor\n");
    assert_eq!(open(&[]).code, 3);
}
