//! `downriver [PATH...]`, as far as the command line decides it: what the explorer shows is tested with a terminal.

use crate::run::run;

#[test]
fn a_path_that_is_not_there_is_refused_and_a_misspelt_command_is_guessed() {
    let ran = run(&["no/such/folder"]);
    assert_eq!(
        (ran.code, ran.err.as_str()),
        (2, "error: no/such/folder: no such file or folder\nhint: `downriver --help` lists the commands\n")
    );
    let ran = run(&["imapct"]);
    assert_eq!(ran.err, "error: imapct: no such file or folder\nhint: did you mean the command `impact`?\n");
}

#[test]
fn without_a_terminal_the_commands_are_named() {
    let ran = run(&["sample-sboms"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(ran.err.starts_with("error: the explorer needs a terminal\nhint: `downriver list`"), "{}", ran.err);
}

#[test]
fn an_advisory_that_is_not_there_or_is_pasted_is_refused_before_the_screen() {
    let ran = run(&["sample-sboms", "--advisory", "no/such.yaml"]);
    assert_eq!(
        (ran.code, ran.err.as_str()),
        (2, "error: no/such.yaml: no such file or folder\nhint: give an advisory that exists\n")
    );
    let ran = run(&["sample-sboms", "--advisory", "-"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(ran.err.contains("`downriver impact --advisory -` reads what is pasted"), "{}", ran.err);
}
