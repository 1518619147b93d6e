//! The owner's `downriver.yaml` (design.md section 6) to [`Settings`].
//!
//! Invariant: one bad key costs only itself; a file that cannot be read narrows nothing.
//! Absent on purpose: where the file lies; only the loader decides which one counts.

use crate::formats::excerpt;
use crate::formats::facts::shown;
use crate::model::document::Place;
use crate::model::finding::Code;
use crate::model::finding::Finding;
use crate::model::moment;
use crate::model::runbook::ACTIONS;
use crate::model::runbook::DEFAULT;
use crate::model::runbook::Instruction;
use crate::model::runbook::Runbook;
use crate::model::runbook::Template;
use crate::model::settings::Contact;
use crate::model::settings::Response;
use crate::model::settings::Settings;
use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer, MapAccess, Visitor};
use serde_yaml::Value;
use std::fmt;
use std::marker::PhantomData;

/// Keys of design.md section 6 that other parts of the program read.
const OTHERS: [&str; 1] = ["policy"];

/// Reads the text of a `downriver.yaml`.
pub(crate) fn read(text: &str) -> (Settings, Vec<Finding>) {
    let mut reader = Reader { text, findings: Vec::new() };
    let mut settings = Settings::default();
    let Pairs(members) = match serde_yaml::from_str::<Option<Pairs<Value>>>(text) {
        Ok(members) => members.unwrap_or_default(),
        Err(error) => {
            reader.findings.push(syntax(text, &error));
            Pairs::default()
        }
    };
    for (key, value) in members {
        match key.as_str() {
            "roots" => settings.roots.extend(reader.take(&key, value).map_or_else(Vec::new, texts)),
            "ignore" => settings.ignore.extend(reader.take(&key, value).map_or_else(Vec::new, texts)),
            "environments" => {
                let Pairs(stages) = reader.take::<Pairs<OneOrMany>>(&key, value).unwrap_or_default();
                settings.environments.extend(stages.into_iter().map(|(stage, globs)| (stage, texts(globs))));
            }
            "owners" => {
                let Pairs(owners) = reader.take::<Pairs<Pairs<Value>>>(&key, value).unwrap_or_default();
                for (owner, members) in owners {
                    let (globs, contact) = reader.owner(members);
                    settings.contacts.push((owner.clone(), contact));
                    settings.owners.push((owner, globs));
                }
            }
            "response" => {
                let members = reader.take(&key, value).unwrap_or_default();
                reader.response(members, &mut settings.response);
            }
            "runbook" => {
                let members = reader.take(&key, value).unwrap_or_default();
                let read = reader.runbook(members);
                settings.runbook.extend(read);
            }
            "trust" => {
                reader.take::<RawTrust>(&key, value);
            }
            other if OTHERS.contains(&other) => {}
            _ => reader.unknown(&key),
        }
    }
    reader.stages(&mut settings);
    (settings, reader.findings)
}

/// Whom the owner trusts: files and principals, as written.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Trust {
    /// The `allowed_signers` file.
    pub signers: Option<String>,
    /// The file of public keys that count no more.
    pub revoked: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTrust {
    signers: Option<String>,
    revoked: Option<String>,
    #[serde(rename = "vex")]
    _vex: Option<OneOrMany>,
    #[serde(rename = "advisories")]
    _advisories: Option<OneOrMany>,
    #[serde(rename = "inventory_max_age")]
    _inventory_max_age: Option<String>,
}

/// Reads whom the text of a `downriver.yaml` trusts: nobody, where it cannot be read. What is wrong with it [`read`] says.
pub(crate) fn trust(text: &str) -> Trust {
    let members = serde_yaml::from_str::<Option<Pairs<Value>>>(text).ok().flatten().unwrap_or_default();
    let stated = members.0.into_iter().find(|(key, _)| key == "trust");
    let raw = stated.and_then(|(_, value)| serde_yaml::from_value::<RawTrust>(value).ok());
    raw.map_or_else(Trust::default, |raw| Trust { signers: raw.signers, revoked: raw.revoked })
}

struct Reader<'a> {
    text: &'a str,
    findings: Vec<Finding>,
}

