//! What a license server is in its directory, and which session hosts may ask it.

use super::call::Effect;
use crate::clock::Timestamp;
use crate::error::Refusal;
use crate::tslicense::catalog::codes::{
    WBEM_E_ALREADY_EXISTS, WBEM_E_INVALID_OPERATION, WBEM_E_NOT_FOUND,
};
use crate::tslicense::catalog::events::{GROUP_JOINED, GROUP_LEFT};
use crate::tslicense::catalog::methods::DirectoryAct;
use crate::tslicense::model::host::is_same;
use crate::tslicense::model::{Arguments, Event, Held, Server};

/// The methods of `Win32_TSLicenseServer` that concern the directory, policies and the group for session hosts.
///
/// Refuses with `WBEM_E_INVALID_OPERATION` in a workgroup, `WBEM_E_ALREADY_EXISTS` and `WBEM_E_NOT_FOUND` for the local group.
pub(super) fn answer(
    act: DirectoryAct,
    arguments: &Arguments,
    target: &Held,
    now: Timestamp,
) -> Result<Effect, Refusal> {
    let mut effect = Effect::on(target);
    if let Some(flag) = asked(act, arguments, &target.server) {
        effect.answer.flag = Some(flag);
        return Ok(effect);
    }
    let group = matches!(act, DirectoryAct::MakeHostsGroup | DirectoryAct::RemoveHostsGroup);
    if !group && target.server.joined == Some(false) {
        return Err(Refusal::new(
            &WBEM_E_INVALID_OPERATION,
            format!("`{}` is in a workgroup, which has no directory", target.server.name),
        )
        .hinted(format!(
            "once it has joined a domain: `licctl tslicense server set --server {} Joined=yes`",
            target.server.name
        )));
    }
    let server = &mut effect.target.server;
    let name = server.name.clone();
    let directory = &mut server.directory;
    match act {
        DirectoryAct::Publish => directory.published = true,
        DirectoryAct::Unpublish => directory.published = false,
        DirectoryAct::Register => directory.registered = true,
        DirectoryAct::Unregister => directory.registered = false,
        DirectoryAct::MakeHostsGroup => {
            if directory.hosts.is_some() {
                let message = format!("`{name}` has a group Terminal Server Computers");
                return Err(Refusal::new(&WBEM_E_ALREADY_EXISTS, message));
            }
            directory.hosts = Some(Vec::new());
        }
        DirectoryAct::RemoveHostsGroup if directory.hosts.take().is_none() => {
            let message = format!("`{name}` has no group Terminal Server Computers");
            return Err(Refusal::new(&WBEM_E_NOT_FOUND, message));
        }
        DirectoryAct::JoinGroup | DirectoryAct::LeaveGroup => {
            let joins = act == DirectoryAct::JoinGroup;
            let domain = domain(server, arguments);
            if member(server, &domain) != joins {
                set_member(server, &domain, joins);
                let text =
                    if domain.is_empty() { String::new() } else { format!("domain {domain}") };
                let id = if joins { GROUP_JOINED } else { GROUP_LEFT };
                effect.events.push(Event { at: now, id, text });
            }
        }
        _ => {}
    }
    Ok(effect)
}

/// The answer of a method that changes nothing; `None` of one that does.
fn asked(act: DirectoryAct, arguments: &Arguments, server: &Server) -> Option<bool> {
    let directory = &server.directory;
    let host = arguments.text("tsname");
    Some(match act {
        DirectoryAct::IsPublished => directory.published,
        DirectoryAct::IsRegistered => directory.registered,
        DirectoryAct::IsInGroup => member(server, &domain(server, arguments)),
        DirectoryAct::IsOnDomainController => directory.on_domain_controller,
        DirectoryAct::PreventsUpgrade => directory.prevents_upgrade,
        DirectoryAct::RestrictsHosts => directory.restricts_hosts,
        DirectoryAct::IsHostInGroup => {
            directory.hosts.iter().flatten().any(|known| is_same(known, host))
        }
        DirectoryAct::IsHostAllowed => server.serves(host),
        DirectoryAct::HasHostsGroup => directory.hosts.is_some(),
        _ => return None,
    })
}

/// The domain of a call, in lower case: the server's own when it names none.
fn domain(server: &Server, arguments: &Arguments) -> String {
    let given = arguments.text("Domain").trim();
    let domain = if given.is_empty() { server.domain() } else { given };
    domain.to_ascii_lowercase()
}

/// Whether a domain is the server's own: by its DNS name, or the first label of it.
fn is_own(server: &Server, domain: &str) -> bool {
    domain.is_empty() || is_same(server.domain(), domain)
}

fn member(server: &Server, domain: &str) -> bool {
    if is_own(server, domain) {
        return server.in_group;
    }
    server.directory.groups.iter().any(|known| known == domain)
}

