//! What the reader of XML hands out, past the parser and through it.

use super::{Document, Leaf, Likely, Piece};
use crate::artefact::trouble::Trouble;
use crate::artefact::{DEEPEST, LONGEST};
use std::io::BufReader;

/// The pieces as `name@line` and `/name=text`, and what was wrong; a `!` marks what ended the
/// stream.
fn pieces(text: &str) -> Vec<String> {
    let found = pieces_in(text, 7);
    assert_eq!(pieces_in(text, 65_536), found);
    found
}

/// The same, of an input that comes in bits of this size.
fn pieces_in(text: &str, bit: usize) -> Vec<String> {
    let mut input = BufReader::with_capacity(bit, text.as_bytes());
    gathered(Document::new(&mut input))
}

/// As [`pieces`], of a file that may have a document type; the input comes in bits of this size.
fn pieces_behind_doctype(text: &str, bit: usize) -> Vec<String> {
    let mut input = BufReader::with_capacity(bit, text.as_bytes());
    gathered(Document::new(&mut input).passing_doctype())
}

fn gathered(mut document: Document<'_>) -> Vec<String> {
    let mut found = Vec::new();
    loop {
        let piece = match document.next() {
            Ok(None) => return found,
            Ok(Some(Piece::Open(tag))) => {
                let id = tag.attribute("id").unwrap_or_else(|why| Some(why.into()));
                format!("{}{}", tag.name, id.map(|id| format!(" {id}")).unwrap_or_default())
            }
            Ok(Some(Piece::Close { name, text, .. })) => format!("/{name}={text}"),
            Err(Trouble::Skip(place, message)) => format!("{place}: {message}"),
            Err(Trouble::End(place, message)) => {
                found.push(format!("! {place}: {message}"));
                return found;
            }
            Err(Trouble::Fault(error)) => panic!("{error}"),
        };
        found.push(piece);
    }
}

#[test]
fn elements_are_told_by_their_local_names_and_texts() {
    let text = "<?xml version='1.0'?><!-- c --><p:a xmlns:p='x' p:id='1 &lt; &#50;'>x<b/>&amp;&#x41;<![CDATA[<&]]></p:a>\n<c id=\"\"/>";
    assert_eq!(pieces(text), ["a 1 < 2", "b", "/b=", "/a=&A<&", "c ", "/c="]);
}

#[test]
fn mixed_content_cdata_and_instructions_are_told_for_those_who_care() {
    let text = "\n<?p?><a>x<![CDATA[y]]><b>z</b></a>";
    let mut input = text.as_bytes();
    let mut document = Document::new(&mut input);
    let mut found = Vec::new();
    while document.next().unwrap().is_some() {
        found.push(format!("{}:{}", document.text(), document.is_cdata()));
    }
    assert_eq!(found, [":false", "xy:true", "z:false", ":false"]);
    assert_eq!((document.instruction(), document.line()), (Some(2), 2));
}

#[test]
fn attributes_are_read_with_their_prefixes_and_must_be_well_formed() {
    let read = |text: &str| {
        let mut input = text.as_bytes();
        let mut document = Document::new(&mut input);
        let Ok(Some(Piece::Open(tag))) = document.next() else { panic!("no tag") };
        let attributes: Vec<String> = tag
            .attributes()
            .map(|read| read.map_or_else(|why| why, |(name, value)| format!("{name}={value}")))
            .collect();
        format!("{} {} {}", tag.prefix(), tag.name, attributes.join(" "))
    };
    assert_eq!(read("<p:a xmlns:p='x' b='&lt;'/>"), "p a xmlns:p=x b=<");
    assert_eq!(read("<a/>"), " a ");
    assert!(read("<a b='1' b='2'/>").contains("duplicate"), "{}", read("<a b='1' b='2'/>"));
    assert!(read("<a b=1/>").contains("must be enclosed"));
    assert!(read("<a b='&x;'/>").contains("attribute `b` of `<a>`"));
}

