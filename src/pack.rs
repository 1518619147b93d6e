//! Plain values to bytes and back: arrays by whole copies, the irregular rest value by value.
//!
//! Invariant: reading never allocates more than there are bytes left, and never fails but by [`Damaged`]: whoever wrote the
//! bytes, what comes back has the right shape. Whether an id in it is in range is for the type that owns it to check.
//! Absent on purpose: disk, checksums, versions; bytes are in this machine's order, for this machine.

use std::io;
use std::io::Read;
use std::io::Write;
use zerocopy::FromBytes;
use zerocopy::Immutable;
use zerocopy::IntoBytes;

/// So many records are turned into words, or words into records, at once.
const CHUNK: usize = 4 << 10;

/// The bytes are not what was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not as it was written")]
pub(crate) struct Damaged;

/// Where values go.
pub(crate) struct Out<'a> {
    to: &'a mut dyn Write,
}

/// Where values come from.
pub(crate) struct In<'a> {
    from: &'a mut dyn Read,
    /// How many bytes there are at most.
    left: u64,
}

/// What can be kept as bytes.
pub(crate) trait Pack: Sized {
    /// Appends the value.
    fn pack(&self, out: &mut Out<'_>) -> io::Result<()>;
    /// Takes it back.
    fn unpack(input: &mut In<'_>) -> Result<Self, Damaged>;
}

/// What one number says.
pub(crate) trait Word: Sized {
    /// The number.
    fn to_word(&self) -> u32;
    /// What it says; `None` where it says nothing.
    fn from_word(word: u32) -> Option<Self>;
}

/// What `N` numbers say.
pub(crate) trait Record<const N: usize>: Sized {
    /// The numbers.
    fn words(&self) -> [u32; N];
    /// What they say; `None` where they say nothing.
    fn from_words(words: [u32; N]) -> Option<Self>;
}

/// A struct whose fields are words is a record.
macro_rules! record {
    ($type:ty { $($field:ident),* $(,)? }) => {
        impl crate::pack::Record<{ [$(stringify!($field)),*].len() }> for $type {
            fn words(&self) -> [u32; [$(stringify!($field)),*].len()] {
                [$(crate::pack::Word::to_word(&self.$field)),*]
            }
            fn from_words(words: [u32; [$(stringify!($field)),*].len()]) -> Option<Self> {
                let [$($field),*] = words;
                Some(Self { $($field: crate::pack::Word::from_word($field)?),* })
            }
        }
    };
}
pub(crate) use record;

/// An enum without fields, whose values count up from 0 in the order of `$all`, is a word.
macro_rules! words {
    ($type:ty, $all:expr) => {
        impl crate::pack::Word for $type {
            fn to_word(&self) -> u32 {
                *self as u32
            }
            fn from_word(word: u32) -> Option<Self> {
                $all.get(word as usize).copied()
            }
        }
    };
}
pub(crate) use words;

impl Word for u32 {
    fn to_word(&self) -> u32 {
        *self
    }

    fn from_word(word: u32) -> Option<Self> {
        Some(word)
    }
}

impl Word for u16 {
    fn to_word(&self) -> u32 {
        (*self).into()
    }

    fn from_word(word: u32) -> Option<Self> {
        word.try_into().ok()
    }
}

impl Word for bool {
    fn to_word(&self) -> u32 {
        (*self).into()
    }

    fn from_word(word: u32) -> Option<Self> {
        [false, true].get(word as usize).copied()
    }
}

/// One more than the number of what is there; 0 where nothing is.
impl<T: Word> Word for Option<T> {
    fn to_word(&self) -> u32 {
        self.as_ref().map_or(0, |value| value.to_word().saturating_add(1))
    }

    fn from_word(word: u32) -> Option<Self> {
        word.checked_sub(1).map_or(Some(None), |word| T::from_word(word).map(Some))
    }
}

impl<'a> Out<'a> {
    /// Values go to `to`, which had better be buffered.
    pub(crate) fn new(to: &'a mut dyn Write) -> Self {
        Self { to }
    }

    /// Appends an array, by one copy.
    pub(crate) fn array<T: IntoBytes + Immutable>(&mut self, rows: &[T]) -> io::Result<()> {
        (rows.len() as u64).pack(self)?;
        self.to.write_all(rows.as_bytes())
    }

    /// Appends `n` records.
    pub(crate) fn rows<T: Record<N>, const N: usize>(&mut self, n: usize, rows: impl Iterator<Item = T>) -> io::Result<()> {
        n.pack(self)?;
        let mut room = Vec::with_capacity(CHUNK.min(n));
        let mut rows = rows.take(n).map(|row| row.words());
        loop {
            room.clear();
            room.extend(rows.by_ref().take(CHUNK));
            if room.is_empty() {
                return Ok(());
            }
            self.to.write_all(room.as_bytes())?;
        }
    }

    /// Appends words.
    pub(crate) fn words<T: Word>(&mut self, words: &[T]) -> io::Result<()> {
        words.len().pack(self)?;
        words.chunks(CHUNK).try_for_each(|part| {
            let part: Vec<u32> = part.iter().map(Word::to_word).collect();
            self.to.write_all(part.as_bytes())
        })
    }

    /// Appends a text, by one copy.
    pub(crate) fn text(&mut self, text: &str) -> io::Result<()> {
        self.array(text.as_bytes())
    }
}

impl<'a> In<'a> {
    /// Values come from `from`, which holds `left` bytes.
    pub(crate) fn new(from: &'a mut dyn Read, left: u64) -> Self {
        Self { from, left }
    }

    /// Takes an array, by one copy.
    pub(crate) fn array<T: FromBytes + IntoBytes>(&mut self) -> Result<Vec<T>, Damaged> {
        let rows = usize::unpack(self)?;
        let bytes = rows.checked_mul(size_of::<T>()).ok_or(Damaged)?;
        self.left = self.left.checked_sub(bytes as u64).ok_or(Damaged)?;
        let mut array = T::new_vec_zeroed(rows).map_err(|_| Damaged)?;
        self.from.read_exact(array.as_mut_slice().as_mut_bytes()).map_err(|_| Damaged)?;
        Ok(array)
    }

    /// Takes records.
    pub(crate) fn rows<T: Record<N>, const N: usize>(&mut self) -> Result<Vec<T>, Damaged> {
        let n = usize::unpack(self)?;
        let bytes = n.checked_mul(size_of::<[u32; N]>()).ok_or(Damaged)?;
        self.left = self.left.checked_sub(bytes as u64).ok_or(Damaged)?;
        let mut rows = Vec::with_capacity(n);
        let mut room = vec![[0_u32; N]; CHUNK.min(n)];
        while rows.len() < n {
            let part = room.get_mut(..CHUNK.min(n - rows.len())).ok_or(Damaged)?;
            self.from.read_exact(part.as_mut_bytes()).map_err(|_| Damaged)?;
            for words in part {
                rows.push(T::from_words(*words).ok_or(Damaged)?);
            }
        }
        Ok(rows)
    }

    /// Takes words.
    pub(crate) fn words<T: Word>(&mut self) -> Result<Vec<T>, Damaged> {
        self.array()?.into_iter().map(|word| T::from_word(word).ok_or(Damaged)).collect()
    }

    /// Takes a text, by one copy.
    pub(crate) fn text(&mut self) -> Result<String, Damaged> {
        String::from_utf8(self.array()?).map_err(|_| Damaged)
    }

    /// Whether nothing is left.
    pub(crate) fn is_empty(&self) -> bool {
        self.left == 0
    }
}

/// Numbers, as they lie in memory.
macro_rules! numbers {
    ($($number:ty),*) => {$(
        impl Pack for $number {
            fn pack(&self, out: &mut Out<'_>) -> io::Result<()> {
                out.to.write_all(&self.to_ne_bytes())
            }
            fn unpack(input: &mut In<'_>) -> Result<Self, Damaged> {
                let mut bytes = [0; size_of::<$number>()];
                input.left = input.left.checked_sub(bytes.len() as u64).ok_or(Damaged)?;
                input.from.read_exact(&mut bytes).map_err(|_| Damaged)?;
                Ok(<$number>::from_ne_bytes(bytes))
            }
        }
    )*};
}
numbers!(u8, u16, u32, u64, i64);

impl Pack for usize {
    fn pack(&self, out: &mut Out<'_>) -> io::Result<()> {
        (*self as u64).pack(out)
    }

    fn unpack(input: &mut In<'_>) -> Result<Self, Damaged> {
        Self::try_from(u64::unpack(input)?).map_err(|_| Damaged)
    }
}

impl Pack for bool {
    fn pack(&self, out: &mut Out<'_>) -> io::Result<()> {
        u8::from(*self).pack(out)
    }

    fn unpack(input: &mut In<'_>) -> Result<Self, Damaged> {
        match u8::unpack(input)? {
            0 => Ok(false),
            1 => Ok(true),
            2.. => Err(Damaged),
        }
    }
}

impl Pack for String {
    fn pack(&self, out: &mut Out<'_>) -> io::Result<()> {
        out.text(self)
    }

    fn unpack(input: &mut In<'_>) -> Result<Self, Damaged> {
        input.text()
    }
}

impl<T: Pack> Pack for Option<T> {
    fn pack(&self, out: &mut Out<'_>) -> io::Result<()> {
        self.is_some().pack(out)?;
        self.as_ref().map_or(Ok(()), |value| value.pack(out))
    }

    fn unpack(input: &mut In<'_>) -> Result<Self, Damaged> {
        bool::unpack(input)?.then(|| T::unpack(input)).transpose()
    }
}

impl<T: Pack> Pack for Vec<T> {
    fn pack(&self, out: &mut Out<'_>) -> io::Result<()> {
        self.len().pack(out)?;
        self.iter().try_for_each(|value| value.pack(out))
    }

    fn unpack(input: &mut In<'_>) -> Result<Self, Damaged> {
        let n = usize::unpack(input)?;
        // Every value takes a byte at least, so that a wrong number ends with the bytes, not with the memory.
        (0..n).map(|_| if input.is_empty() { Err(Damaged) } else { T::unpack(input) }).collect()
    }
}

impl<A: Pack, B: Pack> Pack for (A, B) {
    fn pack(&self, out: &mut Out<'_>) -> io::Result<()> {
        self.0.pack(out)?;
        self.1.pack(out)
    }

    fn unpack(input: &mut In<'_>) -> Result<Self, Damaged> {
        Ok((A::unpack(input)?, B::unpack(input)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Clone, Copy, PartialEq, FromBytes, IntoBytes, Immutable)]
    #[repr(C)]
    struct Row {
        a: u64,
        b: u32,
        c: u32,
    }

    #[derive(Debug, Clone, Copy, PartialEq)]
    enum Answer {
        Yes,
        No,
    }

    words!(Answer, [Answer::Yes, Answer::No]);

    #[derive(Debug, Clone, Copy, PartialEq)]
    struct Said {
        id: Option<u16>,
        answer: Answer,
        sure: bool,
    }

    record!(Said { id, answer, sure });

    type Mixed = (Vec<(String, bool)>, Option<i64>);

    fn bytes(rows: &[Row], mixed: &Mixed) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut out = Out::new(&mut bytes);
        out.array(rows).and_then(|()| mixed.pack(&mut out)).unwrap();
        bytes
    }

    fn values(bytes: &[u8]) -> Result<(Vec<Row>, Mixed), Damaged> {
        let mut from = bytes;
        let mut input = In::new(&mut from, bytes.len() as u64);
        Ok((input.array()?, Pack::unpack(&mut input)?))
    }

    #[test]
    fn what_comes_back_is_what_went() {
        let rows = vec![Row { a: u64::MAX, b: 1, c: 2 }, Row { a: 0, b: 3, c: 4 }];
        let mixed = (vec![("ü\u{202e}".to_owned(), true), (String::new(), false)], Some(-1));
        assert_eq!(values(&bytes(&rows, &mixed)), Ok((rows, mixed)));
        assert_eq!(values(&bytes(&[], &(Vec::new(), None))), Ok((Vec::new(), (Vec::new(), None))));
    }

    #[test]
    fn a_cut_anywhere_and_any_number_are_damage_and_cost_no_memory() {
        let whole = bytes(&[Row { a: 1, b: 2, c: 3 }], &(vec![("text".to_owned(), true)], Some(7)));
        for cut in 0..whole.len() {
            assert_eq!(values(&whole[..cut]), Err(Damaged), "{cut}");
        }
        for at in 0..whole.len() {
            for byte in [0x00, 0x7f, 0xff] {
                let mut other = whole.clone();
                other[at] = byte;
                // Any result but a panic or a huge allocation.
                let _ = values(&other);
            }
        }
    }

    #[test]
    fn a_record_that_says_nothing_is_damage() {
        let some = Said { id: Some(7), answer: Answer::No, sure: true };
        let rows = [vec![Said { id: None, answer: Answer::Yes, sure: false }; 3 * CHUNK], vec![some]].concat();
        let mut bytes = Vec::new();
        Out::new(&mut bytes).rows(rows.len(), rows.iter().copied()).unwrap();
        let read = |bytes: &[u8]| In::new(&mut &*bytes, bytes.len() as u64).rows::<Said, 3>();
        assert_eq!(read(&bytes), Ok(rows));
        let last = bytes.len() - 8;
        bytes[last..last + 4].copy_from_slice(&2_u32.to_ne_bytes());
        assert_eq!(read(&bytes), Err(Damaged));
    }
}
