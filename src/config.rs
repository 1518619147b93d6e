//! What this user prefers: `config.yaml` in the platform's config folder, or in the one that `DOWNRIVER_CONFIG` names.
//!
//! Invariant: a file that is missing is no trouble; one that cannot be used is told and changes nothing.
//! Absent on purpose: what a repository says of itself (`downriver.yaml`), and telling anybody.

use crate::text::Untrusted;
use directories::ProjectDirs;
use serde_yaml::Value;
use std::collections::BTreeMap;
use std::env;
use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::io::Read as _;
use std::path::Path;
use std::path::PathBuf;

const FILE: &str = "config.yaml";

/// A longer file is none of ours.
const LARGEST: u64 = 1 << 20;

/// What was read.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Config {
    /// Who decides, where a command line does not say so: `DOWNRIVER_ACTOR`, else `actor` of the file.
    pub actor: Option<String>,
    /// What could not be used, and why; safe to print.
    pub notes: Vec<String>,
}

impl Config {
    /// Reads the file and the environment.
    pub(crate) fn read() -> Self {
        let file = folder(env::var_os("DOWNRIVER_CONFIG")).map(|folder| folder.join(FILE));
        let mut config = file.map(|file| of_file(&file)).unwrap_or_default();
        let variable = env::var("DOWNRIVER_ACTOR").ok().filter(|actor| !actor.trim().is_empty());
        config.actor = variable.or(config.actor);
        config
    }
}

/// The folder; none where `off` says so, or the platform has none.
fn folder(variable: Option<OsString>) -> Option<PathBuf> {
    match variable.filter(|folder| !folder.is_empty()) {
        Some(off) if off == "off" => None,
        Some(folder) => Some(PathBuf::from(folder)),
        None => ProjectDirs::from("", "", "downriver").map(|folders| folders.config_dir().to_owned()),
    }
}

fn of_file(file: &Path) -> Config {
    let shown = Untrusted::new(&file.display().to_string()).show().into_string();
    match text(file) {
        Ok(text) => parse(&text, &shown),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Config::default(),
        Err(error) => Config { actor: None, notes: vec![format!("{shown} was not used: {error}")] },
    }
}

fn text(file: &Path) -> io::Result<String> {
    // A pipe would be waited for.
    if !std::fs::metadata(file)?.is_file() {
        return Err(io::Error::other("it is no file"));
    }
    let mut text = String::new();
    File::open(file)?.take(LARGEST + 1).read_to_string(&mut text)?;
    if text.len() as u64 > LARGEST { Err(io::Error::other("it is larger than 1 MiB")) } else { Ok(text) }
}

fn parse(text: &str, file: &str) -> Config {
    let mut config = Config::default();
    let members = match serde_yaml::from_str::<Option<BTreeMap<String, Value>>>(text) {
        Ok(members) => members.unwrap_or_default(),
        Err(error) => {
            let at = error.location().map_or_else(String::new, |at| format!(":{}:{}", at.line(), at.column()));
            let why = error.to_string();
            let why = Untrusted::new(why.split(" at line ").next().unwrap_or_default()).show().into_string();
            config.notes.push(format!("{file}{at}: not used: {why}; write it as `actor: NAME`"));
            return config;
        }
    };
    for (key, value) in members {
        let begins = |line: &&str| line.trim_start().strip_prefix(&*key).is_some_and(|rest| rest.trim_start().starts_with(':'));
        let line = text.lines().position(|line| begins(&line)).map_or(1, |row| row + 1);
        let shown = Untrusted::new(&key).show();
        match (key.as_str(), value) {
            ("actor", Value::String(actor)) if actor.chars().any(char::is_alphanumeric) => config.actor = Some(actor),
            ("actor", _) => config.notes.push(format!("{file}:{line}: `actor` is no name; write it as `actor: NAME`")),
            _ => config.notes.push(format!("{file}:{line}: unknown key `{shown}`: it does nothing; `actor` is known")),
        }
    }
    config
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_bad_key_costs_only_itself_and_is_told_by_line() {
        for (text, actor, notes) in [
            ("", None, vec![]),
            ("# nothing\n", None, vec![]),
            ("actor: alice\n", Some("alice"), vec![]),
            ("acter: a\nactor: bob\n", Some("bob"), vec!["c:1: unknown key `acter`: it does nothing; `actor` is known"]),
            ("\nactor: [a]\n", None, vec!["c:2: `actor` is no name; write it as `actor: NAME`"]),
            ("actor: '--'\n", None, vec!["c:1: `actor` is no name; write it as `actor: NAME`"]),
        ] {
            let read = parse(text, "c");
            let expected = Config { actor: actor.map(str::to_owned), notes: notes.into_iter().map(str::to_owned).collect() };
            assert_eq!(read, expected, "{text}");
        }
        let broken = parse("actor: [\u{1b}\n", "c");
        assert!(broken.actor.is_none() && broken.notes.len() == 1 && !broken.notes[0].contains('\u{1b}'), "{broken:?}");
    }

    #[test]
    fn what_is_no_file_is_told_and_what_is_missing_is_not() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(of_file(&dir.path().join(FILE)), Config::default());
        assert!(of_file(dir.path()).notes[0].ends_with("was not used: it is no file"));
        assert_eq!(folder(Some("off".into())), None);
        assert_eq!(folder(Some("/x".into())), Some(PathBuf::from("/x")));
    }
}
