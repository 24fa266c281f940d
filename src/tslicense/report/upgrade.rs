//! What breaks when a session host moves to a newer release?

use super::audit::{Kind, version};
use crate::clock::Timestamp;
use crate::finding::{Finding, Level};
use crate::tslicense::catalog::enumerations::{MODE_NOT_CONFIGURED, PRODUCT_PER_USER};
use crate::tslicense::catalog::versions::Tier;
use crate::tslicense::model::{Held, Host, KeyPack};
use crate::wording::{are, many};

/// A move of a host.
#[derive(Debug, Clone, Copy)]
pub struct Move<'a> {
    pub host: &'a Host,
    pub to: Tier,
    /// The license servers of its list that are known.
    pub servers: &'a [&'a Held],
    /// Every other host.
    pub others: &'a [Host],
    /// Licenses of the new version that will be asked for.
    pub demand: u64,
    /// Older licenses that come back when devices or users are upgraded.
    pub freed: u64,
    pub now: Timestamp,
}

/// What an upgrade meets.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    pub findings: Vec<Finding>,
    /// Kind and number of licenses that have to be bought.
    pub missing: Option<(Kind, u64)>,
}

/// Tests every rule; none hides another.
#[must_use]
pub fn check(upgrade: &Move<'_>) -> Verdict {
    let mut findings = Vec::new();
    findings.extend(upgrade.servers_too_old());
    let missing = upgrade.licenses(&mut findings);
    findings.extend(upgrade.mode_not_set());
    findings.extend(upgrade.prevented());
    findings.extend(upgrade.workgroup());
    findings.push(upgrade.tell(
        "GRACE_RESTARTS",
        Level::Info,
        "a clean installation starts 120 days of grace anew".to_owned(),
        "configure mode and license servers before they are over",
    ));
    Verdict { findings, missing }
}

impl Move<'_> {
    fn tell(
        &self,
        class: &'static str,
        level: Level,
        message: String,
        remedy: &'static str,
    ) -> Finding {
        Finding::new("tslicense", class, level, self.host.name.clone(), message).remedy(remedy)
    }

    fn kind(&self) -> Option<Kind> {
        self.host
            .product()
            .map(|product| if product == PRODUCT_PER_USER { Kind::User } else { Kind::Device })
    }

    fn servers_too_old(&self) -> Option<Finding> {
        let fits = |held: &&Held| held.server.tier().is_none_or(|tier| tier >= self.to);
        if self.servers.iter().any(fits) {
            return None;
        }
        let to = version(self.to);
        let message = format!("no license server of `{}` is of {to} or newer", self.host.name);
        let remedy = "upgrade a license server first, or name a newer one";
        Some(self.tell("LS_TOO_OLD", Level::Error, message, remedy))
    }

    /// Owned packs of the host's mode that serve the new release; of either mode while none is configured.
    fn packs(&self) -> Vec<&KeyPack> {
        let product = self.host.product();
        let fits = |pack: &&KeyPack| {
            let counted = Kind::of(pack.product).is_some_and(|kind| kind != Kind::Suite);
            let of_mode = product.is_none_or(|product| pack.product == product);
            pack.is_owned()
                && counted
                && of_mode
                && pack.tier() >= self.to
                && self.now < pack.expires
        };
        self.servers.iter().flat_map(|held| held.packs.iter()).filter(fits).collect()
    }

    fn licenses(&self, findings: &mut Vec<Finding>) -> Option<(Kind, u64)> {
        let (to, packs) = (version(self.to), self.packs());
        let kind = self.kind();
        let word = kind.map_or_else(String::new, |kind| format!("{} ", kind.word()));
        if packs.is_empty() {
            let message = format!("there are no {word}licenses of {to} or newer");
            let remedy = "bring licenses of the new version";
            findings.push(self.tell("NO_CAL", Level::Error, message, remedy));
        }
        let available: u64 = packs.iter().map(|pack| u64::from(pack.available)).sum();
        let missing = self.demand.saturating_sub(available);
        let missing = kind.filter(|_| missing > 0).map(|kind| (kind, missing));
        if let Some((_, missing)) = missing {
            let message = format!(
                "{} of {to} or newer {} missing: {} will be asked for, {available} {} left",
                many(missing, &format!("{word}license")),
                are(missing),
                self.demand,
                are(available)
            );
            let remedy = "buy what is missing before the upgrade";
            findings.push(
                self.tell("NOT_ENOUGH_CALS", Level::Error, message, remedy)
                    .with("demand", self.demand)
                    .with("available", available)
                    .with("missing", missing),
            );
        }
        if self.freed > 0 {
            let message = format!(
                "{} of older versions come back as newer ones are issued",
                many(self.freed, &format!("{word}license"))
            );
            let remedy = "use them for hosts that stay as they are";
            findings.push(
                self.tell("CALS_FREED", Level::Info, message, remedy).with("freed", self.freed),
            );
        }
        missing
    }

    fn mode_not_set(&self) -> Option<Finding> {
        let unset = self.host.mode().0 == MODE_NOT_CONFIGURED;
        let grace_only = self.host.servers().0.is_empty() && self.host.in_grace(self.now);
        let what = match (unset, grace_only) {
            (true, _) => "no licensing mode is configured on",
            (false, true) => "nothing but its grace period lets people into",
            (false, false) => return None,
        };
        let message = format!("{what} `{}`", self.host.name);
        let remedy = "set the mode and a license server";
        Some(self.tell("MODE_NOT_SET", Level::Warning, message, remedy))
    }

    fn prevented(&self) -> Option<Finding> {
        let held = self.servers.iter().find(|held| {
            let older = |host: &Host| {
                let asks = host.server_names().any(|name| held.server.is_meant(name));
                asks && host.os.is_some_and(|os| os.tier() < self.to)
            };
            held.server.directory.prevents_upgrade && self.others.iter().any(older)
        })?;
        let message = format!(
            "older hosts that ask `{}` will not draw newer licenses: the policy \"prevent license upgrade\" is on",
            held.server.name
        );
        let remedy = "keep licenses of their version, or take the policy off";
        Some(self.tell("PREVENT_UPGRADE", Level::Warning, message, remedy))
    }

    fn workgroup(&self) -> Option<Finding> {
        let server = self.servers.iter().find(|held| held.server.joined == Some(false));
        let outside = match (self.host.joined, server) {
            (Some(false), _) => self.host.name.as_str(),
            (_, Some(held)) => held.server.name.as_str(),
            _ => return None,
        };
        self.kind().filter(|kind| *kind == Kind::User)?;
        let message = format!("licenses per user need a domain, and `{outside}` is in a workgroup");
        let remedy = "use licenses per device, or join a domain";
        Some(self.tell("WORKGROUP_PER_USER", Level::Error, message, remedy))
    }
}

