//! Printed ids and labels: unique, the same on every run, and short where that is enough.

use crate::graph::components::Draft;
use crate::graph::components::Drafted;
use crate::graph::ids::ComponentId;
use crate::graph::statement::Statements;
use crate::model::kind::Kind;
use crate::model::version;
use crate::text::TextId;
use crate::text::Texts;
use rustc_hash::FxHashMap;
use sha2::{Digest as _, Sha256};

/// A component's final place and names.
#[derive(Debug, Clone, Copy)]
pub(super) struct Named {
    pub at: ComponentId,
    pub id: TextId,
    pub label: TextId,
}

/// Names all components of the draft (design.md section 3, "A component's printed id").
pub(super) fn assign(draft: &mut Draft, statements: &mut Statements) -> Vec<Named> {
    let texts = &mut statements.texts;
    let mut ids: Vec<String> = draft.components.iter().map(|c| plain_id(c, texts)).collect();
    make_unique(&mut ids, &draft.components, 12);
    // A deployment's id is made of its model's, which is unique by now.
    let of_models = ids.clone();
    for (row, component) in draft.components.iter().enumerate() {
        if component.deployment.is_some() {
            ids[row] = deployment_id(component, &of_models, texts);
        }
    }
    with_service(&mut ids, &draft.components, texts);
    make_unique(&mut ids, &draft.components, 12);
    let labels = labels(&draft.components, &ids, texts);
    let mut rows: Vec<usize> = (0..ids.len()).collect();
    rows.sort_by(|a, b| {
        let key = |row: usize| (draft.components[row].kind, ids[row].as_str(), &draft.components[row].first);
        key(*a).cmp(&key(*b))
    });
    let mut at = vec![ComponentId::new(0); ids.len()];
    for (position, row) in rows.into_iter().enumerate() {
        at[row] = ComponentId::new(position);
    }
    ids.iter()
        .zip(&labels)
        .zip(at)
        .map(|((id, label), at)| Named { at, id: texts.intern(id), label: texts.intern(label) })
        .collect()
}

/// `model_id`, else purl, else `name@version`, else name.
fn plain_id(component: &Drafted, texts: &Texts) -> String {
    if component.deployment.is_some() {
        return String::new();
    }
    let key = |id: TextId| texts.key(id).to_owned();
    component.model_id.or(component.purl).map_or_else(|| name_at_version(component, texts), key)
}

fn name_at_version(component: &Drafted, texts: &Texts) -> String {
    let name = texts.key(component.name);
    let stated = component.version.map(|id| texts.key(id));
    // A package's range is what sets it apart from other mentions; a model's `main` says nothing.
    let package = crate::graph::identity::is_package(component.kind);
    let version = if package { stated.filter(|v| !version::is_word(v)) } else { stated.and_then(version::identifying) };
    let name = if name.is_empty() { "(no name)" } else { name };
    version.map_or_else(|| name.to_owned(), |version| format!("{name}@{version}"))
}

/// `<id of what runs>@<environment>`.
fn deployment_id(component: &Drafted, of_models: &[String], texts: &Texts) -> String {
    let info = component.deployment.clone().unwrap_or_default();
    let key = |id: Option<TextId>| id.map(|id| texts.key(id));
    let runs = match component.runs[..] {
        [only] => of_models.get(only).map(String::as_str),
        _ => None,
    };
    let what = runs.or(key(info.service)).unwrap_or("unknown");
    format!("{what}@{}", key(info.environment).unwrap_or("unknown"))
}

/// Adds `#<service>` where one model serves several services in one environment.
fn with_service(ids: &mut [String], components: &[Drafted], texts: &Texts) {
    let mut seen: FxHashMap<String, usize> = FxHashMap::default();
    for id in ids.iter() {
        *seen.entry(id.clone()).or_default() += 1;
    }
    for (id, component) in ids.iter_mut().zip(components) {
        let service = component.deployment.as_ref().and_then(|info| info.service);
        if let Some(service) = service.filter(|_| seen.get(id).is_some_and(|n| *n > 1)) {
            *id = format!("{id}#{}", texts.key(service));
        }
    }
}

/// Sets equal ids apart: by kind where kinds differ, else by digest, else by the least place that mentions them.
fn make_unique(ids: &mut [String], components: &[Drafted], digits: usize) {
    let mut groups: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
    for (row, id) in ids.iter().enumerate().filter(|(_, id)| !id.is_empty()) {
        groups.entry(id).or_default().push(row);
    }
    let doubles: Vec<Vec<usize>> = groups.into_values().filter(|rows| rows.len() > 1).collect();
    for rows in doubles {
        let mut by_kind: FxHashMap<Kind, Vec<usize>> = FxHashMap::default();
        for row in &rows {
            by_kind.entry(components[*row].kind).or_default().push(*row);
        }
        let kinds = by_kind.len();
        for (kind, rows) in by_kind {
            if kinds > 1 {
                for row in &rows {
                    ids[*row] = format!("{kind}:{}", ids[*row]);
                }
            }
            if rows.len() > 1 {
                let hex = different(rows.iter().map(|row| &components[*row]));
                let digits = shortest(&hex, digits);
                for (row, hex) in rows.iter().zip(&hex) {
                    ids[*row] = format!("{}#{}", ids[*row], hex.get(..digits).unwrap_or(hex));
                }
            }
        }
    }
}

