//! Logs of govc (`-trace`, `-debug`): heads of HTTP and envelopes of SOAP, one behind the other. The envelopes are read, the rest is
//! passed over.

use super::xml::Walk;
use super::{Each, Options};
use crate::api::Source;
use crate::artefact::{Fit, Kind, LONGEST, Notes, Sample};
use crate::error::{Outcome, Place};
use anyhow::Context;
use std::io::{BufRead as _, Read as _};

pub(super) static KIND: Kind = Kind {
    name: "vsphere.govc-trace",
    title: "Log of `govc -trace` or `govc -debug`",
    binary: false,
    sniff,
};

fn sniff(sample: &Sample<'_>) -> Fit {
    let text = sample.text;
    let heads = text.contains("HTTP/1.1") || text.contains("HTTP/2");
    if heads
        && text.contains("Envelope")
        && text.contains("urn:vim25")
        && !text.trim_start().starts_with('<')
    {
        Fit::Yes(7)
    } else {
        Fit::No
    }
}

/// The largest envelope.
const LARGEST: usize = 64 * 1024 * 1024;

/// Reads a log; `each` gets the records of its answers in their order.
///
/// Complains as the reader of XML, and of an envelope that does not end.
pub(super) fn read(
    source: Source<'_>,
    _: &Options,
    notes: &mut Notes,
    each: &mut Each<'_>,
) -> Outcome<()> {
    let input = source.text()?;
    let (mut line, mut held) = (String::new(), String::new());
    // The line on which the envelope that is held begins; 0: none is.
    let (mut number, mut from) = (0, 0);
    loop {
        line.clear();
        let limit = u64::try_from(LONGEST * 16).unwrap_or(u64::MAX);
        let read = (&mut *input).take(limit).read_line(&mut line).context("reading the log")?;
        if read == 0 {
            break;
        }
        number += 1;
        if from == 0 {
            let Some(start) = begins(&line) else { continue };
            from = number;
            held.push_str(line.get(start..).unwrap_or_default());
        } else {
            held.push_str(&line);
        }
        if ends(&held) {
            Walk::new(notes, each).document(&mut held.as_bytes(), from - 1)?;
            held.clear();
            from = 0;
        }
        if held.len() > LARGEST {
            notes
                .complain(Place::Line(from), format!("an envelope is longer than {LARGEST} bytes"));
            return Ok(());
        }
    }
    if from > 0 {
        notes.complain(Place::Line(from), "an envelope does not end");
    }
    Ok(())
}

/// Where an envelope begins in a line.
fn begins(line: &str) -> Option<usize> {
    let declared = line.find("<?xml");
    let root = line.match_indices("Envelope").find_map(|(at, _)| {
        let start = line.get(..at)?.rfind('<')?;
        let prefix = line.get(start + 1..at)?;
        prefix
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || letter == ':')
            .then_some(start)
    });
    declared.or(root)
}

/// Whether the text ends with the end of an envelope.
fn ends(held: &str) -> bool {
    let last = held.trim_end();
    let Some(start) = last.rfind("</") else { return false };
    last.get(start..).is_some_and(|tag| tag.trim_end_matches('>').ends_with("Envelope"))
}

#[cfg(test)]
mod tests {
    use super::{KIND, read};
    use crate::artefact::{Fit, Sample};
    use crate::vsphere::import::record::Said;
    use crate::vsphere::import::testing::records_of;

    const LOG: &str = "POST /sdk HTTP/1.1\r\nHost: vc1\r\n\r\n<?xml version=\"1.0\"?>\n<Envelope xmlns=\"http://schemas.xmlsoap.org/soap/envelope/\"><Body><DecodeLicense xmlns=\"urn:vim25\"><_this type=\"LicenseManager\">LicenseManager</_this><licenseKey>K</licenseKey></DecodeLicense></Body></Envelope>\nHTTP/1.1 200 OK\r\n\r\n<?xml version=\"1.0\"?>\n<soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\"><soapenv:Body>\n<DecodeLicenseResponse xmlns=\"urn:vim25\"><returnval><licenseKey>K</licenseKey><editionKey>e</editionKey><name>n</name><total>1</total><costUnit>server</costUnit></returnval></DecodeLicenseResponse>\n</soapenv:Body></soapenv:Envelope>\n";

    #[test]
    fn the_answers_of_a_log_are_read_and_the_calls_are_not() {
        assert_eq!(
            (KIND.sniff)(&Sample { name: "", bytes: LOG.as_bytes(), text: LOG }),
            Fit::Yes(7)
        );
        let (found, notes) = records_of(read, LOG);
        assert!(notes.complaints.is_empty(), "{:?}", notes.complaints);
        assert!(matches!(found.as_slice(), [Said::License(said)] if said.info.total == 1));
    }

    #[test]
    fn an_envelope_that_does_not_end_is_complained_of_with_its_line() {
        let cut = LOG.trim_end().trim_end_matches("</soapenv:Envelope>");
        let (_, notes) = records_of(read, cut);
        assert_eq!(notes.complaints.kept[0].place.to_string(), "line 8");
    }
}
