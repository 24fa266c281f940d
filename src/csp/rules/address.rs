//! Which node a `LocURI` means, whatever the device: roots, percent escapes, case, shorthand, query.
//!
//! Whether a device has the node is left to `applicability`, whether it takes the verb to `answer`.

use crate::csp::catalog::context::{CONTEXT, ContextNode};
use crate::csp::catalog::nodes::{Format, NODES, Node, ROOT, ROOT_NAME, ROOTS, Verb};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// The address of the CSP's root, in the form that documents use.
pub const ROOT_URI: &str = "./Vendor/MSFT/WindowsLicensing";

/// What an address means.
#[derive(Debug, Clone)]
pub struct Target {
    pub place: Place,
    /// The name that stands for `{SubscriptionId}`, decoded.
    pub subscription: Option<String>,
    pub query: Option<Query>,
    /// The address as asked for, without white space around it and without its query.
    pub uri: String,
}

impl Target {
    /// What the node takes.
    #[must_use]
    pub fn takes(&self, verb: Verb) -> bool {
        match self.place {
            Place::Node(node) => node.takes(verb),
            Place::Context(_) => verb == Verb::Get,
        }
    }

    #[must_use]
    pub fn format(&self) -> Format {
        match self.place {
            Place::Node(node) => node.format,
            Place::Context(node) => node.format,
        }
    }
}

/// A node of this CSP, or one of those beside it.
#[derive(Debug, Clone, Copy)]
pub enum Place {
    Node(&'static Node),
    Context(&'static ContextNode),
}

/// What stands behind the `?` of an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Query {
    /// `list=StructData`.
    StructData,
    /// `list=Struct`.
    Struct,
    /// Anything else, as written; no Windows client serves it.
    Other(String),
}

/// Why an address means nothing, as a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AddressFlaw {
    /// It begins with `/`, which is malformed.
    Malformed(String),
    /// No device has such a node.
    Unknown(String),
}

/// Finds what an address means.
///
/// Source: [MS-MDM] `LocURI`; that white space around it is cut, and what a doubled or trailing `/` does: assumed.
pub fn resolve(text: &str) -> Result<Target, AddressFlaw> {
    let text = trimmed(text);
    if text.starts_with('/') {
        return Err(AddressFlaw::Malformed("a LocURI does not begin with `/`".to_owned()));
    }
    if let Some(node) = spelt_out(text) {
        let place = Place::Node(node);
        return Ok(Target { place, subscription: None, query: None, uri: text.to_owned() });
    }
    let (uri, query) = match text.split_once('?') {
        Some((uri, query)) => (uri, Some(Query::new(query))),
        None => (text, None),
    };
    let rest = uri.strip_prefix("./").ok_or_else(|| unknown(uri, "a LocURI begins with `./`"))?;
    let segments: Option<Vec<String>> = rest.split('/').map(decoded).collect();
    let segments = segments.ok_or_else(|| unknown(uri, "a segment is empty, `*`, or not UTF-8"))?;
    let (place, subscription) = find(uri, &segments)?;
    Ok(Target { place, subscription, query, uri: uri.to_owned() })
}

/// A text without white space around it, which few have.
pub(super) fn trimmed(text: &str) -> &str {
    match text.as_bytes() {
        [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => text,
        _ => text.trim(),
    }
}

/// Makes an address of what is typed on the command line: what does not begin with `./` is below the CSP's root.
///
/// - `.` is the root. What begins with `/` stays, and is refused by [`resolve`].
#[must_use]
pub fn expand(text: &str) -> String {
    let text = text.trim();
    let (path, query) = text.find('?').map_or((text, ""), |at| text.split_at(at));
    match path {
        "" | "." => format!("{ROOT_URI}{query}"),
        _ if path.starts_with("./") || path.starts_with('/') => text.to_owned(),
        _ => format!("{ROOT_URI}/{text}"),
    }
}

/// The shorthand of an address, as [`expand`] takes it: what stands below the CSP's root; other addresses as they are.
#[must_use]
pub fn below_root(uri: &str) -> &str {
    behind_root(uri).unwrap_or(uri)
}

/// What stands behind the CSP's root and a `/`, when an address begins so without escapes.
fn behind_root(uri: &str) -> Option<&str> {
    if let Some(rest) = uri.strip_prefix(ROOT_URI).and_then(|rest| rest.strip_prefix('/')) {
        return Some(rest);
    }
    let beginning = |root: &&[&str]| {
        let mut rest = uri.strip_prefix("./")?;
        for name in root.iter().chain([&ROOT_NAME]) {
            let (head, tail) = rest.split_at_checked(name.len())?;
            same(head, name).then_some(())?;
            rest = tail.strip_prefix('/')?;
        }
        Some(rest)
    };
    ROOTS.iter().find_map(beginning)
}

/// The node of an address that stands as it is in the table of nodes, as nearly all do: at one look, without taking it apart.
fn spelt_out(uri: &str) -> Option<&'static Node> {
    let path = behind_root(uri).filter(|path| !path.is_empty())?;
    // Nearly every address is spelt as the table has it.
    let is = |node: &&&Node| {
        node.path.len() == path.len() && (node.path == path || same(node.path, path))
    };
    // A name in braces stands for any name, the same in braces among them.
    NODES.iter().find(is).copied().filter(|node| !node.path.contains('{'))
}

