//! The options of slmgr that the compatible front knows: one row an option.
//!
//! The texts that it prints stand with the reader that reads them back; how the words of a command line are told apart in `rules`.

use super::documents::{OPT, SLMGR};
use crate::catalog::{Source, assumed, stated};

/// An argument of an option.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Takes {
    /// As the usage of slmgr has it.
    pub name: &'static str,
    pub required: bool,
}

/// How much `/dli` and `/dlv` show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    Short,
    Long,
}

/// A method of the service that an option calls, and what slmgr says of it. Texts are named by their resource.
#[derive(Debug, PartialEq, Eq)]
pub struct Setter {
    pub method: &'static str,
    /// The parameter, and its value when the option itself says it; `None`: what was typed.
    pub parameter: Option<(&'static str, Option<&'static str>)>,
    pub answers: &'static [&'static str],
    /// What is said in front of the error when the machine is no active host.
    pub refused: Option<&'static str>,
}

/// What an option does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Does {
    Information(Detail),
    Expiry,
    /// Calls one method of the service.
    Calls(&'static Setter),
    SetHost,
    ClearHost,
    SetDomain,
    ClearDomain,
    SetType,
    Activate,
    UninstallKey,
    RearmProduct,
    /// Says that the files of the system were put in again; there are none here.
    Reinstall,
    /// Nothing: another command does it, or none does; the hint says which.
    Elsewhere(&'static str),
}

/// An option of slmgr.
#[derive(Debug)]
pub struct SlmgrOption {
    /// Without the slash, lower case.
    pub word: &'static str,
    pub takes: &'static [Takes],
    pub does: Does,
    pub source: Source,
}

/// The option of a word, which may begin with a slash or a hyphen; ASCII case does not matter.
#[must_use]
pub fn option(word: &str) -> Option<&'static SlmgrOption> {
    let word = word.strip_prefix(['/', '-'])?;
    OPTIONS.iter().find(|row| row.word.eq_ignore_ascii_case(word))
}

const OF_PRODUCT: Takes = Takes { name: "Activation ID", required: false };
const REBOOT: &str = "L_MsgWarningKmsReboot";

const fn needs(name: &'static str) -> Takes {
    Takes { name, required: true }
}

const fn row(word: &'static str, takes: &'static [Takes], does: Does) -> SlmgrOption {
    SlmgrOption { word, takes, does, source: stated(&SLMGR, "ParseCommandLine") }
}

const fn elsewhere(word: &'static str, hint: &'static str) -> SlmgrOption {
    SlmgrOption {
        word,
        takes: &[],
        does: Does::Elsewhere(hint),
        source: assumed(&OPT, "the option takes a key or a file, or is about what is not modelled"),
    }
}

/// Every option, in the order of slmgr's own usage.
pub static OPTIONS: [SlmgrOption; 40] = [
    elsewhere(
        "ipk",
        "`licctl kms key install` asks for the key, or takes its last five characters",
    ),
    row("ato", &[OF_PRODUCT], Does::Activate),
    row(
        "dli",
        &[Takes { name: "Activation ID | All", required: false }],
        Does::Information(Detail::Short),
    ),
    row(
        "dlv",
        &[Takes { name: "Activation ID | All", required: false }],
        Does::Information(Detail::Long),
    ),
    row("xpr", &[OF_PRODUCT], Does::Expiry),
    row("cpky", &[], Does::Calls(&CLEAR_KEY)),
    elsewhere("ilc", "`licctl kms license install FILE`"),
    row("rilc", &[], Does::Reinstall),
    row("rearm", &[], Does::Calls(&REARM)),
    row("rearm-app", &[needs("Application ID")], Does::Calls(&REARM_APP)),
    row("rearm-sku", &[needs("Activation ID")], Does::RearmProduct),
    row("upk", &[OF_PRODUCT], Does::UninstallKey),
    elsewhere("dti", "`licctl kms product show --show-secrets` shows OfflineInstallationId"),
    elsewhere("atp", "`licctl kms call DepositOfflineConfirmationId` checks a confirmation"),
    row("skms", &[needs("Name[:Port] | :Port"), OF_PRODUCT], Does::SetHost),
    row("ckms", &[OF_PRODUCT], Does::ClearHost),
    row("skms-domain", &[needs("FQDN"), OF_PRODUCT], Does::SetDomain),
    row("ckms-domain", &[OF_PRODUCT], Does::ClearDomain),
    row("skhc", &[], Does::Calls(&KEEP_HOST)),
    row("ckhc", &[], Does::Calls(&FORGET_HOST)),
    elsewhere("lil", TOKENS),
    elsewhere("ril", TOKENS),
    elsewhere("ltc", TOKENS),
    elsewhere("fta", TOKENS),
    elsewhere("stao", "`/act-type 3` allows token activation alone"),
    elsewhere("ctao", "`/act-type` allows every activation again"),
    row("sprt", &[needs("Port")], Does::Calls(&LISTEN)),
    row("sai", &[needs("Activation Interval")], Does::Calls(&ACTIVATION)),
    row("sri", &[needs("Renewal Interval")], Does::Calls(&RENEWAL)),
    row("sdns", &[], Does::Calls(&PUBLISH)),
    row("cdns", &[], Does::Calls(&HIDE)),
    row("spri", &[], Does::Calls(&NORMAL)),
    row("cpri", &[], Does::Calls(&LOW)),
    row(
        "act-type",
        &[Takes { name: "Activation-Type", required: false }, OF_PRODUCT],
        Does::SetType,
    ),
    elsewhere("ad-activation-online", DIRECTORY),
    elsewhere("ad-activation-get-iid", DIRECTORY),
    elsewhere("ad-activation-apply-cid", DIRECTORY),
    elsewhere("ao-list", DIRECTORY),
    elsewhere("del-ao", DIRECTORY),
    elsewhere("?", "`licctl kms slmgr --help`"),
];

