//! A graph, and the corpus it was built from, to bytes and back.
//!
//! Invariant: what comes back names only texts, components, statements and documents that are there; whoever wrote the
//! bytes, no walk over it looks up a row that it does not have.

use crate::graph::Component;
use crate::graph::DeploymentInfo;
use crate::graph::DocumentInfo;
use crate::graph::Graph;
use crate::graph::Source;
use crate::graph::corpus;
use crate::graph::corpus::Corpus;
use crate::graph::ids::ComponentId;
use crate::graph::ids::StatementId;
use crate::graph::kept::Kept;
use crate::graph::rows::Rows;
use crate::model::document::Counts;
use crate::model::document::Place;
use crate::pack::Damaged;
use crate::pack::In;
use crate::pack::Out;
use crate::pack::Pack;
use crate::pack::Record;
use crate::pack::Word;
use crate::pack::record;
use crate::text::TextId;
use std::io;
use std::ops::Range;

record!(Component { kind, id, label, name, version, owner, sections, documented });
record!(Source { evidence, document, line, statement });
record!(DeploymentInfo { environment, service, owner, criticality, inventory_only, stage });
record!(corpus::Mention { statement, line });
record!(corpus::Subject { mention, sections, owner });
record!(corpus::Deployment { mention, environment, service, owner, criticality, inventory });

impl Record<1> for StatementId {
    fn words(&self) -> [u32; 1] {
        [self.to_word()]
    }

    fn from_words([word]: [u32; 1]) -> Option<Self> {
        Word::from_word(word)
    }
}

impl Record<7> for corpus::Link {
    fn words(&self) -> [u32; 7] {
        let Self { upstream, downstream, relation, at_best, method, place } = self;
        let ends = [upstream.to_word(), downstream.to_word()];
        [ends[0], ends[1], relation.to_word(), at_best.to_word(), method.to_word(), place.line, place.column]
    }

    fn from_words([upstream, downstream, relation, at_best, method, line, column]: [u32; 7]) -> Option<Self> {
        Some(Self {
            upstream: Word::from_word(upstream)?,
            downstream: Word::from_word(downstream)?,
            relation: Word::from_word(relation)?,
            at_best: Word::from_word(at_best)?,
            method: Word::from_word(method)?,
            place: Place { line, column },
        })
    }
}

impl Record<9> for DocumentInfo {
    fn words(&self) -> [u32; 9] {
        let Self { file, member, format, format_version, counts } = self;
        let Counts { components, links, models, datasets, ancestors } = *counts;
        // No document has more of anything than its file has bytes, and none is read past 64 MiB.
        let n = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let counts = [n(components), n(links), n(models), n(datasets), n(ancestors)];
        let [components, links, models, datasets, ancestors] = counts;
        let (file, format, version) = (file.to_word(), format.to_word(), format_version.to_word());
        [file, *member, format, version, components, links, models, datasets, ancestors]
    }

    fn from_words([file, member, format, version, components, links, models, datasets, ancestors]: [u32; 9]) -> Option<Self> {
        let [components, links, models, datasets, ancestors] =
            [components, links, models, datasets, ancestors].map(|n| n as usize);
        let counts = Counts { components, links, models, datasets, ancestors };
        let (file, format, format_version) = (Word::from_word(file)?, Word::from_word(format)?, Word::from_word(version)?);
        Some(Self { file, member, format, format_version, counts })
    }
}

/// A document's rows in the vectors of its corpus.
impl Record<8> for [Range<u32>; 4] {
    fn words(&self) -> [u32; 8] {
        let [a, b, c, d] = self;
        [a.start, a.end, b.start, b.end, c.start, c.end, d.start, d.end]
    }

    fn from_words(words: [u32; 8]) -> Option<Self> {
        let mut ranges = words.as_chunks().0.iter().map(|[start, end]| *start..*end);
        Some([ranges.next()?, ranges.next()?, ranges.next()?, ranges.next()?])
    }
}

impl Pack for Corpus {
    fn pack(&self, out: &mut Out<'_>) -> io::Result<()> {
        let Self { statements, stated, documents, mentions, subjects, links, deployments, findings } = self;
        statements.pack(out)?;
        out.array(stated)?;
        out.rows(documents.len(), documents.iter().map(|entry| entry.info))?;
        out.rows(documents.len(), documents.iter().map(corpus::Entry::ranges))?;
        out.rows(mentions.len(), mentions.iter().copied())?;
        out.rows(subjects.len(), subjects.iter().copied())?;
        out.rows(links.len(), links.iter().copied())?;
        out.rows(deployments.len(), deployments.iter().copied())?;
        findings.pack(out)
    }

