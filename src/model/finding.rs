//! What is wrong or doubtful in a repository: stable codes, a place, and a way to fix it.

use crate::model::document::Place;
use crate::pack::Damaged;
use crate::pack::In;
use crate::pack::Out;
use crate::pack::Pack;
use crate::pack::Word;
use crate::pack::words;
use std::fmt;
use std::io;

/// How bad a finding is, worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Severity {
    /// Something was not read: answers may be incomplete.
    Error,
    High,
    Medium,
    Low,
    Note,
}

impl Severity {
    /// The word used in JSON and on screen.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
            Self::Note => "note",
        }
    }
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $number:literal, $severity:ident;)*) => {
        /// A stable code. The number never changes its meaning.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(crate) enum Code { $($(#[$doc])* $name,)* }

        impl Code {
            /// `DR0001`.
            pub(crate) fn number(self) -> &'static str {
                match self { $(Self::$name => $number,)* }
            }

            /// How bad it is.
            pub(crate) fn severity(self) -> Severity {
                match self { $(Self::$name => Severity::$severity,)* }
            }
        }

        words!(Code, [$(Code::$name),*]);
    };
}

codes! {
    /// The text is not YAML or JSON.
    Syntax = "DR0001", Error;
    /// A limit on size, depth, nodes or aliases was passed; the document was not read.
    Limit = "DR0002", Error;
    /// A known format that this version does not read.
    UnreadFormat = "DR0003", Error;
    /// It looks like an SBOM and is none.
    NotAnSbom = "DR0004", Error;
    /// The file could not be opened or read.
    Unreadable = "DR0005", Error;
    /// A member that the format's specification refuses; the rest was read.
    Invalid = "DR0006", Medium;
    /// A key stands twice in one mapping; both values were used.
    DuplicateKey = "DR0010", Medium;
    /// A YAML merge key; its members were taken in.
    MergeKey = "DR0011", Low;
    /// A YAML tag that was not applied.
    Tag = "DR0012", Low;
    /// A key that the schema does not have; kept and shown.
    UnknownKey = "DR0020", Note;
    /// A digest that is no digest: cut short, wrong length, unknown algorithm.
    BadDigest = "DR0021", Medium;
    /// A purl that cannot be read.
    BadPurl = "DR0022", Low;
    /// A reference to something that the document does not declare.
    Dangling = "DR0030", Low;
    /// One local reference names two entries.
    DuplicateRef = "DR0031", Medium;
    /// A document states bases that contradict one another.
    BasesDisagree = "DR0110", Medium;
    /// A base model that is given by name only.
    NameOnlyBase = "DR0112", Medium;
    /// A dataset name that is a plain word, without owner, digest or place.
    WordAsDataset = "DR0113", Low;
    /// Components that are upstream of themselves.
    Cycle = "DR0120", Medium;
    /// A component that states itself as its own base.
    SelfAncestor = "DR0121", Medium;
    /// Documents that claim one identity with different digests.
    TwoDigestsOneIdentity = "DR0201", High;
    /// One digest under names that have nothing in common.
    TwoNamesOneDigest = "DR0202", Medium;
    /// A reference whose name and digest lead to different components.
    NameAndDigestDisagree = "DR0205", High;
    /// A base model that has no document.
    BaseWithoutDocument = "DR0210", Medium;
    /// A name that could be mistaken for a better-known one.
    LookAlike = "DR0301", High;
    /// A journal whose last entry was not recorded as a whole.
    JournalTorn = "DR0401", Low;
    /// A journal in which something was changed, removed, reordered or cut off.
    JournalDamaged = "DR0402", High;
    /// A bundle in which a file was changed, removed or added.
    BundleDamaged = "DR0403", High;
    /// A signature that is bad, expired, or of nobody whom the owner trusts.
    SignatureNotGood = "DR0404", High;
    /// A name with characters that are invisible or change the direction of text.
    HiddenCharacters = "DR0302", High;
    /// A file that was given as an advisory and is none.
    NotAnAdvisory = "DR0501", Error;
    /// A selector of an advisory that selects nothing or cannot be read: what it means was not looked for.
    UnreadSelector = "DR0502", Error;
    /// A time window that ends before it begins; it was not applied.
    WindowReversed = "DR0503", Medium;
    /// A selector that matches everything.
    MatchesEverything = "DR0504", Medium;
    /// An ecosystem whose versions nobody here can compare.
    UnknownEcosystem = "DR0505", Low;
    /// An advisory that its publisher took back.
    Withdrawn = "DR0506", Note;
}

/// One finding. Its texts were made with `Untrusted::show` and may be printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finding {
    pub code: Code,
    /// Relative to the repository; empty until the loader knows it.
    pub file: String,
    pub place: Option<Place>,
    /// What was found.
    pub message: String,
    /// What was expected, or what to do.
    pub help: String,
    /// The lines around the place, with their numbers, escaped and cut.
    pub excerpt: Vec<(u32, String)>,
    /// Printed id of the component it is about.
    pub component: Option<String>,
}

impl Finding {
    /// A finding in the document that is being read.
    pub(crate) fn new(code: Code, place: Place, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            code,
            file: String::new(),
            place: Some(place),
            message: message.into(),
            help: help.into(),
            excerpt: Vec::new(),
            component: None,
        }
    }

    /// How bad it is.
    pub(crate) fn severity(&self) -> Severity {
        self.code.severity()
    }

    /// Whether something that could hold an SBOM was not read: such a finding is also a problem of every answer.
    pub(crate) fn is_unread(&self) -> bool {
        self.severity() == Severity::Error
    }

    /// `file:line:column`, as far as known. The file is shown as given: escape it before printing.
    pub(crate) fn address(&self) -> String {
        match self.place {
            Some(Place { line, column }) if column > 0 => format!("{}:{line}:{column}", self.file),
            Some(Place { line, .. }) if line > 0 => format!("{}:{line}", self.file),
            _ => self.file.clone(),
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.number())
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

impl Pack for Finding {
    fn pack(&self, out: &mut Out<'_>) -> io::Result<()> {
        let Self { code, file, place, message, help, excerpt, component } = self;
        code.to_word().pack(out)?;
        file.pack(out)?;
        place.map(|place| (place.line, place.column)).pack(out)?;
        message.pack(out)?;
        help.pack(out)?;
        excerpt.pack(out)?;
        component.pack(out)
    }

    fn unpack(input: &mut In<'_>) -> Result<Self, Damaged> {
        Ok(Self {
            code: Word::from_word(Pack::unpack(input)?).ok_or(Damaged)?,
            file: Pack::unpack(input)?,
            place: Option::unpack(input)?.map(|(line, column)| Place { line, column }),
            message: Pack::unpack(input)?,
            help: Pack::unpack(input)?,
            excerpt: Pack::unpack(input)?,
            component: Pack::unpack(input)?,
        })
    }
}
