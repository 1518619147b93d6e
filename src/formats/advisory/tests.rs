//! Every oddity of an advisory, each with what is said of it; and other people's advisories.

use super::*;
use proptest::prelude::*;
use std::path::PathBuf;

fn read_text(text: &str, name: &str) -> Advisories {
    read(text.as_bytes(), name)
}

/// `ID: pick; pick | not: pick | fixed: pick`, one an advisory.
fn shown(read: &Advisories) -> Vec<String> {
    let list = |picks: &[crate::model::advisory::Pick]| {
        let one = |pick: &crate::model::advisory::Pick| format!("{pick}{}", if pick.doubt.is_some() { "?" } else { "" });
        picks.iter().map(one).collect::<Vec<_>>().join("; ")
    };
    let one = |advisory: &Advisory| {
        let mut text = format!("{}: {}", advisory.id, list(&advisory.affected));
        for (word, picks) in [("not", &advisory.not_affected), ("fixed", &advisory.fixed)] {
            if !picks.is_empty() {
                text = format!("{text} | {word}: {}", list(picks));
            }
        }
        for statement in &advisory.statements {
            text = format!("{text} | {}: {}", statement.status.word(), list(&statement.products));
        }
        text
    };
    read.all.iter().map(one).collect()
}

fn codes(read: &Advisories) -> Vec<String> {
    let place = |finding: &Finding| finding.place.unwrap_or_default();
    read.findings.iter().map(|finding| format!("{} {}:{}", finding.code, place(finding).line, place(finding).column)).collect()
}

#[test]
fn our_own_selectors_are_read_and_what_is_wrong_with_them_is_said() {
    let hex = "5f1c09a7be221f3d2c26a348bae1a5c27dc3654eeb0b2376d35cf3678877d81e";
    for (selectors, picks, said, why) in [
        (format!("{{digest: 'sha256:{hex}'}}"), "sha256:5f1c09a7be22", &[][..], "a digest"),
        ("{name: a/b, versions: ['>=1,<2', 3.0]}".to_owned(), "a/b >=1,<2", &[], "ranges are told before versions"),
        ("{name: a, versions: 'vers:pypi/<1|>=2|<3'}".to_owned(), "a <1 or >=2,<3", &[], "several ranges in one"),
        ("{revision: 86b5e093}".to_owned(), "commit 86b5e093", &[], "a commit"),
        ("{kind: [model, dataset], glob: 'E*/*'}".to_owned(), "E*/*", &[], "a glob"),
        ("{}".to_owned(), "", &["DR0502 3:3"], "an empty selector"),
        ("{kind: model}".to_owned(), "", &["DR0502 3:3"], "a kind alone names nothing"),
        ("{digest: 'sha256:5f1c'}".to_owned(), "", &["DR0502 3:6", "DR0502 3:3"], "a digest of the wrong length"),
        ("{name: a, digest: 'sha256:5f1c'}".to_owned(), "a?", &["DR0502 3:15"], "what else it says counts, in doubt"),
        ("{glob: '*'}".to_owned(), "*", &["DR0504 3:6"], "matches everything"),
        ("{glob: 'a['}".to_owned(), "", &["DR0502 3:6", "DR0502 3:3"], "no glob"),
        ("{name: a, since: 2026-02-01, until: 2026-01-01}".to_owned(), "a", &["DR0503 3:34"], "a window the wrong way round"),
        ("{name: a, since: yesterday}".to_owned(), "a", &["DR0006 3:15"], "no day"),
        ("{name: a, versions: '>=1,<'}".to_owned(), "a?", &["DR0502 3:15"], "no range"),
        ("{kind: modle, name: a}".to_owned(), "a", &["DR0502 3:6"], "no kind: any counts"),
        ("{name: a, colour: red}".to_owned(), "a", &["DR0020 3:15"], "an unknown key"),
        ("{name: a, name: b}".to_owned(), "a", &["DR0010 3:15"], "a key that stands twice"),
        ("torch".to_owned(), "", &["DR0502 3:3"], "no mapping"),
    ] {
        let read = read_text(&format!("ml_advisory:\n  affected:\n  - {selectors}\n"), "x.yaml");
        assert_eq!(shown(&read), [format!("x.yaml: {picks}")], "{why}: {:?}", read.findings);
        assert_eq!(codes(&read), said, "{why}: {:?}", read.findings);
    }
}

