//! License servers.

use crate::tslicense::catalog::versions::{Os, Tier};
use crate::tslicense::model::host::is_same;
use crate::tslicense::model::issued::LicenseId;
use crate::tslicense::model::pack::KeyPackId;

/// `ActivationStatus` of the WMI methods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Activation {
    Activated,
    NotActivated,
    /// An imported server of which no file told it.
    Unknown,
}

impl Activation {
    /// Every state, in the order of their numbers.
    pub const ALL: [Self; 3] = [Self::Activated, Self::NotActivated, Self::Unknown];

    /// The number of the API.
    #[must_use]
    pub const fn number(self) -> u32 {
        match self {
            Self::Activated => 0,
            Self::NotActivated => 1,
            Self::Unknown => 2,
        }
    }

    /// The state of that number; `None` when there is none.
    #[must_use]
    pub fn numbered(number: u32) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.number() == number)
    }

    /// The word of tables.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Activated => "yes",
            Self::NotActivated => "no",
            Self::Unknown => "unknown",
        }
    }
}

/// The writable properties of `Win32_TSLicenseServer`, in the order of the rows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Contact(pub [String; 10]);

/// What a license server is in its directory, and what policies say of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own about the server")]
pub struct Directory {
    /// Published, so that hosts of the forest find it.
    pub published: bool,
    /// Registered as a service connection point.
    pub registered: bool,
    /// Other domains, in lower case, in whose group Terminal Server License Servers it is.
    pub groups: Vec<String>,
    pub on_domain_controller: bool,
    /// The policy "prevent license upgrade".
    pub prevents_upgrade: bool,
    /// The policy "license server security group": only hosts of the group get licenses.
    pub restricts_hosts: bool,
    /// Members of the local group Terminal Server Computers; `None` where there is no such group.
    pub hosts: Option<Vec<String>>,
}

/// An object of `Win32_TSLicenseServer`, and what the model knows of the machine beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    pub name: String,
    /// Other names, and addresses.
    pub aliases: Vec<String>,
    /// `None` while no one told it.
    pub os: Option<Os>,
    pub activation: Activation,
    /// 35 letters or digits, once known.
    pub license_server_id: Option<String>,
    pub product_id: Option<String>,
    /// Whether it is joined to a domain; `None` while no one told it.
    pub joined: Option<bool>,
    /// Whether the other servers reach it.
    pub reachable: bool,
    /// Whether it is in the group Terminal Server License Servers of its domain.
    pub in_group: bool,
    pub directory: Directory,
    pub role: u32,
    pub database_path: String,
    /// `Version` and `VersionNumber`, as an artefact told them.
    pub version: Option<String>,
    pub version_number: Option<String>,
    pub contact: Contact,
    /// Users with a license of it whose accounts the directory last showed as disabled.
    pub disabled_users: Vec<String>,
    /// What the next key pack gets.
    pub next_key_pack: KeyPackId,
    /// What the next issued license gets.
    pub next_license: LicenseId,
}

/// The first number that a purchased pack gets: below stands the built-in one.
pub const FIRST_PURCHASED: KeyPackId = KeyPackId(3);

/// `DatabasePath` of a server that was set up as it comes.
const DATABASE_PATH: &str = r"%SystemRoot%\system32\lserver";

impl Server {
    /// A server of which nothing is known but its name, as an import makes it.
    #[must_use]
    pub fn unknown(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            aliases: Vec::new(),
            os: None,
            activation: Activation::Unknown,
            license_server_id: None,
            product_id: None,
            joined: None,
            reachable: true,
            in_group: false,
            directory: Directory::default(),
            role: 0,
            database_path: DATABASE_PATH.to_owned(),
            version: None,
            version_number: None,
            contact: Contact::default(),
            disabled_users: Vec::new(),
            next_key_pack: FIRST_PURCHASED,
            next_license: LicenseId(1),
        }
    }

    /// The rank by which it may hold licenses; `None` while its release is not known.
    #[must_use]
    pub fn tier(&self) -> Option<Tier> {
        self.os.map(Os::tier)
    }

    /// Whether it is called so: by its name or an alias, in whatever case.
    #[must_use]
    pub fn is_called(&self, name: &str) -> bool {
        let same = |known: &String| known.eq_ignore_ascii_case(name);
        same(&self.name) || self.aliases.iter().any(same)
    }

    /// Whether a name in a host's list means it: as [`Server::is_called`], or without the DNS suffix.
    #[must_use]
    pub fn is_meant(&self, name: &str) -> bool {
        is_same(&self.name, name) || self.is_called(name)
    }

    /// The domain that its name tells: `corp.example`; empty for a single label.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.name.split_once('.').map_or("", |(_, domain)| domain)
    }

    /// Whether it can write the licenses of users into the directory; taken as so while no one told otherwise.
    #[must_use]
    pub fn tracks_users(&self) -> bool {
        match self.joined {
            Some(joined) => joined && self.in_group,
            None => true,
        }
    }

    /// Whether a session host may ask it for licenses.
    #[must_use]
    pub fn serves(&self, host: &str) -> bool {
        let members = self.directory.hosts.iter().flatten();
        !self.directory.restricts_hosts || members.into_iter().any(|known| is_same(known, host))
    }

    /// Whether that is its license server ID, in whatever case.
    #[must_use]
    pub fn has_id(&self, id: &str) -> bool {
        self.license_server_id.as_ref().is_some_and(|known| known.eq_ignore_ascii_case(id))
    }
}
