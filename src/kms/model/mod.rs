//! Types that cannot hold what the API cannot hold: machines, their service object, their products, the cache of a host.
//!
//! They are flat, so that each field is a column. What changes them stands in `rules`.

pub mod address;
pub mod cache;
pub mod carried;
pub mod editions;
pub mod key;
pub mod license;
pub mod machine;
pub mod product;
pub mod request;
pub mod service;

pub use crate::kms::catalog::enumerations::{Channel, LicenseStatus};
pub use address::{Discovered, DomainName, HostChoice, HostName, Port};
pub use cache::{Cache, Counters, Entry, HostPool};
pub use carried::{Carried, PropertyValue};
pub use editions::{Editions, Listed, OwnEdition};
pub use key::{ChannelWord, Edition, KeyTarget, LedgerEntry, PartialKey};
pub use license::License;
pub use machine::{Fault, InstalledLicense, LicenseFile, Machine, Rearm, Role};
pub use product::Product;
pub use request::{Reply, Request};
pub use service::{ActivationType, Minutes, PolicyCache, Service};

/// A machine and its products: what every method of the two classes works on.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    pub machine: Machine,
    pub products: Vec<Product>,
}

impl State {
    /// The product with this Activation ID.
    #[must_use]
    pub fn product(&self, id: uuid::Uuid) -> Option<&Product> {
        self.products.iter().find(|product| product.id == id)
    }

    /// The same state with `product` in the place of the one with its Activation ID, or added.
    #[must_use]
    pub fn with_product(mut self, product: Product) -> Self {
        match self.products.iter_mut().find(|held| held.id == product.id) {
            Some(held) => *held = product,
            None => self.products.push(product),
        }
        self
    }
}
