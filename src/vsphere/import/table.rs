//! Tables that govc prints: `license.ls` and `license.assigned.ls`. Columns are told by where their titles stand: names have blanks,
//! and cells may be empty.

use super::json::asset;
use super::record::{AssignmentSaid, LicenseSaid, Part, Parts, Record, Said, Which};
use super::{Each, Options, told};
use crate::api::Source;
use crate::artefact::{Fit, Kind, LONGEST, Notes, Sample};
use crate::error::{Outcome, Place};
use crate::vsphere::model::license::LicenseInfo;
use anyhow::Context;
use std::io::{BufRead as _, Read as _};

pub(super) static KIND: Kind = Kind {
    name: "vsphere.govc-table",
    title: "Table of `govc license.ls` or `govc license.assigned.ls`",
    binary: false,
    sniff,
};

/// Titles of the two tables.
pub(super) const LICENSES: [&str; 4] = ["Key:", "Edition:", "Used:", "Total:"];
pub(super) const ASSIGNMENTS: [&str; 4] = ["Id:", "Scope:", "Name:", "License:"];

fn sniff(sample: &Sample<'_>) -> Fit {
    let header = sample.text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    if columns(header, &LICENSES).is_some() || columns(header, &ASSIGNMENTS).is_some() {
        Fit::Yes(8)
    } else {
        Fit::No
    }
}

/// Where the columns begin, in characters; `None` when the line is not that header.
fn columns(header: &str, titles: &[&str]) -> Option<Vec<usize>> {
    let words: Vec<&str> = header.split_whitespace().collect();
    if words != titles {
        return None;
    }
    let places = titles.iter().map(|title| {
        let at = header.find(title)?;
        Some(header.get(..at)?.chars().count())
    });
    places.collect()
}

/// The cells of a line.
fn cells(line: &str, columns: &[usize]) -> Vec<String> {
    let letters: Vec<char> = line.chars().collect();
    let ends = columns.iter().skip(1).copied().chain([usize::MAX]);
    columns
        .iter()
        .zip(ends)
        .map(|(start, end)| {
            let cell = letters.get(*start..end.min(letters.len())).unwrap_or_default();
            cell.iter().collect::<String>().trim().to_owned()
        })
        .collect()
}

/// Whether the cells of a line stand where the titles say: two blanks end each cell, so that none reaches into the next.
fn is_aligned(line: &str, columns: &[usize]) -> bool {
    let letters: Vec<char> = line.chars().collect();
    let before = columns.iter().filter_map(|start| letters.get(start.checked_sub(1)?));
    before.into_iter().all(|letter| *letter == ' ')
}

/// Reads a file; both tables may stand in one.
///
/// Complains of lines in front of any header, of cells that are not under their titles, and of numbers that are none.
pub(super) fn read(
    source: Source<'_>,
    _: &Options,
    notes: &mut Notes,
    each: &mut Each<'_>,
) -> Outcome<()> {
    let input = source.text()?;
    let mut line = String::new();
    let mut number = 0;
    let mut table: Option<(bool, Vec<usize>)> = None;
    loop {
        line.clear();
        let limit = u64::try_from(LONGEST).unwrap_or(u64::MAX);
        if (&mut *input).take(limit).read_line(&mut line).context("reading the table")? == 0 {
            break;
        }
        number += 1;
        let place = Place::Line(number);
        let text = line.trim_end_matches(['\r', '\n']);
        if text.trim().is_empty() {
            continue;
        }
        if let Some(columns) = columns(text, &LICENSES) {
            table = Some((true, columns));
            continue;
        }
        if let Some(columns) = columns(text, &ASSIGNMENTS) {
            table = Some((false, columns));
            continue;
        }
        let Some((is_licenses, columns)) = &table else {
            notes.complain(place, "there is no header `Key:  Edition:  Used:  Total:` above");
            continue;
        };
        if !is_aligned(text, columns) {
            notes.complain(place, "the cells do not stand under the titles of their columns");
            continue;
        }
        let cells = cells(text, columns);
        let record = if *is_licenses { license(&cells) } else { assignment(&cells) };
        match record {
            Ok(record) => each(place, record)?,
            Err(why) => notes.complain(place, why),
        }
    }
    Ok(())
}

/// What the table of licenses cannot carry.
fn lacking() -> Parts {
    Parts::NONE.with(Part::Name).with(Part::CostUnit).with(Part::Properties).with(Part::Labels)
}

