//! The numbers and words with a meaning: license states, activation types, channels, status flags.

use super::documents::{POSH, SLMGR, SPP};
use crate::catalog::{Named, Source, stated};

/// Values of `IsKeyManagementServiceMachine`.
pub static KMS_ENABLED: [Named; 2] = [
    Named { value: 0, name: "false", doc: "KMS is not enabled on this machine." },
    Named { value: 1, name: "true", doc: "KMS is enabled on this machine." },
];

/// Values of `PolicyCacheRefreshRequired`.
pub static REFRESH_REQUIRED: [Named; 2] = [
    Named { value: 0, name: "Refresh not required", doc: "The licensing policy cache is current." },
    Named {
        value: 1,
        name: "Refresh required",
        doc: "The licensing policy cache must be updated.",
    },
];

/// Values of `LicenseStatus`. The native SLLICENSINGSTATUS has other numbers and is not meant here.
pub static LICENSE_STATUS: [Named; 7] = [
    Named { value: 0, name: "Unlicensed", doc: "The product may not be used." },
    Named { value: 1, name: "Licensed", doc: "The product is activated." },
    Named {
        value: 2,
        name: "OOBGrace",
        doc: "The product is installed and may be used until it must be activated.",
    },
    Named {
        value: 3,
        name: "OOTGrace",
        doc: "The KMS activation ran out or the hardware changed, and the product must be activated again.",
    },
    Named {
        value: 4,
        name: "NonGenuineGrace",
        doc: "The product was found not genuine and may be used for a while.",
    },
    Named {
        value: 5,
        name: "Notification",
        doc: "The grace period is over and the user is reminded to activate.",
    },
    Named {
        value: 6,
        name: "ExtendedGrace",
        doc: "The product may be used for a period that the product defines.",
    },
];

/// What is known of one value of `LicenseStatus` beyond its name.
#[derive(Debug)]
pub struct State {
    pub named: &'static Named,
    /// What slmgr prints after `License Status: `, in English.
    pub wording: &'static str,
    /// The property that counts requests of clients in this state; `None`: only the total counts them.
    pub counter: Option<&'static str>,
    /// The largest `GracePeriodRemaining` that is usual, minutes; `None` when the product defines it.
    pub longest: Option<u32>,
    pub source: Source,
}

/// Minutes of a grace period: 30 days.
///
/// Source: [PLAN], [STATES].
pub const GRACE_MINUTES: u32 = 43_200;

/// Minutes for which a KMS activation lasts: 180 days.
///
/// Source: [PLAN], [OPT].
pub const VALIDITY_MINUTES: u32 = 259_200;

/// The license states, by their number.
pub static STATES: [State; 7] = [
    State {
        named: &LICENSE_STATUS[0],
        wording: "Unlicensed",
        counter: Some("KeyManagementServiceUnlicensedRequests"),
        longest: Some(0),
        source: stated(&SPP, "LicenseStatus"),
    },
    State {
        named: &LICENSE_STATUS[1],
        wording: "Licensed",
        counter: Some("KeyManagementServiceLicensedRequests"),
        longest: Some(VALIDITY_MINUTES),
        source: stated(&SPP, "LicenseStatus"),
    },
    State {
        named: &LICENSE_STATUS[2],
        wording: "Initial grace period",
        counter: Some("KeyManagementServiceOOBGraceRequests"),
        longest: Some(GRACE_MINUTES),
        source: stated(&SPP, "LicenseStatus"),
    },
    State {
        named: &LICENSE_STATUS[3],
        wording: "Additional grace period (KMS license expired or hardware out of tolerance)",
        counter: Some("KeyManagementServiceOOTGraceRequests"),
        longest: Some(GRACE_MINUTES),
        source: stated(&SPP, "LicenseStatus"),
    },
    State {
        named: &LICENSE_STATUS[4],
        wording: "Non-genuine grace period.",
        counter: Some("KeyManagementServiceNonGenuineGraceRequests"),
        longest: Some(GRACE_MINUTES),
        source: stated(&SPP, "LicenseStatus"),
    },
    State {
        named: &LICENSE_STATUS[5],
        wording: "Notification",
        counter: Some("KeyManagementServiceNotificationRequests"),
        longest: Some(0),
        source: stated(&SPP, "LicenseStatus"),
    },
    State {
        named: &LICENSE_STATUS[6],
        wording: "Extended grace period",
        counter: None,
        longest: None,
        source: stated(&SLMGR, "L_MsgLicenseStatusExtendedGrace_1; the published lists stop at 5"),
    },
];

