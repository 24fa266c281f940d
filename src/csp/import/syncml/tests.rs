//! What the reader hands out, and what it complains of.

use super::draft::HELD;
use super::examples::published;
use super::{Salvaged, read, salvage};
use crate::artefact::{LONGEST, Notes, text};
use crate::csp::model::message::{Command, Form, Part, Text};
use std::io::BufReader;

/// The parts of a document and what was complained of.
fn parts(text: &str) -> (Vec<Part>, Vec<String>) {
    let (mut notes, mut parts) = (Notes::default(), Vec::new());
    let mut input =
        BufReader::with_capacity(if text.len() < 10_000 { 11 } else { 65_536 }, text.as_bytes());
    read(&mut input, &mut notes, &mut |part| {
        parts.push(part.clone());
        Ok(())
    })
    .unwrap();
    let kept = notes.complaints.kept.into_iter();
    (parts, kept.map(|complaint| format!("{}: {}", complaint.place, complaint.message)).collect())
}

/// The commands of a document without fault.
fn commands(text: &str) -> Vec<Command> {
    let (parts, complaints) = parts(text);
    assert_eq!(complaints, Vec::<String>::new(), "{text}");
    assert_eq!(parts.last(), Some(&Part::End), "{text}");
    let commands = parts.into_iter().filter_map(|part| match part {
        Part::Command(command) => Some(*command),
        _ => None,
    });
    commands.collect()
}

/// What an element holds, as `text@line`.
fn told(text: Option<&Text>) -> String {
    text.map_or(String::new(), |text| format!("{}@{}", text.text, text.line))
}

const BODY: &str =
    "<Get><CmdID>1</CmdID><Item><Target><LocURI>./DevInfo/Man</LocURI></Target></Item></Get>";

fn message(head: &str, body: &str) -> String {
    format!(
        "<SyncML xmlns=\"SYNCML:SYNCML1.2\">{head}<SyncBody>\n{body}<Final/></SyncBody></SyncML>"
    )
}

#[test]
fn every_example_of_the_published_page_is_read() {
    for (name, text) in published() {
        let found = commands(&text);
        assert_eq!(found.len(), 1, "{name}");
        let target = found[0].items[0].target.as_ref().unwrap();
        assert!(target.text.contains("MSFT/WindowsLicensing/"), "{name}");
        assert_eq!(found[0].line, 3, "{name}");
    }
    let add = &commands(&published()[5].1)[0];
    let meta = add.items[0].meta.as_ref().unwrap();
    assert_eq!(meta.format.as_ref().unwrap().text, "int");
    assert_eq!(told(meta.kind.as_ref()), "text/plain@13");
    assert_eq!(meta.foreign, Some(13), "the Type is not in syncml:metinf");
    assert_eq!(add.items[0].data.as_ref().unwrap().text, "1");
}

#[test]
fn a_message_is_read_with_its_header() {
    let head = "<SyncHdr>\n<VerDTD>1.2</VerDTD><VerProto>DM/1.2</VerProto><SessionID>7</SessionID><MsgID>2</MsgID>\
        <Target><LocURI>urn:uuid:1</LocURI><LocName>x</LocName></Target>\
        <Source><LocURI>https://mdm.example.test/</LocURI><LocName>server</LocName></Source><NoResp/>\
        <Cred><Meta><Format>b64</Format></Meta><Data>x</Data></Cred></SyncHdr>";
    let (parts, _) = parts(&message(head, BODY));
    let Part::Header(header) = &parts[1] else { panic!("{parts:?}") };
    assert_eq!(
        parts[0],
        Part::Start {
            form: Form::Message,
            namespace: Some("SYNCML:SYNCML1.2".to_owned()),
            line: 1
        }
    );
    assert_eq!(
        [told(header.version.as_ref()), told(header.protocol.as_ref())],
        ["1.2@2", "DM/1.2@2"]
    );
    assert_eq!([told(header.session.as_ref()), told(header.message.as_ref())], ["7@2", "2@2"]);
    assert_eq!(told(header.target.as_ref()), "urn:uuid:1@2");
    assert_eq!(told(header.source.as_ref()), "https://mdm.example.test/@2");
    assert_eq!(told(header.source_name.as_ref()), "server@2");
    assert_eq!((header.no_response, header.line, header.disorder), (true, 1, None));
    assert!(matches!(parts[2], Part::Command(_)));
    assert_eq!(parts[3..], [Part::Final { line: 3, last: true }, Part::End]);
}

