//! Reads the documents of one component for their facts, beside the interface.
//!
//! Invariant: only the newest request is worth reading for; those that waited behind it are dropped.

use crate::app::msg::Msg;
use crate::app::snapshot::Snapshot;
use crate::graph::ids::ComponentId;
use crate::load::Source;
use crate::load::again;
use crate::query::facts;
use crate::runtime::Event;
use std::sync::Arc;
use std::sync::mpsc;
use std::sync::mpsc::Sender;
use std::thread;
use std::time::Duration;

/// Nobody has moved for so long.
const QUIET: Duration = Duration::from_millis(20);

/// Whose facts are wanted, first what is waited for.
pub(super) struct Request {
    pub of: Vec<ComponentId>,
    pub generation: u64,
    pub data: Arc<Snapshot>,
}

/// The reading thread, from outside.
pub(super) struct Reader(Sender<Request>);

impl Reader {
    /// Starts the thread.
    pub(super) fn start(source: Source, sender: Sender<Event>) -> Self {
        let (requests, received) = mpsc::channel::<Request>();
        thread::spawn(move || {
            let mut waiting = received.recv().ok();
            while let Some(Request { of, generation, data }) = waiting.take() {
                for (row, of) in of.into_iter().enumerate() {
                    // What is read ahead is read while nobody types, beside no frame.
                    let rest = if row == 0 { Duration::ZERO } else { QUIET };
                    waiting = received.recv_timeout(rest).ok().map(|newer| received.try_iter().last().unwrap_or(newer));
                    if waiting.is_some() {
                        break;
                    }
                    let facts = facts::facts(&data.graph, of, |file| again::documents(&source, file));
                    if sender.send(Event::App(Box::new(Msg::Facts { of, generation, facts }))).is_err() {
                        return;
                    }
                }
                waiting = waiting.or_else(|| received.recv().ok());
            }
        });
        Self(requests)
    }

    /// Has facts read.
    pub(super) fn ask(&self, request: Request) {
        // The thread ends with the loop only.
        let _ = self.0.send(request);
    }
}