#[test]
fn what_is_wrong_in_a_narrowing_selector_leaves_it_out() {
    let text = "ml_advisory:\n  affected: [{name: a}]\n  not_affected: [{digest: 'sha256:1'}, {name: b, versions: '>'}, {name: a, since: 2026-01-01}, {name: c}]\n  fixed: [{}]\n";
    let read = read_text(text, "x.yaml");
    assert_eq!(shown(&read), ["x.yaml: a | not: c"]);
    assert!(read.findings.iter().all(|finding| !finding.is_unread()), "{:?}", read.findings);
}

#[test]
fn the_head_of_an_advisory_is_kept_and_judged() {
    let text = "ml_advisory: {id: A-1, aliases: [B-1], withdrawn: 2026-03-09T00:00:00Z, hazard: POISONED, severity: 9.1, affected: {name: a}}";
    let read = read_text(text, "x.yaml");
    let advisory = &read.all[0];
    assert_eq!((advisory.id.as_str(), advisory.aliases.as_slice()), ("A-1", &["B-1".to_owned()][..]));
    assert_eq!((advisory.severity.as_deref(), advisory.hazard), (Some("9.1"), Some(crate::model::hazard::Hazard::Poisoned)));
    assert_eq!(advisory.withdrawn.map(|day| day.to_string()).as_deref(), Some("2026-03-09"));
    assert_eq!(codes(&read), ["DR0506 1:40"]);
    for (head, why) in [("withdrawn: soon", "no day"), ("hazard: bad", "no hazard")] {
        let read = read_text(&format!("ml_advisory: {{{head}, affected: [{{name: a}}]}}"), "x.yaml");
        assert_eq!((read.all[0].withdrawn, read.all[0].hazard), (None, None), "{why}");
        assert_eq!(codes(&read), ["DR0006 1:15"], "{why}");
    }
    let empty = read_text("ml_advisory: {id: A}", "x.yaml");
    assert!(empty.findings[0].is_unread() && empty.all[0].affected.is_empty());
    assert!(read_text("ml_advisory: {id: ''}\n", "a.yaml").all[0].id == "a.yaml", "called after its file");
}