/// A name as it stands in an address.
#[must_use]
pub fn encoded(name: &str) -> String {
    utf8_percent_encode(name, &ESCAPED).to_string()
}

/// What may not stand in a segment as it is; RFC 3986 calls the rest unreserved.
const ESCAPED: AsciiSet = NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

impl Query {
    fn new(text: &str) -> Self {
        if text.eq_ignore_ascii_case("list=StructData") {
            Self::StructData
        } else if text.eq_ignore_ascii_case("list=Struct") {
            Self::Struct
        } else {
            Self::Other(text.to_owned())
        }
    }
}

/// One segment, decoded; `None` when no node can have such a name.
fn decoded(segment: &str) -> Option<String> {
    let name = percent_decode_str(segment).decode_utf8().ok()?.into_owned();
    (!name.is_empty() && !name.bytes().all(|byte| byte == b'*')).then_some(name)
}

fn unknown(uri: &str, why: &str) -> AddressFlaw {
    AddressFlaw::Unknown(format!("no node has the address `{uri}`: {why}"))
}

fn find(uri: &str, segments: &[String]) -> Result<(Place, Option<String>), AddressFlaw> {
    if let Some(below) = ROOTS.iter().find_map(|root| below(segments, root)) {
        return match below {
            [csp, rest @ ..] if same(csp, ROOT_NAME) => {
                let (node, subscription) =
                    walk(rest).ok_or_else(|| unknown(uri, "the CSP has no such node"))?;
                Ok((Place::Node(node), subscription))
            }
            _ => context(segments).ok_or_else(|| unknown(uri, "another CSP is meant")),
        };
    }
    if segments.first().is_some_and(|scope| same(scope, "User")) {
        return Err(unknown(uri, "the CSP has no nodes in the scope of a user"));
    }
    context(segments).ok_or_else(|| unknown(uri, "another CSP is meant"))
}

/// What stands below a root, when the address begins with it.
fn below<'a>(segments: &'a [String], root: &[&str]) -> Option<&'a [String]> {
    let (head, rest) = segments.split_at_checked(root.len())?;
    head.iter().zip(root).all(|(segment, name)| same(segment, name)).then_some(rest)
}

/// The node below the CSP's root. A name that the CSP has itself is stronger than `{SubscriptionId}`.
fn walk(segments: &[String]) -> Option<(&'static Node, Option<String>)> {
    let mut node = &ROOT;
    let mut subscription = None;
    for name in segments {
        let own =
            node.children().find(|child| !child.is_dynamic_name() && same(name, child.name()));
        node = match own {
            Some(own) => own,
            None => {
                subscription = Some(name.clone()).filter(|name| !name.contains('/'));
                subscription.as_ref()?;
                node.children().find(|child| child.is_dynamic_name())?
            }
        };
    }
    Some((node, subscription))
}

/// One of the nodes beside the CSP.
fn context(segments: &[String]) -> Option<(Place, Option<String>)> {
    let whole = |node: &ContextNode| {
        let names = || node.path.split('/');
        let vendor = segments.first().is_some_and(|first| same(first, "Device"))
            && node.path.starts_with("Vendor/");
        let segments = segments.get(usize::from(vendor)..).unwrap_or_default();
        segments.len() == names().count()
            && segments.iter().zip(names()).all(|(segment, name)| same(segment, name))
    };
    CONTEXT.into_iter().find(|node| whole(node)).map(|node| (Place::Context(node), None))
}

