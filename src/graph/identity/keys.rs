//! The names by which a statement can be found, and the names it asks for, level by level.

use crate::graph::identity::is_package;
use crate::graph::identity::packages::Coordinates;
use crate::graph::ids::StatementId;
use crate::graph::statement::Statement;
use crate::graph::statements::Statements;
use crate::model::kind::Kind;
use crate::model::version;
use crate::text::TextId;
use crate::text::Texts;
use rayon::prelude::*;

/// One name of a component. Compared together with its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Key {
    /// BOM-Link or SPDX namespace and id.
    Global(TextId),
    ModelId(TextId),
    /// With version.
    Purl(TextId),
    /// Without version.
    BarePurl(TextId),
    /// `org/name`, lower-case.
    Hub(TextId),
    NameVersion(TextId, TextId),
    /// Whole name, lower-case.
    Name(TextId),
    /// Last part of an `org/name`, lower-case.
    Tail(TextId),
}

/// Levels of design.md section 3 below the digest: identifiers (rule 2), name and version (3), name (4).
pub(crate) const LEVELS: usize = 7;
/// The level of rule 3.
pub(crate) const BY_NAME_AND_VERSION: usize = 5;
/// The last level, at which only names are equal.
pub(crate) const BY_NAME: usize = LEVELS - 1;

/// What a statement is found by, and what it asks for at each level.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct StatementKeys {
    /// What [`Statements::version`] says, once for all.
    pub edition: Option<TextId>,
    global: Option<TextId>,
    model_id: Option<TextId>,
    purl: Option<TextId>,
    bare_purl: Option<TextId>,
    hub: Option<TextId>,
    /// Name, and version where that identifies.
    name: Option<TextId>,
    version: Option<TextId>,
    /// `name-v<version>`; models only.
    versioned: Option<TextId>,
    is_model: bool,
    /// Lower-case.
    lower: Option<TextId>,
    tail: Option<TextId>,
    /// Packages and system libraries only; they have no other keys but the global one.
    pub package: Option<Coordinates>,
}

impl StatementKeys {
    /// What it is found by.
    pub(crate) fn own(&self) -> impl Iterator<Item = Key> + use<> {
        let exact = self.name.zip(self.version).map(|(name, version)| Key::NameVersion(name, version));
        let keys = [
            self.global.map(Key::Global),
            self.model_id.map(Key::ModelId),
            self.purl.map(Key::Purl),
            self.bare_purl.map(Key::BarePurl),
            self.hub.map(Key::Hub),
            exact,
            self.lower.map(Key::Name),
            self.tail.map(Key::Tail),
        ];
        keys.into_iter().flatten()
    }

    /// What it asks for at a level; the first founds a component where nothing has it.
    pub(crate) fn asks(&self, level: usize) -> impl Iterator<Item = Key> + use<> {
        let exact = self.name.zip(self.version).map(|(name, version)| Key::NameVersion(name, version));
        let by_id = self.name.filter(|_| self.is_model).map(Key::ModelId);
        let keys = match level {
            0 => [self.global.map(Key::Global), None, None],
            1 => [self.model_id.map(Key::ModelId), None, None],
            2 => [self.purl.map(Key::Purl), None, None],
            3 => [self.bare_purl.map(Key::BarePurl), None, None],
            4 => [self.hub.map(Key::Hub), None, None],
            BY_NAME_AND_VERSION => [exact, self.versioned.map(Key::ModelId), by_id],
            _ => {
                let last = self.tail.map(Key::Name).or(self.lower.map(Key::Tail));
                [self.lower.map(Key::Name), last, None]
            }
        };
        keys.into_iter().flatten()
    }
}

/// The keys of all statements.
#[derive(Debug, Default)]
pub(super) struct Keys(Vec<StatementKeys>);

