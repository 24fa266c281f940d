//! Tables of usage as `lsusage -c` writes them: comma-separated, read by the names of their columns.
//!
//! The vendor documents no list of columns; the first ones are a feature, its version, a day of the week and a date. Columns that nobody
//! knows are passed over.

use super::asctime;
use super::local::Local;
use super::records::LogFacts;
use super::{Each, Options, Record};
use crate::artefact::csv::{Header, Row, Table};
use crate::artefact::trouble::{Next, excerpt};
use crate::artefact::{Fit, Kind, Notes, Sample};
use crate::clock::Timestamp;
use crate::error::{Outcome, Place};
use crate::rms::catalog::transactions::TRANSACTIONS;
use crate::rms::model::license::FeatureKey;
use crate::rms::model::usage::UsageRecord;
use std::io::BufRead;

pub static KIND: Kind = Kind {
    name: "rms.lsusage",
    title: "table of usage as CSV (`lsusage -c`, `licctl rms export --as lsusage`)",
    binary: true,
    sniff,
};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Of {
    Feature,
    Version,
    /// Seconds since 1970.
    Stamp,
    Date,
    Time,
    Transaction,
    Units,
    InUse,
    Life,
    User,
    Host,
    Manager,
    Comment,
}

/// The names that columns have, compared without case and blanks. Beyond the first four they are assumed.
static COLUMNS: [(Of, &[&str]); 13] = [
    (Of::Feature, &["FeatureName", "Feature"]),
    (Of::Version, &["Version", "FeatureVersion", "Ver"]),
    (Of::Stamp, &["Timestamp", "Time-stamp", "Epoch"]),
    (Of::Date, &["Date", "DateTime"]),
    (Of::Time, &["Time", "TimeOfDay"]),
    (Of::Transaction, &["Transaction", "Trans", "TransactionType", "Event"]),
    (Of::Units, &["Units", "Currency", "Keys", "Tokens"]),
    (Of::InUse, &["InUse", "NumKeys", "KeysInUse", "TokensInUse"]),
    (Of::Life, &["KeyLife", "Duration", "Seconds"]),
    (Of::User, &["User", "UserName"]),
    (Of::Host, &["Host", "HostName", "Computer"]),
    (Of::Manager, &["LSver", "LsVersion", "ServerVersion"]),
    (Of::Comment, &["Comment", "UsageData"]),
];

/// Where the columns are.
struct Columns([Option<usize>; COLUMNS.len()]);

impl Columns {
    fn of(header: &Header) -> Self {
        Self(COLUMNS.each_ref().map(|(_, names)| header.column(names)))
    }

    fn has(&self, of: Of) -> bool {
        self.at(of).is_some()
    }

    fn at(&self, of: Of) -> Option<usize> {
        let found = COLUMNS.iter().zip(self.0).find(|((column, _), _)| *column == of);
        found.and_then(|(_, at)| at)
    }

    /// Whether a feature, a transaction and a moment can be told from a row.
    fn suffice(&self) -> bool {
        let moment = self.has(Of::Stamp) || self.has(Of::Date);
        self.has(Of::Feature) && self.has(Of::Transaction) && moment
    }

    fn text<'r>(&self, row: &Row<'r>, of: Of) -> &'r str {
        self.at(of).map_or("", |at| row.get(at)).trim()
    }
}

fn sniff(sample: &Sample<'_>) -> Fit {
    match Header::of(sample).map(|header| Columns::of(&header)) {
        // Other logs have such columns too; a table of features and of tokens is this one.
        Some(columns) if columns.suffice() => Fit::Yes(4),
        Some(columns) if columns.has(Of::Feature) && columns.has(Of::Date) => {
            Fit::Near("it has no column that tells the transaction")
        }
        _ => Fit::No,
    }
}

