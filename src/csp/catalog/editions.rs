//! Editions of Windows: the numbers of `GetProductInfo` that the node Edition answers, their names, and which of them the CSP serves.
//!
//! Which edition can become which is left to `paths`.

use super::documents::{CSP, DDF2, GRAPH, SKU};
use crate::catalog::{Source, assumed, stated};
use Family::{Client, Device, Other, Server};
use std::fmt;

pub const HOME: i32 = 101;
pub const HOME_N: i32 = 98;
pub const HOME_CHINA: i32 = 99;
pub const HOME_SINGLE_LANGUAGE: i32 = 100;
pub const PRO: i32 = 48;
pub const PRO_N: i32 = 49;
pub const PRO_WORKSTATION: i32 = 161;
pub const PRO_WORKSTATION_N: i32 = 162;
pub const PRO_EDUCATION: i32 = 164;
pub const PRO_EDUCATION_N: i32 = 165;
pub const EDUCATION: i32 = 121;
pub const EDUCATION_N: i32 = 122;
pub const ENTERPRISE: i32 = 4;
pub const ENTERPRISE_N: i32 = 27;
pub const ENTERPRISE_LTSC: i32 = 125;
pub const CLOUD: i32 = 178;
pub const CLOUD_N: i32 = 179;
pub const MOBILE: i32 = 104;
pub const MOBILE_ENTERPRISE: i32 = 133;
pub const HOLOGRAPHIC: i32 = 135;
pub const HOLOGRAPHIC_BUSINESS: i32 = 136;

/// The last build of Windows 10 Mobile.
///
/// Source: [CSP2018]; the page lists Mobile editions until then.
pub const LAST_MOBILE_BUILD: u32 = 15254;

/// What kind of machine an edition is made for.
///
/// Source: assumed, by the names of the constants; no document sorts them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// Desktop Windows for a person: `edition list --client`. The editions for appliances and for many sessions are such, too.
    Client,
    Server,
    /// Embedded, mobile, holographic, hub, console.
    Device,
    /// No machine: undefined, unlicensed, for building or updating.
    Other,
}

/// A published list of the editions that have the CSP: `MSFT:EditionAllowList`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AllowList {
    /// Since 2024.
    Newest,
    /// The first DDF v2 files.
    Older,
}

impl AllowList {
    pub const ALL: [Self; 2] = [Self::Newest, Self::Older];

    /// The word of the command line.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Newest => "new",
            Self::Older => "old",
        }
    }

    /// Reads the word, in any case.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|list| list.word().eq_ignore_ascii_case(word))
    }

    /// As the DDF has it, with the trailing semicolon; what the star behind `0x88` means is not published.
    ///
    /// Source: [DDF2] MSFT:EditionAllowList.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::Newest => {
                "0x4;0x1B;0x30;0x31;0x48;0x54;0x62;0x63;0x64;0x65;0x79;0x7A;0x7D;0x7E;0x81;0x82;0x8A;0x8B;0xA1;0xA2;0xA4;0xA5;0xAB;0xAC;0xBC;0xBF;0xCD;0xCF;0xD2;"
            }
            Self::Older => {
                "0x4;0x1B;0x30;0x31;0x48;0x54;0x62;0x63;0x64;0x65;0x77;0x79;0x7A;0x7D;0x7E;0x81;0x82;0x87;0x88*;0x8A;0x8B;0xA1;0xA2;0xA4;0xA5;0xAB;0xAC;0xB4;0xBC;0xBD;0xBF;"
            }
        }
    }
}

/// Splits the text of an allow list into its tokens, each with the edition that it names.
///
/// - Tokens are as written, so that a star stays; empty ones are left out. `None`: the token is no hexadecimal number.
pub fn tokens(text: &str) -> impl Iterator<Item = (&str, Option<i32>)> {
    let edition = |token: &str| {
        let digits = token.strip_prefix("0x").or_else(|| token.strip_prefix("0X"))?;
        u32::from_str_radix(digits.trim_end_matches('*'), 16).ok().map(u32::cast_signed)
    };
    text.split(';')
        .map(str::trim)
        .filter(|token| !token.is_empty())
        .map(move |token| (token, edition(token)))
}

/// One number of `GetProductInfo`.
#[derive(Debug)]
pub struct Edition {
    /// As the node answers it; signed, as its format is.
    pub id: i32,
    /// `PRODUCT_PROFESSIONAL`.
    pub constant: &'static str,
    /// Registry value `EditionID`: `Professional`; `None` when it is not published.
    pub edition_id: Option<&'static str>,
    /// What people call it: `Pro`. The words are assumed, after the editions' names without "Windows".
    pub name: Option<&'static str>,
    pub family: Family,
    /// The edition whose N edition it is.
    pub n_of: Option<i32>,
    /// The published allow lists that it stands in.
    pub lists: &'static [AllowList],
    pub source: Source,
}

impl Edition {
    /// The number as tables print it.
    #[must_use]
    pub const fn number(&self) -> u32 {
        self.id.cast_unsigned()
    }

