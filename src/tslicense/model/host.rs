//! Session hosts: the servers that people connect to, in which mode they ask for licenses, and of which license servers.

use crate::clock::Timestamp;
use crate::tslicense::catalog::enumerations::{
    MODE_ADMINISTRATION, MODE_NOT_CONFIGURED, MODE_PER_DEVICE, MODE_PER_USER, PRODUCT_PER_DEVICE,
    PRODUCT_PER_USER,
};
use crate::tslicense::catalog::versions::Os;

/// How long a session host works without a license server, in days.
///
/// Source: CAL, track CALs: 120 days.
pub const GRACE_DAYS: i64 = 120;

/// Whose setting it is, the strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layer {
    Policy,
    /// The central settings of the deployment, when it uses them.
    Deployment,
    /// The host's own.
    Server,
}

impl Layer {
    /// The word of tables and of JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Policy => "policy",
            Self::Deployment => "deployment",
            Self::Server => "server",
        }
    }
}

/// What one layer says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Licensing {
    /// `LicensingType`; `None` when the layer says nothing.
    pub mode: Option<u32>,
    /// As they were written, blanks around the names included; empty when the layer says nothing.
    pub servers: Vec<String>,
}

impl Licensing {
    /// The names of a list that a policy keeps as one text, blanks kept.
    #[must_use]
    pub fn split(text: &str) -> Vec<String> {
        text.split(',').filter(|name| !name.trim().is_empty()).map(str::to_owned).collect()
    }
}

/// How a host reached a license server when someone asked it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach {
    pub server: String,
    /// Of `GetTStoLSConnectivityStatus`.
    pub status: u32,
}

/// A session host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Host {
    pub name: String,
    /// `None` while no one told it.
    pub os: Option<Os>,
    /// `TerminalServerMode` 1; else it is there for administrators, who need no license.
    pub application_server: bool,
    /// Whether it is joined to a domain; `None` while no one told it.
    pub joined: Option<bool>,
    pub own: Licensing,
    pub policy: Licensing,
    pub deployment: Licensing,
    /// `UseCentralLicensingSettings` of its deployment.
    pub central: bool,
    /// When the grace period ends; `None` while no one told it.
    pub grace_ends: Option<Timestamp>,
    /// Whether it keeps a certificate: it has talked to a license server once. `None` while no one told it.
    pub certificate: Option<bool>,
    pub reached: Vec<Reach>,
}

impl Host {
    /// A host of which nothing is known but its name.
    #[must_use]
    pub fn unknown(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            os: None,
            application_server: true,
            joined: None,
            own: Licensing::default(),
            policy: Licensing::default(),
            deployment: Licensing::default(),
            central: false,
            grace_ends: None,
            certificate: None,
            reached: Vec::new(),
        }
    }

    /// The layers that say something, the strongest first.
    fn layers(&self) -> impl Iterator<Item = (Layer, &Licensing)> {
        let deployment = self.central.then_some((Layer::Deployment, &self.deployment));
        [Some((Layer::Policy, &self.policy)), deployment, Some((Layer::Server, &self.own))]
            .into_iter()
            .flatten()
    }

    /// The mode that holds, and whose setting it is.
    #[must_use]
    pub fn mode(&self) -> (u32, Layer) {
        if !self.application_server {
            return (MODE_ADMINISTRATION, Layer::Server);
        }
        self.layers()
            .find_map(|(layer, says)| says.mode.map(|mode| (mode, layer)))
            .unwrap_or((MODE_NOT_CONFIGURED, Layer::Server))
    }

    /// The product that its mode asks for; `None` when it asks for none.
    #[must_use]
    pub fn product(&self) -> Option<u32> {
        match self.mode().0 {
            MODE_PER_DEVICE => Some(PRODUCT_PER_DEVICE),
            MODE_PER_USER => Some(PRODUCT_PER_USER),
            _ => None,
        }
    }

    /// The license servers that hold, as they were written, and whose setting they are.
    #[must_use]
    pub fn servers(&self) -> (&[String], Layer) {
        let found = self.layers().find(|(_, says)| !says.servers.is_empty());
        found.map_or((&[], Layer::Server), |(layer, says)| (says.servers.as_slice(), layer))
    }

    /// The names of the license servers that hold, without blanks.
    pub fn server_names(&self) -> impl Iterator<Item = &str> {
        self.servers().0.iter().map(|name| name.trim())
    }

    /// `PolicySourceLicensingType`: 1 when a policy governs the mode.
    #[must_use]
    pub fn policy_source(&self) -> u32 {
        u32::from(self.policy.mode.is_some())
    }

    /// `DaysLeft`: the days of grace, a day begun counted whole; 0 when they are over, `None` while no one told it.
    #[must_use]
    pub fn days_left(&self, now: Timestamp) -> Option<i64> {
        let left = self.grace_ends?.ms().saturating_sub(now.ms()).max(0);
        Some((left + DAY_MS - 1) / DAY_MS)
    }

    /// Whether connections need no license yet.
    #[must_use]
    pub fn in_grace(&self, now: Timestamp) -> bool {
        self.grace_ends.is_some_and(|ends| now < ends)
    }

    /// How it reached a license server when someone asked it.
    #[must_use]
    pub fn reach(&self, server: &str) -> Option<u32> {
        self.reached.iter().find(|known| is_same(&known.server, server)).map(|known| known.status)
    }
}

