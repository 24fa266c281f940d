//! Activation IDs: the SKU identifiers by which requests and products name what is activated. They are no keys.
//!
//! SKUs that a user adds stand in the store.

use super::documents::POSH;
use crate::catalog::{Source, assumed, observed, stated};
use Pool::{Office14, Office15, Windows};
use uuid::{Uuid, uuid};

/// The application whose clients share one count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pool {
    Windows,
    Office14,
    Office15,
    /// Activation IDs that no table knows.
    Unknown,
}

/// `ApplicationID` of Windows.
pub const WINDOWS: Uuid = uuid!("55c92734-d682-4d71-983e-d6ec3f16059f");

/// `ApplicationID` of Office 2010.
pub const OFFICE_14: Uuid = uuid!("59a52881-a989-479d-af46-f275c6370663");

/// `ApplicationID` of Office 2013 and later.
pub const OFFICE_15: Uuid = uuid!("0ff1ce15-a989-479d-af46-f275c6370663");

/// What published outputs of hosts print as the `ApplicationID` of Office 2016; readers take it for `OFFICE_15` and warn.
///
/// Source: [OFFDOC].
pub const OFFICE_16_AS_PRINTED: Uuid = uuid!("0ff1ce16-a989-479d-af46-f275c6370663");

impl Pool {
    pub const ALL: [Self; 4] = [Self::Windows, Self::Office14, Self::Office15, Self::Unknown];

    /// The word of the command line and of JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Windows => "windows",
            Self::Office14 => "office14",
            Self::Office15 => "office15+",
            Self::Unknown => "unknown",
        }
    }

    /// The `ApplicationID` of the pool; `None` for `Unknown`.
    #[must_use]
    pub const fn application(self) -> Option<Uuid> {
        match self {
            Self::Windows => Some(WINDOWS),
            Self::Office14 => Some(OFFICE_14),
            Self::Office15 => Some(OFFICE_15),
            Self::Unknown => None,
        }
    }

    /// The pool of an `ApplicationID`; `Unknown` for all but the three that are known.
    #[must_use]
    pub fn of_application(application: Uuid) -> Self {
        let known = |pool: &Self| pool.application() == Some(application);
        Self::ALL.into_iter().find(known).unwrap_or(Self::Unknown)
    }

    /// The pool of an activation ID, as the table knows it.
    #[must_use]
    pub fn of_activation(activation: Uuid) -> Self {
        lookup(activation).map_or(Self::Unknown, |sku| sku.pool)
    }
}

/// A product edition that is activated through KMS.
#[derive(Debug)]
pub struct Sku {
    /// `ActivationID`, the ID of its `SoftwareLicensingProduct`.
    pub activation: Uuid,
    /// `RequiredClientCount`; that of a real request wins over it.
    pub required: u32,
    pub pool: Pool,
    pub name: &'static str,
    pub source: Source,
}

/// `RequiredClientCount` of client editions of Windows.
///
/// Source: [PLAN].
pub const REQUIRED_CLIENT: u32 = 25;

/// `RequiredClientCount` of server editions of Windows, and of Office.
///
/// Source: [PLAN].
pub const REQUIRED_SERVER: u32 = 5;

/// Finds the SKU of an activation ID.
#[must_use]
pub fn lookup(activation: Uuid) -> Option<&'static Sku> {
    let at = SKUS.binary_search_by(|sku| sku.activation.cmp(&activation)).ok()?;
    SKUS.get(at)
}

const fn listed(activation: Uuid, required: u32, pool: Pool, name: &'static str) -> Sku {
    Sku { activation, required, pool, name, source: stated(&POSH, "KmsProductSku.csv") }
}

