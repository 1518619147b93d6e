//! What a document says about one package, gathered before it becomes a mention.
//!
//! Invariant: a kind is decided by what is stated first and by what a name looks like last.
//! Absent on purpose: relationships; the SPDX fields that neither identify nor are shown.

use crate::formats::spdx::is_absent;
use crate::formats::spdx::stated::Stated;
use crate::formats::tree::Node;
use crate::formats::tree::Value;
use crate::model::digest;
use crate::model::digest::Algorithm;
use crate::model::digest::Digest;
use crate::model::document::Document;
use crate::model::document::Draft;
use crate::model::document::FIELD_CHARS;
use crate::model::document::MentionId;
use crate::model::document::Place;
use crate::model::document::Standing;
use crate::model::finding::Code;
use crate::model::finding::Finding;
use crate::model::hub::HubKey;
use crate::model::kind::Kind;
use crate::model::purl::Purl;
use crate::text::Untrusted;

/// Algorithms of the specifications that identify nothing here: too weak, or rolling.
const UNUSED_ALGORITHMS: [&str; 8] = ["ADLER32", "MD2", "MD4", "MD6", "CRC32", "CRYSTALSDILITHIUM", "FALCON", "OTHER"];

/// Everything that one package entry states about its own identity.
#[derive(Debug, Clone)]
pub(crate) struct Facts<'t> {
    pub name: &'t str,
    pub group: Option<&'t str>,
    pub version: Option<&'t str>,
    /// The first readable one, as written.
    pub purl: Option<&'t str>,
    pub urls: Vec<&'t str>,
    pub digests: Vec<Digest>,
    /// `primaryPackagePurpose`, `software_primaryPurpose`.
    pub purpose: Option<&'t str>,
    /// What the element's own type says.
    pub typed: Option<Kind>,
    /// What its name or id looks like.
    pub looks_like: Option<Kind>,
    pub stated: Stated<'t>,
    pub place: Place,
}

impl<'t> Facts<'t> {
    /// An entry that states nothing but its name.
    pub(crate) fn new(name: &'t str, place: Place) -> Self {
        Self {
            name,
            group: None,
            version: None,
            purl: None,
            urls: Vec::new(),
            digests: Vec::new(),
            purpose: None,
            typed: None,
            looks_like: None,
            stated: Stated::default(),
            place,
        }
    }

    /// Takes a purl if it can be read and none was taken yet; a `sha256:` version (`pkg:oci`) is a digest too.
    pub(crate) fn add_purl(&mut self, written: &'t str, place: Place, findings: &mut Vec<Finding>) {
        let Some(purl) = Purl::parse(written) else {
            let message = format!("`{}` is no purl", Untrusted::new(written).show());
            findings.push(Finding::new(Code::BadPurl, place, message, "write pkg:TYPE/NAME@VERSION"));
            return;
        };
        self.digests.extend(purl.version.as_deref().filter(|version| version.contains(':')).and_then(Digest::parse));
        self.purl = self.purl.or(Some(written));
    }

    /// Takes a checksum if it is one; a damaged one becomes a finding, a placeholder does not.
    pub(crate) fn add_digest(&mut self, algorithm: &str, value: &str, place: Place, findings: &mut Vec<Finding>) {
        let plain: String = algorithm.chars().filter(char::is_ascii_alphanumeric).collect();
        let unused = Algorithm::parse(algorithm).is_none() && UNUSED_ALGORITHMS.iter().any(|a| plain.eq_ignore_ascii_case(a));
        match Digest::of(algorithm, value) {
            Some(digest) => self.digests.push(digest),
            None if unused || digest::is_placeholder(value) => {}
            None => {
                let shown = format!("{algorithm}:{value}");
                let message = format!("`{}` is no digest; it is left out", Untrusted::new(&shown).show());
                findings.push(Finding::new(Code::BadDigest, place, message, "state the whole digest in hex, or none"));
            }
        }
    }

