//! A line of text about an incident that becomes an entry: a comment, or the reason for which it is closed.

use crate::app::App;
use crate::app::Popup;
use crate::app::Screen;
use crate::app::field::Field;
use crate::app::key::KeyPress;
use crate::app::record::Where;
use crate::incident::journal::body;
use crate::incident::journal::body::Body;
use crate::incident::wish::Wish;
use crate::incident::work::Place;
use crate::text::Untrusted;

/// What the text is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum About {
    Incident,
    /// A row, by its printed id.
    Row(String),
    /// Closing, with what is open still: unknown until the worklist is.
    Closing,
}

/// The dialog, on the message line.
#[derive(Debug)]
pub(crate) struct RemarkDialog {
    pub incident: String,
    pub about: About,
    pub field: Field,
}

impl App {
    fn remark(&mut self) -> Option<&mut RemarkDialog> {
        if let Some(Popup::Remark(dialog)) = &mut self.popup { Some(dialog) } else { None }
    }

    /// Asks for a comment on the row under the cursor, or on the incident.
    pub(super) fn open_comment(&mut self) {
        let row = self.worklist.item().filter(|_| matches!(self.screen, Screen::Worklist)).map(|item| item.deployment.clone());
        self.open_remark(row.map_or(About::Incident, About::Row));
    }

    /// Asks before an incident is closed.
    pub(super) fn open_close(&mut self) {
        if let Some(id) = self.incident_at_cursor().filter(|_| self.is_on_incidents()).map(|incident| incident.id.clone()) {
            self.header = Some(id);
        }
        self.open_remark(About::Closing);
        self.ask_work();
    }

    fn open_remark(&mut self, about: About) {
        let Some(incident) = self.active().filter(|incident| !incident.id.starts_with("DRAFT")) else {
            self.say("no incident: m marks a component, a reads an advisory");
            return;
        };
        let incident = incident.id.clone();
        self.popup = Some(Popup::Remark(Box::new(RemarkDialog { incident, about, field: Field::default() })));
    }

    /// Whether a dialog needs the worklist of the incident in the header.
    pub(super) fn needs_work(&self) -> bool {
        matches!(&self.popup, Some(Popup::Remark(dialog)) if dialog.about == About::Closing)
    }

    /// The rows that are open while it is asked whether to close; `None`: not known yet.
    pub(crate) fn left_open(&self) -> Option<Vec<String>> {
        let Some(Popup::Remark(dialog)) = &self.popup else { return None };
        let work = self.worklist.work.as_ref().filter(|work| work.incident == dialog.incident)?;
        let open = work.items.iter().filter(|item| matches!(item.place, Place::Open | Place::ToFindOut));
        Some(open.map(|item| format!("{} {}", item.state, Untrusted::new(&item.deployment).show())).collect())
    }

    pub(super) fn type_in_remark(&mut self, key: KeyPress) -> bool {
        self.remark().is_some_and(|dialog| dialog.field.edit(key))
    }

    pub(super) fn paste_in_remark(&mut self, text: &str) {
        if let Some(dialog) = self.remark() {
            dialog.field.insert(text);
        }
    }

    /// Has it recorded.
    pub(super) fn keep_remark(&mut self) {
        let left = self.left_open();
        let Some(dialog) = self.remark() else { return };
        let (incident, about) = (dialog.incident.clone(), dialog.about.clone());
        let text = Some(dialog.field.text().trim().to_owned()).filter(|text| !text.is_empty());
        let wish = match (about, text) {
            (About::Closing, reason) => {
                match left {
                    None => {
                        self.say("how its rows stand is still being worked out");
                        return;
                    }
                    Some(left) if !left.is_empty() && reason.is_none() => {
                        self.say(format!("{} stay open: say why it may be closed", left.len()));
                        return;
                    }
                    Some(_) => {}
                }
                Wish::Close { incident, reason }
            }
            (_, None) => {
                self.say("nothing was typed");
                return;
            }
            (About::Incident, Some(text)) => Wish::Say(Body::Note(body::Note { incident, deployment: None, text, report: None })),
            (About::Row(row), Some(text)) => {
                Wish::Say(Body::Note(body::Note { incident, deployment: Some(row), text, report: None }))
            }
        };
        self.record(wish, Where::Here, None, None);
    }
}
