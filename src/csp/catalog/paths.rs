//! Which edition can become which: the published tables, which disagree, and what follows from each of them.
//!
//! What a device in some state answers to a key is left to `rules`.

use super::documents::{CSP, INTUNE, SUBSCRIPTION, UPGRADES};
use super::editions::{
    CLOUD, EDUCATION, ENTERPRISE, ENTERPRISE_LTSC, HOLOGRAPHIC, HOLOGRAPHIC_BUSINESS, HOME,
    HOME_CHINA, HOME_SINGLE_LANGUAGE, LAST_MOBILE_BUILD, MOBILE, MOBILE_ENTERPRISE, PRO,
    PRO_EDUCATION, PRO_WORKSTATION, is_n, n_edition, without_n,
};
use crate::catalog::{Source, assumed, stated};

/// Which published table decides where an edition can go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum PathPolicy {
    /// The table of the deployment documentation, its column of MDM.
    Deployment,
    /// The list on the page of the CSP itself; every path restarts.
    #[default]
    Csp,
    /// The table of Intune.
    Intune,
    /// Whatever one of them allows; a restart that one of them wants is needed.
    Union,
}

impl PathPolicy {
    pub const ALL: [Self; 4] = [Self::Deployment, Self::Csp, Self::Intune, Self::Union];

    /// The word of the command line and of JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Deployment => "deployment",
            Self::Csp => "csp",
            Self::Intune => "intune",
            Self::Union => "union",
        }
    }

    /// Reads the word, in any case.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|policy| policy.word().eq_ignore_ascii_case(word))
    }
}

/// Whether an upgrade needs a restart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Restart {
    NotNeeded,
    Needed,
}

impl Restart {
    #[must_use]
    pub const fn is_needed(self) -> bool {
        matches!(self, Self::Needed)
    }
}

/// The letter of the published tables: `R` restart, `N` none, `X` not possible.
#[must_use]
pub const fn letter(way: Option<Restart>) -> &'static str {
    match way {
        Some(Restart::Needed) => "R",
        Some(Restart::NotNeeded) => "N",
        None => "X",
    }
}

const R: Option<Restart> = Some(Restart::Needed);
const N: Option<Restart> = Some(Restart::NotNeeded);
const X: Option<Restart> = None;

/// The editions that the tables call Home; its N edition goes with them.
///
/// Source: assumed; the tables say Home and leave out China and Single Language.
pub static HOMES: [i32; 3] = [HOME_CHINA, HOME_SINGLE_LANGUAGE, HOME];

/// One line of the published upgrade table, for editions that are no N editions.
#[derive(Debug)]
pub struct Upgrade {
    pub from: &'static [i32],
    pub to: i32,
    pub mdm: Option<Restart>,
    pub package: Option<Restart>,
    pub command_line: Option<Restart>,
    pub by_hand: Option<Restart>,
    pub source: Source,
}

const fn upgrade(from: &'static [i32], to: i32, ways: [Option<Restart>; 4]) -> Upgrade {
    let [mdm, package, command_line, by_hand] = ways;
    let source = stated(&UPGRADES, "Windows edition upgrade, supported upgrade paths");
    Upgrade { from, to, mdm, package, command_line, by_hand, source }
}

/// The published upgrade table; what it does not list is not possible.
pub static UPGRADE_TABLE: [Upgrade; 14] = [
    upgrade(&HOMES, PRO, [X, X, X, R]),
    upgrade(&HOMES, PRO_WORKSTATION, [X, X, X, R]),
    upgrade(&HOMES, PRO_EDUCATION, [R, R, R, R]),
    upgrade(&HOMES, EDUCATION, [R, R, R, R]),
    upgrade(&[PRO], PRO_WORKSTATION, [N, N, N, N]),
    upgrade(&[PRO], PRO_EDUCATION, [N, N, N, N]),
    upgrade(&[PRO], EDUCATION, [R, R, R, R]),
    upgrade(&[PRO], ENTERPRISE, [N, N, N, N]),
    upgrade(&[PRO_WORKSTATION], PRO_EDUCATION, [N, N, N, N]),
    upgrade(&[PRO_WORKSTATION], EDUCATION, [R, R, R, R]),
    upgrade(&[PRO_WORKSTATION], ENTERPRISE, [N, N, N, N]),
    upgrade(&[PRO_EDUCATION], EDUCATION, [R, R, R, R]),
    upgrade(&[ENTERPRISE], EDUCATION, [R, R, R, R]),
    Upgrade {
        source: stated(&UPGRADES, "Windows 10 edition upgrade, text of 2020"),
        ..upgrade(&[MOBILE], MOBILE_ENTERPRISE, [N, N, X, X])
    },
];