const DAY_MS: i64 = 86_400_000;

/// Whether two names mean one machine: whole names in any case, or a single label and the first of the other.
#[must_use]
pub fn is_same(left: &str, right: &str) -> bool {
    let label = |name: &str| name.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let is_address = |name: &str| name.parse::<std::net::IpAddr>().is_ok();
    if left.eq_ignore_ascii_case(right) {
        return true;
    }
    let single = !left.contains('.') || !right.contains('.');
    single && !is_address(left) && !is_address(right) && label(left) == label(right)
}

#[cfg(test)]
mod tests {
    use super::{Host, Layer, Licensing, is_same};
    use crate::clock::Timestamp;

    fn says(mode: Option<u32>, servers: &[&str]) -> Licensing {
        Licensing { mode, servers: servers.iter().map(|name| (*name).to_owned()).collect() }
    }

    #[test]
    fn a_policy_wins_over_the_server_and_the_deployment_only_when_it_is_central() {
        let mut host = Host { own: says(Some(2), &["ls-a"]), ..Host::unknown("rdsh") };
        host.deployment = says(Some(4), &["ls-b"]);
        assert_eq!(host.mode(), (2, Layer::Server));
        host.central = true;
        assert_eq!(host.mode(), (4, Layer::Deployment));
        assert_eq!(host.server_names().collect::<Vec<_>>(), ["ls-b"]);
        host.policy = says(None, &["ls-c"]);
        assert_eq!((host.mode().1, host.servers().1), (Layer::Deployment, Layer::Policy));
        assert_eq!(host.policy_source(), 0);
        host.policy.mode = Some(2);
        assert_eq!((host.mode(), host.policy_source()), ((2, Layer::Policy), 1));
        assert_eq!(Host::unknown("new").mode(), (5, Layer::Server));
    }

    #[test]
    fn a_list_of_a_policy_keeps_the_blanks_that_people_write() {
        let host = Host {
            policy: Licensing { mode: None, servers: Licensing::split("ls-a, ls-b,") },
            ..Host::unknown("rdsh")
        };
        assert_eq!(host.servers().0, ["ls-a", " ls-b"]);
        assert_eq!(host.server_names().collect::<Vec<_>>(), ["ls-a", "ls-b"]);
    }

    #[test]
    fn a_day_of_grace_that_has_begun_counts_whole() {
        let now = Timestamp::parse("2026-03-01T09:00:00Z").unwrap();
        let mut host = Host::unknown("rdsh");
        assert_eq!(host.days_left(now), None);
        for (ends, left, within) in [
            (now.plus_days(120), 120, true),
            (now.plus_ms(1), 1, true),
            (now, 0, false),
            (now.plus_days(-3), 0, false),
        ] {
            host.grace_ends = Some(ends);
            assert_eq!((host.days_left(now), host.in_grace(now)), (Some(left), within));
        }
    }

    #[test]
    fn names_with_and_without_a_suffix_mean_one_machine() {
        assert!(is_same("LS-A", "ls-a.corp.example"));
        assert!(is_same("ls-a.corp.example", "LS-A.corp.example"));
        assert!(!is_same("ls-a.corp.example", "ls-a.other.example"));
        assert!(!is_same("10.1.2.3", "10"));
    }
}
