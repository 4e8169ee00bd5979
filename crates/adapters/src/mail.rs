//! Mail: rendered from templates, and written to files.

mod file;
mod render;

pub use file::FileMailer;
pub use render::{MailOptions, RenderError, Renderer};
