//! Mail: rendered from templates, and written to files.

mod file;
mod render;
mod smtp;

pub use file::FileMailer;
pub use render::{MailOptions, RenderError, Renderer};
pub use smtp::{InvalidSmtpUrl, SmtpError, SmtpMailer, SmtpOptions, SmtpUrl, Step as SmtpStep};