#[test]
fn document_types_are_refused_before_any_entity_is_defined() {
    let text = "<!DOCTYPE a [<!ENTITY x \"xxxxxxxxxx\"><!ENTITY y \"&x;&x;\">]><a>&y;</a>";
    assert_eq!(pieces(text), ["! line 1: document types (`<!DOCTYPE`) are refused"]);
    let endless = format!("<!DOCTYPE a [{}", "<!ENTITY x 'y'>".repeat(LONGEST));
    assert!(pieces(&endless)[0].starts_with('!'));
}

#[test]
fn a_document_type_is_passed_over_where_the_kind_of_file_has_one() {
    let text = "<?xml version='1.0'?>\n<!DOCTYPE a PUBLIC \" -//X//DTD [1]>//EN\"\n  \"http://x.example/a.dtd\"\n  \
                [<?v ']>'?><!-- ]> --><!ELEMENT a (b*)><!ATTLIST a b CDATA ']>'><!NOTATION n SYSTEM '>'>]>\n<a><b>&amp;</b></a>";
    for bit in 1..40 {
        assert_eq!(pieces_behind_doctype(text, bit), ["a", "b", "/b=&", "/a="], "{bit}");
    }
    assert_eq!(pieces(text), ["! line 2: document types (`<!DOCTYPE`) are refused"]);
    let later = pieces_behind_doctype("<!DOCTYPE a [\n\n]>\n<a>\n</b>", 7);
    assert!(later[1].starts_with("! line 5: "), "{later:?}");
}

#[test]
fn a_document_type_that_is_passed_over_defines_no_entity() {
    let refused = ["! line 1: document types that declare entities are refused"];
    for declared in [
        "<!DOCTYPE a [<!ENTITY x 'y'>]>",
        "<!DOCTYPE a [<!ENTITY % x SYSTEM 'file:///etc/passwd'> %x;]>",
        "<!DOCTYPE a [<?p?><!ENTITY x SYSTEM \"http://x.example/\">]>",
    ] {
        assert_eq!(pieces_behind_doctype(&format!("{declared}<a>&x;</a>"), 7), refused);
    }
    let found = pieces_behind_doctype("<!DOCTYPE a SYSTEM 'x.dtd'><a>&x;</a>", 7);
    assert_eq!(found, ["a", "line 1: the entity `&x;` is not defined", "/a="]);
    let endless = format!("<!DOCTYPE a [{}", "<!ELEMENT x (y)>".repeat(LONGEST));
    assert!(pieces_behind_doctype(&endless, 4096)[0].starts_with('!'));
}

#[test]
fn a_document_type_stands_before_the_root_alone() {
    let message = "! line 1: a document type (`<!DOCTYPE`) stands inside an element";
    assert_eq!(pieces_behind_doctype("<a><!DOCTYPE a></a>", 7), ["a", message]);
}

#[test]
fn a_document_type_that_is_cut_or_garbled_ends_the_file_and_does_no_harm() {
    let text = "<!DOCTYPE a [<!NOTATIO x '>'><!ENT><!><?><!-->-->]><a/>";
    for cut in 0..=text.len() {
        for bit in 1..12 {
            pieces_behind_doctype(&text[..cut], bit);
        }
    }
}

#[test]
fn an_entity_that_is_not_defined_spoils_one_text() {
    let found = pieces("<a><b>x&y;z</b>\n<b>&#0;</b><c/></a>");
    let wrong = "line 1: the entity `&y;` is not defined";
    assert_eq!(found[..4], ["a", "b", wrong, "/b=z"]);
    assert_eq!(found[5..], ["line 2: the entity `&#0;` is not defined", "/b=", "c", "/c=", "/a="]);
}

