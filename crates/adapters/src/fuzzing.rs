//! What has to hold of tokens, hashes and URLs that others send or write down: the properties of the
//! fuzz targets, which the tests run over the corpora.
#![expect(clippy::unwrap_used, reason = "a property that does not hold panics")]

mod access_tokens;
mod opaque_tokens;
mod urls;

pub use access_tokens::access_tokens;
pub use opaque_tokens::opaque_tokens;
pub use urls::urls;

pub use crate::passwords::fuzzing::password_hashes;
use crate::secret::{MasterSecret, Secrets};

fn secrets(current: &str, previous: &[&str]) -> Secrets {
    let secret = |text: &str| MasterSecret::new(&text.repeat(MasterSecret::MIN_LENGTH)).unwrap();
    Secrets {
        current: secret(current),
        previous: previous.iter().map(|text| secret(text)).collect(),
    }
}

/// Takes so many octets off the front; `None` where there are too few.
fn take<'a, const N: usize>(data: &mut &'a [u8]) -> Option<&'a [u8; N]> {
    let (taken, rest) = data.split_first_chunk()?;
    *data = rest;
    Some(taken)
}

/// The text after the changes that a script makes, of four octets each: what to do, where, and with
/// what. `None` if that is no text.
fn changed(text: &str, script: &[u8]) -> Option<String> {
    let mut octets = text.as_bytes().to_vec();
    for [what, high, low, octet] in script.as_chunks().0 {
        let at = usize::from(u16::from_be_bytes([*high, *low])) % (octets.len() + 1);
        match what % 6 {
            0 => octets.iter_mut().skip(at).take(1).for_each(|old| *old = *octet),
            1 => octets.insert(at, *octet),
            2 => drop(octets.drain(at..).take(1)),
            3 => octets.truncate(at),
            4 => octets.iter_mut().skip(at).take(1).for_each(|old| *old ^= 1 << (octet % 8)),
            _ => octets.rotate_left(at),
        }
    }
    String::from_utf8(octets).ok()
}

#[cfg(test)]
mod tests {
    use doorward_corpus::replay;

    #[test]
    fn an_opaque_token_that_opens_was_made_here() {
        replay("opaque_tokens", super::opaque_tokens);
    }

    #[test]
    fn an_access_token_that_is_verified_was_made_here() {
        replay("access_tokens", super::access_tokens);
    }

    #[test]
    fn a_hash_that_is_taken_over_can_be_compared_with_at_a_bounded_cost() {
        replay("password_hashes", super::password_hashes);
    }

    #[test]
    fn a_url_is_shown_as_one_that_leads_to_the_same_place() {
        replay("urls", super::urls);
    }
}
