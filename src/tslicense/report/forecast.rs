//! When do licenses run out or expire? Dated facts, the earliest first.

use super::audit::{Kind, version};
use crate::clock::Timestamp;
use crate::finding::{Finding, Level};
use crate::tslicense::catalog::versions::Tier;
use crate::tslicense::model::datetime::{NEVER_S, constant};
use crate::tslicense::model::{Host, Issued, KeyPack};
use crate::tslicense::rules::call::licenses;
use crate::wording::{are, many};
use std::collections::BTreeMap;

/// How far the forecast looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reach {
    pub now: Timestamp,
    /// Days ahead.
    pub horizon: u32,
    /// Days back, over which the trend is drawn.
    pub window: u32,
}

impl Reach {
    /// The default of the command, and what `check` looks at.
    #[must_use]
    pub const fn usual(now: Timestamp) -> Self {
        Self { now, horizon: 90, window: 30 }
    }

    fn end(&self) -> Timestamp {
        self.now.plus_days(i64::from(self.horizon))
    }

    /// From when on the rows of the history count.
    #[must_use]
    pub fn start(&self) -> Timestamp {
        self.now.plus_days(-i64::from(self.window))
    }
}

/// Licenses of one kind and rank on a server, as the trend needs them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stand {
    pub available: u64,
    pub issued: u64,
    /// What was issued at the times of the history within the window, the oldest first.
    pub history: Vec<(Timestamp, u64)>,
    /// The ends of stale licenses, which come back by themselves.
    pub stale: Vec<Timestamp>,
}

const DAY_MS: i128 = 86_400_000;

/// Owned packs that expire within the horizon.
#[must_use]
pub fn expiring(packs: &[KeyPack], server: &str, reach: &Reach) -> Vec<Finding> {
    let ends = |pack: &&KeyPack| {
        pack.is_owned()
            && pack.expires >= reach.now
            && pack.expires <= reach.end()
            && pack.expires < constant(NEVER_S)
    };
    let found = packs.iter().filter(ends).map(|pack| {
        let message = format!(
            "key pack {} expires: {} {}",
            pack.id.0,
            many(pack.total, "license"),
            licenses(pack.product, pack.version)
        );
        fact("PACK_EXPIRES", Level::Warning, format!("key pack {}", pack.id.0), message)
            .within(server)
            .with("KeyPackId", pack.id.0)
            .due(Some(pack.expires))
            .remedy("renew the subscription, or bring other licenses")
    });
    found.collect()
}

/// Devices whose temporary license ends and for which no permanent one is left.
///
/// - `temporary`: the live temporary licenses with the rank of their pool, in the order of their ends.
#[must_use]
pub fn refused(
    temporary: &[(Issued, Tier)],
    packs: &[KeyPack],
    server: &str,
    reach: &Reach,
) -> Vec<Finding> {
    let mut free: BTreeMap<Tier, u64> = BTreeMap::new();
    for pack in packs {
        let counts = pack.is_owned() && pack.is_per_device() && reach.now < pack.expires;
        if counts && !pack.is_unlimited() {
            *free.entry(pack.tier()).or_default() += u64::from(pack.available);
        }
    }
    let (mut found, mut served) = (Vec::new(), BTreeMap::<Tier, u64>::new());
    for (license, tier) in temporary {
        let left = free.range_mut(*tier..).map(|(_, left)| left).find(|left| **left > 0);
        if let Some(left) = left {
            *left -= 1;
            *served.entry(*tier).or_default() += 1;
            continue;
        }
        let message = format!(
            "`{}` is refused: its temporary license of {} ends, and no permanent one is left",
            license.computer,
            version(*tier)
        );
        found.push(
            fact("TEMP_REFUSED", Level::Warning, license.computer.clone(), message)
                .within(server)
                .with("LicenseId", license.id.0)
                .with("sHardwareId", license.hardware.clone())
                .due(Some(license.expires))
                .remedy("bring more licenses per device, or revoke what is not used"),
        );
    }
    for (tier, count) in served {
        let version = version(tier);
        let message = format!(
            "{} of {version} become permanent at the next logon",
            many(count, "temporary license")
        );
        found.push(
            fact("TEMP_PERMANENT", Level::Info, format!("device {version}"), message)
                .within(server)
                .with("count", count)
                .due(Some(reach.now)),
        );
    }
    found
}

