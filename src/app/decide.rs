//! Deciding about rows of the worklist (screens.md F11): what to do, what it needs, and what will be recorded.
//!
//! Invariant: nothing is recorded but by Enter here, and only what is complete; of several rows each is an entry of its own.
//! Invariant: a way back that does not fit cannot be chosen.

use crate::app::App;
use crate::app::Popup;
use crate::app::cursor::Step;
use crate::app::field::Field;
use crate::app::key::KeyPress;
use crate::app::record::Where;
use crate::incident::act::Act;
use crate::incident::act::What;
use crate::incident::act::may;
use crate::incident::journal::body::Action;
use crate::incident::journal::body::Justification;
use crate::incident::journal::body::Share;
use crate::incident::runbook;
use crate::incident::wish::Wish;
use crate::incident::work::Candidate;
use crate::incident::work::Item;
use crate::model::moment::End;
use crate::model::state::State;

/// What can be done, in the order of the digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Choice {
    Quarantine,
    Rollback,
    Retrain,
    Upgrade,
    Accept,
    NotAffected,
    Ask,
    Done,
}

impl Choice {
    /// The digit that chooses it.
    pub(crate) fn digit(self) -> u8 {
        match self {
            Self::Quarantine => 1,
            Self::Rollback => 2,
            Self::Retrain | Self::Upgrade => 3,
            Self::Accept => 4,
            Self::NotAffected => 5,
            Self::Ask => 6,
            Self::Done => 7,
        }
    }

    /// The words beside the digit.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Quarantine => "quarantine",
            Self::Rollback => "roll back",
            Self::Retrain => "retrain",
            Self::Upgrade => "upgrade",
            Self::Accept => "accept",
            Self::NotAffected => "not affected",
            Self::Ask => "ask",
            Self::Done => "done",
        }
    }

    /// The fields it has, in order.
    pub(crate) fn slots(self) -> &'static [Slot] {
        match self {
            Self::Quarantine | Self::Rollback | Self::Retrain => &[Slot::Note, Slot::Due],
            Self::Upgrade => &[Slot::To, Slot::Note, Slot::Due],
            Self::Accept => &[Slot::Reason, Slot::Until],
            Self::NotAffected => &[Slot::Evidence],
            Self::Ask => &[Slot::Whom, Slot::Asked, Slot::Due],
            Self::Done => &[Slot::Share, Slot::Note],
        }
    }
}

/// A text field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slot {
    Note,
    Due,
    To,
    Reason,
    Until,
    Evidence,
    Whom,
    Asked,
    Share,
}

impl Slot {
    const ALL: [Self; 9] =
        [Self::Note, Self::Due, Self::To, Self::Reason, Self::Until, Self::Evidence, Self::Whom, Self::Asked, Self::Share];

    /// The word before it, and what stands there while it is empty.
    pub(crate) fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Note => ("Note", "(optional)"),
            Self::Due => ("Due", "(optional; 2026-03-09)"),
            Self::To => ("To", "(a version; optional)"),
            Self::Reason => ("Reason", "(needed)"),
            Self::Until => ("Until", "(needed; 2026-03-09)"),
            Self::Evidence => ("Evidence", "(needed)"),
            Self::Whom => ("Whom", "(needed)"),
            Self::Asked => ("What", "(needed)"),
            Self::Share => ("Share", "(of a fleet: 12/40; all of it without)"),
        }
    }
}

/// The dialog.
#[derive(Debug)]
pub(crate) struct DecideDialog {
    pub incident: String,
    pub items: Vec<Item>,
    pub choices: Vec<Choice>,
    pub choice: Choice,
    pub justification: Justification,
    /// The way back that is chosen, of one row.
    pub candidate: usize,
    fields: Vec<(Slot, Field)>,
    /// The field that has the keys; `None`: digits choose.
    pub at: Option<Slot>,
}

impl DecideDialog {
    fn new(incident: &str, hazard: &str, items: Vec<Item>) -> Self {
        let unknown = items.iter().all(|item| item.reached == Some(State::Unknown));
        let third = if hazard == "vulnerable" { Choice::Upgrade } else { Choice::Retrain };
        let mut choices = if unknown {
            vec![Choice::Quarantine, Choice::Ask]
        } else {
            vec![Choice::Quarantine, Choice::Rollback, third, Choice::Accept, Choice::NotAffected, Choice::Ask]
        };
        if items.iter().any(|item| item.can_be_done) {
            choices.push(Choice::Done);
        }
        let fits = items.iter().any(|item| item.back_to.is_some());
        let choice = match (unknown, fits) {
            (true, _) => Choice::Ask,
            (false, true) => Choice::Rollback,
            (false, false) => Choice::Quarantine,
        };
        let candidate = items.first().and_then(|item| item.candidates.iter().position(|c| Some(&c.id) == item.back_to.as_ref()));
        Self {
            incident: incident.to_owned(),
            items,
            choices,
            choice,
            justification: Justification::ComponentNotPresent,
            candidate: candidate.unwrap_or(0),
            fields: Slot::ALL.map(|slot| (slot, Field::default())).into(),
            at: None,
        }
    }

