//! Two questions about device descriptions: what two differ in, and what is wrong with one.

mod check;
mod diff;

pub use check::check;
pub use diff::{Change, Difference, Extent, diff};
