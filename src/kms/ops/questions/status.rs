//! `licctl status` of this domain: where each host stands, and which clients a snapshot shows out of licence.

use super::Evidence;
use super::check::host_outlooks;
use crate::api::{Question, Summary};
use crate::clock::Timestamp;
use crate::error::Outcome;
use crate::finding::Level;
use crate::kms::catalog::enumerations::{LicenseStatus, STATES};
use crate::kms::catalog::skus::REQUIRED_SERVER;
use crate::kms::ops::hosts::Shown;
use crate::kms::report::counted::{Counted, Counts};
use crate::kms::report::outlook::Outlook;
use crate::kms::report::projection::Verdict;
use crate::kms::store::units::{self, Scope};
use crate::store::Read;

/// How far back the trend of a line looks.
const WEEKS: usize = 4;

/// What `licctl status` shows of this domain: each host against each count that its clients need, then the machines that a
/// snapshot shows out of licence.
pub fn summary(read: &mut dyn Read, question: &Question) -> Outcome<Vec<Summary>> {
    let evidence = Evidence::load(read, None, question.now)?;
    let named = question.instance.as_deref();
    let mut counted = Counted::new(question.now, WEEKS * 7 + 1);
    let outlooks = host_outlooks(read, &evidence, named, &mut |host, unit| {
        counted.take(host, unit);
        Ok(())
    })?;
    let counts = counted.finish();
    let mut lines: Vec<Summary> = outlooks
        .iter()
        .map(|(host, outlook)| Summary {
            trend: weekly(&counts, host, outlook, question.now),
            ..line(host, outlook)
        })
        .collect();
    // A log that ended long ago says nothing of today: the line tells when it ended.
    for host in units::coverage(read, &evidence.names, &Scope::default(), question.now)? {
        if question.now.days_since(host.last) >= 30 {
            for line in lines.iter_mut().filter(|line| line.instance == host.host) {
                line.message = format!("no request since {}", host.last.date());
            }
        }
    }
    let wanted = |name: &str| named.is_none_or(|instance| instance.eq_ignore_ascii_case(name));
    let shown = || evidence.shown.iter().filter(|machine| wanted(&machine.name));
    // A host without a line has no request: of it a snapshot alone is known.
    let told: Vec<Summary> = shown()
        .filter(|machine| machine.is_host())
        .filter(|machine| {
            !lines.iter().any(|line| line.instance.eq_ignore_ascii_case(&machine.name))
        })
        .flat_map(told)
        .collect();
    lines.extend(told);
    let clients: Vec<&Shown> = shown().filter(|machine| !machine.is_host()).collect();
    lines.extend(clients.iter().filter_map(|machine| client(machine)));
    if lines.is_empty() {
        lines.extend(licensed(&clients));
    }
    Ok(lines)
}

/// A host of which a snapshot alone is known: what it counted then, pool by pool.
///
/// Which counts its clients need no snapshot tells: below the smallest that any product needs, nobody is activated.
fn told(host: &Shown) -> Vec<Summary> {
    let on = host.taken.date();
    let line = |object: &str, used: Option<u32>, worst: Option<Level>, message: String| Summary {
        domain: "kms",
        instance: host.name.clone(),
        object: object.to_owned(),
        used: used.map(u64::from),
        capacity: None,
        worst,
        message,
        due: None,
        trend: Vec::new(),
    };
    let counts = host.counts();
    if counts.is_empty() {
        let message = format!("a snapshot of {on} tells no count; no request is known");
        return vec![line("host", None, None, message)];
    }
    let counts = counts.into_iter().map(|(pool, count)| {
        let (worst, what) = if count < REQUIRED_SERVER {
            (Some(Level::Warning), "below every threshold")
        } else {
            (None, "counted")
        };
        let message = format!("{what} on {on}; no request is known");
        line(pool.word(), Some(count), worst, message)
    });
    counts.collect()
}

/// Machines that their snapshots show in licence; none when there are none.
fn licensed(clients: &[&Shown]) -> Option<Summary> {
    let newest = clients.iter().map(|machine| machine.taken).max()?;
    let instance = match clients {
        [only] => only.name.clone(),
        several => format!("{} machines", several.len()),
    };
    let count = |machine: &&&Shown| machine.license().is_some();
    let used = u64::try_from(clients.iter().filter(count).count()).ok();
    Some(Summary {
        domain: "kms",
        instance,
        object: "licensed clients".to_owned(),
        used,
        capacity: u64::try_from(clients.len()).ok(),
        worst: None,
        message: format!("by snapshots up to {}", newest.date()),
        due: None,
        trend: Vec::new(),
    })
}

fn line(host: &str, outlook: &Outlook) -> Summary {
    let finding = outlook.finding();
    // Short, so that a line fits 80 columns; the date stands beside it.
    let message = match outlook.verdict {
        Verdict::Reached => "reached",
        Verdict::WillFall => "falls below",
        Verdict::WillReach => "below, rising",
        Verdict::WillNotReach | Verdict::NotReached => "below",
        Verdict::Unknown => "unknown",
    };
    Summary {
        domain: "kms",
        instance: host.to_owned(),
        object: format!("{} N={}", outlook.pool.word(), outlook.required),
        used: outlook.count,
        capacity: Some(u64::from(outlook.required)),
        worst: finding.as_ref().map(|finding| finding.severity),
        message: message.to_owned(),
        due: outlook.date,
        trend: Vec::new(),
    }
}

/// What the host counted a week ago, two weeks ago and so on, as far back as its log tells.
fn weekly(
    counts: &[Counts],
    host: &str,
    outlook: &Outlook,
    now: Timestamp,
) -> Vec<(Timestamp, u64)> {
    let counts = counts.iter().find(|counts| counts.host == host && counts.pool == outlook.pool);
    let days = counts.map_or(&[][..], |counts| counts.days.as_slice());
    let whole_weeks = |day: &Timestamp| {
        let days = now.days_since(*day);
        days > 0 && days % 7 == 0
    };
    days.iter().filter(|(day, _)| whole_weeks(day)).copied().collect()
}

/// A client machine that its newest snapshot shows in another state than licensed.
fn client(machine: &Shown) -> Option<Summary> {
    let (status, reason) = machine.license()?;
    if status == LicenseStatus::Licensed.number() {
        return None;
    }
    let word = STATES
        .iter()
        .find(|state| state.named.value == status)
        .map_or("unknown", |state| state.named.name);
    let worst = if status == LicenseStatus::Notification.number()
        || status == LicenseStatus::Unlicensed.number()
    {
        Level::Error
    } else {
        Level::Warning
    };
    let reason = reason
        .filter(|reason| *reason != 0)
        .map_or_else(String::new, |reason| format!(" (0x{reason:08X})"));
    Some(Summary {
        domain: "kms",
        instance: machine.name.clone(),
        object: "client".to_owned(),
        used: None,
        capacity: None,
        worst: Some(worst),
        message: format!("{word}{reason} on {}", machine.taken.date()),
        due: None,
        trend: Vec::new(),
    })
}
