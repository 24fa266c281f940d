//! What must be set on a real machine so that it becomes what the model says: the settings that differ, in a safe order.
//!
//! Keys and activations are never among them. How each tool is told stands in `export::plan`.

use super::roles;
use crate::clock::Timestamp;
use crate::kms::catalog::Profile;
use crate::kms::model::{
    ActivationType, DomainName, HostChoice, HostName, Minutes, Port, Product, Role, State,
};
use uuid::Uuid;

/// A setting, with the value that it is to have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Setting {
    /// The KMS host of a client; without a port the usual one, whatever was set before.
    Host {
        name: HostName,
        port: Option<Port>,
    },
    /// The port alone; the name stays as it is.
    HostPort(Port),
    /// Neither a name nor a port: the client asks DNS.
    NoHost,
    /// `None`: the domain of the machine.
    LookupDomain(Option<DomainName>),
    ActivationInterval(Minutes),
    RenewalInterval(Minutes),
    /// `None`: the usual one.
    ListeningPort(Option<Port>),
    DnsPublishing(bool),
    LowPriority(bool),
    HostCaching(bool),
    /// `None`: all.
    ActivationType(Option<ActivationType>),
}

/// A product of the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owner {
    /// `ApplicationID`.
    pub application: Uuid,
    /// Activation ID.
    pub id: Uuid,
}

/// A setting of the machine, or of one of its products.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// `None`: the whole machine.
    pub of: Option<Owner>,
    pub setting: Setting,
}

/// What differs between two states of a machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// In a safe order: name and port, domain, intervals, listening port, publishing, priority, caching, type.
    pub changes: Vec<Change>,
    /// Settings of a host differ, and the machine, as it was found, is no active host: no tool can set them there.
    pub not_a_host: bool,
    /// Products of the model that were not found on the machine: their key comes first.
    pub unseen: Vec<Uuid>,
}

/// Compares what was found with what is wanted.
///
/// A client takes its two intervals from every answer of its host: only those of a host are compared.
///
/// - `profile`: of the machine that was found; what its class cannot hold is not compared.
#[must_use]
pub fn plan(found: &State, wanted: &State, now: Timestamp) -> Plan {
    let profile = found.machine.profile();
    let (from, to) = (&found.machine.service, &wanted.machine.service);
    let mut settings = told(&from.host, &to.host, profile);
    let is_host = |state: &State| roles::role(&state.products, now) == Role::HostActive;
    let of_host = if is_host(wanted) { of_host(found, wanted) } else { Vec::new() };
    let not_a_host = !of_host.is_empty() && !is_host(found);
    if !not_a_host {
        settings.extend(of_host);
    }
    if from.host_caching != to.host_caching && profile >= Profile::V61 {
        settings.push(Setting::HostCaching(to.host_caching));
    }
    if from.activation_type != to.activation_type && profile >= Profile::V62 {
        settings.push(Setting::ActivationType(to.activation_type));
    }
    let mut changes: Vec<Change> =
        settings.into_iter().map(|setting| Change { of: None, setting }).collect();
    let mut unseen = Vec::new();
    for product in &wanted.products {
        let Some(held) = found.product(product.id) else {
            unseen.push(product.id);
            continue;
        };
        let mut own = told(&held.host, &product.host, profile);
        if held.activation_type != product.activation_type && profile >= Profile::V62 {
            own.push(Setting::ActivationType(product.activation_type));
        }
        let owner = Owner { application: product.application, id: product.id };
        changes.extend(own.into_iter().map(|setting| Change { of: Some(owner), setting }));
    }
    Plan { changes, not_a_host, unseen }
}

/// How a client is told its host. Machines of Vista and 2008 have no method for the port, those before 8 none for the domain.
fn told(from: &HostChoice, to: &HostChoice, profile: Profile) -> Vec<Setting> {
    let mut settings = Vec::new();
    let port = |choice: &HostChoice| choice.port.filter(|_| profile >= Profile::V61);
    if (&from.name, port(from)) != (&to.name, port(to)) {
        match (&to.name, port(to)) {
            (Some(name), port) => settings.push(Setting::Host { name: name.clone(), port }),
            (None, wanted) => {
                if from.name.is_some() || wanted.is_none() {
                    settings.push(Setting::NoHost);
                }
                settings.extend(wanted.map(Setting::HostPort));
            }
        }
    }
    if from.lookup_domain != to.lookup_domain && profile >= Profile::V62 {
        settings.push(Setting::LookupDomain(to.lookup_domain.clone()));
    }
    settings
}

