//! Answers questions about large repositories beside the interface.

use crate::app::ask;
use crate::app::ask::Ask;
use crate::app::msg::Msg;
use crate::runtime::Event;
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::Condvar;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::mpsc::Sender;
use std::thread;

/// Questions that wait, oldest first.
type Queue = Arc<(Mutex<VecDeque<Ask>>, Condvar)>;

/// The answering thread, from outside.
pub(super) struct Worker {
    queue: Queue,
}

impl Worker {
    /// Starts the thread.
    pub(super) fn start(sender: Sender<Event>) -> Self {
        let queue: Queue = Arc::default();
        let shared = Arc::clone(&queue);
        thread::spawn(move || {
            loop {
                let ask = next(&shared);
                let msg = Msg::Answer { seq: ask.seq, answer: ask::answer(&ask) };
                if sender.send(Event::App(Box::new(msg))).is_err() {
                    return;
                }
            }
        });
        Self { queue }
    }

    /// Puts a question at the end.
    pub(super) fn ask(&mut self, ask: Ask) {
        let (queue, added) = &*self.queue;
        queue.lock().unwrap_or_else(PoisonError::into_inner).push_back(ask);
        added.notify_one();
    }

    /// Drops questions whose answers nobody waits for any more.
    pub(super) fn keep(&mut self, wanted: impl Fn(u64) -> bool) {
        self.queue.0.lock().unwrap_or_else(PoisonError::into_inner).retain(|ask| wanted(ask.seq));
    }
}

fn next((queue, added): &(Mutex<VecDeque<Ask>>, Condvar)) -> Ask {
    let mut queue = queue.lock().unwrap_or_else(PoisonError::into_inner);
    loop {
        match queue.pop_front() {
            Some(ask) => return ask,
            None => queue = added.wait(queue).unwrap_or_else(PoisonError::into_inner),
        }
    }
}
