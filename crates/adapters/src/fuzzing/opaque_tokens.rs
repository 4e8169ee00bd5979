use std::sync::LazyLock;

use doorward_domain::{
    ports::OpaqueTokens,
    token::{TokenPurpose, TokenRef},
};
use uuid::Uuid;

use super::{changed, secrets, take};
use crate::tokens::MacTokens;

static FORMER: LazyLock<MacTokens> = LazyLock::new(|| MacTokens::new(&secrets("a", &[])));
static CURRENT: LazyLock<MacTokens> = LazyLock::new(|| MacTokens::new(&secrets("b", &["a"])));

/// An accepted token equals, byte for byte, one that was created with one of the secrets for that purpose; and a
/// created token yields its original content.
///
/// The data is either a token as text, or a purpose, a secret, a row ID, a counter, and edits of the token.
pub fn opaque_tokens(data: &[u8]) {
    if let Ok(text) = std::str::from_utf8(data) {
        verifies_only_if_created(text);
    }
    let _too_short = of_parts(data);
}

fn verifies_only_if_created(text: &str) {
    for purpose in TokenPurpose::ALL {
        if let Some(token) = CURRENT.verify(purpose, text) {
            let made = |tokens: &MacTokens| tokens.issue(purpose, token).expose() == text;
            assert!(made(&CURRENT) || made(&FORMER), "{purpose:?} {text}");
        }
    }
}

fn of_parts(mut data: &[u8]) -> Option<()> {
    let [purpose, secret] = *take(&mut data)?;
    let purpose = *TokenPurpose::ALL.get(usize::from(purpose) % TokenPurpose::ALL.len())?;
    let maker = if secret % 2 == 0 { &CURRENT } else { &FORMER };
    let row = Uuid::from_bytes(*take(&mut data)?);
    let token = TokenRef { id: row, counter: u32::from_be_bytes(*take(&mut data)?) };
    let made = maker.issue(purpose, token);
    for other in TokenPurpose::ALL {
        let opened = CURRENT.verify(other, made.expose());
        assert_eq!(opened, (other == purpose).then_some(token), "{other:?}");
        let renamed = made.expose().replacen(purpose.prefix(), other.prefix(), 1);
        assert_eq!(CURRENT.verify(other, &renamed), opened, "{other:?}");
    }
    verifies_only_if_created(&changed(made.expose(), data)?);
    Some(())
}
