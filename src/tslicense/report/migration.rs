//! How do all licenses of a server get onto another one? Whether they did is left to `verification`.

mod packs;

use self::packs::called;
use crate::clock::Timestamp;
use crate::tslicense::catalog::methods::{Act, HostAct, Program, WmiMethod, of};
use crate::tslicense::catalog::versions::{Tier, VERSIONS};
use crate::tslicense::model::migration::Share;
use crate::tslicense::model::{Activation, Held, Host, KeyPack, KeyPackId, Layer};
use crate::tslicense::rules::gives;
use crate::tslicense::rules::typed::Given;
use std::collections::BTreeMap;

/// A license per device lives 89 days at most: then nothing points to the old server any more.
const LONGEST_DAYS: i64 = 90;

/// Whether a step can be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    Ready,
    Blocked(String),
    /// There is nothing to be done.
    Skipped(String),
    Done,
}

/// What a step does.
#[derive(Clone)]
pub enum Doing {
    /// Looks at the servers.
    Look,
    /// Calls a method of a license server.
    Call { method: &'static WmiMethod, pack: KeyPackId, given: Vec<(String, Given)> },
    /// Calls a method of a session host.
    Host { method: &'static WmiMethod, given: Vec<(String, Given)> },
}

/// A step of a plan.
#[derive(Clone)]
pub struct Step {
    /// The machine on which it is done.
    pub machine: String,
    pub doing: Doing,
    /// What it does, purchase numbers masked.
    pub words: String,
    pub state: State,
}

/// What a plan is made of.
pub struct Journey<'a> {
    pub from: &'a Held,
    pub to: &'a Held,
    /// The packs to move; empty: all.
    pub wanted: &'a [KeyPackId],
    /// How packs of an unknown program are imported.
    pub program: Option<Program>,
    /// The purchase numbers of each pack, as far as they are known.
    pub numbers: &'a BTreeMap<KeyPackId, Vec<Option<String>>>,
    pub hosts: &'a [Host],
    /// When the first plan of the two servers was made.
    pub begun: Timestamp,
    pub now: Timestamp,
}

/// The steps, in their order, and how many licenses of each rank and product they move.
#[must_use]
pub fn plan(journey: &Journey<'_>) -> (Vec<Step>, Vec<Share>) {
    let mut steps = journey.looks();
    let stopped = steps.iter().position(|step| matches!(step.state, State::Blocked(_)));
    let automatic = journey.is_automatic();
    let mut moved: BTreeMap<(Tier, u32), u64> = BTreeMap::new();
    let mut removals = Vec::new();
    let wanted = |pack: &&KeyPack| journey.wanted.is_empty() || journey.wanted.contains(&pack.id);
    for pack in journey.from.packs.iter().filter(wanted) {
        let (mut step, count) = journey.import(pack);
        if let (State::Ready, Some(at)) = (&step.state, stopped) {
            step.state = State::Blocked(format!("see step {}", at + 1));
        }
        if step.state == State::Ready {
            *moved.entry((pack.tier(), pack.product)).or_default() += u64::from(count);
            if !automatic {
                removals.push(journey.removal(pack, count));
            }
        }
        steps.push(step);
    }
    steps.extend(removals);
    steps.extend(journey.hosts());
    steps.push(journey.farewell());
    let shares = moved.into_iter().map(|((tier, product), moved)| Share {
        version: VERSIONS.iter().find(|row| row.tier == tier).map_or(0, |row| row.id),
        product,
        moved,
        source: owned(journey.from, tier, product),
        target: owned(journey.to, tier, product),
    });
    (steps, shares.collect())
}

/// How many licenses of a rank and product a server owns.
#[must_use]
pub fn owned(held: &Held, tier: Tier, product: u32) -> u64 {
    let counts = |pack: &&KeyPack| {
        pack.is_owned() && !pack.is_unlimited() && pack.product == product && pack.tier() == tier
    };
    held.packs.iter().filter(counts).map(|pack| u64::from(pack.total)).sum()
}

fn look(machine: &str, words: String, blocked: Option<String>) -> Step {
    let state = blocked.map_or(State::Ready, State::Blocked);
    Step { machine: machine.to_owned(), doing: Doing::Look, words, state }
}

impl Journey<'_> {
    fn is_automatic(&self) -> bool {
        self.from.server.reachable && gives(&self.from.server) && gives(&self.to.server)
    }

