//! Reports: their names and scopes, the summary, and the pages in which entries are fetched.

use crate::clock::Timestamp;
use crate::error::Refusal;
use crate::tslicense::catalog::codes::WBEM_E_INVALID_PARAMETER;
use crate::tslicense::catalog::enumerations::{PRODUCT_PER_DEVICE, PRODUCT_PER_USER};
use crate::tslicense::model::report::{Availability, Entry};
use crate::tslicense::model::{Failure, Held};
use std::collections::BTreeMap;

/// What a fetch returns behind the last entry: `LSERVER_I_NO_MORE_DATA`.
///
/// Source: REF, `FetchReportEntries`, return value: 0x4001.
pub const NO_MORE_DATA: u32 = 0x4001;

/// The range of entries that a fetch hands back; `None` when the start lies behind the last one.
///
/// - `total`: entries of the class.
/// - `count`: 0 stands for all that are left.
#[must_use]
pub fn page(total: u32, start: u32, count: u32) -> Option<(u32, u32)> {
    let left = total.checked_sub(start).filter(|left| *left > 0)?;
    Some((start, if count == 0 { left } else { left.min(count) }))
}

/// The name of a report that is made now, `-2` and so on when there is one of that second.
#[must_use]
pub fn name(now: Timestamp, taken: &dyn Fn(&str) -> bool) -> String {
    let at = now.civil();
    let base = format!(
        "licctl-report-{:04}{:02}{:02}{:02}{:02}{:02}",
        at.year, at.month, at.day, at.hour, at.minute, at.second
    );
    let mut names =
        std::iter::once(base.clone()).chain((2_u32..).map(|next| format!("{base}-{next}")));
    names.find(|name| !taken(name)).unwrap_or(base)
}

/// Checks the scope of a report of a server before 2012: 1 a domain, 2 an OU, 3 all trusted domains.
///
/// Refuses with `WBEM_E_INVALID_PARAMETER`.
pub fn scope(kind: u32, value: &str) -> Result<(), Refusal> {
    let refuse = |parameter: &'static str, message: String| {
        Err(Refusal::new(&WBEM_E_INVALID_PARAMETER, message).with("parameter", parameter))
    };
    match kind {
        1 | 3 => Ok(()),
        2 if value.to_ascii_uppercase().starts_with("OU=") => Ok(()),
        2 => refuse("ScopeValue", "an OU is named as `OU=a,OU=b`".to_owned()),
        _ => refuse("ScopeType", format!("scope type {kind} is not published; 1 to 3 are allowed")),
    }
}

/// One entry for each version and product of which licenses are owned, per device before per user.
#[must_use]
pub fn summary(held: &Held) -> Vec<Entry> {
    let mut sums: BTreeMap<(u32, u32), (u64, u64)> = BTreeMap::new();
    for pack in held.packs.iter().filter(|pack| pack.is_owned() && !pack.is_unlimited()) {
        if [PRODUCT_PER_DEVICE, PRODUCT_PER_USER].contains(&pack.product) {
            let sum = sums.entry((pack.version, pack.product)).or_default();
            sum.0 += u64::from(pack.total);
            sum.1 += u64::from(pack.issued);
        }
    }
    let tracks = held.server.tracks_users();
    let entries = sums.into_iter().map(|((version, product), (installed, issued))| Entry {
        version,
        product,
        first: installed,
        second: issued,
        availability: availability(installed, issued, product == PRODUCT_PER_DEVICE || tracks),
        ..Entry::default()
    });
    entries.collect()
}

/// Source: assumed; the page has the words and no numbers.
fn availability(installed: u64, issued: u64, tracked: bool) -> Availability {
    match installed.saturating_sub(issued) {
        _ if !tracked => Availability::NotTracking,
        0 => Availability::None,
        left if left * 10 <= installed => Availability::Limited,
        _ => Availability::Available,
    }
}

/// How many issuances failed in each domain, in the order of the domains.
#[must_use]
pub fn failed_summary(failures: &[Failure]) -> Vec<Entry> {
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    for failure in failures {
        let domain = failure.user.split_once('\\').map_or("", |(domain, _)| domain);
        *counts.entry(domain.to_uppercase()).or_default() += 1;
    }
    counts.into_iter().map(|(name, first)| Entry { name, first, ..Entry::default() }).collect()
}

#[cfg(test)]
mod tests {
    use super::{failed_summary, name, page, scope, summary};
    use crate::tslicense::model::report::Availability;
    use crate::tslicense::model::{Failure, KeyPack, KeyPackId};
    use crate::tslicense::rules::fixture::{a, now};

    #[test]
    fn five_entries_are_fetched_page_by_page() {
        for ((start, count), expected) in [
            ((0, 2), Some((0, 2))),
            ((2, 2), Some((2, 2))),
            ((4, 2), Some((4, 1))),
            ((5, 2), None),
            ((0, 0), Some((0, 5))),
            ((3, 0), Some((3, 2))),
            ((u32::MAX, u32::MAX), None),
        ] {
            assert_eq!(page(5, start, count), expected, "{start}, {count}");
        }
        assert_eq!(page(0, 0, 0), None, "a report without entries has no more data");
    }

    #[test]
    fn two_reports_of_one_second_have_different_names() {
        assert_eq!(name(now(), &|_| false), "licctl-report-20260301090000");
        let first = |known: &str| known == "licctl-report-20260301090000";
        assert_eq!(name(now(), &first), "licctl-report-20260301090000-2");
    }

    #[test]
    fn the_scope_of_an_old_report_is_a_domain_an_ou_or_all() {
        assert!(scope(1, "corp.example").is_ok() && scope(3, "").is_ok());
        assert!(scope(2, "OU=Sales,OU=Berlin").is_ok());
        for (kind, value) in [(2, ""), (2, "Sales"), (0, ""), (4, "")] {
            assert_eq!(scope(kind, value).err().unwrap().code.symbol, "WBEM_E_INVALID_PARAMETER");
        }
    }

    #[test]
    fn the_summary_tells_how_many_licenses_are_left() {
        let mut held = a();
        let word = |held: &crate::tslicense::model::Held| summary(held)[0].availability;
        held.packs = vec![KeyPack::built_in(), KeyPack::new(KeyPackId(3), 5, (6, 1), 10)];
        for (issued, expected) in [
            (8, Availability::Available),
            (9, Availability::Limited),
            (10, Availability::None),
            (12, Availability::None),
        ] {
            held.packs[1].issued = issued;
            assert_eq!(word(&held), expected, "{issued}");
        }
        held.server.in_group = false;
        assert_eq!(word(&held), Availability::NotTracking);
        let entries = summary(&a());
        let order: Vec<_> = entries.iter().map(|entry| (entry.version, entry.product)).collect();
        assert_eq!(order, [(5, 0), (6, 1)]);
        assert_eq!((entries[0].first, entries[0].second), (40, 12));
    }

    #[test]
    fn failures_are_counted_by_domain() {
        let failure = |user: &str| Failure { user: user.to_owned(), tried: now(), version: 6 };
        let found = failed_summary(&[failure("CORP\\a"), failure("corp\\b"), failure("x")]);
        let told: Vec<_> = found.iter().map(|entry| (entry.name.as_str(), entry.first)).collect();
        assert_eq!(told, [("", 1), ("CORP", 2)]);
    }
}