    /// Whether a published allow list names it.
    #[must_use]
    pub fn is_listed(&self) -> bool {
        !self.lists.is_empty()
    }

    /// The shortest name that it has: display name, `EditionID`, constant.
    #[must_use]
    pub fn title(&self) -> &'static str {
        self.name.or(self.edition_id).unwrap_or(self.constant)
    }

    /// Every word by which it is found, beside its number.
    fn words(&self) -> impl Iterator<Item = &'static str> {
        let short = self.constant.strip_prefix(PREFIX);
        [Some(self.constant), short, self.edition_id, self.name].into_iter().flatten()
    }

    const fn edition_id(self, edition_id: &'static str) -> Self {
        Self { edition_id: Some(edition_id), ..self }
    }

    const fn called(self, name: &'static str) -> Self {
        Self { name: Some(name), ..self }
    }

    const fn n_of(self, edition: i32) -> Self {
        Self { n_of: Some(edition), ..self }
    }

    const fn listed(self, lists: &'static [AllowList]) -> Self {
        Self { lists, ..self }
    }

    /// It stands in the page of `GetProductInfo` or in \[MS-MDE2\] alone.
    const fn outside_header(self) -> Self {
        Self {
            source: stated(&SKU, "GetProductInfo or [MS-MDE2] OSEdition; not in winnt.h"),
            ..self
        }
    }
}

const PREFIX: &str = "PRODUCT_";
const BOTH: &[AllowList] = &[AllowList::Newest, AllowList::Older];
const NEWEST: &[AllowList] = &[AllowList::Newest];
const OLDER: &[AllowList] = &[AllowList::Older];

const fn sku(id: i32, constant: &'static str, family: Family) -> Edition {
    Edition {
        id,
        constant,
        edition_id: None,
        name: None,
        family,
        n_of: None,
        lists: &[],
        source: stated(&SKU, "winnt.h, PRODUCT_*"),
    }
}

/// Where the allow lists come from.
pub static ALLOW_LISTS: Source = stated(&DDF2, "MSFT:EditionAllowList");

