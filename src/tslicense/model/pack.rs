//! Key packs, and what the model keeps of their purchase beside them.

use crate::clock::Timestamp;
use crate::tslicense::catalog::enumerations::{
    self, ORDINARY_RIGHTS, PACK_BUILT_IN, PRODUCT_BUILT_IN, PRODUCT_PER_DEVICE,
};
use crate::tslicense::catalog::methods::Program;
use crate::tslicense::catalog::texts;
use crate::tslicense::catalog::versions::{self, Tier};
use crate::tslicense::model::datetime::{self, BUILT_IN_S, PERPETUAL_S};

/// The mark of a pack without limit, on built-in and temporary packs.
pub const UNLIMITED: u32 = u32::MAX;

/// The number of a key pack on its server; never given twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyPackId(pub u32);

/// The number of the pack that every server comes with.
pub const BUILT_IN_ID: KeyPackId = KeyPackId(2);

/// A purchase number, by the number under which it is filed: the model never sees its text.
///
/// Codes compare without regard to case, and are filed in upper case: two are the same when their numbers are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Filed(pub i64);

/// Which server licenses came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// `sSourceLSName`, as it was given.
    pub name: String,
    /// `sSourceLSProductId`, as it was given.
    pub id: String,
}

/// How the licenses of a pack were bought. WMI never gives it back; the store remembers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Purchase {
    pub program: Program,
    /// Of agreements alone.
    pub agreement: Option<u32>,
    /// Open: license number and authorization number; every other program: its one number.
    pub numbers: Vec<Filed>,
    /// How many licenses were ordered under the numbers, over all servers.
    pub ordered: Option<u32>,
    pub note: String,
    /// The server that the licenses were imported from.
    pub origin: Option<Origin>,
}

impl Purchase {
    /// Whether it is a purchase under the same numbers.
    #[must_use]
    pub fn is_under(&self, numbers: &[Filed]) -> bool {
        self.numbers == numbers
    }
}

/// An object of `Win32_TSLicenseKeyPack`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyPack {
    pub id: KeyPackId,
    pub description: String,
    pub key_pack_type: u32,
    pub product: u32,
    /// `ProductVersion`: in words, in whatever language.
    pub version_name: String,
    /// `ProductVersionID`: what all logic goes by.
    pub version: u32,
    pub total: u32,
    pub issued: u32,
    pub available: u32,
    pub expires: Timestamp,
    pub access_rights: u32,
    pub type_and_model: String,
    pub purchase: Option<Purchase>,
}

impl KeyPack {
    /// A perpetual pack of which nothing is issued yet.
    #[must_use]
    pub fn new(
        id: KeyPackId,
        key_pack_type: u32,
        (version, product): (u32, u32),
        total: u32,
    ) -> Self {
        Self {
            id,
            description: texts::product_code(product, version),
            key_pack_type,
            product,
            version_name: texts::version_name(version),
            version,
            total,
            issued: 0,
            available: total,
            expires: datetime::constant(PERPETUAL_S),
            access_rights: ORDINARY_RIGHTS,
            type_and_model: texts::type_and_model(product, version).to_owned(),
            purchase: None,
        }
    }

    /// The pool that every server comes with.
    #[must_use]
    pub fn built_in() -> Self {
        Self {
            expires: datetime::constant(BUILT_IN_S),
            access_rights: 0,
            ..Self::new(BUILT_IN_ID, PACK_BUILT_IN, (0, PRODUCT_BUILT_IN), UNLIMITED)
        }
    }

    #[must_use]
    pub fn tier(&self) -> Tier {
        versions::tier(self.version)
    }

    /// Whether its licenses were bought.
    #[must_use]
    pub fn is_owned(&self) -> bool {
        enumerations::owned(self.key_pack_type)
    }

    #[must_use]
    pub fn is_unlimited(&self) -> bool {
        self.total == UNLIMITED
    }

    #[must_use]
    pub fn is_per_device(&self) -> bool {
        self.product == PRODUCT_PER_DEVICE
    }

    /// How many licenses can be taken out: per device those that are not issued, per user all, of a pool none.
    #[must_use]
    pub fn removable(&self) -> u32 {
        match self.product {
            _ if !self.is_owned() || self.is_unlimited() => 0,
            enumerations::PRODUCT_PER_USER => self.total,
            _ => self.available,
        }
    }

    /// The pack with another number of licenses.
    #[must_use]
    pub fn with_total(&self, total: u32) -> Self {
        Self { total, available: total.saturating_sub(self.issued), ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::{KeyPack, KeyPackId, UNLIMITED};
    use crate::tslicense::model::datetime::written;

    #[test]
    fn a_new_server_comes_with_the_built_in_pack_of_real_listings() {
        let pack = KeyPack::built_in();
        assert_eq!(pack.id, KeyPackId(2));
        assert_eq!(pack.description, "A02-5.00-EX");
        assert_eq!((pack.key_pack_type, pack.product, pack.version), (6, 3, 0));
        assert_eq!(pack.version_name, "Windows 2000 Server");
        assert_eq!((pack.total, pack.issued, pack.available), (UNLIMITED, 0, UNLIMITED));
        assert_eq!(written(pack.expires), "20351231230000.000000+000");
        assert_eq!(pack.access_rights, 0);
        assert_eq!(pack.type_and_model, "Built-in TS Per Device CAL");
        assert_eq!(pack.removable(), 0);
    }

    #[test]
    fn what_is_removable_depends_on_the_product() {
        let mut device = KeyPack::new(KeyPackId(4), 2, (5, 0), 40);
        (device.issued, device.available) = (12, 28);
        assert_eq!(device.removable(), 28);
        let mut user = KeyPack::new(KeyPackId(5), 2, (5, 1), 40);
        (user.issued, user.available) = (50, 0);
        assert_eq!(user.removable(), 40);
        assert_eq!((user.with_total(60).available, user.with_total(20).available), (10, 0));
        let over = KeyPack { key_pack_type: 7, ..user };
        assert_eq!(over.removable(), 0);
    }
}
