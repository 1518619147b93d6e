//! `downriver list`.

use crate::run::SMALL;
use crate::run::json_on;
use crate::run::small;
use crate::run::whole;

#[test]
fn components_are_listed_by_kind_then_by_deployments() {
    insta::assert_snapshot!(whole(&small(&["list"])));
}

#[test]
fn one_kind_can_be_asked_for() {
    insta::assert_snapshot!(small(&["list", "--kind", "dataset"]).out);
}

#[test]
fn documents_are_listed_with_what_each_says() {
    insta::assert_snapshot!(small(&["list", "--documents"]).out);
}

#[test]
fn json_is_sorted_by_id_and_names_every_document_once() {
    let (_, answer) = json_on(SMALL, &["list"]);
    let components = answer["components"].as_array().unwrap();
    let ids: Vec<&str> = components.iter().map(|c| c["id"].as_str().unwrap()).collect();
    assert!(ids.is_sorted(), "{ids:?}");
    let torch = components.iter().find(|c| c["id"].as_str().unwrap().ends_with("torch@2.1.0")).unwrap();
    let documents: Vec<&str> = torch["documents"].as_array().unwrap().iter().map(|d| d.as_str().unwrap()).collect();
    assert_eq!(documents, ["models/base-lm.yaml", "models/chat.yaml", "serving/lost.cdx.json"]);
}

#[test]
fn a_name_that_would_turn_the_line_is_written_as_an_escape() {
    let text = small(&["list", "--kind", "model"]).out;
    assert!(text.contains("evil\\u{202e}gpj\\u{1b}[31m"), "{text}");
    let json = small(&["list", "--kind", "model", "--format", "json"]).out;
    assert!(json.contains("evil\\u202egpj\\u001b[31m"), "{json}");
    assert!(!json.contains('\u{202e}') && !json.contains('\u{1b}'));
}
