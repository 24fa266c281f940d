//! Step 4 of a call: shapes and enumerations of the arguments, in signature order. The first that fails decides.

use crate::catalog::Code;
use crate::error::{Refusal, Warning};
use crate::tslicense::catalog::codes::{WBEM_E_INVALID_PARAMETER, WBEM_E_NOT_SUPPORTED};
use crate::tslicense::catalog::enumerations::{
    AGREEMENT_OTHER, AGREEMENT_TYPE, PRODUCT_PER_DEVICE, PRODUCT_PER_USER,
};
use crate::tslicense::catalog::methods::{Act, WmiMethod};
use crate::tslicense::catalog::shapes::{
    Alphabet, Check, ENROLMENT_NUMBER, PROGRAM_NUMBER, SERVER_ID, Shape, check,
};
use crate::tslicense::catalog::versions::{self, Acceptance};
use crate::tslicense::model::{Argument, Arguments, UNLIMITED};
use crate::tslicense::rules::Controls;
use std::net::IpAddr;

/// The digits that some SPLA agreement numbers have, which the page does not allow.
const LENIENT_DIGITS: usize = 8;

/// Checks the arguments of a call; the warnings that they deserve.
///
/// Refuses with `WBEM_E_INVALID_PARAMETER`, `WBEM_E_NOT_SUPPORTED`.
pub fn shapes(
    method: &WmiMethod,
    arguments: &Arguments,
    controls: &Controls,
) -> Result<Vec<Warning>, Refusal> {
    let mut warnings = Vec::new();
    for (row, argument) in &arguments.given {
        let checked = match (check(row.name), argument) {
            (Check::Shaped(shape), Argument::Text(text)) => shaped(shape, text),
            (Check::AgreementNumber, Argument::Text(text)) => {
                agreement(arguments, text, controls, &mut warnings)
            }
            (Check::ServerName, Argument::Text(name)) => server_name(name, &mut warnings),
            (Check::ProductVersion, Argument::Number(id)) => version(method.act, *id, controls),
            (Check::ProductType, Argument::Number(product)) => product_type(*product),
            (Check::AgreementType, Argument::Number(kind)) => agreement_type(*kind),
            (Check::Count, Argument::Number(count)) => license_count(*count),
            (Check::UpTo(last), Argument::Number(number)) => up_to(*last, *number),
            (_, Argument::Text(_) | Argument::Number(_)) => Ok(()),
        };
        checked.map_err(|refusal| refusal.with("parameter", row.name))?;
    }
    Ok(warnings)
}

fn invalid(message: impl Into<String>) -> Refusal {
    Refusal::new(&WBEM_E_INVALID_PARAMETER, message)
}

/// Whether a text has a shape. What was given may be a purchase number: no message repeats it.
pub fn shaped(shape: &Shape, text: &str) -> Result<(), Refusal> {
    if fits(shape, text) {
        return Ok(());
    }
    let wanted = wanted(shape);
    if std::ptr::eq(shape, &raw const SERVER_ID) && is_product_id(text) {
        return Err(invalid(format!("{wanted}; this looks like a product ID"))
            .hinted("read it on that server with Win32_TSLicenseServer.GetLicenseServerId"));
    }
    let bare = bare(text);
    if bare.len() < text.len() && fits(shape, &bare) {
        return Err(invalid(format!("{wanted}, without hyphens and blanks"))
            .hinted("`--normalize` takes hyphens and blanks out before the call"));
    }
    if bare.len() < text.len() {
        let without = bare.chars().count();
        return Err(invalid(format!("{wanted}; without hyphens and blanks this has {without}"))
            .hinted("copy it again whole, and without hyphens and blanks"));
    }
    let other = text.chars().filter(|letter| !shape.alphabet.holds(*letter)).count();
    let (count, others) = (text.chars().count(), other);
    let found = match others {
        0 => format!("this has {count}"),
        _ => format!("this has {count} characters, {others} of them of another kind"),
    };
    Err(invalid(format!("{wanted}; {found}")))
}

