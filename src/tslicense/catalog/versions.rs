//! Product versions of licenses and releases of Windows Server, and the tier by which both are compared.

use super::documents::{CMK, IMPORT, REF, SCR};
use crate::catalog::{Source, assumed, observed, stated};

/// The rank of a release: 2008 and 2008 R2 are one, 2012 and 2012 R2 are one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tier(pub u8);

/// The first tier of servers that know key pack conversion and reports per device.
pub const TIER_2012: Tier = Tier(4);

/// How a method takes a product version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Acceptance {
    /// The page says "not supported".
    NotSupported,
    /// Where the pages differ, the methods that name it; `licctl --strict-reference` keeps to them.
    Accepted { by_import_pages: bool, by_install_pages: bool },
}

/// A value of `ProductVersionID`.
#[derive(Debug)]
pub struct Version {
    pub id: u32,
    /// The text of the property `ProductVersion`.
    pub name: &'static str,
    /// Words of the command line.
    pub words: &'static [&'static str],
    /// The version in a product code: `10.01`.
    pub code: &'static str,
    pub tier: Tier,
    pub acceptance: Acceptance,
    pub source: Source,
}

const fn accepted(by_import_pages: bool, by_install_pages: bool) -> Acceptance {
    Acceptance::Accepted { by_import_pages, by_install_pages }
}

/// Every published value, oldest first.
pub static VERSIONS: [Version; 9] = [
    Version {
        id: 0,
        name: "Windows 2000 Server",
        words: &["2000"],
        code: "5.00",
        tier: Tier(0),
        acceptance: Acceptance::NotSupported,
        source: stated(&IMPORT, "ProductVersion: 0, not supported"),
    },
    Version {
        id: 1,
        name: "Windows Server 2003",
        words: &["2003"],
        code: "5.02",
        tier: Tier(1),
        acceptance: Acceptance::NotSupported,
        source: stated(&IMPORT, "ProductVersion: 1, not supported"),
    },
    Version {
        id: 2,
        name: "Windows Server 2008 or Windows Server 2008 R2",
        words: &["2008"],
        code: "6.00",
        tier: Tier(2),
        acceptance: accepted(true, true),
        source: stated(&IMPORT, "ProductVersion: 2"),
    },
    Version {
        id: 3,
        name: "Windows Server 2008 R2",
        words: &["2008r2"],
        code: "6.01",
        tier: Tier(2),
        acceptance: accepted(false, false),
        source: stated(&REF, "Win32_TSLicenseKeyPack, ProductVersionID"),
    },
    Version {
        id: 4,
        name: "Windows Server 2012",
        words: &["2012", "2012r2"],
        code: "6.02",
        tier: TIER_2012,
        acceptance: accepted(false, true),
        source: stated(&REF, "Win32_TSLicenseKeyPack, ProductVersionID"),
    },
    Version {
        id: 5,
        name: "Windows Server 2016",
        words: &["2016"],
        code: "10.00",
        tier: Tier(5),
        acceptance: accepted(false, true),
        source: stated(&REF, "Win32_TSLicenseKeyPack, ProductVersionID"),
    },
    Version {
        id: 6,
        name: "Windows Server 2019",
        words: &["2019"],
        code: "10.01",
        tier: Tier(6),
        acceptance: accepted(false, true),
        source: observed(&SCR, "product code A02-10.01-S"),
    },
    Version {
        id: 7,
        name: "Windows Server 2022",
        words: &["2022"],
        code: "10.02",
        tier: Tier(7),
        acceptance: accepted(false, false),
        source: assumed(&REF, "the page has the value; its product code follows that of 2019"),
    },
    Version {
        id: 8,
        name: "Windows Server 2025",
        words: &["2025"],
        code: "10.03",
        tier: Tier(8),
        acceptance: accepted(false, false),
        source: observed(&CMK, "value 8; the page was last edited in 2022"),
    },
];

/// The row of a `ProductVersionID`; `None` when none is published.
#[must_use]
pub fn version(id: u32) -> Option<&'static Version> {
    VERSIONS.iter().find(|row| row.id == id)
}

/// The row that a word of the command line means; case does not matter.
#[must_use]
pub fn named(word: &str) -> Option<&'static Version> {
    VERSIONS.iter().find(|row| {
        row.name.eq_ignore_ascii_case(word)
            || row.words.iter().any(|known| known.eq_ignore_ascii_case(word))
    })
}

