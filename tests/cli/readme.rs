//! What README.md shows is what the binary writes.

use crate::run::on;

/// Each console block: a command line, then lines of its answer in their order, `...` where some are left out.
#[test]
fn what_the_readme_shows_is_true() {
    let readme = include_str!("../../README.md");
    let blocks: Vec<&str> = readme.split("```console\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert!(!blocks.is_empty());
    for block in blocks {
        let (command, shown) = block.split_once('\n').unwrap();
        let args: Vec<&str> = command.strip_prefix("$ downriver ").unwrap().split(' ').collect();
        let ran = on("sample-sboms", &args);
        let mut written = ran.out.lines();
        for line in shown.lines().filter(|line| *line != "...") {
            assert!(written.any(|other| other == line), "{command} does not write:\n{line}\n\n{}", ran.out);
        }
    }
}
