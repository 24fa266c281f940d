//! Locks: opaque codes that are compared, never computed, and the masks of criteria.

use crate::error::Refusal;
use crate::rms::catalog::codes::{
    SNTL_NOT_ENOUGH_LOCK_FIELDS, SNTL_REQUIRED_LOCK_FIELDS_NOT_FOUND,
};
use crate::rms::catalog::elements::{
    LOCAL_REQUEST_LOCK_CRIT_FLAG, LOCAL_REQUEST_LOCK_CRIT_FLOAT, LOCAL_REQUEST_LOCK_CRIT_MIN_NUM,
    LOCAL_REQUEST_LOCK_CRIT_REQUIRED,
};
use crate::rms::catalog::locks::{CODE_SEPARATOR, CRITERIA, NO_SERVER_LOCK};
use crate::rms::model::license::Elements;

/// The criteria of a mask in words: `DISK_ID+ETHERNET+UUID`; bits that no row has as one hexadecimal number.
#[must_use]
pub fn mask_words(mask: u32) -> String {
    if mask == 0 {
        return "no locking".to_owned();
    }
    let named = CRITERIA.iter().filter(|row| mask & row.bit != 0);
    let mut words: Vec<String> = named.map(|row| row.name.to_owned()).collect();
    let rest = unknown_bits(mask);
    if rest != 0 {
        words.push(format!("0x{rest:X}"));
    }
    words.join("+")
}

/// The bits of a mask that no row has.
#[must_use]
pub fn unknown_bits(mask: u32) -> u32 {
    CRITERIA.iter().fold(mask, |rest, row| rest & !row.bit)
}

/// The bits of a mask that only old kits know.
#[must_use]
pub fn legacy_bits(mask: u32) -> u32 {
    CRITERIA.iter().filter(|row| row.legacy).fold(0, |bits, row| bits | (mask & row.bit))
}

/// A mask as people write it: decimal, or hexadecimal behind `0x`.
#[must_use]
pub fn selector(text: &str) -> Option<u32> {
    let hex = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"));
    match hex {
        Some(digits) => digits_of(digits, 16),
        None => digits_of(text, 10),
    }
}

/// A number without a sign.
fn digits_of(text: &str, radix: u32) -> Option<u32> {
    let digits = !text.is_empty() && text.chars().all(|letter| letter.is_digit(radix));
    digits.then(|| u32::from_str_radix(text, radix).ok()).flatten()
}

/// The mask of a locking code, `2014-*…`; `None` when it is no locking code.
#[must_use]
pub fn code_mask(code: &str) -> Option<u32> {
    let (mask, tail) = code.trim().split_once(CODE_SEPARATOR)?;
    let whole = !tail.is_empty() && !tail.chars().any(char::is_whitespace);
    (whole && mask.len() <= 8).then(|| digits_of(mask, 16)).flatten()
}

/// Whether two identifiers are the same.
fn same(one: &str, other: &str) -> bool {
    one.trim().eq_ignore_ascii_case(other.trim())
}

/// The locking codes in `serverLockingInfo`, a text that no document describes; empty when it names no server.
///
/// Source: real values hold codes of the form `2014-*…`, alone or behind `Primary=` and `Secondary=`; the rest is assumed.
#[must_use]
pub fn server_codes(info: &str) -> Vec<&str> {
    if info.trim().is_empty() || info.trim() == NO_SERVER_LOCK {
        return Vec::new();
    }
    let parts = info.split(|letter: char| letter.is_whitespace() || ";,=".contains(letter));
    let codes: Vec<&str> = parts.filter(|part| code_mask(part).is_some()).collect();
    if codes.is_empty() { vec![info.trim()] } else { codes }
}

/// Whether one of a License Manager's own codes is among those of the license.
#[must_use]
pub fn admits_server(info: &str, own: &[String]) -> bool {
    server_codes(info).iter().any(|code| own.iter().any(|own| same(code, own)))
}

