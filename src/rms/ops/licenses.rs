//! Licenses: installed, uninstalled, found.

use super::desk::Desk;
use super::features::{self, Served};
use super::servers::remove_tokens;
use super::{of, server};
use crate::clock::Timestamp;
use crate::error::{Outcome, Refusal};
use crate::rms::catalog::codes::{
    SNTL_DUPLICATE_LICENSE, SNTL_EXCEEDS_MAX_SIZE, SNTL_LICENSE_ALREADY_REVOKED,
    SNTL_LICENSE_DELETION_NOT_ALLOWED, SNTL_LICENSE_IN_USE, SNTL_NO_MORE_FEATURES,
    SNTL_NO_MORE_LICENSES, SNTL_NO_SUCH_LICENSE, SNTL_NONCLOUD_LIC_ADDED_ON_CLOUD_LM,
};
use crate::rms::catalog::elements::{
    COMMUTED_FROM_SERVER, GRACE_PERIOD_FLAG, IS_ADDITIVE, IS_REDUNDANT, LICENSE_HASH, LICENSE_STATE,
};
use crate::rms::catalog::methods::{INSTALL, UNINSTALL};
use crate::rms::model::license::{Elements, License, Origin, Value};
use crate::rms::model::server::{Mode, NO_NET};
use crate::rms::rules::groups::effective;
use crate::rms::rules::ledger::Ledger;
use crate::rms::rules::limits::Units;
use crate::rms::rules::matching::{Around, Check, Client, checks};
use crate::rms::rules::oddities::oddities;
use crate::rms::rules::validity::{Standing, standing};
use crate::rms::store::licenses::{Placed, Written};
use crate::rms::store::{features as stored, groups, licenses as rows, trials};
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
pub(super) fn place(read: &mut dyn Read, server: i64, named: &Named) -> Outcome<Placed> {
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
    let served = features::placed(read, id, placed.feature, now)?;
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
    let key = placed.license.feature();
    // Whether a client is shut out does not hang on how many tokens there are to set apart.
    let groups = effective(&key, &groups::groups(read, id, Some(&key.name))?, Units::Unlimited);
    let hash = placed.license.hash().unwrap_or_default();
    let around = Around { groups, accounts: groups::accounts(read, id, hash)? };
    Ok(checks(&placed.license.elements, (&server, &around), client, now))
}

/// Adds a license.
///
/// A record without a hash gets one of its own. A state that the record tells is that of another License Manager, and is dropped.
///
/// Refuses with `SNTL_EXCEEDS_MAX_SIZE` a text that is too long, with `SNTL_LICENSE_ALREADY_REVOKED` or `SNTL_DUPLICATE_LICENSE` when
/// the hash is known, with `SNTL_NONCLOUD_LIC_ADDED_ON_CLOUD_LM` what is no license of the cloud where only such are served.
pub fn add(tx: &mut dyn Tx, name: &str, license: License, now: Timestamp) -> Outcome<License> {
    install(tx, name, license, now).map_err(|stop| of(stop, INSTALL.name))
}

fn install(tx: &mut dyn Tx, name: &str, mut license: License, now: Timestamp) -> Outcome<License> {
    let (server, of) = server(tx.reading(), name)?;
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
    if let Some(held) = rows::hashed(tx.reading(), server, &hash)?.first() {
        if standing(&held.license.elements, now) == Standing::Revoked {
            let message = format!("the license of hash `{hash}` was revoked");
            return Err(Refusal::new(&SNTL_LICENSE_ALREADY_REVOKED, message).into());
        }
        let message = format!("a license of hash `{hash}` is in the table");
        return Err(Refusal::new(&SNTL_DUPLICATE_LICENSE, message).into());
    }
    if of.mode == Mode::Cloud && license.elements.number(&IS_ADDITIVE) != 3 {
        let message = format!("`{}` serves licenses of the cloud, and this is none", of.name);
        return Err(Refusal::new(&SNTL_NONCLOUD_LIC_ADDED_ON_CLOUD_LM, message).into());
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
/// Refuses with `SNTL_NO_SUCH_LICENSE` when there is none, with `SNTL_LICENSE_IN_USE` one that serves while tokens are in use, with
/// `SNTL_LICENSE_DELETION_NOT_ALLOWED` a redundant, grace or commuted one.
pub fn remove(tx: &mut dyn Tx, name: &str, named: &Named, now: Timestamp) -> Outcome<License> {
    uninstall(tx, name, named, now).map_err(|stop| of(stop, UNINSTALL.name))
}

/// Why a license must not be removed.
fn barred(name: &str, elements: &Elements) -> Option<&'static str> {
    // Only a client itself holds licenses that were commuted from elsewhere.
    let commuted =
        name.eq_ignore_ascii_case(NO_NET) && !elements.text(&COMMUTED_FROM_SERVER).is_empty();
    let grace = name.eq_ignore_ascii_case(NO_NET) && elements.number(&GRACE_PERIOD_FLAG) == 1;
    let redundant = elements.number(&IS_REDUNDANT) == 1;
    [(redundant, "redundant"), (grace, "a grace license"), (commuted, "commuted")]
        .into_iter()
        .find_map(|(is, what)| is.then_some(what))
}

/// Refuses with `SNTL_LICENSE_IN_USE` when the license serves and tokens of its feature are in use.
fn is_unused(read: &mut dyn Read, name: &str, placed: &Placed, now: Timestamp) -> Outcome<()> {
    let mut desk = Desk::open(read, name)?;
    let used = desk.settled(read, now)?.counts(placed.feature)?.used;
    if used == 0 {
        return Ok(());
    }
    let served = features::one(read, desk.id, placed.feature, now)?;
    let active = served.is_some_and(|served| {
        let at = served.ids.iter().position(|seq| *seq == placed.seq);
        at.is_some_and(|at| served.is_active(at))
    });
    if !active {
        return Ok(());
    }
    let units = if used == 1 { "1 unit is in use" } else { &format!("{used} units are in use") };
    let message = format!("{units} of `{}`", placed.license.feature());
    let refusal = Refusal::new(&SNTL_LICENSE_IN_USE, message);
    Err(refusal.hinted("`licctl rms holders` shows who has them").into())
}

fn uninstall(tx: &mut dyn Tx, name: &str, named: &Named, now: Timestamp) -> Outcome<License> {
    let (server, _) = server(tx.reading(), name)?;
    let placed = place(tx.reading(), server, named)?;
    let elements = &placed.license.elements;
    if let Some(why) = barred(name, elements) {
        let message = format!("the license is {why}");
        return Err(Refusal::new(&SNTL_LICENSE_DELETION_NOT_ALLOWED, message).into());
    }
    is_unused(tx.reading(), name, &placed, now)?;
    rows::remove(tx, server, placed.feature, placed.seq)?;
    trials::remove(tx, (server, placed.feature, placed.seq))?;
    if rows::count(tx.reading(), server, Some(placed.feature))? == 0 {
        remove_tokens(tx, server, Some(placed.feature))?;
    }
    let hash = placed.license.hash().unwrap_or("none");
    let key = placed.license.feature();
    tx.call(UNINSTALL.name, &format!("server={name}, featureName={key}, licenseHash={hash}"));
    Ok(placed.license)
}
