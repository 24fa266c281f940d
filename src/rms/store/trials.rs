//! The clocks of trial licenses, and grace licenses on the machines of clients.

use crate::error::Outcome;
use crate::rms::model::trial::{Grace, TrialClock};
use crate::store::{Flow, Read, Row, Table, Tx, Value};

/// Clocks by License Manager, feature and number of the license.
pub static TRIALS: Table = Table {
    name: "rms_trials",
    key: 3,
    columns: &[
        "server",
        "feature",
        "license",
        "started_s",
        "used_s",
        "counted_s",
        "open",
        "least_days",
    ],
    object: "trial clock",
    label: "license",
    parent: Some("rms_servers"),
};

/// Grace licenses by License Manager, feature and machine.
pub static GRACES: Table = Table {
    name: "rms_graces",
    key: 3,
    columns: &[
        "server",
        "feature",
        "host",
        "days",
        "hours",
        "installed_s",
        "first_use_s",
        "used_s",
    ],
    object: "grace license",
    label: "host",
    parent: Some("rms_servers"),
};

const CLOCK: &str =
    "select license, started_s, used_s, counted_s, open, least_days from rms_trials";

/// The clocks of a feature, each with the number of its license.
pub fn of_feature(read: &mut dyn Read, server: i64, feature: i64) -> Outcome<Clocks> {
    let sql = format!("{CLOCK} where server = ?1 and feature = ?2 order by license");
    read.all(&sql, &[server.into(), feature.into()], |row| Ok((row.int(0)?, clock(row)?)))
}

/// The clocks of one feature, each with the number of its license.
pub type Clocks = Vec<(i64, TrialClock)>;

/// Every clock of a License Manager, by feature; there are few trials.
pub fn all(read: &mut dyn Read, server: i64) -> Outcome<Vec<(i64, Clocks)>> {
    let sql = "select license, started_s, used_s, counted_s, open, least_days, feature \
               from rms_trials where server = ?1 order by feature, license";
    let mut found: Vec<(i64, Clocks)> = Vec::new();
    read.each(sql, &[server.into()], &mut |row| {
        let (feature, one) = (row.int(6)?, (row.int(0)?, clock(row)?));
        match found.last_mut() {
            Some((last, clocks)) if *last == feature => clocks.push(one),
            _ => found.push((feature, vec![one])),
        }
        Ok(Flow::Continue(()))
    })?;
    Ok(found)
}

/// The clock of a license.
pub fn of_license(
    read: &mut dyn Read,
    (server, feature, license): (i64, i64, i64),
) -> Outcome<Option<TrialClock>> {
    let sql = format!("{CLOCK} where server = ?1 and feature = ?2 and license = ?3");
    read.one(&sql, &[server.into(), feature.into(), license.into()], clock)
}

fn clock(row: &dyn Row) -> Outcome<TrialClock> {
    Ok(TrialClock {
        started: row.int(1)?,
        used: row.int(2)?,
        counted: row.int(3)?,
        open: row.number(4)?,
        least_days: row.int(5)?,
    })
}

/// Writes the clock of a license.
pub fn save(
    tx: &mut dyn Tx,
    (server, feature, license): (i64, i64, i64),
    clock: &TrialClock,
) -> Outcome<()> {
    let values: [Value<'_>; 8] = [
        server.into(),
        feature.into(),
        license.into(),
        clock.started.into(),
        clock.used.into(),
        clock.counted.into(),
        clock.open.into(),
        clock.least_days.into(),
    ];
    tx.put(&TRIALS, &values).map(|_| ())
}

/// Removes the clock of a license.
pub fn remove(tx: &mut dyn Tx, (server, feature, license): (i64, i64, i64)) -> Outcome<bool> {
    tx.remove(&TRIALS, &[server.into(), feature.into(), license.into()])
}

const GRACE: &str =
    "select feature, host, days, hours, installed_s, first_use_s, used_s from rms_graces";

/// The grace license of a feature on a machine.
pub fn grace(read: &mut dyn Read, server: i64, feature: i64, host: &str) -> Outcome<Option<Grace>> {
    let sql = format!("{GRACE} where server = ?1 and feature = ?2 and host = ?3");
    read.one(&sql, &[server.into(), feature.into(), host.into()], one_grace)
}

/// Every grace license of a License Manager.
pub fn graces(read: &mut dyn Read, server: i64) -> Outcome<Vec<Grace>> {
    let sql = format!("{GRACE} where server = ?1 order by feature, host");
    read.all(&sql, &[server.into()], one_grace)
}

fn one_grace(row: &dyn Row) -> Outcome<Grace> {
    Ok(Grace {
        feature: row.int(0)?,
        host: row.text(1)?.to_owned(),
        days: row.int(2)?,
        hours: row.int(3)?,
        installed: row.int(4)?,
        first_use: row.int_or_null(5)?,
        used: row.int(6)?,
    })
}

/// Writes a grace license.
pub fn save_grace(tx: &mut dyn Tx, server: i64, grace: &Grace) -> Outcome<()> {
    let values: [Value<'_>; 8] = [
        server.into(),
        grace.feature.into(),
        (&grace.host).into(),
        grace.days.into(),
        grace.hours.into(),
        grace.installed.into(),
        grace.first_use.into(),
        grace.used.into(),
    ];
    tx.put(&GRACES, &values).map(|_| ())
}

/// Removes a grace license; false when there is none.
pub fn remove_grace(tx: &mut dyn Tx, server: i64, feature: i64, host: &str) -> Outcome<bool> {
    tx.remove(&GRACES, &[server.into(), feature.into(), host.into()])
}
