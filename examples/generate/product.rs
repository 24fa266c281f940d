//! The products that the made-up machines hold. An activation ID names a product; it is no key.

/// Clients of one application share one count on a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pool {
    Windows,
    Office14,
    Office15,
}

impl Pool {
    pub(crate) const fn application(self) -> &'static str {
        match self {
            Self::Windows => "55c92734-d682-4d71-983e-d6ec3f16059f",
            Self::Office14 => "59a52881-a989-479d-af46-f275c6370663",
            Self::Office15 => "0ff1ce15-a989-479d-af46-f275c6370663",
        }
    }
}

/// A product of a KMS client.
#[derive(Debug)]
pub(crate) struct Product {
    pub(crate) activation: &'static str,
    /// `LicenseFamily`, as slmgr names the edition.
    pub(crate) edition: &'static str,
    /// `RequiredClientCount`: how many clients its host must count before it activates.
    pub(crate) required: u32,
    pub(crate) pool: Pool,
}

const fn windows(activation: &'static str, edition: &'static str) -> Product {
    Product { activation, edition, required: 25, pool: Pool::Windows }
}

const fn server(activation: &'static str) -> Product {
    Product { activation, edition: "ServerStandard", required: 5, pool: Pool::Windows }
}

const fn office(activation: &'static str, edition: &'static str, pool: Pool) -> Product {
    Product { activation, edition, required: 5, pool }
}

/// Windows 10 and 11 Professional.
pub(crate) static PROFESSIONAL: Product =
    windows("2de67392-b7a7-462a-b1ca-108dd189f588", "Professional");
/// Windows 10 and 11 Enterprise.
pub(crate) static ENTERPRISE: Product =
    windows("73111121-5638-40f6-bc11-f1d7b0d64300", "Enterprise");
/// Windows 7 Professional.
pub(crate) static SEVEN: Product = windows("b92e9980-b9d5-4821-9c94-140f632f6312", "Professional");
/// Windows Server 2016 Standard.
pub(crate) static SERVER_2016: Product = server("8c1c5410-9f39-4805-8c9d-63a07706358f");
/// Windows Server 2019 Standard.
pub(crate) static SERVER_2019: Product = server("de32eafd-aaee-4662-9444-c1befb41bde2");
/// Office 2016 Professional Plus.
pub(crate) static OFFICE: Product =
    office("d450596f-894d-49e0-966a-fd39ed4c4c64", "Office16ProPlusVL_KMS_Client", Pool::Office15);
/// Visio 2016 Professional.
pub(crate) static VISIO: Product =
    office("6bf301c1-b94a-43e9-ba31-d494598c47fb", "Office16VisioProVL_KMS_Client", Pool::Office15);
/// Office 2010 Professional Plus, which no host of the estate serves.
pub(crate) static OFFICE_2010: Product =
    office("6f327760-8c5c-417c-9b61-836a98287e0c", "OfficeProPlusVL_KMS_Client", Pool::Office14);
