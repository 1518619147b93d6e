//! Opening a file of the repository in the person's editor.
//!
//! Invariant: no shell; the file's name is one argument, and never one that an editor would take for an option.

use crate::load::Source;
use crate::text::Untrusted;
use std::env;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;

/// What to run where neither VISUAL nor EDITOR says so.
const FALLBACK: &str = "vi";

/// The command that opens a file at a line; the error says why there is none.
pub(super) fn command(source: &Source, file: &str, line: u32) -> Result<Command, String> {
    let shown = || Untrusted::new(file).show().into_string();
    let Source::Paths(paths) = source else {
        return Err(format!("{} is inside the program: there is no file to open", shown()));
    };
    let path = path_of(paths, file).ok_or_else(|| format!("{} is not there any more", shown()))?;
    Ok(editing(path, line))
}

/// The command that opens any file at a line; the error says why there is none.
pub(super) fn of_path(path: &Path, line: u32) -> Result<Command, String> {
    if !path.is_file() {
        return Err(format!("{} is not there", Untrusted::new(&path.to_string_lossy()).show()));
    }
    Ok(editing(no_option(path.to_owned()), line))
}

fn editing(path: PathBuf, line: u32) -> Command {
    let named = |name| env::var(name).ok().filter(|value| !value.trim().is_empty());
    let editor = named("VISUAL").or_else(|| named("EDITOR")).unwrap_or_else(|| FALLBACK.to_owned());
    let mut words = editor.split_whitespace();
    let mut command = Command::new(words.next().unwrap_or(FALLBACK));
    command.args(words);
    if line > 0 {
        command.arg(format!("+{line}"));
    }
    command.arg(path);
    command
}

/// Runs it and waits until it is closed.
pub(super) fn run(mut command: Command) -> Result<(), String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let shown = Untrusted::new(&name).show().into_string();
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{shown} ended with {status}")),
        Err(error) => Err(format!("{shown} cannot be started: {error}; set EDITOR")),
    }
}

/// Where a file of the repository lies: `load` names files relative to the one path, or led by the path as given.
fn path_of(paths: &[PathBuf], file: &str) -> Option<PathBuf> {
    let candidates = match paths {
        [one] if one.is_dir() => vec![one.join(file)],
        [one] => vec![one.clone()],
        _ => vec![PathBuf::from(file)],
    };
    let path = candidates.into_iter().find(|path| path.is_file())?;
    Some(no_option(path))
}

/// The same path, which no editor takes for an option.
fn no_option(path: PathBuf) -> PathBuf {
    if path.is_absolute() || path.starts_with("./") { path } else { Path::new(".").join(path) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn a_file_is_one_argument_and_never_an_option() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["-x.yaml", "+1.yaml", "a b;c.yaml"] {
            fs::write(folder.path().join(name), "").unwrap();
            let command = command(&Source::Paths(vec![folder.path().to_owned()]), name, 7).unwrap();
            let arguments: Vec<_> = command.get_args().map(|a| a.to_string_lossy().into_owned()).collect();
            assert_eq!(arguments.iter().rev().nth(1).map(String::as_str), Some("+7"));
            assert_eq!(arguments.last().unwrap(), &folder.path().join(name).to_string_lossy());
        }
    }

    #[test]
    fn the_sample_inside_the_program_has_no_files() {
        assert!(command(&Source::Sample, "care/x.yaml", 1).unwrap_err().contains("inside the program"));
        let gone = command(&Source::Paths(vec![PathBuf::from("/nowhere")]), "x\u{1b}.yaml", 1).unwrap_err();
        assert!(gone.contains("x\\u{1b}.yaml"), "{gone}");
    }
}