/// A license state, as `LicenseStatus` holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LicenseStatus {
    Unlicensed,
    Licensed,
    OobGrace,
    OotGrace,
    NonGenuineGrace,
    Notification,
    ExtendedGrace,
}

impl LicenseStatus {
    /// Every state, in the order of its number.
    pub const ALL: [Self; 7] = [
        Self::Unlicensed,
        Self::Licensed,
        Self::OobGrace,
        Self::OotGrace,
        Self::NonGenuineGrace,
        Self::Notification,
        Self::ExtendedGrace,
    ];

    /// What is known of the state.
    #[must_use]
    pub const fn state(self) -> &'static State {
        match self {
            Self::Unlicensed => &STATES[0],
            Self::Licensed => &STATES[1],
            Self::OobGrace => &STATES[2],
            Self::OotGrace => &STATES[3],
            Self::NonGenuineGrace => &STATES[4],
            Self::Notification => &STATES[5],
            Self::ExtendedGrace => &STATES[6],
        }
    }

    /// The number of `LicenseStatus`, 0..=6.
    #[must_use]
    pub const fn number(self) -> u32 {
        self.state().named.value
    }

    /// The state with that number; `None` above 6.
    #[must_use]
    pub fn from_number(number: u32) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.number() == number)
    }
}

/// Values of `VLActivationTypeEnabled`; the names are what slmgr prints, in lower case the words of the command line.
///
/// Source: [SLMGR] `L_MsgVLActivationTypeAll` and its neighbors; [OPT] `/act-type`.
pub static ACTIVATION_TYPES: [Named; 4] = [
    Named { value: 0, name: "All", doc: "Every type of volume activation is tried." },
    Named { value: 1, name: "AD", doc: "Only activation through Active Directory is tried." },
    Named { value: 2, name: "KMS", doc: "Only activation through a KMS host is tried." },
    Named { value: 3, name: "Token", doc: "Only activation by a token is tried." },
];

/// The types that `SetVLActivationTypeEnabled` accepts: all but 0, which the Clear method sets.
///
/// Source: assumed; slmgr calls the Clear method for 0.
pub static SETTABLE_ACTIVATION_TYPES: &[Named] = match ACTIVATION_TYPES.split_first() {
    Some((_, settable)) => settable,
    None => &[],
};

/// Values of `VLActivationType`: how the product was activated last.
pub static ACTIVATED_BY: [Named; 4] = [
    Named { value: 0, name: "None", doc: "The product is not activated by volume activation." },
    Named { value: 1, name: "AD", doc: "The product is activated through Active Directory." },
    Named { value: 2, name: "KMS", doc: "The product is activated through a KMS host." },
    Named { value: 3, name: "Token", doc: "The product is activated by a token." },
];

