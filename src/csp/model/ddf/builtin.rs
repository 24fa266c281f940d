//! The description of this CSP, made from its rows in either notation.

use super::{Element, Node, Tree};
use crate::csp::catalog::ddf as words;
use crate::csp::catalog::ddf::{Notation, Property};
use crate::csp::catalog::editions::AllowList;
use crate::csp::catalog::nodes;
use crate::csp::catalog::nodes::{
    Allowed, Applicability, Build, Format, NODES, ROOTS, Since, Verb,
};

impl Tree {
    /// What the DDF of this CSP says, with descriptions of our own.
    ///
    /// - `notation`: DDF 1.2 has the nodes of its last release, v2 all of them.
    /// - `list`: the editions that the root names; DDF 1.2 names none.
    ///
    /// Source: DDF2, DDF12.
    #[must_use]
    pub fn built_in(notation: Notation, list: AllowList) -> Self {
        let mut tree = Self::new(notation);
        tree.version = Some(Element::new(words::VERSION).saying(words::LANGUAGE));
        if notation == Notation::V2 {
            tree.diagnostics = Some(Element::new(words::DIAGNOSTICS));
        }
        let listed: Vec<&nodes::Node> =
            NODES.iter().copied().filter(|node| is_listed(node, notation)).collect();
        for node in &listed {
            let above = node.parent().map(|parent| parent.id);
            let parent = listed.iter().position(|other| Some(other.id) == above);
            let depth = parent.and_then(|at| tree.nodes.get(at)).map_or(0, |above| above.depth + 1);
            tree.nodes.push(Node {
                parent,
                depth,
                name: Some(if node.is_dynamic_name() { "" } else { node.name() }.to_owned()),
                location: parent.is_none().then(root_location),
                properties: Some(properties(node, notation, list)),
                ..Node::default()
            });
        }
        tree.address(usize::MAX);
        tree
    }
}

/// The address of what the root stands below: `./Vendor/MSFT`.
fn root_location() -> String {
    let [first, _] = ROOTS;
    format!("./{}", first.join("/"))
}

fn is_listed(node: &nodes::Node, notation: Notation) -> bool {
    let mainline = match node.applicability().since {
        Since::Builds(builds) => builds.first().map(|build| build.build),
        Since::Insider => None,
    };
    match notation {
        Notation::V1_2 => mainline.is_some_and(|build| build <= words::LAST_BUILD_1_2.build),
        Notation::V2 => true,
    }
}

/// The children of `DFProperties`, in the order of the notation.
fn properties(node: &nodes::Node, notation: Notation, list: AllowList) -> Vec<Element> {
    let mut properties = vec![
        element(&words::ACCESS_TYPE)
            .around(verbs(node, notation).iter().map(|verb| Element::new(verb.word())).collect()),
        element(&words::DESCRIPTION).saying(node.field.doc),
        choice(&words::DF_FORMAT, node.format.word()),
        choice(&words::OCCURRENCE, node.occurrence.word()),
        choice(&words::SCOPE, node.scope.word()),
    ];
    if node.is_dynamic_name() {
        properties.push(element(&words::DF_TITLE).saying(node.field.name));
    }
    let df_type = element(&words::DF_TYPE).around(vec![df_type(node, notation)]);
    let case = node.case_insensitive.then(|| choice(&words::CASE_SENSE, words::CASE_INSENSITIVE));
    if notation.layout().case_first {
        properties.extend(case.into_iter().chain([df_type]));
    } else {
        properties.extend([df_type].into_iter().chain(case));
    }
    if notation == Notation::V2 {
        properties.extend(microsoft(node, list));
    }
    properties
}

/// The properties that only v2 has.
fn microsoft(node: &nodes::Node, list: AllowList) -> impl Iterator<Item = Element> {
    let applicability = node.applicability.map(|own| {
        let editions = node.parent().is_none().then(|| list.text());
        applicability(own, editions)
    });
    let naming = node.is_dynamic_name().then(|| {
        element(&words::DYNAMIC_NODE_NAMING).around(vec![prefixed(words::CLIENT_INVENTORY)])
    });
    let reboot =
        node.reboots.then(|| element(&words::REBOOT_BEHAVIOR).saying(words::REBOOT_AUTOMATIC));
    let deprecated = node.deprecated.then(|| element(&words::DEPRECATED));
    [applicability, naming, allowed(node.allowed), reboot, deprecated].into_iter().flatten()
}

fn verbs(node: &nodes::Node, notation: Notation) -> &'static [Verb] {
    let own = words::ACCESS_ORDERS_1_2.iter().find(|(id, _)| *id == node.id);
    match own {
        Some((_, order)) if notation == Notation::V1_2 => order,
        _ => node.verbs,
    }
}