/// A version for people: `2019`, or the number of one that is not published.
#[must_use]
pub fn short(id: u32) -> String {
    match version(id).and_then(|row| row.words.first()) {
        Some(word) => (*word).to_owned(),
        None => format!("version {id}"),
    }
}

/// The rank of licenses of a version; one that is not published ranks as its number.
#[must_use]
pub fn tier(id: u32) -> Tier {
    version(id).map_or_else(|| Tier(u8::try_from(id).unwrap_or(u8::MAX)), |row| row.tier)
}

/// The release of Windows Server that a license server runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Os {
    V2008,
    V2008R2,
    V2012,
    V2012R2,
    V2016,
    V2019,
    V2022,
    V2025,
}

impl Os {
    /// Every release that the class supports, oldest first: no client, and no server before 2008.
    pub const ALL: [Self; 8] = [
        Self::V2008,
        Self::V2008R2,
        Self::V2012,
        Self::V2012R2,
        Self::V2016,
        Self::V2019,
        Self::V2022,
        Self::V2025,
    ];

    /// The word of the command line and of JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::V2008 => "2008",
            Self::V2008R2 => "2008r2",
            Self::V2012 => "2012",
            Self::V2012R2 => "2012r2",
            Self::V2016 => "2016",
            Self::V2019 => "2019",
            Self::V2022 => "2022",
            Self::V2025 => "2025",
        }
    }

    /// Its name: `Windows Server 2008 R2`.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::V2008 => "Windows Server 2008",
            Self::V2008R2 => "Windows Server 2008 R2",
            Self::V2012 => "Windows Server 2012",
            Self::V2012R2 => "Windows Server 2012 R2",
            Self::V2016 => "Windows Server 2016",
            Self::V2019 => "Windows Server 2019",
            Self::V2022 => "Windows Server 2022",
            Self::V2025 => "Windows Server 2025",
        }
    }

    /// The release of that word; case does not matter.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|os| os.word().eq_ignore_ascii_case(word))
    }

    #[must_use]
    pub const fn tier(self) -> Tier {
        match self {
            Self::V2008 | Self::V2008R2 => Tier(2),
            Self::V2012 | Self::V2012R2 => TIER_2012,
            Self::V2016 => Tier(5),
            Self::V2019 => Tier(6),
            Self::V2022 => Tier(7),
            Self::V2025 => Tier(8),
        }
    }

    /// Whether a license server of this release takes licenses off another, or lets them be taken, when they are migrated.
    ///
    /// Source: HLP, migrating licenses: both servers at least Windows Server 2008 R2.
    #[must_use]
    pub fn migrates(self) -> bool {
        self >= Self::V2008R2
    }
}

#[cfg(test)]
mod tests {
    use super::{Acceptance, Os, VERSIONS, named, short, tier, version};

    #[test]
    fn the_seed_page_supports_the_one_value_2_and_refuses_0_and_1() {
        let of = |id| version(id).unwrap().acceptance;
        assert_eq!(of(0), Acceptance::NotSupported);
        assert_eq!(of(1), Acceptance::NotSupported);
        let by_page: Vec<u32> = VERSIONS
            .iter()
            .filter(|row| {
                matches!(row.acceptance, Acceptance::Accepted { by_import_pages: true, .. })
            })
            .map(|row| row.id)
            .collect();
        assert_eq!(by_page, [2]);
    }

    #[test]
    fn a_release_and_its_r2_are_one_tier() {
        assert_eq!(tier(2), tier(3));
        assert_eq!(Os::V2012.tier(), Os::V2012R2.tier());
        assert!(Os::V2012.tier() < Os::V2016.tier());
        assert!(!Os::V2008.migrates());
        assert!(Os::V2008R2.migrates());
    }

    #[test]
    fn the_newest_version_of_licenses_has_a_server_of_its_tier() {
        for row in VERSIONS.iter().filter(|row| row.acceptance != Acceptance::NotSupported) {
            assert!(Os::ALL.iter().any(|os| os.tier() == row.tier), "{}", row.name);
        }
    }

    #[test]
    fn versions_are_found_by_year_and_by_name() {
        assert_eq!(named("2019").unwrap().id, 6);
        assert_eq!(named("2012R2").unwrap().id, 4);
        assert_eq!(named("windows server 2008 r2").unwrap().id, 3);
        assert!(named("2021").is_none());
        assert_eq!((short(8), short(9)), ("2025".to_owned(), "version 9".to_owned()));
    }
}