/// Bits of the status flags in the events 12288 and 12289.
///
/// Source: [VA2OPS] appendix 1.
pub static STATUS_FLAGS: [Named; 5] = [
    Named {
        value: 0x0000_0008,
        name: "SL_VL_BINDING_STATUS_OTHER_PC",
        doc: "Another computer is concerned, which is a warning only.",
    },
    Named {
        value: 0x0100_0000,
        name: "SL_VL_BINDING_ERROR_NO_BINDING_SERVER_REGISTRATION",
        doc: "No KMS host is registered.",
    },
    Named {
        value: 0x0200_0000,
        name: "SL_VL_BINDING_ERROR_INVALID_REGISTRATION_DATA_TYPE",
        doc: "The registered KMS host is stored with a wrong data type.",
    },
    Named {
        value: 0x0400_0000,
        name: "SL_VL_BINDING_ERROR_NOT_ENOUGH_COUNT",
        doc: "The count of the KMS host is too low.",
    },
    Named {
        value: 0x0800_0000,
        name: "SL_VL_BINDING_ERROR_NOT_WINDOWS_SLP",
        doc: "The machine lacks the OEM marker that the volume license needs.",
    },
];

/// The flags that are set in `bits`, lowest first; unknown bits are left out.
pub fn status_flags(bits: u32) -> impl Iterator<Item = &'static Named> {
    STATUS_FLAGS.iter().filter(move |flag| bits & flag.value != 0)
}

/// What a product key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Channel {
    KmsClient,
    KmsHost,
    TimeBased,
    /// Automatic activation of a virtual machine by its host.
    VirtualMachine,
    /// Multiple activation key.
    Mak,
    /// Retail, OEM and whatever else the service does not count.
    Other,
}

/// A word in Description and the channel that it tells.
#[derive(Debug)]
pub struct Mark {
    pub word: &'static str,
    pub channel: Channel,
    pub source: Source,
}

/// The words of Description, in the order in which they must be tried: that of the host is the beginning of that of the client.
pub static MARKS: [Mark; 5] = [
    Mark {
        word: "VOLUME_KMSCLIENT",
        channel: Channel::KmsClient,
        source: stated(&SLMGR, "IsKmsClient"),
    },
    Mark { word: "VOLUME_KMS", channel: Channel::KmsHost, source: stated(&SLMGR, "IsKmsServer") },
    Mark { word: "TIMEBASED_", channel: Channel::TimeBased, source: stated(&SLMGR, "IsTBL") },
    Mark {
        word: "VIRTUAL_MACHINE_ACTIVATION",
        channel: Channel::VirtualMachine,
        source: stated(&SLMGR, "IsAVMA"),
    },
    Mark { word: "MAK", channel: Channel::Mak, source: stated(&SLMGR, "IsMAK") },
];

impl Channel {
    /// The channel that a Description tells; `Other` when it holds none of the words.
    #[must_use]
    pub fn of_description(description: &str) -> Self {
        MARKS
            .iter()
            .find(|mark| description.contains(mark.word))
            .map_or(Self::Other, |mark| mark.channel)
    }

    /// The channel of a `ProductKeyChannel`; `Other` for a word that is not known. Case does not matter.
    #[must_use]
    pub fn of_key(word: &str) -> Self {
        KeyChannel::named(word).map_or(Self::Other, |row| row.channel)
    }
}

/// One word of `ProductKeyChannel`.
#[derive(Debug)]
pub struct KeyChannel {
    pub word: &'static str,
    pub channel: Channel,
    /// Whether a key of this channel can be installed in the model.
    pub installable: bool,
    pub doc: &'static str,
    pub source: Source,
}

/// The words of `ProductKeyChannel`.
pub static KEY_CHANNELS: [KeyChannel; 10] = [
    key("Volume:GVLK", Channel::KmsClient, true, "The setup key of a KMS client."),
    key("Volume:CSVLK", Channel::KmsHost, true, "The key of a KMS host."),
    key("Volume:MAK", Channel::Mak, true, "A multiple activation key."),
    key("Retail", Channel::Other, true, "A retail key."),
    key("Retail:TB:Eval", Channel::TimeBased, false, "The key of an evaluation copy."),
    key("OEM:DM", Channel::Other, false, "An OEM key in the firmware of the machine."),
    key(
        "OEM:SLP",
        Channel::Other,
        false,
        "The OEM key of a manufacturer, bound to its marker in the firmware.",
    ),
    key("OEM:NONSLP", Channel::Other, false, "An OEM key that is activated singly."),
    key("OEM:COA", Channel::Other, false, "An OEM key from a certificate of authenticity."),
    key(
        "VT:IA",
        Channel::VirtualMachine,
        false,
        "The key of a virtual machine that its host activates.",
    ),
];

