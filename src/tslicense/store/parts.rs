//! The parts of servers and key packs that stand in JSON columns.

use crate::store::document::{Stored, stored, stored_words};
use crate::tslicense::catalog::methods::Program;
use crate::tslicense::model::{Contact, Directory, Filed, KeyPack, Origin, Purchase, Server};
use serde_json::Value as Json;

stored_words!(Program);

stored! {
    Directory { published, registered, groups, on_domain_controller, prevents_upgrade, restricts_hosts, hosts }
    Origin { name, id }
    Purchase { program, agreement, numbers, ordered, note, origin }
    Detail { description, version_name, access_rights, type_and_model, purchase }
    Settings { in_group, directory, role, database_path, version, version_number, contact }
}

/// The settings of a server with what later versions put beside them: rows of earlier ones lack it.
pub(super) struct Known {
    settings: Settings,
    disabled_users: Vec<String>,
}

/// The member that rows of earlier versions lack.
const DISABLED_USERS: &str = "disabled_users";

impl Stored for Known {
    fn json(&self) -> Json {
        let mut json = self.settings.json();
        if let Some(members) = json.as_object_mut().filter(|_| !self.disabled_users.is_empty()) {
            members.insert(DISABLED_USERS.to_owned(), self.disabled_users.json());
        }
        json
    }
    fn held(json: &Json) -> Option<Self> {
        let disabled_users = match json.get(DISABLED_USERS) {
            Some(names) => Stored::held(names)?,
            None => Vec::new(),
        };
        Some(Self { settings: Settings::held(json)?, disabled_users })
    }
}

impl Known {
    pub(super) fn of(server: &Server) -> Self {
        let disabled_users = server.disabled_users.clone();
        Self { settings: Settings::of(server), disabled_users }
    }

    pub(super) fn put(self, server: &mut Server) {
        self.settings.put(server);
        server.disabled_users = self.disabled_users;
    }
}

/// The number of the secret.
impl Stored for Filed {
    fn json(&self) -> Json {
        Json::from(self.0)
    }
    fn held(json: &Json) -> Option<Self> {
        json.as_i64().map(Self)
    }
}

/// The values in the order of the rows.
impl Stored for Contact {
    fn json(&self) -> Json {
        Json::from(self.0.to_vec())
    }
    fn held(json: &Json) -> Option<Self> {
        Vec::<String>::held(json)?.try_into().ok().map(Self)
    }
}

/// The texts of a key pack, and its purchase.
pub(super) struct Detail {
    pub(super) description: String,
    pub(super) version_name: String,
    pub(super) access_rights: u32,
    pub(super) type_and_model: String,
    pub(super) purchase: Option<Purchase>,
}

impl Detail {
    pub(super) fn of(pack: &KeyPack) -> Self {
        Self {
            description: pack.description.clone(),
            version_name: pack.version_name.clone(),
            access_rights: pack.access_rights,
            type_and_model: pack.type_and_model.clone(),
            purchase: pack.purchase.clone(),
        }
    }
}

/// What no query asks for of a server.
struct Settings {
    in_group: bool,
    directory: Directory,
    role: u32,
    database_path: String,
    version: Option<String>,
    version_number: Option<String>,
    contact: Contact,
}

impl Settings {
    fn of(server: &Server) -> Self {
        Self {
            in_group: server.in_group,
            directory: server.directory.clone(),
            role: server.role,
            database_path: server.database_path.clone(),
            version: server.version.clone(),
            version_number: server.version_number.clone(),
            contact: server.contact.clone(),
        }
    }

    fn put(self, server: &mut Server) {
        server.in_group = self.in_group;
        server.directory = self.directory;
        server.role = self.role;
        server.database_path = self.database_path;
        server.version = self.version;
        server.version_number = self.version_number;
        server.contact = self.contact;
    }
}
