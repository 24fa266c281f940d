//! The same requests, cut into files and imports in any way: the store says the same of them.

use super::intake;
use super::questions::export::{ExportAsk, export};
use super::questions::{self, Evidence};
use super::scratch::Scratch;
use crate::api::{About, Hints, Question, Source};
use crate::artefact::text;
use crate::clock::Timestamp;
use crate::kms::export::events::{As, Cells, Entry};
use crate::kms::import;
use crate::kms::report::Unit;
use crate::kms::store::names::Names;
use crate::kms::store::units::{self, Scope};
use crate::kms::store::{clients, totals};
use crate::store::Flow;
use proptest::prelude::*;
use std::io::Cursor;
use uuid::Uuid;

/// One request as it is drawn: minutes since the one before, host, client, name, what differs in it.
type Drawn = (i64, bool, u8, u8, (u8, bool, bool));

/// A file: its form, the import that brings it, and the places of its requests, each of them any number of times.
type Cut = (u8, bool, Vec<usize>);

fn requests(drawn: &[Drawn]) -> Vec<Entry<'static>> {
    let mut time = Timestamp::parse("2026-03-01T08:00:00.250Z").unwrap();
    (1..)
        .zip(drawn)
        .map(|(record, (after, host, client, name, (status, refused, office)))| {
            time = time.plus_minutes(*after);
            let name = ["", "pc-1", "PC-1.corp.example", "pc-2.corp.example"][usize::from(*name)];
            let (required, activation) = if *office {
                (5, "d450596f-894d-49e0-966a-fd39ed4c4c64")
            } else {
                (25, "2de67392-b7a7-462a-b1ca-108dd189f588")
            };
            let strings = [
                if *refused { "0xC004F042" } else { "0x0" }.to_owned(),
                required.to_string(),
                name.to_owned(),
                format!("00000000-0000-4000-8000-{client:012}"),
                "2026/3/1 8:00".to_owned(),
                u8::from(*client == 0).to_string(),
                status.to_string(),
                (u32::from(*status) * 1000).to_string(),
                activation.to_owned(),
            ];
            let host = if *host { "kms01" } else { "kms02.corp.example" };
            Entry { id: 12290, host, record: Some(record), time, strings: strings.into() }
        })
        .collect()
}

