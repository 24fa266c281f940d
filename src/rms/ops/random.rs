//! Random runs: whoever asks for what in whatever order, and however time passes, no more tokens are in use than there are.

use super::desk::Desk;
use super::worked::{Bench, cad, license, request};
use crate::clock::Timestamp;
use crate::rms::model::group::Group;
use crate::rms::model::request::{Queueing, Request, Wait};
use crate::rms::ops::servers::Settings;
use crate::rms::ops::sessions::Whose;
use crate::rms::ops::{commuter, reservations, sessions};
use crate::rms::rules::commuter::CheckOut;
use crate::store::Tx;
use proptest::prelude::*;

/// One thing that happens.
#[derive(Debug, Clone)]
enum Step {
    Login(usize, u64, Queueing),
    Refresh(u32, Option<u64>),
    Logout(u32, Option<u64>),
    CheckOut(usize, u64),
    CheckIn(usize),
    Terminate(usize),
    /// So many tokens are set apart from now on.
    Reserve(u64),
}

const USERS: [&str; 4] = ["ann", "bob", "cat", "dan"];

fn step() -> impl Strategy<Value = Step> {
    let queueing = prop::sample::select(vec![
        Queueing::Get,
        Queueing::Get,
        Queueing::GetOrQueue,
        Queueing::Queue,
    ]);
    let units = || prop::option::of(1_u64..4);
    prop_oneof![
        5 => (0..USERS.len(), 1_u64..4, queueing).prop_map(|(user, units, how)| Step::Login(user, units, how)),
        2 => (1_u32..20, units()).prop_map(|(key, units)| Step::Refresh(key, units)),
        3 => (1_u32..20, units()).prop_map(|(key, units)| Step::Logout(key, units)),
        1 => (0..USERS.len(), 1_u64..3).prop_map(|(user, units)| Step::CheckOut(user, units)),
        1 => (0..USERS.len()).prop_map(Step::CheckIn),
        1 => (0..USERS.len()).prop_map(Step::Terminate),
        1 => (0_u64..9).prop_map(Step::Reserve),
    ]
}

/// What the license is like: how it is shared and held.
fn kind() -> impl Strategy<Value = String> {
    (0..3_u8, 0..3_u8, 4..8_u8).prop_map(|(sharing, holding, seats)| {
        format!(
            "numLicenses={seats} isAdditive=0 isCommuter=1 keyLifeTime=300 sharingCrit={sharing} sharingLimit=2 \
             holdingCrit={holding} holdTime=120"
        )
    })
}

fn take(bench: &mut Bench, step: &Step) {
    let client = |user: usize| request(USERS[user], 1).client;
    match step {
        Step::Login(user, units, queueing) => {
            let wait =
                Wait { queueing: *queueing, longest: Some(200), keep: Some(60), ..Wait::default() };
            let asked = Request { wait, hold: 90, ..request(USERS[*user], *units) };
            let _ = bench.ask(&asked);
        }
        Step::Refresh(key, units) => {
            let _ = bench.refresh(*key, *units);
        }
        Step::Logout(key, units) => {
            let _ = bench.logout(*key, *units);
        }
        Step::CheckOut(user, units) => {
            let wanted = CheckOut {
                client: client(*user),
                units: *units,
                days: 1,
                selectors: 0,
                remote: false,
            };
            let _ = bench.write(|tx, now| {
                commuter::check_out(tx, "default", &super::worked::cad(), &wanted, now)
            });
        }
        Step::Terminate(user) => {
            let whose = Whose { user: Some(USERS[*user].to_owned()), ..Whose::default() };
            let _ = bench.write(|tx, now| sessions::terminate(tx, "default", &whose, now));
        }
        Step::Reserve(tokens) => reserve(bench, *tokens),
        Step::CheckIn(user) => {
            let _ = bench.write(|tx, now| {
                commuter::check_in(tx, "default", &super::worked::cad(), &client(*user), now)
            });
        }
    }
}

fn bench(kind: &str) -> Bench {
    let settings = Settings { queue_max: Some(3), ..Settings::default() };
    let mut bench = Bench::new("2026-06-01T08:00:00Z", &[license("AAAA", kind)]).set(&settings);
    reserve(&mut bench, 2);
    bench
}