const TOKENS: &str =
    "token activation is not modelled; `licctl kms product show` shows what was imported of it";
const DIRECTORY: &str = "objects of Active Directory are not modelled; `licctl kms call DoActiveDirectoryOnlineActivation` checks its arguments";

static CLEAR_KEY: Setter = Setter {
    method: "ClearProductKeyFromRegistry",
    parameter: None,
    answers: &["L_MsgClearedPKey"],
    refused: None,
};
static REARM: Setter = Setter {
    method: "ReArmWindows",
    parameter: None,
    answers: &["L_MsgRearm_1", "L_MsgRearm_2"],
    refused: None,
};
static REARM_APP: Setter = Setter {
    method: "ReArmApp",
    parameter: Some(("ApplicationId", None)),
    answers: &["L_MsgRearm_1"],
    refused: None,
};
static KEEP_HOST: Setter = Setter {
    method: "DisableKeyManagementServiceHostCaching",
    parameter: Some(("DisableCaching", Some("false"))),
    answers: &["L_MsgKmsHostCachingEnabled"],
    refused: None,
};
static FORGET_HOST: Setter = Setter {
    method: "DisableKeyManagementServiceHostCaching",
    parameter: Some(("DisableCaching", Some("true"))),
    answers: &["L_MsgKmsHostCachingDisabled"],
    refused: None,
};
static LISTEN: Setter = Setter {
    method: "SetKeyManagementServiceListeningPort",
    parameter: Some(("PortNumber", None)),
    answers: &["L_MsgKmsPortSet", REBOOT],
    refused: Some("L_MsgWarningKmsPort"),
};
static ACTIVATION: Setter = Setter {
    method: "SetVLActivationInterval",
    parameter: Some(("ActivationInterval", None)),
    answers: &["L_MsgActivationSet", REBOOT],
    refused: Some("L_MsgWarningActivation"),
};
static RENEWAL: Setter = Setter {
    method: "SetVLRenewalInterval",
    parameter: Some(("RenewalInterval", None)),
    answers: &["L_MsgRenewalSet", REBOOT],
    refused: Some("L_MsgWarningRenewal"),
};
static PUBLISH: Setter = Setter {
    method: "DisableKeyManagementServiceDnsPublishing",
    parameter: Some(("DisablePublishing", Some("false"))),
    answers: &["L_MsgKmsDnsPublishingEnabled", REBOOT],
    refused: Some("L_MsgKmsDnsPublishingWarning"),
};
static HIDE: Setter = Setter {
    method: "DisableKeyManagementServiceDnsPublishing",
    parameter: Some(("DisablePublishing", Some("true"))),
    answers: &["L_MsgKmsDnsPublishingDisabled", REBOOT],
    refused: Some("L_MsgKmsDnsPublishingWarning"),
};
static NORMAL: Setter = Setter {
    method: "EnableKeyManagementServiceLowPriority",
    parameter: Some(("EnableLowPriority", Some("false"))),
    answers: &["L_MsgKmsPriSetToNormal", REBOOT],
    refused: Some("L_MsgWarningKmsPri"),
};
static LOW: Setter = Setter {
    method: "EnableKeyManagementServiceLowPriority",
    parameter: Some(("EnableLowPriority", Some("true"))),
    answers: &["L_MsgKmsPriSetToLow", REBOOT],
    refused: Some("L_MsgWarningKmsPri"),
};

#[cfg(test)]
mod tests {
    use super::{Does, OPTIONS, option};
    use crate::catalog::Direction;
    use crate::kms::catalog::methods;
    use std::collections::HashSet;

    #[test]
    fn every_option_stands_once_and_calls_a_method_that_the_service_has() {
        let mut seen = HashSet::new();
        for row in &OPTIONS {
            assert!(seen.insert(row.word), "{}", row.word);
            let optional = row.takes.iter().position(|takes| !takes.required);
            let required = row.takes.iter().rposition(|takes| takes.required);
            assert!(required.is_none() || optional.is_none_or(|at| Some(at) > required));
            let Does::Calls(setter) = row.does else { continue };
            let method = methods::service(setter.method).unwrap();
            let taken: Vec<&str> = method
                .method
                .parameters
                .iter()
                .filter(|parameter| parameter.direction == Direction::In)
                .map(|parameter| parameter.name)
                .collect();
            let given: Vec<&str> = setter.parameter.iter().map(|(name, _)| *name).collect();
            assert_eq!(taken, given, "{}", row.word);
            let typed = setter.parameter.is_some_and(|(_, fixed)| fixed.is_none());
            assert_eq!(row.takes.len(), usize::from(typed), "{}", row.word);
        }
    }

    #[test]
    fn an_option_begins_with_a_slash_or_a_hyphen_in_any_case() {
        for word in ["/dlv", "-dlv", "/DLV"] {
            assert_eq!(option(word).unwrap().word, "dlv");
        }
        for word in ["dlv", "//dlv", "/", "/dl"] {
            assert!(option(word).is_none(), "{word}");
        }
    }
}