    /// What must hold of the two servers.
    fn looks(&self) -> Vec<Step> {
        let (from, to) = (&self.from.server, &self.to.server);
        let inactive = to.activation == Activation::NotActivated;
        let same = from.license_server_id.as_ref().is_some_and(|id| to.has_id(id));
        let removal = if self.is_automatic() {
            "the licenses leave it by themselves"
        } else {
            "the licenses must be removed by hand"
        };
        vec![
            look(
                &to.name,
                "it is activated".to_owned(),
                inactive.then(|| "NOT_ACTIVATED".to_owned()),
            ),
            look(
                &from.name,
                "its license server ID is known".to_owned(),
                from.license_server_id.is_none().then(|| "ID_UNKNOWN".to_owned()),
            ),
            look(
                &to.name,
                "its license server ID is another".to_owned(),
                same.then(|| "SAME_ID".to_owned()),
            ),
            look(&from.name, removal.to_owned(), None),
        ]
    }

    /// The hosts that name the old server.
    fn hosts(&self) -> Vec<Step> {
        let (from, to) = (&self.from.server, &self.to.server);
        let mut steps = Vec::new();
        for host in self.hosts {
            let (listed, layer) = host.servers();
            let Some(name) = listed.iter().find(|name| from.is_meant(name.trim())) else {
                continue;
            };
            if layer != Layer::Server {
                let words = format!("change the list of its {}: `{}`", layer.word(), to.name);
                let blocked =
                    Some("POLICY_OVERRIDES".to_owned()).filter(|_| layer == Layer::Policy);
                let blocked = blocked.or_else(|| Some("CENTRAL_SETTING".to_owned()));
                steps.push(look(&host.name, words, blocked));
                continue;
            }
            let mut call = |act: HostAct, server: &str| {
                let given =
                    vec![("LicenseServerName".to_owned(), Given::Text(server.trim().to_owned()))];
                let Some(method) = of(Act::Host(act)) else { return };
                let words = called(method, &given);
                let doing = Doing::Host { method, given };
                let machine = host.name.clone();
                steps.push(Step { machine, doing, words, state: State::Ready });
            };
            if !listed.iter().any(|name| to.is_meant(name.trim())) {
                call(HostAct::AddServer, &to.name);
            }
            call(HostAct::RemoveServer, name);
        }
        steps
    }

    /// The old server is given up when the last license of a device has ended.
    fn farewell(&self) -> Step {
        let last = self.begun.plus_days(LONGEST_DAYS);
        let why = if self.now < last {
            format!("not before {}", last.date())
        } else {
            "CONFIRMATION_CODE: `licctl tslicense server deactivate --code CODE`".to_owned()
        };
        look(&self.from.server.name, "DeactivateServer".to_owned(), Some(why))
    }
}

#[cfg(test)]
mod tests {
    use super::{Doing, Journey, State, Step, plan};
    use crate::tslicense::catalog::versions::Os;
    use crate::tslicense::model::migration::Planned;
    use crate::tslicense::model::{Held, Host, KeyPackId, Layer, Licensing};
    use crate::tslicense::rules::fixture::{a, b, now};
    use std::collections::BTreeMap;

    fn planned(from: &Held, to: &Held, hosts: &[Host]) -> (Vec<Step>, Planned) {
        let known = ["12345678", "TEST0AUTH000001"].map(|text| Some(text.to_owned()));
        let numbers = BTreeMap::from([(KeyPackId(3), known.to_vec())]);
        let (begun, wanted) = (now(), &[]);
        let journey = Journey {
            from,
            to,
            wanted,
            program: None,
            numbers: &numbers,
            hosts,
            begun,
            now: begun,
        };
        let (steps, shares) = plan(&journey);
        (steps, Planned { at: now(), shares })
    }