/// Every published number, in ascending order as unsigned numbers.
#[rustfmt::skip]
pub static EDITIONS: [Edition; 180] = [
    sku(0x00, "PRODUCT_UNDEFINED", Other),
    sku(0x01, "PRODUCT_ULTIMATE", Client),
    sku(0x02, "PRODUCT_HOME_BASIC", Client),
    sku(0x03, "PRODUCT_HOME_PREMIUM", Client),
    sku(ENTERPRISE, "PRODUCT_ENTERPRISE", Client).edition_id("Enterprise").called("Enterprise").listed(BOTH),
    sku(0x05, "PRODUCT_HOME_BASIC_N", Client).n_of(0x02),
    sku(0x06, "PRODUCT_BUSINESS", Client),
    sku(0x07, "PRODUCT_STANDARD_SERVER", Server),
    sku(0x08, "PRODUCT_DATACENTER_SERVER", Server),
    sku(0x09, "PRODUCT_SMALLBUSINESS_SERVER", Server),
    sku(0x0A, "PRODUCT_ENTERPRISE_SERVER", Server),
    sku(0x0B, "PRODUCT_STARTER", Client),
    sku(0x0C, "PRODUCT_DATACENTER_SERVER_CORE", Server),
    sku(0x0D, "PRODUCT_STANDARD_SERVER_CORE", Server),
    sku(0x0E, "PRODUCT_ENTERPRISE_SERVER_CORE", Server),
    sku(0x0F, "PRODUCT_ENTERPRISE_SERVER_IA64", Server),
    sku(0x10, "PRODUCT_BUSINESS_N", Client).n_of(0x06),
    sku(0x11, "PRODUCT_WEB_SERVER", Server),
    sku(0x12, "PRODUCT_CLUSTER_SERVER", Server),
    sku(0x13, "PRODUCT_HOME_SERVER", Server),
    sku(0x14, "PRODUCT_STORAGE_EXPRESS_SERVER", Server),
    sku(0x15, "PRODUCT_STORAGE_STANDARD_SERVER", Server),
    sku(0x16, "PRODUCT_STORAGE_WORKGROUP_SERVER", Server),
    sku(0x17, "PRODUCT_STORAGE_ENTERPRISE_SERVER", Server),
    sku(0x18, "PRODUCT_SERVER_FOR_SMALLBUSINESS", Server),
    sku(0x19, "PRODUCT_SMALLBUSINESS_SERVER_PREMIUM", Server),
    sku(0x1A, "PRODUCT_HOME_PREMIUM_N", Client).n_of(0x03),
    sku(ENTERPRISE_N, "PRODUCT_ENTERPRISE_N", Client).n_of(ENTERPRISE).edition_id("EnterpriseN").called("Enterprise N").listed(BOTH),
    sku(0x1C, "PRODUCT_ULTIMATE_N", Client).n_of(0x01),
    sku(0x1D, "PRODUCT_WEB_SERVER_CORE", Server),
    sku(0x1E, "PRODUCT_MEDIUMBUSINESS_SERVER_MANAGEMENT", Server),
    sku(0x1F, "PRODUCT_MEDIUMBUSINESS_SERVER_SECURITY", Server),
    sku(0x20, "PRODUCT_MEDIUMBUSINESS_SERVER_MESSAGING", Server),
    sku(0x21, "PRODUCT_SERVER_FOUNDATION", Server),
    sku(0x22, "PRODUCT_HOME_PREMIUM_SERVER", Server),
    sku(0x23, "PRODUCT_SERVER_FOR_SMALLBUSINESS_V", Server),
    sku(0x24, "PRODUCT_STANDARD_SERVER_V", Server),
    sku(0x25, "PRODUCT_DATACENTER_SERVER_V", Server),
    sku(0x26, "PRODUCT_ENTERPRISE_SERVER_V", Server),
    sku(0x27, "PRODUCT_DATACENTER_SERVER_CORE_V", Server),
    sku(0x28, "PRODUCT_STANDARD_SERVER_CORE_V", Server),
    sku(0x29, "PRODUCT_ENTERPRISE_SERVER_CORE_V", Server),
    sku(0x2A, "PRODUCT_HYPERV", Server),
    sku(0x2B, "PRODUCT_STORAGE_EXPRESS_SERVER_CORE", Server),
    sku(0x2C, "PRODUCT_STORAGE_STANDARD_SERVER_CORE", Server),
    sku(0x2D, "PRODUCT_STORAGE_WORKGROUP_SERVER_CORE", Server),
    sku(0x2E, "PRODUCT_STORAGE_ENTERPRISE_SERVER_CORE", Server),
    sku(0x2F, "PRODUCT_STARTER_N", Client).n_of(0x0B),
    sku(PRO, "PRODUCT_PROFESSIONAL", Client).edition_id("Professional").called("Pro").listed(BOTH),
    sku(PRO_N, "PRODUCT_PROFESSIONAL_N", Client).n_of(PRO).edition_id("ProfessionalN").called("Pro N").listed(BOTH),
    sku(0x32, "PRODUCT_SB_SOLUTION_SERVER", Server),
    sku(0x33, "PRODUCT_SERVER_FOR_SB_SOLUTIONS", Server),
    sku(0x34, "PRODUCT_STANDARD_SERVER_SOLUTIONS", Server),
    sku(0x35, "PRODUCT_STANDARD_SERVER_SOLUTIONS_CORE", Server),
    sku(0x36, "PRODUCT_SB_SOLUTION_SERVER_EM", Server),
    sku(0x37, "PRODUCT_SERVER_FOR_SB_SOLUTIONS_EM", Server),
    sku(0x38, "PRODUCT_SOLUTION_EMBEDDEDSERVER", Server),
    sku(0x39, "PRODUCT_SOLUTION_EMBEDDEDSERVER_CORE", Server),
    sku(0x3A, "PRODUCT_PROFESSIONAL_EMBEDDED", Device),
    sku(0x3B, "PRODUCT_ESSENTIALBUSINESS_SERVER_MGMT", Server),
    sku(0x3C, "PRODUCT_ESSENTIALBUSINESS_SERVER_ADDL", Server),
    sku(0x3D, "PRODUCT_ESSENTIALBUSINESS_SERVER_MGMTSVC", Server),
    sku(0x3E, "PRODUCT_ESSENTIALBUSINESS_SERVER_ADDLSVC", Server),
    sku(0x3F, "PRODUCT_SMALLBUSINESS_SERVER_PREMIUM_CORE", Server),
    sku(0x40, "PRODUCT_CLUSTER_SERVER_V", Server),
    sku(0x41, "PRODUCT_EMBEDDED", Device),
    sku(0x42, "PRODUCT_STARTER_E", Client),
    sku(0x43, "PRODUCT_HOME_BASIC_E", Client),
    sku(0x44, "PRODUCT_HOME_PREMIUM_E", Client),
    sku(0x45, "PRODUCT_PROFESSIONAL_E", Client),
    sku(0x46, "PRODUCT_ENTERPRISE_E", Client),
    sku(0x47, "PRODUCT_ULTIMATE_E", Client),
    sku(0x48, "PRODUCT_ENTERPRISE_EVALUATION", Client).edition_id("EnterpriseEval").called("Enterprise Evaluation").listed(BOTH),
    sku(0x4C, "PRODUCT_MULTIPOINT_STANDARD_SERVER", Server),
    sku(0x4D, "PRODUCT_MULTIPOINT_PREMIUM_SERVER", Server),
    sku(0x4F, "PRODUCT_STANDARD_EVALUATION_SERVER", Server),
    sku(0x50, "PRODUCT_DATACENTER_EVALUATION_SERVER", Server),
    sku(0x54, "PRODUCT_ENTERPRISE_N_EVALUATION", Client).n_of(0x48).edition_id("EnterpriseNEval").called("Enterprise N Evaluation").listed(BOTH),
    sku(0x55, "PRODUCT_EMBEDDED_AUTOMOTIVE", Device),
    sku(0x56, "PRODUCT_EMBEDDED_INDUSTRY_A", Device),
    sku(0x57, "PRODUCT_THINPC", Device),
    sku(0x58, "PRODUCT_EMBEDDED_A", Device),
    sku(0x59, "PRODUCT_EMBEDDED_INDUSTRY", Device),
    sku(0x5A, "PRODUCT_EMBEDDED_E", Device),
    sku(0x5B, "PRODUCT_EMBEDDED_INDUSTRY_E", Device),
    sku(0x5C, "PRODUCT_EMBEDDED_INDUSTRY_A_E", Device),
    sku(0x5F, "PRODUCT_STORAGE_WORKGROUP_EVALUATION_SERVER", Server),
    sku(0x60, "PRODUCT_STORAGE_STANDARD_EVALUATION_SERVER", Server),
    sku(0x61, "PRODUCT_CORE_ARM", Client),
    sku(HOME_N, "PRODUCT_CORE_N", Client).n_of(HOME).edition_id("CoreN").called("Home N").listed(BOTH),
    sku(HOME_CHINA, "PRODUCT_CORE_COUNTRYSPECIFIC", Client).edition_id("CoreCountrySpecific").called("Home China").listed(BOTH),
    sku(HOME_SINGLE_LANGUAGE, "PRODUCT_CORE_SINGLELANGUAGE", Client).edition_id("CoreSingleLanguage").called("Home Single Language").listed(BOTH),
    sku(HOME, "PRODUCT_CORE", Client).edition_id("Core").called("Home").listed(BOTH),
    sku(0x67, "PRODUCT_PROFESSIONAL_WMC", Client),
    sku(MOBILE, "PRODUCT_MOBILE_CORE", Device).edition_id("MobileCore").called("Mobile").outside_header(),
    sku(0x69, "PRODUCT_EMBEDDED_INDUSTRY_EVAL", Device),
    sku(0x6A, "PRODUCT_EMBEDDED_INDUSTRY_E_EVAL", Device),
    sku(0x6B, "PRODUCT_EMBEDDED_EVAL", Device),
    sku(0x6C, "PRODUCT_EMBEDDED_E_EVAL", Device),
    sku(0x6D, "PRODUCT_NANO_SERVER", Server),
    sku(0x6E, "PRODUCT_CLOUD_STORAGE_SERVER", Server),
    sku(0x6F, "PRODUCT_CORE_CONNECTED", Client),
    sku(0x70, "PRODUCT_PROFESSIONAL_STUDENT", Client),
    sku(0x71, "PRODUCT_CORE_CONNECTED_N", Client).n_of(0x6F),
    sku(0x72, "PRODUCT_PROFESSIONAL_STUDENT_N", Client).n_of(0x70),
    sku(0x73, "PRODUCT_CORE_CONNECTED_SINGLELANGUAGE", Client),
    sku(0x74, "PRODUCT_CORE_CONNECTED_COUNTRYSPECIFIC", Client),
    sku(0x75, "PRODUCT_CONNECTED_CAR", Device),
    sku(0x76, "PRODUCT_INDUSTRY_HANDHELD", Device),
    sku(0x77, "PRODUCT_PPI_PRO", Device).edition_id("PPIPro").called("Team (Surface Hub)").listed(OLDER),
    sku(0x78, "PRODUCT_ARM64_SERVER", Server),
    sku(EDUCATION, "PRODUCT_EDUCATION", Client).edition_id("Education").called("Education").listed(BOTH),
    sku(EDUCATION_N, "PRODUCT_EDUCATION_N", Client).n_of(EDUCATION).edition_id("EducationN").called("Education N").listed(BOTH),
    sku(0x7B, "PRODUCT_IOTUAP", Device).edition_id("IoTUAP").called("IoT Core"),
    sku(0x7C, "PRODUCT_CLOUD_HOST_INFRASTRUCTURE_SERVER", Server),
    sku(ENTERPRISE_LTSC, "PRODUCT_ENTERPRISE_S", Client).edition_id("EnterpriseS").called("Enterprise LTSC").listed(BOTH),
    sku(0x7E, "PRODUCT_ENTERPRISE_S_N", Client).n_of(ENTERPRISE_LTSC).edition_id("EnterpriseSN").called("Enterprise N LTSC").listed(BOTH),
    sku(0x7F, "PRODUCT_PROFESSIONAL_S", Client),
    sku(0x80, "PRODUCT_PROFESSIONAL_S_N", Client).n_of(0x7F),
    sku(0x81, "PRODUCT_ENTERPRISE_S_EVALUATION", Client).edition_id("EnterpriseSEval").called("Enterprise LTSC Evaluation").listed(BOTH),
    sku(0x82, "PRODUCT_ENTERPRISE_S_N_EVALUATION", Client).n_of(0x81).edition_id("EnterpriseSNEval").called("Enterprise N LTSC Evaluation").listed(BOTH),
    sku(0x83, "PRODUCT_IOTUAPCOMMERCIAL", Device).called("IoT Core Commercial").outside_header(),
    sku(MOBILE_ENTERPRISE, "PRODUCT_MOBILE_ENTERPRISE", Device).called("Mobile Enterprise").outside_header(),
    sku(HOLOGRAPHIC, "PRODUCT_HOLOGRAPHIC", Device).edition_id("Holographic").called("Holographic").listed(OLDER),
    sku(HOLOGRAPHIC_BUSINESS, "PRODUCT_HOLOGRAPHIC_BUSINESS", Device).called("Holographic for Business").listed(OLDER),
    sku(0x8A, "PRODUCT_PRO_SINGLE_LANGUAGE", Client).edition_id("ProfessionalSingleLanguage").called("Pro Single Language").listed(BOTH),
    sku(0x8B, "PRODUCT_PRO_CHINA", Client).edition_id("ProfessionalCountrySpecific").called("Pro China").listed(BOTH),
    sku(0x8C, "PRODUCT_ENTERPRISE_SUBSCRIPTION", Client),
    sku(0x8D, "PRODUCT_ENTERPRISE_SUBSCRIPTION_N", Client).n_of(0x8C),
    sku(0x8F, "PRODUCT_DATACENTER_NANO_SERVER", Server),
    sku(0x90, "PRODUCT_STANDARD_NANO_SERVER", Server),
    sku(0x91, "PRODUCT_DATACENTER_A_SERVER_CORE", Server),
    sku(0x92, "PRODUCT_STANDARD_A_SERVER_CORE", Server),
    sku(0x93, "PRODUCT_DATACENTER_WS_SERVER_CORE", Server),
    sku(0x94, "PRODUCT_STANDARD_WS_SERVER_CORE", Server),
    sku(0x95, "PRODUCT_UTILITY_VM", Other),
    sku(0x9F, "PRODUCT_DATACENTER_EVALUATION_SERVER_CORE", Server),
    sku(0xA0, "PRODUCT_STANDARD_EVALUATION_SERVER_CORE", Server),
    sku(PRO_WORKSTATION, "PRODUCT_PRO_WORKSTATION", Client).edition_id("ProfessionalWorkstation").called("Pro for Workstations").listed(BOTH),
    sku(PRO_WORKSTATION_N, "PRODUCT_PRO_WORKSTATION_N", Client).n_of(PRO_WORKSTATION).edition_id("ProfessionalWorkstationN").called("Pro for Workstations N").listed(BOTH),
    sku(PRO_EDUCATION, "PRODUCT_PRO_FOR_EDUCATION", Client).edition_id("ProfessionalEducation").called("Pro Education").listed(BOTH),
    sku(PRO_EDUCATION_N, "PRODUCT_PRO_FOR_EDUCATION_N", Client).n_of(PRO_EDUCATION).edition_id("ProfessionalEducationN").called("Pro Education N").listed(BOTH),
    sku(0xA8, "PRODUCT_AZURE_SERVER_CORE", Server),
    sku(0xA9, "PRODUCT_AZURE_NANO_SERVER", Server),
    sku(0xAB, "PRODUCT_ENTERPRISEG", Client).edition_id("EnterpriseG").called("Enterprise G").listed(BOTH),
    sku(0xAC, "PRODUCT_ENTERPRISEGN", Client).n_of(0xAB).edition_id("EnterpriseGN").called("Enterprise G N").listed(BOTH),
    sku(0xAF, "PRODUCT_SERVERRDSH", Client).edition_id("ServerRdsh").called("Enterprise multi-session"),
    sku(CLOUD, "PRODUCT_CLOUD", Client).edition_id("Cloud").called("S (Cloud)"),
    sku(CLOUD_N, "PRODUCT_CLOUDN", Client).n_of(CLOUD).edition_id("CloudN").called("S N (Cloud)"),
    sku(0xB4, "PRODUCT_HUBOS", Device).listed(OLDER),
    sku(0xB6, "PRODUCT_ONECOREUPDATEOS", Other),
    sku(0xB7, "PRODUCT_CLOUDE", Client),
    sku(0xB9, "PRODUCT_IOTOS", Device),
    sku(0xBA, "PRODUCT_CLOUDEN", Client).n_of(0xB7),
    sku(0xBB, "PRODUCT_IOTEDGEOS", Device),
    sku(0xBC, "PRODUCT_IOTENTERPRISE", Client).edition_id("IoTEnterprise").called("IoT Enterprise").listed(BOTH),
    sku(0xBD, "PRODUCT_LITE", Client).listed(OLDER),
    sku(0xBF, "PRODUCT_IOTENTERPRISES", Client).edition_id("IoTEnterpriseS").called("IoT Enterprise LTSC").listed(BOTH),
    sku(0xC0, "PRODUCT_XBOX_SYSTEMOS", Device),
    sku(0xC2, "PRODUCT_XBOX_GAMEOS", Device),
    sku(0xC3, "PRODUCT_XBOX_ERAOS", Device),
    sku(0xC4, "PRODUCT_XBOX_DURANGOHOSTOS", Device),
    sku(0xC5, "PRODUCT_XBOX_SCARLETTHOSTOS", Device),
    sku(0xC6, "PRODUCT_XBOX_KEYSTONE", Device),
    sku(0xC7, "PRODUCT_AZURE_SERVER_CLOUDHOST", Server),
    sku(0xC8, "PRODUCT_AZURE_SERVER_CLOUDMOS", Server),
    sku(0xCA, "PRODUCT_CLOUDEDITIONN", Client).n_of(0xCB).edition_id("CloudEditionN").called("SE N"),
    sku(0xCB, "PRODUCT_CLOUDEDITION", Client).edition_id("CloudEdition").called("SE"),
    sku(0xCC, "PRODUCT_VALIDATION", Other),
    sku(0xCD, "PRODUCT_IOTENTERPRISESK", Client).edition_id("IoTEnterpriseSK").called("IoT Enterprise LTSC (subscription)").listed(NEWEST),
    sku(0xCE, "PRODUCT_IOTENTERPRISEK", Client).edition_id("IoTEnterpriseK").called("IoT Enterprise (subscription)"),
    sku(0xCF, "PRODUCT_IOTENTERPRISESEVAL", Client).edition_id("IoTEnterpriseSEval").called("IoT Enterprise LTSC Evaluation").listed(NEWEST),
    sku(0xD0, "PRODUCT_AZURE_SERVER_AGENTBRIDGE", Server),
    sku(0xD1, "PRODUCT_AZURE_SERVER_NANOHOST", Server),
    sku(0xD2, "PRODUCT_WNC", Device).listed(NEWEST),
    sku(0x196, "PRODUCT_AZURESTACKHCI_SERVER_CORE", Server),
    sku(0x197, "PRODUCT_DATACENTER_SERVER_AZURE_EDITION", Server),
    sku(0x198, "PRODUCT_DATACENTER_SERVER_CORE_AZURE_EDITION", Server),
    sku(0x199, "PRODUCT_DATACENTER_WS_SERVER_CORE_AZURE_EDITION", Server),
    sku(0xABCD_ABCD_u32.cast_signed(), "PRODUCT_UNLICENSED", Other),
];

