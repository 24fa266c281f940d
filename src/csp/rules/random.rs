//! Random runs: whatever is asked in whatever order, a device stays one that the types and the tables allow.

use super::control::{self, Controls, Fault, ModeChange};
use super::fixture::*;
use super::{fold, smode, subscriptions, upgrade};
use crate::clock::Timestamp;
use crate::csp::catalog::codes;
use crate::csp::catalog::methods::VERBS;
use crate::csp::catalog::nodes::{NODES, Verb};
use crate::csp::catalog::paths::{self, PathPolicy};
use crate::csp::model::device::{Device, JoinType, SubscriptionKind, upgrade_status};
use proptest::prelude::*;

/// One thing that happens to a device.
#[derive(Debug, Clone)]
enum Step {
    Ask(Verb, String, String),
    Reboot,
    UserSwitch,
    SignIn,
    Control(Controls),
}

fn verb() -> impl Strategy<Value = Verb> {
    prop::sample::select(&Verb::ALL[..])
}

fn node() -> impl Strategy<Value = String> {
    let paths: Vec<String> = NODES
        .iter()
        .map(|node| node.path.replace("{SubscriptionId}", "ENT-DEV"))
        .chain(["./DevInfo/DevId".to_owned(), "Nothing".to_owned()])
        .map(|path| if path.is_empty() { ".".to_owned() } else { path })
        .collect();
    prop::sample::select(paths)
}

fn data() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => prop::sample::select(vec![EDU, ENT, PRO, PED, EDN]),
        4 => prop::sample::select(vec!["0", "1", ""]),
        1 => prop::sample::select(vec!["2", "-1", "x", "<a/>", "AAAAA"]),
    ]
    .prop_map(str::to_owned)
}

/// Requests that do something, which a free choice of verb, node and data seldom hits.
fn telling() -> impl Strategy<Value = (Verb, String, String)> {
    let keyed = (
        prop::sample::select(vec!["UpgradeEditionWithProductKey", "ChangeProductKey"]),
        prop::sample::select(vec![EDU, ENT, PRO, PED, EDN]),
    )
        .prop_map(|(node, key)| (Verb::Exec, node, key));
    let set = (
        prop::sample::select(vec![
            "DeviceLicensingService/LicenseType",
            "Subscriptions/SubscriptionType",
            "Subscriptions/DisableSubscription",
            "SMode/SwitchingPolicy",
        ]),
        prop::sample::select(vec!["0", "1"]),
    )
        .prop_map(|(node, data)| (Verb::Replace, node, data));
    let bare = prop::sample::select(vec![
        (Verb::Exec, "SMode/SwitchFromSMode", ""),
        (Verb::Exec, "Subscriptions/RemoveSubscription", ""),
        (Verb::Add, "SMode/SwitchingPolicy", "1"),
        (Verb::Delete, "SMode/SwitchingPolicy", ""),
        (Verb::Exec, "UpgradeEditionWithLicense", "<a/>"),
    ]);
    prop_oneof![3 => keyed, 3 => set, 2 => bare]
        .prop_map(|(verb, node, data)| (verb, node.to_owned(), data.to_owned()))
}

fn controls() -> impl Strategy<Value = Controls> {
    let fault = (prop::sample::select(&Fault::ALL[..]), Just(Some(0x8007_0005)));
    (
        prop::option::of(prop::sample::select(&JoinType::ALL[..])),
        prop::option::weighted(
            0.2,
            prop::sample::select(vec![
                ModeChange::Leave,
                ModeChange::Enter,
                ModeChange::FactoryImage,
            ]),
        ),
        prop::option::of(prop::sample::select(&PathPolicy::ALL[..])),
        prop::collection::vec(fault, 0..2),
        prop::option::of(0_u32..100),
    )
        .prop_map(|(join, mode, path_policy, faults, seconds)| Controls {
            join,
            mode,
            path_policy,
            faults,
            changepk: seconds,
            smode: seconds,
            license_step: seconds.map(|seconds| seconds / 10),
            ..Controls::default()
        })
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        2 => (verb(), node(), data()).prop_map(|(verb, node, data)| Step::Ask(verb, node, data)),
        6 => telling().prop_map(|(verb, node, data)| Step::Ask(verb, node, data)),
        1 => Just(Step::Reboot),
        1 => Just(Step::UserSwitch),
        1 => Just(Step::SignIn),
        1 => controls().prop_map(Step::Control),
    ]
}