/// Pro to Enterprise needs a restart on builds below this one.
///
/// Source: [UPGRADES] Windows 10 edition upgrade: no restart from version 1607 on.
pub const PRO_TO_ENTERPRISE_WITHOUT_RESTART: u32 = 14393;

/// One line of a list that a vendor publishes beside the table, for editions that are no N editions.
#[derive(Debug)]
pub struct Listed {
    pub policy: PathPolicy,
    pub from: &'static [i32],
    pub to: &'static [i32],
    pub source: Source,
}

const fn of_csp(from: &'static [i32], to: &'static [i32]) -> Listed {
    let source = stated(&CSP, "UpgradeEditionWithProductKey, supported edition upgrades");
    Listed { policy: PathPolicy::Csp, from, to, source }
}

const fn of_intune(from: &'static [i32], to: &'static [i32]) -> Listed {
    let source = stated(&INTUNE, "edition upgrade, supported upgrade paths");
    Listed { policy: PathPolicy::Intune, from, to, source }
}

/// What the page of the CSP and the page of Intune allow.
pub static LISTED: [Listed; 10] = [
    of_csp(&[ENTERPRISE], &[EDUCATION]),
    of_csp(&HOMES, &[EDUCATION]),
    of_csp(&[PRO], &[EDUCATION, ENTERPRISE]),
    Listed {
        source: stated(&CSP, "UpgradeEditionWithLicense"),
        ..of_csp(&[MOBILE], &[MOBILE_ENTERPRISE])
    },
    of_intune(&[PRO], &[EDUCATION, ENTERPRISE, PRO_EDUCATION]),
    of_intune(&[PRO_EDUCATION], &[EDUCATION]),
    of_intune(&[CLOUD], &[EDUCATION, ENTERPRISE, PRO, PRO_EDUCATION]),
    of_intune(&[ENTERPRISE], &[EDUCATION]),
    of_intune(&[HOME], &[EDUCATION, ENTERPRISE, PRO_EDUCATION]),
    of_intune(&[HOLOGRAPHIC], &[HOLOGRAPHIC_BUSINESS]),
];

/// How the lists, which know no restarts, get one.
pub static LISTED_RESTARTS: [(PathPolicy, Source); 2] = [
    (PathPolicy::Csp, stated(&CSP, "UpgradeEditionWithProductKey: requires reboot")),
    (
        PathPolicy::Intune,
        assumed(&INTUNE, "as the upgrade table has it; a path that is not in it restarts"),
    ),
];

/// What an upgrade is asked for with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Means {
    ProductKey,
    /// `UpgradeEditionWithLicense`, on Mobile alone.
    License,
}

/// What `edition` is upgraded with on a published path.
const fn means(from: i32) -> Means {
    if from == MOBILE { Means::License } else { Means::ProductKey }
}

/// Both ends without their N; `None` when only one of them is an N edition, as no path leads from one kind to the other.
fn stripped(from: i32, to: i32) -> Option<(i32, i32)> {
    (is_n(from) == is_n(to)).then(|| (without_n(from), without_n(to)))
}

fn table_row(from: i32, to: i32) -> Option<&'static Upgrade> {
    UPGRADE_TABLE.iter().find(|row| row.from.contains(&from) && row.to == to)
}

fn is_in_list(policy: PathPolicy, from: i32, to: i32) -> bool {
    LISTED
        .iter()
        .any(|row| row.policy == policy && row.from.contains(&from) && row.to.contains(&to))
}