    /// Takes a download location or reference that may hold a hub key.
    pub(crate) fn add_url(&mut self, written: &'t str) {
        if !is_absent(written) {
            self.urls.push(written);
        }
    }

    /// What the entry is.
    pub(crate) fn kind(&self) -> Kind {
        let purl = self.purl.and_then(Purl::parse);
        let by_type = self.typed.or_else(|| self.stated.kind());
        let by_purl = || purl.as_ref().and_then(|purl| kind_of_ecosystem(&purl.ecosystem));
        let by_place = || self.urls.iter().find_map(|url| kind_of_url(url)).filter(|_| purl.is_none());
        let kind = by_type.or_else(by_purl).or_else(|| self.kind_of_purpose()).or_else(by_place);
        kind.or(self.looks_like).unwrap_or(Kind::Package)
    }

    fn kind_of_purpose(&self) -> Option<Kind> {
        let plain: String = self.purpose?.chars().filter(char::is_ascii_alphanumeric).collect();
        match plain.to_ascii_lowercase().as_str() {
            "application" | "container" => Some(Kind::Application),
            "operatingsystem" | "firmware" | "device" | "devicedriver" | "platform" => Some(Kind::System),
            "model" => Some(Kind::Model),
            "data" | "dataset" => Some(Kind::Dataset),
            "source" if self.urls.iter().any(|url| url.starts_with("git")) && self.purl.is_none() => Some(Kind::Code),
            _ => None,
        }
    }

    /// Whether a plain package of that name may be the same thing as a model or dataset: nothing says that it is software.
    pub(crate) fn could_be_data(&self) -> bool {
        let purl = self.purl.and_then(Purl::parse);
        let software = purl.is_some_and(|purl| !matches!(purl.ecosystem.as_str(), "huggingface" | "generic" | "mlflow"));
        let purpose = self.purpose.unwrap_or_default().to_ascii_lowercase();
        !software && matches!(purpose.as_str(), "" | "model" | "data" | "dataset" | "archive" | "file" | "other")
    }

    /// Fills in what is missing from another entry about the same component.
    pub(crate) fn absorb(&mut self, other: &Self) {
        self.version = self.version.or(other.version);
        self.purl = self.purl.or(other.purl);
        self.urls.extend(&other.urls);
        if self.digests.is_empty() {
            self.digests.clone_from(&other.digests);
        }
        self.stated.extend(&other.stated);
    }

    /// The mention that these facts make.
    pub(crate) fn draft(&self, global_ref: Option<String>) -> Draft<'t> {
        let kind = self.kind();
        let on_hub = matches!(kind, Kind::Model | Kind::Dataset);
        let commit = self.urls.iter().find_map(|url| url.rsplit_once('@')).map(|(_, commit)| commit);
        Draft {
            group: self.group.filter(|_| on_hub),
            version: self.version.or(commit.filter(|_| kind == Kind::Code)),
            model_id: self.stated.model_id(),
            purl: self.purl,
            // The home page of a library may lie on a hub too: that makes it no model.
            urls: if on_hub { self.urls.clone() } else { Vec::new() },
            global_ref,
            digests: self.digests.clone(),
            ..Draft::new(kind, Standing::Declared, self.name, self.place)
        }
    }
}

/// What every package of a purl type is; `None` where that differs.
pub(crate) fn kind_of_ecosystem(ecosystem: &str) -> Option<Kind> {
    match ecosystem {
        "huggingface" | "mlflow" => Some(Kind::Model),
        "huggingface-dataset" => Some(Kind::Dataset),
        "oci" | "docker" => Some(Kind::Application),
        "deb" | "rpm" | "apk" | "alpm" => Some(Kind::System),
        _ => None,
    }
}

/// What lies at an address on a model hub.
pub(crate) fn kind_of_url(url: &str) -> Option<Kind> {
    let lower = url.to_ascii_lowercase();
    if lower.contains("huggingface.co/datasets/") || lower.starts_with("hf://datasets/") {
        return Some(Kind::Dataset);
    }
    HubKey::from_url(url).map(|_| Kind::Model)
}