fn license(cells: &[String]) -> Result<Record, String> {
    let [key, edition, used, total] = cells else {
        return Err("the line has too few columns".to_owned());
    };
    let number = |text: &str, name: &str| {
        text.parse::<i32>().map_err(|_| format!("`{name}` is no number of int32: `{}`", told(text)))
    };
    let mut info = LicenseInfo::of_key(key);
    edition.clone_into(&mut info.edition_key);
    info.total = number(total, "Total")?;
    // govc prints 0 where `used` is unset, too: of an evaluation it is.
    let used = number(used, "Used")?;
    info.used = Some(used).filter(|_| !info.license_key.is_evaluation());
    Ok(Record::new(Said::License(Box::new(LicenseSaid { info, lacks: lacking() }))))
}

fn assignment(cells: &[String]) -> Result<Record, String> {
    let [id, scope, name, key] = cells else {
        return Err("the line has too few columns".to_owned());
    };
    if id.is_empty() {
        return Err("`Id` is empty".to_owned());
    }
    let (entity_id, of) = asset(id, Some(scope.as_str()));
    let said = AssignmentSaid {
        entity_id: Some(entity_id),
        name: Some(name.clone()).filter(|name| !name.is_empty()),
        license: Which::Said(LicenseSaid::of_key(key)),
        properties: Vec::new(),
    };
    Ok(Record::of(of, Said::Assignment(Box::new(said))))
}

#[cfg(test)]
mod tests {
    use super::{KIND, read};
    use crate::artefact::{Fit, Sample};
    use crate::vsphere::import::record::{Part, Said};
    use crate::vsphere::import::testing::records_of;

    const LICENSES: &str = "Key:                           Edition:                                  Used:  Total:\n00000-00000-00000-00000-00000  eval                                      0      0   \nAAAAA-AAAAA-AAAAA-AAAAA-AAAA1  esx.enterprisePlus.cpuPackageCoreLimited  4      10  \nZZZZZ-ZZZZZ-ZZZZZ-ZZZZZ-ZZZZZ                                            0      0   \n";
    const ASSIGNMENTS: &str = "Id:                                   Scope:                                Name:         License:\n11111111-2222-3333-4444-555555555555                                        vc1           AAAAA-AAAAA-AAAAA-AAAAA-AAAA3  \nhost-11                                                                     esx 01 (lab)  AAAAA-AAAAA-AAAAA-AAAAA-AAAA1  \n";

    #[test]
    fn licenses_are_read_by_the_places_of_the_titles() {
        let (found, notes) = records_of(read, LICENSES);
        assert!(notes.complaints.is_empty());
        let [Said::License(evaluation), Said::License(one), Said::License(bare)] = found.as_slice()
        else {
            panic!("{found:?}")
        };
        assert_eq!(evaluation.info.used, None);
        assert_eq!((one.info.used, one.info.total), (Some(4), 10));
        assert_eq!(one.info.edition_key, "esx.enterprisePlus.cpuPackageCoreLimited");
        assert_eq!(bare.info.edition_key, "");
        assert!(one.lacks.has(Part::Properties) && !one.lacks.has(Part::Used));
    }

    #[test]
    fn a_name_keeps_its_blanks_and_a_blank_scope_is_unset() {
        let (found, _) = records_of(read, ASSIGNMENTS);
        assert!(
            matches!(&found[1], Said::Assignment(held) if held.name.as_deref() == Some("esx 01 (lab)"))
        );
    }

    #[test]
    fn a_line_that_was_moved_is_no_line_of_the_table() {
        let (found, notes) = records_of(read, &LICENSES.replace("  4      10", " 4      10"));
        assert_eq!(found.len(), 2);
        let complaint = &notes.complaints.kept[0];
        assert_eq!(complaint.place.to_string(), "line 3");
        assert!(complaint.message.contains("under the titles"), "{}", complaint.message);
    }

    #[test]
    fn the_table_is_told_by_its_header_and_bad_lines_by_their_number() {
        let fit = |text: &str| (KIND.sniff)(&Sample { name: "", bytes: text.as_bytes(), text });
        assert_eq!((fit(LICENSES), fit(ASSIGNMENTS)), (Fit::Yes(8), Fit::Yes(8)));
        assert_eq!(fit("Key: Value\n"), Fit::No);
        let (_, notes) = records_of(read, &LICENSES.replace("10  \n", "x   \n"));
        assert_eq!(notes.complaints.kept[0].place.to_string(), "line 3");
    }
}
