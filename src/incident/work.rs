//! The worklist of one incident for a screen: by text, so that it can cross threads and outlive its graph.
//!
//! Absent on purpose: files (facts are handed in), the clock, order by anything but how bad it is.

use crate::graph::Graph;
use crate::graph::ids::ComponentId;
use crate::incident::act::Act;
use crate::incident::act::What;
use crate::incident::book::Book;
use crate::incident::journal::body::Action;
use crate::incident::standing::Stage;
use crate::incident::standing::World;
use crate::incident::words;
use crate::incident::words::shown;
use crate::incident::worklist;
use crate::incident::worklist::Answer;
use crate::incident::worklist::Line;
use crate::model::hazard::Hazard;
use crate::model::kind::Relation;
use crate::model::moment::Moment;
use crate::model::state::State;
use crate::query::facts::Facts;
use crate::query::impact;
use crate::query::impact::Impact;
use crate::query::impact::Mark;
use crate::query::plan;
use crate::query::plan::Question;
use std::collections::BTreeMap;

/// With more AFFECTED deployments than this, ways back and waves are not worked out beside the list.
const PLANNED: usize = 500;

/// Where a row stands, for whoever must act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Place {
    Open,
    Contained,
    /// It is not known whether it is reached.
    ToFindOut,
    /// Decided once, and no longer reached.
    Left,
}

/// A version to go back to, or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Candidate {
    /// Printed id, as it is.
    pub id: String,
    pub state: State,
    /// For or against it.
    pub reason: String,
}

/// One deployment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Item {
    /// Printed id, as it is: what tells a row from others.
    pub deployment: String,
    pub component: Option<ComponentId>,
    pub owner: Option<String>,
    pub environment: Option<String>,
    pub criticality: Option<String>,
    /// Printed ids of what it runs.
    pub runs: Vec<String>,
    pub state: State,
    /// What the walk says, before decisions.
    pub reached: Option<State>,
    pub place: Place,
    /// `rollback chat-v1`, `open: no clean version`; safe to print.
    pub action: String,
    /// `oncall 03:14`.
    pub by: String,
    /// When something is due; whether that has passed.
    pub due: Option<(Moment, bool)>,
    /// Why it is open, or what else there is to know; safe to print.
    pub why: Vec<String>,
    /// The last decision as a sentence.
    pub last: Option<String>,
    /// It is decided, and not reported as done.
    pub can_be_done: bool,
    pub candidates: Vec<Candidate>,
    /// The one that fits, by its printed id.
    pub back_to: Option<String>,
    /// Why there is none.
    pub none_because: String,
    /// `wave 1 of 2`, where it waits for a training.
    pub wave: Option<String>,
}

/// The worklist of one incident.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Work {
    pub incident: String,
    /// It is open.
    pub open: bool,
    /// `poisoned`, or `mixed`.
    pub hazard: &'static str,
    pub lead: String,
    /// Worst first.
    pub items: Vec<Item>,
    /// First fixed versions, by package: `torch 2.2.0`.
    pub upgrades: Vec<String>,
    /// The next clock that runs: `decide critical 04:02`, and whether it has passed.
    pub clock: Option<(String, Moment, bool)>,
    /// When something next falls due, after the time this was made.
    pub next: Option<Moment>,
}

impl Work {
    /// How many rows stand in a place.
    pub(crate) fn count(&self, place: Place) -> usize {
        self.items.iter().filter(|item| item.place == place).count()
    }

    /// How many open rows are overdue.
    pub(crate) fn overdue(&self) -> usize {
        self.items.iter().filter(|item| item.due.is_some_and(|(_, late)| late)).count()
    }
}