/// Seconds between two steps: moments beside which things fall due, and any others.
fn pause() -> impl Strategy<Value = i64> {
    prop_oneof![
        2 => prop::sample::select(vec![-1, 0, 1, 5, 15, 59, 60, 61, 300, 6600, 7200, 7260]),
        1 => 0_i64..10_000,
    ]
}

fn run() -> impl Strategy<Value = (Device, Vec<(i64, Step)>)> {
    let edition = prop::sample::select(vec![4, 48, 49, 101, 121, 161, 164, 178, 104]);
    let version =
        prop::sample::select(vec!["10.0.10586.1", "10.0.15254.1", "10.0.19045.1", "10.0.26200.1"]);
    let start = (edition, version, any::<bool>(), any::<bool>()).prop_map(
        |(edition, version, insider, s_mode)| {
            let mut device = device("PC-01", version, edition);
            device.insider = insider;
            device.mode = i32::from(s_mode);
            device.join = JoinType::Entra;
            device.entitlements = vec![
                entitlement(SubscriptionKind::Device, "ENT-DEV", 4),
                entitlement(SubscriptionKind::User, "EDU-U", 121),
                entitlement(SubscriptionKind::User, "ENT-U", 4),
            ];
            device
        },
    );
    (start, prop::collection::vec((pause(), step()), 1..25))
}

/// The device after a step; `None` when it was refused and nothing changed.
fn take(device: &Device, step: &Step, now: Timestamp) -> Option<Device> {
    match step {
        Step::Reboot => upgrade::reboot(device, now).ok(),
        Step::UserSwitch => smode::user_switch(device, now).ok(),
        Step::SignIn => subscriptions::sign_in(device, now).ok().map(|(device, _)| device),
        Step::Control(controls) => control::set(device, controls, now).ok(),
        Step::Ask(verb, node, data) => {
            let uri = super::address::expand(node);
            let request = super::answer::Request {
                verb: *verb,
                uri: &uri,
                format: None,
                data: Some(data),
                origin: super::answer::Origin::Management,
            };
            let scene = super::answer::Scene { now, salt: &SALT };
            let answer = super::answer::answer(device, &keys(), &request, &scene);
            check_answer(*verb, node, &answer);
            answer.device.map(|device| *device)
        }
    }
}

/// A refusal says why, with a code that the method's row names; a yes has none.
fn check_answer(verb: Verb, node: &str, answer: &super::answer::Answer) {
    let refused = answer.status >= 400 || answer.status == 215;
    assert_eq!(refused, answer.refusal.is_some(), "{verb:?} {node} {}", answer.status);
    let Some(refusal) = &answer.refusal else {
        assert!([200, 202].contains(&answer.status) && answer.hresult.is_none());
        return assert_eq!(verb == Verb::Get, !answer.results.is_empty());
    };
    assert!(answer.results.is_empty());
    let injected = refusal.message.contains("injected");
    assert_eq!(answer.device.is_some(), injected, "{}", refusal.message);
    assert!(
        refusal
            .message
            .chars()
            .next()
            .is_some_and(|letter| !letter.is_ascii_uppercase() || node.starts_with('S'))
    );
    assert!(!refusal.message.ends_with('.') && !refusal.message.contains("AAAAA"));
    if let Some(row) = VERBS.iter().find(|row| row.verb == verb) {
        let named = row.method.refuses.iter().any(|code| code.symbol == refusal.code.symbol);
        assert!(named || injected, "{verb:?} {node} {}", refusal.code.symbol);
    }
    if let Some(hresult) = answer.hresult {
        assert_eq!(codes::status_of(hresult), answer.status);
    }
}