fn of_host(found: &State, wanted: &State) -> Vec<Setting> {
    let (from, to) = (&found.machine.service, &wanted.machine.service);
    let later = found.machine.profile() >= Profile::V61;
    let candidates = [
        (from.activation_interval != to.activation_interval)
            .then_some(Setting::ActivationInterval(to.activation_interval)),
        (from.renewal_interval != to.renewal_interval)
            .then_some(Setting::RenewalInterval(to.renewal_interval)),
        (later && from.listening_port != to.listening_port)
            .then_some(Setting::ListeningPort(to.listening_port)),
        (later && from.dns_publishing != to.dns_publishing)
            .then_some(Setting::DnsPublishing(to.dns_publishing)),
        (later && from.low_priority != to.low_priority)
            .then_some(Setting::LowPriority(to.low_priority)),
    ];
    candidates.into_iter().flatten().collect()
}

/// How a method's setting is read from the state after its call.
type Made = (&'static str, fn(&State, Option<&Product>) -> Setting);

/// The methods that make a setting.
static MADE: [Made; 15] = [
    ("SetKeyManagementServiceMachine", |state, of| told_as(choice(state, of))),
    ("SetKeyManagementServicePort", |state, of| told_as(choice(state, of))),
    ("ClearKeyManagementServiceMachine", |state, of| told_as(choice(state, of))),
    ("ClearKeyManagementServicePort", |state, of| told_as(choice(state, of))),
    ("SetKeyManagementServiceLookupDomain", looked_up),
    ("ClearKeyManagementServiceLookupDomain", looked_up),
    ("SetVLActivationInterval", |state, _| {
        Setting::ActivationInterval(state.machine.service.activation_interval)
    }),
    ("SetVLRenewalInterval", |state, _| {
        Setting::RenewalInterval(state.machine.service.renewal_interval)
    }),
    ("SetKeyManagementServiceListeningPort", listening),
    ("ClearKeyManagementServiceListeningPort", listening),
    ("DisableKeyManagementServiceDnsPublishing", |state, _| {
        Setting::DnsPublishing(state.machine.service.dns_publishing)
    }),
    ("EnableKeyManagementServiceLowPriority", |state, _| {
        Setting::LowPriority(state.machine.service.low_priority)
    }),
    ("DisableKeyManagementServiceHostCaching", |state, _| {
        Setting::HostCaching(state.machine.service.host_caching)
    }),
    ("SetVLActivationTypeEnabled", kind),
    ("ClearVLActivationTypeEnabled", kind),
];

fn choice<'s>(state: &'s State, of: Option<&'s Product>) -> &'s HostChoice {
    of.map_or(&state.machine.service.host, |product| &product.host)
}

fn told_as(choice: &HostChoice) -> Setting {
    match (&choice.name, choice.port) {
        (Some(name), port) => Setting::Host { name: name.clone(), port },
        (None, Some(port)) => Setting::HostPort(port),
        (None, None) => Setting::NoHost,
    }
}

fn looked_up(state: &State, of: Option<&Product>) -> Setting {
    Setting::LookupDomain(choice(state, of).lookup_domain.clone())
}

fn listening(state: &State, _: Option<&Product>) -> Setting {
    Setting::ListeningPort(state.machine.service.listening_port)
}

fn kind(state: &State, of: Option<&Product>) -> Setting {
    let machine = state.machine.service.activation_type;
    Setting::ActivationType(of.map_or(machine, |product| product.activation_type))
}

/// The settings that calls made, as they are after the last of them.
///
/// - `calls`: methods without their class, with the product whose method it is.
/// - Returns the first method that makes no setting when there is one.
pub fn made<'c>(calls: &[(&'c str, Option<Uuid>)], state: &State) -> Result<Vec<Change>, &'c str> {
    let mut changes: Vec<Change> = Vec::new();
    for (word, of) in calls {
        let (_, read) = MADE.iter().find(|(name, _)| name == word).ok_or(*word)?;
        let product = of.and_then(|id| state.product(id));
        let setting = read(state, product);
        let of = product.map(|held| Owner { application: held.application, id: held.id });
        let change = Change { of, setting };
        if !changes.contains(&change) {
            changes.push(change);
        }
    }
    Ok(changes)
}

