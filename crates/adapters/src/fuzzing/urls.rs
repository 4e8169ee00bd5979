use std::{
    fmt::{Debug, Display},
    str::FromStr,
};

use crate::{limits::RedisUrl, mail::SmtpUrl, storage::DatabaseUrl};

/// The displayed form of a URL is a URL that refers to the same server.
pub fn urls(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    leads_there::<SmtpUrl>(text);
    leads_there::<RedisUrl>(text);
    let _readable_or_not = DatabaseUrl::from_str(text).map(|url| url.to_string());
}

fn leads_there<T: FromStr + Display + Debug>(text: &str) {
    let Ok(url) = text.parse::<T>() else { return };
    let shown = url.to_string();
    assert_eq!(format!("{url:?}"), shown, "{text:?}");
    // The path of a socket is displayed verbatim.
    if !shown.starts_with("redis+unix:") {
        let again = shown.parse::<T>().ok().map(|url| url.to_string());
        assert_eq!(again.as_ref(), Some(&shown), "{text:?}");
    }
}