    /// The ways back, where one row is decided.
    pub(crate) fn candidates(&self) -> &[Candidate] {
        match &self.items[..] {
            [only] => &only.candidates,
            _ => &[],
        }
    }

    /// A field.
    pub(crate) fn field(&self, slot: Slot) -> Option<&Field> {
        self.fields.iter().find(|(known, _)| *known == slot).map(|(_, field)| field)
    }

    fn field_mut(&mut self) -> Option<&mut Field> {
        let slot = self.at?;
        self.fields.iter_mut().find(|(known, _)| *known == slot).map(|(_, field)| field)
    }

    fn text(&self, slot: Slot) -> Option<String> {
        self.field(slot).map(|field| field.text().trim().to_owned()).filter(|text| !text.is_empty())
    }

    fn needs(&self, slot: Slot, what: &str) -> Result<String, String> {
        self.text(slot).ok_or_else(|| format!("{what}: fill in {}", slot.words().0))
    }

    fn end(&self, slot: Slot) -> Result<Option<End>, String> {
        let typed = self.text(slot);
        let read = typed
            .as_deref()
            .map(|typed| End::parse(typed).ok_or_else(|| format!("{}: not a day such as 2026-03-09", slot.words().0)));
        read.transpose()
    }

    /// What would be recorded of each row, and the rows of which nothing would be, with why; the error says what is missing.
    ///
    /// # Errors
    ///
    /// What is still needed, safe to print.
    pub(crate) fn acts(&self) -> Result<(Vec<(String, Act)>, Vec<String>), String> {
        let due = if self.choice.slots().contains(&Slot::Due) { self.end(Slot::Due)? } else { None };
        let note = self.text(Slot::Note).filter(|_| self.choice.slots().contains(&Slot::Note));
        let of = |what: What| Act { what, due, meanwhile: None, note: note.clone() };
        let one = match self.choice {
            Choice::Quarantine => Some(Action::Quarantine),
            Choice::Retrain => Some(Action::Retrain),
            Choice::Upgrade => Some(Action::Upgrade { to: self.text(Slot::To) }),
            Choice::Accept => {
                let reason = self.needs(Slot::Reason, "to accept it needs a reason")?;
                let ends = self.end(Slot::Until)?.ok_or("to accept it needs an end: fill in Until")?;
                Some(Action::Accept { reason, ends })
            }
            Choice::NotAffected => {
                let evidence = self.needs(Slot::Evidence, "what shows that it is not affected")?;
                Some(Action::NotAffected { justification: self.justification, evidence })
            }
            Choice::Ask => {
                let whom = self.needs(Slot::Whom, "who is asked")?;
                Some(Action::Ask { whom, what: self.needs(Slot::Asked, "what is asked for")? })
            }
            Choice::Rollback | Choice::Done => None,
        };
        let share = if self.choice == Choice::Done { self.share()? } else { None };
        let (mut acts, mut left) = (Vec::new(), Vec::new());
        for item in &self.items {
            let shown = crate::text::Untrusted::new(&item.deployment).show();
            let what = match (&one, self.choice) {
                (Some(action), _) => match may(action, item.reached) {
                    Ok(()) => Ok(What::Decide(action.clone())),
                    Err(why) => Err(why.to_owned()),
                },
                (None, Choice::Done) if item.can_be_done => Ok(What::Done(share)),
                (None, Choice::Done) => Err("nothing of it can be done".to_owned()),
                (None, _) => self.way_back(item).map(|to| What::Decide(Action::Rollback { to })),
            };
            match what {
                Ok(what) => acts.push((item.deployment.clone(), of(what))),
                Err(why) => left.push(format!("{shown}: {why}")),
            }
        }
        match left.first().filter(|_| acts.is_empty()) {
            Some(why) => Err(why.clone()),
            None => Ok((acts, left)),
        }
    }

    /// What a row goes back to; the error says why nothing.
    fn way_back(&self, item: &Item) -> Result<String, String> {
        if self.items.len() > 1 {
            return item.back_to.clone().ok_or_else(|| "no version fits: it stays open".to_owned());
        }
        match item.candidates.get(self.candidate) {
            Some(candidate) if candidate.state == State::Clear => Ok(candidate.id.clone()),
            Some(candidate) => Err(format!(
                "{} is {}: nothing is rolled back to it",
                crate::text::Untrusted::new(&candidate.id).show(),
                candidate.state
            )),
            None if item.none_because.is_empty() => Err("no way back is known".to_owned()),
            None => Err(format!("no way back, because {}", item.none_because)),
        }
    }

    fn share(&self) -> Result<Option<Share>, String> {
        let Some(typed) = self.text(Slot::Share) else { return Ok(None) };
        let read = typed
            .split_once('/')
            .and_then(|(done, of)| Some(Share { done: done.trim().parse().ok()?, of: of.trim().parse().ok()? }));
        let read = read.filter(|share| share.of > 0 && share.done <= share.of);
        read.map(Some).ok_or_else(|| "Share: write it as 12/40".to_owned())
    }
}