fn fits(shape: &Shape, text: &str) -> bool {
    let (min, max) = shape.length;
    (min..=max).contains(&text.chars().count())
        && text.chars().all(|letter| shape.alphabet.holds(letter))
}

fn wanted(shape: &Shape) -> String {
    let (name, letters) = (shape.name, shape.alphabet.words());
    let article = if name.starts_with('a') { "an" } else { "a" };
    match shape.length {
        (min, max) if min == max => format!("{article} {name} has {min} {letters}"),
        (min, max) => format!("{article} {name} has {min} to {max} {letters}"),
    }
}

/// A code without its hyphens and blanks, as `--normalize` hands it on.
#[must_use]
pub fn bare(text: &str) -> String {
    text.chars().filter(|letter| !matches!(letter, '-' | ' ')).collect()
}

/// Whether a text looks like the product ID of a server: digits in groups of 5-5-5, then 5 digits or upper-case letters.
#[must_use]
pub fn is_product_id(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    let digits = |group: &&str| group.bytes().all(|byte| byte.is_ascii_digit());
    groups.len() == 4
        && groups.iter().all(|group| group.len() == 5)
        && groups.iter().take(3).all(digits)
        && groups.iter().skip(3).all(|group| {
            group.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase())
        })
}

fn agreement(
    arguments: &Arguments,
    text: &str,
    controls: &Controls,
    warnings: &mut Vec<Warning>,
) -> Result<(), Refusal> {
    if arguments.number("AgreementType") == Some(AGREEMENT_OTHER) {
        shaped(&PROGRAM_NUMBER, text)?;
        if !fits(&ENROLMENT_NUMBER, text) {
            warnings.push(Warning::new(
                "AGREEMENT_NUMBER_LENGTH",
                "the page allows 7 digits alone, for every type of agreement",
            ));
        }
        return Ok(());
    }
    let long =
        text.len() == LENIENT_DIGITS && text.chars().all(|letter| Alphabet::Digits.holds(letter));
    if controls.lenient_agreement && long {
        warnings.push(Warning::new(
            "AGREEMENT_NUMBER_LENGTH",
            "an agreement number of 8 digits was let through; the page allows 7",
        ));
        return Ok(());
    }
    let refused = shaped(&ENROLMENT_NUMBER, text);
    if long {
        return refused.map_err(|no| no.hinted("`--lenient-agreement` allows 8 digits"));
    }
    refused
}

fn version(act: Act, id: u32, controls: &Controls) -> Result<(), Refusal> {
    let Some(row) = versions::version(id) else {
        return Err(invalid(format!("product version {id} is not published; 2 to 8 are allowed")));
    };
    let not_supported = |message: String| Err(Refusal::new(not_supported(), message));
    match row.acceptance {
        Acceptance::NotSupported => {
            let message =
                format!("product version {id} ({}) is not supported; 2 to 8 are allowed", row.name);
            not_supported(message).map_err(|no| {
                no.hinted("no method brings licenses that old: name 2 (2008) or newer")
            })
        }
        Acceptance::Accepted { by_import_pages, by_install_pages } if controls.strict_reference => {
            let stated =
                if matches!(act, Act::Install(_)) { by_install_pages } else { by_import_pages };
            if stated {
                return Ok(());
            }
            not_supported(format!("the page of the method does not list product version {id}"))
                .map_err(|no| {
                    no.hinted("`--strict-reference` asked for that; without it 2 to 8 are taken")
                })
        }
        Acceptance::Accepted { .. } => Ok(()),
    }
}

fn not_supported() -> &'static Code {
    &WBEM_E_NOT_SUPPORTED
}

fn product_type(product: u32) -> Result<(), Refusal> {
    match product {
        PRODUCT_PER_DEVICE | PRODUCT_PER_USER => Ok(()),
        _ => Err(invalid(format!(
            "product type {product} is not valid; 0 (per device) and 1 (per user) are allowed"
        ))),
    }
}

fn agreement_type(kind: u32) -> Result<(), Refusal> {
    let last = AGREEMENT_TYPE.iter().map(|row| row.value).max().unwrap_or_default();
    if kind <= last {
        return Ok(());
    }
    Err(invalid(format!("agreement type {kind} is not published; 0 to {last} are allowed")))
}

