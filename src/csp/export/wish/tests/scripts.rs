//! PowerShell scripts: what they ask for, and what they must never hold.

use super::{KEY, exec, get, plain, target};
use crate::csp::export::wish::{As, Wishes};

#[test]
fn a_script_asks_for_the_key_and_never_holds_one() {
    for path in ["UpgradeEditionWithProductKey", "ChangeProductKey", "CheckApplicability"] {
        let text = plain(&exec(path, Some(KEY)), As::PowerShell).unwrap();
        assert!(!text.contains("AAAAA") && !text.contains("EDU01"), "{text}");
        let call = format!(
            "    Invoke-Bridge -Method '{path}Method' -Value (Read-Key -Prompt 'Product key for {path}')\n"
        );
        assert!(text.contains(&call), "{text}");
        assert!(text.contains("Read-Host -Prompt $Prompt -AsSecureString"), "{text}");
        assert_eq!(text, plain(&exec(path, None), As::PowerShell).unwrap());
    }
}

#[test]
fn no_character_of_a_license_can_end_a_string_of_the_script() {
    let license = "<a>' $(x) \u{2019} \" ` \n' ; ü</a>";
    let text = plain(&exec("UpgradeEditionWithLicense", Some(license)), As::PowerShell).unwrap();
    assert!(text.is_ascii() && !text.contains("$(x)"), "{text}");
    assert!(text.contains("FromBase64String('PGE+Jy"), "{text}");
    let asks = plain(&exec("UpgradeEditionWithLicense", None), As::PowerShell).unwrap();
    assert!(asks.contains("Read-Host -Prompt 'License file for"), "{asks}");
    assert!(!asks.contains("Read-Key"), "{asks}");
}

#[test]
fn a_script_reads_the_properties_after_it_has_executed() {
    let wishes = Wishes {
        exec: exec("ChangeProductKey", None).exec,
        get: ["Edition", "Status", "LicenseKeyType"].map(target).to_vec(),
        ..Wishes::default()
    };
    let text = plain(&wishes, As::PowerShell).unwrap();
    let end = "
try {
    $instance = Get-CimInstance @find
    Invoke-Bridge -Method 'ChangeProductKeyMethod' -Value (Read-Key -Prompt 'Product key for ChangeProductKey')
    Get-CimInstance @find | Select-Object -Property Edition, Status, LicenseKeyType
} finally {
    Remove-CimSession -CimSession $session
}
";
    assert!(text.ends_with(end), "{text}");
    for part in [
        r"$namespace = 'root\cimv2\mdm\dmmap'",
        "$class = 'MDM_WindowsLicensing'",
        "CimMethodParametersCollection",
        "IsSystem",
    ] {
        assert!(text.contains(part), "{text}");
    }
    assert_eq!(text.matches('{').count(), text.matches('}').count());
    assert!(!plain(&get("Edition"), As::PowerShell).unwrap().contains("Invoke-Bridge"));
}
