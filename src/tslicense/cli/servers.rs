//! `server …`: the license servers, and the methods of their class.

use super::acting::{Acting, Made, Target, make, named, number, tell};
use super::calls;
use crate::error::{Outcome, Stop, Usage, Verdict};
use crate::output::ListOptions;
use crate::session::Session;
use crate::tslicense::catalog::methods::{Act, DirectoryAct, WmiMethod, of};
use crate::tslicense::ops::held;
use crate::tslicense::ops::servers::{self, NewServer, Wish};
use crate::tslicense::rules::typed::Given;
use crate::tslicense::store::{packs, servers as rows};
use crate::tslicense::view::ServerView;
use clap::{Args, Subcommand};
use clap_complete::ArgValueCompleter;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// List the license servers
    #[command(
        after_help = "Example:\n  licctl tslicense server list --filter 'ActivationStatus!=0'"
    )]
    List {
        #[command(flatten)]
        list: ListOptions,
    },
    /// Make a license server to rehearse on, with its built-in key pack
    #[command(
        after_help = "Examples:\n  licctl tslicense server add ls04.corp.contoso.example --os 2019\n  licctl tslicense server add ls05.corp.contoso.example --os 2022 --license-server-id HHHHHJJJJJKKKKKLLLLLMMMMMNNNNNPPPPP"
    )]
    Add(AddArguments),
    /// Show one license server
    #[command(
        after_help = "Example:\n  licctl tslicense server show ls01.corp.contoso.example -o json"
    )]
    Show(Named),
    /// Write properties of a server, and what the model knows of it
    #[command(
        after_help = "Examples:\n  licctl tslicense server set --server ls01.corp.contoso.example OS=2019 ActivationStatus=0\n  licctl tslicense server set FirstName=Ann LastName=Example Company=Contoso CountryRegion='United States'\n  licctl tslicense server set --alias ls01 --alias 10.1.2.3"
    )]
    Set(SetArguments),
    /// Remove a server with its key packs
    #[command(after_help = "Example:\n  licctl tslicense server remove ls01.corp.contoso.example")]
    Remove {
        /// Its name
        #[arg(value_name = "NAME", add = ArgValueCompleter::new(super::complete::servers))]
        name: String,
    },
    /// Activate the server: over the network, or with an ID got by telephone
    #[command(
        after_help = "Example:\n  licctl tslicense server activate --server ls01.corp.contoso.example"
    )]
    Activate {
        /// License server ID: 35 letters or digits (`ActivateServer`)
        #[arg(long, value_name = "ID")]
        id: Option<String>,
        #[command(flatten)]
        acting: Acting,
    },
    /// Deactivate the server: over the network, or with a code got by telephone
    #[command(
        after_help = "Example:\n  licctl tslicense server deactivate --server ls01.corp.contoso.example"
    )]
    Deactivate {
        /// Confirmation code (`DeactivateServer`)
        #[arg(long, value_name = "CODE")]
        code: Option<String>,
        #[command(flatten)]
        acting: Acting,
    },
    /// Activate the server anew: over the network with a reason, or with another ID
    #[command(after_help = "Example:\n  licctl tslicense server reactivate --reason 4")]
    Reactivate {
        /// New license server ID (`ReactivateServer`)
        #[arg(
            long,
            value_name = "ID",
            conflicts_with = "reason",
            required_unless_present = "reason"
        )]
        id: Option<String>,
        /// 0 redeployed, 1 certificate corrupt, 2 private key compromised, 3 activation key expired, 4 server upgraded
        #[arg(long, value_name = "N", allow_negative_numbers = true)]
        reason: Option<String>,
        #[command(flatten)]
        acting: Acting,
    },
    /// Tell whether the server is activated (`GetActivationStatus`)
    #[command(after_help = "Example:\n  licctl tslicense server status -o name")]
    Status(Target),
    /// Tell the license server ID (`GetLicenseServerId`)
    #[command(
        after_help = "Example:\n  licctl tslicense server id --server ls01.corp.contoso.example -o name"
    )]
    Id(Target),
    /// Change who discovers the server (`ChangeRole`)
    #[command(after_help = "Example:\n  licctl tslicense server role 1")]
    Role {
        /// 0 workgroup, 1 domain, 2 forest
        #[arg(value_name = "N", allow_negative_numbers = true)]
        role: String,
        #[command(flatten)]
        acting: Acting,
    },
    /// Publish the server, so that hosts of the forest find it (`PublishLS`)
    #[command(after_help = "Example:\n  licctl tslicense server publish")]
    Publish(Acting),
    /// Take the publication back (`UnpublishLS`)
    #[command(after_help = "Example:\n  licctl tslicense server unpublish")]
    Unpublish(Acting),
    /// Register the server as a service connection point (`RegisterLSToSCP`)
    #[command(after_help = "Example:\n  licctl tslicense server register")]
    Register(Acting),
    /// Take the service connection point back (`UnRegisterLSFromSCP`)
    #[command(after_help = "Example:\n  licctl tslicense server unregister")]
    Unregister(Acting),
    /// Put the server into the group Terminal Server License Servers (`AddLStoTSLSGroup`)
    ///
    /// Without it the licenses of users cannot be written to their accounts.
    #[command(
        after_help = "Example:\n  licctl tslicense server join-group --domain corp.contoso.example --server ls03.corp.contoso.example"
    )]
    JoinGroup(Group),
    /// Take the server out of that group (`RemoveLSfromTSLSGroup`)
    #[command(after_help = "Example:\n  licctl tslicense server leave-group")]
    LeaveGroup(Group),
}

