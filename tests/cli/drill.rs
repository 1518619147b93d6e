//! `downriver drill`.

use crate::run::SMALL;
use crate::run::copy_of_small;
use crate::run::downriver;
use crate::run::finish;
use crate::run::json_on;
use crate::run::on;
use serde_json::Value;
use serde_json::json;
use std::fs;

/// The same drill again, held against an answer that was changed.
fn against(changed: &Value) -> crate::run::Ran {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("expected.json");
    fs::write(&file, changed.to_string()).unwrap();
    on(SMALL, &["drill", "--rounds", "4", "--expect", file.to_str().unwrap()])
}

#[test]
fn one_seed_asks_the_same_and_another_one_something_else() {
    let asked = |seed: &str| {
        let (code, drill) = json_on(SMALL, &["drill", "--rounds", "4", "--seed", seed]);
        assert_eq!(code, 3, "all is well, but a file of this repository is not read");
        drill["rounds"].as_array().unwrap().iter().map(|round| round["component"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(asked("1"), asked("1"));
    assert!((2..8).any(|seed: u32| asked(&seed.to_string()) != asked("1")));
}

#[test]
fn a_round_answers_as_impact_does() {
    let (_, drill) = json_on(SMALL, &["drill", "--rounds", "100"]);
    let rounds = drill["rounds"].as_array().unwrap();
    let torch = rounds.iter().find(|round| round["component"] == "pkg:pypi/torch@2.1.0").unwrap();
    let (_, impact) = json_on(SMALL, &["impact", "pkg:pypi/torch@2.1.0"]);
    let found = impact["deployments"].as_array().unwrap();
    assert!(!found.is_empty());
    for row in found {
        assert_eq!(torch["deployments"][row["id"].as_str().unwrap()], row["state"]);
    }
    assert_eq!(torch["deployments"].as_object().unwrap().len(), found.len());
}

#[test]
fn what_is_missed_and_what_is_new_is_named() {
    let (_, mut drill) = json_on(SMALL, &["drill", "--rounds", "4"]);
    assert_eq!(against(&drill).code, 3);
    let deployments = drill["rounds"][0]["deployments"].as_object_mut().unwrap();
    let known = deployments.keys().next().unwrap().clone();
    deployments.remove(&known);
    deployments.insert("ghost@production".to_owned(), json!("AFFECTED"));
    let ran = against(&drill);
    assert_eq!(ran.code, 1, "{}", ran.out);
    assert!(ran.out.contains("1 late or wrong"), "{}", ran.out);
    assert!(
        ran.out.contains("missed  ghost@production AFFECTED") && ran.out.contains(&format!("extra   {known} ")),
        "{}",
        ran.out
    );
}

#[test]
fn a_promise_that_is_not_kept_is_a_failure_and_the_log_says_so() {
    let (folder, state) = (copy_of_small(), tempfile::tempdir().unwrap());
    let settings = folder.path().join("downriver.yaml");
    let before = fs::read_to_string(&settings).unwrap_or_default();
    fs::write(&settings, before + "\nresponse: {answer: 0s}\n").unwrap();
    let mut command = downriver(&["drill", "--rounds", "2", "--format", "junit", "-r", folder.path().to_str().unwrap()]);
    command.env("DOWNRIVER_STATE", state.path());
    let ran = finish(command);
    assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("failures=\"2\"") && ran.out.contains("later than promised"), "{}", ran.out);
    let log = fs::read_to_string(state.path().join("drills.jsonl")).unwrap();
    let line: Value = serde_json::from_str(log.trim()).unwrap();
    assert_eq!((&line["rounds"], &line["late"], &line["wrong"]), (&json!(2), &json!(2), &json!(0)));
    assert!(!folder.path().join(".downriver").exists(), "no incident is opened");
}

#[test]
fn what_is_no_answer_of_a_drill_is_refused_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("expected.json");
    fs::write(&file, "{\n  \"rounds\": 3\n}").unwrap();
    let ran = on(SMALL, &["drill", "--expect", file.to_str().unwrap()]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("expected.json:2:") && ran.err.contains("downriver drill --format json"), "{}", ran.err);
}
