//! Would this client get a token of this license? One check after the other, with the code that a request would get.

use super::groups::group_of;
use super::locks::{admits_client, admits_server, check_local, code_mask, mask_words};
use super::sites::admits;
use super::validity::{Standing, standing};
use crate::catalog::Code;
use crate::clock::Timestamp;
use crate::rms::catalog::codes::{
    SNTL_APP_NODE_LOCKED, SNTL_CLK_TAMP_FOUND, SNTL_LICENSE_EXPIRED,
    SNTL_LICENSE_START_DATE_NOT_REACHED, SNTL_NO_LICENSE_GIVEN, SNTL_USER_NOT_ALLOWED,
    SNTL_VIRTUAL_MACHINE_IS_DETECTED,
};
use crate::rms::catalog::elements::{
    CHECK_TIME_TAMPER, CL_LOCK_INFO, IS_ADDITIVE, IS_NODE_LOCKED, LOCAL_REQUEST_LOCK_CRIT_FLAG,
    LOCKING_CRIT, NUM_SUBNETS, SERVER_LOCKING_INFO, SITE_LICENSE_INFO, USER_ACCOUNT_LIMIT,
    VM_DETECTION,
};
use crate::rms::model::group::Group;
use crate::rms::model::license::Elements;
use crate::rms::model::server::Server;
use crate::rms::model::session::Identity;
use std::net::IpAddr;

/// What is known of a client.
#[derive(Debug, Clone, Default)]
pub struct Client {
    /// Each by other criteria, as echoid prints them.
    pub lock_codes: Vec<String>,
    pub host_id: Option<String>,
    pub address: Option<IpAddr>,
    /// The criteria that it can deliver.
    pub selectors: Option<u32>,
    pub user: Option<String>,
    pub host: Option<String>,
}

impl Client {
    /// As a reservation group knows it.
    fn identity(&self) -> Identity {
        Identity {
            user: self.user.clone().unwrap_or_default(),
            host: self.host.clone().unwrap_or_default(),
            host_id: self.host_id.clone().unwrap_or_default(),
            address: self.address,
            ..Identity::default()
        }
    }
}

/// What the License Manager knows beside the license.
#[derive(Debug, Clone, Default)]
pub struct Around {
    /// Reservation groups of the feature, with the tokens that are set apart.
    pub groups: Vec<(Group, u64)>,
    /// The named users of the license.
    pub accounts: Vec<String>,
}

/// How a check came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Pass,
    Fail,
    /// The license asks nothing here, or what it asks about is not known.
    Skip,
}

impl Verdict {
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Pass => "PASS",
            Self::Fail => "FAIL",
            Self::Skip => "SKIP",
        }
    }
}

/// A check.
#[derive(Debug)]
pub struct Check {
    /// Stable word.
    pub name: &'static str,
    pub verdict: Verdict,
    /// What a request would be answered; of a failed check alone.
    pub code: Option<&'static Code>,
    pub reason: String,
}

fn passed(name: &'static str, reason: impl Into<String>) -> Check {
    Check { name, verdict: Verdict::Pass, code: None, reason: reason.into() }
}

fn skipped(name: &'static str, reason: impl Into<String>) -> Check {
    Check { name, verdict: Verdict::Skip, code: None, reason: reason.into() }
}

fn failed(name: &'static str, code: &'static Code, reason: impl Into<String>) -> Check {
    Check { name, verdict: Verdict::Fail, code: Some(code), reason: reason.into() }
}

/// Every check, in the order in which the first failed one would answer.
#[must_use]
pub fn checks(
    elements: &Elements,
    (server, around): (&Server, &Around),
    client: &Client,
    now: Timestamp,
) -> Vec<Check> {
    vec![
        site(elements, client),
        server_lock(elements, server),
        client_lock(elements, client),
        criteria(elements, client),
        local(elements, client),
        virtual_machine(elements, server),
        clock(elements, server),
        reservation(&around.groups, client),
        named_user(elements, &around.accounts, client),
        time(elements, now),
    ]
}

