//! Numbers of tokens: what is unlimited, how limits add up, what a query version shows of them.

use crate::rms::catalog::elements::{Element, Form};
use crate::rms::catalog::queries::QueryVersion;
use crate::rms::catalog::versions::{NARROW_UNLIMITED, WIDE_UNLIMITED};
use crate::rms::model::license::{Elements, Value};

/// A number of tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Units {
    Finite(u64),
    Unlimited,
}

impl Units {
    /// Both together; unlimited absorbs.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        match (self, other) {
            (Self::Finite(one), Self::Finite(two)) => Self::Finite(one.saturating_add(two)),
            _ => Self::Unlimited,
        }
    }

    /// What is left when `used` are taken away; unlimited stays unlimited, and nothing falls below 0.
    #[must_use]
    pub fn minus(self, used: u64) -> Self {
        match self {
            Self::Finite(units) => Self::Finite(units.saturating_sub(used)),
            Self::Unlimited => Self::Unlimited,
        }
    }

    /// How many; `None` when unlimited.
    #[must_use]
    pub fn finite(self) -> Option<u64> {
        match self {
            Self::Finite(units) => Some(units),
            Self::Unlimited => None,
        }
    }
}

impl std::fmt::Display for Units {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Finite(units) => write!(out, "{units}"),
            Self::Unlimited => out.write_str("unlimited"),
        }
    }
}

/// The most that is not unlimited.
pub const MOST: u64 = 4_294_967_293;

/// What the number of a limit stands for.
#[must_use]
pub fn units(elements: &Elements, element: &Element) -> Units {
    let number = elements.number(element);
    let narrow = !elements.is_wide() && number == i64::from(NARROW_UNLIMITED);
    if narrow || number == i64::from(WIDE_UNLIMITED) {
        Units::Unlimited
    } else {
        Units::Finite(u64::try_from(number).unwrap_or(0))
    }
}

/// What the number of a soft limit stands for; 0 is "not set".
#[must_use]
pub fn soft_units(elements: &Elements, element: &Element) -> Units {
    match units(elements, element) {
        Units::Finite(0) => Units::Unlimited,
        units => units,
    }
}

/// The value of an element as a query of that version shows it.
#[must_use]
pub fn shown(elements: &Elements, element: &Element, version: QueryVersion) -> Value {
    match elements.value(element) {
        Value::Number(number) if element.form == Form::Limit && version == QueryVersion::V1_0 => {
            Value::Number(number.min(i64::from(NARROW_UNLIMITED)))
        }
        value => value,
    }
}

#[cfg(test)]
mod tests {
    use super::{Units, shown, soft_units, units};
    use crate::rms::catalog::elements::{NUM_LICENSES, SOFT_NUM_LICENSES};
    use crate::rms::catalog::queries::QueryVersion;
    use crate::rms::model::license::Value;
    use crate::rms::rules::fixture::license;

    #[test]
    fn query_1_0_shows_no_more_than_2097150() {
        let narrow = 155_254_784;
        let wide = 156_237_824;
        let cases = [
            (wide, 3_000_000, 2_097_150, 3_000_000),
            (wide, 4_294_967_294, 2_097_150, 4_294_967_294),
            (wide, 2_097_150, 2_097_150, 2_097_150),
            (narrow, 2_097_150, 2_097_150, 2_097_150),
            (narrow, 5, 5, 5),
        ];
        for (version, stored, old, new) in cases {
            let license = license(stored).is("licenseVersion", version);
            let show = |query| shown(&license.elements, &NUM_LICENSES, query);
            assert_eq!(show(QueryVersion::V1_0), Value::Number(old));
            assert_eq!(show(QueryVersion::V1_1), Value::Number(new));
        }
    }

    #[test]
    fn unlimited_is_another_number_from_version_20_on() {
        let read = |seats, version| {
            units(&license(seats).is("licenseVersion", version).elements, &NUM_LICENSES)
        };
        assert_eq!(read(4_294_967_294, 270_532_608), Units::Unlimited);
        assert_eq!(read(2_097_150, 155_254_784), Units::Unlimited);
        assert_eq!(read(2_097_150, 156_237_824), Units::Finite(2_097_150));
        // Above what its version allows, and yet what newer versions call unlimited.
        assert_eq!(read(4_294_967_294, 155_254_784), Units::Unlimited);
    }

    #[test]
    fn unlimited_absorbs_and_never_runs_out() {
        assert_eq!(Units::Unlimited.plus(Units::Finite(10)), Units::Unlimited);
        assert_eq!(Units::Unlimited.minus(1_000), Units::Unlimited);
        assert_eq!(Units::Finite(3).minus(5), Units::Finite(0));
        let unset = license(5).is("softNumLicenses", 0);
        assert_eq!(soft_units(&unset.elements, &SOFT_NUM_LICENSES), Units::Unlimited);
    }
}