/// Numbers that only third parties name; they have no row and are shown as any unknown number.
///
/// Source: assumed; lists of enthusiasts give them names that no document of Microsoft repeats.
pub static UNPUBLISHED: [i32; 10] = [0x4A, 0x51, 0x52, 0x5D, 0xA3, 0xAD, 0xAE, 0xB8, 0xC1, 0xC9];

/// The row of a number; `None` for a number that is not published.
#[must_use]
pub fn edition(id: i32) -> Option<&'static Edition> {
    let at = EDITIONS.binary_search_by_key(&id.cast_unsigned(), Edition::number).ok()?;
    EDITIONS.get(at)
}

/// What an admin types for an edition.
///
/// - `text`: decimal, hexadecimal with `0x`, constant with or without `PRODUCT_`, `EditionID`, display name, or name of
///   `windows10EditionType`; ASCII case and white space around it do not matter.
/// - Returns the number, be it published or not; `None` for a word that names no edition.
#[must_use]
pub fn named(text: &str) -> Option<i32> {
    let text = text.trim();
    if let Some(digits) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        return u32::from_str_radix(digits, 16).ok().map(u32::cast_signed);
    }
    if text.starts_with(|first: char| first.is_ascii_digit()) {
        return text.parse::<u32>().ok().map(u32::cast_signed);
    }
    let has_word = |edition: &&Edition| edition.words().any(|word| word.eq_ignore_ascii_case(text));
    EDITIONS
        .iter()
        .find(has_word)
        .map(|edition| edition.id)
        .or_else(|| graph(text).and_then(|found| found.edition))
}