/// Makes the worklist of an incident; `None` where there is none of that id.
pub(crate) fn work(book: &Book, id: &str, world: &World<'_>, facts: &dyn Fn(ComponentId) -> Facts) -> Option<Work> {
    let answers = worklist::answers(book, world);
    let answer = answers.iter().find(|answer| answer.case.id == id)?;
    let plan = planned(&answers, answer, world.graph, facts);
    let items: Vec<Item> = answer.lines.iter().map(|line| item(answer, line, world, plan.as_ref())).collect();
    let clocks = crate::incident::clocks::clocks(answer, &world.graph.settings().response);
    let running = clocks.iter().filter(|clock| clock.met.is_none()).min_by_key(|clock| clock.due);
    let dues = items.iter().filter_map(|item| item.due).map(|(due, _)| due);
    let next = dues.chain(clocks.iter().filter(|clock| clock.met.is_none()).map(|clock| clock.due));
    Some(Work {
        incident: answer.case.id.clone(),
        open: answer.case.is_open(),
        hazard: answer.hazard(),
        lead: shown(&answer.case.lead),
        upgrades: plan.iter().flat_map(|plan| upgrades(world.graph, plan)).collect(),
        clock: running.map(|clock| (shown(&clock.name), clock.due, clock.is_late(world.now))),
        next: next.filter(|due| *due > world.now).min(),
        items,
    })
}