/// A client in `clLockInfo`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientLock<'l> {
    /// Host id, address or locking code.
    pub id: &'l str,
    /// Licenses per node; `None`: no limit.
    pub limit: Option<u32>,
}

/// The clients of `clLockInfo`; an error names the entry that is none.
pub fn clients(info: &str) -> Result<Vec<ClientLock<'_>>, &str> {
    info.split_whitespace().map(|entry| client(entry).ok_or(entry)).collect()
}

fn client(entry: &str) -> Option<ClientLock<'_>> {
    let (id, limit) = match entry.split_once('(') {
        Some((id, rest)) => (id, Some(digits_of(rest.strip_suffix("#)")?, 10)?)),
        None => (entry, None),
    };
    let host_id = || {
        let digits = id.strip_prefix("0x").or_else(|| id.strip_prefix("0X"))?;
        (digits.len() <= 8).then(|| digits_of(digits, 16)).flatten()
    };
    let known =
        code_mask(id).is_some() || host_id().is_some() || id.parse::<std::net::IpAddr>().is_ok();
    known.then_some(ClientLock { id, limit })
}

/// The entry of `clLockInfo` that one of a client's identifiers equals.
#[must_use]
pub fn admits_client<'l>(info: &'l str, ids: &[String]) -> Option<ClientLock<'l>> {
    let entries = info
        .split_whitespace()
        .map(|entry| client(entry).unwrap_or(ClientLock { id: entry, limit: None }));
    entries.into_iter().find(|entry| ids.iter().any(|id| same_id(entry.id, id)))
}

/// Host ids are numbers, whatever zeros they are written with.
fn same_id(one: &str, other: &str) -> bool {
    let number = |text: &str| {
        let digits = text.trim().strip_prefix("0x").or_else(|| text.trim().strip_prefix("0X"))?;
        digits_of(digits, 16)
    };
    same(one, other) || number(one).zip(number(other)).is_some_and(|(one, other)| one == other)
}

