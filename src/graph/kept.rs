//! What queries work out once a graph and keep with it. What it means is theirs.

use crate::graph::bits::Bits;
use crate::graph::ids::ComponentId;
use rustc_hash::FxHashMap;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::OnceLock;
use std::sync::PoisonError;

/// Answers that do not depend on a question's components.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    sets: Mutex<FxHashMap<u32, Arc<Bits>>>,
    /// Deployments in the order in which they are listed where nothing else decides.
    pub deployments: OnceLock<Arc<[ComponentId]>>,
}

impl Kept {
    /// The set of a key, made where it is asked for the first time.
    pub(crate) fn set(&self, key: u32, make: impl FnOnce() -> Bits) -> Arc<Bits> {
        let known = self.sets.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        known.unwrap_or_else(|| {
            let made = Arc::new(make());
            self.sets.lock().unwrap_or_else(PoisonError::into_inner).entry(key).or_insert(made).clone()
        })
    }
}