/// Hosts whose grace period runs.
#[must_use]
pub fn grace(hosts: &[Host], reach: &Reach) -> Vec<Finding> {
    let runs = |host: &&Host| host.application_server && host.in_grace(reach.now);
    let found = hosts.iter().filter(runs).map(|host| {
        let days = host.days_left(reach.now).unwrap_or_default();
        let message = format!(
            "the grace period of `{}` ends in {}",
            host.name,
            many(u64::try_from(days).unwrap_or_default(), "day")
        );
        fact("GRACE_ENDS", Level::Warning, host.name.clone(), message)
            .with("DaysLeft", days)
            .due(host.grace_ends)
            .remedy(format!("licctl tslicense diagnose --host {}", host.name))
    });
    found.collect()
}

/// When the licenses of a kind and rank run out, as the trend goes; that there is no trend; or nothing.
#[must_use]
pub fn run_out(
    (kind, tier): (Kind, Tier),
    stand: &Stand,
    server: &str,
    reach: &Reach,
) -> Option<Finding> {
    let object = format!("{} {}", kind.word(), version(tier));
    let Some((at, then)) = oldest(stand, reach) else {
        let message = format!(
            "no trend for {} licenses of {}: their counts were imported once, or have not changed since",
            kind.word(),
            version(tier)
        );
        let found = fact("NO_TREND", Level::Info, object, message).within(server);
        return Some(found.remedy("import again on another day"));
    };
    let growth = i128::from(stand.issued) - i128::from(then);
    let span = i128::from(reach.now.ms()) - i128::from(at.ms());
    if growth <= 0 {
        return None;
    }
    let available = i128::from(stand.available);
    let day = (1..=reach.horizon).find(|day| {
        let until = reach.now.plus_days(i64::from(*day));
        let back = stand.stale.iter().filter(|end| **end <= until).count();
        let back = i128::try_from(back).unwrap_or(i128::MAX);
        available + back - ceiling(growth * i128::from(*day) * DAY_MS, span) < 0
    })?;
    let rate = rate(growth, span);
    let due = reach.now.plus_days(i64::from(day));
    let message = format!(
        "{} licenses of {} run out: {} {} left, and {rate} more are issued a day",
        kind.word(),
        version(tier),
        stand.available,
        are(stand.available)
    );
    Some(
        fact("RUN_OUT", Level::Warning, object, message)
            .within(server)
            .with("available", stand.available)
            .with("rate", rate)
            .with("days", day)
            .due(Some(due))
            .remedy("bring more licenses, or revoke what is not used"),
    )
}

/// The oldest row of the history that makes a trend: two rows within the window, and it at least a day old.
fn oldest(stand: &Stand, reach: &Reach) -> Option<(Timestamp, u64)> {
    let first = stand.history.first().copied().filter(|_| stand.history.len() > 1)?;
    (first.0 <= reach.now.plus_days(-1)).then_some(first)
}

fn ceiling(numerator: i128, denominator: i128) -> i128 {
    (numerator + denominator - 1) / denominator
}

