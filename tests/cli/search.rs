//! `downriver search`.

use crate::run::SMALL;
use crate::run::json_on;
use crate::run::small;
use crate::run::whole;

#[test]
fn letters_with_gaps_find_names() {
    insta::assert_snapshot!(whole(&small(&["search", "bselm"])));
}

#[test]
fn nothing_found_is_said_and_is_no_error() {
    insta::assert_snapshot!(whole(&small(&["search", "zebra"])));
}

#[test]
fn positions_are_those_of_the_matched_characters() {
    let (_, answer) = json_on(SMALL, &["search", "chat-v2", "--kind", "model"]);
    let hit = &answer["hits"][0];
    assert_eq!((hit["id"].as_str(), hit["by"].as_str()), (Some("chat-v2"), Some("label")));
    assert_eq!(hit["positions"].as_array().unwrap().len(), "chat-v2".len());
}

#[test]
fn a_whole_digest_finds_its_component() {
    let (_, answer) = json_on(SMALL, &["search", crate::run::BASE]);
    assert_eq!(answer["hits"][0]["id"], "acme/base-lm#a1b2a1b2a1b2");
}
