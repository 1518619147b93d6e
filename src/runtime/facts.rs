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

/// Whose facts are wanted.
pub(super) struct Request {
    pub of: ComponentId,
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
            while let Ok(mut newest) = received.recv() {
                while let Ok(newer) = received.try_recv() {
                    newest = newer;
                }
                if sender.send(Event::App(Box::new(read(&source, &newest)))).is_err() {
                    return;
                }
            }
        });
        Self(requests)
    }

    /// Has the facts of a component read.
    pub(super) fn ask(&self, request: Request) {
        // The thread ends with the loop only.
        let _ = self.0.send(request);
    }
}

fn read(source: &Source, Request { of, generation, data }: &Request) -> Msg {
    let facts = facts::facts(&data.graph, *of, |file| again::documents(source, file));
    Msg::Facts { of: *of, generation: *generation, facts }
}