#[test]
fn osv_is_read_with_its_ranges_in_json_and_yaml() {
    let head = "id: O\nmodified: 2026-01-01T00:00:00Z\naffected:\n";
    for (entry, picks, said, why) in [
        (
            "- package: {ecosystem: PyPI, name: torch}\n  ranges: [{type: ECOSYSTEM, events: [{introduced: '0'}, {fixed: 2.2}]}]",
            "pypi torch <2.2",
            &[][..],
            "a fix",
        ),
        (
            "- package: {ecosystem: PyPI, name: torch}\n  ranges: [{type: ECOSYSTEM, events: [{introduced: 1.0}, {last_affected: 2.2}]}]",
            "pypi torch >=1.0,<=2.2",
            &[],
            "the last one",
        ),
        (
            "- package: {ecosystem: npm, name: x, purl: 'pkg:npm/x'}\n  ranges: [{type: SEMVER, events: [{introduced: 1.0.0}, {fixed: 1.2.0}, {introduced: 2.0.0}]}]",
            "npm x >=1.0.0,<1.2.0,>=2.0.0",
            &[],
            "back again",
        ),
        (
            "- package: {ecosystem: PyPI, name: torch}\n  versions: ['1.10', 2.0]",
            "pypi torch =1.10 or =2.0",
            &[],
            "versions keep their text",
        ),
        ("- package: {ecosystem: PyPI, name: torch}", "pypi torch?", &[], "no versions at all"),
        ("- package: {ecosystem: JavaScript, name: x}\n  versions: ['1']", "x =1?", &["DR0505 4:13"], "an unknown ecosystem"),
        (
            "- package: {ecosystem: OSS-Fuzz, name: x, purl: 'pkg:generic/y'}\n  versions: ['1']",
            "generic x =1; pkg:generic/y =1",
            &[],
            "a purl that says something else",
        ),
        ("- package: {ecosystem: Maven, name: 'a:b'}\n  versions: ['1']", "maven a/b =1", &[], "Maven's colon"),
        (
            "- package: {ecosystem: Hugging Face, name: E/m}\n  versions: ['86b5e093']",
            "pkg:huggingface/e/m =86b5e093",
            &[],
            "a model",
        ),
        (
            "- ranges: [{type: GIT, repo: 'https://github.com/a/b.git', events: [{introduced: 775f2b3d8d6d44f3312f9911dcf70b203268f387}]}]",
            "github.com/a/b from 775f2b3d8d6d",
            &[],
            "a repository without a package",
        ),
        (
            "- ranges: [{type: GIT, repo: 'https://github.com/a/b', events: [{introduced: zero}, {fixed: 775f2b3d8d6d}]}]",
            "github.com/a/b from the first commit before 775f2b3d8d6d",
            &["DR0006 4:12"],
            "no commit",
        ),
        (
            "- package: {ecosystem: PyPI, name: x}\n  ranges: [{type: ECOSYSTEM, events: [{fixed: 2}]}]",
            "pypi x <2",
            &["DR0006 5:12"],
            "no beginning",
        ),
        (
            "- package: {ecosystem: PyPI, name: x}\n  ranges: [{type: TIME, events: [{introduced: '0'}]}]",
            "pypi x every version",
            &["DR0006 5:12"],
            "an unknown type",
        ),
        ("- {}", "", &["DR0502 4:1"], "names nothing"),
    ] {
        let read = read_text(&format!("{head}{entry}\n"), "x.yaml");
        assert_eq!(shown(&read), [format!("O: {picks}")], "{why}: {:?}", read.findings);
        assert_eq!(codes(&read), said, "{why}: {:?}", read.findings);
    }
    let json = include_str!("../../../tests/data/advisories/transformers.osv.json");
    assert_eq!(shown(&read_text(json, "x.json")), ["EXAMPLE-2026-0002: pypi transformers <4.36.0"]);
    let malicious = read_text("id: MAL-2026-1\nmodified: x\naffected: [{package: {ecosystem: PyPI, name: x}}]\n", "x.yaml");
    assert_eq!(malicious.all[0].hazard, Some(crate::model::hazard::Hazard::Poisoned));
}

