//! What queries work out once a graph and keep with it. What it means is theirs.

use crate::graph::bits::Bits;
use crate::graph::ids::ComponentId;
use crate::graph::named::Named;
use rustc_hash::FxHashMap;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::OnceLock;
use std::sync::PoisonError;

/// What a hole upstream hides, for one hazard and some marked kinds.
#[derive(Debug, Clone, Default)]
pub(crate) struct Shadow {
    pub hidden: Bits,
    /// By deployment, in the order of their rows: one more than the number of what its nearest hole lacks; 0 is none.
    pub nearest: Box<[u8]>,
}

/// Answers that do not depend on a question's components.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    shadows: Mutex<FxHashMap<u32, Arc<Shadow>>>,
    pub(super) named: OnceLock<Named>,
    /// Deployments by label and by id, in lower case.
    pub(super) deployments_named: OnceLock<FxHashMap<Box<str>, Vec<ComponentId>>>,
    /// Deployments in the order in which they are listed where nothing else decides.
    pub deployments: OnceLock<Arc<[ComponentId]>>,
}

impl Kept {
    /// The shadow of a key, made where it is asked for the first time.
    pub(crate) fn shadow(&self, key: u32, make: impl FnOnce() -> Shadow) -> Arc<Shadow> {
        let known = self.shadows.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        known.unwrap_or_else(|| {
            let made = Arc::new(make());
            self.shadows.lock().unwrap_or_else(PoisonError::into_inner).entry(key).or_insert(made).clone()
        })
    }
}
