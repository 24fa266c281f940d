//! What is refused, what is not claimed, and that no product key comes through.

use super::samples::{CLIENT_DLV, FRENCH_HOST, GERMAN, HOST_DLI};
use super::{fit, say, say_bytes, say_with};
use crate::artefact::{Fit, LONGEST};
use crate::error::Place;
use crate::kms::import::Options;

#[test]
fn an_error_alone_is_refused_with_its_code_and_beside_a_state_a_warning() {
    let error =
        "Error: 0xC004F012 The Software Licensing Service reported that the call has failed";
    let said = say(error);
    assert_eq!(said.complaints(), [(Place::Line(1), "slmgr printed error `0xC004F012`")]);
    assert_eq!(fit(error), Fit::Near("slmgr printed an error and no state"));
    let said = say(&format!("{HOST_DLI}{error}\n"));
    assert_eq!((said.only().products.len(), said.warnings()), (1, vec!["slmgr-error"]));
    assert_eq!(say("Error: product key not found.\n").notes.complaints.count(), 1);
}

#[test]
fn usage_and_a_banner_alone_are_refused() {
    let usage = "Windows Software Licensing Management Tool\nUsage: slmgr.vbs [MachineName [User Password]] [<Option>]\n    MachineName: Name of remote machine\n\n\
        Global Options:\n/ipk <Product Key>\n    Install product key (replaces existing key)\n/ato [Activation ID]\n    Activate Windows\n";
    let banner = "Microsoft (R) Windows Script Host Version 5.812\nCopyright (C) Microsoft Corporation. All rights reserved.\n";
    for text in [usage, banner] {
        assert!(matches!(fit(text), Fit::Near(_)), "{text}");
        let said = say(text);
        assert_eq!((said.snapshots.len(), said.complaints()[0].0), (0, Place::Whole));
    }
    assert_eq!(say("").notes.complaints.count(), 1);
}

#[test]
fn outputs_are_told_from_other_texts() {
    for text in [HOST_DLI, CLIENT_DLV, GERMAN, FRENCH_HOST] {
        assert!(matches!(fit(text), Fit::Yes(_)), "{text}");
    }
    for stranger in [
        "",
        "Name: setup\nDescription: a package\nVersion: 1\n",
        "An activation request has been processed.\nInfo:\n0x0,25,pc-017,6f0c2b1e-8a44-4c0d-9f55-1b7d3c9e0a11,2025/3/9 7:05,1,2,41520,2de67392-b7a7-462a-b1ca-108dd189f588\n",
        "Name   : x\nVersion   : 1\n",
        "[Strings]\nL_MsgCmid=\"Client Machine ID (CMID): \"\n",
        "Totals:\n  a 1\n  b 2\n  c 3\n  d 4\n  e 5\n  f 6\n  g 7\n  h 8\n",
    ] {
        assert_eq!(fit(stranger), Fit::No, "{stranger}");
    }
}

#[test]
fn a_number_that_is_none_is_complained_of_with_its_line() {
    let said = say(&HOST_DLI.replace("count: 31", "count: many"));
    assert_eq!(
        said.complaints(),
        [(
            Place::Line(7),
            "`KeyManagementServiceCurrentCount` is `many`; allowed is a whole number, -1 to 4294967295"
        )]
    );
    assert_eq!(said.snapshots.len(), 0);
}

#[test]
fn an_output_cut_at_any_byte_is_read_or_refused() {
    for text in [CLIENT_DLV, HOST_DLI, GERMAN, FRENCH_HOST] {
        for cut in 0..text.len() {
            let said = say_bytes(&text.as_bytes()[..cut], &Options::default());
            assert!(
                !(said.snapshots.is_empty() && said.notes.complaints.is_empty()),
                "cut at {cut}"
            );
        }
    }
}

#[test]
fn hostile_texts_are_refused() {
    let long = format!("Name: {}\nLicense Status: Licensed\n", "x".repeat(10 * LONGEST));
    let many = "Name: x\n".repeat(300_000);
    for text in [long, many] {
        let said = say(&text);
        assert_eq!((said.snapshots.len(), said.notes.complaints.count()), (0, 1));
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]

    #[test]
    fn no_product_key_comes_through_wherever_it_stands(
        key in "[A-Z0-9]{5}(-[A-Z0-9]{5}){4}",
        line in 0..26_usize,
        cut in 0..30_usize,
    ) {
        for text in [CLIENT_DLV, HOST_DLI, GERMAN, "Windows(R):\n    Initial grace period ends 5\n    Error: 0xC004F012\n"] {
            let lines: Vec<&str> = text.lines().collect();
            let at = line % lines.len();
            let changed = lines.iter().enumerate().map(|(number, line)| match line.rsplit_once(": ") {
                Some((label, _)) if number == at => format!("{label}: {key}\n"),
                _ if number == at => format!("{line} {key}\n"),
                _ => format!("{line}\n"),
            });
            let text: String = changed.collect();
            // The same, wrapped within the key.
            let (head, tail) = key.split_at(cut.min(key.len()));
            let pad = "x".repeat(80);
            for text in [text.clone(), text.replace(&key, &format!("{pad}{head}\n{tail}"))] {
                let said = say(&text);
                let everything = format!("{:?}{:?}", said.snapshots, said.notes);
                proptest::prop_assert!(!everything.contains(&key), "{everything}");
                proptest::prop_assert!(!everything.contains(&key[6..17]), "{everything}");
            }
        }
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in "\\PC{0,200}", ini in "\\PC{0,80}") {
        say_with(&text, &format!("[Strings]\nL_MsgKmsPID4={ini}\nL_MsgActivationInterval=%{ini}%"));
        fit(&text);
    }
}