/// Names are compared without regard to case.
///
/// Source: [DDF2] `CaseSense` CIS of the leaves; interior nodes, which have none: assumed.
fn same(one: &str, two: &str) -> bool {
    one.eq_ignore_ascii_case(two)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::csp::catalog::nodes::NodeId;

    fn node(text: &str) -> Option<NodeId> {
        match resolve(text).ok()?.place {
            Place::Node(node) => Some(node.id),
            Place::Context(_) => None,
        }
    }

    #[test]
    fn both_roots_lead_to_the_same_nodes() {
        for row in NODES.iter().filter(|row| row.id != NodeId::Root) {
            for root in ["./Vendor/MSFT", "./Device/Vendor/MSFT", "./VENDOR/msft"] {
                let uri = format!("{root}/WindowsLicensing/{}", row.path);
                assert_eq!(node(&uri), Some(row.id), "{uri}");
            }
        }
        assert_eq!(node(ROOT_URI), Some(NodeId::Root));
    }

    #[test]
    fn an_address_is_trimmed_and_decoded_once() {
        for uri in [
            "./vendor/msft/windowslicensing/EDITION",
            "./Vendor/MSFT/WindowsLicensing/Editi%6Fn",
            "\n  ./Vendor/MSFT/WindowsLicensing/Edition \n",
        ] {
            assert_eq!(node(uri), Some(NodeId::Edition), "{uri}");
        }
        assert_eq!(node("./Vendor/MSFT/WindowsLicensing/Editi%256Fn"), None);
    }

    #[test]
    fn what_no_node_can_be_called_is_unknown() {
        for uri in [
            "Vendor/MSFT/WindowsLicensing/Edition",
            "./User/Vendor/MSFT/WindowsLicensing/Edition",
            "./Vendor/MSFT/WindowsLicensing/Edition/",
            "./Vendor/MSFT//WindowsLicensing/Edition",
            "./Vendor/MSFT/WindowsLicensing/*",
            "./Vendor/MSFT/WindowsLicensing/Nothing",
            "./Vendor/MSFT/WindowsLicensing/Edition/More",
            "./Vendor/MSFT/WindowsLicensing/Subscriptions/A%2FB",
            "./Vendor/MSFT/WindowsLicensing/Subscriptions/%FF",
            "./Vendor/MSFT/Policy/Config",
            "./Vendor/MSFT",
            "./DevInfo",
            "./",
            "",
        ] {
            assert!(matches!(resolve(uri), Err(AddressFlaw::Unknown(_))), "{uri}");
        }
    }

    #[test]
    fn an_address_that_begins_with_a_slash_is_malformed() {
        let flaw = resolve("/Vendor/MSFT/WindowsLicensing/Edition").unwrap_err();
        assert!(matches!(flaw, AddressFlaw::Malformed(_)));
    }

    #[test]
    fn any_name_below_subscriptions_is_a_subscription_but_those_of_the_csp() {
        let target = resolve("./Vendor/MSFT/WindowsLicensing/Subscriptions/A%20B/Name").unwrap();
        assert_eq!(target.subscription.as_deref(), Some("A B"));
        assert!(matches!(target.place, Place::Node(node) if node.id == NodeId::EntryName));
        let own = node("./Vendor/MSFT/WindowsLicensing/Subscriptions/subscriptiontype");
        assert_eq!(own, Some(NodeId::SubscriptionType));
        assert_eq!(encoded("A B"), "A%20B");
        assert_eq!(encoded("ENT-DEV_1.0~"), "ENT-DEV_1.0~");
    }

    #[test]
    fn a_query_is_taken_off_the_address() {
        for (query, expected) in [
            ("list=StructData", Query::StructData),
            ("list=struct", Query::Struct),
            ("prop=ACL", Query::Other("prop=ACL".to_owned())),
            ("", Query::Other(String::new())),
        ] {
            let target = resolve(&format!("{ROOT_URI}/Edition?{query}")).unwrap();
            assert_eq!(target.query, Some(expected));
            assert_eq!(target.uri, format!("{ROOT_URI}/Edition"));
        }
    }

    #[test]
    fn nodes_beside_the_csp_are_found() {
        for (uri, path) in [
            ("./DevInfo/DevId", "DevInfo/DevId"),
            ("./devdetail/swv", "DevDetail/SwV"),
            ("./Vendor/MSFT/DeviceStatus/OS/Mode", "Vendor/MSFT/DeviceStatus/OS/Mode"),
            ("./Device/Vendor/MSFT/DeviceStatus/OS/Mode", "Vendor/MSFT/DeviceStatus/OS/Mode"),
        ] {
            let place = resolve(uri).unwrap().place;
            assert!(matches!(place, Place::Context(node) if node.path == path), "{uri}");
        }
        assert!(resolve("./Device/DevInfo/DevId").is_err());
        assert!(resolve("./User/Vendor/MSFT/DeviceStatus/OS/Mode").is_err());
    }

    #[test]
    fn an_address_is_cut_to_its_shorthand() {
        for (uri, short) in [
            ("./Vendor/MSFT/WindowsLicensing/SMode/Status", "SMode/Status"),
            ("./device/vendor/msft/WindowsLicensing/Edition", "Edition"),
            ("./Vendor/MSFT/WindowsLicensing", "./Vendor/MSFT/WindowsLicensing"),
            (
                "./User/Vendor/MSFT/WindowsLicensing/Edition",
                "./User/Vendor/MSFT/WindowsLicensing/Edition",
            ),
            ("./DevInfo/DevId", "./DevInfo/DevId"),
            ("profile.json", "profile.json"),
        ] {
            assert_eq!(below_root(uri), short);
        }
    }

    #[test]
    fn the_shorthand_of_the_command_line_is_below_the_root() {
        for (typed, uri) in [
            ("Edition", "./Vendor/MSFT/WindowsLicensing/Edition"),
            ("SMode/Status", "./Vendor/MSFT/WindowsLicensing/SMode/Status"),
            (".", "./Vendor/MSFT/WindowsLicensing"),
            (".?list=StructData", "./Vendor/MSFT/WindowsLicensing?list=StructData"),
            ("./DevInfo/DevId", "./DevInfo/DevId"),
            ("/Edition", "/Edition"),
            (" Edition?prop=ACL ", "./Vendor/MSFT/WindowsLicensing/Edition?prop=ACL"),
        ] {
            assert_eq!(expand(typed), uri);
        }
    }
}
