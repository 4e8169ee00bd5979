//! The theme of the pages: the service name, the logo, the color, and the files that pages load.

use std::{fmt::Write, fs, io, path::PathBuf};

use actix_web::web::Bytes;
use csscolorparser::Color;
use sha2::{Digest, Sha256};

mod icon;

const SVG: &str = "image/svg+xml";
const STYLES: &str = include_str!("../../assets/pages.css");
const SCRIPT: &str = include_str!("../../assets/pages.js");

/// The options of the theme.
#[derive(Debug, Clone)]
pub struct ThemeOptions {
    /// The name of the service.
    pub service_name: String,
    /// The logo that is shown instead of the name.
    pub logo: Option<PathBuf>,
    /// The color of buttons.
    pub accent: AccentColor,
}

/// Errors returned when the logo can't be used.
#[derive(Debug, thiserror::Error)]
pub enum LogoError {
    /// The file can't be read.
    #[error("the logo {} can't be read", .0.display())]
    Read(PathBuf, #[source] io::Error),
    /// The file is not of a type that browsers show.
    #[error("the logo {} must be an .svg, .png, .webp, or .jpg file", .0.display())]
    Type(PathBuf),
}

/// The color of buttons, from which the color of their text is derived.
#[derive(Debug, Clone)]
pub struct AccentColor(Color);

/// The text is not an opaque CSS color.
#[derive(Debug, thiserror::Error)]
#[error("it must be an opaque CSS color, such as #4338ca")]
pub struct InvalidColor;

impl AccentColor {
    /// Parses a CSS color.
    ///
    /// # Errors
    /// Returns an error if the text is not a CSS color, or if the color is transparent.
    pub fn parse(text: &str) -> Result<Self, InvalidColor> {
        let color = csscolorparser::parse(text).map_err(|_| InvalidColor)?;
        let [.., alpha] = color.to_rgba8();
        if alpha == u8::MAX { Ok(Self(color)) } else { Err(InvalidColor) }
    }

    /// Returns black or white, whichever has the higher contrast. One of the two always has at least 4.5:1 (WCAG 2.2,
    /// 1.4.3).
    pub(super) fn text(&self) -> &'static str {
        let luminance = relative_luminance(&self.0);
        let on_white = (1.0 + 0.05) / (luminance + 0.05);
        let on_black = (luminance + 0.05) / 0.05;
        if on_white >= on_black { "#fff" } else { "#000" }
    }

    /// Returns the color as `#rrggbb`.
    pub(crate) fn css(&self) -> String {
        self.0.to_css_hex().to_string()
    }

    fn styles(&self) -> String {
        format!(":root{{--accent:{};--on-accent:{}}}\n", self.css(), self.text())
    }
}

/// Returns the relative luminance as defined in WCAG 2.2.
fn relative_luminance(color: &Color) -> f32 {
    let [red, green, blue, _] = color.to_linear_rgba();
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/// The theme of the pages.
#[derive(Debug)]
pub(crate) struct Theme {
    pub(crate) service_name: String,
    pub(crate) styles: Asset,
    pub(crate) script: Asset,
    pub(crate) logo: Option<Asset>,
    icon: Asset,
}

/// A file that pages load. Its name changes with its content.
#[derive(Debug)]
pub(crate) struct Asset {
    pub(crate) name: String,
    pub(super) content_type: &'static str,
    pub(super) content: Bytes,
}

impl Theme {
    pub(super) fn new(options: &ThemeOptions) -> Result<Self, LogoError> {
        let styles = options.accent.styles() + STYLES;
        Ok(Self {
            service_name: options.service_name.clone(),
            styles: Asset::new("css", "text/css; charset=utf-8", styles),
            script: Asset::new("js", "text/javascript; charset=utf-8", SCRIPT),
            logo: options.logo.clone().map(logo).transpose()?,
            icon: Asset::new("svg", SVG, icon::draw(&options.service_name, &options.accent)),
        })
    }

    /// Returns the icon: the logo, or an icon drawn from the service name and the color.
    pub(super) fn icon(&self) -> &Asset {
        self.logo.as_ref().unwrap_or(&self.icon)
    }

    pub(super) fn asset(&self, name: &str) -> Option<&Asset> {
        [Some(&self.styles), Some(&self.script), Some(self.icon())]
            .into_iter()
            .flatten()
            .find(|asset| asset.name == name)
    }
}

impl Asset {
    fn new(extension: &str, content_type: &'static str, content: impl Into<Bytes>) -> Self {
        let content = content.into();
        let digest = Sha256::digest(&content);
        let mut name = String::new();
        for byte in digest.iter().take(8) {
            // Writing to a string can't fail.
            let _ = write!(name, "{byte:02x}");
        }
        Self { name: format!("{name}.{extension}"), content_type, content }
    }
}

fn logo(path: PathBuf) -> Result<Asset, LogoError> {
    let extension = path.extension().and_then(|extension| extension.to_str());
    let (extension, content_type) = match extension.map(str::to_ascii_lowercase).as_deref() {
        Some("svg") => ("svg", SVG),
        Some("png") => ("png", "image/png"),
        Some("webp") => ("webp", "image/webp"),
        Some("jpg" | "jpeg") => ("jpg", "image/jpeg"),
        Some(_) | None => return Err(LogoError::Type(path)),
    };
    match fs::read(&path) {
        Ok(content) => Ok(Asset::new(extension, content_type, content)),
        Err(error) => Err(LogoError::Read(path, error)),
    }
}

impl Default for AccentColor {
    fn default() -> Self {
        Self(Color::from_rgba8(0x43, 0x38, 0xca, u8::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn theme(logo: Option<PathBuf>) -> Result<Theme, LogoError> {
        let accent = AccentColor::default();
        Theme::new(&ThemeOptions { service_name: "Engines".into(), logo, accent })
    }

    #[test]
    fn button_text_contrasts_with_every_accent_color() {
        let text = |color| AccentColor::parse(color).unwrap().text();
        assert_eq!([text("#4338ca"), text("black"), text("#777")], ["#fff", "#fff", "#000"]);
        assert_eq!([text("yellow"), text("#fff"), text("rgb(0 255 0)")], ["#000"; 3]);
        for level in 0..=u8::MAX {
            let color = Color::from_rgba8(level, level, level, u8::MAX);
            let luminance = relative_luminance(&color);
            let other = if AccentColor(color).text() == "#fff" { 1.0 } else { 0.0_f32 };
            let contrast = (luminance.max(other) + 0.05) / (luminance.min(other) + 0.05);
            assert!(contrast >= 4.5, "{level}: {contrast}");
        }
    }

    #[test]
    fn invalid_or_transparent_color_is_refused() {
        for text in ["", "no", "#12", "#4338ca80", "transparent", "red;}body{display:none"] {
            assert!(AccentColor::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn asset_name_changes_with_its_content() {
        let theme = theme(None).unwrap();
        let name = &theme.styles.name;
        assert!(name.ends_with(".css") && name.len() == 20, "{name}");
        assert_eq!(theme.asset(name).unwrap().content, theme.styles.content);
        assert!(theme.asset("pages.css").is_none());
        assert_ne!(
            Asset::new("css", "text/css", "a").name,
            Asset::new("css", "text/css", "b").name
        );
    }

    #[test]
    fn unreadable_or_unsupported_logo_is_refused() {
        assert!(matches!(theme(Some("logo.exe".into())), Err(LogoError::Type(_))));
        assert!(matches!(theme(Some("/nowhere/logo.svg".into())), Err(LogoError::Read(..))));
    }
}
