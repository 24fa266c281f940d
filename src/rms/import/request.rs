//! The two documents that a caller of `get_info` sends: what is asked, and about which feature and license.

use crate::artefact::trouble::{Trouble, excerpt};
use crate::artefact::xml::{Document, Piece, Tag};
use crate::error::{Outcome, Refusal, Stop};
use crate::rms::catalog::codes::SNTL_CALLING_ERROR;
use crate::rms::catalog::queries::{QUERY_ROOT, SCOPE_ROOT};
use crate::rms::model::query::{FeatureText, LicenseText, QueryText, ScopeText};
use std::io::BufRead;

fn wrong(message: String) -> Stop {
    Refusal::new(&SNTL_CALLING_ERROR, message).into()
}

/// Reads a query document.
///
/// Refuses with `SNTL_CALLING_ERROR` what is no XML or has another root.
pub fn query(input: &mut dyn BufRead) -> Outcome<QueryText> {
    let mut found = None;
    walk(input, "query", QUERY_ROOT, &mut |step| {
        let Step::Open(tag) = step else { return Ok(()) };
        if tag.depth > 1 {
            return Err(format!("`{QUERY_ROOT}` holds an element `{}`", excerpt(tag.name)));
        }
        let owned = std::borrow::Cow::into_owned;
        found = Some(QueryText {
            query: tag.attribute("query")?.map(owned),
            version: tag.attribute("version")?.map(owned),
        });
        Ok(())
    })?;
    Ok(found.unwrap_or_default())
}

/// Reads a scope document.
///
/// Refuses with `SNTL_CALLING_ERROR` what is no XML, has another root, or names a thing twice.
pub fn scope(input: &mut dyn BufRead) -> Outcome<ScopeText> {
    let mut scope = ScopeText::default();
    let mut within = "";
    walk(input, "scope", SCOPE_ROOT, &mut |step| match step {
        Step::Open(tag) if tag.depth == 2 => {
            within = begun(&mut scope, tag)?;
            Ok(())
        }
        Step::Open(tag) if tag.depth == 3 && known(within, tag.name) => Ok(()),
        Step::Open(tag) if tag.depth > 2 => {
            Err(format!("`{within}` holds an element `{}`", excerpt(tag.name)))
        }
        Step::Text("statusCode", text) if within == "statusCode" => {
            scope.status_code = Some(text.trim().to_owned());
            Ok(())
        }
        Step::Text(name, text) => given(&mut scope, within, name, text),
        Step::Open(_) => Ok(()),
    })?;
    Ok(scope)
}

/// The elements of a scope and what each holds.
static HELD: [(&str, &[&str]); 2] = [("feature", &["name", "version"]), ("license", &["hash"])];

fn known(within: &str, name: &str) -> bool {
    HELD.iter().any(|(parent, names)| *parent == within && names.contains(&name))
}

/// Takes the feature or the license of a scope; its name.
fn begun(scope: &mut ScopeText, tag: &Tag<'_>) -> Result<&'static str, String> {
    let twice = |name: &str| format!("the scope has two elements `{name}`");
    let index = tag.attribute("index")?.map(std::borrow::Cow::into_owned);
    match tag.name {
        "feature" if scope.feature.is_some() => Err(twice("feature")),
        "license" if scope.license.is_some() => Err(twice("license")),
        "feature" => {
            scope.feature = Some(FeatureText { index, ..FeatureText::default() });
            Ok("feature")
        }
        "license" => {
            scope.license = Some(LicenseText { index, ..LicenseText::default() });
            Ok("license")
        }
        "client" if scope.client.is_some() => Err(twice("client")),
        "client" => {
            scope.client = Some(index);
            Ok("client")
        }
        "statusCode" if scope.status_code.is_some() => Err(twice("statusCode")),
        "statusCode" => {
            scope.status_code = Some(String::new());
            Ok("statusCode")
        }
        name => Err(format!("the scope holds an element `{}`", excerpt(name))),
    }
}

/// Takes the text of a name, a version or a hash.
fn given(scope: &mut ScopeText, within: &str, name: &str, text: &str) -> Result<(), String> {
    let slot = match (within, name) {
        ("feature", "name") => scope.feature.as_mut().map(|feature| &mut feature.name),
        ("feature", "version") => scope.feature.as_mut().map(|feature| &mut feature.version),
        ("license", "hash") => scope.license.as_mut().map(|license| &mut license.hash),
        _ => None,
    };
    let Some(slot) = slot else { return Ok(()) };
    if slot.replace(text.to_owned()).is_some() {
        return Err(format!("the scope has two elements `{name}`"));
    }
    Ok(())
}

/// A step through a document.
enum Step<'s> {
    Open(&'s Tag<'s>),
    /// The end of an element that holds text alone.
    Text(&'s str, &'s str),
}