#[derive(Debug, Args)]
pub(super) struct Group {
    /// The domain; default: the server's own
    #[arg(long, value_name = "NAME", default_value = "", hide_default_value = true)]
    domain: String,
    #[command(flatten)]
    acting: Acting,
}

#[derive(Debug, Args)]
pub(super) struct AddArguments {
    /// Its fully qualified name
    #[arg(value_name = "NAME")]
    name: String,
    /// The release of Windows Server: 2008 to 2025
    #[arg(long, value_name = "VERSION", add = ArgValueCompleter::new(super::complete::releases))]
    os: String,
    /// It is in a workgroup, not in a domain
    #[arg(long)]
    workgroup: bool,
    /// Its license server ID; with it the server is activated
    #[arg(long, value_name = "ID")]
    license_server_id: Option<String>,
    /// Its product ID
    #[arg(long, value_name = "ID")]
    product_id: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct Named {
    /// The server; default: `LICCTL_TSLICENSE_SERVER`, else the only one
    #[arg(value_name = "NAME", conflicts_with = "server", add = ArgValueCompleter::new(super::complete::servers))]
    name: Option<String>,
    #[command(flatten)]
    target: Target,
}

#[derive(Debug, Args)]
pub(super) struct SetArguments {
    /// Properties of the class, and OS, `ActivationStatus`, `LicenseServerId`, `ProductId`, Joined, Reachable, `InGroup`, Published, Registered, `OnDC`, `PreventLicenseUpgrade`, `LicenseServerSecurityGroup`, `TerminalServerComputers`
    #[arg(value_name = "KEY=VALUE", required_unless_present_any = ["alias", "no_alias"])]
    values: Vec<String>,
    /// Another name or an address of it; repeatable
    #[arg(long, value_name = "NAME")]
    alias: Vec<String>,
    /// A name that it no longer has; repeatable
    #[arg(long, value_name = "NAME")]
    no_alias: Vec<String>,
    #[command(flatten)]
    target: Target,
}

pub(super) fn run(command: &Command, session: &mut Session) -> Outcome<Verdict> {
    match command {
        Command::List { list } => session.list::<ServerView>(list, |read, _, sink| {
            for (id, server) in rows::all(read)? {
                let packs = packs::of(read, id)?.len();
                if sink.row(&ServerView::new(&server, packs))?.is_break() {
                    break;
                }
            }
            Ok(())
        })?,
        Command::Add(arguments) => add(arguments, session)?,
        Command::Show(arguments) => {
            let name = match &arguments.name {
                Some(name) => named(session, Some(name))?,
                None => arguments.target.name(session)?,
            };
            let (_, held) = session.read(|read, now| held::load(read, &name, now))?;
            session.show(&ServerView::new(&held.server, held.packs.len()))?;
        }
        Command::Set(arguments) => set(arguments, session)?,
        Command::Remove { name } => {
            let name = named(session, Some(name))?;
            let (_, held) = session.read(|read, now| held::load(read, &name, now))?;
            session.write(|tx, _| servers::remove(tx, &name))?;
            let view = ServerView::new(&held.server, held.packs.len());
            session.tell(&view, &format!("removed `{name}`"))?;
        }
        Command::Status(target) => {
            return calls::ask(target, row(Act::GetActivationStatus)?, Vec::new(), session);
        }
        Command::Id(target) => {
            return calls::ask(target, row(Act::GetLicenseServerId)?, Vec::new(), session);
        }
        acting => return act(acting, session),
    }
    Ok(Verdict::Yes)
}

fn row(act: Act) -> Outcome<&'static WmiMethod> {
    of(act).ok_or_else(|| Stop::bug("a method without a row"))
}

