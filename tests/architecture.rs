//! The rules of the house that a compiler does not check: who may import whom, and how long files and functions get.
//!
//! Invariant: no exceptions list. A rule that is in the way is changed here, for everyone, or not at all.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

use std::fs;
use std::path::Path;
use std::path::PathBuf;

/// The rooms of `src/`, in order: a room uses itself and the rooms before it.
const ROOMS: [&str; 15] = [
    "pack", "text", "model", "trust", "formats", "graph", "query", "incident", "load", "store", "cli", "app", "ui", "config",
    "runtime",
];

/// Rooms that only the rooms from `config` on (and `lib.rs`) may use.
const LEAVES: [&str; 2] = ["cli", "ui"];

/// Code lines (no blanks, comments or tests) from which a file holds a second subject.
const FILE_LINES: usize = 500;

/// Code lines from which a function does.
const FUNCTION_LINES: usize = 80;

#[test]
fn a_room_uses_only_the_rooms_before_it() {
    let mut bad = Vec::new();
    for (path, code) in sources("src") {
        let Some(own) = rank(&room_of(&path)) else { continue }; // main.rs, lib.rs, bench.rs: they wire the rooms
        for word in code.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')) {
            let Some(room) = word.strip_prefix("crate::").and_then(|rest| rest.split(':').next()) else { continue };
            let Some(used) = rank(room) else {
                bad.push(format!("{}: `{word}` is in no room", path.display()));
                continue;
            };
            let leaf_from_outside = LEAVES.contains(&room) && used != own && Some(own) < rank("config");
            if used > own || leaf_from_outside {
                bad.push(format!("{} may not use `{word}`", path.display()));
            }
        }
    }
    assert!(bad.is_empty(), "{}", bad.join("\n"));
}

#[test]
fn imports_can_be_read_one_by_one() {
    let mut bad = Vec::new();
    for (path, code) in sources("src") {
        for (n, line) in code.lines().enumerate() {
            if line.contains("crate::{") || line.contains("super::super") {
                bad.push(format!("{}:{}: {}", path.display(), n + 1, line.trim()));
            }
        }
    }
    assert!(bad.is_empty(), "one `use crate::room::...` a line, no `super::super`:\n{}", bad.join("\n"));
}

#[test]
fn every_room_has_a_name_in_the_list() {
    let wiring = ["main", "lib", "bench", "fuzzing"];
    for (path, _) in sources("src") {
        let room = room_of(&path);
        assert!(rank(&room).is_some() || wiring.contains(&room.as_str()), "{}: no such room", path.display());
    }
}

#[test]
fn every_file_opens_with_its_purpose() {
    for (path, _) in sources("src") {
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("//! "), "{}: no `//!` header", path.display());
    }
}

#[test]
fn no_file_holds_two_subjects() {
    for folder in ["src", "tests", "benches"] {
        for (path, code) in sources(folder) {
            let lines = code.lines().filter(|line| is_code(line)).count();
            assert!(lines <= FILE_LINES, "{}: {lines} code lines, at most {FILE_LINES}", path.display());
        }
    }
}

#[test]
fn no_function_does_two_things() {
    let mut bad = Vec::new();
    for folder in ["src", "tests", "benches"] {
        for (path, code) in sources(folder) {
            bad.extend(
                functions(&code)
                    .filter(|(_, lines)| *lines > FUNCTION_LINES)
                    .map(|(head, lines)| format!("{}: {lines} code lines, at most {FUNCTION_LINES}: {head}", path.display())),
            );
        }
    }
    assert!(bad.is_empty(), "{}", bad.join("\n"));
}

#[test]
fn no_test_file_is_forgotten() {
    for entry in fs::read_dir(root().join("tests")).unwrap() {
        let folder = entry.unwrap().path();
        let Ok(main) = fs::read_to_string(folder.join("main.rs")) else { continue };
        for (path, _) in sources(&folder.to_string_lossy()) {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            assert!(name == "main" || main.contains(&format!("mod {name};")), "{}: no `mod {name};`", folder.display());
        }
    }
}

#[test]
fn the_map_stays_short() {
    let map = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    assert!(map.lines().count() < 150, "ARCHITECTURE.md is a map, not a book");
    for room in ROOMS {
        assert!(map.contains(&format!("src/{room}")), "ARCHITECTURE.md does not name src/{room}");
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn rank(room: &str) -> Option<usize> {
    ROOMS.iter().position(|known| *known == room)
}

/// `graph` for `src/graph.rs` and for `src/graph/merge.rs`.
fn room_of(path: &Path) -> String {
    let inside = path.strip_prefix(root().join("src")).unwrap();
    Path::new(inside.iter().next().unwrap()).file_stem().unwrap().to_string_lossy().into_owned()
}

/// The Rust files under `folder`, each up to its `mod tests`.
fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                let code = text.split("\n#[cfg(test)]\nmod tests").next().unwrap().to_owned();
                found.push((path, code));
            }
        }
    }
    found.sort();
    found
}

fn is_code(line: &str) -> bool {
    let line = line.trim();
    !line.is_empty() && !line.starts_with("//")
}

/// Head and code lines of each function. rustfmt closes a function at the indentation of its head.
fn functions(code: &str) -> impl Iterator<Item = (String, usize)> {
    let lines: Vec<&str> = code.lines().collect();
    let heads: Vec<usize> = (0..lines.len()).filter(|n| is_head(lines[*n])).collect();
    heads.into_iter().filter_map(move |first| {
        let indent = lines[first].len() - lines[first].trim_start().len();
        let end = format!("{}}}", " ".repeat(indent));
        let body = &lines[first + 1..];
        let length = body.iter().position(|line| **line == *end)?;
        let count = body[..length].iter().filter(|line| is_code(line)).count();
        Some((lines[first].trim().to_owned(), count))
    })
}

fn is_head(line: &str) -> bool {
    let words = line.split_whitespace().filter(|word| !word.starts_with("pub") && !matches!(*word, "const" | "async"));
    !line.trim_end().ends_with('}') && words.into_iter().next() == Some("fn")
}