/// Shows a number as `0x30 PRODUCT_PROFESSIONAL (Pro)`, one that is not published as `Unassigned(0x4A)`.
#[must_use]
pub fn shown(id: i32) -> Shown {
    Shown(id)
}

/// The shortest name of an edition: `Pro`, `Unassigned(0x4A)`.
#[must_use]
pub fn title(id: i32) -> String {
    edition(id).map_or_else(|| shown(id).to_string(), |edition| edition.title().to_owned())
}

/// A number of an edition, to be printed with its names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shown(i32);

impl fmt::Display for Shown {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = self.0.cast_unsigned();
        out.pad(&match edition(self.0) {
            None => format!("Unassigned(0x{number:02X})"),
            Some(Edition { constant, name: Some(name), .. }) => {
                format!("0x{number:02X} {constant} ({name})")
            }
            Some(Edition { constant, edition_id: Some(edition_id), .. }) => {
                format!("0x{number:02X} {constant} ({edition_id})")
            }
            Some(Edition { constant, .. }) => format!("0x{number:02X} {constant}"),
        })
    }
}

/// Whether it is an N edition.
#[must_use]
pub fn is_n(id: i32) -> bool {
    edition(id).is_some_and(|edition| edition.n_of.is_some())
}

/// The edition itself, or the one whose N edition it is.
#[must_use]
pub fn without_n(id: i32) -> i32 {
    edition(id).and_then(|edition| edition.n_of).unwrap_or(id)
}