#[test]
fn bodies_and_bare_commands_are_read_without_a_header() {
    let start = |text: &str| match parts(text).0.first() {
        Some(Part::Start { form, namespace, .. }) => Some((*form, namespace.clone())),
        _ => None,
    };
    let namespace = |name: &str| Some(name.to_owned());
    assert_eq!(start(&message("", BODY)), Some((Form::Body, namespace("SYNCML:SYNCML1.2"))));
    let old = message("", BODY).replace("1.2", "1.1");
    assert_eq!(start(&old), Some((Form::Body, namespace("SYNCML:SYNCML1.1"))));
    let prefixed = "<s:SyncML xmlns:m='x' xmlns:s='SYNCML:SYNCML1.2'><s:SyncBody/></s:SyncML>";
    assert_eq!(start(prefixed), Some((Form::Body, namespace("SYNCML:SYNCML1.2"))));
    assert_eq!(start(&format!("<SyncBody>{BODY}</SyncBody>")), Some((Form::Body, None)));
    assert_eq!(start(BODY), Some((Form::Bare, None)));
    assert_eq!(commands(&format!("{BODY}\n{BODY}<Final/>")).len(), 2);
    let declared = format!("<?xml version=\"1.0\" encoding=\"utf-16\"?>\n{BODY}");
    assert_eq!(parts(&declared).0[1], Part::Instruction { line: 1 });
    assert_eq!(parts(&format!("{BODY}<?p?>{BODY}")).0[2], Part::Instruction { line: 1 });
}

#[test]
fn every_encoding_of_a_document_reads_the_same() {
    let document = published()[0].1.replace('\n', "\r\n");
    let declared = format!("<?xml version=\"1.0\" encoding=\"utf-16\"?>\r\n{document}");
    let expected = commands(&document);
    let utf16: Vec<u8> = "\u{feff}"
        .chars()
        .chain(declared.chars())
        .map(u32::from)
        .flat_map(|letter| u16::try_from(letter).unwrap().to_le_bytes())
        .collect();
    for bytes in [utf16, declared.clone().into_bytes(), format!("\u{feff}{declared}").into_bytes()]
    {
        let found = commands(&text::whole(&bytes));
        assert_eq!(
            found[0].items[0].target.as_ref().unwrap().text,
            expected[0].items[0].target.as_ref().unwrap().text
        );
    }
}

#[test]
fn groups_are_held_with_all_that_stands_in_them() {
    let found = commands(&message(
        "",
        &format!(
            "<Atomic><CmdID>1</CmdID><NoResp/><Meta/>{BODY}<Sequence>{BODY}</Sequence><Foo/></Atomic>{BODY}"
        ),
    ));
    assert_eq!(found.len(), 2);
    let atomic = &found[0];
    assert!(atomic.no_response && atomic.meta.is_some() && atomic.items.is_empty());
    let inner: Vec<&str> = atomic.commands.iter().map(|command| command.name.as_str()).collect();
    assert_eq!(inner, ["Get", "Sequence", "Foo"]);
    assert_eq!(atomic.commands[1].commands.len(), 1);
    assert_eq!(atomic.disorder, None);
}

#[test]
fn what_a_linter_tells_is_recorded_and_not_judged() {
    let item = |inner: &str| {
        let text = message("", &format!("<Replace>\n<Item>{inner}</Item></Replace>"));
        commands(&text).remove(0)
    };
    assert_eq!(item("").cmd_id, None);
    let data = |inner: &str| item(inner).items.remove(0).data.unwrap();
    let cdata = data("<Data> <![CDATA[A&B]]>\n</Data>");
    assert_eq!((cdata.text.as_str(), cdata.cdata, cdata.markup), (" A&B\n", true, false));
    let markup = data("<Data>a<x y='1'>b<z/>c</x>d</Data>");
    assert_eq!((markup.text.as_str(), markup.cdata, markup.markup), ("abcd", false, true));
    assert!(!data("<Data>a</Data>").cdata);
    let escaped = data("<Data>&lt;a&gt;&#49;&amp;</Data>");
    assert_eq!((escaped.text.as_str(), escaped.markup), ("<a>1&", false));
    assert_eq!(item("<Meta><Format/></Meta>\n<Target/>").disorder, Some(3));
    assert_eq!(item("<Data/><Data/>").disorder, Some(3));
    assert_eq!(item("<Target/><Source/><Meta/><Data/><MoreData/>").disorder, None);
    assert!(item("<Data/><MoreData/>").items[0].more);
    let spaced = item("<Target><LocURI>\n  ./x \n</LocURI></Target>");
    assert_eq!(told(spaced.items[0].target.as_ref()), "\n  ./x \n@3");
    let late = commands("<Get><Item/><CmdID>4</CmdID></Get>");
    assert_eq!((late[0].disorder, told(late[0].cmd_id.as_ref()).as_str()), (Some(1), "4@1"));
    assert_eq!(commands("<Atomic>\n<Get/><CmdID>4</CmdID></Atomic>")[0].disorder, Some(2));
}

