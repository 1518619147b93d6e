//! `runbook:` of the top configuration (design.md section 6): a command line per action, and where wanted per stage.
//!
//! Invariant: a value stands where a shell takes one word as it is, outside all quotes, so that quoting it there is enough.
//! Absent on purpose: the values, and running anything.

use crate::pack::Damaged;
use crate::pack::In;
use crate::pack::Out;
use crate::pack::Pack;
use std::fmt;
use std::io;

/// The actions that can have a line.
pub(crate) const ACTIONS: [&str; 7] = ["quarantine", "rollback", "retrain", "upgrade", "accept", "not-affected", "ask"];

/// The stage of a line that holds where no other does.
pub(crate) const DEFAULT: &str = "default";

/// The lines, in the order of the file.
pub(crate) type Runbook = Vec<Instruction>;

/// What to run for an action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Instruction {
    /// One of [`ACTIONS`].
    pub action: String,
    /// A name of `environments:`, or [`DEFAULT`].
    pub stage: String,
    pub template: Template,
}

/// A command line with places for values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Template {
    written: String,
    parts: Vec<Part>,
}

/// A part of a command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Part {
    Text(String),
    Value(Slot),
}

/// What a value says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slot {
    Service,
    Environment,
    /// What the deployment runs.
    From,
    /// What it is to run.
    To,
}

/// Why a text is no line of a runbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum TemplateError {
    Empty,
    /// Line breaks and other hidden characters.
    Hidden,
    Unknown(String),
    /// The value would stand inside quotes, where quoting it does not protect the shell.
    Quoted(Slot),
    /// The action has no such value.
    NoTarget,
}

impl Slot {
    const ALL: [Self; 4] = [Self::Service, Self::Environment, Self::From, Self::To];

    /// The word between the braces.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Service => "service",
            Self::Environment => "environment",
            Self::From => "from",
            Self::To => "to",
        }
    }
}

impl Template {
    /// Reads a line for an action.
    pub(crate) fn parse(written: &str, action: &str) -> Result<Self, TemplateError> {
        let template = Self::read(written)?;
        let targets = matches!(action, "rollback" | "upgrade");
        if !targets && template.parts.contains(&Part::Value(Slot::To)) {
            return Err(TemplateError::NoTarget);
        }
        Ok(template)
    }

    fn read(written: &str) -> Result<Self, TemplateError> {
        let line = written.trim();
        if line.is_empty() {
            return Err(TemplateError::Empty);
        }
        if crate::text::has_hidden(line) {
            return Err(TemplateError::Hidden);
        }
        let (mut parts, mut text, mut quotes, mut rest) = (Vec::new(), String::new(), Quotes::default(), line);
        while let Some(c) = rest.chars().next() {
            match slot(rest, &text)? {
                Some((slot, _)) if quotes.within() => return Err(TemplateError::Quoted(slot)),
                Some((slot, after)) => {
                    parts.push(Part::Text(std::mem::take(&mut text)));
                    parts.push(Part::Value(slot));
                    rest = after;
                }
                None => {
                    quotes.step(c);
                    text.push(c);
                    rest = rest.get(c.len_utf8()..).unwrap_or_default();
                }
            }
        }
        parts.push(Part::Text(text));
        parts.retain(|part| *part != Part::Text(String::new()));
        Ok(Self { written: line.to_owned(), parts })
    }

    /// Text and values, in order.
    pub(crate) fn parts(&self) -> &[Part] {
        &self.parts
    }
}

/// The value that stands at the beginning of `rest`, and what follows it. Only `{word}` asks for one: `${word}` is the
/// shell's, and any other brace stands for itself.
fn slot<'a>(rest: &'a str, before: &str) -> Result<Option<(Slot, &'a str)>, TemplateError> {
    let Some((word, after)) = rest.strip_prefix('{').and_then(|inner| inner.split_once('}')) else { return Ok(None) };
    let is_word = !word.is_empty() && word.chars().all(|c| c.is_ascii_alphabetic() || c == '_');
    if !is_word || before.ends_with('$') {
        return Ok(None);
    }
    let slot = Slot::ALL.into_iter().find(|slot| slot.word() == word);
    slot.map(|slot| Some((slot, after))).ok_or_else(|| TemplateError::Unknown(word.to_owned()))
}