/// The N edition of an edition that is none itself; `None` when there is none.
#[must_use]
pub fn n_edition(id: i32) -> Option<i32> {
    EDITIONS.iter().find(|edition| edition.n_of == Some(id)).map(|edition| edition.id)
}

/// The editions of desktop Windows.
pub fn clients() -> impl Iterator<Item = &'static Edition> {
    EDITIONS.iter().filter(|edition| edition.family == Client)
}

/// Whether a device of this edition and build has the CSP at all; without it, every address of it is not found.
///
/// Source: [DDF2] MSFT:EditionAllowList; that either list admits, and Mobile until its last build: assumed.
#[must_use]
pub fn serves(id: i32, build: u32) -> bool {
    let mobile = [MOBILE, MOBILE_ENTERPRISE].contains(&id) && build <= LAST_MOBILE_BUILD;
    mobile || edition(id).is_some_and(Edition::is_listed)
}

/// Why the model admits what [`serves`] says.
pub static SERVED: Source = assumed(
    &CSP,
    "the lists of two generations differ; an edition of either is admitted, and Mobile as long as there was one",
);

/// A value of `windows10EditionType` of Microsoft Graph.
#[derive(Debug, PartialEq, Eq)]
pub struct GraphEdition {
    pub name: &'static str,
    /// `None`: nothing is configured.
    pub edition: Option<i32>,
}

