//! Which statements may bear a name or a digest: found by a hash, to be judged by who asks.
//!
//! Made when something is selected for the first time: eight bytes a name.

use crate::graph::identity::lower_tail;
use crate::graph::ids::DigestId;
use crate::graph::ids::StatementId;
use crate::graph::statement::Statement;
use crate::graph::statements::Statements;
use crate::model::purl::Purl;
use crate::model::purl::normal_name;
use rayon::prelude::*;
use rustc_hash::FxBuildHasher;
use std::hash::BuildHasher;

/// Statements by what they say, sorted by hash, then id.
#[derive(Debug, Default)]
pub(crate) struct Named(Vec<(u32, u32)>);

impl Named {
    /// Notes all names: whole and last parts, hub entries, model ids, names in purls, in any case; and all digests.
    pub(super) fn new(statements: &Statements) -> Self {
        let rows = (0..statements.len()).into_par_iter();
        let of_row = |row: usize| keys(statements, &statements.get(StatementId::new(row))).into_iter();
        let mut all: Vec<(u32, u32)> = rows.flat_map_iter(|row| of_row(row).map(move |key| (key, row as u32))).collect();
        all.par_sort_unstable();
        all.dedup();
        Self(all)
    }

    /// Statements that may have one of these names, by id.
    pub(super) fn by_name(&self, names: &[&str]) -> Vec<StatementId> {
        self.of(names.iter().map(|name| of_text(&name.to_lowercase())).collect())
    }

    /// Statements that may have a digest, by id.
    pub(super) fn by_digest(&self, digest: DigestId) -> Vec<StatementId> {
        self.of(vec![of_digest(digest)])
    }

    fn of(&self, keys: Vec<u32>) -> Vec<StatementId> {
        let mut found: Vec<u32> = Vec::new();
        for key in keys {
            let start = self.0.partition_point(|(other, _)| *other < key);
            found.extend(self.0.iter().skip(start).take_while(|(other, _)| *other == key).map(|(_, row)| *row));
        }
        found.sort_unstable();
        found.dedup();
        found.into_iter().map(|row| StatementId::new(row as usize)).collect()
    }
}

fn keys(statements: &Statements, s: &Statement) -> Vec<u32> {
    let mut keys: Vec<u32> = s.digests.iter().map(|digest| of_digest(*digest)).collect();
    for text in [Some(s.name), s.hub, s.model_id].into_iter().flatten() {
        let lower = statements.texts.key(text).to_lowercase();
        keys.push(of_text(&lower));
        keys.extend(lower_tail(&lower).map(of_text));
    }
    // `huggingface_hub` is asked for as `huggingface-hub`.
    let normal = s.ecosystem.map(|id| normal_name(statements.texts.key(id), statements.texts.key(s.name)).to_lowercase());
    keys.extend(normal.map(|name| of_text(&name)).filter(|key| !keys.contains(key)));
    let on_hub = |purl: &str| s.hub.is_some() && purl.starts_with("pkg:huggingface/");
    let purl = s.purl.map(|id| statements.texts.key(id)).filter(|purl| !on_hub(purl)).and_then(Purl::parse);
    keys.extend(purl.map(|purl| of_text(&purl.name.to_lowercase())));
    keys
}

fn of_text(lower: &str) -> u32 {
    FxBuildHasher.hash_one(lower) as u32
}

fn of_digest(digest: DigestId) -> u32 {
    FxBuildHasher.hash_one(("digest", digest)) as u32
}