/// Reads a table.
pub fn read(
    input: &mut dyn BufRead,
    options: Options,
    notes: &mut Notes,
    each: &mut Each<'_>,
) -> Outcome<()> {
    let mut table = match Table::open(input) {
        Ok(table) => table,
        Err(trouble) => return trouble.settle(notes).map(|_| ()),
    };
    let columns = Columns::of(table.header());
    if !columns.suffice() {
        let message = "the header names no feature, no transaction, or no moment";
        let remedy = "columns are known as `FeatureName`, `Transaction`, `Date` and the like";
        notes.complain_with(Place::Line(1), message, remedy);
        return Ok(());
    }
    if !columns.has(Of::Stamp) && !options.local.is_told() {
        let message = "local times are taken as UTC; `--tz` names their zone";
        notes.warn("W_LOCAL_TIME_ASSUMED_UTC", Place::Whole, message);
    }
    loop {
        let (place, record) = match table.next() {
            Ok(None) => break,
            Ok(Some(row)) => (Place::Line(row.line), record(&columns, &row, options.local)),
            Err(trouble) => match trouble.settle(notes)? {
                Next::Piece => continue,
                Next::Stop => break,
            },
        };
        match record {
            Ok(record) => each(place, Record::Usage(record))?,
            Err(why) => notes.complain(place, format!("no record of usage: {why}")),
        }
    }
    each(Place::Whole, Record::Log(LogFacts::default()))
}

/// One row; `local`: the zone of its local times.
fn record(columns: &Columns, row: &Row<'_>, local: Local<'_>) -> Result<UsageRecord, String> {
    let text = |of: Of| columns.text(row, of);
    let feature =
        FeatureKey { name: text(Of::Feature).to_owned(), version: text(Of::Version).to_owned() };
    let transaction = transaction(text(Of::Transaction))?;
    if feature.name.is_empty() && transaction >= 0 {
        return Err("it names no feature".to_owned());
    }
    let (units, in_use) = (figure(text(Of::Units))?, figure(text(Of::InUse))?);
    // A table without a column of units counts one unit a row, unless it is an encrypted record of ours.
    let units = units.or_else(|| (!columns.has(Of::Units) && transaction >= 0).then_some(1));
    Ok(UsageRecord {
        time: moment(columns, row, local)?,
        feature,
        transaction,
        units,
        in_use,
        key_life: figure(text(Of::Life))?,
        user: text(Of::User).to_owned(),
        host: text(Of::Host).to_owned(),
        manager: text(Of::Manager).to_owned(),
        comment: text(Of::Comment).to_owned(),
        levels: [0, 0],
    })
}

fn figure(text: &str) -> Result<Option<u64>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let found = text.parse::<u32>().ok().filter(|_| !text.starts_with('+'));
    found
        .map(|number| Some(number.into()))
        .ok_or_else(|| format!("`{}` is no whole number", excerpt(text)))
}

/// A number, or the word that licctl has for it.
fn transaction(text: &str) -> Result<i64, String> {
    let named = TRANSACTIONS.iter().find(|row| row.name.eq_ignore_ascii_case(text));
    let number = text.parse().ok().filter(|number| (-2..=9999).contains(number));
    named
        .map(|row| row.number)
        .or(number)
        .ok_or_else(|| format!("`{}` is no transaction", excerpt(text)))
}

/// The last second of the year 9999.
const LAST: i64 = 253_402_300_799;

fn moment(columns: &Columns, row: &Row<'_>, local: Local<'_>) -> Result<i64, String> {
    let stamp = columns.text(row, Of::Stamp);
    if !stamp.is_empty() {
        let found = stamp.parse::<i64>().ok().filter(|seconds| (0..=LAST).contains(seconds));
        return found.ok_or_else(|| format!("`{}` is no time in seconds", excerpt(stamp)));
    }
    let (date, time) = (columns.text(row, Of::Date), columns.text(row, Of::Time));
    let whole = format!("{date} {time}");
    let iso = || {
        let text = whole.trim().replacen(' ', "T", 1);
        Timestamp::parse(&format!("{text}Z")).map(Timestamp::s)
    };
    asctime::seconds(&whole)
        .or_else(iso)
        .map(|seconds| local.utc(seconds))
        .ok_or_else(|| format!("`{}` is no date", excerpt(whole.trim())))
}

