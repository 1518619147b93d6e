//! Package URLs, read once into the parts that identity needs.

use crate::model::digest::Digest;
use crate::model::hub::HubKey;
use packageurl::PackageUrl;
use std::str::FromStr;

/// A purl in canonical form and what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Purl {
    /// Type (`pypi`, `npm`, `huggingface`), lower-case.
    pub ecosystem: String,
    /// Namespace and name joined with `/`, normalised as the type demands (PEP 503 for PyPI).
    pub name: String,
    /// Version, if it is stated.
    pub version: Option<String>,
    /// `pkg:type/name@version`, without qualifiers: what is compared.
    pub canonical: String,
    /// Hub key of a `pkg:huggingface` purl.
    pub hub: Option<HubKey>,
    /// Digest in a `checksum` qualifier (`pkg:generic/FILE?checksum=sha256:...`).
    pub checksum: Option<Digest>,
}

impl Purl {
    /// Reads a purl; `None` where the text is none.
    pub(crate) fn parse(written: &str) -> Option<Self> {
        Self::of_python(written).or_else(|| Self::general(written))
    }

    /// `pkg:pypi/NAME@VERSION` without anything that needs decoding: nearly every purl in an SBOM of a model.
    fn of_python(written: &str) -> Option<Self> {
        let (name, version) = written.strip_prefix("pkg:pypi/")?.split_once('@')?;
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
        let reads = !name.is_empty() && name.bytes().all(plain) && !version.is_empty() && version.bytes().all(plain);
        reads.then(|| {
            let name = normal_name("pypi", name);
            let canonical = ["pkg:pypi/", &name, "@", version].concat();
            Self { ecosystem: "pypi".to_owned(), name, version: Some(version.to_owned()), canonical, hub: None, checksum: None }
        })
    }

    fn general(written: &str) -> Option<Self> {
        let purl = PackageUrl::from_str(written.trim()).ok()?;
        let ecosystem = purl.ty().to_ascii_lowercase();
        let bare = normal_name(&ecosystem, purl.name());
        let name =
            purl.namespace().map_or_else(|| bare.clone(), |namespace| format!("{}/{bare}", normal_name(&ecosystem, namespace)));
        let hub_type = ecosystem == "huggingface";
        let version = purl.version().filter(|v| !v.is_empty()).map(|v| if hub_type { v.to_lowercase() } else { v.to_owned() });
        let at = version.as_ref().map(|v| format!("@{v}")).unwrap_or_default();
        let hub = purl.namespace().filter(|_| hub_type).and_then(|org| HubKey::of(org, purl.name(), version.as_deref()));
        let checksum = purl.qualifiers().get("checksum").and_then(|written| written.split(',').find_map(Digest::parse));
        Some(Self { canonical: format!("pkg:{ecosystem}/{name}{at}"), ecosystem, name, version, hub, checksum })
    }

    /// The canonical purl without its version.
    pub(crate) fn without_version(&self) -> String {
        format!("pkg:{}/{}", self.ecosystem, self.name)
    }
}

/// A package name as its ecosystem compares it: PEP 503 for PyPI, lower-case where the registry folds case.
pub(crate) fn normal_name(ecosystem: &str, name: &str) -> String {
    match ecosystem {
        "pypi" => {
            let mut out = String::with_capacity(name.len());
            for c in name.trim().chars() {
                let c = if matches!(c, '_' | '.' | '-') { '-' } else { c.to_ascii_lowercase() };
                if c != '-' || !out.ends_with('-') {
                    out.push(c);
                }
            }
            out
        }
        "huggingface" | "github" | "bitbucket" | "conda" | "deb" | "composer" => name.trim().to_lowercase(),
        _ => name.trim().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn python_packages_read_alike_both_ways(name in "[a-zA-Z0-9._%/-]{0,12}", version in "@?[a-zA-Z0-9._+?#%@!-]{0,9}") {
            let written = format!("pkg:pypi/{name}{version}");
            let quick = Purl::of_python(&written);
            prop_assert!(quick.is_none() || quick == Purl::general(&written), "{}", written);
        }
    }

    #[test]
    fn purls_are_compared_in_canonical_form() {
        for (written, canonical) in [
            ("pkg:pypi/Huggingface_Hub@0.20.1", "pkg:pypi/huggingface-hub@0.20.1"),
            ("pkg:huggingface/Google-BERT/bert-base-uncased@86B5E093", "pkg:huggingface/google-bert/bert-base-uncased@86b5e093"),
            ("pkg:npm/%40angular/core@16.0.0", "pkg:npm/@angular/core@16.0.0"),
            ("pkg:generic/weights.gguf?checksum=sha256:aa", "pkg:generic/weights.gguf"),
        ] {
            assert_eq!(Purl::parse(written).map(|p| p.canonical).as_deref(), Some(canonical), "{written}");
        }
        assert_eq!(Purl::parse("not a purl"), None);
        let hub = Purl::parse("pkg:huggingface/Google-BERT/bert-base-uncased@86B5E093").unwrap().hub.unwrap();
        assert_eq!((hub.key.as_str(), hub.revision.as_deref()), ("google-bert/bert-base-uncased", Some("86b5e093")));
    }
}
