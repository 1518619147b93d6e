//! Printed ids and labels: unique, the same on every run, and short where that is enough.

use crate::graph::DeploymentInfo;
use crate::graph::components::Draft;
use crate::graph::components::Drafted;
use crate::graph::components::First;
use crate::graph::corpus::Corpus;
use crate::graph::identity::is_package;
use crate::graph::ids::ComponentId;
use crate::model::kind::Kind;
use crate::model::version;
use crate::text::TextId;
use rayon::prelude::*;
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
pub(super) fn assign(draft: &Draft, corpus: &mut Corpus) -> Vec<Named> {
    let mut naming = Naming { components: &draft.components, files: first_of_file(&draft.files), corpus };
    let mut ids: Vec<TextId> = draft.components.iter().map(|c| naming.plain_id(c)).collect();
    naming.make_unique(&mut ids, 12);
    // A deployment's id is made of its model's, which is unique by now.
    for row in naming.deployments() {
        ids[row] = naming.deployment_id(row, &ids);
    }
    naming.add_services(&mut ids);
    naming.make_unique(&mut ids, 12);
    let labels = naming.labels(&ids);
    let at = naming.positions(&ids);
    ids.into_iter().zip(labels).zip(at).map(|((id, label), at)| Named { at, id, label }).collect()
}

struct Naming<'a> {
    components: &'a [Drafted],
    /// By number of a file: the row of its first document.
    files: Vec<usize>,
    corpus: &'a mut Corpus,
}

fn first_of_file(files: &[u32]) -> Vec<usize> {
    let mut first = Vec::new();
    for (row, file) in files.iter().enumerate() {
        if *file as usize == first.len() {
            first.push(row);
        }
    }
    first
}

