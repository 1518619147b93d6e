//! What a person may run for a decision: the owner's line of `runbook:`, with the names of a deployment in it.
//!
//! Invariant: each value is one quoted word of a shell. A name that cannot be seen as it is, or that a command would take for
//! an option, gives no line but the reason.
//! Absent on purpose: running anything.

use crate::graph::Graph;
use crate::graph::ids::ComponentId;
use crate::incident::journal::body::Action;
use crate::incident::journal::body::Body;
use crate::incident::journal::body::Decide;
use crate::incident::standing::Stage;
use crate::incident::worklist::Line;
use crate::model::kind::Kind;
use crate::model::runbook::DEFAULT;
use crate::model::runbook::Instruction;
use crate::model::runbook::Part;
use crate::model::runbook::Slot;
use crate::text::Untrusted;
use crate::text::quoted;

/// A command line, safe to print and to paste into a shell; else why there is none, safe to print.
pub(crate) type Command = Result<String, String>;

/// The lines for what entries of these bodies decide, with the deployment of each.
pub(crate) fn commands<'a>(graph: &Graph, bodies: impl IntoIterator<Item = &'a Body>) -> Vec<(&'a str, Command)> {
    let line = |body: &'a Body| {
        let Body::Decide(Decide { deployment, action, basis, .. }) = body else { return None };
        let id = graph.by_id_of(Kind::Deployment, deployment)?;
        Some((deployment.as_str(), command(graph, id, action, &basis.models)?))
    };
    bodies.into_iter().filter_map(line).collect()
}

/// The line for what was decided of a row, while it remains to be done.
pub(crate) fn decided(graph: &Graph, line: &Line<'_>) -> Option<Command> {
    let decision = line.decision?;
    let remains = match line.stage? {
        Stage::Decided | Stage::Contradicted => true,
        Stage::Done | Stage::Confirmed | Stage::Ended | Stage::NotBelieved => false,
    };
    let deployment = line.component.filter(|_| remains)?;
    command(graph, deployment, &decision.action, &decision.basis.models)
}

/// The line for an action on a deployment that runs `models`; `None` where the runbook has none.
pub(crate) fn command(graph: &Graph, deployment: ComponentId, action: &Action, models: &[String]) -> Option<Command> {
    let settings = graph.settings();
    let info = graph.deployment(deployment);
    let stage = info.and_then(|info| settings.stage(info.stage));
    let of_stage = |stage: &str| {
        let meant = |line: &&Instruction| line.action == action.word() && line.stage == stage;
        settings.runbook.iter().rev().find(meant)
    };
    let instruction = stage.and_then(of_stage).or_else(|| of_stage(DEFAULT))?;
    let value = |slot: Slot| match slot {
        Slot::Service => {
            let service = info.and_then(|info| info.service).map(|id| graph.text(id).as_key());
            service.ok_or_else(|| "no document states its service".to_owned())
        }
        Slot::Environment => {
            let environment = info.and_then(|info| info.environment).map(|id| graph.text(id).as_key());
            environment.ok_or_else(|| "no document states its environment".to_owned())
        }
        Slot::From => match models {
            [only] => Ok(only.as_str()),
            [] => Err("nothing is known of what it runs".to_owned()),
            several => Err(format!("it runs {} models, and the line has room for one", several.len())),
        },
        Slot::To => match action {
            Action::Rollback { to } | Action::Upgrade { to: Some(to) } => Ok(to.as_str()),
            Action::Quarantine
            | Action::Retrain
            | Action::Upgrade { to: None }
            | Action::Accept { .. }
            | Action::NotAffected { .. }
            | Action::Ask { .. } => Err("no version to upgrade to was named".to_owned()),
        },
    };
    Some(filled(instruction, &value))
}

fn filled<'a>(instruction: &Instruction, value: &dyn Fn(Slot) -> Result<&'a str, String>) -> Command {
    let mut line = String::new();
    for part in instruction.template.parts() {
        match part {
            Part::Text(text) => line.push_str(text),
            Part::Value(slot) => line.push_str(&word(value(*slot)?)?),
        }
    }
    Ok(line)
}

/// A name as one word of a shell.
fn word(name: &str) -> Command {
    let shown = Untrusted::new(name);
    let refuse = |why: &str| Err(format!("the name {} {why}", shown.show()));
    if shown.is_escaped() {
        return refuse("has characters that are not what they seem");
    }
    if name.trim().is_empty() || name.starts_with('-') {
        return refuse("would be taken for something else by a command");
    }
    Ok(quoted(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::runbook::ACTIONS;
    use crate::model::runbook::Template;
    use proptest::prelude::*;

    fn run(line: &str, value: &str) -> Command {
        let template = Template::parse(line, "rollback").unwrap();
        let instruction = Instruction { action: "rollback".to_owned(), stage: DEFAULT.to_owned(), template };
        filled(&instruction, &|_| Ok(value))
    }

    #[test]
    fn each_value_is_one_quoted_word_and_a_name_that_lies_is_refused() {
        assert_eq!(run("a {service}={to}", "x; rm -rf 'y'").unwrap(), r"a 'x; rm -rf '\''y'\'''='x; rm -rf '\''y'\'''");
        for name in ["a\u{1b}[2J", "a\nb", "a\u{202e}b", "a\\b", "--now", "", " "] {
            assert!(run("a {to}", name).unwrap_err().starts_with("the name "), "{name:?}");
        }
        assert_eq!(run("a {to}", "x\u{200b}").unwrap_err(), "the name x\\u{200b} has characters that are not what they seem");
    }

    #[test]
    fn every_action_can_have_a_line() {
        use crate::incident::journal::body::Justification;
        let text = String::new;
        let all = [
            Action::Quarantine,
            Action::Rollback { to: text() },
            Action::Retrain,
            Action::Upgrade { to: None },
            Action::Accept { reason: text(), ends: crate::model::moment::End::parse("2026-03-09").unwrap() },
            Action::NotAffected { justification: Justification::ComponentNotPresent, evidence: text() },
            Action::Ask { whom: text(), what: text() },
        ];
        assert_eq!(all.each_ref().map(Action::word), ACTIONS);
    }

    proptest! {
        /// A shell's own reading of the line: words apart by blanks, what is in single quotes as it is.
        #[test]
        fn a_shell_reads_back_each_name_as_one_word(name in "[ -~]{1,30}") {
            if let Ok(line) = run("a {service} b={to}", &name) {
                let words = shell_words(&line);
                prop_assert_eq!(words, ["a".to_owned(), name.clone(), format!("b={name}")]);
            }
        }
    }

    fn shell_words(line: &str) -> Vec<String> {
        let (mut words, mut word, mut quoted, mut escaped) = (Vec::new(), String::new(), false, false);
        for c in line.chars() {
            match c {
                _ if escaped => {
                    word.push(c);
                    escaped = false;
                }
                '\'' => quoted = !quoted,
                '\\' if !quoted => escaped = true,
                ' ' if !quoted => words.push(std::mem::take(&mut word)),
                c => word.push(c),
            }
        }
        words.push(word);
        words
    }
}
