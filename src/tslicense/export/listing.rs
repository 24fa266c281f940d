//! What is stored, as the artefacts that it is read from: PowerShell's JSON and CSV, and the section of a Checkmk agent.

use crate::tslicense::catalog::fields::{
    CONTACT, DATABASE_PATH, PRODUCT_ID, ROLE, VERSION, VERSION_NUMBER,
};
use crate::tslicense::model::datetime::written;
use crate::tslicense::model::{Issued, KeyPack, Server, UNLIMITED};
use serde_json::{Value as Json, json};
use std::fmt::Write as _;

/// A key pack with the properties of its class, and the server that it is of.
#[must_use]
pub fn pack(server: &str, pack: &KeyPack) -> Json {
    json!({
        "KeyPackId": pack.id.0,
        "Description": pack.description,
        "KeyPackType": pack.key_pack_type,
        "ProductType": pack.product,
        "ProductVersion": pack.version_name,
        "ProductVersionID": pack.version,
        "TotalLicenses": pack.total,
        "IssuedLicenses": pack.issued,
        "AvailableLicenses": pack.available,
        "ExpirationDate": written(pack.expires),
        "AccessRights": pack.access_rights,
        "TypeAndModel": pack.type_and_model,
        "PSComputerName": server,
    })
}

/// An issued license with the properties of its class, and the server that it is of.
#[must_use]
pub fn license(server: &str, license: &Issued) -> Json {
    json!({
        "LicenseId": license.id.0,
        "KeyPackId": license.pack.0,
        "sIssuedToUser": license.user,
        "sIssuedToComputer": license.computer,
        "LicenseStatus": license.status,
        "IssueDate": written(license.issued),
        "ExpirationDate": written(license.expires),
        "sHardwareId": license.hardware,
        "PSComputerName": server,
    })
}

/// A license server with the properties of its class; null where nothing is known.
#[must_use]
pub fn server(server: &Server) -> Json {
    let mut members = serde_json::Map::new();
    for (field, held) in CONTACT.iter().zip(&server.contact.0) {
        let text = (!held.is_empty()).then_some(held);
        members.insert(field.name.to_owned(), json!(text));
    }
    let path = (!server.database_path.is_empty()).then_some(&server.database_path);
    let own = [
        (&ROLE, json!(server.role)),
        (&DATABASE_PATH, json!(path)),
        (&PRODUCT_ID, json!(server.product_id)),
        (&VERSION, json!(server.version)),
        (&VERSION_NUMBER, json!(server.version_number)),
    ];
    members.extend(own.map(|(field, value)| (field.name.to_owned(), value)));
    members.insert("PSComputerName".to_owned(), json!(server.name));
    Json::Object(members)
}

/// The header of a table of such objects.
#[must_use]
pub fn header(object: &Json) -> String {
    let names = object.as_object().map(|members| members.keys().map(|name| quoted(name)));
    line(names.into_iter().flatten())
}

/// An object as a row of a table, every field in quotes as PowerShell writes them.
#[must_use]
pub fn row(object: &Json) -> String {
    let text = |value: &Json| match value {
        Json::String(text) => quoted(text),
        Json::Null => String::new(),
        other => quoted(&other.to_string()),
    };
    let cells = object.as_object().map(|members| members.values().map(text));
    line(cells.into_iter().flatten())
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

fn line(cells: impl Iterator<Item = String>) -> String {
    let mut line = cells.collect::<Vec<_>>().join(",");
    line.push('\n');
    line
}

/// The section `rds_licenses`, as the agent's script prints it: no limit is -1.
///
/// Source: CMK: agent plug-in `rds_licenses`.
#[must_use]
pub fn checkmk(server: &str, packs: &[KeyPack]) -> String {
    let mut text = format!("<<<check_mk>>>\nHostname: {server}\n<<<rds_licenses:sep(44)>>>\n");
    text.push_str("KeyPackId,Description,KeyPackType,ProductType,ProductVersion,ProductVersionID,");
    text.push_str("TotalLicenses,IssuedLicenses,AvailableLicenses,ExpirationDate\n");
    let count = |count: u32| {
        if count == UNLIMITED { "-1".to_owned() } else { count.to_string() }
    };
    for pack in packs {
        let _ = writeln!(
            text,
            "{},{},{},{},{},{},{},{},{},{}",
            pack.id.0,
            pack.description,
            pack.key_pack_type,
            pack.product,
            pack.version_name.replace(',', " "),
            pack.version,
            count(pack.total),
            count(pack.issued),
            count(pack.available),
            written(pack.expires)
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{checkmk, header, license, pack, row};
    use crate::api::Source;
    use crate::artefact::Notes;
    use crate::clock::Timestamp;
    use crate::tslicense::import::{Options, READERS, Told};
    use crate::tslicense::model::{Issued, KeyPack, KeyPackId, LicenseId, Stage};

    fn read(kind: &str, text: &str) -> Vec<Told> {
        let reader = READERS.iter().find(|reader| reader.kind.name == kind).unwrap();
        let (mut found, mut notes, mut bytes) = (Vec::new(), Notes::default(), text.as_bytes());
        let options = Options::default();
        let source = Source::Text(&mut bytes);
        let take = &mut |_, record: crate::tslicense::import::Record, _: &mut Notes| {
            assert_eq!(record.server.as_deref(), Some("ls-a"));
            found.push(record.told);
            Ok(())
        };
        reader.read(source, &options, &mut notes, take).unwrap();
        assert!(notes.complaints.is_empty());
        found
    }

    #[test]
    fn what_is_written_reads_back_as_it_was() {
        let packs = [KeyPack::built_in(), KeyPack::new(KeyPackId(3), 5, (6, 1), 50)];
        let told: Vec<Told> =
            packs.iter().map(|pack| Told::KeyPack(Box::new(pack.clone()))).collect();
        let objects: Vec<_> = packs.iter().map(|one| pack("ls-a", one)).collect();
        let json = serde_json::Value::from(objects.clone()).to_string();
        assert_eq!(read("tslicense.cim-json", &json), told);
        let csv = header(&objects[0]) + &row(&objects[0]) + &row(&objects[1]);
        assert_eq!(read("tslicense.cim-csv", &csv), told);
        let section = read("tslicense.checkmk", &checkmk("ls-a", &packs));
        assert_eq!(section.get(1), told.get(1));
    }

    #[test]
    fn a_license_with_quotes_and_commas_reads_back() {
        let at = Timestamp::parse("2026-03-01T09:00:00Z").unwrap();
        let issued = Issued {
            id: LicenseId(1),
            pack: KeyPackId(3),
            status: 2,
            stage: Stage::Fresh,
            issued: at,
            expires: at.plus_days(60),
            hardware: "0x2, 0x1".to_owned(),
            computer: "PC \"1\"".to_owned(),
            user: "CORP\\ann".to_owned(),
        };
        let object = license("ls-a", &issued);
        let csv = header(&object) + &row(&object);
        assert_eq!(read("tslicense.cim-csv", &csv), [Told::Issued(Box::new(issued))]);
    }
}
