//! Reservation groups: tokens that are set apart.

use super::desk::Desk;
use super::server;
use super::sessions::keys;
use crate::clock::Timestamp;
use crate::error::{Outcome, Usage, Warning};
use crate::rms::model::group::{Group, Member};
use crate::rms::model::license::FeatureKey;
use crate::rms::rules::ledger::Ledger;
use crate::rms::rules::limits::Units;
use crate::rms::store::groups;
use crate::store::{Read, Tx};

/// A group of a feature with what it comes to.
#[derive(Debug, Clone)]
pub struct Standing {
    /// The feature that it sets tokens apart of; `None`: there is none such.
    pub key: Option<FeatureKey>,
    pub group: Group,
    /// Tokens that are really set apart: no more than the feature has.
    pub effective: u64,
    /// Of these, in use.
    pub used: u64,
}

/// The groups of a License Manager in the order of their file, one line for each feature that a group is of.
pub fn all(read: &mut dyn Read, name: &str, now: Timestamp) -> Outcome<Vec<Standing>> {
    let mut desk = Desk::open(read, name)?;
    let groups = groups::groups(read, desk.id, None)?;
    let mut features: Vec<(i64, FeatureKey)> = keys(read, desk.id)?.into_iter().collect();
    features.sort();
    let mut books = desk.settled(read, now)?;
    let mut found = Vec::new();
    for group in groups {
        let of: Vec<&(i64, FeatureKey)> =
            features.iter().filter(|(_, key)| group.is_of(key)).collect();
        for (id, key) in &of {
            let (right, counts) = (books.right(*id, now)?, books.counts(*id)?);
            let own = right.groups.iter().find(|(own, _)| *own == group);
            found.push(Standing {
                key: Some(key.clone()),
                effective: own.map_or(0, |(_, tokens)| *tokens),
                used: counts.drawn.get(&group.name).copied().unwrap_or(0),
                group: group.clone(),
            });
        }
        if of.is_empty() {
            found.push(Standing { key: None, effective: 0, used: 0, group });
        }
    }
    Ok(found)
}

/// The groups as they were given, in the order of their file.
pub fn groups(read: &mut dyn Read, name: &str) -> Outcome<Vec<Group>> {
    let (id, _) = server(read, name)?;
    groups::groups(read, id, None)
}

/// The features that groups may be of, with their hard limits; those alone that a group names.
pub fn limits(
    read: &mut dyn Read,
    name: &str,
    groups: &[Group],
    now: Timestamp,
) -> Outcome<Vec<(FeatureKey, Units)>> {
    let mut desk = Desk::open(read, name)?;
    let mut features: Vec<(i64, FeatureKey)> = keys(read, desk.id)?.into_iter().collect();
    features.retain(|(_, key)| groups.iter().any(|group| group.is_of(key)));
    features.sort();
    let mut books = desk.settled(read, now)?;
    let mut found = Vec::with_capacity(features.len());
    for (id, key) in features {
        found.push((key, books.right(id, now)?.total));
    }
    Ok(found)
}

/// Gives a License Manager these groups in the place of those that it has.
pub fn set(tx: &mut dyn Tx, name: &str, new: &[Group]) -> Outcome<()> {
    let (id, _) = server(tx.reading(), name)?;
    groups::set_groups(tx, id, new)?;
    tx.call("reservation.set", &format!("server={name}, groups={}", new.len()));
    Ok(())
}

/// Adds a group behind the others, or gives one of that feature and name other tokens and members.
///
/// Usage error for a group without members, or with a name that is too long.
pub fn put(tx: &mut dyn Tx, name: &str, group: Group, now: Timestamp) -> Outcome<Vec<Warning>> {
    if group.members.is_empty() {
        return Err(Usage::new(format!("the group `{}` has no members", group.name)).into());
    }
    let long = [&group.name].into_iter().chain(group.members.iter().map(|member| &member.name));
    if let Some(long) = long.into_iter().find(|name| name.chars().count() > 64) {
        return Err(Usage::new(format!("`{long}` has more than 64 characters")).into());
    }
    let mut all = groups(tx.reading(), name)?;
    let same = |held: &Group| {
        held.feature == group.feature && held.version == group.version && held.name == group.name
    };
    let (feature, of) = (group.feature.clone(), group.name.clone());
    match all.iter_mut().find(|held| same(held)) {
        Some(held) => *held = group,
        None => all.push(group),
    }
    set(tx, name, &all)?;
    let mut told = clipped(tx.reading(), name, now)?;
    told.retain(|((of_feature, group), _)| *of_feature == feature && *group == of);
    Ok(told.into_iter().map(|(_, warning)| warning).collect())
}

/// What is odd about the groups as they are.
pub fn odd(read: &mut dyn Read, name: &str, now: Timestamp) -> Outcome<Vec<Warning>> {
    Ok(clipped(read, name, now)?.into_iter().map(|(_, warning)| warning).collect())
}

/// Tells of groups that get fewer tokens than they ask for, or are of no feature; with feature and name of each.
fn clipped(
    read: &mut dyn Read,
    name: &str,
    now: Timestamp,
) -> Outcome<Vec<((String, String), Warning)>> {
    let mut warnings = Vec::new();
    for standing in all(read, name, now)? {
        let Group { feature, name: group, tokens, .. } = &standing.group;
        let warning = match &standing.key {
            None => {
                let message = format!("there is no feature `{feature}` to set tokens apart of");
                Warning::new("W_UNKNOWN_FEATURE", message)
            }
            Some(key) if standing.effective < *tokens => {
                let message = format!(
                    "{} of {tokens} tokens of `{key}` are set apart for `{group}`: there are no more",
                    standing.effective
                );
                Warning::new("W_RESERVATION_CLIPPED", message)
            }
            Some(_) => continue,
        };
        warnings.push(((feature.clone(), group.clone()), warning));
    }
    Ok(warnings)
}

/// Removes the groups of that name of a feature; how many.
///
/// Usage error when there is none.
pub fn remove(tx: &mut dyn Tx, name: &str, feature: &str, group: &str) -> Outcome<usize> {
    let all = groups(tx.reading(), name)?;
    let before = all.len();
    let left: Vec<Group> =
        all.into_iter().filter(|held| held.feature != feature || held.name != group).collect();
    if left.len() == before {
        return Err(Usage::new(format!("`{feature}` has no group `{group}`"))
            .hinted("`licctl rms reservation list` shows the groups")
            .into());
    }
    set(tx, name, &left)?;
    Ok(before - left.len())
}

/// Members as they are typed: `ann`, `$pc9`, `!eve`.
#[must_use]
pub fn members(texts: &[String]) -> Vec<Member> {
    texts.iter().map(|text| Member::read(text)).collect()
}