fn reservation(groups: &[(Group, u64)], client: &Client) -> Check {
    let name = "reservation";
    if groups.is_empty() {
        return skipped(name, "no tokens of the feature are set apart");
    }
    let identity = client.identity();
    if client.user.is_none() && client.host.is_none() && client.host_id.is_none() {
        return skipped(name, "no user, host or host id was given");
    }
    match group_of(groups, &identity) {
        Ok(group) => passed(name, format!("the client is of the group `{group}`")),
        Err(refusal) => failed(name, refusal.code, refusal.message),
    }
}

/// Whether a license serves named users alone.
#[must_use]
pub fn names_users(elements: &Elements) -> bool {
    elements.number(&USER_ACCOUNT_LIMIT) > 0 && elements.number(&IS_ADDITIVE) == 3
}

fn named_user(elements: &Elements, accounts: &[String], client: &Client) -> Check {
    let name = "named-user";
    if !names_users(elements) {
        return skipped(name, "the license serves every user");
    }
    match &client.user {
        None => skipped(name, "no user was given"),
        Some(user) if accounts.contains(user) => {
            passed(name, format!("`{user}` is a named user of the license"))
        }
        Some(user) => failed(
            name,
            &SNTL_USER_NOT_ALLOWED,
            format!("`{user}` is not among the named users of the license"),
        ),
    }
}

pub(super) fn site(elements: &Elements, client: &Client) -> Check {
    let patterns = elements.text(&SITE_LICENSE_INFO);
    if elements.number(&NUM_SUBNETS) == 0 || patterns.is_empty() {
        return skipped("site", "the license names no subnets");
    }
    match client.address {
        None => skipped("site", format!("no address was given; the site is {patterns}")),
        Some(address) if admits(elements, address) => {
            passed("site", format!("{address} lies in {patterns}"))
        }
        Some(address) => failed(
            "site",
            &SNTL_NO_LICENSE_GIVEN,
            format!("{address} lies in no subnet of {patterns}"),
        ),
    }
}

pub(super) fn server_lock(elements: &Elements, server: &Server) -> Check {
    let name = "server-lock";
    if !matches!(elements.number(&IS_NODE_LOCKED), 0 | 1) {
        return skipped(name, "the license is bound to no License Manager");
    }
    if server.lock_codes.is_empty() {
        return skipped(name, format!("no locking code of `{}` is known", server.name));
    }
    if admits_server(elements.text(&SERVER_LOCKING_INFO), &server.lock_codes) {
        passed(name, format!("a locking code of `{}` is in the license", server.name))
    } else {
        let reason = format!("no locking code of `{}` is in the license", server.name);
        failed(name, &SNTL_APP_NODE_LOCKED, reason)
    }
}

fn client_lock(elements: &Elements, client: &Client) -> Check {
    let name = "client-lock";
    if !matches!(elements.number(&IS_NODE_LOCKED), 0 | 3) {
        return skipped(name, "the license is bound to no client");
    }
    let address = client.address.map(|address| address.to_string());
    let ids: Vec<String> =
        client.lock_codes.iter().chain(&client.host_id).chain(&address).cloned().collect();
    if ids.is_empty() {
        return skipped(name, "no locking code, host id or address was given");
    }
    match admits_client(elements.text(&CL_LOCK_INFO), &ids) {
        Some(found) => {
            let limit = found.limit.map(|limit| format!(", {limit} licenses per node"));
            passed(name, format!("`{}` is in the license{}", found.id, limit.unwrap_or_default()))
        }
        None => failed(
            name,
            &SNTL_APP_NODE_LOCKED,
            format!("{} is not among the clients of the license", ids.join(", ")),
        ),
    }
}

pub(super) fn criteria(elements: &Elements, client: &Client) -> Check {
    let name = "criteria";
    let wanted = elements.word(&LOCKING_CRIT);
    let masks: Vec<u32> = client.lock_codes.iter().filter_map(|code| code_mask(code)).collect();
    let mask = masks.iter().find(|mask| **mask == wanted).or(masks.first()).copied();
    match mask {
        _ if wanted == 0 => skipped(name, "the license names no locking criteria"),
        None => skipped(name, "no locking code was given"),
        Some(mask) if mask == wanted => passed(name, mask_words(mask)),
        Some(mask) => failed(
            name,
            &SNTL_APP_NODE_LOCKED,
            format!("the code is of {}, the license of {}", mask_words(mask), mask_words(wanted)),
        ),
    }
}

