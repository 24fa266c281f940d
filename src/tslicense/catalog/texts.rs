//! The texts that follow from a pack's kind and version: product codes and `TypeAndModel`.

use super::documents::{CMK, REF, SCR};
use super::enumerations::{PRODUCT_BUILT_IN, PRODUCT_PER_DEVICE, PRODUCT_PER_USER, PRODUCT_SUITE};
use super::versions::{self, TIER_2012, Tier};
use crate::catalog::{Source, assumed, observed, stated};

/// A text of `TypeAndModel`.
#[derive(Debug)]
pub struct Model {
    pub product: u32,
    /// The oldest tier that has the text; a later row of the same product takes over from its own.
    pub from: Tier,
    pub text: &'static str,
    pub source: Source,
}

/// The published texts that the model writes, by product and tier.
pub static MODELS: [Model; 9] = [
    Model {
        product: PRODUCT_BUILT_IN,
        from: Tier(0),
        text: "Built-in TS Per Device CAL",
        source: observed(&CMK, "row of the pack A02-5.00-EX"),
    },
    Model {
        product: PRODUCT_PER_DEVICE,
        from: Tier(0),
        text: "TS Per Device CAL",
        source: assumed(&REF, "the list of CALType names no versions"),
    },
    Model {
        product: PRODUCT_PER_DEVICE,
        from: Tier(2),
        text: "TS or RDS Per Device CAL",
        source: assumed(&REF, "the list of CALType names no versions"),
    },
    Model {
        product: PRODUCT_PER_DEVICE,
        from: TIER_2012,
        text: "RDS Per Device CAL",
        source: stated(&REF, "CALType"),
    },
    Model {
        product: PRODUCT_PER_USER,
        from: Tier(0),
        text: "TS Per User CAL",
        source: assumed(&REF, "the list of CALType names no versions"),
    },
    Model {
        product: PRODUCT_PER_USER,
        from: Tier(2),
        text: "TS or RDS Per User CAL",
        source: observed(&SCR, "rows of 2008 packs"),
    },
    Model {
        product: PRODUCT_PER_USER,
        from: TIER_2012,
        text: "RDS Per User CAL",
        source: observed(&SCR, "rows of 2012 and 2019 packs"),
    },
    Model {
        product: 2,
        from: Tier(0),
        text: "TS Internet Connector CAL",
        source: stated(&REF, "CALType"),
    },
    Model {
        product: PRODUCT_SUITE,
        from: Tier(0),
        text: "VDI Standard Suite Per Device subscription license",
        source: stated(&REF, "CALType"),
    },
];

/// A published text that no pack of the model has.
pub static PREMIUM_SUITE: &str = "VDI Premium Suite Per Device subscription license";

/// The first part of a product code by product: `A02` per device, `C50` per user; everything else counts devices.
static CODES: [(u32, &str); 2] = [(PRODUCT_PER_DEVICE, "A02"), (PRODUCT_PER_USER, "C50")];

/// The last part of a product code where it is not `S`: `EX` the built-in pool, `VDIS` the VDI suite.
static SUFFIXES: [(u32, &str); 2] = [(PRODUCT_BUILT_IN, "EX"), (PRODUCT_SUITE, "VDIS")];

/// The `TypeAndModel` of licenses; empty when no text is published.
#[must_use]
pub fn type_and_model(product: u32, version: u32) -> &'static str {
    let tier = versions::tier(version);
    let fits = |row: &&Model| row.product == product && row.from <= tier;
    MODELS.iter().rev().find(fits).map_or("", |row| row.text)
}

/// The product code of licenses, `C50-10.01-S`; empty for a version that is not published.
///
/// Source: CMK: observed rows; the codes of 2016, 2022 and 2025 are extrapolated from that of 2019.
#[must_use]
pub fn product_code(product: u32, version: u32) -> String {
    let Some(row) = versions::version(version) else {
        return String::new();
    };
    let of = |table: &'static [(u32, &'static str)], other| {
        table.iter().find(|(known, _)| *known == product).map_or(other, |(_, text)| *text)
    };
    format!("{}-{}-{}", of(&CODES, "A02"), row.code, of(&SUFFIXES, "S"))
}

/// The `ProductVersion` of licenses; `version N` for one that is not published.
#[must_use]
pub fn version_name(version: u32) -> String {
    versions::version(version).map_or_else(|| versions::short(version), |row| row.name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{product_code, type_and_model};

    #[test]
    fn texts_follow_from_product_and_version_as_real_listings_show_them() {
        for (product, version, code, model) in [
            (3, 0, "A02-5.00-EX", "Built-in TS Per Device CAL"),
            (0, 1, "A02-5.02-S", "TS Per Device CAL"),
            (0, 2, "A02-6.00-S", "TS or RDS Per Device CAL"),
            (1, 3, "C50-6.01-S", "TS or RDS Per User CAL"),
            (1, 4, "C50-6.02-S", "RDS Per User CAL"),
            (1, 6, "C50-10.01-S", "RDS Per User CAL"),
            (0, 8, "A02-10.03-S", "RDS Per Device CAL"),
            (6, 6, "A02-10.01-VDIS", "VDI Standard Suite Per Device subscription license"),
            (2, 0, "A02-5.00-S", "TS Internet Connector CAL"),
            (1, 9, "", "RDS Per User CAL"),
            (7, 6, "A02-10.01-S", ""),
        ] {
            assert_eq!(product_code(product, version), code);
            assert_eq!(type_and_model(product, version), model);
        }
    }
}
