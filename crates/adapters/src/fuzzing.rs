//! Properties that must hold for tokens, hashes, and URLs from untrusted input. The fuzz targets check them, and
//! the tests check them over the corpora.
#![expect(clippy::unwrap_used, reason = "a property that does not hold panics")]

mod access_tokens;
mod opaque_tokens;
mod urls;

pub use access_tokens::access_tokens;
pub use opaque_tokens::opaque_tokens;
pub use urls::urls;

pub use crate::passwords::fuzzing::password_hashes;
use crate::secret::{MasterKey, Secrets};

fn secrets(current: &str, previous: &[&str]) -> Secrets {
    let secret = |text: &str| MasterKey::new(&text.repeat(MasterKey::MIN_LENGTH)).unwrap();
    Secrets {
        current: secret(current),
        previous: previous.iter().map(|text| secret(text)).collect(),
    }
}

/// Splits the first `N` bytes off `data`. Returns `None` if there are fewer.
fn take<'a, const N: usize>(data: &mut &'a [u8]) -> Option<&'a [u8; N]> {
    let (taken, rest) = data.split_first_chunk()?;
    *data = rest;
    Some(taken)
}

/// Returns `text` after applying the edits of `script`, each encoded in four bytes: operation, position, and
/// operand. Returns `None` if the result is not valid UTF-8.
fn changed(text: &str, script: &[u8]) -> Option<String> {
    let mut bytes = text.as_bytes().to_vec();
    for [what, high, low, byte] in script.as_chunks().0 {
        let at = usize::from(u16::from_be_bytes([*high, *low])) % (bytes.len() + 1);
        match what % 6 {
            0 => bytes.iter_mut().skip(at).take(1).for_each(|old| *old = *byte),
            1 => bytes.insert(at, *byte),
            2 => drop(bytes.drain(at..).take(1)),
            3 => bytes.truncate(at),
            4 => bytes.iter_mut().skip(at).take(1).for_each(|old| *old ^= 1 << (byte % 8)),
            _ => bytes.rotate_left(at),
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use doorward_corpus::replay;

    #[test]
    fn accepted_opaque_token_was_created_by_this_server() {
        replay("opaque_tokens", super::opaque_tokens);
    }

    #[test]
    fn accepted_access_token_was_signed_by_this_server() {
        replay("access_tokens", super::access_tokens);
    }

    #[test]
    fn imported_hash_verifies_at_bounded_cost() {
        replay("password_hashes", super::password_hashes);
    }

    #[test]
    fn displayed_url_refers_to_the_same_server() {
        replay("urls", super::urls);
    }
}
