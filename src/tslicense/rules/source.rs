//! Which stored server a call means as the source of licenses, and whether the two things that name it agree.

use crate::error::Refusal;
use crate::tslicense::catalog::codes::{WBEM_E_INVALID_OPERATION, WBEM_E_INVALID_PARAMETER};
use crate::tslicense::model::{Arguments, Server};
use crate::tslicense::rules::shapes::is_address;

/// The parameters that name the source.
const NAME: &str = "sSourceLSName";
const ID: &str = "sSourceLSProductId";

/// The stored server that a call means: the one of the name, or for an address the one of the ID. `None` when no one knows it.
///
/// - `others`: every server but the one that is called.
#[must_use]
pub fn find<'s>(others: &'s [Server], arguments: &Arguments) -> Option<&'s Server> {
    let (name, id) = (arguments.text(NAME), arguments.text(ID));
    let named = others.iter().find(|server| server.is_called(name));
    named.or_else(|| others.iter().find(|server| server.has_id(id)))
}

/// Step 7.1 to 7.3: the source is another server, and its name and ID are of one server.
///
/// Refuses with `WBEM_E_INVALID_OPERATION`, `WBEM_E_INVALID_PARAMETER`.
pub(super) fn agrees(
    target: &Server,
    others: &[Server],
    arguments: &Arguments,
) -> Result<(), Refusal> {
    let (name, id) = (arguments.text(NAME), arguments.text(ID));
    if target.has_id(id) || target.is_called(name) {
        let parameter = if target.has_id(id) { ID } else { NAME };
        return Err(Refusal::new(
            &WBEM_E_INVALID_OPERATION,
            format!("the source is `{}` itself", target.name),
        )
        .with("parameter", parameter)
        .hinted("name the server that has the licenses now"));
    }
    let of_id = others.iter().find(|server| server.has_id(id));
    if let Some(server) = of_id.filter(|server| !server.is_called(name) && !is_address(name)) {
        return Err(Refusal::new(
            &WBEM_E_INVALID_PARAMETER,
            format!(
                "the license server ID is that of `{}`, which is not called `{name}`",
                server.name
            ),
        )
        .with("parameter", NAME)
        .hinted(format!(
            "if it is, `licctl tslicense server set --server {} --alias {name}`",
            server.name
        )));
    }
    let named = others.iter().find(|server| server.is_called(name));
    let differs = |server: &&Server| server.license_server_id.is_some() && !server.has_id(id);
    if let Some(server) = named.filter(differs) {
        return Err(Refusal::new(
            &WBEM_E_INVALID_PARAMETER,
            format!("`{}` has another license server ID", server.name),
        )
        .with("parameter", ID)
        .hinted(format!("`licctl tslicense server id --server {}` shows it", server.name)));
    }
    Ok(())
}