    fn unpack(input: &mut In<'_>) -> Result<Self, Damaged> {
        let (statements, stated) = (Pack::unpack(input)?, input.array()?);
        let infos: Vec<DocumentInfo> = input.rows()?;
        let ranges: Vec<[Range<u32>; 4]> = input.rows()?;
        let corpus = Self {
            statements,
            stated,
            documents: infos.into_iter().zip(ranges).map(|(info, ranges)| corpus::Entry::new(info, ranges)).collect(),
            mentions: input.rows()?,
            subjects: input.rows()?,
            links: input.rows()?,
            deployments: input.rows()?,
            findings: Pack::unpack(input)?,
        };
        if corpus.is_sound() { Ok(corpus) } else { Err(Damaged) }
    }
}

fn are_below(n: usize, texts: &[Option<TextId>]) -> bool {
    texts.iter().flatten().all(|text| text.row() < n)
}

impl Corpus {
    fn is_sound(&self) -> bool {
        let (texts, statements) = (self.statements.texts.len(), self.statements.len());
        let of_document = |entry: &corpus::Entry| {
            let n = self.mentions(entry).len();
            let inside = |mention: u32| (mention as usize) < n;
            let info = &entry.info;
            info.file.row() < texts
                && info.format_version.row() < texts
                && self.links(entry).iter().all(|link| inside(link.upstream.0) && inside(link.downstream.0))
                && self.subjects(entry).iter().all(|said| inside(said.mention.0))
                && self.deployments(entry).iter().all(|said| inside(said.mention.0))
        };
        self.stated.len() == statements
            && self.documents.iter().all(of_document)
            && self.mentions.iter().all(|mention| mention.statement.is_none_or(|id| id.row() < statements))
            && self.subjects.iter().all(|said| are_below(texts, &[said.owner]))
            && self.links.iter().all(|link| are_below(texts, &[link.method]))
            && self
                .deployments
                .iter()
                .all(|said| are_below(texts, &[said.environment, said.service, said.owner, said.criticality]))
    }
}

impl Pack for Graph {
    fn pack(&self, out: &mut Out<'_>) -> io::Result<()> {
        let Self { statements, components, meanings, statements_of, links, .. } = self;
        let Self { documents, declared_in, deployments, findings, roots, settings, complete, n_unread, .. } = self;
        statements.pack(out)?;
        out.rows(components.len(), components.iter().cloned())?;
        meanings.pack(out)?;
        statements_of.pack(out)?;
        links.pack(out)?;
        documents.pack(out)?;
        declared_in.pack(out)?;
        // By id, so that equal graphs are equal bytes.
        let mut deployed: Vec<ComponentId> = deployments.keys().copied().collect();
        deployed.sort_unstable();
        out.words(&deployed)?;
        out.rows(deployed.len(), deployed.iter().filter_map(|id| deployments.get(id)).cloned())?;
        findings.pack(out)?;
        let mut roots: Vec<ComponentId> = roots.iter().copied().collect();
        roots.sort_unstable();
        out.words(&roots)?;
        settings.pack(out)?;
        complete.pack(out)?;
        n_unread.pack(out)
    }

    fn unpack(input: &mut In<'_>) -> Result<Self, Damaged> {
        let graph = Self {
            statements: Pack::unpack(input)?,
            components: input.rows()?,
            meanings: Pack::unpack(input)?,
            statements_of: Rows::unpack(input)?,
            links: Pack::unpack(input)?,
            documents: Pack::unpack(input)?,
            declared_in: Pack::unpack(input)?,
            deployments: input.words::<ComponentId>()?.into_iter().zip(input.rows::<DeploymentInfo, 6>()?).collect(),
            findings: Pack::unpack(input)?,
            roots: input.words::<ComponentId>()?.into_iter().collect(),
            settings: Pack::unpack(input)?,
            complete: Pack::unpack(input)?,
            n_unread: Pack::unpack(input)?,
            kept: Kept::default(),
        };
        if graph.is_sound() { Ok(graph) } else { Err(Damaged) }
    }
}

impl Graph {
    fn is_sound(&self) -> bool {
        let (texts, statements) = (self.statements.texts.len(), self.statements.len());
        let (components, documents) = (self.components.len(), self.documents.len());
        self.components.iter().all(|component| {
                let always = [component.id, component.label, component.name];
                always.iter().all(|text| text.row() < texts) && are_below(texts, &[component.version, component.owner])
            })
            && self.meanings.are_below(components)
            && self.statements_of.items().iter().all(|id| id.row() < statements)
            // A first page has no links.
            && (self.links.is_empty() || self.links.n_components() == components)
            && self.links.names_only(documents, statements, texts)
            && self.documents.are_below(texts)
            && self.declared_in.are_below(components, documents, statements)
            && self.deployments.iter().all(|(id, said)| {
                id.row() < components && are_below(texts, &[said.environment, said.service, said.owner, said.criticality])
            })
            && self.roots.iter().all(|id| id.row() < components)
    }
}