/// Sets tokens apart for a group of two.
fn reserve(bench: &mut Bench, tokens: u64) {
    let group = Group {
        feature: "cad".to_owned(),
        version: None,
        name: "eng".to_owned(),
        tokens,
        members: reservations::members(&["ann".to_owned(), "$ws-bob".to_owned()]),
    };
    bench.write(|tx, _| reservations::set(tx, "default", &[group])).unwrap();
}

fn pause() -> impl Strategy<Value = i64> {
    prop_oneof![
        3 => prop::sample::select(vec![0, 1, 60, 61, 90, 120, 121, 201, 300, 301]),
        1 => 0_i64..100_000,
    ]
}

/// Calls at one desk within one change, which waits with what it writes or does not: what they answered, and what is left of them.
fn at_one_desk(kind: &str, steps: &[(i64, Step)], defers: bool) -> (Vec<String>, Bench) {
    let mut bench = bench(kind);
    let mut told = Vec::new();
    let run = |tx: &mut dyn Tx, mut now: Timestamp| {
        let mut desk = Desk::open(tx.reading(), "default")?;
        if defers {
            desk.defer(tx.reading())?;
        }
        for (pause, step) in steps {
            now = now.plus_ms(pause * 1000);
            told.push(match step {
                Step::Login(user, units, queueing) => {
                    let wait = Wait { queueing: *queueing, keep: Some(60), ..Wait::default() };
                    let asked = Request { wait, ..request(USERS[*user], *units) };
                    format!("{:?}", desk.login(tx, &cad(), &asked, now))
                }
                Step::Refresh(key, units) => {
                    format!("{:?}", desk.refresh(tx, *key, *units, now))
                }
                Step::Logout(key, units) => format!("{:?}", desk.logout(tx, *key, *units, now)),
                _ => String::new(),
            });
        }
        desk.write(tx)
    };
    bench.write(run).unwrap();
    bench.pass(steps.iter().map(|(pause, _)| pause).sum());
    (told, bench)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn tokens_in_use_never_exceed_the_right_of_the_node(
        kind in kind(),
        steps in prop::collection::vec((pause(), step()), 1..24),
    ) {
        let mut bench = bench(&kind);
        for (pause, step) in steps {
            bench.pass(pause);
            take(&mut bench, &step);
            let (total, counts) = (bench.total().unwrap(), bench.counts());
            prop_assert!(counts.used + counts.kept <= total, "{counts:?} of {total} after {step:?}");
            prop_assert!(counts.all_drawn() <= counts.used + counts.kept, "{counts:?}");
            prop_assert!(counts.kept <= counts.wanted && counts.held + counts.commuted <= counts.used);
            bench.audit();
        }
        // When everybody has gone, nothing is left in use.
        bench.pass(10 * 86_400);
        let counts = bench.counts();
        prop_assert_eq!((counts.used, counts.kept, counts.queued, counts.all_drawn()), (0, 0, 0, 0));
    }

    #[test]
    fn looking_in_between_makes_no_difference(
        kind in kind(),
        steps in prop::collection::vec((pause(), step()), 1..12),
        (first, second) in (0_i64..400, 0_i64..400),
    ) {
        let run = |looks: bool| {
            let mut bench = bench(&kind);
            for (pause, step) in &steps {
                bench.pass(*pause);
                take(&mut bench, step);
            }
            bench.pass(first);
            if looks {
                bench.settle();
            }
            bench.pass(second);
            let mut states = bench.states();
            // Rows that time changed come last; their order says nothing.
            states.sort_by_key(|state| format!("{state:?}"));
            (bench.counts(), states)
        };
        prop_assert_eq!(run(false), run(true));
    }

    #[test]
    fn what_waits_to_be_written_answers_as_if_it_were(
        kind in kind(),
        steps in prop::collection::vec((pause(), step()), 1..24),
    ) {
        let (told, mut bench) = at_one_desk(&kind, &steps, true);
        let (expected, mut written) = at_one_desk(&kind, &steps, false);
        prop_assert_eq!(told, expected);
        bench.audit();
        prop_assert_eq!(bench.counts(), written.counts());
        prop_assert_eq!(bench.states(), written.states());
        prop_assert_eq!(bench.usage(), written.usage());
    }
}