/// What a table says of a path, whatever the build.
///
/// - N editions go to N editions, others to others; Mobile is included.
/// - Returns `None` when the table has no such path.
#[must_use]
pub fn published(policy: PathPolicy, from: i32, to: i32) -> Option<Restart> {
    let (from, to) = stripped(from, to)?;
    let table = table_row(from, to).and_then(|row| row.mdm);
    let one = |policy: PathPolicy| match policy {
        _ if policy != PathPolicy::Deployment && !is_in_list(policy, from, to) => None,
        PathPolicy::Deployment => table,
        PathPolicy::Csp if means(from) == Means::License => N,
        PathPolicy::Csp => R,
        PathPolicy::Intune | PathPolicy::Union => table.or(R),
    };
    match policy {
        PathPolicy::Union => SINGLE.into_iter().filter_map(one).max(),
        single => one(single),
    }
}

/// The policies that are one table each.
const SINGLE: [PathPolicy; 3] = [PathPolicy::Deployment, PathPolicy::Csp, PathPolicy::Intune];

/// Whether a product key leads from one edition to another on a build, and whether it needs a restart.
///
/// - `build`: the third number of the Windows version.
/// - Returns `None` when there is no path, and when both are the same edition.
#[must_use]
pub fn edge(policy: PathPolicy, from: i32, to: i32, build: u32) -> Option<Restart> {
    let restart = published(policy, from, to)?;
    let early =
        build < PRO_TO_ENTERPRISE_WITHOUT_RESTART && stripped(from, to) == Some((PRO, ENTERPRISE));
    match means(from) {
        Means::License => None,
        Means::ProductKey if early => R,
        Means::ProductKey => Some(restart),
    }
}

/// Whether a license leads from one edition to another on a build: Mobile to Mobile Enterprise, under every policy.
#[must_use]
pub fn license_edge(from: i32, to: i32, build: u32) -> Option<Restart> {
    let restart = published(PathPolicy::Csp, from, to)?;
    (means(from) == Means::License && build <= LAST_MOBILE_BUILD).then_some(restart)
}

/// An edition that can be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reach {
    pub edition: i32,
    pub restart: Restart,
}

/// The editions that a product key can lead to, in the order of the tables.
#[must_use]
pub fn reachable(policy: PathPolicy, from: i32, build: u32) -> Vec<Reach> {
    targets(from)
        .into_iter()
        .filter_map(|edition| {
            edge(policy, from, edition, build).map(|restart| Reach { edition, restart })
        })
        .collect()
}

/// Every edition that any table leads to from here, by any way; for an N edition the N editions.
fn targets(from: i32) -> Vec<i32> {
    let base = without_n(from);
    let table = UPGRADE_TABLE.iter().filter(|row| row.from.contains(&base)).map(|row| row.to);
    let lists = LISTED.iter().filter(|row| row.from.contains(&base)).flat_map(|row| row.to.iter());
    let mut found: Vec<i32> = Vec::new();
    for to in table.chain(lists.copied()) {
        let to = if is_n(from) { n_edition(to) } else { Some(to) };
        if let Some(to) = to.filter(|to| !found.contains(to)) {
            found.push(to);
        }
    }
    found
}

/// Whether a person at the device can upgrade it, with a key typed in or through the Store.
#[must_use]
pub fn by_hand(from: i32, to: i32) -> Option<Restart> {
    let (from, to) = stripped(from, to)?;
    table_row(from, to).and_then(|row| row.by_hand)
}

/// A path with what every table says of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    pub from: i32,
    pub to: i32,
    /// The four columns of the upgrade table; `None`: not possible.
    pub mdm: Option<Restart>,
    pub package: Option<Restart>,
    pub command_line: Option<Restart>,
    pub by_hand: Option<Restart>,
    /// The policies under which MDM upgrades it.
    pub policies: Vec<PathPolicy>,
}

impl Path {
    fn new(from: i32, to: i32) -> Self {
        let row = stripped(from, to).and_then(|(from, to)| table_row(from, to));
        let policies = PathPolicy::ALL
            .into_iter()
            .filter(|policy| published(*policy, from, to).is_some())
            .collect();
        Self {
            from,
            to,
            mdm: row.and_then(|row| row.mdm),
            package: row.and_then(|row| row.package),
            command_line: row.and_then(|row| row.command_line),
            by_hand: row.and_then(|row| row.by_hand),
            policies,
        }
    }

    /// Whether the page of the CSP lists it.
    #[must_use]
    pub fn csp(&self) -> bool {
        self.policies.contains(&PathPolicy::Csp)
    }

    /// Whether Intune lists it.
    #[must_use]
    pub fn intune(&self) -> bool {
        self.policies.contains(&PathPolicy::Intune)
    }

