//! Who exists: the hosts and machines of Contoso, and when each machine asks first. What comes of it: `simulate.rs`.
//!
//! Four sites, one host each:
//! - headquarters (`kms01`): some 550 machines, healthy, with the oddities that every large site has;
//! - branch (`kms02`): being closed down, still above its threshold of 25, not for long;
//! - lab (`kms03`): servers, and desktops that are made anew every morning;
//! - plant (`kms04`): a workgroup that lost its threshold months ago, unnoticed, since its clients are still licensed.

use crate::calendar::{DAY, HOUR, MINUTE, Moment};
use crate::host::{Facts, Host};
use crate::machine::{Licence, Machine, Presence};
use crate::product::{ENTERPRISE, OFFICE, PROFESSIONAL, Product, SERVER_2016, SERVER_2019};
use crate::random::Random;

/// The moment at which all artefacts were taken: 2026-03-31T00:00:00Z.
pub(crate) const NOW: Moment = Moment(1_774_915_200_000);

pub(crate) const HEADQUARTERS: usize = 0;
pub(crate) const BRANCH: usize = 1;
pub(crate) const LAB: usize = 2;
pub(crate) const PLANT: usize = 3;

/// A client of headquarters whose own event log is among the artefacts.
pub(crate) const WATCHED: &str = "ws-0042";
/// A client of the plant that fell out of activation, and one that is about to.
pub(crate) const FALLEN: &str = "ws-0931";
pub(crate) const FALLING: &str = "pl-03";

const DOMAIN: &str = "corp.contoso.example";

pub(crate) const DESKTOP: Presence =
    Presence::OfficeHours { from: 390 * MINUTE, to: 17 * HOUR, away: 3 };
pub(crate) const LAPTOP: Presence =
    Presence::OfficeHours { from: 7 * HOUR, to: 18 * HOUR, away: 12 };
/// A desktop whose user is never away.
pub(crate) const STEADY: Presence =
    Presence::OfficeHours { from: 390 * MINUTE, to: 17 * HOUR, away: 0 };

pub(crate) fn hosts() -> Vec<Host> {
    let host = |computer, activation_interval, days, lacks, stranger| {
        Host::new(Facts {
            computer,
            activation_interval,
            renewal_interval: 10_080,
            opened: NOW.minus(days * DAY),
            lacks,
            stranger,
        })
    };
    // In the order of the constants above. The keys of kms02 are older than Windows Server 2019.
    let old: &[&str] = &["6f327760-8c5c-417c-9b61-836a98287e0c"];
    let older: &[&str] =
        &["6f327760-8c5c-417c-9b61-836a98287e0c", "de32eafd-aaee-4662-9444-c1befb41bde2"];
    vec![
        host("kms01.corp.contoso.example", 120, 90, old, None),
        host("kms02.corp.contoso.example", 240, 80, older, None),
        host("kms03", 120, 78, old, None),
        host("kms04", 120, 242, old, Some(NOW.minus(9 * DAY + 3 * HOUR))),
    ]
}

/// The clients of all `hosts`, site by site.
pub(crate) fn machines(hosts: &[Host], random: &mut Random) -> Vec<Machine> {
    let mut machines = Vec::new();
    for (number, host) in hosts.iter().enumerate() {
        let mut site = Site { host: number, opened: host.facts.opened, random };
        machines.extend(match number {
            HEADQUARTERS => site.headquarters(),
            BRANCH => site.branch(),
            LAB => site.lab(),
            _ => site.plant(),
        });
    }
    machines
}

pub(crate) fn qualified(label: &str) -> String {
    format!("{label}.{DOMAIN}")
}

/// A site while it is being filled.
pub(crate) struct Site<'r> {
    pub(crate) host: usize,
    pub(crate) opened: Moment,
    pub(crate) random: &'r mut Random,
}

