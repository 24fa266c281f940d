//! Answers of the queries beside licenseInfo as `sentinelInfo` documents.

use super::escaped;
use super::sentinelinfo::{DECLARATION, FOOT, HEAD};
use crate::rms::model::info::Info;
use crate::rms::model::license::Value;
use std::fmt::Write as _;

/// Writes the document of an answer.
#[must_use]
pub fn document(info: &Info) -> String {
    let mut out = if info.is_root { DECLARATION } else { HEAD }.to_owned();
    if let Some(around) = info.around {
        let _ = writeln!(out, "<{around}>");
    }
    for members in &info.records {
        let _ = writeln!(out, "<{}>", info.record);
        for (name, value) in members {
            let _ = match value {
                Value::Number(number) => writeln!(out, "<{name}>{number}</{name}>"),
                Value::Text(text) => writeln!(out, "<{name}>{}</{name}>", escaped(text)),
            };
        }
        let _ = writeln!(out, "</{}>", info.record);
    }
    if let Some(around) = info.around {
        let _ = writeln!(out, "</{around}>");
    }
    if !info.is_root {
        out.push_str(FOOT);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::document;
    use crate::rms::model::info::Info;
    use crate::rms::model::license::Value;

    #[test]
    fn a_pool_stands_around_its_servers() {
        let info = Info {
            around: Some("serverPool"),
            record: "server",
            records: vec![vec![
                ("hostName", Value::Text("a&b".to_owned())),
                ("n", Value::Number(1)),
            ]],
            is_root: false,
        };
        let text = document(&info);
        assert!(text.ends_with(
            "<sentinelInfo>\n<serverPool>\n<server>\n<hostName>a&amp;b</hostName>\n<n>1</n>\n</server>\n</serverPool>\n</sentinelInfo>\n"
        ));
    }
}
