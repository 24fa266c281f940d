//! `windows10CustomConfiguration`: its `omaSettings`.

use super::value::{self, Value};
use super::{TYPE, short};
use crate::artefact::Notes;
use crate::csp::import::located::{Json, Located};
use crate::csp::model::profile::{Profile, ProfileForm, Setting, SettingKind, Wish};
use crate::error::Place;

/// Reads a custom profile. A setting that has no address, or a value that is no scalar, is complained of and left out.
pub(super) fn read(object: &Located, notes: &mut Notes) -> Profile {
    let mut settings = Vec::new();
    match object.member("omaSettings") {
        None | Some(Located { json: Json::Null, .. }) => {}
        Some(Located { json: Json::List(items), .. }) => {
            settings.extend(items.iter().filter_map(|item| setting(item, notes)));
        }
        Some(other) => notes.complain(Place::Line(other.line), "`omaSettings` is no list"),
    }
    Profile {
        line: object.line,
        form: ProfileForm::IntuneCustom,
        name: object.text("displayName").unwrap_or_default().to_owned(),
        settings,
    }
}

fn setting(object: &Located, notes: &mut Notes) -> Option<Setting> {
    let Json::Object(_) = object.json else {
        notes.complain(Place::Line(object.line), "an OMA setting is no object");
        return None;
    };
    let Some(uri) = object.text("omaUri") else {
        notes.complain(Place::Line(object.line), "the OMA setting has no `omaUri`");
        return None;
    };
    let kind = object.text(TYPE).map_or(SettingKind::Unknown, |name| SettingKind::of(short(name)));
    let encrypted = object.is_true("isEncrypted");
    let value = object.member("value");
    let line = value.map_or(object.line, |value| value.line);
    let encoding = kind.oma_type().map(|row| row.encoding);
    let Some(Value { written, quoted }) = value::read(value, encoding, encrypted) else {
        notes.complain(Place::Line(line), "the `value` of an OMA setting is a list or an object");
        return None;
    };
    Some(Setting {
        line,
        name: object.text("displayName").unwrap_or_default().to_owned(),
        uri: uri.to_owned(),
        kind,
        wish: Wish::Set,
        value: written,
        quoted,
        encrypted,
        read_only: object.is_true("isReadOnly"),
    })
}
