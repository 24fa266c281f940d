//! The keys of `KeyAnyValue` properties, and the type that a value of each has. Any other key may occur, with a value of any type.

use super::documents::{ARTICLE, DUMPS, TERRAFORM};
use crate::catalog::{Source, stated};

/// The type of a property's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    Text,
    Int,
    Long,
    Instant,
    Pair,
    Evaluation,
    Message,
    Pairs,
}

/// A property that is known in the field.
#[derive(Debug)]
pub struct Property {
    pub key: &'static str,
    pub holds: Holds,
    pub doc: &'static str,
    pub source: Source,
}

const fn property(key: &'static str, holds: Holds, doc: &'static str, source: Source) -> Property {
    Property { key, holds, doc, source }
}

pub const PRODUCT_NAME: &str = "ProductName";
pub const PRODUCT_VERSION: &str = "ProductVersion";
pub const FEATURE: &str = "feature";
pub const ADDON: &str = "addon";
pub const EXPIRATION_DATE: &str = "expirationDate";
pub const EXPIRATION_HOURS: &str = "expirationHours";
pub const EXPIRATION_MINUTES: &str = "expirationMinutes";
pub const SYSTEM_TIME: &str = "system_time";
pub const COUNT_DISABLED: &str = "count_disabled";
pub const EVALUATION_TEXT: &str = "evaluation";
pub const DIAGNOSTIC: &str = "diagnostic";
pub const LOCALIZED_DIAGNOSTIC: &str = "localizedDiagnostic";
pub const LC_ERROR: &str = "lc_error";
pub const LOCALIZED: &str = "Localized";
pub const IN_USE_FEATURES: &str = "inUseFeatures";
pub const EVALUATION: &str = "Evaluation";
pub const ENTITY_COST: &str = "entityCost";
pub const COST_UNIT: &str = "CostUnit";

const SEEN: Source = stated(&DUMPS, "properties of a license");
const OF_ASSIGNMENT: Source = stated(&ARTICLE, "LicenseAssignment, properties");
const OF_ANSWER: Source = stated(&TERRAFORM, "answer to a key that cannot be decoded");

/// Known keys of both kinds of properties.
pub static PROPERTIES: &[Property] = &[
    property(PRODUCT_NAME, Holds::Text, "Product of the license, or of the entity.", SEEN),
    property(PRODUCT_VERSION, Holds::Text, "Version of the product, as 8.0.", SEEN),
    property("ComponentFamily", Holds::Text, "Product name, since 9.0.", SEEN),
    property("FileVersion", Holds::Text, "Version of the license definition.", SEEN),
    property(
        FEATURE,
        Holds::Pair,
        "Feature, its key with a level where it has one; repeated.",
        SEEN,
    ),
    property(ADDON, Holds::Pair, "Add-on feature that is enabled by default; repeated.", SEEN),
    property(EXPIRATION_DATE, Holds::Instant, "When the license expires; absent: never.", SEEN),
    property(EXPIRATION_HOURS, Holds::Long, "Whole hours left.", SEEN),
    property(
        EXPIRATION_MINUTES,
        Holds::Long,
        "Minutes left: within the current hour up to 8.x, in total since 9.0.",
        SEEN,
    ),
    property(SYSTEM_TIME, Holds::Instant, "Clock of the host when it answered.", SEEN),
    property("startDate", Holds::Instant, "Start of the evaluation, since 9.0.", SEEN),
    property(EVALUATION_TEXT, Holds::Text, "Sentence of a host without a license.", SEEN),
    property(COUNT_DISABLED, Holds::Text, "The license is unlimited.", SEEN),
    property("LicenseFilePath", Holds::Text, "Definition file on the host; repeated.", SEEN),
    property(DIAGNOSTIC, Holds::Text, "Why the key is not usable.", OF_ANSWER),
    property(LOCALIZED_DIAGNOSTIC, Holds::Message, "The same, as a message.", OF_ANSWER),
    property(LC_ERROR, Holds::Int, "Number of the decoder's error.", OF_ANSWER),
    property(LOCALIZED, Holds::Pairs, "Translations; may be empty.", OF_ANSWER),
    property(
        IN_USE_FEATURES,
        Holds::Pair,
        "Feature that the entity uses; repeated.",
        OF_ASSIGNMENT,
    ),
    property(EVALUATION, Holds::Evaluation, "Evaluation left for the entity.", OF_ASSIGNMENT),
    property(ENTITY_COST, Holds::Int, "Units that the entity takes.", OF_ASSIGNMENT),
    property(COST_UNIT, Holds::Text, "Unit of `entityCost`.", OF_ASSIGNMENT),
];

/// The known property of that key, in any case: artefacts spell `entityCost` and `CostUnit` in several ways.
#[must_use]
pub fn find(key: &str) -> Option<&'static Property> {
    let exact = PROPERTIES.iter().find(|property| property.key == key);
    exact.or_else(|| PROPERTIES.iter().find(|property| property.key.eq_ignore_ascii_case(key)))
}
