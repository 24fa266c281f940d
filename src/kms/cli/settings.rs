//! The client side of a machine: `kms client set-host`, `clear-host`, `set-domain`, `clear-domain`, `set-caching`,
//! `set-activation-type`.

use super::acting::Acting;
use crate::error::{Outcome, Usage, Verdict};
use crate::kms::catalog::Profile;
use crate::kms::model::ActivationType;
use crate::kms::ops::call;
use crate::kms::rules::address::{HostText, clearing_calls, host_calls, host_text};
use crate::session::Session;
use clap::builder::PossibleValuesParser;

/// The words of `set-activation-type`, and the number behind each; `all` is set by the Clear method.
static TYPES: [(&str, Option<ActivationType>); 4] = [
    ("all", None),
    ("ad", Some(ActivationType::ActiveDirectory)),
    ("kms", Some(ActivationType::Kms)),
    ("token", Some(ActivationType::Token)),
];

/// A setting of the machine, or of one of its products.
#[derive(Debug, clap::Args)]
pub(super) struct Of {
    /// Set it on this product instead of the whole machine
    #[arg(long, value_name = "GUID|NAME")]
    activation_id: Option<String>,
    #[command(flatten)]
    acting: Acting,
}

impl Of {
    /// Makes the calls that the plan asks for, as one change.
    fn call<'p>(
        &self,
        session: &mut Session,
        did: &str,
        plan: impl FnOnce(Profile) -> Outcome<Vec<(&'static str, Vec<(&'static str, &'p str)>)>>,
    ) -> Outcome<Verdict> {
        let of = self.activation_id.as_deref();
        self.acting.call(
            session,
            |name| match of {
                Some(product) => format!("{did} for `{product}` on `{name}`"),
                None => format!("{did} on `{name}`"),
            },
            |tx, scene, name| {
                call::planned(tx, scene, (name, of), |state| plan(state.machine.profile()))
            },
        )
    }
}

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  licctl kms client set-host kms01.corp.contoso.example --machine ws-0931\n  licctl kms client set-host '[2001:db8::5]:1688' --machine ws-0931\n  licctl kms client set-host :1700     # the port alone"
)]
pub(super) struct SetHost {
    /// Name or address; a name without a port clears the port, as slmgr does
    #[arg(value_name = "NAME[:PORT]")]
    host: String,
    #[command(flatten)]
    of: Of,
}

pub(super) fn set_host(arguments: &SetHost, session: &mut Session) -> Outcome<Verdict> {
    let host = arguments.host.as_str();
    let did = match host_text(host)? {
        HostText::Port(port) => format!("set the port of the KMS host to {port}"),
        _ => format!("set the KMS host to `{host}`"),
    };
    arguments.of.call(session, &did, |profile| host_calls(host, profile))
}

pub(super) fn clear_host(of: &Of, session: &mut Session) -> Outcome<Verdict> {
    of.call(session, "cleared the KMS host", |profile| Ok(clearing_calls(profile)))
}

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  licctl kms client set-domain corp.contoso.example --machine ws-0931"
)]
pub(super) struct SetDomain {
    /// The DNS domain whose SRV records name the hosts
    #[arg(value_name = "DOMAIN")]
    domain: String,
    #[command(flatten)]
    of: Of,
}

pub(super) fn set_domain(arguments: &SetDomain, session: &mut Session) -> Outcome<Verdict> {
    let domain = arguments.domain.as_str();
    let did = format!("set the lookup domain to `{domain}`");
    arguments.of.call(session, &did, |_| {
        Ok(vec![("SetKeyManagementServiceLookupDomain", vec![("LookupDomain", domain)])])
    })
}

pub(super) fn clear_domain(of: &Of, session: &mut Session) -> Outcome<Verdict> {
    of.call(session, "cleared the lookup domain", |_| {
        Ok(vec![("ClearKeyManagementServiceLookupDomain", Vec::new())])
    })
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  licctl kms client set-caching off --machine ws-0931")]
pub(super) struct SetCaching {
    #[arg(value_name = "on|off", value_parser = PossibleValuesParser::new(["on", "off"]))]
    state: String,
    #[command(flatten)]
    acting: Acting,
}

pub(super) fn set_caching(arguments: &SetCaching, session: &mut Session) -> Outcome<Verdict> {
    let disabled = if arguments.state == "off" { "true" } else { "false" };
    super::hosts::one(
        (&arguments.acting, session),
        &format!("turned host caching {}", arguments.state),
        ("DisableKeyManagementServiceHostCaching", &[("DisableCaching", disabled)]),
    )
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  licctl kms client set-activation-type kms --machine ws-0931")]
pub(super) struct SetType {
    #[arg(value_name = "all|ad|kms|token", value_parser = PossibleValuesParser::new(TYPES.iter().map(|(word, _)| *word)))]
    kind: String,
    #[command(flatten)]
    of: Of,
}

pub(super) fn set_type(arguments: &SetType, session: &mut Session) -> Outcome<Verdict> {
    let kind = arguments.kind.as_str();
    let found = TYPES.iter().find(|(word, _)| *word == kind);
    let (_, number) = found.ok_or_else(|| Usage::new(format!("there is no type `{kind}`")))?;
    let number = number.map(|kind| kind.number().to_string());
    let did = format!("set the activation type to {kind}");
    arguments.of.call(session, &did, |_| {
        Ok(vec![match &number {
            None => ("ClearVLActivationTypeEnabled", Vec::new()),
            Some(number) => {
                ("SetVLActivationTypeEnabled", vec![("ActivationType", number.as_str())])
            }
        }])
    })
}
