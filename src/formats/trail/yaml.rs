//! Where in a YAML text remarks go: after the last member of a mapping in the usual layout, else inside its brackets.
//!
//! Invariant: no line is changed, but one that holds a bracket.

use crate::formats::trail::Insertion;
use crate::formats::trail::Remark;
use crate::formats::trail::said;
use crate::formats::trail::takes_remarks;
use crate::model::document::Document;
use crate::model::document::Format;
use saphyr_parser::Event;
use saphyr_parser::Parser;
use saphyr_parser::ScalarStyle;
use saphyr_parser::Span;

const LAYOUT: &str = "its layout is not understood";

/// A list or mapping that is open.
#[derive(Debug)]
struct Frame {
    /// The key whose value comes next or is open; for a list always `None`.
    key: Option<String>,
    is_map: bool,
    /// Members so far, keys counted too.
    n: usize,
    /// In characters from the beginning.
    start: usize,
    /// It is the mapping of a document, with its position among them.
    spot: Option<usize>,
    /// It is the trail of that document.
    trail_of: Option<usize>,
}

/// The mapping of one document.
#[derive(Debug, Clone, Copy)]
struct Spot {
    start: usize,
    column: usize,
    members: usize,
    end: End,
    trail: Trail,
}

/// The end of the last text in something: in characters, and whether it goes over lines by itself.
#[derive(Debug, Clone, Copy, Default)]
struct End {
    at: usize,
    is_block: bool,
}

#[derive(Debug, Clone, Copy)]
enum Trail {
    None,
    List { start: usize, members: usize },
    Odd,
}

/// What is to be put where, so that each document has its remarks.
pub(super) fn insertions(text: &str, documents: &[(&Document, &[Remark])]) -> Result<Vec<Insertion>, &'static str> {
    let spots = Walk::default().run(text)?;
    let told: Vec<_> = documents.iter().filter(|(document, _)| takes_remarks(document.format)).collect();
    if told.len() != spots.len() || told.iter().any(|(document, _)| document.format != Format::MlSbom) {
        return Err(LAYOUT);
    }
    let mut offsets: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    offsets.push(text.len());
    let layout = Layout { text, offsets };
    let with_remarks = told.into_iter().zip(spots).filter(|((_, remarks), _)| !remarks.is_empty());
    with_remarks.map(|((_, remarks), spot)| layout.insertion(&spot, remarks)).collect()
}

struct Layout<'a> {
    text: &'a str,
    /// In bytes, by character.
    offsets: Vec<usize>,
}

impl Layout<'_> {
    fn insertion(&self, spot: &Spot, remarks: &[Remark]) -> Result<Insertion, &'static str> {
        let items: Vec<String> = remarks.iter().map(said::ml_sbom).collect();
        let byte = |at: usize| self.offsets.get(at).copied().ok_or(LAYOUT);
        let opens = |at: usize, bracket| byte(at).map(|at| self.text.get(at..).is_some_and(|rest| rest.starts_with(bracket)));
        match spot.trail {
            Trail::Odd => Err("what stands under `response_history` is no list"),
            Trail::List { start, members } if opens(start, '[')? => {
                let comma = if members == 0 { "" } else { ", " };
                Ok((byte(start)? + 1, format!("{}{comma}", items.join(", "))))
            }
            Trail::List { .. } => Err("the trail that it has is a list over several lines"),
            Trail::None if opens(spot.start, '{')? => {
                let comma = if spot.members == 0 { "" } else { ", " };
                Ok((byte(spot.start)? + 1, format!("\"response_history\": [{}]{comma}", items.join(", "))))
            }
            Trail::None => self.lines(spot.end, spot.column, &items),
        }
    }

    /// Items on lines of their own, after the line on which `end` stands.
    fn lines(&self, end: End, column: usize, items: &[String]) -> Result<Insertion, &'static str> {
        let at = *self.offsets.get(end.at).ok_or(LAYOUT)?;
        let line = self.text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |before| before + 1);
        let blank = self.text.get(line..at).is_some_and(|before| before.bytes().all(|byte| byte == b' '));
        let next = self.text.get(at..).and_then(|rest| rest.find('\n')).map(|found| at + found + 1);
        // A text over several lines ends where the next thing begins.
        let at = if end.is_block && blank { line } else { next.unwrap_or(self.text.len()) };
        let eol = if self.text.contains("\r\n") { "\r\n" } else { "\n" };
        let unended = at > 0 && !self.text.get(..at).is_some_and(|before| before.ends_with('\n'));
        let indent = " ".repeat(column);
        let mut put = if unended { eol.to_owned() } else { String::new() };
        for line in std::iter::once("response_history:".to_owned()).chain(items.iter().map(|item| format!("- {item}"))) {
            put.push_str(&indent);
            put.push_str(&line);
            put.push_str(eol);
        }
        Ok((at, put))
    }
}

