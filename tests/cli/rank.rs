//! `downriver rank`.

use crate::run::SMALL;
use crate::run::json_on;
use crate::run::small;
use crate::run::whole;

#[test]
fn what_most_deployments_hang_on_comes_first() {
    insta::assert_snapshot!(whole(&small(&["rank"])));
}

#[test]
fn one_kind_and_a_limit_can_be_asked_for() {
    insta::assert_snapshot!(small(&["rank", "--kind", "package", "--limit", "1"]).out);
}

#[test]
fn deployments_are_those_of_list_and_models_are_others() {
    let (_, listed) = json_on(SMALL, &["list"]);
    let (_, ranked) = json_on(SMALL, &["rank"]);
    let rows = ranked["components"].as_array().unwrap();
    assert_eq!(rows.len(), listed["components"].as_array().unwrap().len());
    for component in listed["components"].as_array().unwrap() {
        let row = rows.iter().find(|row| row["id"] == component["id"]).unwrap();
        assert_eq!(row["deployments"], component["deployments"], "{row}");
    }
    let key = |row: &serde_json::Value| {
        ["/deployments/confirmed", "/deployments/possible"].map(|at| row.pointer(at).and_then(serde_json::Value::as_u64))
    };
    assert!(rows.is_sorted_by_key(|row| std::cmp::Reverse(key(row))));
    let lost = rows.iter().find(|row| row["id"] == "chat-v2").unwrap();
    let (_, marked) = json_on(SMALL, &["impact", "model:chat-v2"]);
    assert_eq!(lost["models"]["confirmed"], marked["counts"]["models"]["affected"]);
}
