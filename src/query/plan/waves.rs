//! In which order to rebuild: what can be rebuilt at once, after everything that it is made of.

use crate::graph::ids::ComponentId;
use crate::model::kind::Relation;
use crate::model::moment::Moment;
use crate::model::state::State;
use crate::query::facts::Facts;
use crate::query::plan::Question;
use crate::query::plan::network::Network;

/// Models to rebuild.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Waves {
    /// One after another; the models of one wave by id.
    pub waves: Vec<Vec<Rebuild>>,
    /// AFFECTED models of ours that no AFFECTED deployment needs.
    pub unneeded: usize,
}

/// One model to rebuild.
#[derive(Debug, PartialEq)]
pub(crate) struct Rebuild {
    pub id: ComponentId,
    /// How it was made, as written: `LoRA`, `quantized`; several where it has several bases.
    pub method: Option<String>,
    /// What the last training took, in hours.
    pub hours: Option<f64>,
}

/// Finds the waves.
pub(super) fn waves(question: &Question<'_>, network: &Network) -> Waves {
    let graph = question.graph;
    let is_rebuilt = |id: ComponentId| question.is_ours(id) && question.impact.state(id) == State::Affected;
    let mut waves: Vec<Vec<ComponentId>> = Vec::new();
    for (place, wave) in levels(network, &|place| network.ids.get(place).is_some_and(|id| is_rebuilt(*id))) {
        if let Some(id) = network.ids.get(place).copied().filter(|id| is_rebuilt(*id)) {
            waves.resize_with(waves.len().max(wave + 1), Vec::new);
            if let Some(of_wave) = waves.get_mut(wave) {
                of_wave.push(id);
            }
        }
    }
    let needed: usize = waves.iter().map(Vec::len).sum();
    let all = graph.of_kind(crate::model::kind::Kind::Model).filter(|id| is_rebuilt(*id)).count();
    let rebuild = |id: ComponentId| {
        let facts = (question.facts)(id);
        Rebuild { id, method: method(question, id, &facts), hours: hours(&facts) }
    };
    let told = |mut wave: Vec<ComponentId>| {
        wave.sort_unstable();
        wave.into_iter().map(rebuild).collect()
    };
    Waves { waves: waves.into_iter().map(told).collect(), unneeded: all - needed }
}

/// Each place once, with how many places that count stand on the longest way to it. A cycle is entered at its least place.
fn levels(network: &Network, counts: &dyn Fn(usize) -> bool) -> Vec<(usize, usize)> {
    let n = network.ids.len();
    let mut open = vec![0_usize; n];
    for end in network.down.iter().flatten() {
        if let Some(open) = open.get_mut(*end) {
            *open += 1;
        }
    }
    let mut level = vec![0_usize; n];
    let mut done = vec![false; n];
    let mut ready: Vec<usize> = (0..n).filter(|place| open.get(*place) == Some(&0)).collect();
    let mut order = Vec::with_capacity(n);
    let mut least = 0;
    while let Some(place) = ready.pop().or_else(|| (least..n).find(|place| done.get(*place) == Some(&false))) {
        match done.get_mut(place) {
            Some(done) if !*done => *done = true,
            _ => continue,
        }
        while done.get(least) == Some(&true) {
            least += 1;
        }
        let own = level.get(place).copied().unwrap_or(0);
        order.push((place, own));
        for end in network.down.get(place).into_iter().flatten() {
            if let (Some(level), Some(open)) = (level.get_mut(*end), open.get_mut(*end)) {
                *level = (*level).max(own + usize::from(counts(place)));
                *open = open.saturating_sub(1);
                if *open == 0 {
                    ready.push(*end);
                }
            }
        }
    }
    order
}

/// How a model was made: as its links to its bases say, else as its documents do.
fn method(question: &Question<'_>, id: ComponentId, facts: &Facts) -> Option<String> {
    let graph = question.graph;
    let bases = graph.up(id).filter(|link| graph.link(*link).relation == Relation::Base);
    let mut methods: Vec<String> =
        bases.filter_map(|link| graph.method(link)).map(|method| graph.text(method).as_key().to_owned()).collect();
    methods.sort();
    methods.dedup();
    if methods.is_empty() {
        methods.extend(stated(facts, "fine_tuning.method").map(str::to_owned));
    }
    (!methods.is_empty()).then(|| methods.join(", "))
}

/// The time between the start and the end of the training that a document states, in tenths of an hour.
fn hours(facts: &Facts) -> Option<f64> {
    let start = Moment::parse(stated(facts, "fine_tuning.training_start")?)?;
    let end = Moment::parse(stated(facts, "fine_tuning.training_end")?)?;
    let seconds = end.seconds() - start.seconds();
    u32::try_from(seconds / 360).ok().map(|tenths| f64::from(tenths) / 10.0)
}

/// What the last document that states a fact says.
pub(super) fn stated<'f>(facts: &'f Facts, key: &str) -> Option<&'f str> {
    facts.all.iter().rev().find(|fact| fact.key == key).map(|fact| fact.value.as_str())
}
