//! Properties that hold for any text from users or other systems. The fuzz targets check them, and the tests
//! check them for the corpora.

use crate::{
    UserId,
    account::{
        email::EmailAddress,
        profile::{AvatarUrl, Bio, FullName, Locale, Timezone},
        username::Username,
    },
    credential::password::{NewPassword, Password},
    mail::PublicUrl,
    org::OrgName,
    request_context::IpPrefix,
};

/// Checks that every accepted email address is within the limits and in normal form, and that a username can
/// be created from it.
pub fn email_addresses(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Ok(address) = EmailAddress::parse(text) else { return };
    let normal = address.as_str();
    assert!(normal.len() <= EmailAddress::MAX_LENGTH, "{normal}");
    assert!((1..=64).contains(&address.local_part().len()), "{normal}");
    assert_eq!(normal.matches('@').count(), 1, "{normal}");
    assert!(!normal.contains(|char: char| char.is_control() || char.is_whitespace()), "{normal:?}");
    assert!(address.domain().contains('.') && !address.domain().ends_with('.'), "{normal}");
    assert_eq!(EmailAddress::parse(normal).as_ref(), Ok(&address), "{normal}");

    let key = address.key();
    assert_eq!(EmailAddress::from_stored(key.clone()).key(), key, "{normal}");
    let ascii = EmailAddress::from_stored(normal.to_ascii_uppercase());
    assert_eq!(ascii.key(), key, "{normal}");

    for number in [None, Some(0), Some(999_999)] {
        let name = Username::from_email(&address, number);
        assert_eq!(Username::parse(name.as_str()).as_ref(), Ok(&name), "{normal}");
    }
}

/// Checks that every other accepted value is within its limits, and is the same when it is parsed again.
pub fn texts(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    user_name(text);
    profile(text);
    names_and_addresses(text);
    password(text);
}

fn length(text: &str) -> usize {
    text.chars().count()
}

fn user_name(text: &str) {
    let Ok(name) = Username::parse(text) else { return };
    assert_eq!(name.as_str(), text);
    assert!((Username::MIN..=Username::MAX).contains(&text.len()), "{text}");
    let key = name.key();
    assert_eq!(Username::parse(&key).map(|name| name.key()), Ok(key), "{text}");
    assert_eq!(Username::from_stored(text.to_ascii_uppercase()).key(), name.key());
    // Otherwise the username of one user could be the email address of another.
    assert!(EmailAddress::parse(text).is_err(), "{text}");
}

fn profile(text: &str) {
    if let Ok(name) = FullName::parse(text) {
        assert!(length(name.as_str()) <= FullName::MAX && !name.as_str().contains('\0'));
        assert_eq!(FullName::parse(name.as_str()), Ok(name));
    }
    if let Ok(bio) = Bio::parse(text) {
        assert!(length(bio.as_str()) <= Bio::MAX && !bio.as_str().contains('\0'));
        assert_eq!(Bio::parse(bio.as_str()), Ok(bio));
    }
    if AvatarUrl::parse(text).is_ok() {
        let scheme = text.trim().to_ascii_lowercase();
        assert!(scheme.starts_with("http:") || scheme.starts_with("https:"), "{text}");
        assert!(length(text) <= AvatarUrl::MAX && !text.contains(char::is_control), "{text}");
    }
    if Timezone::parse(text).is_ok() {
        assert!(text.len() <= Timezone::MAX && text.is_ascii(), "{text}");
    }
    if Locale::parse(text).is_ok() {
        let tag = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        assert!((1..=Locale::MAX).contains(&text.len()) && text.bytes().all(tag), "{text}");
    }
}

fn names_and_addresses(text: &str) {
    if let Ok(name) = OrgName::parse(text) {
        assert!((1..=OrgName::MAX).contains(&length(name.as_str())), "{text}");
        assert_eq!(OrgName::parse(name.as_str()), Ok(name));
    }
    if let Ok(url) = PublicUrl::parse(text) {
        assert!(!url.as_str().ends_with('/') && !url.host().is_empty(), "{text}");
        let again = PublicUrl::parse(url.as_str());
        assert_eq!(again.as_ref().map(PublicUrl::as_str), Ok(url.as_str()), "{text}");
    }
    if let Ok(network) = text.parse::<IpPrefix>() {
        assert_eq!(network.to_string().parse(), Ok(network), "{text}");
    }
    if let Ok(id) = text.parse::<UserId>() {
        assert_eq!(id.to_string().parse(), Ok(id), "{text}");
    }
}

fn password(text: &str) {
    if let Ok(password) = NewPassword::parse(text) {
        let composed = Password::new(password.expose());
        assert_eq!(composed.expose(), password.expose().as_bytes());
        assert!(composed.as_typed().is_none(), "{text:?}");
        assert!((NewPassword::MIN..=NewPassword::MAX).contains(&length(text)), "{text:?}");
    }
}

#[cfg(test)]
mod tests {
    use doorward_corpus::replay;

    #[test]
    fn accepted_address_is_in_normal_form() {
        replay("email_addresses", super::email_addresses);
    }

    #[test]
    fn accepted_text_is_within_limits_and_parses_again() {
        replay("texts", super::texts);
    }
}
