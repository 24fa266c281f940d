//! How the numbers of codes are made up, and the families by which codes are listed.

use crate::catalog::{Code, Severity};
use std::ops::RangeInclusive;

/// What an HRESULT says of its call: the top bit is a failure, zero is done, the rest informs.
#[must_use]
pub const fn severity(number: u32) -> Severity {
    match number {
        0 => Severity::Success,
        1..=0x7FFF_FFFF => Severity::Information,
        _ => Severity::Failure,
    }
}

/// The facility of an HRESULT: bits 16 to 26. Codes of the licensing service have 4, Win32 codes 7.
///
/// Source: [SDK] winerror.h, `HRESULT_FACILITY`.
#[must_use]
pub const fn facility(number: u32) -> u32 {
    (number >> 16) & 0x07FF
}

/// A group of codes that are asked for together.
#[derive(Debug)]
pub struct Family {
    /// The word of the command line.
    pub word: &'static str,
    /// A code belongs to it when its symbol holds one of these …
    pub marks: &'static [&'static str],
    /// … or its number lies in one of these.
    pub numbers: &'static [RangeInclusive<u32>],
    pub doc: &'static str,
}

/// The families; a code can belong to several, and to none.
///
/// Source: [SDK] slerror.h: number ranges; the words are assumed.
pub static FAMILIES: [Family; 11] = [
    Family { word: "vl", marks: &["_VL_"], numbers: &[], doc: "KMS and other volume activation." },
    Family {
        word: "rearm",
        marks: &["REARM"],
        numbers: &[],
        doc: "Resetting the licensing state.",
    },
    Family {
        word: "tka",
        marks: &[],
        numbers: &[0xC004_F300..=0xC004_F3FF],
        doc: "Token activation.",
    },
    Family {
        word: "server",
        marks: &[],
        numbers: &[0xC004_B000..=0xC004_BFFF],
        doc: "The activation server.",
    },
    Family {
        word: "key",
        marks: &[],
        numbers: &[0xC004_C000..=0xC004_CFFF],
        doc: "Keys and validation at the activation server.",
    },
    Family {
        word: "processor",
        marks: &[],
        numbers: &[0x4004_D000..=0x4004_DFFF, 0x8004_D000..=0x8004_DFFF, 0xC004_D000..=0xC004_DFFF],
        doc: "The security processor.",
    },
    Family {
        word: "store",
        marks: &[],
        numbers: &[0x8004_E000..=0x8004_EFFF, 0xC004_E000..=0xC004_EFFF],
        doc: "The token store and the keys in it.",
    },
    Family {
        word: "client",
        marks: &[],
        numbers: &[0x4004_F000..=0x4004_F0FF, 0xC004_F000..=0xC004_F0FF],
        doc: "The licensing service of a client or a KMS host.",
    },
    Family {
        word: "genuine",
        marks: &[],
        numbers: &[0xC004_F200..=0xC004_F2FF],
        doc: "The genuine state.",
    },
    Family {
        word: "vm",
        marks: &[],
        numbers: &[0xC004_FD00..=0xC004_FDFF],
        doc: "Activation of virtual machines.",
    },
    Family {
        word: "store-activation",
        marks: &[],
        numbers: &[0x803F_A000..=0x803F_AFFF],
        doc: "Activation through the store.",
    },
];

impl Family {
    /// Whether `code` belongs to the family.
    #[must_use]
    pub fn holds(&self, code: &Code) -> bool {
        self.marks.iter().any(|mark| code.symbol.contains(mark))
            || code
                .native
                .number()
                .is_some_and(|number| self.numbers.iter().any(|range| range.contains(&number)))
    }

    /// The family of a word.
    #[must_use]
    pub fn named(word: &str) -> Option<&'static Self> {
        FAMILIES.iter().find(|family| family.word == word)
    }
}

#[cfg(test)]
mod tests {
    use super::super::CATALOG;
    use super::super::codes::{
        E_INVALIDARG, SL_E_TKA_GRANT_NOT_FOUND, SL_E_VL_NOT_ENOUGH_COUNT,
        SL_REMAPPING_SP_PUB_TS_REARMED,
    };
    use super::*;

    #[test]
    fn a_family_holds_its_codes_and_no_others() {
        let words = |code: &Code| -> Vec<&str> {
            FAMILIES.iter().filter(|family| family.holds(code)).map(|family| family.word).collect()
        };
        assert_eq!(words(&SL_E_VL_NOT_ENOUGH_COUNT), ["vl", "client"]);
        assert_eq!(words(&SL_REMAPPING_SP_PUB_TS_REARMED), ["rearm", "processor"]);
        assert_eq!(words(&SL_E_TKA_GRANT_NOT_FOUND), ["tka"]);
        assert_eq!(words(&E_INVALIDARG), [""; 0]);
    }

    #[test]
    fn every_family_has_codes_and_a_word_of_its_own() {
        for family in &FAMILIES {
            assert!(CATALOG.codes().any(|code| family.holds(code)), "{}", family.word);
            assert!(std::ptr::eq(Family::named(family.word).unwrap(), family), "{}", family.word);
        }
        assert!(Family::named("nothing").is_none());
    }

    #[test]
    fn the_parts_of_a_number_are_read_off_its_bits() {
        assert_eq!((severity(0), facility(0)), (Severity::Success, 0));
        assert_eq!((severity(0x4004_F040), facility(0x4004_F040)), (Severity::Information, 4));
        assert_eq!((severity(0xC004_F038), facility(0xC004_F038)), (Severity::Failure, 4));
        assert_eq!((severity(0x8007_0057), facility(0x8007_0057)), (Severity::Failure, 7));
    }
}
