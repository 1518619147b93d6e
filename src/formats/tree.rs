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
#[derive(Debug, Clone, Default)]
pub(crate) struct Tree<'a> {
    slots: Vec<Slot<'a>>,
}

#[derive(Debug, Clone)]
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
        self.all(key).filter_map(Node::text).find(|text| !text.trim().is_empty())
    }

    /// One or many under `key`: the items of a list, or the single value itself; nulls are left out.
    pub(crate) fn each(self, key: &str) -> Vec<Node<'t>> {
        let mut found = Vec::new();
        for value in self.all(key) {
            if value.is_list() {
                found.extend(value.children().filter(|item| !item.is_null()));
            } else if !value.is_null() {
                found.push(value);
            }
        }
        found
    }

    /// The mappings among [`Self::each`].
    pub(crate) fn each_map(self, key: &str) -> Vec<Node<'t>> {
        let mut found = self.each(key);
        found.retain(|node| node.is_map());
        found
    }
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
