//! Wishes as the answer file of a provisioning package.

use super::wish::{Asked, Options, escaped};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use uuid::{Builder, Uuid};

/// What every ID is made from beside the name, so that it is like none that is made from a name elsewhere.
const SEED: &str = "licctl csp provisioning package: ";

/// Writes a package.
pub(super) fn write(asked: &[Asked<'_>], options: &Options) -> String {
    let name = options.shown_name();
    let id = options.id.unwrap_or_else(|| id_of(&name));
    let mut out = format!(
        r#"<?xml version="1.0" encoding="utf-8"?>
<WindowsCustomizations>
  <PackageConfig xmlns="urn:schemas-Microsoft-com:Windows-ICD-Package-Config.v1.0">
    <ID>{{{id}}}</ID>
    <Name>{}</Name>
    <Version>1.0</Version>
    <OwnerType>ITAdmin</OwnerType>
    <Rank>0</Rank>
    <Notes></Notes>
  </PackageConfig>
  <Settings xmlns="urn:schemas-microsoft-com:windows-provisioning">
    <Customizations>
      <Common>
        <EditionUpgrade>
"#,
        escaped(&name)
    );
    for asked in asked {
        let element = asked.name();
        let data = escaped(asked.data.as_deref().unwrap_or_default());
        // Writing to a text cannot fail.
        let _ = writeln!(out, "          <{element}>{data}</{element}>");
    }
    out.push_str(
        "        </EditionUpgrade>\n      </Common>\n    </Customizations>\n  </Settings>\n</WindowsCustomizations>\n",
    );
    out
}

/// The ID of the package with this name: the same for the same name.
///
/// Source: [RFC 9562] 5.8, a name-based UUID whose digest is SHA-256.
fn id_of(name: &str) -> Uuid {
    let digest = Sha256::new().chain_update(SEED).chain_update(name).finalize();
    let mut bytes = [0; 16];
    for (to, from) in bytes.iter_mut().zip(digest) {
        *to = from;
    }
    Builder::from_custom_bytes(bytes).into_uuid()
}
