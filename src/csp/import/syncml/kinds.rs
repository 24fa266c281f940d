//! By what the kinds of SyncML files are told, from their beginning.

use super::grammar::{Element, element};
use crate::artefact::{Fit, Kind, Sample};

/// What a management server sends, and what admins write.
pub static REQUEST: Kind = Kind {
    name: "csp.syncml-request",
    title: "SyncML commands for a device: a message, a `SyncBody`, or bare commands with CmdIDs",
    binary: false,
    sniff: |sample| fit(sample, Outline::request),
};

/// What a device sends.
pub static RESPONSE: Kind = Kind {
    name: "csp.syncml-response",
    title: "SyncML answers of a device: Status and Results, or the first package of a session",
    binary: false,
    sniff: |sample| fit(sample, Outline::response),
};

/// What `SyncMLViewer` saves.
pub static STREAM: Kind = Kind {
    name: "csp.syncmlviewer-stream",
    title: "messages of MDM sessions, saved by SyncMLViewer",
    binary: false,
    sniff: |sample| fit(sample, Outline::stream),
};

/// What Fleet takes as a Windows configuration profile.
pub static FLEET_PROFILE: Kind = Kind {
    name: "csp.fleet-profile",
    title: "Windows configuration profile of Fleet: bare SyncML commands without CmdIDs",
    binary: false,
    sniff: |sample| fit(sample, Outline::fleet_profile),
};

/// Whether a file is SyncML in its binary form, from its first bytes: version 1.2 or 1.3 of WBXML.
#[must_use]
pub fn is_wbxml(bytes: &[u8]) -> bool {
    matches!(bytes, [0x02 | 0x03, second, ..] if *second != 0)
        && !bytes.iter().take(4).any(|byte| *byte == b'<')
}

fn fit(sample: &Sample<'_>, judge: fn(&Outline) -> Fit) -> Fit {
    if is_wbxml(sample.bytes) {
        return Fit::Near("it is WBXML, and only SyncML as XML is read");
    }
    judge(&Outline::of(sample.text))
}

/// What stands in the beginning of a file.
#[derive(Debug, Default)]
struct Outline {
    /// Of the first element.
    root: Option<Element>,
    documents: usize,
    /// How many comments are of those that `SyncMLViewer` writes between messages.
    sessions: usize,
    answers: bool,
    ids: bool,
    /// The header's Source: whether it is a URL, as a server's is.
    from_server: Option<bool>,
    /// An item of the package that opens a session.
    opens: bool,
}

impl Outline {
    fn of(text: &str) -> Self {
        let mut outline = Self::default();
        // A list of requests and responses begins with a line of dashes.
        if !text.trim_start().starts_with(['<', '-']) {
            return outline;
        }
        let mut rest = text;
        let (mut header, mut source) = (false, false);
        while let Some((_, behind)) = rest.split_once('<') {
            let (body, end) = match behind {
                _ if behind.starts_with("!--") => (behind, "-->"),
                _ if behind.starts_with("![CDATA[") => (behind, "]]>"),
                _ if behind.starts_with('?') => (behind, "?>"),
                _ => (behind, ">"),
            };
            let Some((tag, behind)) = body.split_once(end) else { break };
            rest = behind;
            if tag.starts_with("!--") {
                outline.sessions += usize::from(tag.contains("OmaDmSession"));
            }
            if tag.starts_with(['!', '?']) {
                continue;
            }
            let (open, name) = match tag.strip_prefix('/') {
                Some(name) => (false, name),
                None => (true, tag),
            };
            let name = name.split(|letter: char| letter.is_whitespace() || letter == '/').next();
            let name = name.unwrap_or_default();
            let element = element(name.rsplit(':').next().unwrap_or(name));
            match element {
                Element::SyncHdr => header = open && !tag.ends_with('/'),
                Element::Source => source = open,
                Element::LocUri if open && source => outline.source(rest, header),
                _ if open => outline.meet(element),
                _ => {}
            }
        }
        outline
    }

    /// Takes the address of a Source, with which `rest` begins.
    fn source(&mut self, rest: &str, header: bool) {
        let text = rest.split('<').next().unwrap_or_default().trim();
        if header {
            self.from_server.get_or_insert(text.contains("://"));
        } else {
            self.opens |= text.starts_with("./DevInfo/");
        }
    }

    fn meet(&mut self, element: Element) {
        self.root.get_or_insert(element);
        match element {
            Element::SyncMl => self.documents += 1,
            Element::Status | Element::Results => self.answers = true,
            Element::CmdId => self.ids = true,
            _ => {}
        }
    }