/// The plan for what is AFFECTED, where it is under one hazard and not too much.
fn planned(
    answers: &[Answer<'_>],
    answer: &Answer<'_>,
    graph: &Graph,
    facts: &dyn Fn(ComponentId) -> Facts,
) -> Option<plan::Plan> {
    let affected = answer.lines.iter().filter(|line| line.reached == Some(State::Affected)).count();
    let hazards: Vec<Hazard> = answer.marks.iter().map(|mark| mark.hazard).collect();
    if affected == 0 || affected > PLANNED || !hazards.windows(2).all(|pair| pair[0] == pair[1]) {
        return None;
    }
    let marks: Vec<Mark> =
        answers.iter().filter(|answer| answer.case.is_open()).flat_map(|answer| answer.marks.clone()).collect();
    let open: Impact = impact::impact(graph, &marks);
    let question = Question { graph, impact: &answer.impact, open: &open, ranges: &[], facts };
    Some(plan::plan(&question))
}

fn upgrades(graph: &Graph, plan: &plan::Plan) -> Vec<String> {
    let to = |upgrade: &plan::Upgrade| Some(format!("{} {}", graph.label(upgrade.package).show(), shown(upgrade.to.as_deref()?)));
    plan.upgrades.iter().filter_map(to).collect()
}

fn item(answer: &Answer<'_>, line: &Line<'_>, world: &World<'_>, plan: Option<&plan::Plan>) -> Item {
    let graph = world.graph;
    let place = if line.is_contained() {
        Place::Contained
    } else if line.is_open() {
        Place::Open
    } else if line.is_to_find_out() {
        Place::ToFindOut
    } else {
        Place::Left
    };
    let info = line.component.and_then(|id| graph.deployment(id));
    let rollback = plan.and_then(|plan| plan.rollbacks.iter().find(|rollback| Some(rollback.deployment) == line.component));
    let key = |id: ComponentId| graph.id(id).as_key().to_owned();
    let stands = line.stage.is_some_and(Stage::stands);
    let runs: Vec<ComponentId> = line.component.map_or_else(Vec::new, |id| run_by(graph, id));
    let mut item = Item {
        deployment: line.deployment.clone(),
        component: line.component,
        owner: line.owner.clone(),
        environment: info.and_then(|info| info.environment).map(|id| graph.text(id).as_key().to_owned()),
        criticality: line.criticality.clone(),
        runs: runs.iter().map(|id| key(*id)).collect(),
        state: line.state.unwrap_or(State::Clear),
        reached: line.reached,
        place,
        action: String::new(),
        by: String::new(),
        due: line.due.map(|due| (due, due < world.now)),
        why: line.why.clone(),
        last: None,
        can_be_done: stands && line.decision.is_some_and(|decision| decision.action.is_work() && !decision.is_done()),
        candidates: Vec::new(),
        back_to: rollback.and_then(|rollback| rollback.to).map(key),
        none_because: rollback.map_or_else(String::new, |rollback| rollback.none_because.clone()),
        wave: plan.and_then(|plan| wave(plan, &runs)),
    };
    item.candidates = rollback.map_or_else(Vec::new, |rollback| {
        let candidate = |c: &plan::Candidate| Candidate { id: key(c.id), state: c.state, reason: c.reason.clone() };
        rollback.candidates.iter().map(candidate).collect()
    });
    if let Some(decision) = line.decision {
        let act = Act { what: What::Decide(decision.action.clone()), due: None, meanwhile: None, note: None };
        let (actor, time) = (shown(&decision.by.actor), decision.by.time.brief(world.now));
        item.last = Some(format!("{actor}, {time}: {}   (journal #{})", act.words(&line.deployment), decision.by.seq));
        if stands {
            item.by = format!("{actor} {time}");
        }
    }
    item.action = action(answer, line, &item, graph);
    item
}

/// What is done, or to be done.
fn action(answer: &Answer<'_>, line: &Line<'_>, item: &Item, graph: &Graph) -> String {
    let stands = line.stage.is_some_and(Stage::stands);
    if let Some(decision) = line.decision.filter(|_| stands) {
        let share = decision.done.as_ref().map(|(_, share)| match share {
            Some(share) => format!("done {} of {}: ", share.done, share.of),
            None => "done: ".to_owned(),
        });
        let (word, rest) = words::action(&decision.action);
        let rest = match &decision.action {
            Action::Rollback { to } => format!(" {}", shown(short(to, &item.runs))),
            Action::Accept { ends, .. } => format!(" until {ends}"),
            Action::Ask { whom, what } => format!(" {}: {}", shown(whom), shown(what)),
            Action::NotAffected { .. } => String::new(),
            Action::Quarantine | Action::Retrain | Action::Upgrade { .. } => rest,
        };
        return format!("{}{word}{rest}", share.unwrap_or_default());
    }
    match (item.place, line.reached) {
        (Place::Left, _) => "not reached any more".to_owned(),
        (_, Some(State::Possible)) => "open: confirm the link first".to_owned(),
        (_, Some(State::Unknown)) => {
            let hole = line.component.and_then(|id| answer.impact.holes(graph, id).into_iter().next());
            hole.map_or_else(
                || "find out what it is made of".to_owned(),
                |hole| format!("get {} of {}", hole.missing.word(), graph.label(hole.component).show()),
            )
        }
        (_, Some(State::Affected)) if item.back_to.is_some() => {
            format!("open: rollback {} fits", shown(short(item.back_to.as_deref().unwrap_or_default(), &item.runs)))
        }
        (_, Some(State::Affected)) if !item.none_because.is_empty() => "open: no clean version".to_owned(),
        _ => "open".to_owned(),
    }
}

/// Of another version of what runs the version alone: `v1.3.0`.
fn short<'a>(to: &'a str, runs: &[String]) -> &'a str {
    let Some(running) = runs.first() else { return to };
    let same = to.bytes().zip(running.bytes()).take_while(|(a, b)| a == b).count();
    let cut = to.get(..same).and_then(|same| same.rfind(['-', '_', '@', ':']));
    cut.and_then(|cut| to.get(cut + 1..)).filter(|rest| !rest.is_empty()).unwrap_or(to)
}

fn run_by(graph: &Graph, deployment: ComponentId) -> Vec<ComponentId> {
    let links = graph.up(deployment).map(|link| graph.link(link));
    links.filter(|link| link.relation == Relation::Deployed).map(|link| link.upstream).collect()
}

/// `wave 1 of 2; lasts 3 h`.
fn wave(plan: &plan::Plan, runs: &[ComponentId]) -> Option<String> {
    let n = plan.waves.waves.len();
    let by_id: BTreeMap<ComponentId, (usize, Option<f64>)> = plan
        .waves
        .waves
        .iter()
        .enumerate()
        .flat_map(|(wave, models)| models.iter().map(move |model| (model.id, (wave + 1, model.hours))))
        .collect();
    let (wave, hours) = runs.iter().filter_map(|id| by_id.get(id)).max_by_key(|(wave, _)| *wave)?;
    let hours = hours.map_or_else(String::new, |hours| format!("; the last training took {hours:.1} h"));
    Some(format!("wave {wave} of {n}{hours}"))
}