/// The methods that change the standing of a server.
fn act(command: &Command, session: &mut Session) -> Outcome<Verdict> {
    let text = |name: &str, text: &String| (name.to_owned(), Given::Text(text.clone()));
    let (acting, act, given, verb) = match command {
        Command::Activate { id: Some(id), acting } => {
            (acting, Act::Activate, vec![text("sLicenseServerId", id)], "activated")
        }
        Command::Activate { id: None, acting } => {
            (acting, Act::ActivateAutomatic, Vec::new(), "activated")
        }
        Command::Deactivate { code: Some(code), acting } => {
            (acting, Act::Deactivate, vec![text("sConfirmCode", code)], "deactivated")
        }
        Command::Deactivate { code: None, acting } => {
            (acting, Act::DeactivateAutomatic, Vec::new(), "deactivated")
        }
        Command::Reactivate { id: Some(id), acting, .. } => {
            (acting, Act::Reactivate, vec![text("sNewLicenseServerId", id)], "activated")
        }
        Command::Reactivate { id: None, reason, acting } => {
            let reason = number("reason", reason.as_deref().unwrap_or_default())?;
            let given = vec![("Reason".to_owned(), reason)];
            (acting, Act::ReactivateAutomatic, given, "activated")
        }
        Command::Role { role, acting } => {
            let given = vec![("ServerRole".to_owned(), number("role", role)?)];
            (acting, Act::ChangeRole, given, "changed the role of")
        }
        command => directory(command)?,
    };
    let made =
        Made { method: row(act)?, key: None, license: None, given, controls: acting.controls() };
    if let Some((server, called)) = make(acting, session, made)? {
        const GROUP: &str = "the group Terminal Server License Servers";
        let sentence = match act {
            Act::Directory(DirectoryAct::JoinGroup) => format!("`{server}` is in {GROUP}"),
            Act::Directory(DirectoryAct::LeaveGroup) => format!("`{server}` is not in {GROUP}"),
            _ => format!("{verb} `{server}`"),
        };
        tell(session, &called, &sentence)?;
    }
    Ok(Verdict::Yes)
}

type Acted<'a> = (&'a Acting, Act, Vec<(String, Given)>, &'static str);

/// The methods that change what the server is in its directory.
fn directory(command: &Command) -> Outcome<Acted<'_>> {
    let group = |group: &Group| vec![("Domain".to_owned(), Given::Text(group.domain.clone()))];
    let (acting, act, given, verb) = match command {
        Command::Publish(acting) => (acting, DirectoryAct::Publish, Vec::new(), "published"),
        Command::Unpublish(acting) => (acting, DirectoryAct::Unpublish, Vec::new(), "unpublished"),
        Command::Register(acting) => (acting, DirectoryAct::Register, Vec::new(), "registered"),
        Command::Unregister(acting) => {
            (acting, DirectoryAct::Unregister, Vec::new(), "unregistered")
        }
        Command::JoinGroup(arguments) => {
            let given = group(arguments);
            (&arguments.acting, DirectoryAct::JoinGroup, given, "")
        }
        Command::LeaveGroup(arguments) => {
            let given = group(arguments);
            (&arguments.acting, DirectoryAct::LeaveGroup, given, "")
        }
        _ => return Err(Stop::bug("a command without a method")),
    };
    Ok((acting, Act::Directory(act), given, verb))
}

fn add(arguments: &AddArguments, session: &mut Session) -> Outcome<()> {
    let new = NewServer {
        name: arguments.name.clone(),
        os: servers::os(&arguments.os)?,
        workgroup: arguments.workgroup,
        license_server_id: arguments.license_server_id.clone(),
        product_id: arguments.product_id.clone(),
    };
    let server = session.write(|tx, _| servers::add(tx, &new))?;
    let activated = if new.license_server_id.is_some() { "activated" } else { "not activated" };
    let sentence = format!(
        "added `{}`, {}, {activated}, with its built-in key pack",
        server.name,
        new.os.title()
    );
    session.tell(&ServerView::new(&server, 1), &sentence)
}

fn set(arguments: &SetArguments, session: &mut Session) -> Outcome<()> {
    let mut wish = Wish {
        values: Vec::new(),
        aliases: arguments.alias.clone(),
        not_aliases: arguments.no_alias.clone(),
    };
    for word in &arguments.values {
        let pair = word.split_once('=').ok_or_else(|| {
            Usage::new(format!("`{word}` is no KEY=VALUE"))
                .hinted(format!("there is {}", servers::settable().join(", ")))
        })?;
        wish.values.push((pair.0.to_owned(), pair.1.to_owned()));
    }
    let name = arguments.target.name(session)?;
    let (server, warnings, packs) = session.write(|tx, now| {
        let (server, warnings) = servers::set(tx, &name, &wish)?;
        let (_, held) = held::load(tx.reading(), &name, now)?;
        Ok((server, warnings, held.packs.len()))
    })?;
    session.warn_all(warnings);
    session.tell(&ServerView::new(&server, packs), &format!("set `{name}`"))
}
