//! The sample repository inside the binary, for a start without a path.

use super::{Entry, Found, Origin, SETTINGS_FILE};
use rust_embed::RustEmbed;
use std::borrow::Cow;

#[derive(RustEmbed)]
#[folder = "sample-sboms/"]
struct Sample;

/// One file of the sample.
pub(super) fn file(name: &str) -> Option<Cow<'static, [u8]>> {
    Sample::get(name).map(|file| file.data)
}

/// Every file of the sample.
pub(super) fn scan() -> Found {
    let mut found = Found::default();
    if let Some(file) = Sample::get(SETTINGS_FILE) {
        (found.settings, found.problems) = super::settings(&file.data, SETTINGS_FILE);
    }
    found.entries = Sample::iter()
        .filter_map(|name| {
            let data = Sample::get(&name)?.data;
            Some(Entry { name: name.into_owned(), size: data.len() as u64, stamp: None, origin: Origin::Embedded(data) })
        })
        .collect();
    found
}