fn df_type(node: &nodes::Node, notation: Notation) -> Element {
    let (df_type, text) = match notation {
        Notation::V2 => (node.df_type, ""),
        Notation::V1_2 if node.parent().is_none() => (nodes::DfType::Mime, words::ROOT_MIME_1_2),
        Notation::V1_2 if node.format == Format::Node => (nodes::DfType::DdfName, ""),
        Notation::V1_2 => (nodes::DfType::Mime, words::LEAF_MIME_1_2),
    };
    Element::new(df_type.word()).saying(text)
}

fn applicability(own: Applicability, editions: Option<&str>) -> Element {
    let mut children = vec![
        prefixed(words::OS_BUILD_VERSION).saying(since(own.since)),
        prefixed(words::CSP_VERSION).saying(own.csp_version),
    ];
    children.extend(editions.map(|list| prefixed(words::EDITION_ALLOW_LIST).saying(list)));
    element(&words::APPLICABILITY).around(children)
}

/// Builds as `MSFT:OsBuildVersion` lists them: `10.0.22621, 10.0.22000.1165`.
fn since(since: Since) -> String {
    let [prefix, _] = words::BUILD_PREFIXES;
    let [unreleased, ..] = words::UNRELEASED_BUILDS;
    let shown = |at: &Build| match at.revision {
        0 => format!("{prefix}{}", at.build),
        revision => format!("{prefix}{}.{revision}", at.build),
    };
    match since {
        Since::Insider => unreleased.to_owned(),
        Since::Builds(builds) => builds.iter().map(shown).collect::<Vec<_>>().join(", "),
    }
}

fn allowed(allowed: Allowed) -> Option<Element> {
    let element = element(&words::ALLOWED_VALUES);
    match allowed {
        Allowed::Unsaid => None,
        Allowed::Any => Some(element.with(words::VALUE_TYPE, words::ANY_VALUE)),
        Allowed::Enumeration(values) => {
            let value = |named: &crate::catalog::Named| {
                prefixed(words::ENUM).around(vec![
                    prefixed(words::VALUE).saying(named.value.to_string()),
                    prefixed(words::VALUE_DESCRIPTION).saying(named.doc),
                ])
            };
            let values = values.iter().map(value).collect();
            Some(element.with(words::VALUE_TYPE, words::ENUMERATION).around(values))
        }
    }
}

fn element(property: &Property) -> Element {
    Element::new(property.name)
}

fn choice(property: &Property, word: &str) -> Element {
    element(property).around(vec![Element::new(word)])
}

/// An element of Microsoft.
fn prefixed(name: &str) -> Element {
    Element::new(format!("{}:{name}", words::MICROSOFT))
}

#[cfg(test)]
mod tests {
    use super::super::Tree;
    use crate::csp::catalog::ddf as words;
    use crate::csp::catalog::ddf::Notation;
    use crate::csp::catalog::editions::AllowList;

    fn v2() -> Tree {
        Tree::built_in(Notation::V2, AllowList::Newest)
    }

    fn below_root(tree: &Tree) -> Vec<&str> {
        let root = "./Vendor/MSFT/WindowsLicensing";
        tree.nodes
            .iter()
            .map(|node| node.path.strip_prefix(root).unwrap().trim_start_matches('/'))
            .collect()
    }

