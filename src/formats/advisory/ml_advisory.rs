//! Our own `ml_advisory` (design.md section 2): the one form that can name digests, revisions, globs and days of models.
//!
//! Invariant: an error in what is affected is an error of the file; what is wrong in a narrowing selector leaves it out.

use crate::formats::advisory::Advisories;
use crate::formats::advisory::picks;
use crate::formats::facts::Unknown;
use crate::formats::facts::report;
use crate::formats::facts::shown;
use crate::formats::tree::Node;
use crate::model::advisory::Advisory;
use crate::model::advisory::AdvisoryFormat;
use crate::model::advisory::Pick;
use crate::model::advisory::Versions;
use crate::model::date::Day;
use crate::model::digest::Digest;
use crate::model::finding::Code;
use crate::model::finding::Finding;
use crate::model::hazard::Hazard;
use crate::model::kind::Kind;
use crate::model::purl::Purl;
use crate::model::version;
use globset::GlobBuilder;

const TOP: [&str; 13] = [
    "id",
    "aliases",
    "published",
    "modified",
    "withdrawn",
    "summary",
    "hazard",
    "severity",
    "references",
    "author",
    "affected",
    "not_affected",
    "fixed",
];
const SELECTOR: [&str; 9] = ["kind", "digest", "revision", "purl", "name", "glob", "versions", "since", "until"];

/// Reads what stands under `ml_advisory`.
pub(super) fn read(value: Node<'_>, read: &mut Advisories) {
    let findings = &mut read.findings;
    if !value.is_map() {
        findings.push(picks::names_nothing(value.place(), "what stands under `ml_advisory` is no mapping"));
        return;
    }
    let mut unknown = Unknown::default();
    unknown.note(value, "", &TOP);
    let mut advisory = Advisory::new(AdvisoryFormat::MlAdvisory, value.str("id").unwrap_or_default(), value.place());
    advisory.aliases = picks::texts(value, "aliases");
    advisory.published = picks::text(value, "published");
    advisory.modified = picks::text(value, "modified");
    advisory.withdrawn = picks::withdrawn(value, findings);
    advisory.summary = picks::text(value, "summary");
    advisory.hazard = hazard(value, findings);
    advisory.severity = picks::text(value, "severity");
    advisory.references = picks::texts(value, "references");
    advisory.author = picks::text(value, "author");
    let mut terms = 0;
    for (key, widens) in [("affected", true), ("not_affected", false), ("fixed", false)] {
        for entry in value.items(key) {
            terms += 1 + entry.each("versions").len();
            if terms > picks::TERMS {
                findings.push(picks::too_many_terms(entry.place()));
                return;
            }
            unknown.note(entry, key, &SELECTOR);
            let found = Selector { entry, widens, findings }.read();
            match key {
                "affected" => advisory.affected.extend(found),
                "not_affected" => advisory.not_affected.extend(found),
                _ => advisory.fixed.extend(found),
            }
        }
    }
    if value.each("affected").is_empty() {
        findings.push(picks::names_nothing(value.place(), "the advisory says nothing under `affected`"));
    }
    findings.extend(unknown.finding());
    read.all.push(advisory);
}

fn hazard(value: Node<'_>, findings: &mut Vec<Finding>) -> Option<Hazard> {
    let written = value.get("hazard").filter(|hazard| !hazard.is_null())?;
    let text = written.text().unwrap_or_default().trim();
    let known = Hazard::ALL.into_iter().find(|hazard| hazard.word().eq_ignore_ascii_case(text));
    if known.is_none() {
        let message = format!("`{}` is no hazard: what is usual for each kind counts", shown(text));
        report(findings, Finding::new(Code::Invalid, written.place(), message, "write poisoned, vulnerable or withdrawn"));
    }
    known
}

/// One selector on its way from text to meaning.
struct Selector<'t, 'f> {
    entry: Node<'t>,
    /// It says what is affected; else it takes something out.
    widens: bool,
    findings: &'f mut Vec<Finding>,
}

