//! Why does a session host get no licenses? Its settings against the license servers that it names.

use super::standing::NOT_ACTIVATED;
use crate::clock::Timestamp;
use crate::finding::{Finding, Level};
use crate::tslicense::catalog::enumerations::{
    MODE_NOT_CONFIGURED, PRODUCT_PER_DEVICE, PRODUCT_PER_USER, REACH_DENIED, REACH_LOWER_VERSION,
    REACH_NONE, REACH_NOT_IN_GROUP, REACH_WELL,
};
use crate::tslicense::model::{Activation, Held, Host, KeyPack, Layer};
use crate::wording::{are, many};

/// A host under diagnosis.
struct Patient<'a> {
    host: &'a Host,
    /// The license servers of its list that are known, each with the name that the list has for it.
    servers: Vec<(&'a str, &'a Held)>,
    now: Timestamp,
    found: Vec<Finding>,
}

/// What is wrong with a host, or deserves to be known. One that is there for administrators has nothing to go wrong.
///
/// - `known`: every license server with its packs.
#[must_use]
pub fn diagnose(host: &Host, known: &[Held], now: Timestamp) -> Vec<Finding> {
    if !host.application_server {
        return Vec::new();
    }
    let servers = host.server_names().filter_map(|name| {
        known.iter().find(|held| held.server.is_meant(name)).map(|held| (name, held))
    });
    let mut patient = Patient { host, servers: servers.collect(), now, found: Vec::new() };
    patient.settings();
    patient.grace();
    let names: Vec<&str> = host.server_names().collect();
    for name in names {
        patient.server(name);
    }
    patient.licenses();
    patient.found
}

