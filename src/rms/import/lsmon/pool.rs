//! The table of redundant License Managers that a listing prints below a feature: who has how many of its tokens.
//!
//! Source: published texts of lsmon (headings `Server Name/Address`, `Units Allocation`, `Units Issued`, `Units Commuter`). How a row is
//! laid out is assumed: the name, and behind it as many numbers as there are headings.

use crate::rms::export::escaped;
use crate::rms::import::records::{PoolMember, PoolShare};
use crate::rms::model::license::Extra;
use std::fmt::Write as _;

/// What tokens are called that have no number.
const UNLIMITED: &str = "unlimited";

/// The row of a table; `None` when the line is none.
pub(super) fn row(line: &str) -> Option<PoolShare> {
    let mut words: Vec<&str> = line.split_whitespace().collect();
    let number = |word: &str| -> Option<Option<u64>> {
        if word.eq_ignore_ascii_case(UNLIMITED) {
            return Some(None);
        }
        word.bytes().all(|byte| byte.is_ascii_digit()).then(|| word.parse().ok().map(Some))?
    };
    let commuter = number(words.pop()?)?;
    let issued = number(words.pop()?)?;
    let allocation = number(words.pop()?)?;
    if words.last() == Some(&":") {
        words.pop();
    }
    let [server] = words.as_slice() else { return None };
    let server = server.strip_suffix(':').unwrap_or(server);
    (!server.is_empty()).then(|| PoolShare {
        server: server.to_owned(),
        allocation,
        issued,
        commuter,
    })
}

/// Whether a line is the second one of the heading.
pub(super) fn is_heading(line: &str) -> bool {
    let words: Vec<String> = line.split_whitespace().map(str::to_lowercase).collect();
    words == ["allocation", "issued", "commuter"]
}

/// What the table says of the tokens, as an element that is kept with the license.
pub(super) fn extra(shares: &[PoolShare]) -> Option<Extra> {
    if shares.is_empty() {
        return None;
    }
    let name = "redundantServerStatus";
    let mut xml = format!("<{name}>");
    for share in shares {
        let _ = write!(xml, "<server><hostName>{}</hostName>", escaped(&share.server));
        let units = [
            ("allocation", share.allocation),
            ("issued", share.issued),
            ("commuter", share.commuter),
        ];
        for (unit, number) in units {
            let text = number.map_or_else(|| UNLIMITED.to_owned(), |number| number.to_string());
            let _ = write!(xml, "<{unit}>{text}</{unit}>");
        }
        xml.push_str("</server>");
    }
    let _ = write!(xml, "</{name}>");
    Some(Extra { name: name.to_owned(), xml })
}

/// Adds the License Managers of a table to those that other features list.
pub(super) fn add(pool: &mut Vec<PoolMember>, shares: &[PoolShare]) {
    for share in shares {
        let listed = member(share, pool.is_empty());
        let is_known = |known: &PoolMember| {
            known.host_name == listed.host_name && known.ip_address == listed.ip_address
        };
        if !pool.iter().any(is_known) {
            pool.push(listed);
        }
    }
}

/// The License Manager of a row. One that is listed answered; that rows stand in the order of preference is assumed.
fn member(share: &PoolShare, first: bool) -> PoolMember {
    let is_address = share.server.parse::<std::net::IpAddr>().is_ok();
    let text = share.server.clone();
    let (host_name, ip_address) =
        if is_address { (String::new(), text) } else { (text, String::new()) };
    PoolMember { host_name, ip_address, leader: first, up: true }
}

#[cfg(test)]
mod tests {
    use super::{is_heading, row};

    #[test]
    fn a_row_is_a_server_and_three_numbers() {
        for line in ["lic01 : 10 4 1", "  lic01:   10   4   1 ", "lic01 10 4 1"] {
            let share = row(line).unwrap();
            let numbers = (share.allocation, share.issued, share.commuter);
            assert_eq!((share.server.as_str(), numbers), ("lic01", (Some(10), Some(4), Some(1))));
        }
        let share = row("10.1.2.3 : Unlimited 4 0").unwrap();
        assert_eq!((share.server.as_str(), share.allocation), ("10.1.2.3", None));
    }

    #[test]
    fn what_is_no_server_with_three_numbers_is_no_row() {
        for line in [
            "",
            "lic01",
            "lic01 10 4",
            "10 4 1",
            ": 10 4 1",
            "two words 1 2 3",
            "a 1 2 x",
            "a -1 2 3",
        ] {
            assert_eq!(row(line), None, "{line}");
        }
        assert!(is_heading("   Allocation      Issued    Commuter") && !is_heading("Allocation"));
    }
}