    /// Whether it is a downgrade that a product key allows; MDM does none.
    #[must_use]
    pub fn downgrade(&self) -> bool {
        downgrade(self.from, self.to)
    }
}

/// Every path of every table, N editions with their own rows.
///
/// - `policy`: only the paths that MDM takes under it; `from`: only those from there.
#[must_use]
pub fn list(policy: Option<PathPolicy>, from: Option<i32>) -> Vec<Path> {
    let starts = || {
        let table = UPGRADE_TABLE.iter().flat_map(|row| row.from.iter());
        table.chain(LISTED.iter().flat_map(|row| row.from.iter())).copied()
    };
    let mut sources: Vec<i32> = Vec::new();
    for edition in starts().chain(starts().filter_map(n_edition)) {
        if !sources.contains(&edition) && from.is_none_or(|wanted| wanted == edition) {
            sources.push(edition);
        }
    }
    sources
        .into_iter()
        .flat_map(|from| targets(from).into_iter().map(move |to| Path::new(from, to)))
        .filter(|path| policy.is_none_or(|policy| path.policies.contains(&policy)))
        .collect()
}

/// What every table says of one path, be there one or not.
#[must_use]
pub fn check(from: i32, to: i32) -> Path {
    Path::new(from, to)
}

/// Where an edition can go back to with a product key, for editions that are no N editions.
#[derive(Debug)]
pub struct Downgrade {
    pub from: &'static [i32],
    pub to: &'static [i32],
}

/// The published downgrade table; MDM does none of them.
///
/// Source: [UPGRADES] supported downgrade paths.
pub static DOWNGRADES: [Downgrade; 3] = [
    Downgrade { from: &[EDUCATION], to: &[PRO, PRO_WORKSTATION, PRO_EDUCATION] },
    Downgrade { from: &[ENTERPRISE], to: &[PRO, PRO_WORKSTATION, PRO_EDUCATION] },
    Downgrade {
        from: &[
            HOME,
            HOME_CHINA,
            HOME_SINGLE_LANGUAGE,
            PRO,
            PRO_WORKSTATION,
            PRO_EDUCATION,
            ENTERPRISE_LTSC,
        ],
        to: &[],
    },
];

/// What the downgrade table cannot show.
///
/// Source: [UPGRADES] supported downgrade paths, note.
pub const DOWNGRADE_EXCEPTION: &str =
    "a device with a Pro key in its firmware can go from Pro for Workstations back to Pro";

/// Whether a product key, entered at the device, leads back from one edition to another.
#[must_use]
pub fn downgrade(from: i32, to: i32) -> bool {
    stripped(from, to).is_some_and(|(from, to)| {
        DOWNGRADES.iter().any(|row| row.from.contains(&from) && row.to.contains(&to))
    })
}

/// The editions whose own key `UpgradeEditionWithProductKey` activates or changes, by the page of the CSP; their N editions go with
/// them.
pub static KEY_CHANGE: [i32; 6] =
    [EDUCATION, ENTERPRISE, HOME, HOME_CHINA, HOME_SINGLE_LANGUAGE, PRO];

/// Where [`KEY_CHANGE`] comes from.
pub static KEY_CHANGE_SOURCE: Source =
    stated(&CSP, "UpgradeEditionWithProductKey, activate a license or change a product key");

/// Whether `UpgradeEditionWithProductKey` takes a key of the edition that the device has.
#[must_use]
pub fn takes_own_key(policy: PathPolicy, edition: i32) -> bool {
    policy != PathPolicy::Csp || KEY_CHANGE.contains(&without_n(edition))
}

/// Where a device that leaves S mode can end.
#[derive(Debug, PartialEq, Eq)]
pub struct StoreSwitch {
    /// Home stands for the Home that the device has.
    pub edition: i32,
    /// It is still in S mode afterwards.
    pub keeps_s_mode: bool,
    /// Where the user gets it.
    pub place: &'static str,
}

/// One line of the published table of ways out of S mode.
#[derive(Debug)]
pub struct SModeSwitch {
    /// The first build, and the first build that has another line.
    pub builds: (u32, u32),
    pub from: &'static [i32],
    pub by_user: &'static [StoreSwitch],
    /// What Intune switches it to; Home stands for the Home that the device has.
    pub by_admin: Option<i32>,
    pub source: Source,
}

