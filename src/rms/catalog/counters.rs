//! What a featureInfo answer counts beside the elements of licenseInfo: where the tokens in use and those of waiting clients come from.
//!
//! `VLSfeatureInfo` states the counters and what each means; their names in XML are assumed from it.

use super::documents::VLS;
use crate::catalog::{Access, Field, Kind, Unit, assumed};

const fn row(name: &'static str, doc: &'static str) -> Field {
    Field {
        name,
        kind: Kind::U32 { min: 0, max: 4_294_967_294 },
        unit: Unit::Licenses,
        access: Access::ReadOnly,
        doc,
        source: assumed(
            &VLS,
            "the member of VLSfeatureInfo, spelled as the other elements spell theirs",
        ),
    }
}

pub static TOTAL_RESV: Field = row("totalResv", "Tokens that are reserved for groups.");
pub static LIC_FROM_RESV: Field =
    row("licFromResv", "Tokens in use that were drawn from what is reserved.");
pub static QLIC_FROM_RESV: Field =
    row("qlicFromResv", "Reserved tokens that are kept for waiting clients.");
pub static LIC_FROM_FREE_POOL: Field =
    row("licFromFreePool", "Tokens in use that nobody had reserved.");
pub static QLIC_FROM_FREE_POOL: Field = row(
    "qlicFromFreePool",
    "Tokens that nobody had reserved and that are kept for waiting clients.",
);

/// Every counter, in the order of the structure.
pub static COUNTERS: [&Field; 5] =
    [&TOTAL_RESV, &LIC_FROM_RESV, &QLIC_FROM_RESV, &LIC_FROM_FREE_POOL, &QLIC_FROM_FREE_POOL];
