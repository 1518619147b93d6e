//! Ecosystems: the names that advisories give them, the purl type that we go by, and the order of their versions.

use crate::model::order::Order;

/// OSV's name, the purl type, and the order where we know the rule (OSV schema, "Defined ecosystems"; design.md section 5).
/// Several names of one type stand together.
const ECOSYSTEMS: [(&str, &str, Option<Order>); 43] = [
    ("PyPI", "pypi", Some(Order::Pep440)),
    ("conda", "conda", Some(Order::Pep440)),
    ("npm", "npm", Some(Order::SemVer)),
    ("crates.io", "cargo", Some(Order::SemVer)),
    ("Go", "golang", Some(Order::SemVer)),
    ("Hex", "hex", Some(Order::SemVer)),
    ("SwiftURL", "swift", Some(Order::SemVer)),
    ("Debian", "deb", Some(Order::Dpkg)),
    ("Ubuntu", "deb", Some(Order::Dpkg)),
    ("Echo", "deb", Some(Order::Dpkg)),
    ("Red Hat", "rpm", Some(Order::Rpm)),
    ("Rocky Linux", "rpm", Some(Order::Rpm)),
    ("AlmaLinux", "rpm", Some(Order::Rpm)),
    ("SUSE", "rpm", Some(Order::Rpm)),
    ("openSUSE", "rpm", Some(Order::Rpm)),
    ("openEuler", "rpm", Some(Order::Rpm)),
    ("Mageia", "rpm", Some(Order::Rpm)),
    ("Photon OS", "rpm", Some(Order::Rpm)),
    ("Azure Linux", "rpm", Some(Order::Rpm)),
    ("Alpine", "apk", None),
    ("Alpaquita", "apk", None),
    ("BellSoft Hardened Containers", "apk", None),
    ("Chainguard", "apk", None),
    ("MinimOS", "apk", None),
    ("Wolfi", "apk", None),
    ("Maven", "maven", None),
    ("NuGet", "nuget", None),
    ("RubyGems", "gem", None),
    ("Packagist", "composer", None),
    ("Pub", "pub", None),
    ("Julia", "julia", None),
    ("Hackage", "hackage", None),
    ("GHC", "hackage", None),
    ("ConanCenter", "conan", None),
    ("CRAN", "cran", None),
    ("Bioconductor", "bioconductor", None),
    ("Bitnami", "bitnami", None),
    ("VSCode", "vscode-extension", None),
    ("GitHub Actions", "githubactions", None),
    ("Hugging Face", "huggingface", None),
    ("Android", "generic", None),
    ("Linux", "generic", None),
    ("OSS-Fuzz", "generic", None),
];

/// The purl type for an advisory's name of an ecosystem, the release after its colon aside (`Debian:12`); purl types are
/// known too. `None`: the name is unknown.
pub(crate) fn of_advisory(name: &str) -> Option<&'static str> {
    let name = name.split(':').next()?.trim();
    let hit = |row: &&(&str, &str, _)| row.0.eq_ignore_ascii_case(name) || row.1.eq_ignore_ascii_case(name);
    ECOSYSTEMS.iter().find(hit).map(|row| row.1)
}

/// The order of versions in an ecosystem, given by its purl type; `None` where no rule is known.
pub(crate) fn order(ecosystem: &str) -> Option<Order> {
    ECOSYSTEMS.iter().find(|row| row.1 == ecosystem)?.2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_advisories_lead_to_a_type_and_an_order() {
        for (name, ecosystem, rule) in [
            ("PyPI", Some("pypi"), Some(Order::Pep440)),
            ("conda", Some("conda"), Some(Order::Pep440)),
            ("npm", Some("npm"), Some(Order::SemVer)),
            ("crates.io", Some("cargo"), Some(Order::SemVer)),
            ("Go", Some("golang"), Some(Order::SemVer)),
            ("Debian:12", Some("deb"), Some(Order::Dpkg)),
            ("Ubuntu:22.04:LTS", Some("deb"), Some(Order::Dpkg)),
            ("Red Hat:rhel_eus:9.2::appstream", Some("rpm"), Some(Order::Rpm)),
            ("Rocky Linux:9", Some("rpm"), Some(Order::Rpm)),
            ("Alpine:v3.19", Some("apk"), None),
            ("Maven:https://repo.example.org", Some("maven"), None),
            ("pypi", Some("pypi"), Some(Order::Pep440)),
            ("JavaScript", None, None),
            ("", None, None),
        ] {
            let found = of_advisory(name);
            assert_eq!(found, ecosystem, "{name}");
            assert_eq!(found.and_then(order), rule, "{name}");
        }
    }

    #[test]
    fn one_type_has_one_order() {
        for (name, ecosystem, rule) in ECOSYSTEMS {
            assert_eq!(order(ecosystem), rule, "{name}");
        }
    }
}
