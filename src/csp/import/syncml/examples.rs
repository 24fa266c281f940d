//! The example documents of the `WindowsLicensing` CSP page, as it publishes them: for tests alone.

/// One example: what it is called here, and the document.
pub(crate) fn published() -> Vec<(&'static str, String)> {
    let device = "./Device/Vendor/MSFT/WindowsLicensing";
    let policy = "\n            ./Vendor/MSFT/WindowsLicensing/SMode/SwitchingPolicy\n          ";
    let key = Some(("chr", false, "XXXXX-XXXXX-XXXXX-XXXXX-XXXXX"));
    let one = Some(("int", true, "1"));
    let plain = |verb, node: &str, set| document(verb, "$CmdID$", &format!("{device}/{node}"), set);
    let smode = |node: &str| {
        format!("\n            ./Vendor/MSFT/WindowsLicensing/SMode/{node}\n          ")
    };
    vec![
        ("CheckApplicability", plain("Exec", "CheckApplicability", key)),
        ("Edition", plain("Get", "Edition", None)),
        ("LicenseKeyType", plain("Get", "LicenseKeyType", None)),
        ("SMode/Status", document("Get", "6", &smode("Status"), None)),
        (
            "SMode/SwitchFromSMode",
            document("Exec", "5", &smode("SwitchFromSMode"), Some(("null", true, ""))),
        ),
        ("add SwitchingPolicy", document("Add", "4", policy, one)),
        ("get SwitchingPolicy", document("Get", "2", policy, None)),
        ("replace SwitchingPolicy", document("Replace", "1", policy, one)),
        ("delete SwitchingPolicy", document("Delete", "3", policy, None)),
        ("Status", plain("Get", "Status", None)),
        ("UpgradeEditionWithProductKey", plain("Exec", "UpgradeEditionWithProductKey", key)),
    ]
}

/// One document; of what is set the format, whether a Type stands beside it, and the data.
fn document(verb: &str, id: &str, uri: &str, set: Option<(&str, bool, &str)>) -> String {
    let set = set.map_or(String::new(), |(format, typed, data)| {
        let kind = if typed { "\n          <Type>text/plain</Type>" } else { "" };
        format!(
            "        <Meta>\n          <Format xmlns=\"syncml:metinf\">{format}</Format>{kind}\n        </Meta>\n        <Data>{data}</Data>\n"
        )
    });
    format!(
        "<SyncML xmlns=\"SYNCML:SYNCML1.2\">\n  <SyncBody>\n    <{verb}>\n      <CmdID>{id}</CmdID>\n      <Item>\n        <Target>\n          \
         <LocURI>{uri}</LocURI>\n        </Target>\n{set}      </Item>\n    </{verb}>\n    <Final/>\n  </SyncBody>\n</SyncML>\n"
    )
}