impl Site<'_> {
    /// A machine with an identity of its own.
    pub(crate) fn machine(&mut self, name: String, presence: Presence) -> Machine {
        Machine::new(self.host, name, self.random.guid(), presence)
    }

    /// A licence that was last renewed in the week before the log begins.
    pub(crate) fn settled(&mut self, product: &'static Product) -> Licence {
        let renewed = self.opened.minus(self.random.between(0, 7 * DAY));
        Licence::activated(product, renewed, renewed.plus(7 * DAY))
    }

    /// A licence installed at `at`, which asks some minutes later.
    pub(crate) fn fresh(&mut self, product: &'static Product, at: Moment) -> Licence {
        Licence::installed(product, at, at.plus(self.random.between(MINUTE, 9 * MINUTE)))
    }

    /// A moment between `from` and `to` days before now.
    pub(crate) fn ago(&mut self, from: i64, to: i64) -> Moment {
        NOW.minus(self.random.between(to * DAY, from * DAY))
    }

    pub(crate) fn client_windows(&mut self) -> &'static Product {
        if self.random.chance(40) { &PROFESSIONAL } else { &ENTERPRISE }
    }

    pub(crate) fn server_windows(&mut self) -> &'static Product {
        if self.random.chance(45) { &SERVER_2016 } else { &SERVER_2019 }
    }

    /// The branch: 22 clients that stay, 5 that left lately, 18 that left before them.
    fn branch(&mut self) -> Vec<Machine> {
        let mut machines = Vec::new();
        let left = [15, 16, 18, 20, 22];
        for number in 1..=42_i64 {
            let windows = self.settled(&PROFESSIONAL);
            let mut desktop = self.machine(qualified(&format!("br-{number:02}")), STEADY);
            desktop = desktop.with(windows);
            if number % 2 == 0 {
                desktop = desktop.with(self.settled(&OFFICE));
            }
            let position = usize::try_from(number - 20).unwrap_or(usize::MAX);
            machines.push(match left.get(position) {
                Some(days) => desktop.leaving(NOW.minus(days * DAY)),
                None if number > 19 => desktop.leaving(self.ago(75, 38)),
                None => desktop,
            });
        }
        for number in 1..=2 {
            let windows = self.settled(&SERVER_2016);
            let label = format!("br-srv-{number}");
            machines.push(self.machine(qualified(&label), Presence::Always).with(windows));
        }
        let cmid = self.random.guid();
        for label in ["br-51", "br-52"] {
            let windows = self.settled(&PROFESSIONAL);
            machines.push(Machine { cmid, ..self.machine(qualified(label), STEADY) }.with(windows));
        }
        let windows = self.fresh(&SERVER_2019, NOW.minus(6 * DAY + 10 * HOUR));
        let refused = self.machine(qualified("br-srv-3"), Presence::Always).in_a_vm();
        machines.push(refused.with(windows));
        machines
    }

    fn lab(&mut self) -> Vec<Machine> {
        let mut machines = self.servers();
        machines.extend(self.desktops());
        machines
    }

    /// The lab: servers, ten of them installed anew every fortnight, and one machine that is rearmed every third day.
    fn servers(&mut self) -> Vec<Machine> {
        let mut machines = Vec::new();
        for number in 1..=34 {
            let windows = self.server_windows();
            let windows = self.settled(windows);
            let label = format!("lab-{number:02}");
            machines.push(self.machine(label, Presence::Always).with(windows).in_a_vm());
        }
        for number in 35..=44 {
            let first = self.random.between(0, 14 * DAY);
            machines.extend(self.rebuilt(&format!("lab-{number:02}"), first, 14 * DAY));
        }
        machines.extend(self.rebuilt("lab-rearm", 5 * HOUR, 3 * DAY));
        machines
    }

    /// The lives of a server that is installed anew every `life`, from `first` after the opening on.
    fn rebuilt(&mut self, label: &str, first: i64, life: i64) -> Vec<Machine> {
        let mut machines = Vec::new();
        let mut born = self.opened.plus(first);
        while born < NOW {
            let windows = self.fresh(&SERVER_2019, born);
            let server = self.machine(label.to_owned(), Presence::Always).with(windows);
            machines.push(server.in_a_vm().leaving(born.plus(life)));
            born = born.plus(life);
        }
        machines
    }

    /// The lab: 256 virtual desktops that are made anew from one image every working day.
    fn desktops(&mut self) -> Vec<Machine> {
        let mut machines = Vec::new();
        let mut day = self.opened;
        while day < NOW {
            for number in 1..=256 {
                if !day.is_weekday() || self.random.chance(8) {
                    continue;
                }
                let boot = day.plus(self.random.between(390 * MINUTE, 9 * HOUR));
                let installed = boot.minus(self.random.between(2 * MINUTE, 12 * MINUTE));
                let windows = Licence::installed(&ENTERPRISE, installed, boot);
                let office = boot.plus(self.random.between(3 * MINUTE, 70 * MINUTE));
                let office = Licence::installed(&OFFICE, installed, office);
                let desktop = self.machine(format!("vdi-{number:03}"), Presence::Always);
                let desktop = desktop.with(windows).with(office).in_a_vm();
                machines.push(desktop.leaving(day.plus(18 * HOUR)));
            }
            day = day.plus(DAY);
        }
        machines
    }

    /// The plant: 16 that stay, 12 that went one by one, and a newcomer that cannot be activated.
    fn plant(&mut self) -> Vec<Machine> {
        let mut machines = Vec::new();
        for number in 1..=13 {
            let windows = self.settled(&PROFESSIONAL);
            let panel = self.machine(format!("pl-{number:02}"), Presence::Always).with(windows);
            machines.push(if number % 2 == 0 { panel.with(self.settled(&OFFICE)) } else { panel });
        }
        for number in 1..=3 {
            let windows = self.settled(&SERVER_2016);
            let server = self.machine(format!("pl-srv-{number}"), Presence::Always);
            machines.push(server.with(windows));
        }
        let went = [213, 212, 200, 192, 185, 170, 150, 120, 95, 60, 45, 38];
        for (number, days) in (931..).zip(went) {
            let windows = self.settled(&PROFESSIONAL);
            let panel = self.machine(format!("ws-0{number}"), Presence::Always).with(windows);
            machines.push(panel.leaving(NOW.minus(days * DAY)));
        }
        let windows = self.fresh(&PROFESSIONAL, NOW.minus(12 * DAY + 16 * HOUR));
        machines.push(self.machine("pl-14".to_owned(), STEADY).with(windows));
        machines
    }
}

/// The machine that bears or bore the name `label`, with or without domain.
pub(crate) fn find<'m>(machines: &'m mut [Machine], label: &str) -> Option<&'m mut Machine> {
    let is_it = |name: &str| name.split('.').next() == Some(label);
    machines.iter_mut().find(|machine| machine.names.iter().any(|(_, name)| is_it(name)))
}
