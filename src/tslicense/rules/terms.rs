//! What a call says of the licenses that it brings: how they were bought, how many, of which version.

use crate::tslicense::catalog::enumerations::{PACK_OPEN, PACK_RETAIL, PACK_VOLUME};
use crate::tslicense::catalog::methods::Program;
use crate::tslicense::catalog::versions::{self, Tier};
use crate::tslicense::model::{Arguments, KeyPack, Origin, Purchase};
use crate::tslicense::rules::Modelled;

/// Version, product and number of licenses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    pub version: u32,
    pub product: u32,
    pub count: u32,
    pub key_pack_type: u32,
}

impl Terms {
    #[must_use]
    pub fn tier(&self) -> Tier {
        versions::tier(self.version)
    }

    /// The terms that the call itself states; `None` for programs whose numbers only the clearinghouse can read.
    pub(super) fn stated(program: Program, arguments: &Arguments) -> Option<Self> {
        Some(Self {
            version: arguments.number("ProductVersion")?,
            product: arguments.number("ProductType")?,
            count: arguments.number("LicenseCount")?,
            key_pack_type: key_pack_type(program),
        })
    }

    /// The terms that the user gave in the stead of the clearinghouse.
    pub(super) fn modelled(program: Program, modelled: &Modelled) -> Self {
        let by_program = key_pack_type(program);
        Self {
            version: modelled.version,
            product: modelled.product,
            count: modelled.count,
            key_pack_type: match program {
                Program::Offline => modelled.key_pack_type.unwrap_or(by_program),
                _ => by_program,
            },
        }
    }

    /// The terms of a pack that is there.
    pub(super) fn of(pack: &KeyPack) -> Self {
        Self {
            version: pack.version,
            product: pack.product,
            count: pack.total,
            key_pack_type: pack.key_pack_type,
        }
    }

    /// Whether a pack holds licenses of the same rank and product.
    pub(super) fn are_those_of(&self, pack: &KeyPack) -> bool {
        pack.product == self.product && pack.tier() == self.tier()
    }

    /// For messages: `per user 2019`.
    #[must_use]
    pub fn words(&self) -> String {
        super::call::licenses(self.product, self.version)
    }
}

/// The `KeyPackType` of what a program makes.
fn key_pack_type(program: Program) -> u32 {
    match program {
        Program::Open => PACK_OPEN,
        Program::Agreement | Program::Offline => PACK_VOLUME,
        Program::Retail => PACK_RETAIL,
    }
}

/// The purchase that a call names.
pub(super) fn purchase(program: Program, arguments: &Arguments) -> Purchase {
    let origin = arguments.text("sSourceLSName");
    Purchase {
        program,
        agreement: arguments.number("AgreementType"),
        numbers: arguments.filed.clone(),
        ordered: None,
        note: String::new(),
        origin: (!origin.is_empty()).then(|| Origin {
            name: origin.to_owned(),
            id: arguments.text("sSourceLSProductId").to_owned(),
        }),
    }
}
