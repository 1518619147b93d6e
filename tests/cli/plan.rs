//! `downriver plan`.

use crate::incident::Night;
use crate::incident::POISON;
use crate::run::json_on;
use crate::run::on;
use crate::run::whole;
use std::collections::BTreeSet;

const SAMPLE: &str = "sample-sboms";

#[test]
fn the_plan_for_the_sample_says_what_to_replace_rebuild_and_go_back_to() {
    insta::assert_snapshot!(whole(&on(SAMPLE, &["plan", POISON])));
}

#[test]
fn a_package_is_upgraded_to_the_end_of_its_range() {
    let (_, plan) = json_on(SAMPLE, &["plan", "transformers<4.39"]);
    let upgrade = &plan["upgrades"][0];
    assert_eq!((&upgrade["package"], &upgrade["to"]), (&"pkg:pypi/transformers@4.38.0".into(), &"4.39".into()));
    assert!(upgrade["places"].as_array().unwrap().iter().any(|place| place["file"] == "legal/legal-summarizer-v1.4.2.yaml"));
}

#[test]
fn every_affected_deployment_is_cleared_or_named() {
    let (_, plan) = json_on(SAMPLE, &["plan", POISON]);
    let (_, impact) = json_on(SAMPLE, &["impact", POISON]);
    let affected = impact["counts"]["deployments"]["affected"].as_u64().unwrap();
    assert_eq!(plan["cleared"].as_u64().unwrap() + plan["beyond"].as_array().unwrap().len() as u64, affected);
    assert_eq!(plan["rollback"].as_array().unwrap().len() as u64, affected);
    let rebuilt: BTreeSet<&str> =
        plan["waves"].as_array().unwrap().iter().flat_map(|w| w.as_array().unwrap()).filter_map(|m| m["id"].as_str()).collect();
    assert!(plan["cut"].as_array().unwrap().iter().all(|model| rebuilt.contains(model["id"].as_str().unwrap())));
}

#[test]
fn an_incident_has_the_plan_of_what_it_asks() {
    let night = Night::new();
    assert_eq!(night.at("03:11", "oncall", &["incident", "open", POISON]).code, 0);
    assert_eq!(night.json_alone(&["plan", "INC-1"])["cut"], night.json_alone(&["plan", POISON])["cut"]);
}

#[test]
fn two_hazards_are_two_plans() {
    let answer = on(SAMPLE, &["plan", POISON, "transformers"]);
    assert_eq!(answer.code, 2);
    assert!(answer.err.contains("one plan is for one hazard"), "{}", answer.err);
}

#[test]
fn a_window_the_wrong_way_round_is_refused() {
    let answer = on(SAMPLE, &["plan", POISON, "--since", "2026-02-01", "--until", "2026-01-01"]);
    assert_eq!(answer.code, 2);
    assert!(answer.err.contains("`--since` is after `--until`"), "{}", answer.err);
}
