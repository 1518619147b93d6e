//! How plain types are spelt in a payload: as the one text that people also type, or not at all.

use crate::model::date::Day;
use crate::model::hazard::Hazard;
use crate::model::moment::End;
use crate::model::moment::Moment;
use crate::query::select::Scope;
use serde::Deserialize;
use serde::Deserializer;
use serde::Serializer;
use serde::de::Error as _;

/// A value that is written as one text and read from that text only.
pub(super) trait Spelt: Sized {
    fn spell(&self) -> String;
    fn read(text: &str) -> Option<Self>;
}

impl Spelt for Moment {
    fn spell(&self) -> String {
        self.to_string()
    }
    fn read(text: &str) -> Option<Self> {
        Self::parse(text)
    }
}

impl Spelt for Day {
    fn spell(&self) -> String {
        self.to_string()
    }
    fn read(text: &str) -> Option<Self> {
        Self::parse(text)
    }
}

impl Spelt for End {
    fn spell(&self) -> String {
        self.to_string()
    }
    fn read(text: &str) -> Option<Self> {
        Self::parse(text)
    }
}

impl Spelt for Hazard {
    fn spell(&self) -> String {
        self.word().to_owned()
    }
    fn read(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|hazard| hazard.word() == text)
    }
}

impl Spelt for Scope {
    fn spell(&self) -> String {
        self.word().to_owned()
    }
    fn read(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.word() == text)
    }
}

fn read<T: Spelt, E: serde::de::Error>(text: &str) -> Result<T, E> {
    // Another spelling of the same value was not written by us.
    T::read(text).filter(|value| value.spell() == text).ok_or_else(|| E::custom("no such value"))
}

pub(super) fn serialize<T: Spelt, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&value.spell())
}

pub(super) fn deserialize<'de, T: Spelt, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    read(&String::deserialize(deserializer)?)
}

/// The same for what may be absent.
pub(super) mod option {
    use super::*;

    #[expect(clippy::ref_option, reason = "serde calls it with a reference to the field")]
    pub(in crate::incident::journal) fn serialize<T: Spelt, S: Serializer>(
        value: &Option<T>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match value {
            Some(value) => super::serialize(value, serializer),
            None => serializer.serialize_none(),
        }
    }

    pub(in crate::incident::journal) fn deserialize<'de, T: Spelt, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<T>, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?;
        text.map(|text| read(&text)).transpose().map_err(D::Error::custom::<D::Error>)
    }
}
