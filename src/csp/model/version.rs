//! The version of a Windows: `10.0.19045.3803`.

use std::fmt;
use std::str::FromStr;

/// `a.b.build.revision`, as `./DevDetail/SwV` answers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OsVersion {
    pub major: u32,
    pub minor: u32,
    pub build: u32,
    /// 0 when the text gives none.
    pub revision: u32,
}

impl OsVersion {
    /// The version of a device that nobody told anything of: Windows 11, version 24H2.
    pub const DEFAULT: Self = Self { major: 10, minor: 0, build: 26100, revision: 1 };
}

impl FromStr for OsVersion {
    type Err = String;

    /// Reads three or four numbers that dots separate.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || format!("`{text}` is no Windows version; write `10.0.26100.1`");
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let parts: Option<Vec<u32>> =
            text.split('.').map(|part| digits(part).then(|| part.parse().ok()).flatten()).collect();
        match parts.as_deref() {
            Some([major, minor, build, rest @ ..]) if rest.len() <= 1 => Ok(Self {
                major: *major,
                minor: *minor,
                build: *build,
                revision: rest.first().copied().unwrap_or_default(),
            }),
            _ => Err(wrong()),
        }
    }
}

impl fmt::Display for OsVersion {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { major, minor, build, revision } = self;
        out.pad(&format!("{major}.{minor}.{build}.{revision}"))
    }
}

#[cfg(test)]
mod tests {
    use super::OsVersion;

    #[test]
    fn a_version_without_a_revision_has_revision_zero() {
        let version: OsVersion = "10.0.22621".parse().unwrap();
        assert_eq!(version, OsVersion { major: 10, minor: 0, build: 22621, revision: 0 });
        assert_eq!(version.to_string(), "10.0.22621.0");
    }

    #[test]
    fn a_version_prints_as_it_is_written() {
        let text = "10.0.19045.3803";
        assert_eq!(text.parse::<OsVersion>().unwrap().to_string(), text);
        assert_eq!(OsVersion::DEFAULT.to_string(), "10.0.26100.1");
    }

    #[test]
    fn anything_but_three_or_four_numbers_is_refused() {
        for wrong in ["", "10", "10.0", "10.0.19045.1.2", "10.0.x", "10.0.+1", "10.0.", "10..1.1"] {
            assert!(wrong.parse::<OsVersion>().is_err(), "{wrong}");
        }
        assert!("10.0.4294967296".parse::<OsVersion>().is_err());
    }
}
