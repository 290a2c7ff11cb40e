//! Where the bytes of a repaired text stand in the file, when lines were indented otherwise.

/// Blanks that were put in or taken out, at offsets of the file, in ascending order.
#[derive(Clone, Debug, Default)]
pub(super) struct Shift {
    edits: Vec<(usize, isize)>,
}

impl Shift {
    /// The offset in the file of what stands at `at` in the repaired text.
    pub fn original(&self, at: usize) -> usize {
        let mut moved: isize = 0;
        for (place, count) in &self.edits {
            let start = place.saturating_add_signed(moved);
            // In front of blanks that were put in, and behind those that were taken out.
            if at < start || at == start && *count > 0 {
                break;
            }
            // Inside blanks that were put in, everything stands at the place itself.
            if *count > 0 && at < start + count.unsigned_abs() {
                return *place;
            }
            moved += count;
        }
        at.saturating_add_signed(-moved)
    }

    /// The length of the repaired text of a file of `length` bytes, without what was appended.
    pub fn length(&self, length: usize) -> usize {
        length.saturating_add_signed(self.edits.iter().map(|(_, count)| count).sum())
    }

    /// Notes that `count` blanks were put in (taken out, when negative) at `at` of the repaired text.
    pub fn add(&mut self, at: usize, count: isize) {
        let place = self.original(at);
        match self.edits.binary_search_by_key(&place, |(place, _)| *place) {
            Ok(found) => self.edits[found].1 += count,
            Err(next) => self.edits.insert(next, (place, count)),
        }
    }

    /// Whether nothing was moved.
    pub fn is_empty(&self) -> bool {
        self.edits.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::Shift;

    #[test]
    fn offsets_lead_back_to_the_file() {
        let mut shift = Shift::default();
        shift.add(10, 2);
        shift.add(32, -1);
        // File:     0 … 10 … 30 … ; repaired: 0 … 10 12 … 32 … , one less from there on.
        for (repaired, original) in
            [(0, 0), (10, 10), (11, 10), (12, 10), (13, 11), (31, 29), (32, 31), (33, 32), (40, 39)]
        {
            assert_eq!(shift.original(repaired), original, "{repaired}");
        }
        assert_eq!(shift.length(100), 101);
    }
}
