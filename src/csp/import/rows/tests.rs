//! Files of every shape as rows.

use super::{Row, Values, Wanted, each_row, has_members};
use crate::artefact::{LONGEST, Notes, Sample};
use crate::csp::import::testing::{decoded, utf16};
use crate::error::Place;

/// What was read of a file.
#[derive(Debug, Default, PartialEq)]
struct Said {
    /// Number and line of each row, and its member `a`.
    rows: Vec<(u64, Place, Option<String>)>,
    complaints: Vec<String>,
    warnings: Vec<String>,
}

fn read(bytes: &[u8], wanted: Wanted) -> Said {
    let (mut notes, mut rows) = (Notes::default(), Vec::new());
    let mut take = |row: Row<'_>, _: &mut Notes| {
        rows.push((row.number, row.place(), row.members.get("a").map(ToString::to_string)));
        Ok(())
    };
    each_row(&mut decoded(bytes), wanted, &mut notes, &mut take).unwrap();
    let complaints = notes.complaints.kept.iter();
    Said {
        complaints: complaints.map(|one| format!("{}: {}", one.place, one.message)).collect(),
        warnings: notes.warnings.iter().map(|one| one.message.clone()).collect(),
        rows,
    }
}

fn numbers(text: &str) -> Vec<String> {
    let said = read(text.as_bytes(), Wanted::Named(&["A"]));
    assert!(said.complaints.is_empty(), "{text}: {said:?}");
    assert_eq!(said, read(text.as_bytes(), Wanted::All));
    said.rows.into_iter().filter_map(|(_, _, a)| a).collect()
}

