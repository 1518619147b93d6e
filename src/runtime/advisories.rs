//! Reads advisories, and folders for completing paths to them, beside the interface.
//!
//! Invariant: `~` means the home folder only where nothing is called so.

use crate::app::msg::Msg;
use crate::load::advisories;
use crate::load::folder;
use crate::runtime::Event;
use crate::text::Untrusted;
use std::env;
use std::io;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::thread;

/// Starts to read all of some paths.
pub(super) fn read(seq: u64, paths: Vec<PathBuf>, sender: Sender<Event>) {
    thread::spawn(move || {
        let real: Vec<PathBuf> = paths.iter().map(|path| expanded(path, home().as_deref())).collect();
        let read = advisories::advisories(&real, &mut io::empty());
        let read = read.map(Arc::new).map_err(|error| Untrusted::new(&error.to_string()).show().into_string());
        // The loop may be over already.
        let _ = sender.send(Event::App(Box::new(Msg::Advisories { seq, paths, read })));
    });
}

/// Starts to list a folder as typed; an empty text is the folder that the program was started in.
pub(super) fn list(seq: u64, typed: String, sender: Sender<Event>) {
    thread::spawn(move || {
        let path = if typed.is_empty() { PathBuf::from(".") } else { expanded(Path::new(&typed), home().as_deref()) };
        let names = folder::names(&path);
        // The loop may be over already.
        let _ = sender.send(Event::App(Box::new(Msg::Folder { seq, names })));
    });
}

fn home() -> Option<PathBuf> {
    env::var_os("HOME").map(PathBuf::from).filter(|home| home.is_absolute())
}

fn expanded(path: &Path, home: Option<&Path>) -> PathBuf {
    match (path.strip_prefix("~"), home) {
        (Ok(below), Some(home)) if !path.exists() => home.join(below),
        (Ok(_) | Err(_), _) => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tilde_alone_is_the_home_folder() {
        let home = Some(Path::new("/home/me"));
        for (typed, path) in
            [("~/a.yaml", "/home/me/a.yaml"), ("~", "/home/me/"), ("a/~/b", "a/~/b"), ("~you/a", "~you/a"), ("/x", "/x")]
        {
            assert_eq!(expanded(Path::new(typed), home), Path::new(path), "{typed}");
        }
        assert_eq!(expanded(Path::new("~/a"), None), Path::new("~/a"));
    }
}