#[test]
fn a_text_that_is_too_long_is_left_out_and_the_next_element_read() {
    let found = pieces(&format!("<a>\n<b>{}</b><c>y</c></a>", "x\n".repeat(5 * LONGEST)));
    let message = format!("line 2: the text of an element is longer than {LONGEST} bytes");
    assert_eq!(found, ["a", "b", message.as_str(), "/b=", "c", "/c=y", "/a="]);
    let found = pieces(&format!("<a>{}</a>\n<b", "x\n".repeat(5 * LONGEST)));
    assert!(found[3].starts_with(&format!("! line {}: ", 2 + 5 * LONGEST)), "{found:?}");
    for long in ["ä", "x語", "xx語", "xxx語"] {
        let found = pieces(&format!("<a><b>{}</b><c/></a>", long.repeat(LONGEST)));
        assert_eq!((found.len(), found[4].as_str()), (7, "c"), "{long}");
    }
    let found = pieces(&format!("<a>{}</a>", "&amp;".repeat(LONGEST + 1)));
    assert!(found[1].contains("longer than"), "{found:?}");
}

#[test]
fn a_tag_that_is_too_long_ends_the_file() {
    for text in ["<a b='", "<!--", "<![CDATA[", "<a ", "<?p ", "<a><b c='<"] {
        let found = pieces(&format!("{text}{}", "x".repeat(3 * LONGEST)));
        assert!(found.last().unwrap().starts_with('!'), "{found:?}");
    }
}

#[test]
fn nesting_is_followed_to_a_bound() {
    let nested = |depth: usize| format!("{}{}", "<a>".repeat(depth), "</a>".repeat(depth));
    assert_eq!(pieces(&nested(DEEPEST)).len(), 2 * DEEPEST);
    assert_eq!(
        pieces(&nested(100_000)).last().unwrap(),
        "! line 1: elements are nested deeper than 64 levels"
    );
}

#[test]
fn what_is_not_well_formed_ends_the_file_with_its_line() {
    for (text, message) in [
        ("<a>\n<b></a>", "! line 2: ill-formed document: expected `</b>`, but `</a>` was found"),
        ("<a>\n", "! line 2: the file ends inside an element"),
        (
            "<a><b AAAAA</b></a>",
            "! line 1: ill-formed document: expected `</b>`, but `</a>` was found",
        ),
        (
            "<a><bAAAAA</b></a>",
            "! line 1: ill-formed document: expected `</…>`, but `</a>` was found",
        ),
        ("</a>", "! line 1: ill-formed document: close tag `</a>` does not match any open tag"),
    ] {
        assert_eq!(pieces(text).last().unwrap(), message);
    }
    assert_eq!(pieces("x<a/>"), ["line 1: `x` stands outside of any element", "a", "/a="]);
    assert_eq!(
        pieces("<a id=1/>")[0],
        "a `<a>`: position 5: attribute value must be enclosed in `\"` or `'`"
    );
}

/// Bits of documents, well-formed together or not.
fn bits() -> impl proptest::strategy::Strategy<Value = Vec<&'static str>> {
    let bits = [
        "<a>",
        "</a>",
        "<b>",
        "</b>",
        "</b >",
        "<b>text</b>",
        "\n  <b.1></b.1>\n",
        "<b>a</b.1>",
        "<b x='1>2' y=\"/\"/>",
        "<p:a xmlns:p='x'>",
        "</p:a>",
        "<a/>",
        "<a />",
        "<a\r\nb='\n'>",
        "text",
        " \r\n",
        "\r",
        "\n",
        "é語",
        "&amp;",
        "&#65;",
        "&x;",
        "&",
        ";",
        "<!-- - > -->",
        "<![CDATA[<&\r\n]]>",
        "<?p ?>",
        "<",
        ">",
        "/",
        "'",
        "\"",
        "=",
        "<>",
        "< a>",
        "</>",
        "</ a>",
        "<a",
        "</a",
        "<!DOCTYPE a>",
        "<\u{e9}>",
        "</\u{e9}>",
        "<1>",
    ];
    proptest::collection::vec(proptest::sample::select(bits.to_vec()), 0..14)
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config::with_cases(2_000))]

    #[test]
    fn a_document_reads_the_same_past_the_parser_and_through_it(bits in bits()) {
        // A root around it lets more than the first element be reached.
        for text in [bits.concat(), format!("<r>{}</r>", bits.concat())] {
            // In bits of one byte nothing goes past the parser.
            let through = pieces_in(&text, 1);
            for bit in [3, 16, 4096] {
                proptest::prop_assert_eq!(&pieces_in(&text, bit), &through, "{}", &text);
            }
        }
    }
}

