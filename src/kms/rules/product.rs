//! The methods of `SoftwareLicensingProduct` that are checked and no more: their effects are not modelled.

use super::checks::invalid;
use crate::error::Refusal;
use crate::kms::catalog::codes::{
    SL_E_CIDIID_INVALID_DATA, SL_E_TKA_GRANT_NOT_FOUND, SL_E_VALUE_NOT_FOUND,
};

/// `DepositOfflineConfirmationId`: both texts are checked, nothing is activated.
///
/// Refuses with `SL_E_CIDIID_INVALID_DATA` when a text is empty or holds anything but digits and hyphens; it is not repeated.
pub fn deposit_offline_confirmation(installation: &str, confirmation: &str) -> Result<(), Refusal> {
    for (name, text) in [("InstallationId", installation), ("ConfirmationId", confirmation)] {
        let legal = |letter: char| letter.is_ascii_digit() || letter == '-';
        if !text.chars().any(|letter| letter.is_ascii_digit()) || !text.chars().all(legal) {
            return Err(Refusal::new(
                &SL_E_CIDIID_INVALID_DATA,
                format!("{name} is malformed; digits and hyphens are allowed"),
            ));
        }
    }
    Ok(())
}

/// `GetPolicyInformationDWord` and `GetPolicyInformationString`: no policies are modelled.
///
/// Refuses with `E_INVALIDARG` for an empty name, else with `SL_E_VALUE_NOT_FOUND`.
#[must_use]
pub fn policy_information(name: &str) -> Refusal {
    if name.trim().is_empty() {
        return invalid("PolicyName is empty");
    }
    Refusal::new(&SL_E_VALUE_NOT_FOUND, format!("no policy `{name}` is modelled"))
}

/// The methods of token activation: no grant is modelled.
///
/// Refuses with `SL_E_TKA_GRANT_NOT_FOUND`.
#[must_use]
pub fn token_activation() -> Refusal {
    Refusal::new(&SL_E_TKA_GRANT_NOT_FOUND, "no token activation grant is modelled")
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{DESKTOP, answer, call_product, desktop};

    #[test]
    fn a_confirmation_is_digits_and_hyphens_and_changes_nothing() {
        let state = desktop(1);
        for (installation, confirmation, code) in [
            ("000000-000000", "123456-123456", ""),
            ("000000", "123456", ""),
            ("000000", "12345A", "SL_E_CIDIID_INVALID_DATA"),
            ("", "123456", "SL_E_CIDIID_INVALID_DATA"),
            ("000000", "---", "SL_E_CIDIID_INVALID_DATA"),
        ] {
            let given = [("InstallationId", installation), ("ConfirmationId", confirmation)];
            let outcome = call_product(&state, DESKTOP, "DepositOfflineConfirmationId", &given);
            assert_eq!(answer(&outcome), code, "{installation} {confirmation}");
            assert!(outcome.is_err() || outcome.unwrap() == state);
        }
    }

    #[test]
    fn policies_and_tokens_are_not_modelled() {
        let state = desktop(1);
        for (method, given, code) in [
            ("GetPolicyInformationString", vec![("PolicyName", "Any")], "SL_E_VALUE_NOT_FOUND"),
            ("GetPolicyInformationString", vec![("PolicyName", "")], "E_INVALIDARG"),
            ("GetTokenActivationGrants", vec![], "SL_E_TKA_GRANT_NOT_FOUND"),
            ("GenerateTokenActivationChallenge", vec![], "SL_E_TKA_GRANT_NOT_FOUND"),
        ] {
            assert_eq!(answer(&call_product(&state, DESKTOP, method, &given)), code, "{method}");
        }
    }
}