pub(super) fn local(elements: &Elements, client: &Client) -> Check {
    let name = "local-criteria";
    if elements.number(&LOCAL_REQUEST_LOCK_CRIT_FLAG) == 0 {
        return skipped(name, "the license does not use them");
    }
    match client.selectors {
        None => skipped(name, "no selectors were given"),
        Some(selectors) => match check_local(elements, selectors) {
            Ok(()) => passed(name, mask_words(selectors)),
            Err(refusal) => failed(name, refusal.code, refusal.message),
        },
    }
}

pub(super) fn virtual_machine(elements: &Elements, server: &Server) -> Check {
    let name = "virtual-machine";
    match (elements.number(&VM_DETECTION), server.is_virtual_machine) {
        (0, _) => skipped(name, "the license allows virtual machines"),
        (_, false) => passed(name, format!("`{}` is no virtual machine", server.name)),
        (_, true) => {
            let reason = format!("`{}` runs on a virtual machine", server.name);
            failed(name, &SNTL_VIRTUAL_MACHINE_IS_DETECTED, reason)
        }
    }
}

pub(super) fn clock(elements: &Elements, server: &Server) -> Check {
    let name = "clock";
    match (elements.number(&CHECK_TIME_TAMPER), server.clock_tampered) {
        (0, false) => passed(name, format!("the clock of `{}` is in order", server.name)),
        (0, true) => {
            let reason = format!("the clock of `{}` was tampered with", server.name);
            failed(name, &SNTL_CLK_TAMP_FOUND, reason)
        }
        _ => skipped(name, "the license does not look for tampering"),
    }
}

fn time(elements: &Elements, now: Timestamp) -> Check {
    let name = "time";
    match standing(elements, now) {
        Standing::Current => passed(name, "the license is current"),
        Standing::Future => {
            failed(name, &SNTL_LICENSE_START_DATE_NOT_REACHED, "the license begins later")
        }
        Standing::Expired => failed(name, &SNTL_LICENSE_EXPIRED, "the license has ended"),
        Standing::Revoked => failed(name, &SNTL_LICENSE_EXPIRED, "the license was revoked"),
    }
}

#[cfg(test)]
mod tests {
    use super::{Around, Check, Client, Verdict, checks};
    use crate::rms::model::group::{Group, Member};
    use crate::rms::model::license::License;
    use crate::rms::model::server::Server;
    use crate::rms::rules::fixture::{at, license};

    fn check(name: &str, license: &License, server: &Server, client: &Client) -> Check {
        let of = (server, &Around::default());
        let all = checks(&license.elements, of, client, at("2026-06-01T00:00:00Z"));
        all.into_iter().find(|check| check.name == name).unwrap()
    }

    fn server() -> Server {
        Server::new("lic01")
    }

    #[test]
    fn a_license_that_asks_nothing_passes() {
        let of = (&server(), &Around::default());
        let all = checks(&license(1).elements, of, &Client::default(), at("2026-06-01T00:00:00Z"));
        assert!(all.iter().all(|check| check.verdict != Verdict::Fail));
        assert_eq!(all.last().unwrap().verdict, Verdict::Pass);
    }

    #[test]
    fn the_mask_of_a_code_must_be_the_criteria_of_the_license() {
        let client = Client { lock_codes: vec!["14-*XYZ".to_owned()], ..Client::default() };
        let equal = check("criteria", &license(1).is("lockingCrit", 20), &server(), &client);
        assert_eq!(equal.verdict, Verdict::Pass);
        let other = check("criteria", &license(1).is("lockingCrit", 4), &server(), &client);
        assert_eq!(other.verdict, Verdict::Fail);
        assert_eq!(other.reason, "the code is of DISK_ID+ETHERNET, the license of DISK_ID");
    }

    #[test]
    fn a_client_that_the_license_does_not_name_is_refused() {
        let locked =
            license(1).is("isNodeLocked", 3).says("clLockInfo", "0x1a2b3c4d(2#) 0x99887766");
        let with = |id: &str| {
            let client = Client { host_id: Some(id.to_owned()), ..Client::default() };
            check("client-lock", &locked, &server(), &client)
        };
        assert_eq!(
            with("0x1A2B3C4D").reason,
            "`0x1a2b3c4d` is in the license, 2 licenses per node"
        );
        let refused = with("0x1");
        assert_eq!(refused.code.unwrap().symbol, "SNTL_APP_NODE_LOCKED");
        let unknown = check("client-lock", &locked, &server(), &Client::default());
        assert_eq!(unknown.verdict, Verdict::Skip);
    }

