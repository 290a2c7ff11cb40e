//! Sets of small numbers.

/// A set of numbers below a fixed size. Sets that are combined have the same size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bits {
    words: Vec<u64>,
    size: usize,
}

impl Bits {
    /// Of every `period` numbers below `size` the `length` from `start` on, which end before the
    /// next `period`.
    pub fn runs(size: usize, start: usize, length: usize, period: usize) -> Self {
        if period <= 64 {
            // A word looks like every other one that begins at the same place of a period.
            let holds = |number: usize| (start..start + length).contains(&(number % period));
            let word = |from: usize| (0..64).fold(0, |word, bit| word | u64::from(holds(from + bit)) << bit);
            let words: Vec<u64> = (0..period).map(word).collect();
            let mut set = Self { words: (0..size.div_ceil(64)).map(|at| words[at * 64 % period]).collect(), size };
            set.cut();
            return set;
        }
        let mut set = Self::empty(size);
        for first in (start..size).step_by(period) {
            set.fill(first, (first + length).min(size));
        }
        set
    }

    /// Adds the numbers from `first` on that are below `end`.
    fn fill(&mut self, first: usize, end: usize) {
        let mut at = first;
        while at < end {
            let next = (at / 64 * 64 + 64).min(end);
            self.words[at / 64] |= (u64::MAX >> (64 - (next - at))) << (at % 64);
            at = next;
        }
    }

    /// Takes away what is not below the size.
    fn cut(&mut self) {
        if let (Some(last), 1..) = (self.words.last_mut(), self.size % 64) {
            *last &= (1 << (self.size % 64)) - 1;
        }
    }

    /// The numbers below `size` for which `contains` says so.
    #[cfg(test)]
    pub fn new(size: usize, contains: impl Fn(usize) -> bool) -> Self {
        let mut words = vec![0_u64; size.div_ceil(64)];
        for (at, word) in words.iter_mut().enumerate() {
            for bit in 0..64.min(size - at * 64) {
                *word |= u64::from(contains(at * 64 + bit)) << bit;
            }
        }
        Self { words, size }
    }

    /// No number.
    pub fn empty(size: usize) -> Self {
        Self { words: vec![0; size.div_ceil(64)], size }
    }

    /// Every number below `size`.
    pub fn full(size: usize) -> Self {
        Self::empty(size).not()
    }

    /// The numbers that are not in it.
    pub fn not(&self) -> Self {
        let mut set = Self { words: self.words.iter().map(|word| !word).collect(), size: self.size };
        set.cut();
        set
    }

    /// The numbers in both.
    pub fn and(&self, other: &Self) -> Self {
        self.zip(other, |a, b| a & b)
    }

    /// The numbers in either.
    pub fn or(&self, other: &Self) -> Self {
        self.zip(other, |a, b| a | b)
    }

    fn zip(&self, other: &Self, combine: impl Fn(u64, u64) -> u64) -> Self {
        let words = self.words.iter().zip(&other.words).map(|(a, b)| combine(*a, *b)).collect();
        Self { words, size: self.size }
    }

    /// Whether it has no number.
    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|word| *word == 0)
    }

    /// The numbers, 64 in a word.
    pub fn words(&self) -> &[u64] {
        &self.words
    }
}

#[cfg(test)]
mod tests {
    use super::Bits;

    #[test]
    fn the_complement_stays_below_the_size() {
        for size in [1, 63, 64, 65, 130] {
            let full = Bits::full(size);
            assert!(full.not().is_empty(), "{size}");
            assert_eq!(full, Bits::new(size, |_| true), "{size}");
            assert_eq!(Bits::new(size, |number| number % 3 == 0).not(), Bits::new(size, |number| number % 3 != 0));
        }
    }

    #[test]
    fn runs_come_again() {
        for (size, start, length, period) in
            [(12, 2, 2, 4), (65_536, 0, 1, 2), (130, 3, 5, 13), (384, 32, 32, 96), (1000, 70, 60, 250), (7, 0, 1, 1)]
        {
            let expected = Bits::new(size, |number| (start..start + length).contains(&(number % period)));
            assert_eq!(Bits::runs(size, start, length, period), expected, "{size} {start} {length} {period}");
        }
    }

    #[test]
    fn sets_meet_and_contain_each_other() {
        let (even, fours) = (Bits::new(70, |n| n % 2 == 0), Bits::new(70, |n| n % 4 == 0));
        assert!(fours.and(&even.not()).is_empty() && !even.and(&fours.not()).is_empty());
        assert!(!even.and(&fours).is_empty() && even.and(&even.not()).is_empty());
        assert_eq!(even.and(&fours), fours);
        assert_eq!(even.or(&fours), even);
    }
}