#[test]
fn every_shape_in_which_tools_write_objects_is_read() {
    for text in [
        r#"[{"a":1},{"a":2}]"#,
        r#"{"a":1}{"a":2}"#,
        "{\"a\":1}\r\n{\"a\":2}\r\n",
        r#"{"@odata.context":"x","value":[{"a":1},{"a":2}]}"#,
        r#"{"value":[{"a":1,"b":{"value":[1]}},{"a":2}],"Count":2}"#,
        "{\"value\":[{\"a\":1}]}\n{\"value\":[]}\n{\"value\":[{\"a\":2}]}",
        r#"[{"value":[{"a":1}]},{"value":[{"a":2}]}]"#,
        r#"{"a":1} [{"a":2}]"#,
    ] {
        assert_eq!(numbers(text), ["1", "2"], "{text}");
        assert_eq!(read(&utf16(text), Wanted::All).rows.len(), 2, "{text}");
    }
    assert_eq!(numbers(r#"{"a":1,"value":"x"}"#), ["1"], "a decorated value is no wrapper");
}

#[test]
fn rows_are_told_by_their_lines_in_every_shape() {
    let lines = |text: &str| -> Vec<Place> {
        read(text.as_bytes(), Wanted::All).rows.into_iter().map(|(_, line, _)| line).collect()
    };
    let at = [Place::Line(3), Place::Line(5)];
    assert_eq!(lines("\n[\n{\"a\":1},\n\n{\"a\":2}]"), at);
    assert_eq!(lines("{\"x\":1,\n\"value\":[\n{\"a\":1},\n\n{\"a\":2}]}"), at);
    assert_eq!(lines("[{\"x\":1,\n\"value\":[\n{\"a\":1},\n\n{\"a\":2}]}]"), at);
    assert_eq!(lines("\n\n{\"a\":1}\n\n{\"a\":2}"), at);
}

#[test]
fn an_export_of_which_pages_are_missing_says_so() {
    let page = |link: &str| format!("{{\"@odata.nextLink\":{link},\"value\":[{{\"a\":1}}]}}");
    let (more, last) = (page("\"https://graph.example/next\""), page("null"));
    let message = "more pages follow (`@odata.nextLink`) that are not in the file";
    for text in [more.clone(), format!("{last}\n{more}"), format!("[{last},{more}]")] {
        assert_eq!(read(text.as_bytes(), Wanted::All).warnings, [message], "{text}");
    }
    for text in [last.clone(), format!("{more}\n{last}"), format!("[{more},{last}]")] {
        assert!(read(text.as_bytes(), Wanted::All).warnings.is_empty(), "{text}");
    }
}

#[test]
fn what_is_no_object_is_told_with_its_line_and_the_next_one_read() {
    let said = read(b"[{\"a\":1},\n3,\n\"x\",\n{\"a\":},\n{\"a\":\ntru},\n{\"a\":2}]", Wanted::All);
    assert_eq!(said.rows.len(), 2);
    assert_eq!(said.rows[1].0, 2, "rows are counted without what is none");
    assert_eq!(
        said.complaints,
        [
            "line 2: the element is no object",
            "line 3: the element is no object",
            "line 4: no valid JSON: expected value",
            "line 6: no valid JSON: expected ident",
        ]
    );
    let said = read(b"{\"x\" 1,\n\"value\":[{\"a\":1}]}", Wanted::All);
    assert_eq!(said.complaints, ["line 1: what stands around `value`: expected `:`"]);
}

#[test]
fn a_file_without_an_object_is_refused() {
    for text in ["", "[]", "\r\n", "{\"value\":[]}", "[[]]", "null", "x"] {
        let said = read(text.as_bytes(), Wanted::All);
        assert_eq!((said.rows.len(), said.complaints.len()), (0, 1), "{text}: {said:?}");
    }
}

#[test]
fn hostile_files_are_refused_without_being_held() {
    let deep = format!("{{\"a\":{}1{}}}", "[".repeat(100_000), "]".repeat(100_000));
    let wide = format!("{{\"b\":[{}1]}}", "1,".repeat(1_100_000));
    let long = format!("{{\"b\":\"{}\"}}", "x".repeat(20 * LONGEST));
    for bad in [&deep, &wide, &long] {
        for text in [format!("[{bad},{{\"a\":1}}]"), format!("{{\"value\":[{bad},{{\"a\":1}}]}}")] {
            let said = read(text.as_bytes(), Wanted::All);
            assert_eq!((said.rows.len(), said.complaints.len()), (1, 1));
            assert!(said.complaints[0].len() < 200);
        }
    }
    let nested = format!("{}{{\"a\":1}}{}", "{\"value\":[".repeat(1_000), "]}".repeat(1_000));
    assert!(read(nested.as_bytes(), Wanted::All).rows.is_empty());
}

#[test]
fn only_members_count_as_members() {
    let has = |text: &str, names: &[&str]| {
        has_members(&Sample { name: "x", bytes: text.as_bytes(), text }, names)
    };
    assert!(has("[{\"DeviceName\" : 1,\"b\":2}]", &["deviceName", "B"]));
    assert!(has("{\"a\":\"a\",\"c\":1,\"b\":\"a\"", &["a", "b"]));
    assert!(!has("{\"x\":\"a\"}", &["a"]));
    assert!(!has("a,b\n\"a\":1", &["a"]));
}

#[test]
fn values_are_read_in_every_notation_of_powershell() {
    let text = concat!(
        r#"{"n":48,"t":"48","d":{"value":48,"DisplayHint":2},"e":"","z":null,"#,
        r#""w":" x ","f":1.5,"b":true,"l":[1],"o":{"i":7}}"#
    );
    let mut notes = Notes::default();
    each_row(&mut text.as_bytes(), Wanted::All, &mut notes, &mut |row, notes| {
        let mut values = Values::new(&row, &row.members, notes);
        for name in ["n", "t", "d", "N"] {
            assert_eq!((values.number(name), values.edition(name)), (Some(48), Some(48)));
        }
        assert_eq!(values.number("e").or(values.number("z")).or(values.number("none")), None);
        assert_eq!(
            (values.word("w").as_deref(), values.text("w").as_deref()),
            (Some("x"), Some(" x "))
        );
        assert_eq!((values.word("e"), values.text("e").as_deref()), (None, Some("")));
        assert_eq!(values.within("o", |inner| inner.number("i")), Some(7));
        assert_eq!(values.within("z", |inner| inner.number("i")), None);
        assert!(!values.is_spoiled());
        for name in ["f", "b", "l", "o", "w"] {
            assert_eq!(values.number(name), None);
        }
        assert_eq!(values.text("n").or(values.text("b")), None);
        values.within("l", |_| ());
        assert!(values.is_spoiled());
        Ok(())
    })
    .unwrap();
    let complaints: Vec<&str> =
        notes.complaints.kept.iter().map(|complaint| complaint.message.as_str()).collect();
    assert_eq!(
        complaints,
        [
            "row 1: `f` is `1.5`; allowed is a whole number",
            "row 1: `b` is `true`; allowed is a whole number",
            "row 1: `l` is a list; allowed is a whole number",
            "row 1: `o` is an object; allowed is a whole number",
            "row 1: `w` is ` x `; allowed is a whole number",
            "row 1: `n` is `48`; allowed is text",
            "row 1: `b` is `true`; allowed is text",
            "row 1: `l` is a list; allowed is an object",
        ]
    );
}
