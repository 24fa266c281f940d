//! Calls as the body of a WS-Management Invoke.

use super::{Call, Key};
use crate::tslicense::model::Argument;
use std::fmt::Write as _;

/// Where the resource URIs of the classes begin: the namespace and the class follow.
const WMI_URI: &str = "http://schemas.microsoft.com/wbem/wsman/1/wmi/";

/// The body of the request: the INPUT element, which a method without parameters needs too.
#[must_use]
pub fn body(call: &Call<'_>) -> String {
    let (class, word) = (call.method.class(), call.method.word());
    let mut text = String::new();
    if let Some(remark) = call.remark() {
        // Two hyphens may not stand in a comment of XML.
        let _ = writeln!(text, "<!-- {} -->", remark.replace("--", ""));
    }
    for (name, key) in call.keys() {
        let value = match key {
            Key::Number(number) => number.to_string(),
            // Two hyphens may not stand in a comment of XML.
            Key::Text(text) => escaped(text).replace("--", "-&#45;"),
        };
        let _ = writeln!(text, "<!-- selector {name}={value} -->");
    }
    let space = call.namespace();
    let _ = writeln!(text, "<p:{word}_INPUT xmlns:p=\"{WMI_URI}{space}/{class}\">");
    for (row, value) in &call.arguments.given {
        let value = match value {
            Argument::Number(number) => number.to_string(),
            Argument::Text(text) => escaped(&call.text(row, text)),
        };
        let _ = writeln!(text, " <p:{name}>{value}</p:{name}>", name = row.name);
    }
    // An array is its element again and again.
    if let Some((name, texts)) = call.list {
        for one in texts {
            let _ = writeln!(text, " <p:{name}>{}</p:{name}>", escaped(one));
        }
    }
    let _ = writeln!(text, "</p:{word}_INPUT>");
    text
}

/// Text of an element; what XML cannot hold becomes a question mark.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '\t' | '\n' | '\r' => escaped.push(letter),
            letter if letter.is_control() => escaped.push('?'),
            letter => escaped.push(letter),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::super::{Call, Numbers, Object};
    use super::body;
    use crate::tslicense::catalog::methods::{Act, of};
    use crate::tslicense::model::{Argument, Arguments, KeyPackId};

    #[test]
    fn the_input_element_is_in_the_namespace_of_its_class() {
        let method = of(Act::Convert).unwrap();
        let arguments = Arguments {
            given: method.given().zip([Argument::Number(10)]).collect(),
            filed: Vec::new(),
        };
        let (object, numbers) = (Object::Pack(KeyPackId(4)), Numbers::Masked);
        let arguments = &arguments;
        let call = Call { server: "ls-a", method, object, arguments, list: None, numbers };
        assert_eq!(
            body(&call),
            "<!-- selector KeyPackId=4 -->\n<p:ConvertLicenses_INPUT xmlns:p=\"http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/Win32_TSLicenseKeyPack\">\n <p:Count>10</p:Count>\n</p:ConvertLicenses_INPUT>\n"
        );
    }

    #[test]
    fn a_method_without_parameters_has_an_empty_input() {
        let method = of(Act::GetActivationStatus).unwrap();
        let arguments = Arguments::default();
        let (object, numbers) = (Object::Class, Numbers::Masked);
        let arguments = &arguments;
        let call = Call { server: "ls-a", method, object, arguments, list: None, numbers };
        assert_eq!(body(&call).lines().count(), 2);
        assert!(body(&call).contains("/Win32_TSLicenseServer\""));
    }
}