#[cfg(test)]
mod tests {
    use super::{read, sniff};
    use crate::artefact::{Fit, Notes, Sample};
    use crate::rms::export::usagelog::{COLUMNS, row};
    use crate::rms::import::local::Local;
    use crate::rms::import::{Options, Record};
    use crate::rms::model::license::FeatureKey;
    use crate::rms::model::usage::UsageRecord;

    fn read_all(text: &str, local: Local<'_>) -> (Vec<UsageRecord>, Notes) {
        let (mut found, mut notes) = (Vec::new(), Notes::default());
        let options = Options { local, ..Options::default() };
        read(&mut text.as_bytes(), options, &mut notes, &mut |_, told| {
            if let Record::Usage(record) = told {
                found.push(record);
            }
            Ok(())
        })
        .unwrap();
        (found, notes)
    }

    fn record(transaction: i64, comment: &str) -> UsageRecord {
        UsageRecord {
            time: 1_780_300_805,
            feature: FeatureKey { name: "My, Feature".to_owned(), version: "4.2".to_owned() },
            transaction,
            units: Some(1),
            in_use: Some(3),
            key_life: (transaction == 2).then_some(600),
            user: "ann".to_owned(),
            host: "ws17".to_owned(),
            manager: "9.5.0".to_owned(),
            comment: comment.to_owned(),
            levels: [0, 0],
        }
    }

    #[test]
    fn what_is_written_reads_back_as_it_was() {
        let records = [record(0, ""), record(2, "a \"quoted\", one"), record(11, "")];
        let text: String =
            std::iter::once(COLUMNS.to_owned()).chain(records.iter().map(row)).collect();
        let (found, notes) = read_all(&text, Local::Untold);
        assert!(notes.complaints.is_empty() && notes.warnings.is_empty(), "{notes:?}");
        assert_eq!(found, records);
        let sample = Sample { name: "", bytes: text.as_bytes(), text: &text };
        assert_eq!(sniff(&sample), Fit::Yes(4));
    }

    #[test]
    fn columns_are_known_by_their_names_and_local_times_by_the_offset() {
        let text = "FeatureName,Version,DayOfWeek,Date,Time,Trans,User,Other\n\
                    WIDGET,4.2,Mon,2026-06-01,01:00:05,0,ann,x\n\
                    WIDGET,4.2,Mon,Mon Jun 01 01:00:05 2026,,denied,bob,x\n";
        let (found, notes) = read_all(text, Local::Ahead(-25_200));
        assert!(notes.complaints.is_empty(), "{notes:?}");
        let told: Vec<_> = found.iter().map(|one| (one.time, one.transaction, one.units)).collect();
        assert_eq!(told, [(1_780_300_805, 0, Some(1)), (1_780_300_805, 1, Some(1))]);
        let (_, notes) = read_all(text, Local::Untold);
        assert_eq!(notes.warnings[0].code, "W_LOCAL_TIME_ASSUMED_UTC");
    }

    #[test]
    fn rows_that_are_none_are_told_with_their_lines() {
        let text =
            "Feature,Timestamp,Transaction,Keys\n,1,0,1\nA,x,0,1\nA,1,gone,1\nA,1,0,-1\nA,1,0,2\n";
        let (found, notes) = read_all(text, Local::Untold);
        assert_eq!(found.len(), 1);
        let places: Vec<String> =
            notes.complaints.kept.iter().map(|one| one.place.to_string()).collect();
        assert_eq!(places, ["line 2", "line 3", "line 4", "line 5"]);
        let (_, notes) = read_all("Feature,Date\nA,1\n", Local::Untold);
        assert_eq!(notes.complaints.count(), 1);
    }
}
