//! The list of configuration service providers that a device answers: `DeviceManageability/Capabilities/CSPVersions`.
//!
//! Of it the version of this API is read. Whether that is the version that the build should have is left to the rules.

use super::facts::{CspVersion, Facts, shown};
use super::root::root;
use super::{Each, Options, Record};
use crate::artefact::trouble::{Next, Trouble};
use crate::artefact::xml::{Document, Piece, Tag};
use crate::artefact::{Fit, Kind, Notes, Sample};
use crate::csp::catalog::nodes::{ROOT_NAME, ROOTS};
use crate::error::{Outcome, Place};
use std::io::BufRead;

pub static KIND: Kind = Kind {
    name: "csp.cspversions",
    title: "versions of the configuration service providers of a device (`DeviceManageability/Capabilities/CSPVersions`)",
    binary: false,
    sniff,
};

const ROOT: &str = "DeviceManageability";

fn sniff(sample: &Sample<'_>) -> Fit {
    if root(sample.text) == Some(ROOT) { Fit::Yes(9) } else { Fit::No }
}

/// Reads a list; hands on one device without a name.
pub fn read(
    input: &mut dyn BufRead,
    _: &Options,
    notes: &mut Notes,
    each: &mut Each<'_>,
) -> Outcome<()> {
    let before = notes.complaints.count();
    let csp_version = scan(input, notes)?;
    if notes.complaints.count() > before {
        return Ok(());
    }
    if csp_version.is_none() {
        notes.warn("csp-not-listed", Place::Whole, format!("the list has no `{ROOT_NAME}`"));
    }
    each(Place::Line(1), Record::Device(Box::new(Facts { csp_version, ..Facts::default() })))
}

/// The version of this API in the text of a list; `None` when the list does not have it. An error says what is wrong with the list.
pub(super) fn version(list: &str) -> Result<Option<CspVersion>, String> {
    let mut notes = Notes::default();
    let version = scan(&mut list.as_bytes(), &mut notes);
    match (notes.complaints.kept.first(), version) {
        (None, Ok(version)) => Ok(version),
        (Some(complaint), _) => Err(format!("`CSPVersions`: {}", complaint.message)),
        (None, Err(_)) => Err("`CSPVersions` cannot be read".to_owned()),
    }
}

/// The highest version under any root of this API; what is wrong is complained of.
fn scan(input: &mut dyn BufRead, notes: &mut Notes) -> Outcome<Option<CspVersion>> {
    let mut document = Document::new(input);
    let (mut roots, mut found) = (0, None);
    loop {
        let trouble = match document.next() {
            Ok(None) => break,
            Ok(Some(Piece::Open(tag))) if tag.depth == 1 => {
                roots += 1;
                match (tag.name, roots) {
                    (ROOT, 1) => continue,
                    (ROOT, _) => wrong(&tag, "a second list, and neither names its device"),
                    _ => wrong(&tag, "the root is no `DeviceManageability`"),
                }
            }
            Ok(Some(Piece::Open(tag))) if tag.name == "CSP" => match listed(&tag) {
                Ok(version) => {
                    found = found.max(version);
                    continue;
                }
                Err(message) => Trouble::Skip(Place::Line(tag.line), message),
            },
            Ok(Some(_)) => continue,
            Err(trouble) => trouble,
        };
        if trouble.settle(notes)? == Next::Stop {
            return Ok(found);
        }
    }
    if roots == 0 {
        notes.complain(Place::Whole, "the file holds no element");
    }
    Ok(found)
}

fn wrong(tag: &Tag<'_>, message: &str) -> Trouble {
    Trouble::End(Place::Line(tag.line), message.to_owned())
}

/// The version that an entry gives for this API; `None` when it is about another provider.
fn listed(tag: &Tag<'_>) -> Result<Option<CspVersion>, String> {
    let node = tag.attribute("Node")?.unwrap_or_default();
    let path = node.trim().strip_prefix("./").unwrap_or_default();
    let is_root = |root: &&[&str]| {
        let names = root.iter().chain([&ROOT_NAME]);
        let mut segments = path.split('/');
        names
            .into_iter()
            .all(|name| segments.next().is_some_and(|at| at.eq_ignore_ascii_case(name)))
            && segments.next().is_none()
    };
    if !ROOTS.iter().any(is_root) {
        return Ok(None);
    }
    let version = tag.attribute("Version")?.unwrap_or_default();
    CspVersion::parse(version.trim())
        .map(Some)
        .ok_or_else(|| format!("the version of `{ROOT_NAME}` is {}; write `1.4`", shown(&version)))
}

#[cfg(test)]
mod tests {
    use super::{KIND, read, version};
    use crate::artefact::{Fit, LONGEST, Sample};
    use crate::csp::import::Options;
    use crate::csp::import::facts::CspVersion;
    use crate::csp::import::testing::{cut_everywhere, seen};

