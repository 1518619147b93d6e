//! Where in a JSON text remarks go.
//!
//! Invariant: nothing is put on a line of its own, so that every place keeps its line.
//! Absent on purpose: judging the text; it was read before.

use crate::formats::trail::Insertion;
use crate::formats::trail::Remark;
use crate::formats::trail::said;
use crate::formats::trail::takes_remarks;
use crate::model::document::Document;
use crate::model::document::Format;

const TWICE: &str = "a key that a trail needs stands there twice";
const ODD: &str = "what stands where a trail would go is no list";

/// A member of an object or an item of a list: its key, and where its value begins and ends.
#[derive(Debug, Clone)]
struct Member {
    key: Option<String>,
    from: usize,
    to: usize,
}

/// What is to be put where, so that each document has its remarks.
pub(super) fn insertions(text: &str, documents: &[(&Document, &[Remark])]) -> Result<Vec<Insertion>, &'static str> {
    let mut spots = Vec::new();
    for root in one_or_many(text, text.find(['{', '[']).unwrap_or(0)) {
        let own: Vec<usize> = values(text, root, "ml_sbom").map(|member| member.from).collect();
        if own.is_empty() {
            spots.push(root);
        }
        spots.extend(own.into_iter().flat_map(|at| one_or_many(text, at)));
    }
    let told: Vec<_> = documents.iter().filter(|(document, _)| takes_remarks(document.format)).collect();
    // One object may hold an inventory beside models; then which is which is not guessed.
    if told.len() != spots.len() {
        return Err("its layout is not understood");
    }
    let mut insertions = Vec::new();
    for ((document, remarks), spot) in told.into_iter().zip(spots).filter(|((_, remarks), _)| !remarks.is_empty()) {
        let (key, items) = match document.format {
            Format::MlSbom => ("response_history", remarks.iter().map(said::ml_sbom).collect()),
            Format::CycloneDx => ("annotations", cyclonedx(text, spot, remarks)?),
            Format::Spdx2 => ("annotations", remarks.iter().map(said::spdx2).collect()),
            Format::Spdx3 => ("@graph", spdx3(text, spot, remarks)?),
            Format::Inventory => continue,
        };
        insertions.push(insertion(text, spot, key, &items)?);
    }
    Ok(insertions)
}

fn insertion(text: &str, spot: usize, key: &str, items: &[String]) -> Result<Insertion, &'static str> {
    let (items, mut there) = (items.join(", "), values(text, spot, key));
    let Some(list) = there.next() else {
        let comma = if members(text, spot).is_empty() { "" } else { ", " };
        return Ok((spot + 1, format!("\"{key}\": [{items}]{comma}")));
    };
    if there.next().is_some() {
        return Err(TWICE);
    }
    if !text.get(list.from..).is_some_and(|list| list.starts_with('[')) {
        return Err(ODD);
    }
    let comma = if members(text, list.from).is_empty() { "" } else { ", " };
    Ok((list.to - 1, format!("{comma}{items}")))
}

fn cyclonedx(text: &str, spot: usize, remarks: &[Remark]) -> Result<Vec<String>, &'static str> {
    let version = values(text, spot, "specVersion").next().and_then(|member| string(text, &member));
    let minor = version.as_deref().and_then(|version| version.strip_prefix("1.")?.parse::<u32>().ok());
    if minor.is_none_or(|minor| minor < 5) {
        return Err("CycloneDX has annotations from version 1.5 on");
    }
    let component = values(text, spot, "metadata").find_map(|metadata| values(text, metadata.from, "component").next());
    let subject = component.and_then(|component| string(text, &values(text, component.from, "bom-ref").next()?));
    Ok(remarks.iter().map(|remark| said::cyclonedx(remark, subject.as_deref())).collect())
}

fn spdx3(text: &str, spot: usize, remarks: &[Remark]) -> Result<Vec<String>, &'static str> {
    let graph = values(text, spot, "@graph").next().ok_or("SPDX 3 without `@graph`")?;
    let is = |element: &Member, class: &str| {
        values(text, element.from, "type").any(|member| string(text, &member).as_deref() == Some(class))
    };
    let elements = members(text, graph.from);
    let model = elements.iter().find(|element| is(element, "ai_AIPackage")).or_else(|| {
        elements.iter().find(|element| ["dataset_DatasetPackage", "software_Package"].iter().any(|class| is(element, class)))
    });
    let subject = model.and_then(|model| string(text, &values(text, model.from, "spdxId").next()?));
    let subject = subject.ok_or("SPDX 3 without a package that a remark could be about")?;
    let before = elements.len();
    let said = remarks.iter().enumerate().flat_map(|(row, remark)| said::spdx3(remark, &subject, before + row));
    Ok(said.collect())
}

/// Where the object at `at` begins, or each object of the list there.
fn one_or_many(text: &str, at: usize) -> Vec<usize> {
    let opens = |at: usize| text.as_bytes().get(at).copied();
    match opens(at) {
        Some(b'{') => vec![at],
        Some(b'[') => members(text, at).into_iter().map(|item| item.from).filter(|at| opens(*at) == Some(b'{')).collect(),
        _ => Vec::new(),
    }
}

fn values(text: &str, object: usize, key: &str) -> impl Iterator<Item = Member> {
    let found: Vec<Member> = members(text, object).into_iter().filter(|member| member.key.as_deref() == Some(key)).collect();
    found.into_iter()
}

fn string(text: &str, member: &Member) -> Option<String> {
    serde_json::from_str(text.get(member.from..member.to)?).ok()
}

/// Members of the object, or items of the list, whose bracket stands at `at`.
fn members(text: &str, at: usize) -> Vec<Member> {
    let bytes = text.as_bytes();
    let is_object = bytes.get(at) == Some(&b'{');
    let (mut found, mut key, mut from, mut depth) = (Vec::new(), None, None, 0_usize);
    let mut here = at + 1;
    if !is_object && bytes.get(at) != Some(&b'[') {
        return found;
    }
    while let Some(byte) = bytes.get(here) {
        let begins = here;
        here += 1;
        match byte {
            b'"' => here = after_string(bytes, here),
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth > 0 => depth -= 1,
            b',' | b'}' | b']' if depth == 0 => {
                if let Some((from, to)) = from.take() {
                    found.push(Member { key: key.take(), from, to });
                }
                if *byte == b',' {
                    continue;
                }
                break;
            }
            b':' if depth == 0 && is_object && key.is_none() => {
                key = from.take().and_then(|(from, to)| string(text, &Member { key: None, from, to }));
                continue;
            }
            b' ' | b'\t' | b'\r' | b'\n' => continue,
            _ => {}
        }
        let start = from.map_or(begins, |(start, _)| start);
        from = Some((start, here));
    }
    found
}

/// The byte after the quote that ends a string.
fn after_string(bytes: &[u8], mut at: usize) -> usize {
    while let Some(byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'\\' => at += 1,
            b'"' => break,
            _ => {}
        }
    }
    at
}
