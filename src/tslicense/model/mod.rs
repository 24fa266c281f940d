//! What a license server holds: types that cannot hold what the API cannot hold.

pub mod arguments;
pub mod datetime;
pub mod estate;
pub mod host;
pub mod issued;
pub mod migration;
pub mod pack;
pub mod report;
pub mod server;

pub use arguments::{Argument, Arguments};
pub use estate::{Event, Held};
pub use host::{Host, Layer, Licensing, Reach};
pub use issued::{Failure, Issued, LicenseId, Stage, UserLicense};
pub use pack::{Filed, KeyPack, KeyPackId, Origin, Purchase, UNLIMITED};
pub use server::{Activation, Contact, Directory, Server};
