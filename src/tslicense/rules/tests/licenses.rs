//! The life of licenses, and their revocation.

use crate::clock::Timestamp;
use crate::tslicense::catalog::methods::Act;
use crate::tslicense::catalog::versions::Os;
use crate::tslicense::model::{Activation, Held, Issued, KeyPack, KeyPackId, LicenseId, Stage};
use crate::tslicense::rules::fixture::{Play, a, refused};
use crate::tslicense::rules::life::{self, Connected, Grant, Visit, days_of};

fn at(text: &str) -> Timestamp {
    Timestamp::parse(&format!("{text}Z")).unwrap()
}

/// A server, and one device that connects to it.
struct Device {
    held: Held,
    rows: Vec<Issued>,
    host: Os,
}

impl Device {
    fn on(packs: Vec<KeyPack>) -> Self {
        let mut held = Held { packs, ..a() };
        held.server.next_key_pack = KeyPackId(20);
        Self { held, rows: Vec::new(), host: Os::V2019 }
    }

    fn connect(&mut self, now: &str) -> Connected {
        self.visit(now, true)
    }

    fn visit(&mut self, now: &str, logs_on: bool) -> Connected {
        let (hardware, computer, user) = ("HWID-A", "PC-1", "ann");
        let (host, now) = (self.host, at(now));
        let visit = Visit { hardware, computer, user, host, days: None, logs_on, now };
        for row in &mut self.rows {
            if row.is_temporary() && row.expires <= now {
                row.stage = Stage::Spent;
            }
        }
        self.rows.retain(|row| row.expires > now || row.stage == Stage::Spent);
        let connected = life::device(&self.held, &self.rows, &visit);
        self.held = connected.held.clone();
        let gone = |row: &Issued| connected.removed.iter().any(|gone| gone.id == row.id);
        let written = |row: &Issued| connected.written.iter().any(|new| new.id == row.id);
        self.rows.retain(|row| !gone(row) && !written(row));
        self.rows.extend(connected.written.clone());
        connected
    }

    fn counts(&self, id: u32) -> (u32, u32, u32) {
        Play::counts(&self.held, id).unwrap()
    }
}

fn packs(of: &[(u32, u32, u32)]) -> Vec<KeyPack> {
    of.iter()
        .map(|(id, version, total)| KeyPack::new(KeyPackId(*id), 2, (*version, 0), *total))
        .collect()
}

#[test]
fn the_model_draws_the_days_of_a_license_from_the_hardware() {
    assert_eq!(["HWID-A", "hwid-b", "HWID-C"].map(days_of), [57, 68, 79]);
}

#[test]
fn a_device_is_lent_a_license_and_then_given_one() {
    let mut device = Device::on(packs(&[(3, 6, 2)]));
    let lent = device.connect("2026-03-01T09:00:00");
    let license = lent.license.unwrap();
    assert_eq!((lent.grant, license.status), (Grant::Temporary, 1));
    assert_eq!(license.expires, at("2026-05-30T09:00:00"));
    let pool = device.held.pack(license.pack).unwrap();
    assert_eq!((pool.key_pack_type, pool.issued, pool.is_unlimited()), (4, 1, true));
    let given = device.connect("2026-03-02T09:00:00");
    let license = given.license.unwrap();
    assert_eq!((given.grant, license.status, license.pack), (Grant::Permanent, 2, KeyPackId(3)));
    assert_eq!(license.expires, at("2026-04-28T09:00:00"));
    assert_eq!(device.counts(3), (2, 1, 1));
    assert_eq!(device.rows.len(), 1, "the temporary license is gone");
    let held = device.connect("2026-04-20T09:00:00");
    assert_eq!((held.grant, held.written.len()), (Grant::Held, 0), "8 days are left");
    let renewed = device.connect("2026-04-21T09:00:00");
    assert_eq!(renewed.grant, Grant::Renewed, "7 days are left");
    assert_eq!(renewed.license.unwrap().expires, at("2026-06-17T09:00:00"));
    assert_eq!(device.counts(3), (2, 1, 1));
}

#[test]
fn without_a_logon_a_license_stays_temporary() {
    let mut device = Device::on(packs(&[(3, 6, 2)]));
    device.visit("2026-03-01T09:00:00", false);
    assert_eq!(device.visit("2026-03-02T09:00:00", false).grant, Grant::StillTemporary);
    assert_eq!(device.visit("2026-03-03T09:00:00", true).grant, Grant::StillTemporary);
    assert_eq!(device.visit("2026-03-04T09:00:00", true).grant, Grant::Permanent);
}

