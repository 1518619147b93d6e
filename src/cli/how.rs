//! The options that say how something compromised is meant: hazard, scope, time window.

use crate::cli::exit::Exit;
use crate::cli::exit::Failure;
use crate::incident::journal::body::Question;
use crate::model::date::Day;
use crate::model::hazard::Hazard;
use crate::query::impact::Window;
use crate::query::select::Scope;
use clap::Args;
use clap::ValueEnum;
use clap::builder::PossibleValuesParser;
use clap::builder::TypedValueParser;

/// How selectors are meant.
#[derive(Debug, Args)]
pub(super) struct How {
    /// What is wrong with it, where it is not what is usual for its kind
    #[arg(long, value_name = "HAZARD", value_parser = hazard())]
    pub hazard: Option<Hazard>,

    /// Narrow or widen each selector: its digests only, its version, or every version; without it, as written
    #[arg(long, value_name = "SCOPE")]
    scope: Option<Width>,

    /// Rule out what was downloaded before this day (YYYY-MM-DD)
    #[arg(long, value_name = "DAY", value_parser = day)]
    since: Option<Day>,

    /// Rule out what was downloaded after this day (YYYY-MM-DD)
    #[arg(long, value_name = "DAY", value_parser = day)]
    until: Option<Day>,
}

/// How wide a selector reaches.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Width {
    Digest,
    Version,
    Every,
}

impl How {
    /// The days that count; fails where none lies between them.
    pub(super) fn window(&self) -> Result<Window, Failure> {
        if self.since.zip(self.until).is_some_and(|(since, until)| since > until) {
            return Err(Failure::new(Exit::Usage, "`--since` is after `--until`: no day lies between them"));
        }
        Ok(Window { since: self.since, until: self.until })
    }

    /// How wide each selector reaches.
    pub(super) fn scope(&self) -> Scope {
        match self.scope {
            None => Scope::AsWritten,
            Some(Width::Digest) => Scope::Digest,
            Some(Width::Version) => Scope::Version,
            Some(Width::Every) => Scope::Every,
        }
    }

    /// What some selectors, so meant, ask; fails as [`Self::window`] does.
    pub(super) fn question(&self, selectors: Vec<String>) -> Result<Question, Failure> {
        let Window { since, until } = self.window()?;
        Ok(Question { selectors, hazard: self.hazard, scope: self.scope(), since, until })
    }

    /// Whether another option than the hazard was given.
    pub(super) fn says_more_than_hazard(&self) -> bool {
        self.scope.is_some() || self.since.is_some() || self.until.is_some()
    }

    /// Whether any of the options was given.
    pub(super) fn is_given(&self) -> bool {
        self.hazard.is_some() || self.scope.is_some() || self.since.is_some() || self.until.is_some()
    }
}

/// Reads the word for a hazard.
pub(super) fn hazard() -> impl TypedValueParser<Value = Hazard> {
    let words = PossibleValuesParser::new(Hazard::ALL.map(Hazard::word));
    words.try_map(|word| Hazard::ALL.into_iter().find(|hazard| hazard.word() == word).ok_or("no such hazard"))
}

/// Reads a day, or the day of a time.
pub(super) fn day(written: &str) -> Result<Day, String> {
    Day::parse(written).ok_or_else(|| "not a day; write it as 2026-03-01".to_owned())
}
