//! Which machines the model knows, for the questions that look at all of them.

use super::instances::Instance;
use crate::error::Outcome;
use crate::store::Read;

/// Which of the modelled machines are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    All,
    /// Those with a KMS host key; whether it is activated is left to the rules.
    WithHostKey,
}

/// The machines that the model knows, in the order of their names.
pub fn machines(read: &mut dyn Read, which: Which) -> Outcome<Vec<Instance>> {
    let sql = "select m.id, m.name from kms_models k join kms_machines m on m.id = k.machine \
         where ?1 or exists (select 1 from kms_products p where p.machine = m.id and p.partial_key is not null \
         and (p.channel = 'Volume:CSVLK' or (p.description like '%VOLUME_KMS%' \
         and p.description not like '%VOLUME_KMSCLIENT%'))) order by m.name";
    read.all(sql, &[(which == Which::All).into()], |row| {
        Ok(Instance { id: row.int(0)?, name: row.text(1)?.to_owned() })
    })
}
