//! Opening a file of the repository in the person's editor: no shell, no file outside.

use crate::load::Source;
use crate::text::Untrusted;
use std::env;
use std::path::{Component, Path, PathBuf};
use std::process::Command;

/// Used where neither `VISUAL` nor `EDITOR` is set.
const USUAL: &str = "vi";

/// The command that opens `file` (its name in the repository) at a line; 0: at its start. The error is for the person.
pub(super) fn command(source: &Source, file: &str, line: u32) -> Result<Command, String> {
    let path = path_of(source, file)?;
    let set = ["VISUAL", "EDITOR"].into_iter().filter_map(|name| env::var(name).ok()).find(|value| !value.trim().is_empty());
    let editor = set.unwrap_or_else(|| USUAL.to_owned());
    let mut words = editor.split_whitespace();
    let mut command = Command::new(words.next().unwrap_or(USUAL));
    command.args(words);
    if line > 0 {
        command.arg(format!("+{line}"));
    }
    command.arg(path);
    Ok(command)
}

fn path_of(source: &Source, file: &str) -> Result<PathBuf, String> {
    let shown = Untrusted::new(file).show();
    let inside = Path::new(file).components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    match source {
        Source::Sample => Err(format!("{shown} is built into downriver: there is no file to open")),
        Source::Paths(paths) => match &paths[..] {
            [only] if only.is_file() => Ok(only.clone()),
            [only] if inside => Ok(only.join(file)),
            [_] => Err(format!("{shown} is not inside the repository")),
            // Of several paths the name is led by the path as given.
            _ => Ok(PathBuf::from(file)),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_found_inside_the_repository_only() {
        let one = Source::Paths(vec!["/tmp".into()]);
        assert_eq!(path_of(&one, "care/a.yaml"), Ok("/tmp/care/a.yaml".into()));
        assert!(path_of(&one, "../etc/passwd").is_err());
        assert!(path_of(&one, "/etc/passwd").is_err());
        assert!(path_of(&Source::Sample, "care/a.yaml").is_err());
    }
}
