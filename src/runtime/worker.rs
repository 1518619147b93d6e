//! Answers to questions: at once where the repository is small, else on a thread beside the interface.

use crate::app::ask::Ask;
use crate::app::ask::answer;
use crate::app::msg::Msg;
use crate::runtime::End;
use crate::runtime::Event;
use std::mem;
use std::panic;
use std::panic::AssertUnwindSafe;
use std::sync::mpsc;
use std::sync::mpsc::Sender;
use std::thread;

/// Up to so many components an answer takes no longer than a frame.
const AT_ONCE: usize = 50_000;

/// Where questions go.
#[derive(Debug)]
pub(super) struct Worker(Sender<Ask>);

impl Worker {
    /// Starts the thread.
    pub(super) fn start(events: Sender<Event>) -> Self {
        let (sender, receiver) = mpsc::channel::<Ask>();
        thread::spawn(move || {
            while let Ok(first) = receiver.recv() {
                // Of questions of one kind only the newest is still wanted.
                let mut waiting = vec![first];
                for ask in receiver.try_iter() {
                    waiting.retain(|other| mem::discriminant(&other.question) != mem::discriminant(&ask.question));
                    waiting.push(ask);
                }
                for ask in waiting {
                    let event = match panic::catch_unwind(AssertUnwindSafe(|| answer(&ask))) {
                        Ok(answer) => Event::Msg(Msg::Answer { seq: ask.seq, answer }),
                        Err(_) => Event::End(End::Bug),
                    };
                    if events.send(event).is_err() {
                        return;
                    }
                }
            }
        });
        Self(sender)
    }

    /// The answer, if it is to be had at once; else it comes as an event.
    pub(super) fn ask(&self, ask: Ask) -> Option<Msg> {
        if ask.data.graph.len() <= AT_ONCE {
            let answer = answer(&ask);
            return Some(Msg::Answer { seq: ask.seq, answer });
        }
        // The thread lives as long as the session.
        let _ = self.0.send(ask);
        None
    }
}
