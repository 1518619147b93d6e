//! `downriver show`.

use crate::run::small;
use crate::run::whole;

#[test]
fn all_facts_of_a_model_are_shown() {
    insta::assert_snapshot!(whole(&small(&["show", "chat-v2"])));
}

#[test]
fn a_deployment_has_its_facts() {
    insta::assert_snapshot!(small(&["show", "chat-v2@production"]).out);
}

#[test]
fn findings_stand_with_the_component() {
    insta::assert_snapshot!(small(&["show", "acme/base-lm#a1b2a1b2a1b2"]).out);
}

#[test]
fn an_ambiguous_name_lists_the_candidates() {
    insta::assert_snapshot!(whole(&small(&["show", "acme/base-lm"])));
}

#[test]
fn a_misspelt_name_is_answered_with_the_nearest() {
    insta::assert_snapshot!(whole(&small(&["show", "chta-v2"])));
}

#[test]
fn every_form_of_selector_finds_its_component() {
    for (selector, id, why) in [
        ("chat-v2", "chat-v2", "an id"),
        ("model:chat-v2", "chat-v2", "a kind in front"),
        (crate::run::BASE, "acme/base-lm#a1b2a1b2a1b2", "a digest"),
        ("pkg:pypi/torch@2.1.0", "torch@2.1.0", "a purl"),
        ("torch@2.1.0", "torch@2.1.0", "name and version"),
        ("torch>=2.0,<2.2", "torch@2.1.0", "a range"),
        ("torch@vers:pypi/<2.2", "torch@2.1.0", "a VERS range"),
        ("chat*@prod*", "chat-v2@production", "a glob"),
        ("faq", "faq@2026-01", "a name"),
    ] {
        let ran = small(&["show", selector, "--format", "json"]);
        let answer: serde_json::Value = serde_json::from_str(&ran.out).unwrap_or_else(|_| panic!("{why}: {}", ran.err));
        let shown = answer["component"]["id"].as_str().unwrap();
        assert!(shown == id || shown == format!("pkg:pypi/{id}"), "{why}: {shown}");
    }
}
