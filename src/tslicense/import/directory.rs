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

/// The license of an account; one that holds none has no end.
pub(super) fn account(
    object: &Object<'_>,
    expires: Option<Timestamp>,
    options: &Options,
    notes: &mut Notes,
) -> Result<ToldUser, Wrong> {
    let user = identity(object, options)
        .ok_or_else(|| Wrong::new("the account has neither `sAMAccountName` nor a name"))?;
    let flags = number(object, "userAccountControl")?.unwrap_or(0);
    let enabled = object.get("Enabled").is_none_or(|text| !text.eq_ignore_ascii_case("false"));
    let mut version = match number(object, "msTSLicenseVersion")? {
        Some(packed) => versioned(packed).unwrap_or_else(|| {
            let message = format!("`{user}`: msTSLicenseVersion {packed} is not known");
            notes.warn("UNKNOWN_VERSION", object.place, message);
            packed
        }),
        None => 0,
    };
    if let Some(coded) = object.get("msTSLicenseVersion3").and_then(of_code) {
        if version != 0 && version != coded {
            let message =
                format!("`{user}`: msTSLicenseVersion3 names another version, and counts");
            notes.warn("VERSION_DIFFERS", object.place, message);
        }
        version = coded;
    }
    Ok(ToldUser {
        user,
        version,
        expires,
        issuer: Some(object.get("msTSManagingLS").unwrap_or_default().to_owned()),
        disabled: !enabled || flags & DISABLED != 0,
    })
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
fn of_code(text: &str) -> Option<u32> {
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
