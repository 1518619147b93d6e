//! Names that were made to deceive or to steer a terminal: nothing of them leaves the program as itself, in any form.

use crate::run::Ran;
use crate::run::on;
use crate::run::run;
use serde_json::Value;
use serde_json::json;
use std::fs;
use std::path::Path;

/// What is planted, and what it would do.
const PLANTED: [(&str, &str); 18] = [
    ("\u{1b}[2J\u{1b}[31m", "clear the screen, paint it red"),
    ("\u{1b}]52;c;ZXZpbA==\u{7}", "write the clipboard"),
    ("\u{1b}]0;title\u{7}", "rename the window"),
    ("\u{9b}31m", "the same by one C1 byte"),
    ("\u{90}payload\u{9c}", "a device control string"),
    ("\r\nexit 0", "begin a line of its own"),
    ("a\u{8}\u{8}b", "overwrite what stands there"),
    ("\u{7f}", "delete"),
    ("\0", "end a C string"),
    ("safe\u{202e}gpj", "turn the line"),
    ("\u{2066}isolated\u{2069}", "isolate a part of it"),
    ("zero\u{200b}width\u{200d}\u{feff}", "look like another name"),
    ("line\u{2028}paragraph\u{2029}", "separate lines"),
    ("tag\u{e0041}\u{e007f}", "carry invisible text"),
    ("filler\u{3164}\u{2800}", "look empty"),
    ("private\u{e000}\u{10fffd}", "look like anything"),
    ("Z\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}\u{307}\u{308}\u{309}\u{30a}\u{30b}\u{30c}", "climb over other lines"),
    ("\"; rm -rf $(x) `y` %s {} <b> |", "mean something to another program"),
];

/// Whether a character may stand in an answer as itself.
fn is_plain(c: char) -> bool {
    let hidden = [
        '\u{ad}'..='\u{ad}',
        '\u{115f}'..='\u{1160}',
        '\u{200b}'..='\u{200f}',
        '\u{2028}'..='\u{202e}',
        '\u{2060}'..='\u{206f}',
        '\u{2800}'..='\u{2800}',
        '\u{3164}'..='\u{3164}',
        '\u{e000}'..='\u{f8ff}',
        '\u{fe00}'..='\u{fe0f}',
        '\u{feff}'..='\u{feff}',
        '\u{e0000}'..='\u{10ffff}',
    ];
    c == '\n' || !c.is_control() && !hidden.iter().any(|range| range.contains(&c))
}

fn assert_plain(ran: &Ran, what: &str) {
    for text in [&ran.out, &ran.err] {
        let bad: Vec<char> = text.chars().filter(|c| !is_plain(*c)).collect();
        assert!(bad.is_empty(), "{what} writes {bad:?}");
        let marks = |line: &str| line.contains("\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}\u{307}\u{308}\u{309}");
        assert!(!text.lines().any(marks), "{what} piles up marks");
    }
}

/// A repository in which every text that a document can state is `planted`.
fn plant(folder: &Path, planted: &str) {
    let document = json!({"ml_sbom": {
        "model_id": format!("m{planted}"),
        "base_model": {"name": format!("b{planted}"), "version": planted, "source": planted},
        "training_data": [{"name": format!("d{planted}"), "version": planted}],
        "fine_tuning": {"method": planted, "framework": format!("f{planted}==1")},
        "dependencies": [{"name": format!("p{planted}"), "version": planted}],
        "deployment": {"environment": planted, "service": planted, "owner": planted, "criticality": planted},
        "x": planted,
    }});
    fs::write(folder.join("a.json"), document.to_string()).unwrap();
    let name: String = planted.chars().filter(|c| !matches!(c, '\0' | '/')).collect();
    fs::write(folder.join(format!("{name}.json")), "{\"ml_sbom\": {\"model_id\": \"twin\", }").unwrap();
    fs::write(folder.join("c.yaml"), format!("ml_sbom:\n  model_id: c\n  {}: y: z\n", planted.replace(['\r', '\n', '\0'], "")))
        .unwrap();
}

#[test]
fn no_planted_name_leaves_as_itself() {
    for (planted, why) in PLANTED {
        let folder = tempfile::tempdir().unwrap();
        plant(folder.path(), planted);
        let repository = folder.path().to_str().unwrap();
        let listed = on(repository, &["list", "--format", "json"]);
        let answer: Value = serde_json::from_str(&listed.out).unwrap_or_else(|e| panic!("{why}: {e}\n{}", listed.err));
        let ids: Vec<&str> = answer["components"].as_array().unwrap().iter().map(|c| c["id"].as_str().unwrap()).collect();
        let model = format!("m{planted}");
        let model = ids.iter().find(|id| **id == model.trim() || id.starts_with('m')).unwrap_or_else(|| panic!("{why}: {ids:?}"));
        let base = ids.iter().find(|id| id.starts_with('b')).unwrap();
        for form in ["text", "json"] {
            for args in [
                &["list"][..],
                &["list", "--documents"],
                &["search", "m"],
                &["show", model],
                &["lineage", model],
                &["path", base, model],
                &["impact", base, "--all"],
                &["rank"],
                &["check"],
            ] {
                if args.iter().any(|arg| arg.contains('\0')) {
                    continue; // no command line can hold it
                }
                let ran = on(repository, &[args, &["--format", form]].concat());
                assert!([0, 1, 3].contains(&ran.code), "{why}: {args:?} exits {}: {}", ran.code, ran.err);
                assert_plain(&ran, &format!("{why}: {args:?} --format {form}"));
            }
        }
    }
}

