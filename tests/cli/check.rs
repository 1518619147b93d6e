//! `downriver check`.

use crate::run::copy_of_small;
use crate::run::on;
use crate::run::small;
use std::fs;

#[test]
fn findings_are_listed_worst_first_with_place_and_hint() {
    insta::assert_snapshot!(small(&["check"]).out);
}

#[test]
fn notes_alone_are_no_reason_to_fail() {
    let repository = tempfile::tempdir().unwrap();
    fs::write(repository.path().join("a.yaml"), "ml_sbom:\n  model_id: a\n  mood: fine\n").unwrap();
    let ran = on(repository.path().to_str().unwrap(), &["check"]);
    assert_eq!(ran.code, 0, "{}", ran.out);
    assert!(ran.out.starts_with("1 document: 1 note"), "{}", ran.out);
}

#[test]
fn a_file_cannot_write_on_the_terminal_by_its_name() {
    let copy = copy_of_small();
    fs::write(copy.path().join("a\u{1b}[2J.yaml"), "ml_sbom:\n  x: y: z\n").unwrap();
    let ran = on(copy.path().to_str().unwrap(), &["check"]);
    assert!(ran.out.contains("a\\u{1b}[2J.yaml:2"), "{}", ran.out);
    assert!(!(ran.out + &ran.err).contains('\u{1b}'));
}
