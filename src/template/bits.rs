//! Sets of small numbers.

/// A set of numbers below a fixed size. Sets that are combined have the same size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bits {
    words: Vec<u64>,
    size: usize,
}

impl Bits {
    /// The numbers below `size` for which `contains` says so.
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
        let mut words: Vec<u64> = self.words.iter().map(|word| !word).collect();
        if let (Some(last), 1..) = (words.last_mut(), self.size % 64) {
            *last &= (1 << (self.size % 64)) - 1;
        }
        Self { words, size: self.size }
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

    /// Whether some number is in both.
    pub fn meets(&self, other: &Self) -> bool {
        self.words.iter().zip(&other.words).any(|(a, b)| a & b != 0)
    }

    /// Whether every number of it is in `other`.
    pub fn within(&self, other: &Self) -> bool {
        self.words.iter().zip(&other.words).all(|(a, b)| a & !b == 0)
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
    fn sets_meet_and_contain_each_other() {
        let (even, fours) = (Bits::new(70, |n| n % 2 == 0), Bits::new(70, |n| n % 4 == 0));
        assert!(fours.within(&even) && !even.within(&fours));
        assert!(even.meets(&fours) && !even.meets(&even.not()));
        assert_eq!(even.and(&fours), fours);
        assert_eq!(even.or(&fours), even);
    }
}