/// Where in a shell's quotes a place is.
#[derive(Default)]
struct Quotes {
    /// The quote that is open, and whether a backslash escapes within it.
    open: Option<(char, bool)>,
    escaped: bool,
    /// The last character was a `$`: with a quote it opens one in which a backslash escapes.
    dollar: bool,
}

impl Quotes {
    /// Whether a value here would not be one word of its own: in quotes, or behind a backslash.
    fn within(&self) -> bool {
        self.open.is_some() || self.escaped
    }

    fn step(&mut self, c: char) {
        let dollar = std::mem::replace(&mut self.dollar, c == '$' && !self.escaped);
        match (self.open, c) {
            _ if std::mem::take(&mut self.escaped) => {}
            (None | Some((_, true)), '\\') => self.escaped = true,
            (None, '"' | '`') => self.open = Some((c, true)),
            (None, '\'') => self.open = Some((c, dollar)),
            (Some((open, _)), c) if open == c => self.open = None,
            (None | Some(_), _) => {}
        }
    }
}

impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("is empty"),
            Self::Hidden => f.write_str("has a line break or another hidden character: one line a command"),
            Self::Unknown(word) => write!(f, "has an unknown placeholder {{{word}}}"),
            Self::Quoted(slot) => write!(f, "has {{{}}} inside quotes: it is quoted itself, and must stand outside", slot.word()),
            Self::NoTarget => f.write_str("has {to}, which only rollback and upgrade know"),
        }
    }
}

impl Pack for Instruction {
    fn pack(&self, out: &mut Out<'_>) -> io::Result<()> {
        let Self { action, stage, template } = self;
        action.pack(out)?;
        stage.pack(out)?;
        template.written.pack(out)
    }

    fn unpack(input: &mut In<'_>) -> Result<Self, Damaged> {
        let (action, stage, written) = (String::unpack(input)?, Pack::unpack(input)?, String::unpack(input)?);
        let template = Template::parse(&written, &action).map_err(|_| Damaged)?;
        Ok(Self { action, stage, template })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn values_stand_outside_quotes_and_other_braces_for_themselves() {
        let read = |line: &str| Template::parse(line, "rollback");
        let parts = read("kubectl -n {environment} set {service}={to} -o '{.spec}' ${HOME} {} {a b}").unwrap().parts;
        let values: Vec<&Part> = parts.iter().filter(|part| matches!(part, Part::Value(_))).collect();
        assert_eq!(values, [&Part::Value(Slot::Environment), &Part::Value(Slot::Service), &Part::Value(Slot::To)]);
        assert_eq!(parts.last(), Some(&Part::Text(" -o '{.spec}' ${HOME} {} {a b}".to_owned())));
        assert!(read("echo \"it's\" {service} \\' {to}").is_ok());
        for (line, wrong) in [
            ("", TemplateError::Empty),
            ("a {to}\nrm -rf /", TemplateError::Hidden),
            ("a {model}", TemplateError::Unknown("model".to_owned())),
            ("a '{to}'", TemplateError::Quoted(Slot::To)),
            ("a \"{service}\"", TemplateError::Quoted(Slot::Service)),
            ("a \"\\\"{from}\"", TemplateError::Quoted(Slot::From)),
            ("a `b {to}`", TemplateError::Quoted(Slot::To)),
            ("a $'b\\' {to}'", TemplateError::Quoted(Slot::To)),
            ("a \\{to}", TemplateError::Quoted(Slot::To)),
        ] {
            assert_eq!(read(line), Err(wrong), "{line}");
        }
        assert_eq!(Template::parse("a {to}", "retrain"), Err(TemplateError::NoTarget));
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused_and_keeps_all_of_itself(text in "[ -~]{0,40}|[a-z{}'\"`\\\\ $]{0,30}") {
            if let Ok(template) = Template::parse(&text, "rollback") {
                let again: String = template.parts().iter().map(|part| match part {
                    Part::Text(text) => text.clone(),
                    Part::Value(slot) => format!("{{{}}}", slot.word()),
                }).collect();
                prop_assert_eq!(again, text.trim());
            }
        }
    }
}