#[test]
fn a_spent_temporary_license_is_the_last_one() {
    let mut device = Device::on(Vec::new());
    device.connect("2026-03-01T09:00:00");
    let second = device.connect("2026-03-02T09:00:00");
    assert_eq!(second.grant, Grant::StillTemporary);
    assert_eq!(second.events[0].id, 21);
    let refused = device.connect("2026-05-30T09:00:00");
    assert_eq!((refused.grant, refused.events[0].id), (Grant::Refused, 21));
    device.held.packs.extend(packs(&[(30, 6, 1)]));
    assert_eq!(device.connect("2026-05-31T09:00:00").grant, Grant::Permanent);
}

#[test]
fn the_lowest_version_that_serves_the_host_is_drawn_first() {
    let mut device = Device::on(packs(&[(3, 5, 9), (4, 7, 9), (5, 6, 1), (6, 6, 1)]));
    device.held.packs[2].available = 0;
    device.connect("2026-03-01T09:00:00");
    let given = device.connect("2026-03-02T09:00:00");
    assert_eq!(given.license.unwrap().pack, KeyPackId(6));
}

#[test]
fn a_newer_host_takes_a_newer_license_and_the_old_one_is_free_again() {
    let mut device = Device::on(packs(&[(3, 5, 1), (4, 6, 1)]));
    device.host = Os::V2016;
    device.connect("2026-03-01T09:00:00");
    device.connect("2026-03-02T09:00:00");
    assert_eq!(device.counts(3), (1, 1, 0));
    device.host = Os::V2019;
    let upgraded = device.connect("2026-03-03T09:00:00");
    assert_eq!((upgraded.grant, upgraded.license.unwrap().status), (Grant::Upgraded, 3));
    assert_eq!((device.counts(3), device.counts(4)), ((1, 0, 1), (1, 1, 0)));
}

#[test]
fn a_server_that_is_not_activated_only_lends() {
    let mut device = Device::on(packs(&[(3, 6, 2)]));
    device.held.server.activation = Activation::NotActivated;
    device.connect("2026-03-01T09:00:00");
    assert_eq!(device.connect("2026-03-02T09:00:00").grant, Grant::StillTemporary);
}

#[test]
fn a_device_that_waits_for_a_newer_license_is_lent_one_once() {
    let mut device = Device::on(packs(&[(3, 5, 1)]));
    device.host = Os::V2016;
    device.connect("2026-03-01T09:00:00");
    device.connect("2026-03-02T09:00:00");
    device.host = Os::V2019;
    assert_eq!(device.connect("2026-03-03T09:00:00").grant, Grant::Temporary);
    assert_eq!(device.connect("2026-03-04T09:00:00").grant, Grant::StillTemporary);
    device.held.packs.extend(packs(&[(30, 6, 1)]));
    let upgraded = device.connect("2026-03-05T09:00:00");
    assert_eq!((upgraded.grant, upgraded.removed.len()), (Grant::Upgraded, 2));
    assert_eq!((device.counts(3), device.rows.len()), ((1, 0, 1), 1));
}

#[test]
fn a_policy_keeps_newer_licenses_for_newer_hosts() {
    let mut device = Device::on(packs(&[(3, 7, 5)]));
    device.held.server.directory.prevents_upgrade = true;
    device.connect("2026-03-01T09:00:00");
    assert_eq!(device.connect("2026-03-02T09:00:00").grant, Grant::StillTemporary);
    device.held.packs.extend(packs(&[(30, 6, 1)]));
    let given = device.connect("2026-03-03T09:00:00");
    assert_eq!(given.license.unwrap().pack, KeyPackId(30));
}

#[test]
fn a_server_outside_the_group_lets_users_in_and_keeps_no_record_of_them() {
    let mut held = a();
    held.packs = vec![KeyPack::new(KeyPackId(3), 5, (6, 1), 2)];
    held.server.in_group = false;
    let now = at("2026-03-01T09:00:00");
    let connected = life::user(&held, None, ("u1", Os::V2019), now);
    assert_eq!((connected.grant, connected.events[0].id), (Grant::Unrecorded, 4105));
    let failed = connected.failed.unwrap();
    assert_eq!((failed.user.as_str(), failed.tried, failed.version), ("u1", now, 6));
    assert_eq!(Play::counts(&connected.held, 3), Some((2, 0, 2)));
}

