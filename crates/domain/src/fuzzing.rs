//! What has to hold of any text that people or other systems send: the properties of the fuzz targets,
//! which the tests run over the corpora.

use crate::{
    UserId,
    client::Network,
    email::EmailAddress,
    mail::PublicUrl,
    org::OrgName,
    password::{NewPassword, Password},
    profile::{AvatarUrl, Bio, FullName, Locale, Timezone},
    username::Username,
};

/// What is taken for an e-mail address keeps the limits and is in its normal form, and a user name can
/// be made of it.
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

/// What is taken for any other value keeps its limits, and is taken again as the same.
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
    // Or the name of one person would be the address of another.
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
        let tag = |octet: u8| octet.is_ascii_alphanumeric() || octet == b'-';
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
    if let Ok(network) = text.parse::<Network>() {
        assert_eq!(network.to_string().parse(), Ok(network), "{text}");
    }
    if let Ok(id) = text.parse::<UserId>() {
        assert_eq!(id.to_string().parse(), Ok(id), "{text}");
    }
}

fn password(text: &str) {
    if let Ok(password) = NewPassword::parse(text) {
        let composed = Password::presented(password.expose());
        assert_eq!(composed.expose(), password.expose().as_bytes());
        assert!(composed.as_typed().is_none(), "{text:?}");
        assert!((NewPassword::MIN..=NewPassword::MAX).contains(&length(text)), "{text:?}");
    }
}

#[cfg(test)]
mod tests {
    use doorward_corpus::replay;

    #[test]
    fn what_is_taken_for_an_address_is_in_its_normal_form() {
        replay("email_addresses", super::email_addresses);
    }

    #[test]
    fn what_is_taken_for_a_text_keeps_its_limits_and_is_taken_again() {
        replay("texts", super::texts);
    }
}