impl Patient<'_> {
    fn tell(&mut self, class: &'static str, level: Level, message: String, remedy: String) {
        let instance = self.servers.first().map_or("", |(_, held)| held.server.name.as_str());
        let finding = Finding::new("tslicense", class, level, self.host.name.clone(), message);
        self.found.push(finding.within(instance).remedy(remedy));
    }

    /// As [`Patient::tell`], of one license server.
    fn tell_of(
        &mut self,
        server: &str,
        (class, level): (&'static str, Level),
        message: String,
        remedy: String,
    ) {
        let finding = Finding::new("tslicense", class, level, self.host.name.clone(), message);
        self.found.push(finding.within(server).with("server", server).remedy(remedy));
    }

    /// Mode and list, and what hides them.
    fn settings(&mut self) {
        let host = self.host;
        let name = &host.name;
        if host.mode().0 == MODE_NOT_CONFIGURED {
            let level = if host.in_grace(self.now) { Level::Warning } else { Level::Error };
            let message = format!("no licensing mode is configured on `{name}`");
            let remedy = format!("licctl tslicense host mode {name} per-user, or per-device");
            self.tell("MODE_NOT_CONFIGURED", level, message, remedy);
        }
        if host.servers().0.is_empty() {
            let message = format!("`{name}` names no license server");
            let remedy = format!("licctl tslicense host license-server add {name} SERVER");
            self.tell("NO_LICENSE_SERVER", Level::Error, message, remedy);
        }
        if let Some(hidden) = hidden(host) {
            let message = format!("a policy hides the {hidden} of `{name}`");
            let remedy = "change the policy, or make the settings agree".to_owned();
            self.tell("POLICY_OVERRIDES", Level::Info, message, remedy);
        }
        for entry in host.servers().0.iter().filter(|entry| entry.trim() != entry.as_str()) {
            let message =
                format!("the entry `{entry}` in the list of `{name}` has a blank around it");
            let remedy = "write the names with commas alone between them".to_owned();
            self.tell("BLANK_IN_SERVER_NAME", Level::Warning, message, remedy);
        }
        if host.certificate == Some(false) {
            let message = format!("`{name}` has never talked to a license server");
            let remedy = "check the list, the network and the rights of the host".to_owned();
            self.tell("NEVER_CONNECTED", Level::Warning, message, remedy);
        }
    }

    fn grace(&mut self) {
        let Some(left) = self.host.days_left(self.now) else { return };
        let name = &self.host.name;
        let remedy = "set the mode, and a license server that serves the host".to_owned();
        if left > 0 {
            let message = format!("{} of grace {} left on `{name}`", many(left, "day"), are(left));
            self.tell("GRACE_RUNNING", Level::Warning, message, remedy);
            if let Some(finding) = self.found.last_mut() {
                finding.due = self.host.grace_ends;
            }
        } else if !self.servers.iter().any(|(listed, held)| self.is_healthy(listed, held)) {
            let message =
                format!("the grace period of `{name}` is over, and no license server serves it");
            self.tell("GRACE_OVER", Level::Error, message, remedy);
        }
    }

    /// Whether a license server serves the host: as someone who asked it found, else as the store has it.
    fn is_healthy(&self, listed: &str, held: &Held) -> bool {
        let server = &held.server;
        match self.host.reach(listed) {
            Some(status) => REACH_WELL.contains(&status),
            None => {
                server.reachable
                    && server.activation != Activation::NotActivated
                    && !self.is_older(held)
                    && server.serves(&self.host.name)
            }
        }
    }

    fn is_older(&self, held: &Held) -> bool {
        held.server.tier().zip(self.host.os).is_some_and(|(tier, os)| tier < os.tier())
    }

    /// One license server of the list.
    fn server(&mut self, listed: &str) {
        let host = self.host;
        let held = self.servers.iter().find(|(name, _)| *name == listed).map(|(_, held)| *held);
        let server = held.map(|held| &held.server);
        let name = server.map_or(listed, |server| server.name.as_str()).to_owned();
        let reach = host.reach(listed);
        if server.is_some_and(|server| server.activation != Activation::Activated) {
            let message = format!("it is not known that `{name}` is activated");
            let message = match server.map(|server| server.activation) {
                Some(Activation::NotActivated) => format!("`{name}` is not activated"),
                _ => message,
            };
            let remedy = format!("licctl tslicense server activate --server {name}");
            self.tell_of(&name, (NOT_ACTIVATED, Level::Error), message, remedy);
        }
        if reach == Some(REACH_NONE) || server.is_some_and(|server| !server.reachable) {
            let message = format!("`{}` does not reach `{name}`", host.name);
            let remedy = "check name, network, firewall and the licensing service".to_owned();
            self.tell_of(&name, ("LS_UNREACHABLE", Level::Error), message, remedy);
        }
        if reach == Some(REACH_LOWER_VERSION) || held.is_some_and(|held| self.is_older(held)) {
            let message = format!("`{name}` is older than `{}` and does not serve it", host.name);
            let remedy = "name a license server of at least the version of the host".to_owned();
            self.tell_of(&name, ("LS_LOWER_VERSION", Level::Error), message, remedy);
        }
        if reach == Some(REACH_DENIED) {
            let message = format!("who asked was denied access to `{name}`");
            let remedy = "ask as an administrator of the license server".to_owned();
            self.tell_of(&name, ("LS_ACCESS_DENIED", Level::Warning), message, remedy);
        }
        let outside = server.is_some_and(|server| !server.serves(&host.name));
        if reach == Some(REACH_NOT_IN_GROUP) || outside {
            let message = format!("`{}` is not in the group that `{name}` wants", host.name);
            let remedy = format!("put it into the group Terminal Server Computers of {name}");
            self.tell_of(&name, ("NOT_IN_TSC_GROUP", Level::Error), message, remedy);
        }
        self.directory(&name, held);
    }

    /// What licenses per user need of the directory.
    fn directory(&mut self, name: &str, held: Option<&Held>) {
        if self.host.product() != Some(PRODUCT_PER_USER) {
            return;
        }
        let joined = held.and_then(|held| held.server.joined);
        if joined == Some(true) && held.is_some_and(|held| !held.server.in_group) {
            let message = format!(
                "`{name}` cannot write the licenses of users: it is not in the group Terminal Server License Servers"
            );
            let remedy = format!("licctl tslicense server join-group --server {name}");
            self.tell_of(name, ("TSLS_GROUP_MISSING", Level::Warning), message, remedy);
        }
        if joined == Some(false) || self.host.joined == Some(false) {
            let which = if joined == Some(false) { name } else { self.host.name.as_str() };
            let message =
                format!("licenses per user need a domain, and `{which}` is in a workgroup");
            let remedy = "use licenses per device, or join a domain".to_owned();
            self.tell_of(name, ("PER_USER_IN_WORKGROUP", Level::Error), message, remedy);
        }
    }

    /// The licenses of its mode on the license servers that are known.
    fn licenses(&mut self) {
        let Some(product) = self.host.product() else { return };
        if self.servers.is_empty() {
            return;
        }
        let name = &self.host.name;
        let mode = mode_words(product);
        let of = |product: u32| -> Vec<&KeyPack> {
            let packs = self.servers.iter().flat_map(|(_, held)| held.packs.iter());
            packs.filter(|pack| serves(pack, product, self.host, self.now)).collect()
        };
        let packs = of(product);
        if packs.is_empty() {
            let other =
                if product == PRODUCT_PER_USER { PRODUCT_PER_DEVICE } else { PRODUCT_PER_USER };
            let others = of(other).first().map(|pack| pack.id.0);
            let message =
                format!("no license server of `{name}` has licenses {mode} that serve it");
            let remedy = format!("bring licenses {mode} of at least its version");
            self.tell("NO_CALS_FOR_MODE", Level::Error, message, remedy);
            if let Some(id) = others {
                let other = mode_words(other);
                let message =
                    format!("`{name}` is licensed {mode}, and there are licenses {other} alone");
                let remedy =
                    format!("licctl tslicense keypack convert {id} --count N, or change the mode");
                self.tell("ONLY_OTHER_MODE", Level::Error, message, remedy);
            }
            return;
        }
        if packs.iter().all(|pack| pack.available == 0) {
            let level = if product == PRODUCT_PER_USER { Level::Warning } else { Level::Error };
            let message = format!("no license {mode} for `{name}` is left");
            let remedy = "bring more licenses, or free those that are not used".to_owned();
            self.tell("NO_AVAILABLE_CALS", level, message, remedy);
        }
    }
}

