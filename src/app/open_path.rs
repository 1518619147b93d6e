//! The field that asks for an advisory: a file or a folder, completed by Tab.
//!
//! Invariant: a name with hidden characters, or none that is text, is never offered: it could not be typed.
//! Absent on purpose: listing folders; an effect asks for it, and a message brings the names.

use crate::app::App;
use crate::app::Popup;
use crate::app::cursor::Step;
use crate::app::effect::Effect;
use crate::app::field::Field;
use crate::app::key::KeyPress;
use std::path::PathBuf;

/// The popup.
#[derive(Debug, Default)]
pub(crate) struct PathBox {
    pub field: Field,
    /// Names in the folder of what is typed, folders with a slash at their end; sorted.
    names: Vec<String>,
    /// The folder that they are in, as typed.
    folder: Option<String>,
    /// The offered name that was chosen.
    pub chosen: Option<usize>,
    /// Why what was typed cannot be read; may be printed.
    pub error: Option<String>,
    pub(super) listing: Option<u64>,
}

impl PathBox {
    /// The folder and the beginning of the name.
    fn parts(&self) -> (String, String) {
        let typed = self.field.text();
        let at = typed.rfind('/').map_or(0, |at| at + 1);
        let (folder, name) = typed.split_at(at);
        (folder.to_owned(), name.to_owned())
    }

    /// Names that begin as typed; those that begin with a dot only where that is typed.
    pub(crate) fn offered(&self) -> Vec<&str> {
        let (_, name) = self.parts();
        let fits = |offered: &&String| offered.starts_with(&name) && (name.starts_with('.') || !offered.starts_with('.'));
        self.names.iter().filter(fits).map(String::as_str).collect()
    }

    /// What Tab makes of it: the chosen name, else as much as all that are offered begin with.
    fn completed(&self) -> Option<String> {
        let (folder, name) = self.parts();
        let offered = self.offered();
        let first = *offered.get(self.chosen.unwrap_or(0))?;
        let common = |other: &&str| first.chars().zip(other.chars()).take_while(|(a, b)| a == b).count();
        let shared = if self.chosen.is_some() { usize::MAX } else { offered.iter().map(common).min().unwrap_or(0) };
        let completed: String = first.chars().take(shared).collect();
        (completed.len() > name.len()).then(|| format!("{folder}{completed}"))
    }
}

impl App {
    /// Opens the field.
    pub(super) fn open_path_box(&mut self) {
        self.popup = Some(Popup::Path(Box::default()));
        self.list_folder();
    }

    pub(super) fn path_box(&mut self) -> Option<&mut PathBox> {
        if let Some(Popup::Path(path)) = &mut self.popup { Some(path) } else { None }
    }

    /// Has the folder of what is typed listed, unless it is.
    fn list_folder(&mut self) {
        let seq = self.seq + 1;
        let Some(path) = self.path_box() else { return };
        let (folder, _) = path.parts();
        if path.folder.as_ref() == Some(&folder) {
            return;
        }
        path.names.clear();
        (path.folder, path.listing, path.chosen) = (Some(folder.clone()), Some(seq), None);
        self.seq = seq;
        self.effects.push(Effect::ListFolder { seq, folder });
    }

    /// Takes the names in a folder.
    pub(super) fn take_folder(&mut self, seq: u64, names: Vec<String>) {
        if let Some(path) = self.path_box().filter(|path| path.listing == Some(seq)) {
            (path.names, path.listing) = (names, None);
        }
    }

    pub(super) fn type_in_path(&mut self, key: KeyPress) {
        if self.path_box().is_some_and(|path| path.field.edit(key)) {
            self.typed_path();
        }
    }

    pub(super) fn paste_in_path(&mut self, text: &str) {
        if let Some(path) = self.path_box() {
            path.field.insert(text.trim());
            self.typed_path();
        }
    }

    fn typed_path(&mut self) {
        if let Some(path) = self.path_box() {
            (path.error, path.chosen) = (None, None);
        }
        self.list_folder();
    }

    /// Chooses among the offered names.
    pub(super) fn choose_name(&mut self, step: Step) {
        let Some(path) = self.path_box() else { return };
        let n = path.offered().len();
        path.chosen = match (step, path.chosen) {
            _ if n == 0 => None,
            (Step::Previous, None | Some(0)) => None,
            (Step::Previous, Some(at)) => Some(at - 1),
            (_, None) => Some(0),
            (_, Some(at)) => Some((at + 1).min(n - 1)),
        };
    }

    /// Tab: completes what is typed.
    pub(super) fn complete_path(&mut self) {
        let Some(path) = self.path_box() else { return };
        if let Some(completed) = path.completed() {
            path.field = Field::new(&completed);
            self.typed_path();
        }
    }

    /// Enter: has it read, with what was read before.
    pub(super) fn read_path(&mut self) {
        let Some(path) = self.path_box() else { return };
        let typed = path.field.text();
        let typed = typed.trim();
        if typed.is_empty() {
            path.error = Some("type the path of an advisory, or of a folder of them".to_owned());
            return;
        }
        path.error = None;
        let typed = PathBuf::from(typed);
        let mut paths = self.advice.paths.clone();
        if !paths.contains(&typed) {
            paths.push(typed);
        }
        self.read_advisories(paths);
    }
}
