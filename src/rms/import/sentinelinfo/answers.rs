//! Answers to other queries than licenseInfo: a feature with its counters, clients, the members of a pool.

use super::super::records::{ClientFacts, ClientState, Counters, FeatureFacts, PoolMember};
use crate::artefact::trouble::excerpt;
use crate::rms::catalog::counters::COUNTERS;
use crate::rms::model::license::{Extra, FeatureKey, License, Origin};

/// A feature as a whole, of the elements that the answer has. An error says which counter is no number.
pub(super) fn feature(license: &License) -> Result<FeatureFacts, String> {
    let counter = |name: &str| -> Result<Option<u64>, String> {
        let Some(extra) = license.extras.iter().find(|extra| extra.name == name) else {
            return Ok(None);
        };
        number(name, inner(extra)).map(|number| number.map(u64::from))
    };
    let [reserved, reserved_in_use, reserved_queued, unreserved_in_use, unreserved_queued] =
        COUNTERS.map(|row| counter(row.name));
    Ok(FeatureFacts {
        feature: license.feature(),
        elements: license.elements.clone(),
        counters: Counters {
            unreserved_in_use: unreserved_in_use?,
            unreserved_free: None,
            reserved_in_use: reserved_in_use?,
            reserved_free: None,
            unreserved_queued: unreserved_queued?,
            reserved_queued: reserved_queued?,
            reserved: reserved?,
        },
        extras: license
            .extras
            .iter()
            .filter(|extra| COUNTERS.iter().all(|row| row.name != extra.name))
            .cloned()
            .collect(),
        alone: true,
        origin: Origin::Xml,
    })
}

/// The text of an element that was kept to the letter.
fn inner(extra: &Extra) -> &str {
    let behind = extra.xml.split_once('>').map_or("", |(_, behind)| behind);
    behind.split_once('<').map_or(behind, |(text, _)| text)
}

fn number(name: &str, text: &str) -> Result<Option<u32>, String> {
    let text = text.trim();
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    match text.parse() {
        _ if text.is_empty() => Ok(None),
        Ok(number) if digits => Ok(Some(number)),
        _ => Err(format!("`{name}`: `{}` is no whole number", excerpt(text))),
    }
}

/// An answer under way: a client, or a pool with its members.
#[derive(Default)]
pub(in crate::rms::import) struct Answer {
    client: ClientFacts,
    member: PoolMember,
    leads: bool,
    members: Vec<(bool, PoolMember)>,
}

impl Answer {
    /// Takes an element of a client. An error says what is wrong with it.
    pub(in crate::rms::import) fn of_client(
        &mut self,
        name: &str,
        text: &str,
    ) -> Result<(), String> {
        let client = &mut self.client;
        let texts = [
            ("userName", &mut client.user_name),
            ("hostName", &mut client.host_name),
            ("hostId", &mut client.host_id),
            ("xDisplayName", &mut client.x_display_name),
            ("group", &mut client.group),
            ("sharedIdName", &mut client.shared_id_name),
            ("vendorDefinedSharingId", &mut client.vendor_defined_sharing_id),
        ];
        for (of, slot) in texts {
            if of == name {
                text.trim().clone_into(slot);
                return Ok(());
            }
        }
        let unnamed = || FeatureKey { name: String::new(), version: String::new() };
        let key = client.feature.get_or_insert_with(unnamed);
        match name {
            "featureName" => text.trim().clone_into(&mut key.name),
            "featureVersion" => text.trim().clone_into(&mut key.version),
            "keyId" => client.key_id = number(name, text)?,
            "numUnits" => client.num_units = number(name, text)?,
            "holdTime" => client.hold_time = number(name, text)?,
            "sharedClientCount" => client.shared_by = number(name, text)?,
            "startTime" => client.start_time = number(name, text)?.map(i64::from),
            "endTime" => client.end_time = number(name, text)?.map(i64::from),
            // An inverted boolean: 0 is held.
            "isHolding" if number(name, text)? == Some(0) => client.state = ClientState::Held,
            "isCommuted" if number(name, text)?.is_some_and(|is| is != 0) => {
                client.state = ClientState::Commuted;
            }
            _ => {}
        }
        Ok(())
    }

    /// The client; of the feature that was told last when it names none.
    pub(in crate::rms::import) fn client(self, last: Option<&FeatureKey>) -> ClientFacts {
        let named = self.client.feature.filter(|key| !key.name.is_empty());
        ClientFacts { feature: named.or_else(|| last.cloned()), ..self.client }
    }

    /// Takes an element of a member of a pool.
    pub(super) fn of_member(&mut self, name: &str, text: &str) {
        let text = text.trim();
        match name {
            "type" => self.leads = text.eq_ignore_ascii_case("LEADER"),
            "status" => self.member.up = text.eq_ignore_ascii_case("UP"),
            "hostName" => text.clone_into(&mut self.member.host_name),
            "ipAddress" => text.clone_into(&mut self.member.ip_address),
            _ => {}
        }
    }

    /// Ends a member.
    pub(super) fn member(&mut self) {
        let mut member = std::mem::take(&mut self.member);
        member.leader = std::mem::take(&mut self.leads);
        self.members.push((member.leader, member));
    }

    /// The members in the order of preference: of those that are up the leader comes first.
    pub(super) fn members(self) -> Vec<PoolMember> {
        let leader = self.members.iter().position(|(leads, member)| *leads && member.up);
        let mut members: Vec<PoolMember> =
            self.members.into_iter().map(|(_, member)| member).collect();
        let first_up = members.iter().position(|member| member.up);
        if let (Some(leader), Some(first)) = (leader, first_up)
            && first < leader
        {
            let leader = members.remove(leader);
            members.insert(first, leader);
        }
        members
    }
}

#[cfg(test)]
mod tests {
    use super::Answer;

    #[test]
    fn the_leader_is_the_first_of_the_servers_that_are_up() {
        let mut answer = Answer::default();
        for (kind, status, name) in
            [("FOLLOWER", "DOWN", "a"), ("FOLLOWER", "UP", "b"), ("LEADER", "UP", "c")]
        {
            for (element, text) in [("type", kind), ("status", status), ("hostName", name)] {
                answer.of_member(element, text);
            }
            answer.member();
        }
        let members = answer.members();
        let names: Vec<&str> = members.iter().map(|one| one.host_name.as_str()).collect();
        assert_eq!(names, ["a", "c", "b"]);
        assert!(members[1].leader && !members[0].up);
    }

    #[test]
    fn zero_is_held_and_one_is_not() {
        let read = |held: &str| {
            let mut answer = Answer::default();
            answer.of_client("isHolding", held).unwrap();
            answer.client(None).state
        };
        assert_eq!(format!("{:?} {:?}", read("0"), read("1")), "Held Running");
        assert!(Answer::default().of_client("numUnits", "+1").is_err());
    }
}
