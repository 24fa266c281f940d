//! How a license server stands: what `check` finds in it and `status` says of it.

use super::audit::{self, Figures, audit};
use crate::clock::Timestamp;
use crate::finding::{Finding, Level};
use crate::tslicense::model::{Activation, Server};

/// The class of a server that is not activated.
pub const NOT_ACTIVATED: &str = "LS_NOT_ACTIVATED";

/// What is wrong with a server, or deserves to be known.
#[must_use]
pub fn findings(server: &Server, figures: &Figures) -> Vec<Finding> {
    let name = server.name.as_str();
    let mut found = Vec::new();
    if server.activation == Activation::NotActivated {
        found.push(
            Finding::new(
                "tslicense",
                NOT_ACTIVATED,
                Level::Error,
                name,
                format!("`{name}` is not activated and issues temporary licenses alone"),
            )
            .within(name)
            .remedy(format!("licctl tslicense server activate --server {name}")),
        );
    }
    found.extend(audit(figures).iter().filter_map(|line| audit::finding(line, name)));
    found
}

/// A disabled account with a live license: nobody can take it back, and nobody needs to.
#[must_use]
pub fn disabled(user: &str, ends: Timestamp, server: &str) -> Finding {
    let message = format!(
        "the disabled account `{user}` holds a live license; it frees itself on {} and cannot be revoked",
        ends.date()
    );
    Finding::new("tslicense", "USER_DISABLED", Level::Info, user, message).within(server)
}

/// The licenses that are used.
#[must_use]
pub fn used(figures: &Figures) -> u64 {
    figures.values().map(|figure| figure.used).sum()
}

/// The licenses that were bought and have not expired.
#[must_use]
pub fn owned(figures: &Figures) -> u64 {
    figures.values().map(|figure| figure.owned).sum()
}
