//! What a license server answers: pure functions from state and arguments to state and answer.
//!
//! A call is checked in one order. WMI itself: 1 the class has the method, and so has the release of the server; 2 the arguments are
//! those of the method, each of its type; 3 the object exists. The provider: 4 shapes and enumerations in signature order; 5 the server
//! is activated; 6 it is new enough for the licenses; 7 what the method wants of the state; 8 the clearinghouse; then the change.
//!
//! Source: assumed; the pages list codes and name no order. A malformed or disallowed value is `WBEM_E_INVALID_PARAMETER`, what is
//! documented as not supported `WBEM_E_NOT_SUPPORTED`, what is missing `WBEM_E_NOT_FOUND`, a right call in the wrong state
//! `WBEM_E_INVALID_OPERATION`, what is there already `WBEM_E_ALREADY_EXISTS`, what cannot be reached `WBEM_E_NOT_AVAILABLE`, a no of
//! the clearinghouse `WBEM_E_FAILED`.

pub mod call;
pub mod hosts;
pub mod life;
pub mod reports;
pub mod revoke;
pub mod shapes;
pub mod source;
pub mod terms;
pub mod typed;
pub mod visit;

mod bring;
mod directory;
mod shrink;
mod standing;

#[cfg(test)]
pub(in crate::tslicense) mod fixture;
#[cfg(test)]
mod tests;

pub use bring::gives;
pub use shrink::ISSUED_DROPPED;

pub use call::{Answer, Clearinghouse, Controls, Effect, ManualCall, Modelled, Moved, SourceState};
