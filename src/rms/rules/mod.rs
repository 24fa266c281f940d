//! What a License Manager answers: pure functions from a table, a request and a moment to an answer.
//!
//! `request` understands what a caller hands over, `resolve` finds what it means. `node` forms the right that is served for a
//! feature, `locks` and `sites` tell for whom. `login` and `release` issue its tokens and take them back, `settle` is what time does to
//! them; all of them ask a `Ledger`. What is stored and shown is left to others.

pub mod commuter;
pub mod grace;
pub mod grant;
pub mod groups;
pub mod ledger;
pub mod limits;
pub mod locks;
pub mod login;
pub mod matching;
pub mod node;
pub mod oddities;
pub mod pool;
pub mod queue;
pub mod release;
pub mod request;
pub mod resolve;
pub mod revoke;
pub mod right;
pub mod secrecy;
pub mod settle;
pub mod sites;
pub mod table;
pub mod trial;
pub mod validity;

#[cfg(test)]
mod fixture;
