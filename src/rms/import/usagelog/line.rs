//! One line of a usage log.

use crate::rms::catalog::transactions::{SHUTDOWN, STARTUP};
use crate::rms::import::asctime;
use crate::rms::model::license::FeatureKey;
use crate::rms::model::usage::UsageRecord;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// What a line is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Line {
    /// Blank, or a comment.
    Nothing,
    /// The License Manager started or stopped.
    Run(UsageRecord),
    Record(Box<Found>),
    /// A record that cannot be read without the vendor's key.
    Encrypted,
    /// What it is not, and why.
    Bad(String),
}

/// A record with what the line tells beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) record: UsageRecord,
    /// Its date, as if it were UTC.
    pub(super) local: i64,
    /// The counter at the end of the line.
    pub(super) counter: Option<u64>,
}

/// Levels from which on the figures, and from which on whole records are encrypted.
const FIGURES: u8 = 3;
const WHOLE: u8 = 4;

/// Reads a line.
pub(super) fn parse(text: &str) -> Line {
    let text = text.trim();
    if text.is_empty() {
        return Line::Nothing;
    }
    if let Some(comment) = text.strip_prefix('#') {
        return run(comment).map_or(Line::Nothing, Line::Run);
    }
    let words = words(text);
    match record(text, &words) {
        Ok(found) => Line::Record(Box::new(found)),
        Err(_) if level(&words).is_some_and(|level| level >= WHOLE) => Line::Encrypted,
        Err(why) => Line::Bad(why.to_owned()),
    }
}

/// A word with the place at which it begins.
type Word<'t> = (usize, &'t str);

fn words(text: &str) -> Vec<Word<'_>> {
    let mut found = Vec::new();
    let mut rest = text;
    let mut at = 0;
    loop {
        let trimmed = rest.trim_start();
        at += rest.len() - trimmed.len();
        if trimmed.is_empty() {
            return found;
        }
        let length = trimmed.find(char::is_whitespace).unwrap_or(trimmed.len());
        let (word, behind) = trimmed.split_at(length);
        found.push((at, word));
        at += length;
        rest = behind;
    }
}

fn word<'t>(words: &[Word<'t>], at: usize) -> Option<&'t str> {
    words.get(at).map(|(_, word)| *word)
}

