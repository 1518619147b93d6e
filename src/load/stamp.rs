//! What the system says of a file without its being opened, and how far that can be believed.
//!
//! Invariant: a file whose stamp is as it was when it was read, and could not lie then, is as it was.
//! Absent on purpose: content; where a stamp can lie, [`digest`] decides.

use rustix::fs::Stat;
use sha2::Digest as _;
use sha2::Sha256;
use std::time::SystemTime;
use zerocopy::FromBytes;
use zerocopy::Immutable;
use zerocopy::IntoBytes;

/// File systems count time in steps; the coarsest steps in use are two seconds, and clocks of servers go a little wrong.
const STEP: i64 = 3_000_000_000;

/// Whatever changes when a file is written, replaced, or given another age.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, FromBytes, IntoBytes, Immutable)]
#[repr(C)]
pub(crate) struct Stamp {
    pub size: u64,
    /// In nanoseconds since 1970, as is `changed`, which nobody can set.
    pub(super) modified: i64,
    pub(super) changed: i64,
    pub(super) inode: u64,
    pub(super) device: u64,
}

impl Stamp {
    /// The stamp of a file.
    pub(super) fn of(stat: &Stat) -> Self {
        let number = |number: i128| u64::try_from(number).unwrap_or_default();
        Self {
            size: number(stat.st_size.into()),
            modified: nanoseconds(stat.st_mtime.into(), stat.st_mtime_nsec.into()),
            changed: nanoseconds(stat.st_ctime.into(), stat.st_ctime_nsec.into()),
            inode: number(stat.st_ino.into()),
            device: number(stat.st_dev.into()),
        }
    }

    /// Whether a file that had this stamp when it was read at `time` may have been written once more and have it still:
    /// its last change was so near that the next one may fall into the same step of the file system's clock.
    pub(super) fn may_lie(&self, time: i64) -> bool {
        let near = self.modified.abs_diff(time) <= STEP.unsigned_abs();
        // A time that nobody can set and that is still to come is a clock gone wrong.
        near || self.changed.saturating_add(STEP) >= time
    }
}

/// The time of the system's clock.
pub(super) fn now() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    nanoseconds(since.as_secs().into(), since.subsec_nanos().into())
}

fn nanoseconds(seconds: i128, rest: i128) -> i64 {
    i64::try_from(seconds * 1_000_000_000 + rest).unwrap_or(i64::MAX)
}

/// What tells the content of a file from any other content.
pub(super) fn digest(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_lies_only_near_its_own_time() {
        let stamp = |modified: i64, changed: i64| Stamp { size: 1, modified, changed, inode: 1, device: 1 };
        let now = 100 * STEP;
        for (stamp, lies, why) in [
            (stamp(now, now), true, "read when it was written"),
            (stamp(now - STEP, now - STEP), true, "one step later"),
            (stamp(now - STEP - 1, now - STEP - 1), false, "later"),
            (stamp(1, now), true, "given an age"),
            (stamp(i64::MAX, 1), false, "given an age to come"),
            (stamp(now, 1), true, "a system that knows one time only"),
            (stamp(1, i64::MAX), true, "a clock gone wrong"),
        ] {
            assert_eq!(stamp.may_lie(now), lies, "{why}");
        }
    }
}
