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

/// What opens is a token that was made with one of the secrets for that purpose, octet by octet; and
/// what is made opens as what went in.
///
/// The data is a text; or a purpose, a secret, the id of a row, a counter and changes to the token.
pub fn opaque_tokens(data: &[u8]) {
    if let Ok(text) = std::str::from_utf8(data) {
        opens_only_if_made(text);
    }
    let _too_short = of_parts(data);
}

fn opens_only_if_made(text: &str) {
    for purpose in TokenPurpose::ALL {
        if let Some(token) = CURRENT.open(purpose, text) {
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
    let token = TokenRef { row, counter: u32::from_be_bytes(*take(&mut data)?) };
    let made = maker.issue(purpose, token);
    for other in TokenPurpose::ALL {
        let opened = CURRENT.open(other, made.expose());
        assert_eq!(opened, (other == purpose).then_some(token), "{other:?}");
        let renamed = made.expose().replacen(purpose.prefix(), other.prefix(), 1);
        assert_eq!(CURRENT.open(other, &renamed), opened, "{other:?}");
    }
    opens_only_if_made(&changed(made.expose(), data)?);
    Some(())
}
