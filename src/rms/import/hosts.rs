//! Lists of License Managers as clients are told them: the values of `LSHOST` and `LSFORCEHOST`.

use std::net::IpAddr;

/// What parts the hosts of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Separator {
    /// One host needs none.
    None,
    Tilde,
    /// What kits before 8 part hosts with.
    Colon,
}

impl Separator {
    /// As it is written; empty for none.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Tilde => "~",
            Self::Colon => ":",
        }
    }
}

/// Takes a list apart. A tilde parts always; a colon only where it is not that of an address.
///
/// Source: System Administrator Guide, environment variables; the colon of older kits: pages of CSI America.
#[must_use]
pub fn hosts(value: &str) -> (Separator, Vec<&str>) {
    let value = value.trim();
    let separator = match value {
        _ if value.contains('~') => Separator::Tilde,
        _ if is_address(value) || !value.contains(':') => Separator::None,
        _ => Separator::Colon,
    };
    let parts = match separator {
        Separator::None => vec![value],
        Separator::Tilde => value.split('~').collect(),
        Separator::Colon => value.split(':').collect(),
    };
    (separator, parts.into_iter().map(str::trim).filter(|part| !part.is_empty()).collect())
}

fn is_address(text: &str) -> bool {
    text.trim_matches(['[', ']']).parse::<IpAddr>().is_ok()
}

/// Whether a word can name a host: an address, or letters, digits, hyphens, underscores and dots.
#[must_use]
pub fn is_host(word: &str) -> bool {
    let sign = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
    is_address(word) || (word.len() <= 255 && !word.is_empty() && word.chars().all(sign))
}

#[cfg(test)]
mod tests {
    use super::{Separator, hosts, is_host};

    #[test]
    fn a_list_tells_by_its_signs_which_kit_it_was_written_for() {
        for (value, separator, expected) in [
            ("lic01", Separator::None, vec!["lic01"]),
            ("lic01~lic02.example.org", Separator::Tilde, vec!["lic01", "lic02.example.org"]),
            ("lic01:lic02:10.0.0.1", Separator::Colon, vec!["lic01", "lic02", "10.0.0.1"]),
            ("fe80::1", Separator::None, vec!["fe80::1"]),
            ("fe80::1~lic01~", Separator::Tilde, vec!["fe80::1", "lic01"]),
            ("", Separator::None, vec![]),
        ] {
            assert_eq!(hosts(value), (separator, expected), "{value}");
        }
    }

    #[test]
    fn a_word_with_blanks_or_signs_names_no_host() {
        assert!(is_host("lic_01.example-org") && is_host("[fe80::1]"));
        assert!(!is_host("lic 01") && !is_host("lic/01") && !is_host("a;b") && !is_host(""));
    }
}
