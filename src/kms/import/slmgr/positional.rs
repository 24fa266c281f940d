//! An output in a language whose labels are not known: the numbers are told by where they stand and what they look like.
//!
//! Of the indented blocks: a GUID alone as value is the `ClientMachineID`; `text:digits` beside it is the KMS host; two lines one
//! behind the other with one number of 15 to 43200 are the intervals; eight lines that end in numbers are the counters, and the
//! first two of the four lines before them count and port. Words are not understood, so status and flags stay unknown.
//!
//! Of the other lines: four numbers with dots are the Version, GUIDs the `ApplicationID` and, before it, the ID, and a number of
//! minutes with the same in days `GracePeriodRemaining`. All of it is assumed.

use super::labels::{COUNTERS, Fact, Host, Reads};
use super::lines::{COLUMNS, Row};
use super::machine::Machine;
use super::phrases::Phrases;
use crate::kms::catalog::service::{LONGEST_INTERVAL, SHORTEST_INTERVAL};
use crate::kms::catalog::skus::{OFFICE_16_AS_PRINTED, Pool};
use crate::kms::import::cim::value::guid;
use uuid::Uuid;

/// Lines that begin a product at least: Name, Description, key and status.
const HEAD: usize = 3;

/// Lines of the block before the counters: count, port, publishing, priority.
const HOST: usize = 4;

/// What the first two of them hold.
static COUNT_AND_PORT: [&str; 2] =
    ["KeyManagementServiceCurrentCount", "KeyManagementServiceListeningPort"];

/// Reads what can be told; says nothing of the machine when that is nothing.
pub(super) fn read(rows: &[Row], phrases: &Phrases, machine: &mut Machine<'_>) {
    let rows = unwrap(rows);
    let mut before: &[Row] = &[];
    for block in rows.split(Row::is_blank) {
        // A heading stands alone above its indented lines.
        let head: Vec<&Row> = block.iter().take_while(|row| !row.indented).collect();
        if let Some(first) = head.first().filter(|_| head.len() >= HEAD) {
            let name = head.iter().find_map(|row| name_of(row, phrases));
            machine.begin_product(name, first.place());
        }
        for row in block.iter().filter(|row| !row.indented) {
            line(row, machine);
        }
        for run in block.split(|row| !row.indented).filter(|run| !run.is_empty()) {
            client(run, machine);
            counters(run, before, machine);
            before = run;
        }
    }
}

/// Whether the indented blocks of a client or a host can be told.
pub(super) fn is_likely(rows: &[Row]) -> bool {
    let rows = unwrap(rows);
    let mut before: &[Row] = &[];
    rows.split(|row| !row.indented).filter(|run| !run.is_empty()).any(|run| {
        let client = interval_pair(run).is_some() && cmid(run).is_some();
        let host =
            tail_counts(run).is_some_and(|(front, _)| count_and_port(front, before).is_some());
        before = run;
        client || host
    })
}

/// Joins lines that a console cut.
fn unwrap(rows: &[Row]) -> Vec<Row> {
    let mut joined: Vec<Row> = Vec::with_capacity(rows.len());
    for row in rows {
        let cut = |above: &&mut Row| above.width >= COLUMNS && above.has_room();
        let cut = |above: &&mut Row| !row.indented && !row.is_blank() && cut(above);
        match joined.last_mut().filter(cut) {
            Some(above) => above.join(row),
            None => joined.push(row.clone()),
        }
    }
    joined
}

/// The Name of a product, where the language has the English word for it.
fn name_of<'t>(row: &'t Row, phrases: &Phrases) -> Option<&'t str> {
    let found = phrases.find(&row.text)?;
    (found.reads == Reads::Product).then_some(found.value)
}

/// The value of a line: what stands behind the last colon that a blank follows, else the whole line.
fn value_of(text: &str) -> &str {
    let behind_colon = text.rsplit_once(": ").or_else(|| text.rsplit_once('\u{ff1a}'));
    behind_colon.map_or(text, |(_, value)| value).trim()
}

/// The numbers of a line: runs of digits.
fn numbers(text: &str) -> Vec<u32> {
    let runs = text.split(|letter: char| !letter.is_ascii_digit());
    runs.filter(|run| !run.is_empty()).map(|run| run.parse().unwrap_or(u32::MAX)).collect()
}

/// Takes a line that is not indented.
fn line(row: &Row, machine: &mut Machine<'_>) {
    let (value, place) = (value_of(&row.text), row.place());
    let dotted = value.split('.').filter(|part| part.parse::<u32>().is_ok()).count();
    if dotted == 4 && value.split('.').count() == 4 && !machine.has("Version") {
        machine.begin_service(value, place);
    } else if let Some(guid) = guid(value) {
        let application = Uuid::parse_str(&guid).is_ok_and(|guid| {
            guid == OFFICE_16_AS_PRINTED || Pool::of_application(guid) != Pool::Unknown
        });
        let property = if application { "ApplicationID" } else { "ID" };
        if !machine.has(property) {
            machine.text(property, &guid, place);
        }
    } else if let [minutes, days] = numbers(value).as_slice() {
        let same = *days > 0 && (*days == minutes / 1440 || *days == minutes.div_ceil(1440));
        if same && !machine.has("GracePeriodRemaining") {
            machine.fact("GracePeriodRemaining", Fact::Number(*minutes), place);
        }
    }
}

