//! Opening an incident from an advisory: a dialog with its selectors and what they reach, before Enter opens it.
//!
//! Invariant: as in the Mark dialog, the preview is of exactly the question that Enter records.

use crate::app::App;
use crate::app::Popup;
use crate::app::advice::Row;
use crate::app::ask::Question;
use crate::app::cursor::Step;
use crate::app::mark;
use crate::app::preview::Preview;
use crate::app::record::Where;
use crate::graph::ids::ComponentId;
use crate::graph::select::StartAt;
use crate::incident::advised::Asks;
use crate::incident::journal::kept::Kept;
use crate::incident::keep;
use crate::incident::wish::Wish;
use crate::model::hazard::Hazard;
use crate::text::Untrusted;
use std::sync::Arc;

/// The dialog.
#[derive(Debug)]
pub(crate) struct AdviseDialog {
    /// Of the advisory; exact.
    pub id: String,
    /// Escaped.
    pub label: String,
    /// What the incident keeps of it.
    kept: Kept,
    /// `None`: being worked out.
    pub asks: Option<Asks>,
    /// The answer to what is chosen, or to what was chosen before while `waiting`.
    pub preview: Option<Arc<Preview>>,
    pub(super) waiting: Option<u64>,
    /// First line shown of what does not fit.
    pub top: usize,
}

impl AdviseDialog {
    /// Whether the preview is of something chosen before.
    pub(crate) fn is_stale(&self) -> bool {
        self.waiting.is_some()
    }
}

impl App {
    /// Opens the dialog for the advisory under the cursor.
    pub(super) fn open_advise(&mut self) {
        let advice = &self.advice;
        let Some((told, answer)) = advice.told.as_ref().zip(advice.answer()) else {
            self.say("this file was not read: there is nothing to open");
            return;
        };
        if !Arc::ptr_eq(&told.data, &self.data) {
            self.say("the repository has changed and is being asked again");
            return;
        }
        if answer.withdrawn.is_some() {
            self.say("its publisher took it back: it asks nothing");
            return;
        }
        let Some(Row::Answer(number)) = advice.row() else { return };
        let kept = match keep::copy(&told.advised, answer) {
            Ok(kept) => kept,
            Err(why) => {
                self.say_error(format!("no copy of it can be kept: {why}"));
                return;
            }
        };
        let (id, advised) = (told.advised.id(answer).to_owned(), Arc::clone(&told.advised));
        let label = self.show.raw(Untrusted::new(&id));
        let waiting = Some(self.ask(Question::Adopted { advised, number }));
        let dialog = AdviseDialog { id, label, kept, asks: None, preview: None, waiting, top: 0 };
        self.popup = Some(Popup::Advise(Box::new(dialog)));
    }

    /// Takes what the advisory would have an incident ask.
    pub(super) fn take_adopted(&mut self, seq: u64, adopted: Option<(Arc<Preview>, Asks)>) {
        let Some(dialog) = self.advise_dialog().filter(|dialog| dialog.waiting == Some(seq)) else { return };
        if let Some((preview, asks)) = adopted {
            (dialog.waiting, dialog.preview, dialog.asks) = (None, Some(preview), Some(asks));
        } else {
            self.popup = None;
            self.say("it meets nothing here: nothing to open");
        }
    }

    pub(super) fn advise_dialog(&mut self) -> Option<&mut AdviseDialog> {
        if let Some(Popup::Advise(dialog)) = &mut self.popup { Some(dialog) } else { None }
    }

    /// Asks what the question as chosen would say; where it is not known yet, it is of a graph that is no more.
    pub(super) fn ask_advise(&mut self) {
        let Some(dialog) = self.advise_dialog() else { return };
        let Some(question) = dialog.asks.as_ref().map(|asks| asks.question.clone()) else {
            self.popup = None;
            return;
        };
        let seq = self.ask(Question::Previewed(question));
        if let Some(dialog) = self.advise_dialog() {
            dialog.waiting = Some(seq);
        }
    }

    pub(super) fn take_advise(&mut self, seq: u64, preview: &Arc<Preview>) {
        if let Some(dialog) = self.advise_dialog().filter(|dialog| dialog.waiting == Some(seq)) {
            (dialog.waiting, dialog.preview) = (None, Some(Arc::clone(preview)));
        }
    }

    /// Chooses another hazard than the advisory says.
    pub(super) fn advise_hazard(&mut self, hazard: Hazard) {
        if let Some(asks) = self.advise_dialog().and_then(|dialog| dialog.asks.as_mut()) {
            asks.question.hazard = Some(hazard);
            self.ask_advise();
        }
    }

    pub(super) fn scroll_advise(&mut self, step: Step) {
        if let Some(dialog) = self.advise_dialog() {
            dialog.top = mark::scrolled(dialog.top, step);
        }
    }

    /// Opens the incident that the dialog describes.
    pub(super) fn open_advised(&mut self) {
        let Some(dialog) = self.advise_dialog() else { return };
        let Some((preview, asks)) = dialog.preview.clone().zip(dialog.asks.clone()) else { return };
        let (question, id, kept) = (asks.question, dialog.id.clone(), dialog.kept.clone());
        if preview.verdict.impact.marked().next().is_none() {
            self.say_error("it meets nothing here for sure or perhaps: nothing to open");
            return;
        }
        let first = preview.verdict.marked.first().map(|(component, _)| *component);
        let shown = first.filter(|component| self.starts_at(*component));
        let shown = shown.map(|component| self.data.graph.id(component).as_key().to_owned()).unwrap_or_default();
        self.record(Wish::Open { question, reason: Some(id), advisory: Some(kept) }, Where::Here, None, Some(shown));
    }

    /// The open incident that keeps another version of what the dialog is about: it is asked more, and no new one opened.
    pub(crate) fn keeps(&self, dialog: &AdviseDialog) -> Option<&str> {
        let case = self.journal.as_ref()?.book.keeps(&dialog.kept.names)?;
        Some(&case.id)
    }

    /// Whether the advisory under the cursor surely means a component.
    fn starts_at(&self, component: ComponentId) -> bool {
        let at = StartAt::Component(component);
        self.advice.answer().is_some_and(|answer| answer.starts.iter().any(|start| start.at == at))
    }

    /// The same question as a command line.
    pub(super) fn advise_command(&self) -> Option<String> {
        let Some(Popup::Advise(dialog)) = &self.popup else { return None };
        let question = &dialog.asks.as_ref()?.question;
        let mut words = vec!["downriver incident open".to_owned()];
        let quoted = |word: &str| crate::text::quoted(Untrusted::new(word).show().as_str());
        words.extend(dialog.kept.copies.iter().map(|copy| format!("--advisory {}", quoted(&copy.file))));
        words.push(format!("--id {}", quoted(&dialog.id)));
        words.extend(question.hazard.map(|hazard| format!("--hazard {hazard}")));
        Some(words.join(" "))
    }
}
