//! Which session hosts of one license server ask it in different modes?

use crate::finding::{Finding, Level};
use crate::tslicense::catalog::enumerations::{LICENSING_TYPE, word};
use crate::tslicense::model::Host;
use crate::tslicense::model::host::is_same;
use std::collections::BTreeSet;

/// Hosts that ask the same license server in different modes.
#[must_use]
pub fn mixed(hosts: &[Host]) -> Vec<Finding> {
    let mut found: Vec<Finding> = Vec::new();
    let mut seen: Vec<String> = Vec::new();
    for name in hosts.iter().flat_map(Host::server_names) {
        if seen.iter().any(|known| is_same(known, name)) {
            continue;
        }
        seen.push(name.to_owned());
        let asks = |host: &&Host| {
            host.product().is_some() && host.server_names().any(|known| is_same(known, name))
        };
        let asking: Vec<&Host> = hosts.iter().filter(asks).collect();
        let modes: BTreeSet<u32> = asking.iter().map(|host| host.mode().0).collect();
        if modes.len() < 2 {
            continue;
        }
        let words: Vec<&str> =
            modes.iter().filter_map(|mode| word(&LICENSING_TYPE, *mode)).collect();
        let names: Vec<&str> = asking.iter().map(|host| host.name.as_str()).collect();
        let message = format!("hosts that ask `{name}` are licensed {}", words.join(" and "));
        found.push(
            Finding::new("tslicense", "MIXED_MODES", Level::Info, name, message)
                .with("hosts", names)
                .remedy("check that each host has the mode that its licenses are for"),
        );
    }
    found
}

#[cfg(test)]
mod tests {
    use super::mixed;
    use crate::tslicense::model::{Host, Licensing};

    fn host(name: &str, mode: u32) -> Host {
        let own = Licensing { mode: Some(mode), servers: vec!["ls-a.corp.example".to_owned()] };
        Host { own, ..Host::unknown(name) }
    }

    #[test]
    fn hosts_of_one_license_server_with_different_modes_are_told_once() {
        assert!(mixed(&[host("rdsh-1", 4), host("rdsh-2", 4)]).is_empty());
        let found = mixed(&[host("rdsh-1", 4), host("rdsh-2", 2)]);
        assert_eq!((found.len(), found[0].class), (1, "MIXED_MODES"));
    }
}