#[test]
fn users_are_always_let_in_and_may_be_more_than_there_are_licenses() {
    let mut held = a();
    held.packs = vec![KeyPack::new(KeyPackId(3), 5, (6, 1), 2)];
    let now = at("2026-03-01T09:00:00");
    let mut first = None;
    for user in ["u1", "u2", "u3"] {
        let connected = life::user(&held, None, (user, Os::V2019), now);
        held = connected.held;
        first = first.or(connected.license);
    }
    assert_eq!(Play::counts(&held, 3), Some((2, 3, 0)));
    let first = first.unwrap();
    assert_eq!(first.expires, at("2026-04-30T09:00:00"));
    assert_eq!(first.reassignable(), at("2026-05-30T09:00:00"));
    let again = |day: &str| life::user(&held, Some(&first), ("u1", Os::V2019), at(day)).grant;
    assert_eq!(again("2026-04-22T09:00:00"), Grant::Held);
    assert_eq!(again("2026-04-23T09:00:00"), Grant::Renewed);
    let none = life::user(&held, Some(&first), ("u1", Os::V2022), now);
    assert_eq!((none.grant, none.events[0].id), (Grant::Unrecorded, 21));
    held.packs.push(KeyPack::new(KeyPackId(4), 5, (7, 1), 2));
    let upgraded = life::user(&held, Some(&first), ("u1", Os::V2022), now);
    assert_eq!((upgraded.grant, upgraded.events[0].id), (Grant::Upgraded, 4144));
    assert_eq!(Play::counts(&upgraded.held, 3), Some((2, 2, 0)));
    held.server.joined = Some(false);
    let workgroup = life::user(&held, None, ("u4", Os::V2019), now);
    assert_eq!((workgroup.grant, workgroup.events[0].id), (Grant::Unrecorded, 4105));
}

fn issued(id: u32, pack: u32, status: u32, end: &str) -> Issued {
    Issued {
        id: LicenseId(id),
        pack: KeyPackId(pack),
        status,
        stage: Stage::Fresh,
        issued: at("2026-02-01T00:00:00"),
        expires: at(end),
        hardware: id.to_string(),
        computer: format!("PC-{id}"),
        user: String::new(),
    }
}

/// Packs 8 and 4 of 2019: a fifth of 12, rounded down, are 2.
fn revoking() -> Play {
    let mut packs = packs(&[(3, 6, 8), (4, 6, 4), (5, 7, 100)]);
    packs[0].issued = 7;
    packs[0].available = 1;
    Play::on(Held { packs, ..a() }, None)
}

#[test]
fn a_fifth_of_a_version_may_be_revoked_at_once() {
    let mut play = revoking();
    let ends = ["2026-04-10T00:00:00", "2026-04-05T00:00:00"];
    for (left, end) in [(1, ends[0]), (0, ends[1])] {
        play.license = Some(issued(left + 1, 3, 2, end));
        let effect = play.run(Act::Revoke, &[]).ok().unwrap();
        assert_eq!(effect.answer.revokable, Some(left));
        assert_eq!(effect.license.unwrap().status, 4);
        play.revoked.push(at(end));
    }
    assert_eq!(Play::counts(&play.target, 3), Some((8, 5, 3)));
    play.license = Some(issued(9, 3, 2, "2026-04-20T00:00:00"));
    let refusal = play.run(Act::Revoke, &[]).err().unwrap();
    assert_eq!(refusal.code.symbol, "WBEM_E_INVALID_OPERATION");
    assert_eq!(refusal.answer, [("ReturnValue", Some(2_147_749_910)), ("RevokableCals", Some(0))]);
    assert_eq!(refusal.detail, [("NextRevokeAllowedOn", "20260405000000.000000+000".to_owned())]);
}

#[test]
fn temporary_revoked_and_expired_licenses_are_not_revoked() {
    for (status, end) in
        [(1, "2026-04-10T00:00:00"), (4, "2026-04-10T00:00:00"), (2, "2026-03-01T09:00:00")]
    {
        let mut play = revoking();
        play.license = Some(issued(1, 3, status, end));
        let refusal = play.run(Act::Revoke, &[]).err().unwrap();
        assert_eq!(refusal.code.symbol, "WBEM_E_INVALID_OPERATION");
        assert!(refusal.answer.contains(&("RevokableCals", Some(2))));
        assert!(refusal.answer.contains(&("NextRevokeAllowedOn", None)));
    }
    assert_eq!(refused(revoking().run(Act::Revoke, &[])).0, "WBEM_E_NOT_FOUND");
}

#[test]
fn a_version_with_less_than_five_licenses_has_none_to_revoke() {
    let mut play = revoking();
    play.target.packs = packs(&[(3, 6, 4)]);
    play.license = Some(issued(1, 3, 2, "2026-04-10T00:00:00"));
    let refusal = play.run(Act::Revoke, &[]).err().unwrap();
    assert!(refusal.answer.contains(&("NextRevokeAllowedOn", None)));
    assert!(refusal.answer.contains(&("RevokableCals", Some(0))));
    play.target.packs.push(KeyPack::new(KeyPackId(9), 5, (6, 1), 50));
    play.license = Some(issued(1, 9, 2, "2026-04-10T00:00:00"));
    assert_eq!(refused(play.run(Act::Revoke, &[])).0, "WBEM_E_NOT_SUPPORTED");
}
