use std::{fmt, str::FromStr};

use serde::Deserialize;

/// The permissions of a Unix socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct SocketMode(u32);

/// The owner and the group, which is the proxy's, may connect.
impl Default for SocketMode {
    fn default() -> Self {
        Self(0o660)
    }
}

impl SocketMode {
    /// Returns the bits of the mode.
    pub const fn bits(self) -> u32 {
        self.0
    }
}

impl FromStr for SocketMode {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const PROBLEM: &str =
            "it must be three octal digits, such as 660, that let the owner read and write";
        let text = text.strip_prefix("0o").or_else(|| text.strip_prefix('0')).unwrap_or(text);
        let mode = u32::from_str_radix(text, 8).map_err(|_| PROBLEM)?;
        if mode <= 0o777 && mode & 0o600 == 0o600 { Ok(Self(mode)) } else { Err(PROBLEM) }
    }
}

impl TryFrom<String> for SocketMode {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl fmt::Display for SocketMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:03o}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn socket_mode_is_octal_and_permits_the_owner() {
        for text in ["660", "0660", "0o660"] {
            assert_eq!(text.parse(), Ok(SocketMode::default()), "{text}");
        }
        assert_eq!(SocketMode::default().to_string(), "660");
        for text in ["", "rw", "888", "1777", "060", "-660"] {
            assert!(text.parse::<SocketMode>().is_err(), "{text}");
        }
    }
}
