//! Choosing rows of a worklist by what stands in them: `owner:care env:prod* state:affected`.

use crate::graph::Graph;
use crate::incident::worklist::Line;
use crate::model::state::State;
use globset::GlobBuilder;
use globset::GlobMatcher;

/// What must hold of a row.
#[derive(Debug)]
pub(crate) struct Filter(Vec<(Part, Vec<GlobMatcher>)>);

/// What of a row is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Owner,
    Environment,
    Service,
    State,
    Criticality,
    /// Its id or label.
    Name,
}

/// Why a text is no filter.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum FilterError {
    #[error("an empty filter chooses nothing")]
    Empty,
    #[error("a filter has no `{0}:`")]
    NoSuchPart(String),
    #[error("`{0}` is no state")]
    NoState(String),
    #[error("`{0}` is no glob")]
    NoGlob(String),
}

impl Filter {
    /// Reads `PART:GLOB` words, all of which must hold; `a,b` is either; a word without a part is a name. Case does not count.
    pub(crate) fn parse(written: &str) -> Result<Self, FilterError> {
        let words: Vec<_> = written.split_whitespace().map(word).collect::<Result<_, _>>()?;
        if words.is_empty() { Err(FilterError::Empty) } else { Ok(Self(words)) }
    }

    /// Whether it says in which states rows are meant.
    pub(crate) fn names_a_state(&self) -> bool {
        self.0.iter().any(|(part, _)| *part == Part::State)
    }

    /// Whether all of it holds of a row.
    pub(crate) fn matches(&self, graph: &Graph, line: &Line<'_>) -> bool {
        self.0.iter().all(|(part, globs)| {
            let values = part.values(graph, line);
            globs.iter().any(|glob| values.iter().any(|value| glob.is_match(value)))
        })
    }
}

impl Part {
    fn parse(word: &str) -> Option<Self> {
        Some(match word.to_ascii_lowercase().as_str() {
            "owner" => Self::Owner,
            "env" | "environment" => Self::Environment,
            "service" => Self::Service,
            "state" => Self::State,
            "criticality" => Self::Criticality,
            "name" | "deployment" => Self::Name,
            _ => return None,
        })
    }

    /// What stands there; an empty text where nothing does, so that `owner:` finds rows without one.
    fn values(self, graph: &Graph, line: &Line<'_>) -> Vec<String> {
        let info = line.component.and_then(|id| graph.deployment(id));
        let text = |id| graph.text(id).as_key().to_owned();
        match self {
            Self::Owner => vec![line.owner.clone().unwrap_or_default()],
            Self::Environment => vec![info.and_then(|info| info.environment).map(text).unwrap_or_default()],
            Self::Service => vec![info.and_then(|info| info.service).map(text).unwrap_or_default()],
            Self::State => vec![line.state.map_or("", State::word).to_owned()],
            Self::Criticality => vec![line.criticality.clone().unwrap_or_default()],
            Self::Name => {
                let label = line.component.map(|id| graph.label(id).as_key().to_owned());
                label.into_iter().chain([line.deployment.clone()]).collect()
            }
        }
    }
}

fn word(written: &str) -> Result<(Part, Vec<GlobMatcher>), FilterError> {
    let (part, globs) = match written.split_once(':') {
        Some((part, globs)) => (Part::parse(part).ok_or_else(|| FilterError::NoSuchPart(part.to_owned()))?, globs),
        None => (Part::Name, written),
    };
    let glob = |written: &str| {
        if part == Part::State && !written.contains('*') && State::parse(written).is_none() {
            return Err(FilterError::NoState(written.to_owned()));
        }
        let glob = GlobBuilder::new(written).case_insensitive(true).build();
        glob.map(|glob| glob.compile_matcher()).map_err(|_error| FilterError::NoGlob(written.to_owned()))
    };
    Ok((part, globs.split(',').map(glob).collect::<Result<_, _>>()?))
}