fn written(entries: &[Entry<'_>], places: &[usize], form: As) -> String {
    let mut file = form.head().to_owned();
    for place in places {
        file.push_str(&entries[*place].write(form, Cells::Defused));
    }
    file + form.foot()
}

/// One import of these files.
fn bring(scratch: &mut Scratch, files: &[(As, String)]) {
    scratch
        .write(|tx, _| {
            let mut intake = intake::start(&Hints::default());
            for (number, (form, file)) in (1..).zip(files) {
                let kind = match form {
                    As::Csv => &import::csv::KIND,
                    As::Jsonl => &import::json::KIND,
                    As::Xml => &import::xml::KIND,
                };
                let about = About {
                    name: format!("{number}"),
                    number,
                    folder: None,
                    size: 0,
                    modified: None,
                };
                let mut decoded =
                    text::Text::new(Cursor::new(file.as_bytes()), text::form(file.as_bytes()));
                let brought = intake.file(kind, &about, Source::Text(&mut decoded), tx)?;
                assert!(brought.notes.complaints.is_empty(), "{:?}", brought.notes.complaints);
                tx.file(number, "file", kind.name, "")?;
            }
            intake.finish(tx)
        })
        .unwrap();
}

/// Everything that the store says: the events, and what is found in them.
fn says(scratch: &mut Scratch) -> (Vec<String>, Vec<String>) {
    let now = scratch.now;
    scratch.read(|read| {
        assert_eq!(totals::audit(read)?, Vec::<String>::new());
        let evidence = Evidence::load(read, None, now)?;
        let mut events = Vec::new();
        export(read, &evidence, ExportAsk { from: None, until: None }, None, &mut |entry| {
            events.push(format!("{entry:?}"));
            Ok(())
        })?;
        let question = Question { now, instance: None, policy: None };
        let mut found: Vec<String> = Vec::new();
        questions::findings(read, &question, &mut |finding| {
            found.push(format!("{finding:?}"));
            Ok(())
        })?;
        events.sort();
        found.sort();
        Ok((events, found))
    })
}

/// The units of a stream, client by client, each with its host, as text; in no order.
type Told = Vec<Vec<String>>;

/// Adds a unit to what is told, behind those of its client. Who it is is left out.
fn tell(told: &mut Told, client: &mut Option<Uuid>, host: i64, unit: &Unit<'_>) {
    if client.replace(unit.cmid) != Some(unit.cmid) {
        told.push(Vec::new());
    }
    let unit = Unit { cmid: Uuid::nil(), name: "", label: None, ..unit.clone() };
    told.last_mut().unwrap().push(format!("{host} {unit:?}"));
}

fn drawn() -> impl Strategy<Value = Vec<Drawn>> {
    let request =
        (-90_i64..2_000, any::<bool>(), 0_u8..4, 0_u8..4, (0_u8..7, any::<bool>(), any::<bool>()));
    prop::collection::vec(request, 1..30)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_order_and_the_split_of_imports_do_not_matter(
        drawn in drawn(),
        cuts in prop::collection::vec((0_u8..3, any::<bool>(), prop::collection::vec(any::<prop::sample::Index>(), 0..12)), 1..6)
    ) {
        let entries = requests(&drawn);
        let all: Vec<usize> = (0..entries.len()).collect();
        let mut whole = Scratch::new();
        bring(&mut whole, &[(As::Csv, written(&entries, &all, As::Csv))]);
        let mut cut: Vec<Cut> = cuts
            .into_iter()
            .map(|(form, apart, places)| {
                let places = places.iter().map(|place| place.index(entries.len())).collect();
                (form, apart, places)
            })
            .collect();
        // Whatever no file held comes last, newest first.
        let held = |place: &usize| cut.iter().any(|(_, _, places)| places.contains(place));
        let left: Vec<usize> = all.iter().rev().copied().filter(|place| !held(place)).collect();
        cut.push((1, true, left));
        let mut split = Scratch::new();
        let mut together = Vec::new();
        for (form, apart, places) in cut.iter().filter(|(_, _, places)| !places.is_empty()) {
            let form = As::ALL[usize::from(*form)];
            together.push((form, written(&entries, places, form)));
            if *apart {
                bring(&mut split, &std::mem::take(&mut together));
            }
        }
        bring(&mut split, &together);
        prop_assert_eq!(says(&mut split), says(&mut whole));
    }

    #[test]
    fn the_units_are_the_same_in_the_order_of_the_cmids_and_of_the_table(drawn in drawn()) {
        let entries = requests(&drawn);
        let all: Vec<usize> = (0..entries.len()).collect();
        let mut scratch = Scratch::new();
        bring(&mut scratch, &[(As::Csv, written(&entries, &all, As::Csv))]);
        let (now, scope) = (scratch.now, Scope::default());
        scratch.read(|read| {
            let names = Names::load(read)?;
            let (mut ordered, mut client) = (Told::new(), None);
            units::each_unit_by_host(read, &names, now, &mut |host, unit| {
                tell(&mut ordered, &mut client, host, unit);
                Ok(Flow::Continue(()))
            })?;
            let (mut counted, mut client) = (Told::new(), None);
            clients::each_unit_by_host(read, &names, now, &mut |host, unit| {
                tell(&mut counted, &mut client, host, unit);
                Ok(())
            })?;
            let mut merged = Vec::new();
            units::each_unit(read, &names, &scope, now, &mut |unit| {
                merged.push(format!("{unit:?}"));
                Ok(Flow::Continue(()))
            })?;
            let (mut apart, mut client, mut both) = (Told::new(), None, Vec::new());
            let ways: clients::Both<'_> = (
                &mut |host, unit| {
                    tell(&mut apart, &mut client, host, unit);
                    Ok(())
                },
                &mut |unit| both.push(format!("{unit:?}")),
            );
            clients::each_unit_both_ways(read, &names, &scope, now, ways)?;
            for told in [&mut ordered, &mut counted, &mut apart] {
                for units in &mut *told {
                    units.sort();
                }
                told.sort();
            }
            merged.sort();
            both.sort();
            assert_eq!((&counted, &apart, both), (&ordered, &ordered, merged));
            Ok(())
        });
    }

    #[test]
    fn a_log_that_is_imported_as_it_grows_is_the_log_in_the_end(
        drawn in drawn(),
        ends in prop::collection::vec(any::<prop::sample::Index>(), 0..5)
    ) {
        let entries = requests(&drawn);
        let all: Vec<usize> = (0..entries.len()).collect();
        let mut grown = Scratch::new();
        let mut ends: Vec<usize> = ends.iter().map(|end| end.index(all.len()) + 1).collect();
        ends.sort_unstable();
        let mut seen = 0;
        for end in ends {
            bring(&mut grown, &[(As::Xml, written(&entries, &all[..end], As::Xml))]);
            let (events, _) = says(&mut grown);
            prop_assert_eq!(events.len(), end);
            prop_assert!(events.len() >= seen);
            seen = events.len();
        }
        bring(&mut grown, &[(As::Xml, written(&entries, &all, As::Xml))]);
        let mut whole = Scratch::new();
        bring(&mut whole, &[(As::Xml, written(&entries, &all, As::Xml))]);
        prop_assert_eq!(says(&mut grown), says(&mut whole));
    }
}
