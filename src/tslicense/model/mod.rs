//! What a license server holds: types that cannot hold what the API cannot hold.

pub mod arguments;
pub mod datetime;
pub mod estate;
pub mod issued;
pub mod pack;
pub mod server;

pub use arguments::{Argument, Arguments};
pub use estate::{Event, Held};
pub use issued::{Issued, LicenseId, Stage, UserLicense};
pub use pack::{Filed, KeyPack, KeyPackId, Origin, Purchase, UNLIMITED};
pub use server::{Activation, Contact, Server};
