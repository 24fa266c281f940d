//! How a client finds its host: names, ports, lookup domains. How they are read from a command line stands in `rules::client`.

use crate::kms::catalog::service::DEFAULT_PORT;
use std::fmt;

/// A TCP port that was set, `1..=65535`. "Not set" is `None`, which the API shows as 0 and which stands for 1688.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Port(u32);

impl Port {
    /// The port that 0 stands for.
    pub const DEFAULT: Self = Self(DEFAULT_PORT);

    /// `None` outside `1..=65535`.
    #[must_use]
    pub fn new(number: u32) -> Option<Self> {
        (1..=u32::from(u16::MAX)).contains(&number).then_some(Self(number))
    }

    #[must_use]
    pub const fn number(self) -> u32 {
        self.0
    }
}

impl fmt::Display for Port {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

/// Name or address of a KMS host: `1..=255` characters, no white space; an IPv6 address is held without its brackets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostName(String);

impl HostName {
    /// Most characters that the API takes.
    pub const MAX: usize = 255;

    /// Takes a name as `SetKeyManagementServiceMachine` does: colons only inside brackets, which are taken off.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        if text.chars().count() > Self::MAX {
            return None;
        }
        match text.strip_prefix('[') {
            Some(rest) => rest.strip_suffix(']').and_then(Self::stored),
            None => Self::stored(text).filter(|_| !text.contains(':')),
        }
    }

    /// Takes a name as it is kept: an IPv6 address without brackets.
    #[must_use]
    pub fn stored(text: &str) -> Option<Self> {
        let legal = (1..=Self::MAX).contains(&text.chars().count())
            && !text.contains(|letter: char| letter.is_whitespace() || matches!(letter, '[' | ']'));
        legal.then(|| Self(text.to_owned()))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As slmgr takes it back: an IPv6 address in brackets, so that a port can follow.
    #[must_use]
    pub fn bracketed(&self) -> String {
        if self.0.contains(':') { format!("[{}]", self.0) } else { self.0.clone() }
    }
}

impl fmt::Display for HostName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// A DNS domain: labels of `1..=63` letters, digits, `-` and `_`, `1..=255` characters; a final dot is allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DomainName(String);

impl DomainName {
    /// `None` when the text is no domain name.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let label = |part: &str| {
            (1..=63).contains(&part.chars().count())
                && part
                    .chars()
                    .all(|letter| letter.is_alphanumeric() || matches!(letter, '-' | '_'))
                && !part.starts_with('-')
                && !part.ends_with('-')
        };
        let legal = text.chars().count() <= 255
            && text.strip_suffix('.').unwrap_or(text).split('.').all(label);
        legal.then(|| Self(text.to_owned()))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for DomainName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// The host that DNS named last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Discovered {
    pub name: String,
    /// TCP port of the SRV record; 0 when the artefact shows none.
    pub port: u32,
    pub address: Option<String>,
}

/// What a service or a product knows of its KMS host. On a product each `None` falls back to the service.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HostChoice {
    /// `KeyManagementServiceMachine`.
    pub name: Option<HostName>,
    /// `KeyManagementServicePort`.
    pub port: Option<Port>,
    /// `KeyManagementServiceLookupDomain`.
    pub lookup_domain: Option<DomainName>,
    /// `DiscoveredKeyManagementServiceMachineName`, …Port, …`IpAddress`.
    pub discovered: Option<Discovered>,
    /// `KeyManagementServiceProductKeyID`: extended PID of the host that activated the client; opaque.
    pub product_key_id: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::{DomainName, HostName, Port};

    #[test]
    fn an_ipv6_host_is_held_without_brackets_and_printed_with_them() {
        let host = HostName::new("[2001:db8::5]").unwrap();
        assert_eq!((host.as_str(), host.bracketed().as_str()), ("2001:db8::5", "[2001:db8::5]"));
        assert_eq!(HostName::stored("2001:db8::5"), Some(host));
        assert_eq!(HostName::new("kms1").unwrap().bracketed(), "kms1");
    }

    #[test]
    fn a_host_name_is_one_word_of_at_most_255_characters() {
        for wrong in
            ["", " ", "a b", "a\tb", "a:b", "2001:db8::5", "[", "[]", "[a b]", "[a]b", "a]"]
        {
            assert_eq!(HostName::new(wrong), None, "{wrong}");
        }
        assert!(HostName::new(&"a".repeat(255)).is_some());
        assert!(HostName::new(&"a".repeat(256)).is_none());
    }

    #[test]
    fn a_domain_name_has_labels() {
        for right in [
            "corp.example",
            "corp.example.",
            "corp",
            "_vlmcs._tcp.corp.example",
            "xn--bcher-kva.example",
        ] {
            assert!(DomainName::new(right).is_some(), "{right}");
        }
        let long = format!("{}.example", "a".repeat(64));
        for wrong in
            ["", ".", "corp..example", "a b", "-a.example", "a-.example", "corp.example..", &long]
        {
            assert!(DomainName::new(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn port_zero_means_not_set_and_is_no_port() {
        assert_eq!([0, 65_536].map(Port::new), [None, None]);
        assert_eq!([1, 65_535].map(|number| Port::new(number).unwrap().number()), [1, 65_535]);
    }
}