#[test]
fn the_namespace_of_metinf_is_followed_to_where_it_is_declared() {
    let foreign = |text: &str| {
        let command = commands(text).remove(0);
        command.items[0].meta.as_ref().unwrap().foreign.is_some()
    };
    let meta = |declared: &str, meta: &str| {
        format!("<SyncBody {declared}><Add><Item>{meta}</Item></Add></SyncBody>")
    };
    let own = "<Meta><Format xmlns='syncml:metinf'>int</Format></Meta>";
    assert!(!foreign(&meta("", own)));
    assert!(!foreign(&meta("", "<Meta xmlns='syncml:metinf'><Format>int</Format></Meta>")));
    assert!(!foreign(&meta("xmlns:m='syncml:metinf'", "<Meta><m:Format>int</m:Format></Meta>")));
    assert!(foreign(&meta("", "<Meta><Format>int</Format></Meta>")));
    let other = "<Meta xmlns='syncml:metinf'><Format xmlns='x'>int</Format></Meta>";
    assert!(foreign(&meta("", other)));
    let beside = "<Meta><Format xmlns='syncml:metinf'>int</Format><Type>text/plain</Type></Meta>";
    assert!(foreign(&meta("", beside)));
}

#[test]
fn answers_are_read_with_what_they_refer_to() {
    let document = "<SyncBody xmlns:msft='http://schemas.microsoft.com/MobileDevice/MDM'><Status><CmdID>2</CmdID><MsgRef>1</MsgRef><CmdRef>5</CmdRef>\
        <Cmd>Get</Cmd><TargetRef>./a</TargetRef><TargetRef>./b</TargetRef><Data msft:originalerror='0x86000002'>404</Data></Status>\
        <Results><CmdID>3</CmdID><MsgRef>1</MsgRef><CmdRef>5</CmdRef><Meta/><Item><Source><LocURI>./c</LocURI></Source><Data>4</Data></Item></Results></SyncBody>";
    let found = commands(document);
    let answers = &found[0].answers;
    assert_eq!(answers.message.as_deref(), Some("1"));
    assert_eq!(answers.command.as_deref(), Some("5"));
    assert_eq!(answers.name.as_deref(), Some("Get"));
    assert_eq!(answers.target.as_deref(), Some("./a"));
    assert_eq!(answers.original_error.as_deref(), Some("0x86000002"));
    assert_eq!(found[0].data.as_ref().unwrap().text, "404");
    assert_eq!(told(found[1].items[0].source.as_ref()), "./c@1");
    assert_eq!((found[0].disorder, found[1].disorder), (None, None));
}

#[test]
fn a_final_knows_whether_something_follows() {
    let finals = |text: &str| -> Vec<bool> {
        let found = parts(text).0.into_iter();
        found
            .filter_map(|part| match part {
                Part::Final { last, .. } => Some(last),
                _ => None,
            })
            .collect()
    };
    assert_eq!(finals(&message("", BODY)), [true]);
    assert_eq!(finals(&message("", &format!("<Final/>{BODY}"))), [false, true]);
    assert_eq!(finals(&format!("<SyncBody>{BODY}</SyncBody>")), Vec::<bool>::new());
    assert_eq!(finals(&format!("<SyncBody>{BODY}<Final/></SyncBody>")), [true]);
    assert_eq!(finals(&format!("{BODY}<Final/>{BODY}")), [false]);
}

#[test]
fn what_is_no_syncml_is_complained_of_with_its_line() {
    let whole = message("", BODY);
    for (text, complaint) in [
        (
            "\n<html/>",
            "line 2: `<html>` at the top is no SyncML: expected `SyncML`, `SyncBody`, or commands",
        ),
        ("", ": there is no SyncML document"),
        (" \n", ": there is no SyncML document"),
        ("<SyncML/>", "line 1: the message has no `SyncBody`"),
        ("<SyncML><SyncHdr/></SyncML>", "line 1: the message has no `SyncBody`"),
        (
            "<SyncML><SyncBody/><SyncHdr/></SyncML>",
            "line 1: `SyncHdr` stands once, before `SyncBody`",
        ),
        (
            "<SyncML><SyncHdr/><SyncHdr/></SyncML>",
            "line 1: `SyncHdr` stands once, before `SyncBody`",
        ),
        ("<SyncML><SyncBody/><SyncBody/></SyncML>", "line 1: `SyncBody` stands once in a message"),
        (
            "<SyncML><Get/></SyncML>",
            "line 1: `<Get>` stands right below `SyncML`: commands stand in `SyncBody`",
        ),
        (
            "<!DOCTYPE x [<!ENTITY a 'b'>]><SyncML>&a;</SyncML>",
            "line 1: document types (`<!DOCTYPE`) are refused (read up to column 30)",
        ),
        (
            "<SyncBody>\n<Get></SyncBody>",
            "line 2: ill-formed document: expected `</Get>`, but `</SyncBody>` was found (read up to column 16)",
        ),
        (
            "<Get><CmdID a=1>4</CmdID></Get>",
            "line 1: `<CmdID>`: position 8: attribute value must be enclosed in `\"` or `'`",
        ),
        (
            "<Get><CmdID>&x;</CmdID></Get>",
            "line 1: the entity `&x;` is not defined (read up to column 15)",
        ),
        ("<Get><CmdID>&#1;</CmdID></Get>", "line 1: the character U+0001 is not allowed in XML"),
        (
            "<Get/><Status/>",
            "line 1: `<Status>` at the top is no SyncML: expected `SyncML`, `SyncBody`, or commands",
        ),
        ("<Get/>x", "line 1: `x` stands outside of any element (read up to column 7)"),
        (&format!("{whole}\n{whole}"), "line 3: another SyncML document begins in the same file"),
        (&format!("{BODY}{whole}"), "line 1: another SyncML document begins in the same file"),
        (
            &"<Get>".repeat(1000),
            "line 1: elements are nested deeper than 64 levels (read up to column 325)",
        ),
    ] {
        let (parts, complaints) = parts(text);
        assert_eq!(complaints, [complaint], "{text}");
        assert!(!parts.contains(&Part::End), "{text}");
    }
}

