//! `downriver impact`.

use crate::run::BASE;
use crate::run::SMALL;
use crate::run::copy_of_small;
use crate::run::downriver;
use crate::run::finish;
use crate::run::json_on;
use crate::run::on;
use crate::run::small;
use crate::run::whole;
use serde_json::Value;
use std::fs;

fn states(answer: &Value, what: &str) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    answer[what].as_array().unwrap().iter().map(|row| (text(&row["id"]), text(&row["state"]))).collect()
}

#[test]
fn a_name_means_every_version() {
    insta::assert_snapshot!(whole(&small(&["impact", "acme/base-lm"])));
}

#[test]
fn a_digest_rules_out_its_namesake() {
    insta::assert_snapshot!(small(&["impact", BASE]).out);
}

#[test]
fn all_lists_what_is_clear_and_unknown() {
    insta::assert_snapshot!(small(&["impact", BASE, "--all"]).out);
}

#[test]
fn the_contract_holds() {
    insta::assert_snapshot!(small(&["impact", BASE, "--format", "json"]).out);
}

#[test]
fn counts_are_of_all_whatever_is_listed() {
    let (_, listed) = json_on(SMALL, &["impact", BASE]);
    let (_, all) = json_on(SMALL, &["impact", BASE, "--all"]);
    assert_eq!(listed["counts"], all["counts"]);
    let n = |answer: &Value| answer["deployments"].as_array().unwrap().len();
    assert_eq!((n(&listed), n(&all)), (2, 4));
    let unknown = all["deployments"].as_array().unwrap().iter().find(|d| d["state"] == "UNKNOWN").unwrap();
    assert_eq!(unknown["holes"][0]["missing"], "base");
}

#[test]
fn several_selectors_are_answered_together_and_hazards_may_differ() {
    let (code, answer) = json_on(SMALL, &["impact", BASE, "torch@2.3.1"]);
    assert_eq!((code, answer["hazard"].as_str()), (1, Some("mixed")));
    let hazards: Vec<&str> = answer["matched"].as_array().unwrap().iter().map(|m| m["hazard"].as_str().unwrap()).collect();
    assert!(hazards.contains(&"poisoned") && hazards.contains(&"vulnerable"), "{hazards:?}");
}

#[test]
fn of_several_selectors_one_that_matches_nothing_is_named_and_the_others_are_answered() {
    let ran = small(&["impact", BASE, "chta-v2"]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("error: no component matches `chta-v2`\nhint: did you mean `chat-v2`"), "{}", ran.err);
    assert!(ran.out.contains("AFFECTED"), "{}", ran.out);
}

#[test]
fn a_vulnerable_library_is_not_carried_over_base_links() {
    let (_, poisoned) = json_on(SMALL, &["impact", "torch@2.1.0", "--hazard", "poisoned"]);
    let (_, vulnerable) = json_on(SMALL, &["impact", "torch@2.1.0"]);
    let reached = |answer: &Value| states(answer, "models").iter().any(|(id, _)| id == "notes-v1");
    assert!(reached(&poisoned) && !reached(&vulnerable));
}

#[test]
fn a_window_rules_out_what_was_downloaded_before_it() {
    let ran = small(&["impact", BASE, "--since", "2026-02-01"]);
    assert!(ran.out.contains("downloaded on 2026-01-15, outside the window"), "{}", ran.out);
    let inside = small(&["impact", BASE, "--since", "2026-01-15", "--until", "2026-01-15"]);
    assert!(inside.out.contains("! chat@production"), "{}", inside.out);
}

#[test]
fn a_threshold_moves_the_exit_code_and_nothing_else() {
    let copy = copy_of_small();
    fs::remove_file(copy.path().join("models/broken.yaml")).unwrap();
    let copy = copy.path().to_str().unwrap();
    for (selector, threshold, code, why) in [
        ("acme/base-lm#b2c3b2c3b2c3", None, 1, "POSSIBLE is found"),
        ("acme/base-lm#b2c3b2c3b2c3", Some("affected"), 0, "POSSIBLE passes"),
        (BASE, Some("affected"), 1, "AFFECTED does not"),
        ("transformers@4.38.0", None, 0, "UNKNOWN alone passes"),
        ("transformers@4.38.0", Some("unknown"), 1, "UNKNOWN is found"),
    ] {
        let args =
            [&["impact", selector, "--hazard", "withdrawn"][..], &threshold.map_or(vec![], |t| vec!["--fail-on", t])].concat();
        assert_eq!(on(copy, &args).code, code, "{why}: {}", on(copy, &args).out);
    }
}

#[test]
fn colour_repeats_the_words_where_it_is_wanted() {
    for (args, variable, coloured) in [
        (&["--color", "always"][..], ("NO_COLOR", "1"), true),
        (&[], ("CLICOLOR_FORCE", "1"), true),
        (&["--color", "never"], ("CLICOLOR_FORCE", "1"), false),
        (&[], ("TERM", "xterm"), false),
        (&[], ("NO_COLOR", "1"), false),
    ] {
        let mut command = downriver(&[&["impact", BASE, "-r", SMALL], args].concat());
        command.env(variable.0, variable.1);
        assert_eq!(finish(command).out.contains("\u{1b}[31m1 AFFECTED"), coloured, "{args:?} {variable:?}");
    }
}

#[test]
fn an_advisory_day_that_is_none_is_refused() {
    let ran = small(&["impact", BASE, "--since", "yesterday"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("not a day; write it as 2026-03-01"), "{}", ran.err);
}
