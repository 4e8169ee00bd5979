use std::{
    error::Error,
    io::{BufRead, IsTerminal, Read, stdin},
};

use doorward_domain::password::NewPassword;
use secrecy::{ExposeSecret, SecretString, zeroize::Zeroizing};

use crate::text;

/// What is read of a line at most: more octets than any password has.
const MAX_OCTETS: u64 = 4096;

/// Where a password comes from. It is never an argument: those are in the shell's history, and others see them
/// while the command runs.
#[derive(Debug, clap::Args)]
pub(super) struct PasswordArgs {
    /// Read the password from the first line of standard input, and do not ask for it.
    #[arg(long)]
    password_stdin: bool,
}

impl PasswordArgs {
    /// Reads a new password, or asks for it twice.
    pub(super) fn read(&self) -> Result<NewPassword, Box<dyn Error>> {
        let text = if self.password_stdin { from_stdin()? } else { ask()? };
        let password = NewPassword::parse(text.expose_secret());
        Ok(password.map_err(|error| format!("the password {error}"))?)
    }
}

fn from_stdin() -> Result<SecretString, Box<dyn Error>> {
    let mut line = Zeroizing::new(Vec::with_capacity(MAX_OCTETS as usize));
    stdin().lock().take(MAX_OCTETS).read_until(b'\n', &mut line)?;
    first_line(&line)
}

/// Without the byte order mark and the end of the line that programs on Windows put around it.
fn first_line(line: &[u8]) -> Result<SecretString, Box<dyn Error>> {
    let text =
        text::decode(line).map_err(|error| format!("the password can't be read: {error}"))?;
    Ok(text.trim_end_matches(['\r', '\n']).into())
}

fn ask() -> Result<SecretString, Box<dyn Error>> {
    if !stdin().is_terminal() {
        return Err("nobody is here to be asked for a password: give --password-stdin".into());
    }
    let first = SecretString::from(rpassword::prompt_password("New password: ")?);
    let second = SecretString::from(rpassword::prompt_password("Again: ")?);
    if first.expose_secret() == second.expose_secret() {
        Ok(first)
    } else {
        Err("the two passwords differ, and nothing was done".into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn password_is_the_line_without_its_mark_and_its_end() {
        for line in [&b"horse"[..], b"horse\n", b"horse\r\n", b"\xef\xbb\xbfhorse\r\n"] {
            assert_eq!(first_line(line).unwrap().expose_secret(), "horse");
        }
        assert_eq!(first_line(b" horse \n").unwrap().expose_secret(), " horse ");
        let refused = first_line(b"\xff\xfeh\0o\0").unwrap_err().to_string();
        assert!(refused.contains("UTF-16") && refused.contains("PowerShell"), "{refused}");
        assert!(first_line(b"caf\xe9\n").unwrap_err().to_string().contains("UTF-8"));
    }
}