fn license_count(count: u32) -> Result<(), Refusal> {
    match count {
        0 => Err(invalid("no license at all was asked for; 1 or more are allowed")),
        UNLIMITED => Err(invalid(
            "4294967295 is the mark of a pack without limit; 1 to 4294967294 are allowed",
        )),
        _ => Ok(()),
    }
}

fn up_to(last: u32, number: u32) -> Result<(), Refusal> {
    if number <= last {
        return Ok(());
    }
    Err(invalid(format!("{number} is not published; 0 to {last} are allowed")))
}

/// The longest name of a server.
const LONGEST_NAME: usize = 255;

/// Whether a text can name a license server: an address, a DNS name, or the distinguished name that the page speaks of.
pub fn server_name(name: &str, warnings: &mut Vec<Warning>) -> Result<(), Refusal> {
    let length = name.chars().count();
    if !(1..=LONGEST_NAME).contains(&length) {
        return Err(invalid(format!(
            "a server name has 1 to {LONGEST_NAME} characters; this has {length}"
        )));
    }
    if is_address(name) || is_distinguished(name) {
        return Ok(());
    }
    if !is_dns(name) {
        return Err(invalid(format!("`{name}` is neither a DNS name nor an IP address")));
    }
    if !name.contains('.') {
        warnings.push(Warning::new(
            "SOURCE_NAME_NOT_FQDN",
            format!("`{name}` is a single label; the page asks for the fully qualified name"),
        ));
    }
    Ok(())
}

/// Whether a name is an IP address.
#[must_use]
pub fn is_address(name: &str) -> bool {
    name.parse::<IpAddr>().is_ok()
}

fn is_dns(name: &str) -> bool {
    name.split('.').all(|label| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    })
}

/// `CN=ls-a,OU=Servers,DC=corp,DC=example`.
fn is_distinguished(name: &str) -> bool {
    let mut parts = name.split(',').map(|part| part.split_once('='));
    let first = parts.next().flatten();
    let filled = |(attribute, value): (&str, &str)| {
        let attribute = attribute.trim();
        !attribute.is_empty()
            && attribute.bytes().all(|byte| byte.is_ascii_alphanumeric())
            && !value.trim().is_empty()
            && !value.chars().any(char::is_control)
    };
    first.is_some_and(|(attribute, value)| {
        attribute.eq_ignore_ascii_case("cn") && filled((attribute, value))
    }) && parts.all(|part| part.is_some_and(filled))
}

#[cfg(test)]
mod tests {
    use super::{is_product_id, server_name};

    #[test]
    fn names_addresses_and_distinguished_names_can_name_a_server() {
        for (name, warns) in [
            ("ls-a.corp.example", false),
            ("ls_a.corp.example", false),
            ("10.1.2.3", false),
            ("2001:db8::7", false),
            ("CN=ls-a,OU=Servers,DC=corp,DC=example", false),
            ("ls-a", true),
        ] {
            let mut warnings = Vec::new();
            assert!(server_name(name, &mut warnings).is_ok(), "{name}");
            assert_eq!(!warnings.is_empty(), warns, "{name}");
        }
        let long = format!("{}.example", "a".repeat(64));
        for name in
            ["", "bad name", &"a.".repeat(128), "-ls.example", "ls-.example", "ls..example", &long]
        {
            assert!(server_name(name, &mut Vec::new()).is_err(), "{name}");
        }
        assert!(server_name("OU=Servers,CN=ls", &mut Vec::new()).is_err());
        assert!(server_name("ls\r\n", &mut Vec::new()).is_err());
    }

    #[test]
    fn a_product_id_is_told_from_a_server_id() {
        assert!(is_product_id("00111-20000-00001-AT001"));
        assert!(!is_product_id("00111-20000-00001-at001"));
        assert!(!is_product_id("AAAAA-BBBBB-CCCCC-DDDDD-EEEEE-FFFFF-GGGGG"));
    }
}