#[test]
fn vex_is_told_and_what_it_calls_affected_is_asked() {
    for (file, text, expected) in [
        (
            "openvex",
            include_str!("../../../tests/data/advisories/statements.openvex.json"),
            &[
                "CVE-2026-1: pkg:pypi/torch@2.1.0 | affected: pkg:pypi/torch@2.1.0 | not_affected: pkg:pypi/torch@2.2.0",
                "CVE-2026-2: pkg:oci/chat@sha256:5f1c09a7be221f3d2c26a348bae1a5c27dc3654eeb0b2376d35cf3678877d81e; sha256:5f1c09a7be22; pkg:pypi/numpy@1.0? | affected: pkg:oci/chat@sha256:5f1c09a7be221f3d2c26a348bae1a5c27dc3654eeb0b2376d35cf3678877d81e; sha256:5f1c09a7be22; pkg:pypi/numpy@1.0?",
                "CVE-2026-3: nginx? | under_investigation: nginx?",
                "CVE-2026-4: a? | under_investigation: a?",
            ][..],
        ),
        (
            "cyclonedx",
            include_str!("../../../tests/data/advisories/in-a-bom.cdx.json"),
            &[
                "CVE-2026-1: pkg:pypi/torch@2.1.0; urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#torch | affected: pkg:pypi/torch@2.1.0; urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#torch",
                "CVE-2026-2:  | not_affected: urn:cdx:4e671687-395b-41f5-a30f-a58921a69b79/1#pkg:pypi/numpy@1.0; pkg:pypi/numpy@1.0?",
                "CVE-2026-3: app =2.4 | affected: app =2.4 | not_affected: app =2.6",
                "CVE-2026-4: gone? | affected: gone?",
            ],
        ),
        (
            "csaf advisory",
            include_str!("../../../tests/data/advisories/products.csaf.json"),
            &[
                "CVE-2026-1: pkg:pypi/torch@2.1.0; sha256:5f1c09a7be22 | not: pkg:pypi/torch@2.0.0 | fixed: pkg:pypi/torch@2.2.0",
                "CVE-2026-2: pkg:oci/chat@1.0; pkg:pypi/numpy >=1.0,<1.2?",
                "CVE-2026-3: numpy-by-name =1.0?",
            ],
        ),
    ] {
        let read = read_text(text, "x.json");
        let mut got = shown(&read);
        got.sort();
        let sorted = |line: &str| {
            let mut parts: Vec<String> = line
                .split(" | ")
                .map(|part| {
                    let (head, picks) = part.split_once(": ").unwrap();
                    let mut picks: Vec<&str> = picks.split("; ").collect();
                    picks.sort_unstable();
                    format!("{head}: {}", picks.join("; "))
                })
                .collect();
            parts.sort();
            parts.join(" | ")
        };
        assert_eq!(
            got.iter().map(|line| sorted(line)).collect::<Vec<_>>(),
            expected.iter().map(|line| sorted(line)).collect::<Vec<_>>(),
            "{file}: {:?}",
            read.findings
        );
    }
    let read = read_text(include_str!("../../../tests/data/advisories/products.csaf.json"), "x.json");
    assert!(read.all.iter().all(|advisory| advisory.statements.is_empty()), "an advisory states nothing as a VEX does");
    assert_eq!(codes(&read).iter().filter(|code| code.starts_with("DR0030")).count(), 1, "{:?}", read.findings);
}

#[test]
fn what_is_no_advisory_is_named_with_its_place() {
    let many = |n: usize| {
        let range = "{\"type\":\"ECOSYSTEM\",\"events\":[{\"introduced\":\"0\"}]}";
        format!(
            "{{\"id\":\"X\",\"modified\":\"\",\"affected\":[{{\"package\":{{\"ecosystem\":\"PyPI\",\"name\":\"x\"}},\"ranges\":[{}]}}]}}",
            vec![range; n].join(",")
        )
    };
    for (text, name, code, place, why) in [
        ("{\"name\": \"x\"}", "package.json", Code::NotAnAdvisory, (1, 1), "another object"),
        ("Call them today.\nThen: wait: what\n", "notes.txt", Code::NotAnAdvisory, (1, 1), "prose"),
        ("", "empty.json", Code::NotAnAdvisory, (1, 1), "nothing"),
        ("ml_advisory: [\n", "x.yaml", Code::Syntax, (2, 1), "cut off"),
        ("{\"id\": \"X\",\n \"affected\": [}", "x.json", Code::Syntax, (2, 15), "broken JSON"),
        ("ml_advisory: torch\n", "x.yaml", Code::UnreadSelector, (1, 1), "no mapping"),
        ("{\"bomFormat\": \"CycloneDX\", \"components\": []}", "bom.json", Code::NotAnAdvisory, (1, 1), "an SBOM"),
        (
            "{\"@context\": \"https://openvex.dev/ns/v0.2.0\", \"statements\": []}",
            "x.json",
            Code::NotAnAdvisory,
            (1, 1),
            "says nothing",
        ),
        (&many(60_000), "x.json", Code::Limit, (1, 37), "100,000 ranges"),
    ] {
        let read = read_text(text, name);
        let unread = read.findings.iter().find(|finding| finding.is_unread()).unwrap_or_else(|| panic!("{why}"));
        let at = unread.place.unwrap_or_default();
        assert_eq!((unread.code, (at.line, at.column)), (code, place), "{why}: {}", unread.message);
        assert!(read.all.iter().all(|advisory| advisory.affected.is_empty()), "{why}");
    }
    assert_eq!(read_text(&many(1_000), "x.json").all.len(), 1, "so many are read");
    let stream = "ml_advisory: {id: A, affected: [{name: a}]}\n---\nml_advisory: {id: B, affected: [{name: b}]}\n---\na: b: c\n";
    let read = read_text(stream, "x.yaml");
    assert_eq!(shown(&read), ["A: a", "B: b"], "what stands before the error counts");
    assert!(
        read.findings.iter().any(|finding| finding.code == Code::Syntax && finding.place.is_some_and(|place| place.line == 5))
    );
}

