//! `downriver path`.

use crate::run::SMALL;
use crate::run::json_on;
use crate::run::small;
use crate::run::whole;

#[test]
fn paths_are_shown_best_first_with_their_places() {
    insta::assert_snapshot!(whole(&small(&["path", "torch@2.1.0", "chat-v2@production"])));
}

#[test]
fn a_hazard_leaves_out_the_links_it_does_not_follow() {
    let ran = small(&["path", "torch@2.1.0", "chat-v2@production", "--hazard", "vulnerable"]);
    assert!(ran.out.starts_with("1 path from "), "{}", ran.out);
}

#[test]
fn a_limit_leaves_the_total_alone() {
    let (_, answer) = json_on(SMALL, &["path", "torch@2.1.0", "chat-v2@production", "--limit", "1"]);
    assert_eq!((answer["paths"].as_array().unwrap().len(), &answer["total"]), (1, &2.into()));
    assert_eq!(answer["more"], false);
}

#[test]
fn no_path_is_said() {
    let ran = small(&["path", "chat-v2", "notes-v1"]);
    assert_eq!((ran.code, ran.out.as_str()), (3, "no path from chat-v2 to notes-v1\n"));
}
