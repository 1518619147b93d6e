//! Ranges of events as spans of an order: apart from one another, sorted, so that a search finds the one that holds a version.

use crate::model::affected::Event;
use crate::model::order::Order;
use crate::model::order::Version;
use std::cmp::Ordering;

/// A place between versions: just before one, or just after it and its builds.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Cut {
    version: Version,
    after: bool,
}

impl Cut {
    fn before(version: Version) -> Self {
        Self { version, after: false }
    }

    fn after(version: Version) -> Self {
        Self { version, after: true }
    }
}

impl Ord for Cut {
    fn cmp(&self, other: &Self) -> Ordering {
        match self.version.cmp(&other.version) {
            Ordering::Equal => self.after.cmp(&other.after),
            Ordering::Less if self.after && self.version.has_build(&other.version) => Ordering::Greater,
            Ordering::Greater if other.after && other.version.has_build(&self.version) => Ordering::Less,
            order => order,
        }
    }
}

impl PartialOrd for Cut {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The versions between two cuts.
#[derive(Debug, Clone)]
pub(super) struct Span {
    /// `None`: from the beginning.
    from: Option<Cut>,
    /// `None`: without end.
    to: Option<Cut>,
}

impl Span {
    /// One version and its builds.
    pub(super) fn of(version: Version) -> Self {
        Self { from: Some(Cut::before(version.clone())), to: Some(Cut::after(version)) }
    }

    fn reaches(&self, cut: &Cut) -> bool {
        self.to.as_ref().is_none_or(|to| to >= cut)
    }

    fn holds_some(&self) -> bool {
        self.to.is_none() || self.from < self.to
    }
}

/// An event at which a range begins or ends; `None`: at the beginning.
struct Turn {
    at: Option<Cut>,
    affected: bool,
}

/// The spans of one range; `None` where a bound has no place in the order or nothing says where it begins.
pub(super) fn of(order: Option<Order>, events: &[Event]) -> Option<Vec<Span>> {
    let read = |written: &str| order?.read(written);
    let mut turns = Vec::new();
    let mut limits = Vec::new();
    let mut endless = false;
    for event in events {
        let (at, affected) = match event {
            Event::Introduced(written) if written.trim() == "0" => (None, true),
            Event::Introduced(written) => (Some(Cut::before(read(written)?)), true),
            Event::Fixed(written) => (Some(Cut::before(read(written)?)), false),
            Event::LastAffected(written) => (Some(Cut::after(read(written)?)), false),
            Event::Limit(written) if written.trim() == "*" => {
                endless = true;
                continue;
            }
            Event::Limit(written) => {
                limits.push(Cut::before(read(written)?));
                continue;
            }
        };
        turns.push(Turn { at, affected });
    }
    let limit = limits.into_iter().max().filter(|_| !endless);
    turns.iter().any(|turn| turn.affected).then(|| swept(turns, limit.as_ref()))
}

/// Walks the events once: for each version the last one that applies to it decides, in OSV's order of events.
fn swept(mut turns: Vec<Turn>, limit: Option<&Cut>) -> Vec<Span> {
    // At one version events keep the order of the document, but the last affected version is affected.
    turns.sort_by(|a, b| {
        let (a, b) = (a.at.as_ref().map(|cut| (&cut.version, cut.after)), b.at.as_ref().map(|cut| (&cut.version, cut.after)));
        a.cmp(&b)
    });
    let mut ranked: Vec<(usize, Turn)> = turns.into_iter().enumerate().collect();
    ranked.sort_by(|(_, a), (_, b)| a.at.cmp(&b.at));
    let mut spans = Vec::new();
    let mut open: Option<Option<Cut>> = None;
    let mut last = 0;
    for (rank, turn) in ranked {
        if rank < last {
            continue; // A later event already applies: this one is about builds of a version before it.
        }
        last = rank;
        match open.take() {
            Some(from) if !turn.affected => spans.push(Span { from, to: turn.at }),
            None if turn.affected => open = Some(turn.at),
            still => open = still,
        }
    }
    spans.extend(open.map(|from| Span { from, to: None }));
    if let Some(limit) = limit {
        for span in &mut spans {
            if span.reaches(limit) {
                span.to = Some(limit.clone());
            }
        }
    }
    spans.retain(Span::holds_some);
    spans
}

/// The spans of all ranges of one order together.
#[derive(Debug)]
pub(super) struct Spans {
    order: Option<Order>,
    /// Invariant: sorted, none empty, none touches the next.
    spans: Vec<Span>,
}

impl Spans {
    /// Joins what overlaps or touches.
    pub(super) fn new(order: Option<Order>, mut spans: Vec<Span>) -> Self {
        spans.sort_by(|a, b| a.from.cmp(&b.from));
        let mut joined: Vec<Span> = Vec::with_capacity(spans.len());
        for span in spans {
            match joined.last_mut() {
                Some(last) if span.from.as_ref().is_none_or(|from| last.reaches(from)) => {
                    if span.to.as_ref().is_none_or(|to| !last.reaches(to)) {
                        last.to = span.to;
                    }
                }
                _ => joined.push(span),
            }
        }
        Self { order, spans: joined }
    }

    /// Whether no version is in them.
    pub(super) fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// Whether the version has a place in the order.
    pub(super) fn reads(&self, version: &str) -> bool {
        self.order.is_some_and(|order| order.read(version).is_some())
    }

    /// What holds for every version.
    pub(super) fn all(&self) -> Option<bool> {
        match self.spans.as_slice() {
            [] => Some(false),
            [Span { from: None, to: None }] => Some(true),
            _ => None,
        }
    }

    /// Whether a version is in one of them; `None` where it has no place in the order, or leaves open which build it is and
    /// only some are in.
    pub(super) fn contains(&self, version: &str) -> Option<bool> {
        let Some(version) = self.order.and_then(|order| order.read(version)) else { return self.all() };
        let end = version.is_open().then(|| Cut::after(version.clone()));
        let here = Cut::before(version);
        let next = self.spans.partition_point(|span| span.from.as_ref().is_none_or(|from| *from <= here));
        let holder = next.checked_sub(1).and_then(|row| self.spans.get(row));
        if let Some(span) = holder.filter(|span| span.to.as_ref().is_none_or(|to| here < *to)) {
            return end.is_none_or(|end| span.reaches(&end)).then_some(true);
        }
        let later = self.spans.get(next).and_then(|span| span.from.as_ref());
        let some_build = end.zip(later).is_some_and(|(end, from)| *from < end);
        (!some_build).then_some(false)
    }
}
