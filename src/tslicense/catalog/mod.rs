//! The facts of the Remote Desktop licensing provider, as rows; `CATALOG` collects them.
//!
//! What a server answers with them is left to `rules`, what it can hold to `model`.

pub mod codes;
pub mod documents;
pub mod enumerations;
pub mod events;
pub mod fields;
pub mod methods;
pub mod shapes;
pub mod texts;
pub mod versions;

use crate::catalog::{Catalog, Method};

/// Everything that the documents say of the API, for `explain`, the manual and the tests.
pub static CATALOG: Catalog = Catalog {
    documents: &documents::DOCUMENTS,
    fields: &[
        &fields::KEY_PACK,
        &fields::CONTACT,
        &fields::SERVER,
        &fields::ISSUED,
        &fields::HOST,
        &fields::REPORT,
    ],
    codes: &[&codes::PROVIDER, &codes::SYSTEM, &codes::FUNCTIONS],
    methods: &[&KEY_PACK_METHODS, &SERVER_METHODS, &ISSUED_METHODS, &HOST_METHODS, &REPORT_METHODS],
};

/// The methods of the key pack class, without what only this domain says of them.
static KEY_PACK_METHODS: [&Method; 16] = bare(&methods::KEY_PACK);
static SERVER_METHODS: [&Method; 26] = bare(&methods::SERVER);
static REPORT_METHODS: [&Method; 8] = bare(&methods::REPORT);
static HOST_METHODS: [&Method; 9] = bare(&methods::HOST);
static ISSUED_METHODS: [&Method; 1] = bare(&methods::ISSUED);

#[expect(
    clippy::indexing_slicing,
    reason = "a const fn has no iterators; both arrays are as long as the loop"
)]
const fn bare<const N: usize>(rows: &'static [methods::WmiMethod; N]) -> [&'static Method; N] {
    let mut methods = [&rows[0].method; N];
    let mut at = 1;
    while at < N {
        methods[at] = &rows[at].method;
        at += 1;
    }
    methods
}