impl Reader<'_> {
    /// The value in the shape that its key asks for; `None` and a finding where it has another one.
    fn take<T: DeserializeOwned>(&mut self, key: &str, value: Value) -> Option<T> {
        if value.is_null() {
            return None;
        }
        let taken = serde_yaml::from_value(value);
        if taken.is_err() {
            let message = format!("`{}` in downriver.yaml has another shape than expected and was not used", shown(key));
            self.findings.push(Finding::new(Code::Invalid, self.place(key), message, "see `downriver help` for an example"));
        }
        taken.ok()
    }

    /// The globs of one owner, and how they are reached.
    fn owner(&mut self, Pairs(members): Pairs<Value>) -> (Vec<String>, Contact) {
        let (mut globs, mut contact) = (Vec::new(), Contact::default());
        for (key, value) in members {
            match key.as_str() {
                "match" => globs.extend(self.take(&key, value).map_or_else(Vec::new, texts)),
                "page" => contact.page = self.take(&key, value),
                "ticket" => contact.ticket = self.take(&key, value),
                _ => self.unknown(&key),
            }
        }
        (globs, contact)
    }

    /// How soon what is to happen: spans as `15m`, one or by name.
    fn response(&mut self, Pairs(members): Pairs<Value>, response: &mut Response) {
        for (key, value) in members {
            match key.as_str() {
                "answer" => {
                    let limit = self.take::<String>(&key, value).map(|limit| (key, limit));
                    response.answer = self.spans(limit.into_iter().collect()).pop().map(|(_, limit)| limit).or(response.answer);
                }
                "decide" | "done" | "reports" => {
                    let Pairs(limits) = self.take::<Pairs<String>>(&key, value).unwrap_or_default();
                    let limits = self.spans(limits);
                    let all = match key.as_str() {
                        "decide" => &mut response.decide,
                        "done" => &mut response.done,
                        _ => &mut response.reports,
                    };
                    all.extend(limits);
                }
                _ => self.unknown(&key),
            }
        }
    }

    /// Named spans in seconds; a finding for each that is none.
    fn spans(&mut self, limits: Vec<(String, String)>) -> Vec<(String, i64)> {
        let mut read = Vec::new();
        for (name, written) in limits {
            if let Some(seconds) = moment::span(&written) {
                read.push((name, seconds));
                continue;
            }
            let message = format!("`{}: {}` in downriver.yaml is no span of time", shown(&name), shown(&written));
            self.findings.push(Finding::new(Code::Invalid, self.place(&name), message, "write it as 15m, 24h or 7d"));
        }
        read
    }

    /// What to run for each action: one line, or one by stage.
    fn runbook(&mut self, Pairs(members): Pairs<Value>) -> Runbook {
        let mut read = Runbook::new();
        for (action, value) in members {
            if !ACTIONS.contains(&action.as_str()) {
                let message = format!("`{}` of `runbook` in downriver.yaml is no action", shown(&action));
                let help = format!("one of {}", ACTIONS.join(", "));
                self.findings.push(Finding::new(Code::Invalid, self.place_after("runbook", &action), message, help));
                continue;
            }
            let Some(lines) = self.take::<LineOrMany>(&action, value) else { continue };
            let Pairs(lines) = match lines {
                LineOrMany::One(line) => Pairs(vec![(DEFAULT.to_owned(), line)]),
                LineOrMany::ByStage(lines) => lines,
            };
            for (stage, line) in lines {
                match Template::parse(&line, &action) {
                    Ok(template) => read.push(Instruction { action: action.clone(), stage, template }),
                    Err(error) => {
                        let key = if stage == DEFAULT { &action } else { &stage };
                        let message = format!("`runbook: {}: {}` in downriver.yaml {error}", shown(&action), shown(line.trim()));
                        let help = "placeholders are {service}, {environment}, {from} and {to}; each is quoted for a shell";
                        self.findings.push(Finding::new(Code::Invalid, self.place_after("runbook", key), message, help));
                    }
                }
            }
        }
        read
    }

    /// Drops lines of the runbook for stages that do not exist: they would never be shown.
    fn stages(&mut self, settings: &mut Settings) {
        let known = |stage: &str| stage == DEFAULT || settings.environments.iter().any(|(name, _)| name == stage);
        let (kept, unknown) = std::mem::take(&mut settings.runbook).into_iter().partition(|line| known(&line.stage));
        settings.runbook = kept;
        for Instruction { action, stage, .. } in Runbook::from(unknown) {
            let message = format!("`runbook: {action}` in downriver.yaml names no stage with `{}`", shown(&stage));
            let help = "use a name of `environments`, or `default`";
            self.findings.push(Finding::new(Code::Invalid, self.place_after("runbook", &stage), message, help));
        }
    }

    fn unknown(&mut self, key: &str) {
        let message = format!("unknown key in downriver.yaml: {}", shown(key));
        self.findings.push(Finding::new(Code::UnknownKey, self.place(key), message, "correct it, or remove it: it does nothing"));
    }

    /// Where a key stands: the first line that has it, since the parser tells no places.
    fn place(&self, key: &str) -> Place {
        self.place_from(0, key)
    }

    /// Where a key stands that belongs to another one.
    fn place_after(&self, section: &str, key: &str) -> Place {
        self.place_from((self.place(section).line as usize).saturating_sub(1), key)
    }

    fn place_from(&self, skipped: usize, key: &str) -> Place {
        let begins = |part: &str| part.trim_start().strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with(':'));
        let row = self.text.lines().skip(skipped).position(|line| line.split(['{', ',']).any(begins));
        Place { line: row.map_or(0, |row| u32::try_from(skipped + row + 1).unwrap_or(u32::MAX)), column: 0 }
    }
}

/// The members of a mapping in the order of the file.
struct Pairs<T>(Vec<(String, T)>);

impl<T> Default for Pairs<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Pairs<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visit<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Visit<T> {
            type Value = Pairs<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a mapping")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Pairs(members))
            }
        }
        deserializer.deserialize_map(Visit(PhantomData))
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum LineOrMany {
    One(String),
    ByStage(Pairs<String>),
}