    /// As Windows 11, build 26200, answers it, but for the other providers.
    fn list(entries: &str) -> String {
        format!(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
             <DeviceManageability Version=\"com.microsoft/1.1/MDM/DeviceManageability\">\n  \
             <Capabilities>\n    <CSPVersions>\n{entries}    </CSPVersions>\n  </Capabilities>\n\
             </DeviceManageability>\n"
        )
    }

    fn entry(node: &str, version: &str) -> String {
        format!("      <CSP Node=\"{node}\" Version=\"{version}\"></CSP>\n")
    }

    fn version_of(entries: &str) -> Option<(u32, u32)> {
        let said = seen(|notes, each| {
            read(&mut list(entries).as_bytes(), &Options::default(), notes, each)
        });
        assert!(said.complaints.is_empty(), "{said:?}");
        said.devices[0].1.csp_version.map(|version| (version.major, version.minor))
    }

    #[test]
    fn the_version_of_this_api_is_found_under_either_root() {
        let (device, short) =
            ("./Device/Vendor/MSFT/WindowsLicensing", "./Vendor/MSFT/WindowsLicensing");
        let others = entry("./Device/Vendor/MSFT/Policy", "10.0") + &entry("./DevInfo", "1.0");
        assert_eq!(version_of(&(others.clone() + &entry(device, "1.4"))), Some((1, 4)));
        assert_eq!(version_of(&(entry(short, "1.3") + &others)), Some((1, 3)));
        assert_eq!(version_of(&(entry(short, "1.3") + &entry(device, "1.10"))), Some((1, 10)));
        assert_eq!(
            version_of("<CSP Version='1.3' Node='./vendor/msft/windowslicensing'/>"),
            Some((1, 3))
        );
    }

    #[test]
    fn a_list_without_this_api_says_so() {
        let user = entry("./User/Vendor/MSFT/WindowsLicensing", "1.0")
            + &entry("./Vendor/MSFT/WindowsLicensing/Edition", "1.0");
        let said =
            seen(|notes, each| read(&mut list(&user).as_bytes(), &Options::default(), notes, each));
        assert_eq!(said.warnings, ["csp-not-listed the list has no `WindowsLicensing`"]);
        assert!(said.devices[0].1.is_empty());
    }

    #[test]
    fn what_is_no_list_is_refused_with_its_line() {
        let complaints = |text: &str| {
            let said =
                seen(|notes, each| read(&mut text.as_bytes(), &Options::default(), notes, each));
            assert!(said.devices.is_empty());
            said.complaints
        };
        let node = "./Vendor/MSFT/WindowsLicensing";
        for wrong in ["", "1", "1.", ".4", "1.4.1", "+1.4", "1.99999999999", "one"] {
            let message =
                format!("line 5: the version of `WindowsLicensing` is `{wrong}`; write `1.4`");
            assert_eq!(complaints(&list(&entry(node, wrong))), [message]);
        }
        assert_eq!(complaints("<MgmtTree/>"), ["line 1: the root is no `DeviceManageability`"]);
        assert_eq!(complaints(""), ["the file holds no element"]);
        let twice = list("") + &list("").replace("<?xml version=\"1.0\" encoding=\"utf-8\"?>", "");
        assert_eq!(complaints(&twice).len(), 1);
        assert_eq!(complaints(&format!("<!DOCTYPE x>{}", list(""))).len(), 1);
        assert_eq!(complaints(&"<DeviceManageability>".repeat(1_000)).len(), 1);
        let long = list(&entry(node, &"1".repeat(2 * LONGEST)));
        assert!(complaints(&long)[0].contains("longer than"));
    }

    #[test]
    fn the_answer_of_the_node_is_read_like_a_file() {
        let text = list(&entry("./Vendor/MSFT/WindowsLicensing", "1.4"));
        assert_eq!(version(&text), Ok(Some(CspVersion { major: 1, minor: 4 })));
        assert_eq!(version(&list("")), Ok(None));
        assert!(version("com.microsoft").unwrap_err().starts_with("`CSPVersions`: "));
        assert!(version("").is_err());
    }

    #[test]
    fn a_list_that_is_cut_is_refused() {
        let text = list(&entry("./Vendor/MSFT/WindowsLicensing", "1.4"));
        cut_everywhere(text.trim_end().as_bytes(), &|part, notes, each| {
            read(&mut &*part, &Options::default(), notes, each)
        });
    }

    #[test]
    fn a_list_is_known_by_its_root() {
        let fit = |text: &str| (KIND.sniff)(&Sample { name: "x", bytes: text.as_bytes(), text });
        assert_eq!(fit(&list("")), Fit::Yes(9));
        assert_eq!(fit("<DeviceManageability/>"), Fit::Yes(9));
        assert_eq!(fit("<!-- c -->\r\n<DeviceManageability>"), Fit::Yes(9));
        assert_eq!(fit("<DeviceManageabilityX/>"), Fit::No);
        assert_eq!(fit("<SyncML><DeviceManageability/></SyncML>"), Fit::No);
        assert_eq!(fit(""), Fit::No);
    }
}