#[test]
fn a_repository_takes_no_advisory_for_an_sbom() {
    for (text, name) in [
        (include_str!("../../../tests/data/advisories/transformers.osv.json"), "x.json"),
        (include_str!("../../../tests/data/advisories/statements.openvex.json"), "sbom.vex.json"),
        (include_str!("../../../tests/data/advisories/products.csaf.json"), "x.json"),
        (include_str!("../../../assets/examples/poisongpt.yaml"), "poisongpt.yaml"),
    ] {
        assert!(crate::formats::read(text.as_bytes(), name, crate::model::document::Depth::Lineage).passed_over, "{name}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_damaged_advisory_is_read_or_refused_with_a_place(
        pick in 0..5_usize,
        cuts in prop::collection::vec((0..6000_usize, 0..30_usize, "([ -~\n]|[\\[\\]{},:]|null|\\[\\]|\"a\": |ä){0,4}"), 1..4),
    ) {
        let (base, name) = [
            (include_str!("../../../tests/data/advisories/transformers.osv.json"), "x.json"),
            (include_str!("../../../tests/data/advisories/statements.openvex.json"), "x.json"),
            (include_str!("../../../tests/data/advisories/in-a-bom.cdx.json"), "x.json"),
            (include_str!("../../../tests/data/advisories/products.csaf.json"), "x.json"),
            (include_str!("../../../assets/examples/poisongpt.yaml"), "x.yaml"),
        ][pick];
        let mut text: Vec<char> = base.chars().collect();
        for (at, len, put) in cuts {
            let at = at % (text.len() + 1);
            let end = (at + len).min(text.len());
            text.splice(at..end, put.chars());
        }
        let text: String = text.into_iter().collect();
        let read = read_text(&text, name);
        prop_assert!(!read.all.is_empty() || read.findings.iter().any(Finding::is_unread), "neither read nor refused: {}", text);
        prop_assert!(read.findings.iter().all(|finding| finding.place.is_some_and(|place| place.line > 0)), "{:?}", read.findings);
    }
}

/// File, ids, selectors that are asked, statements, findings that something was not read.
const CORPUS: [(&str, &str, usize, usize, usize); 24] = [
    ("csaf/go-vex-csaf.json", "CVE-2009-4487 CVE-2009-4488", 0, 4, 1),
    ("csaf/redhat-csaf-vex.json", "redhat-csaf-vex.json", 0, 0, 0),
    ("csaf/trivy-csaf-relationships.json", "CVE-2024-0001", 0, 1, 0),
    ("cyclonedx-vex/bom.json", "", 0, 0, 1),
    ("cyclonedx-vex/case-9-vex.json", "19 of CVE-2020-11896", 0, 19, 0),
    ("cyclonedx-vex/guac-vex-affected.json", "CVE-2021-44228", 1, 1, 0),
    ("cyclonedx-vex/vex.json", "CVE-2020-25649", 0, 1, 0),
    ("openvex/akumar-golden.json", "exfil-surface:initialize_agent:app.py third-party-provider:ChatOpenAI:app.py", 2, 2, 0),
    ("openvex/images.vex.json", "CVE-1234-5678", 5, 4, 0),
    ("openvex/sbom-tools-sample.json", "CVE-2021-23337 CVE-2020-28469 CVE-2022-24999 CVE-2099-99999", 1, 4, 0),
    ("openvex/v0.2.0.json", "CVE-2023-1255 CVE-2023-2650 CVE-2023-2975 CVE-2023-3446 CVE-2023-3817", 0, 5, 0),
    ("osv-yaml/PYSEC-2021-857.yaml", "PYSEC-2021-857", 1, 0, 0),
    ("osv-yaml/PYSEC-2022-43015.yaml", "PYSEC-2022-43015", 2, 0, 0),
    ("osv-yaml/PYSEC-2023-70.yaml", "PYSEC-2023-70", 1, 0, 0),
    ("osv/GHSA-3863-2447-669p.json", "GHSA-3863-2447-669p", 1, 0, 0),
    ("osv/GHSA-47fc-vmwq-366v.json", "GHSA-47fc-vmwq-366v", 1, 0, 0),
    ("osv/GHSA-4vmg-rw8f-92f9.json", "GHSA-4vmg-rw8f-92f9", 1, 0, 0),
    ("osv/GHSA-5pcm-hx3q-hm94.json", "GHSA-5pcm-hx3q-hm94", 1, 0, 0),
    ("osv/GHSA-6p56-wp2h-9hxr.json", "GHSA-6p56-wp2h-9hxr", 1, 0, 0),
    ("osv/GHSA-9fq2-x9r6-wfmf.json", "GHSA-9fq2-x9r6-wfmf", 1, 0, 0),
    ("osv/GHSA-wc36-9694-f9rf.json", "GHSA-wc36-9694-f9rf", 1, 0, 0),
    ("osv/GHSA-xg73-94fp-g449.json", "GHSA-xg73-94fp-g449", 1, 0, 0),
    ("osv/osv-git-commit-hash-ranges.json", "OSV-2021-1820", 2, 0, 0),
    ("osv/osv-vulnerability-no-range.json", "GSD-2022-1000008", 1, 0, 0),
];

#[test]
fn every_advisory_of_others_is_read_as_the_table_says() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let shared = std::env::var_os("DOWNRIVER_SHARED").map_or_else(|| root.join("../shared"), PathBuf::from);
    let folder = shared.join("corpus/advisories");
    if !folder.is_dir() {
        assert!(std::env::var_os("DOWNRIVER_REQUIRE_SHARED").is_none(), "no advisories in {}", folder.display());
        println!("SKIPPED: no advisories in {}", folder.display());
        return;
    }
    let mut wrong = Vec::new();
    for (file, ids, asked, statements, unread) in CORPUS {
        let bytes = std::fs::read(folder.join(file)).unwrap();
        let read = read(&bytes, file.rsplit('/').next().unwrap());
        let mut names = read.all.iter().map(|advisory| advisory.id.clone()).collect::<Vec<_>>().join(" ");
        if read.all.len() > 10 {
            names = format!("{} of {}", read.all.len(), read.all[0].id);
        }
        let n = |count: &dyn Fn(&Advisory) -> usize| read.all.iter().map(count).sum::<usize>();
        let got = (
            names.as_str(),
            n(&|advisory| advisory.affected.len()),
            n(&|advisory| advisory.statements.len()),
            read.findings.iter().filter(|finding| finding.is_unread()).count(),
        );
        if got != (ids, asked, statements, unread) {
            wrong.push(format!("{file}: {got:?} {:?}", read.findings));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let files = |path: PathBuf| std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path());
    assert_eq!(files(folder).flat_map(files).count(), CORPUS.len(), "every file stands in the table");
}