#[test]
fn a_bad_command_is_left_out_and_the_others_are_told() {
    let bad = "<Get><CmdID>&x;</CmdID></Get>";
    let (parts, complaints) = parts(&format!("<SyncBody>{BODY}\n{bad}\n{bad}\n{BODY}</SyncBody>"));
    assert_eq!(complaints.len(), 2);
    assert_eq!(parts.len(), 3, "{parts:?}");
}

#[test]
fn a_command_that_would_fill_the_memory_is_left_out() {
    let many = format!("<Atomic>{}</Atomic>", BODY.repeat(HELD / 300));
    let (parts, complaints) = parts(&format!("<SyncBody>{many}{BODY}</SyncBody>"));
    assert_eq!(complaints, [format!("line 1: `Atomic` at line 1 takes more than {HELD} bytes")]);
    assert_eq!(parts.len(), 2);
    let long = format!("<Get><Item><Data>{}</Data></Item></Get>", "x".repeat(LONGEST + 1));
    assert_eq!(self::parts(&long).1.len(), 1);
    let mixed = format!(
        "<Get><Item><Data>{}</Data></Item></Get>",
        format!("<b>{}</b>", "x".repeat(LONGEST / 2)).repeat(33)
    );
    assert_eq!(self::parts(&mixed).1.len(), 1);
}

#[test]
fn a_document_that_is_cut_never_ends() {
    let text = format!(
        "<?xml version='1.0'?>{}",
        message(
            "<SyncHdr><VerDTD>1.2</VerDTD></SyncHdr>",
            &format!(
                "{BODY}<Atomic>{BODY}</Atomic><Add><Item><Data><![CDATA[ü]]>&amp;</Data></Item></Add>"
            )
        )
    );
    for cut in (0..text.len()).filter(|cut| text.is_char_boundary(*cut)) {
        let (parts, complaints) = parts(&text[..cut]);
        assert!(!parts.contains(&Part::End), "{cut}");
        assert!(!complaints.is_empty(), "{cut}");
    }
    assert_eq!(parts(&text).0.last(), Some(&Part::End));
}

#[test]
fn of_a_broken_document_the_whole_items_are_saved() {
    let saved = |text: &str| {
        let mut found = Vec::new();
        let how = salvage(&mut text.as_bytes(), &mut |part| {
            if let Part::Command(command) = part {
                found.push((command.name.clone(), command.items.len(), command.commands.len()));
            }
            Ok(())
        });
        (found, how.unwrap() == Salvaged::Whole)
    };
    let item = "<Item><Source><LocURI>./a</LocURI></Source><Data>1</Data></Item>";
    let results = format!("<SyncBody><Results><CmdRef>1</CmdRef>{item}{item}</Results>");
    let row = |name: &str, items, commands| (name.to_owned(), items, commands);
    assert_eq!(saved(&format!("{results}</SyncBody>")), (vec![row("Results", 2, 0)], true));
    let cut = results.len() - "</Data></Item></Results>".len();
    assert_eq!(saved(&results[..cut]), (vec![row("Results", 1, 0)], false));
    assert_eq!(saved("<SyncBody><Status><CmdID>1</CmdID><Data>404</Data>"), (vec![], false));
    assert_eq!(
        saved(&format!("<SyncBody><Results>{item}</Results><Status>{item}")).0,
        [row("Results", 1, 0)]
    );
    assert_eq!(saved(&format!("<SyncBody><Atomic>{BODY}<Get>{item}<It")).0, [row("Atomic", 0, 2)]);
    for cut in 0..results.len() {
        saved(&results[..cut]);
    }
}