/// Shows the members of an entry that the reader has no other use for; `skip` are those that it has.
pub(crate) fn show(document: &mut Document, mention: MentionId, entry: Node<'_>, skip: &[&str]) {
    if !document.keeps_facts() {
        return;
    }
    for member in entry.children() {
        let Some(key) = member.key().filter(|key| !skip.contains(key)) else { continue };
        let mut value = String::new();
        flatten(member, &mut value);
        if !is_absent(&value) {
            document.field(mention, key, &value, member.place().line);
        }
    }
}

/// Scalars of a value in one line: `a, b`, `key=value`. Stops once the field is full.
fn flatten(node: Node<'_>, out: &mut String) {
    if out.len() > FIELD_CHARS * 4 {
        return;
    }
    match node.value() {
        Value::Null => {}
        Value::Text { text, .. } => out.push_str(text),
        Value::List | Value::Map => {
            // `DictionaryEntry` of SPDX 3.
            let pair = node.str("key").zip(node.get("value"));
            if let Some((key, value)) = pair {
                out.push_str(key);
                out.push('=');
                return flatten(value, out);
            }
            let mut separator = "";
            for child in node.children().filter(|child| !matches!(child.key(), Some("type" | "@type"))) {
                if out.len() > FIELD_CHARS * 4 {
                    return;
                }
                out.push_str(separator);
                if let Some(key) = child.key() {
                    out.push_str(key);
                    out.push('=');
                }
                flatten(child, out);
                separator = ", ";
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kind_is_what_is_stated_and_only_then_what_it_looks_like() {
        let facts = Facts::new("x", Place::default());
        for (facts, kind, why) in [
            (Facts { purpose: Some("CONTAINER"), ..facts.clone() }, Kind::Application, "purpose"),
            (Facts { purpose: Some("OPERATING-SYSTEM"), ..facts.clone() }, Kind::System, "purpose of SPDX 2"),
            (Facts { purpose: Some("operatingSystem"), ..facts.clone() }, Kind::System, "purpose of SPDX 3"),
            (Facts { purl: Some("pkg:deb/debian/libc6@2.36"), ..facts.clone() }, Kind::System, "operating-system package"),
            (Facts { purl: Some("pkg:huggingface/a/b"), ..facts.clone() }, Kind::Model, "hub purl"),
            (Facts { purl: Some("pkg:oci/image"), ..facts.clone() }, Kind::Application, "container image"),
            (Facts { urls: vec!["https://huggingface.co/a/b"], ..facts.clone() }, Kind::Model, "place on the hub"),
            (Facts { urls: vec!["https://huggingface.co/datasets/squad"], ..facts.clone() }, Kind::Dataset, "dataset hub"),
            (
                Facts { purl: Some("pkg:pypi/t"), urls: vec!["https://huggingface.co/a/b"], ..facts.clone() },
                Kind::Package,
                "a library whose home page is on the hub",
            ),
            (
                Facts { purpose: Some("SOURCE"), urls: vec!["git+https://x.example/r@abc"], ..facts.clone() },
                Kind::Code,
                "sources in git",
            ),
            (facts, Kind::Package, "nothing stated"),
        ] {
            assert_eq!(facts.kind(), kind, "{why}");
        }
    }

    #[test]
    fn damaged_digests_are_reported_and_placeholders_are_not() {
        for (algorithm, value, kept, reported, why) in [
            ("SHA256", "6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b", 1, 0, "whole"),
            ("SHA256", "6b86b273", 0, 1, "cut short"),
            ("SHA256", "...", 0, 0, "placeholder"),
            ("ADLER32", "03da0195", 0, 0, "an algorithm that identifies nothing"),
            ("SHA7", "03da0195", 0, 1, "no such algorithm"),
        ] {
            let (mut facts, mut findings) = (Facts::new("x", Place::default()), Vec::new());
            facts.add_digest(algorithm, value, Place::default(), &mut findings);
            assert_eq!((facts.digests.len(), findings.len()), (kept, reported), "{why}");
        }
    }
}
