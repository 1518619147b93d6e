//! A Python requirement as one text: `transformers==4.38.0`.

/// Name and version of a requirement; the version keeps its operators where it is a range.
pub(super) fn parse(written: &str) -> (&str, Option<&str>) {
    let text = written.split(';').next().unwrap_or_default().trim();
    let end = text.find(['=', '<', '>', '!', '~', '@', '[', ' ', '(']).unwrap_or(text.len());
    let (name, rest) = text.split_at_checked(end).unwrap_or((text, ""));
    let rest = rest.strip_prefix('[').and_then(|extras| extras.split_once(']')).map_or(rest, |(_, rest)| rest);
    let rest = rest.trim().trim_start_matches(['@', '(']).trim_end_matches(')').trim();
    let exact = rest.trim_start_matches('=').trim();
    let version = if rest.starts_with('=') && !exact.contains([',', '*']) { exact } else { rest };
    (name, (!version.is_empty()).then_some(version))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_requirement_is_a_name_and_perhaps_a_version() {
        for (written, name, version) in [
            ("transformers==4.38.0", "transformers", Some("4.38.0")),
            ("transformers === 4.38.0", "transformers", Some("4.38.0")),
            ("torch>=2.0,<3", "torch", Some(">=2.0,<3")),
            ("torch==2.*", "torch", Some("==2.*")),
            ("torch~=2.1 ; python_version > '3'", "torch", Some("~=2.1")),
            ("transformers[torch, sentencepiece]==4.38.0", "transformers", Some("4.38.0")),
            ("transformers 4.38.0", "transformers", Some("4.38.0")),
            ("torch@2.2.0", "torch", Some("2.2.0")),
            ("torch (>=2)", "torch", Some(">=2")),
            ("jax", "jax", None),
            ("", "", None),
        ] {
            assert_eq!(parse(written), (name, version), "{written}");
        }
    }
}
