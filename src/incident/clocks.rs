//! By when what is to happen, as `response:` of the top configuration says (design.md section 6, "Clocks").
//!
//! Invariant: a clock runs from when the incident became known, and only an entry stops it.
//! Absent on purpose: counting down; what time it is.

use crate::incident::worklist::Answer;
use crate::incident::worklist::Line;
use crate::model::moment::Moment;
use crate::model::settings::Response;

/// A limit of an incident.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Clock {
    /// `answer`, `decide critical`, `done default`, `report early-warning`.
    pub name: String,
    pub due: Moment,
    /// The time of the entry that stopped it.
    pub met: Option<Moment>,
}

impl Clock {
    /// Whether it ran past its time, whether or not it has been stopped since.
    pub(crate) fn is_late(&self, now: Moment) -> bool {
        self.met.unwrap_or(now) > self.due
    }
}

/// When a row did what a clock waits for.
type Met<'a> = &'a dyn Fn(&Line<'_>) -> Option<Moment>;

/// All clocks of an incident: the answer, decisions and work by criticality, reports.
pub(crate) fn clocks(answer: &Answer<'_>, response: &Response) -> Vec<Clock> {
    let (case, mut clocks) = (answer.case, Vec::new());
    let due = |seconds: i64| case.aware.after(seconds);
    if let Some(seconds) = response.answer {
        clocks.push(Clock { name: "answer".to_owned(), due: due(seconds), met: Some(case.opened.time) });
    }
    let decided = |line: &Line<'_>| line.decision.filter(|_| line.is_contained()).map(|decision| decision.by.time);
    let done = |line: &Line<'_>| {
        let decision = line.decision.filter(|_| line.is_settled())?;
        Some(decision.done.as_ref().map_or(decision.by.time, |(by, _)| by.time))
    };
    let stages: [(&str, &[(String, i64)], Met<'_>); 2] =
        [("decide", &response.decide, &decided), ("done", &response.done, &done)];
    for (word, limits, met) in stages {
        for (name, seconds) in limits {
            let of_limit = |line: &&Line<'_>| {
                let limit = Response::limit(limits, line.criticality.as_deref());
                (line.is_open() || line.is_contained()) && limit.is_some_and(|(own, _)| own == name)
            };
            let times: Vec<Option<Moment>> = answer.lines.iter().filter(of_limit).map(met).collect();
            if !times.is_empty() {
                let met = times.iter().copied().collect::<Option<Vec<Moment>>>().and_then(|times| times.into_iter().max());
                clocks.push(Clock { name: format!("{word} {name}"), due: due(*seconds), met });
            }
        }
    }
    for (name, seconds) in &response.reports {
        let met = case.reports.get(name).map(|by| by.time);
        clocks.push(Clock { name: format!("report {name}"), due: due(*seconds), met });
    }
    clocks
}
