//! Archives that are read, and those that are not.

use super::{is_archive, members};
use crate::artefact::files::find;
use crate::error::Stop;
use std::io::{Read, Write};
use std::path::Path;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// Writes a zip of these members.
fn zipped(path: &Path, members: &[(&str, &[u8])]) {
    let mut zip = ZipWriter::new(std::fs::File::create(path).unwrap());
    let packed = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, content) in members {
        zip.start_file(*name, packed).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap();
}

/// The members of the archive at a path, by name, with their texts; or what is wrong with it.
fn read(path: &Path) -> Result<Vec<(String, String)>, Vec<String>> {
    let found = find(&[path.to_owned()]).unwrap().remove(0);
    match members(&found) {
        Ok(members) => Ok(members
            .into_iter()
            .map(|member| {
                let mut text = String::new();
                member.file().unwrap().read_to_string(&mut text).unwrap();
                assert_eq!(member.size, u64::try_from(text.len()).unwrap());
                (member.member.unwrap(), text)
            })
            .collect()),
        Err(Stop::BadArtefact(bad)) => {
            assert!(bad.kept.iter().all(|bad| bad.file == path.display().to_string()));
            Err(bad.kept.into_iter().map(|bad| bad.message).collect())
        }
        Err(other) => panic!("{other:?}"),
    }
}

fn member(name: &str, content: &str) -> (String, String) {
    (name.to_owned(), content.to_owned())
}

#[test]
fn a_zip_is_a_folder_of_its_members_and_hidden_ones_are_not_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("logs.zip");
    zipped(&path, &[("b/two.csv", b"2"), (".x", b""), ("__MACOSX/._a", b""), ("a.csv", b"1")]);
    assert!(is_archive(&std::fs::read(&path).unwrap()));
    assert_eq!(read(&path).unwrap(), [member("a.csv", "1"), member("b/two.csv", "2")]);
    let found = members(&find(std::slice::from_ref(&path)).unwrap()[0]).unwrap();
    assert_eq!(found[1].folder.as_deref(), Some("b"), "it may name the instance");
    assert_eq!(found[1].name, format!("{}!b/two.csv", path.display()));
}

#[test]
fn an_archive_cut_at_any_byte_is_refused_whole() {
    let folder = tempfile::tempdir().unwrap();
    let (whole, cut) = (folder.path().join("whole.zip"), folder.path().join("cut.zip"));
    zipped(&whole, &[("a.csv", b"Name,Key\r\n"), ("b.csv", b"Name,Key\r\n")]);
    let bytes = std::fs::read(&whole).unwrap();
    for end in 0..bytes.len() {
        crate::artefact::write::whole(&cut, &bytes[..end]).unwrap();
        assert!(read(&cut).is_err(), "{end} of {}", bytes.len());
    }
}

#[test]
fn a_member_whose_bytes_were_changed_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("changed.zip");
    zipped(&path, &[("a.csv", b"Name,Key\r\nName,Key\r\nName,Key\r\n")]);
    let mut bytes = std::fs::read(&path).unwrap();
    let at = 30 + "a.csv".len() + 4;
    bytes[at] ^= 0x55;
    crate::artefact::write::whole(&path, &bytes).unwrap();
    assert!(read(&path).unwrap_err()[0].starts_with("the archive cannot be unpacked of `a.csv`"));
}

#[test]
fn an_archive_that_unpacks_to_more_than_a_gibibyte_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bomb.zip");
    let mut zip = ZipWriter::new(std::fs::File::create(&path).unwrap());
    let packed = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    // A member of a workbook: those are held in memory, and limited to a quarter of that.
    for name in [crate::artefact::workbook::PART, "xl/sharedStrings.xml"] {
        zip.start_file(name, packed).unwrap();
        let zeros = vec![0; 1 << 20];
        (0..129).for_each(|_| zip.write_all(&zeros).unwrap());
    }
    zip.finish().unwrap();
    assert_eq!(read(&path).unwrap_err(), ["it unpacks to more than 256 MiB"]);
}

const BOOK: &str = r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"
  xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>
  <sheet name="vLicense" sheetId="1" r:id="r1"/><sheet name="notes" sheetId="2" state="hidden" r:id="r1"/></sheets></workbook>"#;
const PARTS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
  <Relationship Id="r1" Target="worksheets/sheet1.xml" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"/>
  </Relationships>"#;
const ROOT: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
  <Relationship Id="r1" Target="xl/workbook.xml" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/>
  </Relationships>"#;
const STYLES: &str = r#"<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs count="2">
  <xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>"#;

/// A workbook with one visible sheet of these rows.
fn book(path: &Path, rows: &str) {
    let sheet = format!(
        r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>"#
    );
    zipped(
        path,
        &[
            (crate::artefact::workbook::PART, BOOK.as_bytes()),
            ("_rels/.rels", ROOT.as_bytes()),
            ("xl/_rels/workbook.xml.rels", PARTS.as_bytes()),
            ("xl/styles.xml", STYLES.as_bytes()),
            ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
        ],
    );
}

#[test]
fn a_sheet_is_csv_with_days_as_iso_says_and_rows_on_their_lines() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("book.xlsx");
    let text =
        |at: &str, text: &str| format!(r#"<c r="{at}" t="inlineStr"><is><t>{text}</t></is></c>"#);
    let rows = format!(
        r#"<row r="1">{}{}{}</row><row r="4">{}<c r="C4" s="1"><v>46480</v></c><c r="D4" s="1"><v>46480.75</v></c></row>
           <row r="5"><c r="A5"><v>8</v></c><c r="B5"><v>2.5</v></c><c r="C5" t="b"><v>1</v></c></row>"#,
        text("A1", "Name"),
        text("B1", "Labels"),
        text("C1", "Expiration Date"),
        text("A4", "one, &quot;two&quot;"),
    );
    book(&path, &rows);
    let csv = "Name,Labels,Expiration Date\n\n\n\"one, \"\"two\"\"\",,2027-04-03,2027-04-03T18:00:00\n8,2.5,True";
    assert_eq!(read(&path).unwrap(), [member("vLicense", csv)]);
}

#[test]
fn a_sheet_that_says_it_has_a_million_rows_takes_no_room_for_them() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("wide.xlsx");
    book(&path, r#"<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>"#);
    let (_, csv) = read(&path).unwrap().remove(0);
    assert_eq!((csv.lines().count(), csv.len()), (1_048_576, 1_048_575 + 16_383 + 1));
}

#[test]
fn a_workbook_that_is_none_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("broken.xlsx");
    zipped(&path, &[(crate::artefact::workbook::PART, b"<workbook><sheets><sheet")]);
    assert!(read(&path).unwrap_err()[0].starts_with("the workbook cannot be read"));
}
