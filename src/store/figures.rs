//! What the status showed when a moment was kept: the figures of which a trend is made. Which line of today a figure belongs to is
//! left to the status.

use super::moments::Moment;
use super::{Read, Tx};
use crate::clock::Timestamp;
use crate::error::{Outcome, Stop};

/// What a line of the status counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    pub domain: String,
    pub instance: String,
    /// What is counted.
    pub object: String,
    pub used: u64,
}

/// The figures of one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figures {
    pub time: Timestamp,
    pub figures: Vec<Figure>,
}

/// Keeps the figures of a moment that was just kept, in their order.
pub fn keep(tx: &mut dyn Tx, moment: &Moment, figures: &[Figure]) -> Outcome<()> {
    let sql = "insert into snapshot_figures(snapshot, place, domain, instance, object, used) \
        values(?1, ?2, ?3, ?4, ?5, ?6)";
    for (place, figure) in (0_i64..).zip(figures) {
        let used = i64::try_from(figure.used).unwrap_or(i64::MAX);
        let values = [
            moment.number.into(),
            place.into(),
            (&figure.domain).into(),
            (&figure.instance).into(),
            (&figure.object).into(),
            used.into(),
        ];
        tx.exec(sql, &values)?;
    }
    Ok(())
}

/// Forgets the figures of a moment.
pub(super) fn forget(tx: &mut dyn Tx, moment: &Moment) -> Outcome<()> {
    tx.exec("delete from snapshot_figures where snapshot = ?1", &[moment.number.into()])?;
    Ok(())
}

/// The figures of the newest `count` moments before `now`, oldest first.
pub fn before(read: &mut dyn Read, now: Timestamp, count: i64) -> Outcome<Vec<Figures>> {
    let newest = "select number, time_ms from snapshots where time_ms < ?1 \
        order by time_ms desc, number desc limit ?2";
    let mut moments =
        read.all(newest, &[now.into(), count.into()], |row| Ok((row.int(0)?, row.time(1)?)))?;
    moments.reverse();
    let sql = "select domain, instance, object, used from snapshot_figures where snapshot = ?1 \
        order by place";
    let figures = moments.into_iter().map(|(number, time)| {
        let figures = read.all(sql, &[number.into()], |row| {
            Ok(Figure {
                domain: row.text(0)?.to_owned(),
                instance: row.text(1)?.to_owned(),
                object: row.text(2)?.to_owned(),
                used: u64::try_from(row.int(3)?).map_err(|_| {
                    Stop::Fault(anyhow::anyhow!(
                        "the store is damaged: `snapshot_figures.used` is below 0"
                    ))
                })?,
            })
        })?;
        Ok(Figures { time, figures })
    });
    figures.collect()
}