/// Checks what a client can deliver against the local request criteria; without the flag nothing is checked.
///
/// Refuses with `SNTL_REQUIRED_LOCK_FIELDS_NOT_FOUND` when a required one is missing, `SNTL_NOT_ENOUGH_LOCK_FIELDS` when
/// required and desired ones together are too few.
pub fn check_local(elements: &Elements, available: u32) -> Result<(), Refusal> {
    if elements.number(&LOCAL_REQUEST_LOCK_CRIT_FLAG) == 0 {
        return Ok(());
    }
    let required = elements.word(&LOCAL_REQUEST_LOCK_CRIT_REQUIRED);
    let desired = elements.word(&LOCAL_REQUEST_LOCK_CRIT_FLOAT);
    let least = elements.word(&LOCAL_REQUEST_LOCK_CRIT_MIN_NUM);
    let missing = required & !available;
    if missing != 0 {
        let message = format!("the client lacks {}, which is required", mask_words(missing));
        return Err(Refusal::new(&SNTL_REQUIRED_LOCK_FIELDS_NOT_FOUND, message));
    }
    let met = (required & available).count_ones() + (desired & available & !required).count_ones();
    if met < least {
        let message = format!("the client meets {met} criteria, and {least} are needed");
        return Err(Refusal::new(&SNTL_NOT_ENOUGH_LOCK_FIELDS, message));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{
        admits_client, admits_server, check_local, clients, code_mask, legacy_bits, mask_words,
        selector, server_codes, unknown_bits,
    };
    use crate::rms::rules::fixture::license;

    #[test]
    fn a_mask_is_told_in_words_lowest_bit_first() {
        assert_eq!(mask_words(8212), "DISK_ID+ETHERNET+UUID");
        assert_eq!(mask_words(0x2014), mask_words(8212));
        assert_eq!(mask_words(0), "no locking");
        assert_eq!(mask_words(65_540), "DISK_ID+0x10000");
        assert_eq!(legacy_bits(32 | 4), 32);
        assert_eq!(unknown_bits(65_536 | 32 | 4), 65_536);
    }

    #[test]
    fn a_selector_is_decimal_unless_it_begins_with_0x() {
        assert_eq!(selector("20"), Some(20));
        assert_eq!(selector("0x14"), Some(20));
        for wrong in ["", "0x", "14h", "-1", "+1", "4294967296"] {
            assert_eq!(selector(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_locking_code_begins_with_its_mask() {
        assert_eq!(code_mask("2014-*1AB 2"), None);
        assert_eq!(code_mask("2014-*1AB2CD"), Some(0x2014));
        assert_eq!(code_mask("14-*XYZ"), Some(20));
        for wrong in ["2014-*", "2014", "XY-*1", "-*1", "123456789-*1"] {
            assert_eq!(code_mask(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_license_manager_needs_one_of_the_codes() {
        let own = |code: &str| [code.to_owned()];
        assert!(server_codes("$$$0$$$").is_empty());
        assert!(!admits_server("$$$0$$$", &own("$$$0$$$")));
        let both = "Primary=10-*AAA;Secondary=4-*BBB";
        assert_eq!(server_codes(both), ["10-*AAA", "4-*BBB"]);
        assert!(admits_server(both, &own(" 4-*bbb ")));
        assert!(!admits_server(both, &own("4-*CCC")));
        assert!(admits_server("opaque", &own("OPAQUE")));
        assert!(!admits_server(both, &[]));
    }

    #[test]
    fn the_clients_of_the_page_are_three_hosts_with_20_no_and_10_licenses_per_node() {
        let page = "0x8ef38b91(20#) 0xa4c7188d 0x51f8c94a(10#)";
        let limits: Vec<Option<u32>> =
            clients(page).unwrap().iter().map(|client| client.limit).collect();
        assert_eq!(limits, [Some(20), None, Some(10)]);
        assert_eq!(clients("10.1.2.3 fe80::1 2014-*AB(3#)").unwrap().len(), 3);
        for wrong in ["0x8ef38b91(20)", "0x8ef38b91(#)", "string", "0x123456789", "0x1("] {
            assert_eq!(clients(wrong), Err(wrong));
        }
    }

    #[test]
    fn a_client_is_admitted_by_one_of_its_identifiers() {
        let info = "0x1a2b3c4d(2#) 0x99887766";
        let host = |id: &str| admits_client(info, &[id.to_owned()]);
        assert_eq!(host("0x1A2B3C4D").unwrap().limit, Some(2));
        assert_eq!(host("0x99887766").unwrap().limit, None);
        assert_eq!(host("0x1"), None);
        assert!(admits_client("0x0a1b", &["0xA1B".to_owned()]).is_some());
    }

    #[test]
    fn local_criteria_are_required_and_desired() {
        let (id_prom, ip, disk, host, ethernet) = (1, 2, 4, 8, 16);
        let local = license(1)
            .is("localRequestLockCritFlag", 1)
            .is("localRequestLockCritRequired", disk)
            .is("localRequestLockCritFloat", 0x1B)
            .is("localRequestLockCritMinNum", 3);
        assert_eq!(id_prom | ip | host | ethernet, 0x1B);
        let check = |available: i64| {
            check_local(&local.elements, u32::try_from(available).unwrap())
                .map_err(|refusal| refusal.code.symbol)
        };
        assert_eq!(check(disk | host | ethernet), Ok(()));
        assert_eq!(check(disk | host), Err("SNTL_NOT_ENOUGH_LOCK_FIELDS"));
        assert_eq!(check(host | ethernet | ip), Err("SNTL_REQUIRED_LOCK_FIELDS_NOT_FOUND"));
        let unused = local.is("localRequestLockCritFlag", 0);
        assert!(check_local(&unused.elements, 0).is_ok());
    }
}