    #[test]
    fn a_license_that_forbids_virtual_machines_is_refused_on_one_alone() {
        let strict = license(1).is("vmDetection", 1);
        let mut on_vm = server();
        on_vm.is_virtual_machine = true;
        let refused = check("virtual-machine", &strict, &on_vm, &Client::default());
        assert_eq!(refused.code.unwrap().symbol, "SNTL_VIRTUAL_MACHINE_IS_DETECTED");
        let other = check("virtual-machine", &license(1), &on_vm, &Client::default());
        assert_eq!(other.verdict, Verdict::Skip);
    }

    #[test]
    fn a_server_lock_needs_a_code_of_the_license_manager() {
        let locked = license(1).is("isNodeLocked", 1).says("serverLockingInfo", "Primary=10-*AAA");
        let mut own = server();
        assert_eq!(check("server-lock", &locked, &own, &Client::default()).verdict, Verdict::Skip);
        own.lock_codes = vec!["10-*aaa".to_owned()];
        assert_eq!(check("server-lock", &locked, &own, &Client::default()).verdict, Verdict::Pass);
        own.lock_codes = vec!["10-*BBB".to_owned()];
        assert_eq!(check("server-lock", &locked, &own, &Client::default()).verdict, Verdict::Fail);
    }

    #[test]
    fn tampering_counts_where_the_license_looks_for_it() {
        let mut tampered = server();
        tampered.clock_tampered = true;
        // 0 is yes: the element is an inverted boolean.
        let looks = license(1).is("checkTimeTamper", 0);
        assert_eq!(check("clock", &looks, &tampered, &Client::default()).verdict, Verdict::Fail);
        let not = license(1).is("checkTimeTamper", 1);
        assert_eq!(check("clock", &not, &tampered, &Client::default()).verdict, Verdict::Skip);
    }

    fn beside(name: &str, license: &License, around: &Around, client: &Client) -> Check {
        let now = at("2026-06-01T00:00:00Z");
        let all = checks(&license.elements, (&server(), around), client, now);
        all.into_iter().find(|check| check.name == name).unwrap()
    }

    fn user(name: &str, host: &str) -> Client {
        let given = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        Client { user: given(name), host: given(host), ..Client::default() }
    }

    #[test]
    fn a_client_that_a_reservation_shuts_out_is_told_the_code_of_a_request() {
        let members = ["!$pc9", "jill"].map(Member::read).to_vec();
        let dots = Group {
            feature: "cad".to_owned(),
            version: None,
            name: "g".to_owned(),
            tokens: 2,
            members,
        };
        let around = Around { groups: vec![(dots, 2)], ..Around::default() };
        let asked = |client: &Client| beside("reservation", &license(1), &around, client);
        let shut_out = asked(&user("jill", "pc9"));
        assert_eq!(shut_out.code.unwrap().symbol, "SNTL_USER_EXCLUDED");
        assert_eq!(asked(&user("jill", "pc1")).reason, "the client is of the group `g`");
        assert_eq!(asked(&user("ann", "")).reason, "the client is of the group `DefaultGrp`");
        assert_eq!(asked(&Client::default()).verdict, Verdict::Skip);
    }

    #[test]
    fn a_license_with_named_users_passes_these_alone() {
        let cloud = license(5).is("isAdditive", 3).is("userAccountLimit", 1);
        let around = Around { accounts: vec!["ann".to_owned()], ..Around::default() };
        let asked = |client: &Client| beside("named-user", &cloud, &around, client);
        assert_eq!(asked(&user("ann", "")).verdict, Verdict::Pass);
        assert_eq!(asked(&user("bob", "")).code.unwrap().symbol, "SNTL_USER_NOT_ALLOWED");
        assert_eq!(asked(&Client::default()).verdict, Verdict::Skip);
        let free = cloud.is("userAccountLimit", 0);
        assert_eq!(beside("named-user", &free, &around, &user("bob", "")).verdict, Verdict::Skip);
    }
}
