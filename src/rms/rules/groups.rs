//! Reservations: who belongs to which group, and what is really set apart for it.

use super::limits::Units;
use crate::error::Refusal;
use crate::rms::catalog::codes::SNTL_USER_EXCLUDED;
use crate::rms::model::group::{Group, Member};
use crate::rms::model::license::FeatureKey;
use crate::rms::model::session::{DEFAULT_GROUP, Identity};

/// The groups of a feature with the tokens that are set apart: together no more than the hard limit, the first lines first.
///
/// Source: System Administrator Guide, reservation file; clipping in the order of the file: assumed.
#[must_use]
pub fn effective(key: &FeatureKey, groups: &[Group], total: Units) -> Vec<(Group, u64)> {
    let mut left = total;
    let own = groups.iter().filter(|group| group.is_of(key));
    own.map(|group| {
        let tokens = match left {
            Units::Unlimited => group.tokens,
            Units::Finite(left) => group.tokens.min(left),
        };
        left = left.minus(tokens);
        (group.clone(), tokens)
    })
    .collect()
}

/// The group of a client.
///
/// Refuses with `SNTL_USER_EXCLUDED` whom a line shuts out, and the members of a group without tokens.
///
/// Source: System Administrator Guide, reservation file: of a line the first expression that matches counts.
pub fn group_of(groups: &[(Group, u64)], client: &Identity) -> Result<String, Refusal> {
    for (group, _) in groups {
        let Some(member) = group.members.iter().find(|member| is_meant(member, client)) else {
            continue;
        };
        if member.excluded || group.tokens == 0 {
            let message = format!("the group `{}` shuts `{}` out", group.name, member.name);
            let refusal = Refusal::new(&SNTL_USER_EXCLUDED, message);
            return Err(refusal.hinted("`licctl rms reservation list` shows the groups"));
        }
        return Ok(group.name.clone());
    }
    Ok(DEFAULT_GROUP.to_owned())
}

/// Whether a member of a group is this client.
fn is_meant(member: &Member, client: &Identity) -> bool {
    if !member.computer {
        return member.name == client.user;
    }
    let address = client.address.map(|address| address.to_string()).unwrap_or_default();
    [&client.host, &client.host_id, &address]
        .into_iter()
        .any(|name| !name.is_empty() && name.eq_ignore_ascii_case(&member.name))
}

#[cfg(test)]
mod tests {
    use super::{effective, group_of};
    use crate::rms::model::group::{Group, Member};
    use crate::rms::model::license::FeatureKey;
    use crate::rms::model::session::Identity;
    use crate::rms::rules::limits::Units;

    fn group(name: &str, tokens: u64, members: &str) -> Group {
        let members = members.split_whitespace().map(Member::read).collect();
        Group { feature: "cad".to_owned(), version: None, name: name.to_owned(), tokens, members }
    }

    fn key() -> FeatureKey {
        FeatureKey { name: "cad".to_owned(), version: "1".to_owned() }
    }

    fn at(user: &str, host: &str) -> Identity {
        Identity { user: user.to_owned(), host: host.to_owned(), ..Identity::default() }
    }

    #[test]
    fn reservations_above_the_hard_limit_are_clipped_in_the_order_of_the_file() {
        let groups = [group("eng", 8, "ann"), group("qa", 5, "cat")];
        let tokens = |total| -> Vec<u64> {
            effective(&key(), &groups, total).iter().map(|(_, tokens)| *tokens).collect()
        };
        assert_eq!(tokens(Units::Finite(10)), [8, 2]);
        assert_eq!(tokens(Units::Unlimited), [8, 5]);
        assert_eq!(tokens(Units::Finite(3)), [3, 0]);
    }

    #[test]
    fn the_first_expression_of_a_line_that_matches_counts() {
        let groups = effective(
            &key(),
            &[group("banned", 0, "eve"), group("g", 2, "!$pc9 jill")],
            Units::Finite(10),
        );
        let symbol = |client: &Identity| group_of(&groups, client).map_err(|no| no.code.symbol);
        assert_eq!(symbol(&at("eve", "pc1")), Err("SNTL_USER_EXCLUDED"));
        assert_eq!(symbol(&at("jill", "PC9")), Err("SNTL_USER_EXCLUDED"));
        assert_eq!(symbol(&at("jill", "pc1")).as_deref(), Ok("g"));
        assert_eq!(symbol(&at("Jill", "pc1")).as_deref(), Ok("DefaultGrp"));
    }

    #[test]
    fn a_group_of_one_version_is_not_of_another() {
        let other = Group { version: Some("2".to_owned()), ..group("eng", 2, "ann") };
        assert!(effective(&key(), &[other], Units::Finite(10)).is_empty());
    }
}
