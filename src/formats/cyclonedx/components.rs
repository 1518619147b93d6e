//! The components and services of a document, nested ones included, and what kind of thing each is.
//!
//! Invariant: a component is counted as written even where it becomes no mention (a generator's job, a loose file).
//! Absent on purpose: recursion; the depth is an attacker's to choose.

use crate::formats::cyclonedx::Reader;
use crate::formats::cyclonedx::identity;
use crate::formats::cyclonedx::properties;
use crate::formats::cyclonedx::roots::Root;
use crate::formats::cyclonedx::validity;
use crate::formats::tree::Node;
use crate::model::document::MentionId;
use crate::model::document::Place;
use crate::model::document::Standing;
use crate::model::finding::Code;
use crate::model::finding::Finding;
use crate::model::kind::Kind;
use crate::text::Untrusted;

/// One component or service as written.
pub(crate) struct Entry<'t> {
    pub node: Node<'t>,
    /// The entry in whose `components` it stands.
    pub holder: Option<usize>,
    pub is_service: bool,
    /// The file inside it whose digest is its own.
    weights: Option<Place>,
    pub mention: Option<MentionId>,
}

/// Endings of files that hold a model's weights.
const WEIGHTS: [&str; 14] =
    ["safetensors", "gguf", "ggml", "bin", "pt", "pth", "ckpt", "onnx", "h5", "keras", "tflite", "pb", "pkl", "msgpack"];

impl<'t> Reader<'t> {
    /// Gathers and counts all components, `metadata.component` first.
    pub(crate) fn collect(&mut self) {
        for metadata in self.root.each_map("metadata") {
            for component in metadata.each_map("component") {
                self.collect_tree(component, false);
            }
        }
        let (components, services) = (self.members(self.root, "components"), self.members(self.root, "services"));
        for component in components {
            self.collect_tree(component, false);
        }
        for service in services {
            self.collect_tree(service, true);
        }
    }

    fn collect_tree(&mut self, top: Node<'t>, is_service: bool) {
        let mut open = vec![(top, None, is_service)];
        while let Some((node, holder, is_service)) = open.pop() {
            let at = self.entries.len();
            let weights = identity::digest_file(node).map(Node::place);
            self.entries.push(Entry { node, holder, is_service, weights, mention: None });
            if is_service {
                validity::bom_ref(node, &mut self.document.findings);
            } else {
                validity::component(node, &mut self.document.findings);
                let counts = &mut self.document.counts;
                counts.components += 1;
                counts.models += usize::from(node.str("type") == Some("machine-learning-model"));
                counts.datasets += usize::from(node.str("type") == Some("data"));
            }
            let components = self.members(node, "components").into_iter().map(|child| (child, Some(at), false));
            let mut inner: Vec<_> = components.collect();
            inner.extend(self.members(node, "services").into_iter().map(|child| (child, Some(at), true)));
            open.extend(inner.into_iter().rev());
        }
    }