const fn mapped(name: &'static str, edition: i32) -> GraphEdition {
    GraphEdition { name, edition: Some(edition) }
}

/// Where the pairs of names and numbers come from: Graph has the names, the numbers follow from their meaning.
pub static GRAPH_SOURCE: Source = assumed(
    &GRAPH,
    "windows10EditionType has names alone; each number is the edition of that name",
);

/// Every value of `windows10EditionType`.
pub static GRAPH_EDITIONS: [GraphEdition; 20] = [
    mapped("windows10Enterprise", ENTERPRISE),
    mapped("windows10EnterpriseN", ENTERPRISE_N),
    mapped("windows10Education", EDUCATION),
    mapped("windows10EducationN", EDUCATION_N),
    mapped("windows10MobileEnterprise", MOBILE_ENTERPRISE),
    mapped("windows10HolographicEnterprise", HOLOGRAPHIC_BUSINESS),
    mapped("windows10Professional", PRO),
    mapped("windows10ProfessionalN", PRO_N),
    mapped("windows10ProfessionalEducation", PRO_EDUCATION),
    mapped("windows10ProfessionalEducationN", PRO_EDUCATION_N),
    mapped("windows10ProfessionalWorkstation", PRO_WORKSTATION),
    mapped("windows10ProfessionalWorkstationN", PRO_WORKSTATION_N),
    GraphEdition { name: "notConfigured", edition: None },
    mapped("windows10Home", HOME),
    mapped("windows10HomeChina", HOME_CHINA),
    mapped("windows10HomeN", HOME_N),
    mapped("windows10HomeSingleLanguage", HOME_SINGLE_LANGUAGE),
    mapped("windows10Mobile", MOBILE),
    mapped("windows10IoTCore", 0x7B),
    mapped("windows10IoTCoreCommercial", 0x83),
];

/// The value of `windows10EditionType` of that name; ASCII case does not matter.
#[must_use]
pub fn graph(name: &str) -> Option<&'static GraphEdition> {
    GRAPH_EDITIONS.iter().find(|value| value.name.eq_ignore_ascii_case(name))
}