#[test]
fn no_planted_name_leaves_an_incident_as_itself() {
    for (planted, why) in PLANTED {
        let folder = tempfile::tempdir().unwrap();
        plant(folder.path(), planted);
        let repository = folder.path().to_str().unwrap();
        let typed = planted.replace('\0', "");
        for args in [
            &["incident", "open", "model:b*", "--reason", &typed][..],
            &["incident", "note", "INC-1", &format!("x{typed}")],
            &["incident", "show", "INC-1", "--format", "json"],
            &["incident", "tickets", "INC-1"],
            &["incident", "tickets", "INC-1", "--per", "owner", "--format", "md"],
            &["incident", "tickets", "INC-1", "--format", "json"],
            &["incident", "page", "INC-1"],
            &["incident", "act", "INC-1", "--filter", "*", "quarantine", "--note", &typed],
            &["incident", "act", "INC-1", "--filter", "*", "quarantine", "--note", &typed, "--yes"],
            &["incident", "show", "INC-1"],
            &["incident", "list"],
            &["log"],
            &["log", "--format", "json"],
            &["incident", "handover", "INC-1"],
        ] {
            let ran = on(repository, args);
            assert!([0, 1, 3].contains(&ran.code), "{why}: {args:?} exits {}: {}", ran.code, ran.err);
            assert_plain(&ran, &format!("{why}: {args:?}"));
        }
    }
}

#[test]
fn no_planted_name_leaves_in_a_folder_as_itself() {
    for (planted, why) in PLANTED {
        let (folder, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let copies = tempfile::tempdir().unwrap();
        let copies = copies.path().to_str().unwrap();
        plant(folder.path(), planted);
        let (repository, out) = (folder.path().to_str().unwrap(), out.path().to_str().unwrap());
        let typed = format!("x{}<script>alert(1)</script>", planted.replace('\0', ""));
        for args in [
            &["incident", "open", "model:b*", "--reason", &typed][..],
            &["incident", "note", "INC-1", &typed],
            &["incident", "act", "INC-1", "--filter", "*", "quarantine", "--note", &typed, "--yes"],
            &["log", "bundle", "INC-1", "--out", out],
            &["log", "export", "INC-1", "--out", copies],
        ] {
            let ran = on(repository, args);
            assert!([0, 1, 3].contains(&ran.code), "{why}: {args:?} exits {}: {}", ran.code, ran.err);
            assert_plain(&ran, &format!("{why}: {args:?}"));
        }
        let mut files = 0;
        for entry in fs::read_dir(out).unwrap() {
            let path = entry.unwrap().path();
            let text = Ran { code: 0, out: fs::read_to_string(&path).unwrap(), err: String::new() };
            assert_plain(&text, &format!("{why}: {}", path.display()));
            let page = path.extension().is_some_and(|end| end == "html");
            let markup = ["<script", "<b>", "<img", "href=", "src="];
            assert!(!page || markup.iter().all(|tag| !text.out.contains(tag)), "{why}: {}", text.out);
            assert!(!page || text.out.contains("&lt;script&gt;"), "{why}: {}", text.out);
            files += 1;
        }
        assert_eq!(files, 7, "{why}");
        // What a copy holds besides the trail is its original's own.
        let (original, copy) =
            (fs::read_to_string(folder.path().join("a.json")).unwrap(), Path::new(copies).join("sboms/a.json"));
        let copy = fs::read_to_string(copy).unwrap();
        let (head, tail) = original.split_at("{\"ml_sbom\":{".len());
        let trail = copy.strip_prefix(head).and_then(|rest| rest.strip_suffix(tail)).unwrap().to_owned();
        assert_plain(&Ran { code: 0, out: trail, err: String::new() }, &format!("{why}: a trail"));
        for entry in fs::read_dir(Path::new(copies).join("openvex")).unwrap() {
            let path = entry.unwrap().path();
            assert!(path.to_str().unwrap().chars().all(is_plain), "{why}: {path:?}");
            let text = Ran { code: 0, out: fs::read_to_string(&path).unwrap(), err: String::new() };
            assert_plain(&text, &format!("{why}: {}", path.display()));
        }
    }
}

#[test]
fn two_different_names_never_look_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let names = ["bert", "b\u{200b}ert", "b\\u{200b}ert", "b\\\\u{200b}ert"];
    for (row, name) in names.iter().enumerate() {
        let document = json!({"ml_sbom": {"model_id": name}});
        fs::write(folder.path().join(format!("{row}.json")), document.to_string()).unwrap();
    }
    let text = on(folder.path().to_str().unwrap(), &["list", "--kind", "model"]).out;
    let mut shown: Vec<&str> = text.lines().skip(1).filter_map(|line| line.split_whitespace().last()).collect();
    shown.sort_unstable();
    shown.dedup();
    assert_eq!(shown.len(), names.len(), "{text}");
}

#[test]
fn a_pasted_selector_is_repeated_escaped() {
    for (planted, why) in PLANTED.into_iter().filter(|(planted, _)| !planted.contains('\0')) {
        for args in [&["show", planted][..], &["impact", planted], &[planted], &["list", planted], &["list", "--kind", planted]] {
            assert_plain(&run(args), &format!("{why}: {args:?}"));
        }
    }
}
