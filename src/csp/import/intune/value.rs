//! The value of an OMA setting: what its type makes of what stands in JSON.

use crate::csp::catalog::intune::Encoding;
use crate::csp::import::located::{Json, Located};
use crate::csp::model::profile::Written;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// A value, and whether it is a number that was written as text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Value {
    pub(super) written: Written,
    pub(super) quoted: bool,
}

/// Reads the value of a setting.
///
/// - `encoding`: of the setting's type; `None` when the type is not known, and the value is taken as it stands.
/// - `encrypted`: the service says that it hides the value, so that none at all is a hidden one too.
/// - Returns `None` for a list or an object, which no setting has.
pub(super) fn read(
    value: Option<&Located>,
    encoding: Option<Encoding>,
    encrypted: bool,
) -> Option<Value> {
    let plain = |written| Value { written, quoted: false };
    Some(match value.map(|value| &value.json) {
        None | Some(Json::Null) if encrypted => plain(Written::Masked),
        None | Some(Json::Null) => plain(Written::Missing),
        Some(Json::Boolean(value)) => plain(Written::Boolean(*value)),
        Some(Json::Number(number)) => plain(match number.parse() {
            Ok(number) => Written::Integer(number),
            Err(_) => Written::Float(number.clone()),
        }),
        Some(Json::Text(text)) => self::text(text, encoding, encrypted),
        Some(Json::List(_) | Json::Object(_)) => return None,
    })
}

fn text(text: &str, encoding: Option<Encoding>, encrypted: bool) -> Value {
    let written = match (encoding, text.trim().parse()) {
        _ if is_masked(text) || (encrypted && text.is_empty()) => Written::Masked,
        (Some(Encoding::Base64), _) => decoded(text),
        (Some(Encoding::Integer), Ok(number)) => {
            return Value { written: Written::Integer(number), quoted: true };
        }
        _ => Written::Text(text.to_owned()),
    };
    Value { written, quoted: false }
}

/// Whether a text is what a service or a tool shows in the place of a secret: asterisks, with dashes between them, and the last
/// characters perhaps in clear.
pub(super) fn is_masked(text: &str) -> bool {
    let text = text.trim();
    let covers = |letter: char| matches!(letter, '*' | '-');
    text.contains('*') && text.chars().all(covers)
        || text.starts_with("*****-")
            && text.chars().all(|letter| covers(letter) || letter.is_ascii_alphanumeric())
}

/// The text behind Base64. White space between the characters counts for nothing, as it does where the service decodes it.
fn decoded(base64: &str) -> Written {
    let base64: String = base64.chars().filter(|letter| !letter.is_ascii_whitespace()).collect();
    let Ok(bytes) = STANDARD.decode(base64) else {
        return Written::Broken("it is no Base64".to_owned());
    };
    match String::from_utf8(bytes) {
        Ok(text) => match text.strip_prefix('\u{feff}') {
            Some(text) => Written::Decoded { text: text.to_owned(), marked: true },
            None => Written::Decoded { text, marked: false },
        },
        Err(_) => Written::Broken("it is Base64 of something that is not UTF-8".to_owned()),
    }
}