/// Walks the one document of an input.
fn walk(
    input: &mut dyn BufRead,
    of: &str,
    root: &str,
    each: &mut dyn FnMut(Step<'_>) -> Result<(), String>,
) -> Outcome<()> {
    let mut document = Document::new(input);
    let mut roots = 0;
    loop {
        let answer = match document.next() {
            Ok(None) if roots == 1 => return Ok(()),
            Ok(None) => return Err(wrong(format!("the {of} is no XML document"))),
            Ok(Some(Piece::Open(tag))) => {
                roots += usize::from(tag.depth == 1);
                if tag.depth == 1 && (tag.name != root || roots > 1) {
                    Err(format!("the root is `{}`, not `{root}`", excerpt(tag.name)))
                } else {
                    each(Step::Open(&tag))
                }
            }
            Ok(Some(Piece::Close { name, text, depth: 3 })) => each(Step::Text(name, text)),
            Ok(Some(Piece::Close { name: name @ "statusCode", text, depth: 2 })) => {
                each(Step::Text(name, text))
            }
            Ok(Some(Piece::Close { .. })) => Ok(()),
            Err(Trouble::Skip(_, message) | Trouble::End(_, message)) => Err(message),
            Err(Trouble::Fault(error)) => {
                return Err(Stop::Fault(anyhow::Error::new(error).context("reading the document")));
            }
        };
        answer.map_err(|why| wrong(format!("the {of}: {why}")))?;
    }
}

#[cfg(test)]
mod tests {
    use super::{query, scope};
    use crate::error::Stop;
    use crate::rms::model::query::{FeatureText, LicenseText, QueryText, ScopeText};

    fn refused<T: std::fmt::Debug>(answer: Result<T, Stop>) -> String {
        match answer {
            Err(Stop::Refused(refusal)) => {
                assert_eq!(refusal.code.symbol, "SNTL_CALLING_ERROR");
                refusal.message
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_query_of_the_page_is_understood() {
        let page = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<sentinelQuery query=\"licenseInfo\" version=\"1.1\"/>";
        let text =
            QueryText { query: Some("licenseInfo".to_owned()), version: Some("1.1".to_owned()) };
        assert_eq!(query(&mut page.as_bytes()).unwrap(), text);
        let short = query(&mut "<sentinelQuery query='licenseInfo'/>".as_bytes()).unwrap();
        assert_eq!(short.version, None);
    }

    #[test]
    fn the_scope_of_the_page_is_understood() {
        let page = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<sentinelScope>\n<feature index=\"0\">\n<name>F1</name>\n\
                    <version>V1</version>\n</feature>\n<license index=\"0\">\n<hash/>\n</license>\n</sentinelScope>";
        let given = |text: &str| Some(text.to_owned());
        let expected = ScopeText {
            feature: Some(FeatureText {
                index: given("0"),
                name: given("F1"),
                version: given("V1"),
            }),
            license: Some(LicenseText { index: given("0"), hash: given("") }),
            ..ScopeText::default()
        };
        assert_eq!(scope(&mut page.as_bytes()).unwrap(), expected);
    }

    #[test]
    fn what_is_no_query_is_refused() {
        for text in
            ["", "licenseInfo", "<q/>", "<sentinelQuery", "<sentinelQuery/><sentinelQuery/>"]
        {
            refused(query(&mut text.as_bytes()));
        }
        refused(query(&mut "<sentinelQuery query='licenseInfo'><x/></sentinelQuery>".as_bytes()));
        let dtd = "<!DOCTYPE sentinelQuery [<!ENTITY a 'b'>]><sentinelQuery query='&a;'/>";
        assert!(refused(query(&mut dtd.as_bytes())).contains("document types"));
    }

    #[test]
    fn what_is_no_scope_is_refused() {
        let within = |inner: &str| {
            let text = format!("<sentinelScope>{inner}</sentinelScope>");
            scope(&mut text.as_bytes())
        };
        assert_eq!(within("").unwrap(), ScopeText::default());
        let twice = refused(within("<feature index='0'/><feature index='1'/><license index='0'/>"));
        assert_eq!(twice, "the scope: the scope has two elements `feature`");
        refused(within("<feature><name>A</name><name>B</name></feature>"));
        refused(within("<feature><hash>A</hash></feature>"));
        refused(within("<recipient index='0'/>"));
        refused(within("<client index='0'/><client index='1'/>"));
        refused(within("<statusCode>1</statusCode><statusCode>2</statusCode>"));
        refused(scope(&mut "<scope/>".as_bytes()));
    }

    #[test]
    fn feature_and_license_come_in_any_order() {
        let text = "<sentinelScope><license><hash>ab</hash></license><feature><name>A</name></feature></sentinelScope>";
        let read = scope(&mut text.as_bytes()).unwrap();
        assert_eq!(read.license.unwrap().hash.as_deref(), Some("ab"));
        assert_eq!(read.feature.unwrap().name.as_deref(), Some("A"));
    }

    #[test]
    fn scopes_of_other_queries_hold_a_client_or_a_code() {
        let text = "<sentinelScope><feature index='0'/><client index='3'/></sentinelScope>";
        let read = scope(&mut text.as_bytes()).unwrap();
        assert_eq!(read.client, Some(Some("3".to_owned())));
        let text = "<sentinelScope><statusCode> 210139 </statusCode></sentinelScope>";
        let read = scope(&mut text.as_bytes()).unwrap();
        assert_eq!(read.status_code.as_deref(), Some("210139"));
    }
}