/// Every known SKU, in the order of the activation ID: `lookup` searches by halves.
#[rustfmt::skip]
pub static SKUS: [Sku; 138] = [
    listed(uuid!("00091344-1ea4-4f37-b789-01750ba6988c"), 5, Windows, "Windows Server 2012 R2 ServerDatacenter"),
    listed(uuid!("00c79ff1-6850-443d-bf61-71cde0de305f"), 5, Office15, "Office 2013 PublisherVolume"),
    listed(uuid!("01ef176b-3e0d-422a-b4f8-4ea880035e8f"), 5, Windows, "Windows Server 2008 ServerEnterpriseIA64"),
    listed(uuid!("041a06cb-c5b8-4772-809f-416d03d16654"), 5, Office15, "Office 2016 PublisherVolume"),
    listed(uuid!("096ce63d-4fac-48a9-82a9-61ae9e800e5f"), 25, Windows, "Windows 8.1 ProfessionalWMC"),
    listed(uuid!("09ed9640-f020-400a-acd8-d7d867dfd9c2"), 5, Office14, "Office 2010 MondoVL"),
    listed(uuid!("113e705c-fa49-48a4-beea-7dd879b46b14"), 25, Windows, "Windows 8.1 EnterpriseN"),
    listed(uuid!("197390a0-65f6-4a95-bdc4-55d58a3b0253"), 25, Windows, "Windows 8 CoreN"),
    listed(uuid!("1b9f11e3-c85c-4e1b-bb29-879ad2c909e3"), 5, Office15, "Office 2013 LyncVolume"),
    listed(uuid!("1cb6d605-11b3-4e14-bb30-da91c8e3983a"), 25, Windows, "Windows 7 EnterpriseN"),
    listed(uuid!("21c56779-b449-4d20-adfc-eece0e1ad74b"), 5, Windows, "Windows Server 2016 ServerDatacenter"),
    listed(uuid!("21db6ba4-9a7b-4a14-9e29-64a60c59301d"), 5, Windows, "Windows Server 2012 R2 ServerSolution"),
    listed(uuid!("2401e3d0-c50a-4b58-87b2-7e794b7d2607"), 5, Windows, "Windows Server 2008 ServerStandardV"),
    listed(uuid!("2b5a1b0f-a5ab-4c54-ac2f-a6d94824a283"), 5, Windows, "Windows Server 2016 ServerSolution"),
    listed(uuid!("2c682dc2-8b68-4f63-a165-ae291d4cf138"), 25, Windows, "Windows Vista BusinessN"),
    listed(uuid!("2d0882e7-a4e7-423b-8ccc-70d91e0158b1"), 5, Office14, "Office 2010 WordVL"),
    listed(uuid!("2d5a5a60-3040-48bf-beb0-fcd770c20ce0"), 25, Windows, "Windows 10 EnterpriseS"),
    listed(uuid!("2de67392-b7a7-462a-b1ca-108dd189f588"), 25, Windows, "Windows 10 Professional"),
    Sku {
        activation: uuid!("34e1ae55-27f8-4950-8877-7a03be5fb181"),
        required: 5,
        pool: Windows,
        name: "Windows Server 2019 ServerDatacenter",
        source: assumed(&POSH, "not in the list; a support thread names it, no event was seen"),
    },
    listed(uuid!("361fe620-64f4-41b5-ba77-84f8e079b1f7"), 5, Office15, "Office 2016 VisioStdXVolume"),
    listed(uuid!("3c102355-d027-42c6-ad23-2e7ef8a02585"), 25, Windows, "Windows 10 EducationN"),
    listed(uuid!("3dbf341b-5f6c-4fa7-b936-699dce9e263f"), 5, Windows, "Windows Server 2016 ServerAzureCor"),
    listed(uuid!("3f1afc82-f8ac-4f6c-8005-1d233e606eee"), 25, Windows, "Windows 10 ProfessionalEducation"),
    listed(uuid!("427a28d1-d17c-4abf-b717-32c780ba6f07"), 5, Office15, "Office 2013 ProjectStdVolume"),
    listed(uuid!("45593b1d-dfb1-4e91-bbfb-2d5d0ce2227a"), 5, Office14, "Office 2010 PowerPointVL"),
    listed(uuid!("458e1bec-837a-45f6-b9d5-925ed5d299de"), 25, Windows, "Windows 8 Enterprise"),
    listed(uuid!("46bbed08-9c7b-48fc-a614-95250573f4ea"), 25, Windows, "Windows 7 EnterpriseE"),
    listed(uuid!("4a5d124a-e620-44ba-b6ff-658961b33b9a"), 5, Office15, "Office 2013 ProjectProVolume"),
    listed(uuid!("4b1571d3-bafb-4b40-8087-a961be2caf65"), 25, Windows, "Windows 10 ProfessionalWorkstationN"),
    listed(uuid!("4f3d1606-3fea-4c01-be3c-8d671c401e3b"), 25, Windows, "Windows Vista Business"),
    listed(uuid!("4f414197-0fc2-4c01-b68a-86cbb9ac254c"), 5, Office15, "Office 2016 ProjectProVolume"),
    listed(uuid!("5300b18c-2e33-4dc2-8291-47ffcec746dd"), 25, Windows, "Windows 10 ProfessionalEducationN"),
    listed(uuid!("54a09a0d-d57b-4c10-8b69-a842d6590ad5"), 25, Windows, "Windows 7 ProfessionalN"),
    listed(uuid!("58e97c99-f377-4ef1-81d5-4ad5522b5fd8"), 25, Windows, "Windows 10 Core"),
    listed(uuid!("5a041529-fef8-4d07-b06f-b59b573b32d2"), 25, Windows, "Windows 7 ProfessionalE"),
    listed(uuid!("5dc7bf61-5ec9-4996-9ccb-df806a2d0efe"), 5, Office14, "Office 2010 ProjectStdVL"),
    listed(uuid!("620e2b3d-09e7-42fd-802a-17a13652fe7a"), 5, Windows, "Windows Server 2008 R2 ServerEnterprise"),
    listed(uuid!("67c0fc0c-deba-401b-bf8b-9c8ad8395804"), 5, Office15, "Office 2016 AccessVolume"),
    listed(uuid!("68531fb9-5511-4989-97be-d11a0f55633f"), 5, Windows, "Windows Server 2008 R2 ServerStandard"),
    listed(uuid!("68b6e220-cf09-466b-92d3-45cd964b9509"), 5, Windows, "Windows Server 2008 ServerDatacenter"),
    listed(uuid!("6bf301c1-b94a-43e9-ba31-d494598c47fb"), 5, Office15, "Office 2016 VisioProVolume"),
    listed(uuid!("6ee7622c-18d8-4005-9fb7-92db644a279b"), 5, Office15, "Office 2013 AccessVolume"),
    listed(uuid!("6f327760-8c5c-417c-9b61-836a98287e0c"), 5, Office14, "Office 2010 ProPlusVL"),
    listed(uuid!("73111121-5638-40f6-bc11-f1d7b0d64300"), 25, Windows, "Windows 10 Enterprise"),
    listed(uuid!("7476d79f-8e48-49b4-ab63-4d0b813a16e4"), 25, Windows, "Windows 8.1 ProfessionalN"),
    listed(uuid!("7482e61b-c589-4b7f-8ecc-46d455ac3b87"), 5, Windows, "Windows Server 2008 R2 ServerDatacenter"),
    listed(uuid!("771c3afa-50c5-443f-b151-ff2546d863a0"), 5, Office15, "Office 2013 OutlookVolume"),
    listed(uuid!("78558a64-dc19-43fe-a0d0-8075b2a370a3"), 25, Windows, "Windows 8.1 CoreN"),
    listed(uuid!("7afb1156-2c1d-40fc-b260-aab7442b62fe"), 5, Windows, "Windows Server 2008 ServerComputeCluster"),
    listed(uuid!("7b51a46c-0c04-4e8f-9af4-8496cca90d5e"), 25, Windows, "Windows 10 EnterpriseS"),
    listed(uuid!("7b9e1751-a8da-4f75-9560-5fadfe3d8e38"), 25, Windows, "Windows 10 CoreN"),
    listed(uuid!("81671aaf-79d1-4eb1-b004-8cbbe173afea"), 25, Windows, "Windows 8.1 Enterprise"),
    listed(uuid!("8198490a-add0-47b2-b3ba-316b12d647b4"), 5, Windows, "Windows Server 2008 ServerEnterpriseV"),
    listed(uuid!("829b8110-0e6f-4349-bca4-42803577788d"), 5, Office15, "Office 2016 ProjectProXVolume"),
    listed(uuid!("82bbc092-bc50-4e16-8e18-b74fc486aec3"), 25, Windows, "Windows 10 ProfessionalWorkstation"),
    listed(uuid!("83e04ee1-fa8d-436d-8994-d31a862cab77"), 5, Office15, "Office 2016 SkypeforBusinessVolume"),
    listed(uuid!("87b838b7-41b6-4590-8318-5797951d8529"), 25, Windows, "Windows 10 EnterpriseSN"),
    listed(uuid!("8860fcd4-a77b-4a20-9045-a150ff11d609"), 25, Windows, "Windows 8 CoreSingleLanguage"),
    listed(uuid!("8947d0b8-c33b-43e1-8c56-9b674c052832"), 5, Office14, "Office 2010 GrooveVL"),
    listed(uuid!("8a26851c-1c7e-48d3-a687-fbca9b9ac16b"), 5, Windows, "Windows Server 2008 R2 ServerEnterpriseIA64"),
    listed(uuid!("8c1c5410-9f39-4805-8c9d-63a07706358f"), 5, Windows, "Windows Server 2016 ServerStandard"),
    listed(uuid!("8c762649-97d1-4953-ad27-b7e2c25b972e"), 5, Office15, "Office 2013 PowerPointVolume"),
    listed(uuid!("8ce7e872-188c-4b98-9d90-f8f90b7aad02"), 5, Office14, "Office 2010 AccessVL"),
    listed(uuid!("8f365ba6-c1b9-4223-98fc-282a0756a3ed"), 5, Windows, "Windows Server 2012 ServerSolution"),
    listed(uuid!("92236105-bb67-494f-94c7-7f7a607929bd"), 5, Office14, "Office 2010 VisioSIVL"),
    listed(uuid!("9caabccb-61b1-4b4b-8bec-d10a3c3ac2ce"), 5, Office15, "Office 2016 MondoVolume"),
    listed(uuid!("9d5584a2-2d85-419a-982c-a00888bb9ddf"), 25, Windows, "Windows 8 CoreCountrySpecific"),
    listed(uuid!("9da2a678-fb6b-4e67-ab84-60dd6a9c819a"), 5, Office14, "Office 2010 StandardVL"),
    listed(uuid!("9ed833ff-4f92-4f36-b370-8683a4f13275"), 5, Office14, "Office 2010 VisioSIVL"),
    listed(uuid!("9f776d83-7156-45b2-8a5c-359b9c9f22a3"), 25, Windows, "Windows 10 EnterpriseSN"),
    listed(uuid!("a00018a3-f20f-4632-bf7c-8daa5351c914"), 25, Windows, "Windows 8 ProfessionalWMC"),
    listed(uuid!("a30b8040-d68a-423f-b0b5-9ce292ea5a8f"), 5, Office15, "Office 2013 InfoPathVolume"),
    listed(uuid!("a78b8bd9-8017-4df5-b86a-09f756affa7c"), 5, Windows, "Windows Server 2008 R2 ServerWeb"),
    listed(uuid!("a80b5abf-76ad-428b-b05d-a47d2dffeebf"), 25, Windows, "Windows 10 ProfessionalN"),
    listed(uuid!("a9107544-f4a0-4053-a96a-1479abdef912"), 25, Windows, "Windows 10 CoreCountrySpecific"),
    listed(uuid!("a98bcd6d-5343-4603-8afe-5908e4611112"), 25, Windows, "Windows 8 Professional"),
    listed(uuid!("aa2a7821-1827-4c2c-8f1d-4513a34dda97"), 5, Office15, "Office 2016 VisioStdVolume"),
    listed(uuid!("ab586f5c-5256-4632-962f-fefd8b49e6f4"), 5, Office14, "Office 2010 OneNoteVL"),
    listed(uuid!("ac4efaf0-f81f-4f61-bdf7-ea32b02ab117"), 5, Office15, "Office 2013 VisioStdVolume"),
    listed(uuid!("ad2542d4-9154-4c6d-8a44-30f11ee96989"), 5, Windows, "Windows Server 2008 ServerStandard"),
    listed(uuid!("ae2ee509-1b34-41c0-acb7-6d4650168915"), 25, Windows, "Windows 7 Enterprise"),
    listed(uuid!("af35d7b7-5035-4b63-8972-f0b747b9f4dc"), 25, Windows, "Windows 8 CoreARM"),
    listed(uuid!("b13afb38-cd79-4ae5-9f7f-eed058d750ca"), 5, Office15, "Office 2013 StandardVolume"),
    listed(uuid!("b234abe3-0857-4f9c-b05a-4dc314f85557"), 5, Office15, "Office 2016 VisioProXVolume"),
    listed(uuid!("b322da9c-a2e2-4058-9e4e-f59a6970bd69"), 5, Office15, "Office 2013 ProPlusVolume"),
    listed(uuid!("b3ca044e-a358-4d68-9883-aaa2941aca99"), 5, Windows, "Windows Server 2012 R2 ServerStandard"),
    listed(uuid!("b50c4f75-599b-43e8-8dcd-1081a7967241"), 5, Office14, "Office 2010 PublisherVL"),
    listed(uuid!("b8f5e3a3-ed33-4608-81e1-37d6c9dcfd9c"), 25, Windows, "Windows 8.1 CoreConnectedSingleLanguage"),
    listed(uuid!("b92e9980-b9d5-4821-9c94-140f632f6312"), 25, Windows, "Windows 7 Professional"),
    listed(uuid!("ba998212-460a-44db-bfb5-71bf09d1c68b"), 25, Windows, "Windows 8.1 CoreConnectedCountrySpecific"),
    listed(uuid!("bb11badf-d8aa-470e-9311-20eaf80fe5cc"), 5, Office15, "Office 2016 WordVolume"),
    listed(uuid!("c04ed6bf-55c8-4b47-9f8e-5a1f31ceee60"), 25, Windows, "Windows 8 Core"),
    listed(uuid!("c06b6981-d7fd-4a35-b7b4-054742b7af67"), 25, Windows, "Windows 8.1 Professional"),
    listed(uuid!("c1af4d90-d1bc-44ca-85d4-003ba33db3b9"), 5, Windows, "Windows Server 2008 ServerEnterprise"),
    listed(uuid!("c3e65d36-141f-4d2f-a303-a842ee756a29"), 5, Office15, "Office 2016 ExcelVolume"),
    listed(uuid!("c6ddecd6-2354-4c19-909b-306a3058484e"), 25, Windows, "Windows 8.1 CoreConnectedN"),
    listed(uuid!("c72c6a1d-f252-4e7e-bdd1-3fca342acb35"), 25, Windows, "Windows 8.1 CoreSingleLanguage"),
    listed(uuid!("ca6b6639-4ad6-40ae-a575-14dee07f6430"), 5, Office14, "Office 2010 InfoPathVL"),
    listed(uuid!("cab491c7-a918-4f60-b502-dab75e334f40"), 25, Windows, "Windows 8.1 ProfessionalStudentN"),
    listed(uuid!("cbbaca45-556a-4416-ad03-bda598eaa7c8"), 5, Office15, "Office 2016 ProjectStdXVolume"),
    listed(uuid!("cd918a57-a41b-4c82-8dce-1a538e221a83"), 25, Windows, "Windows 10 CoreSingleLanguage"),
    listed(uuid!("cda18cf3-c196-46ad-b289-60c072869994"), 5, Windows, "Windows Server 2008 R2 ServerHPC"),
    listed(uuid!("cee5d470-6e3b-4fcc-8c2b-d17428568a9f"), 5, Office14, "Office 2010 ExcelVL"),
    listed(uuid!("cfd8ff08-c0d7-452b-9f60-ef5c70c32094"), 25, Windows, "Windows Vista Enterprise"),
    listed(uuid!("d3643d60-0c42-412d-a7d6-52e6635327f6"), 5, Windows, "Windows Server 2012 ServerDatacenter"),
    listed(uuid!("d450596f-894d-49e0-966a-fd39ed4c4c64"), 5, Office15, "Office 2016 ProPlusVolume"),
    listed(uuid!("d4f54950-26f2-4fb4-ba21-ffab16afcade"), 25, Windows, "Windows Vista EnterpriseN"),
    listed(uuid!("d70b1bba-b893-4544-96e2-b7a318091c33"), 5, Office15, "Office 2016 PowerPointVolume"),
    listed(uuid!("d8cace59-33d2-4ac7-9b1b-9b72339c51c8"), 5, Office15, "Office 2016 OneNoteVolume"),
    listed(uuid!("d9f5b1c6-5386-495a-88f9-9ad6b41ac9b3"), 5, Office15, "Office 2013 WordVolume"),
    listed(uuid!("da7ddabc-3fbe-4447-9e01-6ab7440b4cd4"), 5, Office15, "Office 2016 ProjectStdVolume"),
    listed(uuid!("db78b74f-ef1c-4892-abfe-1e66b8231df6"), 25, Windows, "Windows 8.1 CoreCountrySpecific"),
    listed(uuid!("dc981c6b-fc8e-420f-aa43-f8f33e5c0923"), 5, Office15, "Office 2013 MondoVolume"),
    listed(uuid!("ddfa9f7c-f09e-40b9-8c1a-be877a9a7f4b"), 5, Windows, "Windows Server 2008 ServerWeb"),
    Sku {
        activation: uuid!("de32eafd-aaee-4662-9444-c1befb41bde2"),
        required: 5,
        pool: Windows,
        name: "Windows Server 2019 ServerStandard",
        source: observed(&POSH, "not in the list; a public support thread shows it"),
    },
    listed(uuid!("dedfa23d-6ed1-45a6-85dc-63cae0546de6"), 5, Office15, "Office 2016 StandardVolume"),
    listed(uuid!("df133ff7-bf14-4f95-afe3-7b48e7e331ef"), 5, Office14, "Office 2010 ProjectProVL"),
    listed(uuid!("e0b2d383-d112-413f-8a80-97f373a5820c"), 25, Windows, "Windows 10 EnterpriseG"),
    listed(uuid!("e0c42288-980c-4788-a014-c080d2e1926e"), 25, Windows, "Windows 10 Education"),
    listed(uuid!("e13ac10e-75d0-4aff-a0cd-764982cf541c"), 5, Office15, "Office 2013 VisioProVolume"),
    listed(uuid!("e14997e7-800a-4cf7-ad10-de4b45b578db"), 25, Windows, "Windows 8 EnterpriseN"),
    listed(uuid!("e272e3e2-732f-4c65-a8f0-484747d0d947"), 25, Windows, "Windows 10 EnterpriseN"),
    listed(uuid!("e38454fb-41a4-4f59-a5dc-25080e354730"), 25, Windows, "Windows 10 EnterpriseGN"),
    listed(uuid!("e558389c-83c3-4b29-adfe-5e4d7f46c358"), 5, Office14, "Office 2010 VisioSIVL"),
    listed(uuid!("e58d87b5-8126-4580-80fb-861b22f79296"), 25, Windows, "Windows 8.1 ProfessionalStudent"),
    listed(uuid!("e9942b32-2e55-4197-b0bd-5ff58cba8860"), 25, Windows, "Windows 8.1 CoreConnected"),
    listed(uuid!("ea509e87-07a1-4a45-9edc-eba5a39f36af"), 5, Office14, "Office 2010 SmallBusBasicsVL"),
    listed(uuid!("ebf245c1-29a8-4daf-9cb1-38dfc608a8c8"), 25, Windows, "Windows 8 ProfessionalN"),
    listed(uuid!("ec9d9265-9d1e-4ed0-838a-cdc20f2551a1"), 5, Office15, "Office 2016 OutlookVolume"),
    listed(uuid!("ecb7c192-73ab-4ded-acf4-2399b095d0cc"), 5, Office14, "Office 2010 OutlookVL"),
    listed(uuid!("ef3d4e49-a53d-4d81-a2b1-2ca6c2556b2c"), 5, Office14, "Office 2010 MondoVL"),
    listed(uuid!("efe1f3e6-aea2-4144-a208-32aa872b6545"), 5, Office15, "Office 2013 OneNoteVolume"),
    listed(uuid!("f0f5ec41-0d55-4732-af02-440a44a3cf0f"), 5, Windows, "Windows Server 2012 ServerStandard"),
    listed(uuid!("f7461d52-7c2b-43b2-8744-ea958e0bd09a"), 5, Office15, "Office 2013 ExcelVolume"),
    listed(uuid!("fb4875ec-0c6b-450f-b82b-ab57d8d1677f"), 5, Office15, "Office 2013 GrooveVolume"),
    listed(uuid!("fd09ef77-5647-4eff-809c-af2b64659a45"), 5, Windows, "Windows Server 2008 ServerDatacenterV"),
    listed(uuid!("fe1c3238-432a-43a1-8e25-97e7d1ef10f3"), 25, Windows, "Windows 8.1 Core"),
    listed(uuid!("ffee456a-cd87-4390-8e07-16146c672fd0"), 25, Windows, "Windows 8.1 CoreARM"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_holds_no_id_twice() {
        assert!(SKUS.is_sorted_by(|one, next| one.activation < next.activation));
        assert_eq!(SKUS.len(), 138);
    }

    #[test]
    fn every_sku_is_found_by_its_id_and_belongs_to_the_pool_of_its_name() {
        for sku in &SKUS {
            assert_eq!(lookup(sku.activation).map(|found| found.name), Some(sku.name));
            let pool = if sku.name.starts_with("Windows ") {
                Pool::Windows
            } else if sku.name.starts_with("Office 2010 ") {
                Pool::Office14
            } else {
                assert!(sku.name.starts_with("Office 201"), "{}", sku.name);
                Pool::Office15
            };
            assert_eq!(sku.pool, pool, "{}", sku.name);
            assert_eq!(Pool::of_activation(sku.activation), pool);
        }
    }

    #[test]
    fn client_windows_needs_25_and_everything_else_5() {
        for sku in &SKUS {
            let client = sku.pool == Pool::Windows && !sku.name.starts_with("Windows Server");
            let required = if client { REQUIRED_CLIENT } else { REQUIRED_SERVER };
            assert_eq!(sku.required, required, "{}", sku.name);
        }
    }

    #[test]
    fn an_unknown_activation_id_belongs_to_no_pool() {
        assert!(lookup(Uuid::nil()).is_none());
        assert!(lookup(Uuid::max()).is_none());
        assert_eq!(
            Pool::of_activation(WINDOWS),
            Pool::Unknown,
            "an ApplicationID is no ActivationID"
        );
    }

    #[test]
    fn an_application_id_names_its_pool() {
        for pool in Pool::ALL {
            match pool.application() {
                Some(application) => assert_eq!(Pool::of_application(application), pool),
                None => assert_eq!(pool, Pool::Unknown),
            }
        }
        assert_eq!(Pool::of_application(OFFICE_16_AS_PRINTED), Pool::Unknown);
    }
}