    fn is_rooted(&self) -> bool {
        matches!(self.root, Some(Element::SyncMl | Element::SyncBody))
    }

    /// Whether the message is rather the device's: by its Source, else by what it holds.
    fn is_answer(&self) -> bool {
        match self.from_server {
            Some(true) => false,
            Some(false) => self.answers || self.opens,
            None => self.answers,
        }
    }

    fn stream(&self) -> Fit {
        let several = self.documents > 1 || self.documents == 1 && self.sessions > 0;
        if several { Fit::Yes(9) } else { Fit::No }
    }

    fn request(&self) -> Fit {
        match self.root {
            _ if self.documents > 1 => Fit::Near("it is a stream of several SyncML documents"),
            Some(root) if root.is_bare() => Fit::Yes(if self.ids { 7 } else { 4 }),
            _ if !self.is_rooted() => Fit::No,
            _ if self.is_answer() => Fit::Near("it is what a device answered"),
            _ => Fit::Yes(8),
        }
    }

    fn response(&self) -> Fit {
        match () {
            () if !self.is_rooted() || self.documents > 1 => Fit::No,
            () if self.is_answer() => Fit::Yes(8),
            () if self.answers => Fit::Yes(2),
            () => Fit::Near("it holds commands for a device, and no answers of one"),
        }
    }

    fn fleet_profile(&self) -> Fit {
        match self.root {
            Some(root) if root.is_bare() && !self.ids => Fit::Yes(7),
            _ => Fit::No,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::examples::published;
    use super::{FLEET_PROFILE, REQUEST, RESPONSE, STREAM, is_wbxml};
    use crate::artefact::{Fit, Sample};

    const BODY: &str =
        "<Get><CmdID>1</CmdID><Item><Target><LocURI>./DevInfo/Man</LocURI></Target></Item></Get>";

    fn message(head: &str, body: &str) -> String {
        format!(
            "<SyncML xmlns=\"SYNCML:SYNCML1.2\">{head}<SyncBody>{body}<Final/></SyncBody></SyncML>"
        )
    }

    #[test]
    fn the_kinds_are_told_by_what_stands_in_the_file() {
        let fits = |text: &str| {
            [&REQUEST, &RESPONSE, &STREAM, &FLEET_PROFILE].map(|kind| {
                match (kind.sniff)(&Sample { name: "x", bytes: text.as_bytes(), text }) {
                    Fit::Yes(strength) => strength,
                    Fit::No | Fit::Near(_) => 0,
                }
            })
        };
        let strongest = |text: &str| {
            let fits = fits(text);
            let best = *fits.iter().max().unwrap();
            (best > 0).then(|| fits.iter().position(|fit| *fit == best).unwrap())
        };
        for (name, text) in published() {
            assert_eq!(strongest(&text), Some(0), "{name}");
        }
        let head =
            |source: &str| format!("<SyncHdr><Source><LocURI>{source}</LocURI></Source></SyncHdr>");
        let status = "<Status><CmdID>1</CmdID></Status>";
        let server = message(&head("https://mdm.example.test/"), &format!("{status}{BODY}"));
        assert_eq!(strongest(&server), Some(0));
        let client = message(&head("urn:uuid:1"), &format!("{status}{BODY}"));
        assert_eq!(strongest(&client), Some(1));
        assert_eq!(strongest(&message("<SyncHdr/>", status)), Some(1));
        let opening = "<Alert><Data>1201</Data></Alert><Replace><Item><Source><LocURI>./DevInfo/DevId</LocURI></Source></Item></Replace>";
        assert_eq!(strongest(&message(&head("urn:uuid:1"), opening)), Some(1));
        assert_eq!(strongest(&format!("{server}\n\n{client}")), Some(2));
        assert_eq!(strongest(&format!("<!-- OmaDmSessionStart -->\n{client}")), Some(2));
        assert_eq!(strongest(BODY), Some(0));
        assert_eq!(strongest(&BODY.replace("<CmdID>1</CmdID>", "")), Some(3));
        assert_eq!(strongest("<MgmtTree/>"), None);
        assert_eq!(strongest("{\"SyncML\": \"<SyncML>\"}"), None);
    }

    #[test]
    fn wbxml_is_known_and_not_read() {
        assert!(is_wbxml(b"\x02\xa4\x01\x6a\x00"));
        assert!(is_wbxml(b"\x03\x01\x6a\x00"));
        assert!(!is_wbxml(b"<SyncML/>"));
        assert!(!is_wbxml(b""));
        let sample = Sample { name: "x", bytes: b"\x02\xa4\x01\x6a\x00", text: "" };
        assert!(matches!((REQUEST.sniff)(&sample), Fit::Near(_)));
    }
}
