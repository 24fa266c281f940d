//! What a directory keeps of licenses per user: the attributes `msTS…` of an account.

use super::members::Object;
use super::records::{Wrong, number};
use super::{Options, ToldUser};
use crate::artefact::Notes;
use crate::clock::Timestamp;
use crate::tslicense::catalog::versions::VERSIONS;

/// The bit of `userAccountControl` that an account is disabled by.
///
/// Source: [MS-ADTS] 2.2.16, userAccountControl bits.
const DISABLED: u32 = 2;

/// The attributes of one license of an account.
pub(super) struct Set {
    pub(super) expires: &'static str,
    version: &'static str,
    issuer: &'static str,
    /// The attribute that really holds the product code of the first license.
    code: Option<&'static str>,
}

/// Every set of attributes; the first one is that of the license that a license server writes today.
///
/// Source: [MS-ADA2], attributes msTSExpireDate to msTSManagingLS4. What the first set keeps in those of the others: observed.
pub(super) static SETS: [Set; 4] = [
    Set {
        expires: "msTSExpireDate",
        version: "msTSLicenseVersion",
        issuer: "msTSManagingLS",
        code: Some("msTSLicenseVersion3"),
    },
    Set {
        expires: "msTSExpireDate2",
        version: "msTSLicenseVersion2",
        issuer: "msTSManagingLS2",
        code: None,
    },
    Set {
        expires: "msTSExpireDate3",
        version: "msTSLicenseVersion3",
        issuer: "msTSManagingLS3",
        code: None,
    },
    Set {
        expires: "msTSExpireDate4",
        version: "msTSLicenseVersion4",
        issuer: "msTSManagingLS4",
        code: None,
    },
];

/// One license of an account, by its set of attributes. The first license may have no end: the account holds none. `None` for a further
/// one that is not there.
pub(super) fn account(
    object: &Object<'_>,
    (set, expires): (&Set, Option<Timestamp>),
    options: &Options,
    notes: &mut Notes,
) -> Result<Option<ToldUser>, Wrong> {
    let is_first = set.code.is_some();
    if !is_first && expires.is_none() {
        return Ok(None);
    }
    let user = identity(object, options)
        .ok_or_else(|| Wrong::new("the account has neither `sAMAccountName` nor a name"))?;
    let flags = number(object, "userAccountControl")?.unwrap_or(0);
    let enabled = object.get("Enabled").is_none_or(|text| !text.eq_ignore_ascii_case("false"));
    let mut version = match object.get(set.version) {
        Some(told) => of_attribute(told).unwrap_or_else(|| {
            let message = format!("`{user}`: {} `{told}` is not known", set.version);
            notes.warn("UNKNOWN_VERSION", object.place, message);
            told.parse().unwrap_or(0)
        }),
        None => 0,
    };
    if let Some(coded) = set.code.and_then(|code| object.get(code)).and_then(of_code) {
        if version != 0 && version != coded {
            let message =
                format!("`{user}`: msTSLicenseVersion3 names another version, and counts");
            notes.warn("VERSION_DIFFERS", object.place, message);
        }
        version = coded;
    }
    let issuer = object.get(set.issuer).or_else(|| object.get("msTSManagingLS"));
    Ok(Some(ToldUser {
        user,
        version,
        expires,
        issuer: Some(issuer.unwrap_or_default().to_owned()),
        disabled: !enabled || flags & DISABLED != 0,
    }))
}

/// The version of an attribute: a packed number, or a product code.
fn of_attribute(text: &str) -> Option<u32> {
    text.parse().map_or_else(|_| of_code(text), versioned)
}

/// The version of `msTSLicenseVersion`: the major one in the upper half, the minor one in the lower.
///
/// Source: assumed by the product codes: 10.00 is 2016, 10.01 is 2019, and so on.
fn versioned(packed: u32) -> Option<u32> {
    let code = format!("{}.{:02}", packed >> 16, packed & 0xFFFF);
    // 2012 is 6.2 there, and 6.02 in codes; both are the same text here.
    VERSIONS.iter().find(|row| row.code == code).map(|row| row.id)
}

/// The version of a product code: `C50-10.01-S`.
pub(super) fn of_code(text: &str) -> Option<u32> {
    let mut parts = text.split('-');
    let (_, code, _) = (parts.next()?, parts.next()?, parts.next()?);
    VERSIONS.iter().find(|row| row.code == code).map(|row| row.id)
}

/// `DOMAIN\name`: the domain that the user named, else the first part of the distinguished name; without either the bare name.
fn identity(object: &Object<'_>, options: &Options) -> Option<String> {
    let path = object.get("distinguishedName").or_else(|| object.get("dn"));
    let name = object
        .get("sAMAccountName")
        .or_else(|| object.get("userPrincipalName").and_then(|name| name.split('@').next()))
        .or_else(|| path?.split(',').next()?.get(3..))?;
    let domain = options.netbios.clone().or_else(|| {
        let mut parts = path?.split(',').map(str::trim);
        let part = parts
            .find(|part| part.get(..3).is_some_and(|head| head.eq_ignore_ascii_case("DC=")))?;
        part.get(3..).map(str::to_uppercase)
    });
    Some(domain.map_or_else(|| name.to_owned(), |domain| format!("{domain}\\{name}")))
}

#[cfg(test)]
mod tests {
    use super::{of_code, versioned};

    #[test]
    fn packed_versions_are_those_of_the_product_codes() {
        for (packed, version) in
            [(393_216, 2), (393_218, 4), (655_360, 5), (655_361, 6), (655_362, 7), (655_363, 8)]
        {
            assert_eq!(versioned(packed), Some(version), "{packed}");
        }
        assert_eq!((versioned(7), versioned(u32::MAX)), (None, None));
        assert_eq!((of_code("C50-10.01-S"), of_code("7")), (Some(6), None));
    }
}
