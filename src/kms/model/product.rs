//! A product of a machine: the part of `SoftwareLicensingProduct` that has a meaning here; the rest is carried.

use super::{
    ActivationType, Carried, Channel, ChannelWord, Edition, HostChoice, License, Minutes,
    PartialKey,
};
use crate::clock::Timestamp;
use crate::kms::catalog::skus::Pool;
use crate::kms::catalog::{Profile, product};
use uuid::Uuid;

/// One product; its key in the API is `id`.
#[derive(Debug, Clone, PartialEq)]
pub struct Product {
    /// ID: the Activation ID.
    pub id: Uuid,
    /// `ApplicationID`.
    pub application: Uuid,
    pub name: String,
    /// Carries the word of the channel.
    pub description: String,
    /// `LicenseFamily`: the edition.
    pub family: String,
    /// `PartialProductKey`; `None`: the licence is not in use.
    pub key: Option<PartialKey>,
    /// `ProductKeyChannel`; `None` without a key, and on artefacts of old machines that do not tell it.
    pub channel: Option<ChannelWord>,
    /// As last written; the present one is `rules::life::at`.
    pub license: License,
    /// `RequiredClientCount`; `None` is shown as -1.
    pub required: Option<u32>,
    /// Overrides of what the service says of the host.
    pub host: HostChoice,
    /// `VLActivationInterval` as received from the host; `None`: that of the service.
    pub activation_interval: Option<Minutes>,
    /// `VLRenewalInterval` as received from the host; `None`: that of the service.
    pub renewal_interval: Option<Minutes>,
    /// `VLActivationTypeEnabled`; `None`: that of the machine.
    pub activation_type: Option<ActivationType>,
    /// `VLActivationType`: by what it is activated at present; `None` is 0.
    pub activated_by: Option<ActivationType>,
    /// `GenuineStatus`; 0 is genuine.
    pub genuine_status: u32,
    /// `ExtendedGrace` in minutes; `None` is shown as -1.
    pub extended_grace: Option<u32>,
    /// `RemainingAppReArmCount`.
    pub app_rearm_count: u32,
    /// `RemainingSkuReArmCount`.
    pub sku_rearm_count: u32,
    /// `LicenseIsAddon`.
    pub is_addon: bool,
    /// `LicenseDependsOn`.
    pub depends_on: Option<String>,
    /// `EvaluationEndDate`.
    pub evaluation_end: Option<Timestamp>,
    /// `ProductKeyID`: extended PID; opaque.
    pub product_key_id: Option<String>,
    pub product_key_id2: Option<String>,
    /// For a KMS host key the Activation IDs that it serves; `None`: every one of its application.
    pub serves: Option<Vec<Uuid>>,
    pub carried: Carried,
}

impl Product {
    /// A product of an edition, with no key yet.
    ///
    /// - `profile`: of the machine that it is installed on.
    /// - `license`: that of a product without a key.
    #[must_use]
    pub fn new(activation: Uuid, edition: &Edition, profile: Profile, license: License) -> Self {
        let initial = |name| product::property(name)?.initial.number(profile);
        let family = edition.name.rsplit(' ').next().unwrap_or_default().to_owned();
        Self {
            id: activation,
            application: edition.application,
            name: edition.name.clone(),
            description: String::new(),
            family,
            key: None,
            channel: None,
            license,
            required: None,
            host: HostChoice::default(),
            activation_interval: None,
            renewal_interval: None,
            activation_type: None,
            activated_by: None,
            genuine_status: 0,
            extended_grace: None,
            app_rearm_count: initial("RemainingAppReArmCount").unwrap_or_default(),
            sku_rearm_count: initial("RemainingSkuReArmCount").unwrap_or_default(),
            is_addon: false,
            depends_on: None,
            evaluation_end: None,
            product_key_id: None,
            product_key_id2: None,
            serves: None,
            carried: Carried::default(),
        }
    }

    /// How it is activated: by the channel of its key, else by what the description says.
    #[must_use]
    pub fn kind(&self) -> Channel {
        self.channel.map_or_else(|| Channel::of_description(&self.description), ChannelWord::kind)
    }

    /// A product with a KMS host key.
    #[must_use]
    pub fn is_host(&self) -> bool {
        self.key.is_some() && self.kind() == Channel::KmsHost
    }

    /// A product with a KMS client setup key.
    #[must_use]
    pub fn is_kms_client(&self) -> bool {
        self.key.is_some() && self.kind() == Channel::KmsClient
    }

    /// The pool in which its requests, or those that it serves, are counted.
    #[must_use]
    pub fn pool(&self) -> Pool {
        Pool::of_application(self.application)
    }
}