/// The levels of the License Manager and of the license.
fn levels(words: &[Word<'_>]) -> Option<[u8; 2]> {
    let level = |at| word(words, at)?.parse::<u8>().ok().filter(|level| *level <= WHOLE);
    Some([level(0)?, level(1)?])
}

/// The level that counts: the license's, unless it has none.
fn level(words: &[Word<'_>]) -> Option<u8> {
    levels(words).map(|[manager, license]| if license > 0 { license } else { manager })
}

fn number(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

/// `9.5.0`: parts of digits with dots between.
fn is_version(text: &str) -> bool {
    text.contains('.') && text.split('.').all(|part| number(part).is_some())
}

/// The words of a date and the seconds behind it, at `at`: local time, seconds since 1970.
fn moment(words: &[Word<'_>], at: usize) -> Option<(i64, i64)> {
    let date: Vec<&str> = words.get(at..at + 5)?.iter().map(|(_, word)| *word).collect();
    let seconds = number(word(words, at + 5)?)?;
    Some((asctime::of_words(&date)?, i64::try_from(seconds).ok().filter(|at| *at <= LAST)?))
}

/// The last second of the year 9999.
const LAST: i64 = 253_402_300_799;

fn record(text: &str, words: &[Word<'_>]) -> Result<Found, &'static str> {
    let levels = levels(words).ok_or("it begins with no two encryption levels")?;
    let (local, time) =
        moment(words, 3).ok_or("no date with its seconds stands in columns 4 to 9")?;
    let encrypted = level(words).is_some_and(|level| level >= FIGURES);
    let at = transaction(words, encrypted).ok_or("no version with a transaction behind it")?;
    let feature = between(text, words, 9, at - 1).ok_or("it names no feature")?;
    let version = word(words, at - 1).and_then(|word| word.strip_prefix('v')).unwrap_or_default();
    let manager = (at + 5..words.len())
        .find(|place| word(words, *place).is_some_and(is_version))
        .ok_or("no version of the License Manager")?;
    let figure = |place| word(words, place).and_then(number);
    let counted = |place| if encrypted { figure(place).or(None) } else { figure(place) };
    let units = counted(manager + 1);
    if units.is_none() && !encrypted {
        return Err("no number of units behind the version of the License Manager");
    }
    let (behind, counter) = tail(words, manager + 2);
    let comment = between(text, words, manager + 2, behind).unwrap_or_default();
    let transaction = figure(at).and_then(|number| i64::try_from(number).ok());
    let life = figure(at + 2).filter(|_| matches!(transaction, Some(2 | 7 | 9)));
    let record = UsageRecord {
        time,
        feature: FeatureKey { name: feature.to_owned(), version: version.to_owned() },
        transaction: transaction.ok_or("its transaction is too large a number")?,
        units,
        in_use: counted(at + 1),
        key_life: life,
        user: between(text, words, at + 3, manager - 1).unwrap_or_default().to_owned(),
        host: word(words, manager - 1).unwrap_or_default().to_owned(),
        manager: word(words, manager).unwrap_or_default().to_owned(),
        comment: if comment.chars().all(|letter| letter == '-' || letter.is_whitespace()) {
            String::new()
        } else {
            comment.to_owned()
        },
        levels,
    };
    Ok(Found { record, local, counter })
}

/// Where the transaction stands: behind the first version that two figures follow.
fn transaction(words: &[Word<'_>], encrypted: bool) -> Option<usize> {
    let figure = |at| word(words, at).is_some_and(|word| encrypted || number(word).is_some());
    (11..words.len()).find(|at| {
        word(words, at - 1).is_some_and(|version| version.starts_with('v'))
            && word(words, *at).and_then(number).is_some_and(|number| number < 1_000)
            && figure(at + 1)
            && figure(at + 2)
    })
}

/// The text from one word to another that is no part of it.
fn between<'t>(text: &'t str, words: &[Word<'t>], from: usize, to: usize) -> Option<&'t str> {
    let (begin, _) = words.get(from).filter(|_| from < to)?;
    let (last, word) = words.get(to.checked_sub(1)?)?;
    text.get(*begin..last + word.len())
}

/// Where the three words at the end begin, and the counter that the first of them is; behind the last word when there are none.
fn tail(words: &[Word<'_>], from: usize) -> (usize, Option<u64>) {
    let at = words.len().saturating_sub(3);
    let encoded = |at| {
        word(words, at).filter(|word| *word != "-").and_then(|word| STANDARD.decode(word).ok())
    };
    let middle = word(words, at + 1).and_then(number);
    match (encoded(at), middle, encoded(at + 2)) {
        (Some(first), Some(_), Some(_)) if at >= from => {
            let counter = String::from_utf8(first).ok().and_then(|digits| number(&digits));
            (at, counter)
        }
        _ => (words.len(), None),
    }
}

/// The line of a start or a stop: `Startup PRODUCT vVER DATE SECONDS user N id`.
fn run(comment: &str) -> Option<UsageRecord> {
    let words = words(comment);
    let transaction = match word(&words, 0)? {
        "Startup" => STARTUP,
        "Shutdown" => SHUTDOWN,
        _ => return None,
    };
    let (at, (_, time)) =
        (1..words.len()).find_map(|at| moment(&words, at).map(|moment| (at, moment)))?;
    let version = word(&words, at - 1).and_then(|word| word.strip_prefix('v'));
    Some(UsageRecord {
        time,
        feature: FeatureKey { name: String::new(), version: String::new() },
        transaction,
        units: None,
        in_use: None,
        key_life: None,
        user: word(&words, at + 6).unwrap_or_default().to_owned(),
        host: String::new(),
        manager: version.unwrap_or_default().to_owned(),
        comment: String::new(),
        levels: [0, 0],
    })
}