const STORE: &str = "Microsoft Store";
const STORE_FOR_EDUCATION: &str = "Microsoft Store for Education";
const TO_PRO: StoreSwitch = StoreSwitch { edition: PRO, keeps_s_mode: false, place: STORE };
const TO_HOME: StoreSwitch = StoreSwitch { edition: HOME, keeps_s_mode: false, place: STORE };
const TO_PRO_EDUCATION_S: StoreSwitch =
    StoreSwitch { edition: PRO_EDUCATION, keeps_s_mode: true, place: STORE_FOR_EDUCATION };
const S_MODE: Source = stated(&UPGRADES, "Windows 10 Pro in S mode, how to switch");

/// The ways out of S mode, by release. They lead one way: only a wipe with the factory image brings S mode back.
pub static S_MODE_SWITCHES: [SModeSwitch; 5] = [
    SModeSwitch {
        builds: (16299, 17134),
        from: &[PRO],
        by_user: &[
            StoreSwitch { edition: PRO_EDUCATION, keeps_s_mode: false, place: STORE_FOR_EDUCATION },
            TO_PRO,
        ],
        by_admin: None,
        source: S_MODE,
    },
    SModeSwitch {
        builds: (17134, 17763),
        from: &[PRO],
        by_user: &[TO_PRO_EDUCATION_S, TO_PRO],
        by_admin: None,
        source: S_MODE,
    },
    SModeSwitch {
        builds: (17134, 17763),
        from: &HOMES,
        by_user: &[TO_HOME],
        by_admin: None,
        source: S_MODE,
    },
    SModeSwitch {
        builds: (17763, u32::MAX),
        from: &[PRO],
        by_user: &[TO_PRO_EDUCATION_S, TO_PRO],
        by_admin: Some(PRO),
        source: S_MODE,
    },
    SModeSwitch {
        builds: (17763, u32::MAX),
        from: &HOMES,
        by_user: &[TO_HOME],
        by_admin: Some(HOME),
        source: S_MODE,
    },
];

/// The ways out of S mode that an edition has on a build; `None` when the table has none.
#[must_use]
pub fn s_mode_switch(edition: i32, build: u32) -> Option<&'static SModeSwitch> {
    S_MODE_SWITCHES.iter().find(|row| {
        let (first, next) = row.builds;
        (first..next).contains(&build) && row.from.contains(&without_n(edition))
    })
}

/// What a subscription makes of an edition, without key and restart; N editions likewise.
///
/// Source: [SUBSCRIPTION] how it works; N editions: assumed.
pub static STEP_UPS: [(i32, i32); 2] = [(PRO, ENTERPRISE), (PRO_EDUCATION, EDUCATION)];

/// Where [`STEP_UPS`] comes from.
pub static STEP_UP_SOURCE: Source = stated(&SUBSCRIPTION, "Windows subscription activation");

/// The edition that a subscription lifts this one to; `None` when it lifts it nowhere.
#[must_use]
pub fn step_up(from: i32) -> Option<i32> {
    let base = without_n(from);
    let (_, to) = STEP_UPS.iter().find(|(start, _)| *start == base)?;
    if is_n(from) { n_edition(*to) } else { Some(*to) }
}

#[cfg(test)]
mod tests {
    use super::super::editions::{
        EDUCATION_N, ENTERPRISE_N, HOME_N, PRO_EDUCATION_N, PRO_N, edition,
    };
    use super::PathPolicy::{Csp, Deployment, Intune, Union};
    use super::*;

    const BUILD: u32 = 19045;

    fn letters(path: &Path) -> String {
        [path.mdm, path.package, path.command_line, path.by_hand].map(letter).concat()
    }

    #[test]
    fn pro_reaches_enterprise_under_every_policy_and_cannot_go_back_by_mdm() {
        let path = check(PRO, ENTERPRISE);
        assert_eq!(letters(&path), "NNNN");
        assert!(path.csp() && path.intune() && !path.downgrade());
        assert_eq!(path.policies, PathPolicy::ALL);
        let back = check(ENTERPRISE, PRO);
        assert!(back.downgrade() && back.policies.is_empty());
        assert_eq!(letters(&back), "XXXX");
    }

