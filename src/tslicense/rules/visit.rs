//! Which license server a session host asks for a connection, and what it lets in without one.

use super::life::{Grant, NO_LICENSE, NO_SERVER};
use crate::clock::Timestamp;
use crate::tslicense::catalog::enumerations::{MODE_ADMINISTRATION, MODE_PERSONAL, REACH_NONE};
use crate::tslicense::model::{Host, Server};

/// Where a connection leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way<'s> {
    /// To this license server.
    Ask(&'s Server),
    /// Let in without a license.
    Free(Grant),
    /// Turned away, with the disconnect reason.
    Away(u32),
}

/// The first license server of the host's list that serves it.
///
/// Source: assumed, as for a list that is tried in its order; CAL: without one a host works for 120 days.
#[must_use]
pub fn way<'s>(host: &Host, servers: &'s [Server], now: Timestamp) -> Way<'s> {
    if [MODE_ADMINISTRATION, MODE_PERSONAL].contains(&host.mode().0) {
        return Way::Free(Grant::NotNeeded);
    }
    let mut reason = NO_SERVER;
    if host.product().is_some() {
        for server in usable(host, servers) {
            if server.serves(&host.name) {
                return Way::Ask(server);
            }
            reason = NO_LICENSE;
        }
    }
    if host.in_grace(now) { Way::Free(Grant::Grace) } else { Way::Away(reason) }
}

/// The license servers of the list that are known, reachable and new enough, in the order of the list.
fn usable<'s>(host: &Host, servers: &'s [Server]) -> impl Iterator<Item = &'s Server> {
    let known = host.server_names().filter_map(|name| {
        let unreached = host.reach(name) == Some(REACH_NONE);
        servers.iter().find(|server| server.is_meant(name)).filter(|_| !unreached)
    });
    let fits: Vec<&Server> = known
        .filter(|server| {
            let old = server.tier().zip(host.os).is_some_and(|(tier, os)| tier < os.tier());
            server.reachable && !old
        })
        .collect();
    fits.into_iter()
}

#[cfg(test)]
mod tests {
    use super::{Way, way};
    use crate::tslicense::catalog::versions::Os;
    use crate::tslicense::model::{Host, Licensing, Server};
    use crate::tslicense::rules::fixture::{a, b, now};
    use crate::tslicense::rules::life::{Grant, NO_LICENSE, NO_SERVER};

    fn host(os: Os) -> Host {
        let servers = vec!["ls-a".to_owned(), " ls-b.corp.example".to_owned()];
        let own = Licensing { mode: Some(4), servers };
        Host { os: Some(os), own, ..Host::unknown("rdsh-1.corp.example") }
    }

    fn asked(host: &Host, servers: &[Server]) -> String {
        match way(host, servers, now()) {
            Way::Ask(server) => server.name.clone(),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn the_first_license_server_that_can_serve_the_host_is_asked() {
        let mut servers = [a().server, b().server];
        assert_eq!(asked(&host(Os::V2019), &servers), "ls-a.corp.example");
        assert_eq!(asked(&host(Os::V2022), &servers), "ls-b.corp.example");
        servers[0].reachable = false;
        assert_eq!(asked(&host(Os::V2019), &servers), "ls-b.corp.example");
        servers[1].directory.restricts_hosts = true;
        assert_eq!(way(&host(Os::V2019), &servers, now()), Way::Away(NO_LICENSE));
        servers[1].directory.hosts = Some(vec!["rdsh-1".to_owned()]);
        assert_eq!(asked(&host(Os::V2019), &servers), "ls-b.corp.example");
    }

    #[test]
    fn without_a_license_server_a_host_lets_in_as_long_as_its_grace_lasts() {
        let mut host = host(Os::V2025);
        let servers = [a().server, b().server];
        assert_eq!(way(&host, &servers, now()), Way::Away(NO_SERVER));
        host.grace_ends = Some(now().plus_ms(1));
        assert_eq!(way(&host, &servers, now()), Way::Free(Grant::Grace));
        host.os = Some(Os::V2022);
        host.own.mode = None;
        assert_eq!(way(&host, &servers, now()), Way::Free(Grant::Grace));
        host.application_server = false;
        host.grace_ends = None;
        assert_eq!(way(&host, &servers, now()), Way::Free(Grant::NotNeeded));
    }
}