fn mode_words(product: u32) -> &'static str {
    if product == PRODUCT_PER_USER { "per user" } else { "per device" }
}

/// Whether a pack holds licenses of a product that serve a host; one of an unknown release takes all.
fn serves(pack: &KeyPack, product: u32, host: &Host, now: Timestamp) -> bool {
    let old = host.os.is_some_and(|os| pack.tier() < os.tier());
    pack.is_owned() && pack.product == product && !old && now < pack.expires
}

/// What a policy hides: a mode or a list of the host or its deployment that says something else.
fn hidden(host: &Host) -> Option<&'static str> {
    let below = [Some(&host.own), host.central.then_some(&host.deployment)];
    let below = || below.iter().flatten();
    let mode = host.mode().1 == Layer::Policy
        && below().any(|says| says.mode.is_some() && says.mode != host.policy.mode);
    let list = host.servers().1 == Layer::Policy
        && below().any(|says| !says.servers.is_empty() && says.servers != host.policy.servers);
    match (mode, list) {
        (true, true) => Some("mode and list"),
        (true, false) => Some("mode"),
        (false, true) => Some("list"),
        (false, false) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::diagnose;
    use crate::clock::Timestamp;
    use crate::finding::Level;
    use crate::tslicense::catalog::versions::Os;
    use crate::tslicense::model::{
        Activation, Held, Host, KeyPack, KeyPackId, Licensing, Reach, Server,
    };

    fn now() -> Timestamp {
        Timestamp::parse("2026-03-01T09:00:00Z").unwrap()
    }

    fn server() -> Held {
        let server = Server {
            os: Some(Os::V2019),
            activation: Activation::Activated,
            joined: Some(true),
            in_group: true,
            ..Server::unknown("ls-a.corp.example")
        };
        Held { server, packs: vec![KeyPack::built_in(), KeyPack::new(KeyPackId(3), 5, (6, 1), 50)] }
    }

    fn host() -> Host {
        Host {
            os: Some(Os::V2019),
            joined: Some(true),
            own: Licensing { mode: Some(4), servers: vec!["ls-a.corp.example".to_owned()] },
            ..Host::unknown("rdsh-1.corp.example")
        }
    }

    fn classes(host: &Host, held: &Held) -> Vec<(&'static str, Level)> {
        let found = diagnose(host, std::slice::from_ref(held), now());
        found.iter().map(|finding| (finding.class, finding.severity)).collect()
    }

    fn with(change: impl Fn(&mut Host, &mut Held)) -> Vec<(&'static str, Level)> {
        let (mut host, mut held) = (host(), server());
        change(&mut host, &mut held);
        classes(&host, &held)
    }

    #[test]
    fn a_host_in_order_has_no_finding() {
        assert_eq!(with(|_, _| ()), []);
    }

    #[test]
    fn what_the_host_itself_lacks_is_told() {
        let (error, warning) = (Level::Error, Level::Warning);
        let found = with(|host, _| host.own.mode = None);
        assert_eq!(found, [("MODE_NOT_CONFIGURED", error)]);
        let found = with(|host, _| {
            host.own.mode = None;
            host.grace_ends = Some(now().plus_days(5));
        });
        assert_eq!(found, [("MODE_NOT_CONFIGURED", warning), ("GRACE_RUNNING", warning)]);
        let found = with(|host, _| host.own.servers.clear());
        assert_eq!(found, [("NO_LICENSE_SERVER", error)]);
        let found = with(|host, _| {
            host.own.servers.clear();
            host.grace_ends = Some(now());
        });
        assert_eq!(found, [("NO_LICENSE_SERVER", error), ("GRACE_OVER", error)]);
        assert_eq!(with(|host, _| host.grace_ends = Some(now())), [], "a server serves it");
        let found = with(|host, _| host.certificate = Some(false));
        assert_eq!(found, [("NEVER_CONNECTED", warning)]);
        assert_eq!(with(|host, _| host.application_server = false), []);
    }

    #[test]
    fn a_policy_that_hides_settings_and_a_blank_in_its_list_are_told() {
        let found = with(|host, _| {
            host.policy.servers = vec!["ls-a".to_owned(), " ls-b".to_owned()];
        });
        assert_eq!(
            found,
            [("POLICY_OVERRIDES", Level::Info), ("BLANK_IN_SERVER_NAME", Level::Warning)]
        );
        let found = with(|host, _| host.policy.mode = Some(4));
        assert_eq!(found, [], "policy and host agree");
    }

    #[test]
    fn each_thing_that_keeps_a_license_server_from_serving_is_told() {
        let (error, warning) = (Level::Error, Level::Warning);
        let reach = |status| {
            with(move |host, _| {
                host.reached = vec![Reach { server: "ls-a".to_owned(), status }];
            })
        };
        assert_eq!(reach(4), [("LS_LOWER_VERSION", error)]);
        assert_eq!(reach(5), [("NOT_IN_TSC_GROUP", error)]);
        assert_eq!(reach(6), [("LS_UNREACHABLE", error)]);
        assert_eq!(reach(8), [("LS_ACCESS_DENIED", warning)]);
        assert_eq!(reach(11), []);
        for activation in [Activation::NotActivated, Activation::Unknown] {
            let found = with(|_, held| held.server.activation = activation);
            assert_eq!(found, [("LS_NOT_ACTIVATED", error)]);
        }
        let found = with(|host, _| host.os = Some(Os::V2022));
        assert_eq!(found, [("LS_LOWER_VERSION", error), ("NO_CALS_FOR_MODE", error)]);
        let found = with(|_, held| held.server.directory.restricts_hosts = true);
        assert_eq!(found, [("NOT_IN_TSC_GROUP", error)]);
        let found = with(|_, held| held.server.in_group = false);
        assert_eq!(found, [("TSLS_GROUP_MISSING", warning)]);
        let found = with(|host, _| host.joined = Some(false));
        assert_eq!(found, [("PER_USER_IN_WORKGROUP", error)]);
        let found = with(|_, held| held.server.joined = Some(false));
        assert_eq!(found, [("PER_USER_IN_WORKGROUP", error)]);
    }

    #[test]
    fn licenses_of_the_other_mode_do_not_help_and_none_left_is_worse_per_device() {
        let (error, warning) = (Level::Error, Level::Warning);
        let found = with(|host, _| host.own.mode = Some(2));
        assert_eq!(found, [("NO_CALS_FOR_MODE", error), ("ONLY_OTHER_MODE", error)]);
        let found = with(|_, held| held.packs[1].available = 0);
        assert_eq!(found, [("NO_AVAILABLE_CALS", warning)]);
        let found = with(|host, held| {
            host.own.mode = Some(2);
            held.packs[1] = KeyPack { available: 0, ..KeyPack::new(KeyPackId(3), 5, (7, 0), 5) };
        });
        assert_eq!(found, [("NO_AVAILABLE_CALS", error)]);
    }
}
