//! `--jq`: a jq program over the JSON document, strings printed raw.

use crate::error::{Outcome, Stop, Usage};
use serde_json::Value as Json;

/// The outputs of `program` over `document`, one a line.
///
/// Usage error when the program does not parse, or stops with an error.
#[cfg(feature = "jq")]
pub(super) fn run(program: &str, document: &Json) -> Outcome<Vec<String>> {
    use jaq_core::load::{Arena, File, Loader};
    use jaq_core::{Compiler, Ctx, Vars, data, unwrap_valr};
    use jaq_json::{Val, read};

    let wrong = |what: String| Stop::from(Usage::new(format!("`--jq`: {what}")));
    let input = read::parse_single(document.to_string().as_bytes())
        .map_err(|error| Stop::bug(&format!("reading its own JSON: {error:?}")))?;
    let defs = jaq_core::defs().chain(jaq_std::defs()).chain(jaq_json::defs());
    let funs = jaq_core::funs().chain(jaq_std::funs()).chain(jaq_json::funs());
    let arena = Arena::default();
    let modules = Loader::new(defs)
        .load(&arena, File { code: program, path: () })
        .map_err(|_| wrong(format!("`{program}` is not a jq program")))?;
    let filter = Compiler::default()
        .with_funs(funs)
        .compile(modules)
        .map_err(|_| wrong(format!("`{program}` calls something that is not defined")))?;
    let context = Ctx::<data::JustLut<Val>>::new(&filter.lut, Vars::new([]));
    filter
        .id
        .run((context, input))
        .map(unwrap_valr)
        .map(|value| match value {
            Ok(Val::TStr(text)) => Ok(String::from_utf8_lossy(&text).into_owned()),
            Ok(value) => Ok(value.to_string()),
            Err(error) => Err(wrong(error.to_string())),
        })
        .collect()
}

/// Without the feature there is no jq.
#[cfg(not(feature = "jq"))]
pub(super) fn run(_: &str, _: &Json) -> Outcome<Vec<String>> {
    Err(Stop::from(Usage::new("this licctl was built without `--jq`; pipe `-o json` into jq")))
}
