//! Licenses: installed, uninstalled, found.

use super::features::{self, Served};
use super::{of, server};
use crate::clock::Timestamp;
use crate::error::{Outcome, Refusal};
use crate::rms::catalog::codes::{
    SNTL_DUPLICATE_LICENSE, SNTL_EXCEEDS_MAX_SIZE, SNTL_LICENSE_DELETION_NOT_ALLOWED,
    SNTL_NO_MORE_FEATURES, SNTL_NO_MORE_LICENSES, SNTL_NO_SUCH_LICENSE,
};
use crate::rms::catalog::elements::{
    COMMUTED_FROM_SERVER, IS_REDUNDANT, LICENSE_HASH, LICENSE_STATE,
};
use crate::rms::catalog::methods::{INSTALL, UNINSTALL};
use crate::rms::model::license::{License, Origin, Value};
use crate::rms::model::server::NO_NET;
use crate::rms::rules::matching::{Check, Client, checks};
use crate::rms::rules::oddities::oddities;
use crate::rms::store::licenses::{Placed, Written};
use crate::rms::store::{features as stored, licenses as rows};
use crate::store::{Read, Tx};
use sha2::{Digest, Sha256};

/// Which license is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    /// Upper case.
    Hash(String),
    /// Feature index and license index.
    At(u32, u32),
}

/// A license in its feature.
#[derive(Debug)]
pub struct Found {
    pub served: Served,
    /// Position within the feature.
    pub at: usize,
}

impl Found {
    /// The license as it is answered.
    #[must_use]
    pub fn license(&self) -> Option<License> {
        self.served.answered(self.at)
    }
}

fn no_such(hash: &str) -> Refusal {
    Refusal::new(&SNTL_NO_SUCH_LICENSE, format!("there is no license of hash `{hash}`"))
        .hinted("`licctl rms license list` shows the hashes")
}

/// Where a license is: its feature and number.
fn place(read: &mut dyn Read, server: i64, named: &Named) -> Outcome<Placed> {
    match named {
        Named::Hash(hash) => {
            let found = rows::hashed(read, server, hash)?;
            Ok(found.into_iter().next().ok_or_else(|| no_such(hash))?)
        }
        Named::At(feature, license) => {
            let found = stored::at(read, server, *feature)?.ok_or_else(|| {
                let message = format!("there is no feature {feature}");
                Refusal::new(&SNTL_NO_MORE_FEATURES, message)
            })?;
            Ok(rows::at(read, server, found.id, *license)?.ok_or_else(|| {
                let message = format!("`{}` has no license {license}", found.key);
                Refusal::new(&SNTL_NO_MORE_LICENSES, message)
            })?)
        }
    }
}

/// The license, in its feature.
///
/// Refuses with `SNTL_NO_SUCH_LICENSE`, `SNTL_NO_MORE_FEATURES` or `SNTL_NO_MORE_LICENSES` when there is none.
pub fn show(read: &mut dyn Read, name: &str, named: &Named, now: Timestamp) -> Outcome<Found> {
    let (id, _) = server(read, name)?;
    let placed = place(read, id, named)?;
    let served = features::one(read, id, placed.feature, now)?;
    let found = served.and_then(|served| {
        let at = served.ids.iter().position(|seq| *seq == placed.seq)?;
        Some(Found { served, at })
    });
    found.ok_or_else(|| crate::error::Stop::bug("a license is not in its feature"))
}

/// Whether a client would get a token of a license, check by check.
pub fn matched(
    read: &mut dyn Read,
    name: &str,
    named: &Named,
    client: &Client,
    now: Timestamp,
) -> Outcome<Vec<Check>> {
    let (id, server) = server(read, name)?;
    let placed = place(read, id, named)?;
    Ok(checks(&placed.license.elements, &server, client, now))
}

/// Adds a license.
///
/// A record without a hash gets one of its own. A state that the record tells is that of another License Manager, and is dropped.
///
/// Refuses with `SNTL_EXCEEDS_MAX_SIZE` a text that is too long, with `SNTL_DUPLICATE_LICENSE` when the hash is known.
pub fn add(tx: &mut dyn Tx, name: &str, license: License) -> Outcome<License> {
    install(tx, name, license).map_err(|stop| of(stop, INSTALL.name))
}

fn install(tx: &mut dyn Tx, name: &str, mut license: License) -> Outcome<License> {
    let (server, _) = server(tx.reading(), name)?;
    if let Some(long) =
        oddities(&license.elements).into_iter().find(|odd| odd.code == "W_LONG_TEXT")
    {
        return Err(Refusal::new(&SNTL_EXCEEDS_MAX_SIZE, long.message).into());
    }
    license.elements.clear(&LICENSE_STATE);
    license.origin = Origin::Manual;
    if license.hash().is_none() {
        let hash = made_hash(&license);
        license.elements.set(&LICENSE_HASH, Value::Text(hash));
        license.synthetic = true;
    }
    let hash = license.hash().unwrap_or_default().to_owned();
    if !rows::hashed(tx.reading(), server, &hash)?.is_empty() {
        let message = format!("a license of hash `{hash}` is in the table");
        return Err(Refusal::new(&SNTL_DUPLICATE_LICENSE, message).into());
    }
    let key = license.feature();
    let feature = match stored::named(tx.reading(), server, &key)? {
        Some(feature) => feature.id,
        None => {
            let id = stored::next(tx.reading(), server)?;
            stored::save(tx, server, id, &key)?;
            id
        }
    };
    let seq = rows::next(tx.reading(), server, feature)?;
    rows::save(tx, server, &Written::of(&Placed { feature, seq, license: license.clone() }))?;
    tx.call(INSTALL.name, &format!("server={name}, featureName={key}, licenseHash={hash}"));
    Ok(license)
}

/// A hash for a record that has none: the beginning of the digest of what it says.
fn made_hash(license: &License) -> String {
    let text = crate::rms::export::json::license(license).to_string();
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().take(8).map(|byte| format!("{byte:02X}")).collect()
}

/// Removes a license, and its feature with its last license; the license that went.
///
/// Refuses with `SNTL_NO_SUCH_LICENSE` when there is none, with `SNTL_LICENSE_DELETION_NOT_ALLOWED` a redundant or commuted one.
pub fn remove(tx: &mut dyn Tx, name: &str, named: &Named) -> Outcome<License> {
    uninstall(tx, name, named).map_err(|stop| of(stop, UNINSTALL.name))
}

fn uninstall(tx: &mut dyn Tx, name: &str, named: &Named) -> Outcome<License> {
    let (server, _) = server(tx.reading(), name)?;
    let placed = place(tx.reading(), server, named)?;
    let elements = &placed.license.elements;
    // Only a client itself holds licenses that were commuted from elsewhere.
    let commuted =
        name.eq_ignore_ascii_case(NO_NET) && !elements.text(&COMMUTED_FROM_SERVER).is_empty();
    let redundant = elements.number(&IS_REDUNDANT) == 1;
    if redundant || commuted {
        let why = if redundant { "redundant" } else { "commuted" };
        let message = format!("the license is {why}");
        return Err(Refusal::new(&SNTL_LICENSE_DELETION_NOT_ALLOWED, message).into());
    }
    rows::remove(tx, server, placed.feature, placed.seq)?;
    if rows::count(tx.reading(), server, Some(placed.feature))? == 0 {
        stored::remove(tx, server, placed.feature)?;
    }
    let hash = placed.license.hash().unwrap_or("none");
    let key = placed.license.feature();
    tx.call(UNINSTALL.name, &format!("server={name}, featureName={key}, licenseHash={hash}"));
    Ok(placed.license)
}
