//! Records of DNS as far as clients find a KMS host by them, and the order in which a client tries the hosts.

use crate::kms::catalog::Profile;

/// What stands in front of the domain.
///
/// Source: [OPT], [DNSDOC].
pub const LABELS: &str = "_vlmcs._tcp";

/// An SRV record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Srv {
    pub priority: u16,
    pub weight: u16,
    pub port: u16,
    /// Without a final dot, unless it is the root.
    pub target: String,
}

/// What a record says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Data {
    Srv(Srv),
    /// A or AAAA.
    Address,
    /// CNAME.
    Alias,
}

impl Data {
    /// The type of the record; A stands for AAAA too.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Srv(_) => "SRV",
            Self::Address => "A",
            Self::Alias => "CNAME",
        }
    }
}

/// A record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// As written, without a final dot.
    pub owner: String,
    /// Seconds; `None` where the data does not tell.
    pub ttl: Option<u32>,
    pub data: Data,
    /// Counted from 1.
    pub line: u64,
}

impl Record {
    /// The SRV record of a KMS host, and the domain in which it stands.
    #[must_use]
    pub fn kms(&self) -> Option<(&Srv, &str)> {
        let Data::Srv(srv) = &self.data else { return None };
        let head = self.owner.get(..LABELS.len())?;
        let rest = self.owner.get(LABELS.len()..)?;
        let domain = rest.strip_prefix('.').or(Some(rest).filter(|rest| rest.is_empty()))?;
        head.eq_ignore_ascii_case(LABELS).then_some((srv, domain))
    }
}

/// What a file of DNS data says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    Record(Record),
    /// The data is all of this zone: what is not in it does not exist.
    Zone(String),
}

/// Draws numbers, the same for the same seed.
#[derive(Debug)]
struct Draw(u64);

impl Draw {
    /// A number below `bound`, which is not 0.
    ///
    /// Source: `SplitMix64`, by its published constants.
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % bound.max(1)
    }
}

/// The order in which one client tries the hosts.
///
/// - `seed`: of the client's chance.
///
/// A host of weight 0 is drawn when no other is left of its priority.
///
/// Source: [TECHREF], [OPT]: at random on Vista and 2008, by priority and weight as in RFC 2782 later. [DNSDOC] says that both are
/// ignored, which is outdated.
#[must_use]
pub fn order<'r>(records: &[&'r Srv], profile: Profile, seed: u64) -> Vec<&'r Srv> {
    let mut draw = Draw(seed);
    let mut left: Vec<&Srv> = records.to_vec();
    let mut tried = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let lowest = left.iter().map(|srv| srv.priority).min().unwrap_or_default();
        let open = |srv: &Srv| profile == Profile::V60 || srv.priority == lowest;
        let weight = |srv: &Srv| if profile == Profile::V60 { 1 } else { u64::from(srv.weight) };
        let total: u64 = left.iter().filter(|srv| open(srv)).map(|srv| weight(srv)).sum();
        let count = left.iter().filter(|srv| open(srv)).count();
        // Without any weight all are alike.
        let alike = total == 0;
        let bound = if alike { u64::try_from(count).unwrap_or(1) } else { total };
        let mut drawn = draw.below(bound);
        let place = left.iter().position(|srv| {
            let own = if alike { 1 } else { weight(srv) };
            if !open(srv) || own == 0 {
                return false;
            }
            let found = drawn < own;
            drawn = drawn.saturating_sub(own);
            found
        });
        tried.push(left.remove(place.unwrap_or(0)));
    }
    tried
}

#[cfg(test)]
mod tests {
    use super::{Data, Record, Srv, order};
    use crate::kms::catalog::Profile;

    fn srv(priority: u16, weight: u16, target: &str) -> Srv {
        Srv { priority, weight, port: 1688, target: target.to_owned() }
    }

    fn first(records: &[Srv], profile: Profile, seed: u64) -> String {
        let records: Vec<&Srv> = records.iter().collect();
        let tried = order(&records, profile, seed);
        assert_eq!(tried.len(), records.len());
        tried[0].target.clone()
    }

    #[test]
    fn the_lowest_priority_is_first_unless_the_client_is_old() {
        let records = [srv(10, 0, "late"), srv(0, 100, "early")];
        let old: Vec<String> = (0..20).map(|seed| first(&records, Profile::V60, seed)).collect();
        assert!(old.contains(&"late".to_owned()) && old.contains(&"early".to_owned()));
        for seed in 0..20 {
            assert_eq!(first(&records, Profile::V10, seed), "early");
            assert_eq!(first(&records, Profile::V10, seed), first(&records, Profile::V10, seed));
        }
    }

    #[test]
    fn weights_are_shares_and_a_weight_of_nothing_comes_last() {
        let records = [srv(0, 0, "none"), srv(0, 10, "small"), srv(0, 90, "large")];
        let firsts: Vec<String> =
            (0..1000).map(|seed| first(&records, Profile::V61, seed)).collect();
        let count = |name: &str| firsts.iter().filter(|first| *first == name).count();
        assert_eq!(count("none"), 0);
        assert!((50..200).contains(&count("small")), "{}", count("small"));
        let alike = [srv(0, 0, "a"), srv(0, 0, "b")];
        let firsts: Vec<String> = (0..20).map(|seed| first(&alike, Profile::V10, seed)).collect();
        assert!(firsts.contains(&"a".to_owned()) && firsts.contains(&"b".to_owned()));
        assert!(order(&[], Profile::V10, 1).is_empty());
    }

    #[test]
    fn the_record_of_a_host_is_known_in_any_case() {
        let record = |owner: &str| Record {
            owner: owner.to_owned(),
            ttl: None,
            data: Data::Srv(srv(0, 0, "kms1")),
            line: 1,
        };
        let of = |owner: &str| record(owner).kms().map(|(_, domain)| domain.to_owned());
        assert_eq!(of("_VLMCS._TCP.Corp.Example"), Some("Corp.Example".to_owned()));
        assert_eq!(of("_vlmcs._tcp"), Some(String::new()));
        for other in ["_vlmcs._tcpx.corp", "_vlmcs._udp.corp", "corp", ""] {
            assert_eq!(of(other), None, "{other}");
        }
    }
}
