//! A small tree for tests: a few nodes of the real one, with the answers that the documents give for them.

use super::{Rollback, Tree};
use crate::csp::catalog::nodes::{Format, Verb};
use crate::csp::model::answer::{Answer, Receipt, Reply, ResultItem};
use crate::csp::model::message::Item;
use std::collections::BTreeMap;

/// The nodes that have a value. A device in S mode.
#[derive(Debug, Clone)]
pub(crate) struct Few {
    pub(crate) values: BTreeMap<String, (Format, String)>,
    pub(crate) rollback_fails: bool,
    /// How many answers one message holds.
    pub(crate) room: usize,
}

const POLICY: &str = "smode/switchingpolicy";
const LICENSE_TYPE: &str = "devicelicensingservice/licensetype";

impl Few {
    pub(crate) fn new() -> Self {
        let values = [
            ("edition", Format::Int, "48"),
            ("status", Format::Int, "4"),
            ("devdetail/swv", Format::Chr, "10.0.19045.3803"),
            (LICENSE_TYPE, Format::Int, "0"),
            (
                "cspversions",
                Format::Xml,
                &"<CSP Node=\"./Vendor/MSFT/WindowsLicensing\"/>".repeat(10),
            ),
        ]
        .map(|(name, format, value)| (name.to_owned(), (format, value.to_owned())));
        Self { values: values.into(), rollback_fails: false, room: usize::MAX }
    }

    fn read(&self, node: &str, address: &str) -> Reply {
        match self.values.get(node) {
            None => refused(404, 0x8600_0002),
            Some((format, value)) => {
                let source = address.to_owned();
                let item = ResultItem { source, format: *format, data: Some(value.clone()) };
                Reply { results: vec![item], ..Reply::status(200) }
            }
        }
    }

    fn write(&mut self, node: &str, item: &Item) -> Reply {
        let format = item.meta.as_ref().and_then(|meta| meta.format.as_ref());
        let data = item.data.as_ref().map_or("", |data| data.text.trim());
        let number = data.parse::<u32>().ok();
        match number {
            _ if format.is_some_and(|format| format.text.trim() != "int") => {
                refused(415, 0x8600_0001)
            }
            None => refused(415, 0x8600_0001),
            Some(2..) => refused(500, 0x8007_0057),
            Some(number) => {
                self.values.insert(node.to_owned(), (Format::Int, number.to_string()));
                Reply::status(200)
            }
        }
    }
}

fn refused(status: u16, error: u32) -> Reply {
    Reply { original_error: Some(error), ..Reply::refused(status, "no") }
}

impl Tree for Few {
    type State = BTreeMap<String, (Format, String)>;

    fn answer(&mut self, verb: Verb, item: &Item) -> Reply {
        let address = item.target.as_ref().unwrap().text.trim();
        let node = self.canonical(address);
        let there = self.values.contains_key(&node);
        match (verb, node.as_str()) {
            (Verb::Get, _) => self.read(&node, address),
            (Verb::Exec, "smode/switchfromsmode") => Reply::status(202),
            (Verb::Exec, "upgradeeditionwithproductkey") => {
                self.values.insert("status".to_owned(), (Format::Int, "2".to_owned()));
                Reply::status(202)
            }
            (Verb::Add, POLICY) if there => refused(418, 0x8007_00B7),
            (Verb::Replace | Verb::Delete, POLICY) if !there => refused(404, 0x8600_0002),
            (Verb::Delete, POLICY) => {
                self.values.remove(POLICY);
                Reply::status(200)
            }
            (Verb::Add, POLICY) | (Verb::Replace, POLICY | LICENSE_TYPE) => self.write(&node, item),
            _ if there => refused(405, 0x8600_0011),
            _ => refused(404, 0x8600_0002),
        }
    }

    fn remember(&mut self) -> Self::State {
        self.values.clone()
    }

    fn go_back(&mut self, to: Self::State) -> Rollback {
        if self.rollback_fails {
            return Rollback::Failed;
        }
        self.values = to;
        Rollback::Done
    }

    fn canonical(&self, loc_uri: &str) -> String {
        let name = loc_uri.trim().to_ascii_lowercase();
        let name = name.trim_start_matches("./").trim_start_matches("device/");
        name.trim_start_matches("vendor/msft/windowslicensing/").to_owned()
    }

    fn fits(&self, _: &Receipt, answers: &[Answer<'_>]) -> bool {
        answers.len() <= self.room
    }
}