impl Keys {
    /// Derives the keys; lower-case forms and `name-v<version>` are interned on the way.
    pub(crate) fn of_all(statements: &mut Statements) -> Self {
        let mut room = String::new();
        let rows = (0..statements.len()).into_par_iter().map(StatementId::new);
        let identified: Vec<bool> = rows.map(|id| statements.version(&statements.get(id)).is_some()).collect();
        let mut texts = std::mem::take(&mut statements.texts);
        let each = statements.ids().zip(identified).map(|(id, identified)| {
            let statement = statements.get(id);
            let mut keys = keys_of(&statement, &mut texts, &mut room);
            let stated = statement.version.filter(|_| identified);
            keys.edition = stated.map(|stated| intern_part(&mut texts, stated, &mut room, str::trim));
            keys
        });
        let keys = Self(each.collect());
        statements.texts = texts;
        keys
    }

    /// The keys of one statement.
    pub(crate) fn get(&self, id: StatementId) -> &StatementKeys {
        &self.0[id.row()]
    }
}

fn keys_of(statement: &Statement, texts: &mut Texts, room: &mut String) -> StatementKeys {
    let mut keys = StatementKeys { global: statement.global_ref, ..StatementKeys::default() };
    if is_package(statement.kind) {
        keys.package = Some(Coordinates::of(statement, texts));
        return keys;
    }
    keys.is_model = statement.kind == Kind::Model;
    keys.model_id = statement.model_id;
    keys.hub = statement.hub;
    if let Some(purl) = statement.purl.filter(|_| statement.hub.is_none()) {
        (keys.purl, keys.bare_purl) = purl_keys(purl, texts, room);
    }
    let name = texts.key(statement.name);
    if name.trim().is_empty() {
        return keys;
    }
    let exact = intern_part(texts, statement.name, room, str::trim);
    keys.name = Some(exact);
    let identifying = |texts: &Texts| statement.version.filter(|id| version::identifying(texts.key(*id)).is_some());
    if let Some(stated) = identifying(texts) {
        keys.version = Some(intern_part(texts, stated, room, |text| version::identifying(text).unwrap_or(text)));
        if keys.is_model {
            let written = keys.version.map_or("", |id| texts.key(id));
            let bare = written.strip_prefix('v').unwrap_or(written);
            room.clear();
            room.extend([texts.key(exact), "-v", bare]);
            keys.versioned = Some(texts.intern(room));
        }
    }
    let lower = lower_case(texts, exact, room);
    keys.lower = Some(lower);
    if lower_tail(texts.key(lower)).is_some() {
        keys.tail = Some(intern_part(texts, lower, room, |text| lower_tail(text).unwrap_or(text)));
    }
    keys
}

/// The id of a part of a text.
fn intern_part(texts: &mut Texts, whole: TextId, room: &mut String, part: impl Fn(&str) -> &str) -> TextId {
    let text = texts.key(whole);
    let wanted = part(text);
    if wanted.len() == text.len() {
        return whole;
    }
    room.clear();
    room.push_str(wanted);
    texts.intern(room)
}

fn lower_case(texts: &mut Texts, id: TextId, room: &mut String) -> TextId {
    let text = texts.key(id);
    if text.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) {
        return id;
    }
    room.clear();
    room.push_str(&text.to_lowercase());
    texts.intern(room)
}

/// The purl with and without its version.
fn purl_keys(purl: TextId, texts: &mut Texts, room: &mut String) -> (Option<TextId>, Option<TextId>) {
    // A scoped npm name begins with `@`; a version's `@` comes after the last `/`.
    let version_at =
        |text: &str| text.rfind('@').filter(|at| text.rfind('/').is_none_or(|slash| slash < *at && slash + 1 != *at));
    match version_at(texts.key(purl)) {
        Some(at) => (Some(purl), Some(intern_part(texts, purl, room, |text| text.get(..at).unwrap_or(text)))),
        None => (None, Some(purl)),
    }
}

/// The last part of an `org/name`; `None` for a bare name and for paths.
pub(crate) fn lower_tail(name: &str) -> Option<&str> {
    let (org, tail) = name.split_once('/')?;
    (!org.is_empty() && !tail.is_empty() && !tail.contains('/') && !org.contains([':', '\\'])).then_some(tail)
}
