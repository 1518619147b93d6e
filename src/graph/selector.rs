//! How a person names components: digest, purl, name, name@version, range, glob; each with a kind in front if they like.

use crate::model::digest::Algorithm;
use crate::model::digest::Digest;
use crate::model::kind::Kind;
use crate::model::purl::Purl;
use crate::model::range::Range;
use crate::text::Untrusted;
use globset::{GlobBuilder, GlobMatcher};

/// A selector as typed.
#[derive(Debug, Clone)]
pub(crate) struct Selector {
    /// The whole text, kind included: it may be a printed id.
    pub written: String,
    /// The text without the kind.
    pub rest: String,
    pub kind: Option<Kind>,
    pub form: Form,
}

/// What a selector asks for, once it is no printed id.
#[derive(Debug, Clone)]
pub(crate) enum Form {
    Digest(Digest),
    Purl(Purl),
    /// Every version.
    Name(String),
    NameVersion(String, String),
    /// Of one ecosystem, if the text says which.
    Range {
        name: String,
        ecosystem: Option<String>,
        range: Range,
    },
    Glob(GlobMatcher),
}

/// Why a text is no selector.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SelectorError {
    #[error("an empty selector selects nothing")]
    Empty,
    #[error("`{0}` is no whole digest")]
    NoDigest(String),
    #[error("`{0}` is no package URL")]
    NoPurl(String),
    #[error("`{0}` is a range of no package")]
    BareVers(String),
    #[error("`{0}` is no version range")]
    NoRange(String),
    #[error("`{0}` is no glob")]
    NoGlob(String),
}

impl SelectorError {
    /// What to write instead.
    pub(crate) fn hint(&self) -> &'static str {
        match self {
            Self::Empty => "give a name, name@version, digest, purl, range or glob",
            Self::NoDigest(_) => {
                "give the algorithm and all hex digits: sha256: and 64 of them; a placeholder identifies nothing"
            }
            Self::NoPurl(_) => "write pkg:TYPE/NAMESPACE/NAME@VERSION, as in pkg:pypi/torch@2.1.0",
            Self::BareVers(_) => "put the name in front: torch@vers:pypi/>=1.13|<2.2",
            Self::NoRange(_) => "write NAME and comparisons: torch>=1.13,<2.2",
            Self::NoGlob(_) => "close every bracket and brace of the glob",
        }
    }
}

impl Selector {
    /// Reads a selector. Whether it matches anything is another question.
    pub(crate) fn parse(written: &str) -> Result<Self, SelectorError> {
        let written = written.trim();
        let (kind, rest) = match written.split_once(':').and_then(|(kind, rest)| Some((Kind::parse(kind)?, rest))) {
            Some((kind, rest)) => (Some(kind), rest.trim()),
            None => (None, written),
        };
        if rest.is_empty() {
            return Err(SelectorError::Empty);
        }
        Ok(Self { written: written.to_owned(), rest: rest.to_owned(), kind, form: form(rest)? })
    }
}

fn form(rest: &str) -> Result<Form, SelectorError> {
    let shown = || Untrusted::new(rest).show().into_string();
    if let Some((algorithm, _)) = rest.split_once(':').filter(|(a, _)| Algorithm::parse(a).is_some()) {
        let digest = Digest::parse(rest).filter(|_| !algorithm.is_empty());
        return digest.map(Form::Digest).ok_or_else(|| SelectorError::NoDigest(shown()));
    }
    if rest.len() == 64 && rest.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Digest::parse(rest).map(Form::Digest).ok_or_else(|| SelectorError::NoDigest(shown()));
    }
    if rest.starts_with("pkg:") {
        return Purl::parse(rest).map(Form::Purl).ok_or_else(|| SelectorError::NoPurl(shown()));
    }
    if rest.starts_with("vers:") {
        return Err(SelectorError::BareVers(shown()));
    }
    if let Some((name, vers)) = rest.split_once("@vers:") {
        let read = Range::parse_vers(&format!("vers:{vers}")).ok_or_else(|| SelectorError::NoRange(shown()))?;
        return Ok(Form::Range { name: name.trim().to_owned(), ecosystem: Some(read.0), range: read.1 });
    }
    if let Some(at) =
        rest.find(['<', '>', '=']).map(|at| if rest.get(..at).is_some_and(|s| s.ends_with('!')) { at - 1 } else { at })
    {
        let (name, range) = rest.split_at(at);
        let range = Range::parse(range).filter(|_| !name.trim().is_empty()).ok_or_else(|| SelectorError::NoRange(shown()))?;
        return Ok(Form::Range { name: name.trim().to_owned(), ecosystem: None, range });
    }
    if rest.contains(['*', '?', '[', '{']) {
        let glob = GlobBuilder::new(rest).case_insensitive(true).literal_separator(false).build();
        return glob.map(|glob| Form::Glob(glob.compile_matcher())).map_err(|_error| SelectorError::NoGlob(shown()));
    }
    Ok(match rest.rsplit_once('@').filter(|(name, version)| !name.is_empty() && !version.is_empty()) {
        Some((name, version)) => Form::NameVersion(name.to_owned(), version.to_owned()),
        None => Form::Name(rest.to_owned()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_told_apart() {
        let hex = "5f1c09a7be22d3aa5f1c09a7be22d3aa5f1c09a7be22d3aa5f1c09a7be77d81e";
        for (written, form) in [
            (format!("sha256:{hex}"), "Digest"),
            (hex.to_owned(), "Digest"),
            ("pkg:pypi/torch@2.1.0".to_owned(), "Purl"),
            ("EleuterAI/gpt-j-6B".to_owned(), "Name"),
            ("torch@2.1.0".to_owned(), "NameVersion"),
            ("@angular/core".to_owned(), "Name"),
            ("@angular/core@16.0.0".to_owned(), "NameVersion"),
            ("torch>=1.13,<2.2".to_owned(), "Range"),
            ("torch!=2.0".to_owned(), "Range"),
            ("torch@vers:pypi/>=1.13|<2.2".to_owned(), "Range"),
            ("EleuterAI/*".to_owned(), "Glob"),
        ] {
            let selector = Selector::parse(&format!("model:{written}")).unwrap();
            assert_eq!(selector.kind, Some(Kind::Model));
            assert!(format!("{:?}", selector.form).starts_with(form), "{written}: {:?}", selector.form);
        }
    }

    #[test]
    fn what_selects_nothing_is_an_error_with_a_hint() {
        for (written, error) in [
            ("", SelectorError::Empty),
            ("model:", SelectorError::Empty),
            ("sha256:...", SelectorError::NoDigest("sha256:...".to_owned())),
            ("vers:pypi/<2", SelectorError::BareVers("vers:pypi/<2".to_owned())),
            ("pkg:", SelectorError::NoPurl("pkg:".to_owned())),
            ("torch<", SelectorError::NoRange("torch<".to_owned())),
            ("a[", SelectorError::NoGlob("a[".to_owned())),
        ] {
            let got = Selector::parse(written).unwrap_err();
            assert_eq!(got, error, "{written:?}");
            assert!(!got.hint().is_empty());
        }
    }
}
