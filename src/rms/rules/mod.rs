//! What a License Manager answers: pure functions from a table, a request and a moment to an answer.
//!
//! `request` understands what a caller hands over, `resolve` finds what it means. `node` forms the right that is served for a
//! feature, `locks` and `sites` tell for whom. What is stored and shown is left to others.

pub mod limits;
pub mod locks;
pub mod matching;
pub mod node;
pub mod oddities;
pub mod request;
pub mod resolve;
pub mod sites;
pub mod table;
pub mod validity;

#[cfg(test)]
mod fixture;