    #[test]
    fn home_reaches_pro_by_hand_alone() {
        let path = check(HOME, PRO);
        assert_eq!(letters(&path), "XXXR");
        assert!(!path.csp() && !path.intune() && !path.downgrade());
        assert_eq!(by_hand(HOME, PRO), Some(Restart::Needed));
        let reached: Vec<i32> =
            reachable(Deployment, HOME, BUILD).iter().map(|reach| reach.edition).collect();
        assert_eq!(reached, [PRO_EDUCATION, EDUCATION]);
    }

    #[test]
    fn each_policy_has_its_own_edges_and_restarts() {
        let cases = [
            (Deployment, PRO, EDUCATION, R),
            (Deployment, PRO, ENTERPRISE, N),
            (Deployment, PRO, PRO_EDUCATION, N),
            (Deployment, HOME, ENTERPRISE, X),
            (Deployment, HOME_CHINA, EDUCATION, R),
            (Deployment, CLOUD, PRO, X),
            (Csp, PRO, ENTERPRISE, R),
            (Csp, PRO, PRO_EDUCATION, X),
            (Csp, HOME_SINGLE_LANGUAGE, EDUCATION, R),
            (Csp, ENTERPRISE, EDUCATION, R),
            (Csp, PRO_EDUCATION, EDUCATION, X),
            (Intune, HOME, ENTERPRISE, R),
            (Intune, HOME_CHINA, ENTERPRISE, X),
            (Intune, PRO, ENTERPRISE, N),
            (Intune, PRO, PRO_EDUCATION, N),
            (Intune, PRO, PRO_WORKSTATION, X),
            (Intune, CLOUD, PRO, R),
            (Intune, HOLOGRAPHIC, HOLOGRAPHIC_BUSINESS, R),
            (Union, PRO, ENTERPRISE, R),
            (Union, PRO, PRO_WORKSTATION, N),
            (Union, CLOUD, PRO_EDUCATION, R),
            (Union, HOME, PRO, X),
            (Union, PRO, PRO, X),
            (Union, 0x4A, PRO, X),
        ];
        for (policy, from, to, restart) in cases {
            assert_eq!(edge(policy, from, to, BUILD), restart, "{policy:?} {from} {to}");
        }
    }

    #[test]
    fn pro_to_enterprise_needs_a_restart_before_version_1607() {
        for policy in [Deployment, Intune] {
            assert_eq!(edge(policy, PRO, ENTERPRISE, 10586), R);
            assert_eq!(edge(policy, PRO_N, ENTERPRISE_N, 14392), R);
            assert_eq!(edge(policy, PRO, ENTERPRISE, 14393), N);
        }
        assert_eq!(edge(Deployment, PRO, PRO_EDUCATION, 10586), N);
    }

    #[test]
    fn n_editions_go_to_n_editions_alone() {
        assert_eq!(edge(Deployment, PRO_N, EDUCATION, BUILD), X);
        assert_eq!(edge(Deployment, PRO_N, EDUCATION_N, BUILD), R);
        assert_eq!(edge(Deployment, PRO, EDUCATION_N, BUILD), X);
        let reached: Vec<i32> =
            reachable(Intune, HOME_N, BUILD).iter().map(|reach| reach.edition).collect();
        assert_eq!(reached, [PRO_EDUCATION_N, EDUCATION_N, ENTERPRISE_N]);
        assert!(downgrade(EDUCATION_N, PRO_N) && !downgrade(EDUCATION_N, PRO));
    }

    #[test]
    fn mobile_takes_a_license_and_only_while_there_was_a_mobile() {
        for policy in PathPolicy::ALL {
            assert_eq!(edge(policy, MOBILE, MOBILE_ENTERPRISE, 10586), X, "{policy:?}");
        }
        assert_eq!(license_edge(MOBILE, MOBILE_ENTERPRISE, 15254), N);
        assert_eq!(license_edge(MOBILE, MOBILE_ENTERPRISE, 15255), X);
        assert_eq!(license_edge(PRO, ENTERPRISE, 14393), X);
        let path = check(MOBILE, MOBILE_ENTERPRISE);
        assert_eq!(path.policies, [Deployment, Csp, Union]);
        assert_eq!(letters(&path), "NNXX");
    }