    /// The mappings in a list; other members are findings.
    fn members(&mut self, node: Node<'t>, key: &str) -> Vec<Node<'t>> {
        let all = node.all(key).filter(|list| list.is_list()).flat_map(Node::children);
        let (maps, others): (Vec<_>, Vec<_>) = all.partition(|member| member.is_map());
        for other in others {
            let message = format!("a member of `{key}` is no object");
            self.document.findings.push(validity::invalid(other.place(), message, "remove it; the others are read"));
        }
        maps
    }

    /// Makes a mention of each component that is something by itself, and declares all references.
    pub(crate) fn mention_components(&mut self) {
        let root = self.root_kind();
        for at in 0..self.entries.len() {
            let mention = match root {
                Root::Job | Root::Is(_) if at == 0 => None,
                Root::Workload if at == 0 => Some(self.workload(self.entries[0].node)),
                Root::Absent | Root::Itself | Root::Is(_) | Root::Job | Root::Workload => self.mention_component(at, root),
            };
            self.entries[at].mention = mention;
        }
        if let Root::Is(same) = root {
            self.entries[0].mention = self.entries[same].mention;
        }
        for at in 0..self.entries.len() {
            self.declare_refs(at);
        }
        self.subject = match root {
            Root::Itself | Root::Workload | Root::Is(_) => self.entries[0].mention,
            Root::Absent | Root::Job => self.only_model(),
        };
        if let Some(subject) = self.subject.filter(|subject| self.kind(*subject) != Kind::Deployment) {
            self.document.mentions[subject.0 as usize].standing = Standing::Subject;
        }
    }

    fn mention_component(&mut self, at: usize, root: Root) -> Option<MentionId> {
        let (node, is_service, holder) = (self.entries[at].node, self.entries[at].is_service, self.entries[at].holder);
        let holder = holder.map(|holder| &self.entries[holder]);
        if holder.is_some_and(|holder| holder.weights == Some(node.place())) {
            return None;
        }
        let holder = holder.map(|holder| holder.node);
        let kind = if is_service { Some(Kind::Application) } else { kind_of(node, holder) }?;
        let card = node.get("modelCard").is_some_and(Node::is_map);
        let standing = if kind == Kind::Model && card { Standing::Subject } else { Standing::Declared };
        let mut draft = identity::draft(node, kind, standing, &self.refs)?;
        if root == Root::Is(at) && self.entries[0].node.str("type") == node.str("type") {
            identity::add(&mut draft, self.entries[0].node);
        }
        let evaluation = kind == Kind::Dataset && says_evaluation(node);
        let mention = self.mention(draft);
        if evaluation {
            self.evaluation.insert(mention);
        }
        if let Some(twin) = identity::described_elsewhere(node, kind) {
            self.document.mention(twin);
        }
        Some(mention)
    }

    /// Declares the references of an entry; one that is no mention stands for what holds it.
    fn declare_refs(&mut self, at: usize) {
        let node = self.entries[at].node;
        let mention = self.mention_at(at);
        let data = node.each_map("data");
        let texts = node.str("bom-ref").into_iter().map(|text| (text, true));
        let inner = data.iter().filter_map(|data| data.str("bom-ref")).map(|text| (text, false));
        for (text, counts) in texts.chain(inner) {
            if self.refs.declare(text, mention) && counts {
                let message = format!("the bom-ref `{}` stands twice", Untrusted::new(text).show());
                let place = node.get("bom-ref").map_or(node.place(), Node::place);
                let help = "give each entry its own; what refers to it is taken to mean both";
                self.document.findings.push(Finding::new(Code::DuplicateRef, place, message, help));
            }
        }
    }

    /// The mention of an entry, or of the nearest entry around it that is one.
    pub(crate) fn mention_at(&self, at: usize) -> Option<MentionId> {
        let mut entry = &self.entries[at];
        loop {
            if let Some(mention) = entry.mention {
                return Some(mention);
            }
            entry = &self.entries[entry.holder?];
        }
    }

    /// The nearest mention around an entry.
    pub(crate) fn holder_of(&self, at: usize) -> Option<MentionId> {
        self.entries[at].holder.and_then(|holder| self.mention_at(holder))
    }

    fn only_model(&self) -> Option<MentionId> {
        let top = self.entries.iter().filter(|entry| entry.holder.is_none());
        let mut models = top.filter_map(|entry| entry.mention).filter(|mention| self.kind(*mention) == Kind::Model);
        models.next().filter(|_| models.next().is_none())
    }
}

/// What a component is; `None` for what is part of its holder or says nothing that could be linked.
pub(crate) fn kind_of(node: Node<'_>, holder: Option<Node<'_>>) -> Option<Kind> {
    let in_model = holder.is_some_and(|holder| holder.str("type") == Some("machine-learning-model"));
    let of_hub = || node.str("purl").is_some_and(|purl| purl_type(purl).is_some_and(|t| t.eq_ignore_ascii_case("huggingface")));
    let weights = node.str("name").is_some_and(is_weights);
    let kind = match node.str("type") {
        Some("machine-learning-model") => return Some(Kind::Model),
        Some("data") if in_model && weights => Kind::Package,
        Some("data") if !is_dataset(node) => return loose(node).then_some(Kind::Package),
        Some("data") => return Some(Kind::Dataset),
        Some("file") if !in_model && weights => return Some(Kind::Model),
        Some("file") if !in_model => return (loose(node) || node.str("bom-ref").is_some()).then_some(Kind::Package),
        Some("file") => Kind::Package,
        Some("application") if from_hub(node) => return Some(Kind::Model),
        Some("application" | "container") => return Some(Kind::Application),
        Some("operating-system" | "device" | "device-driver" | "firmware" | "platform") => return Some(Kind::System),
        _ if in_model && of_hub() => Kind::Package,
        _ => return Some(node.str("purl").and_then(kind_of_purl).unwrap_or(Kind::Package)),
    };
    // A file of a model: known by its digest, or not worth a component of its own.
    identity::has_digest(node).then_some(kind)
}

/// The kind that a purl's type tells, where it tells one.
pub(crate) fn kind_of_purl(purl: &str) -> Option<Kind> {
    match purl_type(purl)?.to_ascii_lowercase().as_str() {
        "huggingface" | "mlflow" => Some(Kind::Model),
        "huggingface-dataset" => Some(Kind::Dataset),
        "deb" | "rpm" | "apk" | "alpm" | "opkg" => Some(Kind::System),
        "oci" | "docker" => Some(Kind::Application),
        _ => None,
    }
}

/// Whether a name is that of a file with weights.
pub(crate) fn is_weights(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, ending)| WEIGHTS.iter().any(|known| ending.eq_ignore_ascii_case(known)))
}

/// Whether `data` is training material; configuration, prompts and definitions are not.
pub(crate) fn is_dataset(node: Node<'_>) -> bool {
    let data = node.each_map("data");
    data.is_empty() || data.iter().any(|data| data.str("type").is_none_or(|kind| kind == "dataset"))
}

fn loose(node: Node<'_>) -> bool {
    identity::has_digest(node) || node.str("purl").is_some()
}

/// Some generators call a hub model an `application`, and say only in a property where it comes from.
fn from_hub(node: Node<'_>) -> bool {
    properties::of(node)
        .iter()
        .any(|p| properties::bare(p.name) == "source" && p.value.text().is_some_and(|v| v.eq_ignore_ascii_case("huggingface")))
}

fn says_evaluation(node: Node<'_>) -> bool {
    let roles = ["role", "usage", "purpose", "split"];
    properties::of(node).iter().any(|p| {
        let says = p.value.text().map(str::to_ascii_lowercase).unwrap_or_default();
        roles.contains(&properties::bare(p.name).as_str())
            && ["evaluation", "eval", "test", "testing", "benchmark"].contains(&says.trim())
    })
}

fn purl_type(purl: &str) -> Option<&str> {
    purl.trim().strip_prefix("pkg:")?.trim_start_matches('/').split('/').next()
}