/// What no run may lead to. Nothing is left that fell due.
fn check_state(device: &Device, now: Timestamp) {
    let now = now.max(device.last_change);
    assert!(fold::next(device).is_none_or(|(at, _)| at > now), "{device:?}");
    let waits = [upgrade_status::PENDING, upgrade_status::IN_PROGRESS].contains(&device.status);
    assert_eq!(device.pending_upgrade.is_some(), waits, "{device:?}");
    assert!((0..=4).contains(&device.status));
    assert!((0..=1).contains(&device.mode));
    assert!(device.smode.status.is_none_or(|status| [0, 1, 3, 4].contains(&status)));
    assert_eq!(device.smode.switch.is_some(), device.smode.status == Some(1));
    assert!(device.smode.switching_policy.is_none() || device.in_s_mode());
    for (status, operation) in [
        (device.licensing.status, device.licensing.operation),
        (device.subscriptions.status, device.subscriptions.operation),
    ] {
        assert_eq!(operation.is_some(), [0, 3, 7, 8, 11].contains(&status), "{status}");
        assert!((-1..=13).contains(&status));
    }
    assert!(device.notifications.is_sorted_by_key(|told| told.at), "{:?}", device.notifications);
    let active = device.subscriptions.items.iter().any(|item| item.status == 1);
    assert!(active || device.edition == device.base_edition, "{device:?}");
}

/// Whether an edition may become another: by an upgrade, by a subscription, or back from one.
fn may_become(before: &Device, after: &Device) -> bool {
    let build = before.detail.os_version.build;
    let (from, to) = (before.edition, after.edition);
    let edge = |from: i32| {
        from == to
            || paths::edge(PathPolicy::Union, from, to, build).is_some()
            || paths::license_edge(from, to, build).is_some()
            || paths::step_up(from) == Some(to)
    };
    edge(from) || to == before.base_edition || edge(before.base_edition)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn any_run_leaves_a_device_that_the_tables_allow((start, steps) in run()) {
        let mut device = start;
        let mut now = device.last_change;
        for (pause, step) in steps {
            now = now.plus_ms(pause * 1000);
            let before = fold::fold(&device, now);
            check_state(&before, now);
            prop_assert!(may_become(&device, &before) || pause > 60, "{} to {}", device.edition, before.edition);
            if let Some(after) = take(&device, &step, now) {
                prop_assert!(now >= device.last_change);
                prop_assert_eq!(after.last_change, now);
                let settled = fold::fold(&after, now);
                check_state(&settled, now);
                prop_assert!(may_become(&before, &settled), "{} to {}", before.edition, settled.edition);
                device = after;
            }
            now = now.max(device.last_change);
        }
    }

    #[test]
    fn looking_in_between_makes_no_difference(
        (start, steps) in run(),
        (first, second) in (pause(), pause()),
    ) {
        let mut device = start;
        let mut now = device.last_change;
        for (pause, step) in steps {
            now = now.max(device.last_change).plus_ms(pause * 1000);
            device = take(&device, &step, now).unwrap_or(device);
        }
        let early = device.last_change.plus_ms(first * 1000);
        let late = early.max(device.last_change).plus_ms(second.abs() * 1000);
        let (at_once, in_between) = (fold::fold(&device, late), fold::fold(&device, early));
        prop_assert_eq!(&fold::fold(&in_between, late), &at_once);
        prop_assert_eq!(&fold::fold(&at_once, late), &at_once);
        let far = late.plus_days(1);
        let settled = fold::fold(&device, far);
        prop_assert!(settled.pending_upgrade.is_none() && settled.pending_key.is_none());
        prop_assert!(settled.smode.switch.is_none() && settled.licensing.operation.is_none());
    }
}
