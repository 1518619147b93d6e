//! The cursor of a list of any length: which row is chosen, which row is drawn first.
//!
//! Invariant after [`Cursor::fit`]: `row < n` and `top <= row < top + height`, or both are 0.

/// How far a key moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Step {
    Next,
    Previous,
    HalfDown,
    HalfUp,
    PageDown,
    PageUp,
    First,
    Last,
}

/// A place in a list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Cursor {
    pub row: usize,
    /// First visible row.
    pub top: usize,
}

impl Cursor {
    /// Moves within `n` rows of which `height` are visible.
    pub(crate) fn step(&mut self, step: Step, n: usize, height: usize) {
        let last = n.saturating_sub(1);
        let (half, page) = ((height / 2).max(1), height.saturating_sub(1).max(1));
        self.row = match step {
            Step::Next => self.row + 1,
            Step::Previous => self.row.saturating_sub(1),
            Step::HalfDown => self.row + half,
            Step::HalfUp => self.row.saturating_sub(half),
            Step::PageDown => self.row + page,
            Step::PageUp => self.row.saturating_sub(page),
            Step::First => 0,
            Step::Last => last,
        };
        match step {
            Step::HalfDown => self.top += half,
            Step::HalfUp => self.top = self.top.saturating_sub(half),
            Step::PageDown => self.top += page,
            Step::PageUp => self.top = self.top.saturating_sub(page),
            Step::Next | Step::Previous | Step::First | Step::Last => {}
        }
        self.fit(n, height);
    }

    /// Puts row and top where they are allowed.
    pub(crate) fn fit(&mut self, n: usize, height: usize) {
        self.row = self.row.min(n.saturating_sub(1));
        let height = height.max(1);
        self.top = self.top.min(n.saturating_sub(height)).min(self.row);
        if self.row >= self.top + height {
            self.top = self.row + 1 - height;
        }
    }

    /// Goes to a row while the row stays where it was on the screen, as far as that can be.
    pub(crate) fn carry_to(&mut self, row: usize) {
        let on_screen = self.row.saturating_sub(self.top);
        self.row = row;
        self.top = row.saturating_sub(on_screen);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cursor_stays_visible_and_inside() {
        let mut cursor = Cursor::default();
        for (step, row, top) in [
            (Step::Previous, 0, 0),
            (Step::Next, 1, 0),
            (Step::PageDown, 10, 9),
            (Step::HalfDown, 15, 14),
            (Step::Last, 99, 90),
            (Step::Next, 99, 90),
            (Step::PageUp, 90, 81),
            (Step::First, 0, 0),
        ] {
            cursor.step(step, 100, 10);
            assert_eq!((cursor.row, cursor.top), (row, top), "{step:?}");
        }
        cursor.step(Step::Last, 0, 10);
        assert_eq!(cursor, Cursor::default());
    }

    #[test]
    fn rows_that_load_above_do_not_shift_the_view() {
        let mut cursor = Cursor { row: 5, top: 3 };
        cursor.carry_to(45);
        assert_eq!(cursor, Cursor { row: 45, top: 43 });
    }
}