impl Naming<'_> {
    fn key(&self, id: TextId) -> &str {
        self.corpus.statements.texts.key(id)
    }

    fn intern(&mut self, text: &str) -> TextId {
        self.corpus.statements.texts.intern(text)
    }

    /// Deployments come after all clusters.
    fn deployments(&self) -> std::ops::Range<usize> {
        self.components.partition_point(|c| c.kind != Kind::Deployment)..self.components.len()
    }

    /// `model_id`, else purl, else `name@version`, else name; nothing yet for a deployment.
    fn plain_id(&mut self, component: &Drafted) -> TextId {
        if component.kind == Kind::Deployment {
            return self.intern("");
        }
        component.model_id.or(component.purl).unwrap_or_else(|| self.name_at_version(component))
    }

    fn name_at_version(&mut self, component: &Drafted) -> TextId {
        let name = self.key(component.name);
        let stated = component.version.map(|id| self.key(id));
        // A package's range is what sets it apart from other mentions; a model's `main` says nothing.
        let package = is_package(component.kind);
        let version = if package { stated.filter(|v| !version::is_word(v)) } else { stated.and_then(version::identifying) };
        match (name.is_empty(), version) {
            (false, None) => component.name,
            (empty, version) => {
                let name = if empty { "(no name)" } else { name };
                let text = version.map_or_else(|| name.to_owned(), |version| format!("{name}@{version}"));
                self.intern(&text)
            }
        }
    }

    /// `<id of what runs>@<environment>`.
    fn deployment_id(&mut self, row: usize, of_models: &[TextId]) -> TextId {
        let component = &self.components[row];
        let info = component.deployment.as_deref().cloned().unwrap_or_default();
        let runs = match component.runs[..] {
            [only] => of_models.get(only as usize).copied(),
            _ => None,
        };
        let what = runs.or(info.service).map_or("unknown", |id| self.key(id));
        let id = format!("{what}@{}", info.environment.map_or("unknown", |id| self.key(id)));
        self.intern(&id)
    }

    /// Adds `#<service>` where one model serves several services in one environment.
    fn add_services(&mut self, ids: &mut [TextId]) {
        let mut seen: FxHashMap<TextId, usize> = FxHashMap::default();
        for row in self.deployments() {
            *seen.entry(ids[row]).or_default() += 1;
        }
        for row in self.deployments() {
            let service = self.components[row].deployment.as_ref().and_then(|info| info.service);
            if let Some(service) = service.filter(|_| seen.get(&ids[row]).is_some_and(|n| *n > 1)) {
                let id = format!("{}#{}", self.key(ids[row]), self.key(service));
                ids[row] = self.intern(&id);
            }
        }
    }

    /// Sets equal ids apart: by kind where kinds differ, else by digest, else by the least place that mentions them.
    fn make_unique(&mut self, ids: &mut [TextId], digits: usize) {
        let empty = self.intern("");
        for rows in doubles(ids.iter().enumerate().filter(|(_, id)| **id != empty).map(|(row, id)| (*id, row))) {
            let by_kind = by_kind(rows.iter().map(|row| (self.components[*row].kind, *row)));
            let kinds = by_kind.len();
            for (kind, rows) in by_kind {
                let hex = if rows.len() > 1 { self.different(&rows) } else { Vec::new() };
                let digits = shortest(&hex, digits);
                for (place, row) in rows.into_iter().enumerate() {
                    let before = if kinds > 1 { format!("{kind}:") } else { String::new() };
                    let after = hex.get(place).map(|hex| format!("#{}", hex.get(..digits).unwrap_or(hex))).unwrap_or_default();
                    let id = format!("{before}{}{after}", self.key(ids[row]));
                    ids[row] = self.intern(&id);
                }
            }
        }
    }

    /// Hex digits for each: of its digest, else of the hash of the least place that mentions it. Where these are equal too
    /// (two on one line, a digest of another algorithm's length cut short), how many came before is hashed with them.
    fn different(&self, rows: &[usize]) -> Vec<String> {
        let mut seen: FxHashMap<String, usize> = FxHashMap::default();
        let each = rows.iter().map(|row| {
            let component = &self.components[*row];
            let of_digest = component.digest.map(|digest| self.corpus.statements.digest_of(digest).hex());
            let hex = of_digest.unwrap_or_else(|| hashed(&self.place(component.first)));
            let before = seen.entry(hex.clone()).or_default();
            *before += 1;
            if *before == 1 { hex } else { hashed(&format!("{hex}:{before}")) }
        });
        each.collect()
    }

    /// `file:line`.
    fn place(&self, (file, line): First) -> String {
        let document = self.files.get(file as usize).and_then(|row| self.corpus.documents.get(*row));
        format!("{}:{line}", document.map_or("", |document| self.key(document.info.file)))
    }

    /// What lists show: no purl syntax, `#` with four digits, a deployment as `service@environment`.
    fn labels(&mut self, ids: &[TextId]) -> Vec<TextId> {
        let components = self.components;
        let plain: Vec<TextId> = components
            .iter()
            .map(|component| match &component.deployment {
                Some(info) => self.deployment_label(component, info),
                None => component.model_id.unwrap_or_else(|| self.name_at_version(component)),
            })
            .collect();
        let mut labels = plain.clone();
        self.make_unique(&mut labels, 4);
        for row in 0..labels.len() {
            if labels[row] == plain[row] {
                continue;
            }
            let label = self.key(labels[row]);
            // Lists are by kind, so a kind in front would say nothing there.
            let bare = label.split_once(':').filter(|(kind, _)| Kind::parse(kind).is_some()).map(|(_, rest)| rest.to_owned());
            labels[row] = match (components[row].kind, bare) {
                (Kind::Deployment, _) => ids[row],
                (_, Some(bare)) => self.intern(&bare),
                (_, None) => labels[row],
            };
        }
        labels
    }

    fn deployment_label(&mut self, component: &Drafted, info: &DeploymentInfo) -> TextId {
        let model = component.runs.first().and_then(|row| self.components.get(*row as usize));
        let of_model = model.map(|model| without_version(self.key(model.model_id.unwrap_or(model.name))));
        let what = info.service.map(|id| self.key(id)).or(of_model).unwrap_or("unknown");
        let label = format!("{what}@{}", info.environment.map_or("unknown", |id| self.key(id)));
        self.intern(&label)
    }

    /// By row: the position in the order of kind, id and place.
    fn positions(&self, ids: &[TextId]) -> Vec<ComponentId> {
        // Most ids differ in their first letters, which are compared without looking the texts up.
        let start = |text: &str| {
            let mut first = [0; 8];
            for (to, from) in first.iter_mut().zip(text.bytes()) {
                *to = from;
            }
            u64::from_be_bytes(first)
        };
        let key = |row: usize| (self.components[row].kind, start(self.key(ids[row])), row);
        let mut rows: Vec<(Kind, u64, usize)> = (0..ids.len()).into_par_iter().map(key).collect();
        rows.par_sort_unstable_by(|a, b| {
            let whole = |row: usize| (self.key(ids[row]), self.components[row].first, row);
            (a.0, a.1).cmp(&(b.0, b.1)).then_with(|| whole(a.2).cmp(&whole(b.2)))
        });
        let mut at = vec![ComponentId::new(0); ids.len()];
        for (position, (.., row)) in rows.into_iter().enumerate() {
            at[row] = ComponentId::new(position);
        }
        at
    }
}

/// Groups of rows with equal keys, of two rows or more.
fn doubles(rows: impl Iterator<Item = (TextId, usize)>) -> Vec<Vec<usize>> {
    let mut rows: Vec<(TextId, usize)> = rows.collect();
    rows.par_sort_unstable();
    let groups = rows.chunk_by(|a, b| a.0 == b.0).filter(|group| group.len() > 1);
    groups.map(|group| group.iter().map(|(_, row)| *row).collect()).collect()
}

/// Groups of rows of one kind, rows in order.
fn by_kind(rows: impl Iterator<Item = (Kind, usize)>) -> Vec<(Kind, Vec<usize>)> {
    let mut rows: Vec<(Kind, usize)> = rows.collect();
    rows.sort_unstable();
    let groups = rows.chunk_by(|a, b| a.0 == b.0);
    groups.filter_map(|group| Some((group.first()?.0, group.iter().map(|(_, row)| *row).collect()))).collect()
}

fn hashed(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
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