/// The line for whoever buys: `needs 5 per-user CALs version ≥ 2022`.
#[must_use]
pub fn shopping((kind, missing): (Kind, u64), to: Tier) -> String {
    format!("needs {missing} per-{} CALs version ≥ {}", kind.word(), version(to))
}

#[cfg(test)]
mod tests {
    use super::{Move, check, shopping};
    use crate::clock::Timestamp;
    use crate::tslicense::catalog::versions::{Os, Tier};
    use crate::tslicense::model::{Held, Host, KeyPack, KeyPackId, Licensing, Server};
    use crate::tslicense::report::audit::Kind;

    fn now() -> Timestamp {
        Timestamp::parse("2026-03-01T09:00:00Z").unwrap()
    }

    fn held(os: Os, packs: Vec<KeyPack>) -> Held {
        let server = Server { os: Some(os), joined: Some(true), ..Server::unknown("ls-a") };
        Held { server, packs }
    }

    fn host() -> Host {
        Host {
            os: Some(Os::V2019),
            own: Licensing { mode: Some(4), servers: vec!["ls-a".to_owned()] },
            ..Host::unknown("rdsh-1")
        }
    }

    fn classes(
        host: &Host,
        held: &Held,
        (demand, freed): (u64, u64),
        others: &[Host],
    ) -> Vec<&'static str> {
        let to = Tier(7);
        let servers = [held];
        let asked = Move { host, to, servers: &servers, others, demand, freed, now: now() };
        check(&asked).findings.iter().map(|finding| finding.class).collect()
    }

    #[test]
    fn licenses_elsewhere_do_not_make_an_old_license_server_newer() {
        let held = held(Os::V2019, vec![KeyPack::new(KeyPackId(3), 5, (6, 1), 50)]);
        assert_eq!(
            classes(&host(), &held, (10, 10), &[]),
            ["LS_TOO_OLD", "NO_CAL", "NOT_ENOUGH_CALS", "CALS_FREED", "GRACE_RESTARTS"]
        );
    }

    #[test]
    fn what_is_missing_is_what_is_asked_for_and_not_left() {
        let packs = vec![
            KeyPack::new(KeyPackId(3), 5, (7, 1), 5),
            KeyPack::new(KeyPackId(4), 5, (8, 1), 2),
        ];
        let held = held(Os::V2025, packs);
        assert_eq!(classes(&host(), &held, (7, 0), &[]), ["GRACE_RESTARTS"]);
        let (rdsh, servers) = (host(), [&held]);
        let others: [Host; 0] = [];
        let (to, others, freed) = (Tier(7), &others, 0);
        let asked =
            Move { host: &rdsh, to, servers: &servers, others, demand: 9, freed, now: now() };
        let missing = check(&asked).missing.unwrap();
        assert_eq!(missing, (Kind::User, 2));
        assert_eq!(shopping(missing, to), "needs 2 per-user CALs version ≥ 2022");
    }

    #[test]
    fn settings_that_will_not_do_are_told() {
        let packs = vec![KeyPack::new(KeyPackId(3), 5, (7, 1), 5)];
        let mut held = held(Os::V2022, packs);
        let mut host = host();
        host.joined = Some(false);
        assert_eq!(classes(&host, &held, (0, 0), &[]), ["WORKGROUP_PER_USER", "GRACE_RESTARTS"]);
        host.own.mode = None;
        assert_eq!(classes(&host, &held, (0, 0), &[]), ["MODE_NOT_SET", "GRACE_RESTARTS"]);
        held.server.directory.prevents_upgrade = true;
        let old = Host { name: "rdsh-2".to_owned(), ..super::tests::host() };
        assert_eq!(
            classes(&super::tests::host(), &held, (0, 0), &[old]),
            ["PREVENT_UPGRADE", "GRACE_RESTARTS"]
        );
    }
}