/// Takes an indented block, when it is that of a KMS client: blocks of other ways to activate have GUIDs, but no intervals.
fn client(run: &[Row], machine: &mut Machine<'_>) {
    let (Some((row, cmid)), Some((first, second))) = (cmid(run), interval_pair(run)) else {
        return;
    };
    machine.text("ClientMachineID", &cmid, row.place());
    for ((row, minutes), property) in
        [(first, "VLActivationInterval"), (second, "VLRenewalInterval")]
    {
        machine.fact(property, Fact::Number(minutes), row.place());
    }
    let host = run.iter().find_map(|row| address(&row.text).map(|address| (row, address)));
    if let Some((row, address)) = host {
        // Words tell whether it was registered or found through DNS; the latter is the usual case, and claims less.
        let names = (
            "DiscoveredKeyManagementServiceMachineName",
            "DiscoveredKeyManagementServiceMachinePort",
        );
        machine.address(names, Host::Unknown, address, row.place());
        machine.notes.warn(
            "host-origin-unknown",
            row.place(),
            "whether the KMS host was registered or found through DNS is not known; it is taken as found through DNS",
        );
    }
}

fn cmid(run: &[Row]) -> Option<(&Row, String)> {
    run.iter().find_map(|row| guid(value_of(&row.text)).map(|guid| (row, guid)))
}

/// `name:port` at the end of a line that has a label in front of it.
fn address(line: &str) -> Option<&str> {
    let (label, last) = line.rsplit_once(char::is_whitespace)?;
    let (name, port) = last.rsplit_once(':')?;
    let bare = !name.contains(':') || (name.starts_with('[') && name.ends_with(']'));
    let valid = port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok();
    (!label.trim().is_empty() && !name.is_empty() && bare && valid).then_some(last)
}

/// A line and the number in it.
type Numbered<'r> = (&'r Row, u32);

/// Two lines one behind the other, each with one number that can be an interval.
fn interval_pair(run: &[Row]) -> Option<(Numbered<'_>, Numbered<'_>)> {
    let interval = |row: &Row| match numbers(&row.text).as_slice() {
        [minutes] if (SHORTEST_INTERVAL..=LONGEST_INTERVAL).contains(minutes) => Some(*minutes),
        _ => None,
    };
    run.iter()
        .zip(run.iter().skip(1))
        .find_map(|(first, second)| Some(((first, interval(first)?), (second, interval(second)?))))
}

/// The eight counters at the end of a block.
fn tail_counts(run: &[Row]) -> Option<(&[Row], Vec<Numbered<'_>>)> {
    let (front, tail) = run.split_at_checked(run.len().checked_sub(COUNTERS.len())?)?;
    let counts: Option<Vec<_>> =
        tail.iter().map(|row| Some((row, last_number(&row.text)?))).collect();
    counts.map(|counts| (front, counts))
}

/// The number at the end of a line; -1 stands for "not applicable".
fn last_number(line: &str) -> Option<u32> {
    let last = line.rsplit([' ', ':', '\u{a0}', '\u{ff1a}']).next()?;
    if last == "-1" { Some(u32::MAX) } else { last.parse().ok() }
}

/// Count and port: the numbers of the first two of the four lines in front of the counters, in the same block or the one before.
fn count_and_port<'r>(front: &'r [Row], before: &'r [Row]) -> Option<[Numbered<'r>; 2]> {
    let front = if front.len() >= HOST { front } else { before };
    let [count, port, ..] = front.get(front.len().checked_sub(HOST)?..)? else {
        return None;
    };
    let number = |row: &'r Row| Some((row, last_number(&row.text)?));
    Some([number(count)?, number(port).filter(|(_, port)| u16::try_from(*port).is_ok())?])
}

/// Takes the counters of a host, with count and port.
fn counters(run: &[Row], before: &[Row], machine: &mut Machine<'_>) {
    let Some((front, counts)) = tail_counts(run) else {
        return;
    };
    let place = run.first().map(Row::place).unwrap_or_default();
    // The script prints the block on hosts only.
    machine.fact("IsKeyManagementServiceMachine", Fact::Number(1), place);
    let named = counts.into_iter().zip(COUNTERS);
    let shown = count_and_port(front, before).into_iter().flatten().zip(COUNT_AND_PORT);
    for ((row, number), property) in named.chain(shown) {
        machine.fact(property, Fact::Number(number), row.place());
    }
}
