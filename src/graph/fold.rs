//! Documents to a [`Corpus`], one by one or part by part: several threads fold at once, and the parts are put together.
//!
//! Invariant: within one fold equal statements, digests and texts have equal numbers.
//! Absent on purpose: order; [`Fold::finish`] makes it.

use crate::graph::DocumentInfo;
use crate::graph::corpus::Corpus;
use crate::graph::corpus::Deployment;
use crate::graph::corpus::Entry;
use crate::graph::corpus::Link;
use crate::graph::corpus::Mention;
use crate::graph::corpus::Subject;
use crate::graph::ids::DigestId;
use crate::graph::ids::StatementId;
use crate::graph::statement::Statement;
use crate::graph::statements::Statements;
use crate::model::digest::Digest;
use crate::model::document;
use crate::model::document::Document;
use crate::model::document::MentionId;
use crate::model::document::Standing;
use crate::model::finding::Finding;
use crate::model::kind::Kind;
use crate::text::Arena;
use crate::text::TextId;
use crate::text::Texts;
use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;
use rustc_hash::FxHashMap;
use std::hash::BuildHasher as _;
use std::hash::RandomState;
use twox_hash::XxHash3_128;

/// A corpus that grows.
#[derive(Default)]
pub(crate) struct Fold {
    corpus: Corpus,
    /// With their hashes, so that a table that grows need not make them again.
    statements: HashTable<(u64, StatementId)>,
    digests: HashTable<(u64, DigestId)>,
    hasher: FxBuildHasher,
    packages: Packages,
    /// Room for the words of a statement.
    words: Vec<u32>,
    /// Room for its digests.
    own: Vec<DigestId>,
}

/// Mentions of packages by what they say: most of a repository are the same few thousand, said over and over.
struct Packages {
    /// By a hash of 128 bits, which no two of them share by chance; by intent neither, since nobody knows the seed.
    known: FxHashMap<u128, StatementId>,
    seed: u64,
    room: Vec<u8>,
}

impl Default for Packages {
    fn default() -> Self {
        Self { known: FxHashMap::default(), seed: RandomState::new().hash_one(0), room: Vec::new() }
    }
}

impl Packages {
    fn key(&mut self, mention: &document::Mention, from: &Arena) -> u128 {
        let room = &mut self.room;
        room.clear();
        room.extend([mention.kind as u8, mention.standing as u8]);
        let texts = [
            Some(mention.name),
            mention.version,
            mention.model_id,
            mention.purl,
            mention.ecosystem,
            mention.hub,
            mention.revision,
            mention.global_ref,
        ];
        for text in texts {
            let text = text.map(|id| from.key(id));
            // One more than the length, so that an empty text is not an absent one.
            room.extend(text.map_or(0, |text| text.len() + 1).to_le_bytes());
            room.extend(text.unwrap_or_default().as_bytes());
        }
        for digest in &mention.digests {
            room.push(digest.algorithm() as u8);
            room.extend(digest.bytes());
        }
        XxHash3_128::oneshot_with_seed(self.seed, room)
    }
}

impl Fold {
    /// Folds a document in.
    pub(crate) fn add(&mut self, file: &str, document: &Document) {
        let from = &document.texts;
        let info = DocumentInfo {
            file: self.intern(file),
            member: document.member,
            format: document.format,
            format_version: self.intern(&document.format_version),
            counts: document.counts,
        };
        let starts = self.ends();
        for (row, mention) in document.mentions.iter().enumerate() {
            let statement = match mention.kind {
                Kind::Deployment => None,
                Kind::Package if mention.downloaded.is_none() => Some(self.package(mention, from)),
                Kind::Package | Kind::Model | Kind::Dataset | Kind::System | Kind::Code | Kind::Application => {
                    Some(self.statement_of(mention, from))
                }
            };
            self.corpus.mentions.push(Mention { statement, line: mention.place.line });
            let id = MentionId(u32::try_from(row).unwrap_or(u32::MAX));
            let mut text = |id: Option<TextId>| id.map(|id| self.intern(from.key(id)));
            if let Some(said) = &mention.deployment {
                let deployment = Deployment {
                    mention: id,
                    environment: text(said.environment),
                    service: text(said.service),
                    owner: text(said.owner),
                    criticality: text(said.criticality),
                    inventory: said.inventory,
                };
                self.corpus.deployments.push(deployment);
            } else if mention.standing == Standing::Subject {
                let subject = Subject { mention: id, sections: mention.sections, owner: text(mention.owner) };
                self.corpus.subjects.push(subject);
            }
        }
        for link in &document.links {
            let document::Link { upstream, downstream, relation, method, at_best, place } = *link;
            let method = method.map(|id| self.intern(from.key(id)));
            self.corpus.links.push(Link { upstream, downstream, relation, at_best, method, place });
        }
        let findings = document.findings.iter().map(|finding| Finding { file: file.to_owned(), ..finding.clone() });
        self.corpus.findings.extend(findings);
        self.enter(info, starts);
    }