/// Name, text, depth and line of an ending tag.
type End = (String, String, usize, u64);

/// Every ending tag, and what ended the reading; leaves are taken in one go or not.
fn ends(text: &str, bit: usize, leaves: bool) -> Vec<End> {
    let mut input = BufReader::with_capacity(bit, text.as_bytes());
    let (mut document, mut found) = (Document::new(&mut input), Vec::new());
    let mut before = String::new();
    loop {
        let name = found.last().map_or_else(String::new, |end: &End| end.0.clone());
        let known = if before.starts_with(&format!("<{name}>")) { before.as_str() } else { "" };
        let likely = Likely { name: &name, written: known };
        if leaves
            && let Some(Leaf { name, text, depth, line, written, again }) = document.leaf(likely)
        {
            assert_eq!(written, format!("<{name}>{text}</{name}>"));
            assert_eq!(again, written == known);
            written.clone_into(&mut before);
            found.push((name.to_owned(), text.to_owned(), depth, line));
            let (tag, last) = (document.tag(), found.last().unwrap());
            let told = (tag.name.to_owned(), document.text().to_owned(), tag.depth + 1, tag.line);
            assert_eq!(&told, last);
            continue;
        }
        match document.next() {
            Ok(None) => return found,
            Ok(Some(Piece::Open(_))) => {}
            Ok(Some(Piece::Close { name, text, depth })) => {
                let (name, text) = (name.to_owned(), text.to_owned());
                found.push((name, text, depth, document.line()));
            }
            Err(Trouble::Skip(place, why)) => found.push((place.to_string(), why, 0, 0)),
            Err(Trouble::End(place, why)) => {
                found.push((place.to_string(), why, 0, document.line()));
                return found;
            }
            Err(Trouble::Fault(error)) => panic!("{error}"),
        }
    }
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config::with_cases(2_000))]

    #[test]
    fn a_leaf_is_read_as_its_two_tags_are(bits in bits()) {
        for text in [bits.concat(), format!("<r>\n<b>{}</b>{}</r>", bits.concat(), bits.concat())] {
            for bit in [16, 64, 4096] {
                proptest::prop_assert_eq!(ends(&text, bit, true), ends(&text, bit, false), "{}", &text);
            }
        }
    }
}

#[test]
fn a_record_of_leaves_is_read_leaf_by_leaf() {
    let mut input =
        "<r><f>\n  <a>1</a>\n\t<b></b><c>x &lt; y</c>\n<d e='1'>2</d><e> z </e></f></r>".as_bytes();
    let mut document = Document::new(&mut input);
    let mut found = Vec::new();
    loop {
        let likely = Likely { name: "a", written: "<a>1</a>" };
        if let Some(Leaf { name, text, depth, line, .. }) = document.leaf(likely) {
            found.push(format!("{name}={text}@{line} {depth}"));
        } else if document.advance().unwrap().is_none() {
            break;
        }
    }
    // A reference and an attribute are for the parser; what stands behind them is a leaf again.
    assert_eq!(found, ["a=1@2 3", "b=@3 3", "e= z @4 3"]);
}

#[test]
fn a_column_counts_the_characters_of_the_line_that_are_read() {
    for (text, bit, column) in [
        ("<a>\n<b>text</b> <c", 7, 14),
        ("<a>\n<b>text</b> <c", 65_536, 14),
        ("<a><b>äöü</b></c>", 65_536, 17),
        ("<a>\n", 7, 0),
    ] {
        let mut input = BufReader::with_capacity(bit, text.as_bytes());
        let mut document = Document::new(&mut input);
        while document.next().is_ok_and(|piece| piece.is_some()) {}
        assert_eq!(document.column(), column, "{text} in bits of {bit}");
    }
}