/// The name of `windows10EditionType` for an edition; `None` for one that Intune cannot name.
#[must_use]
pub fn graph_name(id: i32) -> Option<&'static str> {
    GRAPH_EDITIONS.iter().find(|value| value.edition == Some(id)).map(|value| value.name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn every_spelling_of_an_edition_finds_the_same_row() {
        for text in
            ["0x30", "48", "Professional", "Pro", "PRODUCT_PROFESSIONAL", "professional", " PRO "]
        {
            assert_eq!(named(text), Some(PRO), "{text}");
        }
        assert_eq!(named("windows10Education"), Some(EDUCATION));
        assert_eq!(named("Enterprise LTSC"), Some(ENTERPRISE_LTSC));
        assert_eq!(named("EnterpriseS"), Some(ENTERPRISE_LTSC));
        assert_eq!(named("0xABCDABCD"), named("2882382797"));
        for word in ["", "0x", "0xG", "48x", "Windows", "notConfigured", "-1", "4294967296"] {
            assert_eq!(named(word), None, "{word}");
        }
    }

    #[test]
    fn no_word_names_two_editions() {
        let mut owners: BTreeMap<String, i32> = BTreeMap::new();
        for edition in &EDITIONS {
            for word in edition.words() {
                let owner = owners.entry(word.to_ascii_lowercase()).or_insert(edition.id);
                assert_eq!(*owner, edition.id, "{word}");
            }
        }
    }

    #[test]
    fn a_number_is_shown_with_its_names() {
        assert_eq!(shown(PRO).to_string(), "0x30 PRODUCT_PROFESSIONAL (Pro)");
        assert_eq!(shown(4).to_string(), "0x04 PRODUCT_ENTERPRISE (Enterprise)");
        assert_eq!(shown(1).to_string(), "0x01 PRODUCT_ULTIMATE");
        assert_eq!(shown(-1).to_string(), "Unassigned(0xFFFFFFFF)");
        assert_eq!(
            shown(0xABCD_ABCD_u32.cast_signed()).to_string(),
            "0xABCDABCD PRODUCT_UNLICENSED"
        );
        assert_eq!(title(EDUCATION), "Education");
        assert_eq!(title(0x4A), "Unassigned(0x4A)");
    }

    #[test]
    fn numbers_that_only_third_parties_name_are_unassigned() {
        assert_eq!(named("0x4A"), Some(0x4A));
        for id in UNPUBLISHED {
            assert!(edition(id).is_none(), "{id}");
            assert!(shown(id).to_string().starts_with("Unassigned(0x"));
        }
    }

    #[test]
    fn the_rows_ascend_and_every_number_is_found() {
        assert!(EDITIONS.is_sorted_by_key(Edition::number));
        for row in &EDITIONS {
            assert!(edition(row.id).is_some_and(|found| std::ptr::eq(found, row)));
            assert!(row.constant.starts_with(PREFIX));
        }
    }

    #[test]
    fn an_allow_list_names_the_editions_that_say_so() {
        for list in AllowList::ALL {
            let told: Vec<i32> = tokens(list.text()).map(|(_, id)| id.unwrap()).collect();
            let rows = EDITIONS.iter().filter(|edition| edition.lists.contains(&list));
            assert_eq!(told, rows.map(|edition| edition.id).collect::<Vec<_>>(), "{list:?}");
            assert!(list.text().ends_with(';'));
            assert_eq!(AllowList::named(list.word()), Some(list));
        }
        let starred: Vec<_> = tokens("0x88*;;junk; 0x4 ;").collect();
        assert_eq!(starred, [("0x88*", Some(0x88)), ("junk", None), ("0x4", Some(4))]);
    }

    #[test]
    fn an_n_edition_knows_its_partner() {
        assert_eq!(n_edition(PRO), Some(PRO_N));
        assert_eq!(without_n(PRO_N), PRO);
        assert_eq!(without_n(PRO), PRO);
        assert!(is_n(HOME_N) && !is_n(HOME) && !is_n(0x4A));
        assert_eq!(n_edition(HOME_CHINA), None);
        for edition in EDITIONS.iter().filter(|edition| edition.n_of.is_some()) {
            let partner = super::edition(edition.n_of.unwrap()).unwrap();
            assert!(partner.n_of.is_none(), "{}", edition.constant);
            assert_eq!(partner.family, edition.family, "{}", edition.constant);
            let n = edition.constant.replacen("_N_EVAL", "_EVAL", 1);
            let n = if n == edition.constant { n.strip_suffix('N').unwrap().to_owned() } else { n };
            assert_eq!(n.trim_end_matches('_'), partner.constant);
        }
    }

    #[test]
    fn every_edition_with_an_n_in_its_name_is_an_n_edition() {
        let marked = |edition: &&Edition| {
            edition.constant.ends_with("_N") || edition.constant.contains("_N_")
        };
        for edition in EDITIONS.iter().filter(marked) {
            assert!(edition.n_of.is_some(), "{}", edition.constant);
        }
    }

    #[test]
    fn the_csp_serves_the_union_of_both_lists_and_mobile_while_there_was_one() {
        for (id, build, served) in [
            (PRO, 19045, true),
            (0xD2, 19045, true),
            (0x77, 26100, true),
            (0xCB, 26100, false),
            (0xCA, 26100, false),
            (CLOUD, 17134, false),
            (MOBILE, 15254, true),
            (MOBILE, 15255, false),
            (MOBILE_ENTERPRISE, 10586, true),
            (HOLOGRAPHIC_BUSINESS, 19045, true),
            (0x4A, 19045, false),
            (7, 20348, false),
        ] {
            assert_eq!(serves(id, build), served, "{id:#x} {build}");
        }
    }

    #[test]
    fn graph_names_map_both_ways() {
        for value in &GRAPH_EDITIONS {
            assert_eq!(graph(value.name), Some(value));
            if let Some(id) = value.edition {
                assert_eq!(graph_name(id), Some(value.name));
                assert!(edition(id).is_some(), "{}", value.name);
            }
        }
        assert_eq!(graph("NOTCONFIGURED").unwrap().edition, None);
        assert!(graph("windows11Pro").is_none());
        assert_eq!(graph_name(0xBC), None);
    }

    #[test]
    fn client_editions_are_desktop_windows() {
        let ids: Vec<i32> = clients().map(|edition| edition.id).collect();
        for id in [PRO, HOME_CHINA, ENTERPRISE_LTSC, 0xAF, 0xBC, 0xCB] {
            assert!(ids.contains(&id), "{id:#x}");
        }
        for id in [0, 7, 0x7B, MOBILE, 0x77, 0xABCD_ABCD_u32.cast_signed()] {
            assert!(!ids.contains(&id), "{id:#x}");
        }
        let servers = EDITIONS.iter().filter(|edition| edition.family == Server);
        assert!(servers.clone().all(|edition| !edition.is_listed()) && servers.count() > 0);
    }
}
