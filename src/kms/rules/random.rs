//! Random runs: whatever is called in whatever order, machines stay legal and hosts keep their books.

use super::checks::{self, Caller, Class};
use super::fixture::{
    DESKTOP, Host, OFFICE, OFFICE_HOST, V10, V60, V61, WINDOWS_HOST, activated, client_of, context,
    desktop, examine, machine, request, start,
};
use super::read::{self, Members, Property};
use super::{cache, call, rearm};
use crate::catalog::{Direction, Kind, Mask};
use crate::clock::Timestamp;
use crate::error::Stop;
use crate::kms::catalog::methods::{self, ServiceMethod};
use crate::kms::catalog::skus;
use crate::kms::model::{Counters, HostPool, PropertyValue, Request, State};
use proptest::prelude::*;
use uuid::Uuid;

/// A text of the pattern of a key.
const KEY: &str = "AAAAA-BBBBB-CCCCC-DDDDD-EEEEE";

/// A text for a parameter, right or wrong.
fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "",
            "0",
            "1",
            "2",
            "3",
            "4",
            "14",
            "15",
            "43200",
            "43201",
            "65535",
            "65536",
            "-5",
            "abc",
            "true",
            "false",
            "kms1",
            "a b",
            "a:b",
            "[::1]",
            "corp.example",
            "<a/>",
            "0-0",
            "https://server.example",
            "55c92734-d682-4d71-983e-d6ec3f16059f",
            "0ff1ce15-a989-479d-af46-f275c6370663",
            "4294967296",
        ])
        .prop_map(str::to_owned),
        any::<u32>().prop_map(|number| number.to_string()),
        "\\PC{0,40}",
        Just("a".repeat(256)),
    ]
}

/// One step: which method with which texts, who calls, how long it waits before, whether the machine restarts after.
fn steps() -> impl Strategy<Value = Vec<(usize, Vec<String>, bool, i64, bool)>> {
    let texts = prop::collection::vec(texts(), 3);
    prop::collection::vec(
        (0_usize..44, texts, prop::bool::weighted(0.1), 0_i64..60_000, any::<bool>()),
        0..25,
    )
}

fn machines() -> Vec<State> {
    let bare = machine(1, "KMS1", V10);
    let old = activated(&machine(1, "old", V60), WINDOWS_HOST);
    vec![
        bare.clone(),
        client_of(&desktop(1), OFFICE),
        activated(&activated(&bare, WINDOWS_HOST), OFFICE_HOST),
        client_of(&activated(&machine(1, "seven", V61), WINDOWS_HOST), DESKTOP),
        old,
    ]
}

/// A value that the row of the property allows.
fn legal((field, value): &Property) -> bool {
    match (field.kind, value) {
        (Kind::U32 { min, max }, PropertyValue::U32(number)) => (min..=max).contains(number),
        (Kind::Enumeration(values), PropertyValue::U32(number)) => {
            values.iter().any(|row| row.value == *number)
        }
        (Kind::Sentinel, PropertyValue::U32(_))
        | (Kind::Boolean, PropertyValue::Bool(_))
        | (Kind::Datetime, PropertyValue::Time(_)) => true,
        (Kind::Guid, PropertyValue::Text(text)) => Uuid::try_parse(text).is_ok(),
        (Kind::Text { min, max }, PropertyValue::Text(text)) => {
            (min..=max).contains(&u32::try_from(text.chars().count()).unwrap())
        }
        (kind, PropertyValue::Null) => {
            matches!(kind, Kind::Text { .. } | Kind::Guid | Kind::Datetime | Kind::Secret(_))
        }
        _ => false,
    }
}

fn first_illegal(state: &State, pools: &[HostPool], now: Timestamp) -> Option<Property> {
    let service = read::service(state, pools, Members::OfProfile, now);
    let products =
        state.products.iter().flat_map(|product| read::product(state, product, pools, now));
    service.into_iter().chain(products).find(|property| !legal(property))
}