impl<'t> Selector<'t, '_> {
    /// The pick, or the findings why there is none.
    fn read(mut self) -> Option<Pick> {
        let entry = self.entry;
        if let Some(text) = entry.text() {
            self.unread(entry, &format!("`{}` is no selector", shown(text)), "write a mapping: `{kind: model, name: NAME}`");
            return None;
        }
        let mut pick = Pick::at(entry.place());
        self.kind(&mut pick)?;
        pick.name = self.text("name").map(str::to_owned);
        self.digest(&mut pick);
        self.purl(&mut pick);
        self.revision(&mut pick);
        self.glob(&mut pick);
        self.versions(&mut pick);
        self.days(&mut pick);
        if pick.is_empty() {
            self.unread(entry, "a selector that selects nothing", "give digest, revision, purl, name or glob");
            return None;
        }
        // What could not be read of a selector must not make a narrowing one wider.
        (self.widens || pick.doubt.is_none()).then_some(pick)
    }

    fn text(&self, key: &str) -> Option<&'t str> {
        self.entry.str(key).map(str::trim)
    }

    /// Something that is not looked for: an error where it would widen.
    fn unread(&mut self, at: Node<'_>, message: &str, help: &str) {
        let code = if self.widens { Code::UnreadSelector } else { Code::Invalid };
        report(self.findings, Finding::new(code, at.place(), message, help));
    }

    fn kind(&mut self, pick: &mut Pick) -> Option<()> {
        for written in self.entry.items("kind") {
            let text = written.text().unwrap_or_default().trim();
            if let Some(kind) = Kind::parse(text) {
                pick.kinds.push(kind);
            } else {
                let help = "write model, dataset, package, system, code, application or deployment";
                self.unread(written, &format!("`{}` is no kind", shown(text)), help);
                if !self.widens {
                    return None;
                }
                pick.kinds.clear();
                break;
            }
        }
        Some(())
    }

    fn digest(&mut self, pick: &mut Pick) {
        let Some(written) = self.entry.get("digest").filter(|digest| !digest.is_null()) else { return };
        let text = written.text().unwrap_or_default();
        pick.digest = Digest::parse(text);
        if pick.digest.is_none() {
            let help = "give the algorithm and all hex digits: `sha256:` and 64 of them; a placeholder identifies nothing";
            self.unread(written, &format!("`{}` is no whole digest", shown(text)), help);
            pick.doubt.get_or_insert_with(|| "the advisory's digest cannot be read".to_owned());
        }
    }

    fn purl(&mut self, pick: &mut Pick) {
        let Some(written) = self.entry.get("purl").filter(|purl| !purl.is_null()) else { return };
        let text = written.text().unwrap_or_default();
        pick.purl = Purl::parse(text);
        if pick.purl.is_none() {
            self.unread(written, &format!("`{}` is no purl", shown(text)), "write `pkg:TYPE/NAMESPACE/NAME@VERSION`");
            pick.doubt.get_or_insert_with(|| "the advisory's purl cannot be read".to_owned());
        }
    }

    fn revision(&mut self, pick: &mut Pick) {
        let Some(written) = self.entry.get("revision").filter(|revision| !revision.is_null()) else { return };
        let text = written.text().unwrap_or_default();
        pick.revision = version::commit(text);
        if pick.revision.is_none() {
            self.unread(written, &format!("`{}` is no commit", shown(text)), "write at least 7 hex digits of the commit");
            pick.doubt.get_or_insert_with(|| "the advisory's revision cannot be read".to_owned());
        }
    }

    fn glob(&mut self, pick: &mut Pick) {
        let Some(written) = self.entry.get("glob").filter(|glob| !glob.is_null()) else { return };
        let text = written.text().unwrap_or_default().trim();
        if GlobBuilder::new(text).case_insensitive(true).literal_separator(false).build().is_err() || text.is_empty() {
            self.unread(written, &format!("`{}` is no glob", shown(text)), "close every bracket and brace of the glob");
            pick.doubt.get_or_insert_with(|| "the advisory's glob cannot be read".to_owned());
            return;
        }
        if text.chars().all(|c| matches!(c, '*' | '/' | '?')) && text.contains('*') {
            let message = format!("the glob `{}` matches everything", shown(text));
            report(self.findings, Finding::new(Code::MatchesEverything, written.place(), message, "name an owner: `OWNER/*`"));
        }
        pick.glob = Some(text.to_owned());
    }

    /// Ranges and versions, one or many; several are "or".
    fn versions(&mut self, pick: &mut Pick) {
        let mut versions = Versions::default();
        for written in self.entry.items("versions") {
            let text = written.text().unwrap_or_default().trim();
            if text == "*" {
                return;
            }
            match picks::range(text) {
                Some(range) => versions.ranges.push(range),
                None if version::is_range(text) || text.is_empty() || text.starts_with("vers:") => {
                    self.unread(written, &format!("`{}` is no version range", shown(text)), "write `>=1.0,<1.4`, or a version");
                    pick.doubt.get_or_insert_with(|| "the advisory's versions cannot be read".to_owned());
                    return;
                }
                None => versions.listed.push(text.into()),
            }
        }
        pick.versions = versions;
    }

    fn days(&mut self, pick: &mut Pick) {
        pick.since = self.day("since");
        pick.until = self.day("until");
        if !self.widens && (pick.since.is_some() || pick.until.is_some()) {
            let message = "a time window in a selector that narrows: the selector is left out";
            report(self.findings, Finding::new(Code::Invalid, self.entry.place(), message, "name a digest or a version instead"));
            pick.doubt.get_or_insert_with(|| message.to_owned());
        }
        if pick.since.zip(pick.until).is_some_and(|(since, until)| since > until) {
            let at = self.entry.get("until").map_or(self.entry.place(), Node::place);
            let message = "`since` is after `until`: no day lies between them, so all days count";
            report(self.findings, Finding::new(Code::WindowReversed, at, message, "exchange the two days"));
            (pick.since, pick.until) = (None, None);
        }
    }

    fn day(&mut self, key: &str) -> Option<Day> {
        let written = self.entry.get(key).filter(|day| !day.is_null())?;
        let day = written.text().and_then(Day::parse);
        if day.is_none() {
            let message = format!("`{key}` is no day: it limits nothing");
            report(self.findings, Finding::new(Code::Invalid, written.place(), message, "write it as 2026-03-01"));
        }
        day
    }
}
