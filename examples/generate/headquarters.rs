//! Headquarters: some 550 machines, most of which just work, and the oddities that every large site has.

use crate::calendar::{DAY, HOUR, MINUTE};
use crate::estate::{DESKTOP, LAPTOP, NOW, STEADY, Site, qualified};
use crate::machine::{Licence, Machine, Presence};
use crate::product::{ENTERPRISE, OFFICE, OFFICE_2010, PROFESSIONAL, SEVEN, VISIO};

impl Site<'_> {
    pub(crate) fn headquarters(&mut self) -> Vec<Machine> {
        let mut machines = self.staff();
        machines.extend(self.movers());
        machines.extend(self.clones());
        machines.extend(self.oddities());
        machines
    }

    /// The machines that just work.
    fn staff(&mut self) -> Vec<Machine> {
        let mut machines = Vec::new();
        for number in 1..=262 {
            let windows = self.client_windows();
            let windows = self.settled(windows);
            let mut desktop =
                self.machine(qualified(&format!("ws-{number:04}")), DESKTOP).with(windows);
            // The watched client (see `WATCHED`) shall have both.
            if self.random.chance(72) || number == 42 {
                desktop = desktop.with(self.settled(&OFFICE));
            }
            if self.random.chance(5) {
                desktop = desktop.with(self.settled(&VISIO));
            }
            machines.push(desktop);
        }
        for number in 1..=96 {
            let (windows, office) = (self.settled(&ENTERPRISE), self.settled(&OFFICE));
            let label = format!("lt-{number:04}");
            machines.push(self.machine(qualified(&label), LAPTOP).with(windows).with(office));
        }
        for number in 1..=52 {
            let windows = self.server_windows();
            let windows = self.settled(windows);
            let server = self.machine(qualified(&format!("srv-{number:03}")), Presence::Always);
            let server = server.with(windows);
            machines.push(if number % 10 == 0 { server } else { server.in_a_vm() });
        }
        machines
    }

    /// Machines that come, go, are renamed, installed anew, or known by two names.
    fn movers(&mut self) -> Vec<Machine> {
        let mut machines = Vec::new();
        for number in 301..=312 {
            let at = self.ago(27, 6);
            let new_name = qualified(&format!("ws-1{number}"));
            machines.push(self.office_desktop(&format!("ws-0{number}")).renamed(at, new_name));
        }
        for number in 401..=424 {
            let at = self.ago(85, 40);
            machines.push(self.office_desktop(&format!("ws-0{number}")).leaving(at));
        }
        for number in 501..=508 {
            let label = format!("ws-0{number}");
            let at = self.ago(60, 20);
            machines.push(self.office_desktop(&label).leaving(at));
            let (windows, office) = (self.fresh(&ENTERPRISE, at), self.fresh(&OFFICE, at));
            machines.push(self.machine(qualified(&label), DESKTOP).with(windows).with(office));
        }
        for number in 601..=628 {
            let at = self.ago(80, 1);
            let (windows, office) = (self.fresh(&ENTERPRISE, at), self.fresh(&OFFICE, at));
            let label = format!("ws-0{number}");
            machines.push(self.machine(qualified(&label), DESKTOP).with(windows).with(office));
        }
        for number in 201..=214 {
            let (windows, office) = (self.settled(&ENTERPRISE), self.settled(&OFFICE));
            let label = format!("lt-0{number}");
            // Away from the domain network a machine signs with its NetBIOS name.
            let alias = if number % 5 == 0 {
                format!("{label}.emea.contoso.example")
            } else {
                label.to_uppercase()
            };
            let laptop = self.machine(qualified(&label), LAPTOP).with(windows).with(office);
            machines.push(laptop.also_called(alias));
        }
        machines
    }

    /// Images that were copied without `sysprep /generalize`.
    fn clones(&mut self) -> Vec<Machine> {
        let mut machines = Vec::new();
        let mut copies = |site: &mut Self, labels: Vec<String>| {
            let cmid = site.random.guid();
            for label in labels {
                machines.push(Machine { cmid, ..site.office_desktop(&label) });
            }
        };
        copies(self, (1..=30).map(|number| format!("tr-{number:02}")).collect());
        copies(self, vec!["ws-0811".to_owned(), "ws-0812".to_owned()]);
        copies(self, vec!["lt-0340".to_owned(), "lt-0341".to_owned()]);
        machines
    }

    /// The special cases.
    fn oddities(&mut self) -> Vec<Machine> {
        let mut machines = Vec::new();
        let old_office = self.fresh(&OFFICE_2010, NOW.minus(41 * DAY + 15 * HOUR));
        let windows = self.settled(&PROFESSIONAL);
        let desktop = self.machine(qualified("ws-0277"), DESKTOP);
        machines.push(desktop.with(windows).with(old_office));
        for number in 1..=3 {
            let windows = self.settled(&SEVEN);
            machines.push(self.machine(qualified(&format!("cnc-{number}")), STEADY).with(windows));
        }
        // Clocks that are off: two beyond what a host accepts, three by a zone that somebody set wrongly.
        let off = [-(9 * HOUR + 12 * MINUTE), 5 * HOUR + 37 * MINUTE, HOUR, HOUR, -2 * HOUR];
        for (number, skew) in off.into_iter().enumerate() {
            machines.push(self.office_desktop(&format!("ws-07{number:02}")).ahead(skew));
        }
        let at = NOW.minus(11 * DAY + 14 * HOUR);
        let windows = self.fresh(&PROFESSIONAL, at);
        let flat_battery = self.machine(qualified("ws-0710"), DESKTOP).with(windows);
        machines.push(flat_battery.ahead(-6 * 365 * DAY).leaving(at.plus(6 * DAY)));
        let windows = self.settled(&PROFESSIONAL);
        machines.push(self.machine(String::new(), STEADY).with(windows));
        // Back after more than the 180 days that an activation lasts.
        for (label, activated, back) in
            [("lt-0401", 215, 20), ("lt-0402", 208, 13), ("lt-0403", 240, 34)]
        {
            let (activated, back) = (NOW.minus(activated * DAY), NOW.minus(back * DAY));
            let windows = Licence::activated(&ENTERPRISE, activated, back);
            machines.push(self.machine(qualified(label), LAPTOP).with(windows));
        }
        machines
    }

    /// A desktop with Windows and Office, settled.
    fn office_desktop(&mut self, label: &str) -> Machine {
        let windows = self.client_windows();
        let (windows, office) = (self.settled(windows), self.settled(&OFFICE));
        self.machine(qualified(label), DESKTOP).with(windows).with(office)
    }
}
