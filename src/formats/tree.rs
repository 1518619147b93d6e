//! One document as a tree of texts with places, the same for YAML and JSON.
//!
//! Scalars keep their text (`2.10`, `1e3`, `no`); nothing is typed here. The tree is one vector in document order and
//! borrows from the input wherever the text stands there as it is meant.
//!
//! Invariant: a slot's descendants follow it directly; `next` is the slot after the last of them.
//! Absent on purpose: formats, meaning, recursion.

use crate::model::document::Place;
use std::borrow::Cow;

/// A whole document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Tree<'a> {
    slots: Vec<Slot<'a>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Slot<'a> {
    key: Option<Cow<'a, str>>,
    value: Value<'a>,
    place: Place,
    next: u32,
}

/// What stands at one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value<'a> {
    Null,
    /// A scalar's text; `quoted` tells `"no"` from `no`.
    Text {
        text: Cow<'a, str>,
        quoted: bool,
    },
    List,
    Map,
}

/// A slot that was opened and awaits [`Tree::close`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct Open(usize);

impl<'a> Tree<'a> {
    /// Appends a value: with its key inside a mapping, without one elsewhere.
    ///
    /// `place`: YAML: the key or dash that opens the value; JSON: where the value begins (design.md section 3).
    pub(crate) fn open(&mut self, key: Option<Cow<'a, str>>, value: Value<'a>, place: Place) -> Open {
        let at = self.slots.len();
        self.slots.push(Slot { key, value, place, next: u32::try_from(at + 1).unwrap_or(u32::MAX) });
        Open(at)
    }

    /// Makes room for this many values.
    pub(crate) fn reserve(&mut self, values: usize) {
        self.slots.reserve(values);
    }

    /// What building it took: texts that are not borrowed, and whether its room had to grow beyond what was reserved.
    #[cfg(test)]
    pub(crate) fn work(&self, reserved: usize) -> (usize, bool) {
        let owned = |slot: &&Slot<'_>| {
            matches!(slot.key, Some(Cow::Owned(_))) || matches!(slot.value, Value::Text { text: Cow::Owned(_), .. })
        };
        (self.slots.iter().filter(owned).count(), self.slots.capacity() > reserved)
    }

    /// Makes a list or mapping of the last value.
    pub(crate) fn turn_last(&mut self, value: Value<'a>) -> Option<Open> {
        let at = self.slots.len().checked_sub(1)?;
        self.slots.get_mut(at)?.value = value;
        Some(Open(at))
    }

    /// Whether a mapping that is still open has this key; what stands in it must be closed.
    fn has_key_below(&self, map: Open, key: &str) -> bool {
        let mut at = map.0 + 1;
        while let Some(slot) = self.slots.get(at) {
            if slot.key.as_deref() == Some(key) {
                return true;
            }
            at = slot.next as usize;
        }
        false
    }

    /// Ends a list or mapping: all slots since belong to it.
    pub(crate) fn close(&mut self, open: Open) {
        let next = u32::try_from(self.slots.len()).unwrap_or(u32::MAX);
        if let Some(slot) = self.slots.get_mut(open.0) {
            slot.next = next;
        }
    }

    /// Appends a copy of a value that stands earlier, under another key and place.
    pub(crate) fn repeat(&mut self, earlier: Open, key: Option<Cow<'a, str>>, place: Place) -> Open {
        let from = earlier.0;
        let end = self.slots.get(from).map_or(from, |slot| slot.next as usize);
        let to = self.slots.len();
        self.slots.extend_from_within(from..end);
        let moved = u32::try_from(to - from).unwrap_or(u32::MAX);
        for slot in self.slots.iter_mut().skip(to) {
            slot.next = slot.next.saturating_add(moved);
        }
        if let Some(slot) = self.slots.get_mut(to) {
            slot.key = key;
            slot.place = place;
        }
        Open(to)
    }

    /// The key of a value, to be used again.
    pub(crate) fn key_of(&self, open: Open) -> Option<Cow<'a, str>> {
        self.slots.get(open.0).and_then(|slot| slot.key.clone())
    }

    /// A scalar's text, to be used again, and whether it is quoted.
    pub(crate) fn text_of(&self, open: Open) -> Option<(Cow<'a, str>, bool)> {
        match self.slots.get(open.0).map(|slot| &slot.value) {
            Some(Value::Text { text, quoted }) => Some((text.clone(), *quoted)),
            Some(Value::Null | Value::List | Value::Map) | None => None,
        }
    }

    /// The value that was opened.
    pub(crate) fn node(&self, open: Open) -> Node<'_> {
        Node { slots: &self.slots, at: open.0 }
    }

    /// How many values there are, containers included.
    pub(crate) fn len(&self) -> usize {
        self.slots.len()
    }

    /// The outermost value; `None` for an empty document.
    pub(crate) fn root(&self) -> Option<Node<'_>> {
        (!self.slots.is_empty()).then_some(Node { slots: &self.slots, at: 0 })
    }
}

/// The keys of a mapping that is being read: tells cheaply whether one of them stands twice.
#[derive(Debug, Default)]
pub(crate) struct Keys {
    /// A bit for each key; equal keys have the same one.
    marks: u64,
    count: usize,
}

impl Keys {
    /// More keys are not compared with one another.
    const MOST: usize = 256;