fn set_member(server: &mut Server, domain: &str, joins: bool) {
    if is_own(server, domain) {
        server.in_group = joins;
    } else if joins {
        server.directory.groups.push(domain.to_owned());
    } else {
        server.directory.groups.retain(|known| known != domain);
    }
}

#[cfg(test)]
mod tests {
    use crate::tslicense::catalog::methods::{Act, DirectoryAct};
    use crate::tslicense::rules::fixture::{Play, a, refused, text};

    fn flag(play: &mut Play, act: DirectoryAct, given: &[&str]) -> bool {
        let given: Vec<_> = given.iter().map(|word| text(word)).collect();
        play.run(Act::Directory(act), &given).unwrap().answer.flag.unwrap()
    }

    fn events(play: &mut Play, act: DirectoryAct, given: &[&str]) -> Vec<u32> {
        let given: Vec<_> = given.iter().map(|word| text(word)).collect();
        let effect = play.run(Act::Directory(act), &given).unwrap();
        effect.events.iter().map(|event| event.id).collect()
    }

    #[test]
    fn joining_and_leaving_a_group_is_written_once_to_the_event_list() {
        use DirectoryAct::{IsInGroup, JoinGroup, LeaveGroup};
        let mut play = Play::on(a(), None);
        play.target.server.in_group = false;
        assert_eq!(events(&mut play, JoinGroup, &[""]), [74]);
        assert_eq!(events(&mut play, JoinGroup, &["CORP"]), Vec::<u32>::new());
        assert!(flag(&mut play, IsInGroup, &["corp.example"]));
        assert!(!flag(&mut play, IsInGroup, &["branch.example"]));
        assert_eq!(events(&mut play, JoinGroup, &["Branch.example"]), [74]);
        assert_eq!(events(&mut play, LeaveGroup, &[""]), [76]);
        assert!(!flag(&mut play, IsInGroup, &[""]));
        assert!(flag(&mut play, IsInGroup, &["branch.example"]));
    }

    #[test]
    fn a_workgroup_has_no_directory_to_be_published_in() {
        use DirectoryAct::{IsPublished, IsRegistered, Publish, Register, Unpublish, Unregister};
        use DirectoryAct::{JoinGroup, LeaveGroup};
        let mut play = Play::on(a(), None);
        assert!(!flag(&mut play, IsPublished, &[]));
        play.run(Act::Directory(Publish), &[]).unwrap();
        assert!(flag(&mut play, IsPublished, &[]));
        play.target.server.joined = Some(false);
        for act in [Publish, Unpublish, Register, Unregister] {
            let outcome = play.run(Act::Directory(act), &[]);
            assert_eq!(refused(outcome).0, "WBEM_E_INVALID_OPERATION");
        }
        for act in [JoinGroup, LeaveGroup] {
            let outcome = play.run(Act::Directory(act), &[text("")]);
            assert_eq!(refused(outcome).0, "WBEM_E_INVALID_OPERATION");
        }
        // The published flag is what the directory was last told; nothing changed it.
        assert!(flag(&mut play, IsPublished, &[]));
        assert!(!flag(&mut play, IsRegistered, &[]));
    }

    #[test]
    fn a_host_may_ask_when_the_policy_is_off_or_it_is_in_the_group() {
        use DirectoryAct::{IsHostAllowed, IsHostInGroup, RestrictsHosts};
        let mut play = Play::on(a(), None);
        assert!(flag(&mut play, IsHostAllowed, &["rdsh-1"]));
        play.target.server.directory.restricts_hosts = true;
        assert!(flag(&mut play, RestrictsHosts, &[]));
        assert!(!flag(&mut play, IsHostAllowed, &["rdsh-1"]));
        play.target.server.directory.hosts = Some(vec!["rdsh-1.corp.example".to_owned()]);
        assert!(flag(&mut play, IsHostAllowed, &["RDSH-1"]));
        assert!(!flag(&mut play, IsHostInGroup, &["rdsh-2"]));
    }

    #[test]
    fn the_local_group_is_made_once_and_removed_once() {
        use DirectoryAct::{HasHostsGroup, MakeHostsGroup, RemoveHostsGroup};
        let mut play = Play::on(a(), None);
        let absent = play.run(Act::Directory(RemoveHostsGroup), &[]);
        assert_eq!(refused(absent).0, "WBEM_E_NOT_FOUND");
        play.run(Act::Directory(MakeHostsGroup), &[]).unwrap();
        assert!(flag(&mut play, HasHostsGroup, &[]));
        let twice = play.run(Act::Directory(MakeHostsGroup), &[]);
        assert_eq!(refused(twice).0, "WBEM_E_ALREADY_EXISTS");
    }
}