    fn node<'t>(tree: &'t Tree, path: &str) -> &'t super::Node {
        let at = below_root(tree).iter().position(|other| *other == path).unwrap();
        &tree.nodes[at]
    }

    #[test]
    fn version_2_describes_every_node_with_what_the_published_file_says() {
        let tree = v2();
        assert_eq!(tree.nodes.len(), 27);
        let facts: Vec<String> = tree
            .nodes
            .iter()
            .map(|node| {
                let build = tree.applicability(node, words::OS_BUILD_VERSION).unwrap();
                let version = tree.applicability(node, words::CSP_VERSION).unwrap();
                let access: Vec<&str> = node.access().collect();
                format!("{} {} {build} {version}", access.join(""), node.format().unwrap())
            })
            .collect();
        let preview = "99.9.99999 9.9";
        let service = "10.0.22621, 10.0.22000.1165 1.4";
        let expected = [
            "Get node 10.0.10586 1.0".to_owned(),
            "Exec chr 10.0.10586 1.0".to_owned(),
            "Exec chr 10.0.15063 1.2".to_owned(),
            "Get int 10.0.10586 1.0".to_owned(),
            "Get int 10.0.10586 1.0".to_owned(),
            "Exec xml 10.0.10586 1.0".to_owned(),
            "Get chr 10.0.10586 1.0".to_owned(),
            "Exec chr 10.0.10586 1.0".to_owned(),
            "Get node 10.0.14393 1.1".to_owned(),
            "Get node 10.0.14393 1.1".to_owned(),
            "Get int 10.0.14393 1.1".to_owned(),
            "Get chr 10.0.14393 1.1".to_owned(),
            format!("GetReplace int {preview}"),
            format!("Get int {preview}"),
            format!("Get int {preview}"),
            format!("Get chr {preview}"),
            format!("Replace int {preview}"),
            format!("Exec null {preview}"),
            "Get node 10.0.17763 1.3".to_owned(),
            "AddDeleteGetReplace int 10.0.17763 1.3".to_owned(),
            "Exec null 10.0.17763 1.3".to_owned(),
            "Get int 10.0.17763 1.3".to_owned(),
            format!("Get node {service}"),
            format!("GetReplace int {service}"),
            format!("Get int {service}"),
            format!("Get int {service}"),
            format!("Get chr {service}"),
        ];
        assert_eq!(facts, expected);
    }

    #[test]
    fn the_node_of_one_subscription_is_named_by_the_device() {
        let tree = v2();
        let entry = node(&tree, "Subscriptions/{SubscriptionId}");
        assert_eq!((entry.name.as_deref(), entry.title()), (Some(""), Some("SubscriptionId")));
        assert_eq!(entry.naming().as_deref(), Some("ClientInventory"));
        assert_eq!((entry.occurrence(), entry.scope()), (Some("ZeroOrMore"), Some("Dynamic")));
        let named = tree.nodes.iter().filter(|node| node.naming().is_some()).count();
        assert_eq!(named, 1);
    }

    #[test]
    fn one_node_restarts_one_is_deprecated_and_four_enumerate_their_values() {
        let tree = v2();
        let paths = |of: &dyn Fn(&super::Node) -> bool| -> Vec<String> {
            tree.nodes.iter().filter(|node| of(node)).map(|node| node.path.clone()).collect()
        };
        let root = "./Vendor/MSFT/WindowsLicensing/";
        assert_eq!(
            paths(&|node| node.reboot() == Some("Automatic")),
            [format!("{root}UpgradeEditionWithProductKey")]
        );
        assert_eq!(
            paths(&|node| node.deprecated() == Some("")),
            [format!("{root}UpgradeEditionWithLicense")]
        );
        let typed = |word: &str| {
            tree.nodes
                .iter()
                .filter_map(super::Node::allowed)
                .filter(|allowed| allowed.value_type == word)
                .map(|allowed| allowed.values.iter().map(|(value, _)| *value).collect::<String>())
                .collect::<Vec<_>>()
        };
        assert_eq!(typed("ENUM"), ["01"; 4]);
        assert_eq!(typed("None"), [""; 3]);
    }

    #[test]
    fn the_root_names_the_editions_for_all_nodes() {
        for list in [AllowList::Newest, AllowList::Older] {
            let tree = Tree::built_in(Notation::V2, list);
            for node in &tree.nodes {
                let editions = tree.applicability(node, words::EDITION_ALLOW_LIST);
                assert_eq!(editions, Some(list.text()), "{}", node.path);
                let own = node.applicability(words::EDITION_ALLOW_LIST);
                assert_eq!(own.is_some(), node.depth == 0);
            }
        }
        assert!(AllowList::Older.text().contains(";0x88*;"));
        assert!(!AllowList::Newest.text().contains('*'));
    }

    #[test]
    fn version_1_2_describes_the_16_nodes_of_its_release_without_microsofts_elements() {
        let tree = Tree::built_in(Notation::V1_2, AllowList::Newest);
        let all = v2();
        let expected: Vec<&str> = below_root(&all)
            .into_iter()
            .enumerate()
            .filter(|(at, _)| (0..12).contains(at) || (18..22).contains(at))
            .map(|(_, path)| path)
            .collect();
        assert_eq!(expected.len(), 16);
        assert_eq!(below_root(&tree), expected);
        let microsoft = tree
            .nodes
            .iter()
            .flat_map(|node| node.properties.iter().flatten())
            .any(super::Element::is_microsoft);
        assert!(!microsoft && tree.diagnostics.is_none());
    }

    #[test]
    fn version_1_2_types_nodes_and_orders_verbs_as_its_page_does() {
        let tree = Tree::built_in(Notation::V1_2, AllowList::Newest);
        for (path, df_type) in [
            ("", ("MIME", "com.microsoft/1.3/MDM/WindowsLicensing")),
            ("Edition", ("MIME", "text/plain")),
            ("Subscriptions", ("DDFName", "")),
            ("Subscriptions/{SubscriptionId}", ("DDFName", "")),
            ("SMode", ("DDFName", "")),
        ] {
            assert_eq!(node(&tree, path).df_type(), Some(df_type), "{path}");
        }
        let policy = node(&tree, "SMode/SwitchingPolicy");
        assert!(policy.access().eq(["Get", "Delete", "Replace", "Add"]));
        let cased: Vec<&str> = tree
            .nodes
            .iter()
            .filter(|node| node.case().is_some())
            .filter_map(|node| node.name.as_deref())
            .collect();
        assert_eq!(cased.len(), 10);
        for path in [
            "Subscriptions",
            "Subscriptions/{SubscriptionId}/Status",
            "Subscriptions/{SubscriptionId}/Name",
        ] {
            assert_eq!(node(&tree, path).case(), None);
        }
    }
}