fn run(
    state: &State,
    method: &'static ServiceMethod,
    texts: &[String],
    caller: Caller,
    now: Timestamp,
) -> Result<State, Stop> {
    let wanted = method.method.parameters.iter().filter(|row| row.direction == Direction::In);
    let given: Vec<(&str, &str)> = wanted
        .zip(texts)
        .map(|(row, text)| match row.kind {
            // Every other text must fail as a key, and only here may a key be given: elsewhere it would be a name like any other.
            Kind::Secret(Mask::LastFive) if text.len() % 2 == 0 => (row.name, KEY),
            _ => (row.name, text.as_str()),
        })
        .collect();
    let class = if method.method.name.starts_with("SoftwareLicensingService.") {
        Class::Service
    } else {
        Class::Product
    };
    let method = checks::method(class, state.machine.profile(), method.word())?;
    let arguments = checks::arguments(method, &given)?;
    let context = call::Context { caller, examine, ..context(now) };
    match (class, state.products.last()) {
        (Class::Service, _) => {
            call::service(state, method, &arguments, &context).map(|effect| effect.state)
        }
        (Class::Product, Some(product)) => {
            call::product(state, product, method, &arguments, &context).map(|effect| effect.state)
        }
        (Class::Product, None) => Ok(state.clone()),
    }
}

proptest! {
    #[test]
    fn any_run_of_calls_leaves_a_legal_machine_and_refuses_only_as_the_rows_say(
        from in 0_usize..5,
        steps in steps()
    ) {
        let runnable: Vec<&ServiceMethod> =
            methods::SERVICE.iter().chain(&methods::PRODUCT).filter(|method| method.word() != "Activate").collect();
        let mut state = machines().swap_remove(from);
        let mut now = start();
        for (method, texts, user, pause, restart) in steps {
            now = now.plus_minutes(pause);
            let method = runnable[method % runnable.len()];
            let caller = if user { Caller::StandardUser } else { Caller::Administrator };
            match run(&state, method, &texts, caller, now) {
                Ok(next) => state = next,
                Err(Stop::Refused(refusal)) => {
                    let listed = method.method.refuses.iter().any(|code| code.symbol == refusal.code.symbol);
                    prop_assert!(listed, "{} refused with {}", method.word(), refusal.code.symbol);
                }
                Err(Stop::Usage(_)) => {}
                Err(other) => prop_assert!(false, "{:?}", other),
            }
            if restart {
                state = rearm::reboot(&state, Uuid::from_u128(u128::from(now.ms().unsigned_abs())), now);
            }
            let illegal = first_illegal(&state, &[], now);
            prop_assert!(illegal.is_none(), "{:?}", illegal);
            let shown = format!("{state:?}");
            prop_assert!(!shown.contains("AAAAA-BBBBB"));
        }
    }

    #[test]
    fn a_host_keeps_its_books(
        old in any::<bool>(),
        requests in prop::collection::vec((0_u32..60, 0_u32..7, 0_u8..4, 0_i64..2_000, -300_i64..300, any::<bool>()), 0..150)
    ) {
        let mut host = Host::new(if old { V60 } else { V10 });
        if !old {
            host.state = activated(&host.state, OFFICE_HOST);
        }
        let mut now = start();
        let mut extended = 0;
        for (client, status, what, pause, skew, guest) in requests {
            now = now.plus_minutes(pause);
            let (application, required) = match what {
                0 => (skus::OFFICE_15, 5),
                1 => (skus::OFFICE_14, 5),
                2 => (skus::WINDOWS, 5),
                _ => (skus::WINDOWS, 25),
            };
            let asked = Request {
                application,
                required,
                client_time: now.plus_minutes(skew),
                virtual_machine: guest,
                ..request(client, status, now)
            };
            let before = host.pools.clone();
            let (answer, event) = host.takes(&asked, now);
            prop_assert_eq!(event == Some(0), answer.is_ok());
            extended += u32::from(status == 6 && answer.is_ok());
            for pool in &before {
                let after = host.pools.iter().find(|held| held.pool == pool.pool).unwrap();
                prop_assert!(never_fell(&pool.counters, &after.counters));
                prop_assert!(after.cache.limit >= pool.cache.limit);
            }
            for pool in &host.pools {
                prop_assert!(pool.cache.entries.len() <= usize::try_from(pool.cache.limit).unwrap());
            }
            if let Ok(reply) = answer {
                let kept = host.pools.iter().map(|pool| cache::count(&pool.cache, now));
                prop_assert!(kept.into_iter().any(|count| count == reply.count));
            }
            let books = host.pools.iter().map(|pool| pool.counters);
            let total: u32 = books.clone().map(|counters| counters.total).sum();
            let by_status: u32 = books.map(|counters| counters.by_status.iter().sum::<u32>()).sum();
            prop_assert_eq!(total, by_status + extended);
            prop_assert!(first_illegal(&host.state, &host.pools, now).is_none());
        }
    }
}

fn never_fell(before: &Counters, after: &Counters) -> bool {
    let each = before.by_status.iter().zip(&after.by_status);
    before.total <= after.total
        && before.failed <= after.failed
        && each.into_iter().all(|(a, b)| a <= b)
}