fn texts(globs: OneOrMany) -> Vec<String> {
    match globs {
        OneOrMany::One(glob) => vec![glob],
        OneOrMany::Many(globs) => globs,
    }
}

fn syntax(text: &str, error: &serde_yaml::Error) -> Finding {
    let number = |n| u32::try_from(n).unwrap_or(u32::MAX);
    let place = error.location().map_or(Place::default(), |at| Place { line: number(at.line()), column: number(at.column()) });
    let message = error.to_string();
    let message = message.split(" at line ").next().unwrap_or_default();
    let message = format!("downriver.yaml was not used: {}", shown(message));
    let help = "correct it: no `roots`, `ignore` or `owners` count until then";
    Finding { excerpt: excerpt::of(text, place), ..Finding::new(Code::Syntax, place, message, help) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(pairs: &[(String, Vec<String>)]) -> Vec<(&str, Vec<&str>)> {
        pairs.iter().map(|(name, globs)| (name.as_str(), globs.iter().map(String::as_str).collect())).collect()
    }

    #[test]
    fn the_example_of_the_design_is_read_in_its_order() {
        let (settings, findings) = read(include_str!("../../tests/data/load/settings/downriver.yaml"));
        assert_eq!(findings, []);
        assert_eq!(settings.roots, ["model:care-base-*"]);
        assert_eq!(settings.ignore, ["drafts/**"]);
        let stages = [("dev", vec!["dev*"]), ("staging", vec!["staging*"]), ("production", vec!["prod*", "edge-*"])];
        assert_eq!(pairs(&settings.environments), stages);
        let owners = [("care", vec!["care/**", "service:support-*"]), ("art", vec!["art/**"])];
        assert_eq!(pairs(&settings.owners), owners);
        let care = settings.contact("care").unwrap();
        assert_eq!((care.page.as_deref(), care.ticket.as_deref()), (Some("care-oncall"), Some("CARE")));
        assert!(settings.contact("art") == Some(&Contact::default()) && settings.contact("nobody").is_none());
    }

    #[test]
    fn one_bad_key_costs_only_itself() {
        let (settings, findings) = read("roots: {a: b}\nignore: one\nowner: x\nowners: {care: {match: [a], tcket: T}}\n");
        assert_eq!((settings.roots.len(), settings.ignore), (0, vec!["one".to_owned()]));
        let found: Vec<_> = findings.iter().map(|f| (f.code, f.place.unwrap().line)).collect();
        assert_eq!(found, [(Code::Invalid, 1), (Code::UnknownKey, 3), (Code::UnknownKey, 4)]);
        assert!(findings[2].message.contains("tcket"));
    }

    #[test]
    fn limits_are_spans_by_name() {
        let text =
            "response:\n  answer: 15m\n  decide: {critical: 1h, default: 24h}\n  done: {default: soon}\n  report: {a: 1h}\n";
        let (settings, findings) = read(text);
        let Response { answer, decide, done, reports } = settings.response;
        assert_eq!((answer, done.len(), reports.len()), (Some(900), 0, 0));
        assert_eq!(decide, [("critical".to_owned(), 3_600), ("default".to_owned(), 86_400)]);
        assert_eq!(Response::limit(&decide, Some("Critical")).unwrap().1, 3_600);
        assert_eq!(Response::limit(&decide, Some("low")).unwrap().0, "default");
        assert_eq!(Response::limit(&decide, None).unwrap().0, "default");
        let found: Vec<_> = findings.iter().map(|f| (f.code, f.place.unwrap().line)).collect();
        assert_eq!(found, [(Code::Invalid, 3), (Code::UnknownKey, 5)]);
    }

    #[test]
    fn a_runbook_has_a_line_an_action_and_stage_and_what_is_wrong_with_one_is_told_by_line() {
        let text = "environments:\n  staging: stag*\n  production: prod*\nrunbook:\n  rollback: \"a {service} {to}\"\n  \
                    quarantine:\n    production: b {service}\n    default: c\n    staging: d {model}\n    prod: e\n  \
                    destroy: f\n  retrain: g {to}\n  upgrade: [h]\n";
        let (settings, findings) = read(text);
        let lines: Vec<_> = settings.runbook.iter().map(|line| (line.action.as_str(), line.stage.as_str())).collect();
        assert_eq!(lines, [("rollback", "default"), ("quarantine", "production"), ("quarantine", "default")]);
        let found: Vec<_> = findings.iter().map(|f| (f.code, f.place.unwrap().line, f.message.as_str())).collect();
        insta::assert_debug_snapshot!(found);
    }

    #[test]
    fn a_file_that_is_no_yaml_narrows_nothing() {
        for (text, code) in [("", None), ("# nothing\n", None), ("a: [\n", Some(Code::Syntax)), ("- a\n", Some(Code::Syntax))] {
            let (settings, findings) = read(text);
            assert_eq!(settings, Settings::default(), "{text}");
            assert_eq!(findings.first().map(|f| f.code), code, "{text}");
        }
    }
}