    #[test]
    fn the_page_of_the_csp_takes_own_keys_of_four_editions() {
        for (edition, taken) in [
            (PRO, true),
            (PRO_N, true),
            (HOME_N, true),
            (HOME_CHINA, true),
            (EDUCATION, true),
            (ENTERPRISE, true),
            (PRO_EDUCATION, false),
            (ENTERPRISE_LTSC, false),
        ] {
            assert_eq!(takes_own_key(Csp, edition), taken, "{edition}");
            assert!(takes_own_key(Deployment, edition));
        }
    }

    #[test]
    fn the_list_holds_every_path_once() {
        let paths = list(None, None);
        let pairs: Vec<(i32, i32)> = paths.iter().map(|path| (path.from, path.to)).collect();
        for (at, pair) in pairs.iter().enumerate() {
            assert!(!pairs.iter().skip(at + 1).any(|other| other == pair), "{pair:?} twice");
        }
        for path in &paths {
            let published = path.by_hand.is_some() || !path.policies.is_empty();
            assert!(published, "{} {}", path.from, path.to);
            assert!(edition(path.from).is_some() && edition(path.to).is_some());
        }
        // 13 lines of the table, four of them for three Homes, and Mobile; 6 of Intune alone; the same for N editions.
        assert_eq!(paths.len(), 28 + 18);
    }

    #[test]
    fn a_list_can_be_limited_to_a_policy_and_a_start() {
        let pairs = |policy, from| -> Vec<(i32, i32)> {
            list(policy, from).iter().map(|path| (path.from, path.to)).collect()
        };
        assert_eq!(pairs(Some(Csp), Some(PRO)), [(PRO, EDUCATION), (PRO, ENTERPRISE)]);
        assert_eq!(pairs(Some(Csp), Some(PRO_N)), [(PRO_N, EDUCATION_N), (PRO_N, ENTERPRISE_N)]);
        assert_eq!(pairs(None, Some(EDUCATION)), []);
        assert!(pairs(Some(Union), None).contains(&(CLOUD, ENTERPRISE)));
        assert!(!pairs(Some(Union), None).contains(&(HOME, PRO)));
    }

    #[test]
    fn the_union_holds_what_any_table_holds() {
        for path in list(None, None) {
            let any = SINGLE.iter().any(|policy| path.policies.contains(policy));
            assert_eq!(path.policies.contains(&Union), any, "{} {}", path.from, path.to);
        }
    }

    #[test]
    fn words_of_policies_read_back() {
        for policy in PathPolicy::ALL {
            assert_eq!(PathPolicy::named(&policy.word().to_uppercase()), Some(policy));
        }
        assert_eq!(PathPolicy::named("mdm"), None);
        assert_eq!(PathPolicy::default(), Csp);
    }

    #[test]
    fn leaving_s_mode_keeps_the_edition_when_the_admin_does_it() {
        assert!(s_mode_switch(PRO, 15063).is_none());
        assert_eq!(s_mode_switch(PRO, 16299).unwrap().by_admin, None);
        assert_eq!(s_mode_switch(HOME, 16299).map(|row| row.by_admin), None);
        assert_eq!(s_mode_switch(HOME, 17134).unwrap().by_user, [TO_HOME]);
        assert_eq!(s_mode_switch(PRO, 17763).unwrap().by_admin, Some(PRO));
        assert_eq!(s_mode_switch(HOME_CHINA, 26100).unwrap().by_admin, Some(HOME));
        assert!(s_mode_switch(EDUCATION, 26100).is_none());
    }

    #[test]
    fn a_subscription_steps_pro_up_to_enterprise_and_pro_education_to_education() {
        assert_eq!(step_up(PRO), Some(ENTERPRISE));
        assert_eq!(step_up(PRO_EDUCATION_N), Some(EDUCATION_N));
        assert_eq!(step_up(ENTERPRISE), None);
    }

    #[test]
    fn the_tables_speak_of_editions_that_are_no_n_editions() {
        let table = UPGRADE_TABLE.iter().flat_map(|row| row.from.iter().chain([&row.to]));
        let lists = LISTED.iter().flat_map(|row| row.from.iter().chain(row.to));
        let back = DOWNGRADES.iter().flat_map(|row| row.from.iter().chain(row.to));
        for id in table.chain(lists).chain(back) {
            assert!(edition(*id).is_some() && !is_n(*id), "{id}");
        }
    }
}