#[derive(Default)]
struct Walk {
    frames: Vec<Frame>,
    spots: Vec<Spot>,
    last: End,
}

impl Walk {
    fn run(mut self, text: &str) -> Result<Vec<Spot>, &'static str> {
        let mut parser = Parser::new_from_str(text);
        while let Some(event) = parser.next_event() {
            // What could be read of a stream before an error was read; here nothing is put into such a one.
            let (event, span) = event.map_err(|_| "not all of it can be read")?;
            match event {
                Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentStart(_) | Event::DocumentEnd => {}
                Event::Alias(_) => {
                    self.last = End { at: span.end.index(), is_block: false };
                    self.value(None);
                }
                Event::Scalar(text, style, ..) => {
                    // An empty text stands nowhere: the line of its key is what ends with it.
                    if span.end.index() > span.start.index() {
                        let is_block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
                        self.last = End { at: span.end.index(), is_block };
                    }
                    self.value(Some(&text));
                }
                Event::SequenceStart(..) => self.open(span, false),
                Event::MappingStart(..) => self.open(span, true),
                Event::SequenceEnd | Event::MappingEnd => self.close(span),
            }
        }
        Ok(self.spots)
    }

    /// Takes a scalar as the next key, or as a value.
    fn value(&mut self, text: Option<&str>) {
        let Some(frame) = self.frames.last_mut() else { return };
        frame.n += 1;
        if frame.is_map && frame.n % 2 == 1 {
            frame.key = Some(text.unwrap_or_default().to_owned());
        } else if frame.key.take().as_deref() == Some("response_history")
            && let Some(spot) = frame.spot.and_then(|spot| self.spots.get_mut(spot))
        {
            spot.trail = Trail::Odd;
        }
    }

    fn open(&mut self, span: Span, is_map: bool) {
        let shape: Vec<(bool, Option<&str>)> = self.frames.iter().map(|frame| (frame.is_map, frame.key.as_deref())).collect();
        let inside = match &shape[..] {
            [(false, _), rest @ ..] => rest,
            whole => whole,
        };
        let is_spot = is_map && matches!(inside, [(true, Some("ml_sbom"))] | [(true, Some("ml_sbom")), (false, _)]);
        let (start, column) = (span.start.index(), span.start.col());
        let mut trail_of = None;
        if let Some(frame) = self.frames.last_mut() {
            frame.n += 1;
            let is_key = frame.is_map && frame.n % 2 == 1;
            if !is_key && frame.key.as_deref() == Some("response_history") {
                trail_of = frame.spot;
            }
        }
        let spot = is_spot.then_some(self.spots.len());
        if is_spot {
            self.spots.push(Spot { start, column, members: 0, end: End::default(), trail: Trail::None });
        }
        self.frames.push(Frame { key: None, is_map, n: 0, start, spot, trail_of });
    }

    fn close(&mut self, span: Span) {
        let Some(frame) = self.frames.pop() else { return };
        if span.end.index() > span.start.index() {
            self.last = End { at: span.end.index(), is_block: false };
        }
        if let Some(spot) = frame.spot.and_then(|spot| self.spots.get_mut(spot)) {
            (spot.end, spot.members) = (self.last, frame.n);
        }
        if let Some(spot) = frame.trail_of.and_then(|spot| self.spots.get_mut(spot)) {
            spot.trail = match (frame.is_map, spot.trail) {
                (false, Trail::None) => Trail::List { start: frame.start, members: frame.n },
                (true, _) | (false, Trail::List { .. } | Trail::Odd) => Trail::Odd,
            };
        }
    }
}
