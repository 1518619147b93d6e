//! What SPDX has no field for: lines such as `ml_sbom:deployment:environment: production` in annotations and comments.
//!
//! A line is `ml_sbom:KEY: VALUE` or `ml_sbom:KEY=VALUE`. Repeated lines are several values: the n-th environment, service,
//! owner and criticality are those of the n-th deployment.
//! Absent on purpose: any other prose; it is shown and never understood.

use crate::model::document::Deployment;
use crate::model::document::Document;
use crate::model::document::MentionId;
use crate::model::document::Place;
use crate::model::kind::Kind;
use crate::model::kind::Relation;

const PREFIX: &str = "ml_sbom:";

/// Keys with a meaning, longest first where one begins another.
const KEYS: [&str; 9] = [
    "model_id",
    "kind",
    "fine_tuning:method",
    "deployment:environment",
    "deployment:service",
    "deployment:owner",
    "deployment:criticality",
    "deployment:date",
    "deployment:approved_by",
];

/// All `ml_sbom:` lines about one element, in document order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Stated<'t> {
    lines: Vec<Line<'t>>,
}

#[derive(Debug, Clone, Copy)]
struct Line<'t> {
    key: &'t str,
    value: &'t str,
    place: Place,
}

impl<'t> Stated<'t> {
    /// Takes in every such line of a text.
    pub(crate) fn read(&mut self, text: &'t str, place: Place) {
        for line in text.lines().filter_map(|line| line.trim().strip_prefix(PREFIX)) {
            if let Some((key, value)) = split(line) {
                self.lines.push(Line { key, value, place });
            }
        }
    }

    /// Takes in a property whose name and value stand apart.
    pub(crate) fn property(&mut self, name: &'t str, value: &'t str, place: Place) {
        if let Some(key) = name.trim().strip_prefix(PREFIX) {
            self.lines.push(Line { key, value: value.trim(), place });
        }
    }

    /// Takes in what was stated about the same element elsewhere.
    pub(crate) fn extend(&mut self, other: &Self) {
        self.lines.extend_from_slice(&other.lines);
    }

    /// `model_id`, the first one.
    pub(crate) fn model_id(&self) -> Option<&'t str> {
        self.values("model_id").next().map(|line| line.value)
    }

    /// The kind that is stated outright, or `model` where a `model_id` is.
    pub(crate) fn kind(&self) -> Option<Kind> {
        let outright = self.values("kind").find_map(|line| Kind::parse(&line.value.to_ascii_lowercase()));
        outright.or_else(|| self.model_id().map(|_| Kind::Model))
    }

    /// How the element was made from its base model.
    pub(crate) fn method(&self) -> Option<&'t str> {
        self.values("fine_tuning:method").next().map(|line| line.value)
    }

    fn values(&self, key: &str) -> impl Iterator<Item = Line<'t>> {
        self.lines.iter().copied().filter(move |line| line.key == key)
    }

    /// Adds the deployments and shows every line as a field.
    pub(crate) fn apply(&self, document: &mut Document, mention: MentionId) {
        for line in &self.lines {
            document.field(mention, &line.key.replace(':', "."), line.value, line.place.line);
        }
        let [environments, services, owners, criticalities] =
            ["deployment:environment", "deployment:service", "deployment:owner", "deployment:criticality"]
                .map(|key| self.values(key).collect::<Vec<_>>());
        for n in 0..environments.len().max(services.len()) {
            let Some(first) = environments.get(n).or(services.get(n)) else { continue };
            let mut text = |lines: &[Line<'t>]| lines.get(n).map(|line| document.texts.add(line.value));
            let facts = Deployment {
                environment: text(&environments),
                service: text(&services),
                owner: text(&owners),
                criticality: text(&criticalities),
                inventory: false,
            };
            let deployment = document.deployment(facts, first.place);
            document.link(mention, Relation::Deployed, deployment, first.place);
        }
    }
}

/// Key and value of a line without its prefix.
fn split(line: &str) -> Option<(&str, &str)> {
    let known = KEYS.iter().find_map(|key| {
        let (written, rest) = line.split_at_checked(key.len())?;
        let value = rest.trim_start().strip_prefix([':', '='])?;
        (written == *key).then_some((written, value))
    });
    let (key, value) = known.or_else(|| line.split_once('=')).or_else(|| line.split_once(": "))?;
    let (key, value) = (key.trim(), value.trim());
    (!key.is_empty() && !value.is_empty()).then_some((key, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_in_every_spelling() {
        for (line, expected, why) in [
            ("deployment:environment=production", Some(("deployment:environment", "production")), "equals sign"),
            ("deployment:environment: production", Some(("deployment:environment", "production")), "colon"),
            ("model_id:a:b=c", Some(("model_id", "a:b=c")), "the value may hold separators"),
            ("team=vision", Some(("team", "vision")), "an unknown key is kept"),
            ("model_id:", None, "no value"),
            ("prose", None, "no key"),
        ] {
            assert_eq!(split(line), expected, "{why}");
        }
    }
}
