//! Chance that is the same on every run: a seeded generator of numbers and GUIDs.

use std::fmt;

/// A `SplitMix64` generator: small, fast, and good enough for made-up data; never for secrets.
///
/// Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014.
#[derive(Debug)]
pub(crate) struct Random {
    state: u64,
}

/// The increment of `SplitMix64`, the golden ratio of 2^64.
const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

impl Random {
    pub(crate) const fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    pub(crate) const fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(GOLDEN);
        mix(self.state)
    }

    /// Draws from `0..limit`; a `limit` of 0 counts as 1. The bias of the remainder does not matter here.
    pub(crate) const fn below(&mut self, limit: u64) -> u64 {
        if limit == 0 { 0 } else { self.next() % limit }
    }

    /// Draws from `from..=to`.
    pub(crate) fn between(&mut self, from: i64, to: i64) -> i64 {
        let width = u64::try_from(to.saturating_sub(from)).unwrap_or(0);
        from.saturating_add(i64::try_from(self.below(width + 1)).unwrap_or(0))
    }

    /// Says yes in `percent` of 100 cases.
    pub(crate) const fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    pub(crate) const fn guid(&mut self) -> Guid {
        Guid::of(self.next(), self.next())
    }
}

/// Scrambles a number so that neighbours have nothing in common.
pub(crate) const fn mix(number: u64) -> u64 {
    let first = (number ^ (number >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let second = (first ^ (first >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    second ^ (second >> 31)
}

/// A random GUID (version 4), printed in lower case without braces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Guid {
    high: u64,
    low: u64,
}

impl Guid {
    /// Makes a GUID of 128 bits, of which 6 are overwritten by version and variant.
    pub(crate) const fn of(high: u64, low: u64) -> Self {
        Self {
            high: (high & 0xFFFF_FFFF_FFFF_0FFF) | 0x4000,
            low: (low & 0x3FFF_FFFF_FFFF_FFFF) | 0x8000_0000_0000_0000,
        }
    }
}

impl fmt::Display for Guid {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
            self.high >> 32,
            (self.high >> 16) & 0xFFFF,
            self.high & 0xFFFF,
            self.low >> 48,
            self.low & 0xFFFF_FFFF_FFFF
        )
    }
}
