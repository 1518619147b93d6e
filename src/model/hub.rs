//! The hub key: `org/name` on a public model hub, however a document writes it (design.md section 3, rule 2).

/// `org/name` in lower case, with the commit where the text gives one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct HubKey {
    /// `org/name`, lower-case.
    pub key: String,
    /// Commit or revision that stood in the text; not for `main`, `latest` and their like.
    pub revision: Option<String>,
}

/// Hosts whose `ORG/NAME` paths are hub keys.
const HOSTS: [&str; 4] = ["huggingface.co/", "www.huggingface.co/", "hf.co/", "hub.huggingface.co/"];

/// First path parts on the hub that are not organisations.
const NOT_ORGS: [&str; 12] =
    ["datasets", "spaces", "models", "docs", "papers", "blog", "api", "collections", "tasks", "learn", "join", "organizations"];

impl HubKey {
    /// From a URL in any spelling: `https://huggingface.co/ORG/NAME/tree/REV`, `hf://ORG/NAME:REV`, `huggingface.co/ORG/NAME`.
    /// A one-part path (`datasets/bookcorpus`) has no owner and is no key.
    pub(crate) fn from_url(url: &str) -> Option<Self> {
        let url = url.trim();
        let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
        let hf = url.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("hf://"));
        let path = if hf {
            rest
        } else {
            let is_at = |host: &&str| rest.get(..host.len()).is_some_and(|start| start.eq_ignore_ascii_case(host));
            HOSTS.iter().find(|host| is_at(host)).and_then(|host| rest.get(host.len()..))?
        };
        let path = path.split(['?', '#']).next()?;
        let mut parts = path.split('/').filter(|part| !part.is_empty()).peekable();
        if parts.peek().is_some_and(|part| part.eq_ignore_ascii_case("datasets")) {
            parts.next();
        }
        let (org, name) = (parts.next()?, parts.next()?);
        let (name, after_colon) =
            if hf { name.split_once([':', '@']).map_or((name, None), |(n, r)| (n, Some(r))) } else { (name, None) };
        let after_verb =
            parts.next().filter(|verb| ["tree", "commit", "blob", "resolve", "raw"].contains(verb)).and_then(|_| parts.next());
        Self::of(org, name, after_colon.or(after_verb))
    }

    /// From a name of the form `org/name`.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        let (org, rest) = name.trim().split_once('/')?;
        Self::of(org, rest, None)
    }

    /// From an organisation, a name and a revision, as a purl or `group` + `name` give them.
    pub(crate) fn of(org: &str, name: &str, revision: Option<&str>) -> Option<Self> {
        let fits = |part: &str| {
            !part.is_empty()
                && part.len() <= 96
                && part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.') || c.is_alphanumeric())
                && !part.bytes().all(|byte| byte == b'.')
        };
        let known = fits(org) && fits(name) && !NOT_ORGS.iter().any(|word| org.eq_ignore_ascii_case(word));
        let revision = revision.and_then(crate::model::version::identifying).map(str::to_lowercase);
        known.then(|| Self { key: format!("{}/{}", org.to_lowercase(), name.to_lowercase()), revision })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_meets_in_one_key() {
        for (url, key, revision) in [
            ("https://huggingface.co/google-bert/bert-base-uncased", Some("google-bert/bert-base-uncased"), None),
            ("huggingface.co/google-bert/BERT-base-uncased/", Some("google-bert/bert-base-uncased"), None),
            ("https://huggingface.co/a/b/tree/main", Some("a/b"), None),
            ("https://huggingface.co/a/b/commit/86b5e093", Some("a/b"), Some("86b5e093")),
            ("hf://a/b:86b5e093", Some("a/b"), Some("86b5e093")),
            ("https://huggingface.co/datasets/stanfordnlp/sst2", Some("stanfordnlp/sst2"), None),
            ("https://huggingface.co/datasets/bookcorpus", None, None),
            ("https://huggingface.co/docs/transformers", None, None),
            ("https://example.org/a/b", None, None),
        ] {
            let got = HubKey::from_url(url);
            assert_eq!(got.as_ref().map(|k| k.key.as_str()), key, "{url}");
            assert_eq!(got.and_then(|k| k.revision).as_deref(), revision, "{url}");
        }
        assert_eq!(HubKey::from_name("Qwen/Qwen2.5-7B").unwrap().key, "qwen/qwen2.5-7b");
        assert_eq!(HubKey::from_name("C:/Users/x"), None);
        assert_eq!(HubKey::from_name("./weights"), None);
    }
}