/// The calls that make a setting, in their order, with their parameters as text.
#[must_use]
pub fn calls(
    setting: &Setting,
    profile: Profile,
) -> Vec<(&'static str, Option<(&'static str, String)>)> {
    const SET_PORT: &str = "SetKeyManagementServicePort";
    const CLEAR_PORT: &str = "ClearKeyManagementServicePort";
    let bare = |method| vec![(method, None)];
    let one = |method, name, value: String| vec![(method, Some((name, value)))];
    let ports = profile >= Profile::V61;
    match setting {
        Setting::Host { name, port } => {
            let mut calls = one("SetKeyManagementServiceMachine", "MachineName", name.bracketed());
            match port {
                Some(port) => calls.extend(one(SET_PORT, "PortNumber", port.to_string())),
                None if ports => calls.extend(bare(CLEAR_PORT)),
                None => {}
            }
            calls
        }
        Setting::HostPort(port) => one(SET_PORT, "PortNumber", port.to_string()),
        Setting::NoHost => {
            let mut calls = bare("ClearKeyManagementServiceMachine");
            calls.extend(bare(CLEAR_PORT).into_iter().filter(|_| ports));
            calls
        }
        Setting::LookupDomain(Some(domain)) => {
            one("SetKeyManagementServiceLookupDomain", "LookupDomain", domain.to_string())
        }
        Setting::LookupDomain(None) => bare("ClearKeyManagementServiceLookupDomain"),
        Setting::ActivationInterval(minutes) => {
            one("SetVLActivationInterval", "ActivationInterval", minutes.number().to_string())
        }
        Setting::RenewalInterval(minutes) => {
            one("SetVLRenewalInterval", "RenewalInterval", minutes.number().to_string())
        }
        Setting::ListeningPort(Some(port)) => {
            one("SetKeyManagementServiceListeningPort", "PortNumber", port.to_string())
        }
        Setting::ListeningPort(None) => bare("ClearKeyManagementServiceListeningPort"),
        Setting::DnsPublishing(on) => {
            one("DisableKeyManagementServiceDnsPublishing", "DisablePublishing", (!on).to_string())
        }
        Setting::LowPriority(low) => {
            one("EnableKeyManagementServiceLowPriority", "EnableLowPriority", low.to_string())
        }
        Setting::HostCaching(on) => {
            one("DisableKeyManagementServiceHostCaching", "DisableCaching", (!on).to_string())
        }
        Setting::ActivationType(Some(kind)) => {
            one("SetVLActivationTypeEnabled", "ActivationType", kind.number().to_string())
        }
        Setting::ActivationType(None) => bare("ClearVLActivationTypeEnabled"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{
        DESKTOP, Host, V10, V60, V61, call, call_product, context, desktop, machine, start,
    };
    use super::*;
    use proptest::prelude::*;

    fn name(text: &str) -> Option<HostName> {
        HostName::stored(text)
    }

    /// The state after the calls of a plan.
    fn carried_out(found: &State, plan: &Plan) -> State {
        let mut state = found.clone();
        for change in &plan.changes {
            for (method, parameter) in calls(&change.setting, found.machine.profile()) {
                let given: Vec<(&str, &str)> =
                    parameter.iter().map(|(name, value)| (*name, value.as_str())).collect();
                state = match change.of {
                    None => call(&state, method, &given, &context(start())).unwrap().state,
                    Some(of) => call_product(&state, of.id, method, &given).unwrap(),
                };
            }
        }
        state
    }

    #[test]
    fn nothing_is_planned_between_equal_states() {
        let state = desktop(1);
        let plan = plan(&state, &state, start());
        assert_eq!((plan.changes, plan.not_a_host, plan.unseen), (vec![], false, vec![]));
    }

    #[test]
    fn a_client_is_told_its_host_and_not_what_it_learns_from_it() {
        let found = desktop(1);
        let mut wanted = found.clone();
        wanted.machine.service.renewal_interval = Minutes::new(600).unwrap();
        wanted.machine.service.host.name = name("kms1");
        wanted.machine.service.host.lookup_domain = DomainName::new("corp.example");
        let planned = plan(&found, &wanted, start());
        let settings: Vec<&Setting> =
            planned.changes.iter().map(|change| &change.setting).collect();
        let host = Setting::Host { name: name("kms1").unwrap(), port: None };
        assert_eq!(settings, [&host, &Setting::LookupDomain(DomainName::new("corp.example"))]);
        let back = plan(&wanted, &found, start());
        assert_eq!(back.changes[0].setting, Setting::NoHost);
    }

    #[test]
    fn settings_of_a_host_wait_until_the_machine_is_one() {
        let wanted = Host::new(V10).state;
        let mut wanted = State { machine: wanted.machine.clone(), ..wanted };
        wanted.machine.service.low_priority = true;
        let found = machine(1, "KMS1", V10);
        let planned = plan(&found, &wanted, start());
        assert!(planned.not_a_host && planned.changes.is_empty());
        assert_eq!(planned.unseen.len(), 1);
        let planned = plan(&Host::new(V10).state, &wanted, start());
        assert_eq!(planned.changes, [Change { of: None, setting: Setting::LowPriority(true) }]);
    }

    /// Each setting, made by its own calls, is read back from them.
    #[test]
    fn what_calls_made_is_told_as_it_is_afterwards() {
        let state = super::super::fixture::client_of(&Host::new(V10).state, DESKTOP);
        let port = Port::new(1700);
        for (of, setting) in [
            (None, Setting::Host { name: name("kms1").unwrap(), port }),
            (Some(DESKTOP), Setting::Host { name: name("kms1").unwrap(), port: None }),
            (None, Setting::HostPort(Port::DEFAULT)),
            (Some(DESKTOP), Setting::NoHost),
            (None, Setting::LookupDomain(DomainName::new("corp.example"))),
            (None, Setting::ActivationInterval(Minutes::MIN)),
            (None, Setting::RenewalInterval(Minutes::MAX)),
            (None, Setting::ListeningPort(port)),
            (None, Setting::ListeningPort(None)),
            (None, Setting::DnsPublishing(false)),
            (None, Setting::LowPriority(true)),
            (None, Setting::HostCaching(false)),
            (Some(DESKTOP), Setting::ActivationType(Some(ActivationType::Kms))),
            (None, Setting::ActivationType(None)),
        ] {
            let owner = of.and_then(|id| state.product(id));
            let owner = owner.map(|held| Owner { application: held.application, id: held.id });
            let change = Change { of: owner, setting };
            let plan =
                Plan { changes: vec![change.clone()], not_a_host: false, unseen: Vec::new() };
            let after = carried_out(&state, &plan);
            let words: Vec<(&str, Option<Uuid>)> = calls(&change.setting, Profile::V10)
                .into_iter()
                .map(|(method, _)| (method, of))
                .collect();
            assert_eq!(made(&words, &after), Ok(vec![change]));
        }
        assert_eq!(made(&[("ReArmWindows", None)], &state), Err("ReArmWindows"));
    }

    #[test]
    fn what_the_class_of_an_old_machine_cannot_hold_is_not_planned() {
        for (version, expected) in [(V60, 1), (V61, 2), ("6.2.9200.1", 4)] {
            let found = machine(1, "pc", version);
            let mut wanted = found.clone();
            let service = &mut wanted.machine.service;
            service.host.name = name("kms1");
            service.host.port = Port::new(1700);
            service.host.lookup_domain = DomainName::new("corp.example");
            service.host_caching = false;
            service.activation_type = Some(ActivationType::Kms);
            assert_eq!(plan(&found, &wanted, start()).changes.len(), expected, "{version}");
        }
    }

    prop_compose! {
        fn choice()(
            name in prop::option::of(prop::sample::select(vec!["kms1", "2001:db8::5"])),
            port in prop::option::of(1_u32..=65_535),
            domain in prop::option::of(Just("corp.example")),
        ) -> HostChoice {
            HostChoice {
                name: name.and_then(HostName::stored),
                port: port.and_then(Port::new),
                lookup_domain: domain.and_then(DomainName::new),
                ..HostChoice::default()
            }
        }
    }

    fn any_host() -> impl Strategy<Value = State> {
        let numbers = (15_u32..=43_200, 15_u32..=43_200, prop::option::of(1_u32..=65_535));
        let flags = prop::array::uniform3(any::<bool>());
        let kinds = (0_u32..=3, 0_u32..=3);
        (choice(), choice(), numbers, flags, kinds).prop_map(
            |(own, of_product, numbers, flags, kinds)| {
                let mut state = super::super::fixture::client_of(&Host::new(V10).state, DESKTOP);
                let service = &mut state.machine.service;
                service.host = own;
                service.activation_interval = Minutes::new(numbers.0).unwrap();
                service.renewal_interval = Minutes::new(numbers.1).unwrap();
                service.listening_port = numbers.2.and_then(Port::new);
                [service.dns_publishing, service.low_priority, service.host_caching] = flags;
                service.activation_type = ActivationType::new(kinds.0);
                let product = state.products.iter_mut().find(|held| held.id == DESKTOP).unwrap();
                product.host = of_product;
                product.activation_type = ActivationType::new(kinds.1);
                state
            },
        )
    }

    proptest! {
        #[test]
        fn the_calls_of_a_plan_make_the_machine_what_is_wanted(found in any_host(), wanted in any_host()) {
            let done = carried_out(&found, &plan(&found, &wanted, start()));
            prop_assert_eq!(&done, &wanted);
            prop_assert_eq!(plan(&done, &wanted, start()).changes, vec![]);
        }
    }
}