impl App {
    fn decide_dialog(&mut self) -> Option<&mut DecideDialog> {
        if let Some(Popup::Decide(dialog)) = &mut self.popup { Some(dialog) } else { None }
    }

    /// Opens the dialog for the ticked rows, or for the one under the cursor.
    pub(super) fn open_decide(&mut self) {
        let items = self.worklist.chosen();
        let Some(work) = self.worklist.work.clone() else { return };
        if items.is_empty() {
            return;
        }
        if !work.open {
            self.say("the incident is closed: its closing can be taken back, J journal");
            return;
        }
        self.popup = Some(Popup::Decide(Box::new(DecideDialog::new(&work.incident, work.hazard, items))));
    }

    /// A newer worklist is known: the dialog goes on with its rows as they are now.
    pub(super) fn refresh_dialog(&mut self) {
        let Some(work) = self.worklist.work.clone() else { return };
        let Some(dialog) = self.decide_dialog().filter(|dialog| dialog.incident == work.incident) else { return };
        for item in &mut dialog.items {
            if let Some(now) = work.items.iter().find(|now| now.deployment == item.deployment) {
                item.clone_from(now);
            }
        }
    }

    pub(super) fn choose_action(&mut self, digit: u8) {
        let Some(dialog) = self.decide_dialog() else { return };
        if let Some(choice) = dialog.choices.iter().copied().find(|choice| choice.digit() == digit) {
            dialog.choice = choice;
            // What must be typed is typed next.
            dialog.at = match choice {
                Choice::Accept | Choice::NotAffected | Choice::Ask => choice.slots().first().copied(),
                _ => None,
            };
        }
    }

    /// Up and down: among the ways back, or the reasons why something is not affected.
    pub(super) fn choose_candidate(&mut self, step: Step) {
        let Some(dialog) = self.decide_dialog() else { return };
        let forward = matches!(step, Step::Next | Step::HalfDown | Step::PageDown | Step::Last);
        let next = |at: usize, n: usize| if forward { (at + 1).min(n.saturating_sub(1)) } else { at.saturating_sub(1) };
        match dialog.choice {
            Choice::Rollback => dialog.candidate = next(dialog.candidate, dialog.candidates().len()),
            Choice::NotAffected => {
                let at = Justification::ALL.iter().position(|own| *own == dialog.justification).unwrap_or(0);
                let next = Justification::ALL.get(next(at, Justification::ALL.len())).copied();
                dialog.justification = next.unwrap_or(dialog.justification);
            }
            Choice::Quarantine | Choice::Retrain | Choice::Upgrade | Choice::Accept | Choice::Ask | Choice::Done => {}
        }
    }

    /// Tab: the next field, or the previous one; before the first the digits choose.
    pub(super) fn next_slot(&mut self, forward: bool) {
        let Some(dialog) = self.decide_dialog() else { return };
        let stops: Vec<Option<Slot>> = std::iter::once(None).chain(dialog.choice.slots().iter().copied().map(Some)).collect();
        let here = stops.iter().position(|at| *at == dialog.at).unwrap_or(0);
        let next = if forward { here + 1 } else { here + stops.len() - 1 } % stops.len();
        dialog.at = stops.get(next).copied().flatten();
    }

    /// A key in a field of the dialog; `false` if there is none or it is no editing key.
    pub(super) fn type_in_decide(&mut self, key: KeyPress) -> bool {
        self.decide_dialog().and_then(DecideDialog::field_mut).is_some_and(|field| field.edit(key))
    }

    pub(super) fn paste_in_decide(&mut self, text: &str) {
        let Some(dialog) = self.decide_dialog() else { return };
        if dialog.at.is_none() {
            dialog.at = dialog.choice.slots().first().copied();
        }
        if let Some(field) = dialog.field_mut() {
            field.insert(text);
        }
    }

    /// Has recorded what the dialog says.
    pub(super) fn decide(&mut self) {
        let Some(dialog) = self.decide_dialog() else { return };
        let incident = dialog.incident.clone();
        match dialog.acts() {
            // The dialog says it too; the next key goes on with it.
            Err(why) => self.say(why),
            Ok((rows, _)) => self.record(Wish::Act { incident, rows }, Where::Here, None, None),
        }
    }

    /// The owner's command line for what is chosen, of one row; `None`: there is none.
    pub(crate) fn runbook_line(&self) -> Option<runbook::Command> {
        let Some(Popup::Decide(dialog)) = &self.popup else { return None };
        let [item] = &dialog.items[..] else { return None };
        let (acts, _) = dialog.acts().ok()?;
        let (_, act) = acts.first()?;
        let What::Decide(action) = &act.what else { return None };
        runbook::command(&self.data.graph, item.component?, action, &item.runs)
    }

    /// Copies that line.
    pub(super) fn copy_runbook(&mut self) {
        match self.runbook_line() {
            Some(Ok(line)) => self.copy(line, false),
            Some(Err(why)) => self.say_error(format!("no command line: {why}")),
            None => self.say("`runbook:` of downriver.yaml has no line for this"),
        }
    }
}