    /// Adds the next key of the mapping `map`; `None` where that stands in it already, or where there are too many.
    pub(crate) fn add(&mut self, tree: &Tree<'_>, map: Open, key: &str) -> Option<()> {
        let bytes = key.as_bytes();
        let (first, last) = (bytes.first().copied().unwrap_or(0), bytes.last().copied().unwrap_or(0));
        let mark = 1 << (first.wrapping_add(last.wrapping_mul(7)).wrapping_add((bytes.len() as u8).wrapping_mul(3)) % 64);
        let may_stand = self.marks & mark != 0;
        self.marks |= mark;
        self.count += 1;
        (self.count <= Self::MOST && !(may_stand && tree.has_key_below(map, key))).then_some(())
    }
}

/// A value inside a [`Tree`].
#[derive(Clone, Copy)]
pub(crate) struct Node<'t> {
    slots: &'t [Slot<'t>],
    at: usize,
}

impl<'t> Node<'t> {
    fn slot(self) -> &'t Slot<'t> {
        &self.slots[self.at]
    }

    /// What [`Tree::repeat`] takes.
    pub(crate) fn handle(self) -> Open {
        Open(self.at)
    }

    /// How many values it holds, itself included, and the bytes of their texts and keys.
    pub(crate) fn weight(self) -> (usize, usize) {
        let slots = self.slots.get(self.at..self.slot().next as usize).unwrap_or_default();
        let bytes = |slot: &Slot<'_>| {
            let text = if let Value::Text { text, .. } = &slot.value { text.len() } else { 0 };
            text + slot.key.as_ref().map_or(0, |key| key.len())
        };
        (slots.len(), slots.iter().map(bytes).sum())
    }

    /// Where it stands.
    pub(crate) fn place(self) -> Place {
        self.slot().place
    }

    /// Its key, inside a mapping.
    pub(crate) fn key(self) -> Option<&'t str> {
        self.slot().key.as_deref()
    }

    /// What it is.
    pub(crate) fn value(self) -> &'t Value<'t> {
        &self.slot().value
    }

    /// Whether it is a mapping.
    pub(crate) fn is_map(self) -> bool {
        *self.value() == Value::Map
    }

    /// Whether it is a list.
    pub(crate) fn is_list(self) -> bool {
        *self.value() == Value::List
    }

    /// Whether it is null (or, in YAML, nothing).
    pub(crate) fn is_null(self) -> bool {
        *self.value() == Value::Null
    }

    /// A scalar's text as written; `None` for null, lists and mappings.
    pub(crate) fn text(self) -> Option<&'t str> {
        match self.value() {
            Value::Text { text, .. } => Some(text),
            Value::Null | Value::List | Value::Map => None,
        }
    }

    /// Items of a list or values of a mapping, in order; nothing for a scalar.
    pub(crate) fn children(self) -> impl Iterator<Item = Node<'t>> + use<'t> {
        let end = self.slot().next as usize;
        let mut at = self.at + 1;
        std::iter::from_fn(move || {
            if at >= end {
                return None;
            }
            let node = Node { slots: self.slots, at };
            at = node.slot().next as usize;
            Some(node)
        })
    }

    /// Every value under `key`: more than one only where the key stands twice, and then all of them count.
    pub(crate) fn all(self, key: &str) -> impl Iterator<Item = Node<'t>> + use<'t, '_> {
        let wanted = self.is_map();
        self.children().filter(move |child| wanted && child.key() == Some(key))
    }

    /// The first value under `key`.
    pub(crate) fn get(self, key: &str) -> Option<Node<'t>> {
        self.all(key).next()
    }

    /// The text under `key`, if it is a scalar that is not blank.
    pub(crate) fn str(self, key: &str) -> Option<&'t str> {
        self.all(key).filter_map(Node::text).find(|text| !is_blank(text))
    }

    /// One or many under `key`: the items of a list, or the single value itself; nulls are left out.
    pub(crate) fn each(self, key: &str) -> Vec<Node<'t>> {
        self.items(key).collect()
    }

    /// The same as [`Self::each`], one by one.
    pub(crate) fn items(self, key: &str) -> impl Iterator<Item = Node<'t>> + use<'t, '_> {
        let one_or_many = |value: Node<'t>| {
            let items = value.is_list().then(|| value.children()).into_iter().flatten();
            items.chain((!value.is_list()).then_some(value))
        };
        self.all(key).flat_map(one_or_many).filter(|item| !item.is_null())
    }

    /// The mappings among [`Self::each`].
    pub(crate) fn each_map(self, key: &str) -> Vec<Node<'t>> {
        let mut found = self.each(key);
        found.retain(|node| node.is_map());
        found
    }
}

fn is_blank(text: &str) -> bool {
    !text.as_bytes().first().is_some_and(u8::is_ascii_graphic) && text.trim().is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_or_many_read_alike() {
        let mut tree = Tree::default();
        let text = |text: &'static str| Value::Text { text: Cow::Borrowed(text), quoted: false };
        let root = tree.open(None, Value::Map, Place::default());
        tree.open(Some("one".into()), text("a"), Place::default());
        let list = tree.open(Some("many".into()), Value::List, Place::default());
        tree.open(None, text("b"), Place::default());
        tree.open(None, Value::Null, Place::default());
        tree.open(None, text("c"), Place::default());
        tree.close(list);
        tree.open(Some("one".into()), text("d"), Place::default());
        tree.close(root);
        let root = tree.root().unwrap();
        let texts = |key| root.each(key).into_iter().filter_map(Node::text).collect::<Vec<_>>();
        assert_eq!(texts("one"), ["a", "d"]);
        assert_eq!(texts("many"), ["b", "c"]);
        assert_eq!(root.str("one"), Some("a"));
        assert_eq!(root.children().count(), 3);
        assert!(root.each_map("many").is_empty());
    }
}
