//! Usage records as the lines of a usage log, without the counters and checksums at their ends: those are the vendor's.

use super::super::import::asctime;
use super::super::import::local::Local;
use crate::rms::catalog::transactions::{SHUTDOWN, STARTUP};
use crate::rms::model::usage::UsageRecord;

/// Writes a record as one line; `local`: the zone of the log's local times. `None`: its time is none of the calendar.
#[must_use]
pub fn line(record: &UsageRecord, local: Local<'_>) -> Option<String> {
    let date = asctime::written(local.shown(record.time))?;
    let UsageRecord { time, feature, transaction, manager, .. } = record;
    let run = match *transaction {
        STARTUP => Some("Startup"),
        SHUTDOWN => Some("Shutdown"),
        _ => None,
    };
    if let Some(run) = run {
        let user = word(&record.user);
        return Some(format!(
            "# {run} Sentinel RMS License Manager v{manager} {date}  {time} {user} 0 0\n"
        ));
    }
    let [server, license] = record.levels;
    // What is encrypted is shown by a word that is no number.
    let figure = |figure: Option<u64>| figure.map_or_else(|| "x".to_owned(), |n| n.to_string());
    let (user, host, version) = (word(&record.user), word(&record.host), &feature.version);
    let comment = if record.comment.is_empty() { "-" } else { &record.comment };
    Some(format!(
        "{server} {license} - {date} {time} {} v{version} {transaction} {} {} {user} {host} {} {} {comment}\n",
        feature.name,
        figure(record.in_use),
        record.key_life.unwrap_or(0),
        word(manager),
        figure(record.units),
    ))
}

/// A word that is there, so that the columns behind it stay where they are.
fn word(text: &str) -> &str {
    if text.is_empty() { "-" } else { text }
}

/// The header of the table of records.
pub const COLUMNS: &str = "featureName,featureVersion,timestamp,transaction,units,inUse,keyLife,user,host,lsVersion,comment\n";

/// Writes a record as one line of a table.
#[must_use]
pub fn row(record: &UsageRecord) -> String {
    let quoted = |text: &str| {
        if text.contains([',', '"', '\n', '\r']) {
            format!("\"{}\"", text.replace('"', "\"\""))
        } else {
            text.to_owned()
        }
    };
    let figure = |figure: Option<u64>| figure.map(|n| n.to_string()).unwrap_or_default();
    let UsageRecord { feature, time, transaction, .. } = record;
    format!(
        "{},{},{time},{transaction},{},{},{},{},{},{},{}\n",
        quoted(&feature.name),
        quoted(&feature.version),
        figure(record.units),
        figure(record.in_use),
        figure(record.key_life),
        quoted(&record.user),
        quoted(&record.host),
        quoted(&record.manager),
        quoted(&record.comment),
    )
}

#[cfg(test)]
mod tests {
    use super::line;
    use crate::artefact::Notes;
    use crate::rms::import::local::Local;
    use crate::rms::import::{Options, Record, usagelog};
    use crate::rms::model::license::FeatureKey;
    use crate::rms::model::usage::UsageRecord;

    fn record(transaction: i64, comment: &str, levels: [u8; 2]) -> UsageRecord {
        let run = transaction < 0;
        let seen = levels == [2, 0];
        UsageRecord {
            time: 1_780_300_805,
            feature: FeatureKey {
                name: if run { String::new() } else { "My Feature".to_owned() },
                version: String::new(),
            },
            transaction,
            units: (!run && seen).then_some(1),
            in_use: (!run && seen).then_some(3),
            key_life: (transaction == 2).then_some(600),
            user: "Ann Smith".split(' ').next().unwrap().to_owned(),
            host: if run { String::new() } else { "ws17".to_owned() },
            manager: "9.5.0".to_owned(),
            comment: comment.to_owned(),
            levels: if run { [0, 0] } else { levels },
        }
    }

    #[test]
    fn what_is_written_reads_back_as_it_was() {
        let records = [
            record(-1, "", [0, 0]),
            record(0, "", [2, 0]),
            record(2, "a  comment - of two", [2, 0]),
            record(11, "", [0, 3]),
        ];
        let text: String =
            records.iter().map(|record| line(record, Local::Ahead(-25_200)).unwrap()).collect();
        let (mut found, mut notes) = (Vec::new(), Notes::default());
        usagelog::read(&mut text.as_bytes(), Options::default(), &mut notes, &mut |_, told| {
            if let Record::Usage(record) = told {
                found.push(record);
            }
            Ok(())
        })
        .unwrap();
        assert!(notes.complaints.is_empty(), "{notes:?}\n{text}");
        assert_eq!(found, records);
    }
}
