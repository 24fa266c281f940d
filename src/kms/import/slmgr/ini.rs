//! `slmgr.ini`: the texts of slmgr in another language, under the names of the resources.
//!
//! Source: [SLMGR]: `[Strings]`, then `L_Name="text"`; split at the first `=`, blanks and one quote at each end trimmed, names
//! without regard to case.

use std::collections::HashMap;

/// How many resources a file may name; the script has some 400.
const MOST: usize = 10_000;

/// The texts of a language, by resource name in lower case.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Strings(HashMap<String, String>);

impl Strings {
    /// Reads the decoded text of the file; of a name that stands twice the first counts, as a look-up from the top finds it.
    pub(super) fn parse(text: &str) -> Self {
        let mut strings = HashMap::new();
        let mut wanted = false;
        for line in text.split(['\r', '\n']) {
            let line = line.trim_start_matches('\u{feff}').trim();
            if line.starts_with('[') {
                wanted = line.eq_ignore_ascii_case("[Strings]");
            } else if let Some((name, value)) = line.split_once('=').filter(|_| wanted) {
                let value = value.trim();
                let value = value.strip_prefix('"').unwrap_or(value);
                let value = value.strip_suffix('"').unwrap_or(value);
                strings.entry(name.trim().to_lowercase()).or_insert_with(|| value.to_owned());
            }
            if strings.len() >= MOST {
                break;
            }
        }
        Self(strings)
    }

    /// The text of a resource.
    pub(super) fn get(&self, resource: &str) -> Option<&str> {
        self.0.get(&resource.to_lowercase()).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::Strings;

    #[test]
    fn names_and_quoted_texts_are_read_as_the_script_reads_them() {
        let text = "\u{feff}[Strings]\r\nL_MsgCmid = \"Clientcomputer-ID: \"\r\nL_MSGKMSINFO=plain=x\r\n; note\r\n\
            L_MsgCmid=\"second\"\r\nL_Quoted=\"\"inner\"\"\r\n[Other]\r\nL_Lost=\"x\"\r\n";
        let strings = Strings::parse(text);
        assert_eq!(strings.get("L_MsgCmid"), Some("Clientcomputer-ID: "));
        assert_eq!(strings.get("L_MsgKmsInfo"), Some("plain=x"));
        assert_eq!(strings.get("L_Quoted"), Some("\"inner\""));
        assert_eq!(strings.get("L_Lost"), None);
        assert_eq!(Strings::parse("no section\r\nL_A=\"x\""), Strings::default());
    }
}
