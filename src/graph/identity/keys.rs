//! The names by which a statement can be found, and the names it asks for, level by level.

use crate::graph::ids::StatementId;
use crate::graph::statement::Statement;
use crate::graph::statement::Statements;
use crate::model::kind::Kind;
use crate::text::TextId;
use crate::text::Texts;

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
#[derive(Debug, Clone, Default)]
pub(crate) struct StatementKeys {
    pub own: Vec<Key>,
    pub asks: [Vec<Key>; LEVELS],
}

/// The keys of all statements.
#[derive(Debug, Default)]
pub(crate) struct Keys(Vec<StatementKeys>);

impl Keys {
    /// Derives the keys; lower-case forms and `name-v<version>` are interned on the way.
    pub(crate) fn of_all(statements: &mut Statements) -> Self {
        let Statements { texts, all, .. } = statements;
        Self(all.iter().map(|statement| keys_of(statement, texts)).collect())
    }

    /// The keys of one statement.
    pub(crate) fn get(&self, id: StatementId) -> &StatementKeys {
        &self.0[id.row()]
    }
}

fn keys_of(statement: &Statement, texts: &mut Texts) -> StatementKeys {
    let mut keys = StatementKeys::default();
    let name = texts.key(statement.name).trim().to_owned();
    let version = statement.version.and_then(|id| crate::model::version::identifying(texts.key(id))).map(str::to_owned);
    let is_model = statement.kind == Kind::Model;
    if let Some(global) = statement.global_ref {
        keys.own.push(Key::Global(global));
        keys.asks[0].push(Key::Global(global));
    }
    if let Some(model_id) = statement.model_id {
        keys.own.push(Key::ModelId(model_id));
        keys.asks[1].push(Key::ModelId(model_id));
    }
    if let Some(purl) = statement.purl.filter(|_| statement.hub.is_none()) {
        purl_keys(&mut keys, purl, texts);
    }
    if let Some(hub) = statement.hub {
        keys.own.push(Key::Hub(hub));
        keys.asks[4].push(Key::Hub(hub));
    }
    if name.is_empty() {
        return keys;
    }
    let exact = texts.intern(&name);
    if let Some(version) = &version {
        let version_id = texts.intern(version);
        keys.own.push(Key::NameVersion(exact, version_id));
        keys.asks[5].push(Key::NameVersion(exact, version_id));
        if is_model {
            let bare = version.strip_prefix('v').unwrap_or(version);
            keys.asks[5].push(Key::ModelId(texts.intern(&format!("{name}-v{bare}"))));
        }
    }
    if is_model {
        keys.asks[5].push(Key::ModelId(exact));
    }
    let lower = name.to_lowercase();
    let lower_id = texts.intern(&lower);
    keys.own.push(Key::Name(lower_id));
    keys.asks[BY_NAME].push(Key::Name(lower_id));
    match lower_tail(&lower) {
        Some(tail) => {
            let tail = texts.intern(tail);
            keys.own.push(Key::Tail(tail));
            keys.asks[BY_NAME].push(Key::Name(tail));
        }
        None => keys.asks[BY_NAME].push(Key::Tail(lower_id)),
    }
    keys
}

fn purl_keys(keys: &mut StatementKeys, purl: TextId, texts: &mut Texts) {
    let text = texts.key(purl);
    // A scoped npm name begins with `@`; a version's `@` comes after the last `/`.
    let cut = text.rfind('@').filter(|at| text.rfind('/').is_none_or(|slash| slash < *at && slash + 1 != *at));
    let bare = match cut.and_then(|at| text.get(..at)).map(str::to_owned) {
        Some(bare) => {
            keys.own.push(Key::Purl(purl));
            keys.asks[2].push(Key::Purl(purl));
            texts.intern(&bare)
        }
        None => purl,
    };
    keys.own.push(Key::BarePurl(bare));
    keys.asks[3].push(Key::BarePurl(bare));
}

/// The last part of an `org/name`; `None` for a bare name and for paths.
pub(crate) fn lower_tail(name: &str) -> Option<&str> {
    let (org, tail) = name.split_once('/')?;
    (!org.is_empty() && !tail.is_empty() && !tail.contains('/') && !org.contains([':', '\\'])).then_some(tail)
}
