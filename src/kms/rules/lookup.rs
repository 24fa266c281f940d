//! Where a client finds its host: told, remembered, or named by DNS. The records of DNS are left to the caller.

use crate::error::Refusal;
use crate::kms::catalog::codes::{
    DNS_ERROR_RCODE_NAME_ERROR, ERROR_INVALID_NAME, SL_E_VL_BINDING_SERVICE_UNAVAILABLE,
};
use crate::kms::catalog::skus::Pool;
use crate::kms::model::{Discovered, HostName, Port, Product, State};

/// Where a client looks for its host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lookup {
    /// It was told; DNS is not asked and the lookup domain is ignored.
    Told { name: HostName, port: Port },
    /// It remembers the host that answered last, until that one fails.
    Remembered(Discovered),
    /// It asks DNS for the SRV records of this domain.
    Dns { domain: String },
    /// It knows no domain that it could ask: `ERROR_INVALID_NAME`, without any query.
    Nowhere,
}

/// Tells where a product looks for its host.
///
/// The suffix of the machine's own name is its primary DNS suffix.
///
/// Source: [SLMGR], [OPT], [DNSDOC]; that the product's own host wins with its own port: [SLMGR].
#[must_use]
pub fn lookup(state: &State, product: &Product) -> Lookup {
    let service = &state.machine.service;
    for host in [&product.host, &service.host] {
        if let Some(name) = &host.name {
            return Lookup::Told { name: name.clone(), port: host.port.unwrap_or(Port::DEFAULT) };
        }
    }
    let discovered = product.host.discovered.as_ref().or(service.host.discovered.as_ref());
    if let Some(discovered) = discovered.filter(|_| service.host_caching) {
        return Lookup::Remembered(discovered.clone());
    }
    let told = product.host.lookup_domain.as_ref().or(service.host.lookup_domain.as_ref());
    let own = || state.machine.name.split_once('.').map(|(_, suffix)| suffix.to_owned());
    match told.map(ToString::to_string).or_else(own) {
        Some(domain) if !domain.is_empty() => Lookup::Dns { domain },
        _ => Lookup::Nowhere,
    }
}

/// The refusal of a host that the store does not know, or that is none.
#[must_use]
pub fn unreachable(name: &str) -> Refusal {
    Refusal::new(
        &SL_E_VL_BINDING_SERVICE_UNAVAILABLE,
        format!("no KMS host answers under the name `{name}`"),
    )
    .hinted("`licctl kms machine list` shows the hosts")
}

/// The refusal of a DNS domain of which no record is stored.
#[must_use]
pub fn no_records(domain: &str) -> Refusal {
    Refusal::new(&DNS_ERROR_RCODE_NAME_ERROR, format!("no record `_vlmcs._tcp.{domain}` is stored"))
        .hinted("`licctl kms client set-host NAME`, or import the zone")
}

/// The refusal when none of the hosts that DNS names answers.
#[must_use]
pub fn none_answers(domain: &str, hosts: usize) -> Refusal {
    let message = match hosts {
        1 => format!("the host that `_vlmcs._tcp.{domain}` names does not answer"),
        several => format!("none of the {several} hosts that `_vlmcs._tcp.{domain}` names answers"),
    };
    Refusal::new(&SL_E_VL_BINDING_SERVICE_UNAVAILABLE, message)
        .hinted("`licctl kms dns-check` tells which records are wrong")
}

/// The refusal of a client that knows no DNS domain to ask.
#[must_use]
pub fn nowhere(state: &State) -> Refusal {
    Refusal::new(
        &ERROR_INVALID_NAME,
        format!("`{}` has no DNS suffix and no lookup domain", state.machine.name),
    )
    .hinted("`licctl kms client set-domain DOMAIN`, or `licctl kms client set-host NAME`")
}

/// The client remembers the host that DNS named, unless it was told not to.
#[must_use]
pub fn remember(state: &State, product: &Product, found: &Discovered) -> State {
    let mut state = state.clone();
    if state.machine.service.host_caching {
        if product.pool() == Pool::Windows {
            state.machine.service.host.discovered = Some(found.clone());
        }
        for held in state.products.iter_mut().filter(|held| held.id == product.id) {
            held.host.discovered = Some(found.clone());
        }
    }
    state
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{DESKTOP, V10, client_of, desktop, machine};
    use super::*;
    use crate::kms::model::DomainName;

    #[test]
    fn a_product_asks_the_host_it_was_told_then_the_one_it_remembers_then_dns() {
        let mut client = desktop(1);
        let found = Discovered { name: "kms9".into(), port: 1688, address: None };
        let look = |client: &State| lookup(client, client.product(DESKTOP).unwrap());
        assert_eq!(look(&client), Lookup::Dns { domain: "corp.example".into() });
        client.machine.service.host.lookup_domain = DomainName::new("lab.example");
        assert_eq!(look(&client), Lookup::Dns { domain: "lab.example".into() });
        client = remember(&client, &client.products[0], &found);
        assert_eq!(look(&client), Lookup::Remembered(found));
        client.machine.service.host_caching = false;
        assert_eq!(look(&client), Lookup::Dns { domain: "lab.example".into() });
        client.machine.service.host.name = HostName::new("kms1");
        client.machine.service.host.port = Port::new(1700);
        let told = |name, port| Lookup::Told { name: HostName::new(name).unwrap(), port };
        assert_eq!(look(&client), told("kms1", Port::new(1700).unwrap()));
        client.products[0].host.name = HostName::new("kms2");
        assert_eq!(look(&client), told("kms2", Port::DEFAULT));
    }

    #[test]
    fn a_client_that_does_not_cache_remembers_nothing() {
        let mut client = desktop(1);
        client.machine.service.host_caching = false;
        let found = Discovered { name: "kms9".into(), port: 1688, address: None };
        assert_eq!(remember(&client, &client.products[0], &found), client);
    }

    #[test]
    fn a_machine_without_a_suffix_asks_nobody() {
        let client = client_of(&machine(1, "pc1", V10), DESKTOP);
        assert_eq!(lookup(&client, &client.products[0]), Lookup::Nowhere);
        assert_eq!(nowhere(&client).code.native.number(), Some(0x8007_007B));
    }
}