/// The fewest digits, `least` or more, that set all apart.
fn shortest(hex: &[String], least: usize) -> usize {
    let longest = hex.iter().map(String::len).max().unwrap_or(least);
    (least..longest)
        .find(|digits| {
            let mut cut: Vec<&str> = hex.iter().map(|h| h.get(..*digits).unwrap_or(h)).collect();
            cut.sort_unstable();
            cut.windows(2).all(|pair| pair[0] != pair[1])
        })
        .unwrap_or(longest)
}

/// Hex digits for each: of its digest, else of the hash of the least place that mentions it. Where these are equal too (two
/// on one line, a digest of another algorithm's length cut short), how many came before is hashed with them.
fn different<'c>(components: impl Iterator<Item = &'c Drafted>) -> Vec<String> {
    let mut seen: FxHashMap<String, usize> = FxHashMap::default();
    let hashed = |text: String| Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let of_place = |(file, line): &(String, u32)| hashed(format!("{file}:{line}"));
    components
        .map(|component| {
            let hex = component.hex.clone().unwrap_or_else(|| of_place(&component.first));
            let before = seen.entry(hex.clone()).or_default();
            *before += 1;
            if *before == 1 { hex } else { hashed(format!("{hex}:{before}")) }
        })
        .collect()
}

/// What lists show: no purl syntax, `#` with four digits, a deployment as `service@environment`.
fn labels(components: &[Drafted], ids: &[String], texts: &Texts) -> Vec<String> {
    let mut labels: Vec<String> = Vec::with_capacity(ids.len());
    for (component, id) in components.iter().zip(ids) {
        labels.push(match &component.deployment {
            Some(info) => deployment_label(component, info, components, texts),
            None => component.model_id.map_or_else(|| name_at_version(component, texts), |id| texts.key(id).to_owned()),
        });
        let _ = id;
    }
    let plain = labels.clone();
    make_unique(&mut labels, components, 4);
    for (row, label) in labels.iter_mut().enumerate() {
        if components[row].deployment.is_some() && *label != plain[row] {
            label.clone_from(&ids[row]);
        } else if let Some((_, rest)) =
            label.split_once(':').filter(|(kind, _)| Kind::parse(kind).is_some() && **label != *plain[row])
        {
            // Lists are by kind, so a kind in front would say nothing there.
            *label = rest.to_owned();
        }
    }
    labels
}

fn deployment_label(component: &Drafted, info: &crate::graph::DeploymentInfo, components: &[Drafted], texts: &Texts) -> String {
    let environment = info.environment.map_or("unknown", |id| texts.key(id));
    let model = component.runs.first().and_then(|row| components.get(*row));
    let of_model = || model.map(|model| without_version(texts.key(model.model_id.unwrap_or(model.name))).to_owned());
    let what = info.service.map(|id| texts.key(id).to_owned()).or_else(of_model);
    format!("{}@{environment}", what.as_deref().unwrap_or("unknown"))
}

/// `legal-summarizer` of `legal-summarizer-v1.4.2`: a name up to its version.
pub(crate) fn without_version(name: &str) -> &str {
    let version_at = name.rmatch_indices("-v").map(|(at, _)| at).find(|at| {
        let rest = name.get(at + 2..).unwrap_or_default();
        rest.starts_with(|c: char| c.is_ascii_digit())
            && rest.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '+'))
    });
    version_at.and_then(|at| name.get(..at)).filter(|cut| !cut.is_empty()).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_family_is_a_name_up_to_its_version() {
        for (name, family) in [
            ("legal-summarizer-v1.4.2", "legal-summarizer"),
            ("support-base-v1", "support-base"),
            ("deberta-v3-base-v1.0.0", "deberta-v3-base"),
            ("bert-base-uncased", "bert-base-uncased"),
            ("deberta-video", "deberta-video"),
            ("-v1", "-v1"),
        ] {
            assert_eq!(without_version(name), family, "{name}");
        }
    }

    #[test]
    fn digits_are_added_until_all_differ() {
        let hex = ["aaaa1".to_owned(), "aaaa2".to_owned(), "bbbb3".to_owned()];
        assert_eq!(shortest(&hex, 4), 5);
        assert_eq!(shortest(&hex[1..], 4), 4);
    }
}