const fn key(
    word: &'static str,
    channel: Channel,
    installable: bool,
    doc: &'static str,
) -> KeyChannel {
    KeyChannel { word, channel, installable, doc, source: stated(&POSH, "list of channels") }
}

impl KeyChannel {
    /// The row of a word of `ProductKeyChannel`; case does not matter.
    #[must_use]
    pub fn named(word: &str) -> Option<&'static Self> {
        KEY_CHANNELS.iter().find(|row| row.word.eq_ignore_ascii_case(word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_states_are_numbered_from_0_to_6() {
        for (number, status) in (0_u32..).zip(LicenseStatus::ALL) {
            assert_eq!(status.number(), number);
            assert_eq!(LicenseStatus::from_number(number), Some(status));
        }
        assert_eq!(LicenseStatus::from_number(7), None);
    }

    #[test]
    fn each_state_but_the_last_has_a_counter_of_its_own_name() {
        for state in &STATES {
            let expected = format!("KeyManagementService{}Requests", state.named.name);
            match state.counter {
                Some(counter) => assert_eq!(counter, expected),
                None => assert_eq!(state.named.name, "ExtendedGrace"),
            }
        }
    }

    #[test]
    fn the_word_of_a_kms_host_is_the_beginning_of_that_of_a_kms_client() {
        let cases = [
            ("Windows(R) Operating System, VOLUME_KMSCLIENT channel", Channel::KmsClient),
            ("Windows(R) Operating System, VOLUME_KMS_2012-R2_WIN10 channel", Channel::KmsHost),
            ("Windows Operating System - Vista, VOLUME_KMS channel", Channel::KmsHost),
            ("Windows(R) Operating System, TIMEBASED_EVAL channel", Channel::TimeBased),
            (
                "Windows(R) Operating System, VIRTUAL_MACHINE_ACTIVATION channel",
                Channel::VirtualMachine,
            ),
            ("Windows(R) Operating System, VOLUME_MAK channel", Channel::Mak),
            ("Windows(R) Operating System, RETAIL channel", Channel::Other),
            ("", Channel::Other),
        ];
        for (description, channel) in cases {
            assert_eq!(Channel::of_description(description), channel, "{description}");
        }
    }

    #[test]
    fn a_product_key_channel_is_known_in_any_case() {
        assert_eq!(Channel::of_key("Volume:CSVLK"), Channel::KmsHost);
        assert_eq!(Channel::of_key("volume:gvlk"), Channel::KmsClient);
        assert_eq!(Channel::of_key("OEM:DM"), Channel::Other);
        assert_eq!(Channel::of_key("Volume"), Channel::Other);
        assert!(KeyChannel::named("Volume").is_none());
    }

    #[test]
    fn flags_are_bits() {
        let names = |bits| status_flags(bits).map(|flag| flag.name).collect::<Vec<_>>();
        assert_eq!(
            names(0x0400_0008),
            ["SL_VL_BINDING_STATUS_OTHER_PC", "SL_VL_BINDING_ERROR_NOT_ENOUGH_COUNT"]
        );
        assert_eq!(names(0x8000_0001), [""; 0]);
        for flag in &STATUS_FLAGS {
            assert_eq!(flag.value.count_ones(), 1, "{}", flag.name);
        }
    }

    #[test]
    fn an_activation_type_is_set_to_anything_but_all() {
        let settable: Vec<u32> = SETTABLE_ACTIVATION_TYPES.iter().map(|kind| kind.value).collect();
        assert_eq!(settable, [1, 2, 3]);
    }
}
