//! What is read from small documents, one oddity each.

use crate::formats::cyclonedx::read;
use crate::formats::json;
use crate::model::document::Depth;
use crate::model::document::Document;
use crate::model::document::MentionId;
use crate::model::document::Section;
use crate::model::document::Standing;
use crate::model::finding::Code;
use crate::model::kind::Kind;

macro_rules! document {
    ($name:literal) => {
        load(include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/cyclonedx/", $name, ".json")))
    };
}

fn load(text: &str) -> Document {
    let (tree, findings) = json::read(text).unwrap();
    read(tree.root().unwrap(), findings, Depth::Facts)
}

fn name(document: &Document, id: MentionId) -> String {
    let mention = document.get(id);
    let environment = mention.deployment.as_ref().and_then(|deployment| deployment.environment);
    document.texts.key(environment.unwrap_or(mention.name)).to_owned()
}

/// `UPSTREAM -RELATION METHOD> DOWNSTREAM GRADE`, in the order of reading.
fn links(document: &Document) -> Vec<String> {
    let link = |link: &crate::model::document::Link| {
        let method = link.method.map(|method| format!(" {}", document.texts.key(method))).unwrap_or_default();
        let (up, down) = (name(document, link.upstream), name(document, link.downstream));
        format!("{up} -{}{method}> {down} {}", link.relation, link.at_best)
    };
    document.links.iter().map(link).collect()
}

fn mentions(document: &Document) -> Vec<String> {
    let of = |at: usize| name(document, MentionId(u32::try_from(at).unwrap()));
    (0..document.mentions.len()).map(|at| format!("{} {}", document.mentions[at].kind, of(at))).collect()
}

fn codes(document: &Document) -> Vec<Code> {
    document.findings.iter().map(|finding| finding.code).collect()
}

#[test]
fn bases_are_read_wherever_producers_state_them() {
    for (document, expected, findings, why) in [
        (
            document!("pedigree"),
            vec![
                "chat-base -base LoRA> support-bot ==",
                "support-bot -base> support-bot-small ==",
                "older-base -base> chat-base ==",
            ],
            vec![],
            "pedigree, in both directions and to any depth",
        ),
        (
            document!("hub-tags"),
            vec!["acme/base -base quantized> acme/bot ==", "other/plain -base> acme/bot =="],
            vec![],
            "the middle word of a tag is the method; the plain tag says no more",
        ),
        (
            document!("bases-that-disagree"),
            vec![
                "acme/base-3.1 -base finetune> acme/bot ==",
                "acme/Meta-base-3.1 -base> acme/bot ==",
                "acme/base-3.1 -base> acme/bot ==",
            ],
            vec![Code::BasesDisagree],
            "all are kept",
        ),
        (
            document!("bases-that-agree"),
            vec!["acme/base -base finetune> acme/bot ==", "Acme/Base -base> acme/bot ==", "base -base> acme/bot =="],
            vec![],
            "case and a missing owner are no disagreement",
        ),
        (document!("object-properties"), vec!["bot-base -base> Bot Instruct =="], vec![], "properties as an object"),
        (document!("adapter-config"), vec!["mirror/base-bnb-4bit -base adapter> acme/adapter =="], vec![], "adapter_config.json"),
    ] {
        assert_eq!(links(&document), expected, "{why}");
        assert_eq!(codes(&document), findings, "{why}");
        assert!(document.mentions[0].sections.has(Section::Base), "{why}");
    }
    let itself = document!("itself-as-base");
    assert_eq!((itself.links.len(), itself.mentions[0].sections.has(Section::Base)), (1, false), "it states no base");
    let pedigree = document!("pedigree");
    assert_eq!((pedigree.counts.ancestors, pedigree.counts.models), (2, 1), "counts are as written");
    assert_eq!(pedigree.mentions[0].model_id.map(|id| pedigree.texts.key(id)), Some("support-bot-v2.0"));
}

#[test]
fn a_url_of_the_base_is_not_the_model() {
    let document = document!("object-properties");
    let hub = |at: usize| document.mentions[at].hub.map(|hub| document.texts.key(hub));
    assert_eq!((hub(0), hub(1)), (None, Some("acme/bot-base")));
    assert_eq!(document.mentions[0].standing, Standing::Subject, "it states a lineage of its own");
}

#[test]
fn the_subject_is_decided_by_what_it_is() {
    for (document, subject, expected, components, why) in [
        (document!("generators-job"), "acme/bot", vec!["model acme/bot", "package tokenizers"], 3, "a job is nothing of ours"),
        (
            document!("stand-in-application"),
            "acme/bot",
            vec!["model acme/bot"],
            2,
            "an application of the model's name is the model",
        ),
        (document!("repeated-root"), "bot", vec!["model bot", "package numpy"], 3, "one component that stands twice"),
        (document!("library-as-root"), "openssl", vec!["system openssl", "system openssl-libs", "system zlib"], 3, "a library"),
        (document!("hub-model-as-application"), "gpt2", vec!["model gpt2"], 1, "a hub model that is called an application"),
    ] {
        assert_eq!(mentions(&document), expected, "{why}");
        assert_eq!(name(&document, MentionId(0)), subject, "{why}");
        assert_eq!(document.mentions[0].standing, Standing::Subject, "{why}");
        assert_eq!(document.counts.components, components, "{why}");
    }
    let job = document!("generators-job");
    assert_eq!(links(&job), ["tokenizers -depends> acme/bot .."], "met by name, never linked to itself");
    assert_eq!(codes(&job), [Code::Dangling]);
    let revision = job.mentions[0].revision.map(|revision| job.texts.key(revision));
    assert_eq!(revision, Some("86b5e0934494bd15c9632b12f734a8a67f723594"), "the whole commit stands in a URL");
    let repeated = document!("repeated-root");
    assert_eq!(repeated.mentions[0].digests.len(), 1, "both entries tell of it");
    assert_eq!(links(&repeated), ["numpy -depends> bot =="]);
    assert_eq!(links(&document!("library-as-root")), ["zlib -depends> openssl =="], "what it provides is no part of it");
}

#[test]
fn a_workload_is_a_deployment_of_what_it_claims() {
    let document = document!("workload");
    let expected = ["acme/bot -deployed> prod ..", "acme/server -deployed> prod ==", "vllm -serves> prod =="];
    assert_eq!(links(&document), expected);
    let deployment = document.mentions[0].deployment.as_ref().unwrap();
    assert_eq!((deployment.service.map(|service| document.texts.key(service)), deployment.inventory), (Some("chat"), true));
    assert_eq!(document.mentions[2].digests.len(), 1, "a container's version may be its digest");
}

#[test]
fn null_members_and_missing_keys_are_survived() {
    let document = document!("null-members");
    assert_eq!(mentions(&document), ["dataset acme/pages", "package numpy"]);
    assert_eq!((document.counts.components, document.counts.links, document.counts.datasets), (2, 1, 1));
    assert_eq!(codes(&document), [Code::Invalid, Code::Invalid]);
}

#[test]
fn references_that_nothing_declares_are_met_by_name_or_kept() {
    let by_name = document!("refs-by-name");
    assert_eq!(links(&by_name), ["B -depends> A ..", "A -depends> B ..", "A -contains> app =="]);
    assert_eq!(codes(&by_name), [Code::Dangling; 3]);
    let dangling = document!("dangling-ends");
    let expected = ["left-pad -depends> app ..", "requests -depends> app .."];
    assert_eq!(links(&dangling), expected, "a purl and a name are kept, `b` and a drawn identifier are not names");
    assert_eq!((codes(&dangling), dangling.counts.links), (vec![Code::Dangling; 4], 4));
    let double = document!("duplicate-ref");
    assert_eq!(links(&double), ["one -depends> app ..", "two -depends> app .."], "either may be meant");
    assert_eq!(codes(&double), [Code::DuplicateRef]);
}

#[test]
fn bom_links_name_entries_of_other_documents() {
    let document = document!("bom-links");
    let global = |at: usize| document.mentions[at].global_ref.map(|global| document.texts.key(global));
    assert_eq!(global(0), Some("urn:cdx:7b0c7a52-9d6e-4a3f-8a44-0a4d9be0c111/2#pkg:npm/@acme/app"));
    assert_eq!(global(1), Some("urn:cdx:1b1bff0e-fdb9-4088-8b9a-1a9f2d9006da/3#app"), "described there too");
    assert_eq!(global(3), Some("urn:cdx:1b1bff0e-fdb9-4088-8b9a-1a9f2d9006da/1#pkg:npm/lodash"));
    let other = "urn:cdx:1b1bff0e-fdb9-4088-8b9a-1a9f2d9006da/1#pkg%3Anpm%2Flodash -depends> app ==";
    assert_eq!(links(&document), ["own-lib -depends> app ==", other], "a link to this document stays inside it");
    assert_eq!(codes(&document), []);
    assert_eq!(document!("empty-serial").mentions[0].global_ref, None, "a serial number of noughts names no document");
}

#[test]
fn a_dataset_is_linked_once_however_often_it_is_said() {
    let document = document!("datasets-said-twice");
    let expected = [
        "acme/pages -trained-on> bot ==",
        "acme/books -trained-on> bot ==",
        "wikipedia -trained-on> bot ..",
        "loose-data -trained-on> bot ==",
    ];
    assert_eq!(links(&document), expected);
    assert_eq!(codes(&document), [Code::Dangling]);
    assert_eq!((document.counts.datasets, document.counts.links), (3, 1));
    assert!(!mentions(&document).iter().any(|mention| mention.ends_with("settings")), "configuration is no dataset");
    let evaluation = document!("evaluation-data");
    assert_eq!(links(&evaluation), ["acme/held-out -evaluated-on> bot ..", "acme/test-pages -evaluated-on> bot =="]);
    assert!(!evaluation.mentions[0].sections.has(Section::TrainingData));
}

#[test]
fn plain_words_join_nothing_better_than_by_name() {
    let document = document!("plain-words");
    let expected = [
        "nearly -trained-on> bot ..",
        "person_boxes -trained-on> bot ..",
        "wikipedia -trained-on> bot ==",
        "Training Data -trained-on> bot ==",
        "name -trained-on> bot ==",
    ];
    assert_eq!(links(&document), expected, "an address or an owner makes a name of a word");
    assert_eq!(codes(&document), [Code::WordAsDataset; 2]);
    assert_eq!(document.findings[0].place.map(|place| place.line), Some(11), "where the name was read");
}

#[test]
fn deployments_take_their_companions_by_position() {
    let document = document!("deployments");
    assert_eq!(links(&document), ["bot -deployed> production-eu ==", "bot -deployed> staging =="]);
    let text = |id: Option<crate::text::TextId>| id.map(|id| document.texts.key(id).to_owned());
    let facts = |at: usize| {
        let deployment = document.mentions[at].deployment.as_ref().unwrap();
        (text(deployment.service), text(deployment.owner), deployment.inventory)
    };
    assert_eq!(facts(1), (Some("chat".to_owned()), Some("care".to_owned()), false));
    assert_eq!(facts(2), (None, None, false));
    assert!(document.fields.iter().any(|field| field.mention == MentionId(1) && document.texts.key(field.value) == "2026-02-15"));
}

#[test]
fn what_is_said_to_be_incomplete_is_not_stated() {
    let document = document!("incomplete");
    let sections = document.mentions[0].sections;
    assert_eq!((sections.has(Section::Base), sections.has(Section::Dependencies)), (true, false));
    let formulation = document!("formulation");
    assert_eq!(links(&formulation), ["pytorch -built-with> bot ==", "H100 -built-with> bot =="]);
    assert!(formulation.mentions[0].sections.has(Section::Framework) && formulation.mentions[0].sections.has(Section::System));
}

#[test]
fn weights_are_part_of_their_model() {
    let document = document!("weights");
    let expected = ["model one", "model two", "package a.safetensors", "package b.safetensors", "model loose.safetensors"];
    assert_eq!(mentions(&document), expected, "files without a digest are no components of their own");
    assert_eq!(document.mentions[0].digests.len(), 1, "the digest of the one file is the model's");
    assert_eq!(links(&document), ["a.safetensors -depends> two ==", "b.safetensors -depends> two =="]);
    assert_eq!(codes(&document), [], "a reference to a part is one to its model");
    assert_eq!(document.counts.components, 8);
}

#[test]
fn what_nothing_uses_is_contained_in_the_application() {
    let nested = document!("nested");
    let expected = [
        "a -depends> box ==",
        "box -depends> app ==",
        "b -contains> box ==",
        "shaded -depends> b ==",
        "backup -contains> postgres ==",
        "debian -contains> app ==",
        "musl -contains> app ==",
        "postgres -contains> app ==",
    ];
    assert_eq!(links(&nested), expected);
    let kinds: Vec<Kind> = nested.mentions.iter().map(|mention| mention.kind).collect();
    assert_eq!(kinds.iter().filter(|kind| **kind == Kind::System).count(), 2, "by type, and by the purl of a distribution");
    let cycle = document!("cycle");
    assert_eq!(links(&cycle), ["b -depends> a ==", "a -depends> b ==", "a -contains> app =="], "a cycle is no way out");
}

#[test]
fn digests_count_where_they_are_whole() {
    let document = document!("digests");
    let counts: Vec<usize> = document.mentions.iter().map(|mention| mention.digests.len()).collect();
    assert_eq!(counts, [0, 0, 0, 0, 0, 1, 1], "a property and a purl may hold one");
    assert_eq!(codes(&document), [Code::BadDigest, Code::Invalid, Code::BadDigest, Code::BadDigest]);
}

#[test]
fn what_the_specification_refuses_is_told_and_the_rest_is_read() {
    let document = document!("refused");
    let told: Vec<&str> = document.findings.iter().map(|finding| finding.message.as_str()).collect();
    let expected = [
        "`bomFormat` is `AnotherFormat`",
        "`serialNumber` is `urn:uuid:3e67`",
        "`gadget` is no component type",
        "component without `type`",
        "component without `name`",
        "component with `version` and `versionRange`",
        "empty `bom-ref`",
        "`no purl` is no purl",
        "dependency without `ref`",
        "dependency without `ref`",
    ];
    assert_eq!(told, expected);
    assert_eq!((document.counts.components, document.mentions.len()), (5, 4));
}

#[test]
fn a_model_card_of_any_length_costs_a_few_fields() {
    let row = r#"{"type": "mteb", "value": "0.5", "slice": "en"}"#;
    let rows = vec![row; 5_000].join(",");
    let users = vec![r#""everyone""#; 5_000].join(",");
    let card = format!(
        r#"{{"quantitativeAnalysis": {{"performanceMetrics": [{rows}]}}, "considerations": {{"users": [{users}]}}, "modelParameters": {{"task": "x"}}}}"#
    );
    let text = format!(
        r#"{{"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [{{"type": "machine-learning-model", "name": "m", "modelCard": {card}}}]}}"#
    );
    let document = load(&text);
    let fields: Vec<String> =
        document.fields.iter().map(|f| format!("{}={}", document.texts.key(f.key), document.texts.key(f.value))).collect();
    assert!(fields.len() <= 70, "{}", fields.len());
    assert!(fields.contains(&"metrics.mteb=0.5 (en)".to_owned()));
    assert!(fields.contains(&"metrics=… 4980 more".to_owned()));
    assert!(fields.contains(&"modelCard.modelParameters.task=x".to_owned()), "one long list leaves room for the others");
}

#[test]
fn depth_is_no_danger() {
    let inner = (0..55).fold(String::new(), |inner, _| format!(r#"{{"type": "library", "name": "n", "components": [{inner}]}}"#));
    let text = format!(r#"{{"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [{inner}]}}"#);
    assert_eq!(load(&text).counts.components, 55);
}
