//! Which method runs which rule, one row a method. The rows are called by `call` alone, which checks before.

use super::call::{Context, Effect};
use super::checks::Arguments;
use super::{address, keys, product, rearm, service};
use crate::error::Refusal;
use crate::kms::model::{HostChoice, LicenseFile, Machine, Product, State};

/// How a method of the service changes what.
pub(super) enum ServiceRun {
    /// Nothing, or a refusal.
    Check(fn(&Arguments) -> Result<(), Refusal>),
    Machine(fn(&Machine, &Arguments) -> Result<Machine, Refusal>),
    Host(fn(&HostChoice, &Arguments) -> Result<HostChoice, Refusal>),
    State(fn(&State, &Arguments, &Context<'_>) -> Result<State, Refusal>),
    /// The parameter that holds the text, and what it is.
    License(&'static str, LicenseFile),
}

/// How a method of a product changes what.
pub(super) enum ProductRun {
    Check(fn(&Arguments) -> Result<(), Refusal>),
    Product(fn(&Product, &Arguments) -> Result<Product, Refusal>),
    Host(fn(&HostChoice, &Arguments) -> Result<HostChoice, Refusal>),
    State(fn(&State, &Product, &Context<'_>) -> Result<State, Refusal>),
}

static SERVICE: [(&str, ServiceRun); 27] = [
    (
        "AcquireGenuineTicket",
        ServiceRun::Check(|given| {
            service::acquire_genuine_ticket(given.text("TemplateId")?, given.text("ServerUrl")?)
        }),
    ),
    (
        "ClearKeyManagementServiceListeningPort",
        ServiceRun::Machine(|machine, _| {
            Ok(change(machine, |machine| {
                machine.service.listening_port = None;
            }))
        }),
    ),
    (
        "ClearKeyManagementServiceLookupDomain",
        ServiceRun::Host(|host, _| Ok(address::clear_lookup_domain(host))),
    ),
    ("ClearKeyManagementServiceMachine", ServiceRun::Host(|host, _| Ok(address::clear_host(host)))),
    ("ClearKeyManagementServicePort", ServiceRun::Host(|host, _| Ok(address::clear_port(host)))),
    (
        "ClearProductKeyFromRegistry",
        ServiceRun::Machine(|machine, _| Ok(service::clear_product_key_from_registry(machine))),
    ),
    (
        "ClearVLActivationTypeEnabled",
        ServiceRun::Machine(|machine, _| {
            Ok(change(machine, |machine| {
                machine.service.activation_type = None;
            }))
        }),
    ),
    ("DepositActiveDirectoryOfflineActivationConfirmation", ServiceRun::Check(directory)),
    (
        "DisableKeyManagementServiceActivation",
        ServiceRun::Machine(|machine, given| {
            let disabled = given.bool("DisableActivation")?;
            Ok(change(machine, |machine| {
                machine.service.activation_disabled = Some(disabled);
            }))
        }),
    ),
    (
        "DisableKeyManagementServiceDnsPublishing",
        ServiceRun::Machine(|machine, given| {
            let disabled = given.bool("DisablePublishing")?;
            Ok(change(machine, |machine| {
                machine.service.dns_publishing = !disabled;
            }))
        }),
    ),
    (
        "DisableKeyManagementServiceHostCaching",
        ServiceRun::Machine(|machine, given| {
            let disabled = given.bool("DisableCaching")?;
            Ok(change(machine, |machine| {
                machine.service.host_caching = !disabled;
            }))
        }),
    ),
    ("DoActiveDirectoryOnlineActivation", ServiceRun::Check(directory)),
    (
        "EnableKeyManagementServiceLowPriority",
        ServiceRun::Machine(|machine, given| {
            let low = given.bool("EnableLowPriority")?;
            Ok(change(machine, |machine| {
                machine.service.low_priority = low;
            }))
        }),
    ),
    ("GenerateActiveDirectoryOfflineActivationId", ServiceRun::Check(directory)),
    ("InstallLicense", ServiceRun::License("License", LicenseFile::License)),
    ("InstallLicensePackage", ServiceRun::License("LicensePackage", LicenseFile::Package)),
    (
        "InstallProductKey",
        ServiceRun::State(|state, given, context| {
            let key = given.key("ProductKey")?.ok_or_else(keys::malformed)?;
            keys::install(state, context.key, key.clone(), context.now)
        }),
    ),
    (
        "ReArmApp",
        ServiceRun::State(|state, given, context| {
            rearm::application(state, given.text("ApplicationId")?, context.now)
        }),
    ),
    ("ReArmWindows", ServiceRun::Machine(|machine, _| rearm::windows(machine))),
    (
        "RefreshLicenseStatus",
        ServiceRun::State(|state, _, context| {
            Ok(service::refresh_license_status(state, context.now))
        }),
    ),
    (
        "SetKeyManagementServiceListeningPort",
        ServiceRun::Machine(|machine, given| {
            service::set_listening_port(machine, given.u32("PortNumber")?)
        }),
    ),
    ("SetKeyManagementServiceLookupDomain", ServiceRun::Host(set_lookup_domain)),
    ("SetKeyManagementServiceMachine", ServiceRun::Host(set_host)),
    ("SetKeyManagementServicePort", ServiceRun::Host(set_port)),
    (
        "SetVLActivationInterval",
        ServiceRun::Machine(|machine, given| {
            service::set_activation_interval(machine, given.u32("ActivationInterval")?)
        }),
    ),
    (
        "SetVLActivationTypeEnabled",
        ServiceRun::Machine(|machine, given| {
            let kind = service::activation_type(given.u32("ActivationType")?)?;
            Ok(change(machine, |machine| {
                machine.service.activation_type = Some(kind);
            }))
        }),
    ),
    (
        "SetVLRenewalInterval",
        ServiceRun::Machine(|machine, given| {
            service::set_renewal_interval(machine, given.u32("RenewalInterval")?)
        }),
    ),
];

static PRODUCT: [(&str, ProductRun); 16] = [
    (
        "ClearKeyManagementServiceLookupDomain",
        ProductRun::Host(|host, _| Ok(address::clear_lookup_domain(host))),
    ),
    ("ClearKeyManagementServiceMachine", ProductRun::Host(|host, _| Ok(address::clear_host(host)))),
    ("ClearKeyManagementServicePort", ProductRun::Host(|host, _| Ok(address::clear_port(host)))),
    (
        "ClearVLActivationTypeEnabled",
        ProductRun::Product(|of, _| Ok(Product { activation_type: None, ..of.clone() })),
    ),
    (
        "DepositOfflineConfirmationId",
        ProductRun::Check(|given| {
            let installation = given.text("InstallationId")?;
            product::deposit_offline_confirmation(installation, given.text("ConfirmationId")?)
        }),
    ),
    ("DepositTokenActivationResponse", ProductRun::Check(|_| Err(product::token_activation()))),
    ("GenerateTokenActivationChallenge", ProductRun::Check(|_| Err(product::token_activation()))),
    ("GetPolicyInformationDWord", ProductRun::Check(policy)),
    ("GetPolicyInformationString", ProductRun::Check(policy)),
    ("GetTokenActivationGrants", ProductRun::Check(|_| Err(product::token_activation()))),
    ("ReArmSku", ProductRun::State(|state, of, context| rearm::product(state, of, context.now))),
    ("SetKeyManagementServiceLookupDomain", ProductRun::Host(set_lookup_domain)),
    ("SetKeyManagementServiceMachine", ProductRun::Host(set_host)),
    ("SetKeyManagementServicePort", ProductRun::Host(set_port)),
    (
        "SetVLActivationTypeEnabled",
        ProductRun::Product(|of, given| {
            let kind = service::activation_type(given.u32("ActivationType")?)?;
            Ok(Product { activation_type: Some(kind), ..of.clone() })
        }),
    ),
    ("UninstallProductKey", ProductRun::State(|state, of, _| Ok(keys::uninstall(state, of)))),
];

fn set_host(host: &HostChoice, given: &Arguments) -> Result<HostChoice, Refusal> {
    address::set_host(host, given.text("MachineName")?)
}

fn set_port(host: &HostChoice, given: &Arguments) -> Result<HostChoice, Refusal> {
    address::set_port(host, given.u32("PortNumber")?)
}

fn set_lookup_domain(host: &HostChoice, given: &Arguments) -> Result<HostChoice, Refusal> {
    address::set_lookup_domain(host, given.text("LookupDomain")?)
}

fn directory(given: &Arguments) -> Result<(), Refusal> {
    Err(service::active_directory(given.key("ProductKey")?))
}

fn policy(given: &Arguments) -> Result<(), Refusal> {
    Err(product::policy_information(given.text("PolicyName")?))
}

fn change(machine: &Machine, change: impl Fn(&mut Machine)) -> Machine {
    let mut machine = machine.clone();
    change(&mut machine);
    machine
}

/// How a method of the service runs, by its name without the class.
pub(super) fn service(word: &str) -> Option<&'static ServiceRun> {
    SERVICE.iter().find(|(known, _)| *known == word).map(|(_, run)| run)
}

/// How a method of a product runs, by its name without the class; `None` for `Activate` too.
pub(super) fn product(word: &str) -> Option<&'static ProductRun> {
    PRODUCT.iter().find(|(known, _)| *known == word).map(|(_, run)| run)
}

impl ServiceRun {
    /// The state after the method, and what it took.
    pub(super) fn run(
        &self,
        state: &State,
        given: &Arguments,
        context: &Context<'_>,
    ) -> Result<Effect, Refusal> {
        let mut license = None;
        let machine = match self {
            ServiceRun::Check(check) => check(given).map(|()| state.machine.clone())?,
            ServiceRun::Machine(run) => run(&state.machine, given)?,
            ServiceRun::Host(run) => {
                let host = run(&state.machine.service.host, given)?;
                change(&state.machine, |machine| {
                    machine.service.host = host.clone();
                })
            }
            ServiceRun::State(run) => {
                let state = run(state, given, context)?;
                return Ok(Effect { state, license: None, pending_restart: false });
            }
            ServiceRun::License(parameter, file) => {
                let document = (context.examine)(given.text(parameter)?);
                let (machine, taken) =
                    service::install_license(&state.machine, *file, &document, context.now)?;
                license = Some(taken);
                machine
            }
        };
        let state = State { machine, products: state.products.clone() };
        Ok(Effect { state, license, pending_restart: false })
    }
}

impl ProductRun {
    /// The state after the method.
    pub(super) fn run(
        &self,
        state: &State,
        of: &Product,
        given: &Arguments,
        context: &Context<'_>,
    ) -> Result<State, Refusal> {
        let product = match self {
            ProductRun::Check(check) => check(given).map(|()| of.clone())?,
            ProductRun::Product(run) => run(of, given)?,
            ProductRun::Host(run) => Product { host: run(&of.host, given)?, ..of.clone() },
            ProductRun::State(run) => return run(state, of, context),
        };
        Ok(state.clone().with_product(product))
    }
}

#[cfg(test)]
mod tests {
    use crate::kms::catalog::methods::{self, ServiceMethod};

    #[test]
    fn every_method_has_its_rule_and_every_rule_its_method() {
        let rules: Vec<&str> = super::SERVICE.iter().map(|(word, _)| *word).collect();
        let rows: Vec<&str> = methods::SERVICE.iter().map(ServiceMethod::word).collect();
        assert_eq!(rules, rows);
        let rules = super::PRODUCT.iter().map(|(word, _)| *word);
        // Activate reaches for another machine or the ledger.
        let rules: Vec<&str> = ["Activate"].into_iter().chain(rules).collect();
        let rows: Vec<&str> = methods::PRODUCT.iter().map(ServiceMethod::word).collect();
        assert_eq!(rules, rows);
    }
}
