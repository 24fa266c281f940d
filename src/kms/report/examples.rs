//! Mini log L1 of the specification, asked every report of this folder, and the examples about single clients in it.

use super::lapse::State;
use super::minilog::{Log, NOW, OFFICE, WINDOWS, at, cmid, covered};
use super::projection::Verdict;
use super::shared::{Class, Evidence};
use super::stale;
use super::threshold::Parameters;
use super::{Pool, label};

#[test]
fn the_mini_log_reaches_neither_threshold() {
    let coverage = covered("2025-03-01T08:00:00Z", "2025-03-14T07:00:00Z");
    let answer = Log::l1().threshold(Parameters { coverage, ..Parameters::new(at(NOW)) });
    let [windows, office] = &answer.outlooks[..] else { panic!("{answer:?}") };
    let figures = windows.figures.as_ref().unwrap();
    assert_eq!((windows.pool, windows.required, windows.count), (Pool::Windows, 25, Some(6)));
    assert_eq!((figures.active, figures.limit, figures.virtual_machines), (6, 50, 3));
    assert_eq!((figures.silent, figures.kept, figures.phantoms), (6, 0, 2));
    assert_eq!((figures.without_phantoms, figures.if_duplicates_fixed), (4, 7));
    assert!(figures.arrivals_unknown && figures.lower_bound);
    assert!(figures.arrivals_per_day.abs() < f64::EPSILON);
    assert_eq!((windows.verdict, windows.date), (Verdict::WillNotReach, None));
    let figures = office.figures.as_ref().unwrap();
    assert_eq!((office.pool, office.required, office.count), (Pool::Office15, 5, Some(1)));
    assert_eq!((figures.active, figures.limit), (1, 10));
    assert_eq!(office.verdict, Verdict::WillNotReach);
}

#[test]
fn the_mini_log_has_one_duplicate_one_alias_and_one_rename() {
    let (found, wasted) = Log::l1().duplicates();
    let classes: Vec<_> = found.iter().map(|shared| (shared.cmid, shared.class)).collect();
    assert_eq!(
        classes,
        [(cmid(1), Class::Alias), (cmid(2), Class::Duplicate), (cmid(3), Class::Rename)]
    );
    let names = |place: usize| -> Vec<(&str, u64)> {
        found[place].names.iter().map(|named| (&named.name[..], named.rows)).collect()
    };
    assert_eq!(names(0), [("pc-001.corp.example", 1), ("PC-001", 1)]);
    assert_eq!(names(1), [("clone-a", 2), ("clone-b", 1)]);
    assert_eq!((found[1].wasted, &found[1].evidence[..]), (1, &[Evidence::Interleaved][..]));
    assert_eq!(found[1].names[0].first, at("2025-03-02T09:00:00Z"));
    assert_eq!(found[1].names[0].last, at("2025-03-02T11:00:00Z"));
    assert!(found.iter().all(|shared| shared.pool == Pool::Windows));
    assert_eq!(wasted[&Pool::Windows], 1);
}

#[test]
fn the_mini_log_has_one_desktop_that_does_not_persist() {
    let answer = Log::l1().churn(3);
    let labels: Vec<_> =
        answer.labels.iter().map(|churned| (&churned.label[..], churned.cmids)).collect();
    assert_eq!(labels, [("vdi-7", 3)]);
    assert_eq!(answer.labels[0].phantoms(), 2);
}

#[test]
fn five_units_of_the_mini_log_are_stale_in_the_order_in_which_they_fall_out() {
    let answer = Log::l1().stale(stale::Parameters::new(at(NOW), 10_080));
    let found: Vec<_> = answer
        .lapses()
        .map(|lapse| (lapse.cmid, lapse.activation, lapse.life.falls_out, lapse.days_silent))
        .collect();
    let expected = [
        (1, OFFICE, "2025-08-28T08:05:00Z", 29),
        (2, WINDOWS, "2025-08-29T11:00:00Z", 28),
        (3, WINDOWS, "2025-09-01T10:00:00Z", 25),
        (1, WINDOWS, "2025-09-04T08:00:00Z", 22),
        (7, WINDOWS, "2025-09-10T07:00:00Z", 16),
    ];
    assert_eq!(found, expected.map(|(n, product, time, days)| (cmid(n), product, at(time), days)));
    assert!(answer.lapses().all(|lapse| lapse.state == State::Stale && !lapse.superseded));
}

#[test]
fn the_superseded_desktops_of_the_mini_log_are_shown_on_request() {
    let parameters =
        stale::Parameters { include_superseded: true, ..stale::Parameters::new(at(NOW), 10_080) };
    let answer = Log::l1().stale(parameters);
    let superseded: Vec<_> =
        answer.lapses().filter(|lapse| lapse.superseded).map(|lapse| lapse.cmid).collect();
    assert_eq!(superseded, [cmid(5), cmid(6)]);
    assert_eq!(answer.len(), 7);
}

#[test]
fn strictly_a_client_that_met_a_count_of_two_was_not_activated() {
    let parameters = stale::Parameters { strict: true, ..stale::Parameters::new(at(NOW), 10_080) };
    let answer = Log::l1().stale(parameters);
    let clone = answer.lapses().find(|lapse| lapse.cmid == cmid(2)).unwrap();
    assert_eq!(clone.life.falls_out, at("2025-04-01T07:20:00Z"));
    assert_eq!(clone.life.notification, at("2025-04-01T07:20:00Z"));
    assert_eq!(label(&clone.name).as_deref(), Some("clone-a"));
    // Licensed before it asked, so believed in.
    let licensed = answer.lapses().find(|lapse| lapse.last == at("2025-03-08T08:00:00Z")).unwrap();
    assert_eq!(licensed.life.falls_out, at("2025-09-04T08:00:00Z"));
    // Already in notification mode, and the count of its pool was one of five.
    let office = answer.lapses().next().unwrap();
    assert_eq!((office.activation, office.state), (OFFICE, State::Out));
    assert_eq!(office.life.falls_out, at("2025-03-01T08:05:00Z"));
}

#[test]
fn strictly_the_fifth_server_is_the_first_that_is_activated() {
    let mut log = Log::default();
    for n in 1..=6 {
        let entry = log.ask(&format!("2025-02-01T0{n}:00:00Z"), &format!("server-{n}"), n);
        (entry.required, entry.status, entry.minutes) = (5, 2, 43_200);
    }
    let strict = stale::Parameters { strict: true, ..stale::Parameters::new(at(NOW), 10_080) };
    let answer = log.stale(strict.clone());
    let activated: Vec<_> = answer
        .lapses()
        .filter(|lapse| lapse.life.falls_out == lapse.last.plus_days(180))
        .map(|lapse| lapse.cmid)
        .collect();
    assert_eq!(activated, [cmid(5), cmid(6)]);
    // A refused client may be out though it was heard of yesterday.
    let mut log = Log::default();
    let entry = log.ask("2025-03-30T00:00:00Z", "server-1", 1);
    (entry.status, entry.minutes) = (5, 0);
    assert_eq!(log.stale(strict).lapses().next().unwrap().state, State::Out);
    assert!(log.stale(stale::Parameters::new(at(NOW), 10_080)).is_empty());
}