    fn state(step: &Step) -> String {
        match &step.state {
            State::Ready => "ready".to_owned(),
            State::Blocked(why) => why.clone(),
            State::Skipped(_) => "skipped".to_owned(),
            State::Done => "done".to_owned(),
        }
    }

    #[test]
    fn a_pack_whose_numbers_are_known_is_imported_and_others_are_blocked() {
        let (steps, planned) = planned(&a(), &b(), &[]);
        let states: Vec<String> = steps.iter().map(state).collect();
        assert_eq!(
            states,
            [
                "ready",
                "ready",
                "ready",
                "ready",
                "skipped",
                "ready",
                "NUMBERS_MISSING",
                "not before 2026-05-30"
            ]
        );
        assert_eq!(
            steps[5].words,
            "ImportOpenPurchaseLicenseKeyPack sLicenseNumber=12****78, \
             sAuthorizationNumber=TE***********01, ProductVersion=6, ProductType=1, LicenseCount=50, \
             sSourceLSName=ls-a.corp.example, sSourceLSProductId=AAAAABBBBBCCCCCDDDDDEEEEEFFFFFGGGGG"
        );
        let share = &planned.shares[0];
        assert_eq!((share.version, share.product, share.moved), (6, 1, 50));
        assert_eq!((share.source, share.target), (50, 0));
    }

    #[test]
    fn what_the_servers_lack_blocks_the_imports() {
        let mut old = b();
        old.server.os = Some(Os::V2016);
        assert_eq!(state(&planned(&a(), &old, &[]).0[5]), "TARGET_TOO_OLD");
        let mut unknown = a();
        unknown.server.license_server_id = None;
        let steps = planned(&unknown, &b(), &[]).0;
        assert_eq!(
            (state(&steps[1]), state(&steps[5])),
            ("ID_UNKNOWN".to_owned(), "NUMBERS_MISSING".to_owned())
        );
        let mut new = b();
        new.server.activation = crate::tslicense::model::Activation::NotActivated;
        assert_eq!(state(&planned(&a(), &new, &[]).0[5]), "see step 1");
    }

    #[test]
    fn a_server_that_does_not_migrate_has_its_licenses_removed_by_hand() {
        let mut source = a();
        source.server.os = Some(Os::V2008);
        let steps = planned(&source, &b(), &[]).0;
        assert_eq!(steps[7].words, "UninstallLicenseKeyPackWithId KeyPackId=3");
        assert_eq!(state(&steps[7]), "ready");
        source.server.reachable = false;
        assert_eq!(state(&planned(&source, &b(), &[]).0[7]), "SOURCE_UNREACHABLE");
    }

    #[test]
    fn hosts_that_name_the_old_server_are_led_to_the_new_one() {
        let servers = vec!["ls-a".to_owned()];
        let own = Licensing { mode: Some(4), servers: servers.clone() };
        let host = Host { own, ..Host::unknown("rdsh-1") };
        let policy = Licensing { mode: None, servers };
        let governed = Host { policy, ..Host::unknown("rdsh-2") };
        assert_eq!(governed.servers().1, Layer::Policy);
        let steps = planned(&a(), &b(), &[host, governed]).0;
        let words: Vec<&str> = steps[7..10].iter().map(|step| step.words.as_str()).collect();
        assert_eq!(
            words,
            [
                "AddLSToSpecifiedLicenseServerList LicenseServerName=ls-b.corp.example",
                "RemoveLSFromSpecifiedLicenseServerList LicenseServerName=ls-a",
                "change the list of its policy: `ls-b.corp.example`",
            ]
        );
        assert!(matches!(steps[7].doing, Doing::Host { .. }));
        assert_eq!(state(&steps[9]), "POLICY_OVERRIDES");
    }
}