/// Licenses a day, with two decimals at most.
fn rate(growth: i128, span_ms: i128) -> String {
    let hundredths = (growth * DAY_MS * 100 + span_ms / 2) / span_ms;
    let text = format!("{}.{:02}", hundredths / 100, hundredths % 100);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn fact(class: &'static str, level: Level, object: String, message: String) -> Finding {
    Finding::new("tslicense", class, level, object, message)
}

#[cfg(test)]
mod tests {
    use super::{Reach, Stand, expiring, grace, refused, run_out};
    use crate::clock::Timestamp;
    use crate::finding::Finding;
    use crate::tslicense::catalog::versions::Tier;
    use crate::tslicense::model::{Host, Issued, KeyPack, KeyPackId, LicenseId, Stage};
    use crate::tslicense::report::audit::Kind;

    fn reach() -> Reach {
        Reach::usual(Timestamp::parse("2026-03-01T00:00:00Z").unwrap())
    }

    fn stand(issued: u64, then: u64) -> Stand {
        let history = vec![(reach().now.plus_days(-30), then), (reach().now, issued)];
        Stand { available: 6, issued, history, stale: Vec::new() }
    }

    fn forecast(stand: &Stand) -> Option<Finding> {
        run_out((Kind::Device, Tier(6)), stand, "ls-a", &reach())
    }

    #[test]
    fn nine_more_in_thirty_days_leave_nothing_of_six_on_the_21st_day() {
        let found = forecast(&stand(94, 85)).unwrap();
        assert_eq!(found.class, "RUN_OUT");
        assert_eq!(found.due.unwrap().date(), "2026-03-22");
        assert_eq!(found.detail.text("rate"), Some("0.3"));
    }

    #[test]
    fn licenses_that_come_back_by_themselves_put_it_off() {
        let mut stand = stand(94, 85);
        stand.stale = vec![reach().now.plus_days(5)];
        assert_eq!(forecast(&stand).unwrap().due.unwrap().date(), "2026-03-25");
    }

    #[test]
    fn without_growth_nothing_runs_out_and_without_history_nothing_is_guessed() {
        assert_eq!(forecast(&stand(85, 94)), None);
        let mut one = stand(94, 85);
        one.history.truncate(1);
        assert_eq!(forecast(&one).unwrap().class, "NO_TREND");
        let mut young = stand(94, 85);
        young.history[0].0 = reach().now.plus_days(-1).plus_ms(1);
        assert_eq!(forecast(&young).unwrap().class, "NO_TREND");
    }

    #[test]
    fn a_pack_that_expires_on_the_last_day_of_the_horizon_is_told() {
        let mut pack = KeyPack::new(KeyPackId(3), 2, (6, 6), 10);
        let told = |pack: &KeyPack| expiring(std::slice::from_ref(pack), "ls-a", &reach()).len();
        assert_eq!(told(&pack), 0, "perpetual");
        for (days, found) in [(0, 1), (90, 1), (91, 0), (-1, 0)] {
            pack.expires = reach().now.plus_days(days);
            assert_eq!(told(&pack), found, "{days}");
        }
    }

    #[test]
    fn the_first_temporary_licenses_to_end_take_what_is_left() {
        let temporary = |id: u32, days| Issued {
            id: LicenseId(id),
            pack: KeyPackId(9),
            status: 1,
            stage: Stage::Fresh,
            issued: reach().now,
            expires: reach().now.plus_days(days),
            hardware: id.to_string(),
            computer: format!("PC-{id}"),
            user: String::new(),
        };
        let rows =
            [(temporary(1, 5), Tier(6)), (temporary(2, 6), Tier(5)), (temporary(3, 7), Tier(6))];
        let mut packs =
            [KeyPack::new(KeyPackId(3), 2, (7, 0), 1), KeyPack::new(KeyPackId(4), 2, (5, 0), 1)];
        let told: Vec<_> = refused(&rows, &packs, "ls-a", &reach())
            .iter()
            .map(|found| (found.class, found.object.clone()))
            .collect();
        assert_eq!(
            told,
            [
                ("TEMP_REFUSED", "PC-3".to_owned()),
                ("TEMP_PERMANENT", "device 2016".to_owned()),
                ("TEMP_PERMANENT", "device 2019".to_owned()),
            ]
        );
        packs[1].expires = reach().now;
        assert_eq!(refused(&rows, &packs, "ls-a", &reach())[0].object, "PC-2");
    }

    #[test]
    fn a_grace_period_that_runs_is_dated() {
        let mut host = Host::unknown("rdsh-1");
        assert!(grace(std::slice::from_ref(&host), &reach()).is_empty());
        host.grace_ends = Some(reach().now.plus_days(30));
        let found = grace(std::slice::from_ref(&host), &reach());
        assert_eq!(found[0].due.unwrap().date(), "2026-03-31");
        host.application_server = false;
        assert!(grace(&[host], &reach()).is_empty());
    }
}