    /// Takes over the documents of another corpus whose file `keep` admits.
    pub(crate) fn absorb(&mut self, other: &Corpus, keep: impl Fn(&str) -> bool) {
        let mut known = Translation::new(&other.statements);
        self.corpus.statements.texts.reserve(other.statements.texts.len());
        for entry in &other.documents {
            if !keep(other.statements.texts.key(entry.info.file)) {
                continue;
            }
            let mut text = |id: TextId| known.text(&mut self.corpus.statements.texts, id);
            let info =
                DocumentInfo { file: text(entry.info.file), format_version: text(entry.info.format_version), ..entry.info };
            let starts = self.ends();
            for mention in other.mentions(entry) {
                let statement = mention.statement.map(|id| known.statement(self, id));
                self.corpus.mentions.push(Mention { statement, ..*mention });
            }
            let Corpus { statements, subjects, links, deployments, .. } = &mut self.corpus;
            let mut text = |id: Option<TextId>| id.map(|id| known.text(&mut statements.texts, id));
            subjects.extend(other.subjects(entry).iter().map(|said| Subject { owner: text(said.owner), ..*said }));
            links.extend(other.links(entry).iter().map(|link| Link { method: text(link.method), ..*link }));
            deployments.extend(other.deployments(entry).iter().map(|said| Deployment {
                environment: text(said.environment),
                service: text(said.service),
                owner: text(said.owner),
                criticality: text(said.criticality),
                ..*said
            }));
            self.enter(info, starts);
        }
        self.corpus.findings.extend(other.findings.iter().filter(|finding| keep(&finding.file)).cloned());
    }

    /// The corpus of everything that was folded in.
    pub(crate) fn finish(self) -> Corpus {
        let mut corpus = self.corpus;
        corpus.sort();
        corpus
    }

    /// What was folded in so far, in no order.
    pub(crate) fn so_far(&self) -> &Corpus {
        &self.corpus
    }

    fn ends(&self) -> [u32; 4] {
        let end = |len: usize| u32::try_from(len).unwrap_or(u32::MAX);
        let Corpus { mentions, subjects, links, deployments, .. } = &self.corpus;
        [end(mentions.len()), end(subjects.len()), end(links.len()), end(deployments.len())]
    }

    fn enter(&mut self, info: DocumentInfo, starts: [u32; 4]) {
        let ends = self.ends();
        let [mentions, subjects, links, deployments] = [0, 1, 2, 3].map(|part: usize| starts[part]..ends[part]);
        self.corpus.documents.push(Entry { info, mentions, subjects, links, deployments });
    }

    fn intern(&mut self, text: &str) -> TextId {
        self.corpus.statements.texts.intern(text)
    }

    fn package(&mut self, mention: &document::Mention, from: &Arena) -> StatementId {
        let key = self.packages.key(mention, from);
        if let Some(known) = self.packages.known.get(&key).copied() {
            self.repeat(known);
            return known;
        }
        let id = self.statement_of(mention, from);
        self.packages.known.insert(key, id);
        id
    }

    /// The statement that a document's mention makes.
    fn statement_of(&mut self, mention: &document::Mention, from: &Arena) -> StatementId {
        let mut digests = std::mem::take(&mut self.own);
        digests.clear();
        digests.extend(mention.digests.iter().map(|digest| self.digest(digest)));
        let mut text = |id: TextId| self.intern(from.key(id));
        let name = text(mention.name);
        let mut maybe = |id: Option<TextId>| id.map(&mut text);
        let statement = Statement {
            kind: mention.kind,
            standing: mention.standing,
            name,
            version: maybe(mention.version),
            model_id: maybe(mention.model_id),
            purl: maybe(mention.purl),
            ecosystem: maybe(mention.ecosystem),
            hub: maybe(mention.hub),
            revision: maybe(mention.revision),
            global_ref: maybe(mention.global_ref),
            downloaded: mention.downloaded,
            digests: &digests,
        };
        let id = self.statement(statement);
        self.own = digests;
        id
    }

    /// The number of a statement, one mention more of it.
    fn statement(&mut self, statement: Statement<'_>) -> StatementId {
        let Self { corpus: Corpus { statements: all, stated, .. }, statements, words, .. } = self;
        words.clear();
        statement.write(words);
        let hash = self.hasher.hash_one(&*words);
        let known = statements.find(hash, |(own, id)| *own == hash && all.words(*id) == *words).map(|(_, id)| *id);
        let id = known.unwrap_or_else(|| {
            let id = all.push(words);
            stated.push(0);
            statements.insert_unique(hash, (hash, id), |(hash, _)| *hash);
            id
        });
        self.repeat(id);
        id
    }

    fn repeat(&mut self, id: StatementId) {
        self.corpus.stated[id.row()] += 1;
    }

    fn digest(&mut self, digest: &Digest) -> DigestId {
        let all = &mut self.corpus.statements.digests;
        let hash = self.hasher.hash_one(digest);
        let known = self.digests.find(hash, |(own, id)| *own == hash && all.is(*id, digest)).map(|(_, id)| *id);
        known.unwrap_or_else(|| {
            let id = all.push(digest);
            self.digests.insert_unique(hash, (hash, id), |(hash, _)| *hash);
            id
        })
    }
}

/// Numbers of one corpus as numbers of a fold, as far as they were needed.
struct Translation<'a> {
    from: &'a Statements,
    texts: Vec<Option<TextId>>,
    statements: Vec<Option<StatementId>>,
}

impl<'a> Translation<'a> {
    fn new(from: &'a Statements) -> Self {
        Self { from, texts: vec![None; from.texts.len()], statements: vec![None; from.len()] }
    }

    fn text(&mut self, texts: &mut Texts, id: TextId) -> TextId {
        *self.texts[id.row()].get_or_insert_with(|| texts.intern(self.from.texts.key(id)))
    }

    fn statement(&mut self, to: &mut Fold, id: StatementId) -> StatementId {
        if let Some(known) = self.statements[id.row()] {
            to.repeat(known);
            return known;
        }
        let original = self.from.get(id);
        let digests: Vec<DigestId> = original.digests.iter().map(|digest| to.digest(&self.from.digest_of(*digest))).collect();
        let texts = &mut to.corpus.statements.texts;
        let translated = original.translated(|text| self.text(texts, text), &digests);
        let new = to.statement(translated);
        self.statements[id.row()] = Some(new);
        new
    }
}
