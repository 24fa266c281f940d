//! Wishes as a message of OMA-DM: `SyncML` without a header, as the pages of the CSP have it, or its `SyncBody` alone.

use super::wish::{Asked, Options, escaped};
use crate::csp::catalog::conversion::Carrier;
use crate::csp::catalog::nodes::Verb;
use std::fmt::Write as _;

/// The namespace of messages.
const NAMESPACE: &str = "SYNCML:SYNCML1.2";

/// Writes a message; `CmdID`s count from 1, `Final` stands last.
pub(super) fn write(asked: &[Asked<'_>], options: &Options) -> String {
    let (open, close, indent) = if options.body {
        (format!("<SyncBody xmlns=\"{NAMESPACE}\">"), "</SyncBody>", 1)
    } else {
        (format!("<SyncML xmlns=\"{NAMESPACE}\">\n  <SyncBody>"), "  </SyncBody>\n</SyncML>", 2)
    };
    let mut out = format!("{open}\n");
    for (asked, number) in asked.iter().zip(1..) {
        command(&mut out, asked, Some(number), indent);
    }
    let _ = writeln!(out, "{}<Final/>\n{close}", "  ".repeat(indent));
    out
}

/// Writes one command; without `CmdID` where the server is to number it.
pub(super) fn command(out: &mut String, asked: &Asked<'_>, number: Option<u32>, indent: usize) {
    let Carrier::Command(verb) = asked.carrier else {
        return;
    };
    let (indent, word) = ("  ".repeat(indent), verb.word());
    // Writing to a text cannot fail.
    let _ = writeln!(out, "{indent}<{word}>");
    if let Some(number) = number {
        let _ = writeln!(out, "{indent}  <CmdID>{number}</CmdID>");
    }
    let _ = writeln!(out, "{indent}  <Item>");
    let uri = escaped(asked.uri);
    let _ = writeln!(out, "{indent}    <Target><LocURI>{uri}</LocURI></Target>");
    if let Some(node) = asked.node.filter(|_| verb != Verb::Get) {
        let format = node.format.word();
        let _ = writeln!(
            out,
            "{indent}    <Meta><Format xmlns=\"syncml:metinf\">{format}</Format></Meta>"
        );
    }
    if let Some(data) = &asked.data {
        let _ = writeln!(out, "{indent}    <Data>{}</Data>", escaped(data));
    }
    let _ = writeln!(out, "{indent}  </Item>\n{indent}</{word}>");
}
